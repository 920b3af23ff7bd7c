package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"safar/measure"
	"safar/warehouse"
	"safar/warehouse/duck"
)

// asked is what a dashboard asks of flows.
type asked struct {
	label string
	query measure.Query
}

func questionsOfFlows() []asked {
	m := measure.Measure{ID: "flow", Fact: "moves", Agg: measure.Sum, Unit: "movement", Kind: measure.Flow}
	ask := func(where []measure.Filter, by ...string) measure.Query {
		return measure.Query{Operation: operation, Activity: "registry", Measure: m, By: by, Where: where}
	}
	transit := []measure.Filter{{Dim: "direction", In: []string{"incoming"}}}
	return []asked{
		{"by month and point", ask(nil, "month", "point")},
		{"by country of destination and reason", ask(nil, "dest_adm0", "reason")},
		{"incoming, by province and day", ask(transit, "adm1", "date")},
	}
}

// runsEach is how often each query is asked; the median counts.
const runsEach = 7

// figures measures queries over flow facts beside the same SQL on DuckDB without Safar, on the same file.
func figures(ctx context.Context, b *bench) (table, error) {
	t := table{Title: fmt.Sprintf("%d flow facts in DuckDB, 2 threads, 1 GB; median of %d, the file read before", b.facts, runsEach), Columns: []string{"ms", "CPU ms", "times bare", "times bare, CPU"}}
	if !duck.Embedded {
		return t, errors.New("this build holds no DuckDB")
	}
	path := filepath.Join(b.dir, "flows.duckdb")
	engine, err := duck.Open(ctx, duck.Options{Path: path, MemoryMB: 1024})
	if err != nil {
		return t, err
	}
	watch := startWatch()
	if err := loadFlows(ctx, engine, b.facts); err != nil {
		return t, errors.Join(err, engine.Close())
	}
	wall, cpu := watch.lap()
	took, err := askEngine(ctx, engine)
	if err = errors.Join(err, engine.Close()); err != nil {
		return t, err
	}
	bare, err := askBare(ctx, path)
	if err != nil {
		return t, err
	}
	for i, q := range questionsOfFlows() {
		t.add(measured, q.label, took[i].ms, took[i].cpu, took[i].ms/bare[i].ms, took[i].cpu/bare[i].cpu)
		t.add(yardstick, "the same SQL on bare DuckDB", bare[i].ms, bare[i].cpu, nil, nil)
	}
	t.add(target, "design section 9; a dashboard query over 50,000,000 facts", "< 500", nil, "<= 1.2", nil)
	t.note("loading: %.0f facts/s, %.2f us of CPU each", per(b.facts, wall), float64(cpu.Microseconds())/float64(b.facts))
	if info, err := os.Stat(path); err == nil {
		t.note("the file takes %.1f bytes a fact", float64(info.Size())/float64(b.facts))
	}
	return t, nil
}

// spent is the median of some runs.
type spent struct{ ms, cpu float64 }

func medianOf(do func() error) (spent, error) {
	var walls, cpus latencies
	for range runsEach + 1 {
		watch := startWatch()
		if err := do(); err != nil {
			return spent{}, err
		}
		wall, cpu := watch.lap()
		walls, cpus = append(walls, wall), append(cpus, cpu)
	}
	return spent{walls[1:].at(50), cpus[1:].at(50)}, nil // the first run warms up
}

func askEngine(ctx context.Context, engine warehouse.Engine) (all []spent, err error) {
	for _, q := range questionsOfFlows() {
		took, err := medianOf(func() error {
			rows, err := engine.Query(ctx, q.query)
			if err == nil && len(rows) == 0 {
				err = errors.New("no rows")
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", q.label, err)
		}
		all = append(all, took)
	}
	return all, nil
}

// askBare runs the warehouse's own SQL on the driver, which package duck links in, and reads the rows without looking at
// them.
func askBare(ctx context.Context, path string) (all []spent, err error) {
	db, err := sql.Open("duckdb", path+"?threads=2&memory_limit=1GB&preserve_insertion_order=false")
	if err != nil {
		return nil, err
	}
	defer db.Close()
	for _, q := range questionsOfFlows() {
		text, args, err := warehouse.SQL(q.query, false)
		if err != nil {
			return nil, err
		}
		took, err := medianOf(func() error { return readAll(ctx, db, text, args) })
		if err != nil {
			return nil, fmt.Errorf("bare, %s: %w", q.label, err)
		}
		all = append(all, took)
	}
	return all, nil
}

func readAll(ctx context.Context, db *sql.DB, text string, args []any) error {
	rows, err := db.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	raw := make([]any, len(columns))
	for i := range raw {
		raw[i] = new(any)
	}
	for rows.Next() {
		if err := rows.Scan(raw...); err != nil {
			return err
		}
	}
	return rows.Err()
}

// loadFlows fills the warehouse with three years of counts at 120 points.
func loadFlows(ctx context.Context, engine warehouse.Engine, n int) error {
	const step = 200_000
	day := time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)
	facts := make([]measure.Fact, 0, min(step, n))
	for i := range n {
		point := fmt.Sprintf("XS-%03d", i*7919%120)
		facts = append(facts, measure.Fact{
			Op: operation, Activity: "registry", Round: 1 + i*36/n, Record: fmt.Sprintf("0190%04x-%04x-7000-8000-%012x", i>>16, i>>8&0xffff, i), Version: 1, Item: "moves",
			Date: day.AddDate(0, 0, i*1095/n).Format(time.DateOnly), Adm: [5]string{country, "XS" + point[4:5], point}, Point: point, Category: "movement",
			DestAdm0: []string{"XSG", "XSH", "XSI"}[i%3], Reason: []string{"work", "family"}[i%2], Direction: []string{"incoming", "outgoing", "transit"}[i*31%3],
			Value: float64(1 + i*13%40), Unit: "movement", Weight: 1, Definition: strings.Repeat("0", 16),
		})
		if len(facts) == step || i == n-1 {
			if err := engine.Apply(ctx, operation, warehouse.Batch{Stamp: warehouse.Stamp{Seq: int64(i + 1)}, Facts: facts}); err != nil {
				return err
			}
			facts = slices.Delete(facts, 0, len(facts))
		}
	}
	return nil
}
