// The one door to the server: typed errors, the header that changes need, the reader's language.
import { reactive } from 'vue'
import { language } from './i18n'
import type { Fault } from './types'

/** ApiError is everything that can go wrong on the way to the server, in words a person can act on. */
export class ApiError extends Error {
  readonly status: number // 0 when the server could not be reached
  readonly code: string
  readonly mend: string
  readonly details: Record<string, string>
  readonly at: Fault['at']
  readonly reference: string

  constructor(status: number, fault: Partial<Fault>) {
    super(fault.message || fault.code || `HTTP ${status}`)
    this.status = status
    this.code = fault.code ?? ''
    this.mend = fault.mend ?? ''
    this.details = fault.details ?? {}
    this.at = fault.at ?? {}
    this.reference = fault.reference ?? ''
  }

  get offline() { return this.status === 0 }
  get forbidden() { return this.status === 403 }
  get missing() { return this.status === 404 }
  get conflict() { return this.status === 409 }
}

/** What the shell watches: whether the sign-in ran out, and whether the server answers. */
export const door = reactive({ expired: false, reachable: true })

export type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>

interface Options { query?: Query; signal?: AbortSignal }

/** address joins a path and a query; empty values are left out, lists are joined by commas. */
export function address(path: string, query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    const text = Array.isArray(value) ? value.join(',') : value === true ? '1' : value === false || value == null ? '' : String(value)
    if (text !== '') search.set(name, text)
  }
  const tail = search.toString()
  return tail ? `${path}?${tail}` : path
}

async function request<T>(method: string, path: string, body: unknown, { query, signal }: Options = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json', 'Accept-Language': language.value }
  if (method !== 'GET') headers['X-Safar'] = '1'
  let payload: BodyInit | undefined
  if (body instanceof FormData) payload = body
  else if (body !== undefined) {
    headers['Content-Type'] = 'application/json'
    payload = JSON.stringify(body)
  }
  let response: Response
  try {
    response = await fetch(address(path, query), { method, headers, body: payload, signal, credentials: 'same-origin' })
  } catch (problem) {
    if (signal?.aborted) throw problem
    door.reachable = false
    throw new ApiError(0, { code: 'offline' })
  }
  door.reachable = true
  if (!response.ok) throw await refused(response, path)
  if (response.status === 204) return undefined as T
  const text = await response.text()
  return (text === '' ? undefined : JSON.parse(text)) as T
}

async function refused(response: Response, path: string): Promise<ApiError> {
  const fault = await response.json().catch(() => ({})) as Partial<Fault>
  if (response.status === 401 && path !== '/w/session') door.expired = true
  return new ApiError(response.status, fault)
}

/** api speaks with the server. `op` and other parts of a path are to be written with `seg`. */
export const api = {
  get: <T>(path: string, options?: Options) => request<T>('GET', path, undefined, options),
  post: <T = void>(path: string, body?: unknown, options?: Options) => request<T>('POST', path, body ?? {}, options),
  put: <T = void>(path: string, body?: unknown, options?: Options) => request<T>('PUT', path, body ?? {}, options),
  del: <T = void>(path: string, options?: Options) => request<T>('DELETE', path, undefined, options),
  /** upload sends a form with files and reports the share sent, 0 to 1. */
  upload: <T>(path: string, form: FormData, progress?: (share: number) => void) => new Promise<T>((done, fail) => {
    const x = new XMLHttpRequest()
    x.open('POST', path)
    x.setRequestHeader('X-Safar', '1')
    x.setRequestHeader('Accept', 'application/json')
    x.setRequestHeader('Accept-Language', language.value)
    x.upload.onprogress = (e) => { if (e.lengthComputable) progress?.(e.loaded / e.total) }
    x.onerror = () => { door.reachable = false; fail(new ApiError(0, { code: 'offline' })) }
    x.onload = () => {
      let answer: unknown
      try { answer = JSON.parse(x.responseText || 'null') } catch { answer = null }
      if (x.status >= 200 && x.status < 300) return done(answer as T)
      if (x.status === 401) door.expired = true
      fail(new ApiError(x.status, (answer ?? {}) as Partial<Fault>))
    }
    x.send(form)
  }),
}

/** seg writes one part of a path. */
export const seg = (part: string | number) => encodeURIComponent(String(part))
