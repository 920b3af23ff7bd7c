package store

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// JobState says where a job stands. A job that is done is deleted: what it did is in the journal.
type JobState string

// The states.
const (
	JobQueued JobState = "queued" // waits until it is due
	JobLeased JobState = "leased" // somebody works on it; when the lease runs out it is due again
	JobDead   JobState = "dead"   // failed too often: a person must look
)

// MaxAttempts is how often a job is tried before it is dead; a lease that ran out counts as a try.
const MaxAttempts = 8

// Job is work to be done after the write that asked for it. It survives crashes and may run more than once.
type Job struct {
	Operation   string
	ID          string
	Kind        string
	Subject     string
	Payload     []byte
	State       JobState
	Attempts    int // tries begun
	DueAt       time.Time
	LeasedUntil time.Time
	CreatedAt   time.Time
	Failure     string // of the last try, in words
}

// JobFilter chooses jobs; zero fields choose all.
type JobFilter struct {
	Operation string
	State     JobState
	Kind      string
	After     string // id of the last one seen
	Limit     int    // 0 = 100
}

// Enqueue adds a job that is due at after, at once when that is zero.
func (tx *Tx) Enqueue(op, kind, subject string, payload []byte, after time.Time) error {
	return tx.EnqueueOnce(op, kind, "", subject, payload, after)
}

// EnqueueOnce adds a job unless one of the same kind and key is queued. One that is leased does not count: it may have
// read its input before this write.
func (tx *Tx) EnqueueOnce(op, kind, key, subject string, payload []byte, after time.Time) error {
	if after.IsZero() {
		after = tx.now
	}
	return tx.put(`INSERT INTO job (operation, id, kind, subject, once, state, attempts, due_at, leased_until, created_at, failure, payload)
		VALUES ($1, $2, $3, $4, $5, 'queued', 0, $6, 0, $7, '', $8) ON CONFLICT DO NOTHING`,
		op, tx.NewID(), kind, subject, key, micros(after), micros(tx.now), payload)
}

const jobColumns = "operation, id, kind, subject, state, attempts, due_at, leased_until, created_at, failure, payload"

func scanJob(r row) (j Job, err error) {
	var due, leased, created int64
	err = r.Scan(&j.Operation, &j.ID, &j.Kind, &j.Subject, &j.State, &j.Attempts, &due, &leased, &created, &j.Failure, &j.Payload)
	j.DueAt, j.LeasedUntil, j.CreatedAt = instant(due), instant(leased), instant(created)
	return j, err
}

