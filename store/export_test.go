package store

import (
	"context"
	"fmt"
)

// LimitPages makes an SQLite database full: it may grow by so many pages more. 0 takes the limit away.
func (s *Store) LimitPages(ctx context.Context, more int) error {
	var pages int
	if err := s.engine.db.QueryRowContext(ctx, "PRAGMA page_count").Scan(&pages); err != nil {
		return err
	}
	limit := 1 << 30
	if more > 0 {
		limit = pages + more
	}
	return s.OnWriter(ctx, fmt.Sprintf("PRAGMA max_page_count = %d", limit))
}

// OnWriter runs a statement on the writing connection.
func (s *Store) OnWriter(ctx context.Context, text string) error {
	return s.Write(ctx, func(tx *Tx) error { return tx.conn.run(ctx, text) })
}

// OpenWith is Open with one more migration than there is.
func OpenWith(ctx context.Context, cfg Config, text string) (*Store, error) {
	steps := migrations()
	return open(ctx, cfg, append(steps, migration{fmt.Sprintf("%04d_test.sql", len(steps)+1), text}))
}

// TableNames lists the tables that backups hold.
func TableNames() (names []string) {
	for _, t := range allTables() {
		names = append(names, t.name)
	}
	return names
}

// DDL is the schema in the words of PostgreSQL.
var DDL = postgresDDL
