package sheet

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"github.com/richardlehane/mscfb"

	"safar/fault"
)

// compoundMagic begins a compound file: the container of xls, and of an xlsx that a password encrypts.
const compoundMagic = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"

// openCompound looks at the streams inside: a workbook, an encrypted package, or something else.
func (b *Book) openCompound(r io.ReaderAt, size int64) error {
	container, err := mscfb.New(io.NewSectionReader(r, 0, size))
	if err != nil {
		return damaged(err, "the container of the file")
	}
	found := "an old Office document"
	for _, entry := range container.File {
		switch entry.Name {
		case "EncryptedPackage", "EncryptionInfo":
			return fault.New(fault.SheetEncrypted)
		case "WordDocument":
			found = "a Word document"
		case "PowerPoint Document":
			found = "a presentation"
		}
	}
	for _, entry := range container.File {
		if entry.Name == "Workbook" || entry.Name == "Book" || entry.Name == "WORKBOOK" || entry.Name == "BOOK" {
			data, err := io.ReadAll(io.LimitReader(entry, size))
			if err != nil {
				return damaged(err, "the workbook stream")
			}
			return b.openXLS(data)
		}
	}
	return fault.New(fault.SheetNotAWorkbook, "found", found)
}

// xlsBook is a workbook stream and what its sheets share.
type xlsBook struct {
	data    []byte
	lim     Limits
	version int
	page    int // code page of 8-bit text
	since04 bool
	shared  []string
	formats []*numFormat
}

func (b *Book) openXLS(data []byte) error {
	x := &xlsBook{data: data, lim: b.lim, page: 1252}
	sheets, err := x.globals()
	if err != nil {
		return err
	}
	if len(sheets) == 0 {
		return fault.New(fault.SheetNoSheets)
	}
	b.format, b.sheets = XLS, sheets
	b.scan = func(i int, each func(Row) bool) ([]Range, error) {
		return x.scanSheet(sheets[i].offset, each)
	}
	return nil
}

// globals reads the first part of the stream, up to its end record.
func (x *xlsBook) globals() ([]sheetInfo, error) {
	r := &biffReader{data: x.data}
	op, body, ok := r.next()
	if !ok || op != biffBOF || len(body) < 4 {
		return nil, damaged(nil, "the beginning of the workbook stream")
	}
	if x.version = int(binary.LittleEndian.Uint16(body)); x.version != biff5 && x.version != biff8 {
		return nil, fault.New(fault.SheetOtherWorkbook, "found", fmt.Sprintf("xls of version %#x", x.version))
	}
	var sheets []sheetInfo
	var ids []int
	codes := map[int]string{}
	for {
		op, body, ok := r.next()
		if !ok {
			return nil, damaged(nil, "the workbook stream stops in the middle")
		}
		switch op {
		case biffEOF:
			x.formats = formatsOf(ids, codes)
			return sheets, nil
		case biffFilePass:
			return nil, fault.New(fault.SheetEncrypted)
		case biffXF:
			ids = append(ids, int(le16(body, 2)))
		case biffFormat:
			id := int(le16(body, 0))
			codes[id] = x.formatCode(&biffText{chunk: tail(body, 2)})
		case biffBoundSheet:
			if s, ok := x.boundSheet(body); ok {
				sheets = append(sheets, s)
			}
			if len(sheets) > x.lim.Sheets {
				return nil, fault.New(fault.SheetTooManySheets, "count", fmt.Sprint(len(sheets)), "limit", fmt.Sprint(x.lim.Sheets))
			}
		case biffSST:
			x.sharedStrings(r.continued(body))
		default:
			x.setting(op, body)
		}
	}
}

func (x *xlsBook) setting(op uint16, body []byte) {
	switch op {
	case biffCodePage:
		x.page = int(le16(body, 0))
	case biffDateMode:
		x.since04 = le16(body, 0) == 1
	}
}

// boundSheet takes worksheets only.
func (x *xlsBook) boundSheet(body []byte) (sheetInfo, bool) {
	if len(body) < 8 {
		return sheetInfo{}, false
	}
	t := &biffText{chunk: body[6:]}
	s := sheetInfo{offset: int64(binary.LittleEndian.Uint32(body)), hidden: body[4]&3 != 0}
	if n := int(t.byte()); x.version == biff8 {
		s.name = t.unicode(n)
	} else {
		s.name = decodeCodePage(t.bytes(n), x.page)
	}
	return s, body[5] == 0
}

func (x *xlsBook) formatCode(t *biffText) string {
	if x.version == biff8 {
		return t.unicode(t.u16())
	}
	return decodeCodePage(t.bytes(int(t.byte())), x.page)
}

// sharedStrings reads the table of texts; it believes the strings, not the count before them.
func (x *xlsBook) sharedStrings(t *biffText) {
	t.skip(4)
	for n := min(t.u32(), 2*x.lim.Cells); n > 0; n-- {
		size := t.u16()
		if t.ended {
			return
		}
		x.shared = append(x.shared, t.unicode(size))
	}
}

// le16 reads two bytes at an offset, 0 behind the end.
func le16(b []byte, at int) uint16 {
	if at+2 > len(b) {
		return 0
	}
	return binary.LittleEndian.Uint16(b[at:])
}

func tail(b []byte, from int) []byte { return b[min(from, len(b)):] }

// rkNumber unpacks the short form of numbers: 30 bits of a double or of an integer, perhaps times a hundred.
func rkNumber(rk uint32) float64 {
	v := 0.0
	if rk&2 != 0 {
		v = float64(int32(rk) >> 2)
	} else {
		v = math.Float64frombits(uint64(rk&^3) << 32)
	}
	if rk&1 != 0 {
		v /= 100
	}
	return v
}
