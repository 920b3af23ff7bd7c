package sheet_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"safar/fault"
	"safar/sheet"
)

// quirks has one of each thing that published workbooks do.
var quirks = workbook{
	pr:      `<workbookPr date1904="0"/>`,
	formats: `<numFmt numFmtId="170" formatCode="dd\.mm\.yyyy\ hh:mm"/><numFmt numFmtId="171" formatCode="0000000"/>`,
	xfs:     `<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="9"/><xf numFmtId="20"/>`,
	strings: `<si><t>plain</t></si><si><r><t xml:space="preserve">rich </t></r><r><rPr><b/></rPr><t>text</t></r></si>` +
		`<si><t>漢</t><rPh sb="0" eb="1"><t>kan</t></rPh></si><si><t>a_x000D_&#10;b &amp; _x005F_x0041_</t></si><si><t/></si>`,
	sheets: []string{`<sheetData>` +
		`<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c><c r="E1" t="s"><v>4</v></c></row>` +
		`<row r="3"><c r="B3"><v>2017236</v></c><c r="C3"><v>4.5599999999999996</v></c><c r="D3" t="str"><f>A1</f><v> 12 3 </v></c><c r="E3" t="b"><v>1</v></c></row>` +
		`<row r="4"><c r="A4" s="1"><v>44350</v></c><c r="B4" s="2"><v>44350.586805555555</v></c><c r="C4" s="3"><v>101</v></c><c r="D4" s="4"><v>0.93</v></c><c r="E4" s="5"><v>0.25</v></c></row>` +
		`<row r="5"><c r="A5" t="e"><v>#REF!</v></c><c r="B5"><f>SUM(B1:B3)</f></c><c r="C5"><f>C1</f><v></v></c><c r="D5" t="str"><f>""</f><v></v></c><c r="E5" t="d"><v>2021-06-03T00:00:00Z</v></c></row>` +
		`<row><c t="inlineStr"><is><t>no address</t></is></c><c><v>7</v></c></row>` +
		`<row r="9"><c r="ZZ9" s="1"/></row></sheetData><mergeCells><mergeCell ref="A1:C1"/><mergeCell ref="B3:B4"/></mergeCells>`},
}

func TestXLSXQuirks(t *testing.T) {
	t.Parallel()
	g := grid(t, "q.xlsx", string(quirks.bytes()))
	wantDrawn(t, g, `
1|plain|rich text|漢|a`+"\r"+`
b & _x0041_
3||n:2017236|n:4.56| 12 3 |b:true~TRUE
4|d:2021-06-03|d:2021-06-03T14:05:00~03.06.2021 14:05|n:101~0000101|n:0.93~93%|d:06:00:00~6:00
5|e:#REF!|e:=SUM(B1:B3)~|e:=C1~||d:2021-06-03
6|no address|n:7
`)
	if fmt.Sprint(g.Merges) != "[{1 1 1 3} {3 2 4 2}]" || g.Width != 5 {
		t.Error(g.Merges, g.Width)
	}
	if !g.Cell(5, 2).Uncalculated() || g.Cell(5, 1).Uncalculated() {
		t.Error("a formula without a result is not the same as an error")
	}
}

func TestXLSXCountsDaysFrom1904(t *testing.T) {
	t.Parallel()
	w := workbook{pr: `<workbookPr date1904="1"/>`, xfs: `<xf numFmtId="14"/>`, sheets: []string{`<sheetData><row r="1"><c r="A1" s="0"><v>0</v></c><c r="B1" s="0"><v>42888</v></c></row></sheetData>`}}
	wantDrawn(t, grid(t, "m.xlsx", string(w.bytes())), "\n1|d:1904-01-01|d:2021-06-03\n")
}

func TestXLSXSheets(t *testing.T) {
	t.Parallel()
	w := workbook{
		sheets: []string{`<sheetData/>`, `<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>`},
		names:  `<sheet name="Note &amp; more" r:id="rId1"/><sheet name="Chart" r:id="ch"/><sheet name=" Data " state="veryHidden" r:id="rId2"/>`,
		rels:   `<Relationship Id="ch" Type="http://x/chartsheet" Target="chartsheets/c1.xml"/>`,
	}
	b := open(t, "w.xlsx", string(w.bytes()))
	if fmt.Sprintf("%q", b.Sheets()) != `["Note & more" " Data "]` || b.Hidden("Note & more") || !b.Hidden("data") {
		t.Errorf("%q", b.Sheets())
	}
	if g, err := b.Grid("DATA"); err != nil || g.Name != " Data " || g.Cell(1, 1).Raw != "1" {
		t.Error(g, err)
	}
}

