package workflow

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"strconv"
	"strings"

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
	Round     round.Round             `json:"round"`
	Records   map[record.State]int    `json:"records"`
	Counting  int                     `json:"counting"`
	Carried   int                     `json:"carried"`
	Findings  map[quality.Level]int64 `json:"findings"`  // open ones
	Coverage  []round.Coverage        `json:"coverage"`  // the whole first, then by adm1
	Unchecked int64                   `json:"unchecked"` // checks of the operation that failed: their records do not count yet
	Homeless  int                     `json:"no_round"`  // records of the activity that are in no round, and so in no figure
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
	failed, err := w.unchecked(ctx, operation)
	if err != nil {
		return nil, err
	}
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		homeless, err := countHomeless(tx, operation, activity)
		if err != nil {
			return err
		}
		rounds, err := tx.Rounds(operation, activity)
		if err != nil {
			return err
		}
		for _, r := range rounds {
			status, err := w.roundStatus(tx, t, r)
			if err != nil {
				return err
			}
			status.Unchecked, status.Homeless = failed, homeless
			list = append(list, status)
		}
		return nil
	})
	return list, err
}

// countHomeless counts what came in and is in no round: its date fits none, its form is unknown or unreadable, or it came
// after closing.
func countHomeless(tx *store.Tx, operation, activity string) (n int, err error) {
	none := 0
	for _, of := range []string{activity, ""} { // an unknown form belongs to no activity
		err = errors.Join(err, eachRecord(tx, operation, store.RecordFilter{Activity: of, Round: &none}, func(rec store.StoredRecord) error {
			if rec.Activity == of && rec.State != record.Excluded && rec.State != record.Superseded && rec.State != record.Undone {
				n++
			}
			return nil
		}))
	}
	return n, err
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
	status.Coverage, err = w.coverageIn(tx, t, r.Number)
	return status, err
}

// coverageIn counts what was to be assessed and what was. A round without a target list has no coverage to speak of
// but the locations that were assessed.
func (w *Workflow) coverageIn(tx *store.Tx, t *tool, number int) ([]round.Coverage, error) {
	if len(t.pack.Keys(t.pack.MainForm()).Unit) == 0 {
		return nil, nil // flow tools observe points, not a list of locations
	}
	targets, err := w.targets(tx, t, number)
	if err != nil {
		return nil, err
	}
	var visits []round.Visit
	counting := true
	err = eachRecord(tx, t.operation.Slug, store.RecordFilter{Activity: t.activity.ID, Round: &number, Counts: &counting}, func(rec store.StoredRecord) error {
		visit := round.Visit{Unit: cmp.Or(rec.Unit, "record "+string(rec.ID)), Areas: codes(rec.Place.Areas), Carried: rec.CarriedFrom > 0}
		if q := t.form(rec.Form, rec.FormVersion); q != nil {
			refused, err := w.answeredNo(rec, q.consent)
			if err != nil || refused {
				return err // nothing was learned of the location: it is still to be visited
			}
			if visit.Inaccessible, err = w.answeredNo(rec, q.keys.Access); err != nil {
				return err
			}
		}
		visits = append(visits, visit)
		return nil
	})
	return cover(targets, visits), err
}

// answeredNo says whether a record answers a question, that of consent or of access, with no. Nearly none does, so the
// answers are read only where the stored text, or a correction, can say so.
func (w *Workflow) answeredNo(rec store.StoredRecord, question string) (bool, error) {
	if question == "" || len(rec.Corrections) == 0 && !bytes.Contains(rec.AnswersJSON, []byte(`"`+question+`":"no"`)) {
		return false, nil
	}
	answers, err := w.currentAnswers(rec)
	if err != nil {
		return false, err
	}
	return record.Answer(answers, question) == "no", nil
}

// cover counts coverage by adm1. A round without target list has no targets to miss; what was assessed, carried over or
// out of reach is still told.
func cover(targets []round.Target, visits []round.Visit) []round.Coverage {
	if len(targets) > 0 {
		return round.Cover(targets, visits, 1)
	}
	for _, v := range visits {
		targets = append(targets, round.Target{Unit: v.Unit, Areas: v.Areas})
	}
	rows := round.Cover(targets, visits, 1)
	for i := range rows {
		rows[i].Targeted = 0
	}
	return rows
}

func codes(path place.Path) []string {
	out := make([]string, len(path))
	for i, code := range path {
		out[i] = string(code)
	}
	return out
}

// RoundCheck is what the checks that compare records with each other found in a round.
type RoundCheck struct {
	Records  int               `json:"records"`
	Findings []quality.Finding `json:"findings"`
}

