package xform

import (
	"path"
	"slices"
	"strconv"
	"strings"

	"safar/fault"
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
	for _, list := range w.form.Lists {
		if w.listInUse(list.Name) {
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
func (w *writer) list(list form.List) {
	w.open("instance", attr{"id", list.Name})
	w.open("root")
	for i, choice := range list.Choices {
		w.open("item")
		if w.itexts[list.Name] {
			w.text("itextId", choiceText(list.Name, i))
		}
		w.text("name", choice.Name)
		if !w.itexts[list.Name] {
			w.text("label", choice.Label[""])
		}
		for _, extra := range sortedPairs(choice.Extra) {
			w.text(extra.name, extra.value)
		}
		w.close("item")
	}
	w.close("root")
	w.close("instance")
}

func choiceText(list string, i int) string { return list + "-" + strconv.Itoa(i) }

// listInUse says whether the form needs a choice list as an instance: a question asks from it, or an expression names it.
func (w *writer) listInUse(name string) bool {
	for _, e := range w.index.All() {
		if e.List == name && !isSearch(e) {
			return true
		}
		for _, expr := range e.Expressions() {
			if slices.Contains(callsWith(expr, "instance"), name) {
				return true
			}
		}
	}
	return false
}

// listInBody says whether a select with search() holds the choices of the list.
func (w *writer) listInBody(name string) bool {
	return slices.ContainsFunc(w.index.All(), func(e *form.Element) bool { return e.List == name && isSearch(e) })
}

// files lists the instances whose data comes beside the form, each once: files of selects, external rows, pulldata.
func (w *writer) files() []form.File {
	var files []form.File
	add := func(name, source string) {
		for _, known := range files {
			if known.Name != name {
				continue
			}
			if known.Source != source {
				w.errs = append(w.errs, fault.New(fault.FormDuplicateName, "name", name, "other", known.Source))
			}
			return
		}
		files = append(files, form.File{Name: name, Source: source})
	}
	for _, file := range w.form.Files {
		add(file.Name, file.Source)
	}
	for _, e := range w.index.All() {
		if e.File != "" {
			add(stem(e.File), e.File)
		}
		for _, expr := range e.Expressions() {
			for _, name := range callsWith(expr, "pulldata") {
				add(name, stem(name)+".csv")
			}
		}
	}
	return files
}

func stem(file string) string { return strings.TrimSuffix(file, path.Ext(file)) }

func fileAddress(source string) string {
	if strings.EqualFold(path.Ext(source), ".csv") {
		return "jr://file-csv/" + source
	}
	return "jr://file/" + source
}

// callsWith lists the texts that stand first in calls of a function: callsWith("pulldata('round', ...)", "pulldata").
func callsWith(expr, function string) []string {
	var found []string
	for {
		at := strings.Index(expr, function)
		if at < 0 {
			return found
		}
		expr = expr[at+len(function):]
		rest, ok := strings.CutPrefix(strings.TrimLeft(expr, " "), "(")
		rest = strings.TrimLeft(rest, " ")
		if !ok || rest == "" || rest[0] != '\'' && rest[0] != '"' {
			continue
		}
		if end := strings.IndexByte(rest[1:], rest[0]); end >= 0 {
			found = append(found, rest[1:1+end])
		}
	}
}

// isSearch holds for selects that look their choices up in a file with search(): their choices stand in the body.
func isSearch(e *form.Element) bool {
	return strings.HasPrefix(e.Appearance, "search(") || strings.Contains(e.Appearance, " search(")
}
