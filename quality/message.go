package quality

import (
	"strings"

	"safar/form"
	"safar/form/xpath"
	"safar/locale"
)

// nothing stands in a message where there is no answer.
const nothing = "—"

// fill writes a message in each of its languages. A placeholder is a detail of the finding, unit, round or date, or the
// name of a question: then the answer stands there, the choice's label where it has one. Answers are looked for from the
// node outwards, so that a row of a repeat speaks of itself.
func (r *run) fill(message locale.Text, node *xpath.Node, details map[string]string) locale.Text {
	filled := make(locale.Text, len(message))
	for tag, text := range message {
		filled[tag] = fillText(text, func(name string) string { return r.word(name, tag, node, details) })
	}
	return filled
}

// fillText replaces each {name} by what value gives for it.
func fillText(text string, value func(name string) string) string {
	if !strings.Contains(text, "{") {
		return text
	}
	return placeholder.ReplaceAllStringFunc(text, func(found string) string {
		if v := value(found[1 : len(found)-1]); v != "" {
			return v
		}
		return nothing
	})
}

func (r *run) word(name, language string, node *xpath.Node, details map[string]string) string {
	if v, ok := details[name]; ok {
		return v
	}
	switch name {
	case "unit":
		return r.Derived.Unit
	case "round":
		return itoa(r.Round.Number)
	case "date":
		return r.Derived.Date
	}
	found := r.find(name, node)
	if found == nil {
		return ""
	}
	return r.show(found, language)
}

// find looks for the answer of a question in the node, then in what is around it.
func (r *run) find(name string, node *xpath.Node) *xpath.Node {
	e := r.set.index.Element(name)
	if e == nil {
		return nil
	}
	path := r.set.index.Path(e)
	for n := node; n != nil && n.Kind == xpath.Element; n = n.Parent {
		if rest, ok := strings.CutPrefix(path, n.PlainPath()+"/"); ok {
			return below(n, rest)
		}
	}
	return nil
}

// below follows child names and takes the first of each.
func below(n *xpath.Node, path string) *xpath.Node {
	for step := range strings.SplitSeq(path, "/") {
		if n = n.Child(step); n == nil {
			return nil
		}
	}
	return n
}

// show writes an answer for people: choices by their labels.
func (r *run) show(n *xpath.Node, language string) string {
	return r.set.show(r.set.paths[n.PlainPath()], n.StringValue(), language)
}

func (s *set) show(e *form.Element, text, language string) string {
	text = strings.TrimSpace(text)
	if e == nil || !e.IsSelect() {
		return text
	}
	var labels []string
	for value := range strings.FieldsSeq(text) {
		if label, ok := s.label(e, value, language); ok {
			value = label
		}
		labels = append(labels, value)
	}
	return strings.Join(labels, ", ")
}
