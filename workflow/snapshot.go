package workflow

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"safar/disclose"
	"safar/fault"
	"safar/measure"
	"safar/place"
	"safar/quality"
	"safar/record"
	"safar/release"
	"safar/round"
	"safar/store"
	"safar/toolbox"
)

// snapshot is everything a release is made of, by value or by id of something that never changes: from it the release
// can be made again byte for byte, whatever happened since. It is kept as a blob; its hash goes into the manifest.
type snapshot struct {
	Seq       int64            `json:"seq"`
	Head      string           `json:"head"` // hash of that entry
	Operation round.Operation  `json:"operation"`
	Activity  round.Activity   `json:"activity"`
	Forms     []formRef        `json:"forms"` // versions that were known then: later ones change no codebook
	Round     round.Round      `json:"round"`
	Areas     []release.Area   `json:"areas"`
	Records   []frozen         `json:"records"` // by id
	Coverage  []round.Coverage `json:"coverage"`
	Order     ReleaseOrder     `json:"order"`
	ID        string           `json:"id"`
	At        time.Time        `json:"at"`
	Previous  string           `json:"previous"`
	Made      madeBy           `json:"made"`
	Findings  int64            `json:"open_blocking_findings"`
	Places    *release.Places  `json:"places,omitempty"` // names and shapes as they were; nil in snapshots made before they were kept
	Labels    release.Labels   `json:"labels,omitempty"`
}

// madeBy names what decides how files are made beside the data: other versions may make other bytes of the same records.
type madeBy struct {
	Method     string `json:"method"`
	Dictionary string `json:"dictionary"`
}

// formRef names a version of a form.
type formRef struct {
	ID      string `json:"id"`
	Version string `json:"version"`
}

// frozen is one record as it counted: its answers never change, so the ids of its corrections say what it held.
type frozen struct {
	ID          record.ID    `json:"id"`
	Unit        string       `json:"unit"`
	Date        string       `json:"date"`
	Place       record.Place `json:"place"`
	CarriedFrom int          `json:"carried_from,omitempty"`
	Corrections []string     `json:"corrections,omitempty"`
}

func (s snapshot) bytes() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return nil, fault.Internalf(err, "writing the snapshot")
	}
	return b.Bytes(), nil
}

// freeze takes a snapshot of the records that count in a round, on one view of the data.
func (w *Workflow) freeze(tx *store.Tx, t *tool, number int) (snapshot, error) {
	s := snapshot{Operation: t.operation, Activity: t.activity}
	for _, q := range t.forms {
		s.Forms = append(s.Forms, formRef{q.FormID, q.Version})
	}
	var err error
	if s.Round, err = roundIn(tx, t.operation.Slug, t.activity.ID, number); err != nil {
		return s, err
	}
	if s.Seq, s.Head, err = tx.JournalHead(t.operation.Slug); err != nil {
		return s, err
	}
	counting := true
	err = eachRecord(tx, t.operation.Slug, store.RecordFilter{Activity: t.activity.ID, Round: &number, Counts: &counting}, func(rec store.StoredRecord) error {
		f := frozen{ID: rec.ID, Unit: rec.Unit, Date: rec.Date, Place: rec.Place, CarriedFrom: rec.CarriedFrom}
		for _, c := range rec.Corrections {
			f.Corrections = append(f.Corrections, c.ID)
		}
		s.Records = append(s.Records, f)
		return nil
	})
	if err != nil {
		return s, err
	}
	register, err := w.registerIn(tx, t.operation.Country)
	if err != nil {
		return s, err
	}
	s.Areas = areasOf(register, t.operation.Country, s.Records)
	s.Places, s.Labels = placesOf(register, t.operation.Country, s.Areas), w.labelsOf(t.pack)
	s.Made = madeBy{release.Method, w.Dictionary.Version()}
	blocking, err := tx.CountFindings(t.operation.Slug, store.FindingFilter{Activity: t.activity.ID, Round: &number, State: store.FindingOpen, Counts: true})
	if err != nil {
		return s, err
	}
	s.Findings = blocking[quality.Block]
	s.Coverage, err = w.coverageIn(tx, t, number)
	return s, err
}

