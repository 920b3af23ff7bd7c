package measure

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"safar/fault"
)

// Bounds on one query, so that a question cannot cost more than an answer is worth.
const (
	maxBy     = 8
	maxValues = 10_000
	// MaxRows bounds the observations one query may give.
	MaxRows = 1_000_000
)

// Aggregates of a measure.
const (
	Sum   = "sum"   // of values
	Count = "count" // of facts
	Mean  = "mean"  // of values, weighted by the facts' weights
	Ratio = "ratio" // sum of the values over the sum of the denominator's values
)

// Check says whether the query can be evaluated at all: known aggregate, known dimensions, bounded size. Whether its
// figures mean anything is Plan's question.
func (q Query) Check() error {
	m := q.Measure
	if !slices.Contains([]string{Sum, Count, Mean, Ratio}, m.Agg) {
		return fault.New(fault.MeasureAggregate, "measure", m.ID, "agg", m.Agg)
	}
	if m.Fact == "" || (m.Agg == Ratio) != (m.Denominator != "") {
		return fault.New(fault.MeasureIncomplete, "measure", m.ID)
	}
	if len(q.By) > maxBy {
		return fault.New(fault.MeasureTooMuch, "what", "dimensions", "limit", strconv.Itoa(maxBy))
	}
	for i, name := range q.By {
		if slices.Contains(q.By[:i], name) {
			return fault.New(fault.MeasureTwice, "dimension", name)
		}
	}
	values := 0
	for _, f := range q.Where {
		values += len(f.In)
	}
	if values > maxValues {
		return fault.New(fault.MeasureTooMuch, "what", "filter values", "limit", strconv.Itoa(maxValues))
	}
	return checkDimensions(slices.Concat(q.By, filtered(q), Expand(m.PerDims)))
}

func checkDimensions(names []string) error {
	for _, name := range names {
		if _, ok := find(name); !ok {
			return fault.New(fault.MeasureDimension, "dimension", name, "known", strings.Join(Dimensions(), ", "))
		}
	}
	return nil
}

func filtered(q Query) []string {
	names := slices.Sorted(maps.Keys(q.Measure.Where))
	for _, f := range q.Where {
		names = append(names, f.Dim)
	}
	return names
}

// Filters gives every filter of the query but operation, activity and round: the measure's fixed ones, the query's, and
// the one that keeps parts of a total out where the query does not speak of breakdowns.
func (q Query) Filters() []Filter {
	var out []Filter
	for _, dim := range slices.Sorted(maps.Keys(q.Measure.Where)) {
		out = append(out, Filter{Dim: dim, In: []string{q.Measure.Where[dim]}})
	}
	out = append(out, q.Where...)
	speaks := slices.Contains(q.By, "breakdown") || slices.ContainsFunc(out, func(f Filter) bool { return f.Dim == "breakdown" })
	if !speaks {
		out = append(out, Filter{Dim: "breakdown", In: []string{""}})
	}
	return out
}

// Part is one of the sums a query is made of; engines compute parts, Assemble makes observations of them.
type Part struct {
	Item    string
	By      []string // grouping of the part, a subset of the query's in the same order
	Filters []Filter
}

// Values is the part that aggregates the facts of the measure.
func (q Query) Values() Part {
	return Part{Item: q.Measure.Fact, By: q.By, Filters: q.Filters()}
}

// Divisor is the part that sums the denominator of a ratio: the same query over the dimensions the denominator carries.
func (q Query) Divisor() Part {
	carried := Expand(q.Measure.PerDims)
	if len(carried) == 0 {
		carried = Dimensions()
	}
	return q.over(q.Measure.Denominator, carried)
}

// Gaps is the part that counts records with a missing value: the same query over the dimensions missing values carry.
func (q Query) Gaps() Part { return q.over(q.Measure.Fact, MissingDimensions()) }

func (q Query) over(item string, dims []string) Part {
	cut := q
	cut.By = kept(q.By, dims)
	cut.Where = slices.DeleteFunc(slices.Clone(q.Where), func(f Filter) bool { return !slices.Contains(dims, f.Dim) })
	cut.Measure.Where = maps.Clone(q.Measure.Where)
	maps.DeleteFunc(cut.Measure.Where, func(dim, _ string) bool { return !slices.Contains(dims, dim) })
	return Part{Item: item, By: cut.By, Filters: cut.Filters()}
}

func kept(by, dims []string) []string {
	out := []string{}
	for _, name := range by {
		if slices.Contains(dims, name) {
			out = append(out, name)
		}
	}
	return out
}
