package training

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"

	"safar/place"
)

// perEnumerator is how many settlements one enumerator has.
const perEnumerator = 12

// visit is one assessment of one settlement.
type visit struct {
	*settlement
	number   int
	worker   int
	start    time.Time
	remote   bool // by telephone
	refused  bool
	blocked  bool // out of reach
	careless string
}

// assess sends the enumerators of the baseline out for one round.
func (g *generator) assess(number int) {
	visits := g.itinerary(number)
	g.trouble(visits, number)
	g.carelessVisits(visits, number)
	for i := range visits {
		v := &visits[i]
		rng := g.stream("visit", number, i)
		if v.refused {
			g.refusal(v, rng)
		}
		g.report(v)
		p := g.interview(v, rng)
		g.spoilVisit(v, p)
		if !v.blocked {
			v.known, v.knownFrom = v.present(), number
		}
		if g.err != nil {
			return
		}
	}
}

// itinerary plans who visits which settlement when. Settlements that are not on the list are found in the last round.
func (g *generator) itinerary(number int) []visit {
	all := g.settlements
	if number < g.Rounds {
		all = g.listed()
	}
	visits := make([]visit, len(all))
	rng := g.stream("itinerary", number)
	for i, s := range all {
		turn, of := i%perEnumerator, min(perEnumerator, len(all)-i/perEnumerator*perEnumerator)
		day := g.day(number, turn*g.Days/of)
		at := time.Date(day.Year(), day.Month(), day.Day(), 8+2*(turn%4), 30+rng.IntN(25), rng.IntN(60), 0, g.zone)
		visits[i] = visit{settlement: s, number: number, worker: i / perEnumerator, start: at, remote: s.ssid != "" && rng.IntN(8) == 0}
	}
	return visits
}

// trouble decides which settlements cannot be reached and where the first informant refuses. Nobody is out of reach twice
// running, and not after a round whose record a careless enumerator spoilt.
func (g *generator) trouble(visits []visit, number int) {
	rng := g.stream("trouble", number)
	few := func(share string) int {
		return max(1, int(math.Round(g.baseline.of(share)*float64(len(visits)))))
	}
	blocked, refused := few("share_inaccessible"), few("share_refused")
	for _, i := range rng.Perm(len(visits)) {
		v := &visits[i]
		switch {
		case v.ssid == "":
		case blocked > 0 && (number == 1 || v.knownFrom == number-1 && v.doubtful != number-1):
			v.blocked, v.remote = true, true
			blocked--
		case refused > 0:
			v.refused = true
			refused--
		}
	}
}

// report adds what the settlement reports to the truth.
func (g *generator) report(v *visit) {
	adm1 := string(v.home.adm1)
	switch {
	case v.blocked && v.knownFrom == 0:
	case v.blocked:
		g.truth.note(v.number, adm1, Stock{IDP: v.known.idp, Returnee: v.known.returnee})
	default:
		now := v.present()
		g.truth.note(v.number, adm1, Stock{
			IDP: now.idp, Returnee: now.returnee, Arrivals: sum(v.arrived), Departures: sum(v.left), Returns: sum(v.returned), Locations: 1,
		})
	}
}

func enumerator(worker int) string { return fmt.Sprintf("PRACTICE-E%02d", worker+1) }

// refusal sends the record of an informant who did not agree, two hours before another one does.
func (g *generator) refusal(v *visit, rng *rand.Rand) {
	first := *v
	first.start = v.start.Add(-2 * time.Hour)
	p := g.begin(&first, rng, 3)
	p.set("sf0001_meta_consent_ki", "no")
	p.set("sf0020_meta_remarks", Remark)
	p.post("")
}

