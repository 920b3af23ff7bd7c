package toolbox

import (
	"slices"
	"strings"

	"safar/dictionary"
	"safar/fault"
	"safar/form"
)

// form checks one built questionnaire against the dictionary. That its expressions parse and read questions that exist
// was proven by building it.
func (l *linter) form(f *form.Form) {
	file := "forms/" + f.ID
	for e := range f.Walk() {
		l.element(file+"/survey.csv", e)
		if e.File != "" {
			l.media(f.ID, e.File)
		}
	}
	for _, list := range f.Lists {
		for _, c := range list.Choices {
			l.text(file+"/choices.csv", list.Name+"/"+c.Name, c.Label)
		}
	}
	l.keys(f)
}

// media wants every file that a form reads to be named in tool.yaml.
func (l *linter) media(id, file string) {
	if !slices.ContainsFunc(l.pack.Media, func(m Media) bool { return m.File == file }) {
		l.say("forms/"+id+"/survey.csv", fault.LintMedia, "form", id, "file", file)
	}
}

func (l *linter) element(file string, e *form.Element) {
	if e.IsAsked() || e.Kind != form.Question {
		l.text(file, e.Name, e.Label)
	}
	if len(e.Hint) > 0 {
		l.text(file, "the hint of "+e.Name, e.Hint)
	}
	if e.Constraint != "" {
		if len(e.ConstraintMessage) == 0 {
			l.say(file, fault.LintMessage, "name", e.Name)
		} else {
			l.text(file, "the constraint message of "+e.Name, e.ConstraintMessage)
		}
	}
	if e.Kind == form.Question && e.Type != "note" && e.Type != "audit" {
		l.variable(file, e)
	}
}

// variable wants a question to be a dictionary item, asked as the dictionary says.
func (l *linter) variable(file string, e *form.Element) {
	item, ok := l.item(e.Name)
	if !ok {
		l.say(file, fault.LintVariable, "name", e.Name)
		return
	}
	kind := e.Type
	if e.File != "" {
		kind += "_from_file"
	}
	if kind != item.Type && kind != "calculate" && kind != "hidden" {
		l.say(file, fault.LintType, "name", e.Name, "type", kind, "item", item.Type)
	}
	indicator, _ := l.dict.Indicator(item.Indicator)
	if e.List != "" && e.List != item.List && !indicator.Answers {
		l.say(file, fault.LintList, "name", e.Name, "list", e.List, "item", item.List)
	}
}

// keys wants the questions that say what, when and where a record is about to exist.
func (l *linter) keys(f *form.Form) {
	info, err := l.pack.FormInfo(f.ID)
	if err != nil {
		return
	}
	k := info.Keys
	names := append([]string{k.Date, k.Site, k.SiteName, k.Point, k.GPS, k.Access, k.Carried, info.Consent, info.Worker}, k.Unit...)
	for _, name := range append(names, k.Adm[:]...) {
		if name != "" && l.at[f.ID].Element(name) == nil {
			l.say("tool.yaml", fault.LintReference, "what", "the form "+f.ID, "name", name)
		}
	}
	if k.Date == "" {
		l.say("tool.yaml", fault.LintReference, "what", "the date of "+f.ID, "name", "nothing")
	}
}

// severe says whether an item must never be a fact.
func (l *linter) severe(name string) bool {
	item, ok := l.item(name)
	return ok && (item.Identity || item.Sensitivity == dictionary.Severe)
}

// reads lists the questions that an author's expression names.
func reads(exprs ...string) []string { return form.References(strings.Join(exprs, " ")) }
