package intake

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"safar/dictionary"
	"safar/fault"
	"safar/form"
	"safar/sheet"
)

// maxText is the longest text answer, in characters: what one cell of a spreadsheet can hold.
const maxText = 32767

// Reasons of missing values, from the dictionary.
const (
	unreadable   = "unreadable"
	formulaError = "formula_error"
	doesNotKnow  = "dnk"
)

// read gives a cell's answer. Where there is none it gives the reason of the dictionary, "" for an empty cell, and a
// fault when the cell holds something that cannot be read.
func (s *spec) read(c sheet.Cell) (value, missing string, problem *fault.Error) {
	switch {
	case c.Kind == sheet.Empty || c.Kind == sheet.Text && strings.TrimSpace(c.Raw) == "":
		return "", "", nil
	case c.Uncalculated():
		return "", formulaError, fault.New(fault.IntakeNotCalculated)
	case c.Kind == sheet.Error:
		return "", formulaError, fault.New(fault.IntakeCellError, "value", shortQuote(c.Raw))
	}
	text := cellText(c)
	if a, ok := s.seen[text]; ok {
		return a.value, a.missing, a.problem
	}
	return s.interpret(c, text)
}

// answer is what a text of a column means.
type answer struct {
	value, missing string
	problem        *fault.Error
}

// remember reads the texts of a select once each; their number is bounded, the rest is read again each time.
func (s *spec) remember(cells []sheet.Cell) {
	s.seen = map[string]answer{}
	for _, c := range cells {
		text := cellText(c)
		if _, ok := s.seen[text]; ok || c.Kind != sheet.Text || text == "" {
			continue
		}
		if len(s.seen) == 4096 {
			return
		}
		var a answer
		a.value, a.missing, a.problem = s.interpret(c, text)
		s.seen[text] = a
	}
}

func (s *spec) interpret(c sheet.Cell, text string) (value, missing string, problem *fault.Error) {
	if to, ok := s.replacement(text); ok {
		if to == "" {
			return "", "not_recorded", nil
		}
		c, text = sheet.TextCell(to), to
	}
	if reason, ok := s.noAnswer(text); ok {
		return "", reason, s.damaged(reason, text)
	}
	if value, problem = s.typed(c, text); problem == nil {
		return value, "", nil
	}
	if list, have := s.dict.List("yes_no_dnk"); have && isNumeric(s.typ) {
		if c, found := list.Recognise(text); found && c.Name == doesNotKnow {
			return "", doesNotKnow, nil
		}
	}
	return "", unreadable, problem
}

// replacement is what the mapping says under values.
func (s *spec) replacement(text string) (string, bool) {
	if len(s.values) == 0 {
		return "", false
	}
	to, ok := s.values[valueKey(text)]
	return to, ok
}

// valueKey folds a text as the keys of values are; marks such as "-" stay what they are.
func valueKey(text string) string {
	if folded := dictionary.Fold(text); folded != "" {
		return folded
	}
	return strings.TrimSpace(text)
}

// noAnswer says whether the text stands for a missing value. An answer of the list goes first: "none" may be one.
func (s *spec) noAnswer(text string) (reason string, ok bool) {
	if reason, ok := s.dict.Missing(text); ok && s.damaged(reason, text) != nil {
		return reason, true
	}
	if len(s.missing) > 0 && s.missing[sheet.FoldHeader(text)] {
		return "not_recorded", true
	}
	if _, isChoice := s.choices.find(text); isChoice {
		return "", false
	}
	return s.dict.Missing(text)
}

// damaged reports the missing tokens that are errors: a text file keeps #REF! as text.
func (s *spec) damaged(reason, text string) *fault.Error {
	if r, ok := s.dict.Reason(reason); ok && r.Error {
		return fault.New(fault.IntakeCellError, "value", shortQuote(text))
	}
	return nil
}

func isNumeric(typ string) bool { return typ == "integer" || typ == "decimal" || typ == "range" }

