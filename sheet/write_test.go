package sheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"safar/fault"
	"safar/sheet"
)

// sample has a row for each thing that writing must get right.
func sample() [][]sheet.Cell {
	return [][]sheet.Cell{
		sheet.TextRow("pcode", "name", "=HYPERLINK(\"x\")", "#adm1+code"),
		{sheet.TextCell("0101"), sheet.TextCell("Кӯлоб, \"old\"\ntown"), sheet.IntCell(-12), sheet.NumberCell(0.25)},
		{{}, sheet.TextCell(" spaces "), sheet.BoolCell(true), sheet.DateCell("2021-06-03")},
		{},
		{sheet.TextCell("=1+1"), sheet.TextCell("+992 900"), sheet.TextCell("-cmd"), sheet.TextCell("@a"), sheet.TextCell("\tx"), sheet.TextCell("-12.5 33.7 0 5"), sheet.TextCell("+5")},
		{sheet.DateCell("2021-06-03T14:05:09"), sheet.DateCell("14:05:09"), sheet.DateCell("not a date"), sheet.NumberCell(math.Inf(1)), {Kind: sheet.Error, Raw: "#REF!", Shown: "#REF!"}},
		{sheet.TextCell("_x0041_ a_x"), sheet.TextCell("nul\x00 cr\r end"), sheet.TextCell("<&>]]>")},
	}
}

func TestCSVWriter(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	w := sheet.NewCSVWriter(&buf)
	if err := w.WriteAll(sheet.RowsOf(sample()[:6])); err != nil {
		t.Fatal(err)
	}
	want := `pcode,name,"'=HYPERLINK(""x"")",#adm1+code
0101,"Кӯлоб, ""old""
town",-12,0.25
," spaces ",true,2021-06-03

'=1+1,'+992 900,'-cmd,'@a,"'` + "\t" + `x",-12.5 33.7 0 5,+5
2021-06-03T14:05:09,14:05:09,not a date,,#REF!
`
	if buf.String() != want {
		t.Errorf("got\n%s\nwant\n%s", buf.String(), want)
	}
}

func TestXLSXRoundTrip(t *testing.T) {
	t.Parallel()
	var first, second bytes.Buffer
	out := []sheet.OutSheet{{Name: "Sites", Rows: sheet.RowsOf(sample()), Header: 1, Widths: []float64{12, 0, 30}}}
	if err := errors.Join(sheet.WriteXLSX(&first, out), sheet.WriteXLSX(&second, out)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("the same rows gave different bytes")
	}
	wantDrawn(t, grid(t, "w.xlsx", first.String()), `
1|pcode|name|=HYPERLINK("x")|#adm1+code
2|0101|Кӯлоб, "old"
town|n:-12|n:0.25
3|| spaces |b:true~TRUE|d:2021-06-03
5|=1+1|+992 900|-cmd|@a|`+"\t"+`x|-12.5 33.7 0 5|+5
6|d:2021-06-03T14:05:09~2021-06-03 14:05:09|d:14:05:09|not a date||e:#REF!
7|_x0041_ a_x|nul`+"\x00 cr\r"+` end|<&>]]>
`)
}

// TestXLSXIsReadByOthers opens what was written with an independent reader.
func TestXLSXIsReadByOthers(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	if err := sheet.WriteXLSX(&buf, []sheet.OutSheet{{Name: "A", Rows: sheet.RowsOf(sample()), Header: 1}, {Name: "Empty"}}); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(&buf)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for cell, want := range map[string]string{"A2": "0101", "C2": "-12", "C3": "TRUE", "D3": "2021-06-03", "A5": "=1+1", "A6": "2021-06-03 14:05:09", "E6": "#REF!"} {
		if got, err := f.GetCellValue("A", cell); err != nil || got != want {
			t.Errorf("%s: got %q %v, want %q", cell, got, err, want)
		}
		if formula, _ := f.GetCellFormula("A", cell); formula != "" {
			t.Errorf("%s holds the formula %q", cell, formula)
		}
	}
	style, err := f.GetCellStyle("A", "A5")
	if err != nil || style != 5 {
		t.Errorf("text like a formula has style %d %v, want the one that forces text", style, err)
	}
}

func TestSheetNamesAreMadeFit(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	long := strings.Repeat("Мобильность ", 5)
	err := sheet.WriteXLSX(&buf, []sheet.OutSheet{{Name: "a/b:c"}, {Name: "A B C"}, {Name: ""}, {Name: long}, {Name: long}, {Name: "'quoted'"}})
	if err != nil {
		t.Fatal(err)
	}
	want := `["a b c" "A B C 2" "Sheet" "Мобильность Мобильность Мобильн" "Мобильность Мобильность Мобил 2" "quoted"]`
	if got := fmt.Sprintf("%q", open(t, "w.xlsx", buf.String()).Sheets()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestWritingFaults(t *testing.T) {
	t.Parallel()
	var buf bytes.Buffer
	write := func(rows sheet.OutRows) error {
		buf.Reset()
		return sheet.WriteXLSX(&buf, []sheet.OutSheet{{Name: "S", Rows: rows}})
	}
	wantFault(t, write(sheet.RowsOf([][]sheet.Cell{{}, {{}, sheet.TextCell(strings.Repeat("ж", 32_768))}})), fault.SheetXLSXText, `sheet "S", B2`)
	wantFault(t, write(sheet.RowsOf([][]sheet.Cell{make([]sheet.Cell, 16_385)})), fault.SheetXLSXColumns, `sheet "S", row 1`)
	wantFault(t, sheet.WriteXLSX(&buf, nil), fault.SheetNoSheets, "")
	broken := errors.New("the store is closed")
	err := write(func(yield func([]sheet.Cell, error) bool) { yield(nil, broken) })
	if !errors.Is(err, broken) {
		t.Errorf("got %v, want the error of the rows", err)
	}
}
