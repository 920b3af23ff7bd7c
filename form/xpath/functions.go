package xpath

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"safar/fault"
)

// FunctionDoc documents one function of the language. Every example is true: a test evaluates it.
type FunctionDoc struct {
	Name      string
	Group     string // texts, numbers, logic, questions, dates, choices, places
	Signature string // selected(list string, item string) boolean; ? marks an optional, * a repeatable argument
	Text      string // what it yields
	Deviation string // how it differs from XPath 1.0 or from other programs that run ODK forms; "" when it does not
	Examples  []Example
}

// Example is an expression over ExampleXML at ExampleTime, and its value as text.
type Example struct{ Expr, Result string }

// ExampleXML are the answers that the examples of the functions are evaluated on. The context node is /data/age.
const ExampleXML = `<data id="demo" version="7"><name>Amina</name><age>34</age><note/><needs>water shelter</needs>` +
	`<visit>2024-05-10</visit><spot>38.5 68.8 0 5</spot><region>tj02</region>` +
	`<member><first>Ali</first><years>12</years></member><member><first>Zarina</first><years>7</years></member>` +
	`<member><first>Umed</first><years/></member></data>`

// ExampleList is the secondary instance called regions that the examples look things up in, and the choices of /data/region.
const ExampleList = `<root><item><name>tj01</name><label>Sughd</label></item><item><name>tj02</name><label>Khatlon</label></item></root>`

// ExampleTime is the time, in UTC, at which the examples of the functions are evaluated.
const ExampleTime = "2024-05-17T10:20:30Z"

// function is a FunctionDoc with what it takes to run it.
type function struct {
	doc     FunctionDoc
	params  []param
	returns Type
	apply   func(*run, *call) Value
}

type param struct {
	name     string
	typ      Type
	optional bool
	repeated bool
}

// library holds all functions by name.
var library = sync.OnceValue(func() map[string]*function {
	all := map[string]*function{}
	for _, group := range [...][]function{textFunctions(), moreTextFunctions(), numberFunctions(), logicFunctions(), nodeFunctions(),
		questionFunctions(), dateFunctions(), choiceFunctions(), placeFunctions()} {
		for i := range group {
			f := &group[i]
			f.parseSignature()
			all[f.doc.Name] = f
		}
	}
	all["is-selected"] = all["selected"] // an old name
	return all
})

func lookupFunction(name string) (*function, bool) {
	f, ok := library()[name]
	return f, ok
}

func functionNames() []string {
	names := make([]string, 0, len(library()))
	for name := range library() {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Functions documents all functions, sorted by name.
func Functions() []FunctionDoc {
	var docs []FunctionDoc
	for _, name := range functionNames() {
		if f := library()[name]; f.doc.Name == name {
			docs = append(docs, f.doc)
		}
	}
	return docs
}

// parseSignature takes name, parameters and result out of the written signature, so that each stands in one place.
func (f *function) parseSignature() {
	open, end := strings.Index(f.doc.Signature, "("), strings.LastIndex(f.doc.Signature, ")")
	f.doc.Name = f.doc.Signature[:open]
	f.returns = typeNamed(strings.TrimSpace(f.doc.Signature[end+1:]))
	for written := range strings.SplitSeq(f.doc.Signature[open+1:end], ",") {
		name, typ, ok := strings.Cut(strings.TrimSpace(written), " ")
		if !ok {
			continue
		}
		p := param{name: name, optional: strings.HasSuffix(typ, "?"), repeated: strings.HasSuffix(typ, "*")}
		p.typ = typeNamed(strings.TrimRight(typ, "?*"))
		f.params = append(f.params, p)
	}
}

// typeNamed reads a type of a signature; "any" and unknown words are Unknown.
func typeNamed(name string) Type {
	switch name {
	case "string":
		return String
	case "number":
		return Number
	case "boolean":
		return Boolean
	case "nodes":
		return NodeSet
	case "date":
		return Date
	case "datetime":
		return DateTime
	}
	return Unknown
}

// checkArguments compares a call with the signature.
func (f *function) checkArguments(c *call) error {
	least, most := 0, len(f.params)
	for _, p := range f.params {
		if !p.optional && !p.repeated {
			least++
		}
		if p.repeated {
			most = -1
		}
	}
	given := len(c.args)
	takes := wanted(least, most)
	odd := false
	switch f.doc.Name {
	case "weighted-checklist":
		takes, odd = "2 and then pairs", given%2 == 1
	case "indexed-repeat":
		takes, odd = "1 and then pairs", given%2 == 0
	}
	if odd || given < least || (most >= 0 && given > most) {
		return fault.New(fault.XPathArguments, "column", strconv.Itoa(c.column), "name", f.doc.Name, "given", counted(given),
			"wanted", takes, "signature", f.usage())
	}
	for i, arg := range c.args {
		p := f.params[min(i, len(f.params)-1)]
		if k := arg.kind(); p.typ == NodeSet && k != NodeSet && k != Unknown {
			return needsNodes(f.doc.Name+"()", arg, k, c.column)
		}
	}
	return nil
}

// usage is the signature for people: selected(list, item).
func (f *function) usage() string {
	parts := make([]string, len(f.params))
	for i, p := range f.params {
		parts[i] = p.name
		switch {
		case p.repeated:
			parts[i] += "..."
		case p.optional:
			parts[i] = "[" + p.name + "]"
		}
	}
	return f.doc.Name + "(" + strings.Join(parts, ", ") + ")"
}

func counted(n int) string {
	if n == 1 {
		return "1 argument"
	}
	return strconv.Itoa(n) + " arguments"
}

func wanted(least, most int) string {
	switch {
	case most < 0:
		return strconv.Itoa(least) + " or more"
	case least == most:
		return strconv.Itoa(least)
	case most == least+1:
		return strconv.Itoa(least) + " or " + strconv.Itoa(most)
	}
	return strconv.Itoa(least) + " to " + strconv.Itoa(most)
}

// Helpers that the functions share.

// argument gives the text of argument i, or of the context node when it was left out.
func (r *run) argument(c *call, i int) string {
	if i < len(c.args) {
		return r.string(c.args[i])
	}
	return r.paid(r.text(r.node))
}

// each calls do with every text of the arguments: all nodes of a node-set, or the value itself.
func (r *run) each(args []expr, do func(Value)) {
	for _, arg := range args {
		mark := len(r.arena)
		v := arg.eval(r)
		if v.typ == NodeSet {
			for _, n := range v.nodes {
				if !r.spend(1) {
					break
				}
				do(TextValue(r.paid(r.text(n))))
			}
		} else {
			do(v)
		}
		r.arena = r.arena[:mark]
	}
}

// one is a node-set of one node, or of none when n is nil.
func (r *run) one(n *Node) Value {
	if n == nil {
		return NodesValue(nil)
	}
	r.arena = append(r.arena, n)
	return NodesValue(r.arena[len(r.arena)-1 : len(r.arena) : len(r.arena)])
}

// refuse makes the fault of an argument that cannot be used.
func (r *run) refuse(c *call, value, what, allowed string) Value {
	r.fail(fault.New(fault.XPathBadArgument, "function", c.fn.doc.Name, "value", clip(strconv.Quote(value)), "what", what, "allowed", allowed))
	return Value{}
}
