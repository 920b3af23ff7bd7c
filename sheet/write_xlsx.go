package sheet

import (
	"archive/zip"
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"safar/fault"
)

// What an .xlsx file can hold, by its specification.
const (
	xlsxRows      = 1_048_576
	xlsxColumns   = 16_384
	xlsxCellChars = 32_767 // UTF-16 units
	xlsxNameChars = 31
)

// OutSheet is a sheet to write.
type OutSheet struct {
	Name   string // made fit for a spreadsheet: shortened, cleaned, and told apart from the others with a number
	Rows   OutRows
	Header int       // so many first rows are bold and stay in sight
	Widths []float64 // of the first columns, in characters; 0 leaves the default
}

// Cell styles of the written file; the order is that of cellXfs in stylesPart.
const (
	stylePlain = iota
	styleDate
	styleMoment
	styleTime
	styleBold
	styleForced // text that must stay text even when edited
	styleBoldForced
)

// WriteXLSX writes a workbook, row by row. The same rows always give the same bytes: there are no dates and no names of
// people in the file. Text is never a formula here; text that looks like one is besides marked as text (as the apostrophe
// does that a person types), so that editing the cell does not run it, and reading it back gives the same text.
func WriteXLSX(w io.Writer, sheets []OutSheet) error {
	if len(sheets) == 0 {
		return fault.New(fault.SheetNoSheets)
	}
	archive := zip.NewWriter(w)
	names := sheetNames(sheets)
	for _, part := range fixedParts(names) {
		if err := writePart(archive, part.name, func(w *bufio.Writer) error {
			_, err := w.WriteString(part.text)
			return err
		}); err != nil {
			return err
		}
	}
	for i, s := range sheets {
		err := writePart(archive, sheetPart(i), func(w *bufio.Writer) error { return writeSheet(w, s) })
		if f, ok := err.(*fault.Error); ok && f.At.Sheet == "" {
			at := f.At
			at.Sheet = names[i]
			err = f.In(at)
		}
		if err != nil {
			return err
		}
	}
	return archive.Close()
}

func sheetPart(i int) string { return fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1) }

func writePart(archive *zip.Writer, name string, write func(*bufio.Writer) error) error {
	h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)}
	part, err := archive.CreateHeader(h)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(part, 64<<10)
	if err := write(buffered); err != nil {
		return err
	}
	return buffered.Flush()
}

const xmlHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"

const (
	nsMain = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	nsRel  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	nsPkg  = "http://schemas.openxmlformats.org/package/2006/"
	ctMain = "application/vnd.openxmlformats-officedocument.spreadsheetml."
)

type namedPart struct{ name, text string }

// fixedParts are the parts that do not depend on the rows.
func fixedParts(names []string) []namedPart {
	var types, rels, sheets strings.Builder
	for i, name := range names {
		fmt.Fprintf(&types, `<Override PartName="/%s" ContentType="%sworksheet+xml"/>`, sheetPart(i), ctMain)
		fmt.Fprintf(&rels, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, nsRel, i+1)
		fmt.Fprintf(&sheets, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, appendXMLEscaped(nil, name), i+1, i+1)
	}
	styleRel := fmt.Sprintf(`<Relationship Id="rId%d" Type="%s/styles" Target="styles.xml"/>`, len(names)+1, nsRel)
	return []namedPart{
		{"[Content_Types].xml", xmlHead + `<Types xmlns="` + nsPkg + `content-types">` +
			`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
			`<Default Extension="xml" ContentType="application/xml"/>` +
			`<Override PartName="/xl/workbook.xml" ContentType="` + ctMain + `sheet.main+xml"/>` +
			`<Override PartName="/xl/styles.xml" ContentType="` + ctMain + `styles+xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", xmlHead + `<Relationships xmlns="` + nsPkg + `relationships">` +
			`<Relationship Id="rId1" Type="` + nsRel + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", xmlHead + `<workbook xmlns="` + nsMain + `" xmlns:r="` + nsRel + `"><sheets>` + sheets.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", xmlHead + `<Relationships xmlns="` + nsPkg + `relationships">` + rels.String() + styleRel + `</Relationships>`},
		{"xl/styles.xml", stylesPart()},
	}
}

