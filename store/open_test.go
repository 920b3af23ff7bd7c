package store_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"safar/fault"
	"safar/internal/pgtest"
	"safar/store"
)

// fingerprint names every file of a folder with its content.
func fingerprint(t testing.TB, dir string) string {
	t.Helper()
	var out strings.Builder
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() || strings.HasSuffix(e.Name(), ".lock") || strings.HasSuffix(e.Name(), "-shm") {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(content)
		fmt.Fprintf(&out, "%s %s\n", e.Name(), hex.EncodeToString(sum[:]))
	}
	return out.String()
}

func TestNewerDataIsLeftAlone(t *testing.T) {
	bothConfigs(t, func(t *testing.T, cfg store.Config) {
		s, err := store.OpenWith(context.Background(), cfg, "CREATE TABLE later (id TEXT NOT NULL PRIMARY KEY) STRICT;")
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		before := fingerprint(t, cfg.Dir)
		_, err = store.Open(context.Background(), cfg)
		wants(t, err, fault.StoreNewerVersion)
		if after := fingerprint(t, cfg.Dir); after != before {
			t.Errorf("the folder was changed:\n%s\nbefore:\n%s", after, before)
		}
	})
}

func TestUpgradeKeepsACopy(t *testing.T) {
	bothConfigs(t, func(t *testing.T, cfg store.Config) {
		s := open(t, cfg)
		fill(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		_, err := store.OpenWith(context.Background(), cfg, "CREATE TABLE later (id TEXT NOT NULL PRIMARY KEY) STRICT; SELECT nonsense;")
		if err == nil {
			t.Fatal("a broken migration went through")
		}
		s, err = store.OpenWith(context.Background(), cfg, "CREATE TABLE later (id TEXT NOT NULL PRIMARY KEY) STRICT;")
		if err != nil {
			t.Fatal(err)
		}
		whole(t, s, 23)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		copies, err := filepath.Glob(filepath.Join(cfg.Dir, "safar.before-0002-*.db"))
		if want := cfg.Database == ""; (len(copies) > 0) != want || err != nil {
			t.Fatalf("got copies %v, %v", copies, err)
		}
		if len(copies) == 0 {
			return
		}
		old := store.Config{Dir: t.TempDir()}
		for from, to := range map[string]string{copies[0]: "safar.db", filepath.Join(cfg.Dir, "master.key"): "master.key"} {
			content, err := os.ReadFile(from)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(old.Dir, to), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		whole(t, reopen(t, old), 23)
	})
}

func TestFoldersThatAreNotOurs(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{"photos": "holiday.jpg", "another database": "safar.db", "a text": "safar.db", "a foreign marker": "safar.json"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if name == "another database" {
				db, err := sql.Open("sqlite3", "file:"+filepath.Join(dir, file))
				if err != nil {
					t.Fatal(err)
				}
				_, err = db.Exec("CREATE TABLE cats (name TEXT)")
				if err := first(err, db.Close()); err != nil {
					t.Fatal(err)
				}
			} else if err := os.WriteFile(filepath.Join(dir, file), []byte(strings.Repeat("not ours ", 200)), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := store.Open(context.Background(), store.Config{Dir: dir})
			wants(t, err, fault.StoreNotADataFolder)
		})
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := store.Open(context.Background(), store.Config{Dir: file})
	wants(t, err, fault.StoreFolderUnusable)
}

func TestMasterKey(t *testing.T) {
	bothConfigs(t, func(t *testing.T, cfg store.Config) {
		s := open(t, cfg)
		fill(t, s)
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(cfg.Dir, "master.key")
		info, err := os.Stat(file)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Fatalf("the key file has mode %v, %v", info.Mode(), err)
		}
		other := cfg
		other.MasterKey = bytes.Repeat([]byte{1}, 32)
		_, err = store.Open(context.Background(), other)
		wants(t, err, fault.StoreKeyWrong)
		if err := os.Rename(file, file+".away"); err != nil {
			t.Fatal(err)
		}
		_, err = store.Open(context.Background(), cfg)
		wants(t, err, fault.StoreKeyMissing)
		if _, err := os.Stat(file); err == nil {
			t.Error("a new key was made over old data")
		}
	})
}

func TestLockNamesTheHolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	lock, err := store.TakeLock(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, err = store.TakeLock(dir)
	wants(t, err, fault.StoreLocked)
	if !strings.Contains(err.Error(), "process "+strconv.Itoa(os.Getpid())) {
		t.Errorf("got %q, want our process id in it", err)
	}
	open(t, store.Config{Dir: dir, Lock: lock})
	if err := first(lock.Release(), lock.Release()); err != nil {
		t.Error(err)
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for address, code := range map[string]fault.Code{
		"mysql://user:secret@host/x":                                  fault.StoreAddressUnusable,
		"postgres://user:secret@host:port/x":                          fault.StoreAddressUnusable,
		"postgres://user:secret@127.0.0.1:1/x":                        fault.StoreUnavailable,
		strings.Replace(pgtest.URL(t), "/safar", "/no_such_safar", 1): fault.StoreRefused,
	} {
		_, err := store.Open(context.Background(), store.Config{Dir: t.TempDir(), Database: address})
		if strings.Contains(fmt.Sprint(err), "secret") {
			t.Errorf("the message tells a password: %v", err)
		}
		wants(t, err, code)
	}
}

func TestMemoryNeedsNoFolder(t *testing.T) {
	t.Parallel()
	s := open(t, store.Config{Database: ":memory:"})
	fill(t, s)
	whole(t, s, 23)
}

// The declared schema is what the migrations yield, on both engines.
func TestSchemaIsWhatMigrationsMake(t *testing.T) {
	t.Parallel()
	declared, err := os.ReadFile("schema.sql")
	if err != nil {
		t.Fatal(err)
	}
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		cfg := store.Config{Dir: t.TempDir()}
		reopen(t, cfg)
		migrated, plain := sqliteFile(t, filepath.Join(cfg.Dir, "safar.db")), sqliteFile(t, filepath.Join(t.TempDir(), "x.db"))
		execute(t, plain, string(declared))
		const shape = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' AND name <> 'migration' ORDER BY 1"
		equalLines(t, lines(t, migrated, shape), lines(t, plain, shape))
	})
	t.Run("postgresql", func(t *testing.T) {
		t.Parallel()
		cfg := store.Config{Dir: t.TempDir(), Database: pgtest.URL(t)}
		reopen(t, cfg)
		migrated, plain := postgresAt(t, cfg.Database), postgresAt(t, pgtest.URL(t))
		execute(t, plain, "CREATE SCHEMA safar; SET search_path = safar; "+store.DDL(string(declared))+"; SET search_path = public")
		for _, shape := range []string{
			"SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(collation_name, '') FROM information_schema.columns WHERE table_schema = 'safar' AND table_name <> 'migration' ORDER BY 1",
			"SELECT indexdef FROM pg_indexes WHERE schemaname = 'safar' AND tablename <> 'migration' ORDER BY 1",
			"SELECT conrelid::regclass::text || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'safar'::regnamespace AND contype = 'f' ORDER BY 1",
		} {
			equalLines(t, lines(t, migrated, shape), lines(t, plain, shape))
		}
	})
}

