package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"time"

	"safar/openrosa"
)

// listen serves a handler on a free port of loopback until stop is called.
func listen(handler http.Handler) (root string, stop func(), err error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener) // ends with the Close below
	}()
	return "http://" + listener.Addr().String(), func() {
		_ = server.Close()
		<-done
	}, nil
}

// serve lets phones in.
func (d *desk) serve() (root string, stop func(), err error) {
	return listen(openrosa.Handler(openrosa.Config{Flow: d.Workflow, SpoolDir: filepath.Join(d.dir, "spool"), Log: d.log, Now: time.Now}))
}

// runJobs works checks off until stop is called.
func (d *desk) runJobs(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.RunJobs(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}

// drop is the least a server can do: read and answer. What it takes is the price of the loopback, of HTTP and of the
// phones on this machine in this minute.
func drop(w http.ResponseWriter, r *http.Request) {
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusCreated)
}
