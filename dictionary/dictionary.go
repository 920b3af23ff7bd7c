// Package dictionary is what a word means everywhere: variables, choice lists, population categories, units, missing
// tokens, indicator types, HXL tags and sensitivity classes, in every language. Items are versioned and never deleted.
//
// The content is a folder of YAML files (data/), one topic each, read by Load. Every file says which of its languages
// still wait for a reading by a native speaker, so that a report can say so too.
package dictionary

import (
	"sort"
	"strings"

	"safar/locale"
)

// Item is one variable: a question and what its answer means.
type Item struct {
	Code        string      `yaml:"code" json:"code"`   // DTM code where known (m0310), else Safar's own (sf0001)
	Name        string      `yaml:"name" json:"name"`   // full column name: m0310_loc_num_idp_ind
	Level       string      `yaml:"level" json:"level"` // meta, loc, hh, ind, flow, shift
	Components  []string    `yaml:"components" json:"components,omitempty"`
	Sector      string      `yaml:"sector" json:"sector,omitempty"`
	Indicator   string      `yaml:"indicator" json:"indicator"` // core, core_cdw, optional, recommended, requested
	Type        string      `yaml:"type" json:"type"`           // XLSForm type without its list: integer, select_one, date ...
	List        string      `yaml:"list" json:"list,omitempty"`
	Label       locale.Text `yaml:"label" json:"label"` // question text
	Hint        locale.Text `yaml:"hint" json:"hint,omitempty"`
	Meaning     locale.Text `yaml:"meaning" json:"meaning,omitempty"` // definition printed in codebooks
	Unit        string      `yaml:"unit" json:"unit,omitempty"`       // ind, hh, movement, hour, ...
	Category    string      `yaml:"category" json:"category,omitempty"`
	HXL         string      `yaml:"hxl" json:"hxl,omitempty"`
	Sensitivity Class       `yaml:"sensitivity" json:"sensitivity"`
	Identity    bool        `yaml:"identity" json:"identity,omitempty"`       // identifies a person: kept apart, encrypted, never in facts
	Aliases     []string    `yaml:"aliases" json:"aliases,omitempty"`         // headers under which workbooks carry it, folded on load
	Synonyms    [][]string  `yaml:"synonyms" json:"synonyms,omitempty"`       // sets of words (see Words) that together mean it; "{country}" stands for the country's name
	Total       string      `yaml:"total" json:"total,omitempty"`             // name of the item this one is a part of: it splits that total and is never added to it
	Breakdown   string      `yaml:"breakdown" json:"breakdown,omitempty"`     // by what it splits its total: previously_abroad, sex_age, came_from
	Part        string      `yaml:"part" json:"part,omitempty"`               // which part of the breakdown: yes, no, men, inside
	DerivedFrom string      `yaml:"-" json:"derived_from,omitempty"`          // name of the item that a derived column (_other, _latitude) belongs to
	Version     int         `yaml:"version" json:"version"`                   // counts up when wording or answers change; meaning never does
	Since       string      `yaml:"since" json:"since,omitempty"`             // dictionary version that brought it
	ReplacedBy  string      `yaml:"replaced_by" json:"replaced_by,omitempty"` // code of the item to use instead; the old one stays readable
	Source      string      `yaml:"source" json:"source,omitempty"`           // where a DTM code was seen
}

// Slug is the part of the name after code and level, which stays the same when label or translation change:
// "num_idp_ind" of m0310_loc_num_idp_ind.
func (i Item) Slug() string {
	parts := strings.SplitN(i.Name, "_", 3)
	return parts[len(parts)-1]
}

// Retired says whether another item took this one's place.
func (i Item) Retired() bool { return i.ReplacedBy != "" }

// List is a choice list. Choices are never deleted; a retired one stays readable in old answers.
type List struct {
	Name    string   `yaml:"name" json:"name"`
	Choices []Choice `yaml:"choices" json:"choices"`
}

// Choice is one answer of a list.
type Choice struct {
	Name       string      `yaml:"name" json:"name"`
	Label      locale.Text `yaml:"label" json:"label"`
	API        string      `yaml:"api" json:"api,omitempty"`     // how the DTM API names it: "Natural disaster"
	Group      string      `yaml:"group" json:"group,omitempty"` // the wider answer of the same list it belongs to, for comparison
	Exclusive  bool        `yaml:"exclusive" json:"exclusive,omitempty"`
	Aliases    []string    `yaml:"aliases" json:"aliases,omitempty"` // how workbooks write it, folded on load
	Retired    bool        `yaml:"retired" json:"retired,omitempty"`
	Since      string      `yaml:"since" json:"since,omitempty"`
	ReplacedBy string      `yaml:"replaced_by" json:"replaced_by,omitempty"`
}

