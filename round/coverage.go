package round

import (
	"slices"
	"strings"
)

// Target is one location, point or unit that a round means to assess.
type Target struct {
	Unit         string   // unit key, as records name it
	Areas        []string // codes of the areas it lies in, upper level first; "" where unknown
	Inaccessible bool     // known not to be reachable in this round
}

// Visit is what one record that counts says of a unit.
type Visit struct {
	Unit         string
	Areas        []string // as in Target; used for units that are not targets
	Inaccessible bool     // the team could not reach it
	Carried      bool     // the value was carried over from an earlier round
}

// Cover counts coverage for the whole operation (area "") and for each area at the given index of Areas, sorted by
// code. Each unit counts once: assessed before carried, carried before inaccessible, whatever the order of its records;
// New counts assessed units that are not on the list, and they are in Assessed too. So for every row
// Targeted = (Assessed - New) + Inaccessible + Carried + NotVisited.
func Cover(targets []Target, visits []Visit, level int) []Coverage {
	best := map[string]Visit{}
	for _, v := range visits {
		if old, seen := best[v.Unit]; !seen || rank(v) > rank(old) {
			best[v.Unit] = v
		}
	}
	c := counting{rows: map[string]*Coverage{}, level: level}
	targeted := make(map[string]bool, len(targets))
	for _, t := range targets {
		if targeted[t.Unit] {
			continue
		}
		targeted[t.Unit] = true
		v, visited := best[t.Unit]
		if !visited && t.Inaccessible {
			v, visited = Visit{Inaccessible: true}, true
		}
		c.target(t.Areas, v, visited)
	}
	for _, v := range best {
		if !targeted[v.Unit] && rank(v) == 2 {
			c.each(v.Areas, func(row *Coverage) { row.New++; row.Assessed++ })
		}
	}
	return c.sorted()
}

// Completeness is the share of targets that were assessed in this round, 0 to 1; ok is false without targets.
func (c Coverage) Completeness() (share float64, ok bool) {
	if c.Targeted == 0 {
		return 0, false
	}
	return float64(c.Assessed-c.New) / float64(c.Targeted), true
}

// rank orders what records say of one unit: an assessment of this round, a carried value, no access.
func rank(v Visit) int {
	switch {
	case v.Inaccessible:
		return 0
	case v.Carried:
		return 1
	}
	return 2
}

type counting struct {
	rows  map[string]*Coverage
	level int
}

func (c counting) target(areas []string, v Visit, visited bool) {
	c.each(areas, func(row *Coverage) {
		row.Targeted++
		switch {
		case !visited:
			row.NotVisited++
		case rank(v) == 0:
			row.Inaccessible++
		case rank(v) == 1:
			row.Carried++
		default:
			row.Assessed++
		}
	})
}

// each applies the count to the operation's row and to the row of the unit's area.
func (c counting) each(areas []string, count func(*Coverage)) {
	codes := []string{""}
	if c.level >= 0 && c.level < len(areas) && areas[c.level] != "" {
		codes = append(codes, areas[c.level])
	}
	for _, code := range codes {
		if c.rows[code] == nil {
			c.rows[code] = &Coverage{Area: code}
		}
		count(c.rows[code])
	}
}

func (c counting) sorted() []Coverage {
	out := make([]Coverage, 0, len(c.rows))
	for _, row := range c.rows {
		out = append(out, *row)
	}
	slices.SortFunc(out, func(a, b Coverage) int { return strings.Compare(a.Area, b.Area) })
	return out
}
