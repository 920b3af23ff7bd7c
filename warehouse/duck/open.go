//go:build cgo && !noduck

package duck

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"safar/fault"
	"safar/warehouse"
)

// Embedded says whether this build holds DuckDB.
const Embedded = true

// Open opens the warehouse, making it where there is none. A file that is damaged or was made by another version of
// Safar or DuckDB is moved aside (Options.Moved) and an empty one takes its place.
func Open(ctx context.Context, o Options) (warehouse.Engine, error) {
	e, err := open(ctx, o)
	if err == nil || o.Path == "" || ctx.Err() != nil {
		return wrap(e, o, err)
	}
	if locked(err) {
		return nil, fault.Wrap(err, fault.WarehouseLocked, "file", o.Path)
	}
	aside, moveErr := moveAside(o.Path)
	if moveErr != nil {
		return nil, fault.Wrap(errors.Join(err, moveErr), fault.WarehouseOpen, "where", o.Path, "why", moveErr.Error())
	}
	if o.Moved != nil {
		o.Moved(aside, err)
	}
	e, err = open(ctx, o)
	return wrap(e, o, err)
}

func wrap(e *engine, o Options, err error) (warehouse.Engine, error) {
	if err != nil {
		return nil, fault.Wrap(err, fault.WarehouseOpen, "where", cmp.Or(o.Path, "in memory"), "why", err.Error())
	}
	return e, nil
}

// errVersion marks a file whose tables are of another version.
var errVersion = errors.New("tables of another version")

func open(ctx context.Context, o Options) (*engine, error) {
	connector, err := duckdb.NewConnector(o.Path, nil)
	if err != nil {
		return nil, err
	}
	e := &engine{db: sql.OpenDB(connector)}
	if err := e.prepare(ctx, o); err != nil {
		return nil, errors.Join(err, e.db.Close())
	}
	return e, nil
}

// prepare bounds the engine, shuts it off from the outside, and makes or checks the tables.
func (e *engine) prepare(ctx context.Context, o Options) error {
	statements := []string{
		fmt.Sprintf("SET memory_limit = '%dMB'", cmp.Or(o.MemoryMB, 512)),
		fmt.Sprintf("SET threads = %d", cmp.Or(o.Threads, 2)),
		"SET preserve_insertion_order = false",
		"SET autoinstall_known_extensions = false",
		"SET autoload_known_extensions = false",
		"SET allow_community_extensions = false",
	}
	if o.Path != "" {
		statements = append(statements, "SET temp_directory = '"+strings.ReplaceAll(o.Path+".tmp", "'", "''")+"'")
	}
	statements = append(statements, "SET enable_external_access = false", "SET lock_configuration = true")
	for _, s := range append(statements, warehouse.Tables("varchar")...) {
		if _, err := e.db.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return e.version(ctx)
}

func (e *engine) version(ctx context.Context) error {
	var rows, least, most int
	err := e.db.QueryRowContext(ctx, "SELECT count(*), coalesce(min(version), 0), coalesce(max(version), 0) FROM schema_version").Scan(&rows, &least, &most)
	switch {
	case err != nil:
		return err
	case rows == 0:
		_, err = e.db.ExecContext(ctx, "INSERT INTO schema_version VALUES ($1)", warehouse.SchemaVersion)
		return err
	case least != warehouse.SchemaVersion || most != warehouse.SchemaVersion:
		return errVersion
	}
	return nil
}

// locked tells a file in use from a damaged one: moving it would take it from its user.
func locked(err error) bool {
	text := err.Error()
	return strings.Contains(text, "Could not set lock") || strings.Contains(text, "being used by another process")
}

// moveAside renames the file and its log; one earlier file set aside is replaced.
func moveAside(path string) (string, error) {
	aside := path + ".aside"
	if err := os.Rename(path, aside); err != nil {
		return "", err
	}
	if err := os.Rename(path+".wal", aside+".wal"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	return aside, nil
}
