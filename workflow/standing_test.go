package workflow_test

import (
	"fmt"
	"strings"
	"testing"

	"safar/fault"
	"safar/form"
	"safar/measure"
	"safar/record"
	"safar/round"
	"safar/workflow"
)

// The tests here hold which record counts, and where, when records are edited, decided on, corrected and taken back.

// edit is fill for an instance that replaces another.
func (p phone) edit(instance, replaces string, answers map[string]string) []byte {
	p.d.t.Helper()
	tree := form.NewAnswers(p.form)
	for question, value := range answers {
		path, err := record.Locate(tree, question)
		p.d.must(err)
		record.At(tree, path).SetText(value)
	}
	return form.WriteInstance(p.form, tree, form.Identity{InstanceID: instance, DeprecatedID: replaces})
}

func (d *desk) view(id record.ID) workflow.RecordView {
	d.t.Helper()
	v, err := d.Record(d.ctx, d.actor, "demo", id)
	d.must(err)
	return v
}

func (d *desk) fix(id record.ID, question, value string) {
	d.t.Helper()
	_, err := d.Correct(d.ctx, d.actor, workflow.Correction{Operation: "demo", Record: id, Question: question, Value: value, Reason: "typo"})
	d.must(err)
}

func (d *desk) wantTotal(want float64, why string) {
	d.t.Helper()
	if got := d.total("idp.ind"); got != want {
		d.t.Errorf("idp.ind = %v, want %v: %s", got, want, why)
	}
}

func TestAnEditThatMovesToAnotherPlaceLeavesTheEarlierRecordOfTheFirst(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.operation()
	p := d.phone("one")
	p.send(p.fill("uuid:a", visit("S-1", "2026-02-08", "30")))
	p.send(p.fill("uuid:b", visit("S-1", "2026-02-12", "60")))
	d.wantTotal(60, "the newest of S-1")
	p.send(p.edit("uuid:c", "uuid:b", visit("S-2", "2026-02-12", "60")))
	d.wantTotal(90, "the edit speaks of S-2, so the earlier record of S-1 counts again")
}

func TestAnEditThatWaitsReplacesNothingYet(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.operation()
	f, _, err := workflow.ConvertForm("photo.md", strings.NewReader(photoForm), int64(len(photoForm)))
	d.must(err)
	_, _, err = d.PublishWorkbook(d.ctx, d.actor, "demo", "baseline-sub-area", "photo.md", mustBook(t, photoForm))
	d.must(err)
	p := d.phone("one")
	p.form = f
	answers := map[string]string{"m0445_loc_site_id_ssid": "S-9", "m1855_meta_assessment_date": "2026-02-03", "m0310_loc_num_idp_ind": "12"}
	p.send(p.fill("uuid:p", answers))
	answers["m0310_loc_num_idp_ind"], answers["photo"] = "13", "a.jpg"
	edit := p.edit("uuid:q", "uuid:p", answers)
	p.send(edit)
	d.wantTotal(12, "the photo of the edit is not here yet")
	p.send(edit, part("a.jpg", "pixels"))
	d.wantTotal(13, "the edit is whole")
}

func TestADecisionLeavesNoPlaceWithoutItsRecord(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.operation()
	p := d.phone("one")
	p.send(p.fill("uuid:0", visit("S-1", "2026-02-08", "30")))
	first := p.send(p.fill("uuid:1", visit("S-1", "2026-02-10", "40")))
	second := p.send(p.fill("uuid:1", visit("S-2", "2026-02-10", "40")))
	d.wantTotal(40, "the second version is in conflict")
	d.must(d.Decide(d.ctx, d.actor, "demo", second.Record, record.Received, "the second is right"))
	d.wantTotal(70, "S-2 as decided, and the earlier record of S-1")
	d.must(d.Decide(d.ctx, d.actor, "demo", first.Record, record.Excluded, "twice"))
	d.wantTotal(70, "it did not count")

	broken := p.send([]byte("<data><a></data>"))
	if err := d.Decide(d.ctx, d.actor, "demo", broken.Record, record.Received, "ok"); fault.CodeOf(err) != fault.RecordNotCounted {
		t.Errorf("what nobody could read was taken: %v", err)
	}
	if err := d.Decide(d.ctx, d.actor, "demo", first.Record, "lost", "ok"); fault.CodeOf(err) != fault.RecordNotCounted {
		t.Errorf("a decision that does not exist: %v", err)
	}
}

