package sheet_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"safar/fault"
	"safar/sheet"
)

func TestCSVEncodings(t *testing.T) {
	t.Parallel()
	const russian = "область;район;домохозяйства\nХатлон;Восе;12\nСогд;Айни;7\n"
	const french = "région;département;ménages\nGuéra;Mangalmé;12\nOuaddaï;Abéché;7\n"
	cases := []struct {
		name, text string
		enc        encoding.Encoding
		want       string
	}{
		{"utf-8", russian, encoding.Nop, "utf-8"},
		{"utf-8 with mark", "\uFEFF" + russian, encoding.Nop, "utf-8"},
		{"utf-16le with mark", russian, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), "utf-16le"},
		{"utf-16be with mark", russian, unicode.UTF16(unicode.BigEndian, unicode.UseBOM), "utf-16be"},
		{"utf-16le without mark", russian, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM), "utf-16le"},
		{"utf-16be without mark", french, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM), "utf-16be"},
		{"windows-1251", russian, charmap.Windows1251, "windows-1251"},
		{"windows-1252", french, charmap.Windows1252, "windows-1252"},
		{"ascii", "a;b\n1;2\n", encoding.Nop, "utf-8"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			content, err := c.enc.NewEncoder().String(c.text)
			if err != nil {
				t.Fatal(err)
			}
			b := open(t, "folder/r11.csv", content)
			g, err := b.Grid("r11")
			if err != nil {
				t.Fatal(err)
			}
			if b.Encoding() != c.want || b.Separator() != ';' {
				t.Errorf("recognised %s %q", b.Encoding(), b.Separator())
			}
			var got strings.Builder
			for _, row := range g.Rows {
				for i, cell := range row.Cells {
					if i > 0 {
						got.WriteString(";")
					}
					got.WriteString(cell.Raw)
				}
				got.WriteString("\n")
			}
			if want := strings.TrimPrefix(c.text, "\uFEFF"); got.String() != want {
				t.Errorf("got %q, want %q", got.String(), want)
			}
		})
	}
}

func TestCSVKeepsUTF8WithABrokenByte(t *testing.T) {
	t.Parallel()
	content := strings.Repeat("Хуҷанд,Душанбе\n", 20) + "Восе\xD0,Кӯлоб\n"
	g := grid(t, "a.csv", content)
	if got := g.Cell(21, 1).Raw; got != "Восе\uFFFD" {
		t.Errorf("got %q", got)
	}
	if got := g.Cell(21, 2).Raw; got != "Кӯлоб" {
		t.Errorf("got %q", got)
	}
}

