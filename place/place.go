// Package place is the register of where: administrative areas with their p-codes, sites with their SSID, and flow
// monitoring points.
//
// A p-code is opaque text: it is never parsed, and a unit's parent is always stated, never guessed from the code's
// beginning. A unit may carry codes of several systems, names in several languages, a validity in time, successors,
// a polygon or only a point. The package imports such lists from tables and GeoJSON, says every defect with its row,
// merges them with what is known, and finds a place by code, by name in any script, or by coordinates.
//
// Coordinates are WGS84 decimal degrees. Distances are metres, areas square kilometres, both on the sphere.
package place

import "safar/locale"

// Code is the p-code of an administrative unit: opaque text, unique within a country.
type Code string

// Level is an administrative level: 0 the country, 1 to 4 the units below it.
type Level int8

// MaxLevel is the lowest administrative level that has a place in a Path.
const MaxLevel Level = 4

// Path is the chain of codes from the country (index 0) down to a unit, "" at levels that the chain skips.
type Path [MaxLevel + 1]Code

// Deepest gives the code of the lowest level that is set, "" for an empty path.
func (p Path) Deepest() Code {
	for i := len(p) - 1; i >= 0; i-- {
		if p[i] != "" {
			return p[i]
		}
	}
	return ""
}

// LatLon is a position in WGS84 decimal degrees.
type LatLon struct {
	Lat float64 `json:"lat"` // -90..90, north positive
	Lon float64 `json:"lon"` // -180..180, east positive
}

// Area is one administrative unit. The unit of level 0 has the country's ISO 3166-1 alpha-3 code as its Code.
type Area struct {
	Country    string            `json:"country"` // ISO 3166-1 alpha-3
	Code       Code              `json:"code"`
	Level      Level             `json:"level"`
	Parent     Code              `json:"parent,omitempty"` // "" only at level 0
	Names      locale.Text       `json:"names,omitempty"`
	Aliases    []string          `json:"aliases,omitempty"`    // other and former names, any language
	Codes      map[string]string `json:"codes,omitempty"`      // code system -> code, e.g. "kato" -> "101000000"
	ValidFrom  string            `json:"valid_from,omitempty"` // YYYY-MM-DD, "" unknown
	ValidTo    string            `json:"valid_to,omitempty"`   // YYYY-MM-DD, "" still valid
	Successors []Succession      `json:"successors,omitempty"`
	Point      *LatLon           `json:"point,omitempty"`    // a point that stands for the unit
	Geometry   *Geometry         `json:"geometry,omitempty"` // nil: the unit is known without its borders
}

// Succession says what became of a unit that is no longer valid.
type Succession struct {
	Code  Code    `json:"code"`
	Kind  string  `json:"kind"`            // Split, Merged or Renamed
	Share float64 `json:"share,omitempty"` // part of the old unit's population that the successor took, 0..1; 0 unknown
}

// The kinds of succession.
const (
	Split   = "split"
	Merged  = "merged"
	Renamed = "renamed"
)

// Site is a location where people are counted. Its SSID is unique for its life and never used again.
type Site struct {
	SSID        string      `json:"ssid"`
	Country     string      `json:"country"`
	Area        Code        `json:"area,omitempty"` // the lowest unit known to hold it
	Names       locale.Text `json:"names,omitempty"`
	Aliases     []string    `json:"aliases,omitempty"`
	Kind        string      `json:"kind,omitempty"`
	At          *LatLon     `json:"at,omitempty"`
	AccuracyM   float64     `json:"accuracy_m,omitempty"` // radius in metres; 0 unknown
	GPSSource   string      `json:"gps_source,omitempty"`
	Status      string      `json:"status,omitempty"`
	OpenedRound int         `json:"opened_round,omitempty"`
	ClosedRound int         `json:"closed_round,omitempty"`
	MergedInto  string      `json:"merged_into,omitempty"` // SSID of the site that took this one over
	Sensitivity string      `json:"sensitivity,omitempty"`
}

// FlowPoint is a place where movements are counted: a flow monitoring point or a point of entry.
type FlowPoint struct {
	ID          string      `json:"id"`
	Country     string      `json:"country"`
	Area        Code        `json:"area,omitempty"`
	Names       locale.Text `json:"names,omitempty"`
	Kind        string      `json:"kind,omitempty"`
	At          *LatLon     `json:"at,omitempty"`
	Directions  []string    `json:"directions,omitempty"`
	OpensAt     string      `json:"opens_at,omitempty"`  // HH:MM, local time
	ClosesAt    string      `json:"closes_at,omitempty"` // HH:MM, local time
	Status      string      `json:"status,omitempty"`
	PairedPoint string      `json:"paired_point,omitempty"` // id of the point on the other side of the border
	Sensitivity string      `json:"sensitivity,omitempty"`
}

// Batch is what an import yields and what a store keeps: units, sites and points, sorted by country, level and code.
type Batch struct {
	Areas  []Area      `json:"areas,omitempty"`
	Sites  []Site      `json:"sites,omitempty"`
	Points []FlowPoint `json:"points,omitempty"`
}

// Kind says which of the three a match or a query is about.
type Kind string

// The kinds of places.
const (
	KindArea  Kind = "area"
	KindSite  Kind = "site"
	KindPoint Kind = "point"
)
