package place

import (
	"cmp"
	"math"
	"slices"
)

// Reason says why a place was found.
type Reason string

// The reasons, strongest first for codes, names and coordinates.
const (
	ByCode       Reason = "code"        // the code itself
	BySystem     Reason = "code_system" // a code of another system
	ByRepaired   Reason = "code_mended" // the code after undoing what a spreadsheet did to it
	ByName       Reason = "name"        // a name, as folded
	ByAlias      Reason = "alias"       // an alias, as folded
	BySpelling   Reason = "spelling"    // a name or alias spelled alike
	ByResembling Reason = "resembling"  // a name or alias with many letters in common
	Inside       Reason = "inside"      // the position lies in the polygon
	Near         Reason = "near"        // the position lies within NearM of the polygon, or of the unit's point
)

// Match is one place that answers a question.
type Match struct {
	Kind      Kind    `json:"kind"`
	ID        string  `json:"id"` // code of an area, SSID of a site, id of a flow point
	Country   string  `json:"country"`
	Level     Level   `json:"level"` // of the area, or of the area the site or point lies in
	Name      string  `json:"name"`  // the name that matched; for codes and coordinates the English one
	Score     float64 `json:"score"` // 0..1
	Reason    Reason  `json:"reason"`
	System    string  `json:"system,omitempty"`     // the code system that matched
	DistanceM float64 `json:"distance_m,omitempty"` // for Near
}

// Code is the match's id as the code of an area.
func (m Match) Code() Code { return Code(m.ID) }

// Lowest asks Locate for the lowest level that has an answer.
const Lowest Level = -1

// Locate finds the units of a level that hold a position; an empty country means all countries. All units that hold it
// are given where they overlap. Units without polygon whose point is within NearM follow as weaker matches, and where no
// polygon holds the position so do the polygons within NearM, nearest first.
func (r *Register) Locate(p LatLon, country string, level Level) []Match {
	if math.IsNaN(p.Lat) || math.IsNaN(p.Lon) {
		return nil
	}
	if level == Lowest {
		return r.locateLowest(p, country)
	}
	if country != "" {
		return r.locateIn(nil, p, layer{country, level})
	}
	var out []Match
	for _, c := range r.countries {
		out = r.locateIn(out, p, layer{c, level})
	}
	slices.SortStableFunc(out, compareMatches)
	return out
}

// locateLowest prefers a polygon of a higher level to a mere neighbour on a lower one.
func (r *Register) locateLowest(p LatLon, country string) []Match {
	var near []Match
	for level := MaxLevel; level >= 0; level-- {
		found := r.Locate(p, country, level)
		if len(found) > 0 && found[0].Reason == Inside {
			return found
		}
		if near == nil {
			near = found
		}
	}
	return near
}

func (r *Register) locateIn(out []Match, p LatLon, l layer) []Match {
	build := r.shapes[l]
	if build == nil {
		return out
	}
	x := build()
	candidates := x.candidates(p)
	start := len(out)
	for _, i := range candidates {
		if x.parts[i].holds(p) && !last(out[start:], r.areas[x.parts[i].area].Code) {
			out = append(out, r.areaMatch(x.parts[i].area, 1, Inside))
		}
	}
	inside := len(out) > start
	for _, i := range candidates {
		if inside && !x.parts[i].point {
			continue
		}
		if d := x.parts[i].distance(p); d <= NearM {
			out = nearer(out, start, r.areaMatch(x.parts[i].area, 0.8*(1-d/NearM/2), Near), d)
		}
	}
	slices.SortStableFunc(out[start:], compareMatches)
	return out
}

// nearer enters a neighbour once, with its smallest distance. The polygons of one unit come one after the other.
func nearer(out []Match, start int, m Match, distance float64) []Match {
	m.DistanceM = math.Round(distance*10) / 10
	if !last(out[start:], m.Code()) {
		return append(out, m)
	}
	if end := len(out) - 1; m.Score > out[end].Score {
		out[end] = m
	}
	return out
}

// last says whether the unit is the one found last.
func last(matches []Match, code Code) bool {
	return len(matches) > 0 && matches[len(matches)-1].ID == string(code)
}

func has(matches []Match, code Code) bool {
	for i := range matches {
		if matches[i].ID == string(code) {
			return true
		}
	}
	return false
}

// compareMatches puts the best first; equals stand by country, level and id so that answers never change.
func compareMatches(a, b Match) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Country, b.Country), cmp.Compare(a.Level, b.Level), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

// DistanceM says how far a position lies outside a unit's polygon: 0 inside, in metres otherwise. It is false where the
// unit has no polygon.
func (r *Register) DistanceM(country string, code Code, p LatLon) (float64, bool) {
	i, ok := r.byCode[key{country, code}]
	if !ok || r.areas[i].Geometry == nil || len(r.areas[i].Geometry.Polygons) == 0 {
		return 0, false
	}
	return r.areas[i].Geometry.DistanceM(p), true
}

func (r *Register) areaMatch(i int32, score float64, reason Reason) Match {
	a := &r.areas[i]
	name := a.Names["en"]
	if name == "" {
		name = a.Names.In()
	}
	return Match{Kind: KindArea, ID: string(a.Code), Country: a.Country, Level: a.Level, Name: name, Score: score, Reason: reason}
}

// levelOf is the level of the unit that a site or point lies in, 0 where it is not known.
func (r *Register) levelOf(country string, code Code) Level {
	if i, ok := r.byCode[key{country, code}]; ok {
		return r.areas[i].Level
	}
	return 0
}

func (r *Register) siteMatch(s *Site, score float64, reason Reason) Match {
	return Match{Kind: KindSite, ID: s.SSID, Country: s.Country, Level: r.levelOf(s.Country, s.Area), Name: s.Names.In("en"), Score: score, Reason: reason}
}

func (r *Register) pointMatch(p *FlowPoint, score float64, reason Reason) Match {
	return Match{Kind: KindPoint, ID: p.ID, Country: p.Country, Level: r.levelOf(p.Country, p.Area), Name: p.Names.In("en"), Score: score, Reason: reason}
}
