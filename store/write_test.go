package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"safar/fault"
	"safar/internal/pgtest"
	"safar/locale"
	"safar/place"
	"safar/round"
	"safar/store"
)

func put(tx *store.Tx, slug string) error {
	return tx.PutOperation(round.Operation{Slug: slug, Title: slug})
}

func operations(t testing.TB, s *store.Store) map[string]bool {
	t.Helper()
	got := map[string]bool{}
	read(t, s, func(tx *store.Tx) error {
		all, err := tx.Operations()
		for _, o := range all {
			got[o.Slug] = true
		}
		return err
	})
	return got
}

// Many callers share commits; those that fail, by an error of their own, a broken constraint or a panic, leave
// nothing behind and harm nobody.
func TestGroupCommitKeepsCallersApart(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		own := errors.New("my own")
		var wg sync.WaitGroup
		for i := range 120 {
			wg.Go(func() {
				slug := fmt.Sprintf("op-%03d", i)
				err := func() (err error) {
					defer func() {
						if r := recover(); r != nil {
							err = fmt.Errorf("panic: %v", r)
						}
					}()
					return s.Write(context.Background(), func(tx *store.Tx) error {
						if err := put(tx, slug); err != nil {
							return err
						}
						switch i % 5 {
						case 1:
							return own
						case 2: // a failed statement fails the call even when its error is dropped
							_ = tx.PutRound(round.Round{Operation: "no-such", Activity: "x", Number: 1})
						case 3:
							panic("oh")
						}
						return nil
					})
				}()
				switch i % 5 {
				case 1:
					if !errors.Is(err, own) {
						t.Errorf("%s: got error %v", slug, err)
					}
				case 2:
					if fault.CodeOf(err) != fault.StoreNoParent {
						t.Errorf("%s: got error %v", slug, err)
					}
				case 3:
					if err == nil || err.Error() != "panic: oh" {
						t.Errorf("%s: got error %v", slug, err)
					}
				default:
					if err != nil {
						t.Errorf("%s: got error %v", slug, err)
					}
				}
			})
		}
		wg.Wait()
		got := operations(t, s)
		for i := range 120 {
			slug, want := fmt.Sprintf("op-%03d", i), i%5 == 0 || i%5 == 4
			if got[slug] != want {
				t.Errorf("%s is stored: %v, want %v", slug, got[slug], want)
			}
		}
	})
}

// Journal entries of callers that failed leave no gap in the chain, nor do keys made by them.
func TestChainIsWholeAfterFailures(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		var wg sync.WaitGroup
		var kept atomic.Int64
		for i := range int64(200) {
			wg.Go(func() {
				err := s.Write(context.Background(), func(tx *store.Tx) error {
					if err := receive(tx, sample(1000+i), fmt.Appendf(nil, "<d>%d</d>", i)); err != nil {
						return err
					}
					if i%3 == 0 {
						return errors.New("changed my mind")
					}
					return nil
				})
				if err == nil {
					kept.Add(1)
				}
			})
		}
		wg.Wait()
		whole(t, s, kept.Load())
		changed(t, s, int(kept.Load()))
	})
}

// whole fails unless the operation's only chain is unbroken and has so many entries.
func whole(t testing.TB, s *store.Store, entries int64) {
	t.Helper()
	reports, err := s.VerifyJournal(context.Background(), op)
	if err != nil {
		t.Fatal(err)
	}
	if len(reports) != 1 || reports[0].Broken != 0 || reports[0].Entries != entries {
		t.Fatalf("got %+v, want one whole chain of %d entries", reports, entries)
	}
}

// changed reads all records by pages of their changes.
func changed(t testing.TB, s *store.Store, want int) {
	t.Helper()
	var seq int64
	seen := map[string]bool{}
	for {
		var page []store.StoredRecord
		read(t, s, func(tx *store.Tx) (err error) {
			page, err = tx.ChangedSince(op, "", seq, 7)
			return err
		})
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			if r.ChangeSeq <= seq && seen[string(r.ID)] {
				t.Fatalf("%s comes twice", r.ID)
			}
			seen[string(r.ID)] = true
		}
		seq = page[len(page)-1].ChangeSeq
	}
	if len(seen) != want {
		t.Errorf("got %d changed records, want %d", len(seen), want)
	}
}

func TestRecordWithoutJournalEntryIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		err := s.Write(context.Background(), func(tx *store.Tx) error { return tx.InsertRecord(sample(1), []byte("{}"), nil) })
		wants(t, err, fault.InternalError)
	})
}

