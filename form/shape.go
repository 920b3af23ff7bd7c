package form

import (
	"slices"
	"strings"

	"safar/form/xpath"
)

// shape is a form laid out for walking over answers: one item for each element, lists ready for look-up.
type shape struct {
	form  *Form
	index *Index
	root  *item
	items []*item
	at    map[string]*item // by plain path
	lists map[string]map[string]*xpath.Node
}

// item is an element with what is asked of it again and again.
type item struct {
	*Element
	id       int
	path     string
	data     string
	parent   *item
	children []*item
	list     map[string]*xpath.Node // choices of a fixed list by name; nil when they cannot be known
	rules
}

func newShape(f *Form) *shape {
	s := &shape{form: f, index: f.Index(), at: map[string]*item{}, lists: map[string]map[string]*xpath.Node{}}
	for i := range f.Lists {
		s.lists[f.Lists[i].Name] = choiceNodes(&f.Lists[i])
	}
	s.root = s.lay(f.Root, nil)
	return s
}

func (s *shape) lay(e *Element, parent *item) *item {
	it := &item{Element: e, id: len(s.items), path: s.index.Path(e), data: e.Data(), parent: parent}
	if e.IsSelect() && e.File == "" && !isSearch(e) {
		it.list = s.lists[e.List]
	}
	s.items = append(s.items, it)
	s.at[it.path] = it
	for _, child := range e.Children {
		if child.Type != "audit" { // its answer is the name of a file in meta
			it.children = append(it.children, s.lay(child, it))
		}
	}
	return it
}

// isSearch holds for selects whose choices come from a file through search(); their list holds column names.
func isSearch(e *Element) bool { return strings.Contains(e.Appearance, "search(") }

// choiceNodes gives the choices of a list as the items that expressions see.
func choiceNodes(list *List) map[string]*xpath.Node {
	nodes := make(map[string]*xpath.Node, len(list.Choices))
	root := xpath.NewElement("root")
	for _, choice := range list.Choices {
		n := choiceNode(root, choice)
		if _, twice := nodes[choice.Name]; !twice {
			nodes[choice.Name] = n
		}
	}
	return nodes
}

func choiceNode(root *xpath.Node, choice Choice) *xpath.Node {
	n := root.Append(xpath.NewElement("item"))
	n.Add("name", choice.Name)
	n.Add("label", choice.Label.In(""))
	names := make([]string, 0, len(choice.Extra))
	for name := range choice.Extra {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		n.Add(name, choice.Extra[name])
	}
	return n
}

// instances gives the choice lists as secondary instances by id: each is the node above its root element.
func (s *shape) instances() map[string]*xpath.Node {
	out := make(map[string]*xpath.Node, len(s.lists))
	for i := range s.form.Lists {
		list := &s.form.Lists[i]
		top := xpath.NewRoot()
		root := top.Append(xpath.NewElement("root"))
		for _, choice := range list.Choices {
			choiceNode(root, choice)
		}
		out[list.Name] = top
	}
	return out
}
