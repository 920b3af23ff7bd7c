package workflow

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"safar/access"
	"safar/fault"
	"safar/record"
	"safar/round"
	"safar/store"
)

// CreateOperation opens a programme of tracking. Country is ISO 3166-1 alpha-3, the time zone an IANA name.
func (w *Workflow) CreateOperation(ctx context.Context, actor access.Actor, op round.Operation) (round.Operation, error) {
	op, err := completeOperation(op)
	if err != nil {
		return op, err
	}
	err = w.change(ctx, actor, access.ManageOperation, op.Slug, func(s *Step) error {
		if _, err := s.Tx.Operation(op.Slug); err == nil {
			return fault.New(fault.WorkflowOperationExists, "operation", op.Slug)
		} else if fault.KindOf(err) != fault.NotFound {
			return err
		}
		return s.createOperation(op)
	})
	return op, err
}

func (s *Step) createOperation(op round.Operation) error {
	if err := s.PutOperation(op); err != nil {
		return err
	}
	return s.Journal("operation.created", op.Slug, op)
}

func completeOperation(op round.Operation) (round.Operation, error) {
	if op.Slug == "" {
		op.Slug = Slug(op.Title)
	}
	if op.Title == "" {
		op.Title = op.Slug
	}
	if op.TimeZone == "" {
		op.TimeZone = zoneOf(strings.ToUpper(op.Country))
	}
	if op.Status == "" {
		op.Status = "active"
	}
	op.Country = strings.ToUpper(op.Country)
	if !round.ValidSlug(op.Slug) {
		return op, fault.New(fault.WorkflowSlug, "slug", cmp.Or(op.Slug, op.Title)) // a title in another script gives no key
	}
	if len(op.Country) != 3 {
		return op, fault.New(fault.WorkflowCountry, "country", op.Country)
	}
	if _, err := time.LoadLocation(op.TimeZone); err != nil {
		return op, fault.Wrap(err, fault.WorkflowTimeZone, "zone", op.TimeZone)
	}
	return op, nil
}

// Slug makes a key of a title: "South Sudan" becomes "south-sudan". Letters outside a-z are left out, so a title in
// another script needs a slug of its own.
func Slug(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

// Operations lists all operations.
func (w *Workflow) Operations(ctx context.Context, actor access.Actor) (ops []round.Operation, err error) {
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.Operations()
		for _, op := range all {
			if access.May(actor, access.ReadReleases, op.Slug) {
				ops = append(ops, op)
			}
		}
		return err
	})
	return ops, err
}

// FindOperation takes a slug, a unique title, or "" where there is only one operation.
func (w *Workflow) FindOperation(ctx context.Context, actor access.Actor, typed string) (op round.Operation, err error) {
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		op, err = resolveOperation(tx, typed)
		return err
	})
	if err == nil {
		err = allow(actor, access.ReadReleases, op.Slug)
	}
	return op, err
}

// AdoptTool makes a tool an activity of an operation, pinned to the pack's version and bytes, and keeps its forms as
// drafts. Adopting again the same bytes changes nothing.
func (w *Workflow) AdoptTool(ctx context.Context, actor access.Actor, operation, toolID string) (activity round.Activity, err error) {
	err = w.change(ctx, actor, access.ManageOperation, operation, func(s *Step) error {
		activity, err = w.adopt(s, toolID)
		return err
	})
	w.forgetTools()
	return activity, err
}

func (w *Workflow) adopt(s *Step, toolID string) (round.Activity, error) {
	pack, err := w.Tools.Pack(toolID)
	if err != nil {
		return round.Activity{}, err
	}
	activity := round.Activity{Operation: s.Operation, ID: toolID, Tool: toolID, ToolVersion: pack.Version, ToolHash: pack.Hash()}
	if old, err := s.Tx.Activity(s.Operation, toolID); err == nil && old.ToolHash == activity.ToolHash {
		return old, nil
	} else if err != nil && fault.KindOf(err) != fault.NotFound {
		return round.Activity{}, err
	}
	bundle, err := pack.Bundle()
	if err != nil {
		return round.Activity{}, err
	}
	if _, err := s.PutBlobBytes(s.Operation, bundle); err != nil {
		return round.Activity{}, err
	}
	if err := s.PutActivity(activity); err != nil {
		return round.Activity{}, err
	}
	if err := w.draftForms(s, pack, activity); err != nil {
		return round.Activity{}, err
	}
	return activity, s.Journal("tool.adopted", toolID, activity)
}

// Activities lists the tools an operation has adopted.
func (w *Workflow) Activities(ctx context.Context, actor access.Actor, operation string) (list []round.Activity, err error) {
	err = w.read(ctx, actor, access.ReadFigures, operation, func(tx *store.Tx) error {
		list, err = tx.Activities(operation)
		return err
	})
	return list, err
}

