package training

import (
	"cmp"
	"slices"
	"strings"

	"safar/quality"
)

// Truth is what careful enumerators would have reported, and what the careless ones did to it.
type Truth struct {
	Stocks    []Stock    // by round and region, zeros included
	AsSent    []Stock    // the same as the submissions give it before anything is corrected
	Movements []Movement // by round, point and day
	Defects   []Defect   // in the order of the submissions they were planted in
}

// Count is a number of people, in households and individuals.
type Count struct{ HH, Ind int }

// Stock is what a round knows of one unit of level 1. A settlement out of reach counts with what the round before knew of
// it, and not at all when nothing was known.
type Stock struct {
	Round      int
	Adm1       string // p-code
	IDP        Count  // displaced people present
	Returnee   Count  // returnees present
	Arrivals   Count  // displaced people who arrived since the reference date and are still here; reached settlements only
	Departures Count  // displaced people who left since the reference date; reached settlements only
	Returns    Count  // people who returned since the reference date; reached settlements only
	Locations  int    // settlements assessed in the round
}

// Movement is what happened at one flow point on one day.
type Movement struct {
	Round     int
	Point     string
	Date      string  // YYYY-MM-DD
	Movements int     // people who passed in the hours of observation
	AsSent    int     // the same as the submissions give it before anything is corrected
	Groups    int     // records of groups
	Hours     float64 // of observation
	ZeroFlow  bool    // observed, and nobody passed
	Closed    bool    // not observed
}

// Mend says what a person does about a planted defect.
type Mend string

// The ways to mend.
const (
	Correct Mend = "correct" // replace the answer Sent by True
	Exclude Mend = "exclude" // take the record out
	Keep    Mend = "keep"    // nothing changes: a supervisor looks at it
)

// Defect is one planted slip. Its submission bears Kind as Careless.
type Defect struct {
	Kind     string // one of Kinds
	Check    string // id in the pack's checks.yaml that finds it; "" when the receiving itself does
	Activity string
	Form     string
	Round    int
	Instance string // of the submission that holds it
	Unit     string // SSID or flow point, "" when it has none
	Question string // answer to correct
	Sent     string
	True     string
	Mend     Mend
}

// FoundBy says whether a finding is the one that this defect was planted for. Findings of places and forms name the rule
// of checks.yaml in their details.
func (d Defect) FoundBy(f quality.Finding) bool {
	return d.Check != "" && (f.Check == d.Check || f.Details["rule"] == d.Check)
}

// Total adds the stocks of a round over all regions.
func (t Truth) Total(number int) Stock { return total(t.Stocks, number) }

// TotalAsSent adds the stocks of a round over all regions as the submissions give them.
func (t Truth) TotalAsSent(number int) Stock { return total(t.AsSent, number) }

func total(stocks []Stock, number int) Stock {
	sum := Stock{Round: number}
	for _, s := range stocks {
		if s.Round == number {
			sum.add(s)
		}
	}
	return sum
}

func (s *Stock) add(o Stock) {
	s.IDP, s.Returnee = s.IDP.plus(o.IDP), s.Returnee.plus(o.Returnee)
	s.Arrivals, s.Departures, s.Returns = s.Arrivals.plus(o.Arrivals), s.Departures.plus(o.Departures), s.Returns.plus(o.Returns)
	s.Locations += o.Locations
}

func (c Count) plus(o Count) Count  { return Count{c.HH + o.HH, c.Ind + o.Ind} }
func (c Count) minus(o Count) Count { return Count{c.HH - o.HH, c.Ind - o.Ind} }

// part is so many of the households with their share of the people.
func (c Count) part(hh int) Count {
	if hh <= 0 || c.HH == 0 {
		return Count{}
	}
	if hh >= c.HH {
		return c
	}
	return Count{hh, (c.Ind*hh + c.HH/2) / c.HH}
}

// note adds what a settlement reports to the truth of its region.
func (t *Truth) note(number int, adm1 string, s Stock) {
	s.Round, s.Adm1 = number, adm1
	for _, list := range []*[]Stock{&t.Stocks, &t.AsSent} {
		stockOf(list, number, adm1).add(s)
	}
}

// stockOf finds or makes a row; rows stay sorted by round and region.
func stockOf(list *[]Stock, number int, adm1 string) *Stock {
	i, found := slices.BinarySearchFunc(*list, Stock{Round: number, Adm1: adm1}, func(a, b Stock) int {
		return cmp.Or(cmp.Compare(a.Round, b.Round), strings.Compare(a.Adm1, b.Adm1))
	})
	if !found {
		*list = slices.Insert(*list, i, Stock{Round: number, Adm1: adm1})
	}
	return &(*list)[i]
}
