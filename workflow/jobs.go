package workflow

import (
	"context"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"safar/access"
	"safar/fault"
	"safar/record"
	"safar/store"
)

// Jobs are taken a few at a time; a lease is long enough for the slowest job, and a crashed one comes back after it.
const (
	jobBatch = 32
	jobLease = 15 * time.Second
	jobPause = time.Second // how often a quiet server looks for jobs of other processes
)

// RunJobs works jobs off until the context ends: at once when something was received here, otherwise every second. It
// works on one at a time, because phones that send meanwhile go first.
func (w *Workflow) RunJobs(ctx context.Context) {
	news, done := w.Listen()
	defer done()
	tick := time.NewTicker(jobPause)
	defer tick.Stop()
	for {
		if jobs, err := w.workOff(ctx, 1); err != nil && ctx.Err() == nil {
			w.Log.Error("jobs", "error", err)
		} else if len(jobs) == jobBatch {
			continue // there may be more
		}
		select {
		case <-ctx.Done():
			return
		case <-news:
		case <-tick.C:
		}
	}
}

// Drain works off every job that was queued before it was called, for commands that need the result now. Jobs that
// somebody else works on are waited for: a process that died gives its jobs back when their lease runs out.
func (w *Workflow) Drain(ctx context.Context) error {
	mark := ""
	if err := w.Store.Read(ctx, func(tx *store.Tx) error { mark = tx.NewID(); return nil }); err != nil {
		return err
	}
	for {
		jobs, err := w.workOff(ctx, runtime.GOMAXPROCS(0))
		if err != nil {
			return err
		}
		if slices.ContainsFunc(jobs, func(j store.Job) bool { return j.ID < mark }) {
			continue
		}
		busy, err := w.leasedBefore(ctx, mark)
		if err != nil || !busy {
			return err // what came after the call is the server's business: phones may go on sending for ever
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(drainPause):
		}
	}
}

// allChecked works the jobs off and says so when some records of an operation still could not be checked: they do not
// count, and nobody should take the figures for whole.
func (w *Workflow) allChecked(ctx context.Context, operation string) error {
	if err := w.Drain(ctx); err != nil {
		return err
	}
	n, err := w.unchecked(ctx, operation)
	if err != nil || n == 0 {
		return err
	}
	return fault.New(fault.WorkflowUnchecked, "count", strconv.FormatInt(n, 10), "operation", operation)
}

// unchecked counts the checks of an operation that failed and wait to be tried again, by the clock or by a person.
func (w *Workflow) unchecked(ctx context.Context, operation string) (n int64, err error) {
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		for _, state := range []store.JobState{store.JobQueued, store.JobDead} {
			jobs, err := tx.Jobs(store.JobFilter{Operation: operation, Kind: jobCheck, State: state, Limit: 1000})
			if err != nil {
				return err
			}
			for _, job := range jobs {
				if state == store.JobDead || job.Attempts > 0 {
					n++
				}
			}
		}
		return nil
	})
	return n, err
}

// drainPause is how often Drain looks whether others are done.
const drainPause = 20 * time.Millisecond

// leasedBefore says whether somebody works on a job that is older than mark; ids of jobs sort by time.
func (w *Workflow) leasedBefore(ctx context.Context, mark string) (busy bool, err error) {
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		leased, err := tx.Jobs(store.JobFilter{State: store.JobLeased, Kind: jobCheck, Limit: 1})
		busy = len(leased) > 0 && leased[0].ID < mark
		return err
	})
	return busy, err
}

// workOff takes one batch of jobs and runs them with so many workers; it says which they were.
func (w *Workflow) workOff(ctx context.Context, workers int) ([]store.Job, error) {
	due := false
	if err := w.Store.Read(ctx, func(tx *store.Tx) (err error) {
		due, err = tx.JobsDue()
		return err
	}); err != nil || !due {
		return nil, err
	}
	var jobs []store.Job
	if err := w.Store.Write(ctx, func(tx *store.Tx) (err error) {
		jobs, err = tx.Lease(jobBatch, []string{jobCheck}, jobLease)
		return err
	}); err != nil {
		return nil, err
	}
	return jobs, w.runJobs(ctx, jobs, workers)
}

