package training

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"safar/locale"
	"safar/place"
)

// cellsPerDistrict is how many cells of the mesh a unit of level 3 has on average.
const cellsPerDistrict = 18

// district is a unit of level 3 with the codes above it.
type district struct {
	adm1, adm2, code place.Code
	cells            []int
}

// flowPoint is a flow point with the hours of its shift.
type flowPoint struct {
	place.FlowPoint
	home        district
	opens, ends int // full hours
}

// land makes the areas, the settlements on the list and the flow points.
func (g *generator) land() {
	rng, names := g.stream("land"), newNamer(g.stream("names"))
	perDistrict := max(1, int(g.baseline.of("locations_per_adm3")))
	third := (g.Settlements + perDistrict - 1) / perDistrict
	second := max(1, (2*third+4)/5)
	first := max(1, min(7, (second+1)/2))
	g.mesh = newMesh(g.Seed, third*cellsPerDistrict, rng)
	all := make([]int, len(g.mesh.cells))
	for i := range all {
		all[i] = i
	}
	g.areas = append(g.areas, g.area(CountryCode, "", 0, locale.Text{
		"en": "Safaria (practice)", "ru": "Сафария (учебная)", "tg": "Сафария (машқӣ)", "kk": "Сафария (оқу)",
	}, all))
	g.regions(all, first, second, third, names, rng)
	g.listSettlements(names, g.stream("settlements"))
	g.placePoints(names, g.stream("points"))
}

func (g *generator) area(code, parent place.Code, level place.Level, names locale.Text, cells []int) place.Area {
	return place.Area{Country: CountryCode, Code: code, Parent: parent, Level: level, Names: names, Geometry: g.mesh.outline(cells)}
}

// regions divides the country down to level 3, each unit into a share of the next level that fits its size.
func (g *generator) regions(all []int, first, second, third int, names *namer, rng *rand.Rand) {
	regions := g.mesh.divide(all, first, rng)
	counts2, counts3 := apportion(second, regions), apportion(third, regions)
	for i, region := range regions {
		adm1 := place.Code(fmt.Sprintf("XS%02d", i+1))
		g.areas = append(g.areas, g.area(adm1, CountryCode, 1, kindOfUnit(1, names.next()), region))
		parts := g.mesh.divide(region, counts2[i], rng)
		counts := apportion(max(counts3[i], len(parts)), parts)
		for j, part := range parts {
			adm2 := place.Code(fmt.Sprintf("%s%02d", adm1, j+1))
			g.areas = append(g.areas, g.area(adm2, adm1, 2, kindOfUnit(2, names.next()), part))
			for k, cells := range g.mesh.divide(part, counts[j], rng) {
				adm3 := place.Code(fmt.Sprintf("%s%02d", adm2, k+1))
				g.areas = append(g.areas, g.area(adm3, adm2, 3, kindOfUnit(3, names.next()), cells))
				g.districts = append(g.districts, district{adm1, adm2, adm3, cells})
			}
		}
	}
	slices.SortStableFunc(g.areas, func(a, b place.Area) int { return int(a.Level) - int(b.Level) })
}

// apportion shares a number out among pieces by their size, at least one each.
func apportion(total int, pieces [][]int) []int {
	size := 0
	for _, p := range pieces {
		size += len(p)
	}
	out := make([]int, len(pieces))
	for i, p := range pieces {
		out[i] = max(1, int(math.Round(float64(total)*float64(len(p))/float64(size))))
	}
	return out
}

// kindOfUnit names a unit of a level in four languages.
func kindOfUnit(level int, n name) locale.Text {
	switch level {
	case 1:
		return locale.Text{"en": n.latin + " Region", "ru": "область " + n.cyrillic, "tg": "вилояти " + n.cyrillic, "kk": n.cyrillic + " облысы"}
	case 2:
		return locale.Text{"en": n.latin + " District", "ru": "район " + n.cyrillic, "tg": "ноҳияи " + n.cyrillic, "kk": n.cyrillic + " ауданы"}
	}
	return locale.Text{"en": n.latin + " Community", "ru": "община " + n.cyrillic, "tg": "ҷамоати " + n.cyrillic, "kk": n.cyrillic + " округі"}
}

