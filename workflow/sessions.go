package workflow

import (
	"context"
	"strconv"
	"sync"
	"time"

	"safar/access"
	"safar/fault"
	"safar/place"
	"safar/store"
)

// SessionLife is how long a browser stays signed in after its last request.
const SessionLife = 12 * time.Hour

// sessionSlack is how much of a session's life may pass before its end is moved, so that a page of ten requests does not
// write ten times.
const sessionSlack = 10 * time.Minute

// Visitor is a person who is signed in.
type Visitor struct {
	Actor  access.Actor
	Name   string // what the person signs in with
	Until  time.Time
	Secret string // only from SignIn: what the browser keeps
}

// SignIn checks name and password and begins a session. Address is where the request comes from: failures are counted
// for each name at each address. Faults: workspace.credentials, workspace.too_many_tries.
func (w *Workflow) SignIn(ctx context.Context, name, password, address string) (Visitor, error) {
	keys := []string{place.Fold(name) + "|" + address, "|" + address}
	if wait := w.door.knock(w.Now(), keys); wait > 0 {
		return Visitor{}, fault.New(fault.WorkspaceTooMany, "seconds", strconv.Itoa(int(wait/time.Second)+1))
	}
	person, err := w.personNamed(ctx, name)
	if err != nil {
		return Visitor{}, err
	}
	good, err := w.door.check(ctx, person.PasswordHash, password)
	if err != nil {
		return Visitor{}, err
	}
	if !good || person.State != "active" {
		return Visitor{}, fault.New(fault.WorkspaceCredentials)
	}
	w.door.opened(keys)
	return w.beginSession(ctx, person)
}

// personNamed finds a person; one that does not exist has a password that nobody knows, so that a wrong name costs the
// same time as a wrong password.
func (w *Workflow) personNamed(ctx context.Context, name string) (person store.Person, err error) {
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		person, err = tx.PersonByName(name)
		return err
	})
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return store.Person{PasswordHash: w.door.nobody()}, nil
	}
	return person, err
}

func (w *Workflow) beginSession(ctx context.Context, person store.Person) (Visitor, error) {
	visitor := visitorOf(person)
	visitor.Secret = randomSecret()
	err := w.Store.Write(ctx, func(tx *store.Tx) error {
		visitor.Until = tx.Now().Add(SessionLife)
		session := store.Session{Hash: access.HashSecret(visitor.Secret), Person: person.ID, CreatedAt: tx.Now(), ExpiresAt: visitor.Until}
		if err := tx.PutSession(session); err != nil {
			return err
		}
		step := &Step{Tx: tx, Actor: visitor.Actor}
		return step.Journal("person.signed_in", person.ID, nil)
	})
	return visitor, err
}

func visitorOf(p store.Person) Visitor {
	return Visitor{Name: p.Name, Actor: access.Actor{Kind: access.Person, ID: p.ID, Name: personPrefix + p.ID, Operation: p.Operation, Role: p.Role}}
}

// personPrefix begins the name of a person's actor: the journal, which is kept for ever, holds the id and not the name.
const personPrefix = "person:"

// WhoIs gives the person behind a session's secret and moves the session's end. Fault: workspace.sign_in.
func (w *Workflow) WhoIs(ctx context.Context, secret string) (Visitor, error) {
	if secret == "" || len(secret) > 64 {
		return Visitor{}, fault.New(fault.WorkspaceSignIn)
	}
	hash := access.HashSecret(secret)
	var visitor Visitor
	now := time.Time{}
	err := w.Store.Read(ctx, func(tx *store.Tx) error {
		now = tx.Now()
		session, err := tx.Session(hash)
		if err != nil {
			return err
		}
		person, err := tx.Person(session.Person)
		if err == nil && person.State != "active" {
			err = fault.New(fault.WorkspaceSignIn)
		}
		visitor = visitorOf(person)
		visitor.Until = session.ExpiresAt
		return err
	})
	if err != nil {
		if fault.KindOf(err) == fault.NotFound {
			err = fault.New(fault.WorkspaceSignIn)
		}
		return Visitor{}, err
	}
	if visitor.Until.Sub(now) < SessionLife-sessionSlack {
		visitor.Until = now.Add(SessionLife)
		err = w.Store.Write(ctx, func(tx *store.Tx) error { return tx.ExtendSession(hash, visitor.Until) })
	}
	return visitor, err
}

