package warehouse

import (
	"sync"

	"safar/measure"
)

// column is one column of a table: its name, its type and how a row reads and takes it.
type column[T any] struct {
	name string
	kind string // text, integer or double
	get  func(*T) any
	ref  func(*T) any // pointer that a scan fills; nil for derived columns
}

// SchemaVersion changes with every change of the tables; a warehouse of another version is built anew.
const SchemaVersion = 1

// factColumns are the columns of table facts, in order. month and week follow from date and are kept, because grouping
// by them is what people do most.
var factColumns = sync.OnceValue(func() []column[measure.Fact] {
	return []column[measure.Fact]{
		text("op", func(f *measure.Fact) *string { return &f.Op }),
		text("activity", func(f *measure.Fact) *string { return &f.Activity }),
		whole("round", func(f *measure.Fact) *int { return &f.Round }),
		text("record", func(f *measure.Fact) *string { return &f.Record }),
		whole("version", func(f *measure.Fact) *int { return &f.Version }),
		text("item", func(f *measure.Fact) *string { return &f.Item }),
		text("repeat_path", func(f *measure.Fact) *string { return &f.RepeatPath }),
		text("date", func(f *measure.Fact) *string { return &f.Date }),
		{name: "month", kind: "text", get: func(f *measure.Fact) any { return measure.Month(f.Date) }},
		{name: "week", kind: "text", get: func(f *measure.Fact) any { return measure.Week(f.Date) }},
		text("adm0", func(f *measure.Fact) *string { return &f.Adm[0] }),
		text("adm1", func(f *measure.Fact) *string { return &f.Adm[1] }),
		text("adm2", func(f *measure.Fact) *string { return &f.Adm[2] }),
		text("adm3", func(f *measure.Fact) *string { return &f.Adm[3] }),
		text("adm4", func(f *measure.Fact) *string { return &f.Adm[4] }),
		text("site", func(f *measure.Fact) *string { return &f.Site }),
		text("point", func(f *measure.Fact) *string { return &f.Point }),
		text("category", func(f *measure.Fact) *string { return &f.Category }),
		text("sex", func(f *measure.Fact) *string { return &f.Sex }),
		text("age_lo", func(f *measure.Fact) *string { return &f.AgeLo }),
		text("age_hi", func(f *measure.Fact) *string { return &f.AgeHi }),
		text("origin_adm0", func(f *measure.Fact) *string { return &f.OriginAdm0 }),
		text("origin_adm1", func(f *measure.Fact) *string { return &f.OriginAdm1 }),
		text("dest_adm0", func(f *measure.Fact) *string { return &f.DestAdm0 }),
		text("dest_adm1", func(f *measure.Fact) *string { return &f.DestAdm1 }),
		text("reason", func(f *measure.Fact) *string { return &f.Reason }),
		text("direction", func(f *measure.Fact) *string { return &f.Direction }),
		text("breakdown", func(f *measure.Fact) *string { return &f.Breakdown }),
		{name: "value", kind: "double", get: func(f *measure.Fact) any { return f.Value }, ref: func(f *measure.Fact) any { return &f.Value }},
		text("unit", func(f *measure.Fact) *string { return &f.Unit }),
		{name: "weight", kind: "double", get: func(f *measure.Fact) any { return f.Weight }, ref: func(f *measure.Fact) any { return &f.Weight }},
		whole("carried_from", func(f *measure.Fact) *int { return &f.CarriedFrom }),
		text("confidence", func(f *measure.Fact) *string { return &f.Confidence }),
		text("definition", func(f *measure.Fact) *string { return &f.Definition }),
		text("d1", func(f *measure.Fact) *string { return &f.D1 }),
		text("d2", func(f *measure.Fact) *string { return &f.D2 }),
		text("d3", func(f *measure.Fact) *string { return &f.D3 }),
		text("d4", func(f *measure.Fact) *string { return &f.D4 }),
	}
})

// missingColumns are the columns of table fact_missing, in order.
var missingColumns = sync.OnceValue(func() []column[measure.Missing] {
	return []column[measure.Missing]{
		text("op", func(m *measure.Missing) *string { return &m.Op }),
		text("activity", func(m *measure.Missing) *string { return &m.Activity }),
		whole("round", func(m *measure.Missing) *int { return &m.Round }),
		text("record", func(m *measure.Missing) *string { return &m.Record }),
		whole("version", func(m *measure.Missing) *int { return &m.Version }),
		text("item", func(m *measure.Missing) *string { return &m.Item }),
		text("repeat_path", func(m *measure.Missing) *string { return &m.RepeatPath }),
		text("date", func(m *measure.Missing) *string { return &m.Date }),
		{name: "month", kind: "text", get: func(m *measure.Missing) any { return measure.Month(m.Date) }},
		{name: "week", kind: "text", get: func(m *measure.Missing) any { return measure.Week(m.Date) }},
		text("adm0", func(m *measure.Missing) *string { return &m.Adm[0] }),
		text("adm1", func(m *measure.Missing) *string { return &m.Adm[1] }),
		text("adm2", func(m *measure.Missing) *string { return &m.Adm[2] }),
		text("adm3", func(m *measure.Missing) *string { return &m.Adm[3] }),
		text("adm4", func(m *measure.Missing) *string { return &m.Adm[4] }),
		text("site", func(m *measure.Missing) *string { return &m.Site }),
		text("point", func(m *measure.Missing) *string { return &m.Point }),
		text("breakdown", func(m *measure.Missing) *string { return &m.Breakdown }),
		text("reason", func(m *measure.Missing) *string { return &m.Reason }),
	}
})

func text[T any](name string, field func(*T) *string) column[T] {
	return column[T]{name, "text", func(t *T) any { return *field(t) }, func(t *T) any { return field(t) }}
}

func whole[T any](name string, field func(*T) *int) column[T] {
	return column[T]{name, "integer", func(t *T) any { return int32(*field(t)) }, func(t *T) any { return field(t) }}
}

// Rows is what a batch adds to one table. Columns that are empty or zero in every row are left out: the tables have
// defaults for them, and most dimensions are empty in most tools.
type Rows struct {
	Table   string
	Columns []string
	Len     int
	Value   func(row, column int) any // string, int32 or float64
}

// Rows gives the rows of the batch, table by table; tables without rows are not among them.
func (b Batch) Rows() []Rows {
	var out []Rows
	if len(b.Facts) > 0 {
		out = append(out, rows("facts", factColumns(), b.Facts))
	}
	if len(b.Missing) > 0 {
		out = append(out, rows("fact_missing", missingColumns(), b.Missing))
	}
	return out
}

func rows[T any](table string, columns []column[T], all []T) Rows {
	r := Rows{Table: table, Len: len(all)}
	var used []column[T]
	for _, c := range columns {
		zero := map[string]any{"text": "", "integer": int32(0), "double": 0.0}[c.kind]
		for i := range all {
			if c.get(&all[i]) != zero {
				used, r.Columns = append(used, c), append(r.Columns, c.name)
				break
			}
		}
	}
	r.Value = func(row, column int) any { return used[column].get(&all[row]) }
	return r
}

// ScanFact gives the pointers that a row of FactsSQL is scanned into.
func ScanFact(f *measure.Fact) []any {
	var out []any
	for _, c := range factColumns() {
		if c.ref != nil {
			out = append(out, c.ref(f))
		}
	}
	return out
}
