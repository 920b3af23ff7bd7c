package xpath

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"safar/fault"
)

func nodeFunctions() []function {
	name := func(f func(*Node) string) func(*run, *call) Value {
		return func(r *run, c *call) Value {
			n := r.node
			if len(c.args) > 0 {
				nodes := r.set(c.args[0])
				if len(nodes) == 0 {
					return TextValue("")
				}
				n = nodes[0]
			}
			return TextValue(f(n))
		}
	}
	return []function{
		{doc: FunctionDoc{Group: "nodes", Signature: "count(nodes nodes) number", Text: "how many nodes there are, empty ones included",
			Examples: []Example{{"count(/data/member)", "3"}, {"count(/data/member[years > 10])", "1"}}},
			apply: func(r *run, c *call) Value { return NumberValue(float64(len(r.set(c.args[0])))) }},
		{doc: FunctionDoc{Group: "nodes", Signature: "count-non-empty(nodes nodes) number", Text: "how many of the nodes have a text",
			Examples: []Example{{"count-non-empty(/data/member/years)", "2"}}},
			apply: func(r *run, c *call) Value {
				total := 0.0
				r.each(c.args, func(v Value) {
					if v.text != "" {
						total++
					}
				})
				return NumberValue(total)
			}},
		{doc: FunctionDoc{Group: "nodes", Signature: "position(node nodes?) number",
			Text:      "the place of the context node among those that the predicate sees; with a path, the place of its node among the siblings of that name",
			Deviation: "The argument is ODK's: position(..) is the number of the repeat.",
			Examples:  []Example{{"string(/data/member[position() = 2]/first)", "Zarina"}, {"position(/data/member[3])", "3"}}},
			apply: position},
		{doc: FunctionDoc{Group: "nodes", Signature: "last() number", Text: "how many nodes the predicate sees",
			Examples: []Example{{"string(/data/member[last()]/first)", "Umed"}}},
			apply: func(r *run, c *call) Value { return NumberValue(float64(r.size)) }},
		{doc: FunctionDoc{Group: "nodes", Signature: "name(node nodes?) string", Text: "the name of the node as written, with its prefix",
			Examples: []Example{{"name()", "age"}, {"name(/data/*[1])", "name"}}}, apply: name((*Node).namedQ)},
		{doc: FunctionDoc{Group: "nodes", Signature: "local-name(node nodes?) string", Text: "the name of the node without prefix",
			Examples: []Example{{"local-name(..)", "data"}}}, apply: name((*Node).named)},
		{doc: FunctionDoc{Group: "nodes", Signature: "namespace-uri(node nodes?) string", Text: "the namespace of the node",
			Examples: []Example{{"namespace-uri()", ""}}}, apply: name(func(n *Node) string { return n.Space })},
		{doc: FunctionDoc{Group: "nodes", Signature: "id(ids any) nodes", Text: "the elements whose attribute id is one of the words",
			Deviation: "There is no document type to say which attribute is an id; it is the one called id or xml:id.",
			Examples:  []Example{{"name(id('demo'))", "data"}}},
			apply: byID},
		{doc: FunctionDoc{Group: "nodes", Signature: "randomize(nodes nodes, seed any?) nodes",
			Text:      "the nodes in random order; the same seed always gives the same order, the one that ODK Collect gives",
			Deviation: "The result is not in document order.",
			Examples:  []Example{{"join(' ', randomize(/data/member/first, 42))", "Ali Zarina Umed"}, {"count(randomize(/data/member))", "3"}}},
			apply: randomize},
	}
}

func (n *Node) named() string {
	switch n.Kind {
	case Element, Attribute, Instruction, Namespace:
		return n.Name
	}
	return ""
}

func (n *Node) namedQ() string {
	if n.named() == "" {
		return ""
	}
	return n.QName()
}

