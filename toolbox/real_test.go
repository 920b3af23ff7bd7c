package toolbox_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"safar/form"
	"safar/measure"
	"safar/record"
	"safar/record/intake"
	"safar/sheet"
	"safar/toolbox"
)

// The published round of South Sudan, through suggested mapping, pack and measures, gives its published totals: people
// present in 10 states, 78 counties and 508 payams, zeros included, nothing beside the stock added to it.
func TestSouthSudanRoundGivesItsPublishedFigures(t *testing.T) {
	t.Parallel()
	name := filepath.Join("..", "..", "shared", "data", "mobility", "ssd_r11", "dtm_ssd_baseline_r11.xlsx")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Skip("shared data is not here")
	}
	box, dict := load(t)
	pack, err := box.Pack("baseline-sub-area")
	if err != nil {
		t.Fatal(err)
	}
	f, _, err := toolbox.Form(pack, pack.MainForm(), dict)
	if err != nil {
		t.Fatal(err)
	}
	book, err := sheet.OpenBytes(name, data, sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	mapping, _, err := intake.Suggest(intake.Input{Book: book, FileName: name, Dictionary: dict})
	if err != nil {
		t.Fatal(err)
	}
	plan, err := intake.Apply(mapping, book, f, dict, nil)
	if err != nil {
		t.Fatal(err)
	}
	facts := factsOf(t, pack, f, plan)
	for _, want := range []struct {
		measure, by string
		value       float64
		rows        int
	}{
		{"idp.ind", "adm0", 2017236, 1}, {"returnee.ind", "adm0", 1782803, 1},
		{"idp.ind", "adm1", 2017236, 10}, {"idp.ind", "adm2", 2017236, 78}, {"idp.ind", "adm3", 2017236, 508},
		{"returnee.ind", "adm3", 1782803, 508}, {"locations.assessed", "adm0", 3335, 1},
	} {
		m, _ := pack.Measure(want.measure)
		q := measure.Query{Operation: "south-sudan", Activity: pack.ID, Round: 11, Measure: m, By: []string{want.by}}
		observations, err := measure.Evaluate(facts, nil, q)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0.0
		for _, o := range observations {
			sum += o.Value
		}
		if sum != want.value || len(observations) != want.rows {
			t.Errorf("%s by %s: %.0f in %d rows, want %.0f in %d", want.measure, want.by, sum, len(observations), want.value, want.rows)
		}
	}
}

func factsOf(t *testing.T, pack *toolbox.Pack, f *form.Form, plan *intake.Plan) []measure.Fact {
	t.Helper()
	program, err := measure.Compile(pack.Measures, measure.Options{Forms: []*form.Form{f}})
	if err != nil {
		t.Fatal(err)
	}
	var facts []measure.Fact
	for row := range plan.Rows() {
		r := record.Record{
			ID: record.ID(row.Unit), Operation: "south-sudan", Activity: pack.ID, Round: 11, Form: f.ID, FormVersion: f.Version,
			Version: 1, Place: row.Place, CarriedFrom: row.CarriedFrom, Mapped: row.Items,
		}
		found, _, err := program.Extract(measure.Input{Record: r, Answers: row.Answers, Zone: time.UTC})
		if err != nil {
			t.Fatal(err)
		}
		facts = append(facts, found...)
	}
	return facts
}
