package quality

import (
	"slices"
	"strconv"
	"strings"
)

// kind is one kind of check: what it may be told and how it runs. The table in kinds is the whole list.
type kind struct {
	name   string
	scopes []string    // allowed scopes, the usual one first
	failIf bool        // needs fail_if
	when   bool        // may have a when
	items  itemsUse    // whether it names questions
	params []parameter // what params may hold
	named  bool        // params are named expressions for the message
	finds  []string    // placeholders that it fills beside the usual ones
	bind   func(*binding) func(*run, *bound)
	many   func(*roundRun, *bound) // scopes round, enumerator and unit over several records
}

// itemsUse says whether a kind of check names questions.
type itemsUse int

const (
	itemsUnused itemsUse = iota
	itemsOptional
	itemsNeeded
)

// parameter is one entry of params.
type parameter struct {
	name   string
	usual  float64  // value when it is not given
	words  []string // for parameters that are words: those allowed, parted by commas when given
	text   bool     // any text
	needed bool
}

func (p parameter) accepts(value string) bool {
	if p.text {
		return value != ""
	}
	if p.words != nil {
		for _, word := range wordsOf(value) {
			if !slices.Contains(p.words, word) {
				return false
			}
		}
		return value != ""
	}
	v, err := strconv.ParseFloat(value, 64)
	return err == nil && v >= 0
}

func (p parameter) wanted() string {
	switch {
	case p.text:
		return "a text"
	case p.words != nil:
		return "one or more of " + strings.Join(p.words, ", ") + ", with commas between"
	}
	return "a number, zero or more"
}

func wordsOf(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
}

// Kinds lists the kinds of checks that checks.yaml may use.
func Kinds() []string {
	var names []string
	for _, k := range kinds() {
		names = append(names, k.name)
	}
	return names
}

func kindOf(name string) *kind {
	for _, k := range kinds() {
		if k.name == name {
			return k
		}
	}
	return nil
}

// kinds is the table of all kinds of checks, one file each.
func kinds() []*kind {
	return []*kind{
		exprKind(),
		formKind(),
		placeKind(),
	}
}

func (k *kind) overRound(scope string) bool {
	return k.many != nil && (k.bind == nil || scope != k.scopes[0])
}

func (k *kind) parameter(name string) (parameter, bool) {
	i := slices.IndexFunc(k.params, func(p parameter) bool { return p.name == name })
	if i < 0 {
		return parameter{}, false
	}
	return k.params[i], true
}

// number gives a parameter's value, or its usual one.
func (k *kind) number(check Check, name string) float64 {
	if v, err := strconv.ParseFloat(check.Params[name], 64); err == nil {
		return v
	}
	p, _ := k.parameter(name)
	return p.usual
}

// usualPlaceholders are filled for every finding about one record.
func usualPlaceholders() []string { return []string{"unit", "round", "date"} }
