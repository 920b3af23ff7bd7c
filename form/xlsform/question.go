package xlsform

import (
	"path"
	"strings"

	"safar/fault"
	"safar/form"
	"safar/locale"
)

// answerFrom settles where the choices of a select come from.
func (b *builder) answerFrom(r row, t rowType, e *form.Element) {
	at := b.cell(r, "type")
	switch {
	case !e.IsSelect():
	case t.file != "":
		e.File = t.file
		switch strings.ToLower(path.Ext(t.file)) {
		case ".csv", ".xml", ".geojson":
		default:
			b.fail(at, fault.FormBadFile, "file", t.file)
		}
	case t.repeat != "":
		e.List = t.repeat
	case t.list == "":
		b.fail(at, fault.FormMissingList, "type", e.Type)
	default:
		e.List = t.list
		b.fromList(r, e)
	}
	if e.ChoiceFilter != "" && !e.IsSelect() {
		b.warn(b.cell(r, "choice_filter"), fault.FormIgnoredCell, "column", "choice_filter", "what", "the type "+e.Type)
		e.ChoiceFilter = ""
	}
}

func (b *builder) fromList(r row, e *form.Element) {
	b.chosen[e.List] = true
	list := b.form.List(e.List)
	if list == nil {
		if e.UsesSearch() {
			return
		}
		names := make([]string, len(b.form.Lists))
		for i, known := range b.form.Lists {
			names[i] = known.Name
		}
		b.fail(b.cell(r, "type"), fault.FormUnknownList, "list", e.List, "suggestion", form.Perhaps(e.List, names))
		return
	}
	if e.Type == "select_one" {
		return
	}
	for _, choice := range list.Choices {
		if strings.ContainsAny(choice.Name, " \n") {
			b.fail(b.where("choices", choice.Row, 0), fault.FormChoiceWithSpace, "name", choice.Name, "list", list.Name)
		}
	}
}

// addOther adds what or_other stands for: a choice other and the question that asks which.
func (b *builder) addOther(r row, e *form.Element) {
	if e.ChoiceFilter != "" {
		b.fail(b.cell(r, "choice_filter"), fault.FormOrOtherFilter)
		return
	}
	if list := b.form.List(e.List); list != nil {
		addOtherChoice(list)
	}
	other := &form.Element{
		Kind: form.Question, Type: "text", Name: e.Name + "_other", Row: r.number,
		Label: locale.Text{"": "Specify other."}, Relevant: "selected(../" + e.Name + ", 'other')",
	}
	b.cells[other] = &source{row: r.number, columns: map[string]int{"name": r.column["type"], "relevant": r.column["type"]}}
	b.add(r, other)
}

func addOtherChoice(list *form.List) {
	label := locale.Text{}
	for _, choice := range list.Choices {
		if choice.Name == "other" {
			return
		}
		for language := range choice.Label {
			label[language] = "Other"
		}
	}
	if len(label) == 0 {
		label[""] = "Other"
	}
	list.Choices = append(list.Choices, form.Choice{Name: "other", Label: label})
}

// checkQuestion reports what a single row shows to be wrong.
func (b *builder) checkQuestion(r row, e *form.Element) {
	if len(e.Label) == 0 && len(e.Media) == 0 && len(e.Hint) == 0 && e.IsAsked() {
		b.warn(b.cell(r, "name"), fault.FormMissingLabel, "name", e.Name)
	}
	if e.Type == "calculate" && e.Calculation == "" && len(e.Trigger) == 0 && e.Default == "" && e.Bind["calculate"] == "" {
		b.fail(b.cell(r, "calculation"), fault.FormMissingCalculation, "name", e.Name)
	}
	if len(e.Trigger) == 0 && e.Type == "background-geopoint" {
		b.fail(b.cell(r, "trigger"), fault.FormBadTrigger, "value", `""`, "name", "name")
	}
	for _, key := range []string{"constraint", "relevant", "calculation", "choice_filter", "default"} {
		if strings.Contains(r.one[key], "${last-saved#") {
			b.fail(b.cell(r, key), fault.FormUnsupported, "what", "a reference to the last saved submission", "mend", "Take ${last-saved#...} out for now")
		}
	}
}
