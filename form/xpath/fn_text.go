package xpath

import (
	"math"
	"strings"
	"unicode/utf8"
)

func textFunctions() []function {
	return []function{
		{doc: FunctionDoc{Group: "texts", Signature: "string(value any?) string",
			Text:     "the value as text; of several nodes the first; without argument the context node",
			Examples: []Example{{"string(/data/age)", "34"}, {"string(1 div 4)", "0.25"}, {"string(true())", "true"}, {"string()", "34"}}},
			apply: func(r *run, c *call) Value { return TextValue(r.argument(c, 0)) }},
		{doc: FunctionDoc{Group: "texts", Signature: "concat(parts any*) string",
			Text:      "all parts one after the other",
			Deviation: "One argument or none is enough, and of a node-set all nodes are taken, not the first only (ODK).",
			Examples:  []Example{{"concat(/data/name, ' (', /data/age, ')')", "Amina (34)"}, {"concat(/data/member/first)", "AliZarinaUmed"}}},
			apply: func(r *run, c *call) Value { return TextValue(r.joined("", c.args)) }},
		{doc: FunctionDoc{Group: "texts", Signature: "join(separator string, parts any*) string",
			Text:     "all parts, and all nodes of a node-set, with the separator between them",
			Examples: []Example{{"join(', ', /data/member/first)", "Ali, Zarina, Umed"}, {"join('-', 'a', 1, 'b')", "a-1-b"}}},
			apply: func(r *run, c *call) Value { return TextValue(r.joined(r.string(c.args[0]), c.args[1:])) }},
		{doc: FunctionDoc{Group: "texts", Signature: "contains(text string, part string) boolean",
			Text:     "whether the text contains the part",
			Examples: []Example{{"contains(/data/name, 'min')", "true"}, {"contains('abc', '')", "true"}}},
			apply: func(r *run, c *call) Value {
				return BoolValue(strings.Contains(r.string(c.args[0]), r.string(c.args[1])))
			}},
		{doc: FunctionDoc{Group: "texts", Signature: "starts-with(text string, part string) boolean",
			Text:     "whether the text begins with the part",
			Examples: []Example{{"starts-with(/data/name, 'Am')", "true"}}},
			apply: func(r *run, c *call) Value {
				return BoolValue(strings.HasPrefix(r.string(c.args[0]), r.string(c.args[1])))
			}},
		{doc: FunctionDoc{Group: "texts", Signature: "ends-with(text string, part string) boolean",
			Text:     "whether the text ends with the part",
			Examples: []Example{{"ends-with(/data/name, 'na')", "true"}, {"ends-with('a', 'ba')", "false"}}},
			apply: func(r *run, c *call) Value {
				return BoolValue(strings.HasSuffix(r.string(c.args[0]), r.string(c.args[1])))
			}},
		{doc: FunctionDoc{Group: "texts", Signature: "substring(text string, start number, length number?) string",
			Text:     "the characters from start on, counted from 1, as many as length says",
			Examples: []Example{{"substring('12345', 2, 3)", "234"}, {"substring('12345', 1.5, 2.6)", "234"}, {"substring('12345', 0 div 0)", ""}}},
			apply: substring},
		{doc: FunctionDoc{Group: "texts", Signature: "substr(text string, start number, end number?) string",
			Text:     "the characters from start on, counted from 0, up to but without end; negative numbers count from the end",
			Examples: []Example{{"substr('TJ0103', 2, 4)", "01"}, {"substr('TJ0103', -2)", "03"}, {"substr('abc', 2, 1)", ""}}},
			apply: substr},
		{doc: FunctionDoc{Group: "texts", Signature: "substring-before(text string, part string) string",
			Text:     "what stands before the first occurrence of the part; nothing when it does not occur",
			Examples: []Example{{"substring-before('2024-05', '-')", "2024"}, {"substring-before('2024', '-')", ""}}},
			apply: func(r *run, c *call) Value {
				before, _, found := strings.Cut(r.string(c.args[0]), r.string(c.args[1]))
				if !found {
					before = ""
				}
				return TextValue(before)
			}},
		{doc: FunctionDoc{Group: "texts", Signature: "substring-after(text string, part string) string",
			Text:     "what stands behind the first occurrence of the part; nothing when it does not occur",
			Examples: []Example{{"substring-after('2024-05', '-')", "05"}, {"substring-after('2024', '')", "2024"}}},
			apply: func(r *run, c *call) Value {
				_, after, _ := strings.Cut(r.string(c.args[0]), r.string(c.args[1]))
				return TextValue(after)
			}},
		{doc: FunctionDoc{Group: "texts", Signature: "string-length(text string?) number",
			Text:     "the number of characters",
			Examples: []Example{{"string-length('Душанбе')", "7"}, {"string-length(/data/note)", "0"}}},
			apply: func(r *run, c *call) Value {
				return NumberValue(float64(utf8.RuneCountInString(r.argument(c, 0))))
			}},
		{doc: FunctionDoc{Group: "texts", Signature: "normalize-space(text string?) string",
			Text:     "the text without spaces at its ends and with single spaces inside",
			Examples: []Example{{"normalize-space('  a   b ')", "a b"}}},
			apply: func(r *run, c *call) Value {
				return TextValue(strings.Join(strings.FieldsFunc(r.argument(c, 0), isSpace), " "))
			}},
		{doc: FunctionDoc{Group: "texts", Signature: "translate(text string, from string, to string) string",
			Text:     "the text with each character of from replaced by the one at the same place of to, or removed when to is shorter",
			Examples: []Example{{"translate('bar', 'abc', 'ABC')", "BAr"}, {"translate('1 234', ' ', '')", "1234"}}},
			apply: func(r *run, c *call) Value {
				return TextValue(translate(r.string(c.args[0]), r.string(c.args[1]), r.string(c.args[2])))
			}},
	}
}