func (s *spec) typed(c sheet.Cell, text string) (string, *fault.Error) {
	switch s.typ {
	case "integer":
		return s.whole(c, text)
	case "decimal", "range":
		return s.decimal(c, text)
	case "date", "today":
		return s.date(c, text)
	case "dateTime", "start", "end":
		return s.dateTime(c, text)
	case "time":
		return clockTime(c, text)
	case "geopoint", "start-geopoint":
		return geopoint(c, text)
	case "select_one", "select_multiple", "rank":
		return s.choose(c, text)
	}
	if utf8.RuneCountInString(text) > maxText {
		return "", fault.New(fault.IntakeTextTooLong, "limit", strconv.Itoa(maxText))
	}
	return strings.ToValidUTF8(text, "\uFFFD"), nil
}

// whole reads a number of persons, households and the like.
func (s *spec) whole(c sheet.Cell, text string) (string, *fault.Error) {
	sep := s.sep
	if c.Kind == sheet.Number {
		sep = separators{'.'}
	}
	n, ok := parseNumber(text, sep, c.Kind != sheet.Number)
	switch {
	case !ok || c.Kind == sheet.Date:
		return "", fault.New(fault.IntakeNotNumber, "value", shortQuote(text))
	case n.percent || strings.HasSuffix(strings.TrimSpace(c.Shown), "%"):
		return "", fault.New(fault.IntakePercentage, "value", shortQuote(c.Shown), "unit", s.unit)
	case !n.whole():
		return "", fault.New(fault.IntakeNotWhole, "value", shortQuote(text), "unit", s.unit)
	case n.negative() && s.counted:
		return "", fault.New(fault.IntakeNegative, "value", shortQuote(text), "unit", s.unit)
	}
	return n.text, nil
}

// decimal reads a number with decimals; a percentage becomes the fraction, as spreadsheets keep it.
func (s *spec) decimal(c sheet.Cell, text string) (string, *fault.Error) {
	sep := s.sep
	if c.Kind == sheet.Number {
		sep = separators{'.'}
	}
	n, ok := parseNumber(text, sep, false)
	if !ok || c.Kind == sheet.Date {
		return "", fault.New(fault.IntakeNotNumber, "value", shortQuote(text))
	}
	if !n.percent {
		return n.text, nil
	}
	f, err := strconv.ParseFloat(n.text, 64)
	if err != nil {
		return "", fault.New(fault.IntakeNotNumber, "value", shortQuote(text))
	}
	return strconv.FormatFloat(f/100, 'f', -1, 64), nil
}

func (s *spec) date(c sheet.Cell, text string) (string, *fault.Error) {
	switch date, reading := parseDate(c, s.order); reading {
	case aDate:
		return date, nil
	case openDate:
		return "", fault.New(fault.IntakeDateUnclear, "value", shortQuote(text))
	}
	return "", fault.New(fault.IntakeNotDate, "value", shortQuote(text))
}

var clock = regexp.MustCompile(`(?:^|[T ])(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?$`)

// dateTime keeps the time of day where the cell says one.
func (s *spec) dateTime(c sheet.Cell, text string) (string, *fault.Error) {
	date, problem := s.date(c, text)
	if problem != nil {
		return "", problem
	}
	if at, ok := timeOfDay(text); ok {
		return date + "T" + at, nil
	}
	return date + "T00:00:00.000", nil
}

func clockTime(c sheet.Cell, text string) (string, *fault.Error) {
	if f, err := strconv.ParseFloat(c.Raw, 64); err == nil && c.Kind == sheet.Number && f >= 0 && f < 1 {
		minutes := int(f*24*60 + 0.5)
		text = strconv.Itoa(minutes/60%24) + ":" + twoDigits(minutes%60)
	}
	if at, ok := timeOfDay(text); ok {
		return at, nil
	}
	return "", fault.New(fault.IntakeNotDate, "value", shortQuote(text))
}

