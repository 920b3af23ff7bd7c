package intake_test

import (
	"bytes"
	"strconv"
	"strings"
	"testing"

	"safar/dictionary"
	"safar/fault"
	"safar/form"
	"safar/form/xpath"
	"safar/locale"
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

// csvBook opens a table written as text, columns separated by bars.
func csvBook(t testing.TB, table string) *sheet.Book {
	t.Helper()
	var lines []string
	for _, line := range strings.Split(strings.TrimSpace(table), "\n") {
		cells := strings.Split(strings.TrimLeft(line, "\t"), "|")
		for i, c := range cells {
			cells[i] = `"` + strings.ReplaceAll(strings.TrimSpace(c), `"`, `""`) + `"`
		}
		lines = append(lines, strings.Join(cells, ","))
	}
	book, err := sheet.OpenBytes("table.csv", []byte(strings.Join(lines, "\n")+"\n"), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return book
}

type page struct {
	name string
	rows [][]sheet.Cell
}

// text makes rows of cells out of a table written as text; whole and decimal numbers become numbers.
func text(table string) [][]sheet.Cell {
	var rows [][]sheet.Cell
	for _, line := range strings.Split(strings.Trim(table, "\n"), "\n") {
		var row []sheet.Cell
		for _, c := range strings.Split(strings.TrimLeft(line, "\t"), "|") {
			row = append(row, cellOf(strings.TrimSpace(c)))
		}
		rows = append(rows, row)
	}
	return rows
}

func cellOf(s string) sheet.Cell {
	if strings.HasPrefix(s, "'") {
		return sheet.TextCell(s[1:])
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil {
		return sheet.NumberCell(f)
	}
	return sheet.TextCell(s)
}

func xlsxBook(t testing.TB, name string, pages ...page) *sheet.Book {
	t.Helper()
	var out []sheet.OutSheet
	for _, p := range pages {
		out = append(out, sheet.OutSheet{Name: p.name, Rows: sheet.RowsOf(p.rows)})
	}
	var b bytes.Buffer
	if err := sheet.WriteXLSX(&b, out); err != nil {
		t.Fatal(err)
	}
	book, err := sheet.OpenBytes(name, b.Bytes(), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return book
}

func suggest(t testing.TB, book *sheet.Book, name string, reg *place.Register) (intake.Mapping, []*fault.Error) {
	t.Helper()
	m, notes, err := intake.Suggest(intake.Input{Book: book, FileName: name, Dictionary: theDictionary(t), Register: reg})
	if err != nil {
		t.Fatal(err)
	}
	return m, notes
}

// apply gives all rows by number and all errors in order.
func apply(t testing.TB, m intake.Mapping, book *sheet.Book, f *form.Form, reg *place.Register) (*intake.Plan, map[int]intake.Row, []intake.RowError) {
	t.Helper()
	plan, err := intake.Apply(m, book, f, theDictionary(t), reg)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[int]intake.Row{}
	var errs []intake.RowError
	for row, problems := range plan.Rows() {
		rows[row.Number] = row
		errs = append(errs, problems...)
	}
	return plan, rows, errs
}

// value is the answer of an item anywhere in a row's tree.
func value(row intake.Row, item string) string {
	if row.Answers == nil {
		return "<no answers>"
	}
	if n := below(row.Answers, item); n != nil {
		return n.Text
	}
	return "<not there>"
}

func below(n *xpath.Node, name string) *xpath.Node {
	for _, child := range n.Elements() {
		if child.Name == name {
			return child
		}
		if found := below(child, name); found != nil {
			return found
		}
	}
	return nil
}

// practice is a small invented country with a list of places.
func practice(t testing.TB) *place.Register {
	t.Helper()
	area := func(code, parent string, level place.Level, name string) place.Area {
		return place.Area{Country: "XSF", Code: place.Code(code), Parent: place.Code(parent), Level: level, Names: locale.Text{"en": name}}
	}
	reg, defects := place.NewRegister([]place.Area{
		area("01", "XSF", 1, "Northern Valley"), area("02", "XSF", 1, "Southern Plain"),
		area("0101", "01", 2, "Upper District"), area("0102", "01", 2, "Lower District"), area("0201", "02", 2, "River District"),
		area("0202", "02", 2, "Upper District"),
	}, []place.Site{
		{SSID: "S1", Country: "XSF", Area: "0101", Names: locale.Text{"en": "Mill Village"}},
		{SSID: "S2", Country: "XSF", Area: "0201", Names: locale.Text{"en": "Ferry Landing"}},
	}, []place.FlowPoint{{ID: "P1", Country: "XSF", Area: "0201", Names: locale.Text{"en": "North Bridge"}}})
	if len(defects) > 0 {
		t.Fatal(defects)
	}
	return reg
}
