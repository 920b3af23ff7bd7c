package intake

import (
	"strconv"
	"strings"
	"unicode"
)

// separators are the marks of one column's numbers. Zero means that the column does not show it.
type separators struct {
	decimal rune // '.' or ','
}

// number is a cell read as a number, in canonical decimal text: "1234.5".
type number struct {
	text    string
	percent bool // written with a percent sign; text is the number before the sign
}

func (n number) whole() bool    { return !strings.Contains(n.text, ".") }
func (n number) negative() bool { return strings.HasPrefix(n.text, "-") }

// maxDigits bounds a number as text; nothing that people count is longer.
const maxDigits = 40

// parseNumber reads what people write for a number: thousands in groups of three by space, comma, point or apostrophe,
// decimals after point or comma, Arabic, Persian and Devanagari digits, a sign, brackets for a negative amount, a percent
// sign. wholeOnly settles "1.234", which is a thousand where only whole numbers make sense.
func parseNumber(s string, col separators, wholeOnly bool) (number, bool) {
	s, percent, sign := dress(s)
	if s == "" || len(s) > maxDigits {
		return number{}, false
	}
	if f, ok := exponent(s); ok {
		return number{canonical(sign, f), percent}, true
	}
	whole, fraction, ok := splitNumber(s, col, wholeOnly)
	if !ok {
		return number{}, false
	}
	text := whole
	if fraction = strings.TrimRight(fraction, "0"); fraction != "" {
		text += "." + fraction
	}
	return number{canonical(sign, text), percent}, true
}

// dress takes off what stands around the digits and makes the digits plain.
func dress(s string) (digits string, percent bool, sign string) {
	s = strings.TrimSpace(strings.Map(plainRune, s))
	s = strings.TrimSpace(strings.TrimPrefix(s, "'"))
	if inner, ok := strings.CutSuffix(s, "%"); ok {
		s, percent = strings.TrimSpace(inner), true
	}
	if strings.HasPrefix(s, "(") && strings.HasSuffix(s, ")") {
		s, sign = strings.TrimSpace(s[1:len(s)-1]), "-"
	}
	if rest, ok := strings.CutPrefix(s, "-"); ok && sign == "" {
		return strings.TrimSpace(rest), percent, "-"
	}
	return strings.TrimSpace(strings.TrimPrefix(s, "+")), percent, sign
}

// plainRune maps foreign digits and marks to ASCII and every kind of space to one; it drops what cannot be seen.
func plainRune(r rune) rune {
	for _, zero := range [...]rune{'٠', '۰', '०', '０'} {
		if r >= zero && r <= zero+9 {
			return '0' + r - zero
		}
	}
	switch r {
	case '٫':
		return '.'
	case '٬', '’', 'ʼ', '`':
		return '\''
	case '−', '–', '‑':
		return '-'
	case '\uFEFF', '\u200B', '\u200E', '\u200F', '\u2060':
		return -1
	}
	if unicode.IsSpace(r) {
		return ' '
	}
	return r
}

// exponent reads 1.5E+05, as spreadsheets write large numbers into text files.
func exponent(s string) (string, bool) {
	at := strings.IndexAny(s, "eE")
	if at < 1 || strings.Trim(s, "0123456789.eE+-") != "" {
		return "", false
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || f > 1e15 {
		return "", false
	}
	return strconv.FormatFloat(f, 'f', -1, 64), true
}

func splitNumber(s string, col separators, wholeOnly bool) (whole, fraction string, ok bool) {
	decimal := decimalMark(s, col, wholeOnly)
	whole = s
	if decimal != 0 {
		whole, fraction, _ = cutLast(s, decimal)
		if !allDigits(fraction) {
			return "", "", false
		}
	}
	if whole == "" && fraction != "" {
		return "0", fraction, true
	}
	whole, ok = ungroup(whole)
	return whole, fraction, ok
}

func cutLast(s string, mark rune) (before, after string, found bool) {
	at := strings.LastIndex(s, string(mark))
	if at < 0 {
		return s, "", false
	}
	return s[:at], s[at+1:], true
}

// decimalMark says which mark begins the decimals, 0 for none.
func decimalMark(s string, col separators, wholeOnly bool) rune {
	point, comma := strings.LastIndexByte(s, '.'), strings.LastIndexByte(s, ',')
	switch {
	case point < 0 && comma < 0:
		return 0
	case point >= 0 && comma >= 0:
		if point > comma {
			return '.'
		}
		return ','
	}
	mark := '.'
	if comma >= 0 {
		mark = ','
	}
	if strings.Count(s, string(mark)) > 1 {
		return 0
	}
	if before, after, _ := cutLast(s, mark); len(after) != 3 || len(before) > 3 || before == "" || before[0] == '0' {
		return mark
	}
	switch { // the shape 123.456 is open
	case wholeOnly:
		return 0
	case col.decimal != 0 && col.decimal != mark, col.decimal == 0 && mark == ',':
		return 0
	}
	return mark
}

// ungroup takes out the marks between groups of three; one kind of mark only.
func ungroup(s string) (string, bool) {
	if allDigits(s) {
		return s, true
	}
	at := strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if at < 1 || at > 3 || !strings.ContainsRune(" .,'", rune(s[at])) {
		return "", false
	}
	groups := strings.Split(s, s[at:at+1])
	for i, g := range groups {
		if !allDigits(g) || i > 0 && len(g) != 3 {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

func allDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func canonical(sign, digits string) string {
	digits = strings.TrimLeft(digits, "0")
	if digits == "" || digits[0] == '.' {
		digits = "0" + digits
	}
	if digits == "0" {
		return digits
	}
	return sign + digits
}

// columnSeparators looks at all texts of a column for one whose marks leave no choice.
func columnSeparators(texts []string) separators {
	for _, s := range texts {
		s, _, _ = dress(s)
		point, comma := strings.Count(s, "."), strings.Count(s, ",")
		switch {
		case point+comma == 0 || strings.Trim(s, "0123456789., '") != "":
		case point > 0 && comma > 0:
			return separators{decimalMark(s, separators{}, false)}
		case point > 1:
			return separators{','}
		case comma > 1:
			return separators{'.'}
		default:
			mark := decimalMark(s, separators{}, true) // 0 where the shape is open
			if mark != 0 {
				return separators{mark}
			}
		}
	}
	return separators{}
}
