// The way back from a published number, as the server walks it.
import type { Measure } from '../figures/figure'
import type { Text } from '../../types'

export interface TracedArea { code: string; name?: Text | string }
export interface TracedCorrection { path: string; old: string; new: string; reason: string; comment?: string; by?: string; at?: string; finding?: string }
export interface TracedRow { file: string; sha256: string; sheet: string; row: number; cells: { col: string; header: string; raw: string; shown: string }[] | null }
export interface TracedRecord {
  id: string; unit: string; date: string; carried_from?: number; source: string; device: string; form: string; original_sha256: string
  row?: TracedRow | null; corrections?: TracedCorrection[] | null; later_corrections?: number; name?: Text | string; areas?: TracedArea[] | null
}
export interface TracedFact { item: string; value: number; unit: string; repeat?: string; record: TracedRecord }
export interface TracePage {
  release: string; cell: string; file: string; row: Record<string, string> | null; value: number; agrees: boolean; measure: Measure; facts: TracedFact[] | null
}

/** One part of a rung of the ladder: an area or a unit with what its facts add up to. */
export interface Part { key: string; name: string; value: number; facts: TracedFact[] }
export interface Rung { of: string; total: number; parts: Part[]; chosen?: string; units: boolean }

/**
 * The total divided down to one answer: by each level of areas at which the facts still differ, then by unit. The part that
 * holds the chosen fact is opened on the next rung. Facts with nothing to add have no width and are left to the list.
 */
export function ladder(facts: TracedFact[], chosen: TracedFact | undefined, whole: string, name: (x: Text | string | undefined) => string): Rung[] {
  const rungs: Rung[] = []
  let here = facts.filter((f) => f.value > 0)
  let of = whole
  const depth = Math.max(0, ...here.map((f) => f.record.areas?.length ?? 0))
  for (let level = 0; level < depth && here.length > 1; level++) {
    const parts = group(here, (f) => f.record.areas?.[level]?.code ?? '', (f) => { const a = f.record.areas?.[level]; return name(a?.name) || a?.code || '' })
    if (parts.length < 2) continue
    const open = parts.find((p) => chosen && p.facts.includes(chosen)) ?? parts[0]!
    rungs.push({ of, total: add(here), parts, chosen: open.key, units: false })
    here = open.facts
    of = open.name
  }
  const parts = group(here, (f) => f.record.id + (f.repeat ?? ''), (f) => name(f.record.name) || f.record.unit)
  if (parts.length) rungs.push({ of, total: add(here), parts, chosen: parts.find((p) => chosen && p.facts.includes(chosen))?.key, units: true })
  return rungs
}

const add = (facts: TracedFact[]) => facts.reduce((s, f) => s + f.value, 0)

function group(facts: TracedFact[], key: (f: TracedFact) => string, name: (f: TracedFact) => string): Part[] {
  const parts = new Map<string, Part>()
  for (const f of facts) {
    const k = key(f)
    const p = parts.get(k) ?? { key: k, name: name(f), value: 0, facts: [] }
    p.value += f.value
    p.facts.push(f)
    parts.set(k, p)
  }
  return [...parts.values()].sort((a, b) => b.value - a.value)
}

/** The name of the question a path ends in. */
export const question = (path: string): string => path.split('/').pop() ?? path
