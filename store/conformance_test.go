package store_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"safar/fault"
	"safar/locale"
	"safar/place"
	"safar/quality"
	"safar/record"
	"safar/round"
	"safar/store"
)

func ids(records []store.StoredRecord) (out []string) {
	for _, r := range records {
		out = append(out, r.Unit)
	}
	return out
}

func TestRecordFilters(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		write(t, s, func(tx *store.Tx) error {
			err := first(tx.PutAreas([]place.Area{
				{Country: "XSF", Code: "XS0101", Level: 2, Parent: "XS01"}, {Country: "XSF", Code: "XS01", Level: 1, Parent: "XSF", Names: locale.Text{"tg": "Водии боло"}},
				{Country: "XSF", Code: "XSF"}, {Country: "XSF", Code: "XS02", Level: 1, Parent: "XSF"}}),
				tx.PutSites([]place.Site{{SSID: "ssid-2", Country: "XSF", Names: locale.Text{"tg": "Чашмаи Ҷавон"}}}))
			for n := range int64(6) {
				r := sample(n)
				r.Round = int(n % 2)
				r.Place.Areas = place.Path{"XSF", "XS02"}
				if n < 2 {
					r.Place.Areas = place.Path{"XSF", "XS01", "XS0101"}
				}
				if n == 4 {
					r.Source, r.Device, r.State, r.Mapped = record.FromImport, "i1", record.Conflicting, []string{}
				}
				err = first(err, receive(tx, r, fmt.Append(nil, n)))
			}
			return err
		})
		one := 1
		for name, c := range map[string]struct {
			filter store.RecordFilter
			want   []string
		}{
			"all":         {store.RecordFilter{}, []string{"ssid-0", "ssid-1", "ssid-2", "ssid-3", "ssid-4", "ssid-5"}},
			"round":       {store.RecordFilter{Round: &one}, []string{"ssid-1", "ssid-3", "ssid-5"}},
			"area above":  {store.RecordFilter{Area: "XS01"}, []string{"ssid-0", "ssid-1"}},
			"import":      {store.RecordFilter{Import: "i1"}, []string{"ssid-4"}},
			"state":       {store.RecordFilter{State: record.Conflicting}, []string{"ssid-4"}},
			"unit":        {store.RecordFilter{Unit: "ssid-3"}, []string{"ssid-3"}},
			"newest page": {store.RecordFilter{Newest: true, Limit: 2, After: sample(4).ID}, []string{"ssid-3", "ssid-2"}},
			"search unit": {store.RecordFilter{Search: "SSID-5"}, []string{"ssid-5"}},
			"search site": {store.RecordFilter{Search: "ЧАШМАИ ҷавон"}, []string{"ssid-2"}},
			"search area": {store.RecordFilter{Search: "водии"}, []string{"ssid-0", "ssid-1"}},
			"a wildcard":  {store.RecordFilter{Search: "zz%"}, nil},
			"nothing":     {store.RecordFilter{Device: "d9"}, nil},
		} {
			read(t, s, func(tx *store.Tx) error {
				got, err := tx.Records(op, c.filter)
				if !slices.Equal(ids(got), c.want) {
					t.Errorf("%s: got %v, want %v", name, ids(got), c.want)
				}
				return err
			})
		}
		read(t, s, func(tx *store.Tx) error {
			r, err := tx.Record(op, sample(4).ID)
			if r.Mapped == nil {
				t.Error("an empty set of mapped items came back as all items")
			}
			counts, err2 := tx.CountRecords(op, "event-tracking")
			if counts[record.Received] != 5 || counts[record.Conflicting] != 1 {
				t.Errorf("got counts %v", counts)
			}
			return first(err, err2)
		})
	})
}

