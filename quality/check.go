package quality

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"safar/form"
	"safar/form/xpath"
	"safar/locale"
	"safar/record"
	"safar/round"
)

// Subject is one record and all that its checks may know.
type Subject struct {
	Record    record.Record
	Form      *form.Form
	Answers   *xpath.Node // with the corrections laid over them; the first element, or the root above it
	Derived   record.Derived
	Round     round.Round    // the zero Round when none holds the record's date
	Zone      *time.Location // of the operation; nil is UTC
	Now       time.Time
	Problems  []form.Problem         // from form.Evaluate
	Earlier   *xpath.Node            // answers of the same unit in the previous round; nil when there are none
	History   []*xpath.Node          // its answers in the rounds before Earlier, newest first, as far as they are known
	Others    []string               // ids of the other received records of the same unit in the round
	Instances map[string]*xpath.Node // files that expressions read, each the node above its root element
}

// Check runs the checks of the record's form over it: first what the form's own rules found, then place, round, date
// and duplicates, then checks.yaml in its order. The same subject always gives the same findings with the same ids. A form version that
// Compile did not see gets the built-in findings only.
func (p *Program) Check(s Subject) []Finding {
	r := newRun(p, s)
	if r == nil {
		return nil
	}
	r.formProblems()
	r.places()
	r.dates()
	r.duplicates()
	for _, c := range r.set.checks {
		c.one(r, c)
	}
	return r.findings
}

// run is one record on its way through the checks.
type run struct {
	Subject
	set      *set
	top      *xpath.Node // the first element
	ctx      xpath.Context
	mapped   map[string]bool // nil means all
	findings []Finding
	seen     map[string]int
}

func newRun(p *Program, s Subject) *run {
	top := firstElement(s.Answers)
	if top == nil {
		return nil
	}
	if s.Zone == nil {
		s.Zone = time.UTC
	}
	r := &run{Subject: s, top: top, set: &set{}, seen: map[string]int{}}
	if s.Form != nil {
		if found := p.sets[version{s.Form.ID, s.Form.Version}]; found != nil {
			r.set = found
		}
	}
	root := top.Parent
	if root == nil {
		root = &xpath.Node{Kind: xpath.Root, Children: []*xpath.Node{top}}
	}
	r.ctx = xpath.Context{Root: root, Now: s.Now, Zone: s.Zone, Instances: s.Instances, Choices: r.choice, NearestRepeat: true}
	if s.Record.Mapped != nil {
		r.mapped = make(map[string]bool, len(s.Record.Mapped))
		for _, name := range s.Record.Mapped {
			r.mapped[name] = true
		}
	}
	return r
}

func firstElement(n *xpath.Node) *xpath.Node {
	if n == nil || n.Kind == xpath.Element {
		return n
	}
	for _, child := range n.Children {
		if child.Kind == xpath.Element {
			return child
		}
	}
	return nil
}

// knows says whether an imported record has a column for each question that the expression reads.
func (r *run) knows(x *expression) bool {
	if r.mapped == nil || x == nil {
		return true
	}
	if x.blind {
		return false
	}
	for _, read := range x.reads {
		if !r.anyMapped(read.questions) {
			return false
		}
	}
	return true
}

func (r *run) anyMapped(names []string) bool {
	for _, name := range names {
		if r.mapped == nil || r.mapped[name] {
			return true
		}
	}
	return false
}

// add keeps a finding of the record. Two findings of one check about one answer are told apart by their order.
func (r *run) add(check string, level Level, path string, message locale.Text, details map[string]string) {
	id := findingID(string(r.Record.ID), check, path)
	if r.seen[id]++; r.seen[id] > 1 {
		id = findingID(string(r.Record.ID), check, path, itoa(r.seen[id]))
	}
	r.findings = append(r.findings, Finding{ID: id, Record: string(r.Record.ID), Check: check, Level: level, Path: path, Message: message, Details: details})
}

// findingID is the same for the same parts on every machine and in every run.
func findingID(parts ...string) string {
	h := sha256.New()
	for _, part := range parts {
		h.Write([]byte(itoa(len(part)) + ":" + part))
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// choice finds the label of a choice for jr:choice-name.
func (r *run) choice(question, value, language string) (string, bool) {
	e := r.set.paths[question]
	if e == nil {
		return "", false
	}
	return r.set.label(e, value, language)
}

// label is the label of a choice in a language, as far as there is one.
func (s *set) label(e *form.Element, value, language string) (string, bool) {
	list := s.index.List(e.List)
	if list == nil {
		return "", false
	}
	for _, c := range list.Choices {
		if c.Name == value {
			label := c.Label.In(language, "")
			return label, label != ""
		}
	}
	return "", false
}
