package web_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"safar/release"
	"safar/web"
)

func TestHealthTellsWhetherTheStoreCanBeRead(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.take("Practice", 1, firstRound, "2026-02-28")
	var report struct {
		Status, Version, Engine string
		Jobs                    map[string]int
		Free                    *int64 `json:"disk_free_bytes"`
	}
	w := d.get("/healthz")
	d.must(json.Unmarshal(w.Body.Bytes(), &report))
	if w.Code != 200 || report.Status != "ok" || report.Version != "test" || report.Engine != "sqlite" || report.Jobs == nil || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	d.must(d.store.Close())
	w = d.get("/healthz")
	d.must(json.Unmarshal(w.Body.Bytes(), &report))
	if w.Code != 503 || report.Status != "failing" {
		t.Errorf("with a closed store: %d %s", w.Code, w.Body)
	}
	if w := d.get("/v3/displacement/country-list"); w.Code < 500 || !strings.Contains(w.Body.String(), `"isSuccess":false`) {
		t.Errorf("the API with a closed store: %d %s", w.Code, w.Body)
	}
}

func TestVersion(t *testing.T) {
	t.Parallel()
	if got := newDesk(t).get("/version").Body.String(); got != `{"name":"safar","version":"test"}`+"\n" {
		t.Error(got)
	}
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	t.Parallel()
	d := furnished(t)
	ids := map[string]bool{}
	for _, path := range []string{"/", "/healthz", "/releases", "/safar.css", "/nothing", "/v3/displacement/country-list", "/openrosa/key/secret/formList"} {
		h := d.get(path).Header()
		if id := h.Get("X-Request-Id"); len(id) != 16 || ids[id] {
			t.Errorf("%s: request id %q", path, id)
		}
		ids[h.Get("X-Request-Id")] = true
		if !strings.HasPrefix(h.Get("Content-Security-Policy"), "default-src 'none'") || strings.Contains(h.Get("Content-Security-Policy"), "unsafe") ||
			h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", path, h)
		}
	}
}

// TestTheLogHoldsPatternsOnly looks for what must not be in it: secrets in paths, values of queries, invented methods.
func TestTheLogHoldsPatternsOnly(t *testing.T) {
	t.Parallel()
	d := furnished(t)
	for _, c := range [][3]string{
		{"GET", "/openrosa/key/topsecret/submission", "/openrosa/key/{token}/submission"},
		{"GET", "/openrosa/topsecret/formList", "/openrosa/{operation}/formList"},
		{"GET", "/openrosa/key/topsecret/forms/topsecret/1.xml", "/openrosa/key/{token}/forms"},
		{"GET", "/openrosa/topsecret", "/openrosa/"},
		{"GET", "/openrosa/key/", "/openrosa/"},
		{"GET", "/openrosa", "/openrosa/"},
		{"GET", "/v3/displacement/admin1?CountryName=topsecret", "/v3/displacement/admin1"},
		{"GET", "/api/common/topsecret", "/v3/"},
		{"GET", "/releases/topsecret/", "/releases/{id}/{$}"},
		{"GET", "/releases/topsecret/topsecret.csv", "/releases/{id}/{file...}"},
		{"GET", "/signin/topsecret", "/signin/{secret}"},
		{"GET", "/topsecret", "/"},
		{"TOPSECRET", "/healthz", ""},
	} {
		d.log.Reset()
		d.ask(c[0], c[1])
		lines := strings.Split(strings.TrimSpace(d.log.String()), "\n")
		var line struct {
			Msg, Request, Method, Route string
			Status                      int
			Bytes                       int64
			MS                          float64
		}
		d.must(json.Unmarshal([]byte(lines[len(lines)-1]), &line))
		if strings.Contains(strings.ToLower(d.log.String()), "topsecret") || line.Route != c[2] || line.Msg != "request" || line.Request == "" || line.MS <= 0 || line.Status == 0 {
			t.Errorf("%s %s, want %s: %s", c[0], c[1], c[2], d.log.String())
		}
	}
}

