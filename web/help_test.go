package web_test

import (
	"bytes"
	"context"
	"flag"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"safar/access"
	"safar/dictionary"
	"safar/locale"
	"safar/place"
	"safar/release"
	"safar/round"
	"safar/store"
	"safar/toolbox"
	"safar/warehouse"
	"safar/web"
	"safar/workflow"
)

var update = flag.Bool("update", false, "write the golden files anew")

// desk is a server over a store of its own, with an actor who may do everything.
type desk struct {
	*workflow.Workflow
	t       testing.TB
	ctx     context.Context
	actor   access.Actor
	store   *store.Store
	log     bytes.Buffer
	handler http.Handler
	clock   *clock
}

// tick lets time pass.
func (d *desk) tick(by time.Duration) {
	d.clock.mu.Lock()
	defer d.clock.mu.Unlock()
	d.clock.now = d.clock.now.Add(by)
}

// clock is a time that moves a millisecond with each look.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(time.Millisecond)
	return c.now
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	d := &desk{t: t, ctx: t.Context(), actor: access.Actor{Kind: access.Local, ID: "tester", Name: "local:tester"}}
	d.clock = &clock{now: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)}
	now := d.clock.Now
	dict, err := dictionary.Default()
	d.must(err)
	box, err := toolbox.Default()
	d.must(err)
	d.store, err = store.Open(d.ctx, store.Config{Dir: t.TempDir(), Database: ":memory:", Now: now})
	d.must(err)
	t.Cleanup(func() { _ = d.store.Close() })
	d.Workflow = workflow.New(d.ctx, workflow.Config{
		Store: d.store, Dictionary: dict, Tools: box, Now: now, Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Version: "test", Dir: t.TempDir(),
		Engine: func(context.Context) (warehouse.Engine, error) { return warehouse.NewMemory(), nil },
	})
	d.handler = web.Handler(d.config(now))
	return d
}

func (d *desk) config(now func() time.Time) web.Config {
	phones := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "phones") })
	return web.Config{Flow: d.Workflow, OpenRosa: phones, Log: slog.New(slog.NewJSONHandler(&d.log, nil)), Version: "test", Now: now, UI: fstest.MapFS{}} // whatever was built
}

func (d *desk) must(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

const header = "country_code,country,province_code,province,district_code,district,jamoat_code,jamoat,SSID,village,date,IDP households,IDP individuals,m0329_loc_reason_disp_idp,m2686_loc_arrivals_origin_adm1\n"

// firstRound has two provinces, three districts, two reasons, a known origin, a zero and a name with a formula's sign.
const firstRound = header + `XSF,Safaria,XS01,Боло,XS0101,Шимол,XS010101,One,XS010101-0001,Obshoron,2026-02-10,10,52,conflict_displacement,XS02
XSF,Safaria,XS01,Боло,XS0101,Шимол,XS010101,One,XS010101-0002,Navobod,2026-02-11,4,20,,
XSF,Safaria,XS01,Боло,XS0102,=South,XS010201,Two,XS010201-0001,Sangtuda,2026-02-11,0,0,,
XSF,Safaria,XS02,Lower,XS0201,East,XS020101,Three,XS020101-0001,Guliston,2026-02-12,30,161,climate_floods,
`

const secondRound = header + `XSF,Safaria,XS01,Боло,XS0101,Шимол,XS010101,One,XS010101-0001,Obshoron,2026-05-10,9,48,conflict_displacement,XS02
XSF,Safaria,XS02,Lower,XS0201,East,XS020101,Three,XS020101-0001,Guliston,2026-05-12,25,140,climate_floods,
`

// take imports a workbook and gives its round a date.
func (d *desk) take(operation string, number int, text, date string) {
	d.t.Helper()
	result, err := d.Import(d.ctx, d.actor, workflow.ImportOrder{Operation: operation, Tool: "baseline-sub-area", Round: number,
		File: workflow.Workbook{Name: "villages.csv", Data: strings.NewReader(text), Size: int64(len(text))}})
	d.must(err)
	if result.Failed > 0 || len(result.Errors) > 0 {
		d.t.Fatalf("the import: %v", result.Errors)
	}
	d.dates(operation, number, date)
}

func (d *desk) dates(operation string, number int, date string) {
	d.t.Helper()
	_, err := d.OpenRound(d.ctx, d.actor, round.Round{Operation: workflow.Slug(operation), Activity: "baseline-sub-area", Number: number, ReferenceDate: date})
	d.must(err)
}

// release builds a release and, if wanted, publishes it.
func (d *desk) release(operation string, number int, publish bool) string {
	d.t.Helper()
	order := workflow.ReleaseOrder{Terms: release.Terms{Licence: "CC BY 4.0", Attribution: "Invented Bureau", Source: "https://example.org/source"}}
	built, _, err := d.BuildRelease(d.ctx, d.actor, workflow.Slug(operation), "baseline-sub-area", number, order)
	d.must(err)
	if publish {
		d.set(built.ID, store.ReleasePublished)
	}
	return built.ID
}

func (d *desk) set(id string, state store.ReleaseState) {
	d.t.Helper()
	_, err := d.SetReleaseState(d.ctx, d.actor, id, state, "test")
	d.must(err)
}

// furnished is a server with two published rounds.
func furnished(t testing.TB) *desk {
	t.Helper()
	d := newDesk(t)
	_, err := d.AddPlaces(d.ctx, d.actor, "test", place.Batch{Areas: []place.Area{{Country: "XSF", Code: "XSF", Names: locale.Text{"en": "Safaria"}}}})
	d.must(err)
	d.take("Practice", 1, firstRound, "2026-02-28")
	d.take("Practice", 2, secondRound, "2026-05-31")
	d.release("Practice", 1, true)
	d.release("Practice", 2, true)
	return d
}

// ask sends a request; headers are name, value pairs.
func (d *desk) ask(method, path string, headers ...string) *httptest.ResponseRecorder {
	d.t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w
}

func (d *desk) get(path string) *httptest.ResponseRecorder { d.t.Helper(); return d.ask("GET", path) }

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got\n%s", path, got)
	}
}
