package openrosa

import (
	"net/http"
	"os"
)

// HandlerWith is Handler with smaller bounds, or with spool files from elsewhere; zero values leave what there is.
func HandlerWith(cfg Config, request int64, parts, reading int, create func() (*os.File, error)) http.Handler {
	s := newServer(cfg)
	if request > 0 {
		s.bounds.request = request
	}
	if parts > 0 {
		s.bounds.parts = parts
	}
	if reading > 0 {
		s.slots = make(chan struct{}, reading)
	}
	if create != nil {
		s.create = create
	}
	return s
}
