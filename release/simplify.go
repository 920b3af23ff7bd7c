package release

import (
	"cmp"
	"math"
	"slices"

	"safar/place"
)

// Simplify thins the borders of areas for drawing. A line that two areas share is thinned once, so that neighbours keep
// touching; the ends of such lines never move. Tolerance is in degrees. What shrinks to nothing is left out.
func Simplify(shapes []*place.Geometry, tolerance float64) []*place.Geometry {
	s := simplifier{tolerance: tolerance, neighbours: map[place.LatLon]*fork{}}
	for _, g := range shapes {
		eachRing(g, s.learn)
	}
	out := make([]*place.Geometry, len(shapes))
	for i, g := range shapes {
		out[i] = s.geometry(g)
	}
	return out
}

func eachRing(g *place.Geometry, visit func(place.Ring)) {
	if g == nil {
		return
	}
	for _, polygon := range g.Polygons {
		for _, ring := range polygon {
			visit(ring)
		}
	}
}

// fork is what is known of a position: its first two neighbours, and whether there are more.
type fork struct {
	a, b place.LatLon
	n    int
}

func (f *fork) meet(p place.LatLon) {
	switch {
	case f.n > 0 && f.a == p, f.n > 1 && f.b == p:
	case f.n == 0:
		f.a, f.n = p, 1
	case f.n == 1:
		f.b, f.n = p, 2
	default:
		f.n++
	}
}

type simplifier struct {
	tolerance  float64
	neighbours map[place.LatLon]*fork
}

// learn notes which positions follow each other.
func (s simplifier) learn(ring place.Ring) {
	for i := 1; i < len(ring); i++ {
		s.at(ring[i-1]).meet(ring[i])
		s.at(ring[i]).meet(ring[i-1])
	}
}

func (s simplifier) at(p place.LatLon) *fork {
	f := s.neighbours[p]
	if f == nil {
		f = &fork{}
		s.neighbours[p] = f
	}
	return f
}

// junction says whether lines of several areas meet or part at a position.
func (s simplifier) junction(p place.LatLon) bool { return s.at(p).n != 2 }

func (s simplifier) geometry(g *place.Geometry) *place.Geometry {
	if g == nil {
		return nil
	}
	thin := &place.Geometry{}
	for _, polygon := range g.Polygons {
		var rings place.Polygon
		for i, ring := range polygon {
			r := s.ring(ring)
			if len(r) < 4 && i == 0 {
				break
			}
			if len(r) >= 4 {
				rings = append(rings, r)
			}
		}
		if len(rings) > 0 {
			thin.Polygons = append(thin.Polygons, rings)
		}
	}
	if len(thin.Polygons) == 0 {
		return nil
	}
	return thin
}

// ring cuts a ring at its junctions and thins each piece. A ring without junctions begins at its least position, so that
// the island and the hole it fills are thinned alike.
func (s simplifier) ring(ring place.Ring) place.Ring {
	if len(ring) < 4 {
		return nil
	}
	open := ring[:len(ring)-1]
	start := slices.IndexFunc(open, s.junction)
	if start < 0 {
		start = slices.Index(open, slices.MinFunc(open, compare))
	}
	turned := append(append(slices.Clone(open[start:]), open[:start]...), open[start])
	out := place.Ring{turned[0]}
	from := 0
	for i := 1; i < len(turned); i++ {
		if i == len(turned)-1 || s.junction(turned[i]) {
			out = append(out, s.line(turned[from : i+1])[1:]...)
			from = i
		}
	}
	return out
}

func compare(a, b place.LatLon) int {
	return cmp.Or(cmp.Compare(a.Lat, b.Lat), cmp.Compare(a.Lon, b.Lon))
}

// line thins one piece, always in the same direction: which of two neighbours it is read from must not matter.
func (s simplifier) line(points []place.LatLon) []place.LatLon {
	last := len(points) - 1
	if c := compare(points[0], points[last]); c > 0 || c == 0 && compare(points[1], points[last-1]) > 0 {
		back := slices.Clone(points)
		slices.Reverse(back)
		thin := s.thin(back)
		slices.Reverse(thin)
		return thin
	}
	return s.thin(points)
}

// thin keeps the ends, and between them whatever lies further than the tolerance from the straight line, part by part.
func (s simplifier) thin(points []place.LatLon) []place.LatLon {
	keep := make([]bool, len(points))
	keep[0], keep[len(points)-1] = true, true
	todo := [][2]int{{0, len(points) - 1}}
	for len(todo) > 0 {
		from, to := todo[len(todo)-1][0], todo[len(todo)-1][1]
		todo = todo[:len(todo)-1]
		far, at := 0.0, -1
		for i := from + 1; i < to; i++ {
			if d := distance(points[i], points[from], points[to]); d > far {
				far, at = d, i
			}
		}
		if at >= 0 && far > s.tolerance {
			keep[at] = true
			todo = append(todo, [2]int{from, at}, [2]int{at, to})
		}
	}
	var out []place.LatLon
	for i, p := range points {
		if keep[i] {
			out = append(out, place.LatLon{Lat: round4(p.Lat), Lon: round4(p.Lon)})
		}
	}
	return out
}

// round4 keeps ten metres: enough for a page, and a third of the bytes.
func round4(degrees float64) float64 { return math.Round(degrees*1e4) / 1e4 }

// distance is how far p lies from the line a-b, in degrees; from a where both ends are one.
func distance(p, a, b place.LatLon) float64 {
	dx, dy := b.Lon-a.Lon, b.Lat-a.Lat
	length := math.Hypot(dx, dy)
	if length == 0 {
		return math.Hypot(p.Lon-a.Lon, p.Lat-a.Lat)
	}
	return math.Abs(dx*(p.Lat-a.Lat)-dy*(p.Lon-a.Lon)) / length
}
