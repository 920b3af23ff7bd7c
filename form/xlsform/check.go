package xlsform

import (
	"errors"
	"strconv"
	"strings"

	"safar/fault"
	"safar/form"
	"safar/form/xpath"
	"safar/locale"
)

// check proves what needs the whole tree: every reference, every expression, every trigger, and no circles.
func (c *converter) check() {
	x := c.form.Index()
	c.checkDuplicates(x)
	for _, e := range x.All() {
		for field, expr := range e.Expressions() {
			c.checkExpression(x, e, field, expr, c.at(e, field))
		}
		c.checkTexts(x, e)
		c.checkPlain(x, e)
	}
	if c.form.InstanceName != "" {
		at := fault.Where{File: c.opt.File, Sheet: "settings", Field: "instance_name"}
		c.checkExpression(x, c.form.Root, "instance_name", c.form.InstanceName, at)
	}
	c.checkChoiceTexts(x)
	if _, err := c.form.DataFiles(); err != nil {
		var f *fault.Error
		errors.As(err, &f)
		c.place(err, c.where("survey", f.At.Row, 0))
	}
	if len(c.errors) == 0 {
		c.checkCircles(x)
	}
	c.unusedLists(x)
}

// checkDuplicates reports repeats that share their name with anything, because a table of exports has its name.
func (c *converter) checkDuplicates(x *form.Index) {
	repeats := map[string]*form.Element{}
	for _, e := range x.All() {
		if e.Kind != form.Repeat {
			continue
		}
		if other := repeats[e.Name]; other != nil && x.Parent(e) != x.Parent(other) {
			c.fail(c.at(e, "name"), fault.FormAmbiguousReference, "name", e.Name, "rows", strconv.Itoa(other.Row)+", "+strconv.Itoa(e.Row))
		}
		repeats[e.Name] = e
	}
}

func (c *converter) checkExpression(x *form.Index, e *form.Element, field, expr string, at fault.Where) {
	for _, name := range form.QuotedReferences(expr) {
		c.warn(at, fault.FormQuotedReference, "name", name)
	}
	if strings.Contains(expr, "${last-saved#") {
		return // reported where the row was read
	}
	if err := form.CheckSyntax(expr); err != nil {
		c.place(err, at)
		return
	}
	resolve := x.Resolve
	if field == "choice_filter" {
		resolve = x.ResolveFilter
	}
	resolved, err := resolve(e, expr)
	if err == nil {
		err = form.CheckSyntax(resolved) // paths may not stand where a mere name may: b/${a}
	}
	c.place(err, at)
	if err == nil && field != "choice_filter" {
		c.lostPaths(x, e, resolved, at)
	}
}

// lostPaths warns of paths that lead to no question, mostly texts that lack their quotation marks.
func (c *converter) lostPaths(x *form.Index, e *form.Element, resolved string, at fault.Where) {
	parsed, err := xpath.Parse(resolved)
	if err != nil {
		return
	}
	for _, ref := range parsed.References() {
		if ref.Function != "" || ref.Instance != "" || strings.ContainsAny(ref.Path, "@*:()") || strings.Contains(ref.Path, "//") {
			continue
		}
		path, ok := ref.From(x.Path(e))
		if !ok || !x.HasPath(path) && !strings.HasPrefix(path, x.Path(c.form.Root)+"/meta") {
			c.warn(at, fault.FormLostPath, "path", ref.Path)
		}
	}
}

// place adds the cell to a fault of package form.
func (c *converter) place(err error, at fault.Where) {
	var f *fault.Error
	if err != nil && errors.As(err, &f) {
		c.errors = append(c.errors, f.In(at))
	}
}

// checkTexts proves the references inside labels, hints and messages.
func (c *converter) checkTexts(x *form.Index, e *form.Element) {
	fields := []struct {
		name string
		text locale.Text
	}{{"label", e.Label}, {"hint", e.Hint}, {"guidance_hint", e.Guidance}, {"constraint_message", e.ConstraintMessage},
		{"required_message", e.RequiredMessage}, {"no_app_error_string", e.NoAppMessage}}
	for _, field := range fields {
		for _, tag := range field.text.Tags() {
			ignore := func(string) {}
			if err := x.ResolveText(e, field.text[tag], ignore, ignore); err != nil {
				c.place(err, c.at(e, field.name))
				break
			}
		}
	}
}

