package measure_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"safar/fault"
	"safar/form"
	"safar/form/xpath"
	"safar/measure"
	"safar/place"
	"safar/record"
)

// questionnaire is an invented form: a count of arrivals asked only where there are some, and a repeat of groups.
func questionnaire(version string) *form.Form {
	q := func(typ, name, relevant string) *form.Element {
		return &form.Element{Kind: form.Question, Type: typ, Name: name, Relevant: relevant}
	}
	arrivals := &form.Element{Kind: form.Group, Name: "arrivals", Relevant: "${accessible} = 'yes'", Children: []*form.Element{
		q("select_one", "any_arrival", ""), q("integer", "arrival_ind", "${any_arrival} = 'yes'"), q("select_one", "reason", "")}}
	groups := &form.Element{Kind: form.Repeat, Name: "group", Children: []*form.Element{q("integer", "people", ""), q("text", "to", "")}}
	shift := &form.Element{Kind: form.Repeat, Name: "shift", Children: []*form.Element{q("decimal", "hours", ""), groups}}
	return &form.Form{ID: "safar_test", Version: version, Root: &form.Element{Kind: form.Group, Name: "data",
		Children: []*form.Element{q("select_one", "accessible", ""), q("dateTime", "seen", ""), arrivals, shift}}}
}

func definitions() measure.Set {
	return measure.Set{Facts: []measure.FactDef{
		{ID: "arrival", Form: "safar_test", When: "${accessible} != 'no'", Value: "${arrival_ind}", Unit: "ind",
			Dims: map[string]string{"category": "arrival", "reason": "${reason}", "date": "${seen}"}},
		{ID: "site", Form: "safar_test", Value: "1", Unit: "location", Dims: map[string]string{"carried_from": "1"}},
		{ID: "moves", Form: "safar_test", Each: "group", Value: "${people}", Unit: "movement",
			Dims: map[string]string{"dest_adm0": "${to}", "d1": "concat('h', ../hours)"}},
	}}
}

const submission = `<data><accessible>yes</accessible><seen>2024-02-29T22:30:00.000Z</seen>
<arrivals><any_arrival>yes</any_arrival><arrival_ind>12</arrival_ind><reason>flood</reason></arrivals>
<shift><hours>4</hours><group><people>3</people><to>XSN</to></group><group><people>dnk</people><to/></group></shift>
<shift><hours>8</hours><group><people>0</people><to>XSF</to></group></shift></data>`

