package pgtest_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"safar/internal/pgtest"
)

func TestFreshDatabasePerCall(t *testing.T) {
	t.Parallel()
	one, two := pgtest.URL(t), pgtest.URL(t)
	exec(t, one, `CREATE TABLE a (n integer)`)
	exec(t, two, `CREATE TABLE a (n integer)`)
}

func TestKilledServerComesBackWithItsCommits(t *testing.T) {
	t.Parallel()
	cluster := pgtest.New(t)
	address := cluster.URL(t)
	exec(t, address, `CREATE TABLE a (n integer)`)
	if err := cluster.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cluster.Start(); err != nil {
		t.Fatal(err)
	}
	exec(t, address, `INSERT INTO a VALUES (1)`)
}

func exec(t *testing.T, address, sql string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, sql); err != nil {
		t.Fatal(err)
	}
}
