// Package dictionary is what a word means everywhere: variables, choice lists, population categories, units, missing
// tokens, indicator types, HXL tags and sensitivity classes, in every language. Items are versioned and never deleted.
package dictionary

import "safar/locale"

// Class is a sensitivity class, from Low (public) to Severe (need to know).
type Class string

// The classes of domain 19.2, lowest first.
const (
	Low      Class = "low"
	Moderate Class = "moderate"
	High     Class = "high"
	Severe   Class = "severe"
)

// Item is one variable: a question and what its answer means.
type Item struct {
	Code        string      `yaml:"code" json:"code"`   // DTM code where known (m0310), else Safar's own (sf0001)
	Name        string      `yaml:"name" json:"name"`   // full column name: m0310_loc_num_idp_ind
	Level       string      `yaml:"level" json:"level"` // meta, loc, hh, ind
	Components  []string    `yaml:"components" json:"components,omitempty"`
	Sector      string      `yaml:"sector" json:"sector,omitempty"`
	Indicator   string      `yaml:"indicator" json:"indicator"` // core, core_cdw, optional, recommended, requested
	Type        string      `yaml:"type" json:"type"`           // XLSForm type: integer, select_one, date ...
	List        string      `yaml:"list" json:"list,omitempty"`
	Label       locale.Text `yaml:"label" json:"label"` // question text
	Hint        locale.Text `yaml:"hint" json:"hint,omitempty"`
	Meaning     locale.Text `yaml:"meaning" json:"meaning,omitempty"` // definition printed in codebooks
	Unit        string      `yaml:"unit" json:"unit,omitempty"`       // ind, hh, movement, hour, ...
	Category    string      `yaml:"category" json:"category,omitempty"`
	HXL         string      `yaml:"hxl" json:"hxl,omitempty"`
	Sensitivity Class       `yaml:"sensitivity" json:"sensitivity"`
	Identity    bool        `yaml:"identity" json:"identity,omitempty"` // identifies a person: kept apart, encrypted, never in facts
	Aliases     []string    `yaml:"aliases" json:"aliases,omitempty"`   // headers under which workbooks carry it, folded on load
	Version     int         `yaml:"version" json:"version"`
	Since       string      `yaml:"since" json:"since,omitempty"`
	ReplacedBy  string      `yaml:"replaced_by" json:"replaced_by,omitempty"`
	Source      string      `yaml:"source" json:"source,omitempty"` // where a DTM code was seen
}