func position(r *run, c *call) Value {
	if len(c.args) == 0 {
		return NumberValue(float64(r.pos))
	}
	nodes := r.set(c.args[0])
	if len(nodes) == 0 {
		return NumberValue(math.NaN())
	}
	n := nodes[0]
	if n.Parent != nil {
		r.spend(1 + len(n.Parent.Children)/4)
	}
	at, _ := n.amongNamesakes()
	return NumberValue(float64(at))
}

func byID(r *run, c *call) Value {
	var words []string
	r.each(c.args, func(v Value) { words = append(words, strings.Fields(v.String())...) })
	start := len(r.arena)
	r.findIDs(r.root, words)
	return NodesValue(r.arena[start:len(r.arena):len(r.arena)])
}

func (r *run) findIDs(n *Node, words []string) {
	for _, child := range n.Children {
		if child.Kind != Element || !r.spend(1+len(words)) {
			continue
		}
		for _, a := range child.Attrs {
			if a.Name == "id" && (a.Prefix == "" || a.Space == xmlAddress) && slices.Contains(words, a.Text) {
				r.arena = append(r.arena, child)
				break
			}
		}
		r.findIDs(child, words)
	}
}

// randomize shuffles with the inside-out variant of Fisher and Yates, as the ODK XForms specification has it.
func randomize(r *run, c *call) Value {
	var next func() float64
	if len(c.args) == 2 {
		next = parkMiller(seedOf(r.atom(c.args[1])))
	} else if source := r.chance(c); source != nil {
		next = source.Float64
	} else {
		return NodesValue(nil)
	}
	nodes := r.set(c.args[0])
	shuffled := make([]*Node, len(nodes))
	for i, n := range nodes {
		j := int(next() * float64(i+1))
		shuffled[i] = shuffled[j]
		shuffled[j] = n
	}
	r.spend(len(nodes))
	return NodesValue(shuffled)
}