func TestRecordLifeAndCorrections(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		r := sample(7)
		write(t, s, func(tx *store.Tx) error { return receive(tx, r, []byte("a")) })
		wants(t, s.Write(t.Context(), func(tx *store.Tx) error {
			again := r
			again.ID = "another"
			return receive(tx, again, []byte("b"))
		}), fault.StoreRecordExists)
		next := r
		next.ID, next.Version = sample(8).ID, 2
		state := record.Superseded
		write(t, s, func(tx *store.Tx) error {
			err := first(receive(tx, next, []byte("b")), tx.UpdateRecord(op, r.ID, store.RecordUpdate{State: &state, SupersededBy: &next.ID, Unit: new("moved"), Counts: new(false)}))
			_, err2 := tx.AddCorrection(op, record.Correction{Record: next.ID, Path: "/data/a", Old: "1", New: "2", Reason: "typo", Comment: "asked by phone", By: "local:x"})
			return first(err, err2, appended(tx, "record.superseded"))
		})
		read(t, s, func(tx *store.Tx) error {
			both, err := tx.RecordsByInstance(op, r.Form, r.InstanceID)
			if len(both) != 2 || both[0].State != record.Superseded || both[0].SupersededBy != next.ID || both[0].Unit != "moved" {
				t.Errorf("got %+v", both)
			}
			if len(both[1].Corrections) != 1 || both[1].Corrections[0].New != "2" || both[1].Corrections[0].Comment != "asked by phone" || both[1].ChangeSeq != 2 {
				t.Errorf("got %+v", both[1])
			}
			found, err2 := tx.Records(op, store.RecordFilter{Search: "moved"})
			unit, err3 := tx.RecordsByUnit(op, r.Activity, 1, r.Unit)
			if len(found) != 1 || len(unit) != 1 || unit[0].ID != next.ID {
				t.Errorf("got %v and %v", ids(found), ids(unit))
			}
			log, err4 := tx.Corrections(op, store.CorrectionFilter{Activity: r.Activity})
			if len(log) != 1 || log[0].Old != "1" {
				t.Errorf("got log %+v", log)
			}
			return first(err, err2, err3, err4)
		})
		wants(t, s.Write(t.Context(), func(tx *store.Tx) error {
			return tx.UpdateRecord(op, "no-such", store.RecordUpdate{State: &state})
		}), fault.StoreNotFound)
	})
}

// Broken XML has no instance id; many such records are kept side by side.
func TestUnreadableRecordsAreKept(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		for n := range int64(3) {
			r := sample(n)
			r.InstanceID, r.Form, r.State = "", "", record.Unreadable
			r.StateReason = "broken \x00 \xff"
			write(t, s, func(tx *store.Tx) error { return receive(tx, r, []byte("<broken")) })
		}
		read(t, s, func(tx *store.Tx) error {
			got, err := tx.Records(op, store.RecordFilter{State: record.Unreadable})
			if len(got) != 3 || got[0].StateReason != "broken \uFFFD \uFFFD" {
				t.Errorf("got %+v", got)
			}
			return err
		})
	})
}

func TestFindingsKeepTheirDecision(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		r := sample(1)
		finding := func(id string) quality.Finding {
			return quality.Finding{ID: id, Record: string(r.ID), Check: "c", Level: quality.Block, Message: locale.Text{"en": id}}
		}
		write(t, s, func(tx *store.Tx) error {
			return first(receive(tx, r, []byte("a")), tx.ReplaceFindings(op, r.ID, []quality.Finding{finding("a"), finding("b")}),
				tx.SetFindingState(op, "a", store.FindingAccepted, "local:x", "true"), tx.ReplaceFindings(op, r.ID, []quality.Finding{finding("a"), finding("c")}))
		})
		read(t, s, func(tx *store.Tx) error {
			all, err := tx.Findings(op, store.FindingFilter{Activity: r.Activity})
			if len(all) != 2 || all[0].State != store.FindingAccepted || all[0].Comment != "true" || all[1].ID != "c" || all[1].State != store.FindingOpen {
				t.Errorf("got %+v", all)
			}
			counts, err2 := tx.CountFindings(op, store.FindingFilter{State: store.FindingOpen})
			if counts[quality.Block] != 1 {
				t.Errorf("got %v", counts)
			}
			return first(err, err2)
		})
		wants(t, s.Write(t.Context(), func(tx *store.Tx) error { return tx.SetFindingState(op, "b", store.FindingOpen, "", "") }), fault.StoreNotFound)
	})
}

