package quality

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"safar/fault"
	"safar/form"
	"safar/form/xpath"
)

// binding is the work of binding one check to one form version.
type binding struct {
	Check
	kind     *kind
	set      *set
	problems []problem
}

// problem is a fault of a check against one form version.
type problem struct {
	field   string
	err     error
	missing bool // the form does not ask it; another version may
}

func (b *binding) fail(field string, err error) {
	switch fault.CodeOf(err) {
	case fault.FormUnknownReference, fault.QualityUnknownQuestion, fault.QualityNotRepeat, fault.QualityUnknownPlaceholder:
		b.problems = append(b.problems, problem{field, err, true})
	default:
		b.problems = append(b.problems, problem{field, err, false})
	}
}

// expression is a parsed expression and the questions it reads.
type expression struct {
	parsed *xpath.Expr
	reads  []read
	blind  bool // it reads something that cannot be told beforehand
}

// read is a question, or a group or repeat with the questions inside it.
type read struct {
	element   *form.Element
	questions []string
}

// element is where the check's expressions stand: the root, or the repeat whose rows are checked. nil is a fault.
func (b *binding) element() *form.Element {
	if b.Each == "" {
		return b.set.form.Root
	}
	e := b.set.index.Element(b.Each)
	if e == nil || e.Kind != form.Repeat {
		b.fail("each", fault.New(fault.QualityNotRepeat, "name", b.Each))
		return nil
	}
	return e
}

// parse reads an expression as seen from e; nil when it is empty or wrong.
func (b *binding) parse(field, text string, e *form.Element) *expression {
	if text == "" || e == nil {
		return nil
	}
	if err := form.CheckSyntax(text); err != nil {
		b.fail(field, err)
		return nil
	}
	before := len(b.problems)
	for _, name := range form.References(text) { // all that are missing at once
		if _, err := b.set.index.Resolve(e, "${"+name+"}"); err != nil {
			b.fail(field, err)
		}
	}
	if len(b.problems) > before {
		return nil
	}
	resolved, err := b.set.index.Resolve(e, text)
	if err == nil {
		var parsed *xpath.Expr
		if parsed, err = xpath.Parse(resolved); err == nil {
			return b.reading(parsed, e)
		}
	}
	b.fail(field, err)
	return nil
}

// reading finds the questions that an expression reads.
func (b *binding) reading(parsed *xpath.Expr, e *form.Element) *expression {
	x := &expression{parsed: parsed}
	root := b.set.index.Path(b.set.form.Root)
	for _, ref := range parsed.References() {
		if ref.Function != "" || ref.Instance != "" || ref.Path == "." {
			continue
		}
		path, ok := ref.From(b.set.index.Path(e))
		target := b.set.paths[path]
		switch {
		case ok && target != nil:
			x.reads = append(x.reads, read{target, questionsIn(target)})
		case !strings.HasPrefix(path, root+"/meta/") && !strings.HasPrefix(path, root+"/@"):
			x.blind = true
		}
	}
	return x
}

func questionsIn(e *form.Element) []string {
	if e.Kind == form.Question {
		return []string{e.Name}
	}
	var names []string
	for _, child := range e.Children {
		names = append(names, questionsIn(child)...)
	}
	return names
}

// question finds a question that a check names.
func (b *binding) question(field, name string) *form.Element {
	e := b.set.index.Element(name)
	if e == nil || e.Kind != form.Question {
		b.fail(field, fault.New(fault.QualityUnknownQuestion, "question", name, "suggestion", form.Perhaps(name, b.set.index.Names())))
		return nil
	}
	return e
}

// wanted finds the questions that a check over a round names in its own form: its items and those of its params.
func (b *binding) wanted(k *kind) []*form.Element {
	var found []*form.Element
	for _, name := range b.Items {
		if e := b.question("items", name); e != nil {
			found = append(found, e)
		}
	}
	for _, p := range k.params {
		if p.takes != questionNames || p.other {
			continue
		}
		for _, name := range wordsOf(b.Params[p.name]) {
			if slices.Contains(p.words, name) {
				continue
			}
			if e := b.question("params "+p.name, name); e != nil {
				found = append(found, e)
			}
		}
	}
	return found
}

var placeholder = regexp.MustCompile(`\{[A-Za-z_][A-Za-z0-9_.-]*\}`)

// placeholders proves that the message can be filled.
func (b *binding) placeholders() {
	known := append(slices.Clone(b.kind.finds), usualPlaceholders()...)
	if b.kind.named {
		known = append(known, slices.Sorted(maps.Keys(b.Params))...)
	}
	for _, tag := range b.Message.Tags() {
		for _, found := range placeholder.FindAllString(b.Message[tag], -1) {
			name := found[1 : len(found)-1]
			if !slices.Contains(known, name) && b.set.index.Element(name) == nil {
				b.fail("message "+tag, fault.New(fault.QualityUnknownPlaceholder, "placeholder", found, "known", strings.Join(known, ", ")))
			}
		}
	}
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