// seedOf makes a whole number of any seed: a number loses its fraction, an empty text is 0, any other text is hashed.
func seedOf(v Value) int64 {
	f := v.Number()
	if !math.IsNaN(f) {
		switch {
		case f >= math.MaxInt64:
			return math.MaxInt64
		case f <= math.MinInt64:
			return math.MinInt64
		}
		return int64(f)
	}
	text := v.String()
	if text == "" || v.typ == Number {
		return 0
	}
	sum := sha256.Sum256([]byte(text))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// parkMiller is the minimal standard generator of Park and Miller (1988), multiplier 16807, modulus 2^31-1.
func parkMiller(seed int64) func() float64 {
	const modulus = 1<<31 - 1
	state := seed % modulus
	if state <= 0 {
		state += modulus - 1
	}
	return func() float64 {
		state = state * 16807 % modulus
		return float64(state-1) / (modulus - 1)
	}
}

func questionFunctions() []function {
	return []function{
		{doc: FunctionDoc{Group: "questions", Signature: "current() nodes", Text: "the question that the expression belongs to, also inside a predicate",
			Examples: []Example{{"name(current())", "age"}, {"count(/data/member[years < current()])", "2"}}},
			apply: func(r *run, c *call) Value { return r.one(r.current) }},
		{doc: FunctionDoc{Group: "questions", Signature: "instance(id string) nodes",
			Text:      "the secondary instance with that id, from which a path goes on",
			Deviation: "It gives the node above the root element, as forms are written. A list that was not given is a fault.",
			Examples:  []Example{{"string(instance('regions')/root/item[name = /data/region]/label)", "Khatlon"}, {"count(instance('regions')/root/item)", "2"}}},
			apply: instance},
		{doc: FunctionDoc{Group: "questions", Signature: "pulldata(instance string, column string, key_column string, key string) string",
			Text:     "the cell of a list: of the first item whose key_column is key; nothing when there is none",
			Examples: []Example{{"pulldata('regions', 'label', 'name', 'tj01')", "Sughd"}, {"pulldata('regions', 'label', 'name', 'tj09')", ""}}},
			apply: pulldata},
		{doc: FunctionDoc{Group: "questions", Signature: "indexed-repeat(question nodes, repeat nodes, index number, deeper any*) nodes",
			Text: "the question inside the copy of the repeat with that number; deeper are further pairs of repeat and index",
			Examples: []Example{{"string(indexed-repeat(/data/member/first, /data/member, 2))", "Zarina"},
				{"count(indexed-repeat(/data/member/first, /data/member, 9))", "0"}}},
			apply: indexedRepeat},
		{doc: FunctionDoc{Group: "questions", Signature: "property(name string) string", Text: "nothing: a property of the phone is not known outside of it",
			Examples: []Example{{"property('deviceid')", ""}}},
			apply: func(r *run, c *call) Value { return TextValue("") }},
		{doc: FunctionDoc{Group: "questions", Signature: "version() string", Text: "the version of the form that was answered",
			Examples: []Example{{"version()", "7"}}},
			apply: func(r *run, c *call) Value {
				for _, top := range r.root.Elements() {
					if version, ok := top.Attr("version"); ok {
						return TextValue(version)
					}
				}
				return TextValue("")
			}},
	}
}

func instance(r *run, c *call) Value {
	id := r.string(c.args[0])
	n, ok := r.ctx.Instances[id]
	if !ok || n == nil {
		r.fail(fault.New(fault.XPathNoInstance, "id", clip(id)))
		return NodesValue(nil)
	}
	return r.one(n)
}

func pulldata(r *run, c *call) Value {
	id, column, keyColumn, key := r.string(c.args[0]), r.string(c.args[1]), r.string(c.args[2]), r.string(c.args[3])
	if r.ctx.Lookup != nil {
		if value, ok := r.ctx.Lookup(id, column, keyColumn, key); ok {
			return TextValue(value)
		}
	}
	top, known := r.ctx.Instances[id]
	if !known && r.ctx.Lookup == nil {
		r.fail(fault.New(fault.XPathNoInstance, "id", clip(id)))
	}
	if top == nil {
		return TextValue("")
	}
	for _, list := range top.Elements() {
		for _, item := range list.Children {
			if !r.spend(2) {
				return Value{}
			}
			if cell := item.Child(keyColumn); cell != nil && cell.StringValue() == key {
				if wanted := item.Child(column); wanted != nil {
					return TextValue(wanted.StringValue())
				}
				return TextValue("")
			}
		}
	}
	return TextValue("")
}

// indexedRepeat narrows the question's nodes to those inside the numbered copies. Outer repeats may come in any order,
// since each copy is counted within the copy chosen around it.
func indexedRepeat(r *run, c *call) Value {
	type level struct {
		copies []*Node
		index  float64
	}
	var levels []level
	for i := 1; i+1 < len(c.args); i += 2 {
		l := level{copies: r.everywhere(c.args[i]), index: r.number(c.args[i+1])}
		if len(l.copies) == 0 {
			return NodesValue(nil)
		}
		levels = append(levels, l)
	}
	slices.SortStableFunc(levels, func(a, b level) int { return a.copies[0].depth() - b.copies[0].depth() })
	var around *Node
	for _, l := range levels {
		inside := r.inside(l.copies, around)
		at := int(l.index)
		if float64(at) != l.index || at < 1 || at > len(inside) {
			return NodesValue(nil)
		}
		around = inside[at-1]
	}
	return NodesValue(r.inside(r.everywhere(c.args[0]), around))
}

// everywhere evaluates a path over all copies of its repeats, whatever Context.NearestRepeat says.
func (r *run) everywhere(e expr) []*Node {
	nearest := r.nearest
	r.nearest = false
	nodes := r.set(e)
	r.nearest = nearest
	return nodes
}

// inside gives those of the nodes that stand in around; all when around is nil.
func (r *run) inside(nodes []*Node, around *Node) []*Node {
	if around == nil {
		return nodes
	}
	var found []*Node
	for _, n := range nodes {
		up := n
		for up != nil && up != around && r.spend(1) {
			up = up.Parent
		}
		if up == around {
			found = append(found, n)
		}
	}
	return found
}
