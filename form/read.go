package form

import (
	"slices"
	"strings"

	"safar/form/xpath"
	"safar/locale"
)

// Read lays a submission out as the form has it: every group and question of the form in its order, missing ones as empty
// elements, as many rows of a repeat as came, then meta. No node has a namespace. What the form does not know stays under
// its path, behind the known, and is a problem; so is a text that is no value of its question. root is the tree that
// xpath.ParseXML gives, or its first element, and is not changed. The answer is a root above the first element, which
// keeps the attributes id and version.
func (p *Program) Read(root *xpath.Node) (answers *xpath.Node, problems []Problem) {
	return p.shape.read(root)
}

// CheckValues finds texts that are no values of their questions: of a wrong type, or none of the choices of a list. Read
// has done so already.
func (p *Program) CheckValues(answers *xpath.Node) []Problem {
	r := &reader{shape: p.shape}
	if top := firstElement(answers); top != nil {
		r.check(top, p.root)
	}
	return r.problems()
}

// NewAnswers makes an empty tree for answers that come from elsewhere: every question empty, no rows of repeats.
func NewAnswers(f *Form) *xpath.Node { return newShape(f).empty() }

// NewAnswers is form.NewAnswers with what Compile has prepared.
func (p *Program) NewAnswers() *xpath.Node { return p.shape.empty() }

func (s *shape) empty() *xpath.Node {
	answers, _ := s.read(nil)
	return answers
}

// AddRow adds an empty row of the repeat to the node of the group that holds it, behind the rows that are there, and
// gives it. It is nil when the form has no such repeat or parent is not its group.
func (p *Program) AddRow(parent *xpath.Node, repeat string) *xpath.Node {
	holder := p.at[parent.PlainPath()]
	if holder == nil {
		return nil
	}
	before := 0 // children that belong before the new row
	for _, it := range holder.children {
		for before < len(parent.Children) && parent.Children[before].Name == it.Name {
			before++
		}
		if it.Name == repeat && it.Kind == Repeat {
			r := &reader{shape: p.shape}
			row := xpath.NewElement(repeat)
			r.group(it, nil, row)
			row.Parent = parent
			parent.Children = slices.Insert(parent.Children, before, row)
			return row
		}
	}
	return nil
}

// reader copies one submission.
type reader struct {
	*shape
	notes []note
}

// note is a problem whose path is written once all rows are there.
type note struct {
	node *xpath.Node
	kind ProblemKind
	text locale.Text
}

func (r *reader) note(n *xpath.Node, kind ProblemKind, text locale.Text) {
	r.notes = append(r.notes, note{n, kind, text})
}

func (r *reader) problems() []Problem {
	var out []Problem
	for _, n := range r.notes {
		out = append(out, problem(n.node, n.kind, n.text))
	}
	return out
}

func (s *shape) read(root *xpath.Node) (*xpath.Node, []Problem) {
	r := &reader{shape: s}
	answers := xpath.NewRoot()
	top := answers.Append(xpath.NewElement(s.form.Root.Name))
	from := firstElement(root)
	top.SetAttr("id", s.form.ID)
	top.SetAttr("version", s.form.Version)
	var meta *xpath.Node
	if from != nil {
		if version, ok := from.Attr("version"); ok {
			top.SetAttr("version", version)
		}
		meta = from.Child("meta")
	}
	r.group(s.root, from, top)
	copied := top.Append(xpath.NewElement("meta"))
	if meta != nil {
		copyChildren(copied, meta)
	}
	if copied.Child("instanceID") == nil {
		copied.Add("instanceID", "")
	}
	return answers, r.problems()
}

// group copies what is inside a group or row; from is nil when it is missing.
func (r *reader) group(it *item, from, to *xpath.Node) {
	var nodes []*xpath.Node
	if from != nil {
		nodes = r.candidates(it, from)
	}
	to.Children = make([]*xpath.Node, 0, max(len(it.children), len(nodes)))
	found, left := sortInto(it.children, nodes)
	for i, child := range it.children {
		r.element(child, found[i], to)
	}
	for _, n := range left {
		unknown := copyNode(n)
		to.Append(unknown)
		r.note(unknown, ProblemUnknown, unknownText())
	}
}

// candidates lists the child elements that carry answers: neither meta nor templates of repeats.
func (r *reader) candidates(it *item, from *xpath.Node) []*xpath.Node {
	out := make([]*xpath.Node, 0, len(from.Children))
	for _, n := range from.Children {
		if n.Kind != xpath.Element || it.parent == nil && n.Name == "meta" {
			continue
		}
		if _, template := n.Attr("template"); template {
			continue
		}
		out = append(out, n)
	}
	return out
}

