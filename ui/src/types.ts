// What the server answers, as docs/api.md says.

/** Text in several languages, by language code. */
export type Text = Record<string, string>

export interface Fault {
  code: string
  message: string
  mend?: string
  details?: Record<string, string>
  at?: { file?: string; sheet?: string; row?: number; cell?: string; field?: string }
  reference?: string
}

export interface Operation { slug: string; title: string; country: string; time_zone: string; status: string; practice: boolean }
export interface Session { person: { name: string; role: string }; verbs: string[]; operations: Operation[] }

export interface Round {
  number: number; label?: string; start?: string; end?: string; reference_date?: string; reference_start?: string
  status: 'planned' | 'collecting' | 'closed' | 'published'; counting: number
}
export interface Activity {
  id: string; tool: string; version: string; title: Text; unit: string; unit_label?: Text; purpose?: Text; api?: string; forms?: string[]; rounds: Round[] | null
}
export interface OperationPage { operation: Operation; activities: Activity[] | null; reasons: string[] }

export interface Counts { B?: number; W?: number; F?: number }
export type Level = 'B' | 'W' | 'F'

export interface Headline {
  measure: string; title: Text; unit: string; kind: string; value: number | null; n: number; missing: number; carried: number
  previous?: { round: number; value: number | null } | null
  common?: { units: number; before: number; now: number } | null
}
export interface Coverage {
  area: string; name: string; names?: Text; targeted: number; assessed: number; inaccessible: number; new: number; carried: number; not_visited: number
}
export interface Todo { kind: string; count: number; level: string }
export interface OverviewPage {
  round: Round; headline: Headline[] | null; records: Record<string, number>; counting: number; findings: Counts
  coverage: Coverage[] | null; arrivals: RecordRow[] | null; todo: Todo[] | null
}

export interface Geometry { type: 'Polygon' | 'MultiPolygon'; coordinates: unknown }
export interface Area { code: string; name: Text; parent: string; level: number; point?: [number, number] | null; geometry?: Geometry | null }
export interface AreasPage { country: string; level: number; levels: (Text | string)[]; features: Area[] | null }

export interface Measure { id: string; title: Text; unit: string; kind: string; agg: string; definition?: Text; add_over?: string[] }
export interface Dimension { id: string; label: Text; values?: { code: string; label: Text }[] }
export interface MeasuresPage { measures: Measure[]; dimensions: Dimension[] }
export interface FigureRow {
  measure: string; unit: string; by: string[] | null; names: string[] | null; value: number | null; n: number; missing: number; carried: number
}
export interface FiguresPage {
  operation: string; activity: string; round: number; reference_date: string; by: string[]; rows: FigureRow[] | null; skipped?: Fault[] | null
}

export interface RecordRow {
  id: string; record: string; received_at: string; at: string; activity: string; round: number; form: string; state: string; counts: boolean; date: string
  unit: string; name: string; names?: Text; area: string; area_name: string; area_names?: Text; source: string; device: string; device_name: string
  carried_from?: number; corrections: number; findings: Counts; values?: Record<string, string>
}
export interface Paged<T> { rows: T[] | null; next: string }

export interface Answer {
  path: string; question: string; label: Text; type: string; original: string; value: string
  shown_original?: Text; shown?: Text; corrected: boolean; identity: boolean; findings: string[] | null
  choices?: { code: string; label: Text }[]
}
export interface AnswerGroup { label: Text; path: string; repeat: string; number: number; answers: Answer[] | null }
export interface Correction {
  id: string; path: string; question: string; old: string; new: string; reason: string; comment: string; finding: string; by: string; at: string
}
export interface Finding {
  id: string; record: string; unit?: string; name?: string; check: string; level: Level; path?: string; message: Text
  details?: Record<string, string> | null; state: 'open' | 'accepted' | 'answered'; by?: string; comment?: string; at?: string
}
export interface FindingsPage extends Paged<Finding> {
  counts: Counts; by_check: { check: string; level: Level; count: number; message: Text }[] | null
}
export interface AreaRef { code: string; name: string; names?: Text; level: number }
export interface RecordPage {
  record: RecordRow & { form_version: string; version: number; state_reason: string; instance_id: string; original: string; superseded_by?: string }
  form: { id: string; version: string; title: Text }
  groups: AnswerGroup[] | null
  corrections: Correction[] | null
  findings: Finding[] | null
  attachments: { name: string; type: string; size: number; state: string; here: boolean }[] | null
  journal: { seq: number; at: string; actor: string; kind: string; subject: string }[] | null
  place: { areas: AreaRef[] | null; site: string; point: string; name: string; names?: Text; at: [number, number] | null; how: string }
  counts_in: { measure: string; title: Text; value: number; unit: string }[] | null
  versions: { id: string; version: number; state: string; received_at: string }[] | null
  row?: { file: string; sheet: string; row: number; cells: { col: string; header: string; raw: string; shown: string; masked?: boolean }[] | null } | null
}

export interface Tool {
  id: string; version: string; title: Text; purpose: Text; respondent?: Text; frequency?: Text; method?: Text; limitations?: Text; forms?: string[]
}
export interface SearchHit { kind: 'place' | 'record' | 'release' | 'measure' | 'page'; id: string; title: string; detail: string; link: string }
export interface News { operation: string; kind: string; subject: string; detail: unknown }
