package workflow

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"safar/access"
	"safar/fault"
	"safar/locale"
	"safar/measure"
	"safar/place"
	"safar/record"
	"safar/record/intake"
	"safar/release"
	"safar/store"
	"safar/toolbox"
)

// RecordPage is everything that the page of one record shows. Identities are masked throughout.
type RecordPage struct {
	Record      RecordFacts      `json:"record"`
	Form        FormRef          `json:"form"`
	Groups      []AnswerGroup    `json:"groups"`
	Corrections []CorrectionView `json:"corrections"`
	Findings    []FindingRow     `json:"findings"`
	Attachments []AttachmentView `json:"attachments"`
	Journal     []JournalView    `json:"journal"`
	Place       PlaceView        `json:"place"`
	CountsIn    []CountsIn       `json:"counts_in"`
	Versions    []VersionRef     `json:"versions"`
	Row         *RowView         `json:"row,omitempty"` // of a workbook
}

// RecordFacts is what a record is about.
type RecordFacts struct {
	RecordRow
	FormVersion  string    `json:"form_version"`
	Version      int       `json:"version"`
	StateReason  string    `json:"state_reason"`
	InstanceID   string    `json:"instance_id"`
	Original     string    `json:"original"` // SHA-256 of what was received
	SupersededBy record.ID `json:"superseded_by,omitempty"`
}

// FormRef names the questionnaire of a record.
type FormRef struct {
	ID      string      `json:"id"`
	Version string      `json:"version"`
	Title   locale.Text `json:"title"`
}

// AnswerGroup is a group of the form with its answers; a row of a repeat is a group of its own.
type AnswerGroup struct {
	Label   locale.Text  `json:"label"`
	Path    string       `json:"path"`
	Repeat  string       `json:"repeat"` // name of the repeat, "" outside
	Number  int          `json:"number"` // of the row in its repeat, 0 outside
	Answers []AnswerView `json:"answers"`
}

// AnswerView is one answer as received and as it stands.
type AnswerView struct {
	Path          string      `json:"path"`
	Question      string      `json:"question"`
	Label         locale.Text `json:"label"`
	Type          string      `json:"type"`
	Original      string      `json:"original"`
	Value         string      `json:"value"`
	ShownOriginal locale.Text `json:"shown_original,omitempty"` // choices and places in words
	Shown         locale.Text `json:"shown,omitempty"`
	Corrected     bool        `json:"corrected"`
	Identity      bool        `json:"identity"` // kept apart and not shown
	Findings      []string    `json:"findings"`
	Choices       []ChoiceRef `json:"choices,omitempty"` // what a correction may choose
}

// ChoiceRef is one choice of a question.
type ChoiceRef struct {
	Code  string      `json:"code"`
	Label locale.Text `json:"label"`
}

// CorrectionView is a correction with the name of who made it.
type CorrectionView struct {
	ID       string `json:"id"`
	Path     string `json:"path"`
	Question string `json:"question"`
	Old      string `json:"old"`
	New      string `json:"new"`
	Reason   string `json:"reason"`
	Comment  string `json:"comment"`
	Finding  string `json:"finding"`
	By       string `json:"by"`
	At       string `json:"at"`
}

// AttachmentView is a file of the record.
type AttachmentView struct {
	Name  string                `json:"name"`
	Type  string                `json:"type"` // the ending of its name, lower case
	Size  int64                 `json:"size"`
	State store.AttachmentState `json:"state"`
	Here  bool                  `json:"here"`
}

// JournalView is one entry of the record's history.
type JournalView struct {
	Seq     int64  `json:"seq"`
	At      string `json:"at"`
	Actor   string `json:"actor"`
	Kind    string `json:"kind"`
	Subject string `json:"subject"`
}

// PlaceView is where a record lies.
type PlaceView struct {
	Areas []AreaRef   `json:"areas"` // country first
	Site  string      `json:"site"`
	Point string      `json:"point"`
	Name  string      `json:"name"`
	Names locale.Text `json:"names,omitempty"`
	At    *[2]float64 `json:"at"` // latitude, longitude
	How   string      `json:"how"`
}

// AreaRef names an area.
type AreaRef struct {
	Code  string      `json:"code"`
	Name  string      `json:"name"`
	Names locale.Text `json:"names,omitempty"`
	Level int         `json:"level"`
}

// CountsIn is what the record adds to a figure of its round.
type CountsIn struct {
	Measure string      `json:"measure"`
	Title   locale.Text `json:"title"`
	Value   float64     `json:"value"`
	Unit    string      `json:"unit"`
}