func TestCSVSeparators(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, file, content string
		want                rune
	}{
		{"comma", "a.csv", "a,b;c,d\n1,2,3\n", ','},
		{"semicolon with decimal commas", "a.csv", "n;x;y\na;1,5;2,5\nb;3,5;4,5\n", ';'},
		{"tab", "a.txt", "a\tb, c\n1\t2\n", '\t'},
		{"bar", "a.csv", "a|b\n1|2\n", '|'},
		{"inside quotes does not count", "a.csv", "\"x;y;z\",b\n\"1;2;3\",4\n", ','},
		{"title rows first", "a.csv", "Round 11; July, August\n\na;b;c\n1;2;3\n4;5;6\n", ';'},
		{"line for Excel", "a.csv", "sep=|\na,b|c\n", '|'},
		{"one column", "a.csv", "name\nKulob\n", ','},
		{"one column by its ending", "a.tsv", "name\nKulob\n", '\t'},
		{"line breaks inside quotes", "a.csv", "a;b\n\"1\n2, 3\n4, 5\";x\n", ';'},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := open(t, c.file, c.content).Separator(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestCSVRows(t *testing.T) {
	t.Parallel()
	g := grid(t, "a.csv", "a,b,c\r\n1\r\n\r\n1,2,3,4,,\r\"x \"\"y\"\"\n,z\", q\"uo\"te,\"cl\"osed\n,,\n,last")
	wantDrawn(t, g, `
1|a|b|c
2|1
4|1|2|3|4
5|x "y"
,z| q"uo"te|closed
7||last
`)
	if g.Width != 4 || g.Cell(5, 3).Raw != "closed" || g.Cell(3, 1).Kind != sheet.Empty || g.Cell(99, 99).Kind != sheet.Empty {
		t.Error("addresses do not hold")
	}
}

func TestCSVLineForExcelIsNoRow(t *testing.T) {
	t.Parallel()
	wantDrawn(t, grid(t, "a.csv", "sep=;\r\na;b\r\n"), "\n2|a|b\n")
}

func TestCSVFaults(t *testing.T) {
	t.Parallel()
	rows := func(content string, lim sheet.Limits) error {
		b, err := sheet.OpenBytes("r.csv", []byte(content), lim)
		if err != nil {
			return err
		}
		for _, err := range b.Rows("r") {
			if err != nil {
				return err
			}
		}
		return nil
	}
	wantFault(t, rows("", sheet.Limits{}), fault.SheetEmptyFile, "r.csv")
	wantFault(t, rows(" \n\n", sheet.Limits{}), fault.SheetEmptyFile, "r.csv")
	wantFault(t, rows("a,b\n1,\"open\n2,3\n", sheet.Limits{}), fault.SheetOpenQuote, "r.csv, B2")
	wantFault(t, rows("a,b\n\x00\x01\x02\x03,1\n", sheet.Limits{}), fault.SheetNotText, "r.csv")
	wantFault(t, rows("a,b\n1,2\n3,4\n", sheet.Limits{Rows: 2}), fault.SheetTooManyRows, "r.csv")
	wantFault(t, rows("a,b\n1,2,3\n", sheet.Limits{Columns: 2}), fault.SheetTooManyColumns, "C2")
	wantFault(t, rows("a,b\n1,22222\n", sheet.Limits{CellBytes: 4}), fault.SheetCellTooLong, "B2")
	wantFault(t, rows("a,b\n1,\"22222\"\n", sheet.Limits{CellBytes: 4}), fault.SheetCellTooLong, "B2")
	wantFault(t, rows("a,b\n", sheet.Limits{Bytes: 3}), fault.SheetTooLarge, "r.csv")
	wantFault(t, rows("a,b\n1,2,,,,,,x\n", sheet.Limits{Columns: 2}), fault.SheetTooManyColumns, "C2")
	if err := rows("a,b\n1,2,,,,\n", sheet.Limits{Columns: 2}); err != nil {
		t.Errorf("empty fields behind the limit do no harm: %v", err)
	}
	b := open(t, "r.csv", "a,b\n1,2\n")
	_, err := b.Grid("other")
	wantFault(t, err, fault.SheetNoSuchSheet, "r.csv")
}

func TestGridIsBounded(t *testing.T) {
	t.Parallel()
	b, err := sheet.OpenBytes("r.csv", []byte(strings.Repeat("1,2,3,4\n", 10)), sheet.Limits{Cells: 39})
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Grid("r")
	wantFault(t, err, fault.SheetTooManyCells, "r.csv")
}

func TestRowsStopWhenAsked(t *testing.T) {
	t.Parallel()
	for row, err := range open(t, "r.csv", "a\nb\n\"open\n").Rows("r") {
		if err != nil || row.Number > 2 {
			t.Fatal(row, err)
		}
		if row.Number == 2 {
			break
		}
	}
}

func TestForeignFilesAreNamed(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"%PDF-1.7 ...": "a PDF document", "\x89PNG\r\n": "a picture", "<!DOCTYPE html><html>": "a web page", "\x1F\x8B\x08": "gzip",
		"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">": "Excel 2003", "<?xml version=\"1.0\"?><h:html/>": "an XML file",
	} {
		_, err := sheet.OpenBytes("r.xls", []byte(content), sheet.Limits{})
		wantFault(t, err, fault.SheetNotAWorkbook, want)
	}
	_, err := sheet.OpenBytes("r.xlsx", []byte("a,b\n1,2\n"), sheet.Limits{})
	wantFault(t, err, fault.SheetNotAWorkbook, "r.xlsx: this is not a workbook: it is plain text")
}
