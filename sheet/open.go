package sheet

import (
	"bytes"
	"fmt"
	"io"
	"path"
	"strings"

	"safar/fault"
)

const sniffBytes = 4096

// open recognises the file and hands it to the reader of its format.
func (b *Book) open(r io.ReaderAt, size int64) error {
	if size <= 0 {
		return fault.New(fault.SheetEmptyFile)
	}
	if size > b.lim.Bytes {
		return tooLarge(size, b.lim.Bytes)
	}
	head, err := readHead(r, size, sniffBytes)
	if err != nil {
		return err
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		return b.openZip(r, size)
	case bytes.HasPrefix(head, []byte(compoundMagic)):
		return b.openCompound(r, size)
	}
	if found := foreign(head); found != "" {
		return fault.New(fault.SheetNotAWorkbook, "found", found)
	}
	return b.openText(r, size)
}

func tooLarge(size, limit int64) error {
	return fault.New(fault.SheetTooLarge, "bytes", fmt.Sprint(size), "limit", fmt.Sprint(limit))
}

// foreign names well-known contents that are no workbook, so that the message can say what was sent instead.
func foreign(head []byte) string {
	for _, known := range [...]struct{ magic, name string }{
		{"%PDF", "a PDF document"},
		{"\x89PNG", "a picture"}, {"\xFF\xD8\xFF", "a picture"}, {"GIF8", "a picture"},
		{"\x1F\x8B", "a compressed file (gzip)"}, {"Rar!", "a compressed file (rar)"}, {"7z\xBC\xAF", "a compressed file (7z)"},
		{"SQLite format 3\x00", "an SQLite database"}, {"PAR1", "a Parquet file"}, {"{\\rtf", "a text document (rtf)"},
		{"\x09\x00\x04\x00", "a workbook of Excel 2"}, {"\x09\x02\x06\x00", "a workbook of Excel 3"}, {"\x09\x04\x06\x00", "a workbook of Excel 4"},
	} {
		if bytes.HasPrefix(head, []byte(known.magic)) {
			return known.name
		}
	}
	text := strings.ToLower(string(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n")))
	switch {
	case strings.HasPrefix(text, "<html"), strings.HasPrefix(text, "<!doctype html"), strings.HasPrefix(text, "<table"), strings.HasPrefix(text, "<head"):
		return "a web page (HTML)"
	case strings.HasPrefix(text, "<?xml") && strings.Contains(text, "urn:schemas-microsoft-com:office:spreadsheet"):
		return "a workbook in XML form of Excel 2003"
	case strings.HasPrefix(text, "<?xml"), strings.HasPrefix(text, "<h:html"):
		return "an XML file"
	}
	return ""
}

// openText reads csv or Markdown. Text under a workbook's name is refused: someone renamed or damaged the file, and what
// they believe they sent is not what would be read.
func (b *Book) openText(r io.ReaderAt, size int64) error {
	shape, err := detectEncoding(r, size)
	if err != nil {
		return err
	}
	b.text = shape
	ext := strings.ToLower(path.Ext(b.name))
	switch ext {
	case ".xlsx", ".xlsm", ".xls", ".xlsb", ".ods":
		return fault.New(fault.SheetNotAWorkbook, "found", "plain text")
	case ".md", ".markdown":
		return b.openMarkdown(r, size)
	}
	head, err := io.ReadAll(io.LimitReader(shape.reader(r, size), sniffBytes))
	if err != nil {
		return err
	}
	if len(bytes.TrimSpace(head)) == 0 && size <= sniffBytes {
		return fault.New(fault.SheetEmptyFile)
	}
	if ext != ".csv" && ext != ".tsv" && looksLikeMarkdown(head) {
		return b.openMarkdown(r, size)
	}
	return b.openCSV(r, size)
}
