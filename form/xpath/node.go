package xpath

import (
	"slices"
	"strings"
)

// Kind says what a node of the tree is, in the terms of the XPath data model.
type Kind uint8

// The kinds of nodes. Namespace nodes exist only while the namespace axis is walked.
const (
	Root Kind = iota
	Element
	Attribute
	Text
	Comment
	Instruction
	Namespace
)

// Node is one node of an answer tree or XML document.
//
// An element that holds nothing but text keeps it in its own Text and has no children; in mixed content each piece of
// text is a child of kind Text. The step text() finds both. Children and Attrs are to be changed through the methods
// only, because nodes know their place among their siblings.
type Node struct {
	Kind     Kind
	Name     string // local name; the target of an Instruction; the prefix of a Namespace
	Space    string // namespace address, "" for none
	Prefix   string // prefix as written, "" for none
	Text     string // value of attributes, texts, comments, instructions, namespaces and of elements without children
	Parent   *Node
	Children []*Node
	Attrs    []*Node

	place    int       // index among the parent's Children or Attrs
	declared []binding // namespaces declared on this element
}

// binding is one xmlns declaration.
type binding struct{ prefix, address string }

// NewRoot makes the invisible node above the first element, which "/" means.
func NewRoot() *Node { return &Node{Kind: Root} }

// NewElement makes an element in no namespace.
func NewElement(name string) *Node { return &Node{Kind: Element, Name: name} }

// Append adds child as the last child and returns it. Text that the element held becomes its first child.
func (n *Node) Append(child *Node) *Node {
	if n.Text != "" && n.Kind == Element {
		text := &Node{Kind: Text, Text: n.Text, Parent: n}
		n.Text, n.Children = "", append(n.Children, text)
	}
	child.Parent, child.place = n, len(n.Children)
	n.Children = append(n.Children, child)
	return child
}

// Add appends a new element with the given name and text and returns it.
func (n *Node) Add(name, text string) *Node {
	child := NewElement(name)
	child.Text = text
	return n.Append(child)
}

// Remove takes a child out of the tree; it does nothing when child is not one.
func (n *Node) Remove(child *Node) {
	if child.Parent != n || child.Kind == Attribute {
		return
	}
	at := child.position()
	n.Children = slices.Delete(n.Children, at, at+1)
	for i := at; i < len(n.Children); i++ {
		n.Children[i].place = i
	}
	child.Parent, child.place = nil, 0
}

// SetText replaces everything inside the node by text.
func (n *Node) SetText(text string) { n.Text, n.Children = text, nil }

// SetAttr sets the attribute of that name, in no namespace.
func (n *Node) SetAttr(name, value string) {
	for _, a := range n.Attrs {
		if a.Name == name && a.Prefix == "" {
			a.Text = value
			return
		}
	}
	n.Attrs = append(n.Attrs, &Node{Kind: Attribute, Name: name, Text: value, Parent: n, place: len(n.Attrs)})
}

// Attr gives the attribute with that local name in whatever namespace, the one without prefix first.
func (n *Node) Attr(name string) (string, bool) {
	value, ok := "", false
	for _, a := range n.Attrs {
		switch {
		case a.Name != name:
		case a.Prefix == "":
			return a.Text, true
		case !ok:
			value, ok = a.Text, true
		}
	}
	return value, ok
}

// Child gives the first child element with that local name, or nil.
func (n *Node) Child(name string) *Node {
	for _, c := range n.Children {
		if c.Kind == Element && c.Name == name {
			return c
		}
	}
	return nil
}

// ChildrenNamed gives all child elements with that local name.
func (n *Node) ChildrenNamed(name string) []*Node {
	var found []*Node
	for _, c := range n.Children {
		if c.Kind == Element && c.Name == name {
			found = append(found, c)
		}
	}
	return found
}

// Elements gives all child elements.
func (n *Node) Elements() []*Node {
	var found []*Node
	for _, c := range n.Children {
		if c.Kind == Element {
			found = append(found, c)
		}
	}
	return found
}

// Top is the uppermost node of the tree that n stands in.
func (n *Node) Top() *Node {
	for n.Parent != nil {
		n = n.Parent
	}
	return n
}

// Find gives the elements at a plain absolute path such as /data/group/x, counted from the top of the tree; a last
// step @name gives attributes. Prefixes in the path are ignored. Anything else than names between slashes finds nothing.
func (n *Node) Find(path string) []*Node {
	rest, ok := strings.CutPrefix(path, "/")
	if !ok {
		return nil
	}
	top := n.Top()
	if top.Kind == Element {
		top = &Node{Kind: Root, Children: []*Node{top}}
	}
	found := []*Node{top}
	for rest != "" && len(found) > 0 {
		var step string
		step, rest, _ = strings.Cut(rest, "/")
		found = findStep(found, step)
	}
	return found
}

func findStep(from []*Node, step string) []*Node {
	attribute := strings.HasPrefix(step, "@")
	name := step[strings.IndexAny(step, "@:")+1:]
	if _, local, ok := strings.Cut(name, ":"); ok {
		name = local
	}
	var found []*Node
	for _, n := range from {
		list, kind := n.Children, Element
		if attribute {
			list, kind = n.Attrs, Attribute
		}
		for _, c := range list {
			if c.Kind == kind && c.Name == name {
				found = append(found, c)
			}
		}
	}
	return found
}

// StringValue is the text of the node and of everything in it, as XPath defines it.
func (n *Node) StringValue() string {
	if len(n.Children) == 0 {
		return n.Text
	}
	var b strings.Builder
	n.writeText(&b)
	return b.String()
}

func (n *Node) writeText(b *strings.Builder) {
	if len(n.Children) == 0 {
		b.WriteString(n.Text)
		return
	}
	for _, c := range n.Children {
		if c.Kind == Element || c.Kind == Text {
			c.writeText(b)
		}
	}
}

// Clone copies the node and everything in it; the copy has no parent.
func (n *Node) Clone() *Node {
	c := *n
	c.Parent, c.place, c.Children, c.Attrs = nil, 0, nil, nil
	if len(n.Children) > 0 {
		c.Children = make([]*Node, len(n.Children))
	}
	for i, child := range n.Children {
		c.Children[i] = child.Clone()
		c.Children[i].Parent, c.Children[i].place = &c, i
	}
	if len(n.Attrs) > 0 {
		c.Attrs = make([]*Node, len(n.Attrs))
	}
	for i, a := range n.Attrs {
		attr := *a
		attr.Parent, attr.place = &c, i
		c.Attrs[i] = &attr
	}
	return &c
}