func TestJobs(t *testing.T) {
	bothConfigs(t, func(t *testing.T, cfg store.Config) {
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		cfg.Now = func() time.Time { return now }
		s := open(t, cfg)
		lease := func(n int, kinds ...string) (jobs []store.Job) {
			t.Helper()
			write(t, s, func(tx *store.Tx) (err error) {
				jobs, err = tx.Lease(n, kinds, time.Minute)
				return err
			})
			return jobs
		}
		write(t, s, func(tx *store.Tx) error {
			return first(tx.EnqueueOnce(op, "check", "k", "r1", []byte("p"), time.Time{}), tx.EnqueueOnce(op, "check", "k", "r1", nil, time.Time{}),
				tx.Enqueue(op, "mail", "later", nil, now.Add(time.Hour)), tx.Enqueue("", "sweep", "x", nil, now.Add(-time.Minute)))
		})
		jobs := lease(10)
		if len(jobs) != 2 || jobs[0].Kind != "sweep" || string(jobs[1].Payload) != "p" || jobs[1].Attempts != 1 {
			t.Fatalf("leased %+v", jobs)
		}
		if more := lease(10); len(more) != 0 {
			t.Fatalf("leased twice: %+v", more)
		}
		write(t, s, func(tx *store.Tx) error { // the key is free again while the job runs
			return first(tx.EnqueueOnce(op, "check", "k", "r1", nil, time.Time{}), tx.Finish("", jobs[0].ID), tx.Fail(op, jobs[1].ID, errors.New("no luck")))
		})
		if more := lease(10, "mail", "check"); len(more) != 1 || more[0].ID == jobs[1].ID {
			t.Fatalf("leased %+v", more)
		}
		id := jobs[1].ID
		for attempt := 2; attempt <= store.MaxAttempts; attempt++ {
			now = now.Add(store.RetryAfter(attempt-1) - time.Second)
			for _, j := range lease(10, "check") {
				if j.ID == id {
					t.Fatalf("attempt %d came early", attempt)
				}
			}
			now = now.Add(2 * time.Second)
			if !slices.ContainsFunc(lease(10, "check"), func(j store.Job) bool { return j.ID == id && j.Attempts == attempt }) {
				t.Fatalf("attempt %d did not come", attempt)
			}
			if attempt%2 == 0 { // the worker crashed: the lease runs out
				now = now.Add(-store.RetryAfter(attempt) + time.Hour*24*10)
				write(t, s, func(tx *store.Tx) error { return tx.Fail(op, id, errors.New("late")) })
				continue
			}
			write(t, s, func(tx *store.Tx) error { return tx.Fail(op, id, errors.New("no luck")) })
		}
		read(t, s, func(tx *store.Tx) error {
			dead, err := tx.Jobs(store.JobFilter{State: store.JobDead, Operation: op})
			if len(dead) == 0 || dead[0].ID != id || dead[0].Failure != "late" {
				t.Errorf("got dead %+v", dead)
			}
			return err
		})
		write(t, s, func(tx *store.Tx) error { return tx.RetryJob(op, id) })
		read(t, s, func(tx *store.Tx) error {
			due, err := tx.JobsDue()
			counts, err2 := tx.JobCounts(op)
			if !due || counts[store.JobQueued] == 0 {
				t.Errorf("got %v, %v", due, counts)
			}
			return first(err, err2)
		})
	})
}

// A job whose worker crashes every time ends among the dead.
func TestJobThatKillsItsWorker(t *testing.T) {
	bothConfigs(t, func(t *testing.T, cfg store.Config) {
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		cfg.Now = func() time.Time { return now }
		s := open(t, cfg)
		write(t, s, func(tx *store.Tx) error { return tx.Enqueue(op, "check", "poison", nil, time.Time{}) })
		for n := 0; ; n++ {
			var jobs []store.Job
			write(t, s, func(tx *store.Tx) (err error) {
				jobs, err = tx.Lease(1, []string{"check"}, time.Minute)
				return err
			})
			if len(jobs) == 0 {
				if n != store.MaxAttempts {
					t.Errorf("it was tried %d times", n)
				}
				return
			}
			now = now.Add(2 * time.Minute)
		}
	})
}

