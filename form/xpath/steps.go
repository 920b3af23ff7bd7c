package xpath

import (
	"slices"

	"safar/fault"
)

// eval walks the path and gives its nodes in document order.
func (e *path) eval(r *run) Value {
	start := len(r.arena)
	switch {
	case e.absolute:
		r.arena = append(r.arena, r.root)
	case e.from != nil:
		from := r.set(e.from)
		start = len(r.arena)
		r.arena = append(r.arena, from...)
	default:
		r.arena = append(r.arena, r.node)
	}
	nodes := r.arena[start:len(r.arena):len(r.arena)]
	for i := range e.runs {
		nodes = r.walk(nodes, &e.runs[i], e.absolute && i < len(e.runs)-1)
		if len(nodes) == 0 {
			break
		}
	}
	return NodesValue(nodes)
}

// walk takes one step from all nodes. through tells that an absolute path goes on after it.
func (r *run) walk(from []*Node, s *step, through bool) []*Node {
	start := len(r.arena)
	for _, n := range from {
		mark := len(r.arena)
		r.along(n, s)
		if r.err != nil {
			return nil
		}
		found := r.arena[mark:]
		for _, pred := range s.preds {
			found = r.keep(found, pred)
		}
		r.arena = append(r.arena[:mark], found...) // predicates may have moved the arena
		if s.axis.reverse() {
			slices.Reverse(r.arena[mark:])
		}
	}
	nodes := r.arena[start:len(r.arena):len(r.arena)]
	if s.sort && len(from) > 1 {
		nodes = sortNodes(nodes)
		r.spend(len(nodes))
	}
	if through && r.nearest && s.axis == childAxis && len(s.preds) == 0 && len(nodes) > 1 {
		nodes = r.nearby(nodes)
	}
	return nodes
}

// nearby keeps only the node that the current node stands in, if there is one.
func (r *run) nearby(nodes []*Node) []*Node {
	for n := r.current; n != nil; n = n.Parent {
		if at := slices.Index(nodes, n); at >= 0 {
			return nodes[at : at+1]
		}
	}
	return nodes
}

// keep filters nodes by a predicate, in place. The nodes count from 1 in the order they come in.
func (r *run) keep(nodes []*Node, pred expr) []*Node {
	if l, ok := pred.(*literal); ok && l.value.typ == Number {
		at := int(l.value.num)
		if float64(at) != l.value.num || at < 1 || at > len(nodes) {
			return nil
		}
		nodes[0] = nodes[at-1]
		return nodes[:1]
	}
	node, pos, size := r.node, r.pos, r.size
	kept := nodes[:0]
	r.size = len(nodes)
	var right Value
	op, _ := pred.(*operation)
	once := op != nil && op.fixed && len(nodes) > 1
	if once { // a list of thousands is searched with the same right side each time
		right = op.right.eval(r)
	}
	for i, n := range nodes {
		if !r.spend(1) {
			break
		}
		r.node, r.pos = n, i+1
		mark := len(r.arena)
		var v Value
		if once {
			v = BoolValue(r.compare(op.op, op.left.eval(r), right))
		} else {
			v = pred.eval(r)
		}
		r.arena = r.arena[:mark]
		if v.typ == Number && v.num == float64(i+1) || v.typ != Number && v.Bool() {
			kept = append(kept, n)
		}
	}
	r.node, r.pos, r.size = node, pos, size
	return kept
}

// along puts the nodes of one axis that pass the test into the arena, in the order of the axis.
func (r *run) along(n *Node, s *step) {
	t := &s.test
	switch s.axis {
	case childAxis:
		r.children(n, t)
	case attributeAxis:
		r.siblings(n.Attrs, t, Attribute)
	case selfAxis:
		r.offer(n, t, Element)
	case parentAxis:
		if n.Parent != nil {
			r.offer(n.Parent, t, Element)
		}
	case descendantAxis:
		r.descend(n, t)
	case descendantOrSelfAxis:
		r.offer(n, t, Element)
		r.descend(n, t)
	case ancestorAxis:
		r.ascend(n.Parent, t)
	case ancestorOrSelfAxis:
		r.ascend(n, t)
	case followingSiblingAxis, precedingSiblingAxis:
		r.beside(n, t, s.axis)
	case followingAxis:
		r.following(n, t)
	case precedingAxis:
		r.preceding(n, t)
	case namespaceAxis:
		r.namespaces(n, t)
	}
}

// offer adds a node when it passes the test; principal is the kind of node that names mean on this axis.
func (r *run) offer(n *Node, t *nodeTest, principal Kind) {
	if r.spend(1) && r.passes(n, t, principal) {
		r.arena = append(r.arena, n)
	}
}

func (r *run) siblings(nodes []*Node, t *nodeTest, principal Kind) {
	if !r.spend(1 + len(nodes)/4) {
		return
	}
	for _, c := range nodes {
		if r.passes(c, t, principal) {
			r.arena = append(r.arena, c)
		}
	}
}

func (r *run) children(n *Node, t *nodeTest) {
	if len(n.Children) == 0 {
		if text := textInside(n); text != nil && (t.kind == anyNode || t.kind == textTest) {
			r.offer(text, t, Element)
		}
		return
	}
	r.siblings(n.Children, t, Element)
}

// textInside gives the text node that an element without children stands for.
func textInside(n *Node) *Node {
	if n.Kind != Element || len(n.Children) > 0 || n.Text == "" {
		return nil
	}
	return &Node{Kind: Text, Text: n.Text, Parent: n}
}

func (r *run) descend(n *Node, t *nodeTest) {
	if len(n.Children) == 0 {
		r.children(n, t)
		return
	}
	for _, c := range n.Children {
		if r.err != nil {
			return
		}
		r.offer(c, t, Element)
		if c.Kind == Element {
			r.descend(c, t)
		}
	}
}

