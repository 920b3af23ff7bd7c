package openrosa_test

import (
	"compress/gzip"
	"context"
	"crypto/md5"
	"encoding/hex"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"safar/internal/collect"
	"safar/openrosa"
)

func readAll(t testing.TB, r io.Reader) string {
	t.Helper()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func md5Of(data string) string {
	sum := md5.Sum([]byte(data))
	return "md5:" + hex.EncodeToString(sum[:])
}

// steady replaces what differs between runs: the address, the secret and the hashes, which other tests compute.
func (f *field) steady(text string) string {
	text = strings.ReplaceAll(text, f.server.URL, "http://server")
	text = strings.ReplaceAll(text, f.device.Secret, "TOKEN")
	return regexp.MustCompile(`md5:[0-9a-f]{32}`).ReplaceAllString(text, "md5:HASH")
}

func TestListsAreAsClientsExpectThem(t *testing.T) {
	t.Parallel()
	f := newField(t)
	answer, list := f.do("GET", f.door()+"/formList?deviceID=collect:1&verbose=true&listAllVersions=true", "", "X-OpenRosa-Version", "1.0")
	for name, want := range map[string]string{
		"X-OpenRosa-Version": "1.0", "X-OpenRosa-Accept-Content-Length": "100000000", "Content-Language": "en", "Content-Type": "text/xml; charset=utf-8",
	} {
		if got := answer.Header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if answer.Header.Get("Date") == "" || answer.StatusCode != http.StatusOK {
		t.Errorf("status %d, date %q", answer.StatusCode, answer.Header.Get("Date"))
	}
	golden(t, "formlist.xml", f.steady(list))
	if _, again := f.do("GET", f.door()+"/formList", ""); again != list {
		t.Error("the list is not the same the second time")
	}
	if _, none := f.do("GET", f.door()+"/formList?formID=other", ""); strings.Contains(none, "<xform>") {
		t.Errorf("a list of one other form holds %s", none)
	}
	_, manifest := f.do("GET", f.door()+"/forms/team_photos/7/manifest", "")
	golden(t, "manifest.xml", f.steady(manifest))
}

func TestPacksComeWholeToThePhone(t *testing.T) {
	t.Parallel()
	f := newField(t, "flow-registry", "baseline-sub-area")
	basic := collect.New(f.server.URL, collect.Auth{Operation: operation, User: "tablet-1", Secret: f.device.Secret})
	for _, phone := range []*collect.Client{f.phone, basic} {
		forms, err := phone.FormList(context.Background())
		if err != nil || len(forms) != 4 {
			t.Fatalf("%d forms, %v", len(forms), err)
		}
		for _, form := range forms {
			downloadWhole(t, phone, form)
		}
	}
}

func downloadWhole(t *testing.T, phone *collect.Client, form collect.Form) {
	t.Helper()
	ctx := context.Background()
	xform, err := phone.Download(ctx, form.DownloadURL)
	if err != nil || md5Of(string(xform)) != form.Hash || !strings.Contains(string(xform), form.FormID) {
		t.Errorf("%s: hash %s is not of the %d bytes that came, %v", form.FormID, form.Hash, len(xform), err)
	}
	files, err := phone.Manifest(ctx, form)
	if err != nil || len(files) == 0 {
		t.Errorf("%s: %d files, %v", form.FormID, len(files), err)
	}
	for _, file := range files {
		data, err := phone.Download(ctx, file.DownloadURL)
		if err != nil || md5Of(string(data)) != file.Hash {
			t.Errorf("%s: hash %s is not of the %d bytes that came, %v", file.Filename, file.Hash, len(data), err)
		}
	}
}

func TestWhatThePhoneHasIsNotSentAgain(t *testing.T) {
	t.Parallel()
	f := newField(t)
	for _, path := range []string{"/formList", "/forms/team_photos/7.xml", "/forms/team_photos/7/manifest", "/forms/team_photos/7/media/points.csv"} {
		answer, whole := f.do("GET", f.door()+path, "")
		tag := answer.Header.Get("ETag")
		if answer.StatusCode != http.StatusOK || tag == "" || whole == "" {
			t.Fatalf("%s: status %d, tag %q, %d bytes", path, answer.StatusCode, tag, len(whole))
		}
		answer, body := f.do("GET", f.door()+path, "", "If-None-Match", `"other", `+tag)
		if answer.StatusCode != http.StatusNotModified || body != "" || answer.Header.Get("X-OpenRosa-Version") != "1.0" {
			t.Errorf("%s: status %d with %d bytes", path, answer.StatusCode, len(body))
		}
		answer, body = f.do("GET", f.door()+path, "", "If-None-Match", `"other"`)
		if answer.StatusCode != http.StatusOK || body != whole {
			t.Errorf("%s: status %d, the same bytes %t", path, answer.StatusCode, body == whole)
		}
	}
}

func TestAnswersAreCompressedWhenAsked(t *testing.T) {
	t.Parallel()
	f := newField(t)
	path := f.door() + "/forms/team_photos/7.xml"
	_, plain := f.do("GET", path, "", "Accept-Encoding", "identity")
	for header, packed := range map[string]bool{"gzip": true, "br, gzip;q=0.5": true, "gzip;q=0": false, "identity": false} {
		answer, body := f.do("GET", path, "", "Accept-Encoding", header)
		if got := answer.Header.Get("Content-Encoding") == "gzip"; got != packed {
			t.Errorf("%s: compressed %t", header, got)
			continue
		}
		if packed {
			z, err := gzip.NewReader(strings.NewReader(body))
			f.must(err)
			body = readAll(t, z)
		}
		if body != plain {
			t.Errorf("%s: other bytes", header)
		}
	}
}

func TestHeadAnswersWithoutABody(t *testing.T) {
	t.Parallel()
	f := newField(t)
	for _, path := range []string{"/formList", "/submission"} {
		answer, body := f.do("HEAD", f.door()+path, "")
		if answer.StatusCode != http.StatusNoContent || body != "" || answer.Header.Get("X-OpenRosa-Accept-Content-Length") != "100000000" {
			t.Errorf("%s: status %d, header %v", path, answer.StatusCode, answer.Header)
		}
	}
	answer, _ := f.do("HEAD", f.door()+"/forms/team_photos/7.xml", "")
	if answer.StatusCode != http.StatusOK || answer.ContentLength <= 0 {
		t.Errorf("form: status %d, length %d", answer.StatusCode, answer.ContentLength)
	}
}

func TestUnknownAddresses(t *testing.T) {
	t.Parallel()
	f := newField(t)
	for path, want := range map[string]int{
		"/forms/team_photos/8.xml": 404, "/forms/none/1.xml": 404, "/forms/team_photos/7/manifest/x": 404, "/forms/team_photos/7/media/none.csv": 404,
		"/forms/team_photos/7/media/..%2F..%2Fsecret": 404, "/": 404, "/view": 404, "/forms/team_photos/7.xlsx": 404,
	} {
		answer, body := f.do("GET", f.door()+path, "")
		if answer.StatusCode != want || !strings.Contains(body, `nature="error"`) {
			t.Errorf("%s: status %d, %s", path, answer.StatusCode, body)
		}
	}
	answer, body := f.do("DELETE", f.door()+"/formList", "")
	if answer.StatusCode != http.StatusMethodNotAllowed || answer.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("DELETE: status %d, allow %q, %s", answer.StatusCode, answer.Header.Get("Allow"), body)
	}
}

func TestAddressesAreThoseTheClientUsed(t *testing.T) {
	t.Parallel()
	f := newField(t)
	proxied := []string{"X-Forwarded-Proto", "https", "X-Forwarded-Host", "safar.example.org, inner"}
	if _, list := f.do("GET", f.door()+"/formList", "", proxied...); !strings.Contains(list, "<downloadUrl>"+f.server.URL+"/openrosa/key/") {
		t.Errorf("headers of a proxy that is not trusted change addresses: %s", list)
	}
	f.cfg.TrustProxy = true
	f.restart(openrosa.Other{})
	if _, list := f.do("GET", f.door()+"/formList", "", proxied...); !strings.Contains(list, "<downloadUrl>https://safar.example.org/openrosa/key/") {
		t.Errorf("behind a trusted proxy: %s", list)
	}
}
