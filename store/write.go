package store

import (
	"context"
	"errors"
	"time"

	"safar/fault"
)

// How much one group of writes may hold, so that the first caller does not wait for ever on the last.
const (
	groupCalls = 256
	groupTime  = 25 * time.Millisecond
)

// request is one caller of Write. The writer lends it the transaction; the caller's own goroutine runs the function,
// so that a panic in it unwinds there, and gives the transaction back.
type request struct {
	ctx   context.Context
	grant chan *Tx   // the transaction, lent
	ran   chan error // what the function answered, with which the transaction is given back
	done  chan error // the fate of the call: nil only after the commit
}

// errGone is given back by a caller whose function did not return: it panicked.
var errGone = errors.New("the function did not return")

// Write runs fn in the writing transaction and returns nil only when what it did is on disk. Calls from many
// goroutines share one commit. When fn fails, what it did is undone and only its caller gets the error. fn runs at
// most once; it must be quick, must not call Write, and must not keep the Tx. A statement that failed makes the whole
// call fail, even if fn goes on. When ctx ends while the call waits for its turn, nothing was done; once fn runs, ctx
// is not looked at any more.
//
// Fault store.unavailable after fn ran means that the connection broke and the outcome may be unknown: the caller may
// look and call again. Later writes recover by themselves.
func (s *Store) Write(ctx context.Context, fn func(*Tx) error) error {
	req := &request{ctx, make(chan *Tx, 1), make(chan error, 1), make(chan error, 1)}
	select {
	case s.queue <- req:
	case <-ctx.Done():
		return ctx.Err()
	case <-s.closing:
		return closed()
	}
	select {
	case tx := <-req.grant:
		return req.run(tx, fn)
	case err := <-req.done:
		return err
	}
}

// run runs the function on the lent transaction and waits for the commit.
func (r *request) run(tx *Tx, fn func(*Tx) error) error {
	returned := false
	defer func() {
		if !returned {
			r.ran <- errGone
		}
	}()
	err := fn(tx)
	if err == nil {
		err = tx.settled()
	}
	returned = true
	r.ran <- err
	return <-r.done
}

// group is the writer's transaction and what it knows while it holds it.
type group struct {
	s       *Store
	conn    *conn
	open    bool            // a transaction is open
	saved   bool            // a savepoint stands
	stood   bool            // one stood before that of the running call
	sent    int             // batches that were sent before the running call
	members []chan<- error  // callers to answer after the commit
	heads   map[string]head // ends of the journal's chains, by operation
	keys    map[keyName]*key
}

// writer owns the writing connection. It ends when the store closes.
func (s *Store) writer() {
	defer close(s.stopped)
	g := &group{s: s}
	for {
		select {
		case req := <-s.queue:
			g.serve(req)
		case <-s.closing:
			g.drop()
			return
		}
	}
}

// serve runs the first caller and all who wait meanwhile, then commits.
func (g *group) serve(req *request) {
	g.forget()
	for until := time.Now().Add(groupTime); req != nil; req = g.next(until) {
		if err := req.ctx.Err(); err != nil {
			req.done <- err
		} else {
			g.run(req)
		}
	}
	g.commit()
}

// next gives a caller that is waiting now, nil when there is none or the group is full.
func (g *group) next(until time.Time) *request {
	if len(g.members) >= groupCalls || time.Now().After(until) {
		return nil
	}
	select {
	case req := <-g.s.queue:
		return req
	default:
		return nil
	}
}

// run lends the transaction to one caller. The first of a group needs no savepoint: if it fails, the whole transaction
// is its own.
func (g *group) run(req *request) {
	if err := g.begin(); err != nil {
		g.fail(err)
		req.done <- err
		return
	}
	tx := &Tx{s: g.s, conn: g.conn, ctx: context.Background(), now: g.s.now().UTC().Truncate(time.Microsecond), group: g}
	req.grant <- tx
	err := <-req.ran
	broken := tx.err
	*tx = Tx{err: errOver}
	if err == nil {
		g.members = append(g.members, req.done)
		return
	}
	g.undo(broken)
	req.done <- err
}

