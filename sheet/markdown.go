package sheet

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"

	"safar/fault"
)

// markdownBytes bounds a Markdown file, which is read as a whole: forms in this notation are small.
const markdownBytes = 16 << 20

// openMarkdown reads pyxform's notation. A row whose first cell is filled opens a sheet of that name; the other cells of
// that row and of the rows below it, whose first cell is empty, are the sheet. Rows count within their sheet, from 1.
func (b *Book) openMarkdown(r io.ReaderAt, size int64) error {
	b.format = Markdown
	if size > min(b.lim.Bytes, markdownBytes) {
		return tooLarge(size, min(b.lim.Bytes, markdownBytes))
	}
	data, err := io.ReadAll(b.text.reader(r, size))
	if err != nil {
		return err
	}
	var sheets [][]Row
	for line := range strings.Lines(strings.ToValidUTF8(string(data), string(utf8.RuneError))) {
		cells, ok := markdownCells(line)
		if !ok {
			continue
		}
		if cells[0] != "" {
			if _, twice := b.index(cells[0]); twice {
				return fault.New(fault.SheetNameTwice, "name", cells[0])
			}
			b.sheets = append(b.sheets, sheetInfo{name: cells[0]})
			sheets = append(sheets, nil)
		}
		if len(sheets) == 0 {
			continue
		}
		if sheets[len(sheets)-1], err = appendMarkdownRow(sheets[len(sheets)-1], cells[1:], b.lim); err != nil {
			return b.placed(err, b.sheets[len(b.sheets)-1].name)
		}
	}
	if len(sheets) == 0 {
		return fault.New(fault.SheetNoSheets)
	}
	b.scan = func(i int, each func(Row) bool) ([]Range, error) {
		for _, row := range sheets[i] {
			if !each(Row{Number: row.Number, Cells: append([]Cell(nil), row.Cells...)}) {
				break
			}
		}
		return nil, nil
	}
	return nil
}

func appendMarkdownRow(rows []Row, texts []string, lim Limits) ([]Row, error) {
	b := rowBuilder{lim: lim}
	b.start(len(rows) + 1)
	for i, text := range texts {
		if err := b.set(i+1, TextCell(text)); err != nil {
			return nil, err
		}
	}
	if len(b.row.Cells) == 0 {
		return rows, nil
	}
	return append(rows, b.row), nil
}

// markdownCells cuts a line of cells; it fails on other lines and on the rule of dashes under a header.
func markdownCells(line string) ([]string, bool) {
	line = strings.TrimSpace(line)
	if len(line) < 2 || line[0] != '|' {
		return nil, false
	}
	if strings.Trim(line, "|-: ") == "" && strings.Contains(line, "--") {
		return nil, false
	}
	var cells []string
	var cell strings.Builder
	for i := 1; i < len(line); i++ {
		switch {
		case line[i] == '\\' && i+1 < len(line) && line[i+1] == '|':
			i++
			cell.WriteByte('|')
		case line[i] == '|':
			cells = append(cells, strings.TrimSpace(cell.String()))
			cell.Reset()
		default:
			cell.WriteByte(line[i])
		}
	}
	if rest := strings.TrimSpace(cell.String()); rest != "" {
		cells = append(cells, rest)
	}
	return cells, len(cells) > 0
}

// looksLikeMarkdown holds when the first lines that are not empty are lines of cells.
func looksLikeMarkdown(head []byte) bool {
	lines, cells := 0, 0
	for line := range bytes.Lines(head) {
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		lines++
		if len(line) > 1 && line[0] == '|' && line[len(line)-1] == '|' {
			cells++
		}
		if lines == 20 {
			break
		}
	}
	return cells > 0 && cells*5 >= lines*4
}
