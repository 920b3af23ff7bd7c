// Package sheet reads workbooks (xlsx, xls, csv and the Markdown table notation) as one bounded value: named sheets of
// rows of cells, each with its address as a spreadsheet shows it. It also writes xlsx and csv.
//
// Reading is bounded by Limits before memory is spent, streams row by row, and never guesses more than the file says:
// a number stored as text stays text, an error cell stays an error, an uncalculated formula is not zero. What a sheet
// means (where its header stands, which rows are totals) is asked separately, see Grid.FindHeader.
package sheet

import (
	"bytes"
	"fmt"
	"io"
	"iter"
	"strings"

	"safar/fault"
)

// Format is the kind of file a book was read from.
type Format string

// The formats that Open recognises by content.
const (
	XLSX     Format = "xlsx" // Office Open XML, also macro-enabled (the macros are not touched)
	XLS      Format = "xls"  // Excel 5 to 2003: BIFF5 and BIFF8
	CSV      Format = "csv"  // separated text in any of the known encodings and separators
	Markdown Format = "md"   // tables as pyxform writes them: a sheet-name line, then rows of cells
)

// Kind is what a cell holds.
type Kind uint8

// The kinds of cells. Text files know only Empty and Text.
const (
	Empty  Kind = iota
	Text        // Raw is the text, untouched
	Number      // Raw is the number as short decimal text: 2017236, 0.25
	Bool        // Raw is true or false
	Date        // Raw is ISO 8601: 2021-06-03, 2021-06-03T14:05:00, or 14:05:00 for a time of day
	Error       // Raw is the error (#REF!), or "=" and the formula when the file holds no result for it
)

// String names the kind for messages.
func (k Kind) String() string {
	names := [...]string{"empty", "text", "number", "yes or no", "date", "error"}
	if int(k) < len(names) {
		return names[k]
	}
	return "unknown"
}

// Cell is one cell: what is stored and what a person sees. The zero Cell is empty.
type Cell struct {
	Kind  Kind
	Raw   string // the stored value; see Kind for its form
	Shown string // with the cell's number format: 12,500 or 03-Jun-2021; column width and the reader's locale play no part
}

// Uncalculated says that the cell is a formula whose result the file does not hold; Raw is the formula.
func (c Cell) Uncalculated() bool { return c.Kind == Error && strings.HasPrefix(c.Raw, "=") }

// Row is one row with something in it. Cells start at column A; empty cells at the end are left out.
type Row struct {
	Number int // 1-based, as a spreadsheet shows it
	Cells  []Cell
}

// Cell gives the cell of a 1-based column; outside the row it is empty.
func (r Row) Cell(col int) Cell {
	if col < 1 || col > len(r.Cells) {
		return Cell{}
	}
	return r.Cells[col-1]
}

// Filled counts the cells that are not empty.
func (r Row) Filled() int {
	n := 0
	for _, c := range r.Cells {
		if c.Kind != Empty {
			n++
		}
	}
	return n
}

// Range is a block of merged cells; its value stands in the first cell. All four are 1-based and inclusive.
type Range struct{ FirstRow, FirstCol, LastRow, LastCol int }

// Limits bounds what reading may cost. A zero field means the default of that field.
type Limits struct {
	Bytes     int64 // size of the file
	Unzipped  int64 // size of all parts of an xlsx, unpacked
	Rows      int   // highest row number with something in it
	Columns   int   // highest column with something in it
	CellBytes int   // UTF-8 bytes of one cell
	Sheets    int   // sheets of a book
	Cells     int   // cells of one loaded Grid, gaps included; Rows does not mind
}

// DefaultLimits allows every honest workbook seen so far and keeps a hostile one cheap.
func DefaultLimits() Limits {
	return Limits{Bytes: 256 << 20, Unzipped: 1 << 30, Rows: 2_000_000, Columns: 16_384, CellBytes: 1 << 20, Sheets: 512, Cells: 5_000_000}
}

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	return Limits{
		Bytes: or(l.Bytes, d.Bytes), Unzipped: or(l.Unzipped, d.Unzipped), Rows: or(l.Rows, d.Rows), Columns: or(l.Columns, d.Columns),
		CellBytes: or(l.CellBytes, d.CellBytes), Sheets: or(l.Sheets, d.Sheets), Cells: or(l.Cells, d.Cells),
	}
}

