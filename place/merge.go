package place

import (
	"maps"
	"slices"
	"strconv"

	"safar/locale"
)

// Change is one thing that a merge did to what was known.
type Change struct {
	Kind    Kind   `json:"kind"`
	Country string `json:"country"`
	ID      string `json:"id"`
	What    string `json:"what"` // "added", or the field: "name:ru", "alias", "code:kato", "parent", "polygon", ...
	Was     string `json:"was,omitempty"`
	Now     string `json:"now,omitempty"`
}

// Merge joins a new batch to what is known and lists what that changes. Nothing is deleted: an empty new value leaves the
// old one, a name that is replaced becomes an alias. A unit is recognised by its code, else by the one unit of its level
// that shares a code of another system; it keeps the code it has.
func Merge(old, more Batch) (Batch, []Change) {
	m := merger{renamed: map[key]Code{}}
	out := Batch{Areas: slices.Clone(old.Areas), Sites: slices.Clone(old.Sites), Points: slices.Clone(old.Points)}
	out.Areas = m.areas(out.Areas, more.Areas)
	out.Sites = m.sites(out.Sites, more.Sites)
	out.Points = m.points(out.Points, more.Points)
	slices.SortFunc(out.Areas, compareAreas)
	slices.SortFunc(out.Sites, compareSites)
	slices.SortFunc(out.Points, comparePoints)
	return out, m.changes
}

type merger struct {
	changes []Change
	renamed map[key]Code // codes of the new batch that are other codes of known units
	now     Change       // kind, country and id of the place at hand
}

func (m *merger) note(what, was, now string) {
	c := m.now
	c.What, c.Was, c.Now = what, was, now
	m.changes = append(m.changes, c)
}

// set takes a new text over when there is one.
func (m *merger) set(field *string, value, what string) {
	if value != "" && value != *field {
		m.note(what, *field, value)
		*field = value
	}
}

func (m *merger) areas(areas, more []Area) []Area {
	at := make(map[key]int, len(areas)+len(more))
	bySystem := map[key][]int{}
	for i := range areas {
		at[key{areas[i].Country, areas[i].Code}] = i
		for system, code := range areas[i].Codes {
			k := key{areas[i].Country, Code(system + "\x00" + code)}
			bySystem[k] = append(bySystem[k], i)
		}
		for _, code := range areas[i].Codes {
			k := key{areas[i].Country, Code("\x00" + code)}
			if n := len(bySystem[k]); n == 0 || bySystem[k][n-1] != i {
				bySystem[k] = append(bySystem[k], i)
			}
		}
	}
	same := make([]int, len(more))
	for n := range more {
		a := &more[n]
		i, known := at[key{a.Country, a.Code}]
		if !known {
			i, known = sameUnit(areas, bySystem, at, a)
		}
		if !known {
			same[n] = -1
			continue
		}
		same[n] = i
		if areas[i].Code != a.Code {
			m.renamed[key{a.Country, a.Code}] = areas[i].Code
		}
	}
	for n, a := range more {
		a.Parent = m.code(a.Country, a.Parent)
		if i := same[n]; i >= 0 {
			m.area(&areas[i], a)
			continue
		}
		m.now = Change{Kind: KindArea, Country: a.Country, ID: string(a.Code)}
		m.note("added", "", a.Names.In("en"))
		areas = append(areas, a)
	}
	return areas
}

// sameUnit finds the one known unit of the level that shares a code of another system with a.
func sameUnit(areas []Area, bySystem map[key][]int, at map[key]int, a *Area) (int, bool) {
	var fits []int
	add := func(i int) {
		if areas[i].Level == a.Level && !slices.Contains(fits, i) {
			fits = append(fits, i)
		}
	}
	for system, code := range a.Codes {
		for _, i := range bySystem[key{a.Country, Code(system + "\x00" + code)}] {
			add(i)
		}
		if i, ok := at[key{a.Country, Code(code)}]; ok {
			add(i)
		}
	}
	for _, i := range bySystem[key{a.Country, Code("\x00" + string(a.Code))}] {
		add(i)
	}
	if len(fits) != 1 {
		return 0, false
	}
	return fits[0], true
}

func (m *merger) code(country string, c Code) Code {
	if known, ok := m.renamed[key{country, c}]; ok {
		return known
	}
	return c
}

func (m *merger) area(old *Area, a Area) {
	m.now = Change{Kind: KindArea, Country: old.Country, ID: string(old.Code)}
	if a.Code != old.Code && !hasValue(old.Codes, string(a.Code)) && !hasValue(a.Codes, string(a.Code)) {
		a.Codes = united(a.Codes, map[string]string{"pcode": string(a.Code)})
	}
	old.Names, old.Aliases = m.names(old.Names, old.Aliases, a.Names, a.Aliases)
	m.codes(old, a.Codes)
	if a.Level != old.Level {
		m.note("level", strconv.Itoa(int(old.Level)), strconv.Itoa(int(a.Level)))
		old.Level = a.Level
	}
	if a.Parent != Code(old.Country) || old.Parent == "" {
		m.set((*string)(&old.Parent), string(a.Parent), "parent")
	}
	m.set(&old.ValidFrom, a.ValidFrom, "valid_from")
	m.set(&old.ValidTo, a.ValidTo, "valid_to")
	for _, s := range a.Successors {
		s.Code = m.code(a.Country, s.Code)
		i := slices.IndexFunc(old.Successors, func(o Succession) bool { return o.Code == s.Code })
		switch {
		case i < 0:
			old.Successors = append(slices.Clip(old.Successors), s)
			m.note("successor", "", string(s.Code))
		case old.Successors[i] != s:
			old.Successors = slices.Clone(old.Successors)
			old.Successors[i] = s
			m.note("successor", string(s.Code), string(s.Code))
		}
	}
	old.Point = m.position(old.Point, a.Point)
	if a.Geometry != nil && !sameGeometry(old.Geometry, a.Geometry) {
		was := ""
		if old.Geometry != nil {
			was = strconv.Itoa(old.Geometry.Vertices())
		}
		m.note("polygon", was, strconv.Itoa(a.Geometry.Vertices()))
		old.Geometry = a.Geometry
	}
}

