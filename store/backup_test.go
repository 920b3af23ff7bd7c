package store_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"safar/fault"
	"safar/internal/pgtest"
	"safar/locale"
	"safar/place"
	"safar/quality"
	"safar/record"
	"safar/round"
	"safar/store"
)

const passphrase = "three mules and a lorry"

// fill puts something into every table and gives the hash of a blob of several parts.
func fill(t testing.TB, s *store.Store) (large string) {
	t.Helper()
	content := bytes.Repeat([]byte("photo "), 500_000)
	large = shaOf(content)
	if err := s.PutBlob(context.Background(), op, large, int64(len(content)), bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	for n := range int64(20) {
		write(t, s, func(tx *store.Tx) error { return receive(tx, sample(n), fmt.Appendf(nil, "<data>%d</data>", n)) })
	}
	r := sample(3)
	write(t, s, func(tx *store.Tx) error {
		correction := record.Correction{Record: r.ID, Path: "/data/a", Old: "1", New: "2 \x00 Ҷамшед", Reason: "typo", By: "local:farida"}
		_, err := tx.AddCorrection(op, correction)
		return first(err,
			tx.UpdateRecord(op, r.ID, store.RecordUpdate{Identities: []byte(`{"name":"Ҷамшед"}`), Counts: new(true)}),
			tx.PutAttachment(op, r.ID, store.Attachment{Name: "photo.jpg", SHA: large, Bytes: int64(len(content)), State: store.AttachmentPresent}),
			tx.ReplaceFindings(op, r.ID, []quality.Finding{{ID: "f1", Record: string(r.ID), Check: "c1", Level: quality.Warn, Message: locale.Text{"en": "high"}}}),
			tx.PutAreas([]place.Area{{Country: "XSF", Code: "XSF"}, {Country: "XSF", Code: "XS01", Level: 1, Parent: "XSF", Names: locale.Text{"en": "Upper Wadi"}}}),
			tx.PutSites([]place.Site{{SSID: "s1", Country: "XSF", Area: "XS01", Names: locale.Text{"tg": "Деҳаи нав"}}}),
			tx.PutFlowPoints([]place.FlowPoint{{ID: "p1", Country: "XSF", Area: "XS01"}}),
			tx.PutRound(round.Round{Operation: op, Activity: "event-tracking", Number: 1, Status: round.Collecting}),
			tx.PutTargets(op, "event-tracking", 1, []store.Target{{Unit: "ssid-1", Name: "One"}}),
			tx.PutForm(store.FormVersion{Operation: op, FormID: "f", Version: "1", State: store.FormDraft, Definition: []byte("{}"), XForm: []byte("<x/>")}),
			tx.PutDevice(store.Device{Operation: op, ID: "d1", Name: "Tablet 1", SecretHash: "abc", HA1: []byte("secret"), State: store.DeviceActive}),
			tx.PutPerson(store.Person{ID: "p1", Name: "farida", Role: "officer", State: "active"}),
			tx.PutToken("t1", "invite", "p1", tx.Now().Add(time.Hour)),
			tx.PutSetting("language", []byte("tg")),
			tx.PutImport(store.Import{Operation: op, ID: "i1", File: "r1.xlsx", State: store.ImportDone, Mapping: []byte("x: y")}),
			tx.PutImportErrors(op, "i1", []store.RowError{{Row: 3, Code: "x", Message: "y"}}),
			tx.PutRelease(store.Release{Operation: op, ID: "r1", State: store.ReleaseBuilt, Files: []store.ReleaseFile{{Path: "data/a.csv", SHA: large}}}),
			appended(tx, "record.corrected"), tx.RotateKey(op), appended(tx, "key.rotated"))
	})
	write(t, s, func(tx *store.Tx) error {
		return receive(tx, sample(100), []byte("<data>after the key changed</data>"))
	})
	return large
}

// first gives the first error.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func appended(tx *store.Tx, kind string) error {
	_, _, err := tx.Append(op, store.Entry{Actor: "local:farida", Kind: kind})
	return err
}

func TestBackupRestoresIntoEitherEngine(t *testing.T) {
	t.Parallel()
	for _, pair := range []string{"sqlite to sqlite", "sqlite to postgresql", "postgresql to sqlite", "postgresql to postgresql"} {
		t.Run(pair, func(t *testing.T) {
			t.Parallel()
			from, to, _ := strings.Cut(pair, " to ")
			source := open(t, emptyPlace(t, from))
			large := fill(t, source)
			var backup bytes.Buffer
			if err := source.Backup(context.Background(), &backup, passphrase); err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(backup.Bytes(), []byte("Tablet 1")) {
				t.Error("the backup holds a name in clear")
			}
			target := emptyPlace(t, to)
			report, err := store.Restore(context.Background(), bytes.NewReader(backup.Bytes()), passphrase, target)
			if err != nil {
				t.Fatal(err)
			}
			if report.Rows["record"] != 21 || report.Blobs != 22 || len(report.Chains) != 1 || report.Chains[0].Entries != 23 {
				t.Errorf("got report %+v", report)
			}
			same(t, source, reopen(t, target), large)
			_, err = store.Restore(context.Background(), bytes.NewReader(backup.Bytes()), passphrase, target)
			wants(t, err, fault.StoreLocked)
		})
	}
}

// emptyPlace is an empty place for data on the engine.
func emptyPlace(t testing.TB, engine string) store.Config {
	cfg := store.Config{Dir: filepath.Join(t.TempDir(), "data")}
	if engine == "postgresql" {
		cfg.Database = pgtest.URL(t)
	}
	return cfg
}

