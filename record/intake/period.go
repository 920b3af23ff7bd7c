package intake

import (
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
)

// snippet is a text outside the table that may say something of the round: a title, a line of a notes sheet, the name
// of a sheet or of the file. weight says how much it is to be believed.
type snippet struct {
	text   string
	where  string // for the reason
	weight int
}

var (
	roundWord  = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:rounds?|раунд[а-я]*|тур|ronda|ronde|tour|cycle|давр[а-яии]*|кезең|الجولة|جولة)\s*(?:no\.?|n°|№|#)?\s*[-_:]?\s*(\d{1,4})(?:$|[^\d])`)
	roundShort = regexp.MustCompile(`(?i)(?:^|[^\pL\d])r[-_ ]?(\d{1,3})(?:$|[^\pL\d])`)
	roundLabel = regexp.MustCompile(`^[A-Za-z]*\d?_?0*(\d{1,4})$`)
)

// roundNumber reads a round written as a number, as "Round 11", "R11" or as a label such as B2_01; 0 when it is none.
func roundNumber(s string) int {
	s = strings.TrimSpace(s)
	if n, ok := parseNumber(s, separators{}, true); ok && n.whole() && !n.negative() {
		return atoi(n.text)
	}
	for _, re := range []*regexp.Regexp{roundWord, roundShort, roundLabel} {
		if m := re.FindStringSubmatch(s); m != nil {
			return atoi(m[1])
		}
	}
	return 0
}

// guess is a found value with where it was found.
type guess struct {
	value  string
	where  string
	weight int
}

// bestGuesses sums the weights of equal values, heaviest first, each with the place that
// says it most plainly; among equals the one found first.
func bestGuesses(all []guess) []guess {
	var out []guess
	at := map[string]int{}
	heaviest := map[string]int{}
	for _, g := range all {
		i, ok := at[g.value]
		if !ok {
			at[g.value], heaviest[g.value] = len(out), g.weight
			out = append(out, g)
			continue
		}
		out[i].weight += g.weight
		if g.weight > heaviest[g.value] {
			heaviest[g.value], out[i].where = g.weight, g.where
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].weight > out[j].weight })
	return out
}

// roundsIn finds the round numbers that texts name.
func roundsIn(snippets []snippet) []guess {
	var found []guess
	for _, s := range snippets {
		for _, re := range []*regexp.Regexp{roundWord, roundShort} {
			if m := re.FindStringSubmatch(s.text); m != nil && atoi(m[1]) > 0 {
				weight := s.weight
				if re == roundWord {
					weight++
				}
				found = append(found, guess{strconv.Itoa(atoi(m[1])), s.where, weight})
				break
			}
		}
	}
	return bestGuesses(found)
}

// The parts of a period, as people write them in titles.
const (
	yearPart = `(\d{4})`
	dayPart  = `\b(\d{1,2})(?:st|nd|rd|th|er)?`
	wordPart = `(\pL{3,})\.?`
	toPart   = `\s*(?:-|–|—|to|until|till|and|au|à|al|a|по|до|то|–)\s*`
)

// periodForm pairs a pattern with the groups that hold day, month and year of both ends; 0 = not written there.
type periodForm struct {
	re                     *regexp.Regexp
	d1, m1, y1, d2, m2, y2 int
}

func (f periodForm) dates(m []string) (start, end string, ok bool) {
	group := func(i int) string {
		if i == 0 {
			return ""
		}
		return m[i]
	}
	return datesOf(group(f.d1), group(f.m1), group(f.y1), group(f.d2), group(f.m2), group(f.y2))
}

// periodForms go from the fullest to the barest, so that a part of a date is never taken for a whole one.
var periodForms = []periodForm{
	{regexp.MustCompile(dayPart + `\s+` + wordPart + `,?\s+` + yearPart + toPart + dayPart + `\s+` + wordPart + `,?\s+` + yearPart), 1, 2, 3, 4, 5, 6},
	{regexp.MustCompile(dayPart + `\s+` + wordPart + toPart + dayPart + `\s+` + wordPart + `,?\s+` + yearPart), 1, 2, 0, 3, 4, 5},
	{regexp.MustCompile(dayPart + toPart + dayPart + `\s+` + wordPart + `,?\s+` + yearPart), 1, 0, 0, 2, 3, 4},
	{regexp.MustCompile(wordPart + `\s+` + yearPart + toPart + wordPart + `\s+` + yearPart), 0, 1, 2, 0, 3, 4},
	{regexp.MustCompile(wordPart + toPart + wordPart + `,?\s+` + yearPart), 0, 1, 0, 0, 2, 3},
	{regexp.MustCompile(dayPart + `\s+` + wordPart + `,?\s+` + yearPart), 1, 2, 3, 1, 2, 3},
	{regexp.MustCompile(wordPart + `,?\s+` + yearPart), 0, 1, 2, 0, 1, 2},
}

var (
	digitPeriod = regexp.MustCompile(`(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{4})` + toPart + `(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{4})`)
	notPeriod   = regexp.MustCompile(`(?i)publi|issued|updated on|created|опубликован|нашр|жариялан`)
	collection  = regexp.MustCompile(`(?i)collect|period|covered|fieldwork|enquête|сбор|период|давра|жинау|обследован`)
)

// periodIn reads the first period of a text as two dates.
func periodIn(text string) (start, end string, ok bool) {
	text = oneLine(strings.Map(plainRune, text))
	if len(text) > 400 {
		return "", "", false
	}
	if m := digitPeriod.FindStringSubmatch(text); m != nil {
		a, first := dateOfText(m[1], dayFirst)
		b, second := dateOfText(m[2], dayFirst)
		if first == aDate && second == aDate && a <= b {
			return a, b, true
		}
	}
	for _, f := range periodForms {
		for _, m := range f.re.FindAllStringSubmatch(text, 4) {
			if start, end, ok = f.dates(m); ok {
				return start, end, true
			}
		}
	}
	return "", "", false
}

// datesOf makes the two dates of a period; a month without a day is meant whole.
func datesOf(d1, m1, y1, d2, m2, y2 string) (start, end string, ok bool) {
	if y1 == "" {
		y1 = y2
	}
	if m1 == "" {
		m1 = m2
	}
	from, to := monthOf(m1), monthOf(m2)
	if from == 0 || to == 0 {
		return "", "", false
	}
	first, last := max(1, atoi(d1)), atoi(d2)
	if d2 == "" {
		last = time.Date(atoi(y2), time.Month(to)+1, 0, 0, 0, 0, 0, time.UTC).Day()
	}
	year := atoi(y1)
	if y1 == y2 && from > to {
		year-- // December - February 2021
	}
	start, one := checkDate(year, from, first)
	end, two := checkDate(atoi(y2), to, last)
	return start, end, one == aDate && two == aDate && start <= end
}

// periodsIn finds the periods that texts name. A line about publication counts for nothing, one about collection for more.
func periodsIn(snippets []snippet) []guess {
	var found []guess
	for _, s := range snippets {
		if notPeriod.MatchString(s.text) && !collection.MatchString(s.text) {
			continue
		}
		start, end, ok := periodIn(s.text)
		if !ok {
			continue
		}
		weight := s.weight
		if collection.MatchString(s.text) {
			weight += 4
		}
		found = append(found, guess{start + " " + end, s.where, weight})
	}
	return bestGuesses(found)
}
