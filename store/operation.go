package store

import (
	"strconv"

	"safar/place"
	"safar/round"
)

// PutOperation adds an operation or changes it.
func (tx *Tx) PutOperation(o round.Operation) error {
	data, err := toJSON(o)
	if err != nil {
		return err
	}
	return tx.put("INSERT INTO operation (slug, data) VALUES ($1, $2) ON CONFLICT (slug) DO UPDATE SET data = excluded.data", o.Slug, data)
}

// Operation gives one operation; fault store.not_found.
func (tx *Tx) Operation(slug string) (round.Operation, error) {
	return named(tx, "operation", slug, fromJSON[round.Operation], "SELECT data FROM operation WHERE slug = $1", slug)
}

// Operations lists all operations by slug.
func (tx *Tx) Operations() ([]round.Operation, error) {
	return list(tx, fromJSON[round.Operation], "SELECT data FROM operation ORDER BY slug")
}

// PutActivity adds an activity to its operation or changes it.
func (tx *Tx) PutActivity(a round.Activity) error {
	data, err := toJSON(a)
	if err != nil {
		return err
	}
	return tx.put("INSERT INTO activity (operation, id, data) VALUES ($1, $2, $3) ON CONFLICT (operation, id) DO UPDATE SET data = excluded.data",
		a.Operation, a.ID, data)
}

// Activity gives one activity; fault store.not_found.
func (tx *Tx) Activity(op, id string) (round.Activity, error) {
	return named(tx, "activity", id, fromJSON[round.Activity], "SELECT data FROM activity WHERE operation = $1 AND id = $2", op, id)
}

// Activities lists the activities of an operation by id.
func (tx *Tx) Activities(op string) ([]round.Activity, error) {
	return list(tx, fromJSON[round.Activity], "SELECT data FROM activity WHERE operation = $1 ORDER BY id", op)
}

// PutRound adds a round to its activity or changes it.
func (tx *Tx) PutRound(r round.Round) error {
	data, err := toJSON(r)
	if err != nil {
		return err
	}
	return tx.put(`INSERT INTO round (operation, activity, number, data) VALUES ($1, $2, $3, $4)
		ON CONFLICT (operation, activity, number) DO UPDATE SET data = excluded.data`, r.Operation, r.Activity, r.Number, data)
}

// Round gives one round; fault store.not_found.
func (tx *Tx) Round(op, activity string, number int) (round.Round, error) {
	return named(tx, "round", activity+" "+strconv.Itoa(number), fromJSON[round.Round],
		"SELECT data FROM round WHERE operation = $1 AND activity = $2 AND number = $3", op, activity, number)
}

// Rounds lists the rounds of an activity by number.
func (tx *Tx) Rounds(op, activity string) ([]round.Round, error) {
	return list(tx, fromJSON[round.Round], "SELECT data FROM round WHERE operation = $1 AND activity = $2 ORDER BY number", op, activity)
}

// Target is one unit that a round means to assess.
type Target struct {
	Unit  string     `json:"unit"` // unit key as tool.yaml names it
	Name  string     `json:"name,omitempty"`
	Areas place.Path `json:"areas"`
}

// PutTargets replaces the target list of a round. A unit that stands twice keeps its last form.
func (tx *Tx) PutTargets(op, activity string, number int, targets []Target) error {
	if err := tx.put("DELETE FROM target WHERE operation = $1 AND activity = $2 AND round = $3", op, activity, number); err != nil {
		return err
	}
	for _, t := range targets {
		data, err := toJSON(t)
		if err != nil {
			return err
		}
		err = tx.put(`INSERT INTO target (operation, activity, round, unit, data) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (operation, activity, round, unit) DO UPDATE SET data = excluded.data`, op, activity, number, t.Unit, data)
		if err != nil {
			return err
		}
	}
	return nil
}

// Targets lists the target list of a round by unit.
func (tx *Tx) Targets(op, activity string, number int) ([]Target, error) {
	return list(tx, fromJSON[Target], "SELECT data FROM target WHERE operation = $1 AND activity = $2 AND round = $3 ORDER BY unit", op, activity, number)
}
