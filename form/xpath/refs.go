package xpath

import (
	"slices"
	"strings"
)

// Ref is one thing that an expression reads: a path, or a function.
type Ref struct {
	// Path is the path without predicates: "/data/group/x", "../x", ".", "@id", "/data//name". A path inside a
	// predicate is joined to the path that the predicate stands on. "" for functions and for pulldata.
	Path string
	// Absolute tells that Path begins at the root of the primary instance, or of Instance.
	Absolute bool
	// Instance is the id of the secondary instance that Path is in, "" for the primary one.
	Instance string
	// Function is the name of a function that is called; then all other fields but Column are empty.
	Function string
	// Column is the first character, from 1, of the path or function in the expression.
	Column int
}

// From gives the absolute path that the reference means for a question at the plain path context; paths in secondary
// instances and absolute ones stay as they are. ok is false when it leads above the root.
func (r Ref) From(context string) (path string, ok bool) {
	if r.Absolute || r.Function != "" {
		return r.Path, true
	}
	segments := strings.Split(strings.TrimPrefix(context, "/"), "/")
	if r.Path == "." {
		return context, true
	}
	for s := range strings.SplitSeq(r.Path, "/") {
		if s != ".." {
			segments = append(segments, s)
			continue
		}
		if len(segments) == 0 {
			return "", false
		}
		segments = segments[:len(segments)-1]
	}
	return "/" + strings.Join(segments, "/"), true
}

// References lists every path that the expression may read and every function that it calls, each once, in the order
// of the expression. A path named in quotes for jr:choice-name counts as read.
func (e *Expr) References() []Ref {
	w := &refWalker{seen: map[Ref]bool{}}
	w.expr(e.root, place{})
	slices.SortStableFunc(w.refs, func(a, b Ref) int { return a.Column - b.Column })
	return w.refs
}

// place is where a node stands, as far as the expression says.
type place struct {
	instance string
	absolute bool
	segments []string
	column   int
}

type refWalker struct {
	refs []Ref
	seen map[Ref]bool
}

func (w *refWalker) add(r Ref) {
	key := r
	key.Column = 0
	if !w.seen[key] {
		w.seen[key] = true
		w.refs = append(w.refs, r)
	}
}

func (w *refWalker) path(at place) {
	r := Ref{Instance: at.instance, Absolute: at.absolute, Column: at.column, Path: strings.Join(at.segments, "/")}
	switch {
	case at.absolute:
		r.Path = "/" + r.Path
	case r.Path == "":
		r.Path = "."
	}
	w.add(r)
}

// expr notes what e reads when the context node stands at from. It gives the places of the nodes that e yields.
func (w *refWalker) expr(e expr, from place) []place {
	switch e := e.(type) {
	case *operation:
		places := w.expr(e.left, from)
		return append(places, w.expr(e.right, from)...)
	case *negation:
		w.expr(e.of, from)
	case *filter:
		places := w.start(e.of, from)
		for _, p := range places {
			w.path(p)
			w.predicates(e.preds, p)
		}
		return places
	case *path:
		places := w.steps(e, from)
		for _, p := range places {
			w.path(p)
		}
		return places
	case *call:
		places := w.call(e, from)
		if e.fn.doc.Name == "current" {
			w.path(places[0])
		}
		return places
	}
	return nil
}

func (w *refWalker) predicates(preds []expr, at place) {
	for _, pred := range preds {
		w.expr(pred, at)
	}
}

// steps follows a path and gives where it leads.
func (w *refWalker) steps(e *path, from place) []place {
	places := []place{{instance: from.instance, absolute: from.absolute, segments: from.segments}}
	switch {
	case e.absolute:
		places = []place{{absolute: true}}
	case e.from != nil:
		places = w.start(e.from, from)
	}
	for i := range places {
		at := &places[i]
		at.column = e.column
		at.segments = slices.Clone(at.segments)
		for j := range e.steps {
			at.follow(&e.steps[j])
			w.predicates(e.steps[j].preds, *at)
		}
	}
	return places
}

// start gives the places where a path through e begins, without counting e itself as read.
func (w *refWalker) start(e expr, from place) []place {
	switch e := e.(type) {
	case *path:
		return w.steps(e, from)
	case *filter:
		places := w.start(e.of, from)
		for _, p := range places {
			w.predicates(e.preds, p)
		}
		return places
	case *call:
		return w.call(e, from)
	}
	return w.expr(e, from)
}

// follow moves the place by one step.
func (at *place) follow(s *step) {
	last := len(at.segments) - 1
	switch {
	case s.axis == selfAxis, s.test.kind == textTest && s.axis == childAxis:
	case s.isDoubleSlash():
		at.segments = append(at.segments, "")
	case s.axis == parentAxis && last >= 0 && at.segments[last] != ".." && at.segments[last] != "":
		at.segments = at.segments[:last]
	case s.axis == parentAxis:
		at.segments = append(at.segments, "..")
	default:
		var b strings.Builder
		(step{axis: s.axis, test: s.test}).write(&b)
		at.segments = append(at.segments, b.String())
	}
}

// call notes the function and what its arguments read.
func (w *refWalker) call(c *call, from place) []place {
	name := c.fn.doc.Name
	w.add(Ref{Function: name, Column: c.column})
	switch name {
	case "current":
		return []place{{column: c.column}}
	case "instance":
		if id, ok := c.args[0].(*literal); ok {
			return []place{{instance: id.value.String(), absolute: true, column: c.column}}
		}
	case "pulldata":
		if id, ok := c.args[0].(*literal); ok {
			w.add(Ref{Instance: id.value.String(), Absolute: true, Column: c.column})
		}
	}
	if c.inner != nil {
		w.expr(c.inner, from)
	}
	var places []place
	for i, arg := range c.args {
		found := w.expr(arg, from)
		if c.passesOn(i) {
			places = append(places, found...)
		}
	}
	return places
}

// passesOn tells whether the nodes of argument i may be the result of the call.
func (c *call) passesOn(i int) bool {
	switch c.fn.doc.Name {
	case "if":
		return i > 0
	case "randomize", "indexed-repeat", "once":
		return i == 0
	}
	return false
}