func timeOfDay(text string) (string, bool) {
	m := clock.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return "", false
	}
	hour, minute, second := atoi(m[1]), atoi(m[2]), atoi(m[3])
	switch half := strings.ToLower(m[4]); {
	case half == "pm" && hour < 12:
		hour += 12
	case half == "am" && hour == 12:
		hour = 0
	}
	if hour > 23 || minute > 59 || second > 59 {
		return "", false
	}
	return twoDigits(hour) + ":" + twoDigits(minute) + ":" + twoDigits(second) + ".000", true
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

func geopoint(c sheet.Cell, text string) (string, *fault.Error) {
	lat, lon, ok := parsePair(c)
	if !ok || lat < -90 || lat > 90 || lat == 0 && lon == 0 {
		return "", fault.New(fault.IntakeNotPosition, "value", shortQuote(text))
	}
	return geoText(lat, lon), nil
}

// geoText writes a point as ODK does: latitude, longitude, altitude, accuracy.
func geoText(lat, lon float64) string {
	return strconv.FormatFloat(lat, 'f', -1, 64) + " " + strconv.FormatFloat(lon, 'f', -1, 64) + " 0 0"
}

// choices are the answers of a select: those of the form, with the words of the dictionary for the same list.
type choices struct {
	form  []form.Choice
	list  dictionary.List
	known bool
}

// find gives the name of the answer that a text means.
func (c choices) find(text string) (string, bool) {
	text = strings.TrimSpace(text)
	for _, choice := range c.form {
		if choice.Name == text {
			return choice.Name, true
		}
	}
	if c.known {
		if choice, ok := c.list.Recognise(text); ok && c.offers(choice.Name) {
			return choice.Name, true
		}
	}
	folded := dictionary.Fold(text)
	for _, choice := range c.form {
		if folded != "" && dictionary.Fold(choice.Name) == folded {
			return choice.Name, true
		}
		for _, label := range choice.Label {
			if folded != "" && dictionary.Fold(label) == folded {
				return choice.Name, true
			}
		}
	}
	return "", false
}

// offers says whether the form lets people give this answer; a form without the list lets all pass.
func (c choices) offers(name string) bool {
	for _, choice := range c.form {
		if choice.Name == name {
			return true
		}
	}
	return len(c.form) == 0
}

func (c choices) names() []string {
	var names []string
	for _, choice := range c.form {
		names = append(names, choice.Name)
	}
	for _, choice := range c.list.Choices {
		if len(c.form) == 0 && !choice.Retired {
			names = append(names, choice.Name)
		}
	}
	return names
}

// choose reads the answer of a select, or several of them.
func (s *spec) choose(c sheet.Cell, text string) (string, *fault.Error) {
	if !s.choices.known && len(s.choices.form) == 0 {
		return text, nil // the list is a file: places, points
	}
	if c.Kind == sheet.Bool {
		text = map[string]string{"true": "yes", "false": "no"}[c.Raw]
	}
	if name, ok := s.choices.find(text); ok {
		return name, nil
	}
	if s.typ != "select_one" {
		if names, ok := s.several(text); ok {
			return strings.Join(names, " "), nil
		}
	}
	names := s.choices.names()
	if len(names) > 15 {
		names = append(names[:15:15], "…")
	}
	return "", fault.New(fault.IntakeNotChoice, "value", shortQuote(text), "item", s.name, "choices", strings.Join(names, ", "))
}

// several splits an answer at semicolons, bars or commas, or at spaces where every word is an answer.
func (s *spec) several(text string) ([]string, bool) {
	for _, marks := range []string{";|\n", ",", " "} {
		parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(marks, r) })
		var names []string
		for _, part := range parts {
			if to, ok := s.replacement(part); ok {
				part = to
			}
			if name, ok := s.choices.find(part); ok {
				names = append(names, name)
			}
		}
		if len(parts) > 1 && len(names) == len(parts) {
			return names, true
		}
	}
	return nil, false
}

// cellText is what a cell says, without the spaces around it.
func cellText(c sheet.Cell) string {
	return strings.TrimSpace(strings.ReplaceAll(c.Raw, "\u00a0", " "))
}
