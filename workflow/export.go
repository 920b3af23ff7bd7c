package workflow

import (
	"context"
	"io"
	"iter"
	"math"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"

	"safar/access"
	"safar/dictionary"
	"safar/fault"
	"safar/form"
	"safar/form/xpath"
	"safar/record"
	"safar/sheet"
	"safar/store"
)

// RecordFilter chooses records of an operation; zero fields choose all.
type RecordFilter = store.RecordFilter

// Records lists records, a page at a time.
func (w *Workflow) Records(ctx context.Context, actor access.Actor, operation string, f RecordFilter) (list []store.StoredRecord, err error) {
	err = w.read(ctx, actor, access.ReadRecords, operation, func(tx *store.Tx) error {
		list, err = tx.Records(operation, f)
		return err
	})
	for i := range list {
		list[i].Corrections = w.withhold(list[i].Corrections)
	}
	return list, err
}

// withhold takes the values out of corrections of identifying answers: that one was corrected may be seen, not what it
// says.
func (w *Workflow) withhold(corrections []record.Correction) []record.Correction {
	shown := slices.Clone(corrections)
	for i, c := range shown {
		if w.Dictionary.IsIdentity(questionOf(c.Path)) {
			shown[i].Old, shown[i].New, shown[i].Comment = hiddenValue, hiddenValue, ""
		}
	}
	return shown
}

// hiddenValue stands for a value that its reader may not see.
const hiddenValue = "(withheld)"

// RecordView is everything there is to see of one record, but identities.
type RecordView struct {
	store.StoredRecord
	Original    *xpath.Node // answers as received
	Current     *xpath.Node // with the corrections
	Form        *form.Form  // nil when the version is not known here
	Findings    []store.StoredFinding
	Attachments []store.Attachment
	Journal     []store.JournalEntry
}

// Record gives one record whole.
func (w *Workflow) Record(ctx context.Context, actor access.Actor, operation string, id record.ID) (v RecordView, err error) {
	err = w.read(ctx, actor, access.ReadRecords, operation, func(tx *store.Tx) error {
		if v.StoredRecord, err = w.recordOf(tx, operation, id); err != nil {
			return err
		}
		if v.Findings, err = tx.Findings(operation, store.FindingFilter{Record: id}); err != nil {
			return err
		}
		if v.Attachments, err = tx.Attachments(operation, id); err != nil {
			return err
		}
		v.Journal, err = tx.JournalAbout(operation, string(id), 100)
		return err
	})
	corrections := v.Corrections
	v.Corrections = w.withhold(corrections)
	if err != nil || len(v.AnswersJSON) == 0 {
		return v, err
	}
	if v.Original, err = record.DecodeAnswers(v.AnswersJSON); err != nil {
		return v, fault.Internalf(err, "reading the answers of record %s", id)
	}
	whole := v.StoredRecord
	whole.Corrections = corrections
	if v.Current, err = w.currentAnswers(whole); err != nil {
		return v, err
	}
	if t, err := w.toolOf(ctx, operation, v.Activity); err == nil {
		if q := t.form(v.StoredRecord.Form, v.FormVersion); q != nil {
			v.Form = q.form
		}
	}
	return v, nil
}

// OriginalBytes gives what was received, to the byte. It may hold identities, so it takes the right to read those and
// is journalled.
func (w *Workflow) OriginalBytes(ctx context.Context, actor access.Actor, operation string, id record.ID) ([]byte, error) {
	var sha string
	err := w.change(ctx, actor, access.ReadIdentities, operation, func(s *Step) error {
		rec, err := w.recordOf(s.Tx, operation, id)
		if err != nil {
			return err
		}
		sha = rec.Original
		return s.Journal("original.read", string(id), nil)
	})
	if err != nil {
		return nil, err
	}
	return w.blob(ctx, operation, sha)
}

// Findings lists findings.
func (w *Workflow) Findings(ctx context.Context, actor access.Actor, operation string, f store.FindingFilter) (list []store.StoredFinding, err error) {
	err = w.read(ctx, actor, access.ReadRecords, operation, func(tx *store.Tx) error {
		list, err = tx.Findings(operation, f)
		return err
	})
	return list, err
}

// ExportOrder says which records are written out, and how.
type ExportOrder struct {
	Operation string
	Filter    RecordFilter
	Form      string // form id; "" = the main form of the activity
	Repeat    string // path of a repeat: its rows instead of the main table's
	Format    string // csv or xlsx
}

