// Package xform writes a form as the ODK XForm that phones and browsers fill.
//
// The output follows the ODK XForms specification and has the shape that pyxform gives, so that every client reads it.
// The same form always gives the same bytes: clients fetch a form again when its hash changes.
package xform

import (
	"errors"
	"sort"
	"strings"

	"safar/form"
)

// Write gives the XForm. The faults are those of references, which a form from xlsform.Convert does not have.
func Write(f *form.Form) ([]byte, error) {
	w := newWriter(f)
	w.WriteString("<?xml version=\"1.0\"?>\n")
	w.open("h:html", w.namespaces()...)
	w.head()
	w.body()
	w.close("h:html")
	if len(w.errs) > 0 {
		return nil, errors.Join(w.errs...)
	}
	return w.Bytes(), nil
}

// writer holds the form while it is written.
type writer struct {
	xmlWriter
	form     *form.Form
	index    *form.Index
	langs    []form.Language // of itext
	texts    []itext
	itexts   map[string]bool // choice lists whose labels are itext
	triggers map[string][]*form.Element
	errs     []error
}

func newWriter(f *form.Form) *writer {
	w := &writer{form: f, index: f.Index(), itexts: map[string]bool{}, triggers: map[string][]*form.Element{}}
	w.langs = f.Languages
	if len(w.langs) == 0 {
		w.langs = []form.Language{{Label: "default", Tag: ""}}
	}
	for _, e := range w.index.All() {
		for _, name := range e.Trigger {
			w.triggers[name] = append(w.triggers[name], e)
		}
	}
	w.collectTexts()
	return w
}

// namespaces declares the usual prefixes and those of the setting namespaces, written as xmlns attributes are:
// `esri="http://esri.com/xforms"`.
func (w *writer) namespaces() []attr {
	attrs := []attr{
		{"xmlns", "http://www.w3.org/2002/xforms"},
		{"xmlns:ev", "http://www.w3.org/2001/xml-events"},
		{"xmlns:h", "http://www.w3.org/1999/xhtml"},
		{"xmlns:jr", "http://openrosa.org/javarosa"},
		{"xmlns:odk", "http://www.opendatakit.org/xforms"},
		{"xmlns:orx", "http://openrosa.org/xforms"},
		{"xmlns:xsd", "http://www.w3.org/2001/XMLSchema"},
	}
	for part := range strings.FieldsSeq(w.form.Settings["namespaces"]) {
		prefix, address, ok := strings.Cut(part, "=")
		prefix = "xmlns:" + strings.TrimPrefix(prefix, "xmlns:")
		if address = strings.Trim(address, `"'`); ok && address != "" && !hasAttr(attrs, prefix) {
			attrs = append(attrs, attr{prefix, address})
		}
	}
	return attrs
}

func hasAttr(attrs []attr, name string) bool {
	for _, a := range attrs {
		if a.name == name {
			return true
		}
	}
	return false
}

func (w *writer) head() {
	w.open("h:head")
	w.text("h:title", w.form.Title.In(w.defaultTag(), ""))
	w.open("model", attr{"odk:xforms-version", "1.0.0"})
	w.submission()
	w.translations()
	w.instances()
	w.binds()
	w.modelActions()
	w.close("model")
	w.close("h:head")
}

func (w *writer) submission() {
	s := w.form.Settings
	attrs := []attr{{"action", s["submission_url"]}, {"base64RsaPublicKey", s["public_key"]}, {"orx:auto-delete", s["auto_delete"]}, {"orx:auto-send", s["auto_send"]}}
	method := ""
	if s["submission_url"] != "" || s["public_key"] != "" {
		method = "post"
	}
	for _, a := range attrs {
		if a.value != "" {
			w.empty("submission", append(attrs, attr{"method", method})...)
			return
		}
	}
}

func (w *writer) defaultTag() string {
	for _, l := range w.form.Languages {
		if l.Label == w.form.DefaultLanguage {
			return l.Tag
		}
	}
	return ""
}

// resolve turns references into paths; a fault is kept and the expression written as it is.
func (w *writer) resolve(e *form.Element, expr string) string {
	return w.kept(w.index.Resolve(e, expr))(expr)
}

func (w *writer) kept(resolved string, err error) func(string) string {
	return func(otherwise string) string {
		if err != nil {
			w.errs = append(w.errs, err)
			return otherwise
		}
		return resolved
	}
}

func (w *writer) path(e *form.Element) string { return w.index.Path(e) }

// sortedPairs gives a map as attributes in the order of their names.
func sortedPairs(m map[string]string) []attr {
	pairs := make([]attr, 0, len(m))
	for name, value := range m {
		pairs = append(pairs, attr{name, value})
	}
	sort.Slice(pairs, func(i, j int) bool { return pairs[i].name < pairs[j].name })
	return pairs
}
