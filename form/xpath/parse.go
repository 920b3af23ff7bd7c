package xpath

import (
	"regexp"
	"strconv"
	"strings"

	"safar/fault"
)

// Expr is a parsed expression. It never changes, so many goroutines may evaluate it at once.
type Expr struct {
	source string
	root   expr
}

// Parse reads an expression. A fault says at which character something is wrong, what should stand there, and how the
// common slips are mended.
func Parse(source string) (*Expr, error) {
	tokens, err := tokenize(source)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	root, err := p.expression(1)
	if err != nil {
		return nil, err
	}
	if p.peek().kind != endToken {
		return nil, p.unexpected("an operator or the end", "")
	}
	return &Expr{source: source, root: root}, nil
}

// Source is the expression as it was given.
func (e *Expr) Source() string { return e.source }

// String is the expression in canonical form: one space around operators, short axes, no needless brackets.
func (e *Expr) String() string {
	var b strings.Builder
	e.root.write(&b)
	return b.String()
}

// Type is what the expression yields, Unknown when that depends on the answers.
func (e *Expr) Type() Type { return e.root.kind() }

// parser is a recursive descent over the tokens.
type parser struct {
	tokens []token
	at     int
	depth  int
	open   int // brackets open
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) ahead() token { return p.tokens[min(p.at+1, len(p.tokens)-1)] }

func (p *parser) take() token {
	t := p.tokens[p.at]
	if t.kind != endToken {
		p.at++
	}
	return t
}

func (p *parser) isSign(s string) bool { t := p.peek(); return t.kind == signToken && t.text == s }

func (p *parser) accept(sign string) bool {
	if p.isSign(sign) {
		p.at++
		return true
	}
	return false
}

func (p *parser) deeper() error {
	if p.depth++; p.depth > maxDepth {
		return fault.New(fault.XPathTooDeep, "limit", strconv.Itoa(maxDepth), "column", strconv.Itoa(p.peek().column))
	}
	return nil
}