// begin opens the transaction for the first caller and a savepoint for each later one.
func (g *group) begin() error {
	ctx := context.Background()
	if g.open {
		return g.savepoint(ctx)
	}
	fresh := g.conn == nil
	err := g.connect(ctx)
	if err == nil {
		err = g.conn.run(ctx, g.s.engine.beginWrite)
	}
	if err != nil && !fresh && g.s.engine.lost(err) { // the server was restarted since the last group
		g.drop()
		if err = g.connect(ctx); err == nil {
			err = g.conn.run(ctx, g.s.engine.beginWrite)
		}
	}
	if err != nil {
		g.drop()
		return g.s.engine.classify(err)
	}
	g.open = true
	return nil
}

// savepoint moves the savepoint to here. Where statements are sent together it waits for the call's first ones.
func (g *group) savepoint(ctx context.Context) error {
	texts := []string{"RELEASE caller", "SAVEPOINT caller"}
	if !g.saved {
		texts = texts[1:]
	}
	g.stood, g.sent, g.saved = g.saved, g.conn.sent, true
	for _, text := range texts {
		if err := g.conn.put(ctx, statement{text: text}); err != nil {
			return err
		}
	}
	return nil
}

func (g *group) connect(ctx context.Context) (err error) {
	if g.conn != nil {
		return nil
	}
	if g.conn, err = g.s.engine.connect(ctx); err != nil || g.s.engine.writing == "" {
		return err
	}
	return g.conn.run(ctx, g.s.engine.writing)
}

// undo takes back what the last caller did. broken is the statement's error that made it fail, nil when the function
// failed by itself. A database that has undone more than that by itself (full disk) fails the whole group.
func (g *group) undo(broken error) {
	g.forget()
	waiting := len(g.conn.pending) > 0
	g.conn.pending = nil
	if len(g.members) == 0 {
		g.rollback()
		return
	}
	if waiting && g.conn.sent == g.sent { // nothing of the call was sent, not even its savepoint
		g.saved = g.stood
		return
	}
	if err := g.conn.run(context.Background(), "ROLLBACK TO caller"); err != nil {
		if broken == nil {
			broken = g.s.engine.classify(err)
		}
		g.fail(broken)
	}
}

// fail undoes the group and tells its members why.
func (g *group) fail(err error) {
	g.rollback()
	if fault.CodeOf(err) == "" {
		err = fault.Internalf(err, "group commit")
	}
	g.answer(err)
	g.forget()
}

// commit makes the group durable and answers its members.
func (g *group) commit() {
	if !g.open {
		return
	}
	if len(g.members) == 0 {
		g.rollback()
		return
	}
	if err := g.conn.run(context.Background(), "COMMIT"); err != nil {
		g.fail(g.s.engine.classify(err))
		return
	}
	g.open, g.saved = false, false
	g.s.keys.learn(g.keys)
	g.answer(nil)
}

func (g *group) answer(err error) {
	for _, done := range g.members {
		done <- err
	}
	g.members = g.members[:0]
}

// rollback ends the transaction; a connection that cannot even do that is dropped.
func (g *group) rollback() {
	if g.conn != nil {
		g.conn.pending = nil
	}
	if g.open && g.conn.run(context.Background(), "ROLLBACK") != nil {
		g.drop()
	}
	g.open, g.saved = false, false
}

// drop closes the writing connection; the next group makes a new one.
func (g *group) drop() {
	if g.conn != nil {
		g.conn.close()
	}
	g.conn, g.open, g.saved = nil, false, false
}

// forget empties what was learnt inside the transaction, because it may have been undone.
func (g *group) forget() {
	g.heads, g.keys = map[string]head{}, map[keyName]*key{}
}
