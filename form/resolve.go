package form

import (
	"strconv"
	"strings"

	"safar/fault"
)

// Resolve turns the ${name} references of an author's expression into XPath as seen from e: an absolute path, or a
// relative one where both lie in the same repeat.
// Faults: form.unknown_reference, form.ambiguous_reference, form.unclosed_reference.
func (x *Index) Resolve(e *Element, expr string) (string, error) {
	return x.rewrite(expr, func(name string, at position) (string, error) {
		return x.reference(e, name, at)
	})
}

// ResolveFilter is Resolve for a choice_filter: it is read with a choice as its context, so that relative paths begin
// with current().
func (x *Index) ResolveFilter(e *Element, expr string) (string, error) {
	return x.rewrite(expr, func(name string, at position) (string, error) {
		at.predicate = true
		return x.reference(e, name, at)
	})
}

// position says where in an expression a reference stands.
type position struct {
	predicate bool // between [ and ]
	absolute  bool // where indexed-repeat wants the path of a question or repeat
}

func (x *Index) reference(e *Element, name string, at position) (string, error) {
	target, err := x.target(e, name)
	if err != nil {
		return "", err
	}
	if at.absolute || !x.shareRepeat(e, target) {
		return " " + x.Path(target) + " ", nil
	}
	path := x.relative(e, target)
	if at.predicate {
		path = "current()/" + path
	}
	return " " + path + " ", nil
}

// target finds what a name means from e: the only element of that name, or else the one that shares e's group.
func (x *Index) target(e *Element, name string) (*Element, error) {
	found := x.named[name]
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) == 0:
		return nil, fault.New(fault.FormUnknownReference, "name", name, "suggestion", Perhaps(name, x.Names()))
	}
	rows := make([]string, len(found))
	for i, other := range found {
		rows[i] = strconv.Itoa(other.Row)
	}
	return nil, fault.New(fault.FormAmbiguousReference, "name", name, "rows", strings.Join(rows, ", "))
}

// shareRepeat says whether some repeat holds both. A repeat does not hold itself as a target, so that ${repeat} asked
// from inside means all its rows; it holds itself as the place of an expression.
func (x *Index) shareRepeat(e, target *Element) bool {
	outer := x.RepeatOf(target)
	for ; outer != nil; outer = x.RepeatOf(outer) {
		for a := e; a != nil; a = x.Parent(a) {
			if a == outer {
				return true
			}
		}
	}
	return false
}

// relative is the shortest path from e to target through their lowest common group.
func (x *Index) relative(e, target *Element) string {
	a, b := e, x.Parent(target)
	up := 0
	for x.place[a].depth > x.place[b].depth {
		a = x.Parent(a)
		up++
	}
	for x.place[b].depth > x.place[a].depth {
		b = x.Parent(b)
	}
	for a != b {
		a, b = x.Parent(a), x.Parent(b)
		up++
	}
	steps := strings.Repeat("../", up)
	if up == 0 {
		steps = "./"
	}
	return steps + strings.TrimPrefix(x.Path(target), x.Path(a)+"/")
}

// References lists the names that an expression or a text refers to with ${name}, in order, each once.
func References(text string) []string {
	var names []string
	seen := map[string]bool{}
	for {
		start := strings.Index(text, "${")
		if start < 0 {
			return names
		}
		text = text[start+2:]
		end := strings.IndexByte(text, '}')
		if end < 0 {
			return names
		}
		if name := strings.TrimSpace(text[:end]); !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
		text = text[end+1:]
	}
}

// ResolveText turns the ${name} references of a label, hint or message into paths with the given function, and hands
// over the text between them. Both are called in order.
func (x *Index) ResolveText(e *Element, text string, plain func(string), output func(path string)) error {
	for {
		start := strings.Index(text, "${")
		if start < 0 {
			plain(text)
			return nil
		}
		end := strings.IndexByte(text[start:], '}')
		if end < 0 {
			return fault.New(fault.FormUnclosedReference, "text", text[start:])
		}
		path, err := x.reference(e, strings.TrimSpace(text[start+2:start+end]), position{})
		if err != nil {
			return err
		}
		plain(text[:start])
		output(path)
		text = text[start+end+1:]
	}
}
