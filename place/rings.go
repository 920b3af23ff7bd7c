package place

import (
	"cmp"
	"slices"

	"safar/fault"
)

// crossingBudget bounds how many pairs of edges of one file are compared in search of crossings. Real borders need a
// small part of it; when it is spent, the remaining rings count as sound.
const crossingBudget = 200_000_000

// geometry checks the polygons of a feature and gives those that can serve.
func (as *assembler) geometry(d *draft, code string) *Geometry {
	s := d.line.shape
	if s == nil || s.kind == "" || len(s.points) > 0 {
		return nil
	}
	at := d.line.at
	at.Field += ".geometry"
	g := &Geometry{}
	touches := false
	for _, polygon := range s.polygons {
		var sound Polygon
		for i, ring := range polygon {
			ring = as.ring(ring, code, at)
			if ring == nil && i == 0 {
				break
			}
			if ring == nil {
				continue
			}
			if p, ok := as.touchesItself(ring); ok && !touches {
				touches = true
				as.report(kept(fault.New(fault.PlaceRingTouches, "code", code, "lat", degrees(p.Lat), "lon", degrees(p.Lon)).In(at)))
			}
			sound = append(sound, ring)
		}
		if sound != nil {
			g.Polygons = append(g.Polygons, sound)
		}
	}
	if len(g.Polygons) == 0 {
		as.report(leftOut(fault.New(fault.PlaceNoGeometry, "code", code).In(at)))
		return nil
	}
	return g
}

// ring closes an open ring and gives nil for one without area or off the earth.
func (as *assembler) ring(ring Ring, code string, at fault.Where) Ring {
	for _, p := range ring {
		if !onEarth(p) {
			as.report(leftOut(fault.New(fault.PlacePositionOffEarth, "lat", degrees(p.Lat), "lon", degrees(p.Lon)).In(at)))
			return nil
		}
	}
	if n := len(ring); n > 2 && ring[0] != ring[n-1] {
		as.report(mended(fault.New(fault.PlaceRingOpen, "code", code).In(at)))
		ring = append(slices.Clip(ring), ring[0])
	}
	if len(ring) < 4 || ringArea(ring) == 0 {
		as.report(leftOut(fault.New(fault.PlaceRingShort, "code", code).In(at)))
		return nil
	}
	return ring
}

// touchesItself finds a position where a ring meets itself: a corner that stands twice or two edges that cross.
func (as *assembler) touchesItself(ring Ring) (LatLon, bool) {
	seen := make(map[LatLon]struct{}, len(ring))
	for i, p := range ring[:len(ring)-1] {
		if i > 0 && p == ring[i-1] {
			continue
		}
		if _, twice := seen[p]; twice {
			return p, true
		}
		seen[p] = struct{}{}
	}
	return as.crossing(ring)
}

// crossing sweeps over the edges from south to north and compares those that share latitudes.
func (as *assembler) crossing(ring Ring) (LatLon, bool) {
	edges := make([]edge, 0, len(ring))
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		if a.Lat > b.Lat {
			a, b = b, a
		}
		edges = append(edges, edge{a, b})
	}
	slices.SortFunc(edges, func(x, y edge) int { return cmp.Or(cmp.Compare(x.a.Lat, y.a.Lat), cmp.Compare(x.a.Lon, y.a.Lon)) })
	for i, e := range edges {
		west, east := min(e.a.Lon, e.b.Lon), max(e.a.Lon, e.b.Lon)
		for _, f := range edges[i+1:] {
			if f.a.Lat > e.b.Lat {
				break
			}
			if as.pairs++; as.pairs > crossingBudget {
				return LatLon{}, false
			}
			if min(f.a.Lon, f.b.Lon) <= east && max(f.a.Lon, f.b.Lon) >= west && cross(e, f) {
				return f.a, true
			}
		}
	}
	return LatLon{}, false
}

// cross says whether two edges cross in their insides; a common end is no crossing.
func cross(e, f edge) bool {
	return side(e, f.a)*side(e, f.b) < 0 && side(f, e.a)*side(f, e.b) < 0
}

// side is 1 left of the edge, -1 right of it, 0 on its line.
func side(e edge, p LatLon) int {
	v := (e.b.Lon-e.a.Lon)*(p.Lat-e.a.Lat) - (e.b.Lat-e.a.Lat)*(p.Lon-e.a.Lon)
	return cmp.Compare(v, 0)
}
