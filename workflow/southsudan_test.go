package workflow_test

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

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
	for by, file := range map[string]string{"adm1": "state_summary.csv", "adm2": "county_summary.csv", "adm3": "payam_summary.csv"} {
		if n := compareSummary(t, d, by, filepath.Join(filepath.Dir(path), file)); n < 90 {
			t.Errorf("only %d figures of %s were compared", n, file)
		}
	}
}

// summaryColumns are the columns of the published summaries that a measure has to give again.
var summaryColumns = map[string]string{
	"Estimated # of IDP households (total)": "idp.hh", "Estimated # of IDP individuals (total)": "idp.ind",
	"Estimated # of returnee households (total)": "returnee.hh", "Estimated # of returnee individuals (total)": "returnee.ind",
	"Estimated # of relocated households": "relocated.hh", "Estimated # of relocated individuals": "relocated.ind",
	"Estimated # of not yet returned households": "not_yet_returned.hh", "Estimated # of not yet returned individuals": "not_yet_returned.ind",
	"Number of locations covered": "locations.assessed",
}

// compareSummary compares every figure of a published summary with ours and says how many there were.
func compareSummary(t *testing.T, d *desk, by, file string) (compared int) {
	t.Helper()
	figures, err := d.Figures(d.ctx, d.actor, workflow.FigureQuery{Operation: "south-sudan", By: []string{by}})
	d.must(err)
	ours := map[string]float64{}
	for _, row := range figures.Rows {
		if row.Value != nil {
			ours[row.Measure+" "+row.By[0]] = *row.Value
		}
	}
	data, err := os.ReadFile(file)
	d.must(err)
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	d.must(err)
	code := slices.Index(rows[0], map[string]string{"adm1": "state_pcode", "adm2": "county_pcode", "adm3": "payam_pcode"}[by])
	for _, row := range rows[1:] {
		for i, header := range rows[0] {
			id := summaryColumns[strings.Join(strings.Fields(header), " ")]
			if id == "" || !strings.HasPrefix(row[code], "SS") {
				continue // another column, the HXL row, or a total
			}
			want, err := strconv.ParseFloat(cmp.Or(row[i], "0"), 64)
			d.must(err)
			compared++
			if got := ours[id+" "+row[code]]; got != want {
				t.Errorf("%s of %s: %v, published %v", id, row[code], got, want)
			}
		}
	}
	return compared
}
