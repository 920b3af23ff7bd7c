// Package pg keeps the warehouse in PostgreSQL, in a schema of its own beside the record's.
package pg

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"safar/fault"
	"safar/measure"
	"safar/warehouse"
)

// Schema is the schema that holds the tables.
const Schema = "warehouse"

// Engine is a warehouse in PostgreSQL.
type Engine struct {
	pool *pgxpool.Pool
}

// Open connects to a database and makes the tables where there are none; tables of another version are emptied, and
// the caller builds them anew because their stamps are gone.
func Open(ctx context.Context, url string) (*Engine, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fault.Wrap(err, fault.WarehouseOpen, "where", "in PostgreSQL", "why", "the address cannot be read")
	}
	config.ConnConfig.RuntimeParams["search_path"] = Schema
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fault.Wrap(err, fault.WarehouseOpen, "where", "in PostgreSQL", "why", "there is no connection")
	}
	e := &Engine{pool: pool}
	if err := e.prepare(ctx); err != nil {
		pool.Close()
		return nil, fault.Wrap(err, fault.WarehouseOpen, "where", "in PostgreSQL", "why", err.Error())
	}
	return e, nil
}

// prepareLock keeps two programs from making the tables at once.
const prepareLock = 0x5afa0001

func (e *Engine) prepare(ctx context.Context) error {
	return e.transact(ctx, func(tx pgx.Tx) error {
		if err := exec(ctx, tx, "SELECT pg_advisory_xact_lock($1)", int64(prepareLock)); err != nil {
			return err
		}
		if err := exec(ctx, tx, "CREATE SCHEMA IF NOT EXISTS "+Schema); err != nil {
			return err
		}
		var found bool
		var version *int
		if err := tx.QueryRow(ctx, "SELECT to_regclass('"+Schema+".schema_version') IS NOT NULL").Scan(&found); err != nil {
			return err
		}
		if found {
			if err := tx.QueryRow(ctx, "SELECT max(version) FROM schema_version").Scan(&version); err != nil {
				return err
			}
		}
		if found && version != nil && *version == warehouse.SchemaVersion {
			return nil
		}
		return e.create(ctx, tx)
	})
}

func (e *Engine) create(ctx context.Context, tx pgx.Tx) error {
	var statements []string
	for _, table := range []string{"facts", "fact_missing", "stamps", "repeated", "schema_version"} {
		statements = append(statements, "DROP TABLE IF EXISTS "+table)
	}
	statements = append(statements, warehouse.Tables(`text COLLATE "C"`)...)
	statements = append(statements,
		"CREATE INDEX facts_item ON facts (op, item, activity, round)",
		"CREATE INDEX facts_record ON facts (op, record)",
		"CREATE INDEX fact_missing_item ON fact_missing (op, item, activity, round)",
		"CREATE INDEX fact_missing_record ON fact_missing (op, record)",
		"CREATE UNIQUE INDEX stamps_op ON stamps (op)",
		"CREATE UNIQUE INDEX repeated_item ON repeated (op, item)",
		fmt.Sprintf("INSERT INTO schema_version VALUES (%d)", warehouse.SchemaVersion),
	)
	for _, s := range statements {
		if err := exec(ctx, tx, s); err != nil {
			return err
		}
	}
	return nil
}

// Close closes the connections.
func (e *Engine) Close() error { e.pool.Close(); return nil }

// Stamp gives the operation's stamp, the zero Stamp when it has none.
func (e *Engine) Stamp(ctx context.Context, op string) (warehouse.Stamp, error) {
	var s warehouse.Stamp
	err := e.pool.QueryRow(ctx, "SELECT seq, definition FROM stamps WHERE op = $1", op).Scan(&s.Seq, &s.Definition)
	if errors.Is(err, pgx.ErrNoRows) {
		return warehouse.Stamp{}, nil
	}
	return s, err
}

