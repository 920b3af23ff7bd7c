package xpath

import (
	"slices"
	"strconv"
	"strings"

	"safar/fault"
)

// path reads a location path, or a primary expression with what may follow it.
func (p *parser) path() (expr, error) {
	column := p.peek().column
	primary, ok, err := p.primary()
	if err != nil {
		return nil, err
	}
	if !ok {
		return p.location(column)
	}
	preds, err := p.predicates()
	if err != nil {
		return nil, err
	}
	if len(preds) > 0 {
		if k := primary.kind(); k != NodeSet && k != Unknown {
			return nil, needsNodes("a condition in [ ]", primary, k, column)
		}
		primary = &filter{of: primary, preds: preds}
	}
	if !p.isSign("/") && !p.isSign("//") {
		return primary, nil
	}
	if k := primary.kind(); k != NodeSet && k != Unknown {
		return nil, p.slashDivision(primary)
	}
	e := &path{from: primary, column: column}
	return p.steps(e)
}

func (p *parser) slashDivision(e expr) error {
	var b strings.Builder
	e.write(&b)
	return fault.New(fault.XPathSlashDivision, "column", strconv.Itoa(p.peek().column), "found", clip(b.String()))
}

// location reads a path that begins at the root or at the context node.
func (p *parser) location(column int) (expr, error) {
	e := &path{column: column}
	switch {
	case p.isSign("//"):
		e.absolute = true
	case p.accept("/"):
		e.absolute = true
		if !p.stepAhead() {
			return e.compile(), nil
		}
		return p.stepsFromHere(e)
	case !p.stepAhead():
		return nil, p.unexpected("a value", "")
	default:
		return p.stepsFromHere(e)
	}
	return p.steps(e)
}

func (p *parser) stepAhead() bool {
	t := p.peek()
	return t.kind == nameToken || (t.kind == signToken && slices.Contains([]string{".", "..", "@", "*"}, t.text))
}

func (p *parser) stepsFromHere(e *path) (expr, error) {
	s, err := p.step()
	if err != nil {
		return nil, err
	}
	e.steps = append(e.steps, s)
	return p.steps(e)
}

// steps reads what follows after a slash.
func (p *parser) steps(e *path) (expr, error) {
	for {
		switch {
		case p.accept("//"):
			e.steps = append(e.steps, step{axis: descendantOrSelfAxis, test: nodeTest{kind: anyNode}})
		case p.accept("/"):
		default:
			return e.compile(), nil
		}
		if !p.stepAhead() {
			return nil, p.unexpected("a step of the path", "After a slash comes a name, such as /data/age; remove a slash that stands at the end")
		}
		s, err := p.step()
		if err != nil {
			return nil, err
		}
		e.steps = append(e.steps, s)
	}
}

func (p *parser) step() (step, error) {
	s := step{}
	var err error
	switch {
	case p.accept("."):
		s = step{axis: selfAxis, test: nodeTest{kind: anyNode}}
	case p.accept(".."):
		s = step{axis: parentAxis, test: nodeTest{kind: anyNode}}
	default:
		if s.axis, err = p.axis(); err != nil {
			return s, err
		}
		if s.test, err = p.test(); err != nil {
			return s, err
		}
	}
	s.preds, err = p.predicates()
	return s, err
}

func (p *parser) axis() (axis, error) {
	if p.accept("@") {
		return attributeAxis, nil
	}
	t, next := p.peek(), p.ahead()
	if t.kind != nameToken || next.kind != signToken || next.text != "::" {
		return childAxis, nil
	}
	at := slices.Index(axisNames(), t.text)
	if at < 0 {
		return 0, fault.New(fault.XPathUnknownAxis, "column", strconv.Itoa(t.column), "name", clip(t.text))
	}
	p.take()
	p.take()
	return axis(at), nil
}

func (p *parser) test() (nodeTest, error) {
	if p.accept("*") {
		return nodeTest{kind: anyName}, nil
	}
	t := p.peek()
	if t.kind != nameToken {
		return nodeTest{}, p.unexpected("a name", "Write the name of a question, or * for any")
	}
	p.take()
	if p.isSign("(") && isNodeType(t.text) {
		return p.typeTest(t.text)
	}
	prefix, name, qualified := strings.Cut(t.text, ":")
	switch {
	case !qualified:
		return nodeTest{kind: nameTest, name: t.text}, nil
	case name == "*":
		return nodeTest{kind: anyInside, prefix: prefix}, nil
	}
	return nodeTest{kind: nameTest, prefix: prefix, name: name}, nil
}

func (p *parser) typeTest(name string) (nodeTest, error) {
	p.take()
	test := nodeTest{kind: map[string]testKind{"node": anyNode, "text": textTest, "comment": commentTest,
		"processing-instruction": instructionTest}[name]}
	if t := p.peek(); test.kind == instructionTest && t.kind == literalToken {
		p.take()
		test.name = t.text
	}
	if !p.accept(")") {
		return test, p.unexpected(")", "Write "+name+"() without arguments")
	}
	return test, nil
}

// compile prepares the walk: // joins with the step behind it, and each step knows whether its nodes need sorting.
func (e *path) compile() *path {
	e.simple = e.from == nil
	for i := 0; i < len(e.steps); i++ {
		s := e.steps[i]
		if s.isDoubleSlash() && i+1 < len(e.steps) {
			if next := e.steps[i+1]; next.axis == childAxis && !anyPositional(next.preds) {
				s = next
				s.axis = descendantAxis
				i++
			}
		}
		if s.axis > parentAxis || len(s.preds) > 0 {
			e.simple = false
		}
		e.runs = append(e.runs, s)
	}
	e.markSorting()
	return e
}

// markSorting follows how many nodes there can be and whether one can hold another. From nodes that do not hold each
// other, in order, the child, attribute and self axes give nodes in order, each once; other axes may not.
func (e *path) markSorting() {
	one, apart := e.from == nil, e.from == nil
	for i := range e.runs {
		s := &e.runs[i]
		switch s.axis {
		case selfAxis:
		case childAxis, attributeAxis, namespaceAxis:
			s.sort = !apart
			one = false
		case parentAxis:
			s.sort = !one
			apart = one
		case descendantAxis, descendantOrSelfAxis:
			s.sort = !apart
			one, apart = false, false
		default:
			s.sort = !one
			one, apart = false, false
		}
	}
}

func anyPositional(preds []expr) bool {
	return slices.ContainsFunc(preds, func(e expr) bool {
		k := e.kind()
		return k == Number || k == Unknown || asksPosition(e)
	})
}

// asksPosition tells whether an expression depends on where the context node stands.
func asksPosition(e expr) bool {
	switch e := e.(type) {
	case *operation:
		return asksPosition(e.left) || asksPosition(e.right)
	case *negation:
		return asksPosition(e.of)
	case *filter:
		return asksPosition(e.of)
	case *path:
		return e.from != nil && asksPosition(e.from)
	case *call:
		if n := e.fn.doc.Name; n == "last" || (n == "position" && len(e.args) == 0) {
			return true
		}
		return slices.ContainsFunc(e.args, asksPosition)
	}
	return false
}
