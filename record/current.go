package record

import (
	"sort"
	"strconv"
	"strings"

	"safar/fault"
	"safar/form/xpath"
)

// Current gives the answers as they stand: a copy of the originals with the corrections laid over them, oldest first.
// A correction whose path does not exist in the answers adds the element when its parent exists; otherwise it is
// skipped, since a form's later version may no longer hold it.
func (r Record) Current() *xpath.Node {
	if r.Answers == nil || len(r.Corrections) == 0 {
		return Top(r.Answers)
	}
	tree := Clone(r.Answers)
	ordered := append([]Correction(nil), r.Corrections...)
	sort.SliceStable(ordered, func(i, j int) bool { return ordered[i].ID < ordered[j].ID })
	for _, c := range ordered {
		if n := At(tree, c.Path); n != nil {
			n.SetText(c.New)
		} else if parent := At(tree, c.Path[:max(strings.LastIndexByte(c.Path, '/'), 0)]); parent != nil {
			parent.Add(c.Path[strings.LastIndexByte(c.Path, '/')+1:], c.New)
		}
	}
	return tree
}

// Clone copies a tree.
func Clone(n *xpath.Node) *xpath.Node {
	n = Top(n)
	c := xpath.NewElement(n.Name)
	for _, a := range n.Attrs {
		c.SetAttr(a.Name, a.Text)
	}
	children := n.Elements()
	if len(children) == 0 {
		c.SetText(n.StringValue())
		return c
	}
	for _, child := range children {
		c.Append(Clone(child))
	}
	return c
}

// At gives the element at an absolute path whose steps may carry a position: /data/ki[2]/ki_type. nil when there is none.
func At(root *xpath.Node, path string) *xpath.Node {
	root = Top(root)
	steps := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if len(steps) == 0 || name(steps[0]) != root.Name {
		return nil
	}
	n := root
	for _, step := range steps[1:] {
		same := n.ChildrenNamed(name(step))
		i := position(step)
		if i < 1 || i > len(same) {
			return nil
		}
		n = same[i-1]
	}
	return n
}

func name(step string) string {
	before, _, _ := strings.Cut(step, "[")
	return before
}

func position(step string) int {
	_, rest, ok := strings.Cut(step, "[")
	if !ok {
		return 1
	}
	i, err := strconv.Atoi(strings.TrimSuffix(rest, "]"))
	if err != nil {
		return 0
	}
	return i
}

// Locate turns what a person typed, a question's name or an absolute path, into the absolute path of one answer of the
// record. A name that stands several times (in a repeat) needs the path.
func Locate(root *xpath.Node, typed string) (string, error) {
	root = Top(root)
	if strings.HasPrefix(typed, "/") {
		if n := At(root, typed); n == nil || len(n.Elements()) > 0 { // a group holds no value: writing one would wipe its answers
			return "", fault.New(fault.RecordNoAnswer, "question", typed)
		}
		return typed, nil
	}
	var found []string
	walk(root, "/"+root.Name, func(path string, n *xpath.Node) {
		if n.Name == typed && len(n.Elements()) == 0 {
			found = append(found, path)
		}
	})
	switch len(found) {
	case 0:
		return "", fault.New(fault.RecordNoAnswer, "question", typed)
	case 1:
		return found[0], nil
	}
	return "", fault.New(fault.RecordManyAnswers, "question", typed, "paths", strings.Join(found, ", "))
}

// walk visits every element below n with its path; siblings of one name carry positions.
func walk(n *xpath.Node, path string, visit func(string, *xpath.Node)) {
	count := map[string]int{}
	for _, child := range n.Elements() {
		count[child.Name]++
	}
	seen := map[string]int{}
	for _, child := range n.Elements() {
		seen[child.Name]++
		step := path + "/" + child.Name
		if count[child.Name] > 1 {
			step += "[" + strconv.Itoa(seen[child.Name]) + "]"
		}
		visit(step, child)
		walk(child, step, visit)
	}
}

// Walk visits every answer of a tree (elements without child elements) with its absolute path, in the form's order.
func Walk(root *xpath.Node, visit func(path string, n *xpath.Node)) {
	root = Top(root)
	walk(root, "/"+root.Name, func(path string, n *xpath.Node) {
		if len(n.Elements()) == 0 {
			visit(path, n)
		}
	})
}

// Split takes the identities out of a tree: it returns a copy with the identifying answers emptied and the answers taken
// out by path, which the store keeps encrypted and apart. A tree that names nobody is returned as it is.
func Split(root *xpath.Node, identifying func(name string) bool) (*xpath.Node, map[string]string) {
	if !names(Top(root), identifying) {
		return Top(root), nil
	}
	kept := Clone(root)
	taken := map[string]string{}
	Walk(kept, func(path string, n *xpath.Node) {
		if text := n.StringValue(); text != "" && identifying(n.Name) {
			taken[path] = text
			n.SetText("")
		}
	})
	return kept, taken
}

// names says whether an answer below n is identifying.
func names(n *xpath.Node, identifying func(name string) bool) bool {
	for _, child := range n.Children {
		if child.Kind != xpath.Element {
			continue
		}
		if names(child, identifying) || (len(child.Elements()) == 0 && identifying(child.Name) && child.StringValue() != "") {
			return true
		}
	}
	return false
}
