// Short messages that say what was done, with a way back where there is one.
import { reactive } from 'vue'

export interface Toast { id: number; text: string; kind: 'ok' | 'warn' | 'block' | 'info'; action?: { label: string; run: () => void } }

export const toasts = reactive<Toast[]>([])
let next = 1

/** say shows a message for eight seconds; one with an action stays for twenty. */
export function say(text: string, kind: Toast['kind'] = 'ok', action?: Toast['action']) {
  const id = next++
  toasts.push({ id, text, kind, action })
  setTimeout(() => hush(id), action ? 20000 : 8000)
}

export function hush(id: number) {
  const i = toasts.findIndex((x) => x.id === id)
  if (i >= 0) toasts.splice(i, 1)
}
