package training

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// The kinds of planted defects, as Submission.Careless and Defect.Kind have them.
const (
	ChildrenAboveTotal = "children_above_total"
	UnknownCode        = "unknown_code"
	Swapped            = "swapped_coordinates"
	AssessedTwice      = "assessed_twice"
	Conflict           = "conflict"
	FutureClock        = "future_clock"
	FewerPeople        = "fewer_people_than_households"
	Hurry              = "in_a_hurry"

	PartsDiffer   = "parts_differ"
	OutsideHours  = "outside_hours"
	NoConsent     = "no_consent"
	CountedTwice  = "counted_twice"
	ZeroAndCounts = "zero_flow_with_movements"
)

// Kinds lists the kinds of planted defects.
func Kinds() []string {
	return append(append(visitKinds(), Swapped), append(groupKinds(), ZeroAndCounts)...)
}

func visitKinds() []string {
	return []string{ChildrenAboveTotal, UnknownCode, AssessedTwice, Conflict, FutureClock, FewerPeople, Hurry}
}

func groupKinds() []string { return []string{PartsDiffer, OutsideHours, NoConsent, CountedTwice} }

// careless says whether an enumerator is one of the careless third.
func careless(worker int) bool { return worker%3 == 1 }

// carelessVisits decides which visits go wrong, at least one of each kind where the country is large enough. The careless
// enumerators come first.
func (g *generator) carelessVisits(visits []visit, number int) {
	rng := g.stream("careless", number)
	var order []int
	for _, i := range rng.Perm(len(visits)) {
		if careless(visits[i].worker) {
			order = append([]int{i}, order...)
		} else {
			order = append(order, i)
		}
	}
	kinds := visitKinds()
	total := max(len(kinds), int(math.Round(g.baseline.of("share_with_defect")*float64(len(visits)))))
	for n := range min(total, len(visits)/3) {
		kind := kinds[(n+number)%len(kinds)]
		for _, i := range order {
			if v := &visits[i]; v.careless == "" && v.suits(kind) {
				v.careless = kind
				break
			}
		}
	}
	for i := range visits {
		if visits[i].ssid == "" { // the first of those that are not on the list
			visits[i].careless = Swapped
			break
		}
	}
}

// suits says whether a visit can go wrong in this way.
func (v *visit) suits(kind string) bool {
	if v.ssid == "" || v.blocked || v.refused {
		return false
	}
	switch kind {
	case ChildrenAboveTotal:
		return len(v.arrived) > 0
	case FewerPeople:
		return v.idp().HH >= 4
	case AssessedTwice, Conflict:
		return v.settled.HH > 2
	}
	return true
}

// plant notes a defect of a paper.
func (p *paper) plant(kind, check, unit, question, truth string, mend Mend) {
	d := Defect{
		Kind: kind, Check: check, Activity: p.activity, Form: p.program.Form().ID, Round: p.round.Number, Instance: p.instance, Unit: unit,
		Question: question, True: truth, Mend: mend,
	}
	if question != "" {
		d.Sent = p.answer(question)
	}
	p.g.truth.Defects = append(p.g.truth.Defects, d)
}

// spoilVisit posts an interview, with the slip that its enumerator makes.
func (g *generator) spoilVisit(v *visit, p *paper) {
	switch v.careless {
	case AssessedTwice:
		g.twice(v)
		p.post("")
		return
	case Conflict:
		first := p.post("")
		p.number("sf0100_loc_num_idp_hh", v.idp().HH+1)
		p.number("m0310_loc_num_idp_ind", v.idp().Ind+5)
		p.compute()
		p.plant(Conflict, "", v.ssid, "", "", Exclude)
		p.postAt(first.At.Add(20*time.Minute), Conflict)
		return
	case FutureClock:
		g.future(v, p)
		return
	}
	g.slip(v, p)
	p.post(v.careless)
}

// slip changes one answer.
func (g *generator) slip(v *visit, p *paper) {
	switch v.careless {
	case ChildrenAboveTotal:
		p.slip(ChildrenAboveTotal, "q01.arrivals", v.ssid, "m2970_loc_num_children_idp", strconv.Itoa(sum(v.arrived).Ind+7))
	case UnknownCode:
		p.slip(UnknownCode, "q04.code", v.ssid, "m0305_meta_adm3_pcode", string(v.home.adm2)+"99")
	case Swapped:
		p.slip(Swapped, "q05.swapped", "", "m1650_loc_gps_coords", turned(p.answer("m1650_loc_gps_coords")))
	case FewerPeople:
		p.slip(FewerPeople, "q02.idp", v.ssid, "m0310_loc_num_idp_ind", strconv.Itoa(v.idp().Ind/10))
		v.doubtful = v.number
		s := stockOf(&g.truth.AsSent, v.number, string(v.home.adm1))
		s.IDP.Ind += v.idp().Ind/10 - v.idp().Ind
	case Hurry:
		p.timed(p.started, 4)
		p.plant(Hurry, "q12.short", v.ssid, "", "", Keep)
	}
}

// slip gives a wrong answer and notes the right one.
func (p *paper) slip(kind, check, unit, question, wrong string) {
	right := p.answer(question)
	p.set(question, wrong)
	p.plant(kind, check, unit, question, right, Correct)
}

// twice sends another enumerator's record of the settlement, a day older and a little different: the newer one counts.
func (g *generator) twice(v *visit) {
	older := *v.settlement
	older.settled = older.settled.part(older.settled.HH - 1)
	other := visit{settlement: &older, number: v.number, worker: v.worker + 1, start: v.start.AddDate(0, 0, -1)}
	p := g.interview(&other, g.stream("twice", v.number, v.worker, v.start.YearDay()))
	p.plant(AssessedTwice, "q13.ssid", v.ssid, "", "", Exclude)
	p.post(AssessedTwice)
}

// future sends an interview from a phone whose clock is a year ahead: it belongs to no round until its date is mended.
func (g *generator) future(v *visit, p *paper) {
	right := p.ended
	p.timed(p.started.AddDate(1, 0, 0), int(p.ended.Sub(p.started).Minutes()))
	p.slip(FutureClock, "q07.date", v.ssid, "m1855_meta_assessment_date", p.started.Format(time.DateOnly))
	p.compute()
	p.postAt(right.Add(3*time.Hour), FutureClock)
	v.doubtful = v.number
	now := v.present()
	s := stockOf(&g.truth.AsSent, v.number, string(v.home.adm1))
	s.IDP, s.Returnee = s.IDP.minus(now.idp), s.Returnee.minus(now.returnee)
	s.Arrivals, s.Departures, s.Returns = s.Arrivals.minus(sum(v.arrived)), s.Departures.minus(sum(v.left)), s.Returns.minus(sum(v.returned))
	s.Locations--
}

// turned exchanges latitude and longitude.
func turned(position string) string {
	parts := strings.Fields(position)
	parts[0], parts[1] = parts[1], parts[0]
	return strings.Join(parts, " ")
}
