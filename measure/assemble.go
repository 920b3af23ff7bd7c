package measure

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"safar/fault"
)

// Group is one row of a part: the sums over the facts, or the missing values, of one combination of dimensions.
type Group struct {
	By       []string // values of the part's By
	Values   Total    // sum of values
	Weighted Total    // sum of value times weight; only where the aggregate is mean
	Weights  Total    // sum of weights; only where the aggregate is mean
	Facts    int      // rows
	Records  int      // distinct records
	Carried  int      // distinct records with a value carried over
}

// Assemble makes observations of the groups that an engine computed for the query's parts: Values, Divisor (only for a
// ratio) and Gaps. A group that has missing values and no fact is a row without value, so that a place whose figures
// are all missing does not vanish.
func Assemble(q Query, values, divisor, gaps []Group) ([]Observation, error) {
	if len(values) > MaxRows {
		return nil, fault.New(fault.MeasureTooMuch, "what", "rows", "limit", strconv.Itoa(MaxRows))
	}
	divisors, missing := index(divisor), index(gaps)
	perPick, gapPick := picker(q.By, q.Divisor().By), picker(q.By, q.Gaps().By)
	out := make([]Observation, 0, len(values))
	seen := make(map[string]bool, len(values))
	for _, g := range values {
		o := Observation{By: append([]string{}, g.By...), Value: value(q.Measure.Agg, g, divisors[perPick(g.By)]), N: g.Records, Carried: g.Carried}
		o.Missing = missing[gapPick(g.By)].Records
		seen[key(g.By)] = true
		out = append(out, o)
	}
	if len(q.Gaps().By) == len(q.By) {
		for _, g := range gaps {
			if !seen[key(g.By)] {
				out = append(out, Observation{By: append([]string{}, g.By...), Value: math.NaN(), Missing: g.Records})
			}
		}
	}
	Sort(q.By, out)
	return out, nil
}

func value(agg string, g, divisor Group) float64 {
	switch agg {
	case Count:
		return float64(g.Facts)
	case Mean:
		return g.Weighted.Over(g.Weights)
	case Ratio:
		return g.Values.Over(divisor.Values)
	default:
		return g.Values.Float()
	}
}

func index(groups []Group) map[string]Group {
	m := make(map[string]Group, len(groups))
	for _, g := range groups {
		m[key(g.By)] = g
	}
	return m
}

// picker gives a function that takes the values of by and gives the key of those that part groups by.
func picker(by, part []string) func([]string) string {
	at := make([]int, len(part))
	for i, name := range part {
		at[i] = slices.Index(by, name)
	}
	return func(values []string) string {
		picked := make([]string, len(at))
		for i, j := range at {
			picked[i] = values[j]
		}
		return key(picked)
	}
}

// key joins group values by a byte that no dimension value holds: facts are refused that do.
func key(values []string) string { return strings.Join(values, "\x00") }

// Known says whether the observation has a value at all.
func (o Observation) Known() bool { return !math.IsNaN(o.Value) }

// observation is the JSON form of an Observation.
type observation struct {
	By      []string `json:"by"`
	Value   *float64 `json:"value"`
	N       int      `json:"n"`
	Missing int      `json:"missing"`
	Carried int      `json:"carried"`
}

// MarshalJSON writes a value that is not known as null.
func (o Observation) MarshalJSON() ([]byte, error) {
	out := observation{By: o.By, N: o.N, Missing: o.Missing, Carried: o.Carried}
	if o.Known() {
		out.Value = &o.Value
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (o *Observation) UnmarshalJSON(text []byte) error {
	var in observation
	if err := json.Unmarshal(text, &in); err != nil {
		return err
	}
	*o = Observation{By: in.By, Value: math.NaN(), N: in.N, Missing: in.Missing, Carried: in.Carried}
	if in.Value != nil {
		o.Value = *in.Value
	}
	return nil
}
