package measure_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"safar/fault"
	"safar/measure"
)

func fact(record, adm1 string, value float64) measure.Fact {
	return measure.Fact{Op: "op", Activity: "a", Round: 1, Record: record, Item: "idp", Adm: [5]string{"XSF", adm1}, Value: value, Weight: 1, Unit: "ind"}
}

func sum(by ...string) measure.Query {
	return measure.Query{Operation: "op", Activity: "a", Round: 1, By: by, Measure: measure.Measure{ID: "idp.ind", Fact: "idp", Agg: measure.Sum, Unit: "ind", Kind: measure.Stock}}
}

func evaluate(t *testing.T, q measure.Query, facts []measure.Fact, missing ...measure.Missing) string {
	t.Helper()
	rows, err := measure.Evaluate(facts, missing, q)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(rows)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func same(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
}

func TestZerosAreRowsAndMissingIsCounted(t *testing.T) {
	t.Parallel()
	carried := fact("r4", "B", 3)
	carried.CarriedFrom = 1
	facts := []measure.Fact{fact("r1", "A", 0), fact("r2", "B", 2), fact("r2", "B", 5), carried}
	gap := measure.Missing{Op: "op", Activity: "a", Round: 1, Record: "r3", Item: "idp", Adm: [5]string{"XSF", "A"}}
	only := gap
	only.Record, only.Adm[1] = "r5", "C"
	same(t, evaluate(t, sum("adm1"), facts, gap, gap, only),
		`[{"by":["A"],"value":0,"n":1,"missing":1,"carried":0},{"by":["B"],"value":10,"n":2,"missing":0,"carried":1},{"by":["C"],"value":null,"n":0,"missing":1,"carried":0}]`)
	same(t, evaluate(t, sum(), facts, gap, only), `[{"by":[],"value":10,"n":3,"missing":2,"carried":1}]`)
	same(t, evaluate(t, sum(), nil), `[]`)
}

func TestPartsNeverJoinTheirTotal(t *testing.T) {
	t.Parallel()
	part := fact("r1", "A", 4)
	part.Breakdown, part.Sex = "sex", "f"
	facts := []measure.Fact{fact("r1", "A", 10), part}
	same(t, evaluate(t, sum(), facts), `[{"by":[],"value":10,"n":1,"missing":0,"carried":0}]`)
	same(t, evaluate(t, sum("breakdown", "sex"), facts),
		`[{"by":["",""],"value":10,"n":1,"missing":0,"carried":0},{"by":["sex","f"],"value":4,"n":1,"missing":0,"carried":0}]`)
	q := sum()
	q.Where = []measure.Filter{{Dim: "breakdown", In: []string{"sex"}}}
	same(t, evaluate(t, q, facts), `[{"by":[],"value":4,"n":1,"missing":0,"carried":0}]`)
}

func TestRatioDividesByWhatItsDenominatorCarries(t *testing.T) {
	t.Parallel()
	move := func(direction string, value float64) measure.Fact {
		f := fact("m"+direction, "A", value)
		f.Item, f.Direction, f.Point = "moves", direction, "p1"
		return f
	}
	hours := fact("s", "A", 8)
	hours.Item, hours.Point = "hours", "p1"
	lonely := move("out", 5)
	lonely.Point = "p2"
	q := sum("point", "direction")
	q.Measure = measure.Measure{ID: "hourly", Fact: "moves", Agg: measure.Ratio, Denominator: "hours", PerDims: []string{"place"}}
	same(t, evaluate(t, q, []measure.Fact{move("in", 16), move("out", 4), hours, lonely}),
		`[{"by":["p1","in"],"value":2,"n":1,"missing":0,"carried":0},{"by":["p1","out"],"value":0.5,"n":1,"missing":0,"carried":0},{"by":["p2","out"],"value":null,"n":1,"missing":0,"carried":0}]`)
}

func TestMeanIsWeighted(t *testing.T) {
	t.Parallel()
	a, b := fact("a", "A", 1), fact("b", "A", 0)
	a.Weight, b.Weight = 3, 1
	q := sum()
	q.Measure.Agg = measure.Mean
	same(t, evaluate(t, q, []measure.Fact{a, b}), `[{"by":[],"value":0.75,"n":2,"missing":0,"carried":0}]`)
	a.Weight, b.Weight = 0, 0
	same(t, evaluate(t, q, []measure.Fact{a, b}), `[{"by":[],"value":null,"n":2,"missing":0,"carried":0}]`)
}

func TestSumDoesNotDependOnOrder(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	values := make([]float64, 2000)
	for i := range values {
		values[i] = (r.Float64() - 0.5) * math.Pow(10, float64(r.IntN(13)))
	}
	add := func() float64 {
		var t measure.Total
		for _, v := range values {
			t.Add(v)
		}
		return t.Float()
	}
	first := add()
	for range 20 {
		r.Shuffle(len(values), func(i, j int) { values[i], values[j] = values[j], values[i] })
		if again := add(); again != first {
			t.Fatalf("%v and %v", first, again)
		}
	}
	var big measure.Total
	for range 40 {
		big.Add(1e12)
	}
	if big.Float() != 4e13 {
		t.Errorf("large sum %v", big.Float())
	}
}

func TestRoundsSortAsNumbers(t *testing.T) {
	t.Parallel()
	q := sum("round")
	q.Round = 0
	var facts []measure.Fact
	for _, n := range []int{10, 9, 2} {
		f := fact("r", "A", 1)
		f.Round = n
		facts = append(facts, f)
	}
	rows, err := measure.Evaluate(facts, nil, q)
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	for _, row := range rows {
		order = append(order, row.By[0])
	}
	if !slices.Equal(order, []string{"2", "9", "10"}) {
		t.Error(order)
	}
}

func TestWeekAndMonth(t *testing.T) {
	t.Parallel()
	for date, want := range map[string]string{"2024-12-30": "2025-W01 2024-12", "2021-01-03": "2020-W53 2021-01", "": " ", "2024": " 2024"} {
		if got := measure.Week(date) + " " + measure.Month(date); got != want {
			t.Errorf("%s: %s instead of %s", date, got, want)
		}
	}
}

func TestQueriesThatCannotBeEvaluated(t *testing.T) {
	t.Parallel()
	for want, change := range map[fault.Code]func(*measure.Query){
		fault.MeasureAggregate:  func(q *measure.Query) { q.Measure.Agg = "median" },
		fault.MeasureIncomplete: func(q *measure.Query) { q.Measure.Agg = measure.Ratio },
		fault.MeasureDimension:  func(q *measure.Query) { q.By = []string{"village"} },
		fault.MeasureTwice:      func(q *measure.Query) { q.By = []string{"adm1", "adm1"} },
		fault.MeasureTooMuch:    func(q *measure.Query) { q.Where = []measure.Filter{{Dim: "site", In: make([]string, 20_000)}} },
	} {
		q := sum()
		change(&q)
		if _, err := measure.Evaluate(nil, nil, q); fault.CodeOf(err) != want {
			t.Errorf("%s: %v", want, err)
		} else if strings.Contains(err.Error(), "{") {
			t.Error(err)
		}
	}
}

func TestObservationAsJSON(t *testing.T) {
	t.Parallel()
	for _, o := range []measure.Observation{{By: []string{"A"}, Value: 2.5, N: 1}, {Value: math.NaN(), Missing: 2}} {
		text, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		var back measure.Observation
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if back.Known() != o.Known() || back.Known() && back.Value != o.Value || back.Missing != o.Missing {
			t.Errorf("%+v came back as %+v", o, back)
		}
	}
}
