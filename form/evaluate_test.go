package form_test

import (
	"strings"
	"sync"
	"testing"

	"safar/form"
	"safar/form/xpath"
)

const visitBook = `
| survey |
| | type | name | label | calculation | choice_filter | parameters | relevant | constraint |
| | csv-external | points | | | | | | |
| | select_one_from_file places.csv | place | Place | | adm1 = ${province} | value=pcode | | |
| | text | province | Province | | | | | |
| | calculate | round | | pulldata('rounds', 'label', 'key', 'now') | | | | |
| | calculate | stamp | | now() | | | | |
| | calculate | share | | ${a} div ${b} | | | | |
| | calculate | label | | jr:choice-name(${kind}, '${kind}') | | | | |
| | decimal | a | A | | | | | |
| | decimal | b | B | | | | | |
| | select_one kind | kind | Kind | | | | | |
| | text | slow | Slow | | | | | count(//*[count(//*[count(//*) > 0]) > 0]) > 0 |
| choices |
| | list_name | name | label::English (en) | label::Русский (ru) |
| | kind | camp | Camp | Лагерь |
| settings |
| | form_id |
| | visit |`

func visit(t *testing.T, answers string) (*form.Program, *xpath.Node) {
	t.Helper()
	p := compile(t, convert(t, visitBook))
	tree, problems := p.Read(parse(t, `<data id="visit">`+answers+`</data>`))
	if len(problems) > 0 {
		t.Fatal(found(problems))
	}
	return p, tree
}

// places is a file of choices as an instance.
func places(t *testing.T) map[string]*xpath.Node {
	return map[string]*xpath.Node{"places": parse(t, "<root><item><pcode>P1</pcode><adm1>north</adm1></item><item><pcode>P2</pcode><adm1>south</adm1></item></root>")}
}

func TestChoicesFromAFile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ place, want string }{
		{"P1", ""}, {"P2", "/data/place choice"}, {"P3", "/data/place choice"},
	} {
		p, tree := visit(t, "<place>"+c.place+"</place><province>north</province>")
		ec := context()
		ec.Instances = places(t)
		if got := found(form.Evaluate(p, tree, ec)); got != c.want {
			t.Errorf("%s: got %s", c.place, got)
		}
		if got := found(form.Evaluate(p, tree, context())); got != "" {
			t.Errorf("%s without the file: got %s", c.place, got)
		}
	}
}

func TestCalculationsThatCannotBeRepeatedAreNotCompared(t *testing.T) {
	t.Parallel()
	p, tree := visit(t, "<round>R7</round><stamp>2024-05-17T01:00:00Z</stamp><share>0.333333333333</share><a>1</a><b>3</b>")
	if got := found(form.Evaluate(p, tree, form.EvalContext{})); got != "" {
		t.Errorf("got %s", got)
	}
	ec := context()
	ec.Lookup = func(instance, column, keyColumn, key string) (string, bool) {
		return "R8", instance == "rounds" && key == "now"
	}
	if got := found(form.Evaluate(p, tree, ec)); got != "/data/round calculation" {
		t.Errorf("got %s", got)
	}
}

func TestComputeUsesTheClockTheLookupAndLabels(t *testing.T) {
	t.Parallel()
	p, tree := visit(t, "<a>1</a><b>4</b><kind>camp</kind>")
	ec := context()
	ec.Language = "ru"
	ec.Lookup = func(string, string, string, string) (string, bool) { return "R8", true }
	if problems := form.Compute(p, tree, ec); len(problems) > 0 {
		t.Fatal(found(problems))
	}
	for name, want := range map[string]string{"round": "R8", "share": "0.25", "label": "Лагерь"} {
		if got := tree.Find("/data/" + name)[0].StringValue(); got != want {
			t.Errorf("%s = %q, want %q", name, got, want)
		}
	}
	if got := tree.Find("/data/stamp")[0].StringValue(); !strings.HasPrefix(got, "2024-05-17T15:00:00") {
		t.Errorf("stamp = %q", got)
	}
}

