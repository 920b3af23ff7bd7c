package measure_test

import (
	"strings"
	"testing"

	"safar/dictionary"
	"safar/fault"
	"safar/measure"
)

// pack is a small set with every sort of fact that rules speak of.
func pack() measure.Set {
	def := func(id, unit string, dims map[string]string) measure.FactDef {
		return measure.FactDef{ID: id, Form: "f", Value: "${n}", Unit: unit, Dims: dims}
	}
	return measure.Set{Facts: []measure.FactDef{
		def("idp", "ind", map[string]string{"category": "idp"}),
		def("idp", "ind", map[string]string{"category": "idp", "breakdown": "sex_age", "age_lo": "0", "age_hi": "17"}),
		def("idp", "ind", map[string]string{"category": "idp", "breakdown": "sex_age", "age_lo": "18", "age_hi": ""}),
		def("idp", "ind", map[string]string{"category": "idp", "breakdown": "fine", "age_lo": "0", "age_hi": "4"}),
		def("idp", "ind", map[string]string{"category": "idp", "breakdown": "fine", "age_lo": "0", "age_hi": "17"}),
		def("present", "ind", map[string]string{"category": "idp"}),
		def("present", "ind", map[string]string{"category": "returnee"}),
		def("mixed", "ind", map[string]string{"category": "${category}"}),
		def("both", "ind", nil),
		def("both", "hh", nil),
		def("moves", "movement", map[string]string{"category": "movement"}),
	}}
}

func TestWhatMayNeverBeAdded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		want   fault.Code
		change func(*measure.Query)
	}{
		{"one round of one tool", "", func(*measure.Query) {}},
		{"no operation", fault.NeverOperation, func(q *measure.Query) { q.Operation = "" }},
		{"all rounds of a stock", fault.NeverRound, func(q *measure.Query) { q.Round = 0 }},
		{"rounds kept apart", "", func(q *measure.Query) { q.Round, q.By = 0, []string{"round"} }},
		{"one round by filter", "", func(q *measure.Query) { q.Round, q.Where = 0, filter("round", "4") }},
		{"two rounds by filter", fault.NeverRound, func(q *measure.Query) { q.Round, q.Where = 0, filter("round", "4", "5") }},
		{"all tools", fault.NeverTool, func(q *measure.Query) { q.Activity = "" }},
		{"tools kept apart", "", func(q *measure.Query) { q.Activity, q.By = "", []string{"activity"} }},
		{"parent beside child", "", func(q *measure.Query) { q.By = []string{"adm1", "adm2"} }},
		{"total and parts", fault.NeverBreakdown, func(q *measure.Query) { q.Where = filter("breakdown", "", "sex_age") }},
		{"one breakdown", "", func(q *measure.Query) { q.Where = filter("breakdown", "sex_age") }},
		{"overlapping bands", fault.NeverAge, func(q *measure.Query) { q.Where = filter("breakdown", "fine") }},
		{"overlapping bands apart", "", func(q *measure.Query) {
			q.Where, q.By = filter("breakdown", "fine"), []string{"age_lo", "age_hi"}
		}},
		{"half of the edges", fault.NeverAge, func(q *measure.Query) {
			q.Where, q.By = filter("breakdown", "fine"), []string{"age_lo"}
		}},
		{"two categories", fault.NeverCategory, func(q *measure.Query) { q.Measure.Fact = "present" }},
		{"two categories that add up", "", func(q *measure.Query) {
			q.Measure.Fact, q.Measure.AddOver = "present", []string{"place", "category"}
		}},
		{"unknown categories", fault.NeverCategory, func(q *measure.Query) { q.Measure.Fact = "mixed" }},
		{"categories apart", "", func(q *measure.Query) { q.Measure.Fact, q.By = "mixed", []string{"category"} }},
		{"relocated with IDPs", fault.NeverCategory, func(q *measure.Query) {
			q.Measure.Fact, q.Measure.AddOver, q.Where = "mixed", []string{"category"}, filter("category", "idp", "relocated")
		}},
		{"part of a category", fault.NeverCategory, func(q *measure.Query) {
			q.Measure.Fact, q.Measure.AddOver, q.Where = "mixed", []string{"category"}, filter("category", "returnee", "returnee_abroad")
		}},
		{"arrived and fled", fault.NeverView, func(q *measure.Query) {
			q.Measure.Fact, q.Measure.AddOver, q.Where = "mixed", []string{"category"}, filter("category", "arrival_idp", "fled_idp")
		}},
		{"households and persons", fault.NeverUnit, func(q *measure.Query) { q.Measure.Fact = "both" }},
		{"movements as persons", fault.NeverPersons, func(q *measure.Query) { q.Measure.Fact, q.Measure.Kind = "moves", measure.Flow }},
		{"movements over periods", "", func(q *measure.Query) {
			q.Measure.Fact, q.Measure.Kind, q.Measure.Unit, q.Round = "moves", measure.Flow, "movement", 0
		}},
		{"declared", fault.NeverOver, func(q *measure.Query) { q.Measure.NeverOver = map[string]string{"date": "x"} }},
		{"declared, but there is only one", "", func(q *measure.Query) { q.Measure.NeverOver = map[string]string{"category": "x", "reason": "x"} }},
		{"declared with code", fault.NeverRound, func(q *measure.Query) {
			q.Measure.NeverOver, q.Measure.Kind, q.Round = map[string]string{"round": "measure.never_round"}, measure.Flow, 0
		}},
		{"unknown fact", fault.MeasureUnknownFact, func(q *measure.Query) { q.Measure.Fact = "none" }},
	} {
		q := sum()
		c.change(&q)
		dictionaryOf(t, func(categories []dictionary.Category) {
			err := measure.Plan(pack(), q, categories...)
			if fault.CodeOf(err) != c.want || (err != nil) != (c.want != "") {
				t.Errorf("%s: %v", c.name, err)
			}
			if err != nil && strings.Contains(err.Error(), "{") {
				t.Errorf("%s: hole in the message: %v", c.name, err)
			}
		})
	}
}