// CheckRound runs the checks over a whole round: outliers, heaping, enumerators, neighbours, coverage. Findings that stand
// on a record are kept; those that no record can show, such as a location nobody visited, are only given back.
func (w *Workflow) CheckRound(ctx context.Context, actor access.Actor, operation, activity string, number int) (result RoundCheck, err error) {
	if err := allow(actor, access.ManageRound, operation); err != nil {
		return result, err
	}
	if err := w.Drain(ctx); err != nil {
		return result, err
	}
	t, err := w.toolOf(ctx, operation, activity)
	if err != nil {
		return result, err
	}
	if err := w.needRound(ctx, operation, activity, number); err != nil {
		return result, err
	}
	subject, err := w.roundSubject(ctx, t, number)
	if err != nil {
		return result, err
	}
	result.Records, result.Findings = len(subject.Rows), t.checks.CheckRound(subject)
	err = w.change(ctx, actor, access.ManageRound, operation, func(s *Step) error {
		var kept []quality.Finding
		for _, f := range result.Findings {
			if f.Record != "" {
				kept = append(kept, f)
			}
		}
		if err := s.ReplaceRoundFindings(operation, activity, number, kept); err != nil {
			return err
		}
		return s.Journal("round.checked", roundText(activity, number), map[string]any{"records": result.Records, "findings": len(result.Findings)})
	})
	return result, err
}

// roundSubject reads the records that count in a round as the checks over the round see them.
func (w *Workflow) roundSubject(ctx context.Context, t *tool, number int) (quality.RoundSubject, error) {
	var subject quality.RoundSubject
	register, err := w.register(ctx, t.operation.Country)
	if err != nil {
		return subject, err
	}
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		env := surroundings{tool: t, register: register, now: w.Now(), identity: w.Dictionary.IsIdentity}
		if env.rounds, err = tx.Rounds(t.operation.Slug, t.activity.ID); err != nil {
			return err
		}
		subject.Round = env.round(number)
		if subject.Targets, err = w.targets(tx, t, number); err != nil {
			return err
		}
		counting := true
		return eachRecord(tx, t.operation.Slug, store.RecordFilter{Activity: t.activity.ID, Round: &number, Counts: &counting}, func(rec store.StoredRecord) error {
			answers, err := w.currentAnswers(rec)
			if err != nil {
				return err
			}
			q := t.form(rec.Form, rec.FormVersion)
			if q == nil || answers == nil {
				return nil
			}
			derived := record.Derived{Unit: rec.Unit, Date: rec.Date, Place: rec.Place, CarriedFrom: rec.CarriedFrom}
			subject.Rows = append(subject.Rows, t.checks.Row(quality.Subject{
				Record: rec.Record, Form: q.form, Answers: answers, Derived: derived, Round: subject.Round, Zone: t.zone, Now: env.now, Instances: env.files(number).instances(),
			}))
			return nil
		})
	})
	return subject, err
}

func (w *Workflow) targets(tx *store.Tx, t *tool, number int) ([]round.Target, error) {
	stored, err := tx.Targets(t.operation.Slug, t.activity.ID, number)
	targets := make([]round.Target, len(stored))
	for i, target := range stored {
		targets[i] = round.Target{Unit: target.Unit, Areas: codes(target.Areas)}
	}
	return targets, err
}

// SetTargets gives a round its target list: the sites known in the operation's country, or in one area of it.
func (w *Workflow) SetTargets(ctx context.Context, actor access.Actor, operation, activity string, number int, within place.Code) (count int, err error) {
	t, err := w.toolOf(ctx, operation, activity)
	if err != nil {
		return 0, err
	}
	err = w.change(ctx, actor, access.ManageRound, operation, func(s *Step) error {
		if _, err := roundIn(s.Tx, operation, activity, number); err != nil {
			return err
		}
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
	if _, err := w.CheckRound(ctx, actor, operation, activity, number); err != nil {
		return r, err
	}
	if err := w.allChecked(ctx, operation); err != nil {
		return r, err
	}
	err = w.change(ctx, actor, access.ManageRound, operation, func(s *Step) error {
		if r, err = roundIn(s.Tx, operation, activity, number); err != nil {
			return err
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

// roundIn reads a round; when it does not exist, the fault lists those that do.
func roundIn(tx *store.Tx, operation, activity string, number int) (round.Round, error) {
	r, err := tx.Round(operation, activity, number)
	if fault.KindOf(err) != fault.NotFound || err == nil {
		return r, err
	}
	rounds, err := tx.Rounds(operation, activity)
	if err != nil {
		return r, err
	}
	known := []string{}
	for _, other := range rounds {
		known = append(known, strconv.Itoa(other.Number))
	}
	if len(known) == 0 {
		known = append(known, "none")
	}
	return r, fault.New(fault.WorkflowNoRound, "activity", activity, "operation", operation, "round", strconv.Itoa(number), "known", strings.Join(known, ", "))
}

// needRound fails when a round does not exist.
func (w *Workflow) needRound(ctx context.Context, operation, activity string, number int) error {
	return w.Store.Read(ctx, func(tx *store.Tx) error {
		_, err := roundIn(tx, operation, activity, number)
		return err
	})
}

// ReopenRound lets records into a closed round again, with the reason.
func (w *Workflow) ReopenRound(ctx context.Context, actor access.Actor, operation, activity string, number int, reason string) (r round.Round, err error) {
	err = w.change(ctx, actor, access.ManageRound, operation, func(s *Step) error {
		if r, err = roundIn(s.Tx, operation, activity, number); err != nil {
			return err
		}
		old := r
		r.Status = round.Collecting
		if err := s.PutRound(r); err != nil {
			return err
		}
		if err := s.Journal("round.reopened", roundText(activity, number), map[string]any{"reason": reason}); err != nil {
			return err
		}
		return s.datesMoved(old, r) // records that came too late find their place now
	})
	return r, err
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