// VersionRef is one of the versions of the same instance.
type VersionRef struct {
	ID         record.ID    `json:"id"`
	Version    int          `json:"version"`
	State      record.State `json:"state"`
	ReceivedAt string       `json:"received_at"`
}

// RowView is the row of a workbook that the record was made of.
type RowView struct {
	File  string     `json:"file"`
	Sheet string     `json:"sheet"`
	Row   int        `json:"row"`
	Cells []CellView `json:"cells"`
}

// CellView is one cell; one that may hold an identity is masked.
type CellView struct {
	Col    string `json:"col"`
	Header string `json:"header"`
	Raw    string `json:"raw"`
	Shown  string `json:"shown"`
	Masked bool   `json:"masked,omitempty"`
}

// RecordPage gives one record for its page. Lang is the language of place names.
func (w *Workflow) RecordPage(ctx context.Context, actor access.Actor, operation string, id record.ID, lang string) (RecordPage, error) {
	v, err := w.Record(ctx, actor, operation, id)
	if err != nil {
		return RecordPage{}, err
	}
	page := RecordPage{Form: FormRef{ID: v.StoredRecord.Form, Version: v.FormVersion}}
	if v.Form != nil {
		page.Form.Title = v.Form.Title
	}
	err = w.Store.Read(ctx, func(tx *store.Tx) error { return w.recordPage(tx, v, lang, &page) })
	if err != nil {
		return page, err
	}
	page.CountsIn, err = w.countsIn(ctx, v)
	return page, err
}

func (w *Workflow) recordPage(tx *store.Tx, v RecordView, lang string, page *RecordPage) error {
	op, err := tx.Operation(v.Operation)
	if err != nil {
		return err
	}
	register, err := w.registerIn(tx, op.Country)
	if err != nil {
		return err
	}
	rows, err := rowsOf(tx, register, op, []store.StoredRecord{v.StoredRecord}, lang)
	if err != nil {
		return err
	}
	page.Record = RecordFacts{
		RecordRow: rows[0], FormVersion: v.FormVersion, Version: v.Version, StateReason: v.StateReason, InstanceID: v.InstanceID,
		Original: v.StoredRecord.Record.Original, SupersededBy: v.SupersededBy,
	}
	page.Place = placeView(register, op.Country, v.Place, lang)
	names, err := actorNames(tx, v.Operation)
	if err != nil {
		return err
	}
	w.fillLists(v, names, page)
	for i := range page.Findings {
		page.Findings[i].Unit, page.Findings[i].Name = page.Record.Unit, page.Record.Name
	}
	painter := answerPainter{register: register, country: op.Country, v: v, identity: w.Dictionary.IsIdentity}
	page.Groups = painter.groups()
	versions, err := tx.RecordsByInstance(v.Operation, v.StoredRecord.Form, v.InstanceID)
	if err != nil {
		return err
	}
	page.Versions = []VersionRef{}
	for _, other := range versions {
		page.Versions = append(page.Versions, VersionRef{other.ID, other.Version, other.State, unixText(other.ReceivedAt)})
	}
	if v.Source == record.FromImport {
		page.Row, err = w.rowView(tx, v.StoredRecord)
	}
	return err
}

func (w *Workflow) fillLists(v RecordView, names map[string]string, page *RecordPage) {
	page.Corrections, page.Findings, page.Attachments, page.Journal = []CorrectionView{}, []FindingRow{}, []AttachmentView{}, []JournalView{}
	for _, c := range w.withhold(v.Corrections) {
		view := CorrectionView{ID: c.ID, Path: c.Path, Question: questionOf(c.Path), Old: c.Old, New: c.New, Reason: c.Reason, Comment: c.Comment, Finding: c.Finding, By: nameOf(names, c.By), At: unixText(c.At)}
		page.Corrections = append(page.Corrections, view)
	}
	for _, f := range v.Findings {
		page.Findings = append(page.Findings, findingRow(f, names))
	}
	for _, a := range v.Attachments {
		_, ending, _ := strings.Cut(a.Name, ".")
		page.Attachments = append(page.Attachments, AttachmentView{a.Name, strings.ToLower(ending), a.Bytes, a.State, a.State == store.AttachmentPresent})
	}
	for _, e := range v.Journal {
		page.Journal = append(page.Journal, JournalView{e.Seq, unixText(e.At), nameOf(names, e.Actor), e.Kind, e.Subject})
	}
}

func placeView(register *place.Register, country string, at record.Place, lang string) PlaceView {
	view := PlaceView{Areas: []AreaRef{}, Site: at.Site, Point: at.Point, How: at.How, Names: unitNames(register, at)}
	view.Name = view.Names.In(lang, "en")
	for level, code := range at.Areas {
		if code == "" {
			continue
		}
		ref := AreaRef{Code: string(code), Level: level}
		if a, ok := register.Area(country, code); ok {
			ref.Names, ref.Name = a.Names, a.Names.In(lang, "en")
		}
		view.Areas = append(view.Areas, ref)
	}
	if at.At != nil {
		view.At = &[2]float64{at.At.Lat, at.At.Lon}
	}
	return view
}

