package xpath

import (
	"math"
	"slices"
	"strings"
)

func choiceFunctions() []function {
	return []function{
		{doc: FunctionDoc{Group: "choices", Signature: "selected(list string, item string) boolean",
			Text:     "whether the item is among the chosen ones, which are separated by spaces; an empty item asks whether nothing is chosen",
			Examples: []Example{{"selected(/data/needs, 'shelter')", "true"}, {"selected(/data/needs, 'shel')", "false"}, {"selected(/data/note, '')", "true"}}},
			apply: selected},
		{doc: FunctionDoc{Group: "choices", Signature: "selected-at(list string, index number) string",
			Text:     "the chosen item at that index, counted from 0; nothing when there is none",
			Examples: []Example{{"selected-at(/data/needs, 1)", "shelter"}, {"selected-at(/data/needs, 2)", ""}}},
			apply: func(r *run, c *call) Value {
				list := strings.Fields(r.string(c.args[0]))
				at := math.Trunc(r.number(c.args[1]))
				if !(at >= 0 && at < float64(len(list))) {
					return TextValue("")
				}
				return TextValue(list[int(at)])
			}},
		{doc: FunctionDoc{Group: "choices", Signature: "count-selected(list string) number", Text: "how many items are chosen",
			Examples: []Example{{"count-selected(/data/needs)", "2"}, {"count-selected('')", "0"}}},
			apply: func(r *run, c *call) Value { return NumberValue(float64(len(strings.Fields(r.string(c.args[0]))))) }},
		{doc: FunctionDoc{Group: "choices", Signature: "jr:choice-name(value string, question any) string",
			Text:     "the label, in the language of the context, of the choice with that value; question is the path of the select question between quotes",
			Examples: []Example{{"jr:choice-name(/data/region, '/data/region')", "Khatlon"}, {"jr:choice-name('tj09', '/data/region')", ""}}},
			apply: choiceName},
	}
}

func selected(r *run, c *call) Value {
	list, item := r.string(c.args[0]), strings.TrimSpace(r.string(c.args[1]))
	if item == "" {
		return BoolValue(strings.TrimSpace(list) == "")
	}
	for at := 0; ; {
		found := strings.Index(list[at:], item)
		if found < 0 {
			return BoolValue(false)
		}
		start := at + found
		end := start + len(item)
		if (start == 0 || isSpace(rune(list[start-1]))) && (end == len(list) || isSpace(rune(list[end]))) {
			return BoolValue(true)
		}
		at = start + 1
	}
}

// choiceName asks the context for the label. The question is known by its path without positions.
func choiceName(r *run, c *call) Value {
	value := r.string(c.args[0])
	if r.ctx.Choices == nil || value == "" {
		return TextValue("")
	}
	label, _ := r.ctx.Choices(r.questionPath(c), value, r.ctx.Language)
	return TextValue(label)
}

func (r *run) questionPath(c *call) string {
	question := c.args[1]
	if c.inner != nil {
		question = c.inner
	}
	mark := len(r.arena)
	v := question.eval(r)
	r.arena = r.arena[:mark]
	if at := slices.IndexFunc(v.nodes, func(n *Node) bool { return n.Kind != Root }); at >= 0 {
		return v.nodes[at].PlainPath()
	}
	if c.target != "" {
		return c.target
	}
	return strings.TrimSpace(v.String())
}
