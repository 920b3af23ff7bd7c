package sheet

import (
	"fmt"

	"safar/fault"
)

// rowBuilder collects the cells of one row under the limits. Only cells with something in them count.
type rowBuilder struct {
	lim   Limits
	row   Row
	width int // of the row before, a good guess for this one
}

func (b *rowBuilder) start(number int) { b.row = Row{Number: number} }

// set puts a cell into a 1-based column.
func (b *rowBuilder) set(col int, c Cell) error {
	if c.Kind == Empty {
		return nil
	}
	if b.row.Number > b.lim.Rows {
		return tooManyRows(b.lim)
	}
	if col > b.lim.Columns {
		return tooManyColumns(b.lim, b.row.Number, col)
	}
	if len(c.Raw) > b.lim.CellBytes {
		return cellTooLong(b.lim, b.row.Number, col)
	}
	if b.row.Cells == nil {
		b.row.Cells = make([]Cell, 0, max(b.width, col))
	}
	for len(b.row.Cells) < col {
		b.row.Cells = append(b.row.Cells, Cell{})
	}
	b.row.Cells[col-1] = c
	b.width = len(b.row.Cells)
	return nil
}

func tooManyRows(lim Limits) error {
	return fault.New(fault.SheetTooManyRows, "limit", fmt.Sprint(lim.Rows))
}

func tooManyColumns(lim Limits, row, col int) error {
	return fault.New(fault.SheetTooManyColumns, "limit", fmt.Sprint(lim.Columns)).In(fault.Where{Row: row, Cell: Column(col)})
}

func cellTooLong(lim Limits, row, col int) error {
	return fault.New(fault.SheetCellTooLong, "limit", fmt.Sprint(lim.CellBytes)).In(fault.Where{Row: row, Cell: Column(col)})
}

func damaged(err error, part string) error {
	if err == nil {
		return fault.New(fault.SheetDamaged, "part", part)
	}
	if f, ok := err.(*fault.Error); ok {
		return f
	}
	return fault.Wrap(err, fault.SheetDamaged, "part", part)
}
