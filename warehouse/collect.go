package warehouse

import (
	"slices"

	"safar/measure"
)

// Collect reads the rows of a statement made by SQL and assembles the observations.
type Collect struct {
	q     measure.Query
	parts map[string][]string // mark -> dimensions the part groups by
	found map[string][]measure.Group

	mark                      string
	by                        []string
	values, weighted, weights string
	facts, records, carried   int64
}

// NewCollect begins to read the answer to a query.
func NewCollect(q measure.Query) *Collect {
	return &Collect{q: q, by: make([]string, len(q.By)), found: map[string][]measure.Group{},
		parts: map[string][]string{"v": q.Values().By, "d": q.Divisor().By, "m": q.Gaps().By}}
}

// Targets are the pointers that the next row is scanned into; Row then takes it.
func (c *Collect) Targets() []any {
	out := []any{&c.mark}
	for i := range c.by {
		out = append(out, &c.by[i])
	}
	return append(out, &c.values, &c.weighted, &c.weights, &c.facts, &c.records, &c.carried)
}

// Row takes the row that was just scanned.
func (c *Collect) Row() error {
	g := measure.Group{Facts: int(c.facts), Records: int(c.records), Carried: int(c.carried)}
	for i, dim := range c.q.By {
		if slices.Contains(c.parts[c.mark], dim) {
			g.By = append(g.By, c.by[i])
		}
	}
	for text, total := range map[*string]*measure.Total{&c.values: &g.Values, &c.weighted: &g.Weighted, &c.weights: &g.Weights} {
		var err error
		if *total, err = measure.ParseTotal(*text); err != nil {
			return err
		}
	}
	c.found[c.mark] = append(c.found[c.mark], g)
	return nil
}

// Observations gives the answer.
func (c *Collect) Observations() ([]measure.Observation, error) {
	return measure.Assemble(c.q, c.found["v"], c.found["d"], c.found["m"])
}
