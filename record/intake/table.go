package intake

import (
	"fmt"
	"slices"
	"strings"

	"safar/dictionary"
	"safar/sheet"
)

// Bounds on what Suggest looks at; a mapping needs no more to be right.
const (
	maxProfiled = 20000 // rows of a sheet
	maxSnippets = 400   // texts outside the tables
	maxSnippet  = 400   // characters of one
)

// table is one sheet with a header, and what its columns are taken for.
type table struct {
	name   string
	grid   *sheet.Grid
	header sheet.Header
	rows   []sheet.Row
	heads  headers
	cols   []column
	hidden bool
	score  float64
}

// column is one column of a candidate table.
type column struct {
	at      int    // 1-based
	header  string // on one line
	group   string // title above a group of columns
	tag     string // HXL
	profile profile
	role    role
	level   int // of an area
	item    dictionary.Item
	sure    float64 // 0..1
	reason  string
}

// tablesOf reads every sheet that has a table.
func tablesOf(in Input) ([]*table, []*sheet.Grid, error) {
	var tables []*table
	var grids []*sheet.Grid
	for _, name := range in.Book.Sheets() {
		if in.Sheet != "" && sheet.FoldHeader(name) != sheet.FoldHeader(in.Sheet) {
			continue
		}
		g, err := in.Book.Grid(name)
		if err != nil {
			return nil, nil, err
		}
		grids = append(grids, g)
		h, ok := g.FindHeader()
		if !ok {
			continue
		}
		rows, _ := g.DataRows(h)
		if len(rows) == 0 {
			continue
		}
		t := &table{name: name, grid: g, header: h, rows: rows[:min(len(rows), maxProfiled)], heads: newHeaders(g, h.Row), hidden: in.Book.Hidden(name)}
		t.columns(in.Dictionary)
		tables = append(tables, t)
	}
	if in.Sheet != "" && len(grids) == 0 { // the workbook says itself that it has no such sheet
		_, err := in.Book.Grid(in.Sheet)
		return nil, nil, err
	}
	return tables, grids, nil
}

// columns profiles every column that has a header or values.
func (t *table) columns(d *dictionary.Dictionary) {
	for i, shown := range t.heads.shown {
		c := column{at: i + 1, header: shown, profile: profileOf(t.rows, i+1, d)}
		if i < len(t.header.Groups) {
			c.group = oneLine(t.header.Groups[i])
		}
		if i < len(t.header.Tags) {
			c.tag = strings.TrimSpace(t.header.Tags[i])
		}
		if shown != "" || c.profile.filled > 0 {
			t.cols = append(t.cols, c)
		}
	}
}

// rate gives a table points for looking like the records of units, one row each, and not like a summary of them.
func (t *table) rate() {
	roles := map[role]int{}
	items := 0
	for _, c := range t.cols {
		roles[c.role]++
		if c.role == roleItem {
			items++
		}
		if words := headerWords(c.header); slices.Contains(words, "covered") || slices.Contains(words, "couverts") {
			t.score -= 8
		}
	}
	t.score += 2*float64(min(items, 20)) + 2*float64(roles[roleArea])
	if roles[roleSiteID]+roles[rolePointID] > 0 {
		t.score += 15
	}
	if roles[roleSiteName]+roles[rolePointName] > 0 {
		t.score += 8
	}
	if roles[roleLat]+roles[roleCoordinates] > 0 {
		t.score += 4
	}
	t.score += float64(min(len(t.rows), 2000)) / 200
	t.score += t.byName()
}

// byName lets the name of the sheet speak where the columns leave a choice.
func (t *table) byName() float64 {
	score := 0.0
	if t.hidden {
		score -= 10
	}
	for _, word := range strings.Fields(dictionary.Fold(t.name)) {
		switch word {
		case "summary", "pivot", "overview", "résumé", "resume", "сводка", "итоги", "хулоса":
			score -= 6
		case "note", "notes", "readme", "metadata", "methodology", "choices", "survey", "dictionary", "lookup", "list", "lists", "settings":
			score -= 8
		case "location", "locations", "data", "dataset", "baseline", "master", "raw", "данные", "sites", "données", "main":
			score += 3
		}
	}
	return score
}

// choose takes the table with most points.
func choose(tables []*table) (best, second *table) {
	for _, t := range tables {
		t.rate()
	}
	slices.SortStableFunc(tables, func(a, b *table) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return 0
	})
	if len(tables) > 1 {
		second = tables[1]
	}
	return tables[0], second
}

// why says in words what makes this the sheet of the data.
func (t *table) why() string {
	var parts []string
	items := 0
	for _, c := range t.cols {
		switch c.role {
		case roleSiteID:
			parts = append(parts, "one row per site id")
		case rolePointID:
			parts = append(parts, "a monitoring point in each row")
		case roleItem:
			items++
		}
	}
	parts = append(parts, fmt.Sprintf("%d columns known to the dictionary", items), fmt.Sprintf("%d rows", len(t.rows)))
	return strings.Join(parts, ", ")
}

// snippets gathers the texts outside the chosen table that may tell country, round and period.
func snippets(in Input, chosen *table, grids []*sheet.Grid) []snippet {
	out := []snippet{{in.FileName, "the file's name", 2}}
	if chosen != nil {
		out = append(out, snippet{chosen.name, "the sheet's name", 3})
	}
	for _, g := range grids {
		if chosen == nil || g.Name != chosen.name {
			out = append(out, snippet{g.Name, "the name of sheet " + g.Name, 1})
		}
		out = append(out, titles(g, chosen)...)
	}
	return out[:min(len(out), maxSnippets)]
}

// titles are the texts above the header of a table, or the lines of a sheet of notes; those at the top weigh most.
func titles(g *sheet.Grid, chosen *table) []snippet {
	var out []snippet
	own := chosen != nil && g.Name == chosen.name
	h, isTable := g.FindHeader()
	isTable = isTable && (own || columnsNamed(h) > 1) // one column of text is a list of notes, whatever stands on top of it
	for i, row := range g.Rows {
		if isTable && row.Number >= h.Top || i >= 80 {
			break
		}
		weight := 1
		switch {
		case own:
			weight = 5
		case i < 6:
			weight = 4
		}
		where := fmt.Sprintf("sheet %s, row %d", g.Name, row.Number)
		for _, text := range rowTexts(row) {
			out = append(out, snippet{text, where, weight})
		}
	}
	return out
}

func columnsNamed(h sheet.Header) (n int) {
	for _, name := range h.Names {
		if name != "" {
			n++
		}
	}
	return n
}

func rowTexts(row sheet.Row) []string {
	var texts []string
	for _, c := range row.Cells {
		if c.Kind == sheet.Text && len(c.Raw) <= maxSnippet {
			texts = append(texts, oneLine(c.Raw))
		}
	}
	return texts
}
