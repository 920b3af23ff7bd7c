package training_test

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"safar/form"
	"safar/form/xpath"
	"safar/measure"
	"safar/place"
	"safar/quality"
	"safar/record"
	"safar/round"
	"safar/toolbox"
	"safar/training"
)

// office reads the submissions of a practice country as a country's team would: it holds them against the questionnaires,
// checks them, mends what was planted, and adds the facts up.
type office struct {
	training.Country
	zone     *time.Location
	reg      *place.Register
	programs map[string]*form.Program
	keys     map[string]record.Keys
	checks   map[string]*quality.Program // by activity
	facts    map[string]*measure.Program
	shared   map[string]*xpath.Node // areas, countries, points
}

// entry is one submission as read.
type entry struct {
	training.Submission
	id       string
	answers  *xpath.Node
	derived  record.Derived
	round    round.Round
	problems []form.Problem
	excluded bool
}

func newOffice(t testing.TB, c training.Country) *office {
	t.Helper()
	o := &office{Country: c, zone: time.FixedZone("+05", 5*60*60), programs: map[string]*form.Program{}, keys: map[string]record.Keys{},
		checks: map[string]*quality.Program{}, facts: map[string]*measure.Program{}}
	o.reg, _ = place.NewRegister(c.Places.Areas, c.Places.Sites, c.Places.Points)
	box, dict := tools()
	for _, activity := range []string{training.Baseline, training.Flow} {
		pack, err := box.Pack(activity)
		if err != nil {
			t.Fatal(err)
		}
		var forms []*form.Form
		for _, id := range pack.FormIDs() {
			f, _, err := toolbox.Form(pack, id, dict)
			if err != nil {
				t.Fatal(err)
			}
			if o.programs[id], err = form.Compile(f); err != nil {
				t.Fatal(err)
			}
			o.keys[id] = pack.Keys(id)
			forms = append(forms, f)
		}
		if o.checks[activity], err = quality.Compile(pack.Checks, forms); err != nil {
			t.Fatal(err)
		}
		if o.facts[activity], err = measure.Compile(pack.Measures, measure.Options{Forms: forms}); err != nil {
			t.Fatal(err)
		}
	}
	o.shared = map[string]*xpath.Node{"areas": o.areas(), "countries": countries(), "points": o.points()}
	return o
}

// file lays a generated file out as phones do.
func file(header string, rows [][]string) *xpath.Node {
	top := xpath.NewRoot()
	root := top.Append(xpath.NewElement("root"))
	for _, row := range rows {
		item := root.Append(xpath.NewElement("item"))
		for i, column := range strings.Fields(header) {
			item.Add(column, row[i])
		}
	}
	return top
}

func (o *office) areas() *xpath.Node {
	var rows [][]string
	for _, a := range o.Places.Areas {
		if a.Level > 0 {
			rows = append(rows, []string{string(a.Code), a.Names["en"], strconv.Itoa(int(a.Level)), string(a.Parent)})
		}
	}
	return file("code name level parent", rows)
}

func countries() *xpath.Node {
	rows := [][]string{{training.CountryCode, "Safaria (practice)"}}
	for _, c := range place.AllCountries() {
		if slices.Contains([]place.Code{"KAZ", "RUS", "TUR", "UZB"}, c.Code) { // the list is long and read line by line
			rows = append(rows, []string{string(c.Code), c.Names["en"]})
		}
	}
	return file("code name", rows)
}

func (o *office) points() *xpath.Node {
	var rows [][]string
	for _, p := range o.Places.Points {
		hour := func(clock string) string { return strings.TrimPrefix(strings.TrimSuffix(clock, ":00"), "0") }
		rows = append(rows, []string{p.ID, p.Names["en"], hour(p.OpensAt), hour(p.ClosesAt), "1"})
	}
	return file("id name obs_start_hour obs_end_hour shifts_per_day", rows)
}

// locations is the list on the phones in a round: the newest numbers of the rounds before, as mended.
func (o *office) locations(number int, entries []*entry) *xpath.Node {
	last := map[string]*entry{}
	for _, e := range entries {
		known := record.Answer(e.answers, "m0310_loc_num_idp_ind") != ""
		if e.Form == "safar_baseline_sub_area" && known && e.round.Number < number && (last[e.derived.Unit] == nil || last[e.derived.Unit].round.Number < e.round.Number) {
			last[e.derived.Unit] = e
		}
	}
	var rows [][]string
	for _, s := range o.Places.Sites {
		row := []string{s.SSID, s.Names["en"], "", string(o.reg.Path(o.Operation.Country, s.Area)[2]), string(s.Area), "", "", "", "", ""}
		if e := last[s.SSID]; e != nil {
			row[5] = strconv.Itoa(e.round.Number)
			for i, question := range []string{"sf0100_loc_num_idp_hh", "m0310_loc_num_idp_ind", "sf0101_loc_num_returnee_hh", "sf0102_loc_num_returnee_ind"} {
				row[6+i] = record.Answer(e.answers, question)
			}
		}
		rows = append(rows, row)
	}
	return file("ssid name adm1 adm2 adm3 last_round last_idp_hh last_idp_ind last_returnee_hh last_returnee_ind", rows)
}

// instances are all files as a phone has them in the round of a submission.
func (o *office) instances(s training.Submission, locations *xpath.Node) map[string]*xpath.Node {
	r := o.roundNumbered(s.Activity, s.Round)
	return map[string]*xpath.Node{
		"areas": o.shared["areas"], "countries": o.shared["countries"], "points": o.shared["points"], "locations": locations,
		"round": file("key number label start end reference_start reference_date country",
			[][]string{{"current", strconv.Itoa(r.Number), r.Label, r.Start, r.End, r.ReferenceStart, r.Reference(), training.CountryCode}}),
	}
}

