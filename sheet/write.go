package sheet

import (
	"bufio"
	"io"
	"iter"
	"strconv"
	"strings"
	"unicode/utf8"
)

// OutRows is a stream of rows to write; an error from it stops the writing and is returned. Missing rows are empty rows.
type OutRows = iter.Seq2[[]Cell, error]

// RowsOf streams rows that are in memory.
func RowsOf(rows [][]Cell) OutRows {
	return func(yield func([]Cell, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// TextRow makes a row of text, as headers are.
func TextRow(texts ...string) []Cell {
	row := make([]Cell, len(texts))
	for i, text := range texts {
		row[i] = TextCell(text)
	}
	return row
}

// IsFormulaLike says that a spreadsheet might run the text as a formula when it is opened or pasted: it begins with
// = + - @, a tab or a line end, or the full-width form of such a sign, and is not simply a number or a position such as
// "-13.98 33.77 1050 5".
func IsFormulaLike(text string) bool {
	first, _ := utf8.DecodeRuneInString(text)
	switch first {
	case '=', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠':
		return true
	case '+':
		return !isDecimalText(text[1:])
	case '-':
		return !areDecimals(text)
	}
	return false
}

// areDecimals holds for numbers with a space between them.
func areDecimals(text string) bool {
	for word := range strings.SplitSeq(text, " ") {
		if !isDecimalText(strings.TrimPrefix(word, "-")) {
			return false
		}
	}
	return true
}

// isDecimalText holds for digits with at most one point: a number cannot do anything.
func isDecimalText(s string) bool {
	whole, fraction, _ := strings.Cut(s, ".")
	digits := whole + fraction
	return digits != "" && strings.Trim(digits, "0123456789") == ""
}

// CSVWriter writes separated text: UTF-8 without mark, commas, "\n" line ends, quotation marks only where needed. Text that
// a spreadsheet might run as a formula gets an apostrophe in front; numbers, dates and truth values stay as they are. The
// same rows always give the same bytes.
type CSVWriter struct {
	w    *bufio.Writer
	line []byte
}

// NewCSVWriter makes a writer; call Flush at the end.
func NewCSVWriter(w io.Writer) *CSVWriter { return &CSVWriter{w: bufio.NewWriterSize(w, 64<<10)} }

// Write writes one row.
func (c *CSVWriter) Write(row []Cell) error {
	c.line = c.line[:0]
	for i, cell := range row {
		if i > 0 {
			c.line = append(c.line, ',')
		}
		c.field(cell)
	}
	// A line of one empty field would be read as no row at all.
	if len(row) == 1 && row[0].Kind == Empty {
		c.line = append(c.line, `""`...)
	}
	c.line = append(c.line, '\n')
	_, err := c.w.Write(c.line)
	return err
}

// WriteText writes one row of text.
func (c *CSVWriter) WriteText(texts ...string) error { return c.Write(TextRow(texts...)) }

// WriteAll writes a stream of rows and flushes.
func (c *CSVWriter) WriteAll(rows OutRows) error {
	for row, err := range rows {
		if err != nil {
			return err
		}
		if err := c.Write(row); err != nil {
			return err
		}
	}
	return c.Flush()
}

// Flush hands everything to the underlying writer.
func (c *CSVWriter) Flush() error { return c.w.Flush() }

func (c *CSVWriter) field(cell Cell) {
	if cell.Kind == Empty {
		return
	}
	text := cell.Raw
	if IsFormulaLike(text) && !(cell.Kind == Number && isNumberText(text)) {
		text = "'" + text
	}
	if !needsQuotes(text) {
		c.line = append(c.line, text...)
		return
	}
	c.line = append(c.line, '"')
	for i := range len(text) {
		if text[i] == '"' {
			c.line = append(c.line, '"')
		}
		c.line = append(c.line, text[i])
	}
	c.line = append(c.line, '"')
}

// isNumberText holds for decimal numbers, with or without an exponent, and not for what else strconv takes (Inf, 0x1p-2).
func isNumberText(s string) bool {
	if strings.Trim(s, "0123456789.eE+-") != "" {
		return false
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

func needsQuotes(s string) bool {
	return s != "" && (s[0] == ' ' || s[len(s)-1] == ' ' || strings.ContainsAny(s, ",\"\n\r\t"))
}
