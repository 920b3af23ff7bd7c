package workflow

import (
	"context"
	"strconv"

	"safar/access"
	"safar/fault"
	"safar/place"
	"safar/quality"
	"safar/record"
	"safar/round"
	"safar/store"
)

// RoundStatus is where a round stands.
type RoundStatus struct {
	Round    round.Round             `json:"round"`
	Records  map[record.State]int    `json:"records"`
	Counting int                     `json:"counting"`
	Carried  int                     `json:"carried"`
	Findings map[quality.Level]int64 `json:"findings"` // open ones
	Coverage []round.Coverage        `json:"coverage"` // the whole first, then by adm1
}

// Rounds gives the status of every round of an activity, oldest first.
func (w *Workflow) Rounds(ctx context.Context, actor access.Actor, operation, activity string) (list []RoundStatus, err error) {
	if err := allow(actor, access.ReadFigures, operation); err != nil {
		return nil, err
	}
	if err := w.Drain(ctx); err != nil {
		return nil, err
	}
	t, err := w.toolOf(ctx, operation, activity)
	if err != nil {
		return nil, err
	}
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		rounds, err := tx.Rounds(operation, activity)
		if err != nil {
			return err
		}
		for _, r := range rounds {
			status, err := w.roundStatus(tx, t, r)
			if err != nil {
				return err
			}
			list = append(list, status)
		}
		return nil
	})
	return list, err
}

func (w *Workflow) roundStatus(tx *store.Tx, t *tool, r round.Round) (RoundStatus, error) {
	status := RoundStatus{Round: r, Records: map[record.State]int{}}
	err := eachRecord(tx, r.Operation, store.RecordFilter{Activity: r.Activity, Round: &r.Number}, func(rec store.StoredRecord) error {
		status.Records[rec.State]++
		if rec.Counts {
			status.Counting++
			if rec.CarriedFrom > 0 {
				status.Carried++
			}
		}
		return nil
	})
	if err != nil {
		return status, err
	}
	if status.Findings, err = tx.CountFindings(r.Operation, store.FindingFilter{Activity: r.Activity, Round: &r.Number, State: store.FindingOpen, Counts: true}); err != nil {
		return status, err
	}
	register, err := w.registerIn(tx, t.operation.Country)
	if err != nil {
		return status, err
	}
	status.Coverage, err = w.coverageIn(tx, t, r.Number, register)
	return status, err
}

// coverageIn counts what was to be assessed and what was. A round without a target list has no coverage to speak of
// but the locations that were assessed.
func (w *Workflow) coverageIn(tx *store.Tx, t *tool, number int, _ *place.Register) ([]round.Coverage, error) {
	if len(t.pack.Keys(t.pack.MainForm()).Unit) == 0 {
		return nil, nil // flow tools observe points, not a list of locations
	}
	stored, err := tx.Targets(t.operation.Slug, t.activity.ID, number)
	if err != nil {
		return nil, err
	}
	targets := make([]round.Target, len(stored))
	for i, target := range stored {
		targets[i] = round.Target{Unit: target.Unit, Areas: codes(target.Areas)}
	}
	var visits []round.Visit
	counting := true
	err = eachRecord(tx, t.operation.Slug, store.RecordFilter{Activity: t.activity.ID, Round: &number, Counts: &counting}, func(rec store.StoredRecord) error {
		answers, err := w.currentAnswers(rec)
		if err != nil {
			return err
		}
		visit := round.Visit{Unit: rec.Unit, Areas: codes(rec.Place.Areas), Carried: rec.CarriedFrom > 0}
		if q := t.form(rec.Form, rec.FormVersion); q != nil {
			visit.Inaccessible = record.Answer(answers, q.keys.Access) == "no"
		}
		visits = append(visits, visit)
		return nil
	})
	return round.Cover(targets, visits, 1), err
}

func codes(path place.Path) []string {
	out := make([]string, len(path))
	for i, code := range path {
		out[i] = string(code)
	}
	return out
}

// SetTargets gives a round its target list: the sites known in the operation's country, or in one area of it.
func (w *Workflow) SetTargets(ctx context.Context, actor access.Actor, operation, activity string, number int, within place.Code) (count int, err error) {
	t, err := w.toolOf(ctx, operation, activity)
	if err != nil {
		return 0, err
	}
	err = w.change(ctx, actor, access.ManageRound, operation, func(s *Step) error {
		register, err := w.registerIn(s.Tx, t.operation.Country)
		if err != nil {
			return err
		}
		var targets []store.Target
		for _, site := range register.Sites(t.operation.Country, within) {
			if site.Status != "closed" && site.MergedInto == "" {
				targets = append(targets, store.Target{Unit: site.SSID, Name: site.Names.In("en"), Areas: register.Path(t.operation.Country, site.Area)})
			}
		}
		count = len(targets)
		if err := s.PutTargets(operation, activity, number, targets); err != nil {
			return err
		}
		return s.Journal("round.targets", roundText(activity, number), map[string]any{"targets": count, "within": within})
	})
	return count, err
}

// CloseRound ends the collection of a round. Open blocking findings of records that count stop it.
func (w *Workflow) CloseRound(ctx context.Context, actor access.Actor, operation, activity string, number int) (r round.Round, err error) {
	if err := allow(actor, access.ManageRound, operation); err != nil {
		return r, err
	}
	if err := w.Drain(ctx); err != nil {
		return r, err
	}
	err = w.change(ctx, actor, access.ManageRound, operation, func(s *Step) error {
		if r, err = s.Tx.Round(operation, activity, number); err != nil {
			return fault.New(fault.WorkflowNoRound, "activity", activity, "operation", operation, "round", strconv.Itoa(number))
		}
		open, err := s.CountFindings(operation, store.FindingFilter{Activity: activity, Round: &number, State: store.FindingOpen, Counts: true})
		if err != nil {
			return err
		}
		if n := open[quality.Block]; n > 0 {
			return fault.New(fault.WorkflowBlocked, "count", strconv.FormatInt(n, 10))
		}
		r.Status = round.Closed
		if err := s.PutRound(r); err != nil {
			return err
		}
		return s.Journal("round.closed", roundText(activity, number), r)
	})
	return r, err
}

// ReopenRound lets records into a closed round again, with the reason.
func (w *Workflow) ReopenRound(ctx context.Context, actor access.Actor, operation, activity string, number int, reason string) (r round.Round, err error) {
	err = w.change(ctx, actor, access.ManageRound, operation, func(s *Step) error {
		if r, err = s.Tx.Round(operation, activity, number); err != nil {
			return fault.New(fault.WorkflowNoRound, "activity", activity, "operation", operation, "round", strconv.Itoa(number))
		}
		r.Status = round.Collecting
		if err := s.PutRound(r); err != nil {
			return err
		}
		return s.Journal("round.reopened", roundText(activity, number), map[string]any{"reason": reason})
	})
	return r, err
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
