package form

import (
	"iter"
	"strings"
	"unicode/utf8"

	"safar/fault"
	"safar/form/xpath"
)

// Expressions gives the expressions of an element as authors write them, by the column they stand in. A default is
// among them only when it is computed.
func (e *Element) Expressions() iter.Seq2[string, string] {
	pairs := [][2]string{
		{"relevant", e.Relevant}, {"constraint", e.Constraint}, {"required", e.Required}, {"read_only", e.ReadOnly},
		{"calculation", e.Calculation}, {"choice_filter", e.ChoiceFilter}, {"repeat_count", e.RepeatCount},
	}
	if e.HasDynamicDefault() {
		pairs = append(pairs, [2]string{"default", e.Default})
	}
	return func(yield func(string, string) bool) {
		for _, p := range pairs {
			if p[1] != "" && !yield(p[0], p[1]) {
				return
			}
		}
	}
}

// CheckSyntax parses an author's expression with its ${name} references. The positions that a fault names are those of
// the author's text. Fault: form.bad_expression.
func CheckSyntax(expr string) error {
	masked, err := mask(expr)
	if err != nil {
		return err
	}
	if _, err = xpath.Parse(masked); err != nil {
		return badExpression(expr, err)
	}
	return nil
}

func badExpression(expr string, err error) error {
	reason, mend := err.Error(), "Mend the expression"
	if f, ok := err.(*fault.Error); ok {
		reason, mend = f.Message(), strings.TrimSuffix(f.Mend(), ".")
	}
	return fault.Wrap(err, fault.FormBadExpression, "expression", shorten(expr), "reason", reason, "mend", mend)
}

// mask writes a path of the same length for every reference, so that positions stay.
func mask(expr string) (string, error) {
	var b strings.Builder
	for {
		start := strings.Index(expr, "${")
		if start < 0 {
			b.WriteString(expr)
			return b.String(), nil
		}
		end := strings.IndexByte(expr[start:], '}')
		if end < 0 {
			return "", fault.New(fault.FormUnclosedReference, "text", shorten(expr[start:]))
		}
		b.WriteString(expr[:start] + " x")
		b.WriteString(strings.Repeat(" ", max(1, utf8.RuneCountInString(expr[start:start+end+1])-2)))
		expr = expr[start+end+1:]
	}
}

// QuotedReferences lists the references that stand inside quotation marks, where they mean a path and not an answer.
// jr:choice-name wants them so; its own are not listed.
func QuotedReferences(expr string) []string {
	if !strings.Contains(expr, "${") {
		return nil
	}
	var found []string
	inChoiceName := false
	for i := 0; i < len(expr); i++ {
		if expr[i] == '(' {
			inChoiceName = nameBefore(expr[:i]) == "jr:choice-name"
		}
		if expr[i] != '"' && expr[i] != '\'' {
			continue
		}
		end := strings.IndexByte(expr[i+1:], expr[i])
		if end < 0 {
			return found
		}
		if !inChoiceName {
			found = append(found, References(expr[i+1:i+1+end])...)
		}
		i += end + 1
	}
	return found
}

// HasDynamicDefault says whether the default is computed when a form is opened, and not a text that stands in it.
func (e *Element) HasDynamicDefault() bool {
	d := e.Default
	if strings.Contains(d, "${") {
		return true
	}
	if call := callAt(d); call {
		_, err := xpath.Parse(d)
		return err == nil
	}
	if data := e.Data(); data == "int" || data == "decimal" {
		return isArithmetic(d)
	}
	return false
}

// callAt says whether a name with an opening bracket stands outside of quotation marks.
func callAt(s string) bool {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\'', '"':
			end := strings.IndexByte(s[i+1:], s[i])
			if end < 0 {
				return false
			}
			i += end + 1
		case '(':
			if i > 0 && nameBefore(s[:i]) != "" && s[i-1] != ' ' {
				return true
			}
		}
	}
	return false
}

// isArithmetic holds for sums such as 2 + 3 and not for plain numbers or texts.
func isArithmetic(s string) bool {
	if !strings.ContainsAny(s, "+*") && !strings.Contains(strings.TrimLeft(s, "-"), "-") &&
		!strings.Contains(s, " div ") && !strings.Contains(s, " mod ") {
		return false
	}
	parsed, err := xpath.Parse(s)
	return err == nil && parsed.Type() == xpath.Number && !strings.ContainsAny(s, "eE")
}

func shorten(s string) string {
	const most = 120
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return s
}
