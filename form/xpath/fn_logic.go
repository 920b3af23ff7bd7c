package xpath

import (
	"math"
	"strings"
)

func logicFunctions() []function {
	constant := func(b bool) func(*run, *call) Value { return func(*run, *call) Value { return BoolValue(b) } }
	return []function{
		{doc: FunctionDoc{Group: "logic", Signature: "true() boolean", Text: "true", Examples: []Example{{"true()", "true"}}}, apply: constant(true)},
		{doc: FunctionDoc{Group: "logic", Signature: "false() boolean", Text: "false", Examples: []Example{{"false()", "false"}}}, apply: constant(false)},
		{doc: FunctionDoc{Group: "logic", Signature: "not(condition boolean) boolean", Text: "whether the condition does not hold",
			Deviation: "A path counts as true when the question exists, even without an answer, as in XPath and web forms; " +
				"in ODK Collect an empty answer counts as false. Write not(path != '') to be understood alike everywhere.",
			Examples: []Example{{"not(/data/age > 40)", "true"}, {"not(/data/note)", "false"}, {"not(/data/note != '')", "true"}}},
			apply: func(r *run, c *call) Value { return BoolValue(!r.boolean(c.args[0])) }},
		{doc: FunctionDoc{Group: "logic", Signature: "boolean(value any) boolean",
			Text:     "true for a number other than 0, a text that is not empty, a path that finds something",
			Examples: []Example{{"boolean('false')", "true"}, {"boolean(0)", "false"}, {"boolean(/data/nobody)", "false"}}},
			apply: func(r *run, c *call) Value { return BoolValue(r.boolean(c.args[0])) }},
		{doc: FunctionDoc{Group: "logic", Signature: "boolean-from-string(text string) boolean", Text: "whether the text is true or 1",
			Examples: []Example{{"boolean-from-string('1')", "true"}, {"boolean-from-string('yes')", "false"}, {"boolean-from-string(1 = 1)", "true"}}},
			apply: func(r *run, c *call) Value {
				s := r.string(c.args[0])
				return BoolValue(s == "1" || strings.EqualFold(s, "true"))
			}},
		{doc: FunctionDoc{Group: "logic", Signature: "if(condition boolean, then any, otherwise any) any",
			Text:     "then when the condition holds, else otherwise; only the chosen part is evaluated",
			Examples: []Example{{"if(/data/age >= 18, 'adult', 'child')", "adult"}, {"if(false(), 1, 2) + 1", "3"}}},
			apply: func(r *run, c *call) Value {
				if r.boolean(c.args[0]) {
					return c.args[1].eval(r)
				}
				return c.args[2].eval(r)
			}},
		{doc: FunctionDoc{Group: "logic", Signature: "coalesce(first string, others string*) string", Text: "the first value that is not empty",
			Deviation: "ODK takes two values; here there may be more.",
			Examples:  []Example{{"coalesce(/data/note, 'none')", "none"}, {"coalesce('', /data/nobody, 'x')", "x"}}},
			apply: func(r *run, c *call) Value {
				for _, arg := range c.args {
					if s := r.string(arg); s != "" {
						return TextValue(s)
					}
				}
				return TextValue("")
			}},
		{doc: FunctionDoc{Group: "logic", Signature: "once(value any) any",
			Text:     "the answer that the question has already; the value when it has none",
			Examples: []Example{{"once(99)", "34"}}},
			apply: func(r *run, c *call) Value {
				if own := r.text(r.current); own != "" {
					return TextValue(own)
				}
				return c.args[0].eval(r)
			}},
		{doc: FunctionDoc{Group: "logic", Signature: "checklist(least number, most number, conditions any*) boolean",
			Text: "whether at least least and at most most of the conditions hold; -1 means no bound. " +
				"A number or a text that is a number holds when it is above 0, another text when it is not empty",
			Examples: []Example{{"checklist(1, 2, 1 = 1, false(), 2 > 1)", "true"}, {"checklist(-1, 1, true(), true())", "false"},
				{"checklist(2, 2, /data/member/years)", "true"}}},
			apply: checklist},
		{doc: FunctionDoc{Group: "logic", Signature: "weighted-checklist(least number, most number, pairs any*) boolean",
			Text:     "as checklist, but each condition is followed by its weight, and the weights of those that hold are added",
			Examples: []Example{{"weighted-checklist(3, 5, true(), 2, true(), 1.5, false(), 9)", "true"}, {"weighted-checklist(-1, 1, true(), 2)", "false"}}},
			apply: weightedChecklist},
		{doc: FunctionDoc{Group: "logic", Signature: "lang(code string) boolean",
			Text:     "whether the nearest xml:lang around the context node is that language or a variety of it",
			Examples: []Example{{"lang('en')", "false"}}},
			apply: lang},
	}
}

// holds is the truth of one condition of a checklist.
func (r *run) holds(v Value) bool {
	if v.Type() != String {
		return v.Bool()
	}
	if f, ok := decimal(strings.TrimSpace(v.text)); ok {
		return f > 0
	}
	return v.text != ""
}

func within(total, least, most float64) bool {
	return (least == -1 || total >= least) && (most == -1 || total <= most)
}

func checklist(r *run, c *call) Value {
	total := 0.0
	r.each(c.args[2:], func(v Value) {
		if r.holds(v) {
			total++
		}
	})
	return BoolValue(within(total, r.number(c.args[0]), r.number(c.args[1])))
}

func weightedChecklist(r *run, c *call) Value {
	total := 0.0
	for i := 2; i+1 < len(c.args); i += 2 {
		var conditions []bool
		var weights []float64
		r.each(c.args[i:i+1], func(v Value) { conditions = append(conditions, r.holds(v)) })
		r.each(c.args[i+1:i+2], func(v Value) { weights = append(weights, v.Number()) })
		for j := range min(len(conditions), len(weights)) {
			if conditions[j] && !math.IsNaN(weights[j]) {
				total += weights[j]
			}
		}
	}
	return BoolValue(within(total, r.number(c.args[0]), r.number(c.args[1])))
}

func lang(r *run, c *call) Value {
	wanted := strings.ToLower(r.string(c.args[0]))
	for n := r.node; n != nil; n = n.Parent {
		for _, a := range n.Attrs {
			if a.Name == "lang" && a.Space == xmlAddress {
				has := strings.ToLower(a.Text)
				return BoolValue(has == wanted || strings.HasPrefix(has, wanted+"-"))
			}
		}
	}
	return BoolValue(false)
}
