package web_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"safar/access"
	"safar/training"
	"safar/workflow"
)

const (
	opPath    = "/w/" + training.Slug
	basePath  = opPath + "/" + training.Baseline
	flowsPath = opPath + "/" + training.Flow
)

// TestAnswersKeepTheirShape holds the keys and types of each answer against one file each: a page is built on them.
func TestAnswersKeepTheirShape(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ids := o.fixtures()
	for name, path := range map[string]string{
		"session": "/w/session", "operation": opPath, "tools": "/w/tools", "overview": basePath + "/2/overview", "overview-flow": flowsPath + "/2/overview",
		"areas": opPath + "/areas?level=1", "measures": basePath + "/measures", "figures": basePath + "/figures?measure=idp.ind&round=2&by=adm1",
		"records": opPath + "/records?limit=5&columns=m0310_loc_num_idp_ind", "record": opPath + "/records/" + ids.corrected, "record-row": "/w/" + ids.sheetOp + "/records/" + ids.row,
		"findings": opPath + "/findings", "imports": "/w/" + ids.sheetOp + "/imports", "places": opPath + "/places", "places-search": opPath + "/places?q=XS01",
		"forms": opPath + "/forms", "devices": opPath + "/devices", "releases": opPath + "/releases", "release": "/w/releases/" + ids.release,
		"trace": "/w/releases/" + ids.release + "/trace?cell=" + ids.cell, "search": opPath + "/search?q=a",
	} {
		w := o.do("GET", path, "", o.as(access.Officer))
		if w.Code != 200 {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
			continue
		}
		goldenShape(t, filepath.Join("api", name+".txt"), shape(w.Body.Bytes()))
	}
}

func goldenShape(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s changed; a page is built on it. If that is meant, run with -update:\n%s", name, got)
	}
}

// fixtures are things that some requests need.
type fixtures struct{ record, corrected, row, finding, sheetOp, sheetImport, release, cell, device string }

func (o *office) fixtures() (f fixtures) {
	o.t.Helper()
	var records struct{ Rows []struct{ ID, Unit string } }
	o.get(opPath+"/records?activity="+training.Baseline+"&round=2&counting=1", &records)
	f.record, f.corrected = records.Rows[0].ID, records.Rows[1].ID
	o.ask("POST", opPath+"/records/"+f.corrected+"/corrections", `{"question":"m0310_loc_num_idp_ind","value":"77","reason":"typo","comment":"read again"}`, nil)
	var findings struct{ Rows []struct{ ID string } }
	o.get(opPath+"/findings", &findings)
	f.finding = findings.Rows[0].ID
	f.sheetOp = "sheets"
	o.importSheet(f.sheetOp, foreignSheet())
	var rows struct{ Rows []struct{ ID string } }
	o.get("/w/sheets/records", &rows)
	f.row = rows.Rows[0].ID
	var imports []struct{ ID string }
	o.get("/w/sheets/imports", &imports)
	f.sheetImport = imports[0].ID
	var built struct{ ID string }
	o.ask("POST", basePath+"/1/releases", `{"title":"Round one","terms":{"licence":"CC BY 4.0","attribution":"Practice","source":"Practice"}}`, &built)
	f.release = built.ID
	var whole struct{ Tables []struct{ Cells []string } }
	o.get("/w/releases/"+f.release, &whole)
	for _, table := range whole.Tables {
		for _, cell := range table.Cells {
			if cell != "" && f.cell == "" {
				f.cell = cell
			}
		}
	}
	f.cell = url.QueryEscape(f.cell)
	device, err := o.AddDevice(o.ctx, o.actor, workflow.Device{Operation: training.Slug, Name: "second"})
	o.must(err)
	f.device = device.ID
	return f
}

