package form_test

import (
	"strings"
	"testing"
	"time"

	"safar/fault"
	"safar/form"
	"safar/form/xlsform"
	"safar/form/xpath"
	"safar/sheet"
)

const householdBook = `
| survey |
|        | type                | name     | label        | relevant         | constraint         | constraint_message              | required | calculation           | choice_filter        |
|        | start               | start    |              |                  |                    |                                 |          |                       |                      |
|        | select_one yes_no   | consent  | Agree?       |                  |                    |                                 | yes      |                       |                      |
|        | begin_group         | hh       | Household    | ${consent}='yes' |                    |                                 |          |                       |                      |
|        | select_one province | province | Province     |                  |                    |                                 | yes      |                       |                      |
|        | select_one district | district | District     |                  |                    |                                 | yes      |                       | province=${province} |
|        | integer             | size     | How many?    |                  | . > 0 and . <= 30  | ${size} is not between 1 and 30 | yes      |                       |                      |
|        | begin_repeat        | member   | Member       |                  |                    |                                 |          |                       |                      |
|        | text                | first    | First name   |                  |                    |                                 | yes      |                       |                      |
|        | integer             | age      | Age          |                  | . >= 0 and . < 120 |                                 |          |                       |                      |
|        | calculate           | minor    |              |                  |                    |                                 |          | if(${age} < 18, 1, 0) |                      |
|        | select_multiple need | needs   | Needs        | ${age} >= 18     |                    |                                 |          |                       |                      |
|        | end_repeat          |          |              |                  |                    |                                 |          |                       |                      |
|        | calculate           | minors   |              |                  |                    |                                 |          | sum(${minor})         |                      |
|        | date                | arrived  | Since when?  |                  | . <= today()       |                                 |          |                       |                      |
|        | geopoint            | spot     | Where?       |                  |                    |                                 |          |                       |                      |
|        | end_group           |          |              |                  |                    |                                 |          |                       |                      |
|        | text                | why      | Why not?     | ${consent}='no'  |                    |                                 | yes      |                       |                      |
| choices |
|         | list_name | name      | label     | province |
|         | yes_no    | yes       | Yes       |          |
|         | yes_no    | no        | No        |          |
|         | province  | north     | North     |          |
|         | province  | south     | South     |          |
|         | district  | uplands   | Uplands   | north    |
|         | district  | riverside | Riverside | south    |
|         | need      | water     | Water     |          |
|         | need      | shelter   | Shelter   |          |
| settings |
|          | form_title | form_id   | version | instance_name            |
|          | Household  | household | 7       | concat(${district}, '!') |
`

