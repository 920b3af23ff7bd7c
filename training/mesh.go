package training

import (
	"container/heap"
	"math"
	"math/rand/v2"
	"slices"

	"safar/place"
)

// Where the practice country lies: open ocean, so that no map takes it for a real one.
const (
	middleLat = -12.0
	middleLon = 83.0
	side      = 0.06 // degrees, side of a cell
)

// spot is a corner or middle of the mesh in its own whole numbers: x in half cell widths, y in half sides.
type spot struct{ x, y int }

// mesh is a country made of six-sided cells. Three cells meet in every corner, so the outline of a group of cells never
// touches itself, and two neighbours share every point of their border.
type mesh struct {
	seed  uint64
	cells []spot       // middles
	at    map[spot]int // cell by middle
}

// corners and across go together: the edge from corner k to corner k+1 has the cell at across[k] behind it. Both run
// against the clock.
func corners() [6]spot {
	return [6]spot{{1, -1}, {1, 1}, {0, 2}, {-1, 1}, {-1, -1}, {0, -2}}
}

func across() [6]spot {
	return [6]spot{{2, 0}, {1, 3}, {-1, 3}, {-2, 0}, {-1, -3}, {1, -3}}
}

// newMesh makes a country of about so many cells with a ragged coast.
func newMesh(seed uint64, cells int, rng *rand.Rand) *mesh {
	m := &mesh{seed: seed, at: map[spot]int{}}
	a, b, c := rng.Float64()*6, rng.Float64()*6, rng.Float64()*6
	type near struct {
		spot
		far float64
	}
	var all []near
	reach := int(math.Sqrt(float64(cells))) + 4
	for row := -reach; row <= reach; row++ {
		for column := -reach; column <= reach; column++ {
			s := spot{2*column + row&1, 3 * row}
			x, y := float64(s.x)*math.Sqrt(3), float64(s.y)
			t := math.Atan2(y, x)
			all = append(all, near{s, math.Hypot(x, y*1.25) / (1 + 0.16*math.Sin(2*t+a) + 0.12*math.Sin(3*t+b) + 0.07*math.Sin(5*t+c))})
		}
	}
	slices.SortStableFunc(all, func(p, q near) int {
		if p.far < q.far {
			return -1
		}
		return 1
	})
	for _, s := range all[:min(cells, len(all))] {
		m.at[s.spot] = len(m.cells)
		m.cells = append(m.cells, s.spot)
	}
	m.keep(m.grow([]int{0}, nil, rng))
	return m
}

// keep leaves only the cells that were reached.
func (m *mesh) keep(owner map[int]int) {
	var kept []spot
	for i, s := range m.cells {
		if _, reached := owner[i]; reached {
			kept = append(kept, s)
		}
	}
	m.cells, m.at = kept, map[spot]int{}
	for i, s := range kept {
		m.at[s] = i
	}
}

// neighbours gives the cell behind each side, -1 for the sea.
func (m *mesh) neighbours(cell int) [6]int {
	var out [6]int
	for k, d := range across() {
		s := m.cells[cell]
		next, ok := m.at[spot{s.x + d.x, s.y + d.y}]
		if out[k] = next; !ok {
			out[k] = -1
		}
	}
	return out
}

// step is a cell on its way to an owner.
type step struct {
	cost        float64
	cell, owner int
}

type steps []step

func (s steps) Len() int { return len(s) }
func (s steps) Less(i, j int) bool {
	return s[i].cost < s[j].cost || s[i].cost == s[j].cost && s[i].cell < s[j].cell
}
func (s steps) Swap(i, j int) { s[i], s[j] = s[j], s[i] }
func (s *steps) Push(x any)   { *s = append(*s, x.(step)) }
func (s *steps) Pop() any {
	old := *s
	last := old[len(old)-1]
	*s = old[:len(old)-1]
	return last
}

// grow gives each cell of a group to the seed that reaches it most cheaply over ground of random roughness, so that every
// share is in one piece. A nil group means all cells.
func (m *mesh) grow(seeds []int, group map[int]bool, rng *rand.Rand) map[int]int {
	rough := make(map[int]float64)
	for cell := range m.cells {
		if group == nil || group[cell] {
			rough[cell] = 1 + 0.9*rng.Float64()
		}
	}
	owner := map[int]int{}
	var open steps
	for i, cell := range seeds {
		open = append(open, step{0, cell, i})
	}
	heap.Init(&open)
	for open.Len() > 0 {
		s := heap.Pop(&open).(step)
		if _, taken := owner[s.cell]; taken {
			continue
		}
		owner[s.cell] = s.owner
		for _, next := range m.neighbours(s.cell) {
			if cost, inside := rough[next]; inside {
				heap.Push(&open, step{s.cost + cost, next, s.owner})
			}
		}
	}
	return owner
}

// divide splits a group of cells into so many pieces of similar size, each in one piece. cells are sorted.
func (m *mesh) divide(cells []int, pieces int, rng *rand.Rand) [][]int {
	pieces = max(1, min(pieces, len(cells)))
	seeds := m.apart(one(rng, cells), cells, pieces)
	group := make(map[int]bool, len(cells))
	for _, cell := range cells {
		group[cell] = true
	}
	owner := m.grow(seeds, group, rng)
	out := make([][]int, pieces)
	for _, cell := range cells {
		out[owner[cell]] = append(out[owner[cell]], cell)
	}
	return out
}

