package workflow_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"safar/access"
	"safar/dictionary"
	"safar/internal/pgtest"
	"safar/round"
	"safar/sheet"
	"safar/store"
	"safar/toolbox"
	"safar/warehouse"
	"safar/workflow"
)

// desk is a workflow on a store of its own, with an actor who may do everything.
type desk struct {
	*workflow.Workflow
	t     testing.TB
	ctx   context.Context
	actor access.Actor
	clock *clock
}

// clock is a time that only tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

func newDesk(t testing.TB) *desk { return openDesk(t, ":memory:") }

// both runs a test on SQLite and on PostgreSQL.
func both(t *testing.T, test func(*testing.T, *desk)) {
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); test(t, newDesk(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); test(t, openDesk(t, pgtest.URL(t))) })
}

func openDesk(t testing.TB, database string) *desk {
	t.Helper()
	d := &desk{t: t, ctx: t.Context(), actor: access.Actor{Kind: access.Local, ID: "tester", Name: "local:tester"}, clock: &clock{now: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)}}
	dict, err := dictionary.Default()
	d.must(err)
	box, err := toolbox.Default()
	d.must(err)
	st, err := store.Open(d.ctx, store.Config{Dir: t.TempDir(), Database: database, Now: d.clock.Now})
	d.must(err)
	t.Cleanup(func() { _ = st.Close() })
	d.Workflow = workflow.New(d.ctx, workflow.Config{
		Store: st, Dictionary: dict, Tools: box, Now: d.clock.Now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Version: "test",
		Engine: func(context.Context) (warehouse.Engine, error) { return warehouse.NewMemory(), nil },
	})
	return d
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func book(name, text string) workflow.Workbook {
	return workflow.Workbook{Name: name, Data: bytes.NewReader([]byte(text)), Size: int64(len(text))}
}

// operation makes an operation in the practice country with one open round of the sub-area assessment.
func (d *desk) operation() round.Operation {
	d.t.Helper()
	op, err := d.CreateOperation(d.ctx, d.actor, round.Operation{Slug: "demo", Title: "Demo", Country: "XSF", TimeZone: "Asia/Dushanbe"})
	d.must(err)
	_, err = d.PublishTool(d.ctx, d.actor, op.Slug, "baseline-sub-area")
	d.must(err)
	_, err = d.OpenRound(d.ctx, d.actor, round.Round{Operation: op.Slug, Activity: "baseline-sub-area", Number: 1, Start: "2026-02-01", End: "2026-02-28"})
	d.must(err)
	return op
}

func roundWithDate() round.Round {
	return round.Round{Operation: "demo", Activity: "baseline-sub-area", Number: 1, Start: "2026-02-01", End: "2026-02-28"}
}

func mustBook(t *testing.T, text string) *sheet.Book {
	t.Helper()
	b, err := sheet.OpenBytes("form.md", []byte(text), sheet.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// acceptAll decides that every open finding stands.
func (d *desk) acceptAll() {
	d.t.Helper()
	findings, err := d.Findings(d.ctx, d.actor, "demo", store.FindingFilter{State: store.FindingOpen, Limit: 1000})
	d.must(err)
	for _, f := range findings {
		d.must(d.AcceptFinding(d.ctx, d.actor, "demo", f.ID, "looked at"))
	}
}
