package quality

import (
	"slices"
	"strings"

	"safar/dictionary"
	"safar/form"
	"safar/record"
)

// recodeKind finds texts of "other" that mean an existing choice (Q21). items are the text questions; the question with
// the choices has the same name without _other, or stands in the parameter of. A text fits a choice when it is its name
// or its label in some language, letters and signs folded, or shares so many of its words: parameter alike, 0.6.
func recodeKind() *kind {
	return &kind{name: "recode", scopes: []string{"record"}, items: itemsNeeded,
		params: []parameter{{name: "of", takes: questionNames}, {name: "alike"}}, finds: []string{"value", "choice"}, bind: bindRecode}
}

// others is one text question with the choices it may mean.
type others struct {
	text    string
	choices []form.Choice
}

func bindRecode(b *binding) func(*run, *bound) {
	var all []others
	for _, name := range b.Items {
		b.question("items", name)
		of := b.question("items", wordOr(b.Check, "of", strings.TrimSuffix(name, "_other")))
		if of == nil {
			continue
		}
		if list := b.set.index.List(of.List); list != nil {
			all = append(all, others{name, list.Choices})
		}
	}
	return func(r *run, bd *bound) {
		for _, o := range all {
			o.run(r, bd)
		}
	}
}

func (o others) run(r *run, b *bound) {
	text := record.Answer(r.top, o.text)
	if text == "" {
		return
	}
	choice, ok := o.meant(text, numberOr(b.Check, "alike", 0.6))
	if !ok {
		return
	}
	details := map[string]string{"value": text, "choice": choice.Name}
	message := r.fill(b.Message, r.top, details)
	for tag, own := range b.Message { // the choice's label in the language of the message
		shown := map[string]string{"value": text, "choice": choice.Label.In(tag, "")}
		message[tag] = r.fill(map[string]string{tag: own}, r.top, shown)[tag]
	}
	r.add(b.ID, b.Level, r.answerPath(o.text), message, details)
}

// meant finds the choice that a text comes nearest to.
func (o others) meant(text string, alike float64) (best form.Choice, ok bool) {
	folded, score := dictionary.Fold(text), 0.0
	for _, c := range o.choices {
		if c.Name == "other" {
			continue
		}
		names := []string{c.Name}
		for _, tag := range c.Label.Tags() {
			names = append(names, c.Label[tag])
		}
		for _, name := range names {
			if s := shared(folded, dictionary.Fold(name)); s >= alike && s > score {
				best, score, ok = c, s, true
			}
		}
	}
	return best, ok
}

// shared is the share of words that two folded texts have in common: those in both divided by those in either.
func shared(a, b string) float64 {
	one, two := unique(strings.Fields(a)), unique(strings.Fields(b))
	common := 0
	for _, word := range one {
		if slices.Contains(two, word) {
			common++
		}
	}
	if common == 0 {
		return 0
	}
	return float64(common) / float64(len(one)+len(two)-common)
}

func unique(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}
