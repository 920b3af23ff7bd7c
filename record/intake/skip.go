package intake

import (
	"slices"
	"strings"

	"safar/dictionary"
	"safar/sheet"
)

// Reasons of skipped rows.
const (
	skipHXL    = "hxl"
	skipHeader = "header"
	skipTotal  = "total"
	skipNote   = "note"
)

// skip says why a row is no data, "" when it is. A row that says which unit it is about is always data.
func (l *locator) skip(row sheet.Row, g *sheet.Grid, headerRow int, d *dictionary.Dictionary) string {
	switch {
	case isHXL(row):
		return skipHXL
	case headerRow > 0 && repeatsHeader(row, g.Row(headerRow)):
		return skipHeader
	}
	identified, texts, filled := false, 0, 0
	for i, c := range row.Cells {
		if c.Kind == sheet.Empty {
			continue
		}
		filled++
		if c.Kind == sheet.Text && !isNumberText(c.Raw) {
			texts++
		}
		if slices.Contains(l.identity(), i+1) && !sheet.IsTotalLabel(c.Raw) {
			if _, missing := d.Missing(cellText(c)); !missing && c.Kind != sheet.Error {
				identified = true
			}
		}
	}
	switch {
	case filled == 0, filled == 1 && isProse(row):
		return skipNote
	case identified:
		return ""
	case hasTotalWord(row) || texts == 0:
		return skipTotal
	case filled <= 2:
		return skipNote
	}
	return ""
}

// isProse holds for a row whose last cell, its only one, is a remark below the table and no id.
func isProse(row sheet.Row) bool {
	text := row.Cells[len(row.Cells)-1].Raw
	return strings.ContainsAny(text, ":*©") || len(strings.Fields(text)) >= 4
}

// identity lists the columns of which one must be filled in a row of data: those of the unit, else those of the areas.
func (l *locator) identity() []int {
	own := slices.DeleteFunc([]int{l.unit, l.site.id, l.site.name, l.point.id, l.point.name}, func(col int) bool { return col == 0 })
	if len(own) > 0 {
		return own
	}
	for _, level := range l.levels {
		for _, col := range []int{level.code, level.name} {
			if col > 0 {
				own = append(own, col)
			}
		}
	}
	return own
}

// isHXL recognises a row of HXL tags: most of its cells are tags, and at least one is.
func isHXL(row sheet.Row) bool {
	tags, filled := 0, 0
	for _, c := range row.Cells {
		if c.Kind == sheet.Empty {
			continue
		}
		filled++
		if c.Kind == sheet.Text && sheet.IsHXLTag(c.Raw) {
			tags++
		}
	}
	return tags > 0 && 2*tags >= filled
}

// repeatsHeader recognises the header printed again on a later page.
func repeatsHeader(row, header sheet.Row) bool {
	same, filled := 0, 0
	for i, c := range row.Cells {
		if c.Kind != sheet.Text {
			continue
		}
		filled++
		if sheet.FoldHeader(c.Raw) == sheet.FoldHeader(header.Cell(i+1).Shown) {
			same++
		}
		if filled >= 4 && same == 0 {
			return false
		}
	}
	return same >= 2 && 5*same >= 4*filled
}

func isNumberText(s string) bool {
	_, ok := parseNumber(s, separators{}, false)
	return ok
}

// hasTotalWord looks through the texts of a row for "Total", also as "Juba Total".
func hasTotalWord(row sheet.Row) bool {
	return slices.ContainsFunc(row.Cells, func(c sheet.Cell) bool { return c.Kind == sheet.Text && sheet.IsTotalLabel(c.Raw) })
}
