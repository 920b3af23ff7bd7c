package main

import (
	"errors"
	"path/filepath"
	"strings"

	"safar/fault"
	"safar/record/intake"
	"safar/workflow"
)

func importCommands() []command {
	return []command{
		{name: "import suggest", args: "FILE", usage: "[--sheet S] [--json]", summary: "propose how a workbook's columns map to the dictionary and to places", data: true, reads: true, flags: importSuggest},
		{name: "import records", args: "FILE", usage: "[--operation NAME] [--tool TOOL] [--round N] [--map MAP.yaml]", summary: "take the rows of a workbook in as records", data: true, makes: true, flags: importRecords},
		{name: "import undo", args: "IMPORT", usage: "[--operation NAME] [--reason TEXT]", summary: "take a whole import back", data: true, flags: importUndo},
		{name: "import list", usage: "[--operation NAME]", summary: "list the imports", data: true, flags: importList},
		{name: "import errors", args: "IMPORT", usage: "[--operation NAME]", summary: "list what was wrong with the rows of an import", data: true, flags: importErrors},
	}
}

// workbook opens a file of the caller as a workbook; the caller closes it.
func (c *call) workbook(name string) (workflow.Workbook, func(), error) {
	file, err := c.openFile(name)
	if err != nil {
		return workflow.Workbook{}, nil, err
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return workflow.Workbook{}, nil, err
	}
	return workflow.Workbook{Name: filepath.Base(name), Data: file, Size: info.Size()}, func() { file.Close() }, nil
}

func importSuggest(c *call) func() error {
	sheetName := c.flags.String("sheet", "", "the sheet with the data; chosen when left out")
	return func() error {
		book, done, err := c.workbook(c.arg(0))
		if err != nil {
			return err
		}
		defer done()
		mapping, notes, err := c.flow.SuggestMapping(c.ctx, c.actor(), book, *sheetName)
		if err != nil {
			return err
		}
		c.notes(notes)
		if c.json {
			return c.printJSON(mapping)
		}
		return intake.WriteYAML(c.out, mapping)
	}
}

// notes tells people what they should know; it is not the result.
func (c *call) notes(notes []*fault.Error) {
	for _, n := range notes {
		c.note("note: %s", n.Error())
	}
}

func importRecords(c *call) func() error {
	var order workflow.ImportOrder
	c.flags.StringVar(&order.Operation, "operation", "", "slug or title; the operation is made when it does not exist")
	c.flags.StringVar(&order.Tool, "tool", "", "tool whose records the rows are; as the mapping says when left out")
	c.flags.IntVar(&order.Round, "round", 0, "round number; as the mapping says when left out")
	mapFile := c.flags.String("map", "", "mapping, as import suggest writes it; suggested anew when left out")
	return func() error {
		book, done, err := c.workbook(c.arg(0))
		if err != nil {
			return err
		}
		defer done()
		order.File = book
		if *mapFile != "" {
			if order.Mapping, err = c.readMapping(*mapFile); err != nil {
				return err
			}
		}
		order.Progress = c.progress("rows")
		result, err := c.flow.Import(c.ctx, c.actor(), order)
		if err != nil {
			return inFile(book.Name, err)
		}
		return c.printImport(result)
	}
}

