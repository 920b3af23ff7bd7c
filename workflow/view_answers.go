package workflow

import (
	"regexp"
	"slices"
	"strings"

	"safar/form"
	"safar/form/xpath"
	"safar/locale"
	"safar/place"
	"safar/record"
)

// answerPainter turns the answers of a record into groups in the order of its form.
type answerPainter struct {
	register *place.Register
	country  string
	v        RecordView
	identity func(string) bool
	out      []AnswerGroup
}

func (p *answerPainter) groups() []AnswerGroup {
	p.out = []AnswerGroup{}
	switch {
	case p.v.Current == nil:
	case p.v.Form == nil:
		p.plain()
	default:
		root := record.Top(p.v.Current)
		p.group(p.v.Form.Root, root, "/"+root.Name, "", 0)
	}
	return slices.DeleteFunc(p.out, func(g AnswerGroup) bool { return len(g.Answers) == 0 })
}

// plain shows the answers of a form that is not known: the names of the questions are all there is.
func (p *answerPainter) plain() {
	group := AnswerGroup{Label: locale.Text{}, Answers: []AnswerView{}}
	record.Walk(p.v.Current, func(path string, n *xpath.Node) {
		group.Answers = append(group.Answers, p.answer(&form.Element{Kind: form.Question, Name: n.Name}, n, path))
	})
	p.out = append(p.out, group)
}

// group shows the questions of one group, then the groups inside it.
func (p *answerPainter) group(e *form.Element, n *xpath.Node, path, repeat string, number int) {
	at := len(p.out)
	p.out = append(p.out, AnswerGroup{Label: p.words(e.Label), Path: path, Repeat: repeat, Number: number, Answers: []AnswerView{}})
	for _, child := range e.Children {
		nodes := n.ChildrenNamed(child.Name)
		switch {
		case child.Kind == form.Question:
			if len(nodes) > 0 && shownQuestion(child, nodes[0]) {
				p.out[at].Answers = append(p.out[at].Answers, p.answer(child, nodes[0], nodes[0].Path()))
			}
		case child.Kind == form.Repeat:
			for i, row := range nodes {
				p.group(child, row, row.Path(), child.Name, i+1)
			}
		case len(nodes) > 0:
			p.group(child, nodes[0], nodes[0].Path(), repeat, number)
		}
	}
}

// shownQuestion leaves out notes, and what the phone computes for itself when it is empty.
func shownQuestion(e *form.Element, n *xpath.Node) bool {
	return e.Type != "note" && (e.IsAsked() || n.StringValue() != "")
}

func (p *answerPainter) answer(e *form.Element, n *xpath.Node, path string) AnswerView {
	view := AnswerView{Path: path, Question: e.Name, Label: p.words(e.Label), Type: e.Type, Findings: []string{}, Identity: p.identity(e.Name)}
	for _, f := range p.v.Findings {
		if f.Path == path || f.Path == e.Name {
			view.Findings = append(view.Findings, f.ID)
		}
	}
	for _, c := range p.v.Corrections {
		view.Corrected = view.Corrected || c.Path == path
	}
	if view.Identity {
		return view
	}
	view.Value = n.StringValue()
	if before := record.At(p.v.Original, path); before != nil {
		view.Original = before.StringValue()
	}
	view.Shown, view.ShownOriginal = p.shown(e, view.Value), p.shown(e, view.Original)
	if list := p.list(e); list != nil && len(list.Choices) <= maxChoices {
		for _, c := range list.Choices {
			view.Choices = append(view.Choices, ChoiceRef{c.Name, c.Label})
		}
	}
	return view
}

// maxChoices bounds the list of choices that goes with an answer.
const maxChoices = 100

func (p *answerPainter) list(e *form.Element) *form.List {
	if !e.IsSelect() || e.List == "" || p.v.Form == nil {
		return nil
	}
	return p.v.Form.List(e.List)
}

// shown writes the choices of a value in words, in every language that has them; nil for values that say it themselves.
func (p *answerPainter) shown(e *form.Element, value string) locale.Text {
	if value == "" || !e.IsSelect() {
		return nil
	}
	codes := strings.Fields(value)
	labels := make([]locale.Text, len(codes))
	tags := map[string]bool{}
	for i, code := range codes {
		labels[i] = p.label(e, code)
		for tag := range labels[i] {
			tags[tag] = true
		}
	}
	text := locale.Text{}
	for tag := range tags {
		words := make([]string, len(codes))
		for i, code := range codes {
			if words[i] = labels[i].In(tag, "en"); words[i] == "" {
				words[i] = code
			}
		}
		text[tag] = strings.Join(words, ", ")
	}
	return text
}

func (p *answerPainter) label(e *form.Element, code string) locale.Text {
	if list := p.list(e); list != nil {
		for _, c := range list.Choices {
			if c.Name == code {
				return c.Label
			}
		}
	}
	if a, ok := p.register.Area(p.country, place.Code(code)); ok {
		return a.Names
	}
	return unitNames(p.register, record.Place{Site: code, Point: code})
}

// references are the answers that a label names.
var references = regexp.MustCompile(`\$\{[^}]*\}`)

// words puts the answers of this record where a label names them.
func (p *answerPainter) words(label locale.Text) locale.Text {
	text := locale.Text{}
	for tag, words := range label {
		text[tag] = references.ReplaceAllStringFunc(words, func(found string) string {
			name := found[2 : len(found)-1]
			if p.identity(name) {
				return hiddenValue
			}
			if value := record.Answer(p.v.Current, name); value != "" {
				return value
			}
			return "…"
		})
	}
	return text
}
