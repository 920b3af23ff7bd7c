package sheet_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"safar/sheet"
)

// realRoot is the folder of real data beside the repository. It is never part of it; without it these tests skip.
var realRoot = filepath.Join("..", "..", "shared", "data")

func realFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(realRoot, filepath.FromSlash(name)))
	if os.IsNotExist(err) {
		t.Skip("the folder of real data is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func realGrid(t testing.TB, file, name string) *sheet.Grid {
	t.Helper()
	b, err := sheet.OpenBytes(filepath.Base(file), realFile(t, file), sheet.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if name == "" {
		name = b.Sheets()[0]
	}
	g, err := b.Grid(name)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func sumColumn(t testing.TB, g *sheet.Grid, header string) (rows int, sum int64) {
	t.Helper()
	h, ok := g.FindHeader()
	if !ok {
		t.Fatalf("%s: no header", g.Name)
	}
	col, ok := h.Column(header)
	if !ok {
		t.Fatalf("%s: no column %q", g.Name, header)
	}
	data, _ := g.DataRows(h)
	for _, row := range data {
		if raw := row.Cell(col).Raw; raw != "" {
			n, err := strconv.ParseInt(raw, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			sum += n
		}
	}
	return len(data), sum
}

// TestRealRound adds up South Sudan Mobility Tracking Round 11 (IOM DTM, CC BY) from each of its sheets.
func TestRealRound(t *testing.T) {
	t.Parallel()
	const file = "mobility/ssd_r11/dtm_ssd_baseline_r11.xlsx"
	const idps, returnees = "Estimated # of IDP individuals (total)", "Estimated # of returnee individuals (total)"
	for _, c := range []struct {
		sheet string
		rows  int
	}{{"MT R11 State Summary", 10}, {"MT R11 County summary", 78}, {"MT R11 Payam summary", 508}, {"MT R11 Baseline locations", 3335}} {
		g := realGrid(t, file, c.sheet)
		for header, want := range map[string]int64{idps: 2_017_236, returnees: 1_782_803} {
			if rows, sum := sumColumn(t, g, header); rows != c.rows || sum != want {
				t.Errorf("%s: %s: %d rows, sum %d, want %d and %d", c.sheet, header, rows, sum, c.rows, want)
			}
		}
	}
}

// TestRealWorkbooksAgreeWithAnotherReader compares every cell of the real workbooks with excelize's raw values.
func TestRealWorkbooksAgreeWithAnotherReader(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("slow")
	}
	for _, file := range []string{"mobility/ssd_r11/dtm_ssd_baseline_r11.xlsx", "surveys/reach_msna2024_dummy_raw_data.xlsx", "surveys/reach_msna2024_kobo_tool_v11.xlsx"} {
		data := realFile(t, file)
		f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range f.GetSheetList() {
			want, err := f.GetRows(name)
			if err != nil {
				t.Fatal(err)
			}
			g := realGrid(t, file, name)
			for i, row := range want {
				for j, text := range row {
					if got := g.Cell(i+1, j+1); !sameRaw(got, text) {
						t.Errorf("%s, %s, %s: got %+v, want %q", file, name, sheet.Address(i+1, j+1), got, text)
					}
				}
			}
		}
		f.Close()
	}
}

// sameRaw allows for what we do better: shortest decimals, dates as dates, truth values as words.
func sameRaw(got sheet.Cell, want string) bool {
	switch got.Kind {
	case sheet.Number:
		a, err1 := strconv.ParseFloat(got.Raw, 64)
		b, err2 := strconv.ParseFloat(want, 64)
		return err1 == nil && err2 == nil && a == b
	case sheet.Date:
		_, err := strconv.ParseFloat(want, 64)
		return err == nil
	case sheet.Bool:
		return strings.EqualFold(got.Raw, want) || want == "1" && got.Raw == "true" || want == "0" && got.Raw == "false"
	case sheet.Error:
		return got.Uncalculated() && want == "" || got.Raw == want
	}
	return got.Raw == want
}

// TestEveryRealFile opens every table, loads every sheet, and sees that no row is lost between data and asides.
func TestEveryRealFile(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat(realRoot); err != nil {
		t.Skip("the folder of real data is not here")
	}
	err := filepath.WalkDir(realRoot, func(path string, d fs.DirEntry, err error) error {
		if ext := strings.ToLower(filepath.Ext(path)); err != nil || ext != ".csv" && ext != ".xlsx" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		b, err := sheet.OpenBytes(filepath.Base(path), data, sheet.DefaultLimits())
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return nil
		}
		for _, name := range b.Sheets() {
			g, err := b.Grid(name)
			if err != nil || len(g.Rows) == 0 {
				t.Errorf("%s: %v", path, err)
				continue
			}
			h, _ := g.FindHeader()
			rows, asides := g.DataRows(h)
			if below := len(rows) + len(asides); below > len(g.Rows) || below+h.First < len(g.Rows) {
				t.Errorf("%s: of %d rows %d are left below row %d", path, len(g.Rows), below, h.Row)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func BenchmarkRealWorkbook(b *testing.B) {
	data := realFile(b, "mobility/ssd_r11/dtm_ssd_baseline_r11.xlsx")
	b.ReportAllocs()
	for b.Loop() {
		book, err := sheet.OpenBytes("r11.xlsx", data, sheet.DefaultLimits())
		if err != nil {
			b.Fatal(err)
		}
		g, err := book.Grid("MT R11 Baseline locations")
		if err != nil || len(g.Rows) != 3336 {
			b.Fatal(err)
		}
	}
}

func BenchmarkRealHeader(b *testing.B) {
	g := realGrid(b, "mobility/ssd_r11/dtm_ssd_baseline_r11.xlsx", "MT R11 Baseline locations")
	for b.Loop() {
		h, _ := g.FindHeader()
		if rows, _ := g.DataRows(h); len(rows) != 3335 {
			b.Fatal(len(rows))
		}
	}
}

func BenchmarkRealCSV(b *testing.B) {
	data := realFile(b, "admin/global_pcodes_adm1_adm2.csv")
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		book, err := sheet.OpenBytes("g.csv", data, sheet.DefaultLimits())
		if err != nil {
			b.Fatal(err)
		}
		n := 0
		for _, err := range book.Rows("g") {
			if err != nil {
				b.Fatal(err)
			}
			n++
		}
		if n != 33_365 {
			b.Fatal(n)
		}
	}
}