// same compares two stores through what callers read.
func same(t testing.TB, a, b *store.Store, large string) {
	t.Helper()
	if a.Node() != b.Node() {
		t.Error("the restored data has another node")
	}
	one, two := describe(t, a, large), describe(t, b, large)
	if one != two {
		t.Errorf("restored:\n%s\nwant:\n%s", two, one)
	}
}

func describe(t testing.TB, s *store.Store, large string) string {
	t.Helper()
	var out strings.Builder
	read(t, s, func(tx *store.Tx) error {
		records, err := tx.Records(op, store.RecordFilter{})
		identities, err2 := tx.Identities(op, sample(3).ID)
		findings, err3 := tx.Findings(op, store.FindingFilter{})
		devices, err4 := tx.Devices(op)
		version, err5 := tx.PlacesVersion()
		journal, err6 := tx.Journal(op, 0, 100)
		content, err7 := tx.BlobBytes(op, large)
		fmt.Fprintf(&out, "%+v\n%s\n%+v\n%+v\n%d\n%+v\n%s", records, identities, findings, devices, version, journal, shaOf(content))
		return first(err, err2, err3, err4, err5, err6, err7)
	})
	return out.String()
}

func TestDamagedBackupIsRefused(t *testing.T) {
	t.Parallel()
	s := open(t, store.Config{Dir: t.TempDir()})
	fill(t, s)
	var buffer bytes.Buffer
	if err := s.Backup(context.Background(), &buffer, passphrase); err != nil {
		t.Fatal(err)
	}
	backup := buffer.Bytes()
	flipped := bytes.Clone(backup)
	flipped[len(flipped)/2] ^= 1
	header := bytes.Clone(backup)
	salt := bytes.IndexByte(header, ':') + 2
	header[salt] = "10"[header[salt]&1] // another digit
	for name, c := range map[string]struct {
		content []byte
		pass    string
		code    fault.Code
	}{
		"wrong passphrase": {backup, "three mules and a car", fault.StorePassphrase},
		"one bit":          {flipped, passphrase, fault.StoreBackupDamaged},
		"salt":             {header, passphrase, fault.StorePassphrase},
		"cut in a frame":   {backup[:len(backup)-100], passphrase, fault.StoreBackupDamaged},
		"cut at a frame":   {backup[:bytes.Index(backup, []byte("}\n"))+2+3*(64<<10+16)], passphrase, fault.StoreBackupDamaged},
		"more behind":      {append(bytes.Clone(backup), 0), passphrase, fault.StoreBackupDamaged},
		"another file":     {[]byte("PK\x03\x04 some workbook"), passphrase, fault.StoreNotABackup},
		"nothing":          {nil, passphrase, fault.StoreNotABackup},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			target := store.Config{Dir: filepath.Join(t.TempDir(), "data")}
			_, err := store.Restore(context.Background(), bytes.NewReader(c.content), c.pass, target)
			wants(t, err, c.code)
			if _, err := os.Stat(filepath.Join(target.Dir, "safar.db")); err != nil {
				return // refused before anything was made
			}
			_, err = store.Open(context.Background(), target)
			wants(t, err, fault.StoreRestorePending)
		})
	}
}

func TestRestoreWantsAnEmptyTarget(t *testing.T) {
	t.Parallel()
	cfg := store.Config{Dir: t.TempDir()}
	s := open(t, cfg)
	var backup bytes.Buffer
	if err := s.Backup(context.Background(), &backup, passphrase); err != nil {
		t.Fatal(err)
	}
	wants(t, s.Backup(context.Background(), &backup, "short"), fault.StorePassphraseShort)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := store.Restore(context.Background(), &backup, passphrase, cfg)
	wants(t, err, fault.StoreNotEmpty)
}

func TestRestoreUnderAnotherMasterKey(t *testing.T) {
	t.Parallel()
	s := open(t, store.Config{Dir: t.TempDir()})
	large := fill(t, s)
	var backup bytes.Buffer
	if err := s.Backup(context.Background(), &backup, passphrase); err != nil {
		t.Fatal(err)
	}
	target := store.Config{Dir: t.TempDir(), MasterKey: bytes.Repeat([]byte{7}, 32)}
	if _, err := store.Restore(context.Background(), &backup, passphrase, target); err != nil {
		t.Fatal(err)
	}
	same(t, s, reopen(t, target), large)
}

// FuzzRestore feeds foreign bytes to the reader of backups.
func FuzzRestore(f *testing.F) {
	f.Add([]byte("SAFAR-BACKUP-1\n"))
	f.Add([]byte("SAFAR-BACKUP-1\n" + `{"salt":"00000000000000000000000000000000","time":1,"memory_kib":8,"threads":1}` + "\nframes"))
	f.Add([]byte("SAFAR-BACKUP-1\n" + `{"salt":"00","time":4000000000,"memory_kib":4000000000,"threads":255}` + "\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		if bytes.Contains(content, []byte("memory_kib")) && len(content) > 300 {
			return // making keys from random parameters is slow and finds nothing
		}
		target := store.Config{Dir: filepath.Join(t.TempDir(), "data")}
		_, err := store.Restore(context.Background(), bytes.NewReader(content), passphrase, target)
		if fault.CodeOf(err) == "" {
			t.Errorf("got error %v, want a fault", err)
		}
	})
}
