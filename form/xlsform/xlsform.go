// Package xlsform reads a questionnaire from an XLSForm workbook: the sheets survey, choices and settings as
// xlsform.org describes them.
//
// Reading never stops at the first mistake: every error and warning names sheet, row and column and says how to mend
// it, and all come together. A form with errors is not handed out.
package xlsform

import (
	"cmp"
	"errors"
	"path"
	"slices"
	"strings"

	"safar/fault"
	"safar/form"
	"safar/sheet"
)

// Options fill in what a workbook may leave open.
type Options struct {
	File    string // the workbook's name, for messages; its stem is the form id when nothing else gives one
	FormID  string // used when the settings give no form_id
	Title   string // used when the settings give no form_title
	Version string // used when the settings give no version
}

// Errors are all mistakes of one workbook, in the order of its sheets and rows.
type Errors []*fault.Error

// Error lists the faults, one a line.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, f := range e {
		lines[i] = f.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.Is and errors.As look into each fault.
func (e Errors) Unwrap() []error {
	out := make([]error, len(e))
	for i, f := range e {
		out[i] = f
	}
	return out
}

// Limits on what one workbook may hold.
const (
	maxElements = 20_000
	maxDepth    = 64
	maxChoices  = 500_000
)

// Convert reads the workbook. The second value holds warnings; the error is Errors, or what reading the book gave.
// The book needs a sheet survey; choices and settings are optional. A csv may hold the three below each other, each
// begun by a line with its name, or the survey alone.
func Convert(book *sheet.Book, opt Options) (*form.Form, []*fault.Error, error) {
	sheets, warnings, err := grids(book, opt)
	if err != nil {
		return nil, nil, err
	}
	f, more, err := ConvertGrids(sheets["survey"], sheets["choices"], sheets["settings"], opt)
	return f, append(warnings, more...), err
}

// ConvertGrids is Convert on loaded sheets; choices and settings may be nil.
func ConvertGrids(survey, choices, settings *sheet.Grid, opt Options) (*form.Form, []*fault.Error, error) {
	c := &converter{opt: opt, form: &form.Form{}, cells: map[*form.Element]*source{}}
	questions, lists := c.table(survey, "survey"), c.table(choices, "choices") // in this order languages are listed
	c.readSettings(c.table(settings, "settings"))
	c.readChoices(lists)
	c.readSurvey(questions)
	c.finish()
	slices.SortStableFunc(c.errors, inSheetOrder)
	slices.SortStableFunc(c.warnings, inSheetOrder)
	if len(c.errors) > 0 {
		return nil, c.warnings, Errors(c.errors)
	}
	return c.form, c.warnings, nil
}

// inSheetOrder puts faults in the order in which a person goes through the workbook.
func inSheetOrder(a, b *fault.Error) int {
	sheets := []string{"survey", "choices", "settings"}
	return cmp.Or(
		cmp.Compare(slices.Index(sheets, a.At.Sheet), slices.Index(sheets, b.At.Sheet)),
		cmp.Compare(a.At.Row, b.At.Row),
		cmp.Compare(len(a.At.Cell), len(b.At.Cell)),
		cmp.Compare(a.At.Cell, b.At.Cell),
		cmp.Compare(a.Error(), b.Error()),
	)
}

// converter holds one conversion: the form that grows and what was found wrong.
type converter struct {
	opt      Options
	form     *form.Form
	cells    map[*form.Element]*source
	extras   []string        // columns of the choices sheet that are data
	chosen   map[string]bool // lists that some question uses
	flags    map[string]bool // settings that steer the reading
	langs    languages
	errors   []*fault.Error
	warnings []*fault.Error
}

// source remembers where the fields of an element stand, for messages of later checks.
type source struct {
	row     int
	columns map[string]int // field name -> 1-based column
}

func (c *converter) where(sheetName string, row, column int) fault.Where {
	return fault.Where{File: c.opt.File, Sheet: sheetName, Row: row, Cell: sheet.Column(column)}
}

func (c *converter) fail(at fault.Where, code fault.Code, details ...string) {
	c.errors = append(c.errors, fault.New(code, details...).In(at))
}

func (c *converter) warn(at fault.Where, code fault.Code, details ...string) {
	c.warnings = append(c.warnings, fault.New(code, details...).In(at))
}

