package sheet

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// numFormat is a number format of a spreadsheet, as far as it decides what a number means and how it is shown.
type numFormat struct {
	date     bool // shows a moment: the number is a date
	timeOnly bool // shows a time of day without a date
	local    bool // the form of the date depends on who looks; ISO is shown
	sections [][]fmtToken
}

// fmtToken is a piece of a format: kind 'L' is literal text, '0' a digit placeholder (text says which), one of . , % E @
// itself, G General, y m d h s a part of a moment, a AM/PM, f a fraction of a second, e elapsed time.
type fmtToken struct {
	kind byte
	text string
}

// builtinFormats are the formats that a file names by number alone. Those of dates are in the looker's own order.
func builtinFormat(id int) string {
	switch id {
	case 1, 2, 3, 4:
		return [...]string{"0", "0.00", "#,##0", "#,##0.00"}[id-1]
	case 9, 10, 11, 12, 13:
		return [...]string{"0%", "0.00%", "0.00E+00", "# ?/?", "# ??/??"}[id-9]
	case 14, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58:
		return "[$-F800]yyyy-mm-dd"
	case 15, 16, 17, 18, 19, 20, 21:
		return [...]string{"d-mmm-yy", "d-mmm", "mmm-yy", "h:mm AM/PM", "h:mm:ss AM/PM", "h:mm", "h:mm:ss"}[id-15]
	case 22:
		return "[$-F800]yyyy-mm-dd hh:mm"
	case 32, 33, 34, 35, 55, 56:
		return "h:mm:ss"
	case 37, 38, 39, 40:
		return [...]string{"#,##0;(#,##0)", "#,##0;(#,##0)", "#,##0.00;(#,##0.00)", "#,##0.00;(#,##0.00)"}[id-37]
	case 45, 46, 47:
		return [...]string{"mm:ss", "[h]:mm:ss", "mm:ss.0"}[id-45]
	case 48:
		return "##0.0E+0"
	case 49:
		return "@"
	}
	return ""
}

// formatsOf gives the format of each style from its number; styles with one format share it.
func formatsOf(ids []int, codes map[int]string) []*numFormat {
	known := map[int]*numFormat{}
	out := make([]*numFormat, len(ids))
	for i, id := range ids {
		f, ok := known[id]
		if !ok {
			code, own := codes[id]
			if !own {
				code = builtinFormat(id)
			}
			f = compileFormat(code)
			known[id] = f
		}
		out[i] = f
	}
	return out
}

// compileFormat reads a format; nil stands for General.
func compileFormat(code string) *numFormat {
	if code == "" || strings.EqualFold(code, "General") {
		return nil
	}
	f := &numFormat{local: strings.Contains(code, "[$-F800]") || strings.Contains(code, "[$-F400]") || strings.Contains(code, "[$-x-")}
	var section []fmtToken
	for len(code) > 0 && len(f.sections) < 4 {
		if code[0] == ';' {
			f.sections, section = append(f.sections, section), nil
			code = code[1:]
			continue
		}
		token, n := readToken(code)
		if token.kind != 0 {
			section = append(section, token)
		}
		code = code[n:]
	}
	f.sections = append(f.sections, section)
	f.classify()
	return f
}

// readToken cuts the first token off; kind 0 is nothing to show (a colour, a condition, a filler).
func readToken(code string) (fmtToken, int) {
	switch c := code[0]; c {
	case '"':
		if i := strings.IndexByte(code[1:], '"'); i >= 0 {
			return fmtToken{'L', code[1 : i+1]}, i + 2
		}
		return fmtToken{'L', code[1:]}, len(code)
	case '\\':
		n := min(len(code), 1+runeLen(code[1:]))
		return fmtToken{'L', code[1:n]}, n
	case '_', '*':
		return fmtToken{}, min(len(code), 1+runeLen(code[1:]))
	case '[':
		return readBracket(code)
	case '0', '#', '?':
		return fmtToken{'0', code[:1]}, 1
	case '.', ',', '%', '@':
		return fmtToken{c, code[:1]}, 1
	}
	return readLetters(code)
}

func runeLen(s string) int {
	for i := range s {
		if i > 0 {
			return i
		}
	}
	return len(s)
}

