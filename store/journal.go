package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"safar/fault"
)

// Entry is what a caller adds to the journal. Body is any JSON value that holds no identities in clear; it is stored
// encrypted and can be erased.
type Entry struct {
	Actor   string // as access.Actor names it: "local:farida"
	Kind    string // the verb and what it was done to: "record.received"
	Subject string // id of the thing
	Body    any
}

// JournalEntry is an entry as it stands in the chain.
type JournalEntry struct {
	Operation string // "" for the installation's chain
	Node      string
	Seq       int64 // 1, 2, 3, ... without gaps in a chain; orders entries, the clock does not
	ID        string
	At        time.Time
	Actor     string
	Kind      string
	Subject   string
	BodyHash  string // SHA-256 (hex) of salt and body
	Prev      string // Hash of the entry before, "" for the first
	Hash      string // SHA-256 (hex) of canonical bytes
}

// head is the end of a chain.
type head struct {
	seq  int64
	hash string
}

const saltSize = 16

// hashed computes the entry's hash over its canonical bytes: the word "safar-journal-1" and every field in the order
// of the struct but Hash, each written as its length in bytes in decimal digits, ":", the bytes and ",". Numbers are
// decimal, the time is microseconds since 1970 in UTC.
func (e *JournalEntry) hashed() string {
	b := make([]byte, 0, 512)
	for _, field := range []string{"safar-journal-1", e.Operation, e.Node, strconv.FormatInt(e.Seq, 10), e.ID,
		strconv.FormatInt(micros(e.At), 10), e.Actor, e.Kind, e.Subject, e.BodyHash, e.Prev} {
		b = strconv.AppendInt(b, int64(len(field)), 10)
		b = append(b, ':')
		b = append(b, field...)
		b = append(b, ',')
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Append adds an entry to the operation's chain ("" = the installation's) and gives its sequence number and id.
func (tx *Tx) Append(op string, entry Entry) (seq int64, id string, err error) {
	salted, err := salt(entry.Body)
	if err != nil {
		return 0, "", err
	}
	last, err := tx.head(op)
	if err != nil {
		return 0, "", err
	}
	sum := sha256.Sum256(salted)
	e := JournalEntry{Operation: op, Node: tx.s.node, Seq: last.seq + 1, ID: tx.NewID(), At: tx.now, Actor: storable(entry.Actor),
		Kind: storable(entry.Kind), Subject: storable(entry.Subject), BodyHash: hex.EncodeToString(sum[:]), Prev: last.hash}
	e.Hash = e.hashed()
	err = tx.put("INSERT INTO journal (operation, node, seq, id, at, actor, kind, subject, body_hash, prev, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
		op, e.Node, e.Seq, e.ID, micros(e.At), e.Actor, e.Kind, e.Subject, e.BodyHash, e.Prev, e.Hash)
	if err != nil {
		return 0, "", err
	}
	sealed, err := tx.seal(op, "journal|"+op+"|"+e.ID, salted)
	if err != nil {
		return 0, "", err
	}
	err = tx.put("INSERT INTO journal_body (operation, id, erased_at, reason, sealed) VALUES ($1, $2, 0, '', $3)", op, e.ID, sealed)
	if err != nil {
		return 0, "", err
	}
	tx.group.heads[op] = head{e.Seq, e.Hash}
	tx.changed(op).last = e.Seq
	return e.Seq, e.ID, nil
}

// salt writes the body behind random bytes, so that its hash says nothing about a body that was erased.
func salt(body any) ([]byte, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	salted := make([]byte, saltSize, saltSize+len(text))
	if _, err := rand.Read(salted); err != nil {
		return nil, err
	}
	return append(salted, text...), nil
}

// head gives the end of this node's chain. The writer holds the right to write chains, so what it knows stays true
// until the transaction ends.
func (tx *Tx) head(op string) (head, error) {
	if tx.group == nil {
		return head{}, errRead
	}
	if h, ok := tx.group.heads[op]; ok {
		return h, nil
	}
	h, err := tx.storedHead(op)
	if err == nil {
		tx.group.heads[op] = h
	}
	return h, err
}

func (tx *Tx) storedHead(op string) (head, error) {
	h, err := first(tx, func(r row) (h head, err error) {
		err = r.Scan(&h.seq, &h.hash)
		return h, err
	}, "SELECT seq, hash FROM journal WHERE operation = $1 AND node = $2 ORDER BY seq DESC LIMIT 1", op, tx.s.node)
	if errors.Is(err, errNone) {
		err = nil
	}
	return h, err
}

// JournalHead gives the sequence number and hash of the chain's last entry; 0 and "" for an empty chain.
func (tx *Tx) JournalHead(op string) (seq int64, hash string, err error) {
	h, err := tx.storedHead(op)
	return h.seq, h.hash, err
}

const journalColumns = "operation, node, seq, id, at, actor, kind, subject, body_hash, prev, hash"

func scanEntry(r row) (e JournalEntry, err error) {
	var at int64
	err = r.Scan(&e.Operation, &e.Node, &e.Seq, &e.ID, &at, &e.Actor, &e.Kind, &e.Subject, &e.BodyHash, &e.Prev, &e.Hash)
	e.At = instant(at)
	return e, err
}

// Journal gives up to limit entries of this node's chain after a sequence number, in order.
func (tx *Tx) Journal(op string, after int64, limit int) ([]JournalEntry, error) {
	return list(tx, scanEntry, "SELECT "+journalColumns+" FROM journal WHERE operation = $1 AND node = $2 AND seq > $3 ORDER BY seq LIMIT $4",
		op, tx.s.node, after, limit)
}

// JournalAbout gives up to limit entries about one subject, in order.
func (tx *Tx) JournalAbout(op, subject string, limit int) ([]JournalEntry, error) {
	return list(tx, scanEntry, "SELECT "+journalColumns+" FROM journal WHERE operation = $1 AND subject = $2 ORDER BY node, seq LIMIT $3",
		op, subject, limit)
}

// body is a stored body.
type body struct {
	sealed   []byte
	erasedAt int64
	reason   string
}

func scanBody(r row) (b body, err error) {
	err = r.Scan(&b.sealed, &b.erasedAt, &b.reason)
	return b, err
}

// JournalBody gives the JSON body of an entry; fault store.erased when it was erased.
func (tx *Tx) JournalBody(op, id string) ([]byte, error) {
	b, err := named(tx, "journal entry", id, scanBody,
		"SELECT sealed, erased_at, reason FROM journal_body WHERE operation = $1 AND id = $2", op, id)
	if err != nil {
		return nil, err
	}
	if b.erasedAt != 0 {
		return nil, fault.New(fault.StoreErased, "id", id, "reason", b.reason)
	}
	salted, err := tx.unseal(op, "journal|"+op+"|"+id, b.sealed)
	if err != nil || len(salted) < saltSize {
		return nil, errors.Join(err, errSealed)
	}
	return salted[saltSize:], nil
}

// EraseBody removes the body of an entry for good, with its salt; the entry and its hash stay, so the chain stays
// valid. The caller journals that it did so.
func (tx *Tx) EraseBody(op, id, reason string) error {
	n, err := tx.exec("UPDATE journal_body SET sealed = $1, erased_at = $2, reason = $3 WHERE operation = $4 AND id = $5",
		[]byte{}, micros(tx.now), reason, op, id)
	return touched(n, err, "journal entry", id)
}

// changes is what one call did to an operation's records.
type changes struct {
	last int64 // of the last entry this call appended, 0 for none
	owed bool  // a record changed and no entry was appended yet
}

func (tx *Tx) changed(op string) *changes {
	if tx.changes == nil {
		tx.changes = map[string]*changes{}
	}
	c := tx.changes[op]
	if c == nil {
		c = &changes{}
		tx.changes[op] = c
	}
	return c
}

// changeSeq is the number that a record changed now is stamped with: that of the entry this call appended last, or of
// the entry that it must still append.
func (tx *Tx) changeSeq(op string) (int64, error) {
	c := tx.changed(op)
	if c.last > 0 {
		return c.last, nil
	}
	h, err := tx.head(op)
	c.owed = true
	return h.seq + 1, err
}

// settled is asked when the caller's function has returned: a statement that failed fails the call, and so does a
// change of a record that no journal entry tells of.
func (tx *Tx) settled() error {
	if tx.err == nil {
		tx.err = tx.conn.flush(tx.ctx)
	}
	if tx.err != nil {
		return tx.err
	}
	for op, c := range tx.changes {
		if c.owed && c.last == 0 {
			return fault.Internalf(errNoEntry, "operation %s", op)
		}
	}
	return nil
}

var errNoEntry = errors.New("a record changed without a journal entry in the same call")
