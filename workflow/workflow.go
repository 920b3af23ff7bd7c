// Package workflow holds the verbs of Safar: receive, check, correct, import, compute, release, and the setting-up they
// need. It is where permission, transaction, journal and time meet; every read and write of a surface goes through it.
//
// A step always has the same five parts: permission, load, pure function, save, journal. Change does the first and
// the last two around a function that is the middle.
package workflow

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"safar/access"
	"safar/dictionary"
	"safar/fault"
	"safar/place"
	"safar/round"
	"safar/store"
	"safar/toolbox"
	"safar/warehouse"
)

// Config is what a Workflow works with. Engine is called once, when figures are first wanted, because opening a
// warehouse costs more than most commands.
type Config struct {
	Store      *store.Store
	Engine     func(context.Context) (warehouse.Engine, error)
	Dictionary *dictionary.Dictionary
	Tools      *toolbox.Toolbox
	Now        func() time.Time
	Log        *slog.Logger
	Dir        string // data folder: spool and releases lie below it
	Version    string // of the program, for manifests and health
}

// Workflow is the one way to change or read what Safar keeps. It is safe for many goroutines.
type Workflow struct {
	Config
	engine    func() (warehouse.Engine, error)
	mu        sync.Mutex       // guards the caches below; each entry is immutable
	opened    warehouse.Engine // nil until figures were wanted
	tools     map[string]*tool
	places    map[string]*place.Register // by country and version
	refresh   sync.Mutex                 // one refresh of the warehouse at a time
	devices   map[string]knownDevice     // by hash of the secret
	forgotten int                        // how often the devices were forgotten
	seen      map[string]time.Time       // when a device was last noted
	last      map[string]knownNumbers    // by operation, activity and round
	news      *newsroom
	door      *door                    // who tries to sign in
	viewing   sync.Mutex               // guards seenAll, which takes longer to fill than others may wait
	seenAll   map[string]overviewCache // by operation, activity and round
	uploads   *uploads
	drawing   sync.Mutex              // guards maps, which take longer to draw than others may wait
	maps      map[string]*countryMaps // by country
}

// New makes a Workflow. The context bounds the opening of the warehouse, not its life.
func New(ctx context.Context, cfg Config) *Workflow {
	w := &Workflow{
		Config: cfg,
		tools:  map[string]*tool{},
		places: map[string]*place.Register{}, devices: map[string]knownDevice{}, seen: map[string]time.Time{}, last: map[string]knownNumbers{},
		news: newNewsroom(), door: newDoor(), seenAll: map[string]overviewCache{}, maps: map[string]*countryMaps{}, uploads: newUploads(),
	}
	w.engine = sync.OnceValues(func() (warehouse.Engine, error) {
		engine, err := cfg.Engine(context.WithoutCancel(ctx))
		if err == nil {
			w.mu.Lock()
			w.opened = engine
			w.mu.Unlock()
		}
		return engine, err
	})
	return w
}

// Step is one change in the making: the transaction, who makes it, and the operation it happens in.
type Step struct {
	*store.Tx
	Actor     access.Actor
	Operation string
}

// Journal appends the step's entry to the operation's chain; a step that changes something and does not call it is
// wrong, which a test over all verbs proves.
func (s *Step) Journal(kind, subject string, body any) error {
	_, _, err := s.Append(s.Operation, store.Entry{Actor: s.Actor.Name, Kind: kind, Subject: subject, Body: body})
	return err
}

// change runs fn in a transaction, if the actor may do the verb in the operation.
func (w *Workflow) change(ctx context.Context, actor access.Actor, verb access.Verb, operation string, fn func(*Step) error) error {
	if err := allow(actor, verb, operation); err != nil {
		return err
	}
	return w.Store.Write(ctx, func(tx *store.Tx) error {
		return fn(&Step{Tx: tx, Actor: actor, Operation: operation})
	})
}

// read runs fn on a consistent view, if the actor may do the verb in the operation.
func (w *Workflow) read(ctx context.Context, actor access.Actor, verb access.Verb, operation string, fn func(*store.Tx) error) error {
	if err := allow(actor, verb, operation); err != nil {
		return err
	}
	return w.Store.Read(ctx, fn)
}

func allow(actor access.Actor, verb access.Verb, operation string) error {
	if access.May(actor, verb, operation) {
		return nil
	}
	return fault.New(fault.WorkflowForbidden, "actor", actor.Name, "verb", string(verb), "operation", orWhole(operation))
}

func orWhole(operation string) string {
	if operation == "" {
		return "this installation"
	}
	return operation
}

// resolveOperation takes a slug or a unique title, as people type them.
func resolveOperation(tx *store.Tx, typed string) (round.Operation, error) {
	if typed == "" {
		return onlyOperation(tx)
	}
	if op, err := tx.Operation(typed); err == nil {
		return op, nil
	} else if fault.KindOf(err) != fault.NotFound {
		return round.Operation{}, err
	}
	all, err := tx.Operations()
	if err != nil {
		return round.Operation{}, err
	}
	var found []round.Operation
	for _, op := range all {
		if strings.EqualFold(op.Title, typed) {
			found = append(found, op)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return round.Operation{}, fault.New(fault.WorkflowNoOperation, "operation", typed, "known", slugs(all))
}

// onlyOperation spares the name where an installation has one operation.
func onlyOperation(tx *store.Tx) (round.Operation, error) {
	all, err := tx.Operations()
	if err != nil {
		return round.Operation{}, err
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return round.Operation{}, fault.New(fault.WorkflowNoOperation, "operation", "(none named)", "known", slugs(all))
}

func slugs(all []round.Operation) string {
	names := make([]string, len(all))
	for i, op := range all {
		names[i] = op.Slug
	}
	if len(names) == 0 {
		return "none yet"
	}
	return strings.Join(names, ", ")
}
