package quality

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"safar/form"
	"safar/place"
	"safar/round"
)

// RowValue is what the checks over a round read of one record: light enough for a round of a million.
type RowValue struct {
	Record  string
	Form    string
	Version string // of the form
	Unit    string
	Date    string
	Areas   place.Path
	Point   string
	// Values are the answers by question. A question outside repeats has one value, empty when it was asked and not
	// answered; it is not here when it did not apply or the workbook has no column for it. A question inside a repeat has
	// one value for each row.
	Values map[string][]string
}

// RoundSubject is a round with the records that count in it.
type RoundSubject struct {
	Round   round.Round
	Rows    []RowValue     // made by Row, in any order
	Targets []round.Target // what the round meant to assess; none when it has no list
}

// CheckRound runs the checks that compare records with each other, in the order of checks.yaml. Their findings say
// "round" in Over and stand on the record that shows the matter best: the value far off, the enumerator's first record.
// One that no record can show, such as a location nobody visited, has no Record.
func (p *Program) CheckRound(s RoundSubject) []Finding {
	rr := &roundRun{RoundSubject: s, sets: p.sets, all: make([]*RowValue, len(s.Rows))}
	for i := range s.Rows {
		rr.all[i] = &s.Rows[i]
	}
	slices.SortStableFunc(rr.all, func(a, b *RowValue) int { return cmp.Compare(a.Record, b.Record) })
	for _, b := range p.rounds {
		b.many(rr, b)
	}
	return rr.findings
}

// Row takes from a record what CheckRound reads.
func (p *Program) Row(s Subject) RowValue {
	row := RowValue{Record: string(s.Record.ID), Form: s.Record.Form, Version: s.Record.FormVersion, Unit: s.Derived.Unit, Date: s.Derived.Date,
		Areas: s.Derived.Place.Areas, Point: s.Derived.Place.Point, Values: map[string][]string{}}
	r := newRun(p, s)
	if r == nil {
		return row
	}
	if s.Form != nil {
		row.Form, row.Version = s.Form.ID, s.Form.Version
	}
	for _, w := range r.set.wants {
		if values := w.values(r); values != nil {
			row.Values[w.element.Name] = values
		}
	}
	return row
}

// want is one question that the checks over a round read.
type want struct {
	element   *form.Element
	path      string
	repeated  bool
	relevance []*expression // of the question and the groups around it
}

// want notes questions, each once.
func (s *set) want(questions []*form.Element) {
	for _, e := range questions {
		if slices.ContainsFunc(s.wants, func(w want) bool { return w.element == e }) {
			continue
		}
		w := want{element: e, path: s.index.Path(e), repeated: s.index.RepeatOf(e) != nil}
		b := &binding{set: s}
		for at := e; at != nil; at = s.index.Parent(at) {
			if x := b.parse("relevant", at.Relevant, at); x != nil {
				w.relevance = append(w.relevance, x)
			}
		}
		s.wants = append(s.wants, w)
	}
}

func (w want) values(r *run) []string {
	if !r.anyMapped([]string{w.element.Name}) {
		return nil
	}
	var values []string
	for _, n := range r.top.Find(w.path) {
		values = append(values, strings.TrimSpace(n.StringValue()))
	}
	if w.repeated || len(values) > 0 && values[0] != "" {
		return values
	}
	for _, x := range w.relevance {
		if !r.knows(x) {
			continue
		}
		if applies, err := r.eval(x, r.top); err == nil && !applies.Bool() {
			return nil
		}
	}
	return []string{""}
}

// roundRun is a round on its way through the checks over several records.
type roundRun struct {
	RoundSubject
	sets     map[version]*set
	all      []*RowValue // by record id, which is the order of receipt
	findings []Finding
}

// rows gives the records that a check is for.
func (rr *roundRun) rows(b *bound) []*RowValue { return rr.ofForms(b.forms...) }

func (rr *roundRun) ofForms(ids ...string) []*RowValue {
	var found []*RowValue
	for _, row := range rr.all {
		if slices.Contains(ids, row.Form) {
			found = append(found, row)
		}
	}
	return found
}

// value gives the only answer of a question.
func (row *RowValue) value(question string) string {
	if v := row.Values[question]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// number gives the only answer of a question as a number.
func (row *RowValue) number(question string) (float64, bool) {
	return numberIn(row.value(question))
}

func numberIn(text string) (float64, bool) {
	v, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	return v, err == nil && v == v && v <= 1e15 && v >= -1e15
}

// key joins the answers of the questions; ok is false when one is missing, which never makes two records alike.
func (row *RowValue) key(questions []string, fold func(string) string) (key string, ok bool) {
	parts := make([]string, len(questions))
	for i, question := range questions {
		if parts[i] = fold(row.value(question)); parts[i] == "" {
			return "", false
		}
	}
	return strings.Join(parts, "/"), true
}

// groups puts rows together by a key; the keys come sorted, and rows without key are left out.
func groups(rows []*RowValue, key func(*RowValue) (string, bool)) (keys []string, by map[string][]*RowValue) {
	by = map[string][]*RowValue{}
	for _, row := range rows {
		k, ok := key(row)
		if !ok {
			continue
		}
		if by[k] == nil {
			keys = append(keys, k)
		}
		by[k] = append(by[k], row)
	}
	slices.Sort(keys)
	return keys, by
}

// within gives the part of the round that a row is compared in: an area, a point, or the whole round.
func (row *RowValue) within(name string) string {
	switch name {
	case "point":
		return row.Point
	case "adm1", "adm2", "adm3", "adm4":
		return string(row.Areas[name[3]-'0'])
	}
	return ""
}

// add keeps a finding over the round. key tells findings of one check and record apart.
func (rr *roundRun) add(b *bound, row *RowValue, question, key string, details map[string]string) {
	f := Finding{Check: b.ID, Level: b.Level, Over: "round", Details: details}
	var s *set
	if row != nil {
		f.Record = row.Record
		if s = rr.sets[version{row.Form, row.Version}]; s != nil && question != "" {
			if e := s.index.Element(question); e != nil {
				f.Path = s.index.Path(e)
			}
		}
	}
	f.ID = findingID(rr.Round.Operation, rr.Round.Activity, itoa(rr.Round.Number), b.ID, f.Record, key)
	f.Message = make(map[string]string, len(b.Message))
	for tag, text := range b.Message {
		f.Message[tag] = fillText(text, func(name string) string { return rr.word(name, tag, row, s, details) })
	}
	rr.findings = append(rr.findings, f)
}

func (rr *roundRun) word(name, language string, row *RowValue, s *set, details map[string]string) string {
	if v, ok := details[name]; ok {
		return v
	}
	switch {
	case name == "round":
		return itoa(rr.Round.Number)
	case row == nil:
		return ""
	case name == "unit":
		return row.Unit
	case name == "date":
		return row.Date
	case s == nil:
		return row.value(name)
	}
	return s.show(s.index.Element(name), row.value(name), language)
}

// list joins names for a message and cuts long lists.
func list(names []string) string {
	const most = 20
	if len(names) > most {
		return strings.Join(names[:most], ", ") + " … +" + itoa(len(names)-most)
	}
	return strings.Join(names, ", ")
}
