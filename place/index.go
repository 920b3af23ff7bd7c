package place

import "math"

// NearM is how far outside a polygon, or from the point of a unit without polygon, a position still counts as near.
const NearM = 2000.0

const metresPerDegree = EarthRadiusM * radians

// shapeIndex answers which units of one layer hold a position. A coarse grid gives the polygons whose box is near; each
// polygon keeps its edges in bands of latitude, so that a question looks at a few edges only.
type shapeIndex struct {
	box        Box
	rows, cols int
	cells      [][]int32 // parts by row and column
	parts      []part
}

// part is one polygon of a unit, or the point of a unit that has no polygon.
type part struct {
	area   int32
	point  bool
	box    Box
	height float64 // of a band, in degrees
	bands  []int32 // band i has edges[bands[i]:bands[i+1]]
	edges  []edge
}

type edge struct{ a, b LatLon }

func newShapeIndex(r *Register, l layer) *shapeIndex {
	x := &shapeIndex{box: emptyBox()}
	from, to := r.span(l.country, l.level)
	for i := from; i < to; i++ {
		a := &r.areas[i]
		switch {
		case a.Geometry != nil && len(a.Geometry.Polygons) > 0:
			for _, polygon := range a.Geometry.Polygons {
				x.parts = append(x.parts, newPart(int32(i), polygon))
			}
		case a.Point != nil:
			x.parts = append(x.parts, part{area: int32(i), point: true, box: emptyBox().with(*a.Point)})
		}
	}
	for _, p := range x.parts {
		x.box = x.box.join(p.box)
	}
	x.fill()
	return x
}

func (b Box) join(o Box) Box {
	return Box{min(b.MinLat, o.MinLat), min(b.MinLon, o.MinLon), max(b.MaxLat, o.MaxLat), max(b.MaxLon, o.MaxLon)}
}

// grown is the box with a rim that is at least the given metres wide.
func (b Box) grown(metres float64) Box {
	dLat := metres / metresPerDegree
	farthest := max(math.Abs(b.MinLat), math.Abs(b.MaxLat)) + dLat
	dLon := dLat / max(0.01, math.Cos(min(farthest, 89.4)*radians))
	return Box{b.MinLat - dLat, b.MinLon - dLon, b.MaxLat + dLat, b.MaxLon + dLon}
}

func newPart(area int32, polygon Polygon) part {
	p := part{area: area, box: emptyBox()}
	n, climb := 0, 0.0
	for _, ring := range polygon {
		for i, v := range ring {
			p.box = p.box.with(v)
			if i > 0 {
				climb += math.Abs(v.Lat - ring[i-1].Lat)
			}
		}
		n += len(ring)
	}
	count := bandCount(n, climb, p.box.MaxLat-p.box.MinLat)
	p.height = max((p.box.MaxLat-p.box.MinLat)/float64(count), 1e-9)
	p.bands = make([]int32, count+1)
	each := func(visit func(band int, e edge)) {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				e := edge{ring[i-1], ring[i]}
				for band := p.band(min(e.a.Lat, e.b.Lat)); band <= p.band(max(e.a.Lat, e.b.Lat)); band++ {
					visit(band, e)
				}
			}
		}
	}
	each(func(band int, _ edge) { p.bands[band+1]++ })
	for i := range count {
		p.bands[i+1] += p.bands[i]
	}
	p.edges = make([]edge, p.bands[count])
	next := append([]int32(nil), p.bands...)
	each(func(band int, e edge) {
		p.edges[next[band]] = e
		next[band]++
	})
	return p
}

// bandCount is how many bands a polygon gets: about four corners to a band, fewer where long edges would fill many. An
// edge stands in every band that it passes, so the edges of all bands together stay below some seven times the corners.
func bandCount(corners int, climb, height float64) int {
	count := float64(min(corners/4, 4096))
	if climb > 0 {
		count = min(count, 5*float64(corners)*height/climb)
	}
	return max(int(count), 1)
}

// band gives the band of a latitude, the outermost ones for latitudes beyond the polygon.
func (p *part) band(lat float64) int {
	return min(max(int((lat-p.box.MinLat)/p.height), 0), len(p.bands)-2)
}

