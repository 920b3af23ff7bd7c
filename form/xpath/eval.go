package xpath

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"safar/fault"
)

// Context is everything an evaluation may know. The zero Context evaluates expressions that read no path.
type Context struct {
	// Root is what "/" means: the node above the first element of the primary instance. An element without parent
	// may be given as well; it is then the first element.
	Root *Node
	// Node is the context node, the question the expression belongs to; nil means Root.
	Node *Node
	// Position and Size are the context position and size; 0 means 1.
	Position, Size int
	// Current is what current() means; nil means Node.
	Current *Node
	// Instances are the secondary instances by id. Each is the node above the root element of its data.
	Instances map[string]*Node
	// Now is the time the answers count as asked; functions that need it fault when it is zero.
	Now time.Time
	// Today overrides the day of Now; only its year, month and day count, in its own zone.
	Today time.Time
	// Zone is the operation's time zone; nil means UTC.
	Zone *time.Location
	// Namespaces maps the prefixes of the expression to addresses; those of OpenRosa are known without it.
	Namespaces map[string]string
	// Random is the source of chance for random, uuid and randomize without seed; nil makes them fault.
	Random *rand.Rand
	// Choices finds the label of a choice for jr:choice-name. question is the path of the select question: without
	// positions when the expression names a path, otherwise as it was written.
	Choices func(question, value, language string) (label string, ok bool)
	// Lookup finds one cell for pulldata; when it is nil or finds nothing, Instances are searched.
	Lookup func(instance, column, keyColumn, key string) (string, bool)
	// Language is the BCP 47 tag that jr:choice-name, lang-dependent names and Choices are asked in.
	Language string
	// NearestRepeat makes an absolute path that leads through a repeat the context node stands in mean that one copy of
	// it, as the clients of ODK do ("a big deviation with XForms" in their specification).
	NearestRepeat bool
	// Budget bounds the cost: about one unit for each node looked at and each function called; 0 means DefaultBudget.
	Budget int
}

// DefaultBudget lets an expression look at some millions of nodes, about a tenth of a second.
const DefaultBudget = 5_000_000

// run is the state of one evaluation.
type run struct {
	ctx     *Context
	root    *Node
	node    *Node // context node
	pos     int
	size    int
	current *Node
	zone    *time.Location
	left    int
	err     error
	nearest bool    // absolute paths keep to the repeats around the current node
	arena   []*Node // node-sets in the making; scalar results give their part back
	space   [32]*Node
}

// Eval evaluates the expression. A fault comes back when the budget is exceeded, when the context lacks what a function
// needs, or when an argument cannot be used.
func (e *Expr) Eval(ctx *Context) (Value, error) {
	if ctx == nil {
		ctx = &Context{}
	}
	r := newRun(ctx)
	v := e.root.eval(r)
	if r.err != nil {
		return Value{}, e.placed(r.err)
	}
	if v.typ == NodeSet {
		v.nodes = append([]*Node(nil), v.nodes...)
	}
	return v, nil
}

// placed adds the expression to a fault that leaves room for it.
func (e *Expr) placed(err error) error {
	if f, ok := err.(*fault.Error); ok && f.Code == fault.XPathTooCostly {
		return fault.New(f.Code, "expression", clip(e.source), "limit", f.Details["limit"])
	}
	return err
}

func newRun(ctx *Context) *run {
	r := &run{ctx: ctx, root: ctx.Root, node: ctx.Node, current: ctx.Current, zone: ctx.Zone,
		pos: max(1, ctx.Position), size: max(1, ctx.Size), left: ctx.Budget, nearest: ctx.NearestRepeat}
	if r.root == nil {
		r.root = &Node{Kind: Root}
	}
	if r.root.Kind == Element && r.root.Parent == nil {
		r.root = &Node{Kind: Root, Children: []*Node{r.root}}
	}
	if r.node == nil {
		r.node = r.root
	}
	if r.current == nil {
		r.current = r.node
	}
	if r.zone == nil {
		r.zone = time.UTC
	}
	if r.left <= 0 {
		r.left = DefaultBudget
	}
	r.arena = r.space[:0]
	return r
}

// spend takes cost from the budget and says whether to go on.
func (r *run) spend(cost int) bool {
	if r.left -= cost; r.left >= 0 && r.err == nil {
		return true
	}
	if r.err == nil {
		limit := r.ctx.Budget
		if limit <= 0 {
			limit = DefaultBudget
		}
		r.fail(fault.New(fault.XPathTooCostly, "limit", strconv.Itoa(limit)))
	}
	return false
}

// fail keeps the first fault; from then on everything ends quickly.
func (r *run) fail(err error) {
	if r.err == nil {
		r.err = err
	}
}

