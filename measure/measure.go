// Package measure turns records into facts and facts into observations: indicators, stocks and flows.
//
// A fact is one value of one record with its dimensions; an observation is an aggregate of facts. XPath runs once per
// record and yields facts. A Query holds only aggregate, filters, group-by and ratio, so that the plain evaluator here
// (the oracle) and the SQL of the warehouse can be held equal.
package measure

import (
	"safar/locale"
)

// Fact is one value of one record. An empty dimension is "".
type Fact struct {
	Op, Activity       string
	Round              int
	Record             string
	Version            int
	Item               string // id of the fact definition: idp_ind
	RepeatPath         string
	Date               string // YYYY-MM-DD, local day of the operation
	Adm                [5]string
	Site, Point        string
	Category, Sex      string
	AgeLo, AgeHi       string // edges in years as text; "" = all ages, AgeHi "" with AgeLo set = open-ended
	OriginAdm0         string
	OriginAdm1         string
	DestAdm0, DestAdm1 string
	Reason, Direction  string
	Breakdown          string // not "": this row splits a total and is never added to it
	Value              float64
	Unit               string // ind, hh, movement, hour, location, ...
	Weight             float64
	CarriedFrom        int // round the value was carried from, 0 = own
	Confidence         string
	Definition         string // hash of the definition that made it
	D1, D2, D3, D4     string // further dimensions a tool may use
}

// Missing is a value that should be there and is not, with its reason: one of NotAsked, DoNotKnow, PreferNotToAnswer,
// NotMapped, Unreadable, Blank; each is a code of the dictionary.
type Missing struct {
	Op, Activity string
	Round        int
	Record       string
	Version      int
	Item         string
	RepeatPath   string
	Date         string // YYYY-MM-DD
	Adm          [5]string
	Site, Point  string
	Breakdown    string // not "": the missing value is a part of a total; the total itself may be there
	Reason       string
}

// The reasons for which a value is missing.
const (
	NotAsked          = "not_asked"  // the question was not relevant
	DoNotKnow         = "dnk"        // the respondent does not know
	PreferNotToAnswer = "pnta"       // the respondent prefers not to answer
	NotMapped         = "not_mapped" // the workbook has no column for it
	Unreadable        = "unreadable" // not a number, or one beyond every bound
	Blank             = "empty"      // asked and left empty
)

// FactDef says how a record of a form yields facts; it is a row of measures.yaml.
type FactDef struct {
	ID    string            `yaml:"id" json:"id"`
	Form  string            `yaml:"form" json:"form"`
	Each  string            `yaml:"each" json:"each,omitempty"` // name of a repeat; the other expressions run in each of its instances
	When  string            `yaml:"when" json:"when,omitempty"` // expression; false = no fact and nothing missing
	Value string            `yaml:"value" json:"value"`         // expression; an empty result is a missing value
	Unit  string            `yaml:"unit" json:"unit"`
	Dims  map[string]string `yaml:"dims" json:"dims,omitempty"` // dimension -> constant, or expression when it holds ${ or (
}

// Measure is a published quantity: an aggregate over facts of one definition.
//
// PerDims names the dimensions (or "place", "time", ...) that facts of the denominator carry: grouping and filters on
// other dimensions leave the denominator alone. So movements by direction per hour divide by all hours of the point,
// and the share of women divides by everybody. Empty means all dimensions.
type Measure struct {
	ID          string            `yaml:"id" json:"id"` // idp.ind
	Title       locale.Text       `yaml:"title" json:"title"`
	Fact        string            `yaml:"fact" json:"fact"`
	Agg         string            `yaml:"agg" json:"agg"`                           // sum, count, mean, ratio
	Denominator string            `yaml:"denominator" json:"denominator,omitempty"` // fact id, for ratio
	PerDims     []string          `yaml:"denominator_dims" json:"denominator_dims,omitempty"`
	Unit        string            `yaml:"unit" json:"unit"`
	Kind        string            `yaml:"kind" json:"kind"` // stock, flow, share
	AddOver     []string          `yaml:"add_over" json:"add_over,omitempty"`
	NeverOver   map[string]string `yaml:"never_over" json:"never_over,omitempty"` // dimension -> key of the reason, a fault code
	Where       map[string]string `yaml:"where" json:"where,omitempty"`           // fixed filters, e.g. category: idp
	Definition  locale.Text       `yaml:"definition" json:"definition"`
	HXL         string            `yaml:"hxl" json:"hxl,omitempty"`
	API         string            `yaml:"api" json:"api,omitempty"` // field of the DTM API it feeds: numPresentIdpInd
}

// Set is the content of a pack's measures.yaml.
type Set struct {
	Facts    []FactDef `yaml:"facts" json:"facts"`
	Measures []Measure `yaml:"measures" json:"measures"`
}

// Query asks for observations of one measure. Dimensions are the names of Dimensions(). Rows that split a total
// (Fact.Breakdown not "") count only when the query groups or filters by breakdown.
type Query struct {
	Operation string
	Activity  string
	Round     int // 0 = all rounds; Plan allows it only where rounds may be added or are kept apart
	Measure   Measure
	By        []string
	Where     []Filter
}

// Filter keeps facts whose dimension has one of the values.
type Filter struct {
	Dim string
	In  []string
}

// Observation is one aggregate with what one must know to judge it.
type Observation struct {
	By      []string // values of Query.By, in that order
	Value   float64  // NaN when there is none: no fact at all, or a denominator of 0; JSON null
	N       int      // records that contributed
	Missing int      // records whose value is missing
	Carried int      // records whose value was carried over from an earlier round
}
