package intake

import (
	"errors"
	"iter"
	"strconv"

	"safar/dictionary"
	"safar/fault"
	"safar/form"
	"safar/form/xpath"
	"safar/place"
	"safar/record"
	"safar/sheet"
)

// Row is one row of the sheet as a record: what it answers, where it lies and what it looked like.
type Row struct {
	Number      int          // 1-based, as a spreadsheet shows it
	Unit        string       // unit key: SSID, area code, own id of the sheet, or point, date and content of a flow row
	Answers     *xpath.Node  // root element named as in the form; every mapped item is there, empty where its value is missing
	Items       []string     // names of the mapped items, in the order of the mapping
	Place       record.Place // codes of areas, site or point, position
	Date        string       // assessment or observation date, YYYY-MM-DD; "" when the sheet does not say
	CarriedFrom int          // round the values were carried over from; 0 = this round's own
	Original    []byte       // canonical JSON of the row as it stands in the sheet
	Rejected    bool         // its unit or place cannot be known: it must not become a record
}

// RowError is one thing wrong with a row.
type RowError struct {
	Sheet    string
	Row      int    // 1-based
	Column   string // letters; "" when it is about the whole row
	Header   string
	Rejected bool // the row is left out because of it; else only the cell's value is
	Fault    *fault.Error
}

// Error writes the fault with its place.
func (e RowError) Error() string { return e.Fault.Error() }

// Unwrap gives the fault.
func (e RowError) Unwrap() error { return e.Fault }

// Skipped is a row that is no data: tags, totals, notes below the table.
type Skipped struct {
	Row    int
	Reason string // hxl, header, total, note
}

// Plan is a mapping laid over a workbook: which rows are units and where they lie. Its answers are read by Rows.
type Plan struct {
	Places  place.Batch // areas, sites and points that no list knows yet, to be stored before the rows
	Skipped []Skipped
	Notes   []*fault.Error // what a person should know of the whole sheet

	mapping Mapping
	grid    *sheet.Grid
	heads   headers
	specs   []spec
	fill    placeAnswers
	root    string
	rows    []located
	origin  originals
}

// located is a data row after the first pass.
type located struct {
	at          int // index in grid.Rows
	unit        string
	place       record.Place
	siteName    string
	date        string
	carriedFrom int
	errors      []RowError
	rejected    bool
}

// Apply lays a mapping over a workbook and finds the unit and the place of every row. Faults of the mapping itself (a
// header that the sheet does not have, an item that no form asks) come as an error, all at once; what is wrong with
// single rows comes with the rows.
//
// Source.SHA256 goes into the original of each row: when a mapping is used again for another file, set it to that file's.
func Apply(m Mapping, book *sheet.Book, f *form.Form, d *dictionary.Dictionary, reg *place.Register) (*Plan, error) {
	g, err := book.Grid(sheetName(m, book))
	if err != nil {
		return nil, err
	}
	p := &Plan{mapping: m, grid: g, heads: newHeaders(g, m.Source.HeaderRow), root: "data"}
	if f != nil && f.Root != nil {
		p.root = f.Root.Name
	}
	var faults []error
	p.specs, faults = bindColumns(m, p.heads, g, f, d)
	l, more := newLocator(m, p.heads, reg)
	if faults = append(faults, more...); len(faults) > 0 {
		return nil, errors.Join(inSheet(faults, g.Name)...)
	}
	p.fill = newPlaceAnswers(m, p.specs, f)
	p.origin = newOriginals(m.Source.SHA256, g.Name, p.heads.shown)
	p.locate(l, d)
	if len(p.rows) == 0 {
		return nil, fault.New(fault.IntakeNoRows, "row", strconv.Itoa(m.Source.FirstRow)).In(fault.Where{Sheet: g.Name})
	}
	p.Places, p.Notes = l.batch()
	return p, nil
}

// sheetName is the mapping's sheet; a text file has only one, whatever it is called today.
func sheetName(m Mapping, book *sheet.Book) string {
	if names := book.Sheets(); len(names) == 1 && book.Format() == sheet.CSV {
		return names[0]
	}
	return m.Source.Sheet
}

func inSheet(errs []error, name string) []error {
	for i, err := range errs {
		if e, ok := err.(*fault.Error); ok && e.At == (fault.Where{}) {
			errs[i] = e.In(fault.Where{Sheet: name})
		}
	}
	return errs
}

// Len counts the rows that Rows gives.
func (p *Plan) Len() int { return len(p.rows) }

// Rows reads the answers, one data row after the other, with what is wrong with each. A rejected row comes as well, so
// that its original can be shown; it must not be stored as a record.
func (p *Plan) Rows() iter.Seq2[Row, []RowError] {
	return func(yield func(Row, []RowError) bool) {
		for _, at := range p.rows {
			row, errs := p.read(at)
			if !yield(row, errs) {
				return
			}
		}
	}
}

func (p *Plan) read(at located) (Row, []RowError) {
	cells := p.grid.Rows[at.at]
	row := Row{
		Number: cells.Number, Unit: at.unit, Place: at.place, Date: at.date, CarriedFrom: at.carriedFrom, Rejected: at.rejected,
		Original: p.origin.of(cells),
	}
	if at.rejected {
		return row, at.errors
	}
	errs := at.errors
	b := builder{root: xpath.NewElement(p.root)}
	for i := range p.specs {
		s := &p.specs[i]
		value, missing, problem := s.read(cells.Cell(s.col))
		if problem != nil {
			errs = append(errs, p.cellError(cells.Number, s.col, problem, false))
		}
		node := b.add(s.path, value)
		if value == "" && missing != "" {
			node.SetAttr("missing", missing)
		}
		row.Items = append(row.Items, s.name)
	}
	row.Items = p.fill.into(b, row.Items, at)
	row.Answers = b.root
	return row, errs
}

func (p *Plan) cellError(row, col int, e *fault.Error, rejected bool) RowError {
	out := RowError{Sheet: p.grid.Name, Row: row, Rejected: rejected}
	if col > 0 {
		out.Column, out.Header = sheet.Column(col), p.heads.shown[col-1]
	}
	out.Fault = e.In(fault.Where{File: p.mapping.Source.File, Sheet: p.grid.Name, Row: row, Cell: out.Column, Field: out.Header})
	return out
}

// builder makes an answer tree out of paths of names below the root.
type builder struct{ root *xpath.Node }

func (b builder) add(path []string, value string) *xpath.Node {
	at := b.root
	for _, step := range path[:len(path)-1] {
		next := at.Child(step)
		if next == nil {
			next = at.Add(step, "")
		}
		at = next
	}
	return at.Add(path[len(path)-1], value)
}
