package form

import (
	"bytes"
	"encoding/xml"
	"strings"

	"safar/form/xpath"
)

// maxRounds bounds how often calculations that feed each other are run again.
const maxRounds = 16

// Compute fills the calculations of answers made by a program: practice data, workbook rows. They are run until nothing
// changes; those of questions that do not apply become empty. What could not be evaluated stays as it is and is given
// back. answers is changed.
func Compute(p *Program, answers *xpath.Node, ec EvalContext) []Problem {
	top := firstElement(answers)
	if top == nil {
		return nil
	}
	c := &computation{evaluation: newEvaluation(p, answers, ec)}
	for range maxRounds {
		c.changed, c.problems = false, nil
		c.fill(p.root, top, true)
		if !c.changed {
			break
		}
	}
	return c.problems
}

// Prune empties the answers of questions that do not apply and takes away the rows of repeats that do not, as phones do
// before they send. It is repeated until nothing changes, since an emptied answer may hide the next question.
func Prune(p *Program, answers *xpath.Node, ec EvalContext) {
	top := firstElement(answers)
	if top == nil {
		return
	}
	c := &computation{evaluation: newEvaluation(p, answers, ec)}
	for range maxRounds {
		c.changed = false
		c.prune(p.root, top, true)
		if !c.changed {
			return
		}
	}
}

type computation struct {
	*evaluation
	changed bool
}

func (c *computation) set(n *xpath.Node, text string) {
	if n.StringValue() != text {
		n.SetText(text)
		c.changed = true
	}
}

func (c *computation) fill(it *item, n *xpath.Node, relevant bool) {
	for child, nodes := range pairs(n, it) {
		for _, node := range nodes {
			applies := relevant && c.relevant(child, node)
			switch {
			case child.Kind != Question:
				c.fill(child, node, applies)
			case child.rules.calculation == nil:
			case !applies:
				c.set(node, "")
			case !keeps(child, node):
				if v, ok := c.run(child.rules.calculation, child, node, ProblemCalculation); ok {
					c.set(node, resultText(v))
				}
			}
		}
	}
}

// keeps holds for results of chance that are there already: running them again would never come to rest.
func keeps(it *item, n *xpath.Node) bool {
	return it.rules.calculation.volatile && n.StringValue() != ""
}

func (c *computation) prune(it *item, n *xpath.Node, relevant bool) {
	var gone []*xpath.Node
	for child, nodes := range pairs(n, it) {
		for _, node := range nodes {
			applies := relevant && c.relevant(child, node)
			switch {
			case child.Kind == Question && !applies:
				c.set(node, "")
			case child.Kind == Repeat && !applies:
				gone = append(gone, node)
			case child.Kind != Question:
				c.prune(child, node, applies)
			}
		}
	}
	for _, node := range gone {
		n.Remove(node)
		c.changed = true
	}
}

// InstanceName evaluates the form's instance_name; it is empty when the form has none.
func (p *Program) InstanceName(answers *xpath.Node, ec EvalContext) string {
	if p.instanceName == nil {
		return ""
	}
	e := newEvaluation(p, answers, ec)
	v, err := p.instanceName.Eval(&e.ctx)
	if err != nil {
		return ""
	}
	return v.String()
}

// WriteInstance writes answers as a client sends them: the first element with form id and version, its content, and
// orx:meta with instanceID, deprecatedID and what else meta holds. Empty fields of id are taken from the form and from
// meta. The bytes depend on nothing else.
func WriteInstance(f *Form, answers *xpath.Node, id Identity) []byte {
	w := &instanceWriter{}
	top := firstElement(answers)
	if top == nil {
		top = xpath.NewElement(f.Root.Name)
	}
	w.WriteString("<?xml version=\"1.0\"?>\n<" + top.Name + ` xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms"`)
	w.attribute("id", either(id.FormID, f.ID))
	w.attribute("version", either(id.Version, f.Version))
	w.WriteByte('>')
	var meta *xpath.Node
	for _, c := range top.Children {
		if c.Kind == xpath.Element && c.Name == "meta" {
			meta = c
			continue
		}
		w.node(c, "")
	}
	w.meta(meta, id)
	w.WriteString("</" + top.Name + ">\n")
	return w.Bytes()
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

type instanceWriter struct{ bytes.Buffer }

func (w *instanceWriter) attribute(name, value string) {
	if value != "" {
		w.WriteString(" " + name + `="`)
		_ = xml.EscapeText(w, []byte(value)) // a buffer does not fail
		w.WriteByte('"')
	}
}

func (w *instanceWriter) node(n *xpath.Node, prefix string) {
	if n.Kind == xpath.Text {
		w.words(n.Text)
		return
	}
	if n.Kind != xpath.Element {
		return
	}
	w.WriteString("<" + prefix + n.Name)
	for _, a := range n.Attrs {
		w.attribute(a.Name, a.Text)
	}
	if n.Text == "" && len(n.Children) == 0 {
		w.WriteString("/>")
		return
	}
	w.WriteByte('>')
	w.words(n.Text)
	for _, c := range n.Children {
		w.node(c, prefix)
	}
	w.WriteString("</" + prefix + n.Name + ">")
}

// words escapes what XML needs; line breaks stay as they are.
func (w *instanceWriter) words(s string) {
	for {
		at := strings.IndexAny(s, "&<>\r")
		if at < 0 {
			w.WriteString(s)
			return
		}
		w.WriteString(s[:at])
		switch s[at] {
		case '&':
			w.WriteString("&amp;")
		case '<':
			w.WriteString("&lt;")
		case '>':
			w.WriteString("&gt;")
		default:
			w.WriteString("&#13;")
		}
		s = s[at+1:]
	}
}

func (w *instanceWriter) meta(meta *xpath.Node, id Identity) {
	w.WriteString("<orx:meta>")
	if meta == nil {
		meta = xpath.NewElement("meta")
	}
	w.metaField(meta, "instanceID", id.InstanceID)
	w.metaField(meta, "deprecatedID", id.DeprecatedID)
	for _, c := range meta.Children {
		if c.Name != "instanceID" && c.Name != "deprecatedID" {
			w.node(c, "orx:")
		}
	}
	w.WriteString("</orx:meta>")
}

func (w *instanceWriter) metaField(meta *xpath.Node, name, value string) {
	if value == "" {
		value = metaText(meta, name)
	}
	if value != "" {
		w.WriteString("<orx:" + name + ">")
		w.words(value)
		w.WriteString("</orx:" + name + ">")
	}
}
