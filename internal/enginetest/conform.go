package enginetest

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"safar/measure"
	"safar/warehouse"
)

// Conform runs every test that an engine has to pass; open gives a new, empty engine.
func Conform(t *testing.T, open func(t *testing.T) warehouse.Engine) {
	t.Run("equal to the plain evaluator", func(t *testing.T) { t.Parallel(); differential(t, open(t)) })
	t.Run("stamps", func(t *testing.T) { t.Parallel(); stamps(t, open(t)) })
	t.Run("removal and replacement", func(t *testing.T) { t.Parallel(); replacement(t, open(t)) })
	t.Run("bad batches change nothing", func(t *testing.T) { t.Parallel(); refused(t, open(t)) })
	t.Run("facts behind a cell", func(t *testing.T) { t.Parallel(); tracing(t, open(t)) })
	t.Run("readers beside a writer", func(t *testing.T) { t.Parallel(); concurrent(t, open(t)) })
}

// Load puts facts and missing values into an engine, operation by operation, in several batches of whole records.
func Load(t testing.TB, e warehouse.Engine, facts []measure.Fact, missing []measure.Missing) {
	t.Helper()
	for _, op := range []string{Op, "other"} {
		var b warehouse.Batch
		for i, f := range facts {
			if f.Op == op {
				b.Facts = append(b.Facts, f)
			}
			last := i+1 == len(facts) || facts[i+1].Record != f.Record
			if len(b.Facts) > 700 && last {
				apply(t, e, op, &b)
			}
		}
		for _, m := range missing {
			if m.Op == op {
				b.Missing = append(b.Missing, m)
			}
		}
		apply(t, e, op, &b)
	}
}

func apply(t testing.TB, e warehouse.Engine, op string, b *warehouse.Batch) {
	t.Helper()
	if err := e.Apply(t.Context(), op, *b); err != nil {
		t.Fatal(err)
	}
	*b = warehouse.Batch{Stamp: warehouse.Stamp{Seq: b.Stamp.Seq + 1, Definition: "d"}}
}

func differential(t *testing.T, e warehouse.Engine) {
	facts, missing := Data(7, 900)
	Load(t, e, facts, missing)
	rows, unknown := 0, 0
	for i, q := range Queries(11, 2200, facts) {
		want, err := measure.Evaluate(facts, missing, q)
		if err != nil {
			t.Fatal(err)
		}
		got, err := e.Query(t.Context(), q)
		if err != nil {
			t.Fatalf("query %d %+v: %v", i, q, err)
		}
		if diff := difference(want, got); diff != "" {
			t.Fatalf("query %d %+v: %s", i, q, diff)
		}
		rows += len(got)
		for _, o := range got {
			if !o.Known() {
				unknown++
			}
		}
	}
	if rows < 10_000 || unknown == 0 {
		t.Errorf("only %d rows, %d without value: the queries test too little", rows, unknown)
	}
}

