package sheet

import (
	"slices"
	"strconv"
	"strings"
)

// Why says what a row is that stands among the data and is none.
type Why string

// The reasons for which DataRows leaves a row out.
const (
	TotalRow      Why = "total"      // a sum of other rows, by its label or because its numbers are those sums
	PercentageRow Why = "percentage" // shares, mostly under a total
	NoteRow       Why = "note"       // a source or remark under the table
	HeaderRow     Why = "header"     // the header once more, or a second header between names and tags
	UnnamedRow    Why = "unnamed"    // numbers at the end without any of the names that all other rows have
)

// Aside is a row left out of the data, with the reason.
type Aside struct {
	Row Row
	Why Why
}

// DataRows gives the rows of the table under a header, and apart from them every row below the header that is not data.
// Each row below the header is in one of the two.
func (g *Grid) DataRows(h Header) ([]Row, []Aside) {
	t := newTable(g, h)
	why := make([]Why, len(t.rows))
	for i := range t.rows {
		why[i] = t.why(i)
	}
	for i := len(t.rows) - 1; i >= 0; i-- {
		if why[i] == "" {
			why[i] = t.trailing(i)
		}
		if why[i] == "" {
			break
		}
	}
	var data []Row
	var asides []Aside
	for i, row := range t.rows {
		switch {
		case row.Number == h.HXLRow:
		case why[i] == "":
			data = append(data, row)
		default:
			asides = append(asides, Aside{Row: row, Why: why[i]})
		}
	}
	return data, asides
}

// table is the part of a grid below a header, with what its columns mostly hold.
type table struct {
	h     Header
	rows  []Row
	names []string // of the header, folded
	named []int    // columns of names: filled in most rows, mostly with text
}

func newTable(g *Grid, h Header) *table {
	t := &table{h: h, names: make([]string, len(h.Names))}
	for i, name := range h.Names {
		t.names[i] = FoldHeader(name)
	}
	for i, row := range g.Rows {
		if row.Number > h.Row {
			t.rows = g.Rows[i:]
			break
		}
	}
	for col := 1; col <= g.Width; col++ {
		filled, text := 0, 0
		for _, row := range t.rows {
			if c := row.Cell(col); c.Kind != Empty && row.Number >= h.First {
				filled++
				if !isValue(c) {
					text++
				}
			}
		}
		if filled*10 >= len(t.rows)*6 && text*10 >= filled*7 {
			t.named = append(t.named, col)
		}
	}
	return t
}

// why recognises what can stand anywhere below the header.
func (t *table) why(i int) Why {
	row := t.rows[i]
	switch {
	case row.Number < t.h.First, t.repeatsHeader(row):
		return HeaderRow
	case t.labelled(row), t.addsUpBlock(i):
		return TotalRow
	}
	return ""
}

func (t *table) repeatsHeader(row Row) bool {
	same, other := 0, 0
	for i, c := range row.Cells {
		switch {
		case c.Kind == Empty:
		case c.Kind == Text && i < len(t.names) && FoldHeader(c.Raw) == t.names[i]:
			same++
		default:
			if other++; other*5 > len(row.Cells) {
				return false
			}
		}
	}
	return same >= min(2, len(t.names)) && same >= other*4
}

// labelled holds for rows whose names are only a word for total, or end in one with nothing after it ("Juba, Total, -").
// Rows whose other names are filled need the proof of addsUpBlock.
func (t *table) labelled(row Row) bool {
	totals, others, openAfter := 0, 0, false
	for _, col := range t.named {
		c := row.Cell(col)
		switch {
		case c.Kind == Empty:
			openAfter = openAfter || totals > 0
		case c.Kind == Text && IsTotalLabel(c.Raw):
			totals++
			openAfter = false
		default:
			others++
			openAfter = false
		}
	}
	if totals > 0 {
		return others == 0 || openAfter
	}
	if others > 0 {
		return false
	}
	for _, c := range row.Cells { // the label may stand in a column of numbers, such as a running number
		if c.Kind != Empty {
			return c.Kind == Text && IsTotalLabel(c.Raw)
		}
	}
	return false
}

// addsUpBlock holds for a row "Juba, Total" right below the rows of Juba whose numbers it adds up.
func (t *table) addsUpBlock(i int) bool {
	row := t.rows[i]
	label := slices.IndexFunc(t.named, func(col int) bool { return row.Cell(col).Kind == Text && IsTotalLabel(row.Cell(col).Raw) })
	if label < 1 {
		return false
	}
	first := i
	for first > 0 && t.rows[first-1].Number >= t.h.First && t.sameNames(first-1, i, t.named[:label]) && !IsTotalLabel(t.rows[first-1].Cell(t.named[label]).Raw) {
		first--
	}
	return first < i && t.sums(first, i)
}

