package main

import (
	"context"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"safar/internal/pgtest"
)

// receive measures what phones wait for: 250 questions, 5 KB, over HTTP, durable, and what the checks cost beside it.
func receive(ctx context.Context, b *bench) (table, error) {
	t := table{
		Title:   fmt.Sprintf("%d submissions of %d questions, %.1f KB each, over HTTP on loopback, answered after the sync", b.submissions, questions, float64(len(submission(1)))/1000),
		Columns: []string{"per s", "CPU ms each", "p50 ms", "p95 ms", "p99 ms", "checks done beside"},
	}
	t.note("CPU each is all that the server used meanwhile, checks included, for one submission. It is that of the server alone (with PostgreSQL: and of the database); the phones are a process of their own on the same cores.")
	if err := b.floor(ctx, &t); err != nil {
		return t, err
	}
	if err := b.receiveInto(ctx, &t, "SQLite", filepath.Join(b.dir, "sqlite"), "", func() time.Duration { return 0 }); err != nil {
		return t, err
	}
	if b.postgres {
		if err := b.receiveIntoServer(ctx, &t); err != nil {
			return t, err
		}
	}
	t.add(yardstick, "ODK Central 2026.2, 1 process, 2 cores, load 2-7, same length and concurrency 8", "64-138", "14", "49-103", "117-273", "154-422", nil)
	t.add(target, "design section 9", ">= 1000", "<= 1.4", nil, nil, "< 50", nil)
	return t, nil
}

// floor is the same traffic to a server that does nothing.
func (b *bench) floor(ctx context.Context, t *table) error {
	root, stop, err := listen(http.HandlerFunc(drop))
	if err != nil {
		return err
	}
	defer stop()
	watch := startWatch()
	seen, err := sendAll(ctx, root, "none", 0, b.submissions, 8)
	if err != nil {
		return err
	}
	_, cpu := watch.lap()
	t.add(yardstick, "8 at once to a server that reads and drops", append(cells(seen, b.submissions, cpu), nil)...)
	return nil
}

func cells(seen traffic, count int, cpu time.Duration) []any {
	return []any{per(count, seen.Wall), each(cpu, count), seen.Times.at(50), seen.Times.at(95), seen.Times.at(99)}
}

// receiveIntoServer is receiveInto with a PostgreSQL of its own.
func (b *bench) receiveIntoServer(ctx context.Context, t *table) error {
	cluster, url, err := pgtest.Temporary()
	if err != nil {
		return err
	}
	defer cluster.Stop()
	return b.receiveInto(ctx, t, "PostgreSQL", filepath.Join(b.dir, "postgresql"), url, cluster.CPU)
}

// reception is one engine under measurement.
type reception struct {
	*desk
	engine       string
	root, secret string
	sent         int
	other        func() time.Duration // processor time of other processes of the engine
}

// receiveInto measures one engine. Checks are held back first, so that receiving is seen by itself; then they run beside
// it with a backlog, which is the worst that phones meet; then with none, which is every day.
func (b *bench) receiveInto(ctx context.Context, t *table, engine, dir, database string, other func() time.Duration) (err error) {
	d, err := openDesk(ctx, dir, database)
	if err != nil {
		return err
	}
	defer func() {
		if end := d.close(); err == nil {
			err = end
		}
	}()
	r := &reception{desk: d, engine: engine, other: other}
	if err := d.furnish(ctx, "baseline-sub-area"); err != nil {
		return err
	}
	if r.secret, err = d.publish(ctx, "baseline-sub-area"); err != nil {
		return err
	}
	var stop func()
	if r.root, stop, err = d.serve(); err != nil {
		return err
	}
	defer stop()
	return r.all(ctx, b, t)
}

func (r *reception) all(ctx context.Context, b *bench, t *table) error {
	if _, _, err := r.send(ctx, min(100, b.submissions), 8); err != nil { // caches, connections, statements
		return err
	}
	for _, atOnce := range []int{8, 64} {
		if err := r.run(ctx, b, t, atOnce, "checks held back"); err != nil {
			return err
		}
	}
	stop := r.runJobs(ctx)
	defer stop()
	if err := r.run(ctx, b, t, 8, "a backlog of checks beside"); err != nil {
		return err
	}
	if err := r.drained(ctx, t); err != nil {
		return err
	}
	for _, atOnce := range []int{8, 64} {
		if err := r.run(ctx, b, t, atOnce, "checks as they come"); err != nil {
			return err
		}
		if err := r.drained(ctx, nil); err != nil {
			return err
		}
	}
	return nil
}

func (r *reception) send(ctx context.Context, count, atOnce int) (traffic, time.Duration, error) {
	before := cpuTime() + r.other()
	seen, err := sendAll(ctx, r.root, r.secret, r.sent, count, atOnce)
	r.sent += count
	return seen, cpuTime() + r.other() - before, err
}

func (r *reception) run(ctx context.Context, b *bench, t *table, atOnce int, how string) error {
	before, err := r.jobsLeft(ctx)
	if err != nil {
		return err
	}
	seen, cpu, err := r.send(ctx, b.submissions, atOnce)
	if err != nil {
		return err
	}
	after, err := r.jobsLeft(ctx)
	checked := before + int64(b.submissions) - after
	t.add(measured, fmt.Sprintf("%s, %d at once, %s", r.engine, atOnce, how), append(cells(seen, b.submissions, cpu), checked)...)
	return err
}

// drained waits until no check is left and, with a table, says what they cost.
func (r *reception) drained(ctx context.Context, t *table) error {
	before, err := r.jobsLeft(ctx)
	if err != nil {
		return err
	}
	began, cpu := time.Now(), cpuTime()+r.other()
	for left := before; left > 0; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
		if left, err = r.jobsLeft(ctx); err != nil {
			return err
		}
	}
	if t != nil && before > 0 {
		t.add(measured, fmt.Sprintf("%s, %d checks alone", r.engine, before), per(int(before), time.Since(began)), each(cpuTime()+r.other()-cpu, int(before)), nil, nil, nil, nil)
	}
	return nil
}
