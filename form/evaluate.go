package form

import (
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"safar/fault"
	"safar/form/xpath"
	"safar/locale"
)

// EvalContext is what an evaluation may know beside the answers. The zero value knows nothing of time and files.
type EvalContext struct {
	Now      time.Time      // when the answers count as given; rules that need it are skipped when it is zero
	Zone     *time.Location // of the operation; nil is UTC
	Language string         // for jr:choice-name
	Random   *rand.Rand     // for calculations with chance, in Compute only
	// Instances are the files of data by instance id, each the node above its root element.
	Instances map[string]*xpath.Node
	// Lookup finds one cell for pulldata; nil searches Instances.
	Lookup func(instance, column, keyColumn, key string) (string, bool)
	// Mapped names the questions that an imported record has answers for; nil means all. Only these are checked. A
	// relevance that reads any other question counts as true, any other rule that does is skipped.
	Mapped map[string]bool
}

// Evaluate runs the form's rules over the answers as the phone should have: relevance, required, constraint, choice
// filters, calculations. answers is a tree from Read or NewAnswers; it is only read.
func Evaluate(p *Program, answers *xpath.Node, ec EvalContext) []Problem {
	top := firstElement(answers)
	if top == nil {
		return nil
	}
	e := newEvaluation(p, answers, ec)
	e.group(p.root, top, true)
	return e.problems
}

// evaluation is one run over one tree.
type evaluation struct {
	*Program
	ctx      xpath.Context
	mapped   []bool // by item id; nil means all
	problems []Problem
}

func newEvaluation(p *Program, answers *xpath.Node, ec EvalContext) *evaluation {
	e := &evaluation{Program: p}
	instances := p.data
	if len(ec.Instances) > 0 {
		instances = maps.Clone(p.data)
		maps.Copy(instances, ec.Instances)
	}
	e.ctx = xpath.Context{
		Root: answers, Now: ec.Now, Zone: ec.Zone, Language: ec.Language, Random: ec.Random, Instances: instances, Lookup: ec.Lookup,
		Choices: p.choiceName, NearestRepeat: true,
	}
	if ec.Mapped != nil {
		e.mapped = make([]bool, len(p.items))
		for i := len(p.items) - 1; i >= 0; i-- { // children stand behind their parents
			it := p.items[i]
			if it.Kind == Question && ec.Mapped[it.Name] {
				e.mapped[i] = true
			}
			if e.mapped[i] && it.parent != nil {
				e.mapped[it.parent.id] = true
			}
		}
	}
	return e
}

// choiceName finds the label of a choice for jr:choice-name.
func (p *Program) choiceName(question, value, language string) (string, bool) {
	it := p.at[question]
	if it == nil {
		return "", false
	}
	list := p.index.List(it.List)
	if list == nil {
		return "", false
	}
	for _, choice := range list.Choices {
		if choice.Name == value {
			return choice.Label.In(language, ""), true
		}
	}
	return "", false
}

// knows says whether all that a rule reads was asked.
func (e *evaluation) knows(r *rule) bool {
	if e.mapped == nil {
		return true
	}
	return !r.unknown && !slices.ContainsFunc(r.reads, func(it *item) bool { return !e.mapped[it.id] })
}

func (e *evaluation) group(it *item, n *xpath.Node, relevant bool) {
	for child, nodes := range pairs(n, it) {
		if e.mapped != nil && !e.mapped[child.id] {
			continue
		}
		if child.Kind == Question && len(nodes) == 0 {
			nodes = []*xpath.Node{{Kind: xpath.Element, Name: child.Name, Parent: n}}
		}
		for _, c := range nodes {
			applies := relevant && e.relevant(child, c)
			if child.Kind == Question {
				e.question(child, c, applies)
			} else {
				e.group(child, c, applies)
			}
		}
	}
}

// relevant evaluates an item's own relevance; what cannot be evaluated counts as true.
func (e *evaluation) relevant(it *item, n *xpath.Node) bool {
	if it.rules.relevant == nil || it.rules.relevant.always || !e.knows(it.rules.relevant) {
		return true
	}
	v, ok := e.run(it.rules.relevant, it, n, ProblemRelevance)
	return !ok || v.Bool()
}

// run evaluates a rule for a node. A rule that needs what is not there, such as the time or a file, is skipped in
// silence; any other failure is a problem of the given kind.
func (e *evaluation) run(r *rule, it *item, n *xpath.Node, kind ProblemKind) (xpath.Value, bool) {
	e.ctx.Node, e.ctx.Current = n, nil
	v, err := r.expr.Eval(&e.ctx)
	if err == nil {
		return v, true
	}
	switch fault.CodeOf(err) {
	case fault.XPathNoClock, fault.XPathNoInstance, fault.XPathNoRandom:
	default:
		e.problems = append(e.problems, problem(n, kind, failedText(err.Error())))
	}
	return xpath.Value{}, false
}

func (e *evaluation) question(it *item, n *xpath.Node, relevant bool) {
	value := n.StringValue()
	if !relevant {
		if value != "" {
			e.add(n, ProblemRelevance, relevanceText())
		}
		return
	}
	if value == "" {
		e.missing(it, n)
	} else {
		e.constraint(it, n)
		e.choices(it, n, value)
	}
	e.calculation(it, n, value)
}