// difference says where two answers differ; floating values must be the same bits.
func difference(want, got []measure.Observation) string {
	if len(want) != len(got) {
		return fmt.Sprintf("%d rows instead of %d", len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		same := g.Value == w.Value || math.IsNaN(g.Value) && math.IsNaN(w.Value)
		if !same || !slices.Equal(w.By, g.By) || g.N != w.N || g.Missing != w.Missing || g.Carried != w.Carried {
			return fmt.Sprintf("row %d is %+v instead of %+v", i, g, w)
		}
	}
	return ""
}

func stamps(t *testing.T, e warehouse.Engine) {
	ctx := t.Context()
	if s, err := e.Stamp(ctx, Op); err != nil || s != (warehouse.Stamp{}) {
		t.Fatalf("an empty engine has the stamp %v, %v", s, err)
	}
	for seq := range int64(3) {
		want := warehouse.Stamp{Seq: seq + 1, Definition: fmt.Sprint("d", seq)}
		if err := e.Apply(ctx, Op, warehouse.Batch{Stamp: want}); err != nil {
			t.Fatal(err)
		}
		if s, err := e.Stamp(ctx, Op); err != nil || s != want {
			t.Fatalf("stamp %v, %v instead of %v", s, err, want)
		}
	}
	if s, err := e.Stamp(ctx, "other"); err != nil || s != (warehouse.Stamp{}) {
		t.Fatalf("the stamp of another operation is %v, %v", s, err)
	}
	if err := e.Reset(ctx, Op); err != nil {
		t.Fatal(err)
	}
	if s, err := e.Stamp(ctx, Op); err != nil || s != (warehouse.Stamp{}) {
		t.Fatalf("after a reset the stamp is %v, %v", s, err)
	}
}

func one(record string, value float64) measure.Fact {
	return measure.Fact{Op: Op, Activity: "a", Round: 1, Record: record, Item: "stock", Value: value, Weight: 1}
}

func total(by ...string) measure.Query {
	return measure.Query{Operation: Op, By: by, Measure: measure.Measure{ID: "total", Fact: "stock", Agg: measure.Sum}}
}

func expect(t *testing.T, e warehouse.Engine, value float64, n, missing int) {
	t.Helper()
	got, err := e.Query(t.Context(), total())
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 1 || got[0].Value != value || got[0].N != n || got[0].Missing != missing {
		t.Fatalf("got %+v instead of %v, n %d, missing %d", got, value, n, missing)
	}
}

func replacement(t *testing.T, e warehouse.Engine) {
	ctx := t.Context()
	lost := measure.Missing{Op: Op, Activity: "a", Round: 1, Record: "r3", Item: "stock", Reason: measure.Blank}
	steps := []struct {
		batch      warehouse.Batch
		value      float64
		n, missing int
	}{
		{warehouse.Batch{Facts: []measure.Fact{one("r1", 5), one("r2", 0)}, Missing: []measure.Missing{lost}}, 5, 2, 1},
		{warehouse.Batch{RemoveRecords: []string{"r1"}, Facts: []measure.Fact{one("r1", 7)}}, 7, 2, 1},
		{warehouse.Batch{RemoveRecords: []string{"r3", "nowhere"}, Facts: []measure.Fact{one("r3", 1), one("r3", 2)}}, 10, 3, 0},
		{warehouse.Batch{RemoveRecords: []string{"r2"}}, 10, 2, 0},
	}
	for i, s := range steps {
		s.batch.Stamp = warehouse.Stamp{Seq: int64(i), Definition: "d"}
		if err := e.Apply(ctx, Op, s.batch); err != nil {
			t.Fatal(err)
		}
		expect(t, e, s.value, s.n, s.missing)
	}
	if err := e.Reset(ctx, Op); err != nil {
		t.Fatal(err)
	}
	if got, err := e.Query(ctx, total()); err != nil || len(got) != 0 {
		t.Fatalf("after a reset there is %v, %v", got, err)
	}
}

func refused(t *testing.T, e warehouse.Engine) {
	ctx := t.Context()
	good := warehouse.Stamp{Seq: 1, Definition: "d"}
	if err := e.Apply(ctx, Op, warehouse.Batch{Stamp: good, Facts: []measure.Fact{one("r1", 5)}}); err != nil {
		t.Fatal(err)
	}
	foreign, torn := one("r2", 1), one("r2", 1)
	foreign.Op, torn.Site = "other", "a\x00b"
	for _, bad := range []measure.Fact{foreign, torn, one("r2", math.NaN()), one("r2", math.Inf(1)), one("r2", 1e13)} {
		b := warehouse.Batch{Stamp: warehouse.Stamp{Seq: 2}, RemoveRecords: []string{"r1"}, Facts: []measure.Fact{one("r3", 1), bad}}
		if err := e.Apply(ctx, Op, b); err == nil {
			t.Errorf("%+v was taken", bad)
		}
		expect(t, e, 5, 1, 0)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if err := e.Apply(ended, Op, warehouse.Batch{RemoveRecords: []string{"r1"}}); err == nil {
		t.Error("a cancelled step was taken")
	}
	expect(t, e, 5, 1, 0)
	if s, err := e.Stamp(ctx, Op); err != nil || s != good {
		t.Errorf("stamp %v, %v instead of %v", s, err, good)
	}
}

func tracing(t *testing.T, e warehouse.Engine) {
	facts, missing := Data(3, 200)
	Load(t, e, facts, missing)
	q := total("adm1", "round", "category")
	rows, err := e.Query(t.Context(), q)
	if err != nil || len(rows) == 0 {
		t.Fatal(rows, err)
	}
	for _, row := range rows {
		var sum measure.Total
		records := map[string]bool{}
		last := measure.Fact{}
		for f, err := range e.Facts(t.Context(), q, row.By) {
			if err != nil {
				t.Fatal(err)
			}
			if f.Record < last.Record || f.Op != Op || f.Breakdown != "" {
				t.Fatalf("%+v after %+v", f, last)
			}
			if i := slices.IndexFunc(facts, func(g measure.Fact) bool { return g == f }); i < 0 {
				t.Fatalf("%+v is not one of the facts", f)
			}
			sum.Add(f.Value)
			records[f.Record], last = true, f
		}
		if row.Known() && (sum.Float() != row.Value || len(records) != row.N) {
			t.Errorf("%+v is made of %v in %d records", row, sum.Float(), len(records))
		}
	}
	for _, err := range e.Facts(t.Context(), q, []string{"too short"}) {
		if err == nil {
			t.Error("a cell without all its dimensions was found")
		}
	}
	for range e.Facts(t.Context(), q, rows[0].By) {
		break // stopping early must free what the sequence holds
	}
}

// concurrent moves an amount between two records over and over: every reader sees the same total.
func concurrent(t *testing.T, e warehouse.Engine) {
	ctx := t.Context()
	both := func(a, b float64) warehouse.Batch {
		return warehouse.Batch{RemoveRecords: []string{"a", "b"}, Facts: []measure.Fact{one("a", a), one("b", b)}}
	}
	if err := e.Apply(ctx, Op, both(100, 0)); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 3 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				got, err := e.Query(ctx, total())
				if err != nil || len(got) != 1 || got[0].Value != 100 || got[0].N != 2 {
					t.Errorf("a reader saw %+v, %v", got, err)
					return
				}
			}
		})
	}
	for i := range 40 {
		if err := e.Apply(ctx, Op, both(float64(i), float64(100-i))); err != nil {
			t.Error(err)
			break
		}
	}
	close(stop)
	wg.Wait()
}
