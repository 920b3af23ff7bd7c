package intake_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"safar/place"
	"safar/record/intake"
	"safar/sheet"
)

// realFile opens a file of the data folder beside the repository, or skips.
func realFile(t testing.TB, path ...string) (book *sheet.Book, name, sum string) {
	t.Helper()
	full := filepath.Join(append([]string{"..", "..", "..", "shared", "data"}, path...)...)
	data, err := os.ReadFile(full)
	if err != nil {
		t.Skip("the data folder is absent")
	}
	name = filepath.Base(full)
	if book, err = sheet.OpenBytes(name, data, sheet.Limits{}); err != nil {
		t.Fatal(err)
	}
	hash := sha256.Sum256(data)
	return book, name, hex.EncodeToString(hash[:])
}

// The published totals of South Sudan Mobility Tracking Round 11 (IOM DTM South Sudan, CC BY) come out of the location
// sheet without a hand edit.
func TestSouthSudanRound11(t *testing.T) {
	t.Parallel()
	book, name, sum := realFile(t, "mobility", "ssd_r11", "dtm_ssd_baseline_r11.xlsx")
	d := theDictionary(t)
	m, notes, err := intake.Suggest(intake.Input{Book: book, FileName: name, SHA256: sum, Dictionary: d})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range notes {
		t.Errorf("nothing about this workbook is doubtful, yet: %v", n)
	}
	if got := (intake.Round{Number: 11, Start: "2021-07-01", End: "2021-09-30", ReferenceDate: "2021-09-30", Source: "Source_Round"}); m.Round != got {
		t.Errorf("round is %+v", m.Round)
	}
	if m.Source.Sheet != "MT R11 Baseline locations" || m.Places.Country != "SSD" || !m.Places.Create || m.Tool != "baseline-sub-area" || len(m.Ignored) != 0 {
		t.Errorf("mapping is %+v", m)
	}
	plan, err := intake.Apply(throughYAML(t, m), book, nil, d, nil)
	if err != nil {
		t.Fatal(err)
	}
	sums, carried := map[string]int{}, map[int]int{}
	for row, errs := range plan.Rows() {
		for _, e := range errs {
			t.Errorf("%v", e)
		}
		carried[row.CarriedFrom]++
		for _, n := range row.Answers.Elements() {
			v, _ := strconv.Atoi(n.Text)
			sums[n.Name] += v
		}
	}
	for item, want := range map[string]int{
		"m0310_loc_num_idp_ind": 2017236, "sf0102_loc_num_returnee_ind": 1782803,
		"sf0111_loc_idp_ind_not_prev_abroad": 1874388, "sf0113_loc_idp_ind_prev_abroad": 142848,
		"sf0115_loc_returnee_ind_inside": 1183666, "sf0117_loc_returnee_ind_abroad": 599137,
	} {
		if sums[item] != want {
			t.Errorf("%s sums to %d, published %d", item, sums[item], want)
		}
	}
	for round, want := range map[int]int{0: 3076, 10: 229, 9: 25, 8: 5} {
		if carried[round] != want {
			t.Errorf("%d rows are carried from round %d, published %d", carried[round], round, want)
		}
	}
	levels := map[place.Level]int{}
	for _, a := range plan.Places.Areas {
		levels[a.Level]++
	}
	if levels[1] != 10 || levels[2] != 78 || levels[3] != 508 || len(plan.Places.Sites) != 3335 || plan.Len() != 3335 || len(plan.Skipped) != 0 {
		t.Errorf("areas by level %v, %d sites, %d rows, skipped %v", levels, len(plan.Places.Sites), plan.Len(), plan.Skipped)
	}
	reg, defects := place.NewRegister(plan.Places.Areas, plan.Places.Sites, nil)
	if len(defects) > 0 {
		t.Errorf("the places made have %d defects, the first: %v", len(defects), defects[0])
	}
	secondTime(t, book, name, reg)
}

// secondTime imports the same rows when their places are known already: nothing is made and nothing is wrong.
func secondTime(t *testing.T, book *sheet.Book, name string, reg *place.Register) {
	t.Helper()
	m, _ := suggest(t, book, name, reg)
	if m.Places.Create || m.Places.Site.Create {
		t.Errorf("with the list loaded nothing is to be made: %+v", m.Places)
	}
	plan, rows, errs := apply(t, m, book, nil, reg)
	if len(errs) > 0 || len(rows) != 3335 || len(plan.Places.Areas)+len(plan.Places.Sites) != 0 {
		t.Errorf("%d errors, the first %v; made %d areas", len(errs), errs[:min(1, len(errs))], len(plan.Places.Areas))
	}
}

// The same sheet alone as CSV: no notes, no sheet names, the file's name says nothing.
func TestSouthSudanLocationsCSV(t *testing.T) {
	t.Parallel()
	book, name, _ := realFile(t, "mobility", "ssd_r11", "locations.csv")
	m, _ := suggest(t, book, name, nil)
	if m.Places.Country != "SSD" || m.Round.Number != 11 || len(m.Columns) != 22 {
		t.Errorf("country %s, round %d, %d columns", m.Places.Country, m.Round.Number, len(m.Columns))
	}
}

func throughYAML(t testing.TB, m intake.Mapping) intake.Mapping {
	t.Helper()
	var b bytes.Buffer
	if err := intake.WriteYAML(&b, m); err != nil {
		t.Fatal(err)
	}
	back, err := intake.ReadYAML(&b)
	if err != nil {
		t.Fatalf("%v in\n%s", err, b.String())
	}
	return back
}

func BenchmarkSouthSudanSuggest(b *testing.B) {
	book, name, sum := realFile(b, "mobility", "ssd_r11", "dtm_ssd_baseline_r11.xlsx")
	d := theDictionary(b)
	for b.Loop() {
		if _, _, err := intake.Suggest(intake.Input{Book: book, FileName: name, SHA256: sum, Dictionary: d}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkSouthSudanApply(b *testing.B) {
	book, name, sum := realFile(b, "mobility", "ssd_r11", "dtm_ssd_baseline_r11.xlsx")
	d := theDictionary(b)
	m, _, err := intake.Suggest(intake.Input{Book: book, FileName: name, SHA256: sum, Dictionary: d})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		plan, err := intake.Apply(m, book, nil, d, nil)
		if err != nil {
			b.Fatal(err)
		}
		for row := range plan.Rows() {
			_ = row
		}
	}
}
