package workflow

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"safar/access"
	"safar/fault"
	"safar/form"
	"safar/place"
	"safar/record/intake"
	"safar/round"
	"safar/store"
	"safar/toolbox"
)

// prepare opens the workbook and makes operation, activity, round and places, so that an import works on an empty data
// folder.
func (j *importJob) prepare(ctx context.Context) (err error) {
	m := j.order.Mapping
	book, sha, err := j.order.File.open()
	if err != nil {
		return err
	}
	j.book = book
	m.Source.File, m.Source.SHA256 = j.order.File.Name, sha // what the mapping says of them was true of the file it was made for
	if j.order.Operation == "" {
		j.order.Operation = m.Operation
	}
	if j.order.Tool != "" {
		m.Tool = j.order.Tool
	}
	if j.order.Round > 0 {
		m.Round.Number = j.order.Round
	}
	slug, err := j.findOperation(ctx)
	if err != nil {
		return err
	}
	if err := j.planRows(ctx, slug); err != nil {
		return err // before anything is made: a mapping that does not fit leaves nothing behind
	}
	if slug, err = j.makeRoom(ctx, slug); err != nil {
		return err
	}
	if j.tool, err = j.w.toolOf(ctx, slug, m.Tool); err != nil {
		return err
	}
	if err := j.keepPlaces(ctx); err != nil {
		return err
	}
	return j.keepWorkbook(ctx, slug, sha)
}

// findOperation gives the slug of the operation that the order names, "" when there is none of that name yet.
func (j *importJob) findOperation(ctx context.Context) (slug string, err error) {
	err = j.w.Store.Read(ctx, func(tx *store.Tx) error {
		op, err := resolveOperation(tx, j.order.Operation)
		if err == nil {
			slug = op.Slug
		} else if j.order.Operation == "" || fault.KindOf(err) != fault.NotFound {
			return err
		}
		return nil
	})
	return slug, err
}

// makeRoom makes the operation, the activity and the round where they are missing.
func (j *importJob) makeRoom(ctx context.Context, slug string) (string, error) {
	m := j.order.Mapping
	if slug == "" {
		op, err := j.w.CreateOperation(ctx, j.actor, round.Operation{Title: j.order.Operation, Slug: Slug(j.order.Operation), Country: m.Places.Country, TimeZone: zoneOf(m.Places.Country)})
		if err != nil {
			return "", err
		}
		slug = op.Slug
		j.made("operation %s (%s, time zone %s)", op.Slug, op.Country, op.TimeZone)
	}
	before, err := j.w.Activities(ctx, j.actor, slug)
	if err != nil {
		return "", err
	}
	if !hasActivity(before, m.Tool) { // one that is there stays pinned to its pack
		activity, err := j.w.AdoptTool(ctx, j.actor, slug, m.Tool)
		if err != nil {
			return "", err
		}
		j.made("tool %s, version %s, in %s", activity.Tool, activity.ToolVersion, slug)
	}
	return slug, j.makeRound(ctx, slug, m.Tool)
}

func hasActivity(list []round.Activity, id string) bool {
	for _, a := range list {
		if a.ID == id {
			return true
		}
	}
	return false
}

