package place

import (
	"math"
	"slices"

	"safar/fault"
)

// Tolerances, see domain reference section 9 and methods reference A4.
const (
	outsideM  = 2000.0      // how far outside its polygon a point may lie: data sets never agree to the metre
	togetherM = 10.0        // sites nearer than this are probably one
	farM      = 1_000_000.0 // how far from the middle of the list a position is looked at for a swap
)

// Check looks for what only the whole register can show: points and sites outside their units, sites on top of each
// other. The place of each defect is the id of the area or site.
func (r *Register) Check() []Defect {
	var out []Defect
	for i := range r.areas {
		a := &r.areas[i]
		if a.Point == nil {
			continue
		}
		if holder, distance := r.outside(a.Country, a.Code, *a.Point); distance > outsideM {
			out = append(out, kept(r.outsideFault(a, holder, distance).In(fault.Where{Field: string(a.Code)})))
		}
	}
	for i := range r.sites {
		s := &r.sites[i]
		if s.At == nil || s.Area == "" {
			continue
		}
		if holder, distance := r.outside(s.Country, s.Area, *s.At); distance > outsideM {
			out = append(out, kept(fault.New(fault.PlaceOutsideArea, "id", s.SSID, "code", string(holder), "distance", metres(distance)).In(fault.Where{Field: s.SSID})))
		}
	}
	for _, pair := range closePairs(r.sites) {
		a, b := r.sites[pair[0]].SSID, r.sites[pair[1]].SSID
		out = append(out, kept(fault.New(fault.PlaceSitesTogether, "id", b, "other", a).In(fault.Where{Field: b})))
	}
	return out
}

func (r *Register) outsideFault(a *Area, holder Code, distance float64) *fault.Error {
	if holder == a.Code {
		return fault.New(fault.PlaceOutsideArea, "id", string(a.Code), "code", string(holder), "distance", metres(distance))
	}
	return fault.New(fault.PlaceOutsideParent, "code", string(a.Code), "parent", string(holder), "distance", metres(distance))
}

// outside gives the lowest unit with a polygon, from the given one upwards, and how far the position lies outside it;
// 0 where no unit of the chain has a polygon.
func (r *Register) outside(country string, code Code, p LatLon) (Code, float64) {
	i, ok := r.byCode[key{country, code}]
	if !ok {
		return "", 0
	}
	for ; i != none; i = r.parents[i] {
		if g := r.areas[i].Geometry; g != nil && len(g.Polygons) > 0 {
			return r.areas[i].Code, g.DistanceM(p)
		}
	}
	return "", 0
}

// closePairs lists the sites that lie within togetherM of an earlier one, as pairs of indexes. It sorts by latitude and
// compares neighbours, and gives each site at most once.
func closePairs(sites []Site) [][2]int {
	var order []int
	for i := range sites {
		if sites[i].At != nil {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		return compareFloats(sites[a].At.Lat, sites[b].At.Lat, float64(a-b))
	})
	reach := togetherM / metresPerDegree
	var out [][2]int
	for n, i := range order {
		for back := n - 1; back >= 0 && n-back < 1000; back-- {
			j := order[back]
			if sites[i].At.Lat-sites[j].At.Lat > reach {
				break
			}
			if DistanceM(*sites[i].At, *sites[j].At) <= togetherM {
				out = append(out, [2]int{min(i, j), max(i, j)})
				break
			}
		}
	}
	slices.SortFunc(out, func(a, b [2]int) int { return compareFloats(float64(a[1]), float64(b[1]), float64(a[0]-b[0])) })
	return out
}

func compareFloats(a, b, tie float64) int {
	switch {
	case a < b || a == b && tie < 0:
		return -1
	case a > b || tie > 0:
		return 1
	}
	return 0
}

// checkPositions reports points of the batch that lie outside their units, takes exchanged ones the right way round, and
// looks at the points of known units and sites again where the batch brings new polygons.
func (as *assembler) checkPositions(r *Register) {
	middle := as.middles()
	for _, u := range as.units {
		if u.Point != nil {
			as.checkArea(r, u, middle)
		}
	}
	as.checkKnown(r)
}

func (as *assembler) checkArea(r *Register, u *unitDraft, middle map[string]LatLon) {
	holder, distance := r.outside(u.Country, u.Code, *u.Point)
	if distance <= outsideM {
		as.checkFar(*u.Point, middle, u.Country, u.at, holder != "")
		return
	}
	if swapped := (LatLon{u.Point.Lon, u.Point.Lat}); onEarth(swapped) {
		if _, d := r.outside(u.Country, u.Code, swapped); d == 0 {
			as.report(mended(fault.New(fault.PlacePositionSwapped, "lat", degrees(u.Point.Lat), "lon", degrees(u.Point.Lon), "code", string(holder)).In(u.at)))
			*u.Point = swapped
			return
		}
	}
	as.report(kept(r.outsideFault(&u.Area, holder, distance).In(u.at)))
}

