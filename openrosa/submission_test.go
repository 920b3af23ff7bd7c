package openrosa_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"maps"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"safar/internal/collect"
	"safar/openrosa"
	"safar/record"
	"safar/store"
	"safar/workflow"
)

const (
	instanceA = "uuid:00000000-0000-4000-8000-00000000000a"
	instanceB = "uuid:00000000-0000-4000-8000-00000000000b"
)

// part is one part of a hand-made request.
type part struct{ name, filename, text string }

// post sends a hand-made multipart request.
func (f *field) post(parts ...part) (*http.Response, string) {
	f.t.Helper()
	body, kind := encode(f.t, parts...)
	return f.do("POST", f.door()+"/submission", body, "Content-Type", kind)
}

func encode(t testing.TB, parts ...part) (body, kind string) {
	t.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for _, p := range parts {
		header := textproto.MIMEHeader{}
		disposition := fmt.Sprintf(`form-data; name="%s"`, p.name)
		if p.filename != "" {
			disposition += fmt.Sprintf(`; filename="%s"`, p.filename)
		}
		header.Set("Content-Disposition", disposition)
		w, err := form.CreatePart(header)
		if err == nil {
			_, err = w.Write([]byte(p.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String(), form.FormDataContentType()
}

func xmlPart(answers []byte) part { return part{"xml_submission_file", "record.xml", string(answers)} }

// TestReceivingAsTheContractSays is the whole of section 3 of the contracts: what comes, what is answered, what is kept.
func TestReceivingAsTheContractSays(t *testing.T) {
	t.Parallel()
	plain := answers(instanceA, "Aral", "", "")
	changed := answers(instanceA, "Bulak", "", "")
	unknownForm := bytes.Replace(plain, []byte("team_photos"), []byte("no_such_form"), 1)
	unknownVersion := bytes.Replace(plain, []byte(`version="7"`), []byte(`version="8"`), 1)
	entities := append([]byte(`<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]>`), bytes.Replace(plain, []byte("Aral"), []byte("&b;"), 1)...)
	with := func(answers []byte, parts ...part) []part { return append([]part{xmlPart(answers)}, parts...) }
	photo, story := part{"p.jpg", "p.jpg", "picture"}, part{"s.m4a", "s.m4a", "sound"}
	both := answers(instanceA, "Aral", "p.jpg", "s.m4a")
	huge := part{"xml_submission_file", "record.xml", string(plain) + strings.Repeat(" ", workflow.MaxXML)}
	for _, c := range []struct {
		name   string
		posts  [][]part
		status []int
		kept   []record.State
	}{
		{"new", [][]part{with(plain)}, []int{201}, []record.State{record.Received}},
		{"identical", [][]part{with(plain), with(plain)}, []int{201, 201}, []record.State{record.Received}},
		{"with all attachments", [][]part{with(both, photo, story)}, []int{201}, []record.State{record.Received}},
		{"with some attachments", [][]part{with(both, photo)}, []int{201}, []record.State{record.Waiting}},
		{"split over posts", [][]part{with(both, photo), with(both, story)}, []int{201, 201}, []record.State{record.Received}},
		{"split, the answers alone first", [][]part{with(both), with(both, story), with(both, photo)}, []int{201, 201, 201}, []record.State{record.Received}},
		{"attachment before the answers", [][]part{{photo, story, xmlPart(both)}}, []int{201}, []record.State{record.Received}},
		{"conflict", [][]part{with(plain), with(changed)}, []int{201, 202}, []record.State{record.Received, record.Conflicting}},
		{"conflict again", [][]part{with(plain), with(changed), with(changed), with(plain)}, []int{201, 202, 202, 201}, []record.State{record.Received, record.Conflicting}},
		{"unknown form", [][]part{with(unknownForm)}, []int{202}, []record.State{record.UnknownForm}},
		{"unknown version", [][]part{with(unknownVersion), with(unknownVersion)}, []int{202, 202}, []record.State{record.UnknownForm}},
		{"broken XML", [][]part{with(plain[:len(plain)-9]), with(plain[:len(plain)-9])}, []int{202, 202}, []record.State{record.Unreadable}},
		{"not XML at all", [][]part{with([]byte("hello"))}, []int{202}, []record.State{record.Unreadable}},
		{"entities", [][]part{with(entities)}, []int{202}, []record.State{record.Unreadable}},
		{"answers over the bound", [][]part{{huge}}, []int{413}, nil},
		{"no answers", [][]part{{photo}}, []int{400}, nil},
		{"empty answers", [][]part{{part{"xml_submission_file", "r.xml", ""}}}, []int{400}, nil},
		{"nothing", [][]part{{}}, []int{400}, nil},
		{"two records", [][]part{{xmlPart(plain), xmlPart(changed)}}, []int{400}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := newField(t)
			for i, parts := range c.posts {
				answer, body := f.post(parts...)
				if answer.StatusCode != c.status[i] || !strings.Contains(body, "<OpenRosaResponse") {
					t.Errorf("post %d: status %d, want %d: %s", i+1, answer.StatusCode, c.status[i], body)
				}
			}
			f.wantStates(c.kept...)
			if n := f.spooled(); n != 0 {
				t.Errorf("%d spool files are left", n)
			}
		})
	}
}

func (f *field) wantStates(want ...record.State) {
	f.t.Helper()
	got, expected := map[record.State]int{}, map[record.State]int{}
	for _, r := range f.records() {
		got[r.State]++
	}
	for _, state := range want {
		expected[state]++
	}
	if !maps.Equal(got, expected) {
		f.t.Errorf("kept %v, want %v", got, expected)
	}
}

func TestEnvelopesReadWell(t *testing.T) {
	t.Parallel()
	f := newField(t)
	both := answers(instanceA, "Aral", "p.jpg", "s.m4a")
	var b strings.Builder
	say := func(title string, answer *http.Response, body string) {
		fmt.Fprintf(&b, "%s: %d\n%s\n", title, answer.StatusCode, body)
	}
	for _, step := range []struct {
		title string
		parts []part
	}{
		{"attachments missing", []part{xmlPart(both)}},
		{"one came", []part{xmlPart(both), {"p.jpg", "p.jpg", "picture"}}},
		{"all came", []part{xmlPart(both), {"s.m4a", "s.m4a", "sound"}}},
		{"once more", []part{xmlPart(both)}},
		{"new and whole", []part{xmlPart(answers(instanceB, "Aral", "", ""))}},
		{"conflict", []part{xmlPart(answers(instanceB, "Bulak", "", ""))}},
		{"unknown version", []part{xmlPart(bytes.Replace(answers("uuid:c", "", "", ""), []byte(`"7"`), []byte(`"9"`), 1))}},
		{"broken", []part{xmlPart(both[:60])}},
		{"no answers", nil},
	} {
		answer, body := f.post(step.parts...)
		say(step.title, answer, body)
	}
	answer, body := f.do("GET", "/openrosa/key/wrong/formList", "")
	say("unknown device", answer, body)
	_, err := f.flow.SetDeviceState(context.Background(), local, operation, "tablet-1", store.DevicePaused)
	f.must(err)
	answer, body = f.post(xmlPart(both))
	say("paused device", answer, body)
	golden(t, "envelopes.txt", b.String())
}

func TestRawAnswersAndEncodings(t *testing.T) {
	t.Parallel()
	f := newField(t)
	plain := string(answers(instanceA, "Aral", "", ""))
	body, kind := encode(t, xmlPart([]byte(plain)))
	for _, c := range []struct {
		name, kind, encoding, body string
		status                     int
	}{
		{"text/xml", "text/xml", "", plain, 201},
		{"application/xml with parameters", `application/xml; charset="utf-8"`, "identity", plain, 201},
		{"multipart with gzip", kind, "gzip", zip(body), 201},
		{"xml with gzip", "text/xml", "gzip", zip(plain), 201},
		{"no gzip though it says so", kind, "gzip", body, 400},
		{"torn gzip", kind, "gzip", zip(body)[:40], 400},
		{"unknown encoding", kind, "br", body, 400},
		{"no content type", "", "", plain, 400},
		{"form without boundary", "multipart/form-data", "", body, 400},
		{"JSON", "application/json", "", "{}", 400},
		{"torn multipart", kind, "", body[:len(body)-30], 400},
		{"torn before the end mark", kind, "", body[:len(body)-5], 400},
		{"another boundary", "multipart/form-data; boundary=zzz", "", body, 400},
	} {
		answer, text := f.do("POST", f.door()+"/submission", c.body, "Content-Type", c.kind, "Content-Encoding", c.encoding)
		if answer.StatusCode != c.status {
			t.Errorf("%s: status %d, want %d: %s", c.name, answer.StatusCode, c.status, text)
		}
	}
	f.wantStates(record.Received)
}

func zip(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return b.String()
}

func TestNamesOfAttachments(t *testing.T) {
	t.Parallel()
	f := newField(t)
	long := strings.Repeat("ё", 300)
	answer, body := f.post(
		xmlPart(answers(instanceA, "Aral", "p.jpg", "")),
		part{"p.jpg", "p.jpg", "one"}, part{"p.jpg", "p.jpg", "one"}, part{"p.jpg", "p.jpg", "another"},
		part{"a", "../../etc/passwd", "path"}, part{"b", `C:\\photos\\c.jpg`, "windows"}, part{"only-name.m4a", "", "no filename"},
		part{"d", "..", "dots"}, part{"", "", "no name"}, part{"e", long, "long"}, part{"f", "мактаб суръат.jpg", "Tajik"},
	)
	if answer.StatusCode != 201 {
		t.Fatalf("status %d: %s", answer.StatusCode, body)
	}
	want := map[string]store.AttachmentState{}
	for _, name := range []string{"p.jpg", "p (2).jpg", "passwd", "c.jpg", "only-name.m4a", "d", "unnamed", strings.Repeat("ё", 255), "мактаб суръат.jpg"} {
		want[name] = store.AttachmentPresent
	}
	if got := f.attachments(f.records()[0].ID); !maps.Equal(got, want) {
		t.Errorf("kept %v", got)
	}
}

func TestTwoDevicesSendTheSameInstance(t *testing.T) {
	t.Parallel()
	f := newField(t)
	other := f.client(f.addDevice("tablet-2"))
	ctx, same := context.Background(), answers(instanceA, "Aral", "", "")
	first, err := f.phone.Submit(ctx, same)
	f.must(err)
	again, err := other.Submit(ctx, same)
	f.must(err)
	different, err := other.Submit(ctx, answers(instanceA, "Bulak", "", ""))
	f.must(err)
	if first.Status != 201 || again.Status != 201 || different.Status != 202 {
		t.Errorf("status %d, %d, %d", first.Status, again.Status, different.Status)
	}
	f.wantStates(record.Received, record.Conflicting)
}

// The photo is as large as it may be, so the client sends the story in a second post.
func TestRecordsThatAreSplitByTheClient(t *testing.T) {
	t.Parallel()
	f := newField(t)
	both := answers(instanceA, "Aral", "p.jpg", "s.m4a")
	last, err := f.phone.Submit(context.Background(), both, endless("p.jpg", workflow.MaxAttachment), collect.Bytes("s.m4a", []byte("sound")))
	f.must(err)
	if last.Status != 201 || last.Message != "Received." {
		t.Errorf("the last of two posts: %+v", last)
	}
	f.wantStates(record.Received)
	if posts := strings.Count(f.log.String(), "openrosa: received"); posts != 2 {
		t.Errorf("%d posts", posts)
	}
}

func TestWhenTheStoreIsGone(t *testing.T) {
	t.Parallel()
	f := newField(t)
	_, err := f.phone.FormList(context.Background()) // the device is known from now on
	f.must(err)
	f.must(f.store.Close())
	answer, body := f.post(xmlPart(answers(instanceA, "Aral", "", "")))
	if answer.StatusCode != 503 || answer.Header.Get("Retry-After") == "" || !strings.Contains(body, `nature="error"`) {
		t.Errorf("status %d, retry %q: %s", answer.StatusCode, answer.Header.Get("Retry-After"), body)
	}
}

func TestWhenTheDiskIsFull(t *testing.T) {
	t.Parallel()
	f := newField(t)
	whole := []part{xmlPart(answers(instanceA, "Aral", "p.jpg", "")), {"p.jpg", "p.jpg", "picture"}}
	readOnly := filepath.Join(t.TempDir(), "file")
	f.must(os.WriteFile(readOnly, nil, 0o600))
	for says, create := range map[string]func() (*os.File, error){
		"no space left": func() (*os.File, error) {
			return nil, &os.PathError{Op: "open", Path: "spool", Err: syscall.ENOSPC}
		},
		"cannot take attachments now": func() (*os.File, error) { return os.Open(readOnly) },
	} {
		f.restart(openrosa.Other{Create: create})
		answer, body := f.post(whole...)
		if answer.StatusCode != 503 || answer.Header.Get("Retry-After") == "" || !strings.Contains(body, says) {
			t.Errorf("%s: status %d: %s", says, answer.StatusCode, body)
		}
		f.wantStates()
	}
	if answer, body := f.post(whole[0]); answer.StatusCode != 201 {
		t.Errorf("the answers alone need no spool: status %d: %s", answer.StatusCode, body)
	}
}
