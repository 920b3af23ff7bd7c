//go:build cgo && !noduck

package duck

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/duckdb/duckdb-go/v2"

	"safar/measure"
	"safar/warehouse"
)

// engine is a warehouse in DuckDB.
type engine struct {
	db      *sql.DB
	writing sync.Mutex // one Apply at a time; readers see the state before it
}

func (e *engine) Close() error { return e.db.Close() }

func (e *engine) Stamp(ctx context.Context, op string) (warehouse.Stamp, error) {
	var s warehouse.Stamp
	err := e.db.QueryRowContext(ctx, "SELECT seq, definition FROM stamps WHERE op = $1", op).Scan(&s.Seq, &s.Definition)
	if errors.Is(err, sql.ErrNoRows) {
		return warehouse.Stamp{}, nil
	}
	return s, err
}

// Apply moves facts and stamp in one transaction.
func (e *engine) Apply(ctx context.Context, op string, b warehouse.Batch) error {
	if err := b.Check(op); err != nil {
		return err
	}
	return e.transact(ctx, func(conn *sql.Conn) error {
		if err := remove(ctx, conn, op, b.RemoveRecords); err != nil {
			return err
		}
		for _, rows := range b.Rows() {
			if err := appendAll(conn, rows); err != nil {
				return err
			}
		}
		for _, item := range b.Repeated() {
			if err := exec(ctx, conn, warehouse.MarkRepeated, op, item); err != nil {
				return err
			}
		}
		if err := exec(ctx, conn, "DELETE FROM stamps WHERE op = $1", op); err != nil {
			return err
		}
		return exec(ctx, conn, "INSERT INTO stamps VALUES ($1, $2, $3)", op, b.Stamp.Seq, b.Stamp.Definition)
	})
}

func (e *engine) Reset(ctx context.Context, op string) error {
	return e.transact(ctx, func(conn *sql.Conn) error {
		for _, table := range []string{"facts", "fact_missing", "stamps", "repeated"} {
			if err := exec(ctx, conn, "DELETE FROM "+table+" WHERE op = $1", op); err != nil {
				return err
			}
		}
		return nil
	})
}

// transact runs do in a transaction on one connection, because appenders belong to a connection.
func (e *engine) transact(ctx context.Context, do func(*sql.Conn) error) (err error) {
	e.writing.Lock()
	defer e.writing.Unlock()
	conn, err := e.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	if err := exec(ctx, conn, "BEGIN TRANSACTION"); err != nil {
		return err
	}
	if err := do(conn); err != nil {
		return errors.Join(err, exec(context.WithoutCancel(ctx), conn, "ROLLBACK"))
	}
	return exec(ctx, conn, "COMMIT")
}

func exec(ctx context.Context, conn *sql.Conn, statement string, args ...any) error {
	if _, err := conn.ExecContext(ctx, statement, args...); err != nil {
		return fmt.Errorf("warehouse: %s: %w", statement, err)
	}
	return nil
}

// remove deletes records. Ids sort by time, so that the range lets DuckDB pass over all other blocks of the table.
func remove(ctx context.Context, conn *sql.Conn, op string, records []string) error {
	if len(records) == 0 {
		return nil
	}
	const between = "\x1f" // stands in no id
	list := strings.Join(records, between)
	for _, table := range []string{"facts", "fact_missing"} {
		err := exec(ctx, conn, "DELETE FROM "+table+" WHERE op = $1 AND record BETWEEN $2 AND $3 AND record IN (SELECT unnest(string_split($4, chr(31))))",
			op, slices.Min(records), slices.Max(records), list)
		if err != nil {
			return err
		}
	}
	return nil
}

// appendAll adds rows through an Appender, which is many times faster than INSERT.
func appendAll(conn *sql.Conn, rows warehouse.Rows) error {
	return conn.Raw(func(raw any) (err error) {
		a, err := duckdb.NewAppenderWithColumns(raw.(driver.Conn), "", "", rows.Table, rows.Columns)
		if err != nil {
			return fmt.Errorf("warehouse: append to %s: %w", rows.Table, err)
		}
		defer func() { err = errors.Join(err, a.Close()) }()
		row := make([]driver.Value, len(rows.Columns))
		for i := range rows.Len {
			for c := range row {
				row[c] = rows.Value(i, c)
			}
			if err := a.AppendRow(row...); err != nil {
				return fmt.Errorf("warehouse: append to %s: %w", rows.Table, err)
			}
		}
		return nil
	})
}

// Query reads in one transaction, so that what it knows of the item fits what it counts.
func (e *engine) Query(ctx context.Context, q measure.Query) (out []measure.Observation, err error) {
	tx, err := e.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback() }() // nothing was written
	var repeated bool
	if err := tx.QueryRowContext(ctx, warehouse.IsRepeated, q.Operation, q.Measure.Fact).Scan(&repeated); err != nil {
		return nil, err
	}
	text, args, err := warehouse.SQL(q, repeated)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	c := warehouse.NewCollect(q)
	targets := c.Targets()
	for rows.Next() {
		if err := rows.Scan(targets...); err != nil {
			return nil, err
		}
		if err := c.Row(); err != nil {
			return nil, err
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return c.Observations()
}

func (e *engine) Facts(ctx context.Context, q measure.Query, key []string) iter.Seq2[measure.Fact, error] {
	return func(yield func(measure.Fact, error) bool) {
		if err := e.facts(ctx, q, key, yield); err != nil {
			yield(measure.Fact{}, err)
		}
	}
}

// facts hands over the facts; a nil error also means that the reader has had enough.
func (e *engine) facts(ctx context.Context, q measure.Query, key []string, yield func(measure.Fact, error) bool) error {
	narrow, err := warehouse.Within(q, key)
	if err != nil {
		return err
	}
	text, args, err := warehouse.FactsSQL(narrow)
	if err != nil {
		return err
	}
	rows, err := e.db.QueryContext(ctx, text, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var f measure.Fact
		if err := rows.Scan(warehouse.ScanFact(&f)...); err != nil {
			return err
		}
		if !yield(f, nil) {
			return nil
		}
	}
	return rows.Err()
}
