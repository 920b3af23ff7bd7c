import { ref, shallowRef } from 'vue'
import { ApiError } from '../../api'

/** useAct runs one act at a time and keeps what went wrong, so that a page can say it beside the button. */
export function useAct() {
  const busy = ref(false)
  const error = shallowRef<ApiError | null>(null)
  async function act<T>(work: () => Promise<T>): Promise<T | undefined> {
    if (busy.value) return undefined
    busy.value = true
    error.value = null
    try {
      return await work()
    } catch (problem) {
      error.value = problem instanceof ApiError ? problem : new ApiError(500, { code: 'page', message: String(problem) })
      return undefined
    } finally {
      busy.value = false
    }
  }
  return { busy, error, act }
}
