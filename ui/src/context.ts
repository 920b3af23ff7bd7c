// Which operation, activity and round the page speaks of. They are in the address, so that it can be sent to a colleague.
import { computed, ref, shallowRef, watch } from 'vue'
import { useRoute, useRouter, type LocationQueryRaw, type RouteLocationRaw } from 'vue-router'
import { api, seg, type ApiError } from './api'
import { session } from './session'
import type { Activity, OperationPage, Round } from './types'

const slug = ref('')
const page = shallowRef<OperationPage | null>(null)
const failure = shallowRef<ApiError | null>(null)
const chosen = ref<{ activity: string; round: number } | null>(null)

const memory = (op: string) => `safar.context.${op}`
const remember = (op: string, c: { activity: string; round: number }) => {
  try { localStorage.setItem(memory(op), JSON.stringify(c)) } catch { /* private window */ }
}
const recall = (op: string): { activity: string; round: number } | null => {
  try { return JSON.parse(localStorage.getItem(memory(op)) ?? 'null') } catch { return null }
}

/** reloadOperation reads the operation again, for example after a round was opened. */
export async function reloadOperation(): Promise<void> {
  const op = slug.value
  if (!op) return
  try {
    const answer = await api.get<OperationPage>(`/w/${seg(op)}`)
    if (slug.value === op) { page.value = answer; failure.value = null }
  } catch (problem) {
    if (slug.value === op) failure.value = problem as ApiError
  }
}

const activities = computed<Activity[]>(() => page.value?.activities ?? [])
const activity = computed(() => activities.value.find((a) => a.id === chosen.value?.activity) ?? null)
const rounds = computed<Round[]>(() => activity.value?.rounds ?? [])
const round = computed(() => rounds.value.find((r) => r.number === chosen.value?.round) ?? null)
const operation = computed(() => page.value?.operation ?? session.value?.operations.find((o) => o.slug === slug.value) ?? null)

/** newest is the round people work on: the newest that collects, else the newest of all. */
function newest(a: Activity | undefined): number {
  const all = a?.rounds ?? []
  const open = all.filter((r) => r.status === 'collecting')
  const best = (open.length ? open : all).reduce((n, r) => Math.max(n, r.number), 0)
  return best
}

function settle(query: { activity?: unknown; round?: unknown }) {
  if (!page.value) return
  const known = (id: unknown) => activities.value.find((a) => a.id === id)
  const kept = recall(slug.value)
  const a = known(query.activity) ?? known(chosen.value?.activity) ?? known(kept?.activity) ?? activities.value[0]
  if (!a) { chosen.value = null; return }
  const has = (n: unknown) => (a.rounds ?? []).some((r) => r.number === Number(n))
  const wanted = [query.round, a.id === chosen.value?.activity ? chosen.value?.round : undefined, a.id === kept?.activity ? kept?.round : undefined]
  const n = wanted.find((x) => x !== undefined && x !== '' && has(x))
  chosen.value = { activity: a.id, round: n === undefined ? newest(a) : Number(n) }
  remember(slug.value, chosen.value)
}

/** followAddress keeps the context in step with the address; the shell calls it once. */
export function followAddress() {
  const route = useRoute()
  watch(() => String(route.params.op ?? ''), (op) => {
    if (op === slug.value) return
    slug.value = op
    page.value = null
    failure.value = null
    chosen.value = null
    if (op) void reloadOperation()
  }, { immediate: true })
  watch([page, () => route.query.activity, () => route.query.round], () => {
    if (route.params.op) settle(route.query as Record<string, unknown>)
  }, { immediate: true })
}

/** useContext gives the page its operation, activity and round, and links that keep them. */
export function useContext() {
  const router = useRouter()
  const link = (name: string, params: Record<string, string> = {}, query: LocationQueryRaw = {}): RouteLocationRaw => ({
    name,
    params: { op: slug.value, ...params },
    query: { ...(chosen.value ? { activity: chosen.value.activity, round: String(chosen.value.round) } : {}), ...query },
  })
  const choose = (a: string, n?: number) => {
    const target = activities.value.find((x) => x.id === a)
    const number = n ?? newest(target)
    const now = router.currentRoute.value
    return router.push({ name: now.name ?? 'overview', params: now.params, query: { activity: a, round: String(number) } })
  }
  /** base is the path of the activity's round on the server: /w/OP/ACT/N */
  const base = computed(() => (chosen.value ? `/w/${seg(slug.value)}/${seg(chosen.value.activity)}/${chosen.value.round}` : ''))
  return { slug, page, failure, operation, activities, activity, rounds, round, chosen, base, link, choose, reload: reloadOperation }
}
