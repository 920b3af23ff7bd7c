package quality

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"safar/fault"
	"safar/form"
)

// Program is the checks of a tool, bound to each version of its forms. It never changes, so several goroutines may use
// it at once.
type Program struct {
	sets   map[version]*set
	rounds []*bound // over all records of a round, in the order of checks.yaml
}

// version names one version of one form.
type version struct{ id, version string }

// set is the checks that apply to records of one form version, in the order of checks.yaml.
type set struct {
	form   *form.Form
	index  *form.Index
	paths  map[string]*form.Element
	checks []*bound
	rules  []rule   // of kinds form and place: which level and words the built-in findings get
	units  []*bound // checks of kind duplicate that may speak of the unit itself
	wants  []want   // questions that the checks over a round read
}

// bound is a check that is ready to run over the records of one form version, or over a round.
type bound struct {
	Check
	kind  *kind
	one   func(*run, *bound)      // kinds of one record
	many  func(*roundRun, *bound) // kinds of a round
	forms []string                // for a round: forms whose records it reads
}

// Compile parses every expression once for each form version and proves each check whole. Faults come all at once:
// those of expressions (form.*, xpath.*), of names and of parameters (quality.*). A check without a form applies to every
// form that asks what it reads. A check that reads what one version does not ask is left out for that version, as an
// adaptation or an older version may lack a question; it is a fault when no version of the form asks it.
func Compile(checks []Check, forms []*form.Form) (*Program, error) {
	c := &compiler{program: &Program{sets: map[version]*set{}}}
	for _, f := range forms {
		c.addForm(f)
	}
	seen := map[string]bool{}
	for _, check := range checks {
		if seen[check.ID] {
			c.fail(check, "id", fault.New(fault.QualityTwice, "id", check.ID))
		}
		seen[check.ID] = true
		c.check(check)
	}
	if len(c.faults) > 0 {
		return nil, errors.Join(c.faults...)
	}
	return c.program, nil
}

type compiler struct {
	program *Program
	sets    []*set // in the order of the forms
	faults  []error
}

func (c *compiler) addForm(f *form.Form) {
	key := version{f.ID, f.Version}
	if c.program.sets[key] != nil {
		return
	}
	s := &set{form: f, index: f.Index(), paths: map[string]*form.Element{}}
	for _, e := range s.index.All() {
		s.paths[s.index.Path(e)] = e
	}
	c.program.sets[key] = s
	c.sets = append(c.sets, s)
}

// fail keeps a fault with the check and the field it stands in.
func (c *compiler) fail(check Check, field string, err error) {
	at := fault.Where{File: "checks.yaml", Field: strings.TrimSpace(check.ID + " " + field)}
	var f *fault.Error
	if errors.As(err, &f) {
		err = f.In(at)
	}
	c.faults = append(c.faults, err)
}

// check proves one check and binds it to the forms it is for.
func (c *compiler) check(check Check) {
	k := kindOf(check.Kind)
	if k == nil {
		c.fail(check, "kind", fault.New(fault.QualityUnknownKind, "kind", check.Kind, "known", strings.Join(Kinds(), ", ")))
		return
	}
	check.Scope = cmp.Or(check.Scope, k.scopes[0])
	before := len(c.faults)
	c.fields(check, k)
	sets := c.setsFor(check)
	if len(c.faults) > before {
		return
	}
	if k.overRound(check.Scope) {
		c.bindRound(check, k, sets)
		return
	}
	c.bindRecords(check, k, sets)
}

// fields proves what can be proved without a form.
func (c *compiler) fields(check Check, k *kind) {
	switch check.Level {
	case Block, Warn, Flag:
	default:
		c.fail(check, "level", fault.New(fault.QualityBadLevel, "level", string(check.Level)))
	}
	if !slices.Contains(k.scopes, check.Scope) {
		c.fail(check, "scope", fault.New(fault.QualityBadScope, "kind", k.name, "scope", check.Scope, "known", strings.Join(k.scopes, ", ")))
	}
	for _, field := range []struct {
		name   string
		given  bool
		needed bool
		used   bool
	}{
		{"fail_if", check.FailIf != "", k.failIf, k.failIf},
		{"when", check.When != "", false, k.when},
		{"each", check.Each != "", check.Scope == "repeat", check.Scope == "repeat" || k.each},
		{"items", len(check.Items) > 0, k.items == itemsNeeded, k.items != itemsUnused},
	} {
		if field.needed && !field.given {
			c.fail(check, field.name, fault.New(fault.QualityMissing, "kind", k.name, "what", field.name))
		}
		if field.given && !field.used {
			c.fail(check, field.name, fault.New(fault.QualityNotUsed, "kind", k.name, "what", field.name))
		}
	}
	c.parameters(check, k)
}