func TestDivisionByNothingIsEmpty(t *testing.T) {
	t.Parallel()
	p, tree := visit(t, "<a>1</a>")
	form.Compute(p, tree, context())
	if got := tree.Find("/data/share")[0].StringValue(); got != "" {
		t.Errorf("share = %q", got)
	}
	if got := found(form.Evaluate(p, tree, context())); got != "" {
		t.Errorf("got %s", got)
	}
}

func TestACostlyRuleEndsAndIsReported(t *testing.T) {
	t.Parallel()
	var answers strings.Builder
	answers.WriteString("<slow>x</slow>")
	p, _ := visit(t, "")
	for range 400 {
		answers.WriteString("<odd/>")
	}
	tree, _ := p.Read(parse(t, `<data id="visit">`+answers.String()+`</data>`))
	if got := found(form.Evaluate(p, tree, context())); got != "/data/slow constraint" {
		t.Errorf("got %s", got)
	}
}

func TestAProgramServesManyAtOnce(t *testing.T) {
	t.Parallel()
	p := compile(t, convert(t, householdBook))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			root := parse(t, instance)
			for range 20 {
				answers, _ := p.Read(root)
				if problems := form.Evaluate(p, answers, context()); len(problems) > 0 {
					t.Error(found(problems))
				}
			}
		})
	}
	wg.Wait()
}

func TestRowsStandInOrder(t *testing.T) {
	t.Parallel()
	p := compile(t, convert(t, householdBook))
	answers := p.NewAnswers()
	hh := answers.Find("/data/hh")[0]
	first := p.AddRow(hh, "member")
	second := p.AddRow(hh, "member")
	if first.Path() != "/data/hh/member[1]" || second.Path() != "/data/hh/member[2]" || hh.Children[5].Name != "minors" {
		t.Errorf("rows at %s and %s", first.Path(), second.Path())
	}
	if p.AddRow(hh, "size") != nil || p.AddRow(answers.Find("/data")[0], "member") != nil {
		t.Error("only a repeat of the group has rows")
	}
}

func FuzzIdentify(f *testing.F) {
	f.Add(instance)
	f.Add(`<data xmlns="http://opendatakit.org/submissions" encrypted="yes" id="a"><base64EncryptedKey/></data>`)
	f.Add(`<a xmlns:x="y"><x:meta><instanceID>&amp;</instanceID></x:meta></a>`)
	f.Fuzz(func(t *testing.T, raw string) {
		id, err := form.IdentifyXML([]byte(raw))
		if err == nil && id.FormID == "" {
			t.Error("a submission without fault names its form")
		}
	})
}

func FuzzRead(f *testing.F) {
	p := compile(f, convert(f, householdBook))
	f.Add(instance)
	f.Add(`<data><hh><member><needs>a</needs></member>text<member/><hh/></hh><consent><b/></consent><meta/></data>`)
	f.Add(`<data id="x"><size>1</size><size>2</size><?pi?><!-- c --><new a="b">x<y/>z</new></data>`)
	f.Fuzz(func(t *testing.T, raw string) {
		root, err := xpath.ParseXML(strings.NewReader(raw), xpath.Limits{})
		if err != nil {
			return
		}
		answers, _ := p.Read(root)
		form.Evaluate(p, answers, context())
		// What was read is written and read again without change.
		written := form.WriteInstance(p.Form(), answers, form.Identity{InstanceID: "uuid:f"})
		again, err := xpath.ParseXML(strings.NewReader(string(written)), xpath.Limits{Depth: 200})
		if err != nil {
			t.Fatalf("%v in %s", err, written)
		}
		second, _ := p.Read(again)
		if a, b := string(form.WriteInstance(p.Form(), second, form.Identity{InstanceID: "uuid:f"})), string(written); a != b {
			t.Errorf("read and written again\n%s\nbefore\n%s", a, b)
		}
	})
}