// Apply moves facts and stamp in one transaction.
func (e *Engine) Apply(ctx context.Context, op string, b warehouse.Batch) error {
	if err := b.Check(op); err != nil {
		return err
	}
	return e.transact(ctx, func(tx pgx.Tx) error {
		if err := lock(ctx, tx, op); err != nil {
			return err
		}
		for _, table := range []string{"facts", "fact_missing"} {
			if len(b.RemoveRecords) == 0 {
				break
			}
			if err := exec(ctx, tx, "DELETE FROM "+table+" WHERE op = $1 AND record = ANY($2::text[])", op, b.RemoveRecords); err != nil {
				return err
			}
		}
		for _, rows := range b.Rows() {
			if err := load(ctx, tx, rows); err != nil {
				return err
			}
		}
		for _, item := range b.Repeated() {
			if err := exec(ctx, tx, warehouse.MarkRepeated, op, item); err != nil {
				return err
			}
		}
		if err := exec(ctx, tx, "DELETE FROM stamps WHERE op = $1", op); err != nil {
			return err
		}
		return exec(ctx, tx, "INSERT INTO stamps VALUES ($1, $2, $3)", op, b.Stamp.Seq, b.Stamp.Definition)
	})
}

// Reset forgets everything of the operation.
func (e *Engine) Reset(ctx context.Context, op string) error {
	return e.transact(ctx, func(tx pgx.Tx) error {
		if err := lock(ctx, tx, op); err != nil {
			return err
		}
		for _, table := range []string{"facts", "fact_missing", "stamps", "repeated"} {
			if err := exec(ctx, tx, "DELETE FROM "+table+" WHERE op = $1", op); err != nil {
				return err
			}
		}
		return nil
	})
}

// lock lets one writer at a time change an operation's facts.
func lock(ctx context.Context, tx pgx.Tx, op string) error {
	return exec(ctx, tx, "SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", "safar warehouse "+op)
}

func (e *Engine) transact(ctx context.Context, do func(pgx.Tx) error) error {
	return pgx.BeginFunc(ctx, e.pool, do)
}

func exec(ctx context.Context, tx pgx.Tx, statement string, args ...any) error {
	if _, err := tx.Exec(ctx, statement, args...); err != nil {
		return fmt.Errorf("warehouse: %s: %w", statement, err)
	}
	return nil
}

// load adds rows with COPY.
func load(ctx context.Context, tx pgx.Tx, rows warehouse.Rows) error {
	row := make([]any, len(rows.Columns))
	_, err := tx.CopyFrom(ctx, pgx.Identifier{rows.Table}, rows.Columns, pgx.CopyFromSlice(rows.Len, func(i int) ([]any, error) {
		for c := range row {
			row[c] = rows.Value(i, c)
		}
		return row, nil
	}))
	if err != nil {
		return fmt.Errorf("warehouse: copy to %s: %w", rows.Table, err)
	}
	return nil
}

// Query answers a query; rows are sorted by their group values.
func (e *Engine) Query(ctx context.Context, q measure.Query) ([]measure.Observation, error) {
	// One snapshot, so that what it knows of the item fits what it counts.
	tx, err := e.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // nothing was written
	var repeated bool
	if err := tx.QueryRow(ctx, warehouse.IsRepeated, q.Operation, q.Measure.Fact).Scan(&repeated); err != nil {
		return nil, err
	}
	text, args, err := warehouse.SQL(q, repeated)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	c := warehouse.NewCollect(q)
	if _, err := pgx.ForEachRow(rows, c.Targets(), c.Row); err != nil {
		return nil, err
	}
	return c.Observations()
}

// Facts gives the facts behind one observation of a query.
func (e *Engine) Facts(ctx context.Context, q measure.Query, key []string) iter.Seq2[measure.Fact, error] {
	return func(yield func(measure.Fact, error) bool) {
		if err := e.facts(ctx, q, key, yield); err != nil {
			yield(measure.Fact{}, err)
		}
	}
}

func (e *Engine) facts(ctx context.Context, q measure.Query, key []string, yield func(measure.Fact, error) bool) error {
	narrow, err := warehouse.Within(q, key)
	if err != nil {
		return err
	}
	text, args, err := warehouse.FactsSQL(narrow)
	if err != nil {
		return err
	}
	rows, err := e.pool.Query(ctx, text, args...)
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

var _ warehouse.Engine = (*Engine)(nil)
