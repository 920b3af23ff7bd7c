package sheet

import (
	"bytes"
	"encoding/binary"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"safar/fault"
)

// encoding names how a text file writes its characters.
type encoding string

const (
	utf8Plain   encoding = "utf-8"
	utf16LE     encoding = "utf-16le"
	utf16BE     encoding = "utf-16be"
	windows1251 encoding = "windows-1251"
	windows1252 encoding = "windows-1252"
)

// textShape is what was recognised of a text file.
type textShape struct {
	encoding  encoding
	mark      int64 // bytes of the byte-order mark
	separator byte
}

// detectEncoding reads the file once: a byte-order mark decides, else zero bytes betray UTF-16, else valid UTF-8 is UTF-8,
// else the neighbours of the high bytes tell Windows-1251 from Windows-1252.
func detectEncoding(r io.ReaderAt, size int64) (textShape, error) {
	head, err := readHead(r, size, 4096)
	if err != nil {
		return textShape{}, err
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xEF, 0xBB, 0xBF}):
		return textShape{encoding: utf8Plain, mark: 3}, nil
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}):
		return textShape{encoding: utf16LE, mark: 2}, nil
	case bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return textShape{encoding: utf16BE, mark: 2}, nil
	}
	if e := zerosTell(head); e != "" {
		return textShape{encoding: e}, nil
	}
	var c byteCensus
	if err := c.read(io.NewSectionReader(r, 0, size)); err != nil {
		return textShape{}, err
	}
	if c.zeros > 0 {
		return textShape{}, fault.New(fault.SheetNotText)
	}
	return textShape{encoding: c.encoding()}, nil
}

func readHead(r io.ReaderAt, size int64, n int) ([]byte, error) {
	head := make([]byte, min(int64(n), size))
	got, err := r.ReadAt(head, 0)
	if err == io.EOF {
		err = nil
	}
	return head[:got], err
}

// zerosTell finds UTF-16 without a mark: digits, separators and line ends have a zero byte, always on the same side, and
// what comes out is text.
func zerosTell(head []byte) encoding {
	var zeros [2]int
	for i, c := range head {
		if c == 0 {
			zeros[i%2]++
		}
	}
	switch enough := len(head)/20 + 1; {
	case zeros[1] >= enough && zeros[0] == 0 && isWideText(head, binary.LittleEndian):
		return utf16LE
	case zeros[0] >= enough && zeros[1] == 0 && isWideText(head, binary.BigEndian):
		return utf16BE
	}
	return ""
}

// isWideText holds when the bytes are UTF-16 without control characters other than those of lines and tables.
func isWideText(head []byte, order binary.ByteOrder) bool {
	for i := 0; i+1 < len(head); i += 2 {
		u := order.Uint16(head[i:])
		if u < ' ' && u != '\t' && u != '\r' && u != '\n' || u >= 0xFFFE {
			return false
		}
	}
	return true
}

// byteCensus counts what tells the encodings apart.
type byteCensus struct {
	zeros, runes, broken  int // zero bytes; valid multi-byte characters; bytes that are not UTF-8
	besideHigh, besideLow int // high letters after a high letter, after an ASCII letter
}

func (c *byteCensus) read(r io.Reader) error {
	buf := make([]byte, 64<<10)
	kept := 0
	for {
		n, err := io.ReadFull(r, buf[kept:])
		last := err == io.EOF || err == io.ErrUnexpectedEOF
		if err != nil && !last {
			return err
		}
		rest := c.count(buf[:kept+n], last)
		kept = copy(buf, rest)
		if last {
			return nil
		}
	}
}

// count takes in all of p but an unfinished character at its end, which it gives back.
func (c *byteCensus) count(p []byte, last bool) []byte {
	for i := 0; i < len(p); {
		if p[i] < utf8.RuneSelf {
			if p[i] == 0 {
				c.zeros++
			}
			i++
			continue
		}
		if !last && !utf8.FullRune(p[i:]) {
			return p[i:]
		}
		c.neighbour(p, i)
		r, n := utf8.DecodeRune(p[i:])
		if r == utf8.RuneError && n == 1 {
			c.broken++
		} else {
			c.runes++
		}
		i += n
	}
	return nil
}

func (c *byteCensus) neighbour(p []byte, i int) {
	if i == 0 || p[i] < 0xC0 {
		return
	}
	switch before := p[i-1]; {
	case before >= 0xC0:
		c.besideHigh++
	case before|0x20 >= 'a' && before|0x20 <= 'z':
		c.besideLow++
	}
}

// encoding decides. A file that is UTF-8 but for a few bytes stays UTF-8: some program cut a character in two, and
// reading all of it as an 8-bit encoding would spoil every other name.
func (c *byteCensus) encoding() encoding {
	switch {
	case c.broken == 0 || c.runes > 10*c.broken:
		return utf8Plain
	case c.besideHigh > c.besideLow:
		return windows1251
	default:
		return windows1252
	}
}

// reader gives the text in UTF-8 without its mark. Bytes that are no characters become U+FFFD.
func (s textShape) reader(r io.ReaderAt, size int64) io.Reader {
	src := io.NewSectionReader(r, s.mark, size-s.mark)
	switch s.encoding {
	case utf16LE:
		return transform.NewReader(src, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewDecoder())
	case utf16BE:
		return transform.NewReader(src, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM).NewDecoder())
	case windows1251:
		return transform.NewReader(src, charmap.Windows1251.NewDecoder())
	case windows1252:
		return transform.NewReader(src, charmap.Windows1252.NewDecoder())
	}
	return src
}
