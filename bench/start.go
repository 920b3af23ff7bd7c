package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// start measures the program as it is shipped: how large it is, how soon it answers, what it takes when nobody asks.
func start(ctx context.Context, b *bench) (table, error) {
	t := table{Title: "the stripped program on an existing data folder with an operation and a published form", Columns: []string{"value"}}
	program, err := b.build(ctx)
	if err != nil {
		return t, err
	}
	info, err := os.Stat(program)
	if err != nil {
		return t, err
	}
	dir := filepath.Join(b.dir, "data")
	if err := furnished(ctx, dir); err != nil {
		return t, err
	}
	var times latencies
	var memory float64
	for range b.starts {
		took, resident, err := startOnce(ctx, program, dir)
		if err != nil {
			return t, err
		}
		times, memory = append(times, took), max(memory, resident)
	}
	t.add(measured, "start to the first answer of /healthz, ms", times.at(50))
	t.add(target, "design section 9", "< 1000")
	t.add(measured, "idle memory after 2 s, MB", memory)
	t.add(target, "design section 9", "< 150")
	t.add(measured, "program, MB", float64(info.Size())/1e6)
	t.add(target, "design section 9", "< 150")
	t.add(yardstick, "ODK Central: ten containers; one process of it at its peak, MB", "430")
	return t, nil
}

// build makes the program stripped, as releases are.
func (b *bench) build(ctx context.Context) (string, error) {
	program := filepath.Join(b.dir, "safar")
	out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, "safar/cmd/safar").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building the program: %w: %.300s", err, out)
	}
	return program, nil
}

func furnished(ctx context.Context, dir string) error {
	d, err := openDesk(ctx, dir, "")
	if err != nil {
		return err
	}
	err = d.furnish(ctx, baseline)
	if err == nil {
		_, err = d.publish(ctx, baseline)
	}
	return errors.Join(err, d.close())
}

// startOnce starts the server, waits for its first answer, leaves it alone for two seconds and stops it.
func startOnce(ctx context.Context, program, dir string) (took time.Duration, residentNow float64, err error) {
	addr, err := freeAddress()
	if err != nil {
		return 0, 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, "serve", "--data", dir, "--addr", addr)
	cmd.Stdout, cmd.Stderr = io.Discard, io.Discard
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return 0, 0, err
	}
	defer func() {
		stopped := cmd.Process.Signal(os.Interrupt)
		if stopped != nil {
			stopped = cmd.Process.Kill()
		}
		_ = cmd.Wait() // how it ends when it is told to is not measured
		err = errors.Join(err, stopped)
	}()
	if err := awaitHealth(ctx, "http://"+addr+"/healthz"); err != nil {
		return 0, 0, err
	}
	took = time.Since(began)
	select {
	case <-ctx.Done():
		return 0, 0, ctx.Err()
	case <-time.After(2 * time.Second):
	}
	return took, residentMB(cmd.Process.Pid), nil
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

func awaitHealth(ctx context.Context, address string) error {
	client := &http.Client{Timeout: time.Second}
	for {
		answer, err := client.Get(address)
		if err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the server did not answer: %w", errors.Join(ctx.Err(), err))
		case <-time.After(2 * time.Millisecond):
		}
	}
}
