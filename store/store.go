// Package store is the system of record: operations, places, forms, records with their verbatim originals, corrections,
// findings, jobs, releases and the journal that says who did what. It stands on an embedded SQLite file or on a
// PostgreSQL server of version 15 or newer, with one schema and one SQL text in their common subset.
//
// Every change goes through Write: one goroutine owns the only writing connection and lets many callers use one SQL
// transaction, each under its own savepoint, and answers all of them after the commit has reached the disk (group
// commit). Readers see a consistent snapshot and never wait for the writer.
//
// Originals, attachments, identities, the values of corrections and the bodies of journal entries are encrypted with
// AES-256-GCM under a key of their operation; those keys are wrapped by the master key of the installation.
//
// Errors that people can mend are faults with codes store.*; the kinds say whether trying again helps.
package store

import (
	"context"
	"crypto/rand"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"safar/fault"
)

// Config says where the data lives. The zero values of MasterKey, Now, NewID and Lock choose what a server needs.
type Config struct {
	Dir       string           // data folder: lock, key, spool, warehouse, releases; may be "" only with ":memory:"
	Database  string           // "" = SQLite in Dir/safar.db; ":memory:" = SQLite that is gone at Close; or postgres://...
	MasterKey []byte           // 32 bytes; nil = Dir/master.key, made with mode 0600 at the first Open
	Now       func() time.Time // nil = the machine's clock
	NewID     func() string    // nil = UUIDv7
	Lock      *Lock            // a lock on Dir that the caller holds already; nil = Open takes one
}

// Store is the open system of record. Its methods may be called by many goroutines at once.
type Store struct {
	dir    string
	engine *engine
	node   string // id of this data, the second part of its journal's key
	now    func() time.Time
	newID  func() string
	lock   *Lock // to release at Close; nil when the caller holds it
	keys   *keyring
	master []byte // kept for backups
	temp   string // folder to remove at Close

	queue   chan *request
	closing chan struct{}
	stopped chan struct{}
	once    sync.Once
	readers chan *conn
	uploads uploads
}

// readers is how many snapshots may be read at once.
const readers = 8

// Open opens the data, makes it when there is none and brings its schema up to date. Faults: store.newer_version,
// store.locked, store.not_a_data_folder, store.no_space, store.key_wrong, store.key_missing, store.unavailable,
// store.refused, store.old_database, store.restore_unfinished, store.folder_unusable.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	s, err := open(ctx, cfg, migrations())
	if err != nil {
		return nil, err
	}
	pending, err := s.engine.installation(ctx, restoring)
	if err == nil && pending != nil {
		err = fault.New(fault.StoreRestorePending, "where", s.where())
	}
	if err == nil && s.engine.name == sqlite {
		err = s.Write(ctx, (*Tx).freeJobs)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// open is Open without the look at an unfinished restore and with the migrations to apply.
func open(ctx context.Context, cfg Config, steps []migration) (_ *Store, err error) {
	s := newStore(cfg)
	defer func() {
		if err != nil {
			s.shut()
		}
	}()
	if err := s.takeFolder(cfg); err != nil {
		return nil, err
	}
	if s.engine, err = s.connect(ctx, cfg.Database); err != nil {
		return nil, err
	}
	version, err := s.engine.version(ctx)
	if err != nil {
		return nil, err
	}
	if version > len(steps) {
		return nil, newer(s.where(), version, len(steps))
	}
	if s.master, err = s.masterKey(cfg.MasterKey, version > 0); err != nil {
		return nil, err
	}
	if err := s.engine.migrate(ctx, s, version, steps); err != nil {
		return nil, err
	}
	if s.keys, err = newKeyring(s.master); err != nil {
		return nil, err
	}
	if err := s.settle(ctx); err != nil {
		return nil, err
	}
	go s.writer()
	return s, nil
}

func newStore(cfg Config) *Store {
	s := &Store{
		dir: cfg.Dir, now: cfg.Now, newID: cfg.NewID,
		queue: make(chan *request), closing: make(chan struct{}), stopped: make(chan struct{}),
		readers: make(chan *conn, readers), uploads: newUploads(),
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.newID == nil {
		s.newID = func() string { return uuid.Must(uuid.NewV7()).String() }
	}
	for range readers {
		s.readers <- nil
	}
	return s
}

// connect opens the engine that the address names.
func (s *Store) connect(ctx context.Context, address string) (*engine, error) {
	switch {
	case address == "":
		return openSQLite(ctx, filepath.Join(s.dir, databaseFile), true)
	case address == ":memory:":
		return s.openTemporary(ctx)
	case strings.HasPrefix(address, "postgres://"), strings.HasPrefix(address, "postgresql://"):
		return openPostgres(ctx, address)
	}
	scheme, _, _ := strings.Cut(address, "@")
	if i := strings.LastIndex(scheme, ":"); i > 0 {
		scheme = scheme[:i] + ":..."
	}
	return nil, fault.New(fault.StoreAddressUnusable, "address", scheme)
}

// settle checks the master key against the data and makes the node id of new data.
func (s *Store) settle(ctx context.Context) error {
	sealed, err := s.engine.installation(ctx, keyCheck)
	if err != nil {
		return err
	}
	if sealed == nil { // new data; should another process be as quick, one of us wins and both read what it wrote
		mark, err := s.keys.master.seal(rand.Reader, []byte(keyCheck), keyCheck)
		if err != nil {
			return err
		}
		node := uuid.Must(uuid.NewV7()).String()
		if err := s.engine.setInstallation(ctx, mark, []byte(node)); err != nil {
			return err
		}
		if sealed, err = s.engine.installation(ctx, keyCheck); err != nil {
			return err
		}
	}
	if _, err := s.keys.master.open(sealed, keyCheck); err != nil {
		return fault.New(fault.StoreKeyWrong, "where", s.where())
	}
	node, err := s.engine.installation(ctx, nodeID)
	s.node = string(node)
	return err
}

// Node is the id of this data: the journal's chains are kept per operation and node.
func (s *Store) Node() string { return s.node }

// Dir is the data folder.
func (s *Store) Dir() string { return s.dir }

// Engine names the engine in use: "sqlite" or "postgresql".
func (s *Store) Engine() string { return s.engine.name }

// Close waits for the running group of writes, refuses later ones and releases the folder.
func (s *Store) Close() error {
	var err error
	s.once.Do(func() {
		close(s.closing)
		<-s.stopped
		err = s.shut()
	})
	return err
}

// shut releases what Open took; the writer is not running.
func (s *Store) shut() error {
	var err error
	if s.engine != nil && s.engine.db != nil {
		for range readers {
			if c := <-s.readers; c != nil {
				c.close()
			}
		}
		err = s.engine.db.Close()
	}
	return errors.Join(err, s.removeTemporary(), s.lock.Release())
}

// where names the data for people, without a password.
func (s *Store) where() string {
	if s.engine != nil && s.engine.name == postgresql {
		return "the database"
	}
	return s.dir
}

func closed() error { return fault.New(fault.StoreClosed) }
