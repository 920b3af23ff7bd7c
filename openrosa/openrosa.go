// Package openrosa is how ODK Collect and KoboCollect talk to Safar: the list of forms, their files, and the receiving
// of what was answered, as the OpenRosa 1.0 protocol has it. It bounds, spools and hashes what comes in and leaves every
// decision to the workflow.
//
// A device finds its forms below /openrosa/key/{token}/ with the secret in the address, or below
// /openrosa/{operation}/ with HTTP Basic, where the user is the device's id or name. Under both lie formList,
// forms/{id}/{version}.xml, forms/{id}/{version}/manifest, forms/{id}/{version}/media/{name} and submission.
package openrosa

import (
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"safar/access"
	"safar/fault"
	"safar/workflow"
)

// Config is what the surface works with.
type Config struct {
	Flow     *workflow.Workflow
	SpoolDir string // where attachments lie while a request is read; made when it is missing
	Log      *slog.Logger
	Now      func() time.Time // the clock of the throttle

	// TrustProxy takes the client's address, the scheme and the host from X-Forwarded-For, -Proto and -Host. Only right
	// behind a proxy that sets them: anyone else could write there what they like.
	TrustProxy bool
}

// server answers the requests. Everything it holds is safe for many goroutines.
type server struct {
	Config
	throttle *throttle
	slots    chan struct{} // one for each submission that is being read
	bounds   bounds
	create   func() (*os.File, error) // makes a spool file
}

// bounds is how much one request may hold, beside workflow.MaxXML and workflow.MaxAttachment.
type bounds struct {
	request int64         // bytes after inflation
	parts   int           // files
	idle    time.Duration // a sender that is silent for so long has gone
	reading int           // submissions that are read at the same time: phones on slow networks hold a place for minutes
}

func usualBounds() bounds {
	return bounds{request: 1 << 30, parts: 500, idle: time.Minute, reading: 256}
}

// Handler serves everything below /openrosa/. It removes the spool files that an earlier process left behind, so only
// one process may use a spool folder.
func Handler(cfg Config) http.Handler { return newServer(cfg, usualBounds()) }

func newServer(cfg Config, most bounds) *server {
	s := &server{
		Config: cfg, throttle: newThrottle(cfg.Now), slots: make(chan struct{}, most.reading), bounds: most,
		create: func() (*os.File, error) { return createSpool(cfg.SpoolDir) },
	}
	if err := cleanSpool(cfg.SpoolDir); err != nil {
		cfg.Log.Warn("openrosa: the spool folder could not be cleaned", "error", err)
	}
	return s
}

// visit is one request of a known device.
type visit struct {
	*http.Request
	actor access.Actor
	base  string // absolute address that the device's other addresses start with, without slash at the end
}

// ServeHTTP finds out who asks and for what. The path is taken apart by hand because a token and the name of an
// operation stand at the same place.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	setHeaders(w.Header())
	rest, ok := strings.CutPrefix(r.URL.EscapedPath(), "/openrosa/")
	path := strings.Split(rest, "/")
	for i, segment := range path {
		plain, err := url.PathUnescape(segment)
		if err != nil {
			ok = false
		}
		path[i] = plain
	}
	if !ok || len(path) < 2 {
		s.fail(w, r, fault.New(fault.OpenrosaAddress))
		return
	}
	if err := s.serve(w, r, path); err != nil {
		s.fail(w, r, err)
	}
}

// serve lets the device in and answers; an error it returns has not been answered yet.
func (s *server) serve(w http.ResponseWriter, r *http.Request, path []string) error {
	actor, err := s.enter(r, path)
	if err != nil {
		return err
	}
	own := 1 // segments that name the device's door
	if path[0] == "key" {
		own = 2
	}
	v := &visit{Request: r, actor: actor, base: s.origin(r) + "/openrosa/" + escape(path[:own])}
	return s.dispatch(w, v, path[own:])
}

func escape(path []string) string {
	escaped := make([]string, len(path))
	for i, segment := range path {
		escaped[i] = url.PathEscape(segment)
	}
	return strings.Join(escaped, "/")
}

func (s *server) dispatch(w http.ResponseWriter, v *visit, path []string) error {
	switch {
	case len(path) == 1 && path[0] == "formList":
		return s.only(v, func() error { return s.formList(w, v) }, http.MethodGet, http.MethodHead)
	case len(path) == 1 && path[0] == "submission":
		return s.only(v, func() error { return s.submission(w, v) }, http.MethodPost, http.MethodHead)
	case len(path) == 3 && path[0] == "forms" && strings.HasSuffix(path[2], ".xml"):
		return s.only(v, func() error { return s.form(w, v, path[1], strings.TrimSuffix(path[2], ".xml")) }, http.MethodGet, http.MethodHead)
	case len(path) == 4 && path[0] == "forms" && path[3] == "manifest":
		return s.only(v, func() error { return s.manifest(w, v, path[1], path[2]) }, http.MethodGet, http.MethodHead)
	case len(path) == 5 && path[0] == "forms" && path[3] == "media":
		return s.only(v, func() error { return s.media(w, v, path[1], path[2], path[4]) }, http.MethodGet, http.MethodHead)
	}
	return fault.New(fault.OpenrosaAddress)
}

func (s *server) only(v *visit, do func() error, methods ...string) error {
	if !slices.Contains(methods, v.Method) {
		return fault.New(fault.OpenrosaMethod, "method", v.Method, "allowed", strings.Join(methods, ", "))
	}
	return do()
}

// origin is the scheme and host under which the client reached Safar.
func (s *server) origin(r *http.Request) string {
	scheme, host := "http", r.Host
	if r.TLS != nil {
		scheme = "https"
	}
	if s.TrustProxy {
		if proto := r.Header.Get("X-Forwarded-Proto"); proto == "http" || proto == "https" {
			scheme = proto
		}
		if first, _, _ := strings.Cut(r.Header.Get("X-Forwarded-Host"), ","); first != "" {
			host = strings.TrimSpace(first)
		}
	}
	return scheme + "://" + host
}

// seen notes that the device asked; it is no reason to refuse an answer.
func (s *server) seen(v *visit) {
	if err := s.Flow.Seen(v.Context(), v.actor); err != nil {
		s.Log.Warn("openrosa: a visit was not noted", "code", string(fault.CodeOf(err)))
	}
}

// drain reads what is left, so that a bound does not break the connection before the answer is read.
func drain(r io.Reader) (int64, error) { return io.Copy(io.Discard, r) }
