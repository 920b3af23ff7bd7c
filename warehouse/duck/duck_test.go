package duck_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"safar/fault"
	"safar/internal/enginetest"
	"safar/measure"
	"safar/warehouse"
	"safar/warehouse/duck"
)

func open(t testing.TB, o duck.Options) warehouse.Engine {
	t.Helper()
	e, err := duck.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

func TestDuckConforms(t *testing.T) {
	t.Parallel()
	enginetest.Conform(t, func(t *testing.T) warehouse.Engine {
		return open(t, duck.Options{Path: filepath.Join(t.TempDir(), "warehouse.duckdb")})
	})
}

func TestDuckInMemory(t *testing.T) {
	t.Parallel()
	e := open(t, duck.Options{})
	facts, missing := enginetest.Data(1, 50)
	enginetest.Load(t, e, facts, missing)
}

func TestDamagedFileIsMovedAside(t *testing.T) {
	t.Parallel()
	needDuck(t)
	path := filepath.Join(t.TempDir(), "it's.duckdb")
	if err := os.WriteFile(path, []byte(strings.Repeat("not a database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	var aside string
	e := open(t, duck.Options{Path: path, Moved: func(to string, why error) { aside = to }})
	if s, err := e.Stamp(t.Context(), "op"); err != nil || s != (warehouse.Stamp{}) {
		t.Errorf("stamp %v, %v", s, err)
	}
	if _, err := os.Stat(aside); err != nil {
		t.Error(err)
	}
}

func TestReopenKeepsStampAndFacts(t *testing.T) {
	t.Parallel()
	needDuck(t)
	path := filepath.Join(t.TempDir(), "w.duckdb")
	stamp := warehouse.Stamp{Seq: 4, Definition: "d"}
	e := open(t, duck.Options{Path: path})
	if err := e.Apply(t.Context(), "op", warehouse.Batch{Stamp: stamp}); err != nil {
		t.Fatal(err)
	}
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := open(t, duck.Options{Path: path}).Stamp(t.Context(), "op"); err != nil || got != stamp {
		t.Fatalf("stamp %v, %v", got, err)
	}
}

// TestKilledInApply kills a process that writes batches; stamp and facts must always belong together.
func TestKilledInApply(t *testing.T) {
	if path := os.Getenv("SAFAR_DUCK_WRITER"); path != "" {
		write(t, path)
		return
	}
	t.Parallel()
	needDuck(t)
	path := filepath.Join(t.TempDir(), "w.duckdb")
	last := int64(-1)
	for round := range 4 {
		killWriter(t, path, time.Duration(300+150*round)*time.Millisecond)
		e := open(t, duck.Options{Path: path, Moved: func(_ string, why error) { t.Errorf("moved aside: %v", why) }})
		stamp, err := e.Stamp(t.Context(), "op")
		if err != nil {
			t.Fatal(err)
		}
		rows, err := e.Query(t.Context(), measure.Query{Operation: "op", Measure: measure.Measure{ID: "m", Fact: "x", Agg: measure.Count}})
		if err != nil {
			t.Fatal(err)
		}
		facts := 0.0
		if len(rows) == 1 {
			facts = rows[0].Value
		}
		if facts != float64(stamp.Seq*batch) || stamp.Seq < last {
			t.Errorf("stamp %d, %v facts, before %d", stamp.Seq, facts, last)
		}
		last = stamp.Seq
		if err := e.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if last == 0 {
		t.Error("nothing was ever written")
	}
}

const batch = 500

// write is the process that gets killed.
func write(t *testing.T, path string) {
	e := open(t, duck.Options{Path: path})
	stamp, err := e.Stamp(t.Context(), "op")
	if err != nil {
		t.Fatal(err)
	}
	for seq := stamp.Seq + 1; ; seq++ {
		b := warehouse.Batch{Stamp: warehouse.Stamp{Seq: seq, Definition: "d"}}
		for i := range batch {
			record := strconv.FormatInt(seq, 10) + "-" + strconv.Itoa(i)
			b.Facts = append(b.Facts, measure.Fact{Op: "op", Record: record, Item: "x", Value: 1, Weight: 1})
		}
		if err := e.Apply(t.Context(), "op", b); err != nil {
			t.Fatal(err)
		}
	}
}

func killWriter(t *testing.T, path string, after time.Duration) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledInApply$")
	cmd.Env = append(os.Environ(), "SAFAR_DUCK_WRITER="+path)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(after)
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
}

func TestFileInUseIsLeftAlone(t *testing.T) {
	t.Parallel()
	needDuck(t)
	path := filepath.Join(t.TempDir(), "w.duckdb")
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledInApply$")
	cmd.Env = append(os.Environ(), "SAFAR_DUCK_WRITER="+path)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	for range 100 {
		if _, err := os.Stat(path); err == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if _, err := duck.Open(t.Context(), duck.Options{Path: path}); !errors.Is(err, fault.New(fault.WarehouseLocked)) {
		t.Errorf("got %v", err)
	}
}

func needDuck(t *testing.T) {
	t.Helper()
	if !duck.Embedded {
		t.Skip("this build holds no DuckDB")
	}
}
