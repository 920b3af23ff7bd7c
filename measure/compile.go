package measure

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strings"

	"safar/fault"
	"safar/form"
	"safar/form/xpath"
)

// Options is what compiling needs to know beside the definitions.
type Options struct {
	// Forms are all known versions of the forms that the definitions name, oldest first. A record is read with the
	// version it was answered in; one of an unknown version with the newest.
	Forms []*form.Form
	// As names, for forms that a team made under an id of their own, the form whose definitions they are read with.
	As map[string]string
}

// as gives the id under which the definitions name a form.
func (o Options) as(id string) string { return cmp.Or(o.As[id], id) }

// Program is a set of fact definitions ready to run. It is immutable and may be used by many goroutines.
type Program struct {
	hash     string
	versions map[string][]*version // form id -> its versions, oldest first
}

// version is the definitions of one version of one form.
type version struct {
	name  string
	defs  []definition
	exprs []*xpath.Expr // every expression once; definitions hold positions in it
}

// definition is one fact definition; expressions are positions in version.exprs, -1 for none.
type definition struct {
	id, unit, hash string
	each           string // path of the repeat, "" for the record itself
	repeats        []bool // for each step of each below the root element: is it a repeat?
	inside         bool   // expressions see a repeat instance, so their results differ between instances
	when, value    int
	dims           []dim
	sources        []source // questions that the value reads
}

// dim sets one property of the fact from a constant or an expression.
type dim struct {
	name     string
	constant string
	expr     int
}

// source is a question that a value reads, with what decides whether it was asked.
type source struct {
	names     []string // under which a record's mapped items may list it
	value     int
	relevance []condition
}

// condition is one relevance expression and the names it depends on.
type condition struct {
	expr int
	refs [][]string
}

// semantics is part of every hash: a new number makes all warehouses rebuild when extraction itself changes meaning.
const semantics = "facts 1\n"

// isExpression tells an expression from a constant in a dimension's value.
func isExpression(value string) bool {
	return strings.Contains(value, "${") || strings.Contains(value, "(")
}

// Settable lists the names that FactDef.Dims may use: the dimensions that are not derived from the record, weight, and
// carried_from, the round that a value was carried over from.
func Settable() []string {
	names := slices.DeleteFunc(Dimensions(), func(name string) bool {
		return slices.Contains([]string{"week", "month", "round", "activity", "carried"}, name)
	})
	return append(names, "carried_from", "weight")
}

