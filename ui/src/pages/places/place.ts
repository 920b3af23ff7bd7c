// Places as the workspace lists them.
import { pick } from '../../i18n'
import type { Text } from '../../types'
export interface Named { name?: Text | string; names?: Text; code?: string; ssid?: string; id?: string }
export interface PlaceArea extends Named { code: string; level: number; parent?: string; children?: number; sites?: number; has_polygon?: boolean; codes?: Record<string, string> | null }
export interface PlaceSite extends Named { area?: string; kind?: string; aliases?: string[] | null; at?: { lat: number; lon: number } | [number, number] | null; point?: { lat: number; lon: number } | [number, number] | null; status?: string }
export interface PlacesPage { areas: PlaceArea[] | null; sites: PlaceSite[] | null; points: PlaceSite[] | null }
export interface PlaceImportAnswer { areas: number; sites: number; points: number; changes: number | unknown[]; defects: { outcome: string; code: string; message: string; mend?: string }[] | null }

/** nameOf is the place's name in the reader's language, else its code. */
export const nameOf = (p: Named): string => pick(p.names) || pick(p.name) || p.code || p.ssid || p.id || ''

/** pointOf is latitude and longitude, where they are known. */
export function pointOf(p: PlaceSite): [number, number] | null {
  const at = p.at ?? p.point
  if (!at) return null
  return Array.isArray(at) ? at : [at.lat, at.lon]
}