func TestAPanicGetsAReferenceAndNoDetail(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	cfg := d.config(time.Now)
	cfg.OpenRosa = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "late") {
			_, _ = io.WriteString(w, "half")
		}
		panic("the answer of Farida")
	})
	d.handler = web.Handler(cfg)
	w := d.get("/openrosa/x/early")
	if w.Code != 500 || !strings.Contains(w.Body.String(), w.Header().Get("X-Request-Id")) || strings.Contains(w.Body.String()+d.log.String(), "Farida") {
		t.Errorf("%d %s\n%s", w.Code, w.Body, d.log.String())
	}
	if !strings.Contains(d.log.String(), "web_test.go") {
		t.Error("the log has no stack")
	}
	server := httptest.NewServer(d.handler)
	defer server.Close()
	response, err := http.Get(server.URL + "/openrosa/x/late")
	if err == nil {
		_, err = io.ReadAll(response.Body)
		response.Body.Close()
	}
	if err == nil {
		t.Error("an answer that broke off half way looks whole")
	}
}

func TestLargeRequestsAreRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	body := strings.NewReader("name=" + strings.Repeat("x", 65<<10))
	r := httptest.NewRequest("POST", "/signin/x", body)
	w := httptest.NewRecorder()
	if d.handler.ServeHTTP(w, r); w.Code != 413 {
		t.Errorf("with a length: %d", w.Code)
	}
	r = httptest.NewRequest("POST", "/signin/x", io.MultiReader(strings.NewReader("name="), strings.NewReader(strings.Repeat("x", 65<<10))))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w = httptest.NewRecorder()
	if d.handler.ServeHTTP(w, r); w.Code != 400 && w.Code != 413 {
		t.Errorf("without a length: %d", w.Code)
	}
}

func TestCompression(t *testing.T) {
	t.Parallel()
	d := furnished(t)
	const file = "/releases/practice.baseline-sub-area.r1.v1/codebook.csv"
	plain := d.get(file)
	packed := d.ask("GET", file, "Accept-Encoding", "br, gzip;q=0.8")
	if plain.Header().Get("Content-Encoding") != "" || packed.Header().Get("Content-Encoding") != "gzip" || packed.Header().Get("Vary") != "Accept-Encoding" || packed.Header().Get("Content-Length") != "" {
		t.Fatalf("%v %v", plain.Header(), packed.Header())
	}
	if got := packed.Header().Get("ETag"); got != "W/"+plain.Header().Get("ETag") {
		t.Errorf("the tag of other bytes: %s", got)
	}
	z, err := gzip.NewReader(packed.Body)
	d.must(err)
	text, err := io.ReadAll(z)
	if err != nil || string(text) != plain.Body.String() || packed.Body.Len() >= plain.Body.Len() {
		t.Errorf("unpacked differs: %v", err)
	}
	for _, c := range []struct{ path, accept, rang string }{{file, "gzip;q=0", ""}, {file, "gzip", "bytes=0-9"}, {"/version", "gzip", ""}, {file, "x-gzip-like", ""}} {
		if got := d.ask("GET", c.path, "Accept-Encoding", c.accept, "Range", c.rang).Header().Get("Content-Encoding"); got != "" {
			t.Errorf("%v is compressed", c)
		}
	}
}

