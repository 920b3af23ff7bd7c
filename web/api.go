package web

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"safar/fault"
	"safar/workflow"
)

// The interface of the workspace, JSON below /w/ (docs/api.md). Every request goes through guardAPI, then to one entry
// of apiRoutes; who may do what is decided by the workflow's verbs and nowhere here.

// apiCall is one request under way.
type apiCall struct {
	*server
	w       http.ResponseWriter
	r       *http.Request
	visitor workflow.Visitor
	path    map[string]string // the parts of the path that stand for something: OP, ACT, N, ID ...
}

// apiHandler answers a request with a value that is written as JSON; nil is an answer without content.
type apiHandler func(*apiCall) (any, error)

// apiRoute is one line of the interface. Words in capitals match any part of a path.
type apiRoute struct {
	method, pattern string
	open            bool // works without being signed in
	handle          apiHandler
}

// answered says that the handler wrote the answer itself.
type answered struct{}

// api answers everything below /w/.
func (s *server) api(a *answer, r *http.Request) {
	w := http.ResponseWriter(a)
	if r.URL.Path != newsPath { // news are never held back for compression
		z := s.compress(a, r)
		defer z.close()
		w = z
	}
	w.Header().Set("Cache-Control", "no-store")
	route, path, err := findRoute(s.routes, r)
	if err != nil {
		s.apiFail(w, r, err)
		return
	}
	a.route = "/w/" + route.pattern
	c := &apiCall{server: s, w: w, r: r, path: path}
	if err := c.serve(route); err != nil {
		c.fail(err)
	}
}

func (c *apiCall) serve(route apiRoute) error {
	if err := guardAPI(c.r); err != nil {
		return err
	}
	if !isUpload(c.r) {
		if c.r.ContentLength > maxAPIBody {
			return errTooLarge()
		}
		c.r.Body = http.MaxBytesReader(c.w, c.r.Body, maxAPIBody)
	}
	if !route.open {
		if err := c.identify(); err != nil {
			return err
		}
	}
	value, err := route.handle(c)
	if err != nil {
		return err
	}
	if _, done := value.(answered); done {
		return nil
	}
	return c.write(value)
}

// maxAPIBody bounds a request without file: a mapping of a workbook is the longest.
const maxAPIBody = 1 << 20

// write answers with JSON, or with 204 when there is nothing to say.
func (c *apiCall) write(value any) error {
	if value == nil {
		c.w.WriteHeader(http.StatusNoContent)
		return nil
	}
	data, err := json.Marshal(value)
	if err != nil {
		return fault.Internalf(err, "writing an answer")
	}
	h := c.w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = c.w.Write(data) // the client is gone; there is nobody to tell
	return nil
}

// guardAPI refuses what another site could make a browser send: a change without our header, which no form can set, and
// any request that the browser says comes from elsewhere.
func guardAPI(r *http.Request) error {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		return fault.New(fault.WorkspaceOrigin)
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		if at, err := url.Parse(origin); err != nil || !strings.EqualFold(at.Host, r.Host) {
			return fault.New(fault.WorkspaceOrigin)
		}
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Header.Get("X-Safar") == "" {
		return fault.New(fault.WorkspaceHeader)
	}
	return nil
}

// findRoute finds the first line of the interface that fits; the order of apiRoutes decides.
func findRoute(routes []apiRoute, r *http.Request) (apiRoute, map[string]string, error) {
	parts := strings.Split(strings.TrimPrefix(r.URL.EscapedPath(), "/w/"), "/")
	known := false
	for _, route := range routes {
		path, ok := matchPath(route.pattern, parts)
		if !ok {
			continue
		}
		known = true
		if route.method == r.Method || route.method == http.MethodGet && r.Method == http.MethodHead {
			return route, path, nil
		}
	}
	if known {
		return apiRoute{}, nil, fault.New(fault.WorkspaceMethod, "method", knownMethod(r.Method))
	}
	return apiRoute{}, nil, errNoPage()
}

func matchPath(pattern string, parts []string) (map[string]string, bool) {
	words := strings.Split(pattern, "/")
	if len(words) != len(parts) {
		return nil, false
	}
	path := map[string]string{}
	for i, word := range words {
		if word != strings.ToUpper(word) {
			if word != parts[i] {
				return nil, false
			}
			continue
		}
		value, err := url.PathUnescape(parts[i])
		if err != nil || value == "" || len(value) > 300 {
			return nil, false
		}
		path[word] = value
	}
	return path, true
}

