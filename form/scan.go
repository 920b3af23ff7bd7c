package form

import (
	"strings"

	"safar/fault"
)

// opener is a bracket that is open while an expression is scanned.
type opener struct {
	kind     byte   // '(' or '['
	function string // name before '(' when it is a call
	argument int    // commas seen inside
}

// scanner walks over an author's expression and copies it, with every reference replaced.
type scanner struct {
	in    string
	out   strings.Builder
	open  []opener
	quote byte // the quotation mark of the text that is open, 0 outside
}

// rewrite replaces every ${name} by what reference gives, inside quotation marks too: jr:choice-name(${a}, '${a}') wants
// the path of its second argument as text.
func (x *Index) rewrite(expr string, reference func(name string, at position) (string, error)) (string, error) {
	if !strings.Contains(expr, "${") {
		return expr, nil
	}
	s := scanner{in: expr}
	for i := 0; i < len(expr); {
		if strings.HasPrefix(expr[i:], "${") {
			end := strings.IndexByte(expr[i:], '}')
			if end < 0 {
				return "", fault.New(fault.FormUnclosedReference, "text", shorten(expr[i:]))
			}
			path, err := reference(strings.TrimSpace(expr[i+2:i+end]), s.position())
			if err != nil {
				return "", err
			}
			s.out.WriteString(path)
			i += end + 1
			continue
		}
		s.take(i)
		i++
	}
	return s.out.String(), nil
}

// take copies one byte and keeps count of quotation marks and brackets.
func (s *scanner) take(i int) {
	c := s.in[i]
	s.out.WriteByte(c)
	switch {
	case s.quote == c:
		s.quote = 0
	case s.quote != 0:
	case c == '"' || c == '\'':
		s.quote = c
	default:
		s.bracket(i)
	}
}

func (s *scanner) bracket(i int) {
	switch s.in[i] {
	case '(':
		s.open = append(s.open, opener{kind: '(', function: nameBefore(s.in[:i])})
	case '[':
		s.open = append(s.open, opener{kind: '['})
	case ')', ']':
		if len(s.open) > 0 {
			s.open = s.open[:len(s.open)-1]
		}
	case ',':
		if len(s.open) > 0 {
			s.open[len(s.open)-1].argument++
		}
	}
}

func (s *scanner) position() position {
	var at position
	for _, o := range s.open {
		if o.kind == '[' {
			at.predicate = true
		}
		if o.function == "indexed-repeat" {
			at.absolute = o.argument == 0 || o.argument%2 == 1
		}
	}
	return at
}

// nameBefore is the function name that ends the text, spaces between name and bracket allowed.
func nameBefore(text string) string {
	text = strings.TrimRight(text, " \t\r\n")
	start := len(text)
	for start > 0 && isNameByte(text[start-1]) {
		start--
	}
	return text[start:]
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == ':' || c >= 0x80
}
