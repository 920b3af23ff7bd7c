package training

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"time"
)

// shift is one day at one flow point.
type shift struct {
	*flowPoint
	number  int // of the round
	index   int // of the point
	day     int // of the round, from 0
	opens   time.Time
	ends    time.Time
	result  string // worked, shortened, closed
	why     string
	empty   bool     // nobody passed
	planned []string // kinds of defects that groups of this day are to have
	spoilt  bool     // the shift's own record is spoilt
}

// observe sends the enumerators of the flow points out for one round.
func (g *generator) observe(number int) {
	shifts := g.shifts(number)
	g.carelessShifts(shifts, number)
	for i := range shifts {
		s := &shifts[i]
		rng := g.stream("shift", number, s.index, s.day)
		at := len(g.truth.Movements)
		g.truth.Movements = append(g.truth.Movements, Movement{
			Round: number, Point: s.ID, Date: s.opens.Format(time.DateOnly), Closed: s.result == "closed", ZeroFlow: s.empty, Hours: s.ends.Sub(s.opens).Hours(),
		})
		var before string
		crowd := g.crowd(s, rng)
		for n := range crowd {
			slot := s.ends.Sub(s.opens) / time.Duration(crowd)
			moment := s.opens.Add(time.Duration(n)*slot + time.Duration(rng.Float64()*float64(slot)))
			before = g.pass(s, at, moment.Truncate(time.Minute), before, rng)
		}
		g.tally(s, &g.truth.Movements[at], rng)
		if g.err != nil {
			return
		}
	}
}

// shifts plans the days of a round: a few without anyone, a few closed, a few cut short.
func (g *generator) shifts(number int) []shift {
	var all []shift
	for i, p := range g.points {
		for n := range g.Days {
			day := g.day(number, n)
			opens := time.Date(day.Year(), day.Month(), day.Day(), p.opens, 0, 0, 0, g.zone)
			all = append(all, shift{flowPoint: p, number: number, index: i, day: n, opens: opens, ends: opens.Add(time.Duration(p.ends-p.opens) * time.Hour), result: "worked"})
		}
	}
	rng := g.stream("shifts", number)
	order := rng.Perm(len(all))
	few := func(share float64) []int {
		n := min(len(order)/4, max(1, int(math.Round(share*float64(len(all))))))
		taken := order[:n]
		order = order[n:]
		return taken
	}
	for _, i := range few(g.flow.of("share_zero_flow_shift")) {
		all[i].empty = true
	}
	for _, i := range few(g.flow.of("share_closed_shift")) {
		all[i].result, all[i].why, all[i].ends = "closed", one(rng, []string{"weather", "holiday", "authority"}), all[i].opens
	}
	for _, i := range few(0.03) {
		all[i].result, all[i].why, all[i].ends = "shortened", one(rng, []string{"weather", "staff"}), all[i].ends.Add(-2*time.Hour)
	}
	return all
}

// crowd is how many groups pass in a shift: more at weekends, more in the season.
func (g *generator) crowd(s *shift, rng *rand.Rand) int {
	if s.empty || s.result == "closed" {
		return 0
	}
	mean := float64(g.Groups) * (1 + 0.3*math.Abs(spring(s.opens))) * s.ends.Sub(s.opens).Hours() / g.flow.of("shift_hours")
	if day := s.opens.Weekday(); day == time.Saturday || day == time.Sunday {
		mean *= g.flow.of("weekend_factor")
	}
	mean *= 0.7 + 0.6*float64(s.index*7%5)/4 // points differ
	return max(1, int(math.Round(mean+math.Sqrt(mean)*rng.NormFloat64())))
}

