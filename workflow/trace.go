package workflow

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"safar/access"
	"safar/fault"
	"safar/locale"
	"safar/measure"
	"safar/place"
	"safar/record"
	"safar/record/intake"
	"safar/release"
	"safar/store"
)

// Trace is the way back from a published number to what people said.
type Trace struct {
	Release string          `json:"release"`
	Cell    string          `json:"cell"`
	File    string          `json:"file"`
	Row     release.Row     `json:"row"`    // as published
	Value   float64         `json:"value"`  // computed now from the facts below
	Agrees  bool            `json:"agrees"` // it is the published value
	Measure measure.Measure `json:"measure"`
	Facts   []TracedFact    `json:"facts"`
}

// TracedFact is one fact of the cell with the record it comes from.
type TracedFact struct {
	Item     string       `json:"item"`
	Value    float64      `json:"value"`
	Unit     string       `json:"unit"`
	Place    measure.Fact `json:"-"`
	Record   TracedRecord `json:"record"`
	FactPath string       `json:"repeat,omitempty"`
}

// TracedRecord is a record as it counted in the release, with what was changed and where the original lies.
type TracedRecord struct {
	ID          record.ID           `json:"id"`
	Unit        string              `json:"unit"`
	Name        locale.Text         `json:"name,omitempty"`  // of the site or the flow point, as it is called today
	Areas       []TracedArea        `json:"areas,omitempty"` // from the country down
	Date        string              `json:"date"`
	CarriedFrom int                 `json:"carried_from,omitempty"`
	Source      record.Source       `json:"source"`
	Device      string              `json:"device"`
	Form        string              `json:"form"`
	Original    string              `json:"original_sha256"`
	Row         *RowReference       `json:"row,omitempty"` // for a row of a workbook
	Corrections []record.Correction `json:"corrections,omitempty"`
	Later       int                 `json:"later_corrections,omitempty"` // made after the release
}

// TracedArea is an area that a fact lies in.
type TracedArea struct {
	Code string      `json:"code"`
	Name locale.Text `json:"name"`
}

// RowReference says where in which workbook a record's row stands.
type RowReference struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"`
	Sheet  string `json:"sheet"`
	Row    int    `json:"row"`
	Cells  []struct {
		Col    string `json:"col"`
		Header string `json:"header"`
		Raw    string `json:"raw"`
		Shown  string `json:"shown"`
	} `json:"cells"`
}

// Trace walks from a cell of a release back to the originals, and computes the number again on the way.
func (w *Workflow) Trace(ctx context.Context, actor access.Actor, id, cell string) (Trace, error) {
	r, err := w.Release(ctx, actor, id)
	if err != nil {
		return Trace{}, err
	}
	if err := allow(actor, access.ReadRecords, r.Operation); err != nil {
		return Trace{}, err
	}
	out, err := w.findCell(ctx, actor, r, cell)
	if err != nil {
		return out, err
	}
	s, _, err := w.snapshotOf(ctx, r)
	if err != nil {
		return out, err
	}
	t, err := w.toolAsAdopted(ctx, s)
	if err != nil {
		return out, err
	}
	m, err := w.thaw(ctx, t, s)
	if err != nil {
		return out, err
	}
	q, err := cellQuery(t, s, cell)
	if err != nil {
		return out, err
	}
	out.Measure = q.Measure
	facts, value, err := cellFacts(m, q)
	if err != nil {
		return out, err
	}
	out.Value = value
	out.Agrees = out.Row["status"] != "published" || release.Number(value) == published(out.Row)
	return out, w.traceRecords(ctx, s, facts, &out)
}

// published is the number of a row: the value of a table of figures, or the stock of a table of the DTM API.
func published(row release.Row) string {
	if v, ok := row["value"]; ok {
		return v
	}
	return row[release.DTMField]
}

func (w *Workflow) findCell(ctx context.Context, actor access.Actor, r store.Release, cell string) (Trace, error) {
	out := Trace{Release: r.ID, Cell: cell}
	fsys, err := w.ReleaseFS(ctx, actor, r)
	if err != nil {
		return out, err
	}
	manifest, err := release.Open(fsys)
	if err != nil {
		return out, err
	}
	out.File, out.Row, err = release.FindCell(fsys, manifest, cell)
	if _, has := out.Row["status"]; !has && out.Row != nil {
		out.Row["status"] = "published"
	}
	return out, err
}