func isSpace(c rune) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func (r *run) joined(separator string, args []expr) string {
	var b strings.Builder
	first := true
	r.each(args, func(v Value) {
		if !first {
			b.WriteString(separator)
		}
		first = false
		b.WriteString(v.String())
		r.spend(1 + len(separator)/32)
	})
	return b.String()
}

// substring follows section 4.2 of XPath 1.0, where start and length are rounded and NaN selects nothing.
func substring(r *run, c *call) Value {
	text := r.string(c.args[0])
	start := roundHalfUp(r.number(c.args[1]))
	end := math.Inf(1)
	if len(c.args) == 3 {
		end = start + roundHalfUp(r.number(c.args[2]))
	}
	from, to, at := -1, len(text), 0.0
	for i := range text {
		if at++; at >= start && at < end {
			if from < 0 {
				from = i
			}
		} else if from >= 0 {
			to = i
			break
		}
	}
	if from < 0 {
		return TextValue("")
	}
	return TextValue(text[from:to])
}

func substr(r *run, c *call) Value {
	text := []rune(r.string(c.args[0]))
	start, end := clampIndex(r.number(c.args[1]), len(text)), len(text)
	if len(c.args) == 3 {
		end = clampIndex(r.number(c.args[2]), len(text))
	}
	if start >= end {
		return TextValue("")
	}
	return TextValue(string(text[start:end]))
}

// clampIndex turns a number into an index from 0 to length; negative numbers count from the end.
func clampIndex(f float64, length int) int {
	f = math.Trunc(f)
	if f < 0 {
		f += float64(length)
	}
	switch {
	case !(f > 0): // NaN as well
		return 0
	case f > float64(length):
		return length
	}
	return int(f)
}

func translate(text, from, to string) string {
	source, target := []rune(from), []rune(to)
	return strings.Map(func(c rune) rune {
		for i, s := range source {
			if s != c {
				continue
			}
			if i < len(target) {
				return target[i]
			}
			return -1
		}
		return c
	}, text)
}