// checkChoiceTexts proves the references inside the labels of choices.
func (c *converter) checkChoiceTexts(x *form.Index) {
	ignore := func(string) {}
	for _, list := range c.form.Lists {
		for _, choice := range list.Choices {
			for _, tag := range choice.Label.Tags() {
				if err := x.ResolveText(c.form.Root, choice.Label[tag], ignore, ignore); err != nil {
					c.place(err, c.where("choices", choice.Row, 0))
					break
				}
			}
		}
	}
}

// checkPlain proves the references that stand outside of expressions: triggers, lists from a repeat, appearances.
func (c *converter) checkPlain(x *form.Index, e *form.Element) {
	for _, name := range e.Trigger {
		switch source := x.Element(name); {
		case source == nil:
			c.fail(c.at(e, "trigger"), fault.FormUnknownReference, "name", name, "suggestion", form.Perhaps(name, x.Names()))
		case !source.IsAsked():
			c.fail(c.at(e, "trigger"), fault.FormHiddenTrigger, "name", name)
		}
	}
	for field, text := range map[string]string{"type": fromRepeat(e), "appearance": e.Appearance, "parameters": e.Parameters["seed"]} {
		_, err := x.Resolve(e, text)
		c.place(err, c.at(e, field))
	}
	if ref := fromRepeat(e); ref != "" {
		if names := form.References(ref); len(names) == 1 && x.Element(names[0]) != nil && x.RepeatOf(x.Element(names[0])) == nil {
			c.fail(c.at(e, "type"), fault.FormUnknownList, "list", ref, "suggestion", ", or refer to a question inside a repeat")
		}
	}
}

func fromRepeat(e *form.Element) string {
	if strings.HasPrefix(e.List, "${") {
		return e.List
	}
	return ""
}

// unusedLists warns of choice lists that no question and no expression names.
func (c *converter) unusedLists(x *form.Index) {
	var all strings.Builder
	for _, e := range x.All() {
		for _, expr := range e.Expressions() {
			all.WriteString(expr + "\n")
		}
	}
	expressions := all.String()
	for _, list := range c.form.Lists {
		if !c.chosen[list.Name] && !strings.Contains(expressions, "'"+list.Name+"'") && !strings.Contains(expressions, `"`+list.Name+`"`) {
			row := 0
			if len(list.Choices) > 0 {
				row = list.Choices[0].Row
			}
			c.warn(c.where("choices", row, 0), fault.FormUnusedList, "list", list.Name)
		}
	}
}

// checkCircles finds calculations that need their own result.
func (c *converter) checkCircles(x *form.Index) {
	state := map[*form.Element]int{} // 1 while its circle is looked for, 2 when it is free of circles
	var trail []*form.Element
	var visit func(e *form.Element)
	visit = func(e *form.Element) {
		state[e] = 1
		trail = append(trail, e)
		for _, name := range form.References(e.Calculation) {
			next := x.Element(name)
			switch {
			case next == nil || next.Calculation == "" || len(next.Trigger) > 0:
			case state[next] == 0:
				visit(next)
			case state[next] == 1:
				c.circle(trail, next)
			}
		}
		trail = trail[:len(trail)-1]
		state[e] = 2
	}
	for _, e := range x.All() {
		if e.Calculation != "" && state[e] == 0 && len(e.Trigger) == 0 {
			visit(e)
		}
	}
}

func (c *converter) circle(trail []*form.Element, back *form.Element) {
	from := len(trail) - 1
	for from > 0 && trail[from] != back {
		from--
	}
	names := make([]string, 0, len(trail)-from+1)
	for _, e := range append(trail[from:len(trail):len(trail)], back) {
		names = append(names, e.Name)
	}
	c.fail(c.at(back, "calculation"), fault.FormCircular, "column", "calculation", "name", back.Name, "path", strings.Join(names, " > "))
}
