package sheet_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"

	"safar/fault"
	"safar/sheet"
)

// TestXLSOfAnotherProgram reads a workbook with invented rows that another program wrote.
func TestXLSOfAnotherProgram(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("testdata", "invented.xls"))
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, "r11.xlsx", string(data)) // the name is wrong, the content tells
	if b.Format() != sheet.XLS || fmt.Sprint(b.Sheets()) != "[About Маҳалҳо Hidden]" || !b.Hidden("Hidden") {
		t.Fatal(b.Format(), b.Sheets())
	}
	g, err := b.Grid("маҳалҳо")
	if err != nil {
		t.Fatal(err)
	}
	wantDrawn(t, g, `
1|||IDPs
2|pcode|name|hh|ind|date|time|ok|share|code
3|XS00002|Plain 2|n:14|n:80.5|d:2021-01-03~03/01/2021|d:2021-03-04T05:06:09~2021-03-04 05:06:09|b:false~FALSE|n:0.002~0.2%|n:2~0000002
4|XS00003|Маҳалла 3 — ӣҷҳқғӯ|n:21|n:120.75|d:2021-01-04~04/01/2021|d:2021-03-04T05:06:10~2021-03-04 05:06:10|b:true~TRUE|n:0.003~0.3%|n:3~0000003
5|XS00004|Plain 4|n:28|n:161|d:2021-01-05~05/01/2021|d:2021-03-04T05:06:11~2021-03-04 05:06:11|b:false~FALSE|n:0.004~0.4%|n:4~0000004
6|n:-1234567.125|n:12345678901234|e:#REF!
`)
	if len(g.Merges) != 1 || g.Merges[0] != (sheet.Range{FirstRow: 1, FirstCol: 3, LastRow: 1, LastCol: 4}) {
		t.Error(g.Merges)
	}
	if hidden, err := b.Grid("Hidden"); err != nil || hidden.Cell(71, 256).Raw != "far" || len(hidden.Rows) != 1 {
		t.Error(hidden, err)
	}
}

// stream builds a workbook stream record by record.
type stream []byte

func (s *stream) record(op uint16, parts ...any) {
	var body []byte
	for _, p := range parts {
		switch p := p.(type) {
		case int: // two bytes
			body = binary.LittleEndian.AppendUint16(body, uint16(p))
		case uint32:
			body = binary.LittleEndian.AppendUint32(body, p)
		case float64:
			body = binary.LittleEndian.AppendUint64(body, math.Float64bits(p))
		case byte:
			body = append(body, p)
		case string:
			body = append(body, p...)
		}
	}
	*s = binary.LittleEndian.AppendUint16(*s, op)
	*s = binary.LittleEndian.AppendUint16(*s, uint16(len(body)))
	*s = append(*s, body...)
}

