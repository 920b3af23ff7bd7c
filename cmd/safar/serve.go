package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"safar/fault"
	"safar/openrosa"
	"safar/web"
	"safar/workflow"
)

// defaultAddr is loopback: a server is opened to the network on purpose.
const defaultAddr = "127.0.0.1:8411"

func serve(c *call) func() error {
	addr := c.flags.String("addr", defaultAddr, "address to listen on; :8411 serves the whole network")
	return func() error {
		return c.serve(*addr, func(base string) error {
			c.note("Safar serves %s from %s", base, c.data)
			c.note("Phones: %s/openrosa/key/SECRET (device add prints it). Stop with Ctrl-C.", base)
			return nil
		})
	}
}

// serve listens until the context ends. Ready is called with the server's own address once it answers.
func (c *call) serve(addr string, ready func(base string) error) error {
	ctx, cancel := context.WithCancel(c.ctx)
	defer cancel()
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return fault.Wrap(err, fault.CommandAddress, "addr", addr, "reason", err.Error())
	}
	log := slog.New(slog.NewJSONHandler(c.err, nil))
	c.flow.Log = log
	relays, err := serveRelay(ctx, c.data, c.answer)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	defer relays.Close()
	var work sync.WaitGroup
	work.Go(func() { c.flow.RunJobs(ctx) })
	server := &http.Server{Handler: handler(c.flow, c.data, log), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, BaseContext: func(net.Listener) context.Context { return ctx }}
	work.Go(func() {
		<-ctx.Done()
		grace, done := context.WithTimeout(context.Background(), 10*time.Second)
		defer done()
		_ = server.Shutdown(grace) // what is still open after the grace is cut
	})
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	if err := ready("http://" + reachable(listener.Addr())); err != nil {
		cancel()
		work.Wait()
		return err
	}
	err = <-failed
	cancel()
	work.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

// handler joins the surfaces.
func handler(flow *workflow.Workflow, dir string, log *slog.Logger) http.Handler {
	phones := openrosa.Handler(openrosa.Config{Flow: flow, SpoolDir: filepath.Join(dir, "spool"), Log: log, Now: time.Now})
	return web.Handler(web.Config{Flow: flow, OpenRosa: phones, Log: log, Version: version, Now: time.Now})
}

// reachable writes an address that listens on all interfaces as one that a browser here can open.
func reachable(addr net.Addr) string {
	host, port, err := net.SplitHostPort(addr.String())
	if err != nil {
		return addr.String()
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// answer runs a relayed command with the server's own workflow.
func (c *call) answer(relayed *call) int {
	relayed.flow = c.flow
	relayed.data = c.data
	return dispatch(relayed)
}
