package training_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"safar/access"
	"safar/quality"
	"safar/record"
	"safar/store"
	"safar/training"
	"safar/warehouse"
	"safar/workflow"
)

// server is a running Safar whose time follows the submissions.
type server struct {
	*workflow.Workflow
	t       *testing.T
	actor   access.Actor
	mu      sync.Mutex
	now     time.Time
	country training.Country
	ids     map[string]record.ID // by instance
}

func (s *server) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(time.Millisecond)
	return s.now
}

func (s *server) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func newServer(t *testing.T, c training.Country) *server {
	t.Helper()
	s := &server{t: t, actor: access.Actor{Kind: access.Local, ID: "trainer", Name: "local:trainer"}, now: c.Submissions[0].At.AddDate(0, -1, 0), country: c, ids: map[string]record.ID{}}
	ctx := t.Context()
	st, err := store.Open(ctx, store.Config{Dir: t.TempDir(), Database: ":memory:", Now: s.clock})
	s.must(err)
	t.Cleanup(func() { _ = st.Close() })
	box, dict := tools()
	s.Workflow = workflow.New(ctx, workflow.Config{
		Store: st, Dictionary: dict, Tools: box, Now: s.clock, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Version: "test",
		Engine: func(context.Context) (warehouse.Engine, error) { return warehouse.NewMemory(), nil },
	})
	_, err = s.CreateOperation(ctx, s.actor, c.Operation)
	s.must(err)
	_, err = s.AddPlaces(ctx, s.actor, "practice country", c.Places)
	s.must(err)
	for _, tool := range []string{training.Baseline, training.Flow} {
		_, err = s.PublishTool(ctx, s.actor, training.Slug, tool)
		s.must(err)
	}
	for _, r := range c.Rounds {
		_, err = s.OpenRound(ctx, s.actor, r)
		s.must(err)
	}
	return s
}

// receive sends one submission at its hour.
func (s *server) receive(in training.Submission) {
	s.t.Helper()
	s.mu.Lock()
	s.now = in.At
	s.mu.Unlock()
	sub := workflow.Submission{Operation: training.Slug, Source: record.FromDevice, XML: in.XML}
	for _, a := range in.Attachments {
		sum := sha256.Sum256(a.Bytes)
		sub.Parts = append(sub.Parts, workflow.Part{Name: a.Name, Size: int64(len(a.Bytes)), SHA256: hex.EncodeToString(sum[:]),
			Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(a.Bytes)), nil }})
	}
	receipt, err := s.Receive(s.t.Context(), s.actor, sub)
	s.must(err)
	want := workflow.Accepted
	if in.Careless == training.Conflict {
		want = workflow.Conflicted
	} else {
		s.ids[in.Instance] = receipt.Record
	}
	if receipt.Outcome != want || len(receipt.Missing)+len(receipt.Refused) > 0 {
		s.t.Errorf("%s %s: %+v", in.Careless, in.Instance, receipt)
	}
}

func (s *server) figure(activity string, number int, measure string) float64 {
	s.t.Helper()
	f, err := s.Figures(s.t.Context(), s.actor, workflow.FigureQuery{Operation: training.Slug, Activity: activity, Round: number, Measure: measure})
	s.must(err)
	if len(f.Rows) != 1 || f.Rows[0].Value == nil {
		s.t.Fatalf("%s of round %d: %+v", measure, number, f.Rows)
	}
	return *f.Rows[0].Value
}

// compare holds the figures against a truth.
func (s *server) compare(what string, stock func(int) training.Stock, moved func(training.Movement) int) {
	s.t.Helper()
	for number := 1; number <= 2; number++ {
		want, movements := stock(number), 0
		for _, m := range s.country.Truth.Movements {
			if m.Round == number {
				movements += moved(m)
			}
		}
		for measure, n := range map[string]int{"idp.hh": want.IDP.HH, "idp.ind": want.IDP.Ind, "returnee.hh": want.Returnee.HH, "returnee.ind": want.Returnee.Ind} {
			if got := s.figure(training.Baseline, number, measure); got != float64(n) {
				s.t.Errorf("%s, round %d: %s is %v, truth %d", what, number, measure, got, n)
			}
		}
		if got := s.figure(training.Flow, number, "movements"); got != float64(movements) {
			s.t.Errorf("%s, round %d: %v movements, truth %d", what, number, got, movements)
		}
	}
}

// TestTheWholeChainKnowsTheTruth sends the small country to a Safar, and mends what was planted as a supervisor would.
func TestTheWholeChainKnowsTheTruth(t *testing.T) {
	t.Parallel()
	s := newServer(t, smallCountry(t))
	for _, in := range s.country.Submissions {
		s.receive(in)
	}
	s.must(s.Drain(t.Context()))
	truth := s.country.Truth
	s.compare("as sent", truth.TotalAsSent, func(m training.Movement) int { return m.AsSent })
	s.careful()
	for _, d := range truth.Defects {
		s.mend(d)
	}
	s.must(s.Drain(t.Context()))
	s.compare("mended", truth.Total, func(m training.Movement) int { return m.Movements })
}

// careful wants no finding that must be answered in records without a planted defect.
func (s *server) careful() {
	s.t.Helper()
	twice := map[string]bool{}
	for _, d := range s.country.Truth.Defects {
		if d.Kind == training.AssessedTwice {
			twice[d.Unit] = true
		}
	}
	for _, in := range s.country.Submissions {
		if in.Careless != "" {
			continue
		}
		v, err := s.Record(s.t.Context(), s.actor, training.Slug, s.ids[in.Instance])
		s.must(err)
		for _, f := range v.Findings {
			if f.Level != quality.Flag && f.Check != "place.not_located" && !twice[v.Unit] {
				s.t.Errorf("careful record of %s: %s %s: %s", v.Unit, f.Level, f.Check, f.Message["en"])
			}
		}
	}
}

func (s *server) mend(d training.Defect) {
	s.t.Helper()
	switch {
	case d.Kind == training.Conflict: // kept beside the first and counted nowhere
	case d.Mend == training.Correct:
		_, err := s.Correct(s.t.Context(), s.actor, workflow.Correction{Operation: training.Slug, Record: s.ids[d.Instance], Question: d.Question, Value: d.True, Reason: "typo", Comment: "practice"})
		s.must(err)
	case d.Mend == training.Exclude:
		s.must(s.Decide(s.t.Context(), s.actor, training.Slug, s.ids[d.Instance], record.Excluded, "practice"))
	}
}
