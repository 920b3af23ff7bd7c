package store

import (
	"strconv"
	"strings"

	"safar/quality"
	"safar/record"
)

// RoundTally counts the records of one round in one state.
type RoundTally struct {
	Activity string
	Round    int
	State    record.State
	Counting int // of them, those that count
	Records  int
}

// TallyRounds counts the records of an operation by activity, round and state, without reading them.
func (tx *Tx) TallyRounds(op string) ([]RoundTally, error) {
	return list(tx, func(r row) (t RoundTally, err error) {
		err = r.Scan(&t.Activity, &t.Round, &t.State, &t.Counting, &t.Records)
		return t, err
	}, "SELECT activity, round, state, sum(counts), count(*) FROM record WHERE operation = $1 GROUP BY activity, round, state ORDER BY activity, round, state", op)
}

// FindingsOf counts the open findings of each of some records by level: those of a page, in one query.
func (tx *Tx) FindingsOf(op string, ids []record.ID) (map[record.ID]map[quality.Level]int, error) {
	counts := make(map[record.ID]map[quality.Level]int, len(ids))
	if len(ids) == 0 {
		return counts, nil
	}
	args := []any{op, string(FindingOpen)}
	places := make([]string, len(ids))
	for i, id := range ids {
		args = append(args, string(id))
		places[i] = "$" + strconv.Itoa(len(args))
	}
	return counts, tx.each(func(r row) error {
		var id record.ID
		var level quality.Level
		var n int
		if err := r.Scan(&id, &level, &n); err != nil {
			return err
		}
		if counts[id] == nil {
			counts[id] = map[quality.Level]int{}
		}
		counts[id][level] = n
		return nil
	}, "SELECT record, level, count(*) FROM finding WHERE operation = $1 AND state = $2 AND record IN ("+strings.Join(places, ", ")+") GROUP BY record, level", args...)
}

// CheckTally counts the findings of one check, with the id of one of them.
type CheckTally struct {
	Check  string
	Level  quality.Level
	Count  int
	Sample string
}

// TallyChecks counts the findings that the filter chooses by check, the most frequent first; After and Limit are ignored.
func (tx *Tx) TallyChecks(op string, f FindingFilter) ([]CheckTally, error) {
	w := f.where(op)
	return list(tx, func(r row) (t CheckTally, err error) {
		err = r.Scan(&t.Check, &t.Level, &t.Count, &t.Sample)
		return t, err
	}, "SELECT f.check_id, f.level, count(*), min(f.id) FROM finding f JOIN record r ON r.operation = f.operation AND r.id = f.record"+
		w.clause()+" GROUP BY f.check_id, f.level ORDER BY count(*) DESC, f.check_id", w.args...)
}

// Finding gives one finding by id; fault store.not_found.
func (tx *Tx) Finding(op, id string) (StoredFinding, error) {
	return named(tx, "finding", id, scanFinding, "SELECT f.data, f.state, f.actor, f.decided_at, f.comment FROM finding f WHERE f.operation = $1 AND f.id = $2", op, id)
}
