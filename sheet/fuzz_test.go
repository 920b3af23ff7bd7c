package sheet_test

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"safar/fault"
	"safar/sheet"
)

// narrow keeps a fuzzed file cheap: whatever is found behind these bounds is refused, not loaded.
var narrow = sheet.Limits{Bytes: 1 << 20, Unzipped: 4 << 20, Rows: 5000, Columns: 500, CellBytes: 10_000, Sheets: 8, Cells: 100_000}

// examine opens a file and demands what holds for every file: only faults, cells within the limits, ordered rows, valid
// text, and every row below the header either data or put aside.
func examine(t *testing.T, name string, data []byte) {
	b, err := sheet.OpenBytes(name, data, narrow)
	if err != nil {
		wantKnown(t, err)
		return
	}
	for _, s := range b.Sheets() {
		g, err := b.Grid(s)
		if err != nil {
			wantKnown(t, err)
			continue
		}
		last := 0
		for _, row := range g.Rows {
			if row.Number <= last || row.Number > narrow.Rows || len(row.Cells) == 0 || len(row.Cells) > min(g.Width, narrow.Columns) {
				t.Fatalf("row %d after %d, %d cells", row.Number, last, len(row.Cells))
			}
			last = row.Number
			for _, c := range row.Cells {
				if c.Kind > sheet.Error || len(c.Raw) > 4*narrow.CellBytes || (c.Kind == sheet.Empty) != (c.Raw == "") {
					t.Fatalf("cell %+v", c)
				}
			}
		}
		h, ok := g.FindHeader()
		rows, asides := g.DataRows(h)
		if ok && (len(h.Names) != g.Width || len(h.Groups) != g.Width) || len(rows)+len(asides) > len(g.Rows) {
			t.Fatalf("%+v", h)
		}
	}
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}

func wantKnown(t *testing.T, err error) {
	t.Helper()
	if code := fault.CodeOf(err); code == "" || code == fault.InternalError {
		t.Fatalf("not a fault of the file: %v (%v)", err, code)
	}
}

func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"a,b\n1,2\n", "\uFEFFa;b\r\n\"x\ny\";2\r\n", "sep=|\na|b", "a\tb\r1\t2", "\"a\"\"b\",c", "\xFF\xFEa\x00;\x00", "\xEE\xE1\xEB\xE0\xF1\xF2\xFC;1\n",
		"#adm1+code,#affected\nPcode,Ind\nXS01,5\n,5\n", "\"open\n", "t\n\na,b,c\nA,1,2\nTotal,1,2\n,0.5,0.5\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { examine(t, "f.csv", data) })
}

func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{markdownForm, "| a | b |\n", "|a|\n||b|", "| a \\| b |", "\xFF\xFE|\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) { examine(t, "f.md", data) })
}

// FuzzXLSX fuzzes the parts and not the archive around them, which archive/zip guards.
func FuzzXLSX(f *testing.F) {
	f.Add(quirks.sheets[0], quirks.strings, quirks.formats, quirks.xfs)
	f.Add(`<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>`, `<si><t>x</t></si>`, ``, `<xf numFmtId="14"/>`)
	f.Add(`<sheetData><row><c/><c t="e"><v>#N/A</v></c></row></sheetData><mergeCells><mergeCell ref="A1:XFD9"/></mergeCells>`, `<si/>`, `<numFmt numFmtId="5" formatCode="[h]:mm;@"/>`, `<xf numFmtId="5"/>`)
	f.Fuzz(func(t *testing.T, body, texts, formats, xfs string) {
		examine(t, "f.xlsx", workbook{sheets: []string{body}, strings: texts, formats: formats, xfs: xfs}.bytes())
	})
}

// FuzzZip fuzzes the archive itself.
func FuzzZip(f *testing.F) {
	f.Add(quirks.bytes())
	f.Add(workbook{sheets: []string{"<sheetData/>"}}.bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		examine(t, "f.xlsx", append([]byte("PK\x03\x04"), data[min(4, len(data)):]...))
	})
}

// FuzzXLS fuzzes the workbook stream inside an intact container.
func FuzzXLS(f *testing.F) {
	f.Add(biff8Book())
	f.Add(biff5Book(f))
	f.Fuzz(func(t *testing.T, data []byte) { examine(t, "f.xls", compound("Workbook", data)) })
}

// FuzzCompound fuzzes the container.
func FuzzCompound(f *testing.F) {
	f.Add(compound("Workbook", biff8Book()))
	f.Fuzz(func(t *testing.T, data []byte) {
		examine(t, "f.xls", append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), data[min(8, len(data)):]...))
	})
}

// FuzzRoundTrip writes text and a number, reads them back, and finds the same.
func FuzzRoundTrip(f *testing.F) {
	for _, s := range []string{"plain", "=1+1", "_x0041_", "a\r\nb", " ", "\x00\x1f", "_x005F_x", "<&>\"'", "-12", "Кӯлоб", "__x0000_"} {
		f.Add(s, 1.5)
	}
	f.Fuzz(func(t *testing.T, text string, v float64) {
		if !utf8.ValidString(text) || len(text) > 8000 || strings.ContainsAny(text, "\uFFFE\uFFFF") {
			t.Skip()
		}
		row := []sheet.Cell{sheet.IntCell(1), sheet.TextCell(text), sheet.NumberCell(v)}
		var x, c bytes.Buffer
		if err := sheet.WriteXLSX(&x, []sheet.OutSheet{{Name: text, Rows: sheet.RowsOf([][]sheet.Cell{row})}}); err != nil {
			t.Fatal(err)
		}
		g := grid(t, "w.xlsx", x.String())
		if got := g.Cell(1, 2); got.Raw != text {
			t.Errorf("xlsx: got %q, want %q", got.Raw, text)
		}
		if got := g.Cell(1, 3); got.Raw != row[2].Raw {
			t.Errorf("xlsx: got %q, want %q", got.Raw, row[2].Raw)
		}
		w := sheet.NewCSVWriter(&c)
		if err := w.WriteAll(sheet.RowsOf([][]sheet.Cell{sheet.TextRow("a", "b", "c"), row})); err != nil {
			t.Fatal(err)
		}
		if strings.ContainsRune(text, 0) {
			return // no text file holds a zero byte
		}
		got := grid(t, "w.csv", c.String()).Cell(2, 2).Raw
		if got != text && !(got == "'"+text && sheet.IsFormulaLike(text)) {
			t.Errorf("csv: got %q, want %q", got, text)
		}
	})
}

// FuzzNumberFormat shows any number under any format without harm.
func FuzzNumberFormat(f *testing.F) {
	for _, code := range []string{"0.00", "#,##0;(#,##0);\"-\"", "yyyy-mm-dd hh:mm:ss.000", "[h]:mm:ss", "[$-409]d mmm yy;@", "0.0E+0", "\\", "\"", "[", "_", "0,,"} {
		f.Add(code, uint64(0x40E5A7C000000000))
	}
	f.Fuzz(func(t *testing.T, code string, bits uint64) {
		if len(code) > 200 {
			t.Skip()
		}
		v := math.Float64frombits(bits)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Skip()
		}
		c := sheet.ShowNumber(code, v, bits&1 == 0)
		if c.Kind != sheet.Number && c.Kind != sheet.Date || c.Raw == "" {
			t.Errorf("%+v", c)
		}
	})
}
