package training

import (
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"safar/dictionary"
	"safar/fault"
	"safar/form"
	"safar/form/xpath"
	"safar/place"
	"safar/round"
	"safar/toolbox"
)

// moment is how phones write a date with time.
const moment = "2006-01-02T15:04:05.000-07:00"

// clock is how phones write a time of day.
const clock = "15:04:05.000-07:00"

// kit is a questionnaire with what a phone needs to fill it.
type kit struct {
	g        *generator
	program  *form.Program
	tool     string
	activity string
	audited  bool
}

func (g *generator) kit(p *toolbox.Pack, id string, dict *dictionary.Dictionary) *kit {
	f, _, err := toolbox.Form(p, id, dict)
	if err != nil {
		g.fail(err)
		return nil
	}
	program, err := form.Compile(f)
	if err != nil {
		g.fail(err)
		return nil
	}
	return &kit{g: g, program: program, tool: p.ID, activity: p.ID, audited: f.Element("audit") != nil}
}

// paper is one questionnaire being filled.
type paper struct {
	*kit
	root     *xpath.Node
	at       map[string]*xpath.Node
	round    round.Round
	instance string
	rng      *rand.Rand
	started  time.Time
	ended    time.Time
	last     map[string]string // what the list of locations on the phone says of this one
}

// open takes a new questionnaire.
func (k *kit) open(number int, rng *rand.Rand) *paper {
	p := &paper{kit: k, root: k.program.NewAnswers(), at: map[string]*xpath.Node{}, round: k.g.roundOf(k.activity, number), rng: rng}
	p.instance = instanceID(rng)
	p.learn(p.root)
	return p
}

// instanceID is a random UUID of version 4.
func instanceID(rng *rand.Rand) string {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], rng.Uint64())
	binary.BigEndian.PutUint64(b[8:], rng.Uint64())
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	s := hex.EncodeToString(b[:])
	return "uuid:" + strings.Join([]string{s[:8], s[8:12], s[12:16], s[16:20], s[20:]}, "-")
}

// learn remembers where each question stands.
func (p *paper) learn(n *xpath.Node) {
	for _, child := range n.Children {
		if child.Kind == xpath.Element {
			p.at[child.Name] = child
			p.learn(child)
		}
	}
}

// node finds a question, or says that the pack no longer asks it.
func (p *paper) node(name string) *xpath.Node {
	n := p.at[name]
	if n == nil {
		p.g.fail(fault.New(fault.TrainingPack, "tool", p.tool, "what", "question", "name", name))
		return xpath.NewElement(name)
	}
	return n
}

func (p *paper) set(name, value string)        { p.node(name).SetText(value) }
func (p *paper) number(name string, n int)     { p.set(name, strconv.Itoa(n)) }
func (p *paper) answer(name string) string     { return p.node(name).StringValue() }
func (p *paper) count(hh, ind string, c Count) { p.number(hh, c.HH); p.number(ind, c.Ind) }

// row adds a row to a repeat of a group and answers in it.
func (p *paper) row(group, repeat string, answers map[string]string) {
	row := p.program.AddRow(p.node(group), repeat)
	if row == nil {
		p.g.fail(fault.New(fault.TrainingPack, "tool", p.tool, "what", "repeat", "name", repeat))
		return
	}
	for name, value := range answers {
		if n := row.Child(name); n != nil {
			n.SetText(value)
		} else {
			p.g.fail(fault.New(fault.TrainingPack, "tool", p.tool, "what", "question", "name", name))
		}
	}
}

// timed notes when the questionnaire was opened and finished.
func (p *paper) timed(start time.Time, minutes int) {
	p.started, p.ended = start, start.Add(time.Duration(minutes)*time.Minute)
	p.set("m1658_meta_assessment_start", p.started.Format(moment))
	p.set("m1844_meta_assessment_end", p.ended.Format(moment))
}