func TestXLSXUsedRangeLargerThanData(t *testing.T) {
	t.Parallel()
	var s strings.Builder
	s.WriteString(`<dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1"><v>1</v></c></row>`)
	for i := 2; i < 50_000; i++ {
		fmt.Fprintf(&s, `<row r="%d" ht="15"><c r="A%d" s="1"/><c r="XFD%d" s="1"/></row>`, i, i, i)
	}
	s.WriteString(`<row r="1048576"><c r="C1048576" t="str"><v>last</v></c></row></sheetData>`)
	g := grid(t, "w.xlsx", string(workbook{sheets: []string{s.String()}}.bytes()))
	wantDrawn(t, g, "\n1|n:1\n1048576|||last\n")
	if g.Width != 3 || g.Cell(1_048_576, 3).Raw != "last" {
		t.Error(g.Width)
	}
}

func TestXLSXOf1024Columns(t *testing.T) {
	t.Parallel()
	var s strings.Builder
	s.WriteString(`<sheetData>`)
	for row := 1; row <= 20; row++ {
		fmt.Fprintf(&s, `<row r="%d">`, row)
		for col := 1; col <= 1024; col++ {
			fmt.Fprintf(&s, `<c r="%s"><v>%d</v></c>`, sheet.Address(row, col), row*10_000+col)
		}
		s.WriteString(`</row>`)
	}
	data := workbook{sheets: []string{s.String() + `</sheetData>`}}.bytes()
	g := grid(t, "w.xlsx", string(data))
	if g.Width != 1024 || g.Cell(20, 1024).Raw != "201024" {
		t.Error(g.Width, g.Cell(20, 1024))
	}
	b, err := sheet.OpenBytes("w.xlsx", data, sheet.Limits{Columns: 1000})
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.Grid("S1")
	wantFault(t, err, fault.SheetTooManyColumns, `w.xlsx, sheet "S1", ALM1`)
}

func TestXLSXRowsOutOfOrderAreJoined(t *testing.T) {
	t.Parallel()
	w := workbook{sheets: []string{`<sheetData><row r="3"><c r="A3"><v>3</v></c></row><row r="1"><c r="B1"><v>1</v></c></row><row r="3"><c r="C3"><v>33</v></c></row></sheetData>`}}
	wantDrawn(t, grid(t, "w.xlsx", string(w.bytes())), "\n1||n:1\n3|n:3||n:33\n")
}

func TestXLSXOfOtherHands(t *testing.T) {
	t.Parallel()
	// Prefixed names, UTF-16 parts, comments, CDATA and single quotes are all allowed.
	sheetXML := "\uFEFF<?xml version='1.0' encoding='UTF-16'?><x:worksheet xmlns:x='m'><!-- > --><x:sheetData><x:row r='2'><x:c r='B2' t='inlineStr'><x:is><x:t><![CDATA[<a&b>]]></x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>"
	var wide []byte
	for _, r := range sheetXML {
		wide = binary.LittleEndian.AppendUint16(wide, uint16(r))
	}
	w := workbook{sheets: []string{""}, unindexed: map[string]string{"xl/worksheets/s1.xml": string(wide)}}
	wantDrawn(t, grid(t, "w.xlsx", string(w.bytes())), "\n2||<a&b>\n")
}