// expression reads operators that bind at least as strong as weakest.
func (p *parser) expression(weakest int) (expr, error) {
	if err := p.deeper(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	left, err := p.unary()
	if err != nil {
		return nil, err
	}
	for {
		op, ok := p.operator()
		if !ok || op.strength() < weakest {
			return left, nil
		}
		column := p.take().column
		right, err := p.operand(op)
		if err != nil {
			return nil, err
		}
		if op == opUnion {
			if err := bothNodes(left, right, column); err != nil {
				return nil, err
			}
		}
		left = &operation{op: op, left: left, right: right, fixed: op >= opEqual && op <= opAtLeast && fixed(right)}
	}
}

// fixed tells that an expression does not depend on the context node. It may say no when it could say yes.
func fixed(e expr) bool {
	switch e := e.(type) {
	case *literal:
		return true
	case *path:
		return e.absolute || (e.from != nil && fixed(e.from))
	case *call:
		switch e.fn.doc.Name {
		case "current", "today":
			return true
		case "string", "number", "date":
			return len(e.args) == 1 && fixed(e.args[0])
		}
	}
	return false
}

func (p *parser) operand(op operator) (expr, error) {
	if op == opUnion {
		return p.path()
	}
	return p.expression(op.strength() + 1)
}

func bothNodes(left, right expr, column int) error {
	for _, e := range [...]expr{left, right} {
		if k := e.kind(); k != NodeSet && k != Unknown {
			return needsNodes("|", e, k, column)
		}
	}
	return nil
}

func needsNodes(place string, e expr, typ Type, column int) error {
	var b strings.Builder
	e.write(&b)
	return fault.New(fault.XPathNeedsNodes, "column", strconv.Itoa(column), "place", place, "found", clip(b.String()), "type", typ.String())
}

// operator tells whether the next token is one; names such as and are operators only here.
func (p *parser) operator() (operator, bool) {
	t := p.peek()
	if t.kind != signToken && t.kind != nameToken {
		return 0, false
	}
	for op := opOr; op <= opUnion; op++ {
		if op.String() == t.text {
			return op, true
		}
	}
	return 0, false
}

func (p *parser) unary() (expr, error) {
	minus := false
	signs := 0
	for p.accept("-") {
		minus = !minus
		signs++
	}
	if signs == 0 {
		if p.isSign("+") {
			return nil, p.unexpected("a value", "Leave the + out; numbers are positive without it")
		}
		return p.path()
	}
	of, err := p.union()
	if err != nil {
		return nil, err
	}
	if !minus {
		of = &negation{of: of}
	}
	return &negation{of: of}, nil
}

// union reads paths joined by |, which binds stronger than the minus before it.
func (p *parser) union() (expr, error) {
	left, err := p.path()
	for err == nil && p.isSign("|") {
		column := p.take().column
		var right expr
		if right, err = p.path(); err != nil {
			break
		}
		if err = bothNodes(left, right, column); err == nil {
			left = &operation{op: opUnion, left: left, right: right}
		}
	}
	return left, err
}

// primary reads a literal, a number, brackets or a function call; ok is false when a path begins here.
func (p *parser) primary() (e expr, ok bool, err error) {
	t := p.peek()
	switch {
	case t.kind == literalToken:
		p.take()
		return &literal{TextValue(t.text)}, true, nil
	case t.kind == numberToken:
		p.take()
		f, _ := decimal(t.text)
		return &literal{NumberValue(f)}, true, nil
	case p.isSign("("):
		e, err = p.brackets()
		return e, true, err
	case t.kind == nameToken && p.ahead().kind == signToken && p.ahead().text == "(" && !isNodeType(t.text):
		e, err = p.call()
		return e, true, err
	}
	return nil, false, nil
}

func isNodeType(name string) bool {
	return name == "node" || name == "text" || name == "comment" || name == "processing-instruction"
}

func (p *parser) brackets() (expr, error) {
	p.take()
	p.open++
	e, err := p.expression(1)
	if err != nil {
		return nil, err
	}
	p.open--
	if !p.accept(")") {
		return nil, p.unexpected("an operator or )", "")
	}
	return e, nil
}

func (p *parser) call() (expr, error) {
	name := p.take()
	fn, ok := lookupFunction(name.text)
	if !ok {
		return nil, unknownFunction(name.text, name.column)
	}
	p.take() // (
	p.open++
	c := &call{fn: fn, column: name.column}
	for !p.accept(")") {
		if len(c.args) > 0 && !p.accept(",") {
			return nil, p.unexpected("an operator, a comma or )", "")
		}
		arg, err := p.expression(1)
		if err != nil {
			return nil, err
		}
		c.args = append(c.args, arg)
	}
	p.open--
	return c, c.check()
}

// check looks at number and types of the arguments and prepares what is known already.
func (c *call) check() error {
	if err := c.fn.checkArguments(c); err != nil {
		return err
	}
	if len(c.args) != 2 {
		return nil
	}
	second, ok := c.args[1].(*literal)
	if !ok {
		return nil
	}
	text := second.value.String()
	switch c.fn.doc.Name {
	case "regex":
		re, err := compilePattern(text)
		if err != nil {
			return fault.Wrap(err, fault.XPathBadPattern, "column", strconv.Itoa(c.column), "pattern", clip(text), "problem", patternProblem(err))
		}
		c.pattern = re
	case "jr:choice-name":
		c.target = strings.TrimSpace(text)
		if inner, err := Parse(c.target); err == nil && inner.Type() == NodeSet {
			c.inner = inner.root
		}
	}
	return nil
}

// compilePattern makes a regular expression that must match the whole text.
func compilePattern(pattern string) (*regexp.Regexp, error) {
	if _, err := regexp.Compile(pattern); err != nil { // alone, so that the message shows the pattern as written
		return nil, err
	}
	return regexp.Compile(`\A(?:` + pattern + `)\z`)
}

func patternProblem(err error) string {
	return clip(strings.TrimPrefix(err.Error(), "error parsing regexp: "))
}

// predicates reads [..][..].
func (p *parser) predicates() ([]expr, error) {
	var preds []expr
	for p.accept("[") {
		p.open++
		e, err := p.expression(1)
		if err != nil {
			return nil, err
		}
		p.open--
		if !p.accept("]") {
			return nil, p.unexpected("an operator or ]", "")
		}
		preds = append(preds, e)
	}
	return preds, nil
}
