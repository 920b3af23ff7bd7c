package workflow_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"safar/measure"
	"safar/workflow"
)

// TestSouthSudanRound11 takes the published workbook in without a hand edit and finds its published totals again.
// Data: IOM DTM South Sudan, Mobility Tracking Round 11, CC BY.
func TestSouthSudanRound11(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "shared", "data", "mobility", "ssd_r11", "dtm_ssd_baseline_r11.xlsx")
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skip("the shared data folder is not here")
	}
	d := newDesk(t)
	result, err := d.Import(d.ctx, d.actor, workflow.ImportOrder{Operation: "South Sudan", File: workflow.Workbook{Name: "dtm_ssd_baseline_r11.xlsx", Data: bytes.NewReader(data), Size: int64(len(data))}})
	d.must(err)
	if result.Inserted != 3335 || result.Failed != 0 || result.Round != 11 {
		t.Errorf("inserted %d, failed %d, round %d; made %v; first errors %v", result.Inserted, result.Failed, result.Round, result.Made, result.Errors[:min(3, len(result.Errors))])
	}
	for by, units := range map[string]int{"adm0": 1, "adm1": 10, "adm2": 78, "adm3": 508} {
		for id, want := range map[string]float64{"idp.ind": 2017236, "returnee.ind": 1782803} {
			figures, err := d.Figures(d.ctx, d.actor, workflow.FigureQuery{Operation: "south-sudan", Measure: id, By: []string{by}})
			d.must(err)
			sum := 0.0
			for _, row := range figures.Rows {
				if row.Value == nil {
					t.Errorf("%s by %s: %v is not known: %+v", id, by, row.By, row)
					continue
				}
				sum += *row.Value
			}
			if len(figures.Rows) != units || sum != want {
				t.Errorf("%s by %s: %d units, sum %v; want %d, %v", id, by, len(figures.Rows), sum, units, want)
			}
		}
	}
	_, err = d.Figures(d.ctx, d.actor, workflow.FigureQuery{Operation: "south-sudan", Measure: "idp.ind", By: []string{"adm3"}, Where: []measure.Filter{{Dim: "adm1", In: []string{"SS01"}}}})
	d.must(err)
}
