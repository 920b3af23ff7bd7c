package measure

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"safar/fault"
	"safar/form/xpath"
	"safar/record"
)

// maxInstances bounds the repeat instances of one record.
const maxInstances = 10_000

// Input is one record with what its facts need.
type Input struct {
	Record    record.Record // Answers and Corrections are not read
	Answers   *xpath.Node   // the answers with the corrections laid over them; the root element or the node above it
	Reference string        // the round's reference date, used where the record has no date
	Zone      *time.Location
	Instances map[string]*xpath.Node // secondary instances that expressions read, if any
}

// Extract runs the definitions over one record: its facts and its missing values, in the order of the definitions and
// of the repeat instances. An expression that fails gives an unreadable missing value and a fault in the joined error;
// everything else of the record is still there.
func (p *Program) Extract(in Input) (facts []Fact, missing []Missing, err error) {
	v := p.version(in.Record.Form, in.Record.FormVersion)
	if v == nil || in.Answers == nil {
		return nil, nil, nil
	}
	x := newExtraction(v, in)
	x.facts = make([]Fact, 0, len(v.defs))
	for i := range v.defs {
		x.define(&v.defs[i])
	}
	return x.facts, x.missing, errors.Join(x.errs...)
}

func (p *Program) version(id, name string) *version {
	all := p.versions[id]
	for _, v := range all {
		if v.name == name {
			return v
		}
	}
	if len(all) == 0 {
		return nil
	}
	return all[len(all)-1]
}

// extraction is one run over one record.
type extraction struct {
	v       *version
	in      Input
	ctx     xpath.Context
	top     *xpath.Node
	memo    []result // results of the record's own expressions, by position
	base    Fact
	facts   []Fact
	missing []Missing
	errs    []error
}

type result struct {
	done  bool
	value xpath.Value
	err   error
}

func newExtraction(v *version, in Input) *extraction {
	top := in.Answers
	if top.Kind == xpath.Element && top.Parent == nil {
		top = &xpath.Node{Kind: xpath.Root, Children: []*xpath.Node{top}}
	}
	x := &extraction{v: v, in: in, top: top, memo: make([]result, len(v.exprs))}
	x.ctx = xpath.Context{Root: top, Node: top, Now: in.Record.ReceivedAt, Zone: in.Zone, Instances: in.Instances}
	x.base = base(in)
	return x
}

// base is what all facts of the record share.
func base(in Input) Fact {
	r := in.Record
	f := Fact{Op: r.Operation, Activity: r.Activity, Round: r.Round, Record: string(r.ID), Version: r.Version,
		Date: r.Date, Site: r.Place.Site, Point: r.Place.Point, CarriedFrom: r.CarriedFrom, Weight: 1}
	if f.Date == "" {
		f.Date = in.Reference
	}
	for level, code := range r.Place.Areas {
		f.Adm[level] = string(code)
	}
	return f
}

func (x *extraction) define(d *definition) {
	if !d.inside {
		x.instance(d, "")
		return
	}
	nodes := x.top.Find(d.each)
	if len(nodes) > maxInstances {
		x.errs = append(x.errs, fault.New(fault.MeasureRepeats, "record", string(x.in.Record.ID), "limit", strconv.Itoa(maxInstances), "each", d.each))
		nodes = nodes[:maxInstances]
	}
	for i, n := range nodes {
		x.ctx.Node, x.ctx.Position, x.ctx.Size = n, i+1, len(nodes)
		x.instance(d, pathOf(n, d.repeats))
	}
	x.ctx.Node, x.ctx.Position, x.ctx.Size = x.top, 0, 0
}

// instance makes the fact of one definition at one place of the tree.
func (x *extraction) instance(d *definition, path string) {
	if d.when >= 0 {
		v, err := x.eval(d, d.when)
		if err != nil {
			x.fail(d, path, err)
			return
		}
		if !v.Bool() {
			return
		}
	}
	v, err := x.eval(d, d.value)
	if err != nil {
		x.fail(d, path, err)
		return
	}
	f := x.base
	f.Item, f.Unit, f.RepeatPath, f.Definition = d.id, d.unit, path, d.hash
	if err := x.describe(d, &f); err != nil {
		x.fail(d, path, err)
		return
	}
	var reason string
	if f.Value, reason = number(v); reason == "" && (f.Value < 0 || !Sane(f.Weight) || !Sane(f.Value*f.Weight)) {
		reason = Unreadable // nobody counts below zero: a wrong sign must not lower a published sum
	}
	if reason == "" {
		x.facts = append(x.facts, f)
		return
	}
	x.lack(f, x.reason(d, reason))
}