// Every table is in the backups, and the operation comes first in every key but those of the reference tables.
func TestTablesKeepTheRules(t *testing.T) {
	t.Parallel()
	cfg := store.Config{Dir: t.TempDir()}
	reopen(t, cfg)
	db := sqliteFile(t, filepath.Join(cfg.Dir, "safar.db"))
	all := lines(t, db, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT IN ('installation', 'migration') ORDER BY 1")
	listed := store.TableNames()
	slices.Sort(listed)
	equalLines(t, listed, all)
	reference := []string{"installation", "migration", "setting", "person", "token", "session", "area", "area_closure", "site", "flow_point", "operation"}
	for _, line := range lines(t, db, `SELECT m.name || ' ' || i.name || ' ' || c.name FROM sqlite_schema m, pragma_index_list(m.name) i, pragma_index_info(i.name) c
		WHERE m.type = 'table' AND i."unique" = 1 AND c.seqno = 0 ORDER BY 1`) {
		parts := strings.Fields(line)
		if parts[2] != "operation" && !slices.Contains(reference, parts[0]) {
			t.Errorf("the key %s of %s begins with %s", parts[1], parts[0], parts[2])
		}
	}
	for _, line := range lines(t, db, `SELECT m.name || ' ' || f."from" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table' AND f.seq = 0`) {
		if !strings.HasSuffix(line, " operation") {
			t.Errorf("a foreign key begins otherwise: %s", line)
		}
	}
}

func sqliteFile(t testing.TB, file string) *sql.DB { return database(t, "sqlite3", "file:"+file) }

func postgresAt(t testing.TB, url string) *sql.DB { return database(t, "pgx", url) }

func database(t testing.TB, driver, name string) *sql.DB {
	t.Helper()
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func execute(t testing.TB, db *sql.DB, text string) {
	t.Helper()
	if _, err := db.Exec(text); err != nil {
		t.Fatal(err)
	}
}

func lines(t testing.TB, db *sql.DB, text string) (all []string) {
	t.Helper()
	rows, err := db.Query(text)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			t.Fatal(err)
		}
		all = append(all, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func equalLines(t testing.TB, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) || len(got) == 0 {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
