// What was typed survives reload, crash and expiry of the sign-in: kept in the window's own storage until it is sent.
import { ref, watch, type Ref } from 'vue'

/** useDraft is a ref that is kept under a key; `drop` forgets it once it was saved on the server. */
export function useDraft<T>(key: string, empty: () => T): { draft: Ref<T>; drop: () => void; kept: boolean } {
  const name = `safar.draft.${key}`
  const found = read<T>(name)
  const draft = ref(found ?? empty()) as Ref<T>
  let silent = false
  watch(draft, (value) => {
    if (silent) return
    try { sessionStorage.setItem(name, JSON.stringify(value)) } catch { /* full or private: the page still holds it */ }
  }, { deep: true, flush: 'sync' })
  const drop = () => {
    silent = true
    draft.value = empty()
    silent = false
    try { sessionStorage.removeItem(name) } catch { /* nothing to forget */ }
  }
  return { draft, drop, kept: found !== null }
}

function read<T>(name: string): T | null {
  try { return JSON.parse(sessionStorage.getItem(name) ?? 'null') as T | null } catch { return null }
}
