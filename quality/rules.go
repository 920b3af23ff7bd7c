package quality

import (
	"cmp"
	"slices"
	"strings"

	"safar/form"
	"safar/locale"
	"safar/record"
)

// rule is a check of kind form or place: it says which level and words the built-in findings of some problems get.
type rule struct {
	Check
	problems []string // kinds of problems; empty for all
	metres   float64  // nearer than this is no finding
}

func (ru rule) speaksOf(kind, problem, question string) bool {
	return ru.Kind == kind && (len(ru.problems) == 0 || slices.Contains(ru.problems, problem)) &&
		(len(ru.Items) == 0 || slices.Contains(ru.Items, question))
}

// formKind sets the level, and if it likes the words, of what the form's own rules find: params rule (constraint,
// required ...) and items narrow it. A rule that names items goes before one that does not; then the first one counts.
func formKind() *kind {
	return ruleKind("form", string(form.ProblemRelevance), string(form.ProblemConstraint), string(form.ProblemRequired), string(form.ProblemType),
		string(form.ProblemChoice), string(form.ProblemCalculation), string(form.ProblemUnknown))
}

// placeKind sets the level of what contradicts in the place of a record; its words go before the built-in ones, which say
// where and how to mend. Params: rule (outside, swapped ...), and metres, below which a distance is no finding. Distances
// start to count at 2 km outside of an area and 1 km from a known position.
func placeKind() *kind {
	var names []string
	for _, p := range placeProblems() {
		names = append(names, p.kind)
	}
	k := ruleKind("place", names...)
	k.params = append(k.params, parameter{name: "metres"})
	return k
}

func ruleKind(name string, problems ...string) *kind {
	return &kind{name: name, scopes: []string{"record"}, items: itemsOptional, params: []parameter{{name: "rule", takes: words, words: problems}},
		finds: []string{"question", "value", "other", "metres", "kilometres"},
		bind: func(b *binding) func(*run, *bound) {
			for _, item := range b.Items {
				b.question("items", item)
			}
			if len(b.problems) == 0 {
				b.set.rules = append(b.set.rules, rule{b.Check, wordsOf(b.Params["rule"]), number(b.Check, "metres")})
			}
			return nil
		}}
}

// rule finds the rule for a problem; nil when checks.yaml says nothing of it.
func (s *set) rule(kind, problem, question string) *rule {
	var best *rule
	for i := range s.rules {
		ru := &s.rules[i]
		if ru.speaksOf(kind, problem, question) && (best == nil || len(best.Items) == 0 && len(ru.Items) > 0) {
			best = ru
		}
	}
	return best
}

// formLevel is the level of a problem that no rule speaks of.
func formLevel(kind form.ProblemKind) Level {
	if kind == form.ProblemCalculation || kind == form.ProblemUnknown {
		return Flag
	}
	return Warn
}

// formProblems turns what the form's own rules found into findings form.constraint, form.required and so on.
func (r *run) formProblems() {
	for _, p := range r.Problems {
		level, message := formLevel(p.Kind), p.Message
		details := map[string]string{"question": p.Element, "value": p.Value}
		if ru := r.set.rule("form", string(p.Kind), p.Element); ru != nil {
			level, details["rule"] = ru.Level, ru.ID
			if len(ru.Message) > 0 {
				message = r.fill(ru.Message, r.top, details)
			}
		}
		r.add("form."+string(p.Kind), level, p.Path, message, details)
	}
}

// placeProblem is what Safar says of one kind of record.PlaceProblem.
type placeProblem struct {
	kind  string
	level Level // of the catalogue, checks Q04 to Q06
	text  func() locale.Text
}

func placeProblems() []placeProblem {
	return []placeProblem{
		{"unknown_code", Block, unknownCodeText},
		{"parent", Block, parentText},
		{"unknown_site", Warn, unknownSiteText},
		{"unknown_point", Warn, unknownPointText},
		{"outside", Warn, outsideText},
		{"swapped", Warn, swappedText},
		{"zero", Warn, zeroText},
		{"not_located", Warn, notLocatedText},
		{"far_from_site", Flag, farText},
	}
}

// places turns contradictions between the places that a record names into findings place.outside and so on.
func (r *run) places() {
	for _, p := range r.Derived.Problems {
		i := slices.IndexFunc(placeProblems(), func(known placeProblem) bool { return known.kind == p.Kind })
		if i < 0 {
			continue
		}
		known := placeProblems()[i]
		level, details := known.level, placeDetails(p)
		message := fillDetails(known.text(), details)
		if ru := r.set.rule("place", p.Kind, p.Question); ru != nil {
			if p.Metres > 0 && p.Metres < ru.metres {
				continue
			}
			level, details["rule"] = ru.Level, ru.ID
			message = before(r.fill(ru.Message, r.top, details), message)
		}
		r.add("place."+p.Kind, level, r.answerPath(p.Question), message, details)
	}
}

// before puts the words of a rule before the built-in ones, in each language that has the latter.
func before(words, builtIn locale.Text) locale.Text {
	for tag, text := range builtIn {
		if own := strings.TrimRight(words[tag], ". "); own != "" {
			builtIn[tag] = own + ". " + text
		}
	}
	return builtIn
}

func placeDetails(p record.PlaceProblem) map[string]string {
	details := map[string]string{"question": p.Question, "value": p.Value, "other": p.Other}
	if p.Metres > 0 {
		details["metres"], details["kilometres"] = decimals(p.Metres, 0), decimals(p.Metres/1000, 1)
	}
	for name, value := range details {
		if value == "" {
			delete(details, name)
		}
	}
	return details
}

// answerPath is the path of a question's answer outside repeats; that of the record when it has none.
func (r *run) answerPath(question string) string {
	if question != "" && r.set.index != nil {
		if n := r.find(question, r.top); n != nil {
			return n.Path()
		}
	}
	return cmp.Or(r.top.Path(), "/")
}