// Compile prepares the fact definitions of a set and checks its measures. The error joins one fault per defect.
func Compile(set Set, options Options) (*Program, error) {
	p := &Program{hash: hashOf(set.Facts), versions: map[string][]*version{}}
	errs := checkMeasures(set)
	asked := options.questions()
	for _, f := range options.Forms {
		v, err := compileForm(set, f, options.as(f.ID), asked[options.as(f.ID)])
		errs = append(errs, err)
		p.versions[f.ID] = append(p.versions[f.ID], v)
	}
	for _, d := range set.Facts {
		if _, ok := p.versions[d.Form]; !ok {
			errs = append(errs, fault.New(fault.MeasureFactForm, "fact", d.ID, "form", d.Form))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return p, nil
}

// Hash names the definitions: facts made under another hash have to be made again.
func (p *Program) Hash() string { return p.hash }

func hashOf(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic("measure: definitions are plain values: " + err.Error())
	}
	sum := sha256.Sum256(append([]byte(semantics), text...))
	return hex.EncodeToString(sum[:])
}

func checkMeasures(set Set) []error {
	var errs []error
	seen := map[string]bool{"": true}
	for _, m := range set.Measures {
		if seen[m.ID] {
			errs = append(errs, fault.New(fault.MeasureMeasureID, "measure", m.ID))
		}
		seen[m.ID] = true
		if !slices.Contains([]string{Stock, Flow, Share}, m.Kind) {
			errs = append(errs, fault.New(fault.MeasureKind, "measure", m.ID, "kind", m.Kind))
		}
		if err := (Query{Measure: m}).Check(); err != nil {
			errs = append(errs, err)
		}
		for _, item := range []string{m.Fact, m.Denominator} {
			if item != "" && len(set.yielding(item)) == 0 {
				errs = append(errs, fault.New(fault.MeasureUnknownFact, "measure", m.ID, "fact", item))
			}
		}
	}
	return errs
}

// questions lists what any version of each form asks. A version that lacks one (an adaptation, an older form) is read as
// if it had not been answered.
func (o Options) questions() map[string]map[string]bool {
	asked := map[string]map[string]bool{}
	for _, f := range o.Forms {
		id := o.as(f.ID)
		if asked[id] == nil {
			asked[id] = map[string]bool{}
		}
		for e := range f.Walk() {
			asked[id][e.Name] = true
		}
	}
	return asked
}

func compileForm(set Set, f *form.Form, id string, asked map[string]bool) (*version, error) {
	c := &compiler{index: f.Index(), root: f.Root, asked: asked, at: map[string]int{}, out: &version{name: f.Version}}
	var errs []error
	for _, d := range set.Facts {
		if d.Form != id || c.lacks(d.Value) || c.lacks("${"+d.Each+"}") {
			continue // this version does not ask what the fact is made of
		}
		if err := c.add(d); err != nil {
			errs = append(errs, err)
		}
	}
	return c.out, errors.Join(errs...)
}

// compiler collects the definitions of one form version.
type compiler struct {
	index *form.Index
	root  *form.Element
	asked map[string]bool // questions of any version of the form
	at    map[string]int  // XPath -> position in out.exprs
	out   *version
}

// lacks says whether an expression reads a question that other versions ask and this one does not.
func (c *compiler) lacks(text string) bool { return c.blanked(text) != text }

// blanked writes references to questions that only other versions ask as a path that finds nothing.
func (c *compiler) blanked(text string) string {
	for _, name := range form.References(text) {
		if c.asked[name] && c.index.Element(name) == nil {
			text = strings.ReplaceAll(text, "${"+name+"}", " "+c.index.Path(c.root)+"/"+name+" ")
		}
	}
	return text
}

func (c *compiler) add(d FactDef) error {
	for part, value := range map[string]string{"id": d.ID, "value": d.Value, "unit": d.Unit} {
		if value == "" {
			return fault.New(fault.MeasureFactEmpty, "fact", cmp.Or(d.ID, d.Value), "part", part)
		}
	}
	def := definition{id: d.ID, unit: d.Unit, hash: hashOf(d)[:16]}
	here := c.root
	if d.Each != "" {
		here = c.index.Element(d.Each)
		if here == nil || here.Kind != form.Repeat {
			return fault.New(fault.MeasureFactEach, "fact", d.ID, "each", d.Each)
		}
		def.each, def.inside, def.repeats = c.index.Path(here), true, c.repeats(here)
	}
	var err error
	if def.when, err = c.expr(d, "when", here, d.When); err != nil {
		return err
	}
	if def.value, err = c.expr(d, "value", here, d.Value); err != nil {
		return err
	}
	if def.dims, err = c.dims(d, here); err != nil {
		return err
	}
	def.sources = c.sources(here, d.Value)
	c.out.defs = append(c.out.defs, def)
	return nil
}

func (c *compiler) repeats(e *form.Element) []bool {
	var out []bool
	for ; e != nil && e != c.root; e = c.index.Parent(e) {
		out = append(out, e.Kind == form.Repeat)
	}
	slices.Reverse(out)
	return out
}

func (c *compiler) dims(d FactDef, here *form.Element) ([]dim, error) {
	var out []dim
	for _, name := range slices.Sorted(maps.Keys(d.Dims)) {
		if !slices.Contains(Settable(), name) {
			return nil, fault.New(fault.MeasureDimension, "dimension", name, "known", strings.Join(Settable(), ", "))
		}
		value := d.Dims[name]
		if !isExpression(value) {
			out = append(out, dim{name: name, constant: value, expr: -1})
			continue
		}
		expr, err := c.expr(d, name, here, value)
		if err != nil {
			return nil, err
		}
		out = append(out, dim{name: name, expr: expr})
	}
	return out, nil
}

// expr resolves and parses an author's expression seen from an element; "" gives -1.
func (c *compiler) expr(d FactDef, part string, here *form.Element, text string) (int, error) {
	if strings.TrimSpace(text) == "" {
		return -1, nil
	}
	at, err := c.parse(here, text)
	if err != nil {
		return -1, fault.Wrap(err, fault.MeasureExpression, "part", part, "fact", d.ID, "why", err.Error())
	}
	return at, nil
}

func (c *compiler) parse(here *form.Element, text string) (int, error) {
	resolved, err := c.index.Resolve(here, c.blanked(text))
	if err != nil {
		return -1, err
	}
	// Relative paths mean other nodes from other elements; the record's own expressions are shared.
	name := resolved
	if here != c.root {
		name = c.index.Path(here) + "\x00" + resolved
	}
	if at, ok := c.at[name]; ok {
		return at, nil
	}
	expr, err := xpath.Parse(resolved)
	if err != nil {
		return -1, err
	}
	c.out.exprs = append(c.out.exprs, expr)
	c.at[name] = len(c.out.exprs) - 1
	return c.at[name], nil
}

// sources finds the questions that a value reads. What cannot be told (a path written by hand, a relevance that needs
// another place in the tree) is left out: the reason for a missing value is then the plain one.
func (c *compiler) sources(here *form.Element, value string) []source {
	var out []source
	for _, name := range form.References(value) {
		e := c.index.Element(name)
		at, err := c.parse(here, "${"+name+"}")
		if e == nil || err != nil {
			continue
		}
		s := source{names: c.names(name), value: at}
		for a := e; a != nil && a != c.root; a = c.index.Parent(a) {
			if a.Relevant == "" || c.index.RepeatOf(a) != nil && c.index.RepeatOf(a) != here {
				continue
			}
			// Relevance is written from the question; references are absolute or relative to the repeat, so that it may
			// be read from the repeat as well, but "." and ".." may not.
			if at, err := c.parse(here, a.Relevant); err == nil && !strings.Contains(plain(a.Relevant), ".") {
				s.relevance = append(s.relevance, c.condition(at, a.Relevant))
			}
		}
		out = append(out, s)
	}
	return out
}

// plain is an expression without its references and quoted text.
func plain(expr string) string {
	var b strings.Builder
	var until rune
	for _, r := range expr {
		switch {
		case until != 0:
			if r == until {
				until = 0
			}
		case r == '\'' || r == '"':
			until = r
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func (c *compiler) condition(at int, expr string) condition {
	out := condition{expr: at}
	for _, name := range form.References(expr) {
		out.refs = append(out.refs, c.names(name))
	}
	return out
}

// names gives the names under which a workbook's mapping may list a question: its own and its dictionary code.
func (c *compiler) names(name string) []string {
	names := []string{name}
	if e := c.index.Element(name); e != nil && e.Item != "" && e.Item != name {
		names = append(names, e.Item)
	}
	return names
}