// apart chooses so many cells that lie far from each other, each the farthest from those before it.
func (m *mesh) apart(first int, cells []int, n int) []int {
	chosen := []int{first}
	nearest := make([]float64, len(cells))
	for i := range nearest {
		nearest[i] = math.Inf(1)
	}
	for len(chosen) < n {
		best := 0
		for i, cell := range cells {
			nearest[i] = min(nearest[i], m.between(cell, chosen[len(chosen)-1]))
			if nearest[i] > nearest[best] {
				best = i
			}
		}
		chosen = append(chosen, cells[best])
	}
	return chosen
}

func (m *mesh) between(a, b int) float64 {
	p, q := m.cells[a], m.cells[b]
	return math.Hypot(float64(p.x-q.x)*math.Sqrt(3), float64(p.y-q.y))
}

// dice gives two numbers in -1..1 that belong to one spot or edge for ever.
func (m *mesh) dice(a, b spot) (float64, float64) {
	h := m.seed
	for _, v := range []int{a.x, a.y, b.x, b.y} {
		h = (h ^ uint64(int64(v))) * 0x9E3779B97F4A7C15
		h ^= h >> 29
	}
	h *= 0xBF58476D1CE4E5B9
	h ^= h >> 32
	return float64(h&0xFFFF)/32767.5 - 1, float64(h>>16&0xFFFF)/32767.5 - 1
}

// corner is the position of a corner, moved a little off the regular mesh.
func (m *mesh) corner(s spot) place.LatLon {
	dx, dy := m.dice(s, s)
	return place.LatLon{
		Lat: middleLat + side*(float64(s.y)/2+0.2*dy),
		Lon: middleLon + side*(float64(s.x)*math.Sqrt(3)/2+0.2*dx),
	}
}

// edge gives the positions from one corner up to, not including, the next; both neighbours get the same ones.
func (m *mesh) edge(from, to spot) []place.LatLon {
	turned := from.y > to.y || from.y == to.y && from.x > to.x
	a, b := from, to
	if turned {
		a, b = b, a
	}
	p, q := m.corner(a), m.corner(b)
	first, second := m.dice(a, b)
	third, _ := m.dice(b, a)
	mid := bend(p, q, 0.13*first)
	line := []place.LatLon{p, bend(p, mid, 0.12*second), mid, bend(mid, q, 0.12*third), q}
	if turned {
		slices.Reverse(line)
	}
	line = line[:4]
	for i := range line {
		line[i] = place.LatLon{Lat: metre(line[i].Lat), Lon: metre(line[i].Lon)}
	}
	return line
}

// bend is the middle of a line, moved sideways by a share of its length.
func bend(p, q place.LatLon, by float64) place.LatLon {
	return place.LatLon{Lat: (p.Lat+q.Lat)/2 + by*(q.Lon-p.Lon), Lon: (p.Lon+q.Lon)/2 - by*(q.Lat-p.Lat)}
}

// metre rounds degrees to about one metre.
func metre(degrees float64) float64 { return math.Round(degrees*1e5) / 1e5 }

// outline draws the border of a group of cells that hangs together: the outer ring, then those of holes.
func (m *mesh) outline(cells []int) *place.Geometry {
	group := make(map[int]bool, len(cells))
	for _, cell := range cells {
		group[cell] = true
	}
	next := map[spot]spot{}
	var starts []spot
	for _, cell := range cells {
		middle, beyond := m.cells[cell], m.neighbours(cell)
		for k, d := range corners() {
			if !group[beyond[k]] {
				e := corners()[(k+1)%6]
				from := spot{middle.x + d.x, middle.y + d.y}
				next[from] = spot{middle.x + e.x, middle.y + e.y}
				starts = append(starts, from)
			}
		}
	}
	var polygon place.Polygon
	done := map[spot]bool{}
	for _, start := range starts {
		if !done[start] {
			polygon = append(polygon, m.ring(start, next, done))
		}
	}
	slices.SortStableFunc(polygon, func(a, b place.Ring) int { return len(b) - len(a) })
	return &place.Geometry{Polygons: []place.Polygon{polygon}}
}

func (m *mesh) ring(start spot, next map[spot]spot, done map[spot]bool) place.Ring {
	var ring place.Ring
	for at := start; !done[at]; at = next[at] {
		done[at] = true
		ring = append(ring, m.edge(at, next[at])...)
	}
	return append(ring, ring[0])
}

// inside is a position near the middle of a cell.
func (m *mesh) inside(cell int, rng *rand.Rand) place.LatLon {
	var p place.LatLon
	for _, d := range corners() {
		c := m.corner(spot{m.cells[cell].x + d.x, m.cells[cell].y + d.y})
		p.Lat, p.Lon = p.Lat+c.Lat/6, p.Lon+c.Lon/6
	}
	return place.LatLon{
		Lat: metre(p.Lat + 0.3*side*(rng.Float64()-0.5)),
		Lon: metre(p.Lon + 0.3*side*(rng.Float64()-0.5)),
	}
}

// onCoast says whether a cell lies at the border of the country.
func (m *mesh) onCoast(cell int) bool {
	beyond := m.neighbours(cell)
	return slices.Contains(beyond[:], -1)
}