func or[T int | int64](value, otherwise T) T {
	if value <= 0 {
		return otherwise
	}
	return value
}

// Book is an open workbook. Its methods may be used by several goroutines at once; the reader given to Open must stay open.
type Book struct {
	name   string
	format Format
	lim    Limits
	sheets []sheetInfo
	text   textShape
	scan   scanner
}

type sheetInfo struct {
	name   string
	hidden bool
	part   string // where the format finds the sheet
	offset int64
}

// scanner gives every row of sheet i that is not empty to each, until each says false, and then the merged cells it met.
type scanner func(i int, each func(Row) bool) ([]Range, error)

// Open recognises the file by its content and reads what is needed to list the sheets. The ending of the name helps only
// where content leaves a choice. The faults of Open name the file.
func Open(name string, r io.ReaderAt, size int64, lim Limits) (*Book, error) {
	b := &Book{name: name, lim: lim.orDefault()}
	if err := b.open(r, size); err != nil {
		return nil, b.placed(err, "")
	}
	if len(b.sheets) > b.lim.Sheets {
		return nil, b.placed(fault.New(fault.SheetTooManySheets, "count", fmt.Sprint(len(b.sheets)), "limit", fmt.Sprint(b.lim.Sheets)), "")
	}
	return b, nil
}

// OpenBytes is Open on bytes in memory.
func OpenBytes(name string, data []byte, lim Limits) (*Book, error) {
	return Open(name, bytes.NewReader(data), int64(len(data)), lim)
}

// Format says what the content was recognised as.
func (b *Book) Format() Format { return b.format }

// Sheets lists the worksheets in the file's order, hidden ones too. A csv has one, called after its file.
func (b *Book) Sheets() []string {
	names := make([]string, len(b.sheets))
	for i, s := range b.sheets {
		names[i] = s.name
	}
	return names
}

// Hidden says whether the sheet is hidden from people who open the workbook.
func (b *Book) Hidden(sheet string) bool {
	i, ok := b.index(sheet)
	return ok && b.sheets[i].hidden
}

// Encoding names the encoding of a text format ("utf-8", "windows-1251"); it is empty for the others.
func (b *Book) Encoding() string { return string(b.text.encoding) }

// Separator gives the separator of a csv; it is 0 for the others.
func (b *Book) Separator() rune { return rune(b.text.separator) }

// Close frees what the book holds. The reader given to Open is the caller's to close.
func (b *Book) Close() error {
	b.scan = nil
	return nil
}

// Rows streams the rows of a sheet that are not empty, in the file's order. An error comes last, with an empty row.
// Rows and columns that are hidden in the workbook are given like the others. The sheet is found by its name, or else by
// its folded name (FoldHeader). A row is the caller's to keep.
func (b *Book) Rows(sheet string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		stopped := false
		_, err := b.visit(sheet, func(row Row) bool {
			stopped = !yield(row, nil)
			return !stopped
		})
		if err != nil && !stopped {
			yield(Row{}, err)
		}
	}
}

func (b *Book) visit(sheet string, each func(Row) bool) ([]Range, error) {
	i, ok := b.index(sheet)
	if !ok {
		return nil, b.placed(fault.New(fault.SheetNoSuchSheet, "name", sheet, "sheets", strings.Join(b.Sheets(), ", ")), "")
	}
	if b.scan == nil {
		return nil, fault.Internalf(io.ErrClosedPipe, "reading sheet %q of a closed book", sheet)
	}
	merges, err := b.scan(i, each)
	return merges, b.placed(err, b.sheets[i].name)
}

func (b *Book) index(sheet string) (int, bool) {
	for i, s := range b.sheets {
		if s.name == sheet {
			return i, true
		}
	}
	want := FoldHeader(sheet)
	for i, s := range b.sheets {
		if FoldHeader(s.name) == want {
			return i, true
		}
	}
	return 0, false
}

// placed adds the file and sheet to a fault; other errors are failures of reading.
func (b *Book) placed(err error, sheet string) error {
	if err == nil {
		return nil
	}
	if f, ok := err.(*fault.Error); ok {
		at := f.At
		at.File = b.name
		if at.Sheet == "" && b.format != CSV {
			at.Sheet = sheet
		}
		return f.In(at)
	}
	return fault.Internalf(err, "reading workbook %s", b.name)
}
