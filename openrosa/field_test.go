package openrosa_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"safar/access"
	"safar/dictionary"
	"safar/internal/collect"
	"safar/openrosa"
	"safar/record"
	"safar/round"
	"safar/sheet"
	"safar/store"
	"safar/toolbox"
	"safar/workflow"
)

const operation = "practice"

// photos is a form of a team's own, with files: what it is does not change with the packs.
const photos = `
| survey |                                   |         |         |
|        | type                              | name    | label   |
|        | text                              | village | Village |
|        | select_one_from_file points.csv   | point   | Point   |
|        | image                             | photo   | Photo   |
|        | audio                             | story   | Story   |
| settings |                    |             |         |
|          | form_title         | form_id     | version |
|          | Photos & <stories> | team_photos | 7       |
`

var local = access.Actor{Kind: access.Local, Name: "local:test"}

// field is an operation with its server and one phone.
type field struct {
	t      testing.TB
	flow   *workflow.Workflow
	store  *store.Store
	cfg    openrosa.Config
	server *httptest.Server
	device workflow.NewDevice
	phone  *collect.Client
	clock  *clock
	log    *logBuffer
}

// clock stands still unless a test moves it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) move(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.now = c.now.Add(d) }

// logBuffer keeps what was logged, to look for secrets in it.
type logBuffer struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logBuffer) String() string { l.mu.Lock(); defer l.mu.Unlock(); return l.text.String() }

// newField sets up the operation over the embedded store in memory, publishes the team's form and starts the server.
func newField(t testing.TB, tools ...string) *field {
	t.Helper()
	f := &field{t: t, clock: &clock{now: time.Date(2026, 11, 22, 8, 0, 0, 0, time.UTC)}, log: &logBuffer{}}
	ctx := context.Background()
	var err error
	f.store, err = store.Open(ctx, store.Config{Database: ":memory:", Now: f.clock.Now})
	f.must(err)
	t.Cleanup(func() { _ = f.store.Close() })
	dict, err := dictionary.Default()
	f.must(err)
	box, err := toolbox.Default()
	f.must(err)
	log := slog.New(slog.NewTextHandler(f.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	f.flow = workflow.New(ctx, workflow.Config{Store: f.store, Dictionary: dict, Tools: box, Now: f.clock.Now, Log: log, Dir: t.TempDir()})
	_, err = f.flow.CreateOperation(ctx, local, round.Operation{Slug: operation, Title: "Practice", Country: "XSF"})
	f.must(err)
	_, err = f.flow.AdoptTool(ctx, local, operation, "flow-registry")
	f.must(err)
	for _, tool := range tools {
		_, err = f.flow.PublishTool(ctx, local, operation, tool)
		f.must(err)
	}
	f.publish(photos)
	f.device = f.addDevice("tablet-1")
	f.cfg = openrosa.Config{Flow: f.flow, SpoolDir: filepath.Join(t.TempDir(), "spool"), Log: log, Now: f.clock.Now}
	f.start(openrosa.Handler(f.cfg))
	return f
}

func (f *field) must(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

func (f *field) start(handler http.Handler) {
	f.server = httptest.NewServer(handler)
	f.t.Cleanup(f.server.Close)
	f.phone = f.client(f.device)
}

// restart serves with other bounds.
func (f *field) restart(other openrosa.Other) {
	f.server.Close()
	f.start(openrosa.HandlerWith(f.cfg, other))
}

func (f *field) publish(markdown string) {
	f.t.Helper()
	book, err := sheet.OpenBytes("form.md", []byte(markdown), sheet.DefaultLimits())
	f.must(err)
	defer book.Close()
	_, _, err = f.flow.PublishWorkbook(context.Background(), local, operation, "flow-registry", "form.md", book)
	f.must(err)
}

func (f *field) addDevice(name string) workflow.NewDevice {
	f.t.Helper()
	device, err := f.flow.AddDevice(context.Background(), local, store.Device{Operation: operation, Name: name})
	f.must(err)
	return device
}

func (f *field) client(device workflow.NewDevice) *collect.Client {
	client := collect.New(f.server.URL, collect.Auth{Token: device.Secret})
	client.Attempts = 1
	return client
}

// do sends a request of any kind and reads the answer's body.
func (f *field) do(method, path, body string, headers ...string) (*http.Response, string) {
	f.t.Helper()
	request, err := http.NewRequest(method, f.server.URL+path, strings.NewReader(body))
	f.must(err)
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return f.send(request)
}

func (f *field) send(request *http.Request) (*http.Response, string) {
	f.t.Helper()
	answer, err := http.DefaultTransport.RoundTrip(request) // which inflates nothing that the test asked for itself
	f.must(err)
	defer answer.Body.Close()
	var text strings.Builder
	_, err = fmt.Fprint(&text, readAll(f.t, answer.Body))
	f.must(err)
	return answer, text.String()
}

// door is the path of the phone's own addresses.
func (f *field) door() string { return "/openrosa/key/" + f.device.Secret }

// records lists what is kept.
func (f *field) records() (list []store.StoredRecord) {
	f.t.Helper()
	f.must(f.store.Read(context.Background(), func(tx *store.Tx) (err error) {
		list, err = tx.Records(operation, store.RecordFilter{})
		return err
	}))
	return list
}

// journalled is how many entries the journal has.
func (f *field) journalled() (seq int64) {
	f.t.Helper()
	f.must(f.store.Read(context.Background(), func(tx *store.Tx) (err error) {
		seq, _, err = tx.JournalHead(operation)
		return err
	}))
	return seq
}

// attachments tells the state of the files of a record, by name.
func (f *field) attachments(id record.ID) map[string]store.AttachmentState {
	f.t.Helper()
	states := map[string]store.AttachmentState{}
	f.must(f.store.Read(context.Background(), func(tx *store.Tx) error {
		list, err := tx.Attachments(operation, id)
		for _, a := range list {
			states[a.Name] = a.State
		}
		return err
	}))
	return states
}

// spooled counts the files that a request left behind.
func (f *field) spooled() int {
	f.t.Helper()
	files, err := os.ReadDir(f.cfg.SpoolDir)
	f.must(err)
	return len(files)
}

// answers writes a record of the team's form.
func answers(instance, village, photo, story string) []byte {
	return fmt.Appendf(nil, `<data id="team_photos" version="7" xmlns:orx="http://openrosa.org/xforms"><village>%s</village><point/><photo>%s</photo><story>%s</story>`+
		`<orx:meta><orx:instanceID>%s</orx:instanceID></orx:meta></data>`, village, photo, story, instance)
}

// golden compares with a file of testdata; SAFAR_UPDATE=1 writes it.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if os.Getenv("SAFAR_UPDATE") != "" {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\n%s\nwant:\n%s", file, got, want)
	}
}
