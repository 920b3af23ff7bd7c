package xlsform

import (
	"strconv"
	"strings"

	"safar/fault"
	"safar/form"
)

// builder grows the tree of elements while survey rows are read.
type builder struct {
	*converter
	table  *table
	open   []*form.Element // groups and repeats that are not closed; the root first
	skip   int             // open groups of a kind that is not supported
	count  int
	names  map[*form.Element]map[string]*form.Element // of each group, in lower case
	tables map[*form.Element]bool                     // groups with table-list; true until their first select
}

// readSurvey turns the survey sheet into the tree of elements.
func (c *converter) readSurvey(t *table) {
	if t == nil {
		c.fail(fault.Where{File: c.opt.File, Sheet: "survey"}, fault.FormNoQuestions)
		return
	}
	if !c.needs(t, "type", "name") {
		return
	}
	b := &builder{converter: c, table: t, open: []*form.Element{c.form.Root}, names: map[*form.Element]map[string]*form.Element{}, tables: map[*form.Element]bool{}}
	for _, raw := range t.rows {
		r := c.read(t, raw)
		if off, _ := truth(r.one["disabled"]); off || r.empty() {
			continue
		}
		b.row(r)
		if b.count > maxElements {
			c.fail(b.cell(r, ""), fault.FormTooLarge, "limit", strconv.Itoa(maxElements), "what", "questions and groups")
			return
		}
	}
	for _, e := range b.open[1:] {
		c.fail(c.at(e, "type"), fault.FormUnclosedGroup, "kind", string(e.Kind), "name", e.Name)
	}
}

func (b *builder) cell(r row, key string) fault.Where {
	return b.where(b.table.sheet, r.number, r.column[key])
}

func (b *builder) parent() *form.Element { return b.open[len(b.open)-1] }

func (b *builder) row(r row) {
	if r.one["type"] == "" {
		switch {
		case r.one["name"] != "":
			b.fail(b.cell(r, "name"), fault.FormMissingType)
		case r.text("label") != nil:
			b.warn(b.cell(r, "label"), fault.FormCommentRow)
		}
		return
	}
	t := parseType(r.one["type"])
	switch {
	case !t.known:
		b.fail(b.cell(r, "type"), fault.FormUnknownType, "type", r.one["type"], "suggestion", nearType(r.one["type"]))
	case t.later != "":
		b.fail(b.cell(r, "type"), fault.FormUnsupported, "what", t.later, "mend", "Ask it in another way for now")
		b.skipLater(t)
	case t.action == "end":
		b.end(r, t)
	case t.action == "begin":
		b.begin(r, t)
	case t.external != "":
		b.external(r, t)
	default:
		b.question(r, t)
	}
}

// skipLater keeps the count of open groups right when a begin row is refused.
func (b *builder) skipLater(t rowType) {
	switch t.action {
	case "begin":
		b.skip++
	case "end":
		b.skip = max(0, b.skip-1)
	}
}

func nearType(cell string) string {
	word, _, _ := strings.Cut(cell, " ")
	if near := form.Perhaps(cell, typeSuggestions()); near != "" {
		return near
	}
	return form.Perhaps(word, typeSuggestions())
}

func (b *builder) begin(r row, t rowType) {
	e := b.element(r, t)
	e.Kind = t.kind
	if len(b.open) > maxDepth {
		b.fail(b.cell(r, "type"), fault.FormTooDeep, "limit", strconv.Itoa(maxDepth))
		b.skip++
		return
	}
	if t.kind == form.Repeat {
		b.repeatCount(r, e)
	} else if r.one["repeat_count"] != "" {
		b.warn(b.cell(r, "repeat_count"), fault.FormIgnoredCell, "column", "repeat_count", "what", "a group")
	}
	b.tableList(e)
	b.add(r, e)
	b.open = append(b.open, e)
}

// repeatCount keeps a plain reference; any other count becomes a calculation of its own before the repeat, so that
// clients evaluate it once.
func (b *builder) repeatCount(r row, e *form.Element) {
	count := cleanExpression(r.one["repeat_count"])
	if count == "" {
		return
	}
	if refs := form.References(count); len(refs) == 1 && strings.HasPrefix(count, "${") && strings.HasSuffix(count, "}") &&
		strings.Count(count, "${") == 1 {
		e.RepeatCount = count
		return
	}
	counter := &form.Element{Kind: form.Question, Type: "calculate", Name: e.Name + "_count", Calculation: count, ReadOnly: "true()", Row: r.number}
	b.cells[counter] = &source{row: r.number, columns: map[string]int{"calculation": r.column["repeat_count"]}}
	b.add(r, counter)
	e.RepeatCount = "${" + counter.Name + "}"
}

