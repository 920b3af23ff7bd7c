/** What the figures page asks, what it gets, and what may be said of it. Pure: no network, no screen. */

import type { Text } from '../../types'

export interface Measure {
  id: string
  title: Text
  unit: string
  kind: 'stock' | 'flow' | 'share'
  agg: 'sum' | 'count' | 'mean' | 'ratio'
  definition: Text
  add_over?: string[] | null
  never_over?: Record<string, string> | null
  denominator?: string
}

export interface DimensionValue {
  code: string
  label: Text | string
}

export interface Dimension {
  id: string
  label: Text | string
  values?: DimensionValue[] | null
}

export interface Row {
  measure: string
  unit: string
  by: string[]
  names?: string[] | null
  value: number | null
  n: number
  missing: number
  carried: number
}

export interface Answer {
  operation: string
  activity: string
  round: number
  reference_date: string
  by: string[] | null
  rows: Row[] | null
  skipped?: { code: string; message: string; mend?: string }[] | null
}

/** A condition of a question: only these values of a dimension. */
export interface Condition {
  dim: string
  values: string[]
}

/** The whole question, as it lives in the address. round 0 = each round on its own. */
export interface Question {
  measure: string
  by: string[]
  where: Condition[]
  round: number
}

const groups: Record<string, string[]> = {
  place: ['adm0', 'adm1', 'adm2', 'adm3', 'adm4', 'site', 'point'],
  time: ['date', 'week', 'month', 'round'],
  age: ['age_lo', 'age_hi'],
  origin: ['origin_adm0', 'origin_adm1'],
  destination: ['dest_adm0', 'dest_adm1'],
}

/** The group words of a measure's definition, taken apart into dimensions. */
export const expand = (names: string[]): string[] => names.flatMap((n) => groups[n] ?? [n])

export const isArea = (dim: string): boolean => /^adm\d$/.test(dim)
export const isTime = (dim: string): boolean => groups.time!.includes(dim)
export const levelOf = (dim: string): number => Number(dim.slice(3))

/** Whether rows that differ in these dimensions may be added into one total. */
export function addsUp(m: Measure, by: string[]): boolean {
  if (m.agg !== 'sum' && m.agg !== 'count') return false
  const open = new Set(expand(m.add_over ?? []))
  return by.every((d) => open.has(d))
}

export function parseWhere(text: string | string[] | null | undefined): Condition[] {
  const parts = (Array.isArray(text) ? text : [text ?? '']).flatMap((p) => (p ? p.split(';') : []))
  return parts.flatMap((p) => {
    const at = p.indexOf(':')
    const values = at > 0 ? p.slice(at + 1).split(',').filter(Boolean) : []
    return values.length ? [{ dim: p.slice(0, at), values }] : []
  })
}

export const writeWhere = (where: Condition[]): string[] => where.map((c) => `${c.dim}:${c.values.join(',')}`)

/** The sum over the rows that have a value; undefined when none has. */
export function sum(rows: Row[]): number | undefined {
  const known = rows.filter((r) => r.value !== null)
  return known.length ? known.reduce((s, r) => s + r.value!, 0) : undefined
}

export const over = (rows: Row[], field: 'n' | 'missing' | 'carried'): number => rows.reduce((s, r) => s + r[field], 0)

/** How the value of one row compares with the largest; 0..1. */
export function scale(rows: Row[]): (r: Row) => number {
  const most = Math.max(0, ...rows.map((r) => r.value ?? 0))
  return (r) => (most > 0 && r.value !== null ? r.value / most : 0)
}

/** At most five classes with round limits; the returned numbers are the upper limits but of the last class. */
export function cuts(values: number[], classes = 5): number[] {
  const sorted = values.filter((v) => v > 0).sort((a, b) => a - b)
  if (sorted.length < 2) return []
  const out: number[] = []
  for (let i = 1; i < classes; i++) {
    const v = nice(sorted[Math.floor((i / classes) * sorted.length)]!)
    if (v > (out[out.length - 1] ?? 0) && v < sorted[sorted.length - 1]!) out.push(v)
  }
  return out
}

function nice(v: number): number {
  const ten = 10 ** Math.floor(Math.log10(v))
  const steps = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]
  return steps.reduce((best, s) => (Math.abs(s * ten - v) < Math.abs(best * ten - v) ? s : best), 1) * ten
}

/** A text table for spreadsheets. Cells that a spreadsheet would run as a formula are made harmless. */
export function csv(rows: (string | number | null)[][]): string {
  const cell = (v: string | number | null): string => {
    if (v === null) return ''
    let s = String(v)
    if (typeof v === 'string' && /^[=+\-@\t\r]/.test(s)) s = "'" + s
    return /[",\n\r]/.test(s) ? '"' + s.replaceAll('"', '""') + '"' : s
  }
  return '\ufeff' + rows.map((r) => r.map(cell).join(',')).join('\r\n') + '\r\n'
}
