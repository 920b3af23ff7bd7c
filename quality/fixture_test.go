package quality_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"safar/form"
	"safar/form/xpath"
	"safar/locale"
	"safar/place"
	"safar/quality"
	"safar/record"
	"safar/round"
)

// question makes a question for the invented form.
func question(kind, name, relevant string) *form.Element {
	return &form.Element{Kind: form.Question, Type: kind, Name: name, Relevant: relevant}
}

func choices(name, list string) *form.Element {
	return &form.Element{Kind: form.Question, Type: "select_one", Name: name, List: list}
}

// village is an invented location form: a few numbers, a choice with other, and a repeat of informants.
func village() *form.Form {
	informant := &form.Element{Kind: form.Repeat, Name: "ki", Children: []*form.Element{
		question("text", "ki_name", ""), question("integer", "ki_age", ""), question("text", "ki_phone", ""),
	}}
	people := &form.Element{Kind: form.Group, Name: "people", Children: []*form.Element{
		question("integer", "hh", ""), question("integer", "ind", ""), question("integer", "men", ""), question("integer", "women", ""),
		question("text", "why_changed", ""), informant,
	}}
	return &form.Form{ID: "village", Version: "1", Root: &form.Element{Kind: form.Group, Name: "data", Children: []*form.Element{
		question("text", "ssid", ""), question("text", "name", ""), question("date", "day", ""), question("text", "worker", ""),
		question("time", "clock", ""), question("geopoint", "gps", ""), people,
		choices("reason", "reasons"), question("text", "reason_other", "${reason} = 'other'"),
	}}, Lists: []form.List{{Name: "reasons", Choices: []form.Choice{
		{Name: "flood", Label: locale.Text{"en": "Flood", "ru": "Наводнение"}},
		{Name: "conflict", Label: locale.Text{"en": "Armed conflict", "ru": "Вооружённый конфликт"}},
		{Name: "other", Label: locale.Text{"en": "Other", "ru": "Другое"}},
	}}}}
}

// shiftForm is an invented record of one shift at a point.
func shiftForm() *form.Form {
	return &form.Form{ID: "shift", Version: "1", Root: &form.Element{Kind: form.Group, Name: "data", Children: []*form.Element{
		question("text", "point", ""), question("date", "on", ""), question("text", "shift", ""), question("integer", "tally", ""),
	}}}
}

// groupForm is an invented record of one group that passes a point.
func groupForm() *form.Form {
	return &form.Form{ID: "group", Version: "1", Root: &form.Element{Kind: form.Group, Name: "data", Children: []*form.Element{
		question("text", "point", ""), question("date", "on", ""), question("text", "shift", ""), question("integer", "size", ""),
	}}}
}

func forms() []*form.Form { return []*form.Form{village(), shiftForm(), groupForm()} }

// answers fills a form; "ki/ki_age" with values parted by | makes rows.
func answers(t testing.TB, f *form.Form, values map[string]string) *xpath.Node {
	t.Helper()
	p, err := form.Compile(f)
	if err != nil {
		t.Fatal(err)
	}
	root := p.NewAnswers()
	top := root.Children[0]
	for _, name := range slices.Sorted(maps.Keys(values)) {
		repeat, question, repeated := strings.Cut(name, "/")
		if !repeated {
			top.Find(p.Index().Path(p.Index().Element(name)))[0].SetText(values[name])
			continue
		}
		parent := top.Find(p.Index().Path(p.Index().Parent(p.Index().Element(repeat))))[0]
		for i, value := range strings.Split(values[name], "|") {
			rows := parent.ChildrenNamed(repeat)
			if i >= len(rows) {
				rows = append(rows, p.AddRow(parent, repeat))
			}
			rows[i].Child(question).SetText(value)
		}
	}
	return root
}

// subject is a sound record of the village form: with no checks nothing is found in it.
func subject(t testing.TB, values map[string]string) quality.Subject {
	t.Helper()
	f := village()
	return quality.Subject{
		Record:  record.Record{ID: "0190-0001", Form: "village", FormVersion: "1", ReceivedAt: time.Date(2024, 5, 20, 8, 0, 0, 0, time.UTC)},
		Form:    f,
		Answers: answers(t, f, values),
		Derived: record.Derived{Unit: "XS001", Date: "2024-05-17"},
		Round:   round.Round{Operation: "samara", Activity: "villages", Number: 3, Start: "2024-05-01", End: "2024-05-31"},
		Now:     time.Date(2024, 5, 21, 8, 0, 0, 0, time.UTC),
	}
}

func compile(t testing.TB, checks ...quality.Check) *quality.Program {
	t.Helper()
	p, err := quality.Compile(checks, forms())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// rows makes light rows of one form: each value of the question is a record of its own.
func rows(question string, values ...string) []quality.RowValue {
	out := make([]quality.RowValue, len(values))
	for i, v := range values {
		out[i] = quality.RowValue{Record: fmt.Sprintf("r%04d", i), Form: "village", Version: "1", Unit: fmt.Sprintf("XS%03d", i),
			Areas: place.Path{"XSF", "XS01"}, Date: "2024-05-17", Values: map[string][]string{question: {v}}}
	}
	return out
}

func overRound(rows []quality.RowValue) quality.RoundSubject {
	return quality.RoundSubject{Round: round.Round{Operation: "samara", Activity: "villages", Number: 3}, Rows: rows}
}

// text writes findings for people who read a golden file.
func text(findings []quality.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s %s record=%s path=%s", f.Level, f.Check, f.Record, f.Path)
		if f.Over != "" {
			fmt.Fprintf(&b, " over=%s", f.Over)
		}
		b.WriteByte('\n')
		for _, tag := range f.Message.Tags() {
			fmt.Fprintf(&b, "  %s: %s\n", tag, f.Message[tag])
		}
		for _, name := range slices.Sorted(maps.Keys(f.Details)) {
			fmt.Fprintf(&b, "  %s = %s\n", name, f.Details[name])
		}
	}
	if len(findings) == 0 {
		return "nothing\n"
	}
	return b.String()
}

// golden compares with testdata/NAME.txt; SAFAR_GOLDEN=write writes it anew.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name+".txt")
	if os.Getenv("SAFAR_GOLDEN") == "write" {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; have:\n%s", file, got)
	}
}
