package sheet

import (
	"fmt"
	"sort"

	"safar/fault"
)

// Grid is one sheet, loaded. Rows holds only rows with something in them, in ascending order of Number: walk them by their
// Number, or ask Cell for an address.
type Grid struct {
	Name   string
	Rows   []Row
	Width  int     // the highest column with something in it
	Merges []Range // merged blocks, as far as the format tells
}

// NewGrid makes a grid of text from rows that start at row 1 and column A.
func NewGrid(name string, rows [][]string) *Grid {
	g := &Grid{Name: name}
	for i, texts := range rows {
		row := Row{Number: i + 1}
		for j, text := range texts {
			if text != "" {
				row.Cells = append(row.Cells, make([]Cell, j-len(row.Cells))...)
				row.Cells = append(row.Cells, TextCell(text))
			}
		}
		g.add(row)
	}
	return g
}

// Grid loads a sheet. It refuses one with more cells than Limits.Cells.
func (b *Book) Grid(sheet string) (*Grid, error) {
	g := &Grid{}
	cells, full := 0, false
	merges, err := b.visit(sheet, func(row Row) bool {
		cells += len(row.Cells)
		full = cells > b.lim.Cells
		if !full {
			g.add(row)
		}
		return !full
	})
	if err != nil {
		return nil, err
	}
	i, _ := b.index(sheet)
	g.Name = b.sheets[i].name
	if full {
		return nil, b.placed(fault.New(fault.SheetTooManyCells, "limit", fmt.Sprint(b.lim.Cells)), g.Name)
	}
	g.Merges = merges
	g.order()
	return g, nil
}

func (g *Grid) add(row Row) {
	if len(row.Cells) == 0 {
		return
	}
	g.Rows = append(g.Rows, row)
	g.Width = max(g.Width, len(row.Cells))
}

// order repairs a file whose rows stand out of order or in pieces; of two values for one address the later stays.
func (g *Grid) order() {
	if g.ascending() {
		return
	}
	sort.SliceStable(g.Rows, func(i, j int) bool { return g.Rows[i].Number < g.Rows[j].Number })
	out := g.Rows[:0]
	for _, row := range g.Rows {
		if n := len(out); n > 0 && out[n-1].Number == row.Number {
			out[n-1] = joined(out[n-1], row)
			continue
		}
		out = append(out, row)
	}
	g.Rows = out
}

func (g *Grid) ascending() bool {
	for i := 1; i < len(g.Rows); i++ {
		if g.Rows[i].Number <= g.Rows[i-1].Number {
			return false
		}
	}
	return true
}

func joined(a, b Row) Row {
	cells := make([]Cell, max(len(a.Cells), len(b.Cells)))
	copy(cells, a.Cells)
	for i, c := range b.Cells {
		if c.Kind != Empty {
			cells[i] = c
		}
	}
	return Row{Number: a.Number, Cells: cells}
}

// Cell gives the cell at a 1-based row and column; where nothing stands it is empty.
func (g *Grid) Cell(row, col int) Cell { return g.Row(row).Cell(col) }

// Row gives the row of a number, with no cells where nothing stands.
func (g *Grid) Row(number int) Row {
	if i := number - 1; i >= 0 && i < len(g.Rows) && g.Rows[i].Number == number {
		return g.Rows[i]
	}
	i := sort.Search(len(g.Rows), func(i int) bool { return g.Rows[i].Number >= number })
	if i < len(g.Rows) && g.Rows[i].Number == number {
		return g.Rows[i]
	}
	return Row{Number: number}
}
