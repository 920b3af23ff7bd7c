package form

import "iter"

// Index finds elements of one form by name and by path. Building it costs one walk; it may be used by several
// goroutines at once.
type Index struct {
	form  *Form
	order []*Element
	place map[*Element]place
	named map[string][]*Element
	paths map[string]bool
	lists map[string]*List
}

type place struct {
	parent *Element
	path   string
	depth  int // the root has 0
}

// Index builds the index of the form.
func (f *Form) Index() *Index {
	x := &Index{form: f, place: map[*Element]place{}, named: map[string][]*Element{}, paths: map[string]bool{"/": true}, lists: map[string]*List{}}
	for i := range f.Lists {
		x.lists[f.Lists[i].Name] = &f.Lists[i]
	}
	if f.Root != nil {
		x.add(f.Root, nil, "/"+f.Root.Name, 0)
	}
	return x
}

func (x *Index) add(e, parent *Element, path string, depth int) {
	x.place[e] = place{parent, path, depth}
	x.order = append(x.order, e)
	x.paths[path] = true
	if parent != nil {
		x.named[e.Name] = append(x.named[e.Name], e)
	}
	for _, child := range e.Children {
		base := path
		if child.Type == "audit" {
			base += "/meta"
		}
		x.add(child, e, base+"/"+child.Name, depth+1)
	}
}

// Element gives the first element of that name in form order, or nil. The root is not among them.
func (x *Index) Element(name string) *Element {
	if found := x.named[name]; len(found) > 0 {
		return found[0]
	}
	return nil
}

// Path is the absolute XPath of the element without positions: "/data/household/age". Empty for a foreign element.
func (x *Index) Path(e *Element) string { return x.place[e].path }

// HasPath says whether some element stands at the absolute path without positions; the document itself does, at "/".
func (x *Index) HasPath(path string) bool { return x.paths[path] }

// Parent is the group or repeat that holds the element; nil for the root.
func (x *Index) Parent(e *Element) *Element { return x.place[e].parent }

// RepeatOf is the innermost repeat that holds the element, not the element itself; nil when there is none.
func (x *Index) RepeatOf(e *Element) *Element {
	for p := x.Parent(e); p != nil; p = x.Parent(p) {
		if p.Kind == Repeat {
			return p
		}
	}
	return nil
}

// List finds a choice list; nil when the form has none of that name.
func (x *Index) List(name string) *List { return x.lists[name] }

// All gives every element below the root in form order, groups before what they hold.
func (x *Index) All() []*Element {
	if len(x.order) == 0 {
		return nil
	}
	return x.order[1:]
}

// Names lists the names that expressions may refer to, in form order.
func (x *Index) Names() []string {
	names := make([]string, 0, len(x.order))
	for _, e := range x.All() {
		names = append(names, e.Name)
	}
	return names
}

// Element gives the first element of that name in form order, or nil. For many look-ups make an Index.
func (f *Form) Element(name string) *Element {
	for e := range f.Walk() {
		if e.Name == name {
			return e
		}
	}
	return nil
}

// Walk gives every element below the root in form order, groups before what they hold.
func (f *Form) Walk() iter.Seq[*Element] {
	return func(yield func(*Element) bool) {
		if f.Root != nil {
			walk(f.Root, yield)
		}
	}
}

func walk(e *Element, yield func(*Element) bool) bool {
	for _, child := range e.Children {
		if !yield(child) || !walk(child, yield) {
			return false
		}
	}
	return true
}

// Path is the absolute XPath of the element without positions. For many look-ups make an Index.
func (f *Form) Path(e *Element) string { return f.Index().Path(e) }

// Resolve turns the ${name} references of an author's expression into XPath as seen from e. For many expressions make
// an Index.
func (f *Form) Resolve(e *Element, expr string) (string, error) { return f.Index().Resolve(e, expr) }

// List finds a choice list; nil when the form has none of that name.
func (f *Form) List(name string) *List {
	for i := range f.Lists {
		if f.Lists[i].Name == name {
			return &f.Lists[i]
		}
	}
	return nil
}

// Column is one flat column of the form's answers, for exports.
type Column struct {
	Element *Element
	Path    string // absolute, without positions
	Header  string // path below the root, or below the repeat, with slashes: "household/age"
	Repeat  string // path of the innermost repeat; empty for the main table
	Data    string // data type: "int", "string", "geopoint"
}

// Columns lists every question in form order with the table it belongs to. Notes hold no answer and are left out.
func (f *Form) Columns() []Column {
	x := f.Index()
	var columns []Column
	for _, e := range x.All() {
		if e.Kind != Question || e.Type == "note" {
			continue
		}
		c := Column{Element: e, Path: x.Path(e), Data: e.Data()}
		base := x.Path(f.Root)
		if repeat := x.RepeatOf(e); repeat != nil {
			c.Repeat = x.Path(repeat)
			base = c.Repeat
		}
		c.Header = c.Path[len(base)+1:]
		columns = append(columns, c)
	}
	return columns
}
