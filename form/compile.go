package form

import (
	"errors"
	"slices"
	"strings"

	"safar/fault"
	"safar/form/xpath"
)

// Program is a form with every expression parsed, made once and used for every record. It never changes, so several
// goroutines may use it at once.
type Program struct {
	*shape
	instanceName *xpath.Expr
}

// rules are the parsed expressions of an item; nil for none.
type rules struct {
	relevant, constraint, required, calculation, filter *rule
}

// rule is one parsed expression and what it reads.
type rule struct {
	expr     *xpath.Expr
	always   bool // true()
	reads    []*item
	unknown  bool // it reads something that cannot be told beforehand
	volatile bool // its value depends on the moment or on chance
}

// Form is the form that was compiled.
func (p *Program) Form() *Form { return p.form }

// Index is the index of the form.
func (p *Program) Index() *Index { return p.index }

// Compile parses every expression of the form. The error joins all faults: form.bad_expression and those of Resolve.
func Compile(f *Form) (*Program, error) {
	p := &Program{shape: newShape(f)}
	var errs []error
	for _, it := range p.items {
		for field, expr := range it.Expressions() {
			if err := p.compile(it, field, expr); err != nil {
				errs = append(errs, err)
			}
		}
	}
	if f.InstanceName != "" {
		r, err := p.rule(p.root, f.InstanceName, p.index.Resolve)
		if err != nil {
			errs = append(errs, err)
		} else {
			p.instanceName = r.expr
		}
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return p, nil
}

func (p *Program) compile(it *item, field, expr string) error {
	var to **rule
	resolve := p.index.Resolve
	switch field {
	case "relevant":
		to = &it.relevant
	case "constraint":
		to = &it.constraint
	case "required":
		to = &it.required
	case "calculation":
		to = &it.calculation
	case "choice_filter":
		to, resolve = &it.filter, p.index.ResolveFilter
	default:
		return nil // what only clients evaluate
	}
	r, err := p.rule(it, expr, resolve)
	if err != nil {
		var f *fault.Error
		if errors.As(err, &f) {
			return f.In(fault.Where{Row: it.Row, Field: it.Name + " " + field})
		}
		return err
	}
	*to = r
	return nil
}

func (p *Program) rule(it *item, expr string, resolve func(*Element, string) (string, error)) (*rule, error) {
	resolved, err := resolve(it.Element, expr)
	if err != nil {
		return nil, err
	}
	parsed, err := xpath.Parse(resolved)
	if err != nil {
		return nil, badExpression(expr, err)
	}
	r := &rule{expr: parsed, always: strings.TrimSpace(resolved) == "true()"}
	for _, ref := range parsed.References() {
		p.note(r, it, ref)
	}
	return r, nil
}

// note keeps one thing that a rule reads.
func (p *Program) note(r *rule, it *item, ref xpath.Ref) {
	switch {
	case ref.Function != "":
		r.volatile = r.volatile || isVolatile(ref.Function)
	case ref.Instance != "":
	case ref.Path == ".": // the answer itself
	default:
		path, ok := ref.From(it.path)
		target := p.at[path]
		switch {
		case ok && target != nil && target != it:
			if !slices.Contains(r.reads, target) {
				r.reads = append(r.reads, target)
			}
		case target == nil && !strings.HasPrefix(path, p.root.path+"/meta/") && !strings.HasPrefix(path, p.root.path+"/@"):
			r.unknown = true
		}
	}
}

// isVolatile holds for functions whose result on the phone cannot be had again here.
func isVolatile(function string) bool {
	switch function {
	case "now", "today", "random", "uuid", "once", "randomize", "jr:choice-name":
		return true
	}
	return false
}