func filter(dim string, in ...string) []measure.Filter { return []measure.Filter{{Dim: dim, In: in}} }

func dictionaryOf(t *testing.T, use func([]dictionary.Category)) {
	t.Helper()
	d, err := dictionary.Default()
	if err != nil {
		t.Fatal(err)
	}
	use(d.Categories())
}

func TestTwoFiguresThatMayNotBeAdded(t *testing.T) {
	t.Parallel()
	for want, change := range map[fault.Code]func(*measure.Query){
		"":                   func(q *measure.Query) { q.Measure.ID = "returnee.ind" },
		fault.NeverOperation: func(q *measure.Query) { q.Operation = "other" },
		fault.NeverTool:      func(q *measure.Query) { q.Activity = "other" },
		fault.NeverRound:     func(q *measure.Query) { q.Round = 2 },
		fault.NeverLevel:     func(q *measure.Query) { q.By = []string{"adm2"} },
		fault.NeverPersons:   func(q *measure.Query) { q.Measure.Kind = measure.Flow },
		fault.NeverUnit:      func(q *measure.Query) { q.Measure.Unit = "hh" },
		fault.NeverOver:      func(q *measure.Query) { q.Measure.Agg = measure.Mean },
		fault.NeverCategory:  func(q *measure.Query) { q.Where = filter("category", "relocated") },
		fault.NeverView:      func(q *measure.Query) { q.Where = filter("category", "fled_idp") },
	} {
		a, b := sum("adm1"), sum("adm1")
		a.Where = filter("category", "idp")
		change(&b)
		err := measure.Addable(a, b)
		if fault.CodeOf(err) != want || (err != nil) != (want != "") {
			t.Errorf("%q: %v", want, err)
		}
	}
}
