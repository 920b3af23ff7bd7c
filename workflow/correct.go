package workflow

import (
	"context"
	"slices"
	"strings"

	"safar/access"
	"safar/fault"
	"safar/record"
	"safar/store"
)

// Reasons of corrections, as the cleaning log codes them (domain section 15).
func Reasons() []string {
	return []string{"typo", "recode_other", "translation", "unit", "duplicate", "outlier_confirmed", "outlier_changed", "gps", "deleted", "other"}
}

// Correction is what a person asks for: one value of one record, with the reason.
type Correction struct {
	Operation string
	Record    record.ID
	Question  string // its name, or the absolute path of the answer
	Value     string
	Reason    string
	Comment   string
	Finding   string // the finding it answers, or ""
}

// Correct lays a correction over a record. The original stays; the record is checked again before the call returns.
func (w *Workflow) Correct(ctx context.Context, actor access.Actor, c Correction) (done record.Correction, err error) {
	if !slices.Contains(Reasons(), c.Reason) {
		return done, fault.New(fault.RecordReason, "reason", c.Reason, "codes", strings.Join(Reasons(), ", "))
	}
	if err := allow(actor, access.Correct, c.Operation); err != nil { // before anything is read
		return done, err
	}
	if err := w.fits(ctx, c); err != nil {
		return done, err
	}
	err = w.change(ctx, actor, access.Correct, c.Operation, func(s *Step) error {
		done, err = w.correct(s, c)
		return err
	})
	if err != nil {
		return done, err
	}
	return done, w.Recheck(ctx, c.Operation, c.Record)
}

func (w *Workflow) correct(s *Step, c Correction) (record.Correction, error) {
	rec, err := w.recordOf(s.Tx, c.Operation, c.Record)
	if err != nil {
		return record.Correction{}, err
	}
	if rec.State != record.Received && rec.State != record.Waiting {
		return record.Correction{}, fault.New(fault.RecordNotCounted, "record", string(c.Record), "state", string(rec.State))
	}
	answers, err := w.currentAnswers(rec)
	if err != nil {
		return record.Correction{}, err
	}
	path, err := record.Locate(answers, c.Question)
	if err != nil {
		return record.Correction{}, err
	}
	old := record.At(answers, path).StringValue()
	if old == c.Value {
		return record.Correction{}, fault.New(fault.RecordUnchanged, "question", c.Question, "value", c.Value)
	}
	done := record.Correction{
		ID: s.NewID(), Record: c.Record, Path: path, Old: old, New: c.Value, Reason: c.Reason, Comment: c.Comment,
		Finding: c.Finding, By: s.Actor.Name, At: s.Now(),
	}
	if _, err := s.AddCorrection(c.Operation, done); err != nil {
		return record.Correction{}, err
	}
	if err := s.Journal("record.corrected", string(c.Record), map[string]any{"correction": done.ID, "path": path, "reason": c.Reason, "finding": c.Finding}); err != nil {
		return done, err
	}
	return done, s.enqueueCheck(c.Record) // so that a crash before the check below leaves nothing unchecked
}

// fits refuses a value that the question cannot hold: a word for a number, a code that is no choice. What else is wrong
// with the correction is found when it is written.
func (w *Workflow) fits(ctx context.Context, c Correction) error {
	var rec store.StoredRecord
	err := w.Store.Read(ctx, func(tx *store.Tx) (err error) {
		rec, err = w.recordOf(tx, c.Operation, c.Record)
		return err
	})
	if err != nil {
		return err
	}
	answers, err := w.currentAnswers(rec)
	if err != nil || answers == nil || rec.Activity == "" {
		return err
	}
	path, err := record.Locate(answers, c.Question)
	if err != nil {
		return err
	}
	t, err := w.toolOf(ctx, rec.Operation, rec.Activity)
	if err != nil {
		return err
	}
	q := t.form(rec.Form, rec.FormVersion)
	if q == nil {
		return nil
	}
	if item, known := w.Dictionary.Item(questionOf(path)); known && item.Unit != "" && strings.HasPrefix(strings.TrimSpace(c.Value), "-") {
		return fault.New(fault.RecordNegative, "question", item.Name, "value", c.Value)
	}
	rec.Answers, rec.Corrections = answers, []record.Correction{{Path: path, New: c.Value}}
	for _, p := range q.program.CheckValues(rec.Current()) {
		if p.Element == questionOf(path) && p.Value == c.Value {
			return fault.New(fault.RecordMisfit, "question", p.Element, "value", c.Value, "why", strings.TrimSuffix(p.Message.In("en"), "."))
		}
	}
	return nil
}