func TestFilesOfARelease(t *testing.T) {
	t.Parallel()
	d := furnished(t)
	const base = "/releases/practice.baseline-sub-area.r1.v1/"
	manifest := d.get(base + "manifest.json")
	var m release.Manifest
	d.must(json.Unmarshal(manifest.Body.Bytes(), &m))
	if tag := manifest.Header().Get("ETag"); tag != `"`+release.Hash(manifest.Body.Bytes())+`"` || manifest.Header().Get("Content-Type") != "application/json; charset=utf-8" {
		t.Errorf("manifest: %v", manifest.Header())
	}
	folder := fstest.MapFS{"manifest.json": {Data: manifest.Body.Bytes()}}
	for _, f := range m.Files {
		w := d.get(base + f.Path)
		if w.Code != 200 || release.Hash(w.Body.Bytes()) != f.SHA256 {
			t.Errorf("%s: %d, other bytes than in the manifest", f.Path, w.Code)
		}
		folder[f.Path] = &fstest.MapFile{Data: w.Body.Bytes()}
	}
	if _, problems, err := release.Verify(folder); err != nil || len(problems) > 0 {
		t.Errorf("what was fetched does not verify: %v %v", problems, err)
	}
	w := d.get(base + "data/figures_adm1.csv")
	if h := w.Header(); h.Get("Content-Type") != "text/csv; charset=utf-8; header=present" || h.Get("Content-Disposition") != "attachment; filename=practice.baseline-sub-area.r1.v1.figures_adm1.csv" {
		t.Errorf("csv: %v", h)
	}
	if got := d.get(base + "methodology.md").Header().Get("Content-Type"); got != "text/markdown; charset=utf-8" {
		t.Errorf("markdown: %s", got)
	}
	if again := d.ask("GET", base+"manifest.json", "If-None-Match", manifest.Header().Get("ETag")); again.Code != 304 || again.Body.Len() != 0 {
		t.Errorf("unchanged: %d", again.Code)
	}
	if part := d.ask("GET", base+"manifest.json", "Range", "bytes=2-5"); part.Code != 206 || part.Body.String() != manifest.Body.String()[2:6] {
		t.Errorf("range: %d %q", part.Code, part.Body)
	}
	if head := d.ask("HEAD", base+"manifest.json"); head.Code != 200 || head.Body.Len() != 0 || head.Header().Get("Content-Length") == "" {
		t.Errorf("head: %d %v", head.Code, head.Header())
	}
}

func TestWhatIsNotPublishedIsNotThere(t *testing.T) {
	t.Parallel()
	d := furnished(t)
	d.take("Practice", 3, secondRound, "2026-08-31")
	hidden := d.release("Practice", 3, false)
	for _, path := range []string{"/releases/" + hidden + "/", "/releases/" + hidden + "/manifest.json", "/releases/none/", "/releases/practice.baseline-sub-area.r1.v1/none.csv",
		"/releases/practice.baseline-sub-area.r1.v1/data", "/releases/practice.baseline-sub-area.r1.v1/..%2F..%2Fkey", "/nothing", "/favicon.ico"} {
		w := d.get(path)
		if w.Code != 404 || !strings.Contains(w.Body.String(), "<h1>Not Found</h1>") || w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("ETag") != "" {
			t.Errorf("%s: %d %v", path, w.Code, w.Header())
		}
	}
	if strings.Contains(d.get("/releases").Body.String(), hidden) {
		t.Error("the list shows what is not published")
	}
}

func TestPagesOfReleases(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if body := d.get("/releases").Body.String(); !strings.Contains(body, "Nothing is published here yet.") {
		t.Errorf("an empty list:\n%s", body)
	}
	d = furnished(t)
	golden(t, "releases.html", d.get("/releases").Body.String())
	page := d.get("/releases/practice.baseline-sub-area.r1.v1/").Body.String()
	for _, want := range []string{
		"<h1>More than half of the displaced people are in one area: East</h1>", `<p class="fig"><bdi>233</bdi></p><p class="figt">displaced people live in`,
		`safar trace practice.baseline-sub-area.r1.v1 "idp.ind;adm0=XSF"`, "Licence or terms: CC BY 4.0", "Invented Bureau (2026)", "They show magnitude and trend",
		"How this number was made", release.Hash(d.get("/releases/practice.baseline-sub-area.r1.v1/manifest.json").Body.Bytes()),
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is not on the page\n%s", want, page)
		}
	}
	if w := d.get("/releases/practice.baseline-sub-area.r1.v1"); w.Code != 301 || w.Header().Get("Location") != "/releases/practice.baseline-sub-area.r1.v1/" {
		t.Errorf("without slash: %d %s", w.Code, w.Header().Get("Location"))
	}
}

