// Package form holds a questionnaire as a value: what is asked, in which languages, and under which conditions.
//
// A Form comes from a workbook (child package xlsform), goes to phones as an XForm (child package xform), and reads the
// answers that come back into a tree (xpath.Node) that every expression of Safar runs over. Nothing here does I/O.
package form

import (
	"iter"

	"safar/locale"
)

// Form is one version of one questionnaire. It is immutable after conversion and is kept as JSON in the store, so that
// old submissions stay readable for ever.
type Form struct {
	ID              string            `json:"id"`
	Version         string            `json:"version"`
	Title           locale.Text       `json:"title"`
	DefaultLanguage string            `json:"default_language,omitempty"` // as written in the workbook's headers: "English (en)"
	Languages       []Language        `json:"languages,omitempty"`
	InstanceName    string            `json:"instance_name,omitempty"` // expression
	Settings        map[string]string `json:"settings,omitempty"`      // every other column of the settings sheet, by folded header
	Root            *Element          `json:"root"`                    // a group; its Name is the primary instance's element, "data" by default
	Lists           []List            `json:"lists,omitempty"`
	Files           []File            `json:"files,omitempty"` // csv-external and xml-external rows: files that expressions read
}

// File is a file of data that travels beside the form and that expressions read as instance('Name').
type File struct {
	Name   string `json:"name"`   // instance id: "locations"
	Source string `json:"source"` // file name: "locations.csv"
	Row    int    `json:"row,omitempty"`
}

// Language is one language column of a workbook: `label::Тоҷикӣ (tg)`.
type Language struct {
	Label string `json:"label"` // as written: "Тоҷикӣ (tg)"
	Tag   string `json:"tag"`   // BCP 47, from the parentheses; the whole label where there are none
}

// Kind tells the three sorts of elements apart.
type Kind string

// The kinds of elements.
const (
	Question Kind = "question" // holds one value; calculates, notes and metadata are questions too
	Group    Kind = "group"
	Repeat   Kind = "repeat"
)

// Element is one row of the survey sheet: a question, or a group or repeat with what is inside it.
// Expressions are kept as authors write them, with ${name} references; Resolve turns them into XPath.
type Element struct {
	Kind              Kind                   `json:"kind"`
	Type              string                 `json:"type,omitempty"` // XLSForm type without its list: "select_one", "integer", "start-geopoint"
	Name              string                 `json:"name"`
	List              string                 `json:"list,omitempty"` // choice list of a select or rank
	File              string                 `json:"file,omitempty"` // file of a select from file: "locations.csv"
	OrOther           bool                   `json:"or_other,omitempty"`
	Label             locale.Text            `json:"label,omitempty"` // keyed by Language.Tag; "" is the column without language
	Hint              locale.Text            `json:"hint,omitempty"`
	Guidance          locale.Text            `json:"guidance,omitempty"`
	ConstraintMessage locale.Text            `json:"constraint_message,omitempty"`
	RequiredMessage   locale.Text            `json:"required_message,omitempty"`
	NoAppMessage      locale.Text            `json:"no_app_message,omitempty"` // shown when the app an appearance asks for is absent
	Media             map[string]locale.Text `json:"media,omitempty"`          // "image", "audio", "video", "big-image"
	Relevant          string                 `json:"relevant,omitempty"`
	Constraint        string                 `json:"constraint,omitempty"`
	Required          string                 `json:"required,omitempty"` // expression; "true()" for yes
	ReadOnly          string                 `json:"readonly,omitempty"`
	Calculation       string                 `json:"calculation,omitempty"`
	Default           string                 `json:"default,omitempty"`
	Trigger           []string               `json:"trigger,omitempty"` // names of the questions that trigger the calculation
	ChoiceFilter      string                 `json:"choice_filter,omitempty"`
	RepeatCount       string                 `json:"repeat_count,omitempty"`
	Appearance        string                 `json:"appearance,omitempty"`
	Parameters        map[string]string      `json:"parameters,omitempty"`
	Bind              map[string]string      `json:"bind,omitempty"`     // bind:: columns
	Body              map[string]string      `json:"body,omitempty"`     // body:: columns
	Instance          map[string]string      `json:"instance,omitempty"` // instance:: columns
	Item              string                 `json:"item,omitempty"`     // code of the dictionary item this asks
	Row               int                    `json:"row,omitempty"`      // row of the survey sheet, 1-based
	Children          []*Element             `json:"children,omitempty"`
}

// List is one choice list.
type List struct {
	Name    string   `json:"name"`
	Choices []Choice `json:"choices"`
	Columns []string `json:"columns,omitempty"` // names of Choice.Extra in the order of the sheet
}

// Translated says whether the labels of the list stand in the translations of an XForm: one is in several languages,
// holds references or has media. Expressions then see itextId instead of label.
func (l *List) Translated() bool {
	for _, choice := range l.Choices {
		if len(choice.Media) > 0 || len(choice.Label) > 1 || len(choice.Label) == 1 && choice.Label[""] == "" {
			return true
		}
		if len(References(choice.Label[""])) > 0 {
			return true
		}
	}
	return false
}

// Extras gives the other columns of a choice that have a value, in the order of the sheet.
func (l *List) Extras(c Choice) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		for _, name := range l.Columns {
			if value := c.Extra[name]; value != "" && !yield(name, value) {
				return
			}
		}
	}
}

// Choice is one answer of a list; Extra holds the columns that choice filters read.
type Choice struct {
	Name  string                 `json:"name"`
	Label locale.Text            `json:"label,omitempty"`
	Media map[string]locale.Text `json:"media,omitempty"`
	Extra map[string]string      `json:"extra,omitempty"`
	Row   int                    `json:"row,omitempty"`
}

// Identity is what a submission says of itself, read before its form is known.
type Identity struct {
	FormID       string
	Version      string
	InstanceID   string
	DeprecatedID string // the instance this one replaces, when it is an edit
	Encrypted    bool   // the answers lie in a file of their own that only the holder of the private key can read
}

// Shown is the label of a choice that stands in no language; without one, its name.
func (c Choice) Shown() string {
	if label := c.Label[""]; label != "" {
		return label
	}
	return c.Name
}
