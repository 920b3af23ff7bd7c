// Who is signed in, and what she may do.
import { computed, ref } from 'vue'
import { api, door } from './api'
import { startNews, stopNews } from './news'
import type { Session } from './types'

export const session = ref<Session | null>(null)

let asked: Promise<Session | null> | null = null

/** known asks the server once who is signed in; null means nobody. Failures other than 401 are thrown. */
export function known(): Promise<Session | null> {
  asked ??= api.get<Session>('/w/session').then(take, (problem) => {
    asked = null
    if (problem?.status === 401) return null
    throw problem
  })
  return asked
}

function take(answer: Session): Session {
  session.value = { ...answer, verbs: answer.verbs ?? [], operations: answer.operations ?? [] }
  door.expired = false
  startNews()
  return session.value
}

/** signIn opens a session; refusals are thrown as ApiError. */
export async function signIn(name: string, password: string): Promise<Session> {
  const answer = take(await api.post<Session>('/w/session', { name, password }))
  asked = Promise.resolve(answer)
  return answer
}

/** refresh asks again, for example after an operation was made. */
export async function refresh(): Promise<Session> {
  const answer = take(await api.get<Session>('/w/session'))
  asked = Promise.resolve(answer)
  return answer
}

export async function signOut(): Promise<void> {
  await api.del('/w/session').catch(() => undefined)
  stopNews()
  session.value = null
  asked = null
}

const verbs = computed(() => new Set(session.value?.verbs ?? []))

/** may says whether the signed-in person may do a verb of the access rules, for example "record.correct". The server decides; this only hides what would be refused. */
export const may = (verb: string): boolean => verbs.value.has(verb)
