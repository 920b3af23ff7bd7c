package intake

import (
	"strings"

	"safar/fault"
	"safar/sheet"
)

// headers finds columns by the references of a mapping.
type headers struct {
	shown  []string         // as people see it, on one line; index 0 is column A
	byFold map[string][]int // folded header -> 1-based columns
}

// newHeaders reads the header row; row 0 means that there is none and columns go by letters.
func newHeaders(g *sheet.Grid, row int) headers {
	h := headers{shown: make([]string, g.Width), byFold: map[string][]int{}}
	if row == 0 {
		return h
	}
	for i, c := range g.Row(row).Cells {
		h.shown[i] = oneLine(c.Shown)
	}
	if found, ok := g.FindHeader(); ok && found.Row == row {
		for i, name := range found.Names { // names merged down from a higher row count too
			h.shown[i] = oneLine(name)
		}
	}
	for i, shown := range h.shown {
		if fold := sheet.FoldHeader(shown); fold != "" {
			h.byFold[fold] = append(h.byFold[fold], i+1)
		}
	}
	return h
}

// reference is how a mapping names a column so that find gives it back.
func (h headers) reference(col int) string {
	shown := h.shown[col-1]
	switch {
	case shown == "":
		return "[" + sheet.Column(col) + "]"
	case len(h.byFold[sheet.FoldHeader(shown)]) > 1:
		return shown + " [" + sheet.Column(col) + "]"
	}
	return shown
}

// find gives the 1-based column that a reference names; 0 for an empty reference.
func (h headers) find(reference string) (int, *fault.Error) {
	if strings.TrimSpace(reference) == "" {
		return 0, nil
	}
	cols := h.byFold[sheet.FoldHeader(reference)]
	if len(cols) == 1 {
		return cols[0], nil
	}
	if col := h.byLetters(reference); col > 0 {
		return col, nil
	}
	if len(cols) > 1 {
		letters := make([]string, len(cols))
		for i, col := range cols {
			letters[i] = sheet.Column(col)
		}
		return 0, fault.New(fault.IntakeHeaderTwice, "header", shortQuote(reference), "columns", strings.Join(letters, ", "),
			"example", shortQuote(strings.TrimSpace(reference)+" ["+letters[0]+"]"))
	}
	return 0, fault.New(fault.IntakeHeaderMissing, "header", shortQuote(reference), "headers", h.some())
}

// byLetters reads `Total [P]` and `[P]`; a header written before the letters must stand there.
func (h headers) byLetters(reference string) int {
	reference = strings.TrimSpace(reference)
	open := strings.LastIndexByte(reference, '[')
	if open < 0 || !strings.HasSuffix(reference, "]") {
		return 0
	}
	row, col, ok := sheet.ParseAddress(reference[open+1:len(reference)-1] + "1")
	if !ok || row != 1 || col > len(h.shown) {
		return 0
	}
	header := sheet.FoldHeader(reference[:open])
	if header != "" && header != sheet.FoldHeader(h.shown[col-1]) {
		return 0
	}
	return col
}

// some lists the headers for a message, and not too many.
func (h headers) some() string {
	var names []string
	for _, shown := range h.shown {
		if shown != "" && len(names) < 40 {
			names = append(names, shortQuote(shown))
		}
	}
	if len(names) == 0 {
		return "none"
	}
	return strings.Join(names, ", ")
}
