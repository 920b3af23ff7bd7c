package training

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"safar/place"
)

// settlement is a place and what has happened there so far.
type settlement struct {
	ssid       string // "" while it is not on the list
	name       name
	home       district
	at         place.LatLon
	population Count
	flooded    bool
	town       bool

	settled   Count  // displaced people who came before the reference date
	arrived   []band // displaced people who came since
	left      []band // displaced people who left since; from is where they went
	inside    Count  // returnees who came before the reference date, from inside the country
	abroad    Count  // the same, from abroad
	returned  []band // people who returned since
	away      Count  // residents who fled and have not come back
	relocated Count  // displaced people who settled elsewhere for good

	known     reported // what the newest record says
	knownFrom int      // round of that record, 0 when there is none
	doubtful  int      // round whose record a careless enumerator spoilt
}

// band is a group of people who moved together.
type band struct {
	Count
	from   *settlement // nil for abroad
	reason string
	month  string // YYYY-MM-01
	flood  bool   // they fled the flood and may return
}

// reported is what a record says of the people present.
type reported struct{ idp, returnee Count }

func sum(bands []band) (c Count) {
	for _, b := range bands {
		c = c.plus(b.Count)
	}
	return c
}

// largest is the band that most people came or left with; false when there is none.
func largest(bands []band) (band, bool) {
	if len(bands) == 0 {
		return band{}, false
	}
	return slices.MaxFunc(bands, func(a, b band) int { return cmp.Compare(a.Ind, b.Ind) }), true
}

func (s *settlement) idp() Count { return s.settled.plus(sum(s.arrived)) }

// returnees who came from inside the country and from abroad.
func (s *settlement) returneesInside() Count {
	c := s.inside
	for _, b := range s.returned {
		if b.from != nil {
			c = c.plus(b.Count)
		}
	}
	return c
}

func (s *settlement) returneesAbroad() Count {
	c := s.abroad
	for _, b := range s.returned {
		if b.from == nil {
			c = c.plus(b.Count)
		}
	}
	return c
}

func (s *settlement) present() reported {
	return reported{s.idp(), s.returneesInside().plus(s.returneesAbroad())}
}

// households draws so many households of about the given size, 3 to 8 people each.
func households(rng *rand.Rand, hh int, size float64) Count {
	ind := 0
	for range hh {
		ind += min(8, max(3, int(math.Round(size+1.1*rng.NormFloat64()))))
	}
	return Count{hh, ind}
}

// lognormal draws a size whose middle value and spread are given.
func lognormal(rng *rand.Rand, median, spread float64) float64 {
	return median * math.Exp(spread*rng.NormFloat64())
}

// people settles the country and tells what happened before round 1.
func (g *generator) people() {
	rng := g.stream("people")
	w := g.baseline
	median, spread := w.of("households_median"), w.of("households_spread")
	size, sizeReturnee := w.of("people_per_household"), w.of("people_per_household_returnee")
	withIDP, withReturnee := w.of("share_with_idp"), w.of("share_with_returnee")
	for _, s := range g.listed() {
		s.town = rng.Float64() < 0.15
		hh := 60 + int(lognormal(rng, 160, 0.6))
		if s.town {
			hh *= 4
		}
		s.population = households(rng, min(hh, 3000), size)
		if rng.Float64() < withIDP {
			s.settled = households(rng, clamp(lognormal(rng, median, spread), 1, 400), size)
		}
		if rng.Float64() < withReturnee {
			s.inside = households(rng, clamp(lognormal(rng, median/3, spread), 1, 200), sizeReturnee)
			s.abroad = households(rng, clamp(lognormal(rng, median/6, spread), 1, 100), sizeReturnee)
		}
		if rng.Float64() < 0.2 {
			s.relocated = households(rng, 1+rng.IntN(6), size)
		}
	}
}

func clamp(v float64, low, high int) int { return max(low, min(high, int(math.Round(v)))) }

// listed are the settlements on the list; the others are found in the last round.
func (g *generator) listed() []*settlement {
	n := slices.IndexFunc(g.settlements, func(s *settlement) bool { return s.ssid == "" })
	return g.settlements[:n]
}

// happen tells what came to pass in the months before a round.
func (g *generator) happen(number int) {
	rng := g.stream("happen", number)
	if number == min(2, g.Rounds) {
		g.flood(number, rng)
	}
	if number > 2 {
		g.goHome(number, rng)
	}
	g.drift(number, rng)
	g.season(number, rng)
	if number == g.Rounds {
		g.foundCamps(number, rng)
	}
}