// sortInto gives each item its nodes, and the nodes of no item. Submissions come in form order, which costs one look
// at each node; any other order costs a map.
func sortInto(items []*item, nodes []*xpath.Node) (found [][]*xpath.Node, left []*xpath.Node) {
	found = make([][]*xpath.Node, len(items))
	at := 0
	for i, it := range items {
		from := at
		for at < len(nodes) && nodes[at].Name == it.Name {
			at++
		}
		found[i] = nodes[from:at:at]
	}
	if at == len(nodes) {
		return found, nil
	}
	place := make(map[string]int, len(items))
	for i, it := range items {
		found[i], place[it.Name] = nil, i
	}
	for _, n := range nodes {
		if i, known := place[n.Name]; known {
			found[i] = append(found[i], n)
		} else {
			left = append(left, n)
		}
	}
	return found, left
}

func (r *reader) element(it *item, found []*xpath.Node, to *xpath.Node) {
	if it.Kind == Repeat {
		for _, n := range found {
			r.group(it, n, to.Append(xpath.NewElement(it.Name)))
		}
		return
	}
	copied := to.Append(xpath.NewElement(it.Name))
	switch {
	case it.Kind == Group && len(found) > 0:
		r.group(it, found[0], copied)
	case it.Kind == Group:
		r.group(it, nil, copied)
	case len(found) > 0:
		r.answer(it, found[0], copied)
	}
	for _, extra := range found[min(1, len(found)):] {
		twin := to.Append(copyNode(extra))
		r.note(twin, ProblemUnknown, unknownText())
	}
}

// answer copies the text of a question. Elements inside a question are kept and reported.
func (r *reader) answer(it *item, from, to *xpath.Node) {
	if elements := from.Elements(); len(elements) > 0 {
		copyChildren(to, from)
		r.note(to, ProblemUnknown, unknownText())
		return
	}
	to.Text = from.StringValue()
	r.value(it, to)
}

// value checks one answer against type and choices.
func (r *reader) value(it *item, n *xpath.Node) {
	text := n.StringValue()
	if text == "" {
		return
	}
	if !IsValue(it.data, text) {
		r.note(n, ProblemType, typeText(it.data))
	}
	if it.list == nil {
		return
	}
	for value := range chosen(it.Element, text) {
		if it.list[value] == nil {
			r.note(n, ProblemChoice, choiceText())
			return
		}
	}
}

// chosen gives the values of a select's answer.
func chosen(e *Element, text string) func(func(string) bool) {
	if e.Type == "select_one" {
		return func(yield func(string) bool) { yield(text) }
	}
	return strings.FieldsSeq(text)
}

// check walks answers that are laid out already and checks their values.
func (r *reader) check(n *xpath.Node, it *item) {
	for child, nodes := range pairs(n, it) {
		for _, c := range nodes {
			if child.Kind == Question {
				r.value(child, c)
			} else {
				r.check(c, child)
			}
		}
	}
}

// pairs gives the children of an item, each with its nodes, without a copy where they stand in form order.
func pairs(n *xpath.Node, it *item) func(func(*item, []*xpath.Node) bool) {
	return func(yield func(*item, []*xpath.Node) bool) {
		at := 0
		for _, child := range it.children {
			from := at
			for at < len(n.Children) && n.Children[at].Name == child.Name && n.Children[at].Kind == xpath.Element {
				at++
			}
			nodes := n.Children[from:at]
			if len(nodes) == 0 && child.Kind != Repeat {
				nodes = n.ChildrenNamed(child.Name)
			} else if len(nodes) == 0 && at < len(n.Children) {
				nodes = n.ChildrenNamed(child.Name)
			}
			if !yield(child, nodes) {
				return
			}
		}
	}
}

func copyChildren(to, from *xpath.Node) {
	if len(from.Children) == 0 {
		to.Text = from.Text
		return
	}
	for _, c := range from.Children {
		if c.Kind == xpath.Element || c.Kind == xpath.Text {
			to.Append(copyNode(c))
		}
	}
}

// copyNode copies an element or text without namespaces; attributes keep their local names.
func copyNode(n *xpath.Node) *xpath.Node {
	c := &xpath.Node{Kind: n.Kind, Name: n.Name}
	for _, a := range n.Attrs {
		c.SetAttr(a.Name, a.Text)
	}
	copyChildren(c, n)
	return c
}