// pass counts one group. before is how the last one looked: two that look alike do not follow each other.
func (g *generator) pass(s *shift, at int, moment time.Time, before string, rng *rand.Rand) string {
	kind := s.next()
	t := g.travellers(s, rng)
	for t.looks() == before || kind == CountedTwice && (t.consent == "no" || t.to == "") { // only a full record shows that it is the same group
		t = g.travellers(s, rng)
	}
	t.at = moment
	m := &g.truth.Movements[at]
	m.Movements, m.AsSent, m.Groups = m.Movements+t.total(), m.AsSent+t.total(), m.Groups+1
	if kind == NoConsent {
		t.info, t.consent = "ki_driver", "no"
	}
	p := g.record(s, t, rng)
	switch kind {
	case PartsDiffer:
		p.slip(kind, "q01.sex_age", s.ID, "sf0209_flow_n_girls", strconv.Itoa(t.girls+2))
	case OutsideHours:
		p.slip(kind, "q07.hours", s.ID, "sf0202_flow_obs_time", s.opens.Add(-100*time.Minute).Format(clock))
	case NoConsent:
		p.slip(kind, "q28.consent", s.ID, "sf0237_flow_consent", "")
	case CountedTwice:
		p.post("")
		t.at = t.at.Add(2 * time.Minute)
		p = g.record(s, t, rng)
		p.plant(kind, "q13.identical", s.ID, "", "", Exclude)
		m.AsSent += t.total()
	}
	p.post(kind)
	return t.looks()
}

// tally sends the record of the shift: every shift has one, also when nobody passed or the point was closed.
func (g *generator) tally(s *shift, m *Movement, rng *rand.Rand) {
	p := g.sh.open(s.number, rng)
	end := s.ends
	if s.result == "closed" {
		end = end.Add(2 * time.Hour)
	}
	p.timed(end, 6)
	p.point(s)
	p.set("sf0245_shift_result", s.result)
	p.set("sf0243_shift_closed_reason", s.why)
	if s.result != "closed" {
		p.set("sf0240_shift_open_time", s.opens.Format(clock))
		p.set("sf0241_shift_close_time", s.ends.Format(clock))
		p.set("sf0244_shift_zero_flow", yes(m.Groups == 0))
		p.number("sf0248_shift_movements_tally", m.Movements)
		p.number("sf0246_shift_enumerators", 1+rng.IntN(2))
	}
	p.set("sf0230_flow_remarks", Remark)
	kind := ""
	if s.spoilt {
		kind = ZeroAndCounts
		p.slip(kind, "q24.zero", s.ID, "sf0244_shift_zero_flow", "yes")
	}
	p.post(kind)
}

// point answers where, when and who, as both questionnaires of the tool begin.
func (p *paper) point(s *shift) {
	p.set("sf0200_flow_fmp_id", s.ID)
	p.set("sf0201_flow_obs_date", s.opens.Format(time.DateOnly))
	p.set("sf0203_flow_shift", "day")
	p.set("sf0002_meta_enumerator_id", s.worker())
}

// worker is the enumerator of the day: two share a point.
func (s *shift) worker() string { return fmt.Sprintf("PRACTICE-F%02d", 2*s.index+s.day%2+1) }

// next is the defect that the next group is to have, "" for none.
func (s *shift) next() string {
	if len(s.planned) == 0 {
		return ""
	}
	kind := s.planned[0]
	s.planned = s.planned[1:]
	return kind
}

// carelessShifts decides where records of flows go wrong, at least one of each kind where there are days enough. The
// careless enumerators come first.
func (g *generator) carelessShifts(shifts []shift, number int) {
	rng := g.stream("careless shifts", number)
	var first, rest []*shift
	for _, i := range rng.Perm(len(shifts)) {
		s := &shifts[i]
		switch {
		case s.empty || s.result == "closed":
		case careless(2*s.index + s.day%2):
			first = append(first, s)
		default:
			rest = append(rest, s)
		}
	}
	if len(first) == 0 {
		first = rest
	}
	kinds := groupKinds()
	total := max(len(kinds), int(math.Round(g.flow.of("share_with_defect")*float64(len(shifts)*g.Groups))))
	for n := range total {
		s := first[n%len(first)]
		if len(s.planned) < max(1, g.Groups/4) {
			s.planned = append(s.planned, kinds[(n+n/len(first))%len(kinds)])
		}
	}
	first[len(first)-1].spoilt = true
}