func hasValue(codes map[string]string, value string) bool {
	for _, code := range codes {
		if code == value {
			return true
		}
	}
	return false
}

func sameGeometry(a, b *Geometry) bool {
	if a == nil || len(a.Polygons) != len(b.Polygons) {
		return false
	}
	for i := range a.Polygons {
		if !slices.EqualFunc(a.Polygons[i], b.Polygons[i], slices.Equal[Ring]) {
			return false
		}
	}
	return true
}

// names joins names and aliases. A name that is replaced by another stays as an alias, also one that was only spelled
// otherwise.
func (m *merger) names(names locale.Text, aliases []string, newNames locale.Text, newAliases []string) (locale.Text, []string) {
	out := maps.Clone(names)
	if out == nil {
		out = locale.Text{}
	}
	more := slices.Clone(newAliases)
	for _, tag := range newNames.Tags() {
		name := newNames[tag]
		if name == "" || name == out[tag] {
			continue
		}
		if was := out[tag]; was != "" {
			more = append(more, was)
		}
		m.note("name:"+tag, out[tag], name)
		out[tag] = name
	}
	for _, alias := range tidyAliases(more, out) {
		if !slices.Contains(aliases, alias) {
			m.note("alias", "", alias)
			aliases = append(slices.Clip(aliases), alias)
		}
	}
	if len(out) == 0 {
		out = nil
	}
	return out, aliases
}

// codes joins the codes of other systems. One that is replaced stays as an alias, so that the unit is still found by it.
func (m *merger) codes(old *Area, more map[string]string) {
	for _, system := range sortedKeys(more) {
		was, now := old.Codes[system], more[system]
		if now == "" || was == now {
			continue
		}
		m.note("code:"+system, was, now)
		old.Codes = united(map[string]string{system: now}, old.Codes)
		if was != "" {
			old.Aliases = withAliases(old.Aliases, was)
		}
	}
}

func (m *merger) position(old, p *LatLon) *LatLon {
	if p == nil || old != nil && *old == *p {
		return old
	}
	was := ""
	if old != nil {
		was = degrees(old.Lat) + " " + degrees(old.Lon)
	}
	m.note("position", was, degrees(p.Lat)+" "+degrees(p.Lon))
	return p
}

func (m *merger) number(field *int, value int, what string) {
	if value != 0 && value != *field {
		m.note(what, strconv.Itoa(*field), strconv.Itoa(value))
		*field = value
	}
}

func (m *merger) sites(sites, more []Site) []Site {
	at := make(map[string]int, len(sites)+len(more))
	for i := range sites {
		at[sites[i].SSID] = i
	}
	for _, s := range more {
		s.Area = m.code(s.Country, s.Area)
		m.now = Change{Kind: KindSite, Country: s.Country, ID: s.SSID}
		i, known := at[s.SSID]
		if !known {
			m.note("added", "", s.Names.In("en"))
			at[s.SSID] = len(sites)
			sites = append(sites, s)
			continue
		}
		old := &sites[i]
		old.Names, old.Aliases = m.names(old.Names, old.Aliases, s.Names, s.Aliases)
		if s.Area != Code(s.Country) || old.Area == "" {
			m.set((*string)(&old.Area), string(s.Area), "area")
		}
		m.set(&old.Kind, s.Kind, "kind")
		old.At = m.position(old.At, s.At)
		if s.AccuracyM != 0 {
			old.AccuracyM = s.AccuracyM
		}
		m.set(&old.GPSSource, s.GPSSource, "gps_source")
		m.set(&old.Status, s.Status, "status")
		m.number(&old.OpenedRound, s.OpenedRound, "opened_round")
		m.number(&old.ClosedRound, s.ClosedRound, "closed_round")
		m.set(&old.MergedInto, s.MergedInto, "merged_into")
		m.set(&old.Sensitivity, s.Sensitivity, "sensitivity")
	}
	return sites
}

func (m *merger) points(points, more []FlowPoint) []FlowPoint {
	at := make(map[string]int, len(points)+len(more))
	for i := range points {
		at[points[i].ID] = i
	}
	for _, p := range more {
		p.Area = m.code(p.Country, p.Area)
		m.now = Change{Kind: KindPoint, Country: p.Country, ID: p.ID}
		i, known := at[p.ID]
		if !known {
			m.note("added", "", p.Names.In("en"))
			at[p.ID] = len(points)
			points = append(points, p)
			continue
		}
		old := &points[i]
		old.Names, _ = m.names(old.Names, nil, p.Names, nil)
		if p.Area != Code(p.Country) || old.Area == "" {
			m.set((*string)(&old.Area), string(p.Area), "area")
		}
		m.set(&old.Kind, p.Kind, "kind")
		old.At = m.position(old.At, p.At)
		for _, d := range p.Directions {
			if !slices.Contains(old.Directions, d) {
				m.note("direction", "", d)
				old.Directions = append(slices.Clip(old.Directions), d)
			}
		}
		m.set(&old.OpensAt, p.OpensAt, "opens_at")
		m.set(&old.ClosesAt, p.ClosesAt, "closes_at")
		m.set(&old.Status, p.Status, "status")
		m.set(&old.PairedPoint, p.PairedPoint, "paired_point")
		m.set(&old.Sensitivity, p.Sensitivity, "sensitivity")
	}
	return points
}
