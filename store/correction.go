package store

import (
	"encoding/json"

	"safar/fault"
	"safar/record"
)

// corrected is the part of a correction that may speak of people, and is stored encrypted.
type corrected struct {
	Old     string `json:"old"`
	New     string `json:"new"`
	Comment string `json:"comment,omitempty"`
}

func correctionPurpose(op, id string) string { return "correction|" + op + "|" + id }

// AddCorrection lays a correction over a record; an empty ID or At is filled. Fault store.not_found when there is no
// such record. The same call must append a journal entry.
func (tx *Tx) AddCorrection(op string, c record.Correction) (id string, err error) {
	seq, err := tx.changeSeq(op)
	if err != nil {
		return "", err
	}
	n, err := tx.exec("UPDATE record SET corrections = corrections + 1, change_seq = $1 WHERE operation = $2 AND id = $3", seq, op, string(c.Record))
	if err := touched(n, err, "record", string(c.Record)); err != nil {
		return "", err
	}
	if c.ID == "" {
		c.ID = tx.NewID()
	}
	if c.At.IsZero() {
		c.At = tx.now
	}
	text, err := json.Marshal(corrected{c.Old, c.New, c.Comment})
	if err != nil {
		return "", err
	}
	sealed, err := tx.seal(op, correctionPurpose(op, c.ID), text)
	if err != nil {
		return "", err
	}
	return c.ID, tx.put("INSERT INTO correction (operation, id, record, path, reason, finding, actor, at, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
		op, c.ID, string(c.Record), c.Path, c.Reason, c.Finding, c.By, micros(c.At), sealed)
}

// CorrectionFilter chooses corrections of an operation; zero fields choose all.
type CorrectionFilter struct {
	Record   record.ID
	Activity string
	Round    *int
	After    string // id of the last one of the page before
	Limit    int    // 0 = 100
}

// Corrections lists corrections by id, which is by time: the cleaning log.
func (tx *Tx) Corrections(op string, f CorrectionFilter) ([]record.Correction, error) {
	w := where{}
	w.add("c.operation = ?", op)
	w.text("c.record", string(f.Record))
	w.text("r.activity", f.Activity)
	if f.Round != nil {
		w.add("r.round = ?", *f.Round)
	}
	w.after("c.id", f.After, false)
	return tx.corrections(op, " JOIN record r ON r.operation = c.operation AND r.id = c.record"+w.clause()+" ORDER BY c.id"+w.limit(f.Limit), w.args...)
}

func (tx *Tx) recordCorrections(op string, id record.ID) ([]record.Correction, error) {
	return tx.corrections(op, " WHERE c.operation = $1 AND c.record = $2 ORDER BY c.id", op, string(id))
}

func (tx *Tx) corrections(op, text string, args ...any) ([]record.Correction, error) {
	type stored struct {
		record.Correction
		sealed []byte
	}
	read, err := list(tx, func(r row) (s stored, err error) {
		var at int64
		err = r.Scan(&s.ID, &s.Record, &s.Path, &s.Reason, &s.Finding, &s.By, &at, &s.sealed)
		s.At = instant(at)
		return s, err
	}, "SELECT c.id, c.record, c.path, c.reason, c.finding, c.actor, c.at, c.sealed FROM correction c"+text, args...)
	if err != nil {
		return nil, err
	}
	all := make([]record.Correction, len(read))
	for i := range read {
		clear, err := tx.unseal(op, correctionPurpose(op, read[i].ID), read[i].sealed)
		if err != nil {
			return nil, fault.Internalf(err, "correction %s", read[i].ID)
		}
		var v corrected
		if err := json.Unmarshal(clear, &v); err != nil {
			return nil, err
		}
		all[i] = read[i].Correction
		all[i].Old, all[i].New, all[i].Comment = v.Old, v.New, v.Comment
	}
	return all, nil
}
