package place

import (
	"bytes"
	"cmp"
	"io"
	"slices"
	"strings"

	"safar/fault"
	"safar/sheet"
)

// Options says what an import cannot know from the file.
type Options struct {
	Country  string        // ISO 3166-1 alpha-3: of rows that do not say theirs; rows of other countries are passed over. "" takes all
	Language string        // of names whose column does not say it; "" means "und", undetermined
	Preset   *Preset       // the layout of the columns; nil recognises one of Presets by the headers
	Sheet    string        // the one sheet of a workbook to read; "" reads every visible sheet whose headers fit
	Known    *Register     // what the batch will be merged with: parents, polygons and codes that need not be in the file
	Limits   sheet.Limits  // bounds on workbooks; zero means the defaults of package sheet
	Features FeatureLimits // bounds on GeoJSON; zero means the defaults
}

func (o Options) language() string {
	if o.Language == "" {
		return "und"
	}
	return o.Language
}

func (o Options) presets() []Preset {
	if o.Preset != nil {
		return []Preset{*o.Preset}
	}
	return Presets()
}

// Import reads a list of places: a workbook in any form that package sheet knows, or GeoJSON, told apart by content. It
// gives what could be read and every defect with its row; the error is for a file of which nothing can be used. The batch
// is ready for Merge with what Options.Known was made from.
func Import(file string, r io.ReaderAt, size int64, o Options) (Batch, []Defect, error) {
	head := make([]byte, min(size, 64))
	if n, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return Batch{}, nil, fault.Internalf(err, "reading %s", file)
	} else {
		head = head[:n]
	}
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n")
	if bytes.HasPrefix(head, []byte("{")) {
		return ImportGeoJSON(file, io.NewSectionReader(r, 0, size), o)
	}
	book, err := sheet.Open(file, r, size, o.Limits)
	if err != nil {
		return Batch{}, nil, err
	}
	defer book.Close()
	return ImportBook(file, book, o)
}

// ImportBytes is Import on bytes in memory.
func ImportBytes(file string, data []byte, o Options) (Batch, []Defect, error) {
	return Import(file, bytes.NewReader(data), int64(len(data)), o)
}

// ImportBook reads a list of places from an open workbook.
func ImportBook(file string, book *sheet.Book, o Options) (Batch, []Defect, error) {
	o.Country = strings.ToUpper(o.Country)
	as := newAssembler(o)
	sheets := book.Sheets()
	if o.Sheet != "" {
		sheets = []string{o.Sheet}
	}
	fitting := 0
	for i, name := range sheets {
		as.sheets[name] = i
		if o.Sheet == "" && book.Hidden(name) {
			continue
		}
		t := table{as: as, at: fault.Where{File: file, Sheet: name}}
		if book.Format() == sheet.CSV {
			t.at.Sheet = ""
		}
		for row, err := range book.Rows(name) {
			if err != nil {
				return Batch{}, nil, err
			}
			if !t.row(row) {
				break
			}
		}
		t.end()
		if t.layout != nil {
			fitting++
		}
	}
	if fitting == 0 {
		return Batch{}, nil, fault.New(fault.PlaceUnknownLayout).In(fault.Where{File: file})
	}
	return as.result(file)
}

// result finishes the import; a file that yields nothing at all is an error, of which the first defect is the cause.
func (as *assembler) result(file string) (Batch, []Defect, error) {
	batch := as.finish()
	slices.SortStableFunc(as.defects, func(a, b Defect) int {
		return cmp.Or(cmp.Compare(as.sheets[a.Fault.At.Sheet], as.sheets[b.Fault.At.Sheet]), cmp.Compare(a.Fault.At.Row, b.Fault.At.Row))
	})
	if len(batch.Areas)+len(batch.Sites)+len(batch.Points) > 0 {
		return batch, as.defects, nil
	}
	if len(as.defects) > 0 {
		return batch, as.defects, as.defects[0].Fault
	}
	return batch, nil, fault.New(fault.PlaceNothing).In(fault.Where{File: file})
}
