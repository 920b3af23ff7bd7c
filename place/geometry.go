package place

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
)

// Ring is a closed line: its last position repeats its first. Edges are straight in latitude and longitude.
type Ring []LatLon

// Polygon is an outer ring followed by the rings of its holes.
type Polygon []Ring

// Geometry is the extent of a unit: one or more polygons. It reads and writes as a GeoJSON geometry, coordinates with
// at most seven decimals (one centimetre).
type Geometry struct{ Polygons []Polygon }

// Box is the smallest rectangle of latitudes and longitudes round a geometry.
type Box struct{ MinLat, MinLon, MaxLat, MaxLon float64 }

// Holds says whether p lies in the box, borders included.
func (b Box) Holds(p LatLon) bool {
	return p.Lat >= b.MinLat && p.Lat <= b.MaxLat && p.Lon >= b.MinLon && p.Lon <= b.MaxLon
}

func emptyBox() Box { return Box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)} }

func (b Box) with(p LatLon) Box {
	return Box{min(b.MinLat, p.Lat), min(b.MinLon, p.Lon), max(b.MaxLat, p.Lat), max(b.MaxLon, p.Lon)}
}

// Bounds gives the box of the geometry; an empty geometry has an inverted box that holds nothing.
func (g *Geometry) Bounds() Box {
	b := emptyBox()
	for ring := range g.rings() {
		for _, p := range ring {
			b = b.with(p)
		}
	}
	return b
}

// Vertices counts the positions of all rings.
func (g *Geometry) Vertices() int {
	n := 0
	for ring := range g.rings() {
		n += len(ring)
	}
	return n
}

func (g *Geometry) rings() func(func(Ring) bool) {
	return func(yield func(Ring) bool) {
		if g == nil {
			return
		}
		for _, polygon := range g.Polygons {
			for _, ring := range polygon {
				if !yield(ring) {
					return
				}
			}
		}
	}
}

// Contains says whether p lies inside, by the crossing rule with half-open edges: a position on a border shared by two
// units belongs to exactly one of them.
func (g *Geometry) Contains(p LatLon) bool {
	for _, polygon := range g.Polygons {
		inside := false
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				if crosses(ring[i-1], ring[i], p) {
					inside = !inside
				}
			}
		}
		if inside {
			return true
		}
	}
	return false
}

// crosses says whether the ray from p to the east crosses the edge a-b. The edge holds its lower end and not its upper.
func crosses(a, b, p LatLon) bool {
	if (a.Lat > p.Lat) == (b.Lat > p.Lat) {
		return false
	}
	return p.Lon < a.Lon+(p.Lat-a.Lat)/(b.Lat-a.Lat)*(b.Lon-a.Lon)
}

// MarshalJSON writes a GeoJSON Polygon or MultiPolygon.
func (g Geometry) MarshalJSON() ([]byte, error) {
	out := make([]byte, 0, 48+20*g.Vertices())
	if len(g.Polygons) == 1 {
		out = append(out, `{"type":"Polygon","coordinates":`...)
		out = appendPolygon(out, g.Polygons[0])
		return append(out, '}'), nil
	}
	out = append(out, `{"type":"MultiPolygon","coordinates":[`...)
	for i, polygon := range g.Polygons {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendPolygon(out, polygon)
	}
	return append(out, ']', '}'), nil
}

func appendPolygon(out []byte, polygon Polygon) []byte {
	out = append(out, '[')
	for i, ring := range polygon {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, '[')
		for j, p := range ring {
			if j > 0 {
				out = append(out, ',')
			}
			out = append(out, '[')
			out = strconv.AppendFloat(out, round7(p.Lon), 'f', -1, 64)
			out = append(out, ',')
			out = strconv.AppendFloat(out, round7(p.Lat), 'f', -1, 64)
			out = append(out, ']')
		}
		out = append(out, ']')
	}
	return append(out, ']')
}

func round7(degrees float64) float64 { return math.Round(degrees*1e7) / 1e7 }

// UnmarshalJSON reads a GeoJSON Polygon or MultiPolygon; null leaves the geometry empty.
func (g *Geometry) UnmarshalJSON(data []byte) error {
	if bytes.Equal(bytes.TrimSpace(data), []byte("null")) {
		*g = Geometry{}
		return nil
	}
	shape, err := readShape(data)
	if err != nil {
		return err
	}
	if shape.kind != "Polygon" && shape.kind != "MultiPolygon" {
		return fmt.Errorf("place: a unit's geometry is a Polygon or MultiPolygon, not %q", shape.kind)
	}
	*g = Geometry{Polygons: shape.polygons}
	return nil
}