func TestFormsDevicesPeopleTokens(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		f := store.FormVersion{Operation: op, Activity: "event-tracking", FormID: "f", Version: "1", State: store.FormDraft, XForm: []byte("<x/>"), Media: []string{"locations.csv"}}
		d := store.Device{Operation: op, ID: "d1", Name: "Tablet", SecretHash: "h1", HA1: []byte("ha1"), State: store.DeviceActive, Points: []string{"p1"}}
		write(t, s, func(tx *store.Tx) error {
			return first(tx.PutForm(f), tx.PutForm(f), tx.SetFormState(op, "f", "1", store.FormPublished), tx.PutDevice(d), tx.TouchDevice(op, "d1", true),
				tx.TouchDevice(op, "d1", false), tx.PutDevice(d), tx.PutPerson(store.Person{ID: "1", Name: "farida", Role: "officer"}), tx.PutToken("t", "invite", "1", tx.Now().Add(time.Hour)))
		})
		other := f
		other.XForm = []byte("<y/>")
		wants(t, s.Write(t.Context(), func(tx *store.Tx) error { return tx.PutForm(other) }), fault.StoreFormExists)
		wants(t, s.Write(t.Context(), func(tx *store.Tx) error { return tx.PutPerson(store.Person{ID: "2", Name: "farida"}) }), fault.StoreExists)
		read(t, s, func(tx *store.Tx) error {
			got, err := tx.Form(op, "f", "1")
			if got.State != store.FormPublished || got.PublishedAt.IsZero() || !slices.Equal(got.Media, f.Media) {
				t.Errorf("got %+v", got)
			}
			device, err2 := tx.DeviceBySecret("h1")
			if string(device.HA1) != "ha1" || device.Sends != 1 || device.Failures != 1 || device.LastSeen.IsZero() {
				t.Errorf("got %+v", device)
			}
			person, err3 := tx.PersonByName("farida")
			if person.ID != "1" {
				t.Errorf("got %+v", person)
			}
			return first(err, err2, err3)
		})
		wants(t, s.Read(t.Context(), func(tx *store.Tx) error {
			_, err := tx.DeviceBySecret("h2")
			return err
		}), fault.StoreNotFound)
		take := func(tx *store.Tx) error {
			_, subject, err := tx.TakeToken("t")
			if err == nil && subject != "1" {
				t.Errorf("got subject %q", subject)
			}
			return err
		}
		write(t, s, take)
		wants(t, s.Write(t.Context(), take), fault.StoreToken)
	})
}

func TestPlacesVersionFollowsChanges(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		areas := []place.Area{{Country: "XSF", Code: "XSF"}, {Country: "XSF", Code: "A", Level: 1, Parent: "XSF"}, {Country: "XSF", Code: "R", Level: 2, Parent: "S"}, {Country: "XSF", Code: "S", Level: 2, Parent: "R"}}
		versions := []int64{}
		for _, list := range [][]place.Area{areas, areas, {{Country: "XSF", Code: "A", Level: 1, Parent: "XSF", Names: locale.Text{"en": "Alpha"}}}} {
			write(t, s, func(tx *store.Tx) error {
				err := tx.PutAreas(list)
				version, err2 := tx.PlacesVersion()
				versions = append(versions, version)
				return first(err, err2)
			})
		}
		if !slices.Equal(versions, []int64{1, 1, 2}) {
			t.Errorf("got versions %v", versions)
		}
		read(t, s, func(tx *store.Tx) error {
			got, err := tx.Areas("XSF")
			if len(got) != 4 || got[1].Names["en"] != "Alpha" {
				t.Errorf("got %+v", got)
			}
			return err
		})
	})
}

func TestImportsAndReleases(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store) {
		i := store.Import{Operation: op, ID: "i1", Activity: "a", Round: 3, File: "r.xlsx", State: store.ImportDone, Rows: 9, Mapping: []byte("m")}
		r := store.Release{Operation: op, ID: "r1", Title: "One", State: store.ReleaseBuilt, Manifest: []byte("{}"), Files: []store.ReleaseFile{{Path: "a.csv", SHA: "ff", Bytes: 1}}}
		write(t, s, func(tx *store.Tx) error {
			undone, published := i, r
			undone.State, published.State, published.Title = store.ImportUndone, store.ReleasePublished, "changed"
			return first(tx.PutImport(i), tx.PutImportErrors(op, "i1", []store.RowError{{Row: 2, Code: "x"}}), tx.PutImportErrors(op, "i1", []store.RowError{{Row: 3, Code: "y"}}),
				tx.PutImport(undone), tx.PutRelease(r), tx.PutRelease(published), tx.PutRound(round.Round{Operation: op, Activity: "event-tracking", Number: 2}))
		})
		read(t, s, func(tx *store.Tx) error {
			got, err := tx.Import(op, "i1")
			rows, err2 := tx.ImportErrors(op, "i1")
			if got.State != store.ImportUndone || got.Rows != 9 || len(rows) != 2 || rows[1].Row != 3 {
				t.Errorf("got %+v, %+v", got, rows)
			}
			release, err3 := tx.Release(op, "r1")
			if release.State != store.ReleasePublished || release.Title != "One" || len(release.Files) != 1 {
				t.Errorf("got %+v", release)
			}
			_, err4 := tx.Round(op, "event-tracking", 2)
			return first(err, err2, err3, err4)
		})
	})
}
