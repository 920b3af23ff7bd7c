package measure

import (
	"maps"
	"slices"
	"strings"

	"safar/dictionary"
	"safar/fault"
)

// Kinds of measures.
const (
	Stock = "stock" // people present at a date: never added over rounds
	Flow  = "flow"  // movements in a period: periods add up, movements are no persons
	Share = "share" // a ratio or mean
)

// Plan says whether the query's figures mean anything: it refuses every query that would add what may never be added,
// with the reason and what to ask instead. Engines do not ask it; workflow asks it before every engine.
//
// categories are the dictionary's; without them only the categories are known that must never be added by definition
// of the tools that ask them.
func Plan(set Set, q Query, categories ...dictionary.Category) error {
	if err := q.Check(); err != nil {
		return err
	}
	p := planner{set: set, q: q, defs: set.yielding(q.Measure.Fact), categories: categories}
	if len(set.Facts) > 0 && len(p.defs) == 0 {
		return fault.New(fault.MeasureUnknownFact, "measure", q.Measure.ID, "fact", q.Measure.Fact)
	}
	for _, rule := range []func() error{p.operation, p.tool, p.round, p.declared, p.breakdown, p.unit, p.persons, p.category, p.age} {
		if err := rule(); err != nil {
			return err
		}
	}
	return nil
}

// Addable says whether the figures of two queries of one measure's kind may be added or stacked in one total, as a
// report or a chart would. Plan has to allow each on its own first.
func Addable(a, b Query, categories ...dictionary.Category) error {
	m := a.Measure.ID + " + " + b.Measure.ID
	switch {
	case a.Operation != b.Operation:
		return fault.New(fault.NeverOperation)
	case a.Activity != b.Activity:
		return fault.New(fault.NeverTool)
	case a.Round != b.Round && (a.Measure.Kind != Flow || b.Measure.Kind != Flow):
		return fault.New(fault.NeverRound, "measure", m)
	case !slices.Equal(levels(a.By), levels(b.By)):
		return fault.New(fault.NeverLevel)
	case a.Measure.Kind != b.Measure.Kind && (a.Measure.Kind == Flow || b.Measure.Kind == Flow):
		return fault.New(fault.NeverPersons, "measure", m)
	case a.Measure.Unit != b.Measure.Unit:
		return fault.New(fault.NeverUnit, "measure", m, "units", a.Measure.Unit+", "+b.Measure.Unit)
	case a.Measure.Agg == Ratio || a.Measure.Agg == Mean || b.Measure.Agg == Ratio || b.Measure.Agg == Mean:
		return fault.New(fault.NeverOver, "measure", m, "dimension", "shares and means")
	}
	return mixing(slices.Concat(a.fixed("category"), b.fixed("category")), categories)
}

// levels lists the deepest administrative level that a grouping reaches.
func levels(by []string) []string {
	found := ""
	for _, name := range by {
		if strings.HasPrefix(name, "adm") && name > found {
			found = name
		}
	}
	return []string{found}
}

type planner struct {
	set        Set
	q          Query
	defs       []FactDef // definitions that yield the measure's fact
	categories []dictionary.Category
}

func (s Set) yielding(item string) []FactDef {
	var out []FactDef
	for _, d := range s.Facts {
		if d.ID == item {
			out = append(out, d)
		}
	}
	return out
}

// apart says whether the query never adds over a dimension: it groups by it or keeps one value of it.
func (q Query) apart(dim string) bool {
	return slices.Contains(q.By, dim) || len(q.fixed(dim)) == 1
}

