// News from the server as it happens: one stream for the whole workspace.
import { onScopeDispose, reactive } from 'vue'
import { door } from './api'
import type { News } from './types'

type Listener = (news: News) => void

const listeners = new Set<{ kinds: RegExp; hear: Listener }>()
let stream: EventSource | null = null

/** connection is what the top bar shows: live, trying again, or off; `since` is when the last word came. */
export const connection = reactive({ state: 'off' as 'off' | 'trying' | 'live', since: 0 })

function tell(news: News) {
  for (const l of listeners) if (l.kinds.test(news.kind ?? '')) l.hear(news)
}

/** startNews opens the stream; it opens itself again after a break. */
export function startNews() {
  if (stream) return
  connection.state = 'trying'
  stream = new EventSource('/w/news')
  stream.onopen = () => {
    const missed = connection.since > 0 // there was a break: what came meanwhile is read again
    connection.state = 'live'
    connection.since = Date.now()
    door.reachable = true
    if (missed) tell({ operation: '', kind: 'record.missed', subject: '', detail: null })
  }
  stream.onerror = () => {
    connection.state = 'trying'
    if (stream?.readyState === EventSource.CLOSED) { // the browser gave up: an answer other than 200
      stopNews()
      setTimeout(startNews, 5000)
    }
  }
  stream.onmessage = (event) => {
    connection.since = Date.now()
    let news: News
    try { news = JSON.parse(event.data) as News } catch { return }
    tell(news)
  }
}

export function stopNews() {
  stream?.close()
  stream = null
  connection.state = 'off'
}

/** onNews calls `hear` for every news whose kind matches, as long as the component lives. */
export function onNews(kinds: RegExp, hear: Listener) {
  const entry = { kinds, hear }
  listeners.add(entry)
  onScopeDispose(() => listeners.delete(entry))
}
