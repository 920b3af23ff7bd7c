// A workbook's mapping as the server proposes it and a person changes it. It goes back as JSON, which is YAML too.
import type { Fault } from '../../types'
export type Confidence = 'high' | 'medium' | 'low'
export interface Column { header: string; to: string; breakdown?: string; values?: Record<string, string>; missing?: string[]; dates?: string; confidence?: Confidence; reason?: string }
export interface Naming { code?: string; name?: string }
export interface SiteColumns { ssid?: string; name?: string; aliases?: string[]; kind?: string; lat?: string; lon?: string; create: boolean }
export interface Mapping {
  source: { file?: string; sheet: string; header_row: number; first_row: number; sha256?: string }
  operation?: string; tool: string; form?: string
  round: { number: number; start?: string; end?: string; reference_date?: string; source?: string }
  places: { country?: string; levels?: Record<string, Naming>; site?: SiteColumns; point?: SiteColumns; create: boolean }
  unit?: string; columns: Column[] | null; ignored?: { header: string; reason?: string }[] | null; reasons?: Record<string, string>
}
export interface Proposal { token: string; file: string; sheets?: string[]; mapping: Mapping; yaml?: string; notes: Fault[] | null; preview: { header: string[] | null; rows: (string | number | null)[][] | null } }
export interface ImportEntry {
  id: string; activity: string; round: number; file: string; sheet: string; actor?: string; by?: string; at: string; state: string
  rows: number; inserted: number; changed: number; skipped: number; failed: number
}
export interface RowError { sheet?: string; row: number; column?: string; code: string; details?: Record<string, string>; message: string }

/** The mapping in the words of the file: reasons beside the columns are the page's, not the file's. */
export function write(m: Mapping): string {
  const { reasons: _, ...file } = m
  return JSON.stringify(file)
}

/** Headers that place the row: they answer where, not what. */
export function placing(m: Mapping): Set<string> {
  const found = new Set<string>()
  for (const n of Object.values(m.places.levels ?? {})) for (const h of [n.code, n.name]) if (h) found.add(h)
  for (const s of [m.places.site, m.places.point]) for (const h of [s?.ssid, s?.name, s?.kind, s?.lat, s?.lon, ...(s?.aliases ?? [])]) if (h) found.add(h)
  return found
}

/** Files that were sent from this window, by token: they can be sent again without being chosen again. */
export const held = new Map<string, File>()