func TestXLSXFaults(t *testing.T) {
	t.Parallel()
	good := workbook{sheets: []string{`<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>`}}
	broken := func(body string) []byte { return workbook{sheets: []string{body}}.bytes() }
	whole := good.bytes()
	cases := []struct {
		name  string
		data  []byte
		lim   sheet.Limits
		code  fault.Code
		place string
	}{
		{"cut off", whole[:len(whole)/2], sheet.Limits{}, fault.SheetDamaged, "w.xlsx"},
		{"not a workbook", zipped(map[string]string{"a.txt": "x"}), sheet.Limits{}, fault.SheetNotAWorkbook, "an archive (zip)"},
		{"a document", zipped(map[string]string{"word/document.xml": "x"}), sheet.Limits{}, fault.SheetNotAWorkbook, "a Word document"},
		{"ods", zipped(map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), sheet.Limits{}, fault.SheetOtherWorkbook, "ods"},
		{"xlsb", zipped(map[string]string{"xl/workbook.bin": "x"}), sheet.Limits{}, fault.SheetOtherWorkbook, "xlsb"},
		{"too large unpacked", broken(`<sheetData>` + strings.Repeat(" ", 100_000) + `</sheetData>`), sheet.Limits{Unzipped: 50_000}, fault.SheetUnpacksLarge, "w.xlsx"},
		{"too much text", workbook{sheets: []string{`<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>`}, strings: strings.Repeat("<si/>", 1000)}.bytes(), sheet.Limits{Unzipped: 50_000}, fault.SheetUnpacksLarge, `sheet "S1"`},
		{"too many parts", []byte("PK\x03\x04" + strings.Repeat("PK\x01\x02 of a directory that goes on and on, so that it is long........................", 110_000)), sheet.Limits{}, fault.SheetDamaged, "more parts"},
		{"no sheets", workbook{}.bytes(), sheet.Limits{}, fault.SheetNoSheets, "w.xlsx"},
		{"too many sheets", workbook{sheets: make([]string, 4)}.bytes(), sheet.Limits{Sheets: 3}, fault.SheetTooManySheets, "w.xlsx"},
		{"text that is not there", broken(`<sheetData><row r="7"><c r="H7" t="s"><v>5</v></c></row></sheetData>`), sheet.Limits{}, fault.SheetDamaged, `sheet "S1", H7`},
		{"entities", broken(`<!DOCTYPE x [<!ENTITY a "aaaa">]><sheetData/>`), sheet.Limits{}, fault.SheetDamaged, `sheet "S1"`},
		{"XML that stops", broken(`<sheetData><row r="1"><c r="A1"><v>1`), sheet.Limits{}, fault.SheetDamaged, `sheet "S1"`},
		{"XML nested deep", broken(strings.Repeat("<a>", 10_000)), sheet.Limits{}, fault.SheetDamaged, `sheet "S1"`},
		{"long cell", broken(`<sheetData><row r="1"><c r="B1" t="str"><v>12345</v></c></row></sheetData>`), sheet.Limits{CellBytes: 4}, fault.SheetCellTooLong, "B1"},
		{"many rows", broken(`<sheetData><row r="12"><c r="B12"><v>1</v></c></row></sheetData>`), sheet.Limits{Rows: 11}, fault.SheetTooManyRows, `sheet "S1"`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b, err := sheet.OpenBytes("w.xlsx", c.data, c.lim)
			if err == nil {
				_, err = b.Grid("S1")
			}
			wantFault(t, err, c.code, c.place)
		})
	}
}

func TestXLSXSheetThatIsMissing(t *testing.T) {
	t.Parallel()
	w := workbook{sheets: []string{`<sheetData/>`}, names: `<sheet name="S1" r:id="rId1"/><sheet name="Gone" r:id="rId9"/>`}
	b := open(t, "w.xlsx", string(w.bytes()))
	if _, err := b.Grid("S1"); err != nil {
		t.Errorf("the other sheets stay readable: %v", err)
	}
	_, err := b.Grid("Gone")
	wantFault(t, err, fault.SheetDamaged, `sheet "Gone"`)
}

func TestXLSXThatLiesAboutItsSize(t *testing.T) {
	t.Parallel()
	data := workbook{sheets: []string{`<sheetData>` + strings.Repeat(" ", 1<<20) + `</sheetData>`}}.bytes()
	// The directory at the end claims ten bytes for every part.
	for at := 0; ; {
		i := bytes.Index(data[at:], []byte("PK\x01\x02"))
		if i < 0 {
			break
		}
		binary.LittleEndian.PutUint32(data[at+i+24:], 10)
		at += i + 4
	}
	b, err := sheet.OpenBytes("w.xlsx", data, sheet.Limits{Unzipped: 10_000})
	if err == nil {
		_, err = b.Grid("S1")
	}
	wantFault(t, err, fault.SheetDamaged, "w.xlsx")
}