// wide is a BIFF8 string of two-byte characters without its length.
func wide(s string) string {
	out := []byte{1}
	for _, u := range utf16.Encode([]rune(s)) {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return string(out)
}

// xlsStream wraps the records of one sheet into a workbook of the version.
func xlsStream(version int, name string, globals, sheet stream) []byte {
	var s stream
	s.record(0x0809, version, 5, 0, 0)
	s = append(s, globals...)
	at := len(s)
	s.record(0x0085, uint32(0), 0, byte(len(name)), name)
	if version == 0x0600 {
		s = s[:at]
		s.record(0x0085, uint32(0), 0, byte(len([]rune(name))), wide(name))
	}
	s.record(0x000A)
	binary.LittleEndian.PutUint32(s[at+4:], uint32(len(s)))
	s.record(0x0809, version, 0x10, 0, 0)
	s = append(s, sheet...)
	s.record(0x000A)
	return s
}

// compound wraps a stream into a compound file: header, one table of sectors, the directory, and the stream.
func compound(name string, data []byte) []byte {
	const sector = 512
	data = append(data, make([]byte, max(4096-len(data), 0)+sector-1)...)
	n := len(data) / sector
	fats := (n+2)/126 + 1
	le := binary.LittleEndian
	head := make([]byte, sector)
	copy(head, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	for at, v := range map[int]uint16{24: 0x3E, 26: 3, 28: 0xFFFE, 30: 9, 32: 6} {
		le.PutUint16(head[at:], v)
	}
	for at, v := range map[int]uint32{44: uint32(fats), 48: uint32(fats), 56: 4096, 60: 0xFFFFFFFE, 68: 0xFFFFFFFE} {
		le.PutUint32(head[at:], v)
	}
	for i := range 109 {
		le.PutUint32(head[76+4*i:], 0xFFFFFFFF)
	}
	fat := make([]byte, fats*sector)
	for i := range fats * sector / 4 {
		next := uint32(0xFFFFFFFF)
		switch {
		case i < fats:
			next = 0xFFFFFFFD
			le.PutUint32(head[76+4*i:], uint32(i))
		case i == fats, i == fats+n:
			next = 0xFFFFFFFE
		case i < fats+n:
			next = uint32(i + 1)
		}
		le.PutUint32(fat[4*i:], next)
	}
	dir := make([]byte, sector)
	entry := func(at int, name string, kind byte, child, start, size uint32) {
		for i, u := range utf16.Encode([]rune(name)) {
			le.PutUint16(dir[at+2*i:], u)
		}
		le.PutUint16(dir[at+64:], uint16(2*len(name)+2))
		dir[at+66], dir[at+67] = kind, 1
		for i, v := range []uint32{0xFFFFFFFF, 0xFFFFFFFF, child} {
			le.PutUint32(dir[at+68+4*i:], v)
		}
		le.PutUint32(dir[at+116:], start)
		le.PutUint32(dir[at+120:], size)
	}
	entry(0, "Root Entry", 5, 1, 0xFFFFFFFE, 0)
	entry(128, name, 2, 0xFFFFFFFF, uint32(fats+1), uint32(n*sector))
	return append(append(append(head, fat...), dir...), data[:n*sector]...)
}

// biff8Book has one of each record, with a string cut by CONTINUE in the middle of a word and a chart inside the sheet.
func biff8Book() []byte {
	var g, s stream
	g.record(0x0022, 1) // days from 1904
	g.record(0x041E, 170, 10, wide("dd.mm.yyyy"))
	g.record(0x00E0, 0, 0, 0, 0)
	g.record(0x00E0, 0, 170, 0, 0)
	kulob := wide("Кӯлоб")
	g.record(0x00FC, uint32(3), uint32(3), 5, byte(0), "plain", 7, kulob) // two characters are missing ...
	g.record(0x003C, byte(0), " 1")                                       // ... and follow in one-byte form
	g.record(0x003C, 4, byte(0x0C), 1, uint32(6), "rich", uint32(0), "abcdef")

	s.record(0x00FD, 0, 0, 0, uint32(0))
	s.record(0x00FD, 0, 1, 0, uint32(1))
	s.record(0x00FD, 0, 2, 0, uint32(2))
	s.record(0x0203, 1, 0, 1, 42888.0)                                                     // a date
	s.record(0x027E, 1, 1, 0, uint32(2017236<<2|2))                                        // a short integer
	s.record(0x00BD, 1, 2, 0, uint32(12345<<2|3), 0, uint32(math.Float64bits(1.5)>>32), 3) // two short numbers
	s.record(0x0809, 0x0600, 0x20, 0, 0)
	s.record(0x0203, 9, 9, 0, 99.0)
	s.record(0x000A)
	s.record(0x0006, 2, 0, 0, byte(0), "\x00\x00\x00\x00\x00", 0xFFFF, 0, uint32(0)) // a formula, its text follows
	s.record(0x0207, 4, wide("Хуҷа"))
	s.record(0x0006, 2, 1, 0, byte(2), "\x00\x17\x00\x00\x00", 0xFFFF, 0, uint32(0)) // #REF!
	s.record(0x0006, 2, 2, 0, byte(1), "\x00\x01\x00\x00\x00", 0xFFFF, 0, uint32(0)) // true
	s.record(0x0006, 2, 3, 0, byte(3), "\x00\x00\x00\x00\x00", 0xFFFF, 0, uint32(0)) // ""
	s.record(0x0006, 2, 4, 0, 12.5, 0, uint32(0))
	s.record(0x0205, 3, 0, 0, byte(0x2A), byte(1))
	s.record(0x0205, 3, 1, 0, byte(0), byte(0))
	s.record(0x0204, 3, 2, 0, 5, byte(0), "label")
	s.record(0x0201, 3, 5, 0)
	s.record(0x00E5, 1, 0, 0, 1, 2)
	return xlsStream(0x0600, "Лист", g, s)
}

func TestXLSBIFF8(t *testing.T) {
	t.Parallel()
	g := grid(t, "w.xls", string(compound("Workbook", biff8Book())))
	wantDrawn(t, g, `
1|plain|Кӯлоб 1|rich
2|d:2021-06-03~03.06.2021|n:2017236|n:123.45|n:1.5
3|Хуҷа|e:#REF!|b:true~TRUE||n:12.5
4|e:#N/A|b:false~FALSE|label
`)
	if g.Name != "Лист" || len(g.Merges) != 1 {
		t.Error(g.Name, g.Merges)
	}
}

func biff5Book(t testing.TB) []byte {
	name, err := charmap.Windows1251.NewEncoder().String("Лист")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := charmap.Windows1251.NewEncoder().String("Душанбе")
	var g, s stream
	g.record(0x0042, 1251)
	g.record(0x041E, 164, byte(4), "0000")
	g.record(0x00E0, 0, 164, 0, 0)
	s.record(0x0204, 0, 0, 0, len(text), text)
	s.record(0x00D6, 0, 1, 0, len(text), text, byte(0))
	s.record(0x0203, 4, 0, 0, 7.0)
	return xlsStream(0x0500, name, g, s)
}

func TestXLSBIFF5(t *testing.T) {
	t.Parallel()
	g := grid(t, "w.xls", string(compound("Book", biff5Book(t))))
	if g.Name != "Лист" {
		t.Errorf("got sheet %q", g.Name)
	}
	wantDrawn(t, g, "\n1|Душанбе|Душанбе\n5|n:7~0007\n")
}

func TestXLSFaults(t *testing.T) {
	t.Parallel()
	var locked, none stream
	locked.record(0x002F, 1, 1, 1)
	good := biff8Book()
	badText := stream{}
	badText.record(0x00FD, 6, 7, 0, uint32(5))
	for _, c := range []struct {
		name  string
		data  []byte
		code  fault.Code
		place string
	}{
		{"password", compound("Workbook", xlsStream(0x0600, "a", locked, none)), fault.SheetEncrypted, "w.xls"},
		{"encrypted xlsx", compound("EncryptedPackage", good), fault.SheetEncrypted, "w.xls"},
		{"document", compound("WordDocument", good), fault.SheetNotAWorkbook, "a Word document"},
		{"older", compound("Book", xlsStream(0x0400, "a", none, none)), fault.SheetOtherWorkbook, "0x400"},
		{"cut off", compound("Workbook", good)[:1600], fault.SheetDamaged, "w.xls"},
		{"text that is not there", compound("Workbook", xlsStream(0x0600, "a", none, badText)), fault.SheetDamaged, "H7"},
		{"nothing inside", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), fault.SheetDamaged, "w.xls"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b, err := sheet.OpenBytes("w.xls", c.data, sheet.Limits{})
			if err == nil {
				_, err = b.Grid("a")
			}
			wantFault(t, err, c.code, c.place)
		})
	}
}