// eachRecord pages through all records that a filter chooses.
func eachRecord(tx *store.Tx, operation string, f store.RecordFilter, visit func(store.StoredRecord) error) error {
	f.Limit = 1000
	for {
		page, err := tx.Records(operation, f)
		if err != nil {
			return err
		}
		for _, rec := range page {
			if err := visit(rec); err != nil {
				return err
			}
		}
		if len(page) < f.Limit {
			return nil
		}
		f.After = page[len(page)-1].ID
	}
}

// areasOf lists the areas that records lie in, with all areas above them and the level-1 areas of the country (origins
// name those), sorted.
func areasOf(reg *place.Register, country string, records []frozen) []release.Area {
	seen := map[place.Code]bool{}
	var list []release.Area
	add := func(code place.Code) {
		a, ok := reg.Area(country, code)
		if !ok || seen[code] {
			return
		}
		seen[code] = true
		list = append(list, release.Area{Code: string(a.Code), Name: a.Names.In("en"), Level: int(a.Level), Parent: string(a.Parent)})
	}
	for _, a := range reg.Areas(country, 0) {
		add(a.Code)
	}
	for _, a := range reg.Areas(country, 1) {
		add(a.Code)
	}
	for _, rec := range records {
		for _, code := range rec.Place.Areas {
			add(code)
		}
	}
	slices.SortFunc(list, func(a, b release.Area) int {
		return cmp.Or(cmp.Compare(a.Level, b.Level), strings.Compare(a.Code, b.Code))
	})
	return list
}

// material is what the records of a snapshot yield.
type material struct {
	facts     []measure.Fact
	missing   []measure.Missing
	changes   []release.Change
	corrected int
}

// thaw reads the records of a snapshot exactly as they counted then: the answers as received, and of the corrections
// only those that stood.
func (w *Workflow) thaw(ctx context.Context, t *tool, s snapshot) (m material, err error) {
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		for _, f := range s.Records {
			rec, err := tx.Record(s.Operation.Slug, f.ID)
			if err != nil {
				return err
			}
			w.asFrozen(&rec, f, s.Round.Number)
			e := w.extract(t, rec, s.Round.Reference())
			if e.err != nil {
				return e.err
			}
			m.facts, m.missing = append(m.facts, e.facts...), append(m.missing, e.missing...)
			if len(rec.Corrections) > 0 {
				m.corrected++
			}
			m.changes = append(m.changes, changesOf(rec)...)
		}
		return nil
	})
	return m, err
}

// asFrozen puts a record back to what it was in the snapshot.
func (w *Workflow) asFrozen(rec *store.StoredRecord, f frozen, number int) {
	rec.Unit, rec.Date, rec.Place, rec.CarriedFrom, rec.Round = f.Unit, f.Date, f.Place, f.CarriedFrom, number
	rec.Corrections = slices.DeleteFunc(rec.Corrections, func(c record.Correction) bool { return !slices.Contains(f.Corrections, c.ID) })
}

// changesOf are the lines of the cleaning log of a record.
func changesOf(rec store.StoredRecord) []release.Change {
	var changes []release.Change
	for _, c := range rec.Corrections {
		changes = append(changes, release.Change{
			Record: string(rec.ID), Adm1: string(rec.Place.Areas[1]), Adm2: string(rec.Place.Areas[2]), Question: questionOf(c.Path), Reason: c.Reason,
			Day: c.At.UTC().Format(time.DateOnly),
		})
	}
	return changes
}