func (b *builder) end(r row, t rowType) {
	if b.skip > 0 {
		b.skip--
		return
	}
	if len(b.open) == 1 {
		b.fail(b.cell(r, "type"), fault.FormUnexpectedEnd, "type", r.one["type"], "open", "")
		return
	}
	last := b.parent()
	if last.Kind != t.kind {
		open := "; the " + string(last.Kind) + " " + last.Name + " of row " + strconv.Itoa(last.Row) + " is open"
		b.fail(b.cell(r, "type"), fault.FormUnexpectedEnd, "type", r.one["type"], "open", open)
	}
	b.open = b.open[:len(b.open)-1]
}

func (b *builder) external(r row, t rowType) {
	name := r.one["name"]
	if !b.checkName(r, name) {
		return
	}
	for _, other := range b.form.Files {
		if other.Name == name {
			b.fail(b.cell(r, "name"), fault.FormDuplicateName, "name", name, "other", strconv.Itoa(other.Row))
			return
		}
	}
	b.form.Files = append(b.form.Files, form.File{Name: name, Source: name + "." + t.external, Row: r.number})
}

func (b *builder) question(r row, t rowType) {
	e := b.element(r, t)
	e.Kind, e.Type, e.OrOther = form.Question, t.name, t.orOther
	b.answerFrom(r, t, e)
	b.parameters(r, e)
	b.checkQuestion(r, e)
	b.inTable(e)
	b.add(r, e)
	if e.OrOther {
		b.addOther(r, e)
	}
}

// element fills the fields that questions, groups and repeats have in common.
func (b *builder) element(r row, _ rowType) *form.Element {
	e := &form.Element{
		Name: r.one["name"], Row: r.number, Item: r.one["item"],
		Label: r.text("label"), Hint: r.text("hint"), Guidance: r.text("guidance_hint"), Media: r.media(),
		ConstraintMessage: r.text("constraint_message"), RequiredMessage: r.text("required_message"), NoAppMessage: r.text("no_app_error_string"),
		Relevant: condition(r.one["relevant"]), Constraint: cleanExpression(r.one["constraint"]),
		Required: condition(r.one["required"]), ReadOnly: condition(r.one["read_only"]),
		Calculation: cleanExpression(r.one["calculation"]), Default: r.one["default"],
		ChoiceFilter: cleanExpression(r.one["choice_filter"]), Appearance: cleanExpression(r.one["appearance"]),
		Bind: r.prefixed("bind"), Body: r.prefixed("body"), Instance: r.prefixed("instance"),
	}
	e.Trigger = b.triggers(r)
	for _, key := range []string{"autoplay", "rows", "intent", "query"} {
		if value := r.one[key]; value != "" {
			if e.Body == nil {
				e.Body = map[string]string{}
			}
			e.Body[key] = value
		}
	}
	b.cells[e] = &source{row: r.number, columns: r.column}
	if r.one["save_to"] != "" {
		b.warn(b.cell(r, "save_to"), fault.FormUnsupported, "what", "saving to an entity list", "mend", "The column save_to is left out")
	}
	return e
}

func (b *builder) triggers(r row) []string {
	cell := r.one["trigger"]
	if cell == "" {
		return nil
	}
	var names []string
	for part := range strings.SplitSeq(cell, ",") {
		refs := form.References(part)
		if len(refs) != 1 || strings.TrimSpace(part) != "${"+refs[0]+"}" {
			b.fail(b.cell(r, "trigger"), fault.FormBadTrigger, "value", cell, "name", "name")
			return nil
		}
		names = append(names, refs[0])
	}
	return names
}

// add puts the element into the open group once its name is proven good.
func (b *builder) add(r row, e *form.Element) {
	b.count++
	if e.Type == "audit" {
		e.Name = firstOf(e.Name, "audit")
	}
	if b.checkName(r, e.Name) {
		b.checkTwin(r, e)
	}
	parent := b.parent()
	if e.Type == "audit" {
		parent = b.form.Root
	}
	parent.Children = append(parent.Children, e)
}

func (b *builder) checkName(r row, name string) bool {
	if name == "" {
		b.fail(b.cell(r, "name"), fault.FormMissingName)
		return false
	}
	if !isName(name) {
		suggestion := ""
		if proper := properName(name); isName(proper) {
			suggestion = ": " + proper
		}
		b.fail(b.cell(r, "name"), fault.FormBadName, "name", strconv.Quote(name), "suggestion", suggestion)
		return false
	}
	return true
}

// checkTwin reports a second element of one name in one group. Case does not tell names apart, because exports to
// databases and spreadsheets fold it.
func (b *builder) checkTwin(r row, e *form.Element) {
	if len(b.open) == 1 && e.Name == "meta" {
		b.fail(b.cell(r, "name"), fault.FormBadName, "name", `"meta"`, "suggestion", "; meta is kept for the submission itself")
	}
	taken := b.names[b.parent()]
	if taken == nil {
		taken = map[string]*form.Element{}
		b.names[b.parent()] = taken
	}
	folded := strings.ToLower(e.Name)
	if other := taken[folded]; other != nil {
		b.fail(b.cell(r, "name"), fault.FormDuplicateName, "name", e.Name, "other", strconv.Itoa(other.Row))
		return
	}
	taken[folded] = e
}
