package web

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// healthTime is how long the store may take before the server counts as not well.
const healthTime = 5 * time.Second

// healthReport is what a monitor reads; it holds nothing of anybody.
type healthReport struct {
	Status   string         `json:"status"` // "ok", or "failing" with HTTP 503
	Version  string         `json:"version"`
	Engine   string         `json:"engine"`
	Jobs     map[string]int `json:"jobs"` // by state; those in "dead" wait for a person
	DiskFree *uint64        `json:"disk_free_bytes"`
}

// health says whether the store can be read, what waits, and how much room is left.
func (s *server) health(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), healthTime)
	defer cancel()
	state, err := s.Flow.Health(ctx)
	report := healthReport{Status: "ok", Version: s.Version, Engine: state.Engine, Jobs: state.Jobs}
	status := http.StatusOK
	if err != nil {
		s.Log.Error("web: the store cannot be read", "request", w.Header().Get("X-Request-Id"), "error", err)
		report.Status, status = "failing", http.StatusServiceUnavailable
	}
	if free, ok := diskFree(s.Flow.Dir); ok {
		report.DiskFree = &free
	}
	w.Header().Set("Cache-Control", "no-store")
	writeJSON(w, status, report)
}

func (s *server) version(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}{"safar", s.Version})
}

// writeJSON answers with a value of fixed shape.
func writeJSON(w http.ResponseWriter, status int, value any) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(value); err != nil {
		panic(err) // a value of fixed shape always has JSON
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // the client is gone; there is nobody to tell
}
