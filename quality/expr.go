package quality

import (
	"errors"

	"safar/fault"
	"safar/form"
	"safar/form/xpath"
)

// exprKind is an expression over one record, or over each row of a repeat: it fails where fail_if is true. Params are
// named expressions whose values stand in the message and the details: {sum: "${men} + ${women}"} fills {sum}.
//
// For an imported record it runs only when the workbook has a column for every question it reads.
func exprKind() *kind {
	return &kind{name: "expr", scopes: []string{"record", "repeat"}, failIf: true, when: true, items: itemsOptional, named: true, bind: bindExpr}
}

// exprCheck is a bound check of kind expr.
type exprCheck struct {
	each         string // path of the repeat; "" for the record
	when, failIf *expression
	named        []namedExpression
	about        string // path of the question it is about; "" when it is none
	reads        []*form.Element
}

type namedExpression struct {
	name string
	*expression
}

func bindExpr(b *binding) func(*run, *bound) {
	at := b.element()
	c := &exprCheck{when: b.parse("when", b.When, at), failIf: b.parse("fail_if", b.FailIf, at)}
	for _, name := range sortedKeys(b.Params) {
		if x := b.parse("params "+name, b.Params[name], at); x != nil {
			c.named = append(c.named, namedExpression{name, x})
		}
	}
	for _, item := range b.Items {
		if e := b.question("items", item); e != nil && c.about == "" {
			c.about = b.set.index.Path(e)
		}
	}
	if len(b.problems) > 0 {
		return nil
	}
	if b.Scope == "repeat" {
		c.each = b.set.index.Path(at)
	}
	c.collect(b)
	return c.run
}

// collect lists the questions whose answers a finding shows, and finds the one that it is about.
func (c *exprCheck) collect(b *binding) {
	for _, read := range c.failIf.reads {
		if read.element.Kind == form.Question {
			c.reads = append(c.reads, read.element)
		}
	}
	if c.about == "" && len(c.reads) > 0 {
		c.about = b.set.index.Path(c.reads[0])
	}
}

func (c *exprCheck) run(r *run, b *bound) {
	if !r.knows(c.when) || !r.knows(c.failIf) {
		return
	}
	if c.each == "" {
		c.at(r, b, r.top)
		return
	}
	for _, row := range r.top.Find(c.each) {
		c.at(r, b, row)
	}
}

// at runs the check with one node as its context.
func (c *exprCheck) at(r *run, b *bound, node *xpath.Node) {
	if c.when != nil {
		if applies, err := r.eval(c.when, node); err != nil || !applies.Bool() {
			if err != nil {
				r.broken(b, node, err)
			}
			return
		}
	}
	failed, err := r.eval(c.failIf, node)
	switch {
	case err != nil:
		r.broken(b, node, err)
	case failed.Bool():
		c.found(r, b, node)
	}
}

func (c *exprCheck) found(r *run, b *bound, node *xpath.Node) {
	details := map[string]string{}
	for _, e := range c.reads {
		if n := r.find(e.Name, node); n != nil {
			details[e.Name] = n.StringValue()
		}
	}
	for _, x := range c.named {
		if v, err := r.eval(x.expression, node); err == nil {
			details[x.name] = v.String()
		}
	}
	r.add(b.ID, b.Level, r.pathOf(c.about, node), r.fill(b.Message, node, details), details)
}

func (r *run) eval(x *expression, node *xpath.Node) (xpath.Value, error) {
	r.ctx.Node = node
	return x.parsed.Eval(&r.ctx)
}

// pathOf is the path with positions of the answer at a plain path, as seen from a node; the node's own where there is
// no such answer.
func (r *run) pathOf(plain string, node *xpath.Node) string {
	if e := r.set.paths[plain]; e != nil {
		if n := r.find(e.Name, node); n != nil {
			return n.Path()
		}
	}
	return node.Path()
}

// broken reports a check that could not be evaluated: the record is not to blame, and nothing is hidden.
func (r *run) broken(b *bound, node *xpath.Node, err error) {
	reason := err.Error()
	var f *fault.Error
	if errors.As(err, &f) {
		reason = f.Message()
	}
	details := map[string]string{"rule": b.ID, "reason": reason}
	id := findingID(string(r.Record.ID), "check.error", b.ID, node.Path())
	r.findings = append(r.findings, Finding{ID: id, Record: string(r.Record.ID), Check: "check.error", Level: Flag, Path: node.Path(),
		Message: fillDetails(brokenText(), details), Details: details})
}
