package store

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"safar/fault"
)

// ChainReport is what a walk over one chain of the journal found.
type ChainReport struct {
	Operation string
	Node      string
	Entries   int64
	Erased    int64  // entries whose body was erased
	Head      string // hash of the last entry
	Broken    int64  // sequence number of the first entry that is wrong or missing; 0 = the chain is whole
	Reason    string // what is wrong with it
}

// VerifyJournal recomputes every hash of the operation's chains ("" = the installation's), opens every body and
// compares the releases' snapshots with the chain. A chain whose end was cut off is noticed only through them.
func (s *Store) VerifyJournal(ctx context.Context, op string) ([]ChainReport, error) {
	var reports []ChainReport
	err := s.Read(ctx, func(tx *Tx) (err error) {
		reports, err = tx.verifyJournal(op)
		return err
	})
	return reports, err
}

func (tx *Tx) verifyJournal(op string) ([]ChainReport, error) {
	nodes, err := list(tx, value[string], "SELECT DISTINCT node FROM journal WHERE operation = $1 ORDER BY node", op)
	if err != nil {
		return nil, err
	}
	if err := tx.loadKeys(op); err != nil { // a connection cannot look for a key while it reads the chain
		return nil, err
	}
	anchors, err := tx.anchors(op)
	if err != nil {
		return nil, err
	}
	if len(nodes) == 0 && len(anchors) > 0 {
		nodes = []string{tx.s.node}
	}
	var reports []ChainReport
	for _, node := range nodes {
		w := chainWalk{tx: tx, report: ChainReport{Operation: op, Node: node}}
		if node == tx.s.node {
			w.anchors = anchors
		}
		if err := w.walk(); err != nil {
			return nil, err
		}
		reports = append(reports, w.report)
	}
	return reports, nil
}

// anchors are the hashes that releases noted of the chain, by sequence number.
func (tx *Tx) anchors(op string) (map[int64]string, error) {
	anchors := map[int64]string{}
	return anchors, tx.each(func(r row) error {
		var seq int64
		var hash string
		err := r.Scan(&seq, &hash)
		anchors[seq] = hash
		return err
	}, "SELECT snapshot_seq, snapshot_hash FROM release WHERE operation = $1 AND snapshot_seq > 0 AND snapshot_hash <> ''", op)
}

// chainWalk walks one chain from its first entry to its last.
type chainWalk struct {
	tx      *Tx
	report  ChainReport
	anchors map[int64]string
}

// linked is an entry with its stored body.
type linked struct {
	JournalEntry
	body  body
	there bool
}

func (w *chainWalk) walk() error {
	err := w.tx.each(func(r row) error {
		var l linked
		var at, there int64
		err := r.Scan(&l.Operation, &l.Node, &l.Seq, &l.ID, &at, &l.Actor, &l.Kind, &l.Subject, &l.BodyHash, &l.Prev, &l.Hash, &l.body.sealed, &l.body.erasedAt, &l.body.reason, &there)
		l.At, l.there = instant(at), there != 0
		if err == nil && w.report.Broken == 0 {
			w.step(&l)
		}
		return err
	}, `SELECT j.operation, j.node, j.seq, j.id, j.at, j.actor, j.kind, j.subject, j.body_hash, j.prev, j.hash,
		coalesce(b.sealed, $1), coalesce(b.erased_at, 0), coalesce(b.reason, ''), CASE WHEN b.id IS NULL THEN 0 ELSE 1 END
		FROM journal j LEFT JOIN journal_body b ON b.operation = j.operation AND b.id = j.id WHERE j.operation = $2 AND j.node = $3 ORDER BY j.seq`,
		[]byte{}, w.report.Operation, w.report.Node)
	for seq := range w.anchors {
		if err == nil && w.report.Broken == 0 && seq > w.report.Entries {
			w.broken(w.report.Entries+1, fmt.Sprintf("a release was built from entry %d, which is missing", seq))
		}
	}
	return err
}

// step checks one entry against the one before it.
func (w *chainWalk) step(l *linked) {
	r := &w.report
	anchor, anchored := w.anchors[l.Seq]
	switch {
	case l.Seq != r.Entries+1:
		w.broken(r.Entries+1, "it is missing")
	case l.Prev != r.Head:
		w.broken(l.Seq, "it does not follow the entry before it")
	case l.hashed() != l.Hash:
		w.broken(l.Seq, "its content is not what its hash says")
	case anchored && anchor != l.Hash:
		w.broken(l.Seq, "it is not the entry that a release was built from")
	case !l.there:
		w.broken(l.Seq, "its body is missing and was not erased")
	case l.body.erasedAt != 0:
		r.Erased++
	default:
		if err := w.tx.checkBody(l); err != nil {
			w.broken(l.Seq, err.Error())
		}
	}
	if r.Broken == 0 {
		r.Entries, r.Head = l.Seq, l.Hash
	}
}

func (w *chainWalk) broken(seq int64, reason string) { w.report.Broken, w.report.Reason = seq, reason }

// checkBody compares a body with the hash in its entry.
func (tx *Tx) checkBody(l *linked) error {
	salted, err := tx.unseal(l.Operation, "journal|"+l.Operation+"|"+l.ID, l.body.sealed)
	if err != nil {
		return errors.New("its body does not decrypt")
	}
	if sum := sha256.Sum256(salted); hex.EncodeToString(sum[:]) != l.BodyHash {
		return errors.New("its body is not what its hash says")
	}
	return nil
}

// VerifyBlobs reads every blob of an operation, says how many there are and calls bad for each that is damaged, and for
// each that a record or attachment names and that is not there.
func (s *Store) VerifyBlobs(ctx context.Context, op string, bad func(sha string, err error)) (n int64, err error) {
	var names, lacking []string
	err = s.Read(ctx, func(tx *Tx) (err error) {
		if names, err = list(tx, value[string], "SELECT sha256 FROM blob WHERE operation = $1 AND part = 0 ORDER BY sha256", op); err != nil {
			return err
		}
		lacking, err = list(tx, value[string], `SELECT r.sha256 FROM (SELECT original AS sha256 FROM record WHERE operation = $1 AND original <> ''
			UNION SELECT sha256 FROM attachment WHERE operation = $1 AND state = 'present') r
			WHERE NOT EXISTS (SELECT 1 FROM blob b WHERE b.operation = $1 AND b.sha256 = r.sha256 AND b.part = 0) ORDER BY 1`, op)
		return err
	})
	for _, sha := range lacking {
		bad(sha, damaged(sha, "it is named but not there"))
	}
	for _, sha := range names {
		if err != nil {
			break
		}
		err = s.verifyBlob(ctx, op, sha, bad)
	}
	return int64(len(names)), err
}

func (s *Store) verifyBlob(ctx context.Context, op, sha string, bad func(string, error)) error {
	r, err := s.OpenBlob(ctx, op, sha)
	if err == nil {
		_, err = io.Copy(io.Discard, r)
	}
	if fault.CodeOf(err) == fault.StoreBlobDamaged {
		bad(sha, err)
		return nil
	}
	return err
}

// operationsWithKeys lists every operation that anything is encrypted for, "" included.
func (tx *Tx) operationsWithKeys() ([]string, error) {
	return list(tx, value[string], "SELECT DISTINCT operation FROM data_key ORDER BY operation")
}
