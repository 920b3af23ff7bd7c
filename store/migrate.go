package store

import (
	"context"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"safar/fault"
)

// The migrations are numbered files without gaps; a file that was released is never changed. schema.sql states the
// result of them all, and a test compares the two.
//
//go:embed migrations/*.sql
var migrationFiles embed.FS

// migration is one step of the schema; its number is its place in the list, from 1.
type migration struct {
	name string // file name
	text string
}

// migrations lists the steps in order.
func migrations() []migration {
	entries, err := migrationFiles.ReadDir("migrations")
	if err != nil {
		panic("store: embedded migrations: " + err.Error())
	}
	steps := make([]migration, len(entries))
	for i, entry := range entries {
		text, err := migrationFiles.ReadFile("migrations/" + entry.Name())
		if err != nil || !strings.HasPrefix(entry.Name(), fmt.Sprintf("%04d_", i+1)) {
			panic("store: migrations are not numbered without gaps: " + entry.Name())
		}
		steps[i] = migration{entry.Name(), string(text)}
	}
	return steps
}

const migrationTable = `CREATE TABLE IF NOT EXISTS migration (
    number     INTEGER NOT NULL PRIMARY KEY,
    name       TEXT    NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT;`

// version is the number of the last migration that was applied; 0 for a new database.
func (e *engine) version(ctx context.Context) (int, error) {
	var there, number int
	if err := e.db.QueryRowContext(ctx, e.hasSchema).Scan(&there); err != nil || there == 0 {
		return 0, e.classify(err)
	}
	err := e.db.QueryRowContext(ctx, "SELECT coalesce(max(number), 0) FROM migration").Scan(&number)
	return number, e.classify(err)
}

// migrate applies the steps after version, each in its own transaction. An SQLite file with data is copied first.
func (e *engine) migrate(ctx context.Context, s *Store, version int, steps []migration) error {
	if version > 0 && version < len(steps) {
		if err := e.keepCopy(ctx, s, version); err != nil {
			return err
		}
	}
	c, err := e.connect(ctx)
	if err != nil {
		return err
	}
	defer c.close()
	for number := version + 1; number <= len(steps); number++ {
		if err := c.step(ctx, s, number, steps[number-1]); err != nil {
			return err
		}
	}
	return nil
}

// step applies one migration unless another process did so in the meantime.
func (c *conn) step(ctx context.Context, s *Store, number int, m migration) error {
	e := c.engine
	if err := c.run(ctx, e.beginWrite); err != nil {
		return e.classify(err)
	}
	err := c.run(ctx, e.ddl(migrationTable))
	var done int
	if err == nil {
		err = c.sql.QueryRowContext(ctx, fmt.Sprintf("SELECT count(*) FROM migration WHERE number = %d", number)).Scan(&done)
	}
	if err == nil && done == 0 {
		err = c.run(ctx, e.ddl(m.text))
		if err == nil {
			_, err = c.exec(ctx, "INSERT INTO migration (number, name, applied_at) VALUES ($1, $2, $3)",
				[]any{int64(number), m.name, micros(s.now())})
		}
	}
	if err == nil {
		err = c.run(ctx, "COMMIT")
	}
	if err != nil {
		_ = c.run(ctx, "ROLLBACK")
		return fmt.Errorf("migration %s: %w", m.name, e.classify(err))
	}
	return nil
}

// keepCopy copies the SQLite file before an upgrade, as safar.before-NNNN-<time>.db beside it. PostgreSQL is the
// administrator's to back up; its migrations are transactions all the same.
func (e *engine) keepCopy(ctx context.Context, s *Store, version int) error {
	if e.name != sqlite {
		return nil
	}
	name := fmt.Sprintf("safar.before-%04d-%s.db", version+1, s.now().UTC().Format("20060102T150405.000000"))
	target := filepath.Join(filepath.Dir(e.file), name)
	if _, err := e.db.ExecContext(ctx, "VACUUM INTO '"+strings.ReplaceAll(target, "'", "''")+"'"); err != nil {
		_ = os.Remove(target)
		return e.classify(err)
	}
	f, err := os.Open(target)
	if err != nil {
		return unusable(filepath.Dir(target), err)
	}
	defer f.Close()
	if err := f.Sync(); err != nil {
		return fault.Wrap(err, fault.StoreNoSpace)
	}
	return nil
}
