package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"
	"unicode/utf8"
)

// The names of the engines.
const (
	sqlite     = "sqlite"
	postgresql = "postgresql"
)

// engine is what the two databases do not share: how to open, begin, ask for the version and read errors. The SQL of
// everything else is one text.
type engine struct {
	name       string
	db         *sql.DB
	file       string // the SQLite file, "" for PostgreSQL
	beginWrite string // begins the writing transaction
	beginRead  string // begins a snapshot
	readOnly   string // run once on a reading connection
	writing    string // run once on the writing connection; "" = nothing
	hasSchema  string // gives 1 when the migration table exists
	prepare    bool   // statements are prepared and kept by us; pgx does it by itself
	ddl        func(string) string
	classify   func(error) error // turns a driver's error into a fault where a person can act on it
	batch      batchFunc         // sends statements together; nil where each is cheap by itself
	lost       func(error) bool  // says whether the connection is gone with this error
}

// batchFunc sends statements in one go and gives the index of the one that failed.
type batchFunc func(context.Context, *sql.Conn, []statement) (int, error)

// conn is one connection with its prepared statements.
type conn struct {
	engine  *engine
	sql     *sql.Conn
	stmts   map[string]*sql.Stmt
	pending []statement // queued, not sent yet
	sent    int         // batches sent so far
}

// statement is one that waits to be sent with others, so that a network is crossed once and not for each.
type statement struct {
	text    string
	args    []any
	explain func(error) error // says more of an error than the engine does; nil = nothing
}

// most is how many statements may wait.
const most = 200

func (e *engine) connect(ctx context.Context) (*conn, error) {
	c, err := e.db.Conn(ctx)
	if err != nil {
		return nil, e.classify(err)
	}
	return &conn{engine: e, sql: c, stmts: map[string]*sql.Stmt{}}, nil
}

// close drops the connection for good; it does not go back into a pool, because it may be in any state.
func (c *conn) close() {
	for _, stmt := range c.stmts {
		_ = stmt.Close()
	}
	_ = c.sql.Raw(func(any) error { return driver.ErrBadConn })
	_ = c.sql.Close()
}

// run executes text without arguments, several statements in one round trip.
func (c *conn) run(ctx context.Context, text string) error {
	_, err := c.sql.ExecContext(ctx, text)
	return err
}

func (c *conn) exec(ctx context.Context, text string, args []any) (int64, error) {
	var result sql.Result
	var err error
	if !c.engine.prepare {
		result, err = c.sql.ExecContext(ctx, text, args...)
	} else {
		var stmt *sql.Stmt
		if stmt, err = c.stmt(ctx, text); err != nil {
			return 0, err
		}
		result, err = stmt.ExecContext(ctx, args...)
	}
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (c *conn) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	if !c.engine.prepare {
		return c.sql.QueryContext(ctx, text, args...)
	}
	stmt, err := c.stmt(ctx, text)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// put executes a statement whose result nobody asks for: at once, or together with others at the next flush.
func (c *conn) put(ctx context.Context, s statement) error {
	if c.engine.batch == nil {
		_, err := c.exec(ctx, s.text, s.args)
		return s.explained(c.engine.classify(err))
	}
	c.pending = append(c.pending, s)
	if len(c.pending) < most {
		return nil
	}
	return c.flush(ctx)
}

// flush sends what waits; the error is that of the first statement that failed, as a fault where there is one.
func (c *conn) flush(ctx context.Context) error {
	if len(c.pending) == 0 {
		return nil
	}
	waiting := c.pending
	c.pending = nil
	c.sent++
	n, err := c.engine.batch(ctx, c.sql, waiting)
	if err != nil && n < len(waiting) {
		return waiting[n].explained(c.engine.classify(err))
	}
	return c.engine.classify(err)
}

func (s *statement) explained(err error) error {
	if err == nil || s.explain == nil {
		return err
	}
	return s.explain(err)
}

// stmt gives the prepared statement. SQLite numbers $1 by order of appearance but ?1 by its number, so we write ?1.
func (c *conn) stmt(ctx context.Context, text string) (*sql.Stmt, error) {
	if stmt := c.stmts[text]; stmt != nil {
		return stmt, nil
	}
	stmt, err := c.sql.PrepareContext(ctx, strings.ReplaceAll(text, "$", "?"))
	if err == nil {
		c.stmts[text] = stmt
	}
	return stmt, err
}

// plain makes arguments that both engines store alike: PostgreSQL's TEXT holds neither NUL nor broken UTF-8, so those
// become U+FFFD on both (the verbatim bytes are in the original); nil bytes are empty bytes, not NULL.
func plain(args []any) []any {
	for i, arg := range args {
		switch v := arg.(type) {
		case string:
			args[i] = storable(v)
		case []byte:
			if v == nil {
				args[i] = []byte{}
			}
		case int:
			args[i] = int64(v)
		case bool:
			args[i] = int64(0)
			if v {
				args[i] = int64(1)
			}
		}
	}
	return args
}

// storable is text as both engines keep it.
func storable(v string) string {
	if strings.IndexByte(v, 0) < 0 && utf8.ValidString(v) {
		return v
	}
	return strings.ReplaceAll(strings.ToValidUTF8(v, "\uFFFD"), "\x00", "\uFFFD")
}

// Names in the installation table.
const (
	keyCheck  = "key_check"      // a word sealed with the master key
	nodeID    = "node"           // id of this data
	restoring = "restoring"      // there while a restore is not finished
	placesNow = "places_version" // number of changes to places so far
)

// installation reads a value of the installation table outside the store's transactions; nil when there is none.
func (e *engine) installation(ctx context.Context, name string) ([]byte, error) {
	var value []byte
	err := e.db.QueryRowContext(ctx, "SELECT value FROM installation WHERE name = '"+name+"'").Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return value, e.classify(err)
}

// setInstallation stores the mark of the master key and the node of new data, unless they are there.
func (e *engine) setInstallation(ctx context.Context, mark, node []byte) error {
	_, err := e.db.ExecContext(ctx, "INSERT INTO installation (name, value) VALUES ($1, $2), ($3, $4) ON CONFLICT DO NOTHING",
		keyCheck, mark, nodeID, node)
	return e.classify(err)
}