// begin opens the questionnaire: who, when and how.
func (g *generator) begin(v *visit, rng *rand.Rand, minutes int) *paper {
	p := g.village.open(v.number, rng)
	p.timed(v.start, minutes)
	p.set("m1855_meta_assessment_date", v.start.Format(time.DateOnly))
	p.set("sf0002_meta_enumerator_id", enumerator(v.worker))
	p.set("m1470_meta_enum_sex", []string{"female", "male"}[v.worker%2])
	p.set("sf0003_meta_organisation", "Safaria practice team")
	p.set("m1725_meta_interview_type", "inperson_mobile")
	if v.remote {
		p.set("m1725_meta_interview_type", "phone")
		p.set("sf0004_meta_phone_reason", "Practice: the road is long")
	} else {
		p.set("m2696_meta_start_gps", p.position(v.at, 300))
	}
	p.set("sf0001_meta_consent_ki", "yes")
	return p
}

// interview fills one questionnaire. It is complete and right; a careless enumerator spoils it afterwards.
func (g *generator) interview(v *visit, rng *rand.Rand) *paper {
	p := g.begin(v, rng, 25+rng.IntN(35))
	p.location(v)
	if !v.blocked {
		p.informants()
		p.present(v)
		p.parts(v)
		p.arrivals(v)
		p.departures(v)
		p.returns(v)
		p.set("sf0022_meta_ki_agreement", one(rng, []string{"agree", "agree", "small_difference"}))
		p.set("sf0021_meta_sources_consulted", "Practice register of the village")
	}
	p.set("sf0020_meta_remarks", Remark)
	return p
}

func (p *paper) location(v *visit) {
	p.set("m0303_meta_adm1_pcode", string(v.home.adm1))
	p.set("m0304_meta_adm2_pcode", string(v.home.adm2))
	p.set("m0305_meta_adm3_pcode", string(v.home.code))
	if v.ssid != "" {
		p.last = v.row()
		p.set("sf0011_loc_listed", "yes")
		p.set("m0445_loc_site_id_ssid", v.ssid)
		p.set("m0337_loc_location_type", "host_community")
	} else {
		p.set("sf0011_loc_listed", "no")
		p.set("sf0012_loc_new_name", v.name.latin)
		p.set("m1650_loc_gps_coords", p.position(v.at, 20))
		p.set("sf0023_meta_gps_source", "measured")
		p.set("m0337_loc_location_type", "displacement_site")
	}
	p.set("sf0141_loc_urban_rural", map[bool]string{true: "urban", false: "rural"}[v.town])
	p.set("sf0017_loc_status", "open")
	switch {
	case v.blocked:
		p.set("s1534_loc_loc_access", "no")
		p.set("m0671_loc_why_inaccessible", "physical_environment_roads")
	case p.rng.IntN(20) == 0:
		p.set("s1534_loc_loc_access", "limited_access")
		p.set("m0671_loc_why_inaccessible", "movement_restriction physical_environment_roads")
	default:
		p.set("s1534_loc_loc_access", "yes")
	}
}

// row is the settlement in the list of locations on the phone, with the numbers of the newest record.
func (s *settlement) row() map[string]string {
	row := map[string]string{"ssid": s.ssid, "name": s.name.latin, "adm1": string(s.home.adm1), "adm2": string(s.home.adm2), "adm3": string(s.home.code)}
	for _, column := range []string{"last_round", "last_idp_hh", "last_idp_ind", "last_returnee_hh", "last_returnee_ind"} {
		row[column] = ""
	}
	if s.knownFrom > 0 {
		row["last_round"] = fmt.Sprint(s.knownFrom)
		row["last_idp_hh"], row["last_idp_ind"] = fmt.Sprint(s.known.idp.HH), fmt.Sprint(s.known.idp.Ind)
		row["last_returnee_hh"], row["last_returnee_ind"] = fmt.Sprint(s.known.returnee.HH), fmt.Sprint(s.known.returnee.Ind)
	}
	return row
}

