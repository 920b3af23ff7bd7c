package workflow

import (
	"context"

	"safar/access"
	"safar/record"
	"safar/store"
)

// enqueueUnknown queues what waits for a form that is known now: it is read by the job that checks it.
func (s *Step) enqueueUnknown(formID string) error {
	return eachRecord(s.Tx, s.Operation, store.RecordFilter{Form: formID, State: record.UnknownForm}, func(rec store.StoredRecord) error {
		return s.enqueueCheck(rec.ID)
	})
}

// readAgain reads the original of a record whose form was not known when it came. It says whether there is something to
// check now.
func (w *Workflow) readAgain(ctx context.Context, rec store.StoredRecord) (bool, error) {
	if _, err := w.formRow(ctx, rec.Operation, rec.Form, rec.FormVersion); err != nil {
		return false, nil // still not known; a store that cannot be read fails the next step
	}
	original, err := w.blob(ctx, rec.Operation, rec.Original)
	if err != nil {
		return false, err
	}
	in, err := w.open(ctx, Submission{Operation: rec.Operation, XML: original})
	if err != nil || in.state != "" {
		return false, err
	}
	err = w.change(ctx, system(), access.Submit, rec.Operation, func(s *Step) error { return w.takeReading(s, rec.ID, in) })
	return err == nil, err
}

// takeReading makes a record of an unknown form one of the known, as if it had come now; it keeps its time of receipt.
func (w *Workflow) takeReading(s *Step, id record.ID, in incoming) error {
	rec, err := s.Tx.Record(s.Operation, id)
	if err != nil || rec.State != record.UnknownForm {
		return err // somebody else was faster
	}
	state, reason, activity := record.Received, "", in.tool.activity.ID
	if err := s.UpdateRecord(s.Operation, id, store.RecordUpdate{State: &state, StateReason: &reason, Activity: &activity, Answers: in.kept, Identities: in.identities}); err != nil {
		return err
	}
	if err := s.Journal("record.read", string(id), receivedBody{Form: rec.Form, Version: rec.FormVersion, Instance: rec.InstanceID, Original: rec.Original, State: state}); err != nil {
		return err
	}
	rec.State, rec.Activity = state, activity
	receipt := Receipt{Record: id, Outcome: Accepted}
	if err := w.attach(s, Submission{Operation: s.Operation}, rec.Record, in, &receipt); err != nil || len(receipt.Missing) > 0 {
		return err
	}
	return w.supersede(s, rec.Record, in.identity.DeprecatedID)
}
