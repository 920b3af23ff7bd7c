package store_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"safar/fault"
	"safar/store"
)

func TestJournalShowsTampering(t *testing.T) {
	cases := map[string]struct {
		sql    string // %[1]s stands for the operation
		broken int64
	}{
		"actor":      {"UPDATE journal SET actor = 'x' WHERE operation = '%[1]s' AND seq = 3", 3},
		"time":       {"UPDATE journal SET at = at + 1 WHERE operation = '%[1]s' AND seq = 4", 4},
		"no-entry":   {"DELETE FROM journal_body WHERE operation = '%[1]s' AND id = (SELECT id FROM journal WHERE operation = '%[1]s' AND seq = 2); DELETE FROM journal WHERE operation = '%[1]s' AND seq = 2", 2},
		"no-body":    {"DELETE FROM journal_body WHERE operation = '%[1]s' AND id = (SELECT id FROM journal WHERE operation = '%[1]s' AND seq = 5)", 5},
		"moved-body": {"UPDATE journal_body SET sealed = (SELECT b.sealed FROM journal_body b JOIN journal j ON j.id = b.id WHERE j.operation = '%[1]s' AND j.seq = 1) WHERE operation = '%[1]s' AND id = (SELECT id FROM journal WHERE operation = '%[1]s' AND seq = 2)", 2},
		"first-hash": {"UPDATE journal SET hash = 'ff' WHERE operation = '%[1]s' AND seq = 1", 1},
		"as-it-was":  {"SELECT 1", 0},
	}
	bothConfigs(t, func(t *testing.T, cfg store.Config) {
		s := open(t, cfg)
		for name, c := range cases {
			write(t, s, func(tx *store.Tx) error {
				for range 6 {
					if _, _, err := tx.Append(name, store.Entry{Actor: "local:x", Kind: "k", Subject: "s"}); err != nil {
						return err
					}
				}
				return nil
			})
			if c.broken > 0 {
				tamper(t, cfg, fmt.Sprintf(c.sql, name))
			}
		}
		for name, c := range cases {
			reports, err := s.VerifyJournal(context.Background(), name)
			if err != nil || len(reports) != 1 || reports[0].Broken != c.broken {
				t.Errorf("%s: got %+v, %v, want broken at %d", name, reports, err, c.broken)
			}
		}
	})
}

// The end of a chain can be cut off unnoticed unless a release was built from it.
func TestReleaseAnchorsTheChain(t *testing.T) {
	bothConfigs(t, func(t *testing.T, cfg store.Config) {
		s := open(t, cfg)
		write(t, s, func(tx *store.Tx) error {
			if err := first(appended(tx, "a"), appended(tx, "b")); err != nil {
				return err
			}
			seq, hash, err := tx.JournalHead(op)
			return first(err, tx.PutRelease(store.Release{Operation: op, ID: "r1", SnapshotSeq: seq, SnapshotHash: hash, State: store.ReleaseBuilt}))
		})
		whole(t, s, 2)
		tamper(t, cfg, "DELETE FROM journal_body WHERE id = (SELECT id FROM journal WHERE operation = 'wadi' AND seq = 2); DELETE FROM journal WHERE seq = 2")
		reports, err := s.VerifyJournal(context.Background(), op)
		if err != nil || len(reports) != 1 || reports[0].Broken != 2 {
			t.Errorf("got %+v, %v", reports, err)
		}
	})
}

func TestErasedBodyLeavesTheChain(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		var id string
		write(t, s, func(tx *store.Tx) (err error) {
			_, id, err = tx.Append(op, store.Entry{Actor: "a", Kind: "k", Body: map[string]any{"b": 1, "a": "x"}})
			return first(err, appended(tx, "next"))
		})
		read(t, s, func(tx *store.Tx) error {
			body, err := tx.JournalBody(op, id)
			if string(body) != `{"a":"x","b":1}` {
				t.Errorf("got body %s", body)
			}
			return err
		})
		write(t, s, func(tx *store.Tx) error { return tx.EraseBody(op, id, "asked for by the person") })
		whole(t, s, 2)
		err := s.Read(context.Background(), func(tx *store.Tx) error {
			_, err := tx.JournalBody(op, id)
			return err
		})
		wants(t, err, fault.StoreErased)
	})
}

func TestBlobStreams(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		for _, size := range []int{0, 1, 1 << 20, 1<<20 + 1, 3<<20 + 5} {
			content := make([]byte, size)
			random(content)
			sha := shaOf(content)
			for range 2 { // the second time it is there already
				if err := s.PutBlob(ctx, op, sha, int64(size), bytes.NewReader(content)); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := readBlob(s, sha); err != nil || !bytes.Equal(got, content) {
				t.Errorf("%d bytes: got %d bytes, %v", size, len(got), err)
			}
			write(t, s, func(tx *store.Tx) error {
				again, err := tx.PutBlobBytes(op, content)
				if again != sha {
					t.Errorf("got name %s, want %s", again, sha)
				}
				return err
			})
		}
		content := make([]byte, 2<<20)
		random(content)
		sha := shaOf(content)
		wants(t, s.PutBlob(ctx, op, sha, 2<<20+1, bytes.NewReader(content)), fault.StoreBlobMismatch)
		wants(t, s.PutBlob(ctx, op, sha, 2<<20-1, bytes.NewReader(content)), fault.StoreBlobMismatch)
		wants(t, s.PutBlob(ctx, op, sha, 2<<20, bytes.NewReader(make([]byte, 2<<20))), fault.StoreBlobMismatch)
		wants(t, s.PutBlob(ctx, op, "../x", 1, bytes.NewReader(content)), fault.StoreBlobMismatch)
		_, err := s.OpenBlob(ctx, op, sha)
		wants(t, err, fault.StoreNotFound)
		if err := s.PutBlob(ctx, op, sha, 2<<20, bytes.NewReader(content)); err != nil {
			t.Fatal(err)
		}
		if _, err := readBlob(s, sha); err != nil {
			t.Error(err)
		}
	})
}