func (r *run) ascend(n *Node, t *nodeTest) {
	for ; n != nil && r.err == nil; n = n.Parent {
		r.offer(n, t, Element)
	}
}

func (r *run) beside(n *Node, t *nodeTest, a axis) {
	at := n.position()
	if n.Parent == nil || n.Kind == Attribute || at < 0 {
		return
	}
	all := n.Parent.Children
	if a == followingSiblingAxis {
		r.siblings(all[at+1:], t, Element)
		return
	}
	for i := at - 1; i >= 0; i-- {
		r.offer(all[i], t, Element)
	}
}

// following are all nodes after n in document order that n does not hold; after an attribute, also its element's content.
func (r *run) following(n *Node, t *nodeTest) {
	if n.Kind == Attribute || n.Kind == Namespace {
		n = n.Parent
		r.descend(n, t)
	}
	for ; n != nil && n.Parent != nil && r.err == nil; n = n.Parent {
		for _, c := range n.Parent.Children[n.position()+1:] {
			r.offer(c, t, Element)
			if c.Kind == Element {
				r.descend(c, t)
			}
		}
	}
}

// preceding are all nodes before n that do not hold it, nearest first.
func (r *run) preceding(n *Node, t *nodeTest) {
	if n.Kind == Attribute || n.Kind == Namespace {
		n = n.Parent
	}
	for ; n != nil && n.Parent != nil && r.err == nil; n = n.Parent {
		for i := n.position() - 1; i >= 0; i-- {
			mark := len(r.arena)
			c := n.Parent.Children[i]
			r.offer(c, t, Element)
			if c.Kind == Element {
				r.descend(c, t)
			}
			slices.Reverse(r.arena[mark:])
		}
	}
}

// namespaces gives the declarations in force at an element, as nodes made on the way.
func (r *run) namespaces(n *Node, t *nodeTest) {
	if n.Kind != Element {
		return
	}
	found := map[string]string{"xml": xmlAddress}
	names := []string{"xml"}
	for at := n; at != nil; at = at.Parent {
		for _, b := range at.declared {
			if _, nearer := found[b.prefix]; !nearer && r.spend(1) {
				found[b.prefix] = b.address
				names = append(names, b.prefix)
			}
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if found[name] != "" {
			r.offer(&Node{Kind: Namespace, Name: name, Text: found[name], Parent: n}, t, Namespace)
		}
	}
}

// passes tells whether a node meets the test.
func (r *run) passes(n *Node, t *nodeTest, principal Kind) bool {
	switch t.kind {
	case nameTest:
		if n.Name != t.name || n.Kind != principal {
			return false
		}
		if t.prefix == "" {
			return n.Prefix == ""
		}
		return n.Space == r.address(t)
	case anyName:
		return n.Kind == principal
	case anyInside:
		return n.Kind == principal && n.Space == r.address(t)
	case textTest:
		return n.Kind == Text
	case commentTest:
		return n.Kind == Comment
	case instructionTest:
		return n.Kind == Instruction && (t.name == "" || t.name == n.Name)
	}
	return true
}

// address is the namespace that a prefix of the expression means.
func (r *run) address(t *nodeTest) string {
	if a, ok := r.ctx.Namespaces[t.prefix]; ok {
		return a
	}
	switch t.prefix {
	case "xml":
		return xmlAddress
	case "jr":
		return "http://openrosa.org/javarosa"
	case "orx":
		return "http://openrosa.org/xforms"
	case "odk":
		return "http://www.opendatakit.org/xforms"
	case "h":
		return "http://www.w3.org/1999/xhtml"
	case "xf":
		return "http://www.w3.org/2002/xforms"
	case "ev":
		return "http://www.w3.org/2001/xml-events"
	case "xsd":
		return "http://www.w3.org/2001/XMLSchema"
	case "entities":
		return "http://www.opendatakit.org/xforms/entities"
	}
	r.fail(fault.New(fault.XPathUnknownPrefix, "prefix", t.prefix, "name", t.prefix+":"+t.name))
	return ""
}

// first gives the first node of a simple path without collecting the others.
func (r *run) first(e *path) *Node {
	if e.absolute {
		if r.nearest {
			return r.firstOf(e)
		}
		return r.firstFrom(r.root, e.runs)
	}
	return r.firstFrom(r.node, e.runs)
}

func (r *run) firstOf(e *path) *Node {
	mark := len(r.arena)
	nodes := e.eval(r).nodes
	r.arena = r.arena[:mark]
	if len(nodes) == 0 {
		return nil
	}
	return nodes[0]
}

func (r *run) firstFrom(n *Node, steps []step) *Node {
	if len(steps) == 0 {
		return n
	}
	s := &steps[0]
	principal, list := Element, n.Children
	switch s.axis {
	case selfAxis:
		if !r.passes(n, &s.test, Element) {
			return nil
		}
		return r.firstFrom(n, steps[1:])
	case parentAxis:
		if n.Parent == nil || !r.passes(n.Parent, &s.test, Element) {
			return nil
		}
		return r.firstFrom(n.Parent, steps[1:])
	case attributeAxis:
		principal, list = Attribute, n.Attrs
	default:
		if len(list) == 0 && (s.test.kind == textTest || s.test.kind == anyNode) {
			if text := textInside(n); text != nil {
				return r.firstFrom(text, steps[1:])
			}
		}
	}
	if !r.spend(1 + len(list)/4) {
		return nil
	}
	for _, c := range list {
		if r.passes(c, &s.test, principal) {
			if found := r.firstFrom(c, steps[1:]); found != nil {
				return found
			}
		}
	}
	return nil
}