func TestTheStartPageWithoutAndWithTheWorkspace(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	golden(t, "home.html", d.get("/").Body.String())
	if got := d.ask("GET", "/records/1", "Accept", "text/html").Code; got != 404 {
		t.Errorf("without a workspace its addresses answer %d", got)
	}
	cfg := d.config(time.Now)
	cfg.Base = "https://dtm.example.org/"
	cfg.UI = fstest.MapFS{"index.html": {Data: []byte("<!doctype html>workspace")}, "assets/main-1a2b.js": {Data: []byte("run()")}}
	d.handler = web.Handler(cfg)
	for path, want := range map[string]string{"/": "<!doctype html>workspace", "/records/1": "<!doctype html>workspace", "/o/x/releases/x.baseline-sub-area.r1.v1": "<!doctype html>workspace", "/assets/main-1a2b.js": "run()"} {
		w := d.ask("GET", path, "Accept", "text/html")
		if w.Code != 200 || w.Body.String() != want || !strings.Contains(w.Header().Get("Content-Security-Policy"), "script-src 'self';") {
			t.Errorf("%s: %d %q %v", path, w.Code, w.Body, w.Header())
		}
	}
	if got := d.get("/assets/main-1a2b.js").Header().Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("a file named by its hash: %q", got)
	}
	if got := d.ask("GET", "/assets/other.js", "Accept", "text/html").Code; got != 404 {
		t.Errorf("a missing file: %d", got)
	}
	if got := d.ask("DELETE", "/").Code; got != 405 {
		t.Errorf("another method: %d", got)
	}
}

func TestTheFirstAdministratorMakesAnAccountOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	secret, err := d.AdministratorLink(d.ctx, d.actor)
	d.must(err)
	send := func(name, password, again string) *httptest.ResponseRecorder {
		form := url.Values{"name": {name}, "password": {password}, "again": {again}}
		r := httptest.NewRequest("POST", "/signin/"+secret, strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		d.handler.ServeHTTP(w, r)
		return w
	}
	if w := d.get("/signin/" + secret); w.Code != 200 || !strings.Contains(w.Body.String(), `<form method="post"`) || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("the form: %d %s", w.Code, w.Body)
	}
	for _, c := range []struct {
		name, password, again, want string
		status                      int
	}{
		{"", "long enough 1", "long enough 1", "a name of 1 to 100 letters", 400},
		{"Farida", "long enough 1", "other", "the two passwords differ", 400},
		{"Farida", "short", "short", "the password is too short", 400},
		{"<b>Farida", "long enough 1", "long enough 1", "The administrator &lt;b&gt;Farida has an account now", 200},
		{"Second", "long enough 1", "long enough 1", "this one-time link is unknown, was used or has run out", 401},
	} {
		if w := send(c.name, c.password, c.again); w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
			t.Errorf("%+v: %d %s", c, w.Code, w.Body)
		}
	}
	people, err := d.People(d.ctx, d.actor)
	if err != nil || len(people) != 1 || people[0].Name != "<b>Farida" || people[0].Role != "administrator" {
		t.Errorf("%v %v", people, err)
	}
	if strings.Contains(d.log.String(), secret) {
		t.Error("the secret is in the log")
	}
}

func BenchmarkAdmin2(b *testing.B) {
	d := furnished(b)
	cfg := d.config(time.Now)
	cfg.Log = slog.New(slog.DiscardHandler)
	d.handler = web.Handler(cfg)
	for b.Loop() {
		d.get("/v3/displacement/admin2?CountryName=Safaria")
	}
}