// SignOut ends the session of a secret.
func (w *Workflow) SignOut(ctx context.Context, visitor access.Actor, secret string) error {
	return w.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.EndSession(access.HashSecret(secret)); err != nil {
			return err
		}
		step := &Step{Tx: tx, Actor: visitor}
		return step.Journal("person.signed_out", visitor.ID, nil)
	})
}

// ChangePassword gives the person who asks a new password and ends their sessions elsewhere; secret is that of the
// session that asks. Faults: workspace.old_password, workflow.password.
func (w *Workflow) ChangePassword(ctx context.Context, actor access.Actor, secret, old, password string) error {
	if actor.Kind != access.Person {
		return fault.New(fault.WorkspaceSignIn)
	}
	if len([]rune(password)) < access.MinPassword {
		return fault.New(fault.WorkflowPassword)
	}
	key := []string{"password|" + actor.ID}
	if wait := w.door.knock(w.Now(), key); wait > 0 {
		return fault.New(fault.WorkspaceTooMany, "seconds", strconv.Itoa(int(wait/time.Second)+1))
	}
	var person store.Person
	err := w.Store.Read(ctx, func(tx *store.Tx) (err error) { person, err = tx.Person(actor.ID); return err })
	if err != nil {
		return err
	}
	good, err := w.door.check(ctx, person.PasswordHash, old)
	if err != nil {
		return err
	}
	if !good {
		return fault.New(fault.WorkspaceOldPassword)
	}
	w.door.opened(key)
	_, hash, err := newPassword(password)
	if err != nil {
		return err
	}
	return w.Store.Write(ctx, func(tx *store.Tx) error {
		person.PasswordHash = hash
		if err := tx.PutPerson(person); err != nil {
			return err
		}
		if err := tx.EndSessions(person.ID, access.HashSecret(secret)); err != nil {
			return err
		}
		step := &Step{Tx: tx, Actor: actor}
		return step.Journal("person.password_changed", person.ID, nil)
	})
}

// The bounds of trying: a name at an address has five failures free, an address (an office behind one router) fifty;
// then each gets one try in ten seconds. What was quiet for a while is forgotten.
const (
	freeTries    = 5
	freeAddress  = 50
	tryPause     = 10 * time.Second
	triesForgot  = 15 * time.Minute
	maxRemembers = 10000
	hashesAtOnce = 2 // a check costs 64 MiB and a tenth of a second
)

// door slows down who guesses passwords.
type door struct {
	mu     sync.Mutex
	tries  map[string]tries
	slots  chan struct{}
	nobody func() string // stored form of a password that nobody knows
}

type tries struct {
	failed int
	last   time.Time
}

func newDoor() *door {
	return &door{tries: map[string]tries{}, slots: make(chan struct{}, hashesAtOnce), nobody: sync.OnceValue(func() string {
		_, hash, _ := newPassword("") // a random password is never too short
		return hash
	})}
}

// knock counts a try as failed until opened says otherwise, so that tries at the same time count too. It gives how long
// to wait, 0 to go on.
func (d *door) knock(now time.Time, keys []string) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.tries) > maxRemembers {
		d.forget(now)
	}
	for i, key := range keys {
		free := freeTries
		if i > 0 {
			free = freeAddress
		}
		t := d.tries[key]
		if wait := t.last.Add(tryPause).Sub(now); t.failed >= free && wait > 0 {
			return wait
		}
	}
	for _, key := range keys {
		t := d.tries[key]
		if now.Sub(t.last) > triesForgot {
			t.failed = 0
		}
		d.tries[key] = tries{t.failed + 1, now}
	}
	return 0
}

// forget drops what is old, and everything when that is not enough: memory is bounded whoever tries.
func (d *door) forget(now time.Time) {
	for key, t := range d.tries {
		if now.Sub(t.last) > triesForgot {
			delete(d.tries, key)
		}
	}
	if len(d.tries) > maxRemembers {
		clear(d.tries)
	}
}

// opened takes back what knock counted.
func (d *door) opened(keys []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i, key := range keys {
		if i == 0 {
			delete(d.tries, key)
			continue
		}
		if t := d.tries[key]; t.failed > 0 {
			d.tries[key] = tries{t.failed - 1, t.last}
		}
	}
}

// check compares a password, a few at a time, so that many who sign in at once do not take the memory of those who
// work.
func (d *door) check(ctx context.Context, stored, password string) (bool, error) {
	select {
	case d.slots <- struct{}{}:
	case <-ctx.Done():
		return false, ctx.Err()
	}
	defer func() { <-d.slots }()
	return access.CheckPassword(stored, password), nil
}
