package toolbox

import (
	"slices"
	"strings"

	"safar/fault"
	"safar/measure"
)

// measures proves measures.yaml: definitions that compile, texts, units, categories and dimensions that are known, no
// severe answer in a fact, reasons for what is never added.
func (l *linter) measures() {
	const file = "measures.yaml"
	if _, err := measure.Compile(l.pack.Measures, measure.Options{Forms: l.allForms()}); err != nil {
		l.sayAll(file, "measures.yaml", err)
	}
	for _, d := range l.pack.Measures.Facts {
		l.fact(file, d)
	}
	for _, m := range l.pack.Measures.Measures {
		l.measure(file, m)
	}
}

func (l *linter) fact(file string, d measure.FactDef) {
	exprs := []string{d.When, d.Value}
	for _, dim := range sorted(d.Dims) {
		value := d.Dims[dim]
		exprs = append(exprs, value)
		l.dimension(file, "the fact "+d.ID, dim)
		if dim == "breakdown" && d.Dims["d1"]+d.Dims["d2"]+d.Dims["d3"]+d.Dims["d4"]+d.Dims["sex"]+d.Dims["age_lo"] == "" {
			l.say(file, fault.LintMeasure, "measure", d.ID, "why", "a breakdown names no part")
		}
		if _, known := l.dict.Category(value); dim == "category" && !known {
			l.say(file, fault.LintField, "what", "the category of "+d.ID, "value", value, "known", "the categories of the dictionary")
		}
	}
	if _, ok := l.dict.Unit(d.Unit); !ok {
		l.say(file, fault.LintField, "what", "the unit of "+d.ID, "value", d.Unit, "known", "the units of the dictionary")
	}
	for _, name := range reads(exprs...) {
		if l.severe(name) {
			l.say(file, fault.LintIdentity, "fact", d.ID, "name", name)
		}
	}
}

// dimension wants the free dimensions to be explained in tool.yaml.
func (l *linter) dimension(file, what, dim string) {
	if free := []string{"d1", "d2", "d3", "d4"}; slices.Contains(free, dim) {
		if _, ok := l.pack.Dimensions[dim]; !ok {
			l.say(file, fault.LintDimension, "what", what, "dimension", dim)
		}
	}
}

func (l *linter) measure(file string, m measure.Measure) {
	l.text(file, "the title of "+m.ID, m.Title)
	l.text(file, "the definition of "+m.ID, m.Definition)
	if m.HXL == "" || !strings.HasPrefix(m.HXL, "#") {
		l.say(file, fault.LintMeasure, "measure", m.ID, "why", "it has no HXL tag")
	}
	if _, ok := l.dict.Unit(m.Unit); !ok {
		l.say(file, fault.LintField, "what", "the unit of "+m.ID, "value", m.Unit, "known", "the units of the dictionary")
	}
	if m.API != "" && (l.pack.API.DTM == "" || !strings.HasPrefix(m.ID, "idp.")) {
		l.say(file, fault.LintMeasure, "measure", m.ID, "why", "the DTM API publishes displaced people only")
	}
	for _, dim := range append(measure.Expand(m.AddOver), measure.Expand(m.PerDims)...) {
		l.known(file, m.ID, dim)
		l.dimension(file, "the measure "+m.ID, dim)
	}
	for _, dim := range sorted(m.NeverOver) {
		code := fault.Code(m.NeverOver[dim])
		if _, ok := fault.Lookup(code); !ok || !strings.HasPrefix(string(code), "measure.never_") {
			l.say(file, fault.LintNever, "measure", m.ID, "dimension", dim, "code", string(code))
		}
		if dim != "operation" {
			l.known(file, m.ID, dim)
		}
	}
	if _, ok := m.NeverOver["operation"]; !ok {
		l.say(file, fault.LintMeasure, "measure", m.ID, "why", "it does not say that operations are never added")
	}
}

func (l *linter) known(file, id, dim string) {
	for _, name := range measure.Expand([]string{dim}) {
		if !slices.Contains(measure.Dimensions(), name) {
			l.say(file, fault.LintField, "what", "a dimension of "+id, "value", name, "known", strings.Join(measure.Dimensions(), ", "))
		}
	}
}

// query wants a part of the report to be a question that may be asked: known dimensions, nothing added that never adds.
func (l *linter) query(file string, m measure.Measure, part Part) {
	q := measure.Query{Operation: "operation", Activity: l.pack.ID, Round: 1, Measure: m, By: part.By}
	for _, dim := range sorted(part.Where) {
		q.Where = append(q.Where, measure.Filter{Dim: dim, In: []string{part.Where[dim]}})
	}
	if err := measure.Plan(l.pack.Measures, q, l.dict.Categories()...); err != nil {
		l.sayAll(file, m.ID, err)
	}
}