func random(b []byte) {
	source := rand.NewChaCha8([32]byte{byte(len(b)), byte(len(b) >> 8)})
	_, _ = source.Read(b)
}

func readBlob(s *store.Store, sha string) ([]byte, error) {
	r, err := s.OpenBlob(context.Background(), op, sha)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(r)
}

func TestBlobShowsTampering(t *testing.T) {
	cases := map[string]string{
		"part-swapped":  "UPDATE blob SET sealed = (SELECT b.sealed FROM blob b WHERE b.operation = '%[1]s' AND b.part = 2) WHERE operation = '%[1]s' AND part = 1",
		"part-removed":  "DELETE FROM blob WHERE operation = '%[1]s' AND part = 1",
		"cut-short":     "UPDATE blob SET parts = 2 WHERE operation = '%[1]s' AND part = 0",
		"first-swapped": "UPDATE blob SET sealed = (SELECT b.sealed FROM blob b WHERE b.operation = '%[1]s' AND b.part = 1) WHERE operation = '%[1]s' AND part = 0",
		"from-another":  "UPDATE blob SET sealed = (SELECT b.sealed FROM blob b WHERE b.operation = 'whole' AND b.part = 1) WHERE operation = '%[1]s' AND part = 1",
	}
	bothConfigs(t, func(t *testing.T, cfg store.Config) {
		s := open(t, cfg)
		content := make([]byte, 2<<20+1)
		random(content)
		sha := shaOf(content)
		ctx := context.Background()
		put := func(op string) {
			if err := s.PutBlob(ctx, op, sha, int64(len(content)), bytes.NewReader(content)); err != nil {
				t.Fatal(err)
			}
		}
		put("whole")
		for name, sql := range cases {
			put(name)
			tamper(t, cfg, fmt.Sprintf(sql, name))
		}
		for name := range cases {
			var bad []error
			n, err := s.VerifyBlobs(ctx, name, func(_ string, err error) { bad = append(bad, err) })
			if n != 1 || err != nil || len(bad) != 1 {
				t.Fatalf("%s: got %d blobs, bad %v, %v", name, n, bad, err)
			}
			wants(t, bad[0], fault.StoreBlobDamaged)
		}
	})
}

// A body whose key is gone is a broken entry, not an error and not a halt.
func TestJournalWithoutItsKey(t *testing.T) {
	bothConfigs(t, func(t *testing.T, cfg store.Config) {
		s := open(t, cfg)
		write(t, s, func(tx *store.Tx) error { return appended(tx, "x") })
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		tamper(t, cfg, "DELETE FROM data_key WHERE operation = 'wadi'")
		reports, err := reopen(t, cfg).VerifyJournal(context.Background(), op)
		if err != nil || len(reports) != 1 || reports[0].Broken != 1 {
			t.Errorf("got %+v, %v", reports, err)
		}
	})
}

// Large attachments pass through little memory. Not parallel, because it measures the whole process.
func TestLargeBlobNeedsLittleMemory(t *testing.T) {
	s := open(t, store.Config{Dir: t.TempDir()})
	const size = 100 << 20
	pattern := func() io.Reader { return io.LimitReader(endless{}, size) }
	sum := shaOfReader(t, pattern())
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if err := s.PutBlob(context.Background(), op, sum, size, pattern()); err != nil {
		t.Fatal(err)
	}
	r, err := s.OpenBlob(context.Background(), op, sum)
	if err != nil {
		t.Fatal(err)
	}
	if n, err := io.Copy(io.Discard, r); n != size || err != nil {
		t.Fatalf("read %d bytes, %v", n, err)
	}
	runtime.ReadMemStats(&after)
	t.Logf("the process grew by %d MB", int64(after.Sys-before.Sys)>>20)
	if grown := int64(after.Sys) - int64(before.Sys); grown > 64<<20 {
		t.Errorf("the process grew by %d MB", grown>>20)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i)
	}
	return len(p), nil
}

func TestCollectBlobsKeepsWhatIsReferredTo(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		large := fill(t, s)
		var loose string
		write(t, s, func(tx *store.Tx) (err error) {
			loose, err = tx.PutBlobBytes(op, []byte("nobody names me"))
			return err
		})
		ctx := context.Background()
		if n, err := s.CollectBlobs(ctx, op, time.Now().Add(-time.Hour)); n != 0 || err != nil {
			t.Errorf("collected %d fresh blobs, %v", n, err)
		}
		if n, err := s.CollectBlobs(ctx, op, time.Now().Add(time.Hour)); n != 1 || err != nil {
			t.Errorf("collected %d blobs, %v", n, err)
		}
		_, err := s.OpenBlob(ctx, op, loose)
		wants(t, err, fault.StoreNotFound)
		if _, err := readBlob(s, large); err != nil {
			t.Error(err)
		}
	})
}

func TestRotatedKeysStayReadable(t *testing.T) {
	bothConfigs(t, func(t *testing.T, cfg store.Config) {
		s := open(t, cfg)
		var shas []string
		for i := range 4 {
			write(t, s, func(tx *store.Tx) error {
				sha, err := tx.PutBlobBytes(op, fmt.Appendf(nil, "content %d", i))
				shas = append(shas, sha)
				return err
			})
			if err := s.RotateKey(context.Background(), op); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = reopen(t, cfg)
		for i, sha := range shas {
			if got, err := readBlob(s, sha); err != nil || string(got) != fmt.Sprintf("content %d", i) {
				t.Errorf("got %q, %v", got, err)
			}
		}
	})
}
