package openrosa

import (
	"net/http"
	"os"
	"time"
)

// Other is what a test wants otherwise; zero values leave what there is.
type Other struct {
	Request int64
	Parts   int
	Reading int
	Idle    time.Duration
	Create  func() (*os.File, error)
}

// HandlerWith is Handler with smaller bounds, or with spool files from elsewhere.
func HandlerWith(cfg Config, other Other) http.Handler {
	most := usualBounds()
	set(&most.request, other.Request)
	set(&most.parts, other.Parts)
	set(&most.reading, other.Reading)
	set(&most.idle, other.Idle)
	s := newServer(cfg, most)
	if other.Create != nil {
		s.create = other.Create
	}
	return s
}

func set[T comparable](value *T, other T) {
	var zero T
	if other != zero {
		*value = other
	}
}
