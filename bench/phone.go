package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"safar/internal/collect"
)

// phoneCommand is the first argument with which this program is the phones: they are a process of their own, so that
// the processor time of the server is its own.
const phoneCommand = "phones"

// traffic is what a run of the phones saw.
type traffic struct {
	Wall     time.Duration `json:"wall"`
	Times    latencies     `json:"times"` // one for each submission
	Statuses map[int]int   `json:"statuses"`
	Failure  string        `json:"failure,omitempty"` // the first, in words
}

// sendAll runs the phones: count submissions, so many at once, numbered from first on.
func sendAll(ctx context.Context, root, secret string, first, count, atOnce int) (t traffic, err error) {
	program, err := os.Executable()
	if err != nil {
		return t, err
	}
	cmd := exec.CommandContext(ctx, program, phoneCommand, "-root", root, "-first", strconv.Itoa(first), "-count", strconv.Itoa(count), "-at-once", strconv.Itoa(atOnce))
	cmd.Env = append(os.Environ(), "SAFAR_BENCH_SECRET="+secret)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return t, fmt.Errorf("the phones: %w", err)
	}
	if err := json.Unmarshal(out, &t); err != nil {
		return t, fmt.Errorf("the phones answered %.100q: %w", out, err)
	}
	if t.Failure != "" || t.Statuses[http.StatusCreated] != count {
		return t, fmt.Errorf("of %d submissions not all were received: %v %s", count, t.Statuses, t.Failure)
	}
	return t, nil
}

// phoneMain is the program as the phones.
func phoneMain(args []string) int {
	flags := flag.NewFlagSet(phoneCommand, flag.ContinueOnError)
	root := flags.String("root", "", "address of the server")
	first := flags.Int("first", 0, "number of the first submission")
	count := flags.Int("count", 1, "submissions")
	atOnce := flags.Int("at-once", 1, "phones")
	if flags.Parse(args) != nil {
		return 2
	}
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	t := send(ctx, *root, os.Getenv("SAFAR_BENCH_SECRET"), *first, *count, *atOnce)
	if err := json.NewEncoder(os.Stdout).Encode(t); err != nil {
		return 1
	}
	return 0
}

// send lets the phones work. What they send is made before the clock starts; connections are kept, as phones keep them
// while they empty their outbox.
func send(ctx context.Context, root, secret string, first, count, atOnce int) traffic {
	bodies := make([][]byte, count)
	for i := range bodies {
		bodies[i] = submission(first + i)
	}
	transport := &http.Transport{MaxIdleConnsPerHost: atOnce, MaxConnsPerHost: atOnce}
	defer transport.CloseIdleConnections()
	t := traffic{Times: make(latencies, count), Statuses: map[int]int{}}
	var next atomic.Int64
	var mu sync.Mutex
	var group sync.WaitGroup
	began := time.Now()
	for range atOnce {
		group.Go(func() {
			phone := collect.New(root, collect.Auth{Token: secret})
			phone.HTTP = &http.Client{Transport: transport}
			for i := next.Add(1) - 1; int(i) < count; i = next.Add(1) - 1 {
				start := time.Now()
				answer, err := phone.Post(ctx, bodies[i])
				t.Times[i] = time.Since(start)
				mu.Lock()
				t.Statuses[answer.Status]++
				if err != nil && t.Failure == "" {
					t.Failure = err.Error()
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	t.Wall = time.Since(began)
	return t
}
