package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"safar/fault"
)

// writerLock is the advisory lock under which one process at a time writes chains; an arbitrary number of ours.
const writerLock = "7236111"

// openPostgres connects to a server; everything lives in the schema safar of the database.
func openPostgres(ctx context.Context, address string) (*engine, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, fault.New(fault.StoreAddressUnusable, "address", "this postgres:// address")
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 10 * time.Second
	}
	for name, value := range map[string]string{
		"search_path":                         "safar",
		"synchronous_commit":                  "on",
		"lock_timeout":                        "30s",
		"idle_in_transaction_session_timeout": "300s", // a process that hangs must not keep the others from writing
		"application_name":                    "safar",
	} {
		config.RuntimeParams[name] = value
	}
	e := &engine{
		name:       postgresql,
		db:         stdlib.OpenDB(*config),
		beginWrite: "BEGIN; SELECT pg_advisory_xact_lock(" + writerLock + ")",
		beginRead:  "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
		readOnly:   "SET idle_in_transaction_session_timeout = 0", // a backup may wait long for its disk
		hasSchema:  "SELECT count(*) FROM pg_tables WHERE schemaname = 'safar' AND tablename = 'migration'",
		ddl:        postgresDDL,
		classify:   classifyPostgres,
		lost:       lostPostgres,
		batch:      sendBatch,
	}
	return e, e.checkServer(ctx)
}

// checkServer makes sure that the server answers, is new enough and has our schema.
func (e *engine) checkServer(ctx context.Context) error {
	var number string
	if err := e.db.QueryRowContext(ctx, "SHOW server_version_num").Scan(&number); err != nil {
		return e.classify(err)
	}
	if n, err := strconv.Atoi(number); err != nil || n < 150000 {
		return fault.New(fault.StoreOldDatabase, "found", strconv.Itoa(n/10000))
	}
	for range 2 { // another process may make the schema at the same moment: then it is there the second time
		var there int
		err := e.db.QueryRowContext(ctx, "SELECT count(*) FROM pg_namespace WHERE nspname = 'safar'").Scan(&there)
		if err != nil || there > 0 {
			return e.classify(err)
		}
		_, err = e.db.ExecContext(ctx, "CREATE SCHEMA IF NOT EXISTS safar")
		if err = e.classify(err); fault.CodeOf(err) != fault.StoreExists {
			return err
		}
	}
	return nil
}

// sendBatch sends statements in one round trip.
func sendBatch(ctx context.Context, c *sql.Conn, statements []statement) (failed int, err error) {
	batch := &pgx.Batch{}
	for _, s := range statements {
		batch.Queue(s.text, s.args...)
	}
	raw := c.Raw(func(driverConn any) error {
		results := driverConn.(*stdlib.Conn).Conn().SendBatch(ctx, batch)
		for err == nil && failed < len(statements) {
			if _, err = results.Exec(); err == nil {
				failed++
			}
		}
		if end := results.Close(); err == nil {
			err = end
		}
		return nil // the connection is ours to drop, not the pool's
	})
	return failed, errors.Join(err, raw)
}

var sqliteWords = regexp.MustCompile(`\bINTEGER\b|\bBLOB\b|\bTEXT\b|\) STRICT, WITHOUT ROWID;|\) STRICT;`)

// postgresDDL exchanges the words in which the two engines' schemas differ. Text is compared byte by byte, as SQLite
// does, so that keys and pages have one order everywhere.
func postgresDDL(text string) string {
	return sqliteWords.ReplaceAllStringFunc(text, func(word string) string {
		switch word {
		case "INTEGER":
			return "BIGINT"
		case "BLOB":
			return "BYTEA"
		case "TEXT":
			return `TEXT COLLATE "C"`
		}
		return ");"
	})
}

// classifyPostgres turns the driver's errors into faults.
func classifyPostgres(err error) error {
	if err == nil || fault.CodeOf(err) != "" {
		return err
	}
	var e *pgconn.PgError
	if !errors.As(err, &e) {
		if lostPostgres(err) {
			return fault.Wrap(err, fault.StoreUnavailable)
		}
		return err
	}
	switch {
	case e.Code == "53100":
		return fault.Wrap(err, fault.StoreNoSpace)
	case e.Code == "23505":
		return fault.Wrap(err, fault.StoreExists, "what", e.TableName)
	case e.Code == "23503":
		return fault.Wrap(err, fault.StoreNoParent, "what", e.TableName)
	case e.Code == "40001", e.Code == "40P01", e.Code == "55P03":
		return fault.Wrap(err, fault.StoreBusy)
	case e.Code == "25006":
		return fault.Wrap(err, fault.StoreReadOnly)
	case strings.HasPrefix(e.Code, "28"), e.Code == "3D000", e.Code == "42501":
		return fault.Wrap(err, fault.StoreRefused, "reason", e.Message)
	case e.Code == "XX001", e.Code == "XX002":
		return fault.Wrap(err, fault.StoreDamaged)
	case lostPostgres(err), strings.HasPrefix(e.Code, "53"):
		return fault.Wrap(err, fault.StoreUnavailable)
	}
	return err
}

// lostPostgres says whether the connection is gone: the server went away, shuts down, or dropped us.
func lostPostgres(err error) bool {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return strings.HasPrefix(e.Code, "08") || strings.HasPrefix(e.Code, "57P") || e.Code == "25P03"
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || strings.Contains(err.Error(), "conn closed") || pgconn.SafeToRetry(err)
}
