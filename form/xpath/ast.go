package xpath

import (
	"regexp"
	"strings"
)

// expr is a parsed expression or part of one.
type expr interface {
	eval(r *run) Value
	kind() Type               // as far as it is known
	write(b *strings.Builder) // canonical form
	strength() int            // of binding, for brackets in the canonical form
}

type (
	literal struct{ value Value }

	operation struct {
		op          operator
		left, right expr
		fixed       bool // a comparison whose right side is the same for every context node
	}

	negation struct{ of expr }

	call struct {
		fn      *function
		args    []expr
		column  int
		pattern *regexp.Regexp // compiled when the pattern is a literal
		target  string         // plain path of jr:choice-name when it is a literal
		inner   expr           // the same path, parsed
	}

	// filter is a primary expression with predicates: instance('a')[1], (a | b)[2].
	filter struct {
		of    expr
		preds []expr
	}

	path struct {
		absolute bool
		from     expr // start of the path when it is neither absolute nor relative to the context node
		steps    []step
		column   int

		runs   []step // steps as they are walked: // joined with the step behind it
		simple bool   // only self, parent, child and attribute steps to names, without predicates
	}

	step struct {
		axis  axis
		test  nodeTest
		preds []expr
		sort  bool // the nodes may come out of order or twice
	}

	nodeTest struct {
		kind   testKind
		prefix string
		name   string // local name; target of a processing-instruction test
	}
)

type testKind uint8

const (
	nameTest  testKind = iota // a, p:a
	anyName                   // *
	anyInside                 // p:*
	anyNode                   // node()
	textTest
	commentTest
	instructionTest
)

type axis uint8

const (
	childAxis axis = iota
	attributeAxis
	selfAxis
	parentAxis
	descendantAxis
	descendantOrSelfAxis
	ancestorAxis
	ancestorOrSelfAxis
	followingSiblingAxis
	precedingSiblingAxis
	followingAxis
	precedingAxis
	namespaceAxis
)

func axisNames() []string {
	return []string{"child", "attribute", "self", "parent", "descendant", "descendant-or-self", "ancestor", "ancestor-or-self",
		"following-sibling", "preceding-sibling", "following", "preceding", "namespace"}
}

func (a axis) reverse() bool {
	switch a {
	case ancestorAxis, ancestorOrSelfAxis, precedingAxis, precedingSiblingAxis, parentAxis:
		return true
	}
	return false
}

func (*literal) strength() int     { return 10 }
func (e *operation) strength() int { return e.op.strength() }
func (*negation) strength() int    { return 7 }
func (*call) strength() int        { return 10 }
func (*filter) strength() int      { return 9 }
func (*path) strength() int        { return 9 }

func (e *literal) kind() Type { return e.value.typ }
func (*negation) kind() Type  { return Number }
func (*filter) kind() Type    { return NodeSet }
func (*path) kind() Type      { return NodeSet }

func (e *operation) kind() Type {
	switch {
	case e.op <= opAtLeast:
		return Boolean
	case e.op == opUnion:
		return NodeSet
	}
	return Number
}

func (e *call) kind() Type {
	switch e.fn.doc.Name {
	case "if":
		if a := e.args[1].kind(); a == e.args[2].kind() {
			return a
		}
		return Unknown
	}
	return e.fn.returns
}

func (e *literal) write(b *strings.Builder) {
	if e.value.typ == Number {
		b.WriteString(FormatNumber(e.value.num))
		return
	}
	quote := "'"
	if strings.Contains(e.value.text, quote) {
		quote = `"`
	}
	b.WriteString(quote + e.value.text + quote)
}

func (e *operation) write(b *strings.Builder) {
	writeInside(b, e.left, e.op.strength())
	b.WriteString(" " + e.op.String() + " ")
	writeInside(b, e.right, e.op.strength()+1)
}

func (e *negation) write(b *strings.Builder) {
	b.WriteByte('-')
	writeInside(b, e.of, e.strength())
}

func (e *call) write(b *strings.Builder) {
	b.WriteString(e.fn.doc.Name + "(")
	for i, a := range e.args {
		if i > 0 {
			b.WriteString(", ")
		}
		a.write(b)
	}
	b.WriteByte(')')
}

func (e *filter) write(b *strings.Builder) {
	writeInside(b, e.of, 10)
	writePredicates(b, e.preds)
}

func (e *path) write(b *strings.Builder) {
	if e.from != nil {
		strength := 9
		if _, nested := e.from.(*path); nested {
			strength = 10
		}
		writeInside(b, e.from, strength)
	}
	slash := e.absolute || e.from != nil
	if e.absolute && len(e.steps) == 0 {
		b.WriteByte('/')
	}
	for i := 0; i < len(e.steps); i++ {
		if slash {
			b.WriteByte('/')
		}
		if slash = true; e.steps[i].isDoubleSlash() && i+1 < len(e.steps) && (i > 0 || e.absolute || e.from != nil) {
			i++
			b.WriteByte('/')
		}
		e.steps[i].write(b)
	}
}

// isDoubleSlash tells a step that // stands for.
func (s step) isDoubleSlash() bool {
	return s.axis == descendantOrSelfAxis && s.test.kind == anyNode && len(s.preds) == 0
}

func (s step) write(b *strings.Builder) {
	switch {
	case s.axis == selfAxis && s.test.kind == anyNode:
		b.WriteByte('.')
	case s.axis == parentAxis && s.test.kind == anyNode:
		b.WriteString("..")
	case s.axis == childAxis:
		s.test.write(b)
	case s.axis == attributeAxis:
		b.WriteByte('@')
		s.test.write(b)
	default:
		b.WriteString(axisNames()[s.axis] + "::")
		s.test.write(b)
	}
	writePredicates(b, s.preds)
}

func (t nodeTest) write(b *strings.Builder) {
	switch t.kind {
	case anyName:
		b.WriteByte('*')
	case anyInside:
		b.WriteString(t.prefix + ":*")
	case anyNode:
		b.WriteString("node()")
	case textTest:
		b.WriteString("text()")
	case commentTest:
		b.WriteString("comment()")
	case instructionTest:
		b.WriteString("processing-instruction(")
		if t.name != "" {
			(&literal{TextValue(t.name)}).write(b)
		}
		b.WriteByte(')')
	default:
		if t.prefix != "" {
			b.WriteString(t.prefix + ":")
		}
		b.WriteString(t.name)
	}
}

func writePredicates(b *strings.Builder, preds []expr) {
	for _, p := range preds {
		b.WriteByte('[')
		p.write(b)
		b.WriteByte(']')
	}
}

// writeInside writes a part, in brackets when it binds weaker than its surroundings.
func writeInside(b *strings.Builder, e expr, strength int) {
	if e.strength() >= strength {
		e.write(b)
		return
	}
	b.WriteByte('(')
	e.write(b)
	b.WriteByte(')')
}
