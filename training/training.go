// Package training invents a country to practise with: its geography, what happened in it, and the submissions that
// careful and careless enumerators would send, together with the truth that the figures can be held against.
//
// Nothing of it exists. The country lies in the open ocean, its names come from dice, its code XSF is one that ISO 3166-1
// leaves free, and every answer says that it is practice. The same options always give the same bytes.
package training

import (
	"cmp"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"safar/dictionary"
	"safar/fault"
	"safar/place"
	"safar/round"
	"safar/toolbox"
)

// The practice country.
const (
	CountryCode = "XSF"
	Slug        = "safaria-practice"
	Title       = "Safaria (practice: everything is invented)"
	TimeZone    = "Asia/Dushanbe"

	Baseline = "baseline-sub-area" // activity and tool of the assessments
	Flow     = "flow-registry"     // activity and tool of the flow points

	// Remark stands in every submission.
	Remark = "Practice: invented by Safar, not real data."
)

// Options say how large the practice country is. The zero value of a number means the one of Small.
type Options struct {
	Seed        uint64
	Settlements int    // places where people are counted, 4 to 20,000
	Points      int    // flow points, 1 to 200
	Rounds      int    // 1 to 12; two months lie between their starts
	Days        int    // of collection in each round, 1 to 45
	Groups      int    // groups that a point sees on an average day, 1 to 500; the pack's own practice has 35
	Start       string // first day of round 1, YYYY-MM-DD
}

// Small is a country that a demonstration makes in a second: about 130 assessments and 1,800 records of flows.
func Small() Options {
	return Options{Seed: 1, Settlements: 60, Points: 6, Rounds: 2, Days: 14, Groups: 8, Start: "2026-03-02"}
}

// monthsBetween is the time from the start of one round to that of the next.
const monthsBetween = 2

// Country is all there is to know about one practice country.
type Country struct {
	Operation   round.Operation
	Places      place.Batch
	Settlements []Settlement  // by SSID, those on the list first
	Rounds      []round.Round // of both activities
	Submissions []Submission  // in order of sending
	Truth       Truth
}

// Settlement is a place where people are counted.
type Settlement struct {
	SSID       string // "" for one that is not on the list and is found by an enumerator
	Name       string // English
	Area       place.Code
	At         place.LatLon
	Population int // residents before anything happened
	Flooded    bool
}

// Submission is what a phone sends.
type Submission struct {
	Activity, Form, FormVersion string
	Round                       int
	Instance                    string // "uuid:..."
	XML                         []byte
	Attachments                 []Attachment
	At                          time.Time // when it is sent; the answers were given before
	Careless                    string    // kind of the planted defect, "" when there is none; see Truth.Defects
}

// Attachment is a file that goes with a submission.
type Attachment struct {
	Name  string
	Bytes []byte
}

// Generate makes the practice country of the options. The packs must be those that come with Safar or hold the same
// questions. Faults: training.option, training.pack.
func Generate(o Options, box *toolbox.Toolbox, dict *dictionary.Dictionary) (Country, error) {
	o, start, err := o.complete()
	if err != nil {
		return Country{}, err
	}
	g := &generator{Options: o, zone: time.FixedZone(TimeZone, 5*60*60), start: start}
	if err := g.open(box, dict); err != nil {
		return Country{}, err
	}
	g.land()
	g.people()
	for number := 1; number <= o.Rounds; number++ {
		g.happen(number)
		g.assess(number)
		g.observe(number)
	}
	if g.err != nil {
		return Country{}, g.err
	}
	return g.country(), nil
}

// complete fills what is left open and refuses what cannot be.
func (o Options) complete() (Options, time.Time, error) {
	small := Small()
	for _, n := range []struct {
		name     string
		value    *int
		usual    int
		min, max int
	}{
		{"settlements", &o.Settlements, small.Settlements, 4, 20_000},
		{"points", &o.Points, small.Points, 1, 200},
		{"rounds", &o.Rounds, small.Rounds, 1, 12},
		{"days", &o.Days, small.Days, 1, 45},
		{"groups", &o.Groups, small.Groups, 1, 500},
	} {
		if *n.value = cmp.Or(*n.value, n.usual); *n.value < n.min || *n.value > n.max {
			return o, time.Time{}, fault.New(fault.TrainingOption, "option", n.name, "value", strconv.Itoa(*n.value), "wanted", strconv.Itoa(n.min)+" to "+strconv.Itoa(n.max))
		}
	}
	o.Start = cmp.Or(o.Start, small.Start)
	start, err := time.Parse(time.DateOnly, o.Start)
	if err != nil {
		return o, start, fault.Wrap(err, fault.TrainingOption, "option", "start", "value", o.Start, "wanted", "a date such as 2026-03-02")
	}
	return o, start, nil
}

