package store_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"io"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"safar/fault"
	"safar/internal/pgtest"
	"safar/place"
	"safar/record"
	"safar/round"
	"safar/store"
)

// op is the operation of most tests.
const op = "wadi"

// onBoth runs a test on a fresh store of each engine.
func onBoth(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	bothConfigs(t, func(t *testing.T, cfg store.Config) { test(t, open(t, cfg)) })
}

// bothConfigs runs a test with an empty place for data on each engine.
func bothConfigs(t *testing.T, test func(t *testing.T, cfg store.Config)) {
	t.Helper()
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, store.Config{Dir: t.TempDir()})
	})
	t.Run("postgresql", func(t *testing.T) {
		t.Parallel()
		test(t, store.Config{Dir: t.TempDir(), Database: pgtest.URL(t)})
	})
}

// tamper changes the stored data behind the store's back.
func tamper(t testing.TB, cfg store.Config, text string) {
	t.Helper()
	driver, name := "sqlite3", "file:"+filepath.Join(cfg.Dir, "safar.db")
	if cfg.Database != "" {
		driver, name = "pgx", cfg.Database
		text = "SET search_path = safar; " + text
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(text); err != nil {
		t.Fatal(err)
	}
}

// open opens a store with an operation in it and closes it when the test ends.
func open(t testing.TB, cfg store.Config) *store.Store {
	t.Helper()
	s := reopen(t, cfg)
	write(t, s, func(tx *store.Tx) error {
		if err := tx.PutOperation(round.Operation{Slug: op, Title: "Wadi", Country: "XSF", TimeZone: "UTC", Status: "active"}); err != nil {
			return err
		}
		return tx.PutActivity(round.Activity{Operation: op, ID: "event-tracking", Tool: "event-tracking"})
	})
	return s
}

func reopen(t testing.TB, cfg store.Config) *store.Store {
	t.Helper()
	s, err := store.Open(context.Background(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func write(t testing.TB, s *store.Store, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.Write(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, s *store.Store, fn func(*store.Tx) error) {
	t.Helper()
	if err := s.Read(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

// wants fails unless err is a fault of the code.
func wants(t testing.TB, err error, code fault.Code) {
	t.Helper()
	if fault.CodeOf(err) != code {
		t.Fatalf("got error %v, want a fault %s", err, code)
	}
}

func shaOf(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

func shaOfReader(t testing.TB, r io.Reader) string {
	t.Helper()
	sum := sha256.New()
	if _, err := io.Copy(sum, r); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

var counter atomic.Int64

// sample is a record as a phone sends it.
func sample(n int64) record.Record {
	return record.Record{
		ID: record.ID(fmt.Sprintf("01940000-0000-7000-8000-%012d", n)), Operation: op, Activity: "event-tracking", Round: 1,
		Form: "safar_event_tracking", FormVersion: "1", InstanceID: fmt.Sprintf("uuid:%d", n), Version: 1,
		Source: record.FromDevice, Device: "d1", ReceivedAt: time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC), State: record.Received,
		Unit: fmt.Sprintf("ssid-%d", n), Date: "2026-03-01", Place: record.Place{Areas: [5]place.Code{"XSF", "XS01"}, Site: fmt.Sprintf("ssid-%d", n)},
	}
}

// receive stores a submission as the workflow does: original, record, journal entry, job.
func receive(tx *store.Tx, r record.Record, xml []byte) error {
	sha, err := tx.PutBlobBytes(op, xml)
	if err != nil {
		return err
	}
	r.Original = sha
	if err := tx.InsertRecord(r, []byte(`{"arrivals":{"ind":12}}`), nil); err != nil {
		return err
	}
	if _, _, err := tx.Append(op, store.Entry{Actor: "device:d1", Kind: "record.received", Subject: string(r.ID), Body: map[string]string{"sha256": sha}}); err != nil {
		return err
	}
	return tx.EnqueueOnce(op, "check", string(r.ID), string(r.ID), nil, time.Time{})
}

func TestSubmissionComesBack(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		r := sample(counter.Add(1))
		xml := []byte("<data><a>1</a></data>")
		write(t, s, func(tx *store.Tx) error { return receive(tx, r, xml) })
		read(t, s, func(tx *store.Tx) error {
			got, err := tx.Record(op, r.ID)
			if err != nil {
				return err
			}
			r.Original = shaOf(xml)
			want := store.StoredRecord{Record: r, AnswersJSON: []byte(`{"arrivals":{"ind":12}}`), ChangeSeq: 1}
			if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
				t.Errorf("got  %+v\nwant %+v", got, want)
			}
			content, err := tx.BlobBytes(op, r.Original)
			if err != nil || string(content) != string(xml) {
				t.Errorf("got original %q, %v", content, err)
			}
			return nil
		})
	})
}

func TestOpenTwiceNamesTheHolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "data")
	open(t, store.Config{Dir: dir})
	_, err := store.Open(context.Background(), store.Config{Dir: dir})
	wants(t, err, fault.StoreLocked)
}
