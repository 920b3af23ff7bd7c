package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"

	"safar/fault"
	"safar/sheet"
)

// open opens invented content or fails.
func open(t testing.TB, name, content string) *sheet.Book {
	t.Helper()
	b, err := sheet.OpenBytes(name, []byte(content), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// grid loads the first sheet of invented content or fails.
func grid(t testing.TB, name, content string) *sheet.Grid {
	t.Helper()
	b := open(t, name, content)
	g, err := b.Grid(b.Sheets()[0])
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// draw writes a grid so that a person can read it: row number, then cells between bars, a letter for each kind but text.
func draw(g *sheet.Grid) string {
	var b strings.Builder
	for _, row := range g.Rows {
		fmt.Fprintf(&b, "%d", row.Number)
		for _, c := range row.Cells {
			letter := [...]string{"", "", "n:", "b:", "d:", "e:"}[c.Kind]
			shown := ""
			if c.Shown != c.Raw {
				shown = "~" + c.Shown
			}
			fmt.Fprintf(&b, "|%s%s%s", letter, c.Raw, shown)
		}
		b.WriteString("\n")
	}
	return b.String()
}

func wantDrawn(t *testing.T, g *sheet.Grid, want string) {
	t.Helper()
	if got := draw(g); got != strings.TrimPrefix(want, "\n") {
		t.Errorf("got\n%swant%s", got, want)
	}
}

// wantFault checks the code, and that the message names the place.
func wantFault(t *testing.T, err error, code fault.Code, place string) {
	t.Helper()
	if fault.CodeOf(err) != code || err == nil || !strings.Contains(err.Error(), place) {
		t.Errorf("got %v, want %s at %q", err, code, place)
	}
}

// workbook is an xlsx made by hand, part by part, so that the tests can say exactly what is in it.
type workbook struct {
	sheets    []string // XML inside worksheet
	names     string   // XML inside sheets; made up when empty
	pr        string   // XML before sheets
	strings   string   // XML inside sst
	formats   string   // XML inside numFmts
	xfs       string   // XML inside cellXfs
	rels      string   // further relations
	unindexed map[string]string
}

func (w workbook) bytes() []byte {
	names, rels := w.names, w.rels
	parts := map[string]string{}
	for i, s := range w.sheets {
		if w.names == "" {
			names += fmt.Sprintf(`<sheet name="S%d" sheetId="%d" r:id="rId%d"/>`, i+1, i+1, i+1)
		}
		rels += fmt.Sprintf(`<Relationship Id="rId%d" Type="http://x/worksheet" Target="worksheets/s%d.xml"/>`, i+1, i+1)
		parts[fmt.Sprintf("xl/worksheets/s%d.xml", i+1)] = `<?xml version="1.0"?><worksheet xmlns="m">` + s + `</worksheet>`
	}
	rels += `<Relationship Id="st" Type="http://x/styles" Target="/xl/styles.xml"/><Relationship Id="ss" Type="http://x/sharedStrings" Target="sharedStrings.xml"/>`
	parts["_rels/.rels"] = `<Relationships><Relationship Id="a" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	parts["xl/workbook.xml"] = `<workbook xmlns:r="r">` + w.pr + `<sheets>` + names + `</sheets></workbook>`
	parts["xl/_rels/workbook.xml.rels"] = `<Relationships>` + rels + `</Relationships>`
	parts["xl/sharedStrings.xml"] = `<sst>` + w.strings + `</sst>`
	parts["xl/styles.xml"] = `<styleSheet><numFmts>` + w.formats + `</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>` + w.xfs + `</cellXfs></styleSheet>`
	for name, text := range w.unindexed {
		parts[name] = text
	}
	return zipped(parts)
}

func zipped(parts map[string]string) []byte {
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for name, text := range parts {
		f, _ := z.Create(name)
		_, _ = f.Write([]byte(text))
	}
	_ = z.Close()
	return buf.Bytes()
}