// month is a month between the round before and this one, and never before the reference date.
func (g *generator) month(number, back int) string {
	d := g.day(number, 0).AddDate(0, -back, 0)
	if since := g.since(); d.Before(since) {
		d = since
	}
	return time.Date(d.Year(), d.Month(), 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// flood drives people from the settlements along a river to those nearest by.
func (g *generator) flood(number int, rng *rand.Rand) {
	all := g.listed()
	slope := 2 * math.Pi * rng.Float64()
	along := slices.Clone(all)
	distance := func(s *settlement) float64 {
		x, y := s.at.Lon-middleLon, s.at.Lat-middleLat
		return math.Abs(x*math.Sin(slope) - y*math.Cos(slope) + 0.1*math.Sin(7*(x*math.Cos(slope)+y*math.Sin(slope))))
	}
	slices.SortStableFunc(along, func(a, b *settlement) int { return cmp.Compare(distance(a), distance(b)) })
	for _, s := range along[:max(1, len(all)/8)] {
		s.flooded = true
	}
	for _, s := range all {
		if !s.flooded {
			continue
		}
		fled := s.population.part(clamp(float64(s.population.HH)*(0.1+0.25*rng.Float64()), 1, 500))
		s.away = s.away.plus(fled)
		hosts := g.nearest(s, 3)
		for i, host := range hosts {
			moved := fled
			if i < len(hosts)-1 {
				moved = fled.part(fled.HH * (5 + rng.IntN(3)) / 10)
			}
			host.arrive(band{moved, s, one(rng, []string{"climate_floods", "climate_floods", "mudflow"}), g.month(number, 1), true})
			fled = fled.minus(moved)
		}
	}
}

// nearest lists dry settlements close by.
func (g *generator) nearest(s *settlement, n int) []*settlement {
	var best []*settlement
	far := func(o *settlement) float64 { return math.Hypot(o.at.Lat-s.at.Lat, o.at.Lon-s.at.Lon) }
	for _, o := range g.listed() {
		if o == s || o.flooded || len(best) == n && far(o) >= far(best[n-1]) {
			continue
		}
		i, _ := slices.BinarySearchFunc(best, far(o), func(b *settlement, d float64) int { return cmp.Compare(far(b), d) })
		best = slices.Insert(best, i, o)
		best = best[:min(n, len(best))]
	}
	return best
}

// arrive adds a band, unless it is empty.
func (s *settlement) arrive(b band) {
	if b.HH > 0 {
		s.arrived = append(s.arrived, b)
	}
}

// goHome lets a part of those who fled the flood return.
func (g *generator) goHome(number int, rng *rand.Rand) {
	for _, host := range g.listed() {
		for i := range host.arrived {
			b := &host.arrived[i]
			if !b.flood || b.HH < 2 {
				continue
			}
			home := b.part(max(1, b.HH*(2+rng.IntN(4))/10))
			b.Count = b.minus(home)
			b.from.away = b.from.away.minus(home)
			host.left = append(host.left, band{home, b.from, "climate_floods", g.month(number, 1), false})
			b.from.returned = append(b.from.returned, band{home, host, "returned_assistance", g.month(number, 1), false})
		}
	}
}

// drift is the coming and going of every year.
func (g *generator) drift(number int, rng *rand.Rand) {
	size := g.baseline.of("people_per_household")
	arrivals, departures := g.baseline.of("share_arrivals"), g.baseline.of("share_departures")
	all := g.listed()
	for _, s := range all {
		if rng.Float64() < arrivals {
			from := s.other(all, rng)
			reason := one(rng, []string{"mudflow", "landslide", "conflict_displacement", "climate_drought", "avalanche"})
			s.arrive(band{households(rng, 1+rng.IntN(14), size), from, reason, g.month(number, 1+rng.IntN(monthsBetween)), false})
		}
		if rng.Float64() < departures && s.settled.HH > 4 {
			gone := s.settled.part(1 + s.settled.HH/(4+rng.IntN(6)))
			s.settled = s.settled.minus(gone)
			s.left = append(s.left, band{gone, s.other(all, rng), one(rng, []string{"conflict_displacement", "climate_drought", "planned_relocation"}), g.month(number, 1), false})
		}
	}
}

// other is another settlement, more likely a near one.
func (s *settlement) other(all []*settlement, rng *rand.Rand) *settlement {
	var best *settlement
	for range 3 {
		o := one(rng, all)
		for o == s {
			o = one(rng, all)
		}
		if best == nil || math.Hypot(o.at.Lat-s.at.Lat, o.at.Lon-s.at.Lon) < math.Hypot(best.at.Lat-s.at.Lat, best.at.Lon-s.at.Lon) {
			best = o
		}
	}
	return best
}

// season brings labour migrants home from abroad; most come in the colder half of the year.
func (g *generator) season(number int, rng *rand.Rand) {
	share, size := g.baseline.of("share_returns"), g.baseline.of("people_per_household_returnee")
	share *= 1 - 0.5*spring(g.day(number, 0))
	for _, s := range g.listed() {
		if rng.Float64() < share {
			s.returned = append(s.returned, band{households(rng, 1+rng.IntN(8), size), nil, one(rng, []string{"season_or_contract_end", "job_loss", "enough_saved"}), g.month(number, 1), false})
		}
	}
}

// spring is 1 in mid April, when most leave for work abroad, and -1 in mid October, when most come back.
func spring(day time.Time) float64 { return math.Cos(2 * math.Pi * float64(day.YearDay()-105) / 365) }

// foundCamps fills the places that are not on the list with people from the nearest flooded settlement.
func (g *generator) foundCamps(number int, rng *rand.Rand) {
	for _, camp := range g.settlements[len(g.listed()):] {
		from := one(rng, g.listed())
		for _, s := range g.listed() {
			near := math.Hypot(s.at.Lat-camp.at.Lat, s.at.Lon-camp.at.Lon) < math.Hypot(from.at.Lat-camp.at.Lat, from.at.Lon-camp.at.Lon)
			if s.flooded && (near || !from.flooded) {
				from = s
			}
		}
		camp.arrive(band{households(rng, 8+rng.IntN(30), g.baseline.of("people_per_household")), from, "climate_floods", g.month(number, 1), false})
	}
}
