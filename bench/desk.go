package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"safar/access"
	"safar/dictionary"
	"safar/round"
	"safar/store"
	"safar/toolbox"
	"safar/warehouse"
	"safar/warehouse/duck"
	"safar/workflow"
)

// desk is Safar over a real data folder: what the program opens, without its command line.
type desk struct {
	*workflow.Workflow
	store *store.Store
	dict  *dictionary.Dictionary
	tools *toolbox.Toolbox
	log   *slog.Logger
	dir   string
}

// operation is the one that everything is measured in; its country code is set apart for users, and is no country.
const (
	operation = "bench"
	country   = "XSF"
)

// local is who sets things up.
func local() access.Actor { return access.Actor{Kind: access.Local, ID: "bench", Name: "local:bench"} }

// openDesk opens a data folder, durable, on SQLite or on the server that database names.
func openDesk(ctx context.Context, dir, database string) (*desk, error) {
	d := &desk{dir: dir, log: slog.New(slog.NewJSONHandler(io.Discard, nil))} // written out as a server does, and dropped
	var err error
	if d.dict, err = dictionary.Default(); err != nil {
		return nil, err
	}
	if d.tools, err = toolbox.Default(); err != nil {
		return nil, err
	}
	if d.store, err = store.Open(ctx, store.Config{Dir: dir, Database: database}); err != nil {
		return nil, err
	}
	d.Workflow = workflow.New(ctx, workflow.Config{
		Store: d.store, Dictionary: d.dict, Tools: d.tools, Now: time.Now, Log: d.log, Dir: dir, Version: "bench",
		Engine: func(ctx context.Context) (warehouse.Engine, error) {
			return duck.Open(ctx, duck.Options{Path: filepath.Join(dir, "warehouse", "facts.duckdb")})
		},
	})
	return d, nil
}

func (d *desk) close() error { return errors.Join(d.Workflow.Close(), d.store.Close()) }

// furnish makes the operation with one adopted tool.
func (d *desk) furnish(ctx context.Context, tool string) error {
	_, err := d.CreateOperation(ctx, local(), round.Operation{Slug: operation, Title: "Bench", Country: country, TimeZone: "Asia/Dushanbe"})
	if err != nil {
		return err
	}
	_, err = d.AdoptTool(ctx, local(), operation, tool)
	return err
}

// jobsLeft counts the checks that wait.
func (d *desk) jobsLeft(ctx context.Context) (n int64, err error) {
	err = d.store.Read(ctx, func(tx *store.Tx) error {
		counts, err := tx.JobCounts(operation)
		n = counts[store.JobQueued] + counts[store.JobLeased]
		if dead := counts[store.JobDead]; dead > 0 {
			err = errors.Join(err, errors.New("a check failed for good"))
		}
		return err
	})
	return n, err
}
