// Package web is what Safar says over HTTP beside OpenRosa: the state of the server, the published releases as pages and
// files, the DTM API that answers from them, the embedded workspace and the JSON that it works with. It knows HTTP and
// never SQL. Every read and change goes through the workflow: outside of the workspace as an actor of kind public, who
// sees releases and nothing else, in the workspace as the person who is signed in.
package web

import (
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"safar/access"
	"safar/workflow"
)

// Config is what the surface works with.
type Config struct {
	Flow     *workflow.Workflow
	OpenRosa http.Handler // answers everything below /openrosa/; nil where phones are not served
	Log      *slog.Logger
	Version  string
	Now      func() time.Time
	Base     string // public address without slash at the end, "https://dtm.example.org"; "" when it is not known
	UI       fs.FS  // the built workspace; nil = the one embedded in the program
}

// server answers the requests. Everything it holds is safe for many goroutines.
type server struct {
	Config
	mux       *http.ServeMux
	pages     *template.Template
	shelf     *shelf
	endpoints map[string]endpoint // of the DTM API, by path in lower case
	gzips     sync.Pool
	prints    prints     // of the public pages of releases
	routes    []apiRoute // of the workspace's interface
	streams   streams    // of news
}

// public is who reads over this surface: nobody in particular.
var public = access.Actor{Kind: access.Public, Name: "public"}

// maxBody bounds what a request may carry; nothing here takes more than a short form. OpenRosa has bounds of its own.
const maxBody = 64 << 10

// Handler answers every address of a Safar server.
func Handler(cfg Config) http.Handler {
	cfg.Base = strings.TrimSuffix(cfg.Base, "/")
	if cfg.UI == nil {
		cfg.UI = embeddedUI()
	}
	s := &server{Config: cfg, mux: http.NewServeMux(), pages: parsePages(), shelf: newShelf(cfg.Flow), routes: apiRoutes()}
	s.endpoints = s.dtmEndpoints()
	s.mux.HandleFunc("GET /healthz", s.health)
	s.mux.HandleFunc("GET /version", s.version)
	s.mux.HandleFunc("GET /safar.css", s.stylesheet)
	s.mux.HandleFunc("GET /public.css", s.publicStyle)
	s.mux.HandleFunc("GET /releases", s.releaseList)
	s.mux.HandleFunc("GET /releases/{$}", s.releaseList)
	s.mux.HandleFunc("GET /releases/{id}", s.releaseSlash)
	s.mux.HandleFunc("GET /releases/{id}/{$}", s.releasePage)
	s.mux.HandleFunc("GET /releases/{id}/{file...}", s.releaseFile)
	s.mux.HandleFunc("GET /signin/{secret}", s.signinPage)
	s.mux.HandleFunc("POST /signin/{secret}", s.signin)
	s.mux.HandleFunc("GET /", s.workspace)
	return s
}

// route hands the request to whoever answers it. OpenRosa and the DTM API come first: one has its own bounds and
// compression, the other's paths are known in any case of letters.
func (s *server) route(a *answer, r *http.Request) {
	switch {
	case isOpenRosa(r.URL.Path):
		a.route = openRosaRoute(r.URL.Path)
		s.openRosa(a, r)
	case strings.HasPrefix(r.URL.Path, "/w/"):
		s.api(a, r)
	case isDTM(r.URL.Path):
		s.small(a, r, s.dtm)
	default:
		s.small(a, r, s.mux.ServeHTTP)
	}
}

// small answers a request that has no or a short body, compressed where that helps.
func (s *server) small(a *answer, r *http.Request, next http.HandlerFunc) {
	if r.ContentLength > maxBody {
		s.fail(a, r, errTooLarge())
		return
	}
	r.Body = http.MaxBytesReader(a, r.Body, maxBody)
	z := s.compress(a, r)
	next(z, r)
	z.close()
	if a.route == "" {
		a.route = withoutMethod(r.Pattern)
	}
}

func (s *server) openRosa(a *answer, r *http.Request) {
	if s.OpenRosa == nil {
		s.fail(a, r, errNoPage())
		return
	}
	s.OpenRosa.ServeHTTP(a, r)
}

func isOpenRosa(path string) bool {
	return path == "/openrosa" || strings.HasPrefix(path, "/openrosa/")
}

// openRosaRoute names what a phone asked for without the secret or the file that stands in the path.
func openRosaRoute(path string) string {
	parts := strings.Split(strings.TrimPrefix(path, "/openrosa/"), "/")
	door, rest := "{operation}", parts[1:]
	if parts[0] == "key" && len(parts) > 1 {
		door, rest = "key/{token}", parts[2:]
	}
	if len(rest) > 0 {
		for _, known := range []string{"formList", "submission", "forms"} {
			if rest[0] == known {
				return "/openrosa/" + door + "/" + known
			}
		}
	}
	return "/openrosa/"
}

// withoutMethod takes the method off a pattern of the mux: "GET /healthz".
func withoutMethod(pattern string) string {
	if _, path, ok := strings.Cut(pattern, " "); ok {
		return path
	}
	return pattern
}