// Export streams records as a table: what each record is about first, then one column a question over all versions of
// the form, corrected values as they stand. Identities are never in it.
func (w *Workflow) Export(ctx context.Context, actor access.Actor, order ExportOrder, out io.Writer) (rows int, err error) {
	if err := allow(actor, access.ReadRecords, order.Operation); err != nil {
		return 0, err
	}
	t, err := w.toolOf(ctx, order.Operation, order.Filter.Activity)
	if err != nil {
		return 0, err
	}
	if order.Form == "" {
		order.Form = t.pack.MainForm()
	}
	order.Filter.Form = order.Form
	layout, err := w.layout(t, order)
	if err != nil {
		return 0, err
	}
	lines := func(yield func([]sheet.Cell, error) bool) {
		if !yield(layout.header(), nil) {
			return
		}
		failed := w.exportRows(ctx, order, layout, &rows, yield)
		if failed != nil {
			yield(nil, failed)
		}
	}
	return rows, writeTable(out, order.Format, order.Form, lines)
}

// errStop ends a walk early because the reader wants no more.
var errStop = fault.New(fault.InternalError)

func (w *Workflow) exportRows(ctx context.Context, order ExportOrder, l layout, rows *int, yield func([]sheet.Cell, error) bool) error {
	batch := make([]store.StoredRecord, 0, exportBatch)
	flush := func() error {
		for _, lines := range w.layOut(l, batch) {
			if lines.err != nil {
				return lines.err
			}
			for _, cells := range lines.cells {
				*rows++
				if !yield(cells, nil) {
					return errStop
				}
			}
		}
		batch = batch[:0]
		return ctx.Err()
	}
	err := w.Store.Read(ctx, func(tx *store.Tx) error {
		err := eachRecord(tx, order.Operation, order.Filter, func(rec store.StoredRecord) error {
			if batch = append(batch, rec); len(batch) < exportBatch {
				return nil
			}
			return flush()
		})
		if err != nil {
			return err
		}
		return flush()
	})
	if err == errStop {
		return nil
	}
	return err
}

// exportBatch records are laid out at a time, on all cores: many enough to share, few enough to hold.
const exportBatch = 256

// exported is what one record gives.
type exported struct {
	cells [][]sheet.Cell
	err   error
}

func (w *Workflow) layOut(l layout, batch []store.StoredRecord) []exported {
	all := make([]exported, len(batch))
	workers := min(runtime.GOMAXPROCS(0), len(batch))
	var group sync.WaitGroup
	for first := range workers {
		group.Go(func() {
			for i := first; i < len(batch); i += workers {
				answers, err := w.currentAnswers(batch[i])
				if all[i].err = err; err == nil {
					all[i].cells = l.cells(batch[i], answers)
				}
			}
		})
	}
	group.Wait()
	return all
}

func writeTable(out io.Writer, format, name string, lines iter.Seq2[[]sheet.Cell, error]) error {
	if format == "xlsx" {
		return sheet.WriteXLSX(out, []sheet.OutSheet{{Name: name[:min(len(name), 31)], Rows: lines}})
	}
	csv := sheet.NewCSVWriter(out)
	if err := csv.WriteAll(lines); err != nil {
		return err
	}
	return csv.Flush()
}

// layout is the columns of an export.
type layout struct {
	columns []exportColumn
	repeat  string
	dict    *dictionary.Dictionary
}

// layout joins the columns of all versions of a form, in the order of the newest, leaving identities out.
func (w *Workflow) layout(t *tool, order ExportOrder) (layout, error) {
	l := layout{repeat: order.Repeat, dict: w.Dictionary}
	seen := map[string]bool{}
	for i := len(t.forms) - 1; i >= 0; i-- {
		if t.forms[i].FormID != order.Form {
			continue
		}
		for _, c := range t.forms[i].form.Columns() {
			if c.Repeat != order.Repeat || seen[c.Path] || w.Dictionary.IsIdentity(c.Element.Name) {
				continue
			}
			seen[c.Path] = true
			l.columns = append(l.columns, newExportColumn(c))
		}
	}
	if len(l.columns) == 0 {
		return l, fault.New(fault.WorkflowNoForm, "operation", order.Operation, "form", strings.TrimSpace(order.Form+" "+order.Repeat))
	}
	return l, nil
}

