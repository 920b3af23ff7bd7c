package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"safar/fault"
)

// Tx is one caller's view of the data, inside Write or Read, and is of no use after it. Times it stores have
// microseconds.
type Tx struct {
	s       *Store
	conn    *conn
	ctx     context.Context
	now     time.Time
	err     error  // of the first statement that failed; every later one fails with it
	group   *group // nil in Read
	changes map[string]*changes
	reading bool // rows are being read: the connection can do nothing else meanwhile
}

var (
	errOver = errors.New("store: the transaction is over")
	errRead = errors.New("store: Read cannot write")
	errBusy = errors.New("store: a query inside the rows of another")
)

// Read runs fn on a consistent snapshot. Eight are read at once, and none waits for the writer. fn may call Write, but
// not Read or OpenBlob: where every caller held one snapshot and waited for a second, none would go on.
func (s *Store) Read(ctx context.Context, fn func(*Tx) error) (err error) {
	c, err := s.snapshot(ctx)
	if err != nil {
		return err
	}
	tx := &Tx{s: s, conn: c, ctx: ctx, now: s.now().UTC().Truncate(time.Microsecond)}
	defer func() {
		lost := tx.err != nil && s.engine.lost(tx.err)
		*tx = Tx{err: errOver}
		if lost || c.run(context.Background(), "ROLLBACK") != nil {
			c.close()
			c = nil
		}
		s.readers <- c
	}()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.err
}

// snapshot waits for a free reading connection and begins on it.
func (s *Store) snapshot(ctx context.Context) (*conn, error) {
	var c *conn
	select {
	case <-s.closing:
		return nil, closed()
	default:
	}
	select {
	case c = <-s.readers:
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.closing:
		return nil, closed()
	}
	if c != nil && c.run(ctx, s.engine.beginRead) == nil {
		return c, nil
	}
	if c != nil {
		c.close()
	}
	c, err := s.reader(ctx)
	if err != nil {
		s.readers <- nil
		return nil, err
	}
	return c, nil
}

// reader makes a reading connection and begins on it.
func (s *Store) reader(ctx context.Context) (*conn, error) {
	c, err := s.engine.connect(ctx)
	if err != nil {
		return nil, err
	}
	for _, text := range []string{s.engine.readOnly, s.engine.beginRead} {
		if err := c.run(ctx, text); err != nil {
			c.close()
			return nil, s.engine.classify(err)
		}
	}
	return c, nil
}

// Now is the time of the call, the same for all it does, in UTC with microseconds.
func (tx *Tx) Now() time.Time { return tx.now }

// NewID makes an id (UUIDv7 unless the configuration says otherwise).
func (tx *Tx) NewID() string { return tx.s.newID() }

// exec runs a statement that changes data and says how many rows it touched.
func (tx *Tx) exec(text string, args ...any) (int64, error) {
	tx.mayWrite()
	if tx.err != nil {
		return 0, tx.err
	}
	if tx.err = tx.conn.flush(tx.ctx); tx.err != nil {
		return 0, tx.err
	}
	n, err := tx.conn.exec(tx.ctx, text, plain(args))
	return n, tx.failed(err)
}

// put is exec for callers who do not count. On a server its error may show later in the call.
func (tx *Tx) put(text string, args ...any) error { return tx.putOr(nil, text, args...) }

// mayWrite notes why this transaction cannot write now, if so.
func (tx *Tx) mayWrite() {
	switch {
	case tx.err != nil:
	case tx.group == nil:
		tx.err = errRead
	case tx.reading:
		tx.err = errBusy
	}
}

// putOr is put with a function that says more of an error than the engine does.
func (tx *Tx) putOr(explain func(error) error, text string, args ...any) error {
	tx.mayWrite()
	if tx.err == nil {
		tx.err = tx.conn.put(tx.ctx, statement{text, plain(args), explain})
	}
	return tx.err
}

// failed notes the first error of a statement, as a fault where a person can act on it.
func (tx *Tx) failed(err error) error {
	if err == nil {
		return nil
	}
	if ctx := tx.ctx.Err(); ctx != nil {
		err = ctx
	}
	tx.err = tx.s.engine.classify(err)
	return tx.err
}

// row is what a scan function reads from.
type row interface{ Scan(dest ...any) error }

// each calls fn for every row of a query.
func (tx *Tx) each(fn func(row) error, text string, args ...any) error {
	if tx.err != nil {
		return tx.err
	}
	if tx.reading { // database/sql would wait for ever here once the driver finds its connection busy
		return errBusy
	}
	tx.reading = true
	defer func() { tx.reading = false }()
	if tx.err = tx.conn.flush(tx.ctx); tx.err != nil {
		return tx.err
	}
	rows, err := tx.conn.query(tx.ctx, text, plain(args))
	if err != nil {
		return tx.failed(err)
	}
	for rows.Next() {
		if err := fn(rows); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	return tx.failed(errors.Join(rows.Err(), rows.Close()))
}

// list reads every row of a query with scan.
func list[T any](tx *Tx, scan func(row) (T, error), text string, args ...any) ([]T, error) {
	var all []T
	err := tx.each(func(r row) error {
		one, err := scan(r)
		if err == nil {
			all = append(all, one)
		}
		return err
	}, text, args...)
	return all, err
}

// first reads the first row of a query; errNone when there is none.
func first[T any](tx *Tx, scan func(row) (T, error), text string, args ...any) (T, error) {
	all, err := list(tx, scan, text, args...)
	if err != nil || len(all) == 0 {
		var none T
		if err == nil {
			err = errNone
		}
		return none, err
	}
	return all[0], nil
}

var errNone = sql.ErrNoRows

// named is first with the fault store.not_found when there is no row.
func named[T any](tx *Tx, what, id string, scan func(row) (T, error), text string, args ...any) (T, error) {
	one, err := first(tx, scan, text, args...)
	if errors.Is(err, errNone) {
		err = fault.New(fault.StoreNotFound, "what", what, "id", `"`+id+`"`)
	}
	return one, err
}

// touched turns "no row changed" into the fault store.not_found.
func touched(n int64, err error, what, id string) error {
	if err == nil && n == 0 {
		return fault.New(fault.StoreNotFound, "what", what, "id", `"`+id+`"`)
	}
	return err
}

// value scans a single column.
func value[T any](r row) (v T, err error) { err = r.Scan(&v); return v, err }

// fromJSON scans a single column of JSON.
func fromJSON[T any](r row) (v T, err error) {
	var text []byte
	if err := r.Scan(&text); err != nil {
		return v, err
	}
	err = json.Unmarshal(text, &v)
	return v, err
}

// toJSON writes a structure of ours, which cannot fail to marshal but for a programming error.
func toJSON(v any) (string, error) {
	text, err := json.Marshal(v)
	return string(text), err
}

// micros is a time as it is stored: microseconds since 1970, 0 for no time.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

// instant is the time that micros stored.
func instant(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return time.UnixMicro(at).UTC()
}