// Choice finds an answer by its name.
func (l List) Choice(name string) (Choice, bool) {
	for _, c := range l.Choices {
		if c.Name == name {
			return c, true
		}
	}
	return Choice{}, false
}

// Recognise finds the answer that a workbook's text means: by name, label in any language or alias.
func (l List) Recognise(text string) (Choice, bool) {
	if c, ok := l.Choice(strings.TrimSpace(text)); ok {
		return c, true
	}
	folded := Fold(text)
	for _, c := range l.Choices {
		if folded == "" {
			break
		}
		if Fold(c.Name) == folded || has(c.Aliases, folded) {
			return c, true
		}
		for _, label := range c.Label {
			if Fold(label) == folded {
				return c, true
			}
		}
	}
	return Choice{}, false
}

// Exclusive lists the names of the answers that cannot stand beside another one: none, dnk, pnta.
func (l List) Exclusive() []string {
	var names []string
	for _, c := range l.Choices {
		if c.Exclusive {
			names = append(names, c.Name)
		}
	}
	return names
}

// Category is a population category: who is counted and what may be done with the number.
type Category struct {
	Code          string      `yaml:"code" json:"code"`
	Label         locale.Text `yaml:"label" json:"label"`
	Definition    locale.Text `yaml:"definition" json:"definition"`                   // printed in every report that uses it
	Origin        string      `yaml:"origin" json:"origin"`                           // inside, outside, any: where the move began, seen from the country
	MinAbsence    int         `yaml:"min_absence_months" json:"min_absence_months"`   // 0 = no minimum
	MinStay       int         `yaml:"min_stay_months" json:"min_stay_months"`         // 0 = no minimum
	ExclusiveWith []string    `yaml:"exclusive_with" json:"exclusive_with,omitempty"` // one person is never in both at one place and date
	SubtypeOf     string      `yaml:"subtype_of" json:"subtype_of,omitempty"`
	Additive      bool        `yaml:"additive_total" json:"additive_total"` // may join a total of people present
	IRIS          string      `yaml:"iris" json:"iris,omitempty"`           // IRIS sub-group
	IDMC          string      `yaml:"idmc" json:"idmc,omitempty"`           // IDMC figure category
	API           bool        `yaml:"api_published" json:"api_published"`   // the DTM API publishes it: today IDP only
	HXL           string      `yaml:"hxl" json:"hxl,omitempty"`
	Version       int         `yaml:"version" json:"version"`
	Since         string      `yaml:"since" json:"since,omitempty"`
	ReplacedBy    string      `yaml:"replaced_by" json:"replaced_by,omitempty"`
}

// Unit is what a value counts: ind, hh, movement, hour.
type Unit struct {
	Code  string      `yaml:"code" json:"code"`
	Label locale.Text `yaml:"label" json:"label"`
	HXL   string      `yaml:"hxl" json:"hxl,omitempty"` // attribute for HXL tags: +ind
}

// Indicator is one of the five indicator types; it says what an adaptation may adjust.
type Indicator struct {
	Code       string      `yaml:"code" json:"code"`
	Label      locale.Text `yaml:"label" json:"label"`
	Obligatory bool        `yaml:"obligatory" json:"obligatory"`         // an adaptation cannot drop it
	Wording    bool        `yaml:"adjust_wording" json:"adjust_wording"` // the question text may change
	Answers    bool        `yaml:"adjust_answers" json:"adjust_answers"` // choices may be added or hidden
}

// Reason says why a value is missing.
type Reason struct {
	Code   string      `yaml:"code" json:"code"`
	Label  locale.Text `yaml:"label" json:"label"`
	Error  bool        `yaml:"error" json:"error"` // the source is damaged (a spreadsheet error): a finding, not only a gap
	Tokens []string    `yaml:"tokens" json:"tokens,omitempty"`
}

// Review says how far the languages of one data file have been read by native speakers.
type Review struct {
	File     string            `json:"file"`
	Language map[string]string `json:"language"` // tag -> awaiting_native or reviewed
}

// Dictionary is a loaded dictionary. It is immutable; slices that its methods give must not be changed.
type Dictionary struct {
	version    string
	items      []Item
	byName     map[string]int // name, code and unambiguous slug
	lists      []List
	categories []Category
	units      []Unit
	indicators []Indicator
	reasons    []Reason
	tokens     map[string]string // folded token -> reason
	classes    []Handling
	texts      map[string]locale.Text
	words      map[string]string // variant -> word; "" for words that carry no meaning
	reviews    []Review
}

