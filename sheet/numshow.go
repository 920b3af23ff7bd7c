package sheet

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// pattern is a section of a number format, taken apart.
type pattern struct {
	prefix, suffix string
	ints           int // least digits before the point
	decimals, zero int // most and least digits after it
	grouped        bool
	scale          float64
	exponent       bool
}

// show writes a number as the format does. Forms rarely met in tables (fractions, literals between digits) show raw.
func (f *numFormat) show(v float64, raw string) string {
	section, sign := f.section(v)
	if text, ok := showElapsed(section, v); ok {
		return text
	}
	if text, ok := onlyLiteral(section); ok {
		return text
	}
	p, ok := patternOf(section)
	if !ok {
		return raw
	}
	return p.write(math.Abs(v), sign)
}

// section chooses by sign, as spreadsheets do; sign is what the section does not say itself.
func (f *numFormat) section(v float64) (section []fmtToken, sign string) {
	switch n := len(f.sections); {
	case v < 0 && n >= 2:
		return f.sections[1], ""
	case v == 0 && n >= 3:
		return f.sections[2], ""
	case v < 0:
		return f.sections[0], "-"
	}
	return f.sections[0], ""
}

// onlyLiteral holds for a section without digits, such as one that writes "none" or nothing at all for zero.
func onlyLiteral(section []fmtToken) (string, bool) {
	text := ""
	for _, t := range section {
		if t.kind != 'L' {
			return "", false
		}
		text += t.text
	}
	return text, true
}

func patternOf(section []fmtToken) (pattern, bool) {
	p := pattern{scale: 1}
	digits, point, closed := 0, false, false
	for i, t := range section {
		switch t.kind {
		case '0':
			if p.suffix != "" && !p.exponent {
				return p, false
			}
			if p.exponent {
				continue
			}
			digits++
			p.digit(t.text, point)
		case '.':
			point = true
		case ',':
			p.comma(section[i+1:], digits)
		case 'E':
			p.exponent, closed = true, true
		case '%':
			p.scale *= 100
			p.literal("%", digits > 0 || closed)
		case 'L':
			p.literal(t.text, digits > 0 || closed)
		default:
			return p, false
		}
	}
	return p, digits > 0
}

func (p *pattern) digit(kind string, afterPoint bool) {
	switch {
	case afterPoint:
		p.decimals++
		if kind == "0" {
			p.zero = p.decimals
		}
	case kind == "0" || p.ints > 0:
		p.ints++
	}
}

// comma groups digits when more of them follow, else divides by a thousand.
func (p *pattern) comma(rest []fmtToken, digits int) {
	if digits == 0 {
		p.literal(",", false)
		return
	}
	for _, t := range rest {
		if t.kind == '0' {
			p.grouped = true
			return
		}
		if t.kind == '.' {
			break
		}
	}
	p.scale /= 1000
}

func (p *pattern) literal(text string, after bool) {
	if after {
		p.suffix += text
	} else {
		p.prefix += text
	}
}

func (p *pattern) write(v float64, sign string) string {
	v *= p.scale
	if p.exponent {
		s := strconv.FormatFloat(v, 'E', p.decimals, 64)
		return sign + p.prefix + s + p.suffix
	}
	whole, fraction := roundDecimal(v, p.decimals)
	fraction = fraction[:max(p.zero, len(strings.TrimRight(fraction, "0")))]
	if strings.Trim(whole+fraction, "0") == "" {
		sign = ""
	}
	if whole == "0" && p.ints == 0 && (fraction != "" || p.decimals == 0) {
		whole = ""
	}
	if n := p.ints - len(whole); n > 0 {
		whole = strings.Repeat("0", n) + whole
	}
	if p.grouped {
		whole = grouped(whole)
	}
	if fraction != "" {
		fraction = "." + fraction
	}
	return sign + p.prefix + whole + fraction + p.suffix
}

// roundDecimal rounds the shortest decimal text of v half away from zero, as people and spreadsheets do, not its binary
// value. v is not negative; decimals are exactly as many as asked.
func roundDecimal(v float64, decimals int) (whole, fraction string) {
	whole, fraction, _ = strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), ".")
	if len(fraction) <= decimals {
		return whole, fraction + strings.Repeat("0", decimals-len(fraction))
	}
	up := fraction[decimals] >= '5'
	digits := []byte(whole + fraction[:decimals])
	for i := len(digits) - 1; up && i >= 0; i-- {
		if up = digits[i] == '9'; up {
			digits[i] = '0'
		} else {
			digits[i]++
		}
	}
	s := string(digits)
	if up {
		s = "1" + s
	}
	return s[:len(s)-decimals], s[len(s)-decimals:]
}

func grouped(whole string) string {
	var b strings.Builder
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(whole[i])
	}
	return b.String()
}

// showElapsed writes a quantity of time such as [h]:mm.
func showElapsed(section []fmtToken, v float64) (string, bool) {
	var b strings.Builder
	found := false
	seconds := int64(math.Round(math.Abs(v) * 86_400))
	if seconds > 1<<40 {
		return "", false
	}
	if v < 0 {
		b.WriteByte('-')
	}
	for _, t := range section {
		switch t.kind {
		case 'e':
			found = true
			unit := map[byte]int64{'h': 3600, 'm': 60, 's': 1}[t.text[0]]
			fmt.Fprintf(&b, "%0*d", len(t.text), seconds/unit)
		case 'm':
			fmt.Fprintf(&b, "%0*d", len(t.text), seconds/60%60)
		case 's':
			fmt.Fprintf(&b, "%0*d", len(t.text), seconds%60)
		case 'L':
			b.WriteString(t.text)
		}
	}
	return b.String(), found
}

// showMoment writes a date or time by the format's first section, with English month and day names.
func (f *numFormat) showMoment(t time.Time) string {
	section := f.sections[0]
	half := false
	for _, tok := range section {
		half = half || tok.kind == 'a'
	}
	var b strings.Builder
	fraction := fmt.Sprintf("%09d", t.Nanosecond())
	for i, tok := range section {
		switch tok.kind {
		case 'm':
			if f.minutes(section, i) {
				fmt.Fprintf(&b, "%0*d", min(len(tok.text), 2), t.Minute())
			} else {
				b.WriteString(t.Format(monthLayout(len(tok.text))))
			}
		case 'L', '.', ',':
			b.WriteString(tok.text)
		case '0':
			b.WriteByte(fraction[0])
			fraction = fraction[1:] + "0"
		default:
			b.WriteString(momentPart(t, tok, half))
		}
	}
	return b.String()
}

func monthLayout(n int) string {
	return [...]string{"1", "1", "01", "Jan", "January"}[min(n, 4)]
}

func momentPart(t time.Time, tok fmtToken, half bool) string {
	switch tok.kind {
	case 'y':
		if len(tok.text) <= 2 {
			return t.Format("06")
		}
		return t.Format("2006")
	case 'd':
		return t.Format([...]string{"2", "2", "02", "Mon", "Monday"}[min(len(tok.text), 4)])
	case 'h':
		hour := t.Hour()
		if half {
			hour = (hour+11)%12 + 1
		}
		return fmt.Sprintf("%0*d", min(len(tok.text), 2), hour)
	case 's':
		return fmt.Sprintf("%0*d", min(len(tok.text), 2), t.Second())
	case 'a':
		return t.Format("PM")
	}
	return ""
}
