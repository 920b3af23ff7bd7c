// Package disclose keeps people from being recognised in published tables: which cells of a table are withheld, and why.
//
// The method is the first form of the protection policy: small cells at and below a level are withheld, and where one
// withheld cell could be computed from a published total and its published siblings, the smallest sibling is withheld
// with it. The full method (attack check between releases, controlled rounding) builds on the same values.
package disclose

import "sort"

// Policy names the thresholds. Its ID goes into a release's manifest.
type Policy struct {
	ID            string  `json:"id"`
	FromLevel     int     `json:"from_level"`     // the first administrative level at which small cells are withheld
	MinPersons    float64 `json:"min_persons"`    // a cell of 1 up to this many persons (exclusive) is small
	MinHouseholds float64 `json:"min_households"` // the same for households
}

// Default is the policy of domain section 19.4: fewer than 5 people or 3 households at adm3 or below.
func Default() Policy {
	return Policy{ID: "small-cells-1", FromLevel: 3, MinPersons: 5, MinHouseholds: 3}
}

// Reason says why a cell is withheld.
type Reason string

// The reasons.
const (
	Small     Reason = "small"     // few people
	Linked    Reason = "linked"    // the same people in another unit are withheld (households beside individuals)
	Secondary Reason = "secondary" // it would give a withheld sibling away
	Inherited Reason = "inherited" // it would give its withheld parent away
	Sole      Reason = "sole"      // a total of one part: it would give that part away
)

// Cell is one number of one additive measure for one area.
type Cell struct {
	Measure string
	Area    string
	Parent  string // area of the total it adds up to; "" when that total is not published
	Level   int
	Unit    string // "ind" or "hh"; other units are never small
	Group   string // cells of one Group and Area speak of the same people
	Value   float64
}

type key struct{ measure, area string }

// Protect gives the withheld cells as measure -> area -> reason. Cells that are zero are published: they tell of nobody.
func Protect(cells []Cell, p Policy) map[string]map[string]Reason {
	t := newTable(cells)
	for i := range cells {
		if t.small(cells[i], p) {
			t.withhold(i, Small)
		}
	}
	for changed := true; changed; {
		changed = t.link() || t.secondary() || t.inherit()
	}
	return t.result()
}

// table is the working state: cells by family (measure and parent) and what is withheld so far.
type table struct {
	cells    []Cell
	index    map[key]int
	children map[key][]int // by measure and parent area
	people   map[key][]int // by group and area
	families []key         // the keys of children, sorted: the order of the walk decides ties, so it must not vary
	groups   []key         // the keys of people, sorted
	withheld map[int]Reason
}

func newTable(cells []Cell) *table {
	t := &table{cells: cells, index: map[key]int{}, children: map[key][]int{}, people: map[key][]int{}, withheld: map[int]Reason{}}
	for i, c := range cells {
		t.index[key{c.Measure, c.Area}] = i
		if c.Parent != "" {
			t.children[key{c.Measure, c.Parent}] = append(t.children[key{c.Measure, c.Parent}], i)
		}
		if c.Group != "" {
			t.people[key{c.Group, c.Area}] = append(t.people[key{c.Group, c.Area}], i)
		}
	}
	t.families, t.groups = sorted(t.children), sorted(t.people)
	return t
}

func sorted(m map[key][]int) []key {
	keys := make([]key, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(a, b int) bool {
		if keys[a].measure != keys[b].measure {
			return keys[a].measure < keys[b].measure
		}
		return keys[a].area < keys[b].area
	})
	return keys
}

func (t *table) small(c Cell, p Policy) bool {
	if c.Level < p.FromLevel || c.Value <= 0 {
		return false
	}
	return (c.Unit == "ind" && c.Value < p.MinPersons) || (c.Unit == "hh" && c.Value < p.MinHouseholds)
}

func (t *table) withhold(i int, why Reason) bool {
	if _, already := t.withheld[i]; already || t.cells[i].Value == 0 && why != Secondary && why != Inherited {
		return false
	}
	t.withheld[i] = why
	return true
}

// link withholds households where individuals are withheld, and the other way round.
func (t *table) link() bool {
	changed := false
	for _, k := range t.groups {
		group := t.people[k]
		hidden := false
		for _, i := range group {
			_, is := t.withheld[i]
			hidden = hidden || is
		}
		if !hidden {
			continue
		}
		for _, i := range group {
			changed = t.withhold(i, Linked) || changed
		}
	}
	return changed
}

// secondary finds families with a published total and exactly one withheld child, and withholds its smallest sibling; an
// only child takes the total with it.
func (t *table) secondary() bool {
	changed := false
	for _, family := range t.families {
		members := t.children[family]
		parent, published := t.index[key{family.measure, family.area}]
		if !published {
			continue
		}
		if _, hidden := t.withheld[parent]; hidden {
			continue
		}
		if t.countWithheld(members) == 1 {
			if i, ok := t.smallest(members); ok {
				changed = t.withhold(i, Secondary) || changed
			} else {
				changed = t.withhold(parent, Sole) || changed
			}
		}
	}
	return changed
}

// inherit finds withheld totals whose children are all published, and withholds the smallest child.
func (t *table) inherit() bool {
	changed := false
	for _, family := range t.families {
		members := t.children[family]
		parent, exists := t.index[key{family.measure, family.area}]
		if !exists {
			continue
		}
		if _, hidden := t.withheld[parent]; !hidden || t.countWithheld(members) > 0 {
			continue
		}
		if i, ok := t.smallest(members); ok {
			changed = t.withhold(i, Inherited) || changed
		}
	}
	return changed
}

func (t *table) countWithheld(members []int) int {
	n := 0
	for _, i := range members {
		if _, hidden := t.withheld[i]; hidden {
			n++
		}
	}
	return n
}

// smallest picks the published member with the least value: one that is not zero if there is any, since a reader often
// knows where nobody is. Equal values are decided by area code, so that the result is always the same.
func (t *table) smallest(members []int) (int, bool) {
	var open []int
	for _, i := range members {
		if _, hidden := t.withheld[i]; !hidden {
			open = append(open, i)
		}
	}
	sort.Slice(open, func(a, b int) bool {
		x, y := t.cells[open[a]], t.cells[open[b]]
		if (x.Value == 0) != (y.Value == 0) {
			return y.Value == 0
		}
		if x.Value != y.Value {
			return x.Value < y.Value
		}
		return x.Area < y.Area
	})
	if len(open) == 0 {
		return 0, false
	}
	return open[0], true
}

func (t *table) result() map[string]map[string]Reason {
	out := map[string]map[string]Reason{}
	for i, why := range t.withheld {
		c := t.cells[i]
		if out[c.Measure] == nil {
			out[c.Measure] = map[string]Reason{}
		}
		out[c.Measure][c.Area] = why
	}
	return out
}
