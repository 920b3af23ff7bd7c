package quality

import (
	"slices"
	"strconv"
	"strings"
)

// parameter is one entry of params of a kind of check.
type parameter struct {
	name  string
	takes takes
	words []string // for words: those allowed; for questions: words allowed beside them
	other bool     // questions of the other form that a check compares with
}

// takes says what a parameter holds.
type takes int

const (
	aNumber       takes = iota // zero or more
	words                      // some of the words
	yesNo                      // true or false
	questionNames              // names of questions
	formID                     // id of another form of the tool
	anyText
)

func (p parameter) accepts(value string) bool {
	switch p.takes {
	case words:
		return value != "" && !slices.ContainsFunc(wordsOf(value), func(w string) bool { return !slices.Contains(p.words, w) })
	case yesNo:
		return value == "true" || value == "false"
	case questionNames:
		return len(wordsOf(value)) > 0
	case formID, anyText:
		return value != ""
	}
	v, err := strconv.ParseFloat(value, 64)
	return err == nil && v >= 0
}

func (p parameter) wanted() string {
	switch p.takes {
	case words:
		return "one or more of " + strings.Join(p.words, ", ")
	case yesNo:
		return "true or false"
	case questionNames:
		return "names of questions, with commas between"
	case formID:
		return "the id of a form"
	case anyText:
		return "a text"
	}
	return "a number, zero or more"
}

// wordsOf takes a list of words apart, with commas or blanks between.
func wordsOf(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// number gives a numeric parameter, 0 when it is not given.
func number(check Check, name string) float64 { return numberOr(check, name, 0) }

// numberOr gives a numeric parameter, or the usual value.
func numberOr(check Check, name string, usual float64) float64 {
	if v, err := strconv.ParseFloat(check.Params[name], 64); err == nil {
		return v
	}
	return usual
}

// wordOr gives a parameter, or the usual word.
func wordOr(check Check, name, usual string) string {
	if v := check.Params[name]; v != "" {
		return v
	}
	return usual
}

// questionsOf gives the questions that a check measures: the parameter item, or else its items.
func questionsOf(check Check) []string {
	if names := wordsOf(check.Params["item"]); len(names) > 0 {
		return names
	}
	return check.Items
}