func (e *evaluation) add(n *xpath.Node, kind ProblemKind, message locale.Text) {
	e.problems = append(e.problems, problem(n, kind, message))
}

// missing reports an empty answer that is required. Calculated and hidden values are nobody's to give.
func (e *evaluation) missing(it *item, n *xpath.Node) {
	r := it.required
	if r == nil || !it.IsAsked() || !e.knows(r) {
		return
	}
	if !r.always {
		if v, ok := e.run(r, it, n, ProblemRequired); !ok || !v.Bool() {
			return
		}
	}
	e.add(n, ProblemRequired, e.message(it, n, it.RequiredMessage, requiredText()))
}

func (e *evaluation) constraint(it *item, n *xpath.Node) {
	r := it.rules.constraint
	if r == nil || r.always || !e.knows(r) {
		return
	}
	if v, ok := e.run(r, it, n, ProblemConstraint); ok && !v.Bool() {
		e.add(n, ProblemConstraint, e.message(it, n, it.ConstraintMessage, constraintText()))
	}
}

// choices checks that each chosen value was offered: it passes the choice filter, and stands in the file where the
// choices come from one. Values of no choice at all are for Read to report.
func (e *evaluation) choices(it *item, n *xpath.Node, text string) {
	if !it.IsSelect() || it.filter == nil && it.File == "" || it.filter != nil && !e.knows(it.filter) {
		return
	}
	for value := range chosen(it.Element, text) {
		choice, inList := e.choice(it, value)
		switch {
		case !inList:
			e.add(n, ProblemChoice, choiceText())
			return
		case choice == nil || it.filter == nil:
		default:
			e.ctx.Node, e.ctx.Current = choice, n
			v, err := it.filter.expr.Eval(&e.ctx)
			if err == nil && !v.Bool() {
				e.add(n, ProblemChoice, filteredText())
				return
			}
		}
	}
}

// choice finds a choice as the node that a filter sees; nil when it is not known. inList is false only when the file of
// the choices is there and does not hold the value.
func (e *evaluation) choice(it *item, value string) (choice *xpath.Node, inList bool) {
	if it.File == "" {
		return it.list[value], true
	}
	name := it.File[:max(0, strings.LastIndexByte(it.File, '.'))]
	root := firstElement(e.ctx.Instances[name])
	if root == nil {
		return nil, true
	}
	column := "name"
	if own := it.Parameters["value"]; own != "" {
		column = own
	} else if strings.HasSuffix(strings.ToLower(it.File), ".geojson") {
		column = "id"
	}
	for _, row := range root.Children {
		if cell := row.Child(column); cell != nil && cell.StringValue() == value {
			return row, true
		}
	}
	return nil, false
}

// calculation compares a stored result with the calculation, when that can be done again here.
func (e *evaluation) calculation(it *item, n *xpath.Node, value string) {
	r := it.rules.calculation
	if r == nil || r.volatile || len(it.Trigger) > 0 || !e.knows(r) {
		return
	}
	v, ok := e.run(r, it, n, ProblemCalculation)
	if ok && !sameResult(value, v) {
		e.add(n, ProblemCalculation, calculationText(resultText(v)))
	}
}

// sameResult compares a stored text with a result: as texts, as numbers to nine digits, and as the ways in which clients
// write truth values and what is no number.
func sameResult(stored string, v xpath.Value) bool {
	result := resultText(v)
	if stored == result {
		return true
	}
	if v.Type() == xpath.Boolean {
		return v.Bool() == (stored == "1" || stored == "true")
	}
	a, errA := strconv.ParseFloat(stored, 64)
	b, errB := strconv.ParseFloat(result, 64)
	if errA != nil || errB != nil {
		return (stored == "" || stored == "NaN") && (result == "" || result == "NaN")
	}
	return math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b))
}

// resultText is a result as answers keep it: what is no number is empty.
func resultText(v xpath.Value) string {
	if v.Type() == xpath.Number && math.IsNaN(v.Number()) {
		return ""
	}
	return v.String()
}

// message gives the author's message with the values of its references, or the usual one when there is none.
func (e *evaluation) message(it *item, n *xpath.Node, own, usual locale.Text) locale.Text {
	if len(own) == 0 {
		return usual
	}
	filled := make(locale.Text, len(own))
	for tag, text := range own {
		filled[tag] = e.fill(it, n, text)
	}
	return filled
}

func (e *evaluation) fill(it *item, n *xpath.Node, text string) string {
	if !strings.Contains(text, "${") {
		return text
	}
	var b strings.Builder
	err := e.index.ResolveText(it.Element, text, func(s string) { b.WriteString(s) }, func(path string) {
		if parsed, err := xpath.Parse(path); err == nil {
			e.ctx.Node, e.ctx.Current = n, nil
			if v, err := parsed.Eval(&e.ctx); err == nil {
				b.WriteString(v.String())
			}
		}
	})
	if err != nil {
		return text
	}
	return b.String()
}
