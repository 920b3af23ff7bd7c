package store

import (
	"errors"
	"time"

	"safar/access"
	"safar/fault"
)

// Person is somebody who signs in.
type Person struct {
	ID           string
	Name         string // unique; what they sign in with
	PasswordHash string // argon2id in its usual text form
	Role         access.Role
	Operation    string // "" = all
	State        string // active or closed
}

// PutPerson adds a person or changes one; fault store.exists when another has the name.
func (tx *Tx) PutPerson(p Person) error {
	return tx.put(`INSERT INTO person (id, name, operation, role, password, state) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (id) DO UPDATE SET name = excluded.name, operation = excluded.operation, role = excluded.role,
		password = excluded.password, state = excluded.state`, p.ID, p.Name, p.Operation, string(p.Role), p.PasswordHash, p.State)
}

const personColumns = "id, name, operation, role, password, state"

func scanPerson(r row) (p Person, err error) {
	err = r.Scan(&p.ID, &p.Name, &p.Operation, &p.Role, &p.PasswordHash, &p.State)
	return p, err
}

// PersonByName finds a person by the exact name; fault store.not_found.
func (tx *Tx) PersonByName(name string) (Person, error) {
	return named(tx, "person", name, scanPerson, "SELECT "+personColumns+" FROM person WHERE name = $1", name)
}

// Person gives one person; fault store.not_found.
func (tx *Tx) Person(id string) (Person, error) {
	return named(tx, "person", id, scanPerson, "SELECT "+personColumns+" FROM person WHERE id = $1", id)
}

// People lists all people by name.
func (tx *Tx) People() ([]Person, error) {
	return list(tx, scanPerson, "SELECT "+personColumns+" FROM person ORDER BY name")
}

// PutToken stores the hash of a one-time token, such as a link to set a password. Tokens that have run out are removed
// on the way.
func (tx *Tx) PutToken(hash, kind, subject string, expires time.Time) error {
	if err := tx.put("DELETE FROM token WHERE expires_at <= $1", micros(tx.now)); err != nil {
		return err
	}
	return tx.put("INSERT INTO token (hash, kind, subject, expires_at) VALUES ($1, $2, $3, $4)", hash, kind, subject, micros(expires))
}

// TakeToken uses a token up and says what it was for; fault store.token when it is unknown, used or has run out.
func (tx *Tx) TakeToken(hash string) (kind, subject string, err error) {
	var expires int64
	_, err = first(tx, func(r row) (struct{}, error) {
		return struct{}{}, r.Scan(&kind, &subject, &expires)
	}, "DELETE FROM token WHERE hash = $1 RETURNING kind, subject, expires_at", hash)
	if errors.Is(err, errNone) || err == nil && expires <= micros(tx.now) {
		return "", "", fault.New(fault.StoreToken)
	}
	return kind, subject, err
}

// PutSetting stores a setting of the installation.
func (tx *Tx) PutSetting(name string, v []byte) error {
	return tx.put("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, v)
}

// Setting gives a setting, nil when it was never stored.
func (tx *Tx) Setting(name string) ([]byte, error) {
	v, err := first(tx, value[[]byte], "SELECT value FROM setting WHERE name = $1", name)
	if errors.Is(err, errNone) {
		return nil, nil
	}
	return v, err
}
