import { onScopeDispose, ref, watch, type Ref } from 'vue'

/** useWidth measures the width of an element in pixels, and again when it changes. */
export function useWidth(element: Ref<HTMLElement | null>, first = 600): Ref<number> {
  const width = ref(first)
  const watcher = new ResizeObserver(([entry]) => { if (entry) width.value = Math.max(120, Math.floor(entry.contentRect.width)) })
  watch(element, (el, old) => {
    if (old) watcher.unobserve(old)
    if (el) { width.value = Math.max(120, el.clientWidth); watcher.observe(el) }
  }, { flush: 'post' })
  onScopeDispose(() => watcher.disconnect())
  return width
}
