package workflow_test

import (
	"testing"
	"time"

	"safar/access"
	"safar/fault"
	"safar/workflow"
)

// TestTheWorkspaceOnBothEngines reads what pages read, and signs somebody in, on SQLite and on PostgreSQL.
func TestTheWorkspaceOnBothEngines(t *testing.T) {
	both(t, func(t *testing.T, d *desk) {
		result, err := d.Import(d.ctx, d.actor, workflow.ImportOrder{Operation: "Pages", Tool: "baseline-sub-area", Round: 1, File: book("villages.csv", pagesSheet)})
		d.must(err)
		if result.Inserted != 3 {
			t.Fatalf("the import: %+v", result.Errors)
		}
		page, err := d.Overview(d.ctx, d.actor, "pages", "baseline-sub-area", 0, "en")
		d.must(err)
		if page.Counting != 3 || page.Round.Number != 1 || len(page.Arrivals) != 3 || len(page.Headline) == 0 || *page.Headline[0].Value != 233 {
			t.Errorf("the overview is %+v", page)
		}
		seen, err := d.Overview(d.ctx, access.Actor{Kind: access.Person, Role: access.Viewer}, "pages", "baseline-sub-area", 1, "en")
		d.must(err)
		if len(seen.Arrivals) != 0 || len(seen.Todo) != 0 || seen.Counting != 3 {
			t.Errorf("who may not read records sees %+v", seen)
		}
		first, err := d.RecordRows(d.ctx, d.actor, "pages", workflow.RecordFilter{Limit: 2}, []string{"m0310_loc_num_idp_ind"}, "en")
		d.must(err)
		second, err := d.RecordRows(d.ctx, d.actor, "pages", workflow.RecordFilter{Limit: 2, After: first.Rows[1].ID}, nil, "en")
		d.must(err)
		if len(first.Rows) != 2 || first.Next == "" || len(second.Rows) != 1 || second.Next != "" || first.Rows[0].Values["m0310_loc_num_idp_ind"] != "161" || first.Rows[0].DeviceName != "villages.csv" {
			t.Errorf("the pages are %+v and %+v", first, second)
		}
		findings, err := d.FindingRows(d.ctx, d.actor, "pages", workflow.FindingFilter{}, "all", "en")
		d.must(err)
		total := 0
		for _, c := range findings.ByCheck {
			total += c.Count
		}
		if total != len(findings.Rows) {
			t.Errorf("%d findings, %d by check", len(findings.Rows), total)
		}
		if _, err := d.RecordPage(d.ctx, d.actor, "pages", first.Rows[0].ID, "en"); err != nil {
			t.Error(err)
		}
		if hits, err := d.Search(d.ctx, d.actor, "pages", "Guliston", "en"); err != nil || len(hits) == 0 {
			t.Errorf("%v %v", hits, err)
		}
		d.visit()
	})
}

const pagesSheet = `country_code,country,province_code,province,district_code,district,jamoat_code,jamoat,SSID,village,date,IDP households,IDP individuals
XTF,Elsewhere,XT01,Upper,XT0101,North,XT010101,One,XT010101-0001,Obshoron,2026-02-10,10,52
XTF,Elsewhere,XT01,Upper,XT0101,North,XT010101,One,XT010101-0002,Navobod,2026-02-11,4,20
XTF,Elsewhere,XT02,Lower,XT0201,East,XT020101,Three,XT020101-0001,Guliston,2026-02-12,30,161
`

// visit signs a person in and out.
func (d *desk) visit() {
	d.t.Helper()
	_, err := d.AddPerson(d.ctx, d.actor, "farida", "a long enough password", access.Officer)
	d.must(err)
	if _, err := d.SignIn(d.ctx, "farida", "not the password", "192.0.2.1"); fault.CodeOf(err) != fault.WorkspaceCredentials {
		d.t.Errorf("a wrong password: %v", err)
	}
	in, err := d.SignIn(d.ctx, "farida", "a long enough password", "192.0.2.1")
	d.must(err)
	known, err := d.WhoIs(d.ctx, in.Secret)
	d.must(err)
	if known.Name != "farida" || known.Actor.Role != access.Officer || known.Until.Sub(d.clock.Now()) > workflow.SessionLife || known.Until.Sub(d.clock.Now()) < workflow.SessionLife-time.Minute {
		d.t.Errorf("the visitor is %+v", known)
	}
	d.must(d.SignOut(d.ctx, known.Actor, in.Secret))
	if _, err := d.WhoIs(d.ctx, in.Secret); fault.CodeOf(err) != fault.WorkspaceSignIn {
		d.t.Errorf("after signing out: %v", err)
	}
}
