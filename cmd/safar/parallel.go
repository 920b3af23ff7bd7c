package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net"
	"sync"

	"safar/training"
	"safar/workflow"
)

// each runs fn over all items, n at a time, and stops at the first error.
func each[T any](ctx context.Context, n int, items []T, fn func(context.Context, T) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	queue := make(chan T)
	var work sync.WaitGroup
	for range n {
		work.Go(func() {
			for item := range queue {
				if err := fn(ctx, item); err != nil {
					cancel(err)
					return
				}
			}
		})
	}
	for _, item := range items {
		select {
		case queue <- item:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
	}
	close(queue)
	work.Wait()
	return context.Cause(ctx)
}

// parts are the attachments of a practice submission as the workflow takes them.
func parts(s training.Submission) []workflow.Part {
	var list []workflow.Part
	for _, a := range s.Attachments {
		sum := sha256.Sum256(a.Bytes)
		list = append(list, workflow.Part{Name: a.Name, Size: int64(len(a.Bytes)), SHA256: hex.EncodeToString(sum[:]), Open: func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(a.Bytes)), nil
		}})
	}
	return list
}

// freeAddr gives the address, or one with another port when it is taken, so that a demo always starts.
func freeAddr(addr string) string {
	listener, err := net.Listen("tcp", addr)
	if err == nil {
		listener.Close()
		return addr
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	return net.JoinHostPort(host, "0")
}