func (t *table) sameNames(i, j int, cols []int) bool {
	for _, col := range cols {
		if FoldHeader(t.rows[i].Cell(col).Raw) != FoldHeader(t.rows[j].Cell(col).Raw) {
			return false
		}
	}
	return true
}

// IsTotalLabel holds for the words under which tables add up, in the languages of mobility tracking: "Grand Total",
// "Central Equatoria Total", "Итого", "Ҳамагӣ".
func IsTotalLabel(s string) bool {
	if len(s) > 120 {
		return false
	}
	s = strings.Trim(FoldHeader(s), " :.*-–—()")
	switch s {
	case "total", "totals", "total:", "grand total", "grand totals", "sub total", "sub-total", "subtotal", "overall", "overall total", "sum", "all total",
		"total général", "total general", "sous-total", "ensemble", "totales", "total geral",
		"всего", "итого", "итог", "общий итог", "общее", "итого:", "ҳамагӣ", "ҷамъ", "жами", "ҳамагӣ:", "барлығы", "жиыны", "жалпы", "бардыгы", "jami",
		"المجموع", "الاجمالي", "الإجمالي", "مجموع", "إجمالي", "المجموع الكلي":
		return true
	}
	return strings.HasSuffix(s, " total") || strings.HasSuffix(s, " subtotal") || strings.HasSuffix(s, " sub-total") || strings.HasPrefix(s, "grand total") ||
		strings.HasPrefix(s, "total for ") || strings.HasPrefix(s, "total of ") || strings.HasPrefix(s, "total pour ") || strings.HasPrefix(s, "всего по ") || strings.HasPrefix(s, "итого по ")
}

// sumsTried bounds how many rows at the end are compared with the sums of all rows above them.
const sumsTried = 20

// trailing recognises what only stands at the end.
func (t *table) trailing(i int) Why {
	row := t.rows[i]
	if t.note(row) {
		return NoteRow
	}
	if len(t.named) == 0 {
		return ""
	}
	for _, col := range t.named {
		if row.Cell(col).Kind != Empty {
			return ""
		}
	}
	switch {
	case allShares(row):
		return PercentageRow
	case len(t.rows)-i <= sumsTried && t.sums(0, i):
		return TotalRow
	}
	return UnnamedRow
}

// note holds for a line of prose alone in its row of a table that is wider.
func (t *table) note(row Row) bool {
	if len(t.h.Names) < 3 || row.Filled() != 1 {
		return false
	}
	text := FoldHeader(row.Cells[len(row.Cells)-1].Raw)
	for _, start := range []string{"source", "note", "*", "remark", "nb", "n.b", "disclaimer", "©", "источник", "примечание", "manba", "сарчашма", "эзоҳ", "дереккөз", "ескерту", "remarque", "المصدر", "ملاحظة"} {
		if strings.HasPrefix(text, start) {
			return true
		}
	}
	return len(text) >= 40 && strings.Count(text, " ") >= 5
}

// allShares holds when every value of the row is a percentage or lies between 0 and 1 with a fraction among them.
func allShares(row Row) bool {
	fraction := false
	for _, c := range row.Cells {
		if c.Kind == Empty {
			continue
		}
		if strings.HasSuffix(strings.TrimSpace(c.Shown), "%") {
			fraction = true
			continue
		}
		v, ok := numberOf(c)
		if !ok || v < 0 || v > 1 {
			return false
		}
		fraction = fraction || v != 0 && v != 1
	}
	return fraction
}

// sums holds when most numbers of row i are the sums of their columns in the rows from first to it.
func (t *table) sums(first, i int) bool {
	matching, numbers := 0, 0
	for col := range t.rows[i].Cells {
		want, ok := numberOf(t.rows[i].Cells[col])
		if !ok {
			continue
		}
		numbers++
		sum := 0.0
		for _, row := range t.rows[first:i] {
			if v, ok := numberOf(row.Cell(col + 1)); ok && row.Number >= t.h.First && !t.labelled(row) {
				sum += v
			}
		}
		if d := sum - want; d < 0.5 && d > -0.5 {
			matching++
		}
	}
	return numbers > 0 && matching*2 > numbers
}

// numberOf reads a number, also one stored as text with spaces or commas between its thousands.
func numberOf(c Cell) (float64, bool) {
	if c.Kind != Number && c.Kind != Text {
		return 0, false
	}
	text := c.Raw
	if c.Kind == Text {
		text = strings.NewReplacer(" ", "", "\u00A0", "", "\u202F", "", ",", "").Replace(text)
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil
}

// Column gives the 1-based column whose name folds to the same as the given one; the first of several.
func (h Header) Column(name string) (int, bool) {
	want := FoldHeader(name)
	i := slices.IndexFunc(h.Names, func(n string) bool { return FoldHeader(n) == want })
	return i + 1, i >= 0
}
