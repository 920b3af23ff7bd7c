package training

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"safar/place"
)

// travellers is one group that passes a flow point.
type travellers struct {
	at                      time.Time
	direction               string
	men, women, boys, girls int
	from, to                string // countries; to is "" when nobody said
	transport               string
	reason, stay            string
	info, consent           string // who told, and whether they agreed to talk; no consent is asked for what is only seen
}

func (t travellers) total() int { return t.men + t.women + t.boys + t.girls }

// looks is equal for two groups that look alike.
func (t travellers) looks() string {
	return fmt.Sprint(t.direction, t.men, t.women, t.boys, t.girls, t.transport, t.from, t.to)
}

// travellers draws a group.
func (g *generator) travellers(s *shift, rng *rand.Rand) travellers {
	t := travellers{direction: g.direction(s, rng), transport: one(rng, []string{"bus", "minibus_van", "minibus_van", "car_taxi", "car_taxi", "car_taxi", "truck", "foot"})}
	g.members(&t, rng)
	foreign := one(rng, abroad())
	switch t.direction {
	case "incoming":
		t.from, t.to = foreign, CountryCode
		t.reason = one(rng, []string{"return_home", "return_home", "family", "tourism_visit", "trade_short_local"})
	case "outgoing":
		t.from, t.to = CountryCode, foreign
		t.reason = one(rng, []string{"economic_seasonal", "economic_seasonal", "economic_long", "family", "education"})
	case "transit":
		t.from, t.to = foreign, "UZB"
		t.reason = one(rng, []string{"trade_short_local", "economic_seasonal"})
	default:
		t.from, t.to = CountryCode, CountryCode
		t.reason = one(rng, []string{"family", "trade_short_local", "disaster", "health"})
	}
	t.stay = one(rng, []string{"lt1w", "1w_3m", "3_12m", "gt12m", "permanent"})
	switch draw := rng.Float64(); {
	case draw < g.flow.of("share_observation_only"):
		t.info = "observation"
		if rng.IntN(2) == 0 {
			t.to = ""
		}
		if rng.IntN(5) == 0 {
			t.reason, t.stay = "dnk", "dnk"
		}
	case draw < g.flow.of("share_observation_only")+g.flow.of("share_refused"):
		t.info, t.consent = "traveller", "no"
	default:
		t.info, t.consent = one(rng, []string{"ki_driver", "ki_driver", "traveller", "ki_official"}), "yes"
	}
	return t
}

// direction follows the season at the border: out in spring, home in autumn.
func (g *generator) direction(s *shift, rng *rand.Rand) string {
	if s.Kind != "border_crossing_land" {
		return "internal"
	}
	in, out, transit := g.flow.of("share_incoming"), g.flow.of("share_outgoing"), g.flow.of("share_transit")
	season := spring(s.opens)
	in, out = in*(1-0.4*season), out*(1+0.4*season)
	switch draw := rng.Float64() * (in + out + transit); {
	case draw < in:
		return "incoming"
	case draw < in+out:
		return "outgoing"
	}
	return "transit"
}

// members draws who travels: one adult at least.
func (g *generator) members(t *travellers, rng *rand.Rand) {
	more := g.flow.of("group_size_mean") - 1
	size := 1 + min(24, int(-more*math.Log(1-rng.Float64())+0.5))
	men, women, boys := g.flow.of("share_men"), g.flow.of("share_women"), g.flow.of("share_boys")
	if rng.Float64() < men/(men+women) {
		t.men = 1
	} else {
		t.women = 1
	}
	for range size - 1 {
		switch draw := rng.Float64(); {
		case draw < men:
			t.men++
		case draw < men+women:
			t.women++
		case draw < men+women+boys:
			t.boys++
		default:
			t.girls++
		}
	}
}

// record fills the questionnaire of a group.
func (g *generator) record(s *shift, t travellers, rng *rand.Rand) *paper {
	p := g.group.open(s.number, rng)
	p.timed(t.at, 1+rng.IntN(3))
	p.set("sf0235_flow_gps", p.position(*s.At, 150))
	p.point(s)
	p.set("sf0202_flow_obs_time", t.at.Format(clock))
	p.set("sf0204_flow_direction", t.direction)
	p.number("sf0205_flow_n_total", t.total())
	p.number("sf0206_flow_n_men", t.men)
	p.number("sf0207_flow_n_women", t.women)
	p.number("sf0208_flow_n_boys", t.boys)
	p.number("sf0209_flow_n_girls", t.girls)
	p.set("sf0219_flow_transport", t.transport)
	p.set("sf0229_flow_info_source", t.info)
	p.set("sf0237_flow_consent", t.consent)
	if t.consent != "no" {
		p.nationalities(t)
		p.journey(s, t)
	}
	p.vulnerable(t)
	p.set("sf0230_flow_remarks", Remark)
	return p
}

// nationalities answers whose citizens they are: mostly the country's own, some mixed groups.
func (p *paper) nationalities(t travellers) {
	foreigners := 0
	if t.total() > 1 && p.rng.IntN(8) == 0 {
		foreigners = 1
	}
	p.row("journey", "nat", map[string]string{"sf0210_flow_nat_country": CountryCode, "sf0211_flow_nat_n": strconv.Itoa(t.total() - foreigners)})
	if foreigners > 0 {
		p.row("journey", "nat", map[string]string{"sf0210_flow_nat_country": "KAZ", "sf0211_flow_nat_n": strconv.Itoa(foreigners)})
	}
}

func (p *paper) journey(s *shift, t travellers) {
	p.set("sf0212_flow_departure_adm0", t.from)
	if t.from == CountryCode {
		from := one(p.rng, p.g.districts)
		p.set("sf0213_flow_departure_adm1", string(from.adm1))
		p.set("sf0214_flow_departure_adm2", string(from.adm2))
	}
	p.set("sf0234_flow_dest_known", yes(t.to != ""))
	p.set("sf0217_flow_dest_adm0", t.to)
	if t.to == CountryCode {
		to := one(p.rng, []place.Code{s.home.adm1, one(p.rng, p.g.districts).adm1})
		p.set("sf0218_flow_dest_adm1", string(to))
	}
	p.set("sf0220_flow_reason_main", t.reason)
	p.set("sf0221_flow_intended_duration", t.stay)
	p.set("sf0228_flow_documents_observed", one(p.rng, []string{"all", "all", "some", "none", "dnk"}))
}

// vulnerable answers what an enumerator sees, in half of the groups with children.
func (p *paper) vulnerable(t travellers) {
	if t.boys+t.girls > 0 && p.rng.IntN(2) == 0 {
		p.number("sf0223_flow_under5", p.rng.IntN(t.boys+t.girls+1))
		p.number("sf0225_flow_elderly", p.rng.IntN(min(2, t.men+t.women)+1))
	}
}