// about are the columns that stand before the answers.
func about() []string {
	return []string{"record", "instance", "form_version", "activity", "round", "state", "counts", "received_at", "date", "unit", "adm0", "adm1", "adm2", "adm3", "adm4", "site", "point", "carried_from", "corrections"}
}

func (l layout) header() []sheet.Cell {
	names := about()
	for _, c := range l.columns {
		names = append(names, c.Header)
	}
	return sheet.TextRow(names...)
}

// cells are the rows that one record gives: one, or one for each instance of the repeat.
func (l layout) cells(rec store.StoredRecord, answers *xpath.Node) [][]sheet.Cell {
	p := rec.Place.Areas
	first := []sheet.Cell{
		sheet.TextCell(string(rec.ID)), sheet.TextCell(rec.InstanceID), sheet.TextCell(rec.FormVersion), sheet.TextCell(rec.Activity),
		sheet.IntCell(int64(rec.Round)), sheet.TextCell(string(rec.State)), sheet.BoolCell(rec.Counts),
		sheet.TextCell(rec.ReceivedAt.UTC().Format("2006-01-02T15:04:05Z")), sheet.TextCell(rec.Date), sheet.TextCell(rec.Unit),
		sheet.TextCell(string(p[0])), sheet.TextCell(string(p[1])), sheet.TextCell(string(p[2])), sheet.TextCell(string(p[3])), sheet.TextCell(string(p[4])),
		sheet.TextCell(rec.Place.Site), sheet.TextCell(rec.Place.Point), sheet.IntCell(int64(rec.CarriedFrom)), sheet.IntCell(int64(len(rec.Corrections))),
	}
	if answers == nil {
		return [][]sheet.Cell{first}
	}
	bases := []*xpath.Node{answers}
	if l.repeat != "" {
		bases = answers.Find(l.repeat)
	}
	var rows [][]sheet.Cell
	for _, base := range bases {
		row := append(make([]sheet.Cell, 0, len(first)+len(l.columns)), first...)
		rows = append(rows, l.answers(row, base))
	}
	return rows
}

// answers appends the cells of one table row. Columns and answers stand in the order of the form, so the next column's
// answer is nearly always the next child.
func (l layout) answers(row []sheet.Cell, base *xpath.Node) []sheet.Cell {
	holder, group, next := base, "", 0
	for _, c := range l.columns {
		if c.group != group {
			holder, group, next = below(base, c.group), c.group, 0
		}
		var n *xpath.Node
		if holder != nil && next < len(holder.Children) && holder.Children[next].Name == c.name {
			n, next = holder.Children[next], next+1
		} else if holder != nil {
			n = holder.Child(c.name)
		}
		row = append(row, answerCell(n, c.Data))
	}
	return row
}

// exportColumn is a column with its path below the row's element taken apart.
type exportColumn struct {
	form.Column
	group string // path of names down to the group that holds it, "" for the row's element itself
	name  string
}

func newExportColumn(c form.Column) exportColumn {
	base := c.Repeat
	if base == "" {
		base = "/" + strings.SplitN(c.Path, "/", 3)[1] // the form's root
	}
	path := strings.TrimPrefix(c.Path, base+"/")
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return exportColumn{c, path[:i], path[i+1:]}
	}
	return exportColumn{c, "", path}
}

// below finds an element by a path of names under a node, the node itself for no path; nil when it is not there.
func below(n *xpath.Node, path string) *xpath.Node {
	if path == "" {
		return n
	}
	for _, step := range strings.Split(path, "/") {
		if n == nil {
			return nil
		}
		n = n.Child(step)
	}
	return n
}

func answerCell(n *xpath.Node, data string) sheet.Cell {
	if n == nil {
		return sheet.TextCell("")
	}
	text := n.StringValue()
	if data == "int" || data == "decimal" {
		if cell, ok := numberCell(text); ok {
			return cell
		}
	}
	return sheet.TextCell(text)
}

// numberCell reads an answer as a number; text that is none stays text, so that nothing is lost in an export.
func numberCell(text string) (sheet.Cell, bool) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return sheet.IntCell(n), true
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && !math.IsNaN(f) && !math.IsInf(f, 0) {
		return sheet.NumberCell(f), true
	}
	return sheet.Cell{}, false
}