func TestTakingAnEditedRecordBackSetsTheEditAside(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.operation()
	p := d.phone("one")
	first := p.send(p.fill("uuid:a", visit("S-1", "2026-02-12", "60")))
	p.send(p.edit("uuid:b", "uuid:a", visit("S-2", "2026-02-12", "70")))
	d.wantTotal(70, "the edit replaces the first")
	d.must(d.Decide(d.ctx, d.actor, "demo", first.Record, record.Received, "the edit was a mistake"))
	d.wantTotal(60, "one of the two counts, not both")
}

func TestUndoingAnImportInTheMiddleKeepsTheLastOne(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.importBook(strings.Replace(workbook, "2026-02-10,10,52,", "2026-02-20,10,52,", 1)) // a later day than those after it
	middle := d.importBook(strings.Replace(workbook, ",10,52,", ",11,57,", 1))
	last := d.importBook(strings.Replace(workbook, ",10,52,", ",12,60,", 1))
	_, err := d.UndoImport(d.ctx, d.actor, "demo", middle.ID, "wrong file")
	d.must(err)
	d.wantTotal(241, "the last import stands")
	_, err = d.UndoImport(d.ctx, d.actor, "demo", last.ID, "wrong file too")
	d.must(err)
	d.wantTotal(233, "the first counts again")
}

func TestWhatAPersonExcludedStaysOutWhenItsFileComesAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.importBook(workbook)
	d.must(d.Decide(d.ctx, d.actor, "demo", d.recordOfUnit("XS010101-0001"), record.Excluded, "invented"))
	if again := d.importBook(workbook); again.Import.Skipped != 4 {
		t.Errorf("again: %+v", again.Import)
	}
	d.wantTotal(181, "the excluded row stays out")
}

func TestAGroupIsNoAnswerToCorrect(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.operation()
	p := d.phone("one")
	r := p.send(p.fill("uuid:1", visit("S-1", "2026-02-10", "40")))
	d.wantTotal(40, "as sent")
	group := "/" + d.view(r.Record).Original.Name + "/assessment"
	_, err := d.Correct(d.ctx, d.actor, workflow.Correction{Operation: "demo", Record: r.Record, Question: group, Value: "x", Reason: "typo"})
	if fault.CodeOf(err) != fault.RecordNoAnswer {
		t.Errorf("a correction of a group: %v", err)
	}
	d.wantTotal(40, "a group's answers are not wiped")
}

// TestACheckKeepsWhatTheSheetSaid checks imported rows again: what stands beside the answers must not get lost.
func TestACheckKeepsWhatTheSheetSaid(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	lines := strings.Split(strings.TrimSpace(workbook), "\n")
	for i, from := range []string{"Source round", "3", "5", "5", "4"} {
		lines[i] += "," + from
	}
	_, err := d.Import(d.ctx, d.actor, workflow.ImportOrder{Operation: "Demo", Tool: "baseline-sub-area", Round: 5, File: book("v.csv", strings.Join(lines, "\n")+"\n")})
	d.must(err)
	standing := func() string {
		list, err := d.Records(d.ctx, d.actor, "demo", workflow.RecordFilter{})
		d.must(err)
		var b strings.Builder
		for _, r := range list {
			d.must(d.Recheck(d.ctx, "demo", r.ID))
			fmt.Fprintln(&b, r.Unit, r.Date, r.CarriedFrom, r.Round, r.Counts, r.Place.Areas, r.Place.Site, r.Place.How)
		}
		return b.String()
	}
	before := standing()
	if after := standing(); after != before || !strings.Contains(before, "2026-02-10 3 5 true") {
		t.Errorf("before\n%safter\n%s", before, after)
	}
}

func TestTheLastDaysOfARoundAreItsOwn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.operation()
	p := d.phone("one")
	first := p.send(p.fill("uuid:1", visit("S-1", "2026-02-27", "40")))
	d.must(d.Drain(d.ctx))
	_, err := d.OpenRound(d.ctx, d.actor, round.Round{Operation: "demo", Activity: "baseline-sub-area", Number: 2, Start: "2026-03-01", End: "2026-03-31"})
	d.must(err)
	second := p.send(p.fill("uuid:2", visit("S-2", "2026-02-27", "7")))
	early := p.send(p.fill("uuid:3", visit("S-3", "2026-03-02", "5")))
	d.fix(first.Record, "sf0100_loc_num_idp_hh", "9")
	d.must(d.Drain(d.ctx))
	for id, want := range map[record.ID]int{first.Record: 1, second.Record: 1, early.Record: 2} {
		if got := d.view(id).Round; got != want {
			t.Errorf("the record of %s lies in round %d, want %d", d.view(id).Date, got, want)
		}
	}
}