// informants answers who was asked: two to four people.
func (p *paper) informants() {
	kinds := []string{"community_leader", "local_authority", "teacher", "health_worker", "religious_leader", "idp_representative", "ngo_worker"}
	order := p.rng.Perm(len(kinds))
	for i := range 2 + p.rng.IntN(3) {
		p.row("people", "ki", map[string]string{
			"sf0030_meta_ki_type": kinds[order[i]], "sf0031_meta_ki_sex": one(p.rng, []string{"female", "male"}),
			"sf0032_meta_ki_age_band":    one(p.rng, []string{"18_29", "30_44", "45_59", "60_plus"}),
			"sf0033_meta_ki_name":        fmt.Sprintf("Practice Informant %d", i+1),
			"sf0034_meta_ki_phone":       fmt.Sprintf("+999%09d", p.rng.IntN(1_000_000_000)), // 999 is nobody's country code
			"sf0035_meta_ki_reliability": one(p.rng, []string{"1", "2"}),
		})
	}
}

// present answers how many are here now.
func (p *paper) present(v *visit) {
	now := v.settlement.present()
	p.count("sf0100_loc_num_idp_hh", "m0310_loc_num_idp_ind", now.idp)
	p.count("sf0101_loc_num_returnee_hh", "sf0102_loc_num_returnee_ind", now.returnee)
	if v.knownFrom > 0 && (leaps(v.known.idp.Ind, now.idp.Ind) || leaps(v.known.returnee.Ind, now.returnee.Ind)) {
		p.set("sf0136_loc_change_comment", "Practice: people came after the flood")
	}
	switch {
	case v.ssid == "":
		p.set("m0342_loc_site_type_multiple", "camp")
	case p.rng.IntN(6) == 0:
		p.set("m0342_loc_site_type_multiple", "dispersed collective_centre")
	default:
		p.set("m0342_loc_site_type_multiple", "dispersed")
	}
}

// leaps says whether a number changed so much that the questionnaire asks why.
func leaps(last, now int) bool {
	change := math.Abs(float64(now - last))
	return change > 50 && change > 0.5*float64(last)
}

// parts answers the optional breakdowns of the people present; two thirds of the interviews have them.
func (p *paper) parts(v *visit) {
	now := v.settlement.present()
	if p.rng.IntN(3) > 0 && now.idp.Ind > 0 {
		p.split(now.idp.Ind, "sf0130_loc_idp_men", "sf0131_loc_idp_women", "sf0132_loc_idp_children")
		before := now.idp.part(int(math.Round(p.g.baseline.of("share_previously_abroad") * float64(now.idp.HH))))
		p.count("sf0112_loc_idp_hh_prev_abroad", "sf0113_loc_idp_ind_prev_abroad", before)
		p.count("sf0110_loc_idp_hh_not_prev_abroad", "sf0111_loc_idp_ind_not_prev_abroad", now.idp.minus(before))
	}
	if now.returnee.Ind > 0 {
		p.split(now.returnee.Ind, "sf0133_loc_returnee_men", "sf0134_loc_returnee_women", "sf0135_loc_returnee_children")
		p.count("sf0114_loc_returnee_hh_inside", "sf0115_loc_returnee_ind_inside", v.returneesInside())
		p.count("sf0116_loc_returnee_hh_abroad", "sf0117_loc_returnee_ind_abroad", v.returneesAbroad())
	}
	if v.relocated.HH > 0 {
		p.count("sf0118_loc_relocated_hh", "sf0119_loc_relocated_ind", v.relocated)
	}
	if v.away.HH > 0 {
		p.count("sf0120_loc_not_yet_returned_hh", "sf0121_loc_not_yet_returned_ind", v.away)
	}
}

// split answers men, women and children so that they add up.
func (p *paper) split(total int, men, women, children string) {
	m := int(math.Round(p.g.baseline.of("share_men") * float64(total)))
	w := min(total-m, int(math.Round(p.g.baseline.of("share_women")*float64(total))))
	p.number(men, m)
	p.number(women, w)
	p.number(children, total-m-w)
}

// relation says how the origin lies to the settlement, as the questionnaire has it.
func relation(home, from district) string {
	switch {
	case from.adm1 != home.adm1:
		return "diff_adm1"
	case from.adm2 != home.adm2:
		return "diff_adm2"
	case from.code != home.code:
		return "diff_adm3"
	}
	return "same_adm3"
}