// countsIn computes what one record adds to the tool's sums; nothing when it does not count.
func (w *Workflow) countsIn(ctx context.Context, v RecordView) ([]CountsIn, error) {
	list := []CountsIn{}
	if !v.Counts || v.Current == nil {
		return list, nil
	}
	t, err := w.toolOf(ctx, v.Operation, v.Activity)
	if err != nil {
		return list, err
	}
	dates, err := w.references(ctx, t)
	if err != nil {
		return list, err
	}
	facts := t.extract(v.StoredRecord.Record, v.Current, dates[v.Round]) // what cannot be read counts nowhere
	for _, m := range t.pack.Measures.Measures {
		if m.Agg != measure.Sum && m.Agg != measure.Count || len(m.AddOver) == 0 {
			continue
		}
		found, err := measure.Evaluate(facts.facts, nil, measure.Query{Operation: v.Operation, Activity: v.Activity, Round: v.Round, Measure: m})
		if err != nil {
			return list, err
		}
		if len(found) == 1 && found[0].Known() && found[0].N > 0 {
			list = append(list, CountsIn{m.ID, m.Title, found[0].Value, m.Unit})
		}
	}
	return list, nil
}

// rowView shows the workbook's row of a record. The mapping says which columns are answers; every other cell may name
// somebody and is masked.
func (w *Workflow) rowView(tx *store.Tx, rec store.StoredRecord) (*RowView, error) {
	raw, err := tx.BlobBytes(rec.Operation, rec.Original)
	if err != nil {
		return nil, err
	}
	var ref RowReference
	if err := json.Unmarshal(raw, &ref); err != nil {
		return nil, fault.Internalf(err, "reading the original row of record %s", rec.ID)
	}
	imp, err := tx.Import(rec.Operation, rec.Device)
	if err != nil {
		return nil, err
	}
	m, err := intake.ReadYAML(bytes.NewReader(imp.Mapping))
	if err != nil {
		return nil, fault.Internalf(err, "reading the mapping of the import of %s", imp.File)
	}
	m.Columns = slices.DeleteFunc(m.Columns, func(c intake.Column) bool { return w.Dictionary.IsIdentity(c.To) })
	view := &RowView{File: imp.File, Sheet: ref.Sheet, Row: ref.Row, Cells: []CellView{}}
	for _, c := range ref.Cells {
		cell := CellView{Col: c.Col, Header: c.Header, Raw: c.Raw, Shown: c.Shown}
		if !m.Reads(c.Header, c.Col) {
			cell.Raw, cell.Shown, cell.Masked = "", "", true
		}
		view.Cells = append(view.Cells, cell)
	}
	return view, nil
}

// ActorNames gives a function that shows what the journal calls an actor by the name that people know.
func (w *Workflow) ActorNames(ctx context.Context, operation string) func(string) string {
	var names map[string]string
	_ = w.Store.Read(ctx, func(tx *store.Tx) (err error) { // without names the journal's own are shown
		names, err = actorNames(tx, operation)
		return err
	})
	return func(actor string) string { return nameOf(names, actor) }
}

// Pack gives the tool of an activity as it was adopted.
func (w *Workflow) Pack(ctx context.Context, actor access.Actor, operation, activity string) (*toolbox.Pack, error) {
	if err := allow(actor, access.ReadFigures, operation); err != nil {
		return nil, err
	}
	t, err := w.toolOf(ctx, operation, activity)
	if err != nil {
		return nil, err
	}
	return t.pack, nil
}

// VerifyRelease checks a release as anybody can (hashes and sums) and as only its maker can: made again from the
// records. Files counts what was checked.
func (w *Workflow) VerifyRelease(ctx context.Context, actor access.Actor, id string) (files int, problems []error, err error) {
	r, err := w.Release(ctx, actor, id)
	if err != nil {
		return 0, nil, err
	}
	if err := allow(actor, access.ReadFigures, r.Operation); err != nil {
		return 0, nil, err
	}
	fsys, err := w.ReleaseFS(ctx, actor, r)
	if err != nil {
		return 0, nil, err
	}
	manifest, problems, err := release.Verify(fsys)
	if err != nil {
		return 0, nil, err
	}
	_, differ, err := w.RebuildRelease(ctx, actor, id)
	return len(manifest.Files), append(problems, differ...), err
}