// generator makes one country, step by step.
type generator struct {
	Options
	zone  *time.Location
	start time.Time
	err   error // the first fault

	baseline, flow     world // sizes and shares of the packs' practice.yaml
	village, group, sh *kit  // the questionnaires

	mesh        *mesh
	areas       []place.Area
	districts   []district // the units of level 3
	settlements []*settlement
	points      []*flowPoint
	rounds      []round.Round
	sent        []Submission
	truth       Truth
}

// stream gives dice of their own to one part of the world, so that a change in one part leaves the others as they are.
func (g *generator) stream(part string, numbers ...int) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(part))
	for _, n := range numbers {
		h.Write([]byte("/" + strconv.Itoa(n)))
	}
	return rand.New(rand.NewPCG(g.Seed, h.Sum64()))
}

func (g *generator) fail(err error) {
	if g.err == nil {
		g.err = err
	}
}

// open reads the packs and plans the rounds.
func (g *generator) open(box *toolbox.Toolbox, dict *dictionary.Dictionary) error {
	sub, err := box.Pack(Baseline)
	if err != nil {
		return err
	}
	registry, err := box.Pack(Flow)
	if err != nil {
		return err
	}
	g.baseline, g.flow = world{g, sub}, world{g, registry}
	g.village = g.kit(sub, "safar_baseline_sub_area", dict)
	g.group = g.kit(registry, "safar_flow_registry", dict)
	g.sh = g.kit(registry, "safar_flow_registry_shift", dict)
	for _, activity := range []string{Baseline, Flow} {
		for number := 1; number <= g.Rounds; number++ {
			g.rounds = append(g.rounds, g.round(activity, number))
		}
	}
	return g.err
}

// round plans a round. All collect: the planted defects keep every round from being closed.
func (g *generator) round(activity string, number int) round.Round {
	start := g.start.AddDate(0, monthsBetween*(number-1), 0)
	r := round.Round{
		Operation: Slug, Activity: activity, Number: number, Label: "Practice R" + strconv.Itoa(number), Status: round.Collecting,
		Start: start.Format(time.DateOnly), End: start.AddDate(0, 0, g.Days-1).Format(time.DateOnly),
		ReferenceStart: g.since().Format(time.DateOnly),
	}
	return r
}

// since is the fixed date from which movements are counted: the first of a month, half a year before round 1.
func (g *generator) since() time.Time {
	return time.Date(g.start.Year(), g.start.Month()-6, 1, 0, 0, 0, 0, time.UTC)
}

func (g *generator) roundOf(activity string, number int) round.Round {
	i := slices.IndexFunc(g.rounds, func(r round.Round) bool { return r.Activity == activity && r.Number == number })
	return g.rounds[i]
}

// day is a day of a round, counted from 0.
func (g *generator) day(number, n int) time.Time {
	return g.start.AddDate(0, monthsBetween*(number-1), n)
}

// country puts everything in order.
func (g *generator) country() Country {
	c := Country{
		Operation: round.Operation{Slug: Slug, Title: Title, Country: CountryCode, TimeZone: TimeZone, Status: "active"},
		Places:    place.Batch{Areas: g.areas}, Rounds: g.rounds, Truth: g.truth,
	}
	for _, s := range g.settlements {
		c.Settlements = append(c.Settlements, Settlement{SSID: s.ssid, Name: s.name.latin, Area: s.home.code, At: s.at, Population: s.population.Ind, Flooded: s.flooded})
		if s.ssid != "" {
			c.Places.Sites = append(c.Places.Sites, s.site())
		}
	}
	for _, p := range g.points {
		c.Places.Points = append(c.Places.Points, p.FlowPoint)
	}
	c.Submissions = g.sent
	slices.SortStableFunc(c.Submissions, func(a, b Submission) int { return a.At.Compare(b.At) })
	return c
}

// world reads sizes and shares from a pack's practice.yaml.
type world struct {
	g    *generator
	pack *toolbox.Pack
}

func (w world) of(name string) float64 {
	value, ok := w.pack.Practice.World[name]
	if !ok {
		w.g.fail(fault.New(fault.TrainingPack, "tool", w.pack.ID, "what", "practice size", "name", name))
	}
	return value
}