func (p *paper) arrivals(v *visit) {
	main, some := largest(v.arrived)
	p.set("m1535_loc_arrival_time", yes(some))
	if !some {
		return
	}
	all := sum(v.arrived)
	p.count("m1537_loc_num_arrivals_hh", "m1536_loc_num_arrival_ind_period", all)
	p.split(all.Ind, "m2968_loc_num_men_idp", "m2969_loc_num_women_idp", "m2970_loc_num_children_idp")
	p.set("m1727_loc_main_group_arrival_date", main.month)
	how := relation(v.home, main.from.home)
	p.set("m2684_loc_arrivals_from_list", how)
	for question, code := range map[string]place.Code{
		"m2686_loc_arrivals_origin_adm1": main.from.home.adm1,
		"m2685_loc_arrivals_origin_adm2": below(how == "diff_adm1", main.from.home.adm2),
		"m2687_loc_arrivals_origin_adm3": below(how == "diff_adm1" || how == "diff_adm2", main.from.home.code),
	} {
		p.set(question, string(code))
	}
	p.set("m0329_loc_reason_disp_idp", main.reason)
	p.set("m2967_loc_idp_reason_chose_loc", one(p.rng, []string{"livelihood", "network", "climatic"}))
	p.set("m2688_loc_arrivals_site_type", map[bool]string{true: "camp", false: "dispersed"}[v.ssid == ""])
	p.set("s2878_loc_top_3_priority_need_idp", p.needs("food", "shelter", "health", "cash", "drinking_water", "nfi", "sanitation", "education"))
}

// below leaves a code out that the questionnaire does not ask.
func below(unasked bool, code place.Code) place.Code {
	if unasked {
		return ""
	}
	return code
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// needs draws one to three different ones.
func (p *paper) needs(of ...string) string {
	p.rng.Shuffle(len(of), func(i, j int) { of[i], of[j] = of[j], of[i] })
	return strings.Join(of[:1+p.rng.IntN(3)], " ")
}

func (p *paper) departures(v *visit) {
	main, some := largest(v.left)
	p.set("m1690_loc_depart_hh", yes(some))
	if !some {
		return
	}
	p.count("m1541_loc_num_depart_hh_period", "m1540_loc_num_depart_ind_period", sum(v.left))
	p.set("m0349_loc_depart_period", main.month)
	p.set("m1584_loc_main_depart_reason", main.reason)
	p.set("m2990_loc_depart_internal", "yes")
	known := p.rng.IntN(5) > 0
	p.set("m2991_loc_depart_known", yes(known))
	if known {
		p.set("m1577_loc_main_dest_adm1", string(main.from.home.adm1))
	}
}

func (p *paper) returns(v *visit) {
	main, some := largest(v.returned)
	p.set("m1461_loc_return_obs_unit", yes(some))
	if !some {
		return
	}
	all := sum(v.returned)
	p.count("m0847_loc_num_return_idp_hh", "m0851_loc_num_return_idp_ind", all)
	p.split(all.Ind, "m2971_loc_num_men_return", "m2972_loc_num_women_return", "m2973_loc_num_children_return")
	p.set("s1322_loc_return_main_arrival", main.month)
	if main.from == nil {
		p.set("m2690_loc_area_disp_returnees", "diff_adm0")
		p.set("m2691_loc_area_disp_returnees_adm0", one(p.rng, abroad()))
	} else {
		p.set("m2690_loc_area_disp_returnees", relation(v.home, main.from.home))
	}
	reasons := main.reason
	if p.rng.IntN(3) == 0 {
		reasons += " rejoin_family"
	}
	p.set("m2692_loc_reason_return", reasons)
	p.set("m2693_loc_returnees_site_type", "dispersed")
	p.set("m2694_loc_top_3_priority_need_returnee", p.needs("employment", "cash", "health", "agricultural_inputs", "vocational", "education"))
}

// abroad are the countries that the invented labour migrants go to, the first most often.
func abroad() []string { return []string{"KAZ", "KAZ", "RUS", "RUS", "RUS", "TUR"} }
