// Loading of what a page shows, with every state a page can be in.
import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef, type WatchSource } from 'vue'
import { ApiError } from './api'

export interface Loaded<T> {
  data: ShallowRef<T | null>
  error: ShallowRef<ApiError | null>
  loading: Ref<boolean>
  reload: () => Promise<void>
}

/** useLoad runs `fetch` now and whenever a source changes; an older answer never overwrites a newer one. A fetch that gives null means: not yet. Data of before stays on the page while new data come. */
export function useLoad<T>(sources: WatchSource | WatchSource[], fetch: (signal: AbortSignal) => Promise<T> | null): Loaded<T> {
  const data = shallowRef<T | null>(null)
  const error = shallowRef<ApiError | null>(null)
  const loading = ref(true)
  let control: AbortController | null = null

  async function reload() {
    control?.abort()
    const mine = control = new AbortController()
    const task = fetch(mine.signal)
    if (!task) return
    loading.value = true
    try {
      const answer = await task
      if (mine.signal.aborted) return
      data.value = answer
      error.value = null
    } catch (problem) {
      if (mine.signal.aborted) return
      error.value = problem instanceof ApiError ? problem : new ApiError(500, { code: 'page', message: String(problem) })
    }
    loading.value = false
  }

  watch(sources, () => void reload(), { immediate: true })
  onScopeDispose(() => control?.abort())
  return { data, error, loading, reload }
}
