package sheet

import (
	"bytes"
	"strconv"

	"safar/fault"
)

// maxMerges bounds the merged blocks kept of one sheet; they only help to read headers.
const maxMerges = 100_000

// xlsxSheet walks one sheet part.
type xlsxSheet struct {
	x      *xmlReader
	book   *xlsxBook
	shared []string
	each   func(Row) bool
	rows   rowBuilder
	merges []Range

	number  int // of the row being read
	col     int
	kind    byte // of the cell: the first letter of its type, 'i' for inline, 't' for a formula's text, 'n' otherwise
	style   int
	inside  part
	rich    richText
	value   []byte
	formula []byte
	isForm  bool
	inTable bool // inside sheetData
	stopped bool
}

// part says which text of a cell is being read.
type part uint8

const (
	partNone part = iota
	partValue
	partFormula
	partInline
)

func (x *xlsxBook) scanSheet(name string, each func(Row) bool) ([]Range, error) {
	shared, err := x.shared()
	if err != nil {
		return nil, err
	}
	xr, done, err := x.open(name)
	if err != nil {
		return nil, err
	}
	defer done()
	s := &xlsxSheet{x: xr, book: x, shared: shared, each: each, rows: rowBuilder{lim: x.lim}}
	for !s.stopped {
		tok, err := xr.next()
		if err != nil {
			return nil, damaged(err, "part "+name)
		}
		if tok == xmlEnd {
			break
		}
		if err := s.step(tok); err != nil {
			return nil, err
		}
	}
	return s.merges, nil
}

func (s *xlsxSheet) step(tok xmlToken) error {
	switch tok {
	case xmlOpen:
		s.opened()
		return nil
	case xmlClose:
		return s.closed()
	}
	return s.took()
}

func (s *xlsxSheet) opened() {
	name := s.x.name
	if !s.inTable {
		switch string(name) {
		case "sheetData":
			s.inTable = true
		case "mergeCell":
			s.merge()
		}
		return
	}
	switch string(name) {
	case "c":
		s.startCell()
	case "v":
		s.inside = partValue
	case "row":
		s.startRow()
	case "f":
		s.inside, s.isForm = partFormula, true
	case "is":
		s.inside, s.rich = partInline, richText{}
	default:
		if s.inside == partInline {
			s.rich.step(xmlOpen, name)
		}
	}
}

func (s *xlsxSheet) startRow() {
	number := 0
	if text, ok := s.x.attr("r"); ok {
		number, _ = strconv.Atoi(text)
	}
	if number < 1 || number > 1<<28 {
		number = s.number + 1
	}
	s.number, s.col = number, 0
	s.rows.start(number)
}

func (s *xlsxSheet) startCell() {
	s.col++
	s.kind, s.style = 'n', 0
	s.value, s.formula = s.value[:0], s.formula[:0]
	s.inside, s.isForm = partNone, false
	for rest := s.x.attrs; ; {
		key, value, after, ok := nextAttr(rest)
		if !ok {
			return
		}
		rest = after
		switch string(key) {
		case "r":
			if _, col, ok := parseAddress(value); ok {
				s.col = col
			}
		case "s":
			s.style = smallInt(value)
		case "t":
			s.kind = cellKind(value)
		}
	}
}

func cellKind(value []byte) byte {
	switch string(value) {
	case "s", "b", "e", "d":
		return value[0]
	case "str":
		return 't'
	case "inlineStr":
		return 'i'
	}
	return 'n'
}

// smallInt reads a whole number below a million; anything else is -1.
func smallInt(b []byte) int {
	if len(b) == 0 || len(b) > 6 {
		return -1
	}
	n := 0
	for _, c := range b {
		if !isDigit(c) {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// took adds a piece of text to what is being read.
func (s *xlsxSheet) took() error {
	switch {
	case !s.inTable:
	case s.inside == partValue, s.inside == partInline && s.rich.wanted:
		s.value = append(s.value, s.x.text...)
		if len(s.value) > s.book.lim.CellBytes {
			return cellTooLong(s.book.lim, s.number, s.col)
		}
	case s.inside == partFormula && len(s.formula) < 1000:
		s.formula = append(s.formula, s.x.text[:min(len(s.x.text), 1000)]...)
	}
	return nil
}

func (s *xlsxSheet) closed() error {
	if !s.inTable {
		return nil
	}
	switch string(s.x.name) {
	case "c":
		return s.endCell()
	case "v", "f", "is":
		s.inside = partNone
	case "row":
		if len(s.rows.row.Cells) > 0 {
			s.stopped = !s.each(s.rows.row)
			s.rows.row.Cells = nil
		}
	case "sheetData":
		s.inTable = false
	default:
		if s.inside == partInline {
			s.rich.step(xmlClose, s.x.name)
		}
	}
	return nil
}

func (s *xlsxSheet) endCell() error {
	if len(s.value) == 0 && !s.isForm {
		return nil
	}
	c, err := s.cell()
	if err != nil {
		return err
	}
	return s.rows.set(s.col, c)
}

func (s *xlsxSheet) cell() (Cell, error) {
	if len(s.value) == 0 && s.isForm && s.kind != 't' {
		return Cell{Kind: Error, Raw: "=" + string(s.formula)}, nil
	}
	switch s.kind {
	case 's':
		i := smallIndex(s.value)
		if i < 0 || i >= len(s.shared) {
			return Cell{}, damaged(nil, "a cell refers to a text that is not there").(*fault.Error).In(fault.Where{Row: s.number, Cell: Column(s.col)})
		}
		return TextCell(s.shared[i]), nil
	case 'i', 't':
		return TextCell(unescapeXLSX(string(s.value))), nil
	case 'b':
		return BoolCell(string(bytes.TrimSpace(s.value)) == "1" || string(s.value) == "true"), nil
	case 'e':
		return errorCell(string(s.value)), nil
	case 'd':
		return isoCell(string(s.value)), nil
	}
	return numberCell(s.value, s.format(), s.book.since04), nil
}

func smallIndex(b []byte) int {
	n, err := strconv.Atoi(string(bytes.TrimSpace(b)))
	if err != nil {
		return -1
	}
	return n
}

func (s *xlsxSheet) format() *numFormat {
	if s.style < 0 || s.style >= len(s.book.formats) {
		return nil
	}
	return s.book.formats[s.style]
}

func (s *xlsxSheet) merge() {
	ref, _ := s.x.attr("ref")
	if r, ok := parseRange(ref); ok && len(s.merges) < maxMerges {
		s.merges = append(s.merges, r)
	}
}

func parseRange(ref string) (Range, bool) {
	from, to, ok := bytes.Cut([]byte(ref), []byte(":"))
	if !ok {
		return Range{}, false
	}
	r1, c1, ok1 := parseAddress(from)
	r2, c2, ok2 := parseAddress(to)
	return Range{FirstRow: r1, FirstCol: c1, LastRow: r2, LastCol: c2}, ok1 && ok2 && r1 <= r2 && c1 <= c2
}