// text is the string value of a node, paid for when it is put together.
func (r *run) text(n *Node) string {
	if len(n.Children) == 0 {
		return n.Text
	}
	var b strings.Builder
	r.gather(n, &b)
	return b.String()
}

func (r *run) gather(n *Node, b *strings.Builder) {
	if len(n.Children) == 0 {
		b.WriteString(n.Text)
		r.spend(len(n.Text) / 32)
		return
	}
	for _, c := range n.Children {
		if (c.Kind == Element || c.Kind == Text) && r.spend(1) {
			r.gather(c, b)
		}
	}
}

// string, number and boolean evaluate a part to that type. Simple paths are walked to their first node only.

func (r *run) string(e expr) string {
	switch e := e.(type) {
	case *literal:
		return e.value.String()
	case *path:
		if e.simple {
			n := r.first(e)
			if n == nil {
				return ""
			}
			return r.paid(r.text(n))
		}
	}
	mark := len(r.arena)
	v := e.eval(r)
	r.arena = r.arena[:mark]
	if v.typ == NodeSet {
		if len(v.nodes) == 0 {
			return ""
		}
		return r.paid(r.text(v.nodes[0]))
	}
	return r.paid(v.String())
}

// paid charges for long texts, so that many functions on one long text stay bounded.
func (r *run) paid(s string) string {
	if len(s) > 128 {
		r.spend(len(s) / 64)
	}
	return s
}

func (r *run) number(e expr) float64 {
	f, _ := r.counted(e)
	return f
}

// counted is number with the way in which it counts days.
func (r *run) counted(e expr) (float64, calendar) {
	v := r.atom(e)
	if v.typ == Unknown || v.typ == String {
		return textNumber(v.text, r.zone)
	}
	return v.num, v.counts
}

// atom evaluates a part and turns a node-set into the text of its first node.
func (r *run) atom(e expr) Value {
	switch e := e.(type) {
	case *literal:
		return e.value
	case *path:
		return TextValue(r.string(e))
	}
	mark := len(r.arena)
	v := e.eval(r)
	r.arena = r.arena[:mark]
	if v.typ == NodeSet {
		if len(v.nodes) == 0 {
			return TextValue("")
		}
		return TextValue(r.text(v.nodes[0]))
	}
	return v
}

func (r *run) boolean(e expr) bool {
	if p, ok := e.(*path); ok && p.simple {
		return r.first(p) != nil
	}
	mark := len(r.arena)
	b := e.eval(r).Bool()
	r.arena = r.arena[:mark]
	return b
}

// set evaluates a part that must be a node-set; an empty text counts as none, so that if(a, path, ”) works.
func (r *run) set(e expr) []*Node {
	v := e.eval(r)
	if v.typ != NodeSet && v.String() != "" {
		r.fail(needsNodes("a function or path", e, v.Type(), columnOf(e)))
	}
	return v.nodes
}

func columnOf(e expr) int {
	switch e := e.(type) {
	case *call:
		return e.column
	case *path:
		return e.column
	}
	return 1
}

func (e *literal) eval(*run) Value { return e.value }

func (e *negation) eval(r *run) Value { return NumberValue(-r.number(e.of)) }

func (e *operation) eval(r *run) Value {
	switch e.op {
	case opOr:
		return BoolValue(r.boolean(e.left) || r.boolean(e.right))
	case opAnd:
		return BoolValue(r.boolean(e.left) && r.boolean(e.right))
	case opUnion:
		return r.union(e)
	case opPlus, opMinus, opTimes, opDiv, opMod:
		return r.arithmetic(e.op, r.atom(e.left), r.atom(e.right))
	}
	mark := len(r.arena)
	b := r.compare(e.op, e.left.eval(r), e.right.eval(r))
	r.arena = r.arena[:mark]
	return BoolValue(b)
}

func (r *run) union(e *operation) Value {
	left := r.set(e.left)
	right := r.set(e.right)
	start := len(r.arena)
	r.arena = append(append(r.arena, left...), right...)
	if !r.spend(len(r.arena) - start) {
		return NodesValue(nil)
	}
	return NodesValue(sortNodes(r.arena[start:len(r.arena):len(r.arena)]))
}

func (e *call) eval(r *run) Value {
	if !r.spend(1) {
		return Value{}
	}
	return e.fn.apply(r, e)
}

func (e *filter) eval(r *run) Value {
	nodes := r.set(e.of)
	start := len(r.arena)
	r.arena = append(r.arena, nodes...)
	nodes = r.arena[start:len(r.arena):len(r.arena)]
	for _, pred := range e.preds {
		nodes = r.keep(nodes, pred)
	}
	return NodesValue(nodes)
}