// holds is Geometry.Contains for one polygon, on the edges of one band.
func (p *part) holds(at LatLon) bool {
	if p.point || !p.box.Holds(at) {
		return false
	}
	band := p.band(at.Lat)
	inside := false
	for _, e := range p.edges[p.bands[band]:p.bands[band+1]] {
		if crosses(e.a, e.b, at) {
			inside = !inside
		}
	}
	return inside
}

// distance is how far at lies from the border or point in metres, exact up to NearM and infinite somewhere beyond it.
func (p *part) distance(at LatLon) float64 {
	plane := planeAt(at)
	if p.point {
		x, y := plane.xy(LatLon{p.box.MinLat, p.box.MinLon})
		return math.Hypot(x, y)
	}
	reach := NearM / metresPerDegree
	if at.Lat < p.box.MinLat-reach || at.Lat > p.box.MaxLat+reach {
		return math.Inf(1)
	}
	best := math.Inf(1)
	first, last := p.band(at.Lat-reach), p.band(at.Lat+reach)
	for _, e := range p.edges[p.bands[first]:p.bands[last+1]] {
		best = min(best, plane.toSegment(e))
	}
	return best
}

// plane is a local map round a position, in metres east and north; true to 0.1 % for tens of kilometres.
type plane struct {
	at       LatLon
	eastward float64
}

func planeAt(at LatLon) plane { return plane{at, math.Cos(at.Lat*radians) * metresPerDegree} }

func (p plane) xy(q LatLon) (x, y float64) {
	return (q.Lon - p.at.Lon) * p.eastward, (q.Lat - p.at.Lat) * metresPerDegree
}

// toSegment is the distance from the plane's origin to the edge.
func (p plane) toSegment(e edge) float64 {
	ax, ay := p.xy(e.a)
	bx, by := p.xy(e.b)
	dx, dy := bx-ax, by-ay
	t := 0.0
	if l := dx*dx + dy*dy; l > 0 {
		t = min(1, max(0, -(ax*dx+ay*dy)/l))
	}
	return math.Hypot(ax+t*dx, ay+t*dy)
}

// fill lays the grid and enters every part with its rim of NearM. Parts that overlap widely get a coarser grid, so that
// the entries stay in proportion to the parts.
func (x *shapeIndex) fill() {
	if len(x.parts) == 0 {
		return
	}
	x.box = x.box.grown(NearM)
	side := min(max(int(2*math.Sqrt(float64(len(x.parts)))), 16), 256)
	for {
		x.rows, x.cols = side, side
		entries := 0
		for i := range x.parts {
			fromRow, fromCol, toRow, toCol := x.covered(&x.parts[i])
			entries += (toRow - fromRow + 1) * (toCol - fromCol + 1)
		}
		if side == 1 || entries <= 64*len(x.parts)+4096 {
			break
		}
		side /= 2
	}
	x.cells = make([][]int32, side*side)
	for i := range x.parts {
		fromRow, fromCol, toRow, toCol := x.covered(&x.parts[i])
		for row := fromRow; row <= toRow; row++ {
			for col := fromCol; col <= toCol; col++ {
				x.cells[row*x.cols+col] = append(x.cells[row*x.cols+col], int32(i))
			}
		}
	}
}

// covered gives the cells that a part and its rim touch.
func (x *shapeIndex) covered(p *part) (fromRow, fromCol, toRow, toCol int) {
	rim := p.box.grown(NearM)
	fromRow, fromCol = x.cell(LatLon{rim.MinLat, rim.MinLon})
	toRow, toCol = x.cell(LatLon{rim.MaxLat, rim.MaxLon})
	return fromRow, fromCol, toRow, toCol
}

func (x *shapeIndex) cell(p LatLon) (row, col int) {
	row = int((p.Lat - x.box.MinLat) / (x.box.MaxLat - x.box.MinLat) * float64(x.rows))
	col = int((p.Lon - x.box.MinLon) / (x.box.MaxLon - x.box.MinLon) * float64(x.cols))
	return min(max(row, 0), x.rows-1), min(max(col, 0), x.cols-1)
}

// candidates gives the parts whose box, with its rim, may hold p.
func (x *shapeIndex) candidates(p LatLon) []int32 {
	if len(x.parts) == 0 || !x.box.Holds(p) {
		return nil
	}
	row, col := x.cell(p)
	return x.cells[row*x.cols+col]
}
