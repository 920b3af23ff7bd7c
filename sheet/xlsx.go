package sheet

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"safar/fault"
)

// xlsxBook is an Office Open XML workbook: its parts, and what the sheets share.
type xlsxBook struct {
	parts    map[string]*zip.File // by lower-case path
	lim      Limits
	relation map[string]relation // of the workbook part, by id
	since04  bool                // serial 0 is 1 January 1904
	formats  []*numFormat        // by style index of a cell
	shared   func() ([]string, error)
}

// relation is one line of a .rels part: what another part is, and where.
type relation struct{ kind, target string }

// openZip recognises an xlsx inside a zip archive and lists its sheets.
func (b *Book) openZip(r io.ReaderAt, size int64) error {
	if many, err := tooManyParts(r, size); err != nil || many {
		return damaged(err, "the archive has more parts than a workbook can have")
	}
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return damaged(err, "the archive cannot be read to its end")
	}
	x := &xlsxBook{lim: b.lim, parts: make(map[string]*zip.File, len(archive.File))}
	if err := x.index(archive.File); err != nil {
		return err
	}
	main := x.mainPart()
	if main == "" {
		return x.otherZip()
	}
	if strings.HasSuffix(main, ".bin") {
		return fault.New(fault.SheetOtherWorkbook, "found", "xlsb")
	}
	b.format = XLSX
	if b.sheets, err = x.workbook(main); err != nil {
		return err
	}
	if len(b.sheets) == 0 {
		return fault.New(fault.SheetNoSheets)
	}
	b.scan = func(i int, each func(Row) bool) ([]Range, error) {
		return x.scanSheet(b.sheets[i].part, each)
	}
	return nil
}

// A directory of an archive is held in memory as a whole before anything of it can be judged; a large file may hold one
// of millions of parts.
const (
	smallArchive = 8 << 20
	maxParts     = 100_000
)

// tooManyParts counts the entries of a large archive's directory without reading them in.
func tooManyParts(r io.ReaderAt, size int64) (bool, error) {
	if size <= smallArchive {
		return false, nil
	}
	mark := []byte("PK\x01\x02")
	buf := make([]byte, 1<<20)
	count := 0
	for at := int64(0); at < size; at += int64(len(buf) - len(mark) + 1) {
		n, err := r.ReadAt(buf, at)
		if err != nil && err != io.EOF {
			return false, err
		}
		if count += bytes.Count(buf[:n], mark); count > maxParts {
			return true, nil
		}
	}
	return false, nil
}