// runJobs forms the opinions, several at a time, and saves those of one operation together, since a write costs a disk
// sync.
func (w *Workflow) runJobs(ctx context.Context, jobs []store.Job, workers int) error {
	opinions := map[string][]opinion{}
	done := map[string][]store.Job{}
	for i, formed := range w.opineAll(ctx, jobs, workers) {
		job := jobs[i]
		if err := ctx.Err(); err != nil {
			return err
		}
		if formed.err != nil {
			if err := w.failJob(ctx, job, formed.err); err != nil {
				return err
			}
			continue
		}
		if formed.known {
			opinions[job.Operation] = append(opinions[job.Operation], formed.opinion)
		}
		done[job.Operation] = append(done[job.Operation], job)
	}
	for operation, finished := range done {
		if err := w.finishJobs(ctx, operation, finished, opinions[operation]); err != nil {
			return err
		}
	}
	return nil
}

// formed is what became of one job's opinion.
type formed struct {
	opinion
	known bool
	err   error
}

func (w *Workflow) opineAll(ctx context.Context, jobs []store.Job, workers int) []formed {
	all := make([]formed, len(jobs))
	var group sync.WaitGroup
	for first := range workers {
		group.Go(func() {
			for i := first; i < len(jobs) && ctx.Err() == nil; i += workers {
				f := &all[i]
				f.opinion, f.known, f.err = w.opine(ctx, jobs[i].Operation, record.ID(jobs[i].Subject))
			}
		})
	}
	group.Wait()
	return all
}

func (w *Workflow) failJob(ctx context.Context, job store.Job, failure error) error {
	w.Log.Warn("job failed", "kind", job.Kind, "operation", job.Operation, "subject", job.Subject, "attempt", job.Attempts, "code", fault.CodeOf(failure), "error", failure)
	return w.Store.Write(ctx, func(tx *store.Tx) error { return tx.Fail(job.Operation, job.ID, failure) })
}

// finishJobs saves the opinions and ends the jobs in one write. When that fails, each is tried alone, so that one bad
// record cannot hold the others back.
func (w *Workflow) finishJobs(ctx context.Context, operation string, jobs []store.Job, opinions []opinion) error {
	err := w.change(ctx, system(), access.Submit, operation, func(s *Step) error {
		for _, o := range opinions {
			if err := w.save(s, o); err != nil {
				return err
			}
		}
		for _, job := range jobs {
			if err := s.Finish(operation, job.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		for _, job := range jobs {
			w.news.tell(News{Operation: operation, Kind: "record.checked", Subject: job.Subject})
		}
		return nil
	}
	if len(jobs) == 1 {
		return w.failJob(ctx, jobs[0], err)
	}
	for _, job := range jobs {
		var own []opinion
		for _, o := range opinions {
			if string(o.rec.ID) == job.Subject {
				own = append(own, o)
			}
		}
		if err := w.finishJobs(ctx, operation, []store.Job{job}, own); err != nil {
			return err
		}
	}
	return nil
}

// JobList lists jobs, dead ones included: what failed too often waits there for a person.
func (w *Workflow) JobList(ctx context.Context, actor access.Actor, filter store.JobFilter) (jobs []store.Job, err error) {
	err = w.read(ctx, actor, access.ManageSystem, filter.Operation, func(tx *store.Tx) error {
		jobs, err = tx.Jobs(filter)
		return err
	})
	return jobs, err
}

// RetryJob gives a dead job its tries again.
func (w *Workflow) RetryJob(ctx context.Context, actor access.Actor, operation, id string) error {
	return w.change(ctx, actor, access.ManageSystem, operation, func(s *Step) error {
		if err := s.Tx.RetryJob(operation, id); err != nil {
			return err
		}
		return s.Journal("job.retried", id, nil)
	})
}
