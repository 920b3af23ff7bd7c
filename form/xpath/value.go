package xpath

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Type is the type of a value, or of an expression as far as it is known before evaluation.
type Type uint8

// The types. Date and DateTime behave as strings in ISO form that count as days when used as numbers.
const (
	Unknown Type = iota
	NodeSet
	String
	Number
	Boolean
	Date
	DateTime
)

// String names the type as messages do.
func (t Type) String() string {
	return [...]string{"value of unknown type", "node-set", "text", "number", "boolean", "date", "date and time"}[t]
}

// calendar says what a number counts when it comes from a date.
type calendar uint8

const (
	plain    calendar = iota // just a number
	wholeDay                 // days of the calendar since 1970-01-01, no zone
	instant                  // days of universal time since 1970-01-01T00:00Z
)

// Value is the result of an expression. The zero Value is the empty text.
type Value struct {
	typ    Type
	counts calendar
	num    float64 // Number, Boolean (0 or 1), Date and DateTime (days)
	text   string  // String, Date and DateTime
	nodes  []*Node // NodeSet, in document order
}

// TextValue makes a value of type String.
func TextValue(s string) Value { return Value{typ: String, text: s} }

// NumberValue makes a value of type Number.
func NumberValue(f float64) Value { return Value{typ: Number, num: f} }

// BoolValue makes a value of type Boolean.
func BoolValue(b bool) Value {
	if b {
		return Value{typ: Boolean, num: 1}
	}
	return Value{typ: Boolean}
}

// NodesValue makes a node-set; the nodes are to be in document order.
func NodesValue(nodes []*Node) Value { return Value{typ: NodeSet, nodes: nodes} }

// Type is the type of the value; the zero Value says String.
func (v Value) Type() Type {
	if v.typ == Unknown {
		return String
	}
	return v.typ
}

// Nodes gives the nodes of a node-set in document order (or as randomize put them), nil for other types.
func (v Value) Nodes() []*Node { return v.nodes }

// Bool converts as boolean() does: a node-set is true when it has a node, even an empty one; a text when it is not
// empty; a number when it is neither 0 nor NaN; a date that could be read is true.
func (v Value) Bool() bool {
	switch v.typ {
	case NodeSet:
		return len(v.nodes) > 0
	case Number, Boolean:
		return v.num != 0 && !math.IsNaN(v.num)
	case Date, DateTime:
		return !math.IsNaN(v.num)
	}
	return v.text != ""
}

// Number converts as number() does: the first node of a node-set or the text is read as a decimal number or as an ISO
// date (in days since 1970-01-01), NaN when it is neither. A date-time without offset counts as universal time here.
func (v Value) Number() float64 {
	f, _ := v.number(time.UTC)
	return f
}

func (v Value) number(zone *time.Location) (float64, calendar) {
	switch v.typ {
	case Number, Boolean, Date, DateTime:
		return v.num, v.counts
	case NodeSet:
		if len(v.nodes) == 0 {
			return math.NaN(), plain
		}
		return textNumber(v.nodes[0].StringValue(), zone)
	}
	return textNumber(v.text, zone)
}

// String converts as string() does: the first node's text for a node-set, true or false, a number without exponent.
func (v Value) String() string {
	switch v.typ {
	case NodeSet:
		if len(v.nodes) == 0 {
			return ""
		}
		return v.nodes[0].StringValue()
	case Number:
		return FormatNumber(v.num)
	case Boolean:
		if v.num != 0 {
			return "true"
		}
		return "false"
	}
	return v.text
}

// FormatNumber writes a number as XPath does: no exponent, no needless decimals, NaN, Infinity, and no minus at zero.
func FormatNumber(f float64) string {
	switch {
	case f == 0:
		return "0"
	case math.IsNaN(f):
		return "NaN"
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// textNumber reads a text as number() does.
func textNumber(s string, zone *time.Location) (float64, calendar) {
	s = strings.Trim(s, " \t\r\n")
	if s == "" {
		return math.NaN(), plain
	}
	if f, ok := decimal(s); ok {
		return f, plain
	}
	if len(s) >= len("2006-01-02") && s[4] == '-' {
		return dateNumber(s, zone)
	}
	return math.NaN(), plain
}

// decimal reads -?digits(.digits)? exactly as XPath 1.0 has it: no plus sign, no exponent, no thousands.
func decimal(s string) (float64, bool) {
	digits, point, whole := 0, false, int64(0)
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits++
			whole = whole*10 + int64(c-'0') // used for up to 15 digits only
		case c == '.' && !point:
			point = true
		case c == '-' && i == 0:
		default:
			return 0, false
		}
	}
	if digits == 0 {
		return 0, false
	}
	if !point && digits <= 15 {
		if s[0] == '-' {
			return -float64(whole), true
		}
		return float64(whole), true
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}