// fixed gives the values that the filters leave of a dimension, nil when no filter speaks of it.
func (q Query) fixed(dim string) []string {
	var values []string
	for _, f := range q.Filters() {
		if f.Dim != dim {
			continue
		}
		if values == nil {
			values = slices.Clone(f.In)
		} else {
			values = kept(values, f.In)
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// adds says whether the measure's author allows adding over the dimension.
func (q Query) adds(dim string) bool { return slices.Contains(Expand(q.Measure.AddOver), dim) }

func (p planner) operation() error {
	if p.q.Operation == "" {
		return fault.New(fault.NeverOperation)
	}
	return nil
}

func (p planner) tool() error {
	if p.q.Activity == "" && !p.q.apart("activity") {
		return fault.New(fault.NeverTool)
	}
	return nil
}

func (p planner) round() error {
	if p.q.Round != 0 || p.q.apart("round") || p.q.Measure.Kind == Flow || p.q.adds("round") {
		return nil
	}
	return fault.New(fault.NeverRound, "measure", p.q.Measure.ID)
}

// declared applies the measure's own never_over: dimension -> code of the reason. operation is held by Plan already.
func (p planner) declared() error {
	m := p.q.Measure
	for _, word := range slices.Sorted(maps.Keys(m.NeverOver)) {
		for _, dim := range Expand([]string{word}) {
			_, known := find(dim)
			held := dim == "round" && p.q.Round != 0 || dim == "activity" && p.q.Activity != ""
			if !known || held || p.q.apart(dim) || p.single(dim) {
				continue
			}
			return reason(m, dim, p.q)
		}
	}
	return nil
}

// reason makes the fault that the measure names for a dimension; a code that needs other words than it has becomes
// the general one.
func reason(m Measure, dim string, q Query) error {
	code := fault.Code(m.NeverOver[dim])
	switch code {
	case fault.NeverRound, fault.NeverPersons:
		return fault.New(code, "measure", m.ID)
	case fault.NeverOperation, fault.NeverTool, fault.NeverLevel:
		return fault.New(code)
	case fault.NeverCategory:
		return fault.New(code, "categories", orAll(q.fixed(dim)), "why", "they are counted in different ways")
	}
	return fault.New(fault.NeverOver, "measure", m.ID, "dimension", dim)
}

func orAll(values []string) string {
	if len(values) == 0 {
		return "all of them"
	}
	return strings.Join(values, ", ")
}

// breakdown refuses to add a total to its parts, or two ways of splitting it.
func (p planner) breakdown() error {
	if values := p.q.fixed("breakdown"); len(values) > 1 && !slices.Contains(p.q.By, "breakdown") {
		for i, v := range values {
			if v == "" {
				values[i] = "total"
			}
		}
		return fault.New(fault.NeverBreakdown, "breakdowns", strings.Join(values, ", "))
	}
	return nil
}

// unit refuses a measure whose facts count different things, or other things than it says.
func (p planner) unit() error {
	m := p.q.Measure
	units := []string{}
	for _, d := range p.defs {
		units = append(units, d.Unit)
	}
	if m.Agg == Sum && m.Unit != "" && !p.asPersons() {
		units = append(units, m.Unit)
	}
	slices.Sort(units)
	units = slices.Compact(units)
	if len(units) > 1 {
		return fault.New(fault.NeverUnit, "measure", m.ID, "units", strings.Join(units, ", "))
	}
	return nil
}

// persons refuses to give movements as persons.
func (p planner) persons() error {
	if p.asPersons() {
		return fault.New(fault.NeverPersons, "measure", p.q.Measure.ID)
	}
	return nil
}

func (p planner) asPersons() bool {
	m := p.q.Measure
	moves := slices.ContainsFunc(p.defs, func(d FactDef) bool { return d.Unit == "movement" })
	return moves && m.Agg == Sum && (m.Unit == "ind" || m.Unit == "hh" || m.Kind == Stock)
}

// category refuses to add over categories of people unless the measure says that they add up, and then still refuses
// those that never do.
func (p planner) category() error {
	if p.q.apart("category") || p.q.Measure.Agg == Count && p.q.adds("category") {
		return nil
	}
	asked := p.q.fixed("category")
	found, open := p.possible("category")
	if asked == nil {
		asked = found
	}
	if len(asked) < 2 && (!open || len(p.defs) == 0) {
		return nil
	}
	if !p.q.adds("category") && !(p.q.Measure.Kind == Flow && !open) {
		return fault.New(fault.NeverCategory, "categories", orAll(asked), "why", "nothing says that they are different people")
	}
	return mixing(asked, p.categories)
}

// possible lists the constants that the fact definitions give a dimension, and whether some compute it.
func (p planner) possible(dim string) (values []string, open bool) {
	for _, d := range p.defs {
		v := d.Dims[dim]
		if isExpression(v) {
			open = true
		} else if v != "" {
			values = append(values, v)
		}
	}
	slices.Sort(values)
	return slices.Compact(values), open
}

// single says whether all facts that the query can meet have the same constant in a dimension that definitions set:
// there is then nothing to add over.
func (p planner) single(dim string) bool {
	if !slices.Contains(Settable(), dim) || strings.HasPrefix(dim, "adm") || slices.Contains([]string{"site", "point", "date"}, dim) {
		return false // set from the record
	}
	asked := p.q.fixed("breakdown")
	values := map[string]bool{}
	for _, d := range p.defs {
		if split := d.Dims["breakdown"]; asked != nil && !isExpression(split) && !slices.Contains(asked, split) {
			continue
		}
		if isExpression(d.Dims[dim]) {
			return false
		}
		values[d.Dims[dim]] = true
	}
	return len(values) == 1
}

// originView names the categories counted at the place that people left; all others are counted where they are.
func originView() []string {
	return []string{"fled_idp", "departure", "emigrant", "internal_out_migrant"}
}

// mixing says why the categories may not be added together, if they may not.
func mixing(asked []string, known []dictionary.Category) error {
	slices.Sort(asked)
	asked = slices.Compact(asked)
	if len(asked) < 2 {
		return nil
	}
	list := strings.Join(asked, ", ")
	left := func(c string) bool { return slices.Contains(originView(), c) }
	if slices.ContainsFunc(asked, left) && !all(asked, left) {
		return fault.New(fault.NeverView, "categories", list)
	}
	for _, c := range asked {
		if !additive(c, known) {
			return fault.New(fault.NeverCategory, "categories", list, "why", c+" is never part of a total of people present")
		}
		if other := parent(c, known); slices.Contains(asked, other) {
			return fault.New(fault.NeverCategory, "categories", list, "why", c+" is a part of "+other)
		}
	}
	return nil
}

func all(values []string, is func(string) bool) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return !is(v) })
}

func additive(category string, known []dictionary.Category) bool {
	for _, c := range known {
		if c.Code == category {
			return c.Additive
		}
	}
	return category != "relocated" && category != "not_yet_returned"
}

func parent(category string, known []dictionary.Category) string {
	for _, c := range known {
		if c.Code == category && c.SubtypeOf != "" {
			return c.SubtypeOf
		}
	}
	return "\x00" // no category
}
