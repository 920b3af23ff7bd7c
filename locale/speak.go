package locale

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Speaker writes numbers and dates as readers of one language expect them. The tables are Safar's own: browsers and the
// Go libraries lack Tajik, and write Kazakh dates in a foreign order.
type Speaker struct {
	Language
	forms *forms
}

// forms is how one language writes numbers and dates. Months stand in the form that a date uses.
type forms struct {
	thousands, decimal string
	percent            string // what follows the figure
	groupFrom          int    // least number of digits that are grouped: 5 leaves 1234 whole
	date, month        string // {d} {month} {y}
	first              string // how the first day of a month is written, "" as a number
	months, short      [12]string
	alone              *[12]string // months without a day, nil where they are written alike
	plural             func(n int) string
	plurals            []string // the forms that a counted text must have
}

// Spoken gives the speaker of a language; a language that Safar does not know speaks English.
func Spoken(tag string) Speaker {
	all := tables()
	for _, l := range Languages() {
		if l.Tag == tag {
			return Speaker{l, all[tag]}
		}
	}
	return Speaker{Languages()[0], all["en"]}
}

// Number writes a figure with at most the given decimals, rounded half away from zero; trailing zeros are dropped.
func (s Speaker) Number(v float64, decimals int) string {
	scale := math.Pow10(decimals)
	text := strconv.FormatFloat(math.Round(v*scale)/scale, 'f', -1, 64)
	sign := ""
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		sign, text = "\u2212", rest
		if strings.Trim(rest, "0.") == "" {
			sign = ""
		}
	}
	whole, fraction, broken := strings.Cut(text, ".")
	if len(whole) >= s.forms.groupFrom {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + s.forms.thousands + whole[i:]
		}
	}
	if broken {
		whole += s.forms.decimal + fraction
	}
	return sign + whole
}

// Signed writes a change: with plus or minus in front, 0 as it is.
func (s Speaker) Signed(v float64, decimals int) string {
	text := s.Number(v, decimals)
	if v > 0 && text != "0" {
		return "+" + text
	}
	return text
}

// Percent writes a share from 0 to 1 as a whole per cent; what is above zero and below one half is "<1".
func (s Speaker) Percent(share float64) string {
	if share > 0 && share < 0.005 {
		return "<1" + s.forms.percent
	}
	return s.Number(100*share, 0) + s.forms.percent
}

// SignedPercent writes a relative change as a whole per cent with its sign.
func (s Speaker) SignedPercent(share float64) string {
	return s.Signed(100*share, 0) + s.forms.percent
}

// Date writes a date (YYYY-MM-DD) in full: "15 May 2026". What is no date is given back as it is.
func (s Speaker) Date(text string) string {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 && s.forms.first != "" {
		day = s.forms.first
	}
	return strings.NewReplacer("{d}", day, "{month}", s.forms.months[t.Month()-1], "{y}", strconv.Itoa(t.Year())).Replace(s.forms.date)
}

// Month writes a month (YYYY-MM) in full: "May 2026".
func (s Speaker) Month(text string) string {
	t, err := time.Parse("2006-01", text)
	if err != nil {
		return text
	}
	months := &s.forms.months
	if s.forms.alone != nil {
		months = s.forms.alone
	}
	return strings.NewReplacer("{month}", months[t.Month()-1], "{y}", strconv.Itoa(t.Year())).Replace(s.forms.month)
}

// ShortMonth writes the month of a date or month without its year, for the axis of a chart: "May".
func (s Speaker) ShortMonth(text string) string {
	t, err := time.Parse("2006-01", text[:min(len(text), len("2006-01"))])
	if err != nil {
		return text
	}
	return s.forms.short[t.Month()-1]
}

// Plural names the form that a count takes in this language: zero, one, two, few, many or other.
func (s Speaker) Plural(n int) string { return s.forms.plural(n) }

// Plurals lists the forms that every counted text of this language must have.
func (s Speaker) Plurals() []string { return s.forms.plurals }

func onlyOne(n int) string {
	if n == 1 {
		return "one"
	}
	return "other"
}

// romance is the rule of French (from = 0) and Spanish (from = 1): full millions take a preposition.
func romance(from int) func(int) string {
	return func(n int) string {
		switch {
		case n >= from && n <= 1:
			return "one"
		case n != 0 && n%1_000_000 == 0:
			return "many"
		}
		return "other"
	}
}

func russian(n int) string {
	switch {
	case n%10 == 1 && n%100 != 11:
		return "one"
	case n%10 >= 2 && n%10 <= 4 && (n%100 < 12 || n%100 > 14):
		return "few"
	}
	return "many"
}

func arabic(n int) string {
	switch {
	case n == 0:
		return "zero"
	case n == 1:
		return "one"
	case n == 2:
		return "two"
	case n%100 >= 3 && n%100 <= 10:
		return "few"
	case n%100 >= 11:
		return "many"
	}
	return "other"
}
