/** rowsOf takes the list out of an answer, whether it comes bare or under a name. */
export function rowsOf<T>(answer: unknown): T[] {
  if (Array.isArray(answer)) return answer as T[]
  if (answer && typeof answer === 'object') for (const v of Object.values(answer)) if (Array.isArray(v)) return v as T[]
  return []
}
