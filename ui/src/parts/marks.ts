export type Mark = 'ok' | 'warn' | 'block' | 'info' | 'off' | 'wait' | 'back'
import type { Counts, Level } from '../types'

/** markOf gives the shape of a finding's level. */
export const markOf = (level: Level | string): Mark => (level === 'B' ? 'block' : level === 'W' ? 'warn' : 'info')

/** worst gives the gravest level with a finding, or null. */
export const worst = (c: Counts | null | undefined): Level | null => (c?.B ? 'B' : c?.W ? 'W' : c?.F ? 'F' : null)

/** total counts findings of all levels. */
export const total = (c: Counts | null | undefined): number => (c?.B ?? 0) + (c?.W ?? 0) + (c?.F ?? 0)