// Lease takes up to n jobs of the kinds (none = any) that are due, earliest first, for a time in which nobody else gets
// them. A job whose lease ran out is due again, or dead after MaxAttempts. The queued and the leased are sought apart, so
// that a long queue costs no more than a short one.
func (tx *Tx) Lease(n int, kinds []string, leaseFor time.Duration) ([]Job, error) {
	now := micros(tx.now)
	err := tx.put(`UPDATE job SET state = 'dead', failure = 'the work was cut short too often' WHERE state = 'leased' AND leased_until <= $1 AND attempts >= $2`, now, MaxAttempts)
	if err != nil {
		return nil, err
	}
	args := []any{now, n, now + leaseFor.Microseconds()}
	kind := kindIn(kinds, &args)
	jobs, err := list(tx, scanJob, `UPDATE job SET state = 'leased', attempts = attempts + 1, leased_until = $3 WHERE (operation, id) IN (
		SELECT operation, id FROM (
			SELECT * FROM (SELECT operation, id, due_at FROM job WHERE state = 'queued' AND due_at <= $1`+kind+` ORDER BY due_at, id LIMIT $2) queued
			UNION ALL SELECT operation, id, due_at FROM job WHERE state = 'leased' AND leased_until <= $1`+kind+`
		) due ORDER BY due_at, id LIMIT $2) RETURNING `+jobColumns, args...)
	slices.SortFunc(jobs, func(a, b Job) int {
		if c := a.DueAt.Compare(b.DueAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return jobs, err
}

// kindIn writes the condition on the kinds and adds its arguments.
func kindIn(kinds []string, args *[]any) string {
	if len(kinds) == 0 {
		return ""
	}
	places := make([]string, len(kinds))
	for i, kind := range kinds {
		*args = append(*args, kind)
		places[i] = "$" + strconv.Itoa(len(*args))
	}
	return " AND kind IN (" + strings.Join(places, ", ") + ")"
}

// freeJobs gives leased jobs back. An embedded database has one process at a time, so whoever held them is gone.
func (tx *Tx) freeJobs() error {
	return tx.put("UPDATE job SET state = 'queued', leased_until = 0 WHERE state = 'leased'")
}

// JobsDue says whether Lease would find something; it lets workers look without writing.
func (tx *Tx) JobsDue() (bool, error) {
	n, err := first(tx, value[int64], `SELECT (SELECT count(*) FROM (SELECT 1 FROM job WHERE state = 'queued' AND due_at <= $1 LIMIT 1) q)
		+ (SELECT count(*) FROM job WHERE state = 'leased' AND leased_until <= $1)`, micros(tx.now))
	return n > 0, err
}

// Finish removes a job that is done. It may have run out of its lease and be taken by another: then it is done twice,
// which jobs must bear.
func (tx *Tx) Finish(op, id string) error {
	return tx.put("DELETE FROM job WHERE operation = $1 AND id = $2", op, id)
}

// Fail puts a job back to be tried again after RetryAfter, or among the dead after MaxAttempts.
func (tx *Tx) Fail(op, id string, cause error) error {
	attempts, err := named(tx, "job", id, value[int], "SELECT attempts FROM job WHERE operation = $1 AND id = $2", op, id)
	if err != nil {
		return err
	}
	if attempts >= MaxAttempts {
		return tx.Bury(op, id, cause)
	}
	// The key is given up, because another job of the same key may have been queued meanwhile.
	return tx.put("UPDATE job SET state = 'queued', once = '', leased_until = 0, due_at = $1, failure = $2 WHERE operation = $3 AND id = $4",
		micros(tx.now.Add(RetryAfter(attempts))), cause.Error(), op, id)
}

// Bury puts a job among the dead at once, for a cause that trying again cannot mend.
func (tx *Tx) Bury(op, id string, cause error) error {
	n, err := tx.exec("UPDATE job SET state = 'dead', leased_until = 0, failure = $1 WHERE operation = $2 AND id = $3", cause.Error(), op, id)
	return touched(n, err, "job", id)
}

// RetryAfter is the wait after so many tries: 10 s, 30 s, 90 s, ... about two hours after the seventh.
func RetryAfter(attempts int) time.Duration {
	wait := 10 * time.Second
	for range min(attempts, MaxAttempts) - 1 {
		wait *= 3
	}
	return wait
}

// RetryJob makes a job due now with all its tries before it.
func (tx *Tx) RetryJob(op, id string) error {
	n, err := tx.exec("UPDATE job SET state = 'queued', once = '', attempts = 0, leased_until = 0, due_at = $1 WHERE operation = $2 AND id = $3",
		micros(tx.now), op, id)
	return touched(n, err, "job", id)
}

// Jobs lists jobs by id, which is by time of asking.
func (tx *Tx) Jobs(f JobFilter) ([]Job, error) {
	w := where{}
	w.text("operation", f.Operation)
	w.text("state", string(f.State))
	w.text("kind", f.Kind)
	w.after("id", f.After, false)
	return list(tx, scanJob, "SELECT "+jobColumns+" FROM job"+w.clause()+" ORDER BY id"+w.limit(f.Limit), w.args...)
}

// JobCounts counts the jobs of an operation ("" = of all) by state.
func (tx *Tx) JobCounts(op string) (map[JobState]int64, error) {
	w := where{}
	w.text("operation", op)
	counts := map[JobState]int64{}
	return counts, tx.each(func(r row) error {
		var state JobState
		var n int64
		err := r.Scan(&state, &n)
		counts[state] = n
		return err
	}, "SELECT state, count(*) FROM job"+w.clause()+" GROUP BY state", w.args...)
}