func (o *office) roundNumbered(activity string, number int) round.Round {
	for _, r := range o.Rounds {
		if r.Activity == activity && r.Number == number {
			return r
		}
	}
	return round.Round{}
}

// roundOf finds the round that holds the date of a record.
func (o *office) roundOf(activity, date string) round.Round {
	var found round.Round
	for _, r := range o.Rounds {
		if r.Activity == activity && r.Holds(date, 3) {
			found = r
		}
	}
	return found
}

// read takes one submission in.
func (o *office) read(t testing.TB, n int, s training.Submission) *entry {
	t.Helper()
	root, err := xpath.ParseXML(bytes.NewReader(s.XML), xpath.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	e := &entry{Submission: s, id: fmt.Sprintf("%06d", n)}
	e.answers, e.problems = o.programs[s.Form].Read(root)
	o.place(e)
	return e
}

func (o *office) place(e *entry) {
	e.derived = record.Derive(e.answers, o.keys[e.Form], o.reg, training.CountryCode, o.zone)
	e.round = o.roundOf(e.Activity, e.derived.Date)
}

func (o *office) evaluate(e *entry, locations *xpath.Node) []form.Problem {
	return append(slices.Clone(e.problems), form.Evaluate(o.programs[e.Form], e.answers, form.EvalContext{Now: e.At, Zone: o.zone, Instances: o.instances(e.Submission, locations)})...)
}

func (o *office) record(e *entry) record.Record {
	return record.Record{ID: record.ID(e.id), Operation: training.Slug, Activity: e.Activity, Round: e.round.Number, Form: e.Form, FormVersion: e.FormVersion,
		InstanceID: e.Instance, Version: 1, Source: record.FromDevice, ReceivedAt: e.At, State: record.Received, Unit: e.derived.Unit, Date: e.derived.Date, Place: e.derived.Place}
}

// subject is a record as the checks see it.
func (o *office) subject(e *entry, others []string, problems []form.Problem) quality.Subject {
	return quality.Subject{Record: o.record(e), Form: o.programs[e.Form].Form(), Answers: e.answers, Derived: e.derived, Round: e.round, Zone: o.zone,
		Now: e.At, Problems: problems, Others: others}
}

// counting gives the entries that count: of each unit in a round the newest by date, then by receipt.
func counting(entries []*entry) []*entry {
	best := map[string]*entry{}
	var out []*entry
	for _, e := range entries {
		if e.excluded || e.round.Number == 0 {
			continue
		}
		key := fmt.Sprint(e.Form, e.round.Number, e.derived.Unit)
		if e.derived.Unit == "" {
			key = e.id
		}
		if old := best[key]; old == nil || e.derived.Date >= old.derived.Date {
			best[key] = e
		}
	}
	for _, e := range entries {
		for _, key := range []string{fmt.Sprint(e.Form, e.round.Number, e.derived.Unit), e.id} {
			if best[key] == e {
				out = append(out, e)
			}
		}
	}
	return out
}

// add extracts the facts of the entries that count and adds them up by round and the given dimension values.
func (o *office) add(t testing.TB, entries []*entry) map[string]float64 {
	t.Helper()
	sums := map[string]float64{}
	for _, e := range counting(entries) {
		facts, _, err := o.facts[e.Activity].Extract(measure.Input{Record: o.record(e), Answers: e.answers, Zone: o.zone})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range facts {
			if f.Breakdown != "" {
				continue
			}
			where := f.Adm[1]
			if e.Activity == training.Flow {
				where = f.Point + " " + f.Date
			}
			sums[fmt.Sprint(f.Item, " ", f.Round, " ", where)] += f.Value
		}
	}
	return sums
}

// practice is the whole round trip of the small country, done once.
type practice struct {
	*office
	sent   []*entry // as they came, all of them
	mended []*entry // after the planted defects are mended
	lists  map[int]*xpath.Node
}

var smallPractice = sync.OnceValue(func() *practice {
	c, err := small()
	if err != nil {
		panic(err)
	}
	t := &testing.T{}
	return newPractice(t, c)
})

func newPractice(t testing.TB, c training.Country) *practice {
	p := &practice{office: newOffice(t, c), lists: map[int]*xpath.Node{}}
	for n, s := range c.Submissions {
		sent, mended := p.read(t, n, s), p.read(t, n, s)
		sent.excluded = s.Careless == training.Conflict // the receiving keeps it beside the first
		if d, planted := p.defect(s); planted {
			switch d.Mend {
			case training.Exclude:
				mended.excluded = true
			case training.Correct:
				mended.answers.Find(p.programs[s.Form].Index().Path(p.programs[s.Form].Index().Element(d.Question)))[0].SetText(d.True)
				p.place(mended)
			}
		}
		p.sent, p.mended = append(p.sent, sent), append(p.mended, mended)
	}
	for number := 1; number <= c.Rounds[len(c.Rounds)-1].Number; number++ {
		p.lists[number] = p.locations(number, counting(p.mended))
	}
	return p
}

func (o *office) defect(s training.Submission) (training.Defect, bool) {
	for _, d := range o.Truth.Defects {
		if d.Instance == s.Instance && d.Kind == s.Careless {
			return d, true
		}
	}
	return training.Defect{}, false
}
