package workflow

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strconv"
	"strings"

	"safar/access"
	"safar/fault"
	"safar/place"
	"safar/record"
	"safar/record/intake"
	"safar/round"
	"safar/sheet"
	"safar/store"
	"safar/toolbox"
)

// Workbook is a file that someone wants in, already open for reading at any place.
type Workbook struct {
	Name string
	Data io.ReaderAt
	Size int64
}

// open reads a workbook and its hash.
func (b Workbook) open() (*sheet.Book, string, error) {
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(b.Data, 0, b.Size)); err != nil {
		return nil, "", fault.Internalf(err, "reading %s", b.Name)
	}
	book, err := sheet.Open(b.Name, b.Data, b.Size, sheet.DefaultLimits())
	return book, hex.EncodeToString(sum.Sum(nil)), err
}

// SuggestMapping proposes how a workbook's columns map to the dictionary and to places. Nothing is kept.
// Sheet names the one sheet to read; "" lets Suggest choose.
func (w *Workflow) SuggestMapping(ctx context.Context, actor access.Actor, file Workbook, sheetName string) (intake.Mapping, []*fault.Error, error) {
	if err := allow(actor, access.Import, ""); err != nil {
		return intake.Mapping{}, nil, err
	}
	register, err := w.register(ctx, "")
	if err != nil {
		return intake.Mapping{}, nil, err
	}
	book, sha, err := file.open()
	if err != nil {
		return intake.Mapping{}, nil, err
	}
	defer book.Close()
	forms, err := w.toolForms()
	if err != nil {
		return intake.Mapping{}, nil, err
	}
	return intake.Suggest(intake.Input{Book: book, FileName: file.Name, SHA256: sha, Dictionary: w.Dictionary, Register: register, Tools: forms, Sheet: sheetName})
}

// toolForms are the main forms of all tools, by which a workbook's tool is recognised.
func (w *Workflow) toolForms() ([]intake.Tool, error) {
	var list []intake.Tool
	for _, pack := range w.Tools.Packs() {
		built, _, err := toolbox.Form(pack, pack.MainForm(), w.Dictionary)
		if err != nil {
			return nil, err
		}
		list = append(list, intake.Tool{ID: pack.ID, Form: built})
	}
	return list, nil
}

// ImportOrder says into what a workbook goes. Operation, tool and round left empty are taken from the mapping.
type ImportOrder struct {
	Operation string // slug or title; made when it does not exist
	Tool      string
	Round     int
	File      Workbook
	Mapping   *intake.Mapping       // nil: the suggested one
	Progress  func(done, total int) // may be nil
}

// ImportResult is what an import did.
type ImportResult struct {
	store.Import
	Made    []string // what did not exist and was made, in words
	Errors  []store.RowError
	Skipped []intake.Skipped
	Notes   []*fault.Error
}

// importBatch rows go in with one write: few enough that phones which send at the same time are not kept waiting.
const importBatch = 100

// Import takes a workbook in: makes what is missing, keeps the workbook itself, and turns each row into a record. The
// same content again is skipped, changed content becomes a new version, and a row that cannot be used is listed and
// keeps nobody else out.
func (w *Workflow) Import(ctx context.Context, actor access.Actor, order ImportOrder) (result ImportResult, err error) {
	if err := allow(actor, access.Import, order.Operation); err != nil {
		return result, err
	}
	if order.Mapping == nil {
		m, notes, err := w.SuggestMapping(ctx, actor, order.File, "")
		if err != nil {
			return result, err
		}
		order.Mapping, result.Notes = &m, notes
		if order.Round > 0 { // said already
			result.Notes = slices.DeleteFunc(notes, func(n *fault.Error) bool { return n.Code == fault.IntakeRoundUnknown })
		}
	}
	job := &importJob{w: w, actor: actor, order: order, result: &result}
	if err := job.prepare(ctx); err != nil {
		return result, err
	}
	defer job.book.Close()
	return result, job.run(ctx)
}