// readBracket reads [h], a currency sign [$€-407], or a colour or condition, which show nothing.
func readBracket(code string) (fmtToken, int) {
	i := strings.IndexByte(code, ']')
	if i < 0 {
		return fmtToken{}, len(code)
	}
	inside := strings.ToLower(code[1:i])
	if inside != "" && strings.Trim(inside, string(inside[0])) == "" && strings.IndexByte("hms", inside[0]) >= 0 {
		return fmtToken{'e', inside}, i + 1
	}
	if symbol, ok := strings.CutPrefix(code[1:i], "$"); ok {
		symbol, _, _ = strings.Cut(symbol, "-")
		if symbol != "" {
			return fmtToken{'L', symbol}, i + 1
		}
	}
	return fmtToken{}, i + 1
}

func readLetters(code string) (fmtToken, int) {
	lower := strings.ToLower(code)
	for _, mark := range [...]string{"am/pm", "a/p"} {
		if strings.HasPrefix(lower, mark) {
			return fmtToken{'a', mark}, len(mark)
		}
	}
	if strings.HasPrefix(lower, "general") {
		return fmtToken{'G', ""}, 7
	}
	switch c := lower[0]; c {
	case 'y', 'm', 'd', 'h', 's':
		n := len(lower) - len(strings.TrimLeft(lower, string(c)))
		return fmtToken{c, lower[:n]}, n
	case 'e':
		if len(code) > 1 && (code[1] == '+' || code[1] == '-') {
			return fmtToken{'E', code[:2]}, 2
		}
		return fmtToken{'y', "yyyy"}, 1
	}
	n := runeLen(code)
	return fmtToken{'L', code[:n]}, n
}

// classify decides from the first section whether numbers under the format are moments. Elapsed time is a quantity.
func (f *numFormat) classify() {
	clock, elapsed := false, false
	for i, t := range f.sections[0] {
		switch t.kind {
		case 'y', 'd':
			f.date = true
		case 'h', 's', 'a':
			clock = true
		case 'm':
			clock = clock || f.minutes(f.sections[0], i)
			f.date = f.date || !f.minutes(f.sections[0], i)
		case 'e':
			elapsed = true
		}
	}
	if elapsed {
		f.date = false
		return
	}
	f.timeOnly = clock && !f.date
	f.date = f.date || clock
}

// minutes tells the m of minutes from the m of months: it stands after hours or before seconds.
func (f *numFormat) minutes(section []fmtToken, i int) bool {
	for j := i - 1; j >= 0; j-- {
		if k := section[j].kind; k != 'L' && k != '.' && k != ',' {
			if k == 'h' || k == 'e' {
				return true
			}
			break
		}
	}
	for _, t := range section[i+1:] {
		if t.kind != 'L' && t.kind != '.' && t.kind != ',' {
			return t.kind == 's'
		}
	}
	return false
}

// numberCell makes the cell of a stored number under its format, which may be nil.
func numberCell(stored []byte, f *numFormat, since04 bool) Cell {
	stored = bytes.TrimSpace(stored)
	if f == nil && isPlainInteger(stored) {
		raw := string(stored)
		return Cell{Kind: Number, Raw: raw, Shown: raw}
	}
	v, err := strconv.ParseFloat(string(stored), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		return TextCell(string(stored))
	}
	return formattedCell(v, f, since04)
}

func formattedCell(v float64, f *numFormat, since04 bool) Cell {
	if f == nil {
		return NumberCell(v)
	}
	if f.date {
		if c, ok := dateCell(v, f, since04); ok {
			return c
		}
		return NumberCell(v)
	}
	raw := decimal(v)
	return Cell{Kind: Number, Raw: raw, Shown: f.show(v, raw)}
}

func dateCell(v float64, f *numFormat, since04 bool) (Cell, bool) {
	t, ok := fromSerial(v, since04)
	if !ok {
		return Cell{}, false
	}
	timeOnly := f.timeOnly && v < 1
	raw := isoOf(t, !timeOnly)
	shown := raw
	if !f.local {
		shown = f.showMoment(t)
	}
	return Cell{Kind: Date, Raw: raw, Shown: shown}, true
}

// isPlainInteger holds for text that is already in the form of Raw.
func isPlainInteger(b []byte) bool {
	digits := bytes.TrimPrefix(b, []byte("-"))
	if len(digits) == 0 || len(digits) > 15 || digits[0] == '0' && len(b) > 1 {
		return false
	}
	for _, c := range digits {
		if !isDigit(c) {
			return false
		}
	}
	return true
}