// listSettlements spreads the settlements over the units of level 3. Those that are not on the list come last: enumerators
// find them in the last round.
func (g *generator) listSettlements(names *namer, rng *rand.Rand) {
	perDistrict := make([]int, len(g.districts))
	unlisted := max(2, int(math.Round(g.baseline.of("share_new_location")*float64(g.Settlements))))
	for i := range g.Settlements {
		perDistrict[i%len(g.districts)]++
	}
	taken := map[int]bool{}
	settle := func(home district) *settlement {
		cell := one(rng, home.cells)
		for try := 0; taken[cell] && try < 50; try++ {
			cell = one(rng, home.cells)
		}
		taken[cell] = true
		s := &settlement{home: home, name: names.next(), at: g.mesh.inside(cell, rng)}
		g.settlements = append(g.settlements, s)
		return s
	}
	for i, home := range g.districts {
		for n := range perDistrict[i] {
			settle(home).ssid = fmt.Sprintf("%s-%04d", home.code, n+1)
		}
	}
	for range unlisted {
		s := settle(one(rng, g.districts))
		s.name = name{s.name.latin + " Camp", "лагерь " + s.name.cyrillic}
	}
}

// site is the settlement as it stands on the list.
func (s *settlement) site() place.Site {
	at := s.at
	return place.Site{
		SSID: s.ssid, Country: CountryCode, Area: s.home.code, Kind: "host_community", At: &at, AccuracyM: 10, GPSSource: "measured", Status: "open", OpenedRound: 1,
		Names: locale.Text{"en": s.name.latin, "ru": s.name.cyrillic, "tg": s.name.cyrillic, "kk": s.name.cyrillic},
	}
}

// placePoints puts the flow points on the border, well apart; a quarter of them lies inland at junctions.
func (g *generator) placePoints(names *namer, rng *rand.Rand) {
	home := map[int]district{}
	var coast, inland []int
	for _, d := range g.districts {
		for _, cell := range d.cells {
			home[cell] = d
			if g.mesh.onCoast(cell) {
				coast = append(coast, cell)
			} else {
				inland = append(inland, cell)
			}
		}
	}
	junctions := min(g.Points/4, len(inland))
	border := g.mesh.apart(one(rng, coast), coast, g.Points-junctions)
	for i, cell := range border {
		g.points = append(g.points, g.point(i, "border_crossing_land", home[cell], g.mesh.inside(cell, rng), names.next(), rng))
	}
	if junctions == 0 {
		return
	}
	for i, cell := range g.mesh.apart(one(rng, inland), inland, junctions) {
		g.points = append(g.points, g.point(len(border)+i, "market_junction", home[cell], g.mesh.inside(cell, rng), names.next(), rng))
	}
}

func (g *generator) point(i int, kind string, home district, at place.LatLon, n name, rng *rand.Rand) *flowPoint {
	opens := 7 + rng.IntN(2)
	p := &flowPoint{home: home, opens: opens, ends: opens + int(g.flow.of("shift_hours"))}
	p.FlowPoint = place.FlowPoint{
		ID: fmt.Sprintf("%s-P%02d", CountryCode, i+1), Country: CountryCode, Area: home.code, Kind: kind, At: &at, Status: "open",
		Directions: []string{"incoming", "outgoing"}, OpensAt: fmt.Sprintf("%02d:00", p.opens), ClosesAt: fmt.Sprintf("%02d:00", p.ends),
		Names: locale.Text{"en": n.latin + " Crossing", "ru": "переход " + n.cyrillic, "tg": "гузаргоҳи " + n.cyrillic, "kk": n.cyrillic + " өткелі"},
	}
	if kind != "border_crossing_land" {
		p.Directions = []string{"internal"}
		p.Names = locale.Text{"en": n.latin + " Junction", "ru": "развилка " + n.cyrillic, "tg": "чорроҳаи " + n.cyrillic, "kk": n.cyrillic + " торабы"}
	}
	return p
}