// body reads the JSON of a request. Unknown keys are passed over, so that a page may be newer than the server.
func (c *apiCall) body(into any) error {
	kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if kind != "" && kind != "application/json" {
		return fault.New(fault.WorkspaceBody, "reason", "it is not JSON")
	}
	data, err := io.ReadAll(c.r.Body)
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return errTooLarge()
		}
		return fault.Wrap(err, fault.WorkspaceBody, "reason", "it broke off")
	}
	if len(strings.TrimSpace(string(data))) == 0 {
		return nil
	}
	if err := json.Unmarshal(data, into); err != nil {
		reason := "it is not well-formed JSON"
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			reason = wrong.Field + " cannot be a " + wrong.Value
		}
		return fault.Wrap(err, fault.WorkspaceBody, "reason", reason)
	}
	return nil
}

// query gives a parameter of the address.
func (c *apiCall) query(name string) string { return strings.TrimSpace(c.r.URL.Query().Get(name)) }

// number reads a parameter that is a whole number; missing is 0.
func (c *apiCall) number(name, text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 1e6 {
		return 0, fault.New(fault.WorkspaceParameter, "name", name, "value", text, "wanted", "a whole number from 0")
	}
	return n, nil
}

// round reads the round of a path.
func (c *apiCall) round() (int, error) { return c.number("round", c.path["N"]) }

// lang is the language that the page is read in.
func (c *apiCall) lang() string {
	first, _, _ := strings.Cut(c.r.Header.Get("Accept-Language"), ",")
	first, _, _ = strings.Cut(first, ";")
	base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(first)), "-")
	if base == "" || len(base) > 3 {
		return "en"
	}
	return base
}

// address is where the request comes from.
func (c *apiCall) address() string {
	host, _, err := net.SplitHostPort(c.r.RemoteAddr)
	if err != nil {
		return c.r.RemoteAddr
	}
	return host
}

// apiProblem is an error as the interface writes it.
type apiProblem struct {
	Code      string            `json:"code"`
	Message   string            `json:"message"`
	Mend      string            `json:"mend,omitempty"`
	Details   map[string]string `json:"details,omitempty"`
	At        *apiPlace         `json:"at,omitempty"`
	Reference string            `json:"reference,omitempty"`
	More      []apiProblem      `json:"more,omitempty"` // the others, where several were found at once
}

type apiPlace struct {
	File  string `json:"file,omitempty"`
	Sheet string `json:"sheet,omitempty"`
	Row   int    `json:"row,omitempty"`
	Cell  string `json:"cell,omitempty"`
	Field string `json:"field,omitempty"`
}

// problemOf writes a fault; what is no fault is an internal error without details.
func problemOf(err error) apiProblem {
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind() == fault.Internal {
		f = fault.New(fault.InternalError)
	}
	p := apiProblem{Code: string(f.Code), Message: f.Message(), Mend: f.Mend(), Details: f.Details}
	if f.At != (fault.Where{}) {
		p.At = &apiPlace{f.At.File, f.At.Sheet, f.At.Row, f.At.Cell, f.At.Field}
	}
	return p
}

// problemsOf writes a list of faults, [] when there is none.
func problemsOf[E error](list []E) []apiProblem {
	out := make([]apiProblem, 0, len(list))
	for _, one := range list {
		out = append(out, problemOf(one))
	}
	return out
}

// fail answers with an error. The journal's name of the person is exchanged for the one they know.
func (c *apiCall) fail(err error) {
	var f *fault.Error
	if errors.As(err, &f) && f.Details["actor"] != "" && f.Details["actor"] == c.visitor.Actor.Name {
		named := *f
		named.Details = map[string]string{}
		for key, value := range f.Details {
			named.Details[key] = value
		}
		named.Details["actor"] = c.visitor.Name
		err = &named
	}
	c.apiFail(c.w, c.r, err)
}

func (s *server) apiFail(w http.ResponseWriter, r *http.Request, err error) {
	status, _ := s.explain(w, r, err)
	p := problemOf(err)
	switch {
	case fault.CodeOf(err) == fault.WorkspaceTooMany:
		status = http.StatusTooManyRequests
		w.Header().Set("Retry-After", p.Details["seconds"])
	case fault.CodeOf(err) == fault.WorkspaceMethod:
		status = http.StatusMethodNotAllowed
	case status == http.StatusInternalServerError:
		p.Reference = w.Header().Get("X-Request-Id")
	}
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		if list := many.Unwrap(); len(list) > 1 {
			p.More = problemsOf(list[1:])
		}
	}
	data, _ := json.Marshal(p) // texts and numbers
	h := w.Header()
	h.Del("ETag")
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(data)))
	w.WriteHeader(status)
	_, _ = w.Write(data) // the client is gone; there is nobody to tell
}

func isUpload(r *http.Request) bool {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return kind == "multipart/form-data"
}
