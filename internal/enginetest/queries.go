package enginetest

import (
	"math/rand/v2"
	"slices"

	"safar/measure"
)

// Queries makes random queries over the facts of Data: all aggregates, up to four dimensions, fixed and free filters
// with values that occur and values that do not.
func Queries(seed uint64, n int, facts []measure.Fact) []measure.Query {
	r := rand.New(rand.NewPCG(seed, 2))
	out := make([]measure.Query, n)
	for i := range out {
		out[i] = query(r, facts)
	}
	return out
}

func query(r *rand.Rand, facts []measure.Fact) measure.Query {
	m := measure.Measure{ID: "random", Fact: pick(r, "stock", "stock", "moves", "hours", "nothing"),
		Agg: pick(r, measure.Sum, measure.Count, measure.Mean, measure.Ratio)}
	if m.Agg == measure.Ratio {
		m.Denominator = pick(r, "hours", "stock", "moves", "nothing")
		m.PerDims = [][]string{nil, {"place"}, {"place", "time"}, {"round", "breakdown"}}[r.IntN(4)]
	}
	q := measure.Query{Operation: Op, Measure: m, By: dimensions(r)}
	if r.IntN(20) == 0 {
		q.Operation = pick(r, "other", "none")
	}
	if r.IntN(3) == 0 {
		q.Activity = pick(r, "baseline", "registry", "none")
	}
	if r.IntN(3) == 0 {
		q.Round = 1 + r.IntN(4)
	}
	if r.IntN(4) == 0 {
		f := someFilter(r, facts)
		q.Measure.Where = map[string]string{f.Dim: f.In[0]}
	}
	for range r.IntN(3) {
		q.Where = append(q.Where, someFilter(r, facts))
	}
	return q
}

func dimensions(r *rand.Rand) []string {
	all := measure.Dimensions()
	var by []string
	for range r.IntN(5) {
		if d := all[r.IntN(len(all))]; !slices.Contains(by, d) {
			by = append(by, d)
		}
	}
	return by
}

// someFilter takes values from random facts, so that most filters keep something.
func someFilter(r *rand.Rand, facts []measure.Fact) measure.Filter {
	all := measure.Dimensions()
	f := measure.Filter{Dim: all[r.IntN(len(all))]}
	for range 1 + r.IntN(4) {
		f.In = append(f.In, measure.Value(&facts[r.IntN(len(facts))], f.Dim))
	}
	if r.IntN(4) == 0 {
		f.In = append(f.In, pick(r, "", "nowhere", "0", "01", "'; DROP TABLE facts; --", "99999999999"))
	}
	return f
}
