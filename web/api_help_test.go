package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"safar/access"
	"safar/dictionary"
	"safar/record"
	"safar/release"
	"safar/toolbox"
	"safar/training"
	"safar/workflow"
)

// office is a desk with the practice country in it, and accounts of every role.
type office struct {
	*desk
	country training.Country
	phone   access.Actor
	cookies map[access.Role]string
}

const testPassword = "a long enough password"

// newOffice sends the submissions of a very small practice country, all but the last few, which tests send.
func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{desk: newDesk(t), cookies: map[access.Role]string{}}
	box, err := toolbox.Default()
	o.must(err)
	dict, err := dictionary.Default()
	o.must(err)
	o.country, err = training.Generate(training.Options{Seed: 7, Settlements: 12, Points: 2, Rounds: 2, Days: 3, Groups: 4, Start: "2025-10-01"}, box, dict)
	o.must(err)
	_, err = o.CreateOperation(o.ctx, o.actor, o.country.Operation)
	o.must(err)
	_, err = o.AddPlaces(o.ctx, o.actor, "practice", o.country.Places)
	o.must(err)
	for _, tool := range []string{training.Baseline, training.Flow} {
		_, err = o.PublishTool(o.ctx, o.actor, training.Slug, tool)
		o.must(err)
	}
	for _, r := range o.country.Rounds {
		_, err = o.OpenRound(o.ctx, o.actor, r)
		o.must(err)
	}
	device, err := o.AddDevice(o.ctx, o.actor, workflow.Device{Operation: training.Slug, Name: "phone"})
	o.must(err)
	o.phone = access.Actor{Kind: access.Device, ID: device.ID, Name: "device:" + device.ID, Operation: training.Slug}
	for _, s := range o.country.Submissions[:len(o.country.Submissions)-3] {
		o.sendOne(s)
	}
	o.must(o.Drain(o.ctx))
	return o
}

func (o *office) sendOne(s training.Submission) record.ID {
	o.t.Helper()
	sub := workflow.Submission{Operation: training.Slug, Source: record.FromDevice, XML: s.XML}
	for _, a := range s.Attachments {
		open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(a.Bytes)), nil }
		sub.Parts = append(sub.Parts, workflow.Part{Name: a.Name, Size: int64(len(a.Bytes)), SHA256: release.Hash(a.Bytes), Open: open})
	}
	receipt, err := o.Receive(o.ctx, o.phone, sub)
	o.must(err)
	return receipt.Record
}

// as signs a person of the role in, once, and gives the cookie.
func (o *office) as(role access.Role) string {
	o.t.Helper()
	if role == "" {
		return ""
	}
	if o.cookies[role] == "" {
		_, err := o.AddPerson(o.ctx, o.actor, string(role), testPassword, role)
		o.must(err)
		o.cookies[role] = o.signIn(string(role), testPassword)
	}
	return o.cookies[role]
}

func (o *office) signIn(name, password string) string {
	o.t.Helper()
	w := o.do("POST", "/w/session", fmt.Sprintf(`{"name":%q,"password":%q}`, name, password), "")
	if w.Code != 200 {
		o.t.Fatalf("signing in as %s: %d %s", name, w.Code, w.Body)
	}
	cookie := w.Result().Cookies()[0]
	if cookie.Name != "safar_session" || !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/" {
		o.t.Errorf("the cookie is %+v", cookie)
	}
	return cookie.Value
}

// do sends one request as the workspace does.
func (o *office) do(method, path, body, cookie string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if method != "GET" {
		r.Header.Set("X-Safar", "1")
		r.Header.Set("Content-Type", "application/json")
	}
	if cookie != "" {
		r.AddCookie(&http.Cookie{Name: "safar_session", Value: cookie})
	}
	return o.serve(r)
}

func (o *office) serve(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	o.handler.ServeHTTP(w, r)
	return w
}

// get reads an answer as an officer, or fails.
func (o *office) get(path string, into any) {
	o.t.Helper()
	o.ask("GET", path, "", into)
}

func (o *office) ask(method, path, body string, into any) {
	o.t.Helper()
	w := o.do(method, path, body, o.as(access.Officer))
	if w.Code >= 300 {
		o.t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	if into != nil {
		if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
			o.t.Fatalf("%s: %v in %s", path, err, w.Body)
		}
	}
}

// upload makes a request with a file.
func upload(path, name string, content []byte, fields map[string]string) *http.Request {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for key, value := range fields {
		_ = form.WriteField(key, value)
	}
	file, _ := form.CreateFormFile("file", name)
	_, _ = file.Write(content)
	_ = form.Close()
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("X-Safar", "1")
	return r
}

func (o *office) send(r *http.Request, cookie string) *httptest.ResponseRecorder {
	r.AddCookie(&http.Cookie{Name: "safar_session", Value: cookie})
	return o.serve(r)
}

// shape writes the keys and types of an answer, one line each: what pages rely on. Keys that are codes or languages are
// written as *.
func shape(data []byte) string {
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		return "not JSON: " + string(data)
	}
	lines := map[string]bool{}
	walk("", value, lines)
	var sorted []string
	for line := range lines {
		sorted = append(sorted, line)
	}
	slices.Sort(sorted)
	return strings.Join(sorted, "\n") + "\n"
}

func walk(path string, value any, lines map[string]bool) {
	switch v := value.(type) {
	case map[string]any:
		if len(v) == 0 {
			lines[path+" {}"] = true
		}
		for key, one := range v {
			if isOpenKey(path) {
				key = "*"
			}
			walk(path+"."+key, one, lines)
		}
	case []any:
		for _, one := range v {
			walk(path+"[]", one, lines)
		}
		lines[path+" []"] = true
	case nil:
		lines[path+" null"] = true
	default:
		lines[path+" "+strings.TrimPrefix(fmt.Sprintf("%T", v), "float")] = true
	}
}

// isOpenKey says whether the keys of the object at a path are data.
func isOpenKey(path string) bool {
	last := path[strings.LastIndexByte(path, '.')+1:]
	return slices.Contains([]string{
		"title", "label", "name", "names", "area_names", "definition", "purpose", "unit_label", "message", "shown", "shown_original", "values", "details", "records",
		"findings", "counts", "never_over", "where", "codes", "respondent", "frequency", "method", "limitations", "unit", "levels", "row", "reasons",
	}, strings.TrimSuffix(last, "[]"))
}
