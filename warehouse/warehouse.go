// Package warehouse keeps the facts at scale and answers measure queries over them.
//
// It is derived: everything in it can be made again from the store, and it holds no direct identifiers. Three engines
// do the same: DuckDB (child package duck) embedded in the program, PostgreSQL (child package pg) on a server, and
// Memory, which keeps the facts in the process and serves builds without DuckDB. One compiler makes the SQL of both
// databases (SQL); one test holds all three equal to measure.Evaluate, bit for bit.
package warehouse

import (
	"context"
	"iter"
	"slices"
	"strconv"
	"strings"

	"safar/fault"
	"safar/measure"
)

// Stamp says up to where an operation's facts follow its journal, and by which definitions they were made. The zero
// Stamp is an empty warehouse: the caller then builds it anew.
type Stamp struct {
	Seq        int64  // last journal entry whose effect is in the facts
	Definition string // measure.Program.Hash of the definitions that made them
}

// Batch is one step of the facts: what goes, what comes, and the stamp they lead to.
type Batch struct {
	Stamp         Stamp
	RemoveRecords []string // their facts and missing values go first; a record's facts always come whole
	Facts         []measure.Fact
	Missing       []measure.Missing
}

// Engine keeps facts. All methods may be called by several goroutines at once.
type Engine interface {
	// Stamp gives the operation's stamp, the zero Stamp when it has none.
	Stamp(ctx context.Context, op string) (Stamp, error)
	// Apply moves facts and stamp in one step: after a crash both are the old or both the new.
	Apply(ctx context.Context, op string, b Batch) error
	// Reset forgets everything of the operation.
	Reset(ctx context.Context, op string) error
	// Query answers a query; rows are sorted by their group values.
	Query(ctx context.Context, q measure.Query) ([]measure.Observation, error)
	// Facts gives the facts behind one observation of a query: those of the group with the values key of q.By, sorted by
	// record, version, item and repeat path. An error ends the sequence.
	Facts(ctx context.Context, q measure.Query, key []string) iter.Seq2[measure.Fact, error]
	// Close frees the engine.
	Close() error
}

// Check says what is wrong with a batch: facts of another operation, values that cannot be added, text that no database
// keeps. Every engine asks it before it writes.
func (b Batch) Check(op string) error {
	for i := range b.Facts {
		f := &b.Facts[i]
		if f.Op != op {
			return fault.New(fault.WarehouseOperation, "record", f.Record, "operation", op, "other", f.Op)
		}
		if !measure.Sane(f.Value) || !measure.Sane(f.Weight) || !measure.Sane(f.Value*f.Weight) {
			value := strconv.FormatFloat(f.Value, 'g', -1, 64)
			return fault.New(fault.MeasureFactValue, "value", value, "item", f.Item, "record", f.Record)
		}
		if text := odd(f); text != "" {
			return fault.New(fault.WarehouseText, "text", strconv.Quote(text), "record", f.Record)
		}
	}
	for i := range b.Missing {
		if m := &b.Missing[i]; m.Op != op {
			return fault.New(fault.WarehouseOperation, "record", m.Record, "operation", op, "other", m.Op)
		}
	}
	return nil
}

// odd finds a text with a zero byte, which PostgreSQL does not keep and which group keys use as their separator.
func odd(f *measure.Fact) string {
	for _, c := range factColumns() {
		if text, ok := c.get(f).(string); ok && strings.IndexByte(text, 0) >= 0 {
			return text
		}
	}
	return ""
}

// Within narrows a query to one of its groups: key holds the values of q.By.
func Within(q measure.Query, key []string) (measure.Query, error) {
	if len(key) != len(q.By) {
		return q, fault.New(fault.WarehouseKey, "dimensions", strings.Join(q.By, ", "))
	}
	narrow := q
	narrow.Where = slices.Clone(q.Where)
	for i, dim := range q.By {
		narrow.Where = append(narrow.Where, measure.Filter{Dim: dim, In: []string{key[i]}})
	}
	return narrow, nil
}

// Repeated lists the items of which one record of the batch has several facts outside breakdowns, sorted. For all
// others rows are records, and counting records costs nothing.
func (b Batch) Repeated() []string {
	type once struct{ item, record string }
	seen := make(map[once]struct{}, len(b.Facts))
	var items []string
	for i := range b.Facts {
		f := &b.Facts[i]
		if f.Breakdown != "" {
			continue
		}
		k := once{f.Item, f.Record}
		if _, twice := seen[k]; twice && !slices.Contains(items, f.Item) {
			items = append(items, f.Item)
		}
		seen[k] = struct{}{}
	}
	slices.Sort(items)
	return items
}

// fail ends a sequence of facts with an error.
func fail(err error) iter.Seq2[measure.Fact, error] {
	return func(yield func(measure.Fact, error) bool) { yield(measure.Fact{}, err) }
}
