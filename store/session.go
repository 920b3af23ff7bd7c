package store

import (
	"errors"
	"time"

	"safar/fault"
)

// Session is a person who is signed in on one browser. The secret itself is known to the browser alone.
type Session struct {
	Hash      string // SHA-256 (hex) of the secret
	Person    string // id
	CreatedAt time.Time
	ExpiresAt time.Time
}

// PutSession adds a session or moves its end. Sessions that have run out are removed on the way.
func (tx *Tx) PutSession(s Session) error {
	if err := tx.put("DELETE FROM session WHERE expires_at <= $1", micros(tx.now)); err != nil {
		return err
	}
	return tx.put("INSERT INTO session (hash, person, created_at, expires_at) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO UPDATE SET expires_at = excluded.expires_at",
		s.Hash, s.Person, micros(s.CreatedAt), micros(s.ExpiresAt))
}

// ExtendSession moves the end of a session; one that was ended meanwhile stays ended.
func (tx *Tx) ExtendSession(hash string, until time.Time) error {
	return tx.put("UPDATE session SET expires_at = $1 WHERE hash = $2", micros(until), hash)
}

// Session finds a session that has not run out; fault store.not_found.
func (tx *Tx) Session(hash string) (s Session, err error) {
	s, err = first(tx, func(r row) (one Session, err error) {
		var created, expires int64
		err = r.Scan(&one.Hash, &one.Person, &created, &expires)
		one.CreatedAt, one.ExpiresAt = instant(created), instant(expires)
		return one, err
	}, "SELECT hash, person, created_at, expires_at FROM session WHERE hash = $1 AND expires_at > $2", hash, micros(tx.now))
	if errors.Is(err, errNone) {
		err = fault.New(fault.StoreNotFound, "what", "session", "id", "of this browser")
	}
	return s, err
}

// EndSession ends one session; ending one that is not there is no error.
func (tx *Tx) EndSession(hash string) error {
	return tx.put("DELETE FROM session WHERE hash = $1", hash)
}

// EndSessions ends all sessions of a person but the one named ("" = none is spared).
func (tx *Tx) EndSessions(person, spare string) error {
	return tx.put("DELETE FROM session WHERE person = $1 AND hash <> $2", person, spare)
}
