package toolbox

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"safar/fault"
	"safar/form"
	"safar/form/xpath"
	"safar/measure"
	"safar/place"
	"safar/quality"
	"safar/record"
)

// practiceYear is when the practice cases are checked: the end of the invented year they play in.
func practiceYear() time.Time { return time.Date(2026, time.December, 31, 12, 0, 0, 0, time.UTC) }

// practiceZone is the clock of the practice country.
func practiceZone() *time.Location { return time.FixedZone("practice", 5*60*60) }

// practice runs the worked examples: their facts are what they say, the checks find what they say, and every measure has
// a value.
func (l *linter) practice() {
	facts := l.program()
	checks := l.exprChecks()
	if facts == nil || checks == nil {
		return // said already
	}
	var all []measure.Fact
	for _, c := range l.pack.Practice.Cases {
		f := l.forms[c.Form]
		if f == nil {
			l.say("practice.yaml", fault.LintReference, "what", "the case "+c.ID, "name", c.Form)
			continue
		}
		l.text("practice.yaml", "the story of "+c.ID, c.Story)
		answers, err := c.Tree(f)
		if err != nil {
			l.sayAll("practice.yaml", "the case "+c.ID, err)
			continue
		}
		found := l.facts(facts, c, f, answers)
		l.expect(c, found)
		l.findings(checks, c, f, answers)
		all = append(all, found...)
	}
	l.computable(all)
}

// program compiles the fact definitions, nil when they have faults.
func (l *linter) program() *measure.Program {
	program, err := measure.Compile(l.pack.Measures, measure.Options{Forms: l.allForms()})
	if err != nil {
		return nil
	}
	return program
}

// exprChecks compiles the checks that see one record only, nil when they have faults.
func (l *linter) exprChecks() *quality.Program {
	checks := slices.DeleteFunc(slices.Clone(l.pack.Checks), func(c quality.Check) bool { return c.Kind != "expr" })
	program, err := quality.Compile(checks, l.allForms())
	if err != nil {
		return nil
	}
	return program
}

// Tree lays the case's answers out as the form has them. It fails on a question that the form does not ask.
func (c Case) Tree(f *form.Form) (*xpath.Node, error) {
	program, err := form.Compile(f)
	if err != nil {
		return nil, err
	}
	answers := program.NewAnswers()
	for _, name := range sorted(c.Answers) {
		if err := put(program, answers, name, c.Answers[name]); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

// put writes one answer, or the rows of a repeat.
func put(program *form.Program, answers *xpath.Node, name string, value any) error {
	index := program.Index()
	e := index.Element(name)
	if e == nil {
		return fault.New(fault.LintReference, "what", "the case", "name", name)
	}
	rows, repeat := value.([]any)
	if !repeat {
		return set(answers, index.Path(e), value)
	}
	holder := answers.Find(index.Path(index.Parent(e)))
	if e.Kind != form.Repeat || len(holder) == 0 {
		return fault.New(fault.LintReference, "what", "the case", "name", name)
	}
	for _, row := range rows {
		node := program.AddRow(holder[0], name)
		fields, ok := row.(map[string]any)
		if node == nil || !ok {
			return fault.New(fault.LintReference, "what", "the case", "name", name)
		}
		for _, field := range slices.Sorted(maps.Keys(fields)) {
			child := node.Child(field)
			if child == nil {
				return fault.New(fault.LintReference, "what", "the case", "name", field)
			}
			child.SetText(fmt.Sprint(fields[field]))
		}
	}
	return nil
}

func set(answers *xpath.Node, path string, value any) error {
	nodes := answers.Find(path)
	if len(nodes) == 0 {
		return fault.New(fault.LintReference, "what", "the case", "name", path)
	}
	nodes[0].SetText(fmt.Sprint(value))
	return nil
}

// record is the case as a record of round 1.
func (l *linter) record(c Case, f *form.Form, answers *xpath.Node) record.Record {
	nowhere, _ := place.NewRegister(nil, nil, nil) // the cases are about answers, not about the map
	derived := record.Derive(answers, l.pack.Keys(f.ID), nowhere, "", nil)
	return record.Record{
		ID: record.ID(c.ID), Operation: "operation", Activity: l.pack.ID, Round: 1, Form: f.ID, FormVersion: f.Version, Version: 1,
		ReceivedAt: practiceYear(), State: record.Received, Unit: derived.Unit, Date: derived.Date, Place: derived.Place, Answers: answers,
	}
}

func (l *linter) facts(program *measure.Program, c Case, f *form.Form, answers *xpath.Node) []measure.Fact {
	facts, _, err := program.Extract(measure.Input{Record: l.record(c, f, answers), Answers: answers, Zone: practiceZone()})
	if err != nil {
		l.sayAll("practice.yaml", "the case "+c.ID, err)
	}
	return facts
}

// expect compares the sums of the case's facts with what it says.
func (l *linter) expect(c Case, facts []measure.Fact) {
	for _, want := range c.Expect {
		var total measure.Total
		for i := range facts {
			if facts[i].Item == want.Fact && want.fits(&facts[i]) {
				total.Add(facts[i].Value)
			}
		}
		if got := total.Float(); got != want.Value {
			l.say("practice.yaml", fault.LintPractice, "case", c.ID, "fact", want.Fact,
				"got", strconv.FormatFloat(got, 'f', -1, 64), "want", strconv.FormatFloat(want.Value, 'f', -1, 64))
		}
	}
}

func (e Expectation) fits(f *measure.Fact) bool {
	if e.Where["breakdown"] != measure.Value(f, "breakdown") {
		return false
	}
	for dim, value := range e.Where {
		if measure.Value(f, dim) != value {
			return false
		}
	}
	return true
}

// findings compares what the checks of kind expr find with what the case says.
func (l *linter) findings(program *quality.Program, c Case, f *form.Form, answers *xpath.Node) {
	known := map[string]bool{}
	for _, check := range l.pack.Checks {
		known[check.ID] = true
	}
	var got []string
	subject := quality.Subject{Record: l.record(c, f, answers), Form: f, Answers: answers, Zone: practiceZone(), Now: practiceYear()}
	for _, finding := range program.Check(subject) {
		if known[finding.Check] {
			got = append(got, finding.Check)
		}
	}
	want := slices.Clone(c.Fails)
	slices.Sort(want)
	slices.Sort(got)
	if got = slices.Compact(got); !slices.Equal(got, want) {
		l.say("practice.yaml", fault.LintChecks, "case", c.ID, "got", strings.Join(got, ", "), "want", strings.Join(want, ", "))
	}
}

// computable wants every measure to have a value over all cases together.
func (l *linter) computable(facts []measure.Fact) {
	for _, m := range l.pack.Measures.Measures {
		q := measure.Query{Operation: "operation", Activity: l.pack.ID, Round: 1, Measure: m}
		observations, err := measure.Evaluate(facts, nil, q)
		if err != nil {
			l.sayAll("measures.yaml", m.ID, err)
			continue
		}
		if len(observations) == 0 || !observations[0].Known() || observations[0].N == 0 {
			l.say("practice.yaml", fault.LintNotShown, "measure", m.ID)
		}
	}
}
