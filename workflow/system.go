package workflow

import (
	"context"
	"io"

	"safar/access"
	"safar/fault"
	"safar/store"
	"safar/warehouse"
)

// CheckReport is what a check of the whole installation found.
type CheckReport struct {
	Chains   []store.ChainReport `json:"chains"`
	Blobs    int64               `json:"blobs"`
	Releases int                 `json:"releases"`
	Records  int64               `json:"records"`
	Problems []error             `json:"-"`
}

// Check verifies every hash, link and published number: the chains of the journal, every blob, and every release by
// making it again. It changes nothing. Say is told what is being done; it may be nil.
func (w *Workflow) Check(ctx context.Context, actor access.Actor, say func(string)) (report CheckReport, err error) {
	if err := allow(actor, access.ManageSystem, ""); err != nil {
		return report, err
	}
	if say == nil {
		say = func(string) {}
	}
	ops, err := w.Operations(ctx, actor)
	if err != nil {
		return report, err
	}
	slugs := []string{""}
	for _, op := range ops {
		slugs = append(slugs, op.Slug)
	}
	for _, slug := range slugs {
		say("checking the journal and the originals of " + orWhole(slug))
		if err := w.checkStored(ctx, slug, &report); err != nil {
			return report, err
		}
	}
	for _, op := range ops {
		if err := w.checkReleases(ctx, actor, op.Slug, say, &report); err != nil {
			return report, err
		}
	}
	return report, nil
}

func (w *Workflow) checkStored(ctx context.Context, slug string, report *CheckReport) error {
	chains, err := w.Store.VerifyJournal(ctx, slug)
	if err != nil {
		return err
	}
	for _, chain := range chains {
		report.Chains = append(report.Chains, chain)
		if chain.Broken > 0 {
			report.Problems = append(report.Problems, fault.New(fault.WorkflowChainBroken, "operation", orWhole(slug), "seq", itoa(chain.Broken), "reason", chain.Reason))
		}
	}
	n, err := w.Store.VerifyBlobs(ctx, slug, func(sha string, err error) {
		report.Problems = append(report.Problems, fault.Wrap(err, fault.WorkflowBlobBad, "operation", orWhole(slug), "sha", sha))
	})
	report.Blobs += n
	return err
}

func (w *Workflow) checkReleases(ctx context.Context, actor access.Actor, slug string, say func(string), report *CheckReport) error {
	releases, err := w.Releases(ctx, actor, slug)
	if err != nil {
		return err
	}
	for _, r := range releases {
		say("making release " + r.ID + " again")
		report.Releases++
		_, problems, err := w.RebuildRelease(ctx, actor, r.ID)
		if err != nil {
			return err
		}
		report.Problems = append(report.Problems, problems...)
	}
	return nil
}

// RebuildWarehouse throws the facts of every operation away and makes them again from the records.
func (w *Workflow) RebuildWarehouse(ctx context.Context, actor access.Actor) error {
	if err := allow(actor, access.ManageSystem, ""); err != nil {
		return err
	}
	ops, err := w.Operations(ctx, actor)
	if err != nil {
		return err
	}
	engine, err := w.engine()
	if err != nil {
		return err
	}
	for _, op := range ops {
		if err := w.resetFacts(ctx, engine, op.Slug); err != nil {
			return err
		}
		if _, err := w.Refresh(ctx, op.Slug); err != nil {
			return err
		}
	}
	return nil
}

func (w *Workflow) resetFacts(ctx context.Context, engine warehouse.Engine, slug string) error {
	w.refresh.Lock()
	defer w.refresh.Unlock()
	return engine.Reset(ctx, slug)
}

// Backup writes an encrypted copy of everything while work goes on.
func (w *Workflow) Backup(ctx context.Context, actor access.Actor, out io.Writer, passphrase string) error {
	if err := allow(actor, access.ManageSystem, ""); err != nil {
		return err
	}
	if err := w.Store.Backup(ctx, out, passphrase); err != nil {
		return err
	}
	return w.change(ctx, actor, access.ManageSystem, "", func(s *Step) error { return s.Journal("backup.made", "", nil) })
}

// Health is what a monitor wants to know; it holds nothing of anybody.
type Health struct {
	Version string         `json:"version"`
	Engine  string         `json:"engine"`
	Jobs    map[string]int `json:"jobs"` // by state; dead ones wait for a person
}

// Health reads the state of the store; an error means that it cannot be read.
func (w *Workflow) Health(ctx context.Context) (Health, error) {
	h := Health{Version: w.Version, Engine: w.Store.Engine(), Jobs: map[string]int{}}
	err := w.Store.Read(ctx, func(tx *store.Tx) error {
		counts, err := tx.JobCounts("")
		for state, n := range counts {
			h.Jobs[string(state)] += int(n)
		}
		return err
	})
	return h, err
}

// Close ends the imports that run in the background and frees what the workflow opened itself: the warehouse. The store belongs to its opener.
func (w *Workflow) Close() error {
	w.uploads.close()
	w.mu.Lock()
	opened := w.opened
	w.mu.Unlock()
	if opened == nil {
		return nil
	}
	return opened.Close()
}