// at places a fault at the cell of an element's field, or at its row when the field stands in no cell.
func (c *converter) at(e *form.Element, field string) fault.Where {
	src := c.cells[e]
	if src == nil {
		return fault.Where{File: c.opt.File, Sheet: "survey", Row: e.Row}
	}
	return c.where("survey", src.row, src.columns[field])
}

// grids finds the sheets of a form in a book.
func grids(book *sheet.Book, opt Options) (map[string]*sheet.Grid, []*fault.Error, error) {
	found := map[string]*sheet.Grid{}
	names := book.Sheets()
	for _, name := range names {
		key := sheet.FoldHeader(name)
		if !isFormSheet(key) && !(len(names) == 1 && book.Format() == sheet.CSV) {
			continue
		}
		grid, err := book.Grid(name)
		if err != nil {
			return nil, nil, err
		}
		found[key] = grid
	}
	if book.Format() == sheet.CSV && len(names) == 1 {
		found = splitStacked(found[sheet.FoldHeader(names[0])])
	}
	if found["survey"] == nil {
		at := fault.Where{File: opt.File}
		return nil, nil, Errors{fault.New(fault.FormNoSurvey, "sheets", strings.Join(names, ", ")).In(at)}
	}
	return found, unknownSheets(names, found, opt), nil
}

func isFormSheet(folded string) bool {
	return folded == "survey" || folded == "choices" || folded == "settings"
}

// unknownSheets warns of sheets whose name is a misspelt one of the standard's, and of the parts that come later.
func unknownSheets(names []string, found map[string]*sheet.Grid, opt Options) []*fault.Error {
	var warnings []*fault.Error
	for _, name := range names {
		key := sheet.FoldHeader(name)
		at := fault.Where{File: opt.File, Sheet: name}
		switch near := form.Nearest(key, []string{"choices", "settings"}); {
		case isFormSheet(key) || strings.HasPrefix(key, "_"):
		case key == "entities" || key == "external_choices" || key == "osm":
			warnings = append(warnings, fault.New(fault.FormUnsupported, "what", "the sheet "+key, "mend", "Its rows are left out").In(at))
		case near != "" && found[near] == nil:
			warnings = append(warnings, fault.New(fault.FormUnknownSheet, "sheet", name, "suggestion", form.Perhaps(key, []string{near})).In(at))
		}
	}
	return warnings
}

// splitStacked takes a csv apart in which each sheet begins with a line that holds only its name in column A and goes on
// with rows whose column A is empty. A csv without such a line is the survey.
func splitStacked(grid *sheet.Grid) map[string]*sheet.Grid {
	found := map[string]*sheet.Grid{}
	var current *sheet.Grid
	for _, row := range grid.Rows {
		first := sheet.FoldHeader(row.Cell(1).Raw)
		if isFormSheet(first) && (row.Filled() == 1 || current == nil || found[first] == nil) {
			current = &sheet.Grid{Name: first, Width: grid.Width}
			found[first] = current
			if row.Filled() == 1 {
				continue
			}
			row.Cells = append([]sheet.Cell{{}}, row.Cells[1:]...)
		}
		if current == nil {
			return map[string]*sheet.Grid{"survey": grid}
		}
		current.Rows = append(current.Rows, row)
	}
	return found
}

// finish checks what needs the whole form and fills what the settings left open.
func (c *converter) finish() {
	f := c.form
	if f.Root == nil || len(f.Root.Children) == 0 {
		if len(c.errors) == 0 {
			c.fail(fault.Where{File: c.opt.File, Sheet: "survey"}, fault.FormNoQuestions)
		}
		return
	}
	c.identify()
	c.settleLanguages()
	c.check()
}

// identify settles id, version and title.
func (c *converter) identify() {
	f := c.form
	f.ID = firstOf(f.ID, c.opt.FormID, stem(c.opt.File))
	f.Version = firstOf(f.Version, c.opt.Version)
	if f.ID == "" {
		c.fail(fault.Where{File: c.opt.File, Sheet: "settings"}, fault.FormMissingID)
	}
	if len(f.Title) == 0 {
		f.Title = map[string]string{"": firstOf(c.opt.Title, f.ID)}
	}
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

func stem(file string) string {
	base := path.Base(strings.ReplaceAll(file, "\\", "/"))
	if base == "." || base == "/" {
		return ""
	}
	return strings.TrimSuffix(base, path.Ext(base))
}

// Faults lists the faults inside an error of this package; nil for any other error.
func Faults(err error) []*fault.Error {
	var all Errors
	if errors.As(err, &all) {
		return all
	}
	return nil
}
