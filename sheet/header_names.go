package sheet

// header puts the answer together from the index of the row of names and that of the tags (-1 for none).
func (f *finder) header(at, hxl int) Header {
	h := Header{Row: f.rows[at].Number, First: f.rows[at].Number + 1}
	if hxl >= 0 {
		h.HXLRow = f.rows[hxl].Number
		h.First = max(h.First, h.HXLRow+1)
		h.Tags = texts(f.rows[hxl], f.g.Width)
	}
	top := at
	for top > 0 && top-1 != hxl && f.groups(top-1) && f.rows[top-1].Number == f.rows[top].Number-1 {
		top--
	}
	h.Top = f.rows[top].Number
	h.Names = texts(f.rows[at], f.g.Width)
	h.Groups = make([]string, f.g.Width)
	for i := at - 1; i >= top; i-- {
		f.lend(&h, i)
	}
	return h
}

func texts(row Row, width int) []string {
	out := make([]string, width)
	for i, c := range row.Cells {
		if i < width {
			out[i] = c.Shown
		}
	}
	return out
}

// groups holds for a row of group titles above the names: merged cells, or, where the file tells of none, at least two
// texts with open columns between them.
func (f *finder) groups(i int) bool {
	if len(f.g.Merges) > 0 {
		return f.group[i]
	}
	row := f.rows[i]
	filled := row.Filled()
	return filled >= 2 && filled == filledText(row) && filled < len(row.Cells)
}

// lend gives the titles of a higher row to the columns below it: as the name where a column has none and the title
// stands right above it, else as its group.
func (f *finder) lend(h *Header, i int) {
	row := f.rows[i]
	for col := 1; col <= len(row.Cells); col++ {
		c := row.Cell(col)
		if c.Kind == Empty {
			continue
		}
		last := f.under(i, col)
		if last == col && h.Names[col-1] == "" {
			h.Names[col-1] = c.Shown
			continue
		}
		for j := col - 1; j < min(last, len(h.Groups)); j++ {
			switch {
			case h.Names[j] == "" && j == col-1:
				h.Names[j] = c.Shown
			case h.Groups[j] == "":
				h.Groups[j] = c.Shown
			}
		}
	}
}

// under gives the last column under the title at col: the end of its merged block, or, in files without blocks, the
// column before the next title.
func (f *finder) under(i, col int) int {
	if last, ok := f.reach[[2]int{i, col}]; ok {
		return last
	}
	if len(f.g.Merges) > 0 {
		return col
	}
	last := col
	for last < f.g.Width && f.rows[i].Cell(last+1).Kind == Empty {
		last++
	}
	return last
}