// number reads a value, or says why there is none: Blank, Unreadable or the respondent's own word.
func number(v xpath.Value) (float64, string) {
	n := v.Number()
	if v.Type() == xpath.NodeSet || v.Type() == xpath.String {
		switch text := strings.TrimSpace(v.String()); {
		case text == "":
			return 0, Blank
		case strings.EqualFold(text, DoNotKnow):
			return 0, DoNotKnow
		case strings.EqualFold(text, PreferNotToAnswer):
			return 0, PreferNotToAnswer
		case n != n:
			return 0, Unreadable
		}
	}
	if n != n {
		return 0, Blank
	}
	if !Sane(n) {
		return 0, Unreadable
	}
	return n, ""
}

func (x *extraction) fail(d *definition, path string, err error) {
	f := x.base
	f.Item, f.RepeatPath = d.id, path
	x.lack(f, Unreadable)
	x.errs = append(x.errs, fault.Wrap(err, fault.MeasureEvaluation, "fact", d.id, "record", f.Record, "why", err.Error()))
}

func (x *extraction) lack(f Fact, reason string) {
	x.missing = append(x.missing, Missing{Op: f.Op, Activity: f.Activity, Round: f.Round, Record: f.Record, Version: f.Version,
		Item: f.Item, RepeatPath: f.RepeatPath, Date: f.Date, Adm: f.Adm, Site: f.Site, Point: f.Point, Breakdown: f.Breakdown, Reason: reason})
}

// reason looks at the questions that a blank value was to be computed from.
func (x *extraction) reason(d *definition, found string) string {
	if found != Blank {
		return found
	}
	for _, s := range d.sources {
		v, err := x.eval(d, s.value)
		if err != nil || len(v.Nodes()) > 1 {
			continue
		}
		if _, why := number(v); why != "" && why != Blank {
			return why
		}
		if len(v.Nodes()) == 1 {
			if why, ok := v.Nodes()[0].Attr("missing"); ok {
				return why // intake noted why the cell of the workbook gave no value
			}
		}
	}
	for _, s := range d.sources {
		if !x.mapped(s.names) {
			return NotMapped
		}
	}
	for _, s := range d.sources {
		if v, err := x.eval(d, s.value); err == nil && v.String() == "" && !x.asked(d, s) {
			return NotAsked
		}
	}
	return Blank
}

// mapped says whether the record carries a question, under any of its names; a form's record carries all.
func (x *extraction) mapped(names []string) bool {
	mapped := x.in.Record.Mapped
	return mapped == nil || slices.ContainsFunc(names, func(n string) bool { return slices.Contains(mapped, n) })
}

// asked says whether the question was relevant; relevance that depends on unmapped questions counts as true.
func (x *extraction) asked(d *definition, s source) bool {
	for _, c := range s.relevance {
		if slices.ContainsFunc(c.refs, func(names []string) bool { return !x.mapped(names) }) {
			continue
		}
		if v, err := x.eval(d, c.expr); err == nil && !v.Bool() {
			return false
		}
	}
	return true
}

// eval runs an expression where the context stands; the record's own are run once.
func (x *extraction) eval(d *definition, at int) (xpath.Value, error) {
	if d.inside {
		return x.v.exprs[at].Eval(&x.ctx)
	}
	m := &x.memo[at]
	if !m.done {
		m.value, m.err = x.v.exprs[at].Eval(&x.ctx)
		m.done = true
	}
	return m.value, m.err
}

// describe fills the fact's dimensions.
func (x *extraction) describe(d *definition, f *Fact) error {
	for i := range d.dims {
		dm := &d.dims[i]
		text := dm.constant
		if dm.expr >= 0 {
			v, err := x.eval(d, dm.expr)
			if err != nil {
				return err
			}
			text = tidy(v.String())
		}
		f.set(dm.name, text, x.in.Zone)
	}
	return nil
}

// pathOf is the absolute path of a repeat instance, with positions at its repeats: /data/household[2]/member[1].
// repeats tells for each step below the root element whether it is one.
func pathOf(n *xpath.Node, repeats []bool) string {
	if n == nil || n.Kind == xpath.Root {
		return ""
	}
	if len(repeats) == 0 {
		return "/" + n.Name
	}
	path := pathOf(n.Parent, repeats[:len(repeats)-1]) + "/" + n.Name
	if !repeats[len(repeats)-1] {
		return path
	}
	return path + "[" + strconv.Itoa(position(n)) + "]"
}

// position counts a node among its siblings of the same name, from 1.
func position(n *xpath.Node) int {
	at := 0
	for _, sibling := range n.Parent.Children {
		if sibling.Kind == xpath.Element && sibling.Name == n.Name {
			at++
		}
		if sibling == n {
			break
		}
	}
	return at
}