func (j *importJob) makeRound(ctx context.Context, operation, activity string) error {
	m := j.order.Mapping.Round
	wanted := round.Round{Operation: operation, Activity: activity, Number: m.Number, Start: m.Start, End: m.End, ReferenceDate: m.ReferenceDate}
	var known round.Round
	err := j.w.Store.Read(ctx, func(tx *store.Tx) (err error) {
		known, err = tx.Round(operation, activity, m.Number)
		return err
	})
	if err == nil && known.Status != round.Collecting && known.Status != round.Planned {
		return fault.New(fault.WorkflowRoundClosed, "round", known.String())
	}
	isNew := err != nil
	if isNew && fault.KindOf(err) != fault.NotFound {
		return err
	}
	if !isNew { // what a person set in the workspace is not overwritten by a workbook
		wanted = mergeRound(wanted, known)
	}
	if j.round, err = j.w.OpenRound(ctx, j.actor, wanted); err != nil {
		return err
	}
	if isNew {
		j.made("round %d of %s (%s to %s)", m.Number, activity, orUnknown(j.round.Start), orUnknown(j.round.End))
	}
	return nil
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

func (j *importJob) made(format string, args ...any) {
	j.result.Made = append(j.result.Made, fmt.Sprintf(format, args...))
}

// planRows lays the mapping over the sheet. The rows are read as the activity's own form, or as the tool's when the
// operation has not adopted it yet.
func (j *importJob) planRows(ctx context.Context, slug string) error {
	register, err := j.w.register(ctx, "")
	if err != nil {
		return err
	}
	questionnaire, err := j.rowForm(ctx, slug)
	if err != nil {
		return err
	}
	if j.plan, err = intake.Apply(*j.order.Mapping, j.book, questionnaire, j.w.Dictionary, register); err != nil {
		return err
	}
	j.result.Skipped, j.result.Notes = j.plan.Skipped, append(j.result.Notes, j.plan.Notes...)
	return nil
}

func (j *importJob) rowForm(ctx context.Context, slug string) (*form.Form, error) {
	if slug != "" {
		t, err := j.w.toolOf(ctx, slug, j.order.Mapping.Tool)
		if err == nil && t.main() != nil {
			return t.main().form, nil
		}
		if err != nil && fault.KindOf(err) != fault.NotFound {
			return nil, err
		}
	}
	pack, err := j.w.Tools.Pack(j.order.Mapping.Tool)
	if err != nil {
		return nil, err
	}
	built, _, err := toolbox.Form(pack, pack.MainForm(), j.w.Dictionary)
	return built, err
}

// keepPlaces stores the places that no list knows, if the mapping allows it.
func (j *importJob) keepPlaces(ctx context.Context) (err error) {
	places := j.plan.Places
	if len(places.Areas)+len(places.Sites)+len(places.Points) == 0 {
		return nil
	}
	var changes []place.Change
	err = j.w.change(ctx, j.actor, access.ManagePlaces, "", func(s *Step) error {
		if changes, err = j.w.mergePlaces(s, places); err != nil || len(changes) == 0 {
			return err
		}
		return s.Journal("place.imported", j.order.File.Name, map[string]any{"areas": len(places.Areas), "sites": len(places.Sites), "points": len(places.Points), "by": "record import"})
	})
	if len(changes) > 0 {
		j.made("%d areas, %d sites and %d flow points", len(places.Areas), len(places.Sites), len(places.Points))
	}
	return err
}

// keepWorkbook stores the workbook as it came, and the import that tells of it.
func (j *importJob) keepWorkbook(ctx context.Context, operation, sha string) error {
	if err := j.w.Store.PutBlob(ctx, operation, sha, j.order.File.Size, io.NewSectionReader(j.order.File.Data, 0, j.order.File.Size)); err != nil {
		return err
	}
	var mapping bytes.Buffer
	if err := intake.WriteYAML(&mapping, *j.order.Mapping); err != nil {
		return err
	}
	return j.w.change(ctx, j.actor, access.Import, operation, func(s *Step) error {
		j.result.Import = store.Import{
			Operation: operation, ID: s.NewID(), Activity: j.tool.activity.ID, Round: j.round.Number, File: j.order.File.Name, FileSHA: sha,
			Sheet: j.order.Mapping.Source.Sheet, Mapping: mapping.Bytes(), Actor: j.actor.Name, At: s.Now(), State: store.ImportStarted,
		}
		if err := s.PutImport(j.result.Import); err != nil {
			return err
		}
		return s.Journal("import.started", j.result.ID, map[string]any{"file": j.order.File.Name, "sha256": sha, "round": j.round.Number, "activity": j.tool.activity.ID})
	})
}
