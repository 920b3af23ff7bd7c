package intake_test

import (
	"strconv"
	"testing"

	"safar/record/intake"
	"safar/toolbox"
)

// The packs of the toolbox ask what published rounds carry: every mapped column of the real round has its question.
func TestSouthSudanAnswersTheFormOfThePack(t *testing.T) {
	t.Parallel()
	book, name, sum := realFile(t, "mobility", "ssd_r11", "dtm_ssd_baseline_r11.xlsx")
	d := theDictionary(t)
	box, err := toolbox.Default()
	if err != nil {
		t.Fatal(err)
	}
	var tools []intake.Tool
	for _, p := range box.Packs() {
		for _, info := range p.Forms {
			f, problems, err := toolbox.Form(p, info.ID, d)
			if err != nil || len(problems) > 0 {
				t.Fatal(err, problems)
			}
			tools = append(tools, intake.Tool{ID: p.ID, Form: f})
		}
	}
	m, notes, err := intake.Suggest(intake.Input{Book: book, FileName: name, SHA256: sum, Dictionary: d, Tools: tools})
	if err != nil || len(notes) > 0 || m.Tool != "baseline-sub-area" || m.Form != "" {
		t.Fatal(m.Tool, m.Form, notes, err)
	}
	f := tools[0].Form
	plan, err := intake.Apply(m, book, f, d, nil)
	if err != nil {
		t.Fatal(err)
	}
	index, idps := f.Index(), 0
	for row, errs := range plan.Rows() {
		for _, e := range errs {
			t.Errorf("%v", e)
		}
		for _, n := range row.Answers.Find(index.Path(f.Element("m0310_loc_num_idp_ind"))) {
			v, _ := strconv.Atoi(n.Text)
			idps += v
		}
		for _, item := range row.Items {
			if row.Number == 2 && index.Element(item) == nil {
				t.Logf("no question for %s", item)
			}
		}
	}
	if idps != 2017236 {
		t.Errorf("%d IDPs under the form's question", idps)
	}
}