func compile(t testing.TB, set measure.Set) *measure.Program {
	t.Helper()
	p, err := measure.Compile(set, measure.Options{Forms: []*form.Form{questionnaire("1"), questionnaire("2")}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func input(t testing.TB, xml string) measure.Input {
	t.Helper()
	root, err := xpath.ParseXML(strings.NewReader(xml), xpath.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return measure.Input{Answers: root, Zone: time.FixedZone("east", 5*3600), Reference: "2024-02-28", Record: record.Record{
		ID: "r1", Operation: "op", Activity: "a", Round: 3, Form: "safar_test", FormVersion: "2", Version: 1, CarriedFrom: 2,
		Place: record.Place{Areas: place.Path{"XSF", "XSF01"}, Site: "s1"}}}
}

// show writes facts and missing values one a line, as the tests compare them.
func show(facts []measure.Fact, missing []measure.Missing) string {
	var b strings.Builder
	for _, f := range facts {
		fmt.Fprintf(&b, "%s %s=%v %s date=%s cat=%s reason=%s dest=%s d1=%s adm1=%s site=%s from=%d\n",
			f.Item, f.RepeatPath, f.Value, f.Unit, f.Date, f.Category, f.Reason, f.DestAdm0, f.D1, f.Adm[1], f.Site, f.CarriedFrom)
	}
	for _, m := range missing {
		fmt.Fprintf(&b, "%s %s missing %s\n", m.Item, m.RepeatPath, m.Reason)
	}
	return b.String()
}

func TestExtract(t *testing.T) {
	t.Parallel()
	p := compile(t, definitions())
	facts, missing, err := p.Extract(input(t, submission))
	if err != nil {
		t.Fatal(err)
	}
	same(t, show(facts, missing), `arrival =12 ind date=2024-03-01 cat=arrival reason=flood dest= d1= adm1=XSF01 site=s1 from=2
site =1 location date=2024-02-28 cat= reason= dest= d1= adm1=XSF01 site=s1 from=1
moves /data/shift[1]/group[1]=3 movement date=2024-02-28 cat= reason= dest=XSN d1=h4 adm1=XSF01 site=s1 from=2
moves /data/shift[2]/group[1]=0 movement date=2024-02-28 cat= reason= dest=XSF d1=h8 adm1=XSF01 site=s1 from=2
moves /data/shift[1]/group[2] missing dnk
`)
	again, _, _ := p.Extract(input(t, submission))
	if show(again, nil) != show(facts, nil) {
		t.Error("a second run differs")
	}
}

func TestWhyAValueIsMissing(t *testing.T) {
	t.Parallel()
	set := definitions()
	set.Facts = set.Facts[:1]
	p := compile(t, set)
	answers := func(any, ind string) string {
		return "<data><accessible>yes</accessible><arrivals><any_arrival>" + any + "</any_arrival><arrival_ind>" + ind + "</arrival_ind></arrivals></data>"
	}
	for _, c := range []struct {
		xml    string
		mapped []string
		want   string
	}{
		{answers("yes", ""), nil, measure.Blank},
		{answers("no", ""), nil, measure.NotAsked},
		{"<data><accessible>yes</accessible></data>", nil, measure.NotAsked},
		{answers("yes", "dnk"), nil, measure.DoNotKnow},
		{answers("yes", "PNTA"), nil, measure.PreferNotToAnswer},
		{answers("yes", "12 3x"), nil, measure.Unreadable},
		{answers("yes", "99999999999999"), nil, measure.Unreadable},
		{answers("", ""), []string{"accessible"}, measure.NotMapped},
		{answers("", ""), []string{"accessible", "arrival_ind"}, measure.Blank},
		{answers("no", ""), []string{"any_arrival", "arrival_ind"}, measure.NotAsked},
		{"<data><accessible>no</accessible></data>", nil, ""},
		{answers("yes", "0"), nil, ""},
	} {
		in := input(t, c.xml)
		in.Record.Mapped = c.mapped
		_, missing, err := p.Extract(in)
		got := ""
		if len(missing) == 1 {
			got = missing[0].Reason
		}
		if err != nil || got != c.want {
			t.Errorf("%s with %v: %q, %v instead of %q", c.xml, c.mapped, got, err, c.want)
		}
	}
}

func TestComputedValueThatIsBlankSaysWhy(t *testing.T) {
	t.Parallel()
	set := definitions()
	set.Facts = []measure.FactDef{{ID: "double", Form: "safar_test", Value: "2 * ${arrival_ind}", Unit: "ind"}}
	p := compile(t, set)
	for text, want := range map[string]string{"dnk": measure.DoNotKnow, "": measure.Blank, "x": measure.Unreadable} {
		in := input(t, "<data><accessible>yes</accessible><arrivals><any_arrival>yes</any_arrival><arrival_ind>"+text+"</arrival_ind></arrivals></data>")
		if _, missing, _ := p.Extract(in); len(missing) != 1 || missing[0].Reason != want {
			t.Errorf("%q: %+v", text, missing)
		}
	}
}

func TestDefectsOfDefinitions(t *testing.T) {
	t.Parallel()
	for want, def := range map[fault.Code]measure.FactDef{
		fault.MeasureFactForm:   {ID: "x", Form: "other", Value: "1", Unit: "ind"},
		fault.MeasureFactEach:   {ID: "x", Form: "safar_test", Each: "arrivals", Value: "1", Unit: "ind"},
		fault.MeasureFactEmpty:  {ID: "x", Form: "safar_test", Value: "1"},
		fault.MeasureExpression: {ID: "x", Form: "safar_test", Value: "${nowhere}", Unit: "ind"},
		fault.MeasureDimension:  {ID: "x", Form: "safar_test", Value: "1", Unit: "ind", Dims: map[string]string{"village": "x"}},
	} {
		_, err := measure.Compile(measure.Set{Facts: []measure.FactDef{def}}, measure.Options{Forms: []*form.Form{questionnaire("1")}})
		if !errors.Is(err, fault.New(want)) {
			t.Errorf("%s: %v", want, err)
		}
	}
	bad := measure.Set{Measures: []measure.Measure{{ID: "m", Kind: "pile", Agg: "median"}, {ID: "m", Kind: measure.Stock, Agg: measure.Sum, Fact: "none"}}}
	_, err := measure.Compile(bad, measure.Options{})
	for _, code := range []fault.Code{fault.MeasureKind, fault.MeasureAggregate, fault.MeasureMeasureID, fault.MeasureUnknownFact} {
		if !errors.Is(err, fault.New(code)) {
			t.Errorf("%s is not among: %v", code, err)
		}
	}
}

func TestHashFollowsTheDefinitions(t *testing.T) {
	t.Parallel()
	set := definitions()
	before := compile(t, set).Hash()
	set.Facts[1].Value = "2"
	if compile(t, set).Hash() == before || before != compile(t, definitions()).Hash() {
		t.Error("the hash does not follow the definitions")
	}
}

func BenchmarkExtract(b *testing.B) {
	simple := definitions()
	simple.Facts = simple.Facts[:2]
	for name, set := range map[string]measure.Set{"simple": simple, "repeats": definitions()} {
		b.Run(name, func(b *testing.B) {
			p, in := compile(b, set), input(b, submission)
			b.ReportAllocs()
			for b.Loop() {
				if facts, _, err := p.Extract(in); err != nil || len(facts) < 2 {
					b.Fatal(len(facts), err)
				}
			}
		})
	}
}