// input joins snapshot, records and pack into what release.Build needs.
func (w *Workflow) input(t *tool, s snapshot, hash string, m material) release.Input {
	pack := t.pack
	return release.Input{
		ID: s.ID, CreatedAt: s.At, Operation: s.Operation, Activity: s.Activity, Round: s.Round, Title: s.Order.Title, Note: s.Order.Note,
		Terms: s.Order.Terms, Snapshot: release.SnapshotRef{Seq: s.Seq, Hash: hash},
		Pack:      release.PackRef{Tool: s.Activity.Tool, Version: s.Activity.ToolVersion, Hash: s.Activity.ToolHash},
		PackTitle: pack.Title.In("en"), Purpose: pack.Purpose.In("en"), Method: pack.Method.In("en"), Limits: pack.Limitations.In("en"), API: pack.API.DTM,
		Reasons: w.Dictionary.APIWords("displacement_reason"), Measures: pack.Measures.Measures, Tables: tables(pack, s.Areas), Areas: s.Areas,
		Facts: m.facts, Missing: m.missing, Policy: disclose.Default(), Changes: m.changes, Codebook: w.codebook(t), Coverage: s.Coverage,
		Previous: s.Previous, Records: len(s.Records), Corrected: m.corrected, Blocking: s.Findings, Places: s.Places,
		Words: release.Words{Tool: pack.Title, Purpose: pack.Purpose, Method: pack.Method, Limitations: pack.Limitations, Labels: s.Labels},
	}
}

// codebook lists the variables of the tool's forms that are not identities.
func (w *Workflow) codebook(t *tool) []release.Variable {
	var list []release.Variable
	seen := map[string]bool{}
	for _, q := range t.forms {
		for _, column := range q.form.Columns() {
			item, ok := w.Dictionary.Item(column.Element.Name)
			if !ok || item.Identity || seen[item.Name] {
				continue
			}
			seen[item.Name] = true
			list = append(list, release.Variable{Name: item.Name, Label: item.Label.In("en"), Type: item.Type, Unit: item.Unit, HXL: item.HXL, Class: string(item.Sensitivity), Definition: item.Meaning.In("en")})
		}
	}
	return list
}

// tables lays out a release: one table for each administrative level that has areas, and one for each way of grouping
// that the tool's report uses. Single locations, and single days of single points, are of a class that is not public
// (domain 19.2), so they are left out.
func tables(pack *toolbox.Pack, areas []release.Area) []release.Table {
	var list []release.Table
	for level := 0; level <= int(place.MaxLevel); level++ {
		if slices.ContainsFunc(areas, func(a release.Area) bool { return a.Level == level }) {
			list = append(list, release.Table{ID: "figures_adm" + strconv.Itoa(level), By: []string{"adm" + strconv.Itoa(level)}})
		}
	}
	at := map[string]int{}
	for _, section := range pack.Report.Sections {
		for _, part := range section.Parts {
			t, ok := tableOf(part)
			if !ok {
				continue
			}
			i, seen := at[t.ID]
			if !seen {
				i = len(list)
				at[t.ID] = i
				list = append(list, t)
			}
			if !slices.Contains(list[i].Measures, part.Measure) {
				list[i].Measures = append(list[i].Measures, part.Measure)
			}
		}
	}
	return list
}

// tableOf turns a part of a report's outline into a table: what the part is kept to stands first, and of several
// administrative levels only the lowest stays, since its columns name those above.
func tableOf(part toolbox.Part) (release.Table, bool) {
	if part.Measure == "" {
		return release.Table{}, false
	}
	t := release.Table{ID: "by", Where: part.Where}
	for _, dim := range slices.Sorted(maps.Keys(part.Where)) {
		t.By = append(t.By, dim)
		t.ID += "_" + part.Where[dim]
	}
	lowest := slices.Max(append(slices.DeleteFunc(slices.Clone(part.By), func(dim string) bool { return !isLevel(dim) }), ""))
	for _, dim := range part.By {
		if !isLevel(dim) || dim == lowest {
			t.By = append(t.By, dim)
			t.ID += "_" + dim
		}
	}
	return t, public(t.By)
}

func isLevel(dim string) bool { return len(dim) == 4 && strings.HasPrefix(dim, "adm") }

func public(by []string) bool {
	onlyArea := len(by) == 1 && isLevel(by[0])
	small := slices.ContainsFunc(by, func(dim string) bool { return isLevel(dim) && int(dim[3]-'0') >= disclose.Default().FromLevel })
	dayOfPoint := slices.Contains(by, "point") && slices.Contains(by, "date")
	// Protection works on areas alone, so a table that is finer than one is public only above the protected levels.
	return len(by) > 0 && !onlyArea && !small && !slices.Contains(by, "site") && !dayOfPoint
}