// TestEveryEndpointAsksWhoYouAre walks all endpoints as nobody and in every role: who lacks the verb is refused, whoever
// has it is not.
func TestEveryEndpointAsksWhoYouAre(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	ids := o.fixtures()
	sheetToken := "no-such-token"
	walk := []struct {
		verb               access.Verb
		method, path, body string
	}{
		{access.ReadReleases, "GET", "/w/session", ""},
		{access.ReadReleases, "GET", "/w/tools", ""},
		{access.ReadReleases, "GET", opPath + "/areas?level=1", ""},
		{access.ReadReleases, "GET", opPath + "/places", ""},
		{access.ReadReleases, "GET", opPath + "/search?q=a", ""},
		{access.ReadReleases, "GET", opPath + "/releases", ""},
		{access.ReadFigures, "GET", opPath, ""},
		{access.ReadFigures, "GET", basePath + "/1/overview", ""},
		{access.ReadFigures, "GET", basePath + "/measures", ""},
		{access.ReadFigures, "GET", basePath + "/figures?measure=idp.ind&round=1", ""},
		{access.ReadRecords, "GET", opPath + "/records", ""},
		{access.ReadRecords, "GET", opPath + "/records/" + ids.record, ""},
		{access.ReadRecords, "GET", opPath + "/findings", ""},
		{access.ReadRecords, "GET", opPath + "/imports", ""},
		{access.ReadRecords, "GET", "/w/sheets/imports/" + ids.sheetImport + "/errors", ""},
		{access.Correct, "POST", opPath + "/records/" + ids.record + "/corrections", `{"question":"m0310_loc_num_idp_ind","value":"4","reason":"typo"}`},
		{access.Correct, "POST", opPath + "/records/" + ids.record + "/decision", `{"state":"excluded","reason":"test"}`},
		{access.Correct, "POST", opPath + "/findings/" + ids.finding, `{"state":"accepted","comment":"seen"}`},
		{access.Import, "GET", "/w/imports/" + sheetToken, ""},
		{access.Import, "POST", "/w/imports", ""},
		{access.Import, "POST", "/w/imports/" + sheetToken, `{}`},
		{access.Import, "POST", "/w/sheets/imports/" + ids.sheetImport + "/undo", `{"reason":"test"}`},
		{access.ManagePlaces, "POST", "/w/places", ""},
		{access.ManageRound, "PUT", basePath + "/rounds/3", `{"start":"2026-06-01","end":"2026-06-20"}`},
		{access.ManageRound, "POST", basePath + "/rounds/1/check", ""},
		{access.ManageRound, "POST", basePath + "/rounds/1/targets", `{}`},
		{access.ManageRound, "POST", basePath + "/rounds/1/close", ""},
		{access.ManageRound, "POST", basePath + "/rounds/1/reopen", `{"reason":"test"}`},
		{access.ManageForms, "GET", opPath + "/forms", ""},
		{access.ManageForms, "POST", opPath + "/forms/publish", `{"tool":"flow-registry"}`},
		{access.ManageForms, "POST", opPath + "/forms/retire", `{"form":"safar_flow_registry","version":"none"}`},
		{access.ManageDevices, "GET", opPath + "/devices", ""},
		{access.ManageDevices, "POST", opPath + "/devices", `{"name":"third"}`},
		{access.ManageDevices, "POST", opPath + "/devices/" + ids.device + "/state", `{"state":"paused"}`},
		{access.ManageOperation, "POST", "/w/operations", `{"title":"New","country":"XSF"}`},
		{access.ManageOperation, "POST", opPath + "/tools", `{"tool":"flow-registry"}`},
		{access.ManagePeople, "GET", "/w/people", ""},
		{access.ManagePeople, "POST", "/w/people", `{"name":"someone","role":"viewer"}`},
		{access.ManagePeople, "POST", "/w/people/someone/reset", ""},
		{access.BuildRelease, "POST", basePath + "/1/releases", `{"terms":{"licence":"x","attribution":"x","source":"x"}}`},
		{access.BuildRelease, "GET", "/w/releases/" + ids.release, ""}, // built and not published: others do not see it
		{access.BuildRelease, "POST", "/w/releases/" + ids.release + "/verify", ""},
		{access.Publish, "POST", "/w/releases/" + ids.release + "/state", `{"state":"published","reason":"test"}`},
		{access.ReadRecords, "GET", "/w/releases/" + ids.release + "/trace?cell=" + ids.cell, ""},
	}
	for _, role := range []access.Role{"", access.Collector, access.Viewer, access.Administrator, access.Steward, access.Officer} {
		cookie := o.as(role)
		person := access.Actor{Kind: access.Person, Role: role}
		for _, step := range walk {
			w := o.do(step.method, step.path, step.body, cookie)
			refused := w.Code == http.StatusForbidden || w.Code == http.StatusUnauthorized || w.Code == http.StatusNotFound && strings.Contains(w.Body.String(), "release.unknown")
			switch {
			case role == "" && w.Code != http.StatusUnauthorized:
				t.Errorf("nobody: %s %s: %d %s", step.method, step.path, w.Code, w.Body)
			case role != "" && refused == access.May(person, step.verb, training.Slug):
				t.Errorf("%s: %s %s: %d %s", role, step.method, step.path, w.Code, w.Body)
			case w.Code >= 500:
				t.Errorf("%s: %s %s: %d %s", role, step.method, step.path, w.Code, w.Body)
			}
		}
	}
}

func TestOtherSitesChangeNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	cookie := o.as(access.Officer)
	for name, change := range map[string]func(*http.Request){
		"no header":       func(r *http.Request) { r.Header.Del("X-Safar") },
		"other origin":    func(r *http.Request) { r.Header.Set("Origin", "https://elsewhere.example") },
		"null origin":     func(r *http.Request) { r.Header.Set("Origin", "null") },
		"cross-site":      func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"same-site":       func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-site") },
		"form, no header": func(r *http.Request) { r.Header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}} },
	} {
		r := httptest.NewRequest("POST", "/w/operations", strings.NewReader(`{"title":"Stolen","country":"XSF"}`))
		r.Header.Set("X-Safar", "1")
		change(r)
		if w := o.send(r, cookie); w.Code != http.StatusForbidden {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	r := httptest.NewRequest("POST", "/w/operations", strings.NewReader(`{"title":"Mine","country":"XSF"}`))
	r.Header.Set("X-Safar", "1")
	r.Header.Set("Origin", "http://"+r.Host)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if w := o.send(r, cookie); w.Code != 200 {
		t.Errorf("our own page: %d %s", w.Code, w.Body)
	}
	if w := o.do("POST", "/w/operations", `{"title":"News","country":"XSF"}`, cookie); w.Code != 400 {
		t.Errorf("a slug that is a word of the interface: %d %s", w.Code, w.Body)
	}
}

func TestGuessingPasswordsIsSlow(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.as(access.Viewer)
	try := func(name, password, address string) int {
		r := httptest.NewRequest("POST", "/w/session", strings.NewReader(fmt.Sprintf(`{"name":%q,"password":%q}`, name, password)))
		r.Header.Set("X-Safar", "1")
		r.RemoteAddr = address + ":1234"
		return o.serve(r).Code
	}
	for i := range 5 {
		if code := try("viewer", "wrong password", "192.0.2.1"); code != 401 {
			t.Fatalf("try %d: %d", i, code)
		}
	}
	if code := try("viewer", testPassword, "192.0.2.1"); code != 429 {
		t.Errorf("after five failures even the right password waits: %d", code)
	}
	if code := try("viewer", testPassword, "192.0.2.2"); code != 200 {
		t.Errorf("from elsewhere she comes in: %d", code)
	}
	o.tick(11 * time.Second)
	if code := try("viewer", testPassword, "192.0.2.1"); code != 200 {
		t.Errorf("after ten seconds one try is free: %d", code)
	}
	if code := try("nobody at all", "wrong password", "192.0.2.1"); code != 401 {
		t.Errorf("an unknown name: %d", code)
	}
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	first := o.as(access.Viewer)
	second := o.signIn("viewer", testPassword)
	if w := o.do("POST", "/w/session/password", `{"old":"not it at all","new":"another long password"}`, first); w.Code != 400 {
		t.Errorf("a wrong old password: %d %s", w.Code, w.Body)
	}
	if w := o.do("POST", "/w/session/password", fmt.Sprintf(`{"old":%q,"new":"another long password"}`, testPassword), first); w.Code != 204 {
		t.Fatalf("changing the password: %d %s", w.Code, w.Body)
	}
	if w := o.do("GET", "/w/session", "", second); w.Code != 401 {
		t.Errorf("the other session lives on: %d", w.Code)
	}
	o.tick(7 * time.Hour)
	if w := o.do("GET", "/w/session", "", first); w.Code != 200 || len(w.Result().Cookies()) == 0 {
		t.Errorf("after seven hours: %d, cookies %v", w.Code, w.Result().Cookies())
	}
	o.tick(7 * time.Hour)
	if w := o.do("GET", "/w/session", "", first); w.Code != 200 {
		t.Errorf("seven hours after the last request: %d", w.Code)
	}
	o.tick(13 * time.Hour)
	if w := o.do("GET", "/w/session", "", first); w.Code != 401 {
		t.Errorf("thirteen hours after the last request: %d", w.Code)
	}
	third := o.signIn("viewer", "another long password")
	if w := o.do("DELETE", "/w/session", "", third); w.Code != 204 {
		t.Errorf("signing out: %d %s", w.Code, w.Body)
	}
	if w := o.do("GET", "/w/session", "", third); w.Code != 401 {
		t.Errorf("after signing out: %d", w.Code)
	}
	fourth := o.signIn("viewer", "another long password")
	_, err := o.ResetPassword(o.ctx, o.actor, "viewer", "")
	o.must(err)
	if w := o.do("GET", "/w/session", "", fourth); w.Code != 401 {
		t.Errorf("after a reset: %d", w.Code)
	}
}

// TestNewsArriveAtOnce: a submission shows within a second on a page that is open.
func TestNewsArriveAtOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	server := httptest.NewServer(o.handler)
	defer server.Close()
	listen := func(role access.Role) (*bufio.Scanner, func()) {
		r, err := http.NewRequestWithContext(o.ctx, "GET", server.URL+"/w/news", nil)
		o.must(err)
		r.Header.Set("Accept-Encoding", "gzip")
		r.AddCookie(&http.Cookie{Name: "safar_session", Value: o.as(role)})
		answer, err := http.DefaultClient.Do(r)
		o.must(err)
		if answer.StatusCode != 200 || answer.Header.Get("Content-Encoding") != "" {
			t.Fatalf("%d %v", answer.StatusCode, answer.Header)
		}
		lines := bufio.NewScanner(answer.Body)
		lines.Scan() // the stream stands now
		return lines, func() { answer.Body.Close() }
	}
	lines, hangUp := listen(access.Viewer)
	defer hangUp()
	start := time.Now()
	id := o.sendOne(o.country.Submissions[len(o.country.Submissions)-1])
	for lines.Scan() {
		text, is := strings.CutPrefix(lines.Text(), "data: ")
		if !is {
			continue
		}
		var news workflow.News
		o.must(json.Unmarshal([]byte(text), &news))
		if news.Kind != "record.received" || news.Subject != string(id) || news.Operation != training.Slug {
			t.Errorf("the news are %+v", news)
		}
		break
	}
	if took := time.Since(start); took > time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestQuestionsThatAreWrong(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	cookie := o.as(access.Officer)
	for _, one := range []struct {
		method, path, body string
		code               int
		fault              string
	}{
		{"GET", "/w/nowhere/at/all/of/it", "", 404, "web.no_page"},
		{"GET", "/w/nowhere", "", 404, "workflow.no_operation"},
		{"PUT", "/w/session", "", 405, "workspace.method"},
		{"POST", "/w/operations", "{", 400, "workspace.body"},
		{"POST", "/w/operations", `{"title":7}`, 400, "workspace.body"},
		{"GET", opPath + "/records?round=x", "", 400, "workspace.parameter"},
		{"GET", opPath + "/records?counting=maybe", "", 400, "workspace.parameter"},
		{"GET", opPath + "/areas?level=9", "", 400, "workspace.parameter"},
		{"GET", opPath + "/records/none", "", 404, "record.unknown"},
		{"GET", basePath + "/99/overview", "", 404, "workflow.no_round"},
		{"GET", basePath + "/figures?where=adm1", "", 400, "workspace.parameter"},
		{"POST", "/w/imports", "{}", 400, "workspace.no_upload"},
		{"POST", "/w/imports/none", `{}`, 404, "workspace.upload_gone"},
		{"POST", opPath + "/records/none/decision", `{"state":"burnt"}`, 400, "workspace.parameter"},
		{"POST", "/w/operations", strings.Repeat(" ", 2<<20), 413, "web.too_large"},
	} {
		w := o.do(one.method, one.path, one.body, cookie)
		var p struct{ Code, Message, Mend string }
		_ = json.Unmarshal(w.Body.Bytes(), &p)
		if w.Code != one.code || p.Code != one.fault || p.Message == "" || p.Mend == "" {
			t.Errorf("%s %s: %d %s", one.method, one.path, w.Code, w.Body)
		}
	}
	w := o.do("GET", opPath+"/records", "", o.as(access.Viewer))
	if !strings.Contains(w.Body.String(), "viewer may not do record.read") {
		t.Errorf("a refusal names the person: %s", w.Body)
	}
}
