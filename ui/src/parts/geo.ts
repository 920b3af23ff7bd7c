// Plane geometry of small maps: Mercator in degrees, paths for SVG, round class limits.
import type { Geometry } from '../types'

export type Box = [x0: number, y0: number, x1: number, y1: number]
type Ring = [number, number][]

const y = (lat: number) => -(Math.log(Math.tan(Math.PI / 4 + (Math.max(-85, Math.min(85, lat)) * Math.PI) / 360)) * 180) / Math.PI

/** project turns longitude and latitude into map units; `turn` moves what lies west of the date line to the east. */
export const project = (lon: number, lat: number, turn = false): [number, number] => [turn && lon < 0 ? lon + 360 : lon, y(lat)]

const polygons = (g: Geometry): Ring[][] => (g.type === 'Polygon' ? [g.coordinates as Ring[]] : (g.coordinates as Ring[][]))

/** crossesDateLine says whether the shapes lie on both sides of the 180th meridian. */
export function crossesDateLine(shapes: Geometry[]): boolean {
  let west = false, east = false
  for (const g of shapes) for (const p of polygons(g)) for (const [lon] of p[0] ?? []) {
    if (lon < -120) west = true
    if (lon > 120) east = true
  }
  return west && east
}

export interface Shape { d: string; box: Box; label: [number, number] }

/** drawShape gives the path of a unit, its box and a place for its name (the middle of its largest part). */
export function drawShape(g: Geometry, turn: boolean): Shape {
  let d = ''
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity]
  let best = 0
  let label: [number, number] = [0, 0]
  for (const rings of polygons(g)) {
    rings.forEach((ring, i) => {
      const points = ring.map(([lon, lat]) => project(lon, lat, turn))
      d += 'M' + points.map(([px, py]) => `${px.toFixed(4)} ${py.toFixed(4)}`).join('L') + 'Z'
      if (i > 0) return
      for (const [px, py] of points) grow(box, px, py)
      const [area, cx, cy] = middle(points)
      if (area > best) { best = area; label = [cx, cy] }
    })
  }
  return { d, box, label }
}

function grow(box: Box, px: number, py: number) {
  if (px < box[0]) box[0] = px
  if (py < box[1]) box[1] = py
  if (px > box[2]) box[2] = px
  if (py > box[3]) box[3] = py
}

/** middle gives the size and centroid of a ring. */
function middle(ring: [number, number][]): [number, number, number] {
  let a = 0, cx = 0, cy = 0
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [x1, y1] = ring[i]!, [x0, y0] = ring[j]!
    const cross = x0 * y1 - x1 * y0
    a += cross; cx += (x0 + x1) * cross; cy += (y0 + y1) * cross
  }
  return a === 0 ? [0, ring[0]?.[0] ?? 0, ring[0]?.[1] ?? 0] : [Math.abs(a / 2), cx / (3 * a), cy / (3 * a)]
}

/** around gives the box of boxes. */
export function around(boxes: Box[]): Box {
  const all: Box = [Infinity, Infinity, -Infinity, -Infinity]
  for (const b of boxes) { grow(all, b[0], b[1]); grow(all, b[2], b[3]) }
  return Number.isFinite(all[0]) ? all : [-1, -1, 1, 1]
}

/** roundCuts gives at most four limits at round numbers that part the values into classes of about equal count. */
export function roundCuts(values: number[]): number[] {
  const sorted = values.filter((v) => v > 0).toSorted((a, b) => a - b)
  if (sorted.length < 3) return []
  const cuts = new Set<number>()
  for (const q of [0.2, 0.4, 0.6, 0.8]) {
    const v = sorted[Math.floor(q * sorted.length)]!
    const size = 10 ** Math.floor(Math.log10(v))
    const lead = v / size
    cuts.add(Number(((lead < 1.5 ? 1 : lead < 3 ? 2 : lead < 7 ? 5 : 10) * size).toPrecision(3)))
  }
  return [...cuts].filter((c) => c > sorted[0]! && c <= sorted[sorted.length - 1]!).toSorted((a, b) => a - b)
}
