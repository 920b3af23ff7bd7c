package workflow

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"safar/access"
	"safar/fault"
	"safar/form/xpath"
	"safar/measure"
	"safar/place"
	"safar/record"
	"safar/round"
	"safar/store"
	"safar/warehouse"
)

// FigureQuery asks for figures as people do: names may be left out where they are clear.
type FigureQuery struct {
	Operation string // slug or title; may be empty when there is one operation
	Activity  string // may be empty when the operation has one
	Round     int    // 0: the newest round that has records, unless the figures are grouped by round or time
	Measure   string // "" = every measure that adds up
	By        []string
	Where     []measure.Filter
	Language  string // of the names of places; "" = English
}

// Figures is the answer: observations of one or more measures over the same dimensions.
type Figures struct {
	Operation string         `json:"operation"`
	Activity  string         `json:"activity"`
	Round     int            `json:"round"`
	Date      string         `json:"reference_date"`
	By        []string       `json:"by"`
	Rows      []Figure       `json:"rows"`
	Skipped   []*fault.Error `json:"-"` // measures that cannot be asked this way, with the reason
}

// Figure is one number with what one must know to judge it.
type Figure struct {
	Measure string   `json:"measure"`
	Unit    string   `json:"unit"`
	By      []string `json:"by"`
	Names   []string `json:"names"` // names of places beside their codes; "" for other dimensions
	Value   *float64 `json:"value"` // null when nothing is known
	N       int      `json:"n"`
	Missing int      `json:"missing"`
	Carried int      `json:"carried"`
}

// Figures computes figures from the records as they stand now. They are provisional until a release freezes them.
func (w *Workflow) Figures(ctx context.Context, actor access.Actor, ask FigureQuery) (Figures, error) {
	t, q, err := w.prepareFigures(ctx, actor, ask)
	if err != nil {
		return Figures{}, err
	}
	engine, err := w.Refresh(ctx, t.operation.Slug)
	if err != nil {
		return Figures{}, err
	}
	out := Figures{Operation: q.Operation, Activity: q.Activity, Round: q.Round, By: q.By}
	register, err := w.register(ctx, t.operation.Country)
	if err != nil {
		return out, err
	}
	measures, err := t.choose(ask.Measure)
	if err != nil {
		return out, err
	}
	for _, m := range measures {
		q.Measure = m
		if err := measure.Plan(t.pack.Measures, q, w.Dictionary.Categories()...); err != nil {
			if ask.Measure != "" {
				return out, err
			}
			out.Skipped = append(out.Skipped, asFault(err))
			continue
		}
		observations, err := engine.Query(ctx, q)
		if err != nil {
			return out, err
		}
		for _, o := range observations {
			out.Rows = append(out.Rows, figure(m, q.By, o, placeNames{register, t.operation.Country, ask.Language}))
		}
	}
	out.Date = w.referenceDate(ctx, q)
	return out, nil
}

func asFault(err error) *fault.Error {
	var f *fault.Error
	for _, e := range unjoin(err) {
		if one, ok := e.(*fault.Error); ok {
			f = one
			break
		}
	}
	if f == nil {
		f = fault.Wrap(err, fault.InternalError)
	}
	return f
}

func unjoin(err error) []error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		return many.Unwrap()
	}
	return []error{err}
}

// choose finds a measure by id; "" gives all that add up.
func (t *tool) choose(id string) ([]measure.Measure, error) {
	var found []measure.Measure
	var known []string
	for _, m := range t.pack.Measures.Measures {
		known = append(known, m.ID)
		if m.ID == id || (id == "" && (m.Agg == measure.Sum || m.Agg == measure.Count) && len(m.AddOver) > 0) {
			found = append(found, m)
		}
	}
	if len(found) == 0 {
		return nil, fault.New(fault.WorkflowNoMeasure, "activity", t.activity.ID, "measure", id, "known", strings.Join(known, ", "))
	}
	return found, nil
}

func figure(m measure.Measure, by []string, o measure.Observation, names placeNames) Figure {
	f := Figure{Measure: m.ID, Unit: m.Unit, By: o.By, Names: make([]string, len(by)), N: o.N, Missing: o.Missing, Carried: o.Carried}
	if o.Known() {
		f.Value = &o.Value
	}
	for i, dim := range by {
		f.Names[i] = names.of(dim, o.By[i])
	}
	return f
}

// placeNames gives the names of places of a country in a language.
type placeNames struct {
	register          *place.Register
	country, language string
}