func (c *call) readMapping(name string) (*intake.Mapping, error) {
	file, err := c.openFile(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	mapping, err := intake.ReadYAML(file)
	return &mapping, inFile(name, err)
}

// inFile names the file of faults that speak of a line or a sheet and do not say of which file.
func inFile(name string, err error) error {
	if err == nil {
		return nil
	}
	var placed []error
	for _, one := range flatten(err) {
		if f, ok := one.(*fault.Error); ok && f.At.File == "" && (f.At != fault.Where{} || f.Code == fault.IntakeMappingSyntax) {
			at := f.At
			at.File = name
			one = f.In(at)
		}
		placed = append(placed, one)
	}
	return errors.Join(placed...)
}

// progress tells how far a long job is, at most once for every tenth of it.
func (c *call) progress(what string) func(done, total int) {
	told := 0
	return func(done, total int) {
		if tenth := 10 * done / max(total, 1); tenth > told && done < total {
			told = tenth
			c.note("%d of %d %s", done, total, what)
		}
	}
}

func (c *call) printImport(r workflow.ImportResult) error {
	if c.json {
		return c.printJSON(map[string]any{
			"import": r.ID, "operation": r.Operation, "activity": r.Activity, "round": r.Round, "rows": r.Rows, "inserted": r.Inserted,
			"changed": r.Changed, "skipped": r.Import.Skipped, "failed": r.Failed, "made": nonNil(r.Made), "errors": nonNil(r.Errors), "not_data": nonNil(r.Skipped),
		})
	}
	c.notes(r.Notes)
	for _, made := range r.Made {
		c.printf("made %s\n", made)
	}
	c.printf("import %s: %d rows read, %d new records, %d changed, %d already here, %d not taken in\n", r.ID, r.Rows, r.Inserted, r.Changed, r.Import.Skipped, r.Failed)
	for _, s := range r.Skipped {
		c.note("row %d is no data: %s", s.Row, s.Reason)
	}
	for _, e := range r.Errors {
		c.note("%s", e.Message)
	}
	if r.Failed > 0 {
		return errFindings
	}
	return nil
}

func importUndo(c *call) func() error {
	operation := c.operation()
	reason := c.flags.String("reason", "", "why; kept in the journal")
	return func() error {
		op, err := operation()
		if err != nil {
			return err
		}
		n, err := c.flow.UndoImport(c.ctx, c.actor(), op.Slug, c.arg(0), *reason)
		if err != nil {
			return err
		}
		c.printf("%d records of import %s no longer count; the workbook and its rows stay readable\n", n, c.arg(0))
		return nil
	}
}

func importList(c *call) func() error {
	operation := c.operation()
	return func() error {
		op, err := operation()
		if err != nil {
			return err
		}
		imports, err := c.flow.Imports(c.ctx, c.actor(), op.Slug)
		if err != nil {
			return err
		}
		if c.json {
			type row struct {
				ID       string `json:"id"`
				File     string `json:"file"`
				SHA256   string `json:"sha256"`
				Sheet    string `json:"sheet"`
				Activity string `json:"activity"`
				Round    int    `json:"round"`
				State    string `json:"state"`
				At       string `json:"at"`
				By       string `json:"by"`
				Rows     int    `json:"rows"`
				Inserted int    `json:"inserted"`
				Changed  int    `json:"changed"`
				Skipped  int    `json:"skipped"`
				Failed   int    `json:"failed"`
			}
			out := []row{}
			for _, i := range imports {
				out = append(out, row{i.ID, i.File, i.FileSHA, i.Sheet, i.Activity, i.Round, string(i.State), when(i.At), i.Actor, i.Rows, i.Inserted, i.Changed, i.Skipped, i.Failed})
			}
			return c.printJSON(out)
		}
		t := c.table("IMPORT", "FILE", "TOOL", "ROUND", "STATE", "NEW", "CHANGED", "SAME", "FAILED")
		for _, i := range imports {
			t.row(i.ID, i.File, i.Activity, i.Round, string(i.State), i.Inserted, i.Changed, i.Skipped, i.Failed)
		}
		return t.flush()
	}
}

func importErrors(c *call) func() error {
	operation := c.operation()
	return func() error {
		op, err := operation()
		if err != nil {
			return err
		}
		errs, err := c.flow.ImportErrors(c.ctx, c.actor(), op.Slug, c.arg(0))
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(nonNil(errs))
		}
		var lines []string
		for _, e := range errs {
			lines = append(lines, e.Message)
		}
		c.printf("%s", strings.Join(append(lines, ""), "\n"))
		return nil
	}
}
