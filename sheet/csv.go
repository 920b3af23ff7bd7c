package sheet

import (
	"bufio"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"safar/fault"
)

// openCSV makes the book of a separated text file.
func (b *Book) openCSV(r io.ReaderAt, size int64) error {
	b.format = CSV
	sep, err := detectSeparator(b.text.reader(r, size), b.name, b.lim)
	if err != nil {
		return err
	}
	b.text.separator = sep
	base := path.Base(strings.ReplaceAll(b.name, `\`, "/"))
	b.sheets = []sheetInfo{{name: strings.TrimSuffix(base, path.Ext(base))}}
	b.scan = func(_ int, each func(Row) bool) ([]Range, error) {
		return nil, scanCSV(newCSVReader(b.text.reader(r, size), sep, b.lim), each)
	}
	return nil
}

func scanCSV(c *csvReader, each func(Row) bool) error {
	for {
		row, err := c.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if len(row.Cells) > 0 && !each(row) {
			return nil
		}
	}
}

// csvReader reads separated text record by record. It takes what people's programs write: ragged rows, quotation marks
// inside plain fields, text after a closing mark, any line end. Row numbers count records, as a spreadsheet does.
type csvReader struct {
	r      *bufio.Reader
	sep    byte
	lim    Limits
	number int
	text   []byte // the fields of the record, end to end
	ends   []int
}

func newCSVReader(r io.Reader, sep byte, lim Limits) *csvReader {
	return &csvReader{r: bufio.NewReaderSize(r, 64<<10), sep: sep, lim: lim}
}

// next gives the next record, without cells when its line is empty, or io.EOF.
func (c *csvReader) next() (Row, error) {
	if err := c.record(); err != nil {
		return Row{}, err
	}
	row := Row{Number: c.number}
	last := len(c.ends)
	for last > 0 && c.length(last-1) == 0 {
		last--
	}
	if last == 0 || c.isSeparatorLine() {
		return row, nil
	}
	text := string(c.text)
	if !utf8.ValidString(text) {
		return c.repaired(last), nil
	}
	row.Cells = make([]Cell, last)
	start := 0
	for i, end := range c.ends[:last] {
		if end > start {
			field := text[start:end]
			row.Cells[i] = Cell{Kind: Text, Raw: field, Shown: field}
		}
		start = end
	}
	return row, nil
}

func (c *csvReader) length(i int) int {
	if i == 0 {
		return c.ends[0]
	}
	return c.ends[i] - c.ends[i-1]
}

// repaired builds the row field by field, since mending a character changes lengths.
func (c *csvReader) repaired(last int) Row {
	row := Row{Number: c.number, Cells: make([]Cell, last)}
	start := 0
	for i, end := range c.ends[:last] {
		row.Cells[i] = TextCell(strings.ToValidUTF8(string(c.text[start:end]), "\uFFFD"))
		start = end
	}
	return row
}

// isSeparatorLine holds for a first line "sep=;", an instruction to Excel and not a row.
func (c *csvReader) isSeparatorLine() bool {
	if c.number != 1 || len(c.text) < 4 || len(c.text) > 5 || !strings.EqualFold(string(c.text[:4]), "sep=") {
		return false
	}
	return len(c.text) == 4 && len(c.ends) == 2 || len(c.ends) == 1 && strings.IndexByte(separators, c.text[len(c.text)-1]) >= 0
}

// record reads one record into text and ends.
func (c *csvReader) record() error {
	c.text, c.ends = c.text[:0], c.ends[:0]
	first, err := c.r.ReadByte()
	if err != nil {
		return err
	}
	c.number++
	if c.number > c.lim.Rows {
		return tooManyRows(c.lim)
	}
	return c.fields(first)
}

func (c *csvReader) fields(b byte) error {
	start := 0 // of the field in text
	var err error
	for {
		switch {
		case err == io.EOF:
			return c.endField(start)
		case err != nil:
			return err
		case b == '\n' || b == '\r':
			c.skipPair(b)
			return c.endField(start)
		case b == c.sep:
			if err := c.endField(start); err != nil {
				return err
			}
			start = len(c.text)
		case b == '"' && len(c.text) == start:
			if err := c.quotedPart(start); err != nil {
				return err
			}
		default:
			c.text = append(c.text, b)
			if len(c.text)-start > c.lim.CellBytes {
				return cellTooLong(c.lim, c.number, len(c.ends)+1)
			}
		}
		b, err = c.r.ReadByte()
	}
}

// endField closes the field that begins at start. Behind the last column allowed, empty fields are not even counted.
func (c *csvReader) endField(start int) error {
	if len(c.ends) < c.lim.Columns {
		c.ends = append(c.ends, len(c.text))
		return nil
	}
	if len(c.text) > start {
		return tooManyColumns(c.lim, c.number, c.lim.Columns+1)
	}
	return nil
}

// skipPair takes the second half of a two-byte line end.
func (c *csvReader) skipPair(b byte) {
	if b == '\r' {
		if next, err := c.r.Peek(1); err == nil && next[0] == '\n' {
			_, _ = c.r.Discard(1)
		}
	}
}

// quotedPart reads to the closing mark; a doubled mark is one mark of the text.
func (c *csvReader) quotedPart(start int) error {
	for {
		b, err := c.r.ReadByte()
		if err == io.EOF {
			return fault.New(fault.SheetOpenQuote).In(fault.Where{Row: c.number, Cell: Column(len(c.ends) + 1)})
		}
		if err != nil {
			return err
		}
		if b == '"' {
			next, err := c.r.Peek(1)
			if err != nil || next[0] != '"' {
				return nil
			}
			_, _ = c.r.Discard(1)
		}
		c.text = append(c.text, b)
		if len(c.text)-start > c.lim.CellBytes {
			return cellTooLong(c.lim, c.number, len(c.ends)+1)
		}
	}
}