func (c *compiler) parameters(check Check, k *kind) {
	for _, name := range sortedKeys(check.Params) {
		if k.named {
			continue // expressions, proved with the form
		}
		p, ok := k.parameter(name)
		if !ok {
			known := make([]string, len(k.params))
			for i, p := range k.params {
				known[i] = p.name
			}
			c.fail(check, "params", fault.New(fault.QualityUnknownParameter, "kind", k.name, "parameter", name, "known", strings.Join(known, ", ")))
			continue
		}
		if !p.accepts(check.Params[name]) {
			c.fail(check, "params", fault.New(fault.QualityBadParameter, "parameter", name, "value", check.Params[name], "wanted", p.wanted()))
		}
	}
	if k.asks == nil {
		return
	}
	for _, name := range k.asks(check) {
		if check.Params[name] == "" && (name != "item" || len(check.Items) == 0) {
			c.fail(check, "params", fault.New(fault.QualityMissing, "kind", k.name, "what", "the parameter "+name))
		}
	}
}

// setsFor gives the form versions that a check is for.
func (c *compiler) setsFor(check Check) []*set {
	var found []*set
	var known []string
	for _, s := range c.sets {
		if check.Form == "" || s.form.ID == check.Form {
			found = append(found, s)
		}
		if !slices.Contains(known, s.form.ID) {
			known = append(known, s.form.ID)
		}
	}
	if len(found) == 0 && len(c.sets) > 0 {
		c.fail(check, "form", fault.New(fault.QualityUnknownForm, "form", check.Form, "known", strings.Join(known, ", ")))
	}
	return found
}

// bindRecords binds a check of one record to each form version that asks what it reads.
func (c *compiler) bindRecords(check Check, k *kind, sets []*set) {
	var problems [][]problem
	for _, s := range sets {
		b := &binding{Check: check, kind: k, set: s}
		one := k.bind(b)
		b.placeholders()
		if len(b.problems) > 0 {
			problems = append(problems, b.problems)
			continue
		}
		if one != nil {
			s.checks = append(s.checks, &bound{Check: check, kind: k, one: one})
		}
	}
	c.report(check, problems, len(sets))
}

// report keeps the faults of a check: real mistakes always, missing questions only when every version lacks them.
func (c *compiler) report(check Check, problems [][]problem, versions int) {
	var shown []string
	for _, list := range problems {
		for _, p := range list {
			text := p.err.Error()
			if (p.missing && len(problems) < versions) || slices.Contains(shown, text) {
				continue
			}
			shown = append(shown, text)
			c.fail(check, p.field, p.err)
		}
	}
}

// bindRound binds a check over a round: it proves the names, and notes for each form which answers its rows must carry.
func (c *compiler) bindRound(check Check, k *kind, sets []*set) {
	bd := &bound{Check: check, kind: k, many: k.many}
	var problems [][]problem
	for _, s := range sets {
		b := &binding{Check: check, kind: k, set: s}
		b.element()
		wants := b.wanted(k)
		b.placeholders()
		if len(b.problems) > 0 {
			problems = append(problems, b.problems)
			continue
		}
		s.want(wants)
		bd.forms = append(bd.forms, s.form.ID)
		if k.name == "duplicate" && plainDuplicate(check) {
			s.units = append(s.units, bd)
		}
	}
	c.report(check, problems, len(sets))
	c.bindOther(check, k)
	c.program.rounds = append(c.program.rounds, bd)
}

// bindOther notes what a check that compares two forms of the tool reads in the other one.
func (c *compiler) bindOther(check Check, k *kind) {
	for _, p := range k.params {
		if p.takes != formID || check.Params[p.name] == "" {
			continue
		}
		other := check
		other.Form = check.Params[p.name]
		sets := c.setsFor(other)
		var problems [][]problem
		for _, s := range sets {
			b := &binding{Check: check, kind: k, set: s}
			var wants []*form.Element
			for _, name := range append(wordsOf(check.Params["by"]), wordsOf(check.Params["groups_item"])...) {
				if e := b.question("params", name); e != nil {
					wants = append(wants, e)
				}
			}
			if len(b.problems) > 0 {
				problems = append(problems, b.problems)
				continue
			}
			s.want(wants)
		}
		c.report(check, problems, len(sets))
	}
}