// index checks the sizes that the archive declares before anything is unpacked; archive/zip refuses parts that lie.
func (x *xlsxBook) index(files []*zip.File) error {
	left := uint64(x.lim.Unzipped)
	for _, f := range files {
		if f.UncompressedSize64 > left {
			return fault.New(fault.SheetUnpacksLarge, "limit", fmt.Sprint(x.lim.Unzipped))
		}
		left -= f.UncompressedSize64
		if f.Flags&1 != 0 {
			return fault.New(fault.SheetEncrypted)
		}
		x.parts[strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, `\`, "/"), "/"))] = f
	}
	return nil
}

// mainPart finds the workbook, wherever its writer put it.
func (x *xlsxBook) mainPart() string {
	relations := x.relations("")
	for _, id := range slices.Sorted(maps.Keys(relations)) {
		r := relations[id]
		if strings.HasSuffix(r.kind, "/officeDocument") && strings.Contains(r.target, "workbook") && x.parts[strings.ToLower(r.target)] != nil {
			return r.target
		}
	}
	for _, usual := range []string{"xl/workbook.xml", "xl/workbook.bin"} {
		if x.parts[usual] != nil {
			return usual
		}
	}
	return ""
}

// otherZip says what a zip archive without a workbook is.
func (x *xlsxBook) otherZip() error {
	for _, known := range [...]struct{ part, name string }{
		{"word/document.xml", "a Word document"}, {"ppt/presentation.xml", "a presentation"}, {"doc.kml", "a map file (kmz)"},
	} {
		if x.parts[known.part] != nil {
			return fault.New(fault.SheetNotAWorkbook, "found", known.name)
		}
	}
	if f := x.parts["mimetype"]; f != nil {
		if part, err := f.Open(); err == nil {
			defer part.Close()
			if kind, _ := io.ReadAll(io.LimitReader(part, 200)); bytes.Contains(kind, []byte("opendocument.spreadsheet")) {
				return fault.New(fault.SheetOtherWorkbook, "found", "ods (OpenDocument)")
			}
		}
	}
	return fault.New(fault.SheetNotAWorkbook, "found", "an archive (zip)")
}

// open starts reading a part; done closes it.
func (x *xlsxBook) open(name string) (xr *xmlReader, done func(), err error) {
	f := x.parts[strings.ToLower(name)]
	if f == nil {
		return nil, nil, damaged(nil, "part "+name+" is missing")
	}
	part, err := f.Open()
	if err != nil {
		return nil, nil, damaged(err, "part "+name)
	}
	var mark [2]byte
	n, err := io.ReadFull(part, mark[:])
	if err != nil && err != io.ErrUnexpectedEOF && err != io.EOF {
		part.Close()
		return nil, nil, damaged(err, "part "+name)
	}
	src := io.MultiReader(bytes.NewReader(mark[:n]), part)
	if mark == [2]byte{0xFF, 0xFE} || mark == [2]byte{0xFE, 0xFF} {
		src = transform.NewReader(src, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	}
	return newXMLReader(src), func() { part.Close() }, nil
}

// elements walks a part and gives each opening element; the reader's attr is then that element's.
func (x *xlsxBook) elements(name string, each func(xr *xmlReader, element string) error) error {
	xr, done, err := x.open(name)
	if err != nil {
		return err
	}
	defer done()
	for {
		tok, err := xr.next()
		if err != nil {
			return damaged(err, "part "+name)
		}
		switch tok {
		case xmlEnd:
			return nil
		case xmlOpen:
			if err := each(xr, string(xr.name)); err != nil {
				return err
			}
		}
	}
}

// relations reads what a part refers to; a part without relations has none. "" stands for the package itself.
func (x *xlsxBook) relations(part string) map[string]relation {
	dir, file := path.Split(part)
	out := map[string]relation{}
	name := dir + "_rels/" + file + ".rels"
	if x.parts[strings.ToLower(name)] == nil {
		return out
	}
	// A broken list shows as sheets that are not found, with the name of the part.
	_ = x.elements(name, func(xr *xmlReader, element string) error {
		if element == "Relationship" && len(out) < 10_000 {
			id, _ := xr.attr("Id")
			kind, _ := xr.attr("Type")
			target, _ := xr.attr("Target")
			out[id] = relation{kind: kind, target: resolve(dir, target)}
		}
		return nil
	})
	return out
}

func resolve(dir, target string) string {
	target = strings.ReplaceAll(target, `\`, "/")
	if strings.HasPrefix(target, "/") {
		return strings.TrimPrefix(path.Clean(target), "/")
	}
	return strings.TrimPrefix(path.Join("/", dir, target), "/")
}

// workbook reads the workbook part and what it refers to; strings wait until a sheet is read.
func (x *xlsxBook) workbook(name string) ([]sheetInfo, error) {
	x.relation = x.relations(name)
	var sheets []sheetInfo
	err := x.elements(name, func(xr *xmlReader, element string) error {
		switch element {
		case "workbookPr":
			value, _ := xr.attr("date1904")
			x.since04 = value == "1" || value == "true"
		case "sheet":
			if s, ok := x.sheet(xr); ok {
				sheets = append(sheets, s)
			}
			if len(sheets) > x.lim.Sheets {
				return fault.New(fault.SheetTooManySheets, "count", fmt.Sprint(len(sheets)), "limit", fmt.Sprint(x.lim.Sheets))
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if x.formats, err = x.styles(); err != nil {
		return nil, err
	}
	x.shared = sync.OnceValues(x.sharedStrings)
	return sheets, nil
}

// sheet takes worksheets only: chart sheets, dialogs and macro sheets have no table.
func (x *xlsxBook) sheet(xr *xmlReader) (sheetInfo, bool) {
	name, _ := xr.attr("name")
	state, _ := xr.attr("state")
	id, _ := xr.attr("id")
	r, ok := x.relation[id]
	if !ok {
		r = relation{kind: "/worksheet", target: "the relation " + id}
	}
	s := sheetInfo{name: name, hidden: state == "hidden" || state == "veryHidden", part: r.target}
	return s, strings.HasSuffix(r.kind, "/worksheet")
}

func (x *xlsxBook) related(kind string) string {
	for _, id := range slices.Sorted(maps.Keys(x.relation)) {
		r := x.relation[id]
		if strings.HasSuffix(r.kind, kind) && x.parts[strings.ToLower(r.target)] != nil {
			return r.target
		}
	}
	return ""
}

// styles gives the number format of each style index.
func (x *xlsxBook) styles() ([]*numFormat, error) {
	name := x.related("/styles")
	if name == "" {
		return nil, nil
	}
	codes := map[int]string{}
	var ids []int
	inCells := false
	err := x.elements(name, func(xr *xmlReader, element string) error {
		switch element {
		case "numFmt":
			id, _ := xr.attr("numFmtId")
			code, _ := xr.attr("formatCode")
			if n, err := strconv.Atoi(id); err == nil && len(codes) < 10_000 && len(code) < 1000 {
				codes[n] = code
			}
		case "cellXfs":
			inCells = true
		case "cellStyleXfs", "cellStyles", "dxfs":
			inCells = false
		case "xf":
			if inCells && len(ids) < 100_000 {
				id, _ := xr.attr("numFmtId")
				n, _ := strconv.Atoi(id)
				ids = append(ids, n)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return formatsOf(ids, codes), nil
}
