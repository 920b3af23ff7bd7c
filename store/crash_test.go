//go:build unix

package store_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"safar/fault"
	"safar/internal/pgtest"
	"safar/record"
	"safar/store"
)

// Where the writing process of the crash tests finds its data; unset in every other run.
const (
	crashDir      = "SAFAR_TEST_CRASH_DIR"
	crashDatabase = "SAFAR_TEST_CRASH_DATABASE"
)

// TestCrashWriter is not a test: it is the process that the crash tests kill. It writes with several callers for ever
// and prints the id of every submission that was acknowledged.
func TestCrashWriter(t *testing.T) {
	dir := os.Getenv(crashDir)
	if dir == "" {
		t.Skip("run by the crash tests")
	}
	s, err := store.Open(context.Background(), store.Config{Dir: dir, Database: os.Getenv(crashDatabase)})
	if err != nil {
		t.Fatal(err)
	}
	write(t, s, func(tx *store.Tx) error { return put(tx, op) })
	var mutex sync.Mutex
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for {
				id, err := crashWrite(s)
				if err != nil {
					continue // the server is down; later writes must work again
				}
				mutex.Lock()
				fmt.Println("ack", id)
				mutex.Unlock()
			}
		})
	}
	wg.Wait()
}

// crashWrite stores one submission with a fresh id.
func crashWrite(s *store.Store) (id string, err error) {
	err = s.Write(context.Background(), func(tx *store.Tx) error {
		id = tx.NewID()
		r := sample(1)
		r.ID, r.InstanceID = record.ID(id), "uuid:"+id
		return receive(tx, r, []byte("<data>"+id+"</data>"))
	})
	return id, err
}

// writer is a running TestCrashWriter.
type writer struct {
	cmd  *exec.Cmd
	acks chan string // closed when the process is gone
}

func startWriter(t *testing.T, cfg store.Config) *writer {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestCrashWriter$")
	cmd.Env = append(os.Environ(), crashDir+"="+cfg.Dir, crashDatabase+"="+cfg.Database)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w := &writer{cmd, make(chan string, 1<<16)}
	go func() {
		defer close(w.acks)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if id, ok := strings.CutPrefix(lines.Text(), "ack "); ok && len(id) == 36 { // the last line may be torn
				w.acks <- id
			}
		}
		_, _ = io.Copy(io.Discard, out)
	}()
	return w
}

// kill ends the process without warning and adds what it acknowledged.
func (w *writer) kill(acked map[string]bool) {
	_ = w.cmd.Process.Kill()
	for id := range w.acks {
		acked[id] = true
	}
	_ = w.cmd.Wait()
}

// await waits until the process has acknowledged so many more.
func (w *writer) await(t *testing.T, n int, acked map[string]bool) {
	t.Helper()
	patience := time.After(30 * time.Second)
	for range n {
		select {
		case id, ok := <-w.acks:
			if !ok {
				t.Fatal("the writer ended by itself")
			}
			acked[id] = true
		case <-patience:
			t.Fatal("the writer does not write")
		}
	}
}

// kept opens the data and fails unless every acknowledged submission is there, whole, with its journal entry and job.
func kept(t *testing.T, cfg store.Config, acked map[string]bool) {
	t.Helper()
	s, err := store.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got := map[string]bool{}
	read(t, s, func(tx *store.Tx) error {
		records, err := tx.Records(op, store.RecordFilter{Limit: 1 << 20})
		for _, r := range records {
			got[string(r.ID)] = true
		}
		jobs, err2 := tx.JobCounts(op)
		if jobs[store.JobQueued] != int64(len(records)) {
			t.Errorf("%d records, jobs %v", len(records), jobs)
		}
		return first(err, err2)
	})
	for id := range acked {
		if !got[id] {
			t.Errorf("%s was acknowledged and is lost", id)
		}
	}
	whole(t, s, int64(len(got)))
	n, err := s.VerifyBlobs(context.Background(), op, func(sha string, err error) { t.Errorf("blob %s: %v", sha, err) })
	if err != nil || n != int64(len(got)) {
		t.Errorf("%d blobs for %d records, %v", n, len(got), err)
	}
}

// Twenty times a process that writes is killed at a random moment, on the same data.
func TestKilledProcessLosesNothing(t *testing.T) {
	bothConfigs(t, func(t *testing.T, cfg store.Config) {
		cfg.Dir = filepath.Join(cfg.Dir, "data")
		random := rand.New(rand.NewPCG(1, 2))
		acked := map[string]bool{}
		for range 20 {
			w := startWriter(t, cfg)
			w.await(t, 1+random.IntN(20), acked)
			time.Sleep(time.Duration(random.IntN(20)) * time.Millisecond)
			w.kill(acked)
		}
		kept(t, cfg, acked)
		t.Logf("%d acknowledged", len(acked))
	})
}

// Three times the database server is killed under a process that goes on writing; it recovers by itself.
func TestKilledServerLosesNothing(t *testing.T) {
	t.Parallel()
	cluster := pgtest.New(t)
	cfg := store.Config{Dir: filepath.Join(t.TempDir(), "data"), Database: cluster.URL(t)}
	w := startWriter(t, cfg)
	acked := map[string]bool{}
	for range 3 {
		w.await(t, 50, acked)
		if err := cluster.Kill(); err != nil {
			t.Fatal(err)
		}
		if err := cluster.Start(); err != nil {
			t.Fatal(err)
		}
	}
	w.await(t, 50, acked)
	w.kill(acked)
	kept(t, cfg, acked)
	t.Logf("%d acknowledged", len(acked))
}

// While the server is away every call says so; when it is back the same store works.
func TestServerGoesAndComesBack(t *testing.T) {
	t.Parallel()
	cluster := pgtest.New(t)
	s := open(t, store.Config{Dir: t.TempDir(), Database: cluster.URL(t)})
	if got := operations(t, s); !got[op] {
		t.Errorf("got %v", got)
	}
	if err := cluster.Kill(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(200 * time.Millisecond) // the server's processes end one after the other
	wants(t, s.Write(t.Context(), func(tx *store.Tx) error { return put(tx, "while-away") }), fault.StoreUnavailable)
	wants(t, s.Read(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Operations()
		return err
	}), fault.StoreUnavailable)
	if err := cluster.Start(); err != nil {
		t.Fatal(err)
	}
	write(t, s, func(tx *store.Tx) error { return put(tx, "back") })
	if got := operations(t, s); !got["back"] || got["while-away"] {
		t.Errorf("got %v", got)
	}
}
