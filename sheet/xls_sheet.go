package sheet

import (
	"encoding/binary"
	"math"

	"safar/fault"
)

// xlsSheet walks the records of one sheet. Programs write its cells row by row; a row that comes back later is given
// again as a piece of its own, which Grid joins.
type xlsSheet struct {
	book    *xlsBook
	r       *biffReader
	each    func(Row) bool
	rows    rowBuilder
	merges  []Range
	stopped bool

	awaited int // row of a formula whose text comes in the next record, 0 for none
	column  int
}

func (x *xlsBook) scanSheet(offset int64, each func(Row) bool) ([]Range, error) {
	s := &xlsSheet{book: x, each: each, rows: rowBuilder{lim: x.lim}}
	if offset <= 0 || offset >= int64(len(x.data)) {
		return nil, damaged(nil, "the beginning of a sheet is not where the workbook says")
	}
	s.r = &biffReader{data: x.data, pos: int(offset)}
	op, _, ok := s.r.next()
	if !ok || op != biffBOF {
		return nil, damaged(nil, "the beginning of a sheet is not where the workbook says")
	}
	for depth := 1; depth > 0 && !s.stopped; {
		op, body, ok := s.r.next()
		switch {
		case !ok:
			return nil, damaged(nil, "a sheet stops in the middle")
		case op == biffBOF: // a chart inside the sheet
			depth++
		case op == biffEOF:
			depth--
		case depth == 1:
			if err := s.record(op, body); err != nil {
				return nil, err
			}
		}
	}
	s.flush()
	return s.merges, nil
}

// flush gives the row that is ready.
func (s *xlsSheet) flush() {
	if len(s.rows.row.Cells) > 0 && !s.stopped {
		s.stopped = !s.each(s.rows.row)
	}
	s.rows.row = Row{}
}

func (s *xlsSheet) record(op uint16, body []byte) error {
	switch op {
	case biffMerged:
		s.merged(body)
		return nil
	case biffString:
		return s.formulaText(body)
	case biffNumber, biffRK, biffMulRK, biffLabel, biffRString, biffLabelSST, biffBoolErr, biffFormula:
		if len(body) < 8 {
			return damaged(nil, "a cell is cut off")
		}
		if number := int(le16(body, 0)) + 1; number != s.rows.row.Number {
			s.flush()
			s.rows.start(number)
		}
		s.awaited = 0
		return s.cell(op, body)
	}
	return nil
}

func (s *xlsSheet) cell(op uint16, body []byte) error {
	col, style := int(le16(body, 2))+1, int(le16(body, 4))
	switch op {
	case biffNumber:
		return s.number(col, style, float(tail(body, 6)))
	case biffRK:
		return s.number(col, style, rkNumber(le32(body, 6)))
	case biffMulRK:
		return s.numbers(col, body)
	case biffLabel, biffRString:
		return s.rows.set(col, TextCell(s.text(s.r.continued(body[6:]))))
	case biffLabelSST:
		i := int(le32(body, 6))
		if i >= len(s.book.shared) {
			return damaged(nil, "a cell refers to a text that is not there").(*fault.Error).In(fault.Where{Row: s.rows.row.Number, Cell: Column(col)})
		}
		return s.rows.set(col, TextCell(s.book.shared[i]))
	case biffBoolErr:
		return s.rows.set(col, boolOrError(body[6], body[7]))
	}
	return s.formula(col, style, body)
}

func boolOrError(value, isError byte) Cell {
	if isError != 0 {
		return errorCell(biffError(value))
	}
	return BoolCell(value != 0)
}

func (s *xlsSheet) number(col, style int, v float64) error {
	var f *numFormat
	if style < len(s.book.formats) {
		f = s.book.formats[style]
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return s.rows.set(col, errorCell("#NUM!"))
	}
	return s.rows.set(col, formattedCell(v, f, s.book.since04))
}

// numbers reads several short numbers side by side.
func (s *xlsSheet) numbers(col int, body []byte) error {
	for at := 4; at+8 <= len(body); at += 6 {
		if err := s.number(col, int(le16(body, at)), rkNumber(le32(body, at+2))); err != nil {
			return err
		}
		col++
	}
	return nil
}

// formula takes the stored result; a text comes in a record of its own. An empty text is an empty cell: the format does not
// tell a formula that gives "" from one that was never calculated.
func (s *xlsSheet) formula(col, style int, body []byte) error {
	if len(body) < 14 {
		return damaged(nil, "a cell is cut off")
	}
	if le16(body, 12) != 0xFFFF {
		return s.number(col, style, float(body[6:]))
	}
	switch body[6] {
	case 0:
		s.awaited, s.column = s.rows.row.Number, col
	case 1, 2:
		return s.rows.set(col, boolOrError(body[8], body[6]-1))
	}
	return nil
}

func (s *xlsSheet) formulaText(body []byte) error {
	if s.awaited == 0 || s.awaited != s.rows.row.Number {
		return nil
	}
	s.awaited = 0
	return s.rows.set(s.column, TextCell(s.text(s.r.continued(body))))
}

func (s *xlsSheet) text(t *biffText) string {
	n := t.u16()
	if s.book.version == biff8 {
		return t.unicode(n)
	}
	return decodeCodePage(t.bytes(n), s.book.page)
}

func (s *xlsSheet) merged(body []byte) {
	for at := 2; at+8 <= len(body) && len(s.merges) < maxMerges; at += 8 {
		s.merges = append(s.merges, Range{
			FirstRow: int(le16(body, at)) + 1, LastRow: int(le16(body, at+2)) + 1,
			FirstCol: int(le16(body, at+4)) + 1, LastCol: int(le16(body, at+6)) + 1,
		})
	}
}

func le32(b []byte, at int) uint32 { return uint32(le16(b, at)) | uint32(le16(b, at+2))<<16 }

func float(b []byte) float64 {
	if len(b) < 8 {
		return 0
	}
	return math.Float64frombits(binary.LittleEndian.Uint64(b))
}