func TestSnapshotDoesNotMove(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		read(t, s, func(tx *store.Tx) error {
			before, err := tx.Operations()
			if err != nil {
				return err
			}
			write(t, s, func(tx *store.Tx) error { return put(tx, "later") })
			after, err := tx.Operations()
			if len(before) != len(after) {
				t.Error("a snapshot saw a later write")
			}
			return err
		})
		if !operations(t, s)["later"] {
			t.Error("the write is not there")
		}
		err := s.Read(context.Background(), func(tx *store.Tx) error { return put(tx, "x") })
		if err == nil {
			t.Error("Read wrote")
		}
	})
}

func TestWaitingCallerMayLeave(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		inside, leave := make(chan bool), make(chan bool)
		done := make(chan error)
		go func() {
			done <- s.Write(context.Background(), func(tx *store.Tx) error {
				close(inside)
				<-leave
				return put(tx, "slow")
			})
		}()
		<-inside
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		defer cancel()
		err := s.Write(ctx, func(tx *store.Tx) error { return put(tx, "never") })
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got error %v", err)
		}
		close(leave)
		if err := <-done; err != nil {
			t.Error(err)
		}
		if got := operations(t, s); got["never"] || !got["slow"] {
			t.Errorf("got %v", got)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		wants(t, s.Write(context.Background(), func(*store.Tx) error { return nil }), fault.StoreClosed)
		wants(t, s.Read(context.Background(), func(*store.Tx) error { return nil }), fault.StoreClosed)
	})
}

// A full disk refuses what does not fit, loses nothing, and stops nobody when there is space again.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	s := open(t, store.Config{Dir: t.TempDir()})
	ctx := context.Background()
	if err := s.LimitPages(ctx, 60); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var kept, refused atomic.Int64
	for i := range int64(64) {
		wg.Go(func() {
			err := s.Write(ctx, func(tx *store.Tx) error { return receive(tx, sample(i), make([]byte, 9000+i)) })
			switch {
			case err == nil:
				kept.Add(1)
			case fault.CodeOf(err) == fault.StoreNoSpace:
				refused.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if refused.Load() == 0 {
		t.Error("nothing was refused")
	}
	if err := s.LimitPages(ctx, 0); err != nil {
		t.Fatal(err)
	}
	write(t, s, func(tx *store.Tx) error { return receive(tx, sample(100), []byte("again")) })
	whole(t, s, kept.Load()+1)
	changed(t, s, int(kept.Load())+1)
}

// Two programs on one server, such as a server and a command beside it, write one chain in turn.
func TestTwoProcessesShareAChain(t *testing.T) {
	t.Parallel()
	url, key := pgtest.URL(t), bytes.Repeat([]byte{3}, 32)
	stores := []*store.Store{open(t, store.Config{Dir: t.TempDir(), Database: url, MasterKey: key}), open(t, store.Config{Dir: t.TempDir(), Database: url, MasterKey: key})}
	var wg sync.WaitGroup
	for i := range int64(60) {
		wg.Go(func() {
			err := stores[i%2].Write(context.Background(), func(tx *store.Tx) error { return receive(tx, sample(i), fmt.Append(nil, i)) })
			if err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	whole(t, stores[0], 60)
	changed(t, stores[1], 60)
}

// The clock may go backwards; the journal's order does not.
func TestClockGoesBackwards(t *testing.T) {
	bothConfigs(t, func(t *testing.T, cfg store.Config) {
		now := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
		cfg.Now = func() time.Time {
			now = now.Add(-time.Hour)
			return now
		}
		s := open(t, cfg)
		for range 5 {
			write(t, s, func(tx *store.Tx) error { return appended(tx, "x") })
		}
		whole(t, s, 5)
	})
}

// A whole list of units goes in quickly.
func TestManyAreas(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		areas := []place.Area{{Country: "XSF", Code: "XSF"}}
		for i := range 33 {
			parent := place.Code(fmt.Sprintf("XS%02d", i))
			areas = append(areas, place.Area{Country: "XSF", Code: parent, Level: 1, Parent: "XSF"})
			for j := range 300 {
				areas = append(areas, place.Area{Country: "XSF", Code: place.Code(fmt.Sprintf("%s%03d", parent, j)), Level: 2, Parent: parent, Names: locale.Text{"en": "Area", "tg": "Ноҳия"}})
			}
		}
		began := time.Now()
		write(t, s, func(tx *store.Tx) error { return tx.PutAreas(areas) })
		t.Logf("%d areas in %v", len(areas), time.Since(began))
		read(t, s, func(tx *store.Tx) error {
			got, err := tx.Areas("XSF")
			if len(got) != len(areas) {
				t.Errorf("got %d areas, want %d", len(got), len(areas))
			}
			return err
		})
	})
}