// recordOf finds a record, with an error that names the operation.
func (w *Workflow) recordOf(tx *store.Tx, operation string, id record.ID) (store.StoredRecord, error) {
	rec, err := tx.Record(operation, id)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return rec, fault.New(fault.RecordUnknown, "record", string(id), "operation", operation)
	}
	return rec, err
}

// Recheck assesses a record now instead of with the next job.
func (w *Workflow) Recheck(ctx context.Context, operation string, id record.ID) error {
	o, known, err := w.opine(ctx, operation, id)
	if err != nil || !known {
		return err
	}
	return w.change(ctx, system(), access.Submit, operation, func(s *Step) error { return w.save(s, o) })
}

// Decide says what becomes of a record that a person has looked at: excluded, with a reason, or taken (received), which
// sets aside the other versions of the same instance and the edit that had taken its place.
func (w *Workflow) Decide(ctx context.Context, actor access.Actor, operation string, id record.ID, state record.State, reason string) error {
	err := w.change(ctx, actor, access.Correct, operation, func(s *Step) error {
		rec, err := w.recordOf(s.Tx, operation, id)
		if err != nil {
			return err
		}
		if !decidable(rec, state) {
			return fault.New(fault.RecordNotCounted, "record", string(id), "state", string(rec.State))
		}
		no, none := false, record.ID("")
		update := store.RecordUpdate{State: &state, StateReason: &reason, SupersededBy: &none}
		if state != record.Received {
			update.Counts = &no
		}
		if err := s.UpdateRecord(operation, id, update); err != nil {
			return err
		}
		if err := s.Journal("record."+string(state), string(id), map[string]any{"reason": reason}); err != nil {
			return err
		}
		if state == record.Received {
			if err := w.setOthersAside(s, rec); err != nil {
				return err
			}
		}
		if err := w.recount(s, rec.Activity, rec.Round, rec.Unit, id); err != nil {
			return err
		}
		return s.enqueueCheck(id)
	})
	if err != nil {
		return err
	}
	return w.Recheck(ctx, operation, id)
}

// decidable says whether a person can decide so: only what could be read can be taken, and what an import took back
// comes again with another import.
func decidable(rec store.StoredRecord, state record.State) bool {
	switch state {
	case record.Excluded:
		return true
	case record.Received:
		return len(rec.AnswersJSON) > 0 && rec.Activity != "" && rec.State != record.Undone
	}
	return false
}

// setOthersAside supersedes the other versions of the instance that was chosen, and the record that had replaced it.
func (w *Workflow) setOthersAside(s *Step, chosen store.StoredRecord) error {
	others, err := s.RecordsByInstance(s.Operation, chosen.Form, chosen.InstanceID)
	if err != nil {
		return err
	}
	if chosen.SupersededBy != "" {
		edit, err := s.Tx.Record(s.Operation, chosen.SupersededBy)
		if err != nil {
			return err
		}
		if edit.InstanceID != chosen.InstanceID {
			others = append(others, edit)
		}
	}
	for _, other := range others {
		if other.ID == chosen.ID || other.State != record.Received && other.State != record.Conflicting && other.State != record.Waiting {
			continue
		}
		if err := w.setAside(s, other, chosen.ID); err != nil {
			return err
		}
	}
	return nil
}