// lookup is pulldata on the phone: the generated files hold the open round, the points and the locations.
func (p *paper) lookup(instance, column, keyColumn, key string) (string, bool) {
	switch {
	case instance == "round" && keyColumn == "key" && key == "current":
		value, ok := roundCells(p.round)[column]
		return value, ok
	case instance == "points" && keyColumn == "id":
		return p.g.pointCell(key, column)
	case instance == "locations" && keyColumn == "ssid" && p.last != nil && p.last["ssid"] == key:
		value, ok := p.last[column]
		return value, ok
	}
	return "", false
}

func roundCells(r round.Round) map[string]string {
	return map[string]string{
		"key": "current", "number": strconv.Itoa(r.Number), "label": r.Label, "start": r.Start, "end": r.End,
		"reference_start": r.ReferenceStart, "reference_date": r.Reference(), "country": CountryCode,
	}
}

func (g *generator) pointCell(id, column string) (string, bool) {
	for _, p := range g.points {
		if p.ID == id {
			value, ok := map[string]string{
				"id": p.ID, "name": p.Names["en"], "obs_start_hour": strconv.Itoa(p.opens), "obs_end_hour": strconv.Itoa(p.ends), "shifts_per_day": "1",
			}[column]
			return value, ok
		}
	}
	return "", false
}

// compute fills what the form calculates.
func (p *paper) compute() {
	form.Compute(p.program, p.root, form.EvalContext{Now: p.ended, Zone: p.g.zone, Lookup: p.lookup})
}

// post closes the questionnaire and puts it among the submissions. The evening's sync sends most; some wait two days.
func (p *paper) post(careless string) Submission {
	p.compute()
	at := p.ended.Add(time.Duration(5+p.rng.IntN(240)) * time.Minute)
	if p.rng.IntN(12) == 0 {
		at = at.Add(48 * time.Hour)
	}
	return p.postAt(at, careless)
}

// postAt writes the submission as it stands, as ODK Collect does: the audit of the session is a file of its own, named in
// meta.
func (p *paper) postAt(at time.Time, careless string) Submission {
	f := p.program.Form()
	s := Submission{Activity: p.activity, Form: f.ID, FormVersion: f.Version, Round: p.round.Number, Instance: p.instance, At: at, Careless: careless}
	top := p.root.Elements()[0]
	if old := top.Child("meta"); old != nil {
		top.Remove(old)
	}
	meta := top.Append(xpath.NewElement("meta"))
	if p.audited {
		meta.Add("audit", "audit.csv")
		s.Attachments = []Attachment{{"audit.csv", p.audit()}}
	}
	if name := p.program.InstanceName(p.root, form.EvalContext{Now: p.ended, Zone: p.g.zone, Lookup: p.lookup}); name != "" {
		meta.Add("instanceName", name)
	}
	s.XML = form.WriteInstance(f, p.root, form.Identity{InstanceID: p.instance})
	p.g.sent = append(p.g.sent, s)
	return s
}

// audit is the log of the session without answers.
func (p *paper) audit() []byte {
	from, to := p.started.UnixMilli(), p.ended.UnixMilli()
	var b []byte
	line := func(event string, at int64) {
		b = append(b, event+",,"...)
		b = append(strconv.AppendInt(b, at, 10), ",,,\n"...)
	}
	b = append(b, "event,node,start,end,old-value,new-value\n"...)
	line("form start", from)
	line("form save", to-900)
	line("form exit", to-600)
	line("form finalize", to)
	return b
}

// position writes a measured position as phones do, moved by up to so many metres.
func (p *paper) position(at place.LatLon, metres float64) string {
	const perDegree = 111_195.0
	spread := func() float64 { return (p.rng.Float64() - 0.5) * 1.3 * metres / perDegree }
	return geopoint(place.LatLon{Lat: at.Lat + spread(), Lon: at.Lon + spread()}, 4+p.rng.IntN(20))
}

func geopoint(at place.LatLon, accuracy int) string {
	return strconv.FormatFloat(at.Lat, 'f', 6, 64) + " " + strconv.FormatFloat(at.Lon, 'f', 6, 64) + " 0.0 " + strconv.Itoa(accuracy) + ".0"
}
