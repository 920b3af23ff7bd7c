package xpath

import (
	"slices"
	"strconv"
	"strings"
)

// position is the node's index among its siblings. It is right also when somebody changed Children directly.
func (n *Node) position() int {
	siblings := n.siblings()
	if n.place < len(siblings) && siblings[n.place] == n {
		return n.place
	}
	return slices.Index(siblings, n) // -1 for texts and namespaces made on the way
}

func (n *Node) siblings() []*Node {
	switch {
	case n.Parent == nil:
		return nil
	case n.Kind == Attribute:
		return n.Parent.Attrs
	case n.Kind == Namespace:
		return nil
	}
	return n.Parent.Children
}

// QName is the name with its prefix, as written.
func (n *Node) QName() string {
	if n.Prefix == "" {
		return n.Name
	}
	return n.Prefix + ":" + n.Name
}

// Path says where the node stands: /data/rep[2]/x. A position is written only where siblings share the name.
func (n *Node) Path() string { return n.path(true) }

// PlainPath is the path without positions, /data/rep/x: the same for all copies of a repeat.
func (n *Node) PlainPath() string { return n.path(false) }

func (n *Node) path(positions bool) string {
	var steps []string
	for ; n != nil && n.Kind != Root; n = n.Parent {
		steps = append(steps, n.stepName(positions))
	}
	slices.Reverse(steps)
	return "/" + strings.Join(steps, "/")
}

func (n *Node) stepName(positions bool) string {
	switch n.Kind {
	case Attribute:
		return "@" + n.QName()
	case Text:
		return "text()"
	case Comment:
		return "comment()"
	case Instruction:
		return "processing-instruction()"
	case Namespace:
		return "namespace::" + n.Name
	}
	if at, of := n.amongNamesakes(); positions && of > 1 {
		return n.QName() + "[" + strconv.Itoa(at) + "]"
	}
	return n.QName()
}

// amongNamesakes gives the 1-based place among the sibling elements of the same name, and how many those are.
func (n *Node) amongNamesakes() (at, of int) {
	if n.Parent == nil {
		return 1, 1
	}
	for _, s := range n.Parent.Children {
		if s.Kind == Element && s.Name == n.Name && s.Prefix == n.Prefix {
			of++
		}
		if s == n {
			at = of
		}
	}
	return at, of
}

// Compare puts nodes of one tree in document order: -1 when a stands before b, 0 for the same node, 1 after.
// An element stands before its namespaces, attributes and children, in this order. It needs no numbering of the tree
// and takes time in proportion to the depth.
func Compare(a, b *Node) int {
	if a == b {
		return 0
	}
	depthA, depthB := a.depth(), b.depth()
	upA, upB := a, b
	for ; depthA > depthB; depthA-- {
		upA = upA.Parent
	}
	for ; depthB > depthA; depthB-- {
		upB = upB.Parent
	}
	if upA == upB { // one holds the other
		if upA == a {
			return -1
		}
		return 1
	}
	for upA.Parent != upB.Parent {
		upA, upB = upA.Parent, upB.Parent
	}
	return compareSiblings(upA, upB)
}

func compareSiblings(a, b *Node) int {
	if ra, rb := a.rank(), b.rank(); ra != rb {
		return ra - rb
	}
	if a.Kind == Namespace {
		return strings.Compare(a.Name, b.Name)
	}
	return min(1, max(-1, a.position()-b.position()))
}

func (n *Node) rank() int {
	switch n.Kind {
	case Namespace:
		return -2
	case Attribute:
		return -1
	}
	return 0
}

func (n *Node) depth() int {
	d := 0
	for n = n.Parent; n != nil; n = n.Parent {
		d++
	}
	return d
}

// sortNodes puts a node-set in document order and removes what stands twice, in place. Nodes of different trees are
// kept apart, the trees in the order of their first node.
func sortNodes(nodes []*Node) []*Node {
	if len(nodes) < 2 || inOrder(nodes) {
		return nodes
	}
	trees := []*Node{nodes[0].Top()}
	tree := make(map[*Node]int, len(nodes))
	for _, n := range nodes {
		top := n.Top()
		at := slices.Index(trees, top)
		if at < 0 {
			at, trees = len(trees), append(trees, top)
		}
		tree[n] = at
	}
	slices.SortStableFunc(nodes, func(a, b *Node) int {
		if ta, tb := tree[a], tree[b]; ta != tb {
			return ta - tb
		}
		return Compare(a, b)
	})
	return slices.CompactFunc(nodes, func(a, b *Node) bool { return tree[a] == tree[b] && Compare(a, b) == 0 })
}

func inOrder(nodes []*Node) bool {
	for i := 1; i < len(nodes); i++ {
		if nodes[i-1].Top() != nodes[i].Top() || Compare(nodes[i-1], nodes[i]) >= 0 {
			return false
		}
	}
	return true
}
