package web

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strconv"
	"strings"

	"safar/locale"
)

//go:embed pages
var pageFiles embed.FS

// parsePages reads the templates of all pages; a template that does not parse is a programming error that any test finds.
func parsePages() *template.Template {
	return template.Must(template.New("").Funcs(template.FuncMap{
		"number":   func(n int) string { return locale.Number(float64(n)) },
		"number64": func(n int64) string { return locale.Number(float64(n)) },
		"size":     size,
		"short":    func(hash string) string { return hash[:min(12, len(hash))] },
	}).ParseFS(pageFiles, "pages/*.html"))
}

// size writes bytes for people: 12 kB.
func size(n int) string {
	switch {
	case n >= 1e6:
		return strconv.FormatFloat(float64(n)/1e6, 'f', 1, 64) + " MB"
	case n >= 1e3:
		return strconv.Itoa((n+500)/1000) + " kB"
	}
	return strconv.Itoa(n) + " bytes"
}

// page answers with a page made here. The title is what stands in the browser's tab.
func (s *server) page(w http.ResponseWriter, status int, name, title string, content any) {
	var b bytes.Buffer
	err := s.pages.ExecuteTemplate(&b, name, struct {
		Title, Version, Base string
		Content              any
	}{title, s.Version, s.Base, content})
	if err != nil {
		panic(err) // the templates and their values are of fixed shape
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the client is gone; there is nobody to tell
}

// fail answers a person with an error: what is wrong and how to mend it.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	h := w.Header()
	for _, name := range []string{"ETag", "Last-Modified", "Content-Disposition", "Content-Length"} {
		h.Del(name)
	}
	h.Set("Cache-Control", "no-store")
	status, text := s.explain(w, r, err)
	s.page(w, status, "fail.html", http.StatusText(status), strings.ToUpper(text[:1])+text[1:])
}

// stylesheet is the one file that pages load.
func (s *server) stylesheet(w http.ResponseWriter, r *http.Request) {
	serveEmbedded(w, r, pageFiles, "pages/safar.css")
}
