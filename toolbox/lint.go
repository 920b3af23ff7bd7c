package toolbox

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"safar/dictionary"
	"safar/fault"
	"safar/form"
	"safar/locale"
	"safar/quality"
)

// Issue is one thing that keeps a pack from being whole.
type Issue struct {
	Pack string
	*fault.Error
}

// String is the issue in one line, with the pack in front.
func (i Issue) String() string { return i.Pack + ": " + i.Error.Error() }

// Lint proves a pack whole: every variable is in the dictionary and used as it says, every expression parses and reads
// questions that exist, every text stands in every language, every measure can be computed on the practice answers,
// limitations are there, dimensions are known, no identity reaches a fact. It gives every defect; none means whole.
func Lint(p *Pack, dict *dictionary.Dictionary) []Issue {
	l := &linter{pack: p, dict: dict, forms: map[string]*form.Form{}, at: map[string]*form.Index{}}
	l.tool()
	if !l.build() {
		return l.issues // all that follows would only repeat it
	}
	l.items()
	for _, f := range l.allForms() {
		l.form(f)
	}
	l.checks()
	l.measures()
	l.report()
	l.guide()
	l.practice()
	return l.issues
}

type linter struct {
	pack   *Pack
	dict   *dictionary.Dictionary
	forms  map[string]*form.Form
	at     map[string]*form.Index
	issues []Issue
}

func (l *linter) say(file string, code fault.Code, details ...string) {
	l.issues = append(l.issues, Issue{l.pack.ID, fault.New(code, details...).In(fault.Where{File: file})})
}

// sayAll adds each fault of a joined error.
func (l *linter) sayAll(file, part string, err error) {
	var joined interface{ Unwrap() []error }
	if errors.As(err, &joined) {
		for _, one := range joined.Unwrap() {
			l.sayAll(file, part, one)
		}
		return
	}
	var known *fault.Error
	if !errors.As(err, &known) {
		known = fault.Wrap(err, fault.LintDefinition, "part", part, "why", err.Error())
	}
	if known.At == (fault.Where{}) {
		known = known.In(fault.Where{File: file})
	}
	l.issues = append(l.issues, Issue{l.pack.ID, known})
}

// text reports the languages of the pack in which a text is missing.
func (l *linter) text(file, what string, text locale.Text) {
	if missing := text.Missing(l.pack.Languages...); len(missing) > 0 {
		l.say(file, fault.LintText, "what", what, "languages", strings.Join(missing, ", "))
	}
}

func (l *linter) oneOf(file, what, value string, known ...string) {
	if !slices.Contains(known, value) {
		l.say(file, fault.LintField, "what", what, "value", value, "known", strings.Join(known, ", "))
	}
}

// components of the toolbox (domain 0).
func components() []string {
	return []string{"mobility_tracking", "flow_monitoring", "registration", "surveys"}
}

// tool checks tool.yaml by itself.
func (l *linter) tool() {
	t, file := l.pack.Tool, "tool.yaml"
	l.oneOf(file, "the component", t.Component, components()...)
	l.oneOf(file, "the type of the DTM API", t.API.DTM, "", "BA", "SA", "ETT")
	for _, class := range []dictionary.Class{t.Sensitivity.Row, t.Sensitivity.Aggregate} {
		l.oneOf(file, "the sensitivity", string(class), string(dictionary.Low), string(dictionary.Moderate), string(dictionary.High), string(dictionary.Severe))
	}
	for _, tag := range dictionary.Languages() {
		if !slices.Contains(t.Languages, tag) {
			l.say(file, fault.LintText, "what", "the tool", "languages", tag)
		}
	}
	if t.Version == "" || t.Unit.Name == "" {
		l.say(file, fault.LintField, "what", "version and unit", "value", "", "known", "a version such as 1.0.0 and a name")
	}
	texts := l.toolTexts()
	for _, what := range sorted(texts) {
		l.text(file, what, texts[what])
	}
	for _, tag := range t.Languages {
		if tag != "en" {
			l.oneOf(file, "the review of "+tag, t.Review[tag], "awaiting_native", "reviewed")
		}
	}
}

func (l *linter) toolTexts() map[string]locale.Text {
	t := l.pack.Tool
	texts := map[string]locale.Text{
		"title": t.Title, "purpose": t.Purpose, "unit": t.Unit.Label, "respondent": t.Respondent, "frequency": t.Frequency,
		"method": t.Method, "limitations": t.Limitations,
	}
	for _, f := range t.Forms {
		texts["title of "+f.ID], texts["purpose of "+f.ID] = f.Title, f.Purpose
	}
	for _, m := range t.Media {
		texts["content of "+m.File] = m.Content
	}
	for name, d := range t.Dimensions {
		texts["dimension "+name] = d.Label
	}
	return texts
}

