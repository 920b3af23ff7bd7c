package sheet

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// The records of BIFF that carry what a table needs; all others are passed over.
const (
	biffFormula    = 0x0006
	biffEOF        = 0x000A
	biffDateMode   = 0x0022
	biffFilePass   = 0x002F
	biffContinue   = 0x003C
	biffCodePage   = 0x0042
	biffBoundSheet = 0x0085
	biffMulRK      = 0x00BD
	biffRString    = 0x00D6
	biffXF         = 0x00E0
	biffMerged     = 0x00E5
	biffSST        = 0x00FC
	biffLabelSST   = 0x00FD
	biffNumber     = 0x0203
	biffLabel      = 0x0204
	biffBoolErr    = 0x0205
	biffString     = 0x0207
	biffRK         = 0x027E
	biffFormat     = 0x041E
	biffBOF        = 0x0809
)

const (
	biff5 = 0x0500
	biff8 = 0x0600
)

// biffReader walks the records of a workbook stream held in memory.
type biffReader struct {
	data []byte
	pos  int
}

// next gives the record at the position and moves behind it; it fails at the end and on a record that is cut off.
func (r *biffReader) next() (op uint16, body []byte, ok bool) {
	if r.pos < 0 || r.pos+4 > len(r.data) {
		return 0, nil, false
	}
	op = binary.LittleEndian.Uint16(r.data[r.pos:])
	size := int(binary.LittleEndian.Uint16(r.data[r.pos+2:]))
	start := r.pos + 4
	if start+size > len(r.data) {
		return 0, nil, false
	}
	r.pos = start + size
	return op, r.data[start:r.pos], true
}

// continued gives the body with those of the CONTINUE records behind it, and moves behind them.
func (r *biffReader) continued(body []byte) *biffText {
	t := &biffText{chunk: body}
	for {
		at := r.pos
		op, more, ok := r.next()
		if !ok || op != biffContinue {
			r.pos = at
			return t
		}
		t.more = append(t.more, more)
	}
}

// biffText reads numbers and strings from a record that may go on in CONTINUE records. After the end it gives zeros.
type biffText struct {
	chunk []byte
	more  [][]byte
	ended bool
}

// turn moves to the next chunk when this one is used up.
func (t *biffText) turn() bool {
	for len(t.chunk) == 0 {
		if len(t.more) == 0 {
			t.ended = true
			return false
		}
		t.chunk, t.more = t.more[0], t.more[1:]
	}
	return true
}

func (t *biffText) byte() byte {
	if !t.turn() {
		return 0
	}
	b := t.chunk[0]
	t.chunk = t.chunk[1:]
	return b
}

func (t *biffText) u16() int { return int(t.byte()) | int(t.byte())<<8 }
func (t *biffText) u32() int { return t.u16() | t.u16()<<16 }

func (t *biffText) skip(n int) {
	for n > 0 && t.turn() {
		step := min(n, len(t.chunk))
		t.chunk = t.chunk[step:]
		n -= step
	}
}

// Flags of a BIFF8 string.
const (
	biffWide = 0x01 // two bytes for each character
	biffExt  = 0x04 // followed by a reading aid
	biffRich = 0x08 // followed by runs of formatting
)

// unicode reads a BIFF8 string of n characters, its flags first. Where its characters go on in another record, that
// record begins with flags of its own.
func (t *biffText) unicode(n int) string {
	flags := t.byte()
	runs, ext := 0, 0
	if flags&biffRich != 0 {
		runs = t.u16()
	}
	if flags&biffExt != 0 {
		ext = t.u32()
	}
	text := t.characters(n, flags)
	t.skip(4 * runs)
	t.skip(ext)
	return text
}

func (t *biffText) characters(n int, flags byte) string {
	var units []uint16
	for n > 0 {
		if len(t.chunk) == 0 {
			if !t.turn() {
				break
			}
			flags = t.byte()
		}
		width := 1 + int(flags&biffWide)
		take := min(n, len(t.chunk)/width)
		if take == 0 {
			t.chunk = nil // half a character at the end of a record: nothing writes that
			continue
		}
		if units == nil {
			units = make([]uint16, 0, min(n, take))
		}
		for i := range take {
			if width == 1 {
				units = append(units, uint16(t.chunk[i]))
			} else {
				units = append(units, binary.LittleEndian.Uint16(t.chunk[2*i:]))
			}
		}
		t.chunk = t.chunk[take*width:]
		n -= take
	}
	return string(utf16.Decode(units))
}

// bytes reads n bytes of an 8-bit string.
func (t *biffText) bytes(n int) []byte {
	var out []byte
	for n > 0 && t.turn() {
		take := min(n, len(t.chunk))
		out = append(out, t.chunk[:take]...)
		t.chunk = t.chunk[take:]
		n -= take
	}
	return out
}

// decodeCodePage reads 8-bit text of BIFF5 in the code page that the workbook names; an unknown one is read as Windows-1252.
func decodeCodePage(text []byte, page int) string {
	table := charmap.Windows1252
	switch page {
	case 437:
		table = charmap.CodePage437
	case 850:
		table = charmap.CodePage850
	case 866:
		table = charmap.CodePage866
	case 874:
		table = charmap.Windows874
	case 1250:
		table = charmap.Windows1250
	case 1251:
		table = charmap.Windows1251
	case 1253:
		table = charmap.Windows1253
	case 1254:
		table = charmap.Windows1254
	case 1255:
		table = charmap.Windows1255
	case 1256:
		table = charmap.Windows1256
	case 1257:
		table = charmap.Windows1257
	case 1258:
		table = charmap.Windows1258
	case 10000:
		table = charmap.Macintosh
	case 10007:
		table = charmap.MacintoshCyrillic
	}
	var b strings.Builder
	for _, c := range text {
		if c < utf8.RuneSelf {
			b.WriteByte(c)
		} else {
			b.WriteRune(table.DecodeByte(c))
		}
	}
	return b.String()
}

// biffError names the error codes of BIFF.
func biffError(code byte) string {
	switch code {
	case 0x00:
		return "#NULL!"
	case 0x07:
		return "#DIV/0!"
	case 0x0F:
		return "#VALUE!"
	case 0x17:
		return "#REF!"
	case 0x1D:
		return "#NAME?"
	case 0x24:
		return "#NUM!"
	}
	return "#N/A"
}
