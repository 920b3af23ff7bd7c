package workflow_test

import (
	"strings"
	"testing"

	"safar/fault"
	"safar/round"
	"safar/workflow"
)

// A closed round takes nothing in: what comes late waits in no round until it is opened again.
func TestALateRecordWaitsUntilTheRoundIsOpenedAgain(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.operation()
	p := d.phone("one")
	p.send(p.fill("uuid:a", visit("S-1", "2026-02-10", "40")))
	if got := d.total("idp.ind"); got != 40 {
		t.Fatalf("idp.ind = %v", got)
	}
	d.acceptAll()
	_, err := d.CloseRound(d.ctx, d.actor, "demo", "baseline-sub-area", 1)
	d.must(err)
	p.send(p.fill("uuid:b", visit("S-2", "2026-02-11", "7")))
	if got := d.total("idp.ind"); got != 40 {
		t.Errorf("after closing idp.ind = %v, want 40", got)
	}
	_, err = d.OpenRound(d.ctx, d.actor, round.Round{Operation: "demo", Activity: "baseline-sub-area", Number: 1, End: "2026-03-05", Status: round.Collecting})
	if fault.CodeOf(err) != fault.WorkflowClosedDates {
		t.Errorf("the dates of a closed round: %v", err)
	}
	_, err = d.ReopenRound(d.ctx, d.actor, "demo", "baseline-sub-area", 1, "a team was cut off by snow")
	d.must(err)
	if got := d.total("idp.ind"); got != 47 {
		t.Errorf("opened again idp.ind = %v, want 47", got)
	}
}

// A row that comes again with another column changed keeps the corrections of what it still says.
func TestCorrectionsSurviveAChangedRow(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.importBook(workbook)
	_, err := d.Correct(d.ctx, d.actor, workflow.Correction{Operation: "demo", Record: d.recordOfUnit("XS010101-0001"), Question: "m0310_loc_num_idp_ind", Value: "50", Reason: "typo"})
	d.must(err)
	d.importBook(strings.Replace(workbook, ",10,52,2,9", ",10,52,2,8", 1))
	if got := d.total("idp.ind"); got != 231 {
		t.Errorf("idp.ind = %v, want 231: the row still says 52, which was corrected to 50", got)
	}
	d.importBook(strings.Replace(workbook, ",10,52,2,9", ",10,53,2,8", 1))
	if got := d.total("idp.ind"); got != 234 {
		t.Errorf("idp.ind = %v, want 234: the row itself was changed to 53", got)
	}
}

const ownForm = `| survey | | | |
| | type | name | label |
| | text | m0445_loc_site_id_ssid | Site |
| | date | m1855_meta_assessment_date | Date |
| | integer | m0310_loc_num_idp_ind | IDPs |
| settings | | | |
| | form_title | form_id | version |
| | Ours | our_own_form | 1 |
`

// A team's own form under its own id is measured by the names of its questions.
func TestATeamsOwnFormCounts(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.operation()
	f, _, err := workflow.ConvertForm("own.md", strings.NewReader(ownForm), int64(len(ownForm)))
	d.must(err)
	_, _, err = d.PublishWorkbook(d.ctx, d.actor, "demo", "baseline-sub-area", "own.md", mustBook(t, ownForm))
	d.must(err)
	p := d.phone("one")
	p.form = f
	p.send(p.fill("uuid:o", map[string]string{"m0445_loc_site_id_ssid": "S-9", "m1855_meta_assessment_date": "2026-02-03", "m0310_loc_num_idp_ind": "12"}))
	if got := d.total("idp.ind"); got != 12 {
		t.Errorf("idp.ind = %v, want 12", got)
	}
}

// An edit that arrives before its original wins all the same.
func TestAnEditMayComeBeforeItsOriginal(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, d *desk) {
		d.operation()
		p := d.phone("one")
		original := p.fill("uuid:first", visit("S-1", "2026-02-10", "40"))
		edit := strings.Replace(string(p.fill("uuid:second", visit("S-1", "2026-02-10", "44"))), "<orx:instanceID>", "<orx:deprecatedID>uuid:first</orx:deprecatedID><orx:instanceID>", 1)
		if !strings.Contains(edit, "deprecatedID") {
			t.Fatalf("the instance is written otherwise: %s", edit)
		}
		p.send([]byte(edit))
		p.send(original)
		if got := d.total("idp.ind"); got != 44 {
			t.Errorf("idp.ind = %v, want 44", got)
		}
	})
}
