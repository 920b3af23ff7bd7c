package xpath

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"safar/fault"
)

func (l *lexer) here() string { return strconv.Itoa(l.column) }

// foreign are the signs of other languages that people write, with what ODK has instead. Longer signs come first.
func foreign() [][2]string {
	return [][2]string{
		{"===", "="}, {"!==", "!="}, {"==", "="}, {"<>", "!="}, {"=<", "<="}, {"=>", ">="}, {"&&", "and"}, {"||", "or"},
		{"≤", "<="}, {"≥", ">="}, {"≠", "!="}, {"×", "*"}, {"÷", "div"}, {"−", "-"}, {"–", "-"}, {"%", "mod"}, {"^", "pow(base, exponent)"},
	}
}

// mistake recognises the common slips at the present place.
func (l *lexer) mistake() error {
	rest := l.src[l.at:]
	for _, f := range foreign() {
		if strings.HasPrefix(rest, f[0]) {
			return fault.New(fault.XPathForeignOperator, "column", l.here(), "found", f[0], "instead", f[1])
		}
	}
	for _, e := range [...][2]string{{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}, {"&quot;", `"`}, {"&apos;", "'"}} {
		if strings.HasPrefix(rest, e[0]) {
			return fault.New(fault.XPathEscapedSign, "column", l.here(), "found", e[0], "instead", e[1])
		}
	}
	c, _ := utf8.DecodeRuneInString(rest)
	switch {
	case strings.ContainsRune("‘’‚‛“”„‟«»`´′″", c):
		return fault.New(fault.XPathCurlyQuote, "column", l.here(), "found", string(c))
	case strings.HasPrefix(rest, "${"):
		reference, _, closed := strings.Cut(rest, "}")
		if closed {
			reference += "}"
		}
		return fault.New(fault.XPathReferenceLeft, "column", l.here(), "found", clip(reference))
	case c == '$':
		return fault.New(fault.XPathVariable, "column", l.here(), "found", clip("$"+rest[1:1+nameLength(rest[1:])]))
	}
	return nil
}

// odd refuses a character that no expression has.
func (l *lexer) odd() error {
	c, _ := utf8.DecodeRuneInString(l.src[l.at:])
	found, hint := strconv.Quote(string(c)), "Remove it, or put it between quotes"
	switch {
	case c == utf8.RuneError:
		found, hint = "a damaged character", "Save the file as UTF-8"
	case unicode.IsSpace(c) || c == '\u200b' || c == '\ufeff':
		found, hint = "an invisible character ("+strconv.QuoteToASCII(string(c))+")", "Replace it by an ordinary space"
	case c == '!':
		hint = "Write not( ) around the condition, or != for is not equal"
	case c == '&':
		hint = "Write and between two conditions; to join texts write concat(a, b)"
	case c == ';':
		hint = "Separate arguments with commas"
	case c == '{' || c == '}':
		hint = "References to questions are written ${name}, other brackets are ( )"
	}
	return fault.New(fault.XPathOddCharacter, "column", l.here(), "found", found, "hint", hint)
}

// unexpected says what stands where something else should.
func (p *parser) unexpected(expected, hint string) error {
	t := p.peek()
	if hint == "" {
		hint = p.guess(t, expected)
	}
	return fault.New(fault.XPathUnexpected, "column", strconv.Itoa(t.column), "found", t.describe(), "expected", expected, "hint", hint)
}

// guess finds the most probable mend for an unexpected token.
func (p *parser) guess(t token, expected string) string {
	operatorWanted := strings.HasPrefix(expected, "an operator")
	lower := strings.ToLower(t.text)
	switch {
	case t.kind == nameToken && operatorWanted && lower != t.text && slices.Contains([]string{"and", "or", "div", "mod"}, lower):
		return "Write " + lower + " in small letters"
	case t.kind == nameToken && operatorWanted && (t.text == "not" || t.text == "is"):
		return "Write != for is not equal, or put not( ) around the condition"
	case t.kind == nameToken && operatorWanted && t.text == "in":
		return "To ask whether a choice is among the answers write selected(answers, 'choice')"
	case t.kind == signToken && t.text == "," && operatorWanted && p.open == 0:
		return "Write numbers with a point and without thousands separators"
	case t.kind == endToken && operatorWanted:
		return "Close every bracket that was opened"
	case t.kind == endToken:
		return "The expression breaks off; write what follows the last operator"
	case t.text == ")" && operatorWanted:
		return "There are more closing than opening brackets; remove one"
	case operatorWanted:
		return "Put an operator such as and, or, =, +, or a comma between the two parts; put texts between quotes"
	}
	return "Write a path such as /data/age, a number, a text between quotes, or a function"
}

func (t token) describe() string {
	switch t.kind {
	case endToken:
		return "the end"
	case literalToken:
		return "the text '" + clip(t.text) + "'"
	case numberToken:
		return "the number " + clip(t.text)
	case nameToken:
		return "the name " + clip(t.text)
	}
	return t.text
}

// nearestFunction gives the known function most like name, "" when none is close.
func nearestFunction(name string) string {
	best, distance := "", 1+len(name)/3
	for _, known := range functionNames() {
		if d := editDistance(strings.ToLower(name), strings.ToLower(known)); d < distance || (d == distance && best == "") {
			best, distance = known, d
		}
	}
	return best
}

// editDistance counts the letters to insert, remove or change to make b from a.
func editDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i, c := range x {
		diagonal := row[0]
		row[0] = i + 1
		for j, d := range y {
			change := diagonal
			if c != d {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(y)]
}

// unknownFunction tells that there is no such function, with the most probable other name.
func unknownFunction(name string, column int) error {
	hint := "Look the function up in the list of functions"
	known := map[string]string{
		"jr:itext": "Translated texts belong into labels, not into expressions", "average": "Write sum(path) div count(path)",
		"avg": "Write sum(path) div count(path)", "mean": "Write sum(path) div count(path)", "len": "Write string-length(text)",
		"length": "Write string-length(text)", "and": "Write and between two conditions", "or": "Write or between two conditions",
		"iif": "Write if(condition, then, else)", "ifelse": "Write if(condition, then, else)", "isnull": "Write path = ''",
		"search": "search() belongs into the appearance column", "lower": "Write translate(text, 'ABC', 'abc') with all letters",
	}
	if known[name] != "" {
		hint = known[name]
	} else if near := nearestFunction(name); near != "" {
		hint = "Perhaps " + near + "() is meant"
	}
	return fault.New(fault.XPathUnknownFunction, "column", strconv.Itoa(column), "name", clip(name), "hint", hint)
}
