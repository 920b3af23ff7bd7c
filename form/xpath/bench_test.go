package xpath_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"safar/form/xpath"
)

// answers120 is a record of about 120 answers: 12 groups of 9 questions and a repeat.
func answers120() string {
	var b strings.Builder
	b.WriteString(`<data id="sub_area" version="3">`)
	for g := range 12 {
		fmt.Fprintf(&b, "<g%d>", g)
		for q := range 9 {
			fmt.Fprintf(&b, "<q%d>%d</q%d>", q, g*10+q, q)
		}
		fmt.Fprintf(&b, "<needs>water shelter food</needs><date>2024-05-%02d</date></g%d>", g+1, g)
	}
	for i := range 4 {
		fmt.Fprintf(&b, "<member><age>%d</age><sex>f</sex></member>", i*7)
	}
	return b.String() + "</data>"
}

// expressions60 are of the sorts that a form of 120 questions has.
func expressions60(tb testing.TB) []*xpath.Expr {
	var all []*xpath.Expr
	for g := range 12 {
		for _, pattern := range []string{
			"/data/g%[1]d/q1 = '%[1]d1'", "selected(/data/g%[1]d/needs, 'food') and ../q3 > 5",
			"/data/g%[1]d/q2 + /data/g%[1]d/q3 <= /data/g%[1]d/q4", ". >= 0 and . < 100000",
			"/data/g%[1]d/date <= today() or sum(/data/member[sex = 'f']/age) div count(/data/member) > %[1]d",
		} {
			all = append(all, mustParse(tb, strings.ReplaceAll(pattern, "%[1]d", fmt.Sprint(g))))
		}
	}
	return all
}

func BenchmarkRecord(b *testing.B) {
	root := mustXML(b, answers120())
	all := expressions60(b)
	ctx := &xpath.Context{Root: root, Node: root.Find("/data/g5/q5")[0], Now: time.Date(2024, 5, 17, 0, 0, 0, 0, time.UTC)}
	b.ReportAllocs()
	for b.Loop() {
		for _, e := range all {
			if _, err := e.Eval(ctx); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkParse(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		mustParse(b, "selected(/data/group/needs, 'food') and ../q3 > 5 or sum(/data/member[sex = 'f']/age) > 3")
	}
}

func BenchmarkParseXML(b *testing.B) {
	text := answers120()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		mustXML(b, text)
	}
}

func BenchmarkInstanceOf30000(b *testing.B) {
	var text strings.Builder
	text.WriteString("<root>")
	for i := range 30000 {
		fmt.Fprintf(&text, "<item><name>p%d</name><label>Place %d</label><adm1>a%d</adm1></item>", i, i, i%20)
	}
	ctx := &xpath.Context{Root: mustXML(b, "<data><p>p29999</p></data>"), Instances: map[string]*xpath.Node{"places": mustXML(b, text.String()+"</root>")}}
	e := mustParse(b, "instance('places')/root/item[name = /data/p]/label")
	b.ReportAllocs()
	for b.Loop() {
		if v, err := e.Eval(ctx); err != nil || v.String() != "Place 29999" {
			b.Fatal(v, err)
		}
	}
}