// checkKnown compares the points of units that were known before with polygons that come now.
func (as *assembler) checkKnown(r *Register) {
	if as.opts.Known == nil {
		return
	}
	for _, u := range as.units {
		if u.Geometry == nil {
			continue
		}
		i, ok := r.byCode[key{u.Country, u.Code}]
		if !ok {
			continue
		}
		for _, at := range append([]int32{i}, r.children[i]...) {
			a := &r.areas[at]
			if a.Point == nil || at != i && a.Geometry != nil {
				continue
			}
			if own := as.byCode[key{a.Country, a.Code}]; own != nil && own.Point != nil {
				continue
			}
			if holder, distance := r.outside(a.Country, a.Code, *a.Point); distance > outsideM {
				as.report(kept(r.outsideFault(a, holder, distance).In(u.at)))
			}
		}
	}
}

// middles gives for each country with at least five positions in the file their middle: the median of both coordinates.
func (as *assembler) middles() map[string]LatLon {
	lats, lons := map[string][]float64{}, map[string][]float64{}
	add := func(country string, p *LatLon) {
		if p != nil {
			lats[country] = append(lats[country], p.Lat)
			lons[country] = append(lons[country], p.Lon)
		}
	}
	for _, u := range as.units {
		add(u.Country, u.Point)
	}
	for _, s := range as.sites {
		add(s.Country, s.At)
	}
	for _, p := range as.points {
		add(p.Country, p.At)
	}
	out := map[string]LatLon{}
	for country, l := range lats {
		if len(l) >= 5 {
			slices.Sort(l)
			slices.Sort(lons[country])
			out[country] = LatLon{l[len(l)/2], lons[country][len(l)/2]}
		}
	}
	return out
}

// checkFar reports a position far from all others that would lie among them with its coordinates exchanged. A polygon
// that holds the position has already settled the question.
func (as *assembler) checkFar(p LatLon, middle map[string]LatLon, country string, at fault.Where, settled bool) {
	m, ok := middle[country]
	swapped := LatLon{p.Lon, p.Lat}
	if settled || !ok || !onEarth(swapped) {
		return
	}
	if d := DistanceM(p, m); d > farM && DistanceM(swapped, m) < math.Min(farM, d/4) {
		as.report(kept(fault.New(fault.PlacePositionFar, "lat", degrees(p.Lat), "lon", degrees(p.Lon)).In(at)))
	}
}

// placeSites finds the unit of every site and checks its position against it.
func (as *assembler) placeSites(r *Register) {
	middle := as.middles()
	for _, s := range as.sites {
		s.Area = as.unitOf(r, s.Country, s.SSID, s.area, s.At)
		if s.At != nil {
			s.At = as.checkAt(r, s.Country, s.SSID, s.Area, *s.At, s.at, middle)
		}
	}
	sites := make([]Site, len(as.sites))
	for i, s := range as.sites {
		sites[i] = s.Site
	}
	for _, pair := range closePairs(sites) {
		a, b := as.sites[pair[0]], as.sites[pair[1]]
		as.report(kept(fault.New(fault.PlaceSitesTogether, "id", b.SSID, "other", a.SSID).In(b.at)))
	}
}

func (as *assembler) placePoints(r *Register) {
	middle := as.middles()
	for _, p := range as.points {
		p.Area = as.unitOf(r, p.Country, p.ID, p.area, p.At)
		if p.At != nil {
			p.At = as.checkAt(r, p.Country, p.ID, p.Area, *p.At, p.at, middle)
		}
	}
}

// unitOf gives the unit that a site or point lies in: the one its row names, else the lowest whose polygon holds it, else
// the country.
func (as *assembler) unitOf(r *Register, country, id string, ref unitRef, at *LatLon) Code {
	found := r.named(country, ref)
	if found != "" {
		return found
	}
	if ref.code != "" || ref.name != "" {
		as.report(kept(fault.New(fault.PlaceUnknownArea, "id", id, "code", ref.code+ref.name).In(ref.at)))
	}
	if at != nil {
		if held := r.Locate(*at, country, Lowest); len(held) > 0 && held[0].Reason == Inside {
			return held[0].Code()
		}
	}
	return Code(country)
}

// named gives the unit that a reference certainly means, "" otherwise.
func (r *Register) named(country string, ref unitRef) Code {
	var found []Match
	switch {
	case ref.code != "":
		found = r.FindByCode(country, ref.code)
	case ref.name != "":
		found = r.FindByName(Query{Name: ref.name, Country: country, Kinds: []Kind{KindArea}})
	}
	if len(found) == 0 || found[0].Kind != KindArea || found[0].Score < 0.9 || len(found) > 1 && found[1].Score == found[0].Score {
		return ""
	}
	return found[0].Code()
}

// checkAt compares the position of a site or point with its unit; one that fits only with its coordinates exchanged is
// exchanged.
func (as *assembler) checkAt(r *Register, country, id string, area Code, at LatLon, where fault.Where, middle map[string]LatLon) *LatLon {
	holder, distance := r.outside(country, area, at)
	if distance <= outsideM {
		as.checkFar(at, middle, country, where, holder != "")
		return &at
	}
	if swapped := (LatLon{at.Lon, at.Lat}); onEarth(swapped) {
		if _, d := r.outside(country, area, swapped); d == 0 {
			as.report(mended(fault.New(fault.PlacePositionSwapped, "lat", degrees(at.Lat), "lon", degrees(at.Lon), "code", string(holder)).In(where)))
			return &swapped
		}
	}
	as.report(kept(fault.New(fault.PlaceOutsideArea, "id", id, "code", string(holder), "distance", metres(distance)).In(where)))
	return &at
}
