package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"safar/fault"
)

// selection is what a question to the DTM API asks for. Empty text and 0 ask for everything.
type selection struct {
	operation string
	countries []string // CountryName and Admin0Name; all must hold
	code      string
	areas     [3]area // of levels 1 and 2
	from, to  string  // YYYY-MM-DD
	fromRound int
	toRound   int
}

// area is a unit by name, by code, or both.
type area struct{ name, code string }

// maxParameter bounds a value; no name of a place or an operation is so long.
const maxParameter = 300

// parseSelection reads the parameters for figures at a level. All that is wrong is told at once. Parameters are known in
// any case of letters; unknown ones are left alone, because clients send their keys and their caches' numbers so.
func parseSelection(query string, lvl int) (selection, []error) {
	values, err := url.ParseQuery(query)
	if err != nil {
		return selection{}, []error{fault.New(fault.WebQuery)}
	}
	p := parameters{values: map[string]string{}}
	for name, list := range values {
		for _, value := range list {
			if value = strings.TrimSpace(strings.ToValidUTF8(value, "\uFFFD")); value != "" {
				p.values[strings.ToLower(name)] = value
			}
		}
	}
	sel := selection{operation: p.text("Operation"), code: p.text("Admin0Pcode")}
	for _, name := range []string{"CountryName", "Admin0Name"} {
		if value := p.text(name); value != "" {
			sel.countries = append(sel.countries, value)
		}
	}
	for i := 1; i <= 2; i++ {
		n := strconv.Itoa(i)
		sel.areas[i] = area{p.atLevel("Admin"+n+"Name", i, lvl), p.atLevel("Admin"+n+"Pcode", i, lvl)}
	}
	sel.from, sel.to = p.date("FromReportingDate"), p.date("ToReportingDate")
	sel.fromRound, sel.toRound = p.round("FromRoundNumber"), p.round("ToRoundNumber")
	p.order(sel)
	if sel.operation == "" && len(sel.countries) == 0 && sel.code == "" && len(p.problems) == 0 {
		p.problem(fault.WebNoSelection)
	}
	return sel, p.problems
}

// parameters reads values and collects what is wrong with them.
type parameters struct {
	values   map[string]string // by name in lower case
	problems []error
}

func (p *parameters) problem(code fault.Code, details ...string) {
	p.problems = append(p.problems, fault.New(code, details...))
}

func (p *parameters) text(name string) string {
	value := p.values[strings.ToLower(name)]
	if len(value) > maxParameter {
		p.problem(fault.WebLongParameter, "name", name, "max", strconv.Itoa(maxParameter))
		return ""
	}
	return value
}

// atLevel reads the name or code of an area. Below the level of the figures it would be left out without a word, and
// the total taken for that of the area, so it is refused.
func (p *parameters) atLevel(name string, own, asked int) string {
	value := p.text(name)
	if value != "" && own > asked {
		p.problem(fault.WebWrongLevel, "name", name, "level", strconv.Itoa(asked))
		return ""
	}
	return value
}

// date reads YYYY-MM-DD; the form of the answers, with T00:00:00, is taken too.
func (p *parameters) date(name string) string {
	value := strings.TrimSuffix(p.text(name), "T00:00:00")
	if value == "" {
		return ""
	}
	if _, err := time.Parse(time.DateOnly, value); err != nil {
		p.problem(fault.WebDate, "name", name, "value", value)
		return ""
	}
	return value
}

func (p *parameters) round(name string) int {
	value := p.text(name)
	if value == "" {
		return 0
	}
	n, err := strconv.Atoi(value)
	if err != nil || n < 0 {
		p.problem(fault.WebRound, "name", name, "value", value)
		return 0
	}
	return n
}

func (p *parameters) order(sel selection) {
	if sel.from != "" && sel.to != "" && sel.from > sel.to {
		p.problem(fault.WebDateOrder, "from", sel.from, "to", sel.to)
	}
	if sel.fromRound > 0 && sel.toRound > 0 && sel.fromRound > sel.toRound {
		p.problem(fault.WebRoundOrder, "from", strconv.Itoa(sel.fromRound), "to", strconv.Itoa(sel.toRound))
	}
}

func (sel *selection) inCountry(f *figure) bool {
	for _, name := range sel.countries {
		if !strings.EqualFold(name, f.names[0]) {
			return false
		}
	}
	return sel.code == "" || strings.EqualFold(sel.code, f.codes[0])
}

func (sel *selection) inOperation(f *figure) bool {
	return sel.inCountry(f) && (sel.operation == "" || strings.EqualFold(sel.operation, f.operation))
}

// inArea looks at operation, country and the areas down to a level.
func (sel *selection) inArea(f *figure, lvl int) bool {
	if !sel.inOperation(f) {
		return false
	}
	for i := 1; i <= lvl; i++ {
		a := sel.areas[i]
		if a.name != "" && !strings.EqualFold(a.name, f.names[i]) || a.code != "" && !strings.EqualFold(a.code, f.codes[i]) {
			return false
		}
	}
	return true
}

// chooses says whether a figure is asked for.
func (sel *selection) chooses(f *figure) bool {
	day := strings.TrimSuffix(f.date, "T00:00:00")
	return sel.inArea(f, 2) && (sel.from == "" || day >= sel.from) && (sel.to == "" || day <= sel.to) &&
		(sel.fromRound == 0 || f.round >= sel.fromRound) && (sel.toRound == 0 || f.round <= sel.toRound)
}

// unknown says which name of the selection no published figure carries; nil when there is none. A name that exists and
// has no figures in the period is not unknown: its answer is an empty list.
func (sel *selection) unknown(countries, all []*figure, lvl int) error {
	switch {
	case !exists(countries, sel.inCountry):
		return fault.New(fault.WebNoCountry)
	case !exists(countries, sel.inOperation):
		return fault.New(fault.WebNoOperation)
	}
	for i := 1; i <= lvl; i++ {
		a := sel.areas[i]
		if a != (area{}) && !exists(all, func(f *figure) bool { return sel.inArea(f, i) }) {
			return fault.New(fault.WebNoArea, "level", strconv.Itoa(i), "value", strings.TrimSpace(a.name+" "+a.code))
		}
	}
	return nil
}

func exists(all []*figure, is func(*figure) bool) bool {
	for _, f := range all {
		if is(f) {
			return true
		}
	}
	return false
}
