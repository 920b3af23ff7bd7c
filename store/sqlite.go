package store

import (
	"context"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/driver"

	"safar/fault"
)

// openSQLite opens the file. A file that is there already is first looked at read-only, so that a newer program's data
// or a file of another kind is left as it is.
func openSQLite(ctx context.Context, file string, durable bool) (*engine, error) {
	e := &engine{
		name: sqlite, file: file, prepare: true,
		beginWrite: "BEGIN IMMEDIATE",
		beginRead:  "BEGIN",
		readOnly:   "PRAGMA query_only = ON",
		writing:    "PRAGMA temp_store = MEMORY", // what savepoints keep for undoing; in files it cost a third of all time
		hasSchema:  "SELECT count(*) FROM sqlite_schema WHERE name = 'migration'",
		ddl:        func(text string) string { return text },
		classify:   classifySQLite,
		lost:       func(error) bool { return false },
	}
	if info, err := os.Stat(file); err == nil && info.Size() > 0 {
		if err := e.peek(ctx); err != nil {
			return nil, err
		}
	}
	var err error
	e.db, err = driver.Open(sqliteName(file, ""), func(c *sqlite3.Conn) error { return c.Exec(pragmas(durable)) })
	return e, err
}

// pragmas set every connection up. FULL is stated because the driver's default does not sync the log at each commit.
func pragmas(durable bool) string {
	sync := "FULL"
	if !durable {
		sync = "OFF"
	}
	return "PRAGMA busy_timeout = 20000; PRAGMA journal_mode = WAL; PRAGMA synchronous = " + sync +
		"; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -8000; PRAGMA temp_store = FILE; PRAGMA journal_size_limit = 67108864"
}

// peek reads the version of existing data without changing a byte of it.
func (e *engine) peek(ctx context.Context) error {
	options := "?mode=ro"
	if _, err := os.Stat(e.file + "-wal"); err != nil {
		options += "&immutable=1" // without it even a reader makes a log
	}
	var err error
	if e.db, err = driver.Open(sqliteName(e.file, options), func(c *sqlite3.Conn) error { return c.Exec("PRAGMA busy_timeout = 20000") }); err != nil {
		return err
	}
	version, err := e.version(ctx)
	var tables int
	if err == nil {
		err = e.classify(e.db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(&tables))
	}
	err = errors.Join(err, e.db.Close())
	dir := filepath.Dir(e.file)
	switch {
	case errors.Is(err, sqlite3.NOTADB) || err == nil && version == 0 && tables > 0:
		return fault.New(fault.StoreNotADataFolder, "dir", dir, "found", "a "+databaseFile+" that Safar did not make")
	case err != nil:
		return err
	case version > len(migrations()):
		return newer(dir, version, len(migrations()))
	}
	return nil
}

// sqliteName is the file as a URI, with the characters that mean something in one escaped.
func sqliteName(file, options string) string {
	path := filepath.ToSlash(file)
	if len(path) > 1 && path[1] == ':' { // C:/...
		path = "/" + path
	}
	return "file:" + strings.ReplaceAll((&url.URL{Path: path}).EscapedPath(), ":", "%3A") + options
}

// openTemporary opens an empty SQLite file in a temporary folder, without syncing it. A file and not memory, so that
// tests meet the same log, locks and snapshots as a real one.
func (s *Store) openTemporary(ctx context.Context) (*engine, error) {
	dir, err := os.MkdirTemp("", "safar-memory-*")
	if err != nil {
		return nil, unusable(os.TempDir(), err)
	}
	s.temp = dir
	return openSQLite(ctx, filepath.Join(dir, databaseFile), false)
}

func (s *Store) removeTemporary() error {
	if s.temp == "" {
		return nil
	}
	return os.RemoveAll(s.temp)
}

// classifySQLite turns the driver's errors into faults.
func classifySQLite(err error) error {
	if err == nil || fault.CodeOf(err) != "" {
		return err
	}
	is := func(codes ...error) bool {
		return slices.ContainsFunc(codes, func(code error) bool { return errors.Is(err, code) })
	}
	switch {
	case is(sqlite3.FULL):
		return fault.Wrap(err, fault.StoreNoSpace)
	case is(sqlite3.BUSY, sqlite3.LOCKED, sqlite3.PROTOCOL):
		return fault.Wrap(err, fault.StoreBusy)
	case is(sqlite3.READONLY, sqlite3.PERM):
		return fault.Wrap(err, fault.StoreReadOnly)
	case is(sqlite3.CORRUPT, sqlite3.NOTADB):
		return fault.Wrap(err, fault.StoreDamaged)
	case is(sqlite3.CANTOPEN, sqlite3.IOERR):
		return fault.Wrap(err, fault.StoreUnavailable)
	case is(sqlite3.CONSTRAINT_UNIQUE, sqlite3.CONSTRAINT_PRIMARYKEY):
		return fault.Wrap(err, fault.StoreExists, "what", tableOf(err.Error()))
	case is(sqlite3.CONSTRAINT_FOREIGNKEY):
		return fault.Wrap(err, fault.StoreNoParent, "what", "see the log")
	}
	return err
}

// tableOf finds the table in "UNIQUE constraint failed: device.operation, device.id".
func tableOf(message string) string {
	_, columns, _ := strings.Cut(message, "failed: ")
	table, _, _ := strings.Cut(columns, ".")
	return table
}