// importJob is one import under way.
type importJob struct {
	w      *Workflow
	actor  access.Actor
	order  ImportOrder
	result *ImportResult
	book   *sheet.Book
	tool   *tool
	plan   *intake.Plan
	round  round.Round
}

// run takes the rows in, a batch to a write, and closes the import with its counts.
func (j *importJob) run(ctx context.Context) error {
	var batch []intake.Row
	total := j.plan.Len()
	flush := func() error {
		if len(batch) == 0 {
			return nil
		}
		err := j.takeIn(ctx, batch)
		batch = batch[:0]
		if j.order.Progress != nil {
			j.order.Progress(j.result.Rows, total)
		}
		return err
	}
	for row, problems := range j.plan.Rows() {
		if err := ctx.Err(); err != nil {
			return err
		}
		j.result.Rows++
		for _, p := range problems {
			j.result.Errors = append(j.result.Errors, rowError(p))
		}
		if row.Rejected {
			j.result.Failed++
			continue
		}
		if batch = append(batch, row); len(batch) == importBatch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if err := flush(); err != nil {
		return err
	}
	return j.close(ctx)
}

func rowError(p intake.RowError) store.RowError {
	return store.RowError{Sheet: p.Sheet, Row: p.Row, Column: p.Column, Code: string(p.Fault.Code), Details: p.Fault.Details, Message: p.Error()}
}

func (j *importJob) close(ctx context.Context) error {
	j.result.State = store.ImportDone
	return j.w.change(ctx, j.actor, access.Import, j.result.Operation, func(s *Step) error {
		if err := s.PutImport(j.result.Import); err != nil {
			return err
		}
		if err := s.PutImportErrors(s.Operation, j.result.ID, j.result.Errors); err != nil {
			return err
		}
		return s.Journal("import.done", j.result.ID, map[string]any{
			"rows": j.result.Rows, "inserted": j.result.Inserted, "changed": j.result.Changed, "skipped": j.result.Import.Skipped, "failed": j.result.Failed,
		})
	})
}

// takeIn stores a batch of rows as records.
func (j *importJob) takeIn(ctx context.Context, rows []intake.Row) error {
	register, err := j.w.register(ctx, j.tool.operation.Country)
	if err != nil {
		return err
	}
	before := j.result.Import
	err = j.w.change(ctx, j.actor, access.Import, j.result.Operation, func(s *Step) error {
		j.result.Import = before // a write may be tried again
		for _, row := range rows {
			if err := j.takeRow(s, register, row); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// takeRow stores one row: as a new record, as a new version of one, or not at all when its content is here already.
func (j *importJob) takeRow(s *Step, register *place.Register, row intake.Row) error {
	main := j.tool.main()
	rec := record.Record{
		ID: record.ID(s.NewID()), Operation: s.Operation, Activity: j.tool.activity.ID, Round: j.round.Number, Form: main.FormID, FormVersion: main.Version,
		InstanceID: intake.InstanceID(s.Operation, j.tool.activity.ID, j.round.Number, row.Unit), Version: 1, Source: record.FromImport, Device: j.result.ID,
		ReceivedAt: s.Now(), State: record.Received, Mapped: row.Items, CarriedFrom: row.CarriedFrom, Answers: row.Answers, Date: row.Date, Place: row.Place, Unit: row.Unit,
	}
	earlier, err := s.RecordsByInstance(s.Operation, rec.Form, rec.InstanceID)
	if err != nil {
		return err
	}
	answers, identities, err := j.w.split(row.Answers)
	if err != nil {
		return err
	}
	for _, old := range earlier {
		rec.Version = max(rec.Version, old.Version+1)
		if sameRow(old, row, answers) {
			j.result.Import.Skipped++
			return nil
		}
	}
	if rec.Original, err = s.PutBlobBytes(s.Operation, row.Original); err != nil {
		return err
	}
	if err := j.replaceEarlier(s, earlier, rec.ID); err != nil {
		return err
	}
	if err := s.InsertRecord(rec, answers, identities); err != nil {
		return err
	}
	if err := s.Journal("record.received", string(rec.ID), receivedBody{
		Form: rec.Form, Version: rec.FormVersion, Instance: rec.InstanceID, Original: rec.Original, State: rec.State, Import: j.result.ID,
	}); err != nil {
		return err
	}
	for _, old := range earlier {
		if old.State == record.Received {
			if err := keepCorrections(s, old, rec); err != nil {
				return err
			}
		}
	}
	return j.judge(s, register, rec)
}

// keepCorrections lays the corrections of the version that a row replaces over the new one, where the row still says what
// was corrected. An answer that the row itself changed is believed.
func keepCorrections(s *Step, old store.StoredRecord, rec record.Record) error {
	if len(old.Corrections) == 0 {
		return nil
	}
	before, err := record.DecodeAnswers(old.AnswersJSON)
	if err != nil {
		return fault.Internalf(err, "reading the answers of record %s", old.ID)
	}
	for _, c := range old.Corrections {
		was, now := record.At(before, c.Path), record.At(rec.Answers, c.Path)
		if was == nil || now == nil || was.StringValue() != now.StringValue() {
			continue
		}
		c.ID, c.Record = s.NewID(), rec.ID
		if _, err := s.AddCorrection(s.Operation, c); err != nil {
			return err
		}
		if err := s.Journal("record.corrected", string(rec.ID), map[string]any{"correction": c.ID, "path": c.Path, "reason": c.Reason, "kept_from": old.ID}); err != nil {
			return err
		}
	}
	return nil
}

// sameRow says whether a row's content is here already: received, or excluded by a person whose decision the same
// content does not undo. The day of a record that was corrected may be another than the row's.
func sameRow(old store.StoredRecord, row intake.Row, answers []byte) bool {
	here := old.State == record.Received || old.State == record.Excluded
	return here && bytes.Equal(old.AnswersJSON, answers) && old.CarriedFrom == row.CarriedFrom && (old.Date == row.Date || len(old.Corrections) > 0)
}

// replaceEarlier supersedes the version of a row that counted until now.
func (j *importJob) replaceEarlier(s *Step, earlier []store.StoredRecord, id record.ID) error {
	replaced := false
	for _, old := range earlier {
		if old.State != record.Received {
			continue
		}
		replaced = true
		if err := j.w.setAside(s, old, id); err != nil {
			return err
		}
	}
	if replaced {
		j.result.Changed++
	} else {
		j.result.Inserted++
	}
	return nil
}

// judge assesses a row's record in the same write. What the sheet itself says of place and unit stands.
func (j *importJob) judge(s *Step, register *place.Register, rec record.Record) error {
	stored, err := s.Tx.Record(s.Operation, rec.ID)
	if err != nil {
		return err
	}
	answers, err := j.w.currentAnswers(stored)
	if err != nil {
		return err
	}
	env, err := j.w.around(s.Tx, j.tool, register, stored, answers)
	if err != nil {
		return err
	}
	a := env.assess(rec, answers)
	a.derived.Unit, a.derived.Date, a.derived.CarriedFrom = rec.Unit, rec.Date, rec.CarriedFrom
	if rec.Place.Areas.Deepest() != "" {
		a.derived.Place = rec.Place
	}
	if err := s.ReplaceFindings(s.Operation, rec.ID, a.findings); err != nil {
		return err
	}
	return j.w.settle(s, stored, a)
}

// UndoImport takes a whole import back: its records no longer count, and what they had replaced counts again. The
// workbook and the rows stay readable.
func (w *Workflow) UndoImport(ctx context.Context, actor access.Actor, operation, id, reason string) (undone int, err error) {
	err = w.change(ctx, actor, access.Import, operation, func(s *Step) error {
		imp, err := importIn(s.Tx, operation, id)
		if err != nil {
			return err
		}
		if imp.State == store.ImportUndone {
			return fault.New(fault.WorkflowImportUndone, "import", id)
		}
		if undone, err = w.undoRecords(s, imp, reason); err != nil {
			return err
		}
		imp.State = store.ImportUndone
		if err := s.PutImport(imp); err != nil {
			return err
		}
		return s.Journal("import.undone", id, map[string]any{"records": undone, "reason": reason})
	})
	return undone, err
}

func (w *Workflow) undoRecords(s *Step, imp store.Import, reason string) (int, error) {
	state, counts, why := record.Undone, false, strings.TrimSpace("import undone: "+reason)
	count := 0
	after := record.ID("")
	for {
		page, err := s.Records(s.Operation, store.RecordFilter{Import: imp.ID, After: after, Limit: 500})
		if err != nil || len(page) == 0 {
			return count, err
		}
		for _, rec := range page {
			after = rec.ID
			if rec.State == record.Undone {
				continue
			}
			count++
			if err := s.UpdateRecord(s.Operation, rec.ID, store.RecordUpdate{State: &state, StateReason: &why, Counts: &counts}); err != nil {
				return count, err
			}
			if err := s.Journal("record.undone", string(rec.ID), map[string]any{"import": imp.ID}); err != nil {
				return count, err
			}
			if err := w.restore(s, rec); err != nil {
				return count, err
			}
		}
	}
}

// restore lets the version that an undone row had replaced count again. Where a later version had already replaced the
// undone one, that one now replaces the earlier.
func (w *Workflow) restore(s *Step, undone store.StoredRecord) error {
	versions, err := s.RecordsByInstance(s.Operation, undone.Form, undone.InstanceID)
	if err != nil {
		return err
	}
	state, heir := record.Received, record.ID("")
	if undone.State == record.Superseded && undone.SupersededBy != "" {
		state, heir = record.Superseded, undone.SupersededBy
	}
	for _, old := range versions {
		if old.State != record.Superseded || old.SupersededBy != undone.ID {
			continue
		}
		if err := s.UpdateRecord(s.Operation, old.ID, store.RecordUpdate{State: &state, SupersededBy: &heir}); err != nil {
			return err
		}
		if err := s.Journal("record."+string(state), string(old.ID), map[string]any{"undone": undone.ID, "by": heir}); err != nil {
			return err
		}
		if err := w.recount(s, old.Activity, old.Round, old.Unit, old.ID); err != nil {
			return err
		}
	}
	return w.recount(s, undone.Activity, undone.Round, undone.Unit, undone.ID)
}

// Imports lists an operation's imports.
func (w *Workflow) Imports(ctx context.Context, actor access.Actor, operation string) (list []store.Import, err error) {
	err = w.read(ctx, actor, access.ReadRecords, operation, func(tx *store.Tx) error {
		list, err = tx.Imports(operation)
		return err
	})
	return list, err
}

// ImportErrors lists what was wrong with the rows of an import.
func (w *Workflow) ImportErrors(ctx context.Context, actor access.Actor, operation, id string) (list []store.RowError, err error) {
	err = w.read(ctx, actor, access.ReadRecords, operation, func(tx *store.Tx) error {
		if _, err := importIn(tx, operation, id); err != nil {
			return err
		}
		list, err = tx.ImportErrors(operation, id)
		return err
	})
	return list, err
}

// importIn finds an import, with a fault that names the operation.
func importIn(tx *store.Tx, operation, id string) (store.Import, error) {
	imp, err := tx.Import(operation, id)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return imp, fault.New(fault.WorkflowNoImport, "operation", operation, "import", id)
	}
	return imp, err
}

// zoneOf proposes the time zone of a country with one; others are to be set by a person, since "UTC" shifts no day of a
// stock.
func zoneOf(country string) string {
	zones := map[string]string{
		"TJK": "Asia/Dushanbe", "KAZ": "Asia/Almaty", "KGZ": "Asia/Bishkek", "UZB": "Asia/Tashkent", "TKM": "Asia/Ashgabat", "AFG": "Asia/Kabul",
		"SSD": "Africa/Juba", "MWI": "Africa/Blantyre", "HTI": "America/Port-au-Prince", "TCD": "Africa/Ndjamena", "XSF": "Asia/Dushanbe",
	}
	if zone := zones[country]; zone != "" {
		return zone
	}
	return "UTC"
}

// roundText names a round for messages.
func roundText(activity string, number int) string { return activity + "/" + strconv.Itoa(number) }
