package place

import "slices"

// Area gives the unit of a country with exactly this code. Its maps and lists belong to the register: read them only.
func (r *Register) Area(country string, code Code) (Area, bool) {
	i, ok := r.byCode[key{country, code}]
	if !ok {
		return Area{}, false
	}
	return r.areas[i], true
}

// Site gives the site with this SSID.
func (r *Register) Site(ssid string) (Site, bool) {
	i, ok := r.bySSID[ssid]
	if !ok {
		return Site{}, false
	}
	return r.sites[i], true
}

// Point gives the flow point with this id.
func (r *Register) Point(id string) (FlowPoint, bool) {
	i, ok := r.byPoint[id]
	if !ok {
		return FlowPoint{}, false
	}
	return r.points[i], true
}

// Countries lists the ISO 3166-1 alpha-3 codes of all countries with a place in the register, sorted.
func (r *Register) Countries() []string { return slices.Clone(r.countries) }

// Areas lists the units of a country on one level, by code.
func (r *Register) Areas(country string, level Level) []Area {
	from, to := r.span(country, level)
	return slices.Clone(r.areas[from:to])
}

// span finds the run of areas of one country and level.
func (r *Register) span(country string, level Level) (from, to int) {
	from, _ = slices.BinarySearchFunc(r.areas, Area{Country: country, Level: level}, compareAreas)
	to, _ = slices.BinarySearchFunc(r.areas, Area{Country: country, Level: level + 1}, compareAreas)
	return from, to
}

// Sites lists the sites of a country inside a unit, by SSID; an empty code means the whole country.
func (r *Register) Sites(country string, within Code) []Site {
	var out []Site
	for _, s := range r.sites {
		if s.Country == country && (within == "" || r.IsWithin(country, s.Area, within)) {
			out = append(out, s)
		}
	}
	return out
}

// Points lists the flow points of a country inside a unit, by id; an empty code means the whole country.
func (r *Register) Points(country string, within Code) []FlowPoint {
	var out []FlowPoint
	for _, p := range r.points {
		if p.Country == country && (within == "" || r.IsWithin(country, p.Area, within)) {
			out = append(out, p)
		}
	}
	return out
}

// All gives everything in the register as a batch, the units that NewRegister added included.
func (r *Register) All() Batch {
	return Batch{Areas: slices.Clone(r.areas), Sites: slices.Clone(r.sites), Points: slices.Clone(r.points)}
}

// Path gives the codes from the country down to the unit, empty where the code is unknown.
func (r *Register) Path(country string, code Code) Path {
	i, ok := r.byCode[key{country, code}]
	if !ok {
		return Path{}
	}
	return r.path(i)
}

func (r *Register) path(i int32) Path {
	var p Path
	for ; i != none; i = r.parents[i] {
		if a := &r.areas[i]; a.Level >= 0 && a.Level <= MaxLevel {
			p[a.Level] = a.Code
		}
	}
	return p
}

// Ancestors lists the units above one, the country first.
func (r *Register) Ancestors(country string, code Code) []Area {
	i, ok := r.byCode[key{country, code}]
	if !ok {
		return nil
	}
	var out []Area
	for i = r.parents[i]; i != none; i = r.parents[i] {
		out = append(out, r.areas[i])
	}
	slices.Reverse(out)
	return out
}

// Children lists the units directly below one, by level and code.
func (r *Register) Children(country string, code Code) []Area {
	i, ok := r.byCode[key{country, code}]
	if !ok {
		return nil
	}
	out := make([]Area, len(r.children[i]))
	for n, child := range r.children[i] {
		out[n] = r.areas[child]
	}
	return out
}

// IsWithin says whether a unit is another one or lies below it.
func (r *Register) IsWithin(country string, code, ancestor Code) bool {
	i, ok := r.byCode[key{country, code}]
	if !ok {
		return false
	}
	for ; i != none; i = r.parents[i] {
		if r.areas[i].Code == ancestor {
			return true
		}
	}
	return false
}

// Pair is one line of the closure table: a unit lies Depth steps below another. Every unit is its own ancestor at depth 0.
type Pair struct {
	Country    string `json:"country"`
	Ancestor   Code   `json:"ancestor"`
	Descendant Code   `json:"descendant"`
	Depth      int    `json:"depth"`
}

// Closure lists every ancestor of every unit, for stores that answer "all within" with one join.
func (r *Register) Closure() []Pair {
	out := make([]Pair, 0, 3*len(r.areas))
	for i := range r.areas {
		depth := 0
		for up := int32(i); up != none; up = r.parents[up] {
			out = append(out, Pair{r.areas[i].Country, r.areas[up].Code, r.areas[i].Code, depth})
			depth++
		}
	}
	return out
}
