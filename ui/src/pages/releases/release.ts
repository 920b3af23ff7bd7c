// What a release is to the workspace: its list entry, its manifest and its tables, and what of them is withheld.
export type ReleaseState = 'built' | 'published' | 'withdrawn'
export interface ReleaseEntry {
  id: string; operation?: string; activity: string; round: number; title: string; manifest_hash?: string
  created_at: string; created_by: string; state: ReleaseState; previous?: string; reason?: string
}
export interface ManifestFile { path: string; bytes: number; sha256: string; rows?: number }
export interface Manifest {
  release: string; title: string; activity: string
  round: { number: number; start?: string; end?: string; reference_date?: string }
  snapshot: { seq: number; hash: string }
  pack: { tool: string; version: string; hash: string; adaptation?: string }
  policy: { id: string; from_level: number; min_persons: number; min_households: number }
  licence: string; attribution: string; source: string; created_at: string; files?: ManifestFile[] | null; previous?: string
}
export interface Table { path: string; columns: string[] | null; rows: (string | number | null)[][] | null; total?: number; cells?: string[] | null }
export interface ReleasePage { release: ReleaseEntry; manifest: Manifest; files?: ManifestFile[] | null; tables: Table[] | null }
export interface VerifyAnswer { files: unknown[] | number | null; problems: { code?: string; message: string; mend?: string }[] | null }

/** A table without its HXL line, which is for machines. */
export function body(table: Table): string[][] {
  const rows = (table.rows ?? []).map((r) => r.map((v) => (v === null ? '' : String(v))))
  return rows[0]?.some((v) => v.startsWith('#')) && !rows[0].some((v) => v !== '' && !v.startsWith('#')) ? rows.slice(1) : rows
}

export interface Withheld { path: string; reason: string; cells: number }

/** Withheld cells by table and reason, as the status column says them. */
export function withheld(tables: Table[]): Withheld[] {
  const found = new Map<string, Withheld>()
  for (const table of tables) {
    const at = (table.columns ?? []).indexOf('status')
    if (at < 0) continue
    for (const row of body(table)) {
      const reason = /^withheld:?\s*(\w*)/.exec(row[at] ?? '')
      if (!reason) continue
      const key = `${table.path} ${reason[1]}`
      const one = found.get(key) ?? { path: table.path, reason: reason[1] || 'small', cells: 0 }
      one.cells++
      found.set(key, one)
    }
  }
  return [...found.values()]
}

export const files = (page: ReleasePage): ManifestFile[] => page.manifest.files ?? page.files ?? []
export const count = (x: unknown[] | number | null | undefined): number => (typeof x === 'number' ? x : (x?.length ?? 0))

/** A file size in units people know. */
export function size(bytes: number, format: (n: number) => string): string {
  if (bytes < 1000) return `${format(bytes)} B`
  return bytes < 1e6 ? `${format(Math.round(bytes / 1000))} kB` : `${format(Math.round(bytes / 1e5) / 10)} MB`
}