// of gives the name of a place that stands in a dimension.
func (n placeNames) of(dim, code string) string {
	switch {
	case strings.HasPrefix(dim, "adm") || dim == "origin_adm1" || dim == "dest_adm1":
		if a, ok := n.register.Area(n.country, place.Code(code)); ok {
			return a.Names.In(n.language)
		}
	case dim == "site":
		if s, ok := n.register.Site(code); ok {
			return s.Names.In(n.language)
		}
	case dim == "point":
		if p, ok := n.register.Point(code); ok {
			return p.Names.In(n.language)
		}
	}
	return ""
}

// prepareFigures finds operation, activity and round that the question means.
func (w *Workflow) prepareFigures(ctx context.Context, actor access.Actor, ask FigureQuery) (*tool, measure.Query, error) {
	q := measure.Query{By: slices.Clone(ask.By), Where: ask.Where, Round: ask.Round}
	op, err := w.FindOperation(ctx, actor, ask.Operation)
	if err != nil {
		return nil, q, err
	}
	if err := allow(actor, access.ReadFigures, op.Slug); err != nil {
		return nil, q, err
	}
	activity, err := w.OneActivity(ctx, actor, op.Slug, ask.Activity)
	if err != nil {
		return nil, q, err
	}
	if err := w.Drain(ctx); err != nil {
		return nil, q, err
	}
	q.Operation, q.Activity = op.Slug, activity
	if q.Round == 0 && !speaksOfTime(q) {
		if q.Round, err = w.newestRound(ctx, op.Slug, activity); err != nil {
			return nil, q, err
		}
	}
	if ask.Round != 0 {
		if err := w.needRound(ctx, op.Slug, activity, ask.Round); err != nil {
			return nil, q, err
		}
	}
	t, err := w.toolOf(ctx, op.Slug, activity)
	return t, q, err
}

func speaksOfTime(q measure.Query) bool {
	for _, dim := range q.By {
		if dim == "round" {
			return true
		}
	}
	return slices.ContainsFunc(q.Where, func(f measure.Filter) bool { return f.Dim == "round" })
}

// OneActivity takes a tool's id, or finds the only one of the operation when it is empty.
func (w *Workflow) OneActivity(ctx context.Context, actor access.Actor, operation, named string) (string, error) {
	list, err := w.Activities(ctx, actor, operation)
	if err != nil {
		return "", err
	}
	var ids []string
	for _, a := range list {
		if a.ID == named || (named == "" && len(list) == 1) {
			return a.ID, nil
		}
		ids = append(ids, a.ID)
	}
	if named == "" && len(ids) > 0 {
		return "", fault.New(fault.WorkflowManyTools, "operation", operation, "tools", strings.Join(ids, ", "))
	}
	if named == "" {
		named = "baseline-sub-area"
	}
	return "", w.notAdopted(operation, named, ids)
}

// newestRound is the newest round that has a record which counts, or the newest at all.
func (w *Workflow) newestRound(ctx context.Context, operation, activity string) (number int, err error) {
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		rounds, err := tx.Rounds(operation, activity)
		if err != nil {
			return err
		}
		for _, r := range rounds {
			counting, n := true, r.Number
			some, err := tx.Records(operation, store.RecordFilter{Activity: activity, Round: &n, Counts: &counting, Limit: 1})
			if err != nil {
				return err
			}
			if len(some) > 0 || number == 0 {
				number = max(number, r.Number)
			}
		}
		return nil
	})
	return number, err
}

func (w *Workflow) referenceDate(ctx context.Context, q measure.Query) (date string) {
	_ = w.Store.Read(ctx, func(tx *store.Tx) error { // a date that cannot be read is shown as unknown
		r, err := tx.Round(q.Operation, q.Activity, q.Round)
		date = r.Reference()
		return err
	})
	return date
}

// refreshPage is how many changed records are turned into facts at a time: it bounds memory and the length of a write
// to the warehouse.
const refreshPage = 5000

