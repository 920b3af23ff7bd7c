package quality

import (
	"math"
	"slices"

	"safar/form/xpath"
	"safar/record"
)

// changeKind compares a number with that of the same unit in earlier rounds (Q14). Params:
//
//	item              the question; the items of the check when it is not given
//	relative          share of the earlier number, 0.5 for half, above which a change counts
//	absolute          difference above which a change counts; both have to be passed
//	symmetric         instead of relative: limit for 2·|c−p| ÷ (p+c), which treats growth and loss alike and lies in 0 to 2
//	comment           question with the team's explanation, shown with the finding
//	unchanged_rounds  instead of all these: the number is the same in so many rounds, this one included
//	minimum           smaller numbers are not looked at
func changeKind() *kind {
	return &kind{name: "change", scopes: []string{"unit"}, items: itemsOptional,
		asks: func(Check) []string { return []string{"item"} },
		params: []parameter{{name: "item", takes: questionNames}, {name: "relative"}, {name: "absolute"}, {name: "symmetric"},
			{name: "comment", takes: questionNames}, {name: "unchanged_rounds"}, {name: "minimum"}},
		finds: []string{"previous", "current", "difference", "percent", "z", "rounds", "comment"},
		bind: func(b *binding) func(*run, *bound) {
			b.wanted(b.kind)
			if b.Params["unchanged_rounds"] != "" {
				return unchanged
			}
			return changed
		}}
}

// step is the way from the earlier number to the current one.
type step struct{ previous, current float64 }

func (s step) difference() float64 { return s.current - s.previous }

// relative is the difference as a share of the earlier number; infinite from zero.
func (s step) relative() float64 {
	if s.difference() == 0 {
		return 0
	}
	return s.difference() / s.previous
}

// symmetric is 2·(c−p) ÷ (p+c), from -2 to 2 for counts.
func (s step) symmetric() float64 {
	if s.difference() == 0 {
		return 0
	}
	return 2 * s.difference() / (s.previous + s.current)
}

// z is the difference in units of its chance error, were both numbers counts of independent events.
func (s step) z() float64 {
	if s.difference() == 0 {
		return 0
	}
	return s.difference() / math.Sqrt(s.previous+s.current)
}

// passes says whether the change is beyond the limits of the check.
func (s step) passes(c Check) bool {
	if max(s.previous, s.current) < number(c, "minimum") || math.Abs(s.difference()) <= numberOr(c, "absolute", 50) {
		return false
	}
	if c.Params["symmetric"] != "" {
		return math.Abs(s.symmetric()) > number(c, "symmetric")
	}
	return math.Abs(s.relative()) > numberOr(c, "relative", 0.5)
}

func changed(r *run, b *bound) {
	if r.Earlier == nil {
		return
	}
	for _, question := range questionsOf(b.Check) {
		previous, ok1 := answerIn(r.Earlier, question)
		current, ok2 := answerIn(r.top, question)
		if s := (step{previous, current}); ok1 && ok2 && r.anyMapped([]string{question}) && s.passes(b.Check) {
			details := map[string]string{"previous": decimals(previous, 2), "current": decimals(current, 2),
				"difference": decimals(s.difference(), 2), "z": decimals(s.z(), 2)}
			if previous != 0 {
				details["percent"] = decimals(100*s.relative(), 1)
			}
			if comment := record.Answer(r.top, b.Params["comment"]); comment != "" {
				details["comment"] = comment
			}
			r.add(b.ID, b.Level, r.answerPath(question), r.fill(b.Message, r.top, details), details)
		}
	}
}

// unchanged finds numbers that stand still to the person. Values that were carried over do so by nature.
func unchanged(r *run, b *bound) {
	rounds := max(int(number(b.Check, "unchanged_rounds")), 2)
	if r.Earlier == nil || len(r.History) < rounds-2 || r.isCarried() {
		return
	}
	before := append([]*xpath.Node{r.Earlier}, r.History[:rounds-2]...)
	for _, question := range questionsOf(b.Check) {
		current, ok := answerIn(r.top, question)
		if !ok || current < numberOr(b.Check, "minimum", 100) || !r.anyMapped([]string{question}) ||
			slices.ContainsFunc(before, func(n *xpath.Node) bool { v, ok := answerIn(n, question); return !ok || v != current }) {
			continue
		}
		details := map[string]string{"current": decimals(current, 2), "rounds": itoa(rounds)}
		r.add(b.ID, b.Level, r.answerPath(question), r.fill(b.Message, r.top, details), details)
	}
}

// isCarried says whether the values come from an earlier round.
func (r *run) isCarried() bool {
	from := max(r.Derived.CarriedFrom, r.Record.CarriedFrom)
	return r.Derived.Inaccessible || from > 0 && from < r.Round.Number
}

// answerIn reads a question outside repeats as a number.
func answerIn(answers *xpath.Node, question string) (float64, bool) {
	return numberIn(record.Answer(firstElement(answers), question))
}