// OpenRound makes a round or changes the dates and label of one that is not closed. Fields left empty keep what they
// had.
func (w *Workflow) OpenRound(ctx context.Context, actor access.Actor, r round.Round) (round.Round, error) {
	if err := checkRound(r); err != nil {
		return r, err
	}
	err := w.change(ctx, actor, access.ManageRound, r.Operation, func(s *Step) error {
		if _, err := w.activity(s.Tx, r.Operation, r.Activity); err != nil {
			return err
		}
		var err error
		r, err = s.openRound(r)
		return err
	})
	return r, err
}

func (s *Step) openRound(r round.Round) (round.Round, error) {
	old, err := s.Tx.Round(r.Operation, r.Activity, r.Number)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return r, err
	}
	wanted := r
	r = mergeRound(old, r)
	if r == old {
		return r, nil
	}
	if isClosed(old) && (changes(old.Start, wanted.Start) || changes(old.End, wanted.End) || changes(old.ReferenceDate, wanted.ReferenceDate)) {
		return r, fault.New(fault.WorkflowClosedDates, "round", old.String())
	}
	if err := checkRound(r); err != nil {
		return r, err
	}
	if err := s.PutRound(r); err != nil {
		return r, err
	}
	if err := s.Journal("round.opened", r.Activity+"/"+strconv.Itoa(r.Number), r); err != nil {
		return r, err
	}
	return r, s.datesMoved(old, r)
}

// datesMoved looks again at the records that the dates of a round move: those that it holds now and that lie in no round
// or in one beside it, those that it held, and those without a day, whose facts take the round's.
func (s *Step) datesMoved(old, now round.Round) error {
	if old.Start == now.Start && old.End == now.End && old.Reference() == now.Reference() && old.Status == now.Status {
		return nil
	}
	for _, number := range slices.Compact([]int{0, now.Number - 1, now.Number, now.Number + 1}) {
		err := eachRecord(s.Tx, now.Operation, store.RecordFilter{Activity: now.Activity, Round: &number}, func(rec store.StoredRecord) error {
			if rec.Date == "" && number == now.Number {
				return s.UpdateRecord(now.Operation, rec.ID, store.RecordUpdate{})
			}
			if rec.Source != record.FromImport && now.Holds(rec.Date, graceDays) != (number == now.Number) {
				return s.enqueueCheck(rec.ID)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func mergeRound(old, r round.Round) round.Round {
	keep := func(now *string, before string) {
		if *now == "" {
			*now = before
		}
	}
	keep(&r.Label, old.Label)
	keep(&r.Start, old.Start)
	keep(&r.End, old.End)
	keep(&r.ReferenceDate, old.ReferenceDate)
	keep(&r.ReferenceStart, old.ReferenceStart)
	if old.Number > 0 {
		r.Status = old.Status // closing and opening again are verbs of their own, with their checks and reasons
	}
	if r.Status == "" {
		r.Status = round.Collecting
	}
	return r
}

// changes says whether a date that is set would become another; setting one that is not known yet is no change.
func changes(old, now string) bool { return old != "" && now != "" && old != now }

func checkRound(r round.Round) error {
	if r.Number < 1 {
		return fault.New(fault.WorkflowRoundNumber, "round", strconv.Itoa(r.Number))
	}
	for _, date := range []string{r.Start, r.End, r.ReferenceDate, r.ReferenceStart} {
		if date == "" {
			continue
		}
		if _, err := time.Parse(time.DateOnly, date); err != nil {
			return fault.Wrap(err, fault.WorkflowDate, "date", date)
		}
	}
	if r.Start != "" && r.End != "" && r.End < r.Start {
		return fault.New(fault.WorkflowPeriod, "start", r.Start, "end", r.End)
	}
	return nil
}

// activity finds an adopted tool.
func (w *Workflow) activity(tx *store.Tx, operation, id string) (round.Activity, error) {
	a, err := tx.Activity(operation, id)
	if err == nil || fault.KindOf(err) != fault.NotFound {
		return a, err
	}
	list, err := tx.Activities(operation)
	if err != nil {
		return a, err
	}
	var adopted []string
	for _, other := range list {
		adopted = append(adopted, other.ID)
	}
	return a, w.notAdopted(operation, id, adopted)
}

// notAdopted says what is wrong with a tool's name: no such tool, or one that the operation has not adopted.
func (w *Workflow) notAdopted(operation, id string, adopted []string) error {
	if _, err := w.Tools.Pack(id); err != nil {
		return err
	}
	if len(adopted) == 0 {
		adopted = []string{"none"}
	}
	return fault.New(fault.WorkflowNoActivity, "operation", operation, "activity", id, "known", strings.Join(adopted, ", "))
}