// build makes the forms, which everything else reads; it says whether all of them could be made.
func (l *linter) build() bool {
	for _, id := range l.pack.FormIDs() {
		f, warnings, err := Form(l.pack, id, l.dict)
		for _, w := range warnings {
			l.issues = append(l.issues, Issue{l.pack.ID, w})
		}
		if err != nil {
			l.sayAll("forms/"+id, "the form "+id, err)
			continue
		}
		l.forms[id], l.at[id] = f, f.Index()
	}
	return len(l.forms) == len(l.pack.Forms)
}

// allForms gives the forms in the order of tool.yaml.
func (l *linter) allForms() []*form.Form {
	var forms []*form.Form
	for _, id := range l.pack.FormIDs() {
		forms = append(forms, l.forms[id])
	}
	return forms
}

// asks says whether some form has the question or group.
func (l *linter) asks(name string) bool {
	for _, index := range l.at {
		if index.Element(name) != nil {
			return true
		}
	}
	return false
}

// items checks the lists of tool.yaml against the dictionary's indicator types and against what the forms ask.
func (l *linter) items() {
	listed := map[string]bool{}
	for _, group := range []struct {
		list  string
		names []string
		types []string
	}{
		{"core", l.pack.Items.Core, []string{"core", "core_cdw"}},
		{"optional", l.pack.Items.Optional, []string{"optional"}},
		{"recommended", l.pack.Items.Recommended, []string{"recommended"}},
	} {
		for _, name := range group.names {
			item, ok := l.item(name)
			if !ok {
				l.say("tool.yaml", fault.LintVariable, "name", name)
				continue
			}
			if !slices.Contains(group.types, item.Indicator) || listed[name] || !l.asks(name) {
				l.say("tool.yaml", fault.LintIndicator, "name", name, "indicator", item.Indicator, "list", group.list)
			}
			listed[name] = true
		}
	}
	for _, f := range l.allForms() {
		for e := range f.Walk() {
			if item, ok := l.item(e.Name); ok && item.DerivedFrom == "" && e.Kind == form.Question && !listed[e.Name] {
				l.say("tool.yaml", fault.LintIndicator, "name", e.Name, "indicator", item.Indicator, "list", "nothing")
			}
		}
	}
}

// item finds a dictionary item by its full name, as forms must write it.
func (l *linter) item(name string) (dictionary.Item, bool) {
	item, ok := l.dict.Item(name)
	return item, ok && item.Name == name
}

// checks proves checks.yaml against the forms, and its messages against the languages.
func (l *linter) checks() {
	const file = "checks.yaml"
	for _, c := range l.pack.Checks {
		l.text(file, "the message of "+c.ID, c.Message)
		for _, item := range c.Items {
			if !l.asks(item) {
				l.say(file, fault.LintReference, "what", "the check "+c.ID, "name", item)
			}
		}
	}
	if _, err := quality.Compile(l.pack.Checks, l.allForms()); err != nil {
		l.sayAll(file, "checks.yaml", err)
	}
}

func (l *linter) report() {
	const file = "report.yaml"
	l.text(file, "the title", l.pack.Report.Title)
	for _, s := range l.pack.Report.Sections {
		l.text(file, "the section "+s.ID, s.Title)
		if len(s.Text) > 0 {
			l.text(file, "the text of "+s.ID, s.Text)
		}
		for i, part := range s.Parts {
			l.part(file, s.ID+" "+strconv.Itoa(i+1), part)
		}
	}
}

// partKinds are the parts that a report may have.
func partKinds() []string {
	return []string{"figure", "table", "bar", "line", "pyramid", "map", "flows", "coverage", "quality"}
}

func (l *linter) part(file, name string, part Part) {
	l.oneOf(file, "the kind of part "+name, part.Kind, partKinds()...)
	l.text(file, "the part "+name, part.Title)
	if len(part.Note) > 0 {
		l.text(file, "the note of "+name, part.Note)
	}
	if part.Kind == "coverage" || part.Kind == "quality" {
		return
	}
	m, ok := l.pack.Measure(part.Measure)
	if !ok {
		l.say(file, fault.LintReference, "what", "the part "+name, "name", cmp.Or(part.Measure, "no measure"))
		return
	}
	l.query(file, m, part)
}

func (l *linter) guide() {
	if words := len(strings.Fields(l.pack.Guide)); words < 300 || words > 1400 {
		l.say("guide.md", fault.LintGuide, "words", strconv.Itoa(words))
	}
}

// sorted lists the keys of a map in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
