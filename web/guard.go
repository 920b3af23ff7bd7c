package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"strconv"
	"time"

	"safar/fault"
)

// answer is a response under way, with what the log line needs.
type answer struct {
	http.ResponseWriter
	id     string // the request's, shown to people as a reference
	route  string // pattern, never the path: a path may hold a secret
	status int    // 0 until the header is written
	bytes  int64
}

// WriteHeader notes the status.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write notes the size.
func (a *answer) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(p)
	a.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// ServeHTTP is the one way in: it names the request, sets the headers every answer carries, survives what panics, and
// writes one log line.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := &answer{ResponseWriter: w, id: newID()}
	start := s.Now()
	defer func() { s.note(a, r, start) }()
	defer s.rescue(a, r)
	setHeaders(a.Header(), a.id)
	s.route(a, r)
}

func newID() string {
	random := make([]byte, 8)
	_, _ = rand.Read(random) // crypto/rand never fails: it ends the program instead
	return hex.EncodeToString(random)
}

// The policies of what a page may load. Pages made here have one stylesheet and no script; the workspace is all from
// this server.
const (
	pagePolicy      = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	workspacePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; " +
		"worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

func setHeaders(h http.Header, id string) {
	h.Set("X-Request-Id", id)
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
}

// rescue turns a panic into an answer with a reference. What has begun already is cut, so that nobody takes a part for
// the whole.
func (s *server) rescue(a *answer, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	// The text of a panic can hold values of somebody's answers; only that of the runtime cannot.
	what := "a value of Safar's own"
	if err, ok := p.(runtime.Error); ok {
		what = err.Error()
	}
	s.Log.Error("web: panic", "request", a.id, "panic", what, "stack", string(debug.Stack()))
	if a.status != 0 {
		panic(http.ErrAbortHandler)
	}
	a.Header().Del("Content-Encoding")
	s.fail(a, r, fault.New(fault.InternalError))
}

// note writes the log line. It holds no address of anybody, no query and no path.
func (s *server) note(a *answer, r *http.Request, start time.Time) {
	level := slog.LevelInfo
	if a.status >= 500 {
		level = slog.LevelError
	}
	route := a.route
	if route == "" {
		route = withoutMethod(r.Pattern)
	}
	s.Log.LogAttrs(context.WithoutCancel(r.Context()), level, "request",
		slog.String("request", a.id), slog.String("method", knownMethod(r.Method)), slog.String("route", route),
		slog.Int("status", a.status), slog.Int64("bytes", a.bytes), slog.Float64("ms", float64(s.Now().Sub(start).Microseconds())/1000))
}

// knownMethod keeps what a client invents out of the log.
func knownMethod(method string) string {
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
		return method
	}
	return "other"
}

// statusOf maps the kinds of faults, once for all answers of this package.
func statusOf(kind fault.Kind) int {
	switch kind {
	case fault.Invalid:
		return http.StatusBadRequest
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// retryAfter is when a client should come back after a passing failure, in seconds.
const retryAfter = 30

// explain gives status and words of an error, and logs what is ours. People see a reference instead of the cause.
func (s *server) explain(w http.ResponseWriter, r *http.Request, err error) (status int, text string) {
	status = statusOf(fault.KindOf(err))
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
	}
	id := w.Header().Get("X-Request-Id")
	if status == http.StatusInternalServerError {
		if r.Context().Err() == nil {
			s.Log.Error("web: a request failed", "request", id, "error", err)
		}
		return status, fault.New(fault.InternalError).Message() + ". Try again; if it lasts, tell the people who run this server the reference " + id + "."
	}
	var f *fault.Error
	errors.As(err, &f) // any kind but Internal comes from a fault
	return status, f.Error()
}

func errTooLarge() error { return fault.New(fault.WebTooLarge, "bytes", strconv.Itoa(maxBody)) }
func errNoPage() error   { return fault.New(fault.WebNoPage) }
