package sheet

import (
	"slices"
	"strings"
)

// headerWindow is how many rows with something in them are searched for a header: published sheets carry titles, logos'
// captions and merged groups above it, but not more than that.
const headerWindow = 25

// Header says where the table of a sheet begins. Slices have an entry for each column, the first for column A.
type Header struct {
	Row    int      // of the column names; of several header rows, the lowest
	Top    int      // the highest row of the header, above Row when there are rows of group titles
	Names  []string // as written; a name merged downwards from a higher row counts; "" where a column has none
	Groups []string // title of the group of columns that a column stands in, "" for none
	HXLRow int      // of the HXL tags, 0 without; mostly just below Row, seldom above
	Tags   []string // HXL tags as written, nil without
	First  int      // number from which the rows are data
}

// FindHeader looks for the header of the sheet's table among the first rows that are not empty. It passes over titles and
// group titles and finds an HXL row before or after. It fails on sheets of prose and on tables of numbers without names;
// a table of only text without names cannot be told from one with them, and its first row is then taken.
func (g *Grid) FindHeader() (Header, bool) {
	f := newFinder(g)
	hxl := f.hxl()
	at, ok := f.choose(hxl)
	if !ok && hxl < 0 {
		return Header{}, false
	}
	if !ok {
		at = hxl // tags without names: the tags are the names
	}
	return f.header(at, hxl), true
}

// finder holds the rows in question and the merged cells in them; indices below are into rows.
type finder struct {
	g     *Grid
	rows  []Row
	group []bool         // has a cell merged over some, not all, of the columns: a group title
	down  []int          // names that are merged down into the row from above
	reach map[[2]int]int // last column of the merged block that begins at (index, column)
}

func newFinder(g *Grid) *finder {
	n := min(len(g.Rows), headerWindow)
	f := &finder{g: g, rows: g.Rows[:n], group: make([]bool, n), down: make([]int, n), reach: map[[2]int]int{}}
	for _, m := range g.Merges {
		for i, row := range f.rows {
			if row.Number < m.FirstRow || row.Number > m.LastRow {
				continue
			}
			f.reach[[2]int{i, m.FirstCol}] = m.LastCol
			if m.LastCol > m.FirstCol {
				f.group[i] = f.group[i] || m.LastCol-m.FirstCol+1 < g.Width
			} else if row.Number > m.FirstRow {
				f.down[i]++
			}
		}
	}
	return f
}

// hxl gives the index of the row of HXL tags, or -1.
func (f *finder) hxl() int {
	for i, row := range f.rows {
		tags := 0
		for _, c := range row.Cells {
			if c.Kind == Empty || strings.TrimSpace(c.Raw) == "" {
				continue
			}
			if !IsHXLTag(c.Raw) {
				tags = -1
				break
			}
			tags++
		}
		if tags >= min(2, f.g.Width) && tags > 0 {
			return i
		}
	}
	return -1
}

