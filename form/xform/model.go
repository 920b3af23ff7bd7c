package xform

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"safar/form"
)

// instances writes the primary instance and the secondary ones: choice lists, then files.
func (w *writer) instances() {
	w.open("instance")
	root := w.form.Root
	s := w.form.Settings
	attrs := []attr{{"xmlns", s["instance_xmlns"]}, {"id", w.form.ID}, {"version", w.form.Version}, {"odk:prefix", s["prefix"]}, {"odk:delimiter", s["delimiter"]}}
	w.open(root.Name, append(attrs, sortedPairs(root.Instance)...)...)
	for _, child := range root.Children {
		w.node(child, false)
	}
	w.meta()
	w.close(root.Name)
	w.close("instance")
	for i := range w.form.Lists {
		if list := &w.form.Lists[i]; w.listInUse(list.Name) {
			w.list(list)
		}
	}
	for _, file := range w.files() {
		w.empty("instance", attr{"id", file.Name}, attr{"src", fileAddress(file.Source)})
	}
}

// node writes the empty answer of an element. A repeat is written twice, as the template of new rows and as the first
// row; inside a template the rows within are not written again.
func (w *writer) node(e *form.Element, inTemplate bool) {
	switch {
	case e.Type == "audit":
	case e.Kind == form.Question:
		w.text(e.Name, w.staticDefault(e), sortedPairs(e.Instance)...)
	case e.Kind == form.Group:
		w.nodes(e, inTemplate, sortedPairs(e.Instance))
	default:
		w.template(e)
		if !inTemplate {
			w.nodes(e, false, sortedPairs(e.Instance))
		}
	}
}

func (w *writer) template(e *form.Element) {
	w.indent()
	w.WriteString("<" + e.Name + ` jr:template=""`)
	for _, a := range sortedPairs(e.Instance) {
		w.WriteString(" " + a.name + `="`)
		escape(&w.Buffer, a.value, true)
		w.WriteByte('"')
	}
	w.WriteString(">\n")
	w.depth++
	for _, child := range e.Children {
		w.node(child, true)
	}
	w.close(e.Name)
}

func (w *writer) nodes(e *form.Element, inTemplate bool, attrs []attr) {
	if len(e.Children) == 0 {
		w.empty(e.Name, attrs...)
		return
	}
	w.open(e.Name, attrs...)
	for _, child := range e.Children {
		w.node(child, inTemplate)
	}
	w.close(e.Name)
}

// staticDefault is the default that stands in the instance. Names of picture files become addresses.
func (w *writer) staticDefault(e *form.Element) string {
	if e.Default == "" || e.HasDynamicDefault() {
		return ""
	}
	switch e.Type {
	case "image", "audio", "video":
		return mediaAddress(e.Type, e.Default)
	}
	return e.Default
}

func (w *writer) meta() {
	w.open("meta")
	if w.audit() != nil {
		w.empty("audit")
	}
	w.empty("instanceID")
	if w.form.InstanceName != "" {
		w.empty("instanceName")
	}
	w.close("meta")
}

func (w *writer) audit() *form.Element {
	for _, e := range w.form.Root.Children {
		if e.Type == "audit" {
			return e
		}
	}
	return nil
}

// list writes a choice list as an instance.
func (w *writer) list(list *form.List) {
	w.open("instance", attr{"id", list.Name})
	w.open("root")
	for i, choice := range list.Choices {
		w.open("item")
		if w.itexts[list.Name] {
			w.text("itextId", choiceText(list.Name, i))
		}
		w.text("name", choice.Name)
		if !w.itexts[list.Name] {
			w.text("label", choice.Shown())
		}
		for name, value := range list.Extras(choice) {
			w.text(name, value)
		}
		w.close("item")
	}
	w.close("root")
	w.close("instance")
}

func choiceText(list string, i int) string { return list + "-" + strconv.Itoa(i) }

// listInUse says whether a choice list is an instance. Only those are not whose choices stand in the body alone.
func (w *writer) listInUse(name string) bool {
	return !w.listInBody(name) || slices.ContainsFunc(w.index.All(), func(e *form.Element) bool { return e.List == name && !e.UsesSearch() })
}

// listInBody says whether a select with search() holds the choices of the list.
func (w *writer) listInBody(name string) bool {
	return slices.ContainsFunc(w.index.All(), func(e *form.Element) bool { return e.List == name && e.UsesSearch() })
}

func (w *writer) files() []form.File {
	files, err := w.form.DataFiles()
	if err != nil {
		w.errs = append(w.errs, err)
	}
	return files
}

func fileAddress(source string) string {
	if strings.EqualFold(path.Ext(source), ".csv") {
		return "jr://file-csv/" + source
	}
	return "jr://file/" + source
}
