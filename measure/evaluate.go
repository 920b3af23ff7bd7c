package measure

import "slices"

// Evaluate answers a query from facts in memory, one at a time, in the plainest way: it is the oracle that the engines
// of the warehouse are held equal to. Rows are sorted by their group values.
func Evaluate(facts []Fact, missing []Missing, q Query) ([]Observation, error) {
	t, err := NewTally(q)
	if err != nil {
		return nil, err
	}
	for i := range facts {
		t.Fact(&facts[i])
	}
	for i := range missing {
		t.Missing(&missing[i])
	}
	return t.Observations()
}

// Tally answers one query over facts and missing values that come one after the other, in any order.
type Tally struct {
	q       Query
	values  *bag[Fact]
	divisor *bag[Fact] // nil unless the measure is a ratio
	gaps    *bag[Missing]
}

// NewTally begins a query.
func NewTally(q Query) (*Tally, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	t := &Tally{q: q, values: newBag(q.Values(), ofFact), gaps: newBag(q.Gaps(), ofMissing)}
	if q.Measure.Agg == Ratio {
		t.divisor = newBag(q.Divisor(), ofFact)
	}
	return t, nil
}

// Fact counts one fact, if the query wants it.
func (t *Tally) Fact(f *Fact) {
	if !t.q.holds(f.Op, f.Activity, f.Round) {
		return
	}
	for _, b := range []*bag[Fact]{t.values, t.divisor} {
		if b == nil || f.Item != b.item || !b.wants(f) {
			continue
		}
		g := b.group(f)
		g.Facts++
		g.Values.Add(f.Value)
		g.Weighted.Add(f.Value * f.Weight)
		g.Weights.Add(f.Weight)
		g.records[f.Record] = g.records[f.Record] || f.CarriedFrom > 0
	}
}

// Missing counts one missing value, if the query wants it.
func (t *Tally) Missing(m *Missing) {
	if !t.q.holds(m.Op, m.Activity, m.Round) || m.Item != t.gaps.item || !t.gaps.wants(m) {
		return
	}
	t.gaps.group(m).records[m.Record] = false
}

// Observations gives the answer so far.
func (t *Tally) Observations() ([]Observation, error) {
	var divisor []Group
	if t.divisor != nil {
		divisor = t.divisor.groups()
	}
	return Assemble(t.q, t.values.groups(), divisor, t.gaps.groups())
}

// holds says whether a row belongs to the query's operation, activity and round.
func (q Query) holds(op, activity string, round int) bool {
	return op == q.Operation && (q.Activity == "" || activity == q.Activity) && (q.Round == 0 || round == q.Round)
}

// bag collects the groups of one part.
type bag[T any] struct {
	item    string
	by      []func(*T) string
	filters []filter[T]
	found   map[string]*heap
	order   []*heap
}

type filter[T any] struct {
	of func(*T) string
	in []string
}

// heap is a group with the records seen in it; true marks a record with a carried value.
type heap struct {
	Group
	records map[string]bool
}

func ofFact(d dimension) func(*Fact) string       { return d.fact }
func ofMissing(d dimension) func(*Missing) string { return d.missing }

func newBag[T any](p Part, of func(dimension) func(*T) string) *bag[T] {
	b := &bag[T]{item: p.Item, found: map[string]*heap{}}
	for _, name := range p.By {
		d, _ := find(name)
		b.by = append(b.by, of(d))
	}
	for _, f := range p.Filters {
		d, _ := find(f.Dim)
		b.filters = append(b.filters, filter[T]{of: of(d), in: f.In})
	}
	return b
}

func (b *bag[T]) wants(row *T) bool {
	for _, f := range b.filters {
		if !slices.Contains(f.in, f.of(row)) {
			return false
		}
	}
	return true
}

func (b *bag[T]) group(row *T) *heap {
	values := make([]string, len(b.by))
	for i, of := range b.by {
		values[i] = of(row)
	}
	k := key(values)
	g := b.found[k]
	if g == nil {
		g = &heap{Group: Group{By: values}, records: map[string]bool{}}
		b.found[k] = g
		b.order = append(b.order, g)
	}
	return g
}

func (b *bag[T]) groups() []Group {
	out := make([]Group, len(b.order))
	for i, g := range b.order {
		out[i] = g.Group
		out[i].Records = len(g.records)
		out[i].Carried = 0
		for _, carried := range g.records {
			if carried {
				out[i].Carried++
			}
		}
	}
	return out
}

// Selector gives the test for the facts that a query's values are made of, whatever their group.
func Selector(q Query) (func(*Fact) bool, error) {
	if err := q.Check(); err != nil {
		return nil, err
	}
	b := newBag(q.Values(), ofFact)
	return func(f *Fact) bool {
		return q.holds(f.Op, f.Activity, f.Round) && f.Item == b.item && b.wants(f)
	}, nil
}

// Select gives the facts that a query's values are made of, in the order they came.
func Select(facts []Fact, q Query) ([]Fact, error) {
	keep, err := Selector(q)
	if err != nil {
		return nil, err
	}
	var out []Fact
	for i := range facts {
		if keep(&facts[i]) {
			out = append(out, facts[i])
		}
	}
	return out, nil
}