// Version is the version of the content, year and number: "2026.1".
func (d *Dictionary) Version() string { return d.version }

// Items lists all items, retired ones too, in file order.
func (d *Dictionary) Items() []Item { return d.items }

// Item finds an item by full name, by code, or by a slug that only one item has. Columns derived from an item
// (m0329_loc_reason_disp_idp_other, m1650_loc_gps_coords_latitude) are found as well.
func (d *Dictionary) Item(nameOrCode string) (Item, bool) {
	if at, ok := d.byName[nameOrCode]; ok {
		return d.items[at], true
	}
	return d.derived(nameOrCode)
}

// List finds a choice list.
func (d *Dictionary) List(name string) (List, bool) {
	return find(d.lists, func(l List) bool { return l.Name == name })
}

// Lists gives all choice lists in file order.
func (d *Dictionary) Lists() []List { return d.lists }

// Category finds a population category.
func (d *Dictionary) Category(code string) (Category, bool) {
	return find(d.categories, func(c Category) bool { return c.Code == code })
}

// Categories gives all population categories in file order.
func (d *Dictionary) Categories() []Category { return d.categories }

// Unit finds a unit.
func (d *Dictionary) Unit(code string) (Unit, bool) {
	return find(d.units, func(u Unit) bool { return u.Code == code })
}

// Units gives all units.
func (d *Dictionary) Units() []Unit { return d.units }

// Indicator finds an indicator type.
func (d *Dictionary) Indicator(code string) (Indicator, bool) {
	return find(d.indicators, func(i Indicator) bool { return i.Code == code })
}

// Indicators gives the five indicator types.
func (d *Dictionary) Indicators() []Indicator { return d.indicators }

// Reason finds a reason for a missing value.
func (d *Dictionary) Reason(code string) (Reason, bool) {
	return find(d.reasons, func(r Reason) bool { return r.Code == code })
}

// Reasons gives all reasons for missing values.
func (d *Dictionary) Reasons() []Reason { return d.reasons }

// Missing says whether a cell's text stands for "no value" and why; the caller keeps the raw token beside the reason.
func (d *Dictionary) Missing(token string) (reason string, ok bool) {
	reason, ok = d.tokens[foldToken(token)]
	return reason, ok
}

// Text finds a shared text of forms and screens by its key: "sum_equals", "group_arrivals".
func (d *Dictionary) Text(key string) (locale.Text, bool) { t, ok := d.texts[key]; return t, ok }

// Reviews says per data file which languages wait for a native reader.
func (d *Dictionary) Reviews() []Review { return d.reviews }

// AwaitingReview lists the languages in which at least one file waits for a native reader, sorted.
func (d *Dictionary) AwaitingReview() []string {
	waiting := map[string]bool{}
	for _, r := range d.reviews {
		for tag, state := range r.Language {
			if state == awaitingNative {
				waiting[tag] = true
			}
		}
	}
	tags := make([]string, 0, len(waiting))
	for tag := range waiting {
		tags = append(tags, tag)
	}
	sort.Strings(tags)
	return tags
}

// Codes lists everything a published figure may refer to, sorted: items as "item:m0310 m0310_loc_num_idp_ind", choices
// as "choice:site_type/camp", categories, units, reasons, indicator types. A code on this list never goes away.
func (d *Dictionary) Codes() []string {
	var codes []string
	for _, i := range d.items {
		codes = append(codes, "item:"+i.Code+" "+i.Name)
	}
	for _, l := range d.lists {
		for _, c := range l.Choices {
			codes = append(codes, "choice:"+l.Name+"/"+c.Name)
		}
	}
	for _, c := range d.categories {
		codes = append(codes, "category:"+c.Code)
	}
	for _, u := range d.units {
		codes = append(codes, "unit:"+u.Code)
	}
	for _, r := range d.reasons {
		codes = append(codes, "missing:"+r.Code)
	}
	for _, i := range d.indicators {
		codes = append(codes, "indicator:"+i.Code)
	}
	sort.Strings(codes)
	return codes
}

func find[T any](all []T, match func(T) bool) (T, bool) {
	for _, one := range all {
		if match(one) {
			return one, true
		}
	}
	var none T
	return none, false
}

func has(all []string, wanted string) bool {
	_, ok := find(all, func(s string) bool { return s == wanted })
	return ok
}
