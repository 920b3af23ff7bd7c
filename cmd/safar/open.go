package main

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"safar/dictionary"
	"safar/fault"
	"safar/store"
	"safar/toolbox"
	"safar/warehouse"
	"safar/warehouse/duck"
	"safar/warehouse/pg"
	"safar/workflow"
)

// defaultData is the data folder when none is named: $SAFAR_DATA, or safar-data in the folder one is in.
func defaultData() string {
	if dir := os.Getenv("SAFAR_DATA"); dir != "" {
		return dir
	}
	return "safar-data"
}

// runOnData runs a command that works on a data folder: in the server when the call came through it, else with the
// folder opened here, else relayed to the server that holds it.
func (c *call) runOnData(run func() error) error {
	c.data = c.path(c.data)
	if c.flow != nil {
		return run()
	}
	if !exists(c.data) && c.dbURL == "" {
		switch {
		case c.cmd.reads:
			c.data, c.dbURL = "", nowhere
		case !c.cmd.makes:
			return fault.New(fault.CommandNoData, "dir", c.data)
		}
	}
	err := c.open()
	if fault.CodeOf(err) == fault.StoreLocked {
		if c.cmd.alone {
			return fault.New(fault.CommandInUse, "dir", c.data)
		}
		exit, err := relay(c)
		if err != nil {
			return err
		}
		return exitWith(exit)
	}
	if err != nil {
		return err
	}
	defer c.shut()
	return run()
}

// nowhere is the database of a command that keeps nothing: it is gone when the command ends.
const nowhere = ":memory:"

// exitWith carries the exit code of a relayed command.
type exitWith int

func (exitWith) Error() string { return "the command ended in the server" }

// reason is why the system refused, without the path that the message names already.
func reason(err error) string {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err.Error()
	}
	return err.Error()
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// open takes the data folder and makes the workflow; shut gives it back.
func (c *call) open() error {
	log := slog.New(slog.NewTextHandler(c.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	flow, shut, err := openWorkflow(c.ctx, c.data, c.dbURL, log)
	if err != nil {
		return err
	}
	c.flow = flow
	c.shut = func() {
		if err := shut(); err != nil {
			c.note("safar: closing: %v", err)
		}
	}
	return nil
}

// openWorkflow opens store, tools and dictionary; the warehouse opens when figures are wanted.
func openWorkflow(ctx context.Context, dir, dbURL string, log *slog.Logger) (*workflow.Workflow, func() error, error) {
	dict, err := dictionary.Default()
	if err != nil {
		return nil, nil, err
	}
	box, err := toolbox.Default()
	if err != nil {
		return nil, nil, err
	}
	if dir != "" {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, nil, fault.Wrap(err, fault.CommandNoFolder, "dir", dir, "reason", reason(err))
		}
	}
	st, err := store.Open(ctx, store.Config{Dir: dir, Database: dbURL})
	if err != nil {
		return nil, nil, err
	}
	flow := workflow.New(ctx, workflow.Config{
		Store: st, Dictionary: dict, Tools: box, Now: time.Now, Log: log, Dir: dir, Version: version,
		Engine: func(ctx context.Context) (warehouse.Engine, error) { return openWarehouse(ctx, dir, dbURL) },
	})
	return flow, func() error { return errors.Join(flow.Close(), st.Close()) }, nil
}

func openWarehouse(ctx context.Context, dir, dbURL string) (warehouse.Engine, error) {
	if dbURL != "" {
		return pg.Open(ctx, dbURL)
	}
	return duck.Open(ctx, duck.Options{Path: filepath.Join(dir, "warehouse", "facts.duckdb")})
}