func stylesPart() string {
	xf := func(format, font int, more string) string {
		return fmt.Sprintf(`<xf numFmtId="%d" fontId="%d" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"%s/>`, format, font, more)
	}
	forced := ` quotePrefix="1"`
	cells := xf(0, 0, "") + xf(164, 0, "") + xf(165, 0, "") + xf(166, 0, "") + xf(0, 1, "") + xf(49, 0, forced) + xf(49, 1, forced)
	return xmlHead + `<styleSheet xmlns="` + nsMain + `">` +
		`<numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/>` +
		`<numFmt numFmtId="166" formatCode="hh:mm:ss"/></numFmts>` +
		`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
		`<cellXfs count="7">` + cells + `</cellXfs>` +
		`<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`
}

func writeSheet(w *bufio.Writer, s OutSheet) error {
	head := xmlHead + `<worksheet xmlns="` + nsMain + `">`
	if s.Header > 0 {
		head += fmt.Sprintf(`<sheetViews><sheetView workbookViewId="0"><pane ySplit="%d" topLeftCell="A%d" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`, s.Header, s.Header+1)
	}
	if _, err := w.WriteString(head + columnWidths(s.Widths) + `<sheetData>`); err != nil {
		return err
	}
	out := sheetWriter{header: s.Header}
	if s.Rows != nil {
		for row, err := range s.Rows {
			if err != nil {
				return err
			}
			if err := out.row(row); err != nil {
				return err
			}
			if _, err := w.Write(out.buf); err != nil {
				return err
			}
		}
	}
	_, err := w.WriteString(`</sheetData></worksheet>`)
	return err
}

func columnWidths(widths []float64) string {
	var b strings.Builder
	for i, width := range widths {
		if width > 0 {
			fmt.Fprintf(&b, `<col min="%d" max="%d" width="%g" customWidth="1"/>`, i+1, i+1, min(width, 255))
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return `<cols>` + b.String() + `</cols>`
}

// sheetWriter makes the XML of one row at a time in buf.
type sheetWriter struct {
	buf    []byte
	number int
	header int
}

func (w *sheetWriter) row(cells []Cell) error {
	w.buf = w.buf[:0]
	if w.number++; w.number > xlsxRows {
		return fault.New(fault.SheetXLSXRows, "limit", fmt.Sprint(xlsxRows))
	}
	if len(cells) > xlsxColumns {
		return fault.New(fault.SheetXLSXColumns, "limit", fmt.Sprint(xlsxColumns)).In(fault.Where{Row: w.number})
	}
	w.buf = append(strconv.AppendInt(append(w.buf, `<row r="`...), int64(w.number), 10), `">`...)
	for i, c := range cells {
		if c.Kind == Empty {
			continue
		}
		if err := w.cell(i+1, c); err != nil {
			return err
		}
	}
	w.buf = append(w.buf, `</row>`...)
	return nil
}

func (w *sheetWriter) cell(col int, c Cell) error {
	switch c.Kind {
	case Number:
		if isNumberText(c.Raw) {
			w.value(col, "", w.plain(), c.Raw)
			return nil
		}
	case Bool:
		value := "0"
		if c.Raw == "true" {
			value = "1"
		}
		w.value(col, "b", w.plain(), value)
		return nil
	case Date:
		if serial, timed, ok := serialOf(c.Raw); ok {
			w.value(col, "", dateStyle(serial, timed), strconv.FormatFloat(serial, 'f', -1, 64))
			return nil
		}
	case Error:
		if strings.HasPrefix(c.Raw, "#") {
			w.value(col, "e", w.plain(), c.Raw)
			return nil
		}
	}
	return w.text(col, c.Raw)
}

func (w *sheetWriter) plain() int {
	if w.number <= w.header {
		return styleBold
	}
	return stylePlain
}

func dateStyle(serial float64, timed bool) int {
	switch {
	case serial < 1 && timed:
		return styleTime
	case timed:
		return styleMoment
	}
	return styleDate
}

func (w *sheetWriter) open(col int, kind string, style int) {
	w.buf = append(w.buf, `<c r="`...)
	w.buf = append(w.buf, Address(w.number, col)...)
	w.buf = append(w.buf, '"')
	if style != stylePlain {
		w.buf = append(strconv.AppendInt(append(w.buf, ` s="`...), int64(style), 10), '"')
	}
	if kind != "" {
		w.buf = append(append(append(w.buf, ` t="`...), kind...), '"')
	}
	w.buf = append(w.buf, '>')
}

