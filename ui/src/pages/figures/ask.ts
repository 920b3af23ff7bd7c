// The question of the figures page, kept in the address, and its answer with the totals that may be formed.
import { computed, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { api, ApiError, seg } from '../../api'
import { useContext } from '../../context'
import { word as wordOf } from '../../i18n'
import { useLoad } from '../../load'
import type { AreasPage, Fault } from '../../types'
import { expand, isArea, levelOf, parseWhere, writeWhere, type Answer, type Condition, type Dimension, type Measure, type Row } from './figure'

export interface Asked {
  answer: Answer
  measure: Measure
  by: string[]
  rows: Row[]
  /** the whole, and for a crossed question the sums of each side; absent where nobody may add them */
  total?: Row
  sides?: [Map<string, Row>, Map<string, Row>]
  refusal?: Fault
}

export function useQuestion() {
  const route = useRoute()
  const router = useRouter()
  const { slug, chosen } = useContext()
  const word = (name: string) => (typeof route.query[name] === 'string' ? (route.query[name] as string) : '')
  const path = computed(() => (chosen.value ? `/w/${seg(slug.value)}/${seg(chosen.value.activity)}` : ''))

  const catalogue = useLoad(path, (signal) => (path.value ? api.get<{ measures: Measure[]; dimensions: Dimension[] }>(`${path.value}/measures`, { signal }) : null))
  const measures = computed(() => catalogue.data.value?.measures ?? [])
  const flows = computed(() => measures.value.some((m) => m.unit.startsWith('movement')))
  const top = useLoad(slug, (signal) => (slug.value ? api.get<AreasPage>(`/w/${seg(slug.value)}/areas`, { query: { level: 1 }, signal }) : null))
  /** Only dimensions that the tool speaks of: those it names, and places and times. */
  const dimensions = computed<Dimension[]>(() => (catalogue.data.value?.dimensions ?? []).flatMap((d) => {
    const named = Object.keys(d.label).length > 0 && d.label !== ''
    const places = flows.value ? ['adm1', 'adm2', 'point', 'date', 'week', 'month', 'origin_adm1', 'dest_adm1'] : ['adm1', 'adm2', 'adm3', 'site', 'origin_adm1']
    if (!named && !d.values?.length && !places.includes(d.id)) return []
    const values = /adm1$/.test(d.id) ? (top.data.value?.features ?? []).map((f) => ({ code: f.code, label: f.name })) : d.values
    return [{ ...d, label: named ? d.label : wordOf('figures.dim', d.id), values }]
  }))
  const measure = computed(() => measures.value.find((m) => m.id === word('measure')) ?? measures.value[0])
  const each = computed(() => word('when') === 'each')
  const firstBy = computed(() => ['adm1', 'point'].find((d) => dimensions.value.some((x) => x.id === d)))
  const chosenBy = computed(() => {
    const known = (d: string) => d === 'round' || dimensions.value.some((x) => x.id === d)
    return route.query.by === undefined ? (firstBy.value ? [firstBy.value] : []) : word('by').split(',').filter((d) => d && known(d))
  })
  const by = computed(() => (each.value ? ['round', ...chosenBy.value.filter((d) => d !== 'round').slice(0, 1)] : chosenBy.value.slice(0, 2)))
  const where = computed(() => parseWhere(route.query.where as string | string[] | undefined))

  function change(to: { measure?: string; by?: string[]; where?: Condition[]; each?: boolean; round?: number }) {
    const q: Record<string, string | string[] | undefined> = { ...(route.query as Record<string, string | string[]>) }
    if (to.measure !== undefined) q.measure = to.measure
    if (to.by !== undefined) q.by = to.by.join(',')
    if (to.where !== undefined) q.where = to.where.length ? writeWhere(to.where) : undefined
    if (to.each !== undefined) q.when = to.each ? 'each' : undefined
    if (to.round !== undefined) q.round = String(to.round)
    return router.push({ query: q })
  }

  const asked = useLoad([path, measure, () => by.value.join(','), () => writeWhere(where.value).join(';'), () => chosen.value?.round], (signal) => {
    if (!path.value || !measure.value || !chosen.value) return null
    return ask(path.value, measure.value, by.value, where.value, each.value ? 0 : chosen.value.round, signal)
  })
  return { catalogue, top, measures, dimensions, measure, each, by, chosenBy, where, change, asked, path }
}

async function ask(path: string, m: Measure, by: string[], where: Condition[], round: number, signal: AbortSignal): Promise<Asked> {
  const get = (dims: string[]) => {
    const search = new URLSearchParams({ measure: m.id })
    if (round) search.set('round', String(round))
    if (dims.length) search.set('by', dims.join(','))
    for (const c of writeWhere(where)) search.append('where', c)
    return api.get<Answer>(`${path}/figures?${search}`, { signal })
  }
  const answer = await get(by)
  const out: Asked = { answer, measure: m, by, rows: (answer.rows ?? []).map((r) => ({ ...r, by: list(r.by, by), names: list(r.names, by) })) }
  if (by.length === 0 || out.rows.length === 0) return out
  const rest = by.map((_, i) => by.filter((_, j) => j !== i))
  try {
    // Rounds are told apart by the question itself, so their sum is only asked for where the measure says it adds up.
    if (by.includes('round') && !expand(m.add_over ?? []).includes('round')) return out
    out.total = (await get([])).rows?.[0]
    if (by.length === 2) {
      const [across, down] = await Promise.all(rest.map(get))
      const index = (a: Answer | undefined, dim: string) => new Map((a?.rows ?? []).map((r) => [list(r.by, [dim])[0] ?? '', r]))
      out.sides = [index(down, by[0]!), index(across, by[1]!)]
    }
  } catch (problem) {
    if (!(problem instanceof ApiError) || problem.status >= 500 || problem.offline) throw problem
    out.refusal = problem
    out.total = undefined
    out.sides = undefined
  }
  return out
}

/** The server may name the dimensions of a row or give them in order. */
function list(values: unknown, by: string[]): string[] {
  if (Array.isArray(values)) return values as string[]
  if (values && typeof values === 'object') return by.map((d) => (values as Record<string, string>)[d] ?? '')
  return by.map(() => '')
}

/** The areas of the first dimension that is a place, for names in the reader's language and for the map. */
export function useAreas(slug: Ref<string>, by: Ref<string[]>) {
  const level = computed(() => { const d = by.value.find(isArea); return d === undefined ? -1 : levelOf(d) })
  return { level, areas: useLoad([slug, level], (signal) => (slug.value && level.value >= 0 ? api.get<AreasPage>(`/w/${seg(slug.value)}/areas`, { query: { level: level.value }, signal }) : null)) }
}
