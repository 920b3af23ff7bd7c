package warehouse

import (
	"context"
	"iter"
	"slices"
	"strings"
	"sync"

	"safar/measure"
)

// Memory is the engine that keeps facts in the process and evaluates them plainly. It is empty at every start, so that
// its caller builds it anew; about 1 KB a fact, good for some hundred thousand.
type Memory struct {
	mu  sync.RWMutex
	ops map[string]*shelf
}

// shelf is what Memory keeps of one operation.
type shelf struct {
	stamp   Stamp
	facts   map[string][]measure.Fact // by record
	missing map[string][]measure.Missing
}

// NewMemory makes an empty engine.
func NewMemory() *Memory { return &Memory{ops: map[string]*shelf{}} }

// Stamp gives the operation's stamp.
func (m *Memory) Stamp(_ context.Context, op string) (Stamp, error) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if s := m.ops[op]; s != nil {
		return s.stamp, nil
	}
	return Stamp{}, nil
}

// Apply moves facts and stamp in one step.
func (m *Memory) Apply(ctx context.Context, op string, b Batch) error {
	if err := b.Check(op); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.ops[op]
	if s == nil {
		s = &shelf{facts: map[string][]measure.Fact{}, missing: map[string][]measure.Missing{}}
		m.ops[op] = s
	}
	for _, record := range b.RemoveRecords {
		delete(s.facts, record)
		delete(s.missing, record)
	}
	for _, f := range b.Facts {
		s.facts[f.Record] = append(s.facts[f.Record], f)
	}
	for _, x := range b.Missing {
		s.missing[x.Record] = append(s.missing[x.Record], x)
	}
	s.stamp = b.Stamp
	return nil
}

// Reset forgets everything of the operation.
func (m *Memory) Reset(_ context.Context, op string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.ops, op)
	return nil
}

// Query answers a query.
func (m *Memory) Query(ctx context.Context, q measure.Query) ([]measure.Observation, error) {
	tally, err := measure.NewTally(q)
	if err != nil {
		return nil, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	s := m.ops[q.Operation]
	if s == nil {
		return tally.Observations()
	}
	for _, facts := range s.facts {
		for i := range facts {
			tally.Fact(&facts[i])
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
	for _, missing := range s.missing {
		for i := range missing {
			tally.Missing(&missing[i])
		}
	}
	return tally.Observations()
}

// Facts gives the facts behind one observation.
func (m *Memory) Facts(_ context.Context, q measure.Query, key []string) iter.Seq2[measure.Fact, error] {
	narrow, err := Within(q, key)
	if err != nil {
		return fail(err)
	}
	keep, err := measure.Selector(narrow)
	if err != nil {
		return fail(err)
	}
	var found []measure.Fact
	m.mu.RLock()
	if s := m.ops[q.Operation]; s != nil {
		for _, facts := range s.facts {
			for i := range facts {
				if keep(&facts[i]) {
					found = append(found, facts[i])
				}
			}
		}
	}
	m.mu.RUnlock()
	slices.SortFunc(found, order)
	return func(yield func(measure.Fact, error) bool) {
		for _, f := range found {
			if !yield(f, nil) {
				return
			}
		}
	}
}

// order is the one of Engine.Facts.
func order(a, b measure.Fact) int {
	for _, c := range []int{
		strings.Compare(a.Record, b.Record), a.Version - b.Version, strings.Compare(a.Item, b.Item),
		strings.Compare(a.RepeatPath, b.RepeatPath), strings.Compare(a.Breakdown, b.Breakdown), strings.Compare(a.Sex, b.Sex),
		strings.Compare(a.AgeLo, b.AgeLo), strings.Compare(a.Category, b.Category),
	} {
		if c != 0 {
			return c
		}
	}
	switch {
	case a.Value < b.Value:
		return -1
	case a.Value > b.Value:
		return 1
	}
	return 0
}

// Close frees nothing.
func (m *Memory) Close() error { return nil }

var _ Engine = (*Memory)(nil)