func (w *sheetWriter) value(col int, kind string, style int, value string) {
	w.open(col, kind, style)
	w.buf = append(append(w.buf, `<v>`...), appendXMLEscaped(nil, value)...)
	w.buf = append(w.buf, `</v></c>`...)
}

func (w *sheetWriter) text(col int, text string) error {
	if len(text) > xlsxCellChars {
		if n := len(utf16.Encode([]rune(text))); n > xlsxCellChars {
			at := fault.Where{Row: w.number, Cell: Column(col)}
			return fault.New(fault.SheetXLSXText, "length", fmt.Sprint(n), "limit", fmt.Sprint(xlsxCellChars)).In(at)
		}
	}
	style := w.plain()
	switch forced := IsFormulaLike(text); {
	case forced && style == styleBold:
		style = styleBoldForced
	case forced:
		style = styleForced
	}
	w.open(col, "inlineStr", style)
	w.buf = append(w.buf, `<is><t xml:space="preserve">`...)
	w.buf = appendXMLEscaped(w.buf, text)
	w.buf = append(w.buf, `</t></is></c>`...)
	return nil
}

// appendXMLEscaped writes text so that reading it gives the same text: what XML cannot hold goes as _x000D_, and text that
// looks like such an escape is escaped itself. Broken UTF-8 becomes U+FFFD.
func appendXMLEscaped(dst []byte, text string) []byte {
	for i, r := range text {
		switch {
		case r == '<':
			dst = append(dst, "&lt;"...)
		case r == '>':
			dst = append(dst, "&gt;"...)
		case r == '&':
			dst = append(dst, "&amp;"...)
		case r == '"':
			dst = append(dst, "&quot;"...)
		case r == '_' && len(unescapeXLSX(text[i:min(i+7, len(text))])) != min(7, len(text)-i):
			dst = append(dst, "_x005F_"...)
		case r < 0x20 && r != '\t' && r != '\n', r == 0xFFFE, r == 0xFFFF:
			dst = fmt.Appendf(dst, "_x%04X_", r)
		default:
			dst = utf8.AppendRune(dst, r)
		}
	}
	return dst
}

// sheetNames makes names that spreadsheets take: 1 to 31 characters, none of []:*?/\, no two alike but for case.
func sheetNames(sheets []OutSheet) []string {
	taken := map[string]bool{}
	names := make([]string, len(sheets))
	for i, s := range sheets {
		base := cleanSheetName(s.Name)
		name := base
		for n := 2; taken[strings.ToLower(name)]; n++ {
			suffix := " " + strconv.Itoa(n)
			name = shorten(base, xlsxNameChars-len(suffix)) + suffix
		}
		taken[strings.ToLower(name)] = true
		names[i] = name
	}
	return names
}

func cleanSheetName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) || unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, name)
	name = shorten(strings.Trim(strings.Join(strings.Fields(name), " "), "'"), xlsxNameChars)
	if name == "" {
		return "Sheet"
	}
	return name
}

// shorten cuts to a number of UTF-16 units, never inside a character.
func shorten(s string, units int) string {
	n := 0
	for i, r := range s {
		if n += utf16.RuneLen(r); n > units {
			return strings.TrimSpace(s[:i])
		}
	}
	return s
}