func TestWhatCameBeforeItsFormIsReadWhenTheFormIsPublished(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, d *desk) {
		d.operation()
		f, _, err := workflow.ConvertForm("photo.md", strings.NewReader(photoForm), int64(len(photoForm)))
		d.must(err)
		p := d.phone("one")
		p.form = f
		answers := map[string]string{"m0445_loc_site_id_ssid": "S-9", "m1855_meta_assessment_date": "2026-02-03", "m0310_loc_num_idp_ind": "12"}
		whole := p.send(p.fill("uuid:p", answers))
		answers["m0445_loc_site_id_ssid"], answers["photo"] = "S-8", "a.jpg"
		waiting := p.send(p.fill("uuid:q", answers))
		d.wantTotal(0, "nobody knows the form")
		_, _, err = d.PublishWorkbook(d.ctx, d.actor, "demo", "baseline-sub-area", "photo.md", mustBook(t, photoForm))
		d.must(err)
		d.wantTotal(12, "the form is known")
		if v := d.view(waiting.Record); v.State != record.Waiting || d.view(whole.Record).State != record.Received {
			t.Errorf("the one with a photo is %s, the other %s", v.State, d.view(whole.Record).State)
		}
	})
}

func TestWhatCameBeforeItsRoundIsInItWhenItOpens(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.operation()
	p := d.phone("one")
	r := p.send(p.fill("uuid:d", visit("S-3", "2026-05-11", "9")))
	grace := p.send(p.fill("uuid:e", visit("S-4", "2026-03-02", "9")))
	d.must(d.Drain(d.ctx))
	if v := d.view(grace.Record); v.Round != 1 {
		t.Errorf("round %d, want 1 by the days of grace", v.Round)
	}
	next := round.Round{Operation: "demo", Activity: "baseline-sub-area", Number: 2, Start: "2026-03-01", End: "2026-05-31"}
	_, err := d.OpenRound(d.ctx, d.actor, next)
	d.must(err)
	d.must(d.Drain(d.ctx))
	for _, id := range []record.ID{r.Record, grace.Record} {
		if v := d.view(id); v.Round != 2 || !v.Counts {
			t.Errorf("%s: round %d, counts %v", v.Date, v.Round, v.Counts)
		}
	}
	next.Start, next.End = "2026-05-20", "2026-06-20"
	_, err = d.OpenRound(d.ctx, d.actor, next)
	d.must(err)
	d.must(d.Drain(d.ctx))
	if v := d.view(r.Record); v.Round != 0 || v.Counts {
		t.Errorf("after the dates moved: round %d, counts %v", v.Round, v.Counts)
	}
}

func TestFactsWithoutADayTakeTheRoundsWhenItIsSet(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.importBook(strings.NewReplacer(",date,", ",remark,", "2026-02-10", "a", "2026-02-11", "b", "2026-02-12", "c").Replace(workbook))
	d.wantTotal(233, "the round has no date yet")
	_, err := d.OpenRound(d.ctx, d.actor, roundWithDate())
	d.must(err)
	figures, err := d.Figures(d.ctx, d.actor, workflow.FigureQuery{Measure: "idp.ind", Where: []measure.Filter{{Dim: "adm1", In: []string{"XS01", "XS02"}}}})
	d.must(err)
	if len(figures.Rows) != 1 || figures.Rows[0].Value == nil || *figures.Rows[0].Value != 233 {
		t.Errorf("%+v", figures.Rows)
	}
	figures, err = d.Figures(d.ctx, d.actor, workflow.FigureQuery{Measure: "idp.ind", Where: []measure.Filter{{Dim: "month", In: []string{"2026-02"}}}})
	d.must(err)
	if len(figures.Rows) != 1 || figures.Rows[0].Value == nil || *figures.Rows[0].Value != 233 {
		t.Errorf("the figures of February: %+v", figures.Rows)
	}
}
