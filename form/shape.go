package form

import (
	"strconv"

	"safar/form/xpath"
)

// shape is a form laid out for walking over answers: one item for each element, lists ready for look-up.
type shape struct {
	form  *Form
	index *Index
	root  *item
	items []*item
	at    map[string]*item                  // by plain path
	lists map[string]map[string]*xpath.Node // choices by list and name
	data  map[string]*xpath.Node            // choice lists as secondary instances: the node above the root element
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
	s := &shape{form: f, index: f.Index(), at: map[string]*item{}, lists: map[string]map[string]*xpath.Node{}, data: map[string]*xpath.Node{}}
	for i := range f.Lists {
		list := &f.Lists[i]
		s.data[list.Name] = xpath.NewRoot()
		root := s.data[list.Name].Append(listRoot(list))
		s.lists[list.Name] = choiceNodes(root, list)
	}
	s.root = s.lay(f.Root, nil)
	return s
}

func (s *shape) lay(e *Element, parent *item) *item {
	it := &item{Element: e, id: len(s.items), path: s.index.Path(e), data: e.Data(), parent: parent}
	if e.IsSelect() && e.File == "" && !e.UsesSearch() {
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

// choiceNodes finds the choices of a list, as the items that expressions see, by name. root is from listRoot.
func choiceNodes(root *xpath.Node, list *List) map[string]*xpath.Node {
	nodes := make(map[string]*xpath.Node, len(list.Choices))
	for i, choice := range list.Choices {
		if _, twice := nodes[choice.Name]; !twice {
			nodes[choice.Name] = root.Children[i]
		}
	}
	return nodes
}

// listRoot writes a choice list as the XForm has it: root/item with name, label or itextId, and the other columns.
func listRoot(list *List) *xpath.Node {
	root := xpath.NewElement("root")
	translated := list.Translated()
	for i, choice := range list.Choices {
		n := root.Append(xpath.NewElement("item"))
		if translated {
			n.Add("itextId", list.Name+"-"+strconv.Itoa(i))
		}
		n.Add("name", choice.Name)
		if !translated {
			n.Add("label", choice.Shown())
		}
		for name, value := range list.Extras(choice) {
			n.Add(name, value)
		}
	}
	return root
}
