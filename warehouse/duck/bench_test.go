//go:build cgo && !noduck && unix

package duck_test

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/duckdb/duckdb-go/v2"

	"safar/measure"
	"safar/warehouse"
	"safar/warehouse/duck"
)

// flows is how many facts the benchmark loads; the published comparison uses 10,000,000.
var flows = flag.Int("flows", 1_000_000, "facts of the flow benchmark")

// BenchmarkFlows groups flows by month and point through the warehouse, and as the same SQL on DuckDB alone.
//
//	go test ./warehouse/duck -run '^$' -bench Flows -benchtime 5x -args -flows 10000000
func BenchmarkFlows(b *testing.B) {
	path := filepath.Join(b.TempDir(), "flows.duckdb")
	e := open(b, duck.Options{Path: path, MemoryMB: 1024})
	start, before := time.Now(), cpu()
	loadFlows(b, e, *flows)
	b.Logf("%d facts loaded in %v, CPU %v; memory %s", *flows, time.Since(start).Round(time.Millisecond), cpu()-before, resident())
	if err := e.Close(); err != nil {
		b.Fatal(err)
	}
	e = open(b, duck.Options{Path: path, MemoryMB: 1024})
	m := measure.Measure{ID: "flow", Fact: "moves", Agg: measure.Sum, Unit: "movement", Kind: measure.Flow}
	q := measure.Query{Operation: "op", Activity: "registry", Measure: m, By: []string{"month", "point"}}
	b.Run("warehouse", func(b *testing.B) {
		before := cpu()
		for b.Loop() {
			if rows, err := e.Query(b.Context(), q); err != nil || len(rows) == 0 {
				b.Fatal(len(rows), err)
			}
		}
		perOp(b, before)
	})
	b.Logf("memory %s", resident())
	removeOne(b, e)
	if err := e.Close(); err != nil {
		b.Fatal(err)
	}
	if info, err := os.Stat(path); err == nil {
		b.Logf("file %d MB", info.Size()>>20)
	}
	bare(b, path, q)
}

// bare runs the warehouse's SQL, and the shortest SQL for the same sums, on the same file without Safar.
func bare(b *testing.B, path string, q measure.Query) {
	db, err := sql.Open("duckdb", path+"?threads=2&memory_limit=1GB")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	same, args, err := warehouse.SQL(q, false)
	if err != nil {
		b.Fatal(err)
	}
	distinct, _, err := warehouse.SQL(q, true)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name, text string
		args       []any
	}{
		{"bare, same SQL", same, args},
		{"bare, counting distinct records", distinct, args},
		{"bare, sum alone", "SELECT month, point, sum(value) FROM facts WHERE op = 'op' AND item = 'moves' GROUP BY 1, 2", nil},
	} {
		b.Run(c.name, func(b *testing.B) {
			before := cpu()
			for b.Loop() {
				drain(b, db, c.text, c.args)
			}
			perOp(b, before)
		})
	}
}

func drain(b *testing.B, db *sql.DB, text string, args []any) {
	rows, err := db.QueryContext(b.Context(), text, args...)
	if err != nil {
		b.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
	}
	if err := rows.Err(); err != nil {
		b.Fatal(err)
	}
}

func loadFlows(b *testing.B, e warehouse.Engine, n int) {
	const step = 200_000
	facts := make([]measure.Fact, 0, step)
	day := time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		point := fmt.Sprintf("TJ-%03d", i*7919%120)
		facts = append(facts, measure.Fact{Op: "op", Activity: "registry", Round: 1 + i*36/n, Record: fmt.Sprintf("0190%08x-7000-8000-%012x", i>>8, i),
			Version: 1, Item: "moves", Date: day.AddDate(0, 0, i*1095/n).Format(time.DateOnly), Adm: [5]string{"TJK", "35" + point[4:5], point},
			Point: point, Category: "movement", DestAdm0: []string{"RUS", "KAZ", "UZB"}[i%3], Reason: []string{"work", "family"}[i%2],
			Direction: []string{"incoming", "outgoing", "transit"}[i*31%3], Value: float64(1 + i*13%40), Unit: "movement", Weight: 1, Definition: "0123456789abcdef"})
		if len(facts) == step || i == n-1 {
			if err := e.Apply(context.Background(), "op", warehouse.Batch{Stamp: warehouse.Stamp{Seq: int64(i)}, Facts: facts}); err != nil {
				b.Fatal(err)
			}
			facts = facts[:0]
		}
	}
}

// removeOne times what every new submission costs: taking out and putting in one record.
func removeOne(b *testing.B, e warehouse.Engine) {
	f := measure.Fact{Op: "op", Record: "0190ffffffff-7000-8000-000000000001", Item: "moves", Value: 1, Weight: 1}
	b.Run("replace one record", func(b *testing.B) {
		before := cpu()
		defer func() { perOp(b, before) }()
		for b.Loop() {
			if err := e.Apply(b.Context(), "op", warehouse.Batch{RemoveRecords: []string{f.Record}, Facts: []measure.Fact{f}}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// cpu is the processor time of the process: on a shared machine it says more than the clock.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func perOp(b *testing.B, before time.Duration) {
	b.ReportMetric(float64((cpu()-before).Microseconds())/1000/float64(b.N), "cpu-ms/op")
}

// resident is the process's memory as the system counts it.
func resident() string {
	text, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			return strings.TrimSpace(rest)
		}
	}
	return "unknown"
}
