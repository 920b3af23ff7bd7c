package place

import (
	"strings"

	"safar/fault"
	"safar/sheet"
)

// headerDepth is how many rows at the top of a sheet may be the header.
const headerDepth = 25

// table reads one sheet. It keeps the first rows until the header among them is found.
type table struct {
	as      *assembler
	at      fault.Where
	first   []sheet.Row
	layout  *layout
	headers []string
	roles   []role
	letters []string
	looked  bool
}

// row takes the next row; false means that the sheet is no list of places and need not be read further.
func (t *table) row(row sheet.Row) bool {
	if !t.looked {
		t.first = append(t.first, row)
		if len(t.first) < headerDepth {
			return true
		}
		t.begin()
		return t.layout != nil
	}
	if t.layout != nil {
		t.take(row)
	}
	return t.layout != nil
}

func (t *table) end() {
	if !t.looked {
		t.begin()
	}
}

// begin finds the header, the row that a layout understands best, and takes the rows below it.
func (t *table) begin() {
	t.looked = true
	most, header := 0, 0
	for i, row := range t.first {
		texts := make([]string, len(row.Cells))
		for c, cell := range row.Cells {
			texts[c] = strings.TrimSpace(cell.Raw)
		}
		if l, matched := bestLayout(t.as.opts.presets(), texts, false); matched > most {
			t.layout, t.headers, most, header = l, texts, matched, i
		}
	}
	if t.layout == nil {
		return
	}
	for c, text := range t.headers {
		t.roles = append(t.roles, t.layout.roleOf(text))
		t.letters = append(t.letters, sheet.Column(c+1))
	}
	for _, row := range t.first[header+1:] {
		t.take(row)
	}
	t.first = nil
}

func (t *table) take(row sheet.Row) {
	if hxlRow(row) {
		return
	}
	l := &line{at: t.at, cells: make([]cell, 0, len(row.Cells))}
	l.at.Row = row.Number
	for i, c := range row.Cells {
		if i >= len(t.roles) || c.Kind == sheet.Empty || t.roles[i].field == "" || t.roles[i].field == "-" {
			continue
		}
		at := cell{role: t.roles[i], text: strings.TrimSpace(c.Raw), header: t.headers[i], col: t.letters[i], number: c.Kind == sheet.Number}
		if c.Kind == sheet.Error {
			t.as.report(leftOut(fault.New(fault.PlaceBadCell, "value", c.Raw).In(l.where(at))))
			continue
		}
		if !blank(at.text) {
			l.cells = append(l.cells, at)
		}
	}
	t.as.preset = t.layout.preset
	t.as.take(l)
}

// hxlRow says whether every filled cell of a row is an HXL tag.
func hxlRow(row sheet.Row) bool {
	tags := 0
	for _, c := range row.Cells {
		if c.Kind == sheet.Empty {
			continue
		}
		if !strings.HasPrefix(strings.TrimSpace(c.Raw), "#") {
			return false
		}
		tags++
	}
	return tags > 0
}