// cellQuery turns a cell id back into the query that made it.
func cellQuery(t *tool, s snapshot, cell string) (measure.Query, error) {
	id, by, values, ok := release.ParseCell(cell)
	if !ok {
		return measure.Query{}, fault.New(fault.ReleaseCell, "cell", cell)
	}
	m, ok := t.pack.Measure(id)
	if !ok {
		return measure.Query{}, fault.New(fault.ReleaseCell, "cell", cell)
	}
	q := measure.Query{Operation: s.Operation.Slug, Activity: s.Activity.ID, Round: s.Round.Number, Measure: m}
	for i, dim := range by {
		q.Where = append(q.Where, measure.Filter{Dim: dim, In: []string{values[i]}})
	}
	return q, nil
}

// cellFacts are the facts that the cell adds up, and what they add up to.
func cellFacts(m material, q measure.Query) ([]measure.Fact, float64, error) {
	observations, err := measure.Evaluate(m.facts, m.missing, q)
	if err != nil {
		return nil, 0, err
	}
	var value float64
	if len(observations) == 1 {
		value = observations[0].Value
	}
	facts, err := measure.Select(m.facts, q)
	return facts, value, err
}

func (w *Workflow) traceRecords(ctx context.Context, s snapshot, facts []measure.Fact, out *Trace) error {
	frozenByID := map[record.ID]frozen{}
	for _, f := range s.Records {
		frozenByID[f.ID] = f
	}
	register, err := w.register(ctx, s.Operation.Country)
	if err != nil {
		return err
	}
	return w.Store.Read(ctx, func(tx *store.Tx) error {
		traced := map[record.ID]TracedRecord{}
		for _, f := range facts {
			id := record.ID(f.Record)
			if _, done := traced[id]; !done {
				rec, err := tx.Record(s.Operation.Slug, id)
				if err != nil {
					return err
				}
				one, err := w.traceRecord(tx, rec, frozenByID[id])
				if err != nil {
					return err
				}
				traced[id] = one.at(f, register, s.Operation.Country)
			}
			out.Facts = append(out.Facts, TracedFact{Item: f.Item, Value: f.Value, Unit: f.Unit, Place: f, Record: traced[id], FactPath: f.RepeatPath})
		}
		return nil
	})
}

// at names the place of a record, as its fact has it.
func (r TracedRecord) at(f measure.Fact, register *place.Register, country string) TracedRecord {
	for _, code := range f.Adm {
		if area, known := register.Area(country, place.Code(code)); known {
			r.Areas = append(r.Areas, TracedArea{code, area.Names})
		}
	}
	if site, known := register.Site(f.Site); known {
		r.Name = site.Names
	} else if point, known := register.Point(f.Point); known {
		r.Name = point.Names
	}
	return r
}

func (w *Workflow) traceRecord(tx *store.Tx, rec store.StoredRecord, f frozen) (TracedRecord, error) {
	all := len(rec.Corrections)
	w.asFrozen(&rec, f, rec.Round)
	out := TracedRecord{
		ID: rec.ID, Unit: rec.Unit, Date: rec.Date, CarriedFrom: rec.CarriedFrom, Source: rec.Source, Device: rec.Device,
		Form: rec.Form + " " + rec.FormVersion, Original: rec.Original, Later: all - len(rec.Corrections),
	}
	out.Corrections = w.withhold(rec.Corrections)
	slices.SortFunc(out.Corrections, func(a, b record.Correction) int { return a.At.Compare(b.At) })
	if rec.Source != record.FromImport {
		return out, nil
	}
	raw, err := tx.BlobBytes(rec.Operation, rec.Original)
	if err != nil {
		return out, err
	}
	out.Row = &RowReference{}
	if err := json.Unmarshal(raw, out.Row); err != nil {
		return out, fault.Internalf(err, "reading the original row of record %s", rec.ID)
	}
	imp, err := tx.Import(rec.Operation, rec.Device)
	if err != nil {
		return out, err
	}
	out.Row.File = imp.File
	return out, out.Row.keepMapped(imp.Mapping)
}

// keepMapped leaves out the cells that became no answer: the row's own names and telephones of people are among them.
// Who may read those finds them in the original.
func (r *RowReference) keepMapped(mapping []byte) error {
	m, err := intake.ReadYAML(bytes.NewReader(mapping))
	if err != nil {
		return fault.Internalf(err, "reading the mapping of the import of %s", r.File)
	}
	kept := r.Cells[:0]
	for _, cell := range r.Cells {
		if m.Reads(cell.Header, cell.Col) {
			kept = append(kept, cell)
		}
	}
	r.Cells = kept
	return nil
}
