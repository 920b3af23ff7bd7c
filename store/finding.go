package store

import (
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"safar/quality"
	"safar/record"
)

// FindingState says what became of a finding.
type FindingState string

// The states.
const (
	FindingOpen     FindingState = "open"
	FindingAccepted FindingState = "accepted" // a person looked and the value stands
	FindingAnswered FindingState = "answered" // a correction answers it
)

// StoredFinding is a finding with the decision on it.
type StoredFinding struct {
	quality.Finding
	State     FindingState
	By        string // actor who decided
	DecidedAt time.Time
	Comment   string
}

// ReplaceFindings makes these the findings of a record's own checks. Those that were there under the same id keep their
// decision; those that are not found any more go. Findings of a check over the round stay.
func (tx *Tx) ReplaceFindings(op string, id record.ID, findings []quality.Finding) error {
	before, err := list(tx, value[string], "SELECT id FROM finding WHERE operation = $1 AND record = $2 AND over = ''", op, string(id))
	if err != nil {
		return err
	}
	return tx.replaceFindings(op, "", before, findings)
}

// ReplaceRoundFindings makes these the findings of the checks over a round, each on the record it names.
func (tx *Tx) ReplaceRoundFindings(op, activity string, number int, findings []quality.Finding) error {
	over := activity + "/" + strconv.Itoa(number)
	before, err := list(tx, value[string], "SELECT id FROM finding WHERE operation = $1 AND over = $2 AND over <> ''", op, over) // as the index says it
	if err != nil {
		return err
	}
	return tx.replaceFindings(op, over, before, findings)
}

func (tx *Tx) replaceFindings(op, over string, before []string, findings []quality.Finding) error {
	now := make(map[string]bool, len(findings))
	for _, f := range findings {
		now[f.ID] = true
	}
	for _, old := range before {
		if now[old] {
			continue
		}
		if err := tx.put("DELETE FROM finding WHERE operation = $1 AND id = $2", op, old); err != nil {
			return err
		}
	}
	for _, f := range findings {
		if err := tx.putFinding(op, over, f); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) putFinding(op, over string, f quality.Finding) error {
	data, err := toJSON(f)
	if err != nil {
		return err
	}
	return tx.put(`INSERT INTO finding (operation, id, record, over, check_id, level, state, actor, decided_at, comment, data) VALUES ($1, $2, $3, $4, $5, $6, 'open', '', 0, '', $7)
		ON CONFLICT (operation, id) DO UPDATE SET check_id = excluded.check_id, level = excluded.level, data = excluded.data`,
		op, f.ID, f.Record, over, f.Check, string(f.Level), data)
}

// FindingFilter chooses findings of an operation; zero fields choose all.
type FindingFilter struct {
	Activity string
	Round    *int
	Record   record.ID
	Check    string
	Level    quality.Level
	State    FindingState
	Counts   bool   // only findings of records that count
	After    string // id of the last one of the page before
	Limit    int    // 0 = 100
}

// Findings lists findings by id.
func (tx *Tx) Findings(op string, f FindingFilter) ([]StoredFinding, error) {
	w := f.where(op)
	w.after("f.id", f.After, false)
	return list(tx, scanFinding, "SELECT f.data, f.state, f.actor, f.decided_at, f.comment FROM finding f JOIN record r ON r.operation = f.operation AND r.id = f.record"+
		w.clause()+" ORDER BY f.id"+w.limit(f.Limit), w.args...)
}

// CountFindings counts the findings that the filter chooses by level; After and Limit are ignored.
func (tx *Tx) CountFindings(op string, f FindingFilter) (map[quality.Level]int64, error) {
	w := f.where(op)
	counts := map[quality.Level]int64{}
	return counts, tx.each(func(r row) error {
		var level quality.Level
		var n int64
		err := r.Scan(&level, &n)
		counts[level] = n
		return err
	}, "SELECT f.level, count(*) FROM finding f JOIN record r ON r.operation = f.operation AND r.id = f.record"+w.clause()+" GROUP BY f.level", w.args...)
}

func (f *FindingFilter) where(op string) *where {
	w := &where{}
	w.add("f.operation = ?", op)
	w.text("r.activity", f.Activity)
	if f.Round != nil {
		w.add("r.round = ?", *f.Round)
	}
	w.text("f.record", string(f.Record))
	w.text("f.check_id", f.Check)
	w.text("f.level", string(f.Level))
	w.text("f.state", string(f.State))
	if f.Counts {
		w.add("r.counts = ?", true)
	}
	return w
}

func scanFinding(r row) (f StoredFinding, err error) {
	var data []byte
	var decided int64
	err = r.Scan(&data, &f.State, &f.By, &decided, &f.Comment)
	f.DecidedAt = instant(decided)
	return f, errors.Join(err, json.Unmarshal(data, &f.Finding))
}

// SetFindingState decides on a finding; fault store.not_found.
func (tx *Tx) SetFindingState(op, id string, state FindingState, by, comment string) error {
	n, err := tx.exec("UPDATE finding SET state = $1, actor = $2, decided_at = $3, comment = $4 WHERE operation = $5 AND id = $6",
		string(state), by, micros(tx.now), comment, op, id)
	return touched(n, err, "finding", id)
}
