package form_test

import (
	"fmt"
	"strings"
	"testing"

	"safar/form"
)

// hundred is a form of 100 questions with skip logic, rules, a filtered choice and calculations, and a submission to it.
func hundred(b *testing.B) (*form.Program, []byte) {
	var s strings.Builder
	s.WriteString("| survey |\n| | type | name | label | relevant | constraint | required | calculation | choice_filter |\n")
	for i := range 100 {
		name := fmt.Sprintf("q%d", i)
		switch {
		case i%10 == 3:
			fmt.Fprintf(&s, "| | calculate | %s | | | | | ${q%d} + ${q%d} | |\n", name, i-1, i-2)
		case i%10 == 5:
			fmt.Fprintf(&s, "| | select_one list | %s | Q | | | yes | | group='a' |\n", name)
		case i%10 == 7:
			fmt.Fprintf(&s, "| | text | %s | Q | ${q%d} = 'c1' or ${q%d} > 5 | string-length(.) < 80 | | | |\n", name, i-2, i-3)
		default:
			fmt.Fprintf(&s, "| | integer | %s | Q | | . >= 0 and . < 1000 | yes | | |\n", name)
		}
	}
	s.WriteString("| choices |\n| | list_name | name | label | group |\n")
	for i := range 40 {
		fmt.Fprintf(&s, "| | list | c%d | C | a |\n", i)
	}
	s.WriteString("| settings |\n| | form_id |\n| | hundred |\n")
	f := convert(b, s.String())
	p := compile(b, f)
	answers := p.NewAnswers()
	for i, n := range answers.Children[0].Elements() {
		switch {
		case n.Name == "meta":
		case i%10 == 5:
			n.SetText("c1")
		case i%10 != 3:
			n.SetText("7")
		}
	}
	if problems := form.Compute(p, answers, context()); len(problems) > 0 {
		b.Fatal(found(problems))
	}
	return p, form.WriteInstance(f, answers, form.Identity{InstanceID: "uuid:1"})
}

// BenchmarkEvaluate runs all rules over a submission of 100 questions.
func BenchmarkEvaluate(b *testing.B) {
	p, raw := hundred(b)
	answers, problems := p.Read(parse(b, string(raw)))
	if problems = append(problems, form.Evaluate(p, answers, context())...); len(problems) > 0 {
		b.Fatal(found(problems))
	}
	b.ReportAllocs()
	for b.Loop() {
		form.Evaluate(p, answers, context())
	}
}

// BenchmarkRead lays a parsed submission of 100 questions out.
func BenchmarkRead(b *testing.B) {
	p, raw := hundred(b)
	root := parse(b, string(raw))
	b.ReportAllocs()
	for b.Loop() {
		p.Read(root)
	}
}

// BenchmarkIdentify parses a submission of 100 questions and reads what it says of itself.
func BenchmarkIdentify(b *testing.B) {
	_, raw := hundred(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := form.IdentifyXML(raw); err != nil {
			b.Fatal(err)
		}
	}
}
