package xform

import (
	"path"
	"strings"

	"safar/form"
)

// body writes what people see, in form order.
func (w *writer) body() {
	w.open("h:body", attr{"class", w.form.Settings["style"]})
	for _, e := range w.form.Root.Children {
		w.element(e)
	}
	w.close("h:body")
}

func (w *writer) element(e *form.Element) {
	switch e.Kind {
	case form.Group:
		w.group(e)
	case form.Repeat:
		w.repeat(e)
	default:
		w.question(e)
	}
}

func (w *writer) group(e *form.Element) {
	attrs := append([]attr{{"ref", w.path(e)}, {"appearance", w.resolve(e, e.Appearance)}}, w.bodyAttrs(e)...)
	w.open("group", attrs...)
	w.labels(e)
	for _, child := range e.Children {
		w.element(child)
	}
	w.close("group")
}

func (w *writer) repeat(e *form.Element) {
	w.open("group", attr{"ref", w.path(e)})
	w.labels(e)
	attrs := append([]attr{{"nodeset", w.path(e)}, {"jr:count", w.resolve(e, e.RepeatCount)}, {"appearance", w.resolve(e, e.Appearance)}}, w.bodyAttrs(e)...)
	w.open("repeat", attrs...)
	for _, child := range e.Children {
		w.element(child)
	}
	w.repeatActions(e)
	w.close("repeat")
	w.close("group")
}

// bodyAttrs gives the body:: columns, their references resolved.
func (w *writer) bodyAttrs(e *form.Element) []attr {
	pairs := sortedPairs(e.Body)
	for i := range pairs {
		pairs[i].value = w.resolve(e, pairs[i].value)
	}
	return pairs
}

func (w *writer) labels(e *form.Element) {
	if e.Kind == form.Question && len(e.Label) == 0 && !w.labelInItext(e) {
		w.empty("label") // clients want one on every question
	}
	w.words("label", e, e.Label, w.labelInItext(e))
	if e.Kind == form.Question {
		w.words("hint", e, e.Hint, w.hintInItext(e))
	}
}

func (w *writer) question(e *form.Element) {
	if !e.IsAsked() {
		return
	}
	t, _ := form.TypeOf(e.Type)
	attrs := []attr{{"ref", w.path(e)}, {"appearance", w.resolve(e, e.Appearance)}, {"mediatype", t.Media}}
	attrs = append(attrs, controlAttrs(e)...)
	attrs = append(attrs, w.bodyAttrs(e)...)
	w.open(t.Control, attrs...)
	w.labels(e)
	w.choices(e)
	w.triggered(e)
	w.close(t.Control)
}

// controlAttrs gives the parameters that belong on the body element, under their names there.
func controlAttrs(e *form.Element) []attr {
	p := e.Parameters
	switch e.Type {
	case "range":
		return []attr{{"start", p["start"]}, {"end", p["end"]}, {"step", p["step"]}}
	case "text":
		return []attr{{"rows", p["rows"]}}
	case "image":
		return []attr{{"intent", p["app"]}}
	case "geopoint":
		return []attr{{"accuracyThreshold", p["capture-accuracy"]}, {"unacceptableAccuracyThreshold", p["warning-accuracy"]}}
	case "geotrace", "geoshape":
		return []attr{{"incremental", p["incremental"]}}
	}
	return nil
}

// choices writes where a select takes its choices from.
func (w *writer) choices(e *form.Element) {
	switch {
	case !e.IsSelect():
	case e.UsesSearch():
		w.items(e)
	case strings.HasPrefix(e.List, "${"):
		w.fromRepeat(e)
	case e.File != "":
		value, label := fileColumns(e)
		w.itemset(e, "instance('"+form.Stem(e.File)+"')/root/item"+w.filter(e), value, label)
	default:
		label := "label"
		if w.itexts[e.List] {
			label = "jr:itext(itextId)"
		}
		w.itemset(e, "instance('"+e.List+"')/root/item"+w.filter(e), "name", label)
	}
}

// fileColumns names the columns of a file that hold the value and the label of a choice.
func fileColumns(e *form.Element) (value, label string) {
	value, label = "name", "label"
	if strings.EqualFold(path.Ext(e.File), ".geojson") {
		value, label = "id", "title"
	}
	if own := e.Parameters["value"]; own != "" {
		value = own
	}
	if own := e.Parameters["label"]; own != "" {
		label = own
	}
	return value, label
}

func (w *writer) filter(e *form.Element) string {
	if e.ChoiceFilter == "" {
		return ""
	}
	return "[" + w.kept(w.index.ResolveFilter(e, e.ChoiceFilter))(e.ChoiceFilter) + "]"
}

func (w *writer) itemset(e *form.Element, nodeset, value, label string) {
	if e.Parameters["randomize"] == "true" {
		if seed := e.Parameters["seed"]; seed != "" {
			nodeset += ", " + strings.TrimSpace(w.resolve(e, seed))
		}
		nodeset = "randomize(" + nodeset + ")"
	}
	w.open("itemset", attr{"nodeset", nodeset})
	w.empty("value", attr{"ref", value})
	w.empty("label", attr{"ref", label})
	w.close("itemset")
}

// items writes the choices into the body, as search() wants them.
func (w *writer) items(e *form.Element) {
	list := w.index.List(e.List)
	if list == nil {
		return
	}
	for i, choice := range list.Choices {
		w.open("item")
		if w.itexts[e.List] {
			w.empty("label", attr{"ref", "jr:itext('" + choiceText(e.List, i) + "')"})
		} else {
			w.text("label", choice.Shown())
		}
		w.text("value", choice.Name)
		w.close("item")
	}
}

// fromRepeat writes choices that are the answers of a question inside a repeat; rows without an answer are left out.
func (w *writer) fromRepeat(e *form.Element) {
	target := w.index.Element(strings.TrimSuffix(strings.TrimPrefix(e.List, "${"), "}"))
	if target == nil || w.index.RepeatOf(target) == nil {
		return
	}
	repeat := w.index.RepeatOf(target)
	inside := strings.TrimPrefix(w.path(target), w.path(repeat)+"/")
	filter := w.filterInRepeat(e, repeat)
	if filter == "" {
		filter = "./" + inside + " != ''"
	}
	w.itemset(e, strings.TrimSpace(w.repeatPath(e, repeat))+"["+filter+"]", inside, inside)
}

// repeatPath is the path of a repeat as seen from e.
func (w *writer) repeatPath(e, repeat *form.Element) string {
	return w.resolve(e, "${"+repeat.Name+"}")
}

// filterInRepeat resolves a choice filter whose references to the repeat's own questions mean the row that is offered.
func (w *writer) filterInRepeat(e, repeat *form.Element) string {
	filter := e.ChoiceFilter
	for _, name := range form.References(filter) {
		target := w.index.Element(name)
		if target != nil && w.index.RepeatOf(target) == repeat {
			inside := strings.TrimPrefix(w.path(target), w.path(repeat)+"/")
			filter = strings.ReplaceAll(filter, "${"+name+"}", " ./"+inside+" ")
		}
	}
	return w.kept(w.index.ResolveFilter(e, filter))(filter)
}
