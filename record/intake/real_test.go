package intake_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"safar/dictionary"
	"safar/place"
	"safar/record/intake"
	"safar/sheet"
)

func theDictionary(t testing.TB) *dictionary.Dictionary {
	t.Helper()
	d, err := dictionary.Default()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// realFile opens a file of the data folder beside the repository, or skips.
func realFile(t testing.TB, path ...string) (*sheet.Book, string) {
	t.Helper()
	name := filepath.Join(append([]string{"..", "..", "..", "shared", "data"}, path...)...)
	data, err := os.ReadFile(name)
	if err != nil {
		t.Skip("the data folder is absent")
	}
	book, err := sheet.OpenBytes(filepath.Base(name), data, sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(data)
	return book, hex.EncodeToString(sum[:])
}

func TestSouthSudanRound11(t *testing.T) {
	t.Parallel()
	book, sum := realFile(t, "mobility", "ssd_r11", "dtm_ssd_baseline_r11.xlsx")
	d := theDictionary(t)
	begin := time.Now()
	m, notes, err := intake.Suggest(intake.Input{Book: book, FileName: "dtm_ssd_baseline_r11.xlsx", SHA256: sum, Dictionary: d})
	if err != nil {
		t.Fatal(err)
	}
	suggested := time.Since(begin)
	for _, n := range notes {
		t.Log(n)
	}
	var y bytes.Buffer
	if err := intake.WriteYAML(&y, m); err != nil {
		t.Fatal(err)
	}
	t.Log(y.String())
	m, err = intake.ReadYAML(&y)
	if err != nil {
		t.Fatal(err)
	}
	begin = time.Now()
	reg, _ := place.NewRegister(nil, nil, nil)
	plan, err := intake.Apply(m, book, nil, d, reg)
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]int{}
	problems := 0
	for row, errs := range plan.Rows() {
		for _, e := range errs {
			if problems++; problems < 30 {
				t.Log(e)
			}
		}
		for _, n := range row.Answers.Elements() {
			v, _ := strconv.Atoi(n.Text)
			sums[n.Name] += v
		}
	}
	t.Logf("suggest %v, apply %v", suggested, time.Since(begin))
	t.Log(sums, problems, plan.Len(), len(plan.Skipped))
	levels := map[place.Level]int{}
	for _, a := range plan.Places.Areas {
		levels[a.Level]++
	}
	t.Log(levels, len(plan.Places.Sites))
}
