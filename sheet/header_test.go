package sheet_test

import (
	"fmt"
	"strings"
	"testing"

	"safar/sheet"
)

// table makes a grid from lines of cells between bars.
func table(lines string) *sheet.Grid {
	var rows [][]string
	for line := range strings.Lines(strings.Trim(lines, "\n")) {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), "|")
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		rows = append(rows, cells)
	}
	return sheet.NewGrid("S", rows)
}

// found writes what FindHeader says in one line.
func found(g *sheet.Grid) string {
	h, ok := g.FindHeader()
	if !ok {
		return "none"
	}
	data, asides := g.DataRows(h)
	s := fmt.Sprintf("row %d top %d hxl %d first %d data %d", h.Row, h.Top, h.HXLRow, h.First, len(data))
	for _, a := range asides {
		s += fmt.Sprintf(" %d:%s", a.Row.Number, a.Why)
	}
	return s
}

func TestFindHeader(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, lines, want string }{
		{"plain", "pcode|name|ind\nXS01|Aro|12\nXS02|Beto|7", "row 1 top 1 hxl 0 first 2 data 2"},
		{"tags below", "Pcode|Name|Individuals\n#adm1+code|#adm1 +name|\nXS01|Aro|12", "row 1 top 1 hxl 2 first 3 data 1"},
		{"tags above", "#adm1+code|#adm1 +name|#affected\nPcode|Name|Individuals\nXS01|Aro|12\nXS02|Beto|7", "row 2 top 2 hxl 1 first 3 data 2"},
		{"tags alone", "#adm1+code|#adm1+name|#affected\nXS01|Aro|12\nXS02|Beto|7", "row 1 top 1 hxl 1 first 2 data 2"},
		{"tags as second row after names", "Pcode|Name|Individuals\nCode|Nom|Individus\n#adm1+code|#adm1+name|#affected\nXS01|Aro|12", "row 1 top 1 hxl 3 first 4 data 1 2:header"},
		{"titles above", "MOBILITY TRACKING\n\nRound 3|July 2021\n\nPcode|Name|HH|Ind|Remarks\nXS01|Aro|2|12|ok\nXS02|Beto|1|7|ok", "row 5 top 5 hxl 0 first 6 data 2"},
		{"titles of one cell each", "Operation|Practice\nRound|3\nPcode|Name|HH|Ind|Source|Remarks\nXS01|Aro|2|12|x|ok\nXS02|Beto|1|7|x|ok", "row 3 top 3 hxl 0 first 4 data 2"},
		{"group titles", "||IDPs||Returnees|\nPcode|Name|HH|Ind|HH|Ind\nXS01|Aro|2|12|3|4\nXS02|Beto|1|7|5|6", "row 2 top 1 hxl 0 first 3 data 2"},
		{"names in two rows", "Pcode|Name|IDPs||Returnees|\n||HH|Ind|HH|Ind\nXS01|Aro|2|12|3|4\nXS02|Beto|1|7|5|6", "row 2 top 1 hxl 0 first 3 data 2"},
		{"years as names", "Region|2019|2020|2021\nAro|1|2|3\nBeto|4|5|6", "row 1 top 1 hxl 0 first 2 data 2"},
		{"names only", "closure|name1|name2", "row 1 top 1 hxl 0 first 2 data 0"},
		{"marked like a tag", "#name|region|population\nAro|East|12\nBeto|West|7", "row 1 top 1 hxl 0 first 2 data 2"},
		{"series without names", "2022-03-01|120\n2022-03-02|131\n2022-03-03|140", "none"},
		{"numbers without names", "1|2|3\n4|5|6\n7|8|9", "none"},
		{"prose", "Round 3\nData collection: July\n#REF!|#REF!\nMETHODOLOGY\nThe primary objective is to\nsupport the partners\nand others\nwith numbers", "none"},
		{"empty", "", "none"},
		{"French", "Région|Département|Ménages\nEst|Aro|12\nTotal général||12", "row 1 top 1 hxl 0 first 2 data 1 3:total"},
		{"one column", "pcode\nXS01\nXS02", "row 1 top 1 hxl 0 first 2 data 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := found(table(c.lines)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestDataRows(t *testing.T) {
	t.Parallel()
	const head = "state|county|hh|ind\n"
	for _, c := range []struct{ name, lines, want string }{
		{"grand total and shares", "A|a|2|12\nA|b|4|8\nGrand Total||6|20\n||0.3|0.7", "data 2 4:total 5:percentage"},
		{"shares shown with a sign", "A|a|2|12\nB|b|4|8\n||23%|77%", "data 2 4:percentage"},
		{"sum without a label", "A|a|2|12\nA|b|4|8\n||6|20", "data 2 4:total"},
		{"numbers without a name", "A|a|2|12\nA|b|4|8\n||99|98", "data 2 4:unnamed"},
		{"totals of states between", "A|a|2|12\nA|b|4|8\nA Total||6|20\nB|c|1|1\nB Total||1|1\nИтого||7|21", "data 3 4:total 6:total 7:total"},
		{"total beside the name of the state", "A|a|2|12\nA|b|4|8\nA|Total|6|20\nB|b|1|1\nB|Total|1|1", "data 3 4:total 6:total"},
		{"total that is a category and no sum", "A|a|2|12\nA|Total|50|60\nB|b|1|1", "data 3"},
		{"source and note", "A|a|2|12\nA|b|4|8\nSource: invented\n* The figures of this table were made up for a test of the importer", "data 2 4:note 5:note"},
		{"header once more", "A|a|2|12\nState|County |HH|Ind\nB|b|4|8", "data 2 3:header"},
		{"a place called Totalai", "Totalai|a|2|12\nTotoro|b|4|8", "data 2"},
		{"zeros at the end stay", "A|a|2|12\nB|b|0|0", "data 2"},
		{"site without figures at the end stays", "A|a|2|12\nB|b|||", "data 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := found(table(head + c.lines))
			if want := "row 1 top 1 hxl 0 first 2 " + c.want; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}

func TestHeaderNamesOfMergedCells(t *testing.T) {
	t.Parallel()
	g := table("Invented round||||||\nPcode|Name|IDPs||Returnees|\n||HH|Ind|HH|Ind\nXS01|Aro|2|12|3|4\nXS02|Beto|1|7|5|6")
	g.Merges = []sheet.Range{{1, 1, 1, 6}, {2, 1, 3, 1}, {2, 2, 3, 2}, {2, 3, 2, 4}, {2, 5, 2, 6}}
	h, ok := g.FindHeader()
	if !ok || h.Row != 3 || h.Top != 2 {
		t.Fatalf("%+v", h)
	}
	if got := strings.Join(h.Names, "|"); got != "Pcode|Name|HH|Ind|HH|Ind" {
		t.Errorf("names %s", got)
	}
	if got := strings.Join(h.Groups, "|"); got != "||IDPs|IDPs|Returnees|Returnees" {
		t.Errorf("groups %s", got)
	}
	if col, ok := h.Column(" PCODE\n"); !ok || col != 1 {
		t.Error(col, ok)
	}
}

func TestFoldHeader(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Pcode": "pcode", "\uFEFFName ": "name", "# of\r\nIDP \t households\u00A0 (total)": "# of idp households (total)",
		"ОБЛАСТЬ": "область", "Und": "und", "a  b": "a b", "plain_name": "plain_name", " ": "", "и\u0306": "й", "a\u200Bb": "ab",
	} {
		if got := sheet.FoldHeader(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
		if again := sheet.FoldHeader(want); again != want {
			t.Errorf("%q does not stay: %q", want, again)
		}
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for col, want := range map[int]string{1: "A", 26: "Z", 27: "AA", 52: "AZ", 703: "AAA", 16384: "XFD", 0: ""} {
		if got := sheet.Column(col); got != want {
			t.Errorf("%d: got %s, want %s", col, got, want)
		}
	}
	for col := 1; col < 20_000; col += 7 {
		if row, back, ok := sheet.ParseAddress(sheet.Address(14, col)); !ok || row != 14 || back != col {
			t.Fatal(col, row, back, ok)
		}
	}
	for _, bad := range []string{"", "A", "14", "1A", "A0", "A-1", "ABCDE1", "A1B"} {
		if _, _, ok := sheet.ParseAddress(bad); ok {
			t.Errorf("%q was read as an address", bad)
		}
	}
}

func TestHXLTags(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]bool{
		"#adm1": true, "#adm1 +code +v_pcode": true, " #affected\n+idps": true, "#REF!": false, "#N/A": false, "#DIV/0!": false,
		"# of IDPs": false, "#": false, "adm1": false, "#adm1+": false, "#1": false, "#NAME?": false,
	} {
		if got := sheet.IsHXLTag(tag); got != want {
			t.Errorf("%q: got %v", tag, got)
		}
	}
}