func convert(t testing.TB, text string) *form.Form {
	t.Helper()
	book, err := sheet.OpenBytes("household.md", []byte(text), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	f, _, err := xlsform.Convert(book, xlsform.Options{File: "household.md"})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func compile(t testing.TB, f *form.Form) *form.Program {
	t.Helper()
	p, err := form.Compile(f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func parse(t testing.TB, text string) *xpath.Node {
	t.Helper()
	root, err := xpath.ParseXML(strings.NewReader(text), xpath.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// instance is a submission of the household form that breaks no rule.
const instance = `<?xml version="1.0"?>
<data xmlns:jr="http://openrosa.org/javarosa" xmlns:orx="http://openrosa.org/xforms" id="household" version="7">
<start>2024-05-17T09:00:00.000+05:00</start><consent>yes</consent>
<hh><province>north</province><district>uplands</district><size>2</size>
<member><first>Amina</first><age>34</age><minor>0</minor><needs>water shelter</needs></member>
<member><first>Ali</first><age>7</age><minor>1</minor><needs/></member>
<minors>1</minors><arrived>2024-05-10</arrived><spot>38.5 68.8 800 5</spot></hh><why/>
<orx:meta><orx:instanceID>uuid:1</orx:instanceID><orx:instanceName>uplands!</orx:instanceName></orx:meta></data>`

func context() form.EvalContext {
	return form.EvalContext{Now: time.Date(2024, 5, 17, 10, 0, 0, 0, time.UTC), Zone: time.FixedZone("", 5*3600)}
}

// found writes problems as "path kind", for comparison.
func found(problems []form.Problem) string {
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = p.Path + " " + string(p.Kind)
	}
	return strings.Join(lines, "\n")
}

func TestRightSubmissionHasNoProblems(t *testing.T) {
	t.Parallel()
	p := compile(t, convert(t, householdBook))
	answers, problems := p.Read(parse(t, instance))
	problems = append(problems, form.Evaluate(p, answers, context())...)
	if len(problems) > 0 {
		t.Errorf("problems in a right submission:\n%s", found(problems))
	}
	for path, want := range map[string]string{
		"/data/hh/member/first": "Amina", "/data/why": "", "/data/meta/instanceID": "uuid:1", "/data/@version": "7", "/data/hh/spot": "38.5 68.8 800 5",
	} {
		nodes := answers.Find(path)
		if len(nodes) == 0 || nodes[0].StringValue() != want {
			t.Errorf("%s: want %q in the answers", path, want)
		}
	}
}

func TestProblemsAreFoundWhereTheyAre(t *testing.T) {
	t.Parallel()
	p := compile(t, convert(t, householdBook))
	cases := []struct{ name, old, new, want string }{
		{"constraint", "<size>2<", "<size>31<", "/data/hh/size constraint"},
		{"required", "<size>2</size>", "<size/>", "/data/hh/size required"},
		{"missing element", "<size>2</size>", "", "/data/hh/size required"},
		{"required in a row", "<first>Ali</first>", "<first/>", "/data/hh/member[2]/first required"},
		{"relevance", "<why/>", "<why>no time</why>", "/data/why relevance"},
		{"relevance in a row", "<minor>1</minor><needs/>", "<minor>1</minor><needs>water</needs>", "/data/hh/member[2]/needs relevance"},
		{"calculation", "<minors>1<", "<minors>2<", "/data/hh/minors calculation"},
		{"filter", "<district>uplands<", "<district>riverside<", "/data/hh/district choice"},
		{"choice", "<province>north<", "<province>west<", "/data/hh/province choice\n/data/hh/district choice"},
		{"one of several choices", "water shelter", "water gold", "/data/hh/member[1]/needs choice"},
		{"whole number", "<age>34<", "<age>34.5<", "/data/hh/member[1]/age type"},
		{"date", "<arrived>2024-05-10<", "<arrived>10.05.2024<", "/data/hh/arrived type\n/data/hh/arrived constraint"},
		{"future", "<arrived>2024-05-10<", "<arrived>2024-05-18<", "/data/hh/arrived constraint"},
		{"coordinates swapped out of range", "38.5 68.8", "138.5 68.8", "/data/hh/spot type"},
		{"unknown element", "<why/>", "<why/><new>1</new>", "/data/new unknown"},
		{"a question twice", "<size>2</size>", "<size>2</size><size>3</size>", "/data/hh/size[2] unknown"},
		{"elements in a question", "<size>2</size>", "<size><a>2</a></size>", "/data/hh/size unknown"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(instance, c.old) {
				t.Fatalf("the instance has no %s", c.old)
			}
			answers, problems := p.Read(parse(t, strings.Replace(instance, c.old, c.new, 1)))
			problems = append(problems, form.Evaluate(p, answers, context())...)
			if got := found(problems); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
		})
	}
}

func TestMessageIsTheAuthorsWithValues(t *testing.T) {
	t.Parallel()
	p := compile(t, convert(t, householdBook))
	answers, _ := p.Read(parse(t, strings.Replace(instance, "<size>2<", "<size>31<", 1)))
	problems := form.Evaluate(p, answers, context())
	if len(problems) != 1 || problems[0].Message.In("en", "") != "31 is not between 1 and 30" || problems[0].Value != "31" {
		t.Errorf("got %+v", problems)
	}
}

func TestNothingIsLostInReading(t *testing.T) {
	t.Parallel()
	p := compile(t, convert(t, householdBook))
	shuffled := `<data id="household" version="6"><why>x</why><strange a="1"><deep>kept</deep></strange>
		<hh><member><age>1</age><odd>kept too</odd></member><size>1</size><member jr:template="" xmlns:jr="http://openrosa.org/javarosa"><age>9</age></member>
		<member><age>2</age></member></hh></data>`
	answers, problems := p.Read(parse(t, shuffled))
	want := "/data/hh/member[1]/odd unknown\n/data/strange unknown"
	if got := found(problems); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for path, text := range map[string]string{"/data/strange/deep": "kept", "/data/hh/member/odd": "kept too", "/data/why": "x", "/data/@version": "6"} {
		if nodes := answers.Find(path); len(nodes) == 0 || nodes[0].StringValue() != text {
			t.Errorf("%s is lost", path)
		}
	}
	if rows := answers.Find("/data/hh/member"); len(rows) != 2 {
		t.Errorf("%d rows, want 2: the template is no row", len(rows))
	}
}

func TestOnlyMappedItemsAreChecked(t *testing.T) {
	t.Parallel()
	p := compile(t, convert(t, householdBook))
	answers := p.NewAnswers()
	answers.Find("/data/hh/size")[0].SetText("31")
	answers.Find("/data/hh/district")[0].SetText("uplands")
	ec := context()
	ec.Mapped = map[string]bool{"size": true, "district": true}
	// consent is not mapped: the group counts as relevant; province is not: the filter cannot be checked.
	if got, want := found(form.Evaluate(p, answers, ec)), "/data/hh/size constraint"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	ec.Mapped["consent"] = true
	want := "/data/consent required\n/data/hh/district relevance\n/data/hh/size relevance"
	if got := found(form.Evaluate(p, answers, ec)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestComputePruneAndWriteGiveARightSubmission(t *testing.T) {
	t.Parallel()
	f := convert(t, householdBook)
	p := compile(t, f)
	answers := p.NewAnswers()
	set := func(path, text string) { answers.Find(path)[0].SetText(text) }
	set("/data/consent", "yes")
	set("/data/why", "to be emptied")
	set("/data/hh/province", "south")
	set("/data/hh/district", "riverside")
	set("/data/hh/size", "2")
	hh := answers.Find("/data/hh")[0]
	for _, age := range []string{"5", "40"} {
		row := p.AddRow(hh, "member")
		row.Child("first").SetText("N & <" + age + ">")
		row.Child("age").SetText(age)
		row.Child("needs").SetText("water")
	}
	if problems := form.Compute(p, answers, context()); len(problems) > 0 {
		t.Fatal(found(problems))
	}
	form.Prune(p, answers, context())
	raw := form.WriteInstance(f, answers, form.Identity{InstanceID: "uuid:2"})
	id, err := form.IdentifyXML(raw)
	if err != nil || id != (form.Identity{FormID: "household", Version: "7", InstanceID: "uuid:2"}) {
		t.Fatalf("identity %+v, %v", id, err)
	}
	again, problems := p.Read(parse(t, string(raw)))
	problems = append(problems, form.Evaluate(p, again, context())...)
	if len(problems) > 0 {
		t.Errorf("problems:\n%s\nin\n%s", found(problems), raw)
	}
	if got := again.Find("/data/hh/minors")[0].StringValue(); got != "1" {
		t.Errorf("minors = %q, want 1", got)
	}
	if got := again.Find("/data/hh/member/first")[1].StringValue(); got != "N & <40>" {
		t.Errorf("escaped text came back as %q", got)
	}
	if got := p.InstanceName(again, context()); got != "riverside!" {
		t.Errorf("instance name %q", got)
	}
}

func TestIdentify(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, xml string
		want      form.Identity
		code      fault.Code
	}{
		{"plain", `<data id="a" version="1"><meta><instanceID>uuid:1</instanceID><deprecatedID>uuid:0</deprecatedID></meta></data>`,
			form.Identity{FormID: "a", Version: "1", InstanceID: "uuid:1", DeprecatedID: "uuid:0"}, ""},
		{"OpenRosa meta", `<data id="a" xmlns:orx="http://openrosa.org/xforms"><orx:meta><orx:instanceID> uuid:1 </orx:instanceID></orx:meta></data>`,
			form.Identity{FormID: "a", InstanceID: "uuid:1"}, ""},
		{"namespace as id", `<data xmlns="http://example.org/forms/a"><meta><instanceID>uuid:1</instanceID></meta></data>`,
			form.Identity{FormID: "http://example.org/forms/a", InstanceID: "uuid:1"}, ""},
		{"encrypted", `<data xmlns="http://opendatakit.org/submissions" encrypted="yes" id="a" version="2"><base64EncryptedKey>x</base64EncryptedKey>` +
			`<orx:meta xmlns:orx="http://openrosa.org/xforms"><orx:instanceID>uuid:1</orx:instanceID></orx:meta></data>`,
			form.Identity{FormID: "a", Version: "2", InstanceID: "uuid:1", Encrypted: true}, ""},
		{"no id", `<data><meta/></data>`, form.Identity{}, fault.FormNotAnInstance},
		{"broken", `<data id="a">`, form.Identity{}, fault.XMLBroken},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := form.IdentifyXML([]byte(c.xml))
			if fault.CodeOf(err) != c.code || got != c.want {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	var lines []string
	for _, c := range convert(t, householdBook).Columns() {
		lines = append(lines, strings.TrimPrefix(c.Repeat+"|"+c.Header+"|"+c.Data, "/"))
	}
	want := `|start|dateTime
|consent|string
|hh/province|string
|hh/district|string
|hh/size|int
data/hh/member|first|string
data/hh/member|age|int
data/hh/member|minor|string
data/hh/member|needs|string
|hh/minors|string
|hh/arrived|date
|hh/spot|geopoint
|why|string`
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s", got)
	}
}