// IsHXLTag holds for a tag such as "#adm1 +code +v_pcode", whatever spaces and line breaks stand in it.
func IsHXLTag(s string) bool {
	s = strings.TrimSpace(s)
	if len(s) < 2 || s[0] != '#' {
		return false
	}
	for i, word := range strings.Split(s[1:], "+") {
		word = strings.TrimSpace(word)
		if word == "" || !isLetter(word[0]) || i == 0 && strings.TrimSpace(s[1:2]) == "" {
			return false
		}
		for j := range len(word) {
			if !isLetter(word[j]) && !isDigit(word[j]) && word[j] != '_' {
				return false
			}
		}
	}
	return true
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// choose finds the row of names: above the tags, else just below them, else, without tags, the first that fits.
func (f *finder) choose(hxl int) (int, bool) {
	if hxl < 0 {
		return f.first(0, len(f.rows))
	}
	if at, ok := f.first(0, hxl); ok {
		return at, true
	}
	if hxl > 0 && filledText(f.rows[hxl-1]) >= 2 {
		return hxl - 1, true
	}
	if below := hxl + 1; below+1 < len(f.rows) && f.likeNames(below) && f.overNumbers(below) {
		return below, true
	}
	return 0, false
}

// first gives the first row from..to that can be names, moved down while the row below refines it.
func (f *finder) first(from, to int) (int, bool) {
	for i := from; i < to; i++ {
		if f.likeNames(i) && f.overTable(i) {
			for i+1 < to && f.refines(i) {
				i++
			}
			return i, true
		}
		if f.likeData(i) {
			return 0, false
		}
	}
	return 0, false
}

// likeNames holds for a row mostly of short, different texts that names about as many columns as the rows below fill.
func (f *finder) likeNames(i int) bool {
	row := f.rows[i]
	filled, values, long := 0, 0, 0
	seen := map[string]bool{}
	for _, c := range row.Cells {
		if c.Kind == Empty {
			continue
		}
		filled++
		seen[FoldHeader(c.Raw)] = true
		if isValue(c) && !isYear(c.Raw) {
			values++
		}
		if len(c.Raw) > 400 || f.g.Width == 1 && len(c.Raw) > 80 {
			long++
		}
	}
	return filled >= min(2, f.g.Width) && values*5 <= filled && long*5 <= filled && len(seen)*2 >= filled &&
		(f.group[i] || (filled+f.down[i])*2 >= f.typical(i))
}

// typical is the median number of filled cells in the rows below, or 0 when there are none.
func (f *finder) typical(i int) int {
	below := f.g.Rows[i+1 : min(len(f.g.Rows), i+41)]
	if len(below) == 0 {
		return 0
	}
	counts := make([]int, len(below))
	for j, row := range below {
		counts[j] = row.Filled()
	}
	slices.Sort(counts)
	return counts[len(counts)/2]
}

// overTable holds when at least half of the rows below fill a fair part of the columns; prose does not.
func (f *finder) overTable(i int) bool {
	below := f.g.Rows[i+1 : min(len(f.g.Rows), i+201)]
	enough := max(min(2, f.g.Width), f.rows[i].Filled()/10)
	full := 0
	for _, row := range below {
		if row.Filled() >= enough {
			full++
		}
	}
	return full*2 >= len(below)
}

// likeData holds for a row half of whose cells are values and which is as full as the rows below: names come no more.
func (f *finder) likeData(i int) bool {
	filled, values := 0, 0
	for _, c := range f.rows[i].Cells {
		if c.Kind != Empty {
			filled++
			if isValue(c) {
				values++
			}
		}
	}
	return values*2 >= filled && filled*2 > f.typical(i) && filled > 2 || values == filled && filled*2 > f.typical(i)
}

// refines holds when row i+1 is the lower half of a header whose groups stand in row i: it names columns that i leaves
// open, and it is names itself.
func (f *finder) refines(i int) bool {
	upper, lower := f.rows[i], f.rows[i+1]
	if lower.Number != upper.Number+1 {
		return false
	}
	opened, values := 0, 0
	for col := 1; col <= len(lower.Cells); col++ {
		c := lower.Cell(col)
		if c.Kind == Empty {
			continue
		}
		if isValue(c) && !isYear(c.Raw) {
			values++
		}
		if upper.Cell(col).Kind == Empty {
			opened++
		}
	}
	return opened > 0 && values == 0 && (f.group[i] || opened > 1 && f.overNumbers(i+1))
}

// overNumbers holds when some column has a text in row i and mostly values below it.
func (f *finder) overNumbers(i int) bool {
	below := f.g.Rows[i+1 : min(len(f.g.Rows), i+41)]
	for col := 1; col <= len(f.rows[i].Cells); col++ {
		c := f.rows[i].Cell(col)
		if c.Kind == Empty || isValue(c) {
			continue
		}
		filled, values := 0, 0
		for _, row := range below {
			if c := row.Cell(col); c.Kind != Empty {
				filled++
				if isValue(c) {
					values++
				}
			}
		}
		if filled > 0 && values*10 >= filled*7 {
			return true
		}
	}
	return false
}

func filledText(row Row) int {
	n := 0
	for _, c := range row.Cells {
		if c.Kind == Text && !isValue(c) {
			n++
		}
	}
	return n
}

// isValue holds for what stands in data and not in names: numbers, dates, errors, and text that is one of these.
func isValue(c Cell) bool {
	switch c.Kind {
	case Empty:
		return false
	case Text:
		return isValueText(c.Raw)
	}
	return true
}

func isValueText(s string) bool {
	digits := 0
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case strings.ContainsRune(" \u00A0\u202F.,-+/:%'TZ", r):
		default:
			return false
		}
	}
	return digits > 0
}

func isYear(s string) bool { return len(s) == 4 && (s[:2] == "19" || s[:2] == "20") && isValueText(s) }