// Refresh brings the warehouse up to what is stored: it reads the records of an operation that changed since the stamp
// and replaces their facts. Facts made by other definitions are made anew.
func (w *Workflow) Refresh(ctx context.Context, operation string) (warehouse.Engine, error) {
	engine, err := w.engine()
	if err != nil {
		return nil, err
	}
	w.refresh.Lock()
	defer w.refresh.Unlock()
	tools, definition, err := w.toolsOf(ctx, operation)
	if err != nil {
		return nil, err
	}
	stamp, err := engine.Stamp(ctx, operation)
	if err != nil {
		return nil, err
	}
	if stamp.Definition != definition {
		if err := engine.Reset(ctx, operation); err != nil {
			return nil, err
		}
		stamp = warehouse.Stamp{Definition: definition}
	}
	for {
		page, last, err := w.changedPage(ctx, operation, stamp.Seq)
		if err != nil || len(page) == 0 {
			return engine, err
		}
		batch, err := w.factsOf(ctx, tools, page)
		if err != nil {
			return nil, err
		}
		stamp.Seq = last
		batch.Stamp = stamp
		if err := engine.Apply(ctx, operation, batch); err != nil {
			return nil, err
		}
	}
}

// toolsOf loads all tools of an operation, and one hash of all their definitions.
func (w *Workflow) toolsOf(ctx context.Context, operation string) (map[string]*tool, string, error) {
	var activities []round.Activity
	err := w.Store.Read(ctx, func(tx *store.Tx) (err error) {
		activities, err = tx.Activities(operation)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	tools := map[string]*tool{}
	hashes := make([]string, 0, len(activities))
	for _, a := range activities {
		t, err := w.toolOf(ctx, operation, a.ID)
		if err != nil {
			return nil, "", err
		}
		tools[a.ID] = t
		hashes = append(hashes, a.ID+"="+t.measures.Hash())
	}
	return tools, strings.Join(hashes, ";"), nil
}

func (w *Workflow) changedPage(ctx context.Context, operation string, seq int64) (page []store.StoredRecord, last int64, err error) {
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		page, err = tx.ChangedSince(operation, "", seq, refreshPage)
		return err
	})
	if len(page) > 0 {
		last = page[len(page)-1].ChangeSeq
	}
	return page, last, err
}

// factsOf turns changed records into what the warehouse must do: all of them are taken out, those that count come in
// again with their facts of today.
func (w *Workflow) factsOf(ctx context.Context, tools map[string]*tool, page []store.StoredRecord) (warehouse.Batch, error) {
	references := map[string]map[int]string{}
	for id, t := range tools {
		dates, err := w.references(ctx, t)
		if err != nil {
			return warehouse.Batch{}, err
		}
		references[id] = dates
	}
	extracted := make([]extraction, len(page))
	workers := min(runtime.GOMAXPROCS(0), len(page))
	var group sync.WaitGroup
	for n := range workers {
		group.Go(func() {
			for i := n; i < len(page); i += workers {
				if t := tools[page[i].Activity]; t != nil && page[i].Counts {
					extracted[i] = w.extract(t, page[i], references[page[i].Activity][page[i].Round])
				}
			}
		})
	}
	group.Wait()
	return w.gather(page, extracted), nil
}

func (w *Workflow) gather(page []store.StoredRecord, extracted []extraction) warehouse.Batch {
	var batch warehouse.Batch
	for i := range page {
		batch.RemoveRecords = append(batch.RemoveRecords, string(page[i].ID))
		batch.Facts = append(batch.Facts, extracted[i].facts...)
		batch.Missing = append(batch.Missing, extracted[i].missing...)
		if extracted[i].err != nil {
			w.Log.Warn("a record's facts could not all be read", "operation", page[i].Operation, "record", page[i].ID, "error", extracted[i].err)
		}
	}
	return batch
}

type extraction struct {
	facts   []measure.Fact
	missing []measure.Missing
	err     error
}

func (w *Workflow) extract(t *tool, rec store.StoredRecord, reference string) extraction {
	answers, err := w.currentAnswers(rec)
	if err != nil {
		return extraction{err: err}
	}
	return t.extract(rec.Record, answers, reference)
}

func (t *tool) extract(rec record.Record, answers *xpath.Node, reference string) (e extraction) {
	defer func() {
		if p := recover(); p != nil { // one record that no code foresaw must not end the server
			e = extraction{err: fault.Internalf(fmt.Errorf("panic: %v", p), "reading the facts of record %s", rec.ID)}
		}
	}()
	e.facts, e.missing, e.err = t.measures.Extract(measure.Input{Record: rec, Answers: answers, Reference: reference, Zone: t.zone})
	return e
}

// references gives each round's reference date.
func (w *Workflow) references(ctx context.Context, t *tool) (map[int]string, error) {
	dates := map[int]string{}
	err := w.Store.Read(ctx, func(tx *store.Tx) error {
		rounds, err := tx.Rounds(t.operation.Slug, t.activity.ID)
		for _, r := range rounds {
			dates[r.Number] = r.Reference()
		}
		return err
	})
	return dates, err
}
