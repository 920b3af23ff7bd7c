package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"safar/access"
)

// FuzzAPI sends whatever as an officer: every answer is JSON or empty, and none is our mistake.
func FuzzAPI(f *testing.F) {
	for _, seed := range [][3]string{
		{"GET", opPath + "/records?round=1&counting=1&after=x&columns=a,b&search=%27%25", ""},
		{"GET", basePath + "/figures?by=adm1,sex&where=adm1:XS01;sex:", ""},
		{"GET", opPath + "/areas?level=-1", ""},
		{"GET", opPath + "/places?parent=%00&q=%ff", ""},
		{"GET", "/w/releases/%2e%2e/trace?cell=idp.ind;;=", ""},
		{"POST", "/w/operations", `{"title":"\u0000","slug":"a b","country":[]}`},
		{"POST", opPath + "/findings/x", `{"state":7}`},
		{"PUT", basePath + "/rounds/999999999999", `{"start":"2026-99-99"}`},
		{"POST", "/w/imports/x", `{"round":1e99}`},
		{"POST", "/w/session", `{"name":"","password":null}`},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	o := newOffice(f)
	cookie := o.as(access.Officer)
	f.Fuzz(func(t *testing.T, method, path, body string) {
		at, err := url.ParseRequestURI(path)
		if err != nil || !strings.HasPrefix(at.Path, "/w/") || at.Path == "/w/news" || strings.Contains(at.Path, "session") && method != "GET" {
			t.Skip()
		}
		r, err := http.NewRequest(method, "http://example.com/", strings.NewReader(body))
		if err != nil {
			t.Skip()
		}
		r.URL, r.RequestURI = at, path
		r.Header.Set("X-Safar", "1")
		r.AddCookie(&http.Cookie{Name: "safar_session", Value: cookie})
		w := httptest.NewRecorder()
		o.handler.ServeHTTP(w, r)
		if w.Code == http.StatusInternalServerError {
			t.Fatalf("%s %s %q: %s", method, path, body, w.Body)
		}
		if w.Body.Len() > 0 && !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s %s: %q is not JSON", method, path, w.Body)
		}
	})
}
