package xpath

import (
	"math"
	"time"
)

// operator is a binary operator of the language.
type operator uint8

const (
	opOr operator = iota
	opAnd
	opEqual
	opUnequal
	opLess
	opAtMost
	opGreater
	opAtLeast
	opPlus
	opMinus
	opTimes
	opDiv
	opMod
	opUnion
)

func (o operator) String() string {
	return [...]string{"or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod", "|"}[o]
}

// binding strength, weakest first; union is above unary minus and has its own level in the grammar.
func (o operator) strength() int {
	return [...]int{1, 2, 3, 3, 4, 4, 4, 4, 5, 5, 6, 6, 6, 8}[o]
}

func (o operator) mirrored() operator {
	switch o {
	case opLess:
		return opGreater
	case opAtMost:
		return opAtLeast
	case opGreater:
		return opLess
	case opAtLeast:
		return opAtMost
	}
	return o
}

// compare follows section 3.4 of XPath 1.0: a comparison with a node-set holds when it holds for one of its nodes.
func (r *run) compare(op operator, a, b Value) bool {
	switch {
	case a.typ == NodeSet && b.typ == NodeSet:
		return r.compareSets(op, a.nodes, b.nodes)
	case a.typ == NodeSet:
		return r.compareSet(op, a, b)
	case b.typ == NodeSet:
		return r.compareSet(op.mirrored(), b, a)
	}
	return compareAtoms(op, a, b, r.zone)
}

func (r *run) compareSet(op operator, set, other Value) bool {
	if other.typ == Boolean {
		return compareAtoms(op, BoolValue(set.Bool()), other, r.zone)
	}
	for _, n := range set.nodes {
		if compareAtoms(op, Value{typ: String, text: r.text(n)}, other, r.zone) {
			return true
		}
	}
	return false
}

func (r *run) compareSets(op operator, a, b []*Node) bool {
	for _, x := range a {
		left := Value{typ: String, text: r.text(x)}
		for _, y := range b {
			if !r.spend(1) {
				return false
			}
			if compareAtoms(op, left, Value{typ: String, text: r.text(y)}, r.zone) {
				return true
			}
		}
	}
	return false
}

// compareAtoms compares two values that are not node-sets. Texts are equal as texts ('01' is not '1'); as soon as one
// side is a number or a date, and always for the order, both are numbers.
func compareAtoms(op operator, a, b Value, zone *time.Location) bool {
	if op == opEqual || op == opUnequal {
		switch {
		case a.typ == Boolean || b.typ == Boolean:
			return (a.Bool() == b.Bool()) == (op == opEqual)
		case a.Type() == String && b.Type() == String:
			return (a.text == b.text) == (op == opEqual)
		}
	}
	x, countsX := a.number(zone)
	y, countsY := b.number(zone)
	x, y = sameClock(x, countsX, y, countsY, zone)
	return compareNumbers(op, x, y)
}

func compareNumbers(op operator, x, y float64) bool {
	switch op {
	case opEqual:
		return x == y
	case opUnequal:
		return x != y
	case opLess:
		return x < y
	case opAtMost:
		return x <= y
	case opGreater:
		return x > y
	}
	return x >= y
}

// arithmetic computes a number from two values; days plus days stay days.
func (r *run) arithmetic(op operator, a, b Value) Value {
	x, countsX := a.number(r.zone)
	y, countsY := b.number(r.zone)
	x, y = sameClock(x, countsX, y, countsY, r.zone)
	v := NumberValue(calculate(op, x, y))
	switch {
	case op == opMinus && countsX != plain && countsY != plain: // a span; times are exact to the millisecond
		v.num = math.Round(v.num*dayMillis) / dayMillis
	case op == opPlus && (countsX == plain || countsY == plain):
		v.counts = max(countsX, countsY)
	case op == opMinus && countsY == plain:
		v.counts = countsX
	}
	return v
}

func calculate(op operator, x, y float64) float64 {
	switch op {
	case opPlus:
		return x + y
	case opMinus:
		return x - y
	case opTimes:
		return x * y
	case opDiv:
		return x / y
	}
	return math.Mod(x, y)
}
