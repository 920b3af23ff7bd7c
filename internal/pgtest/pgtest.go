// Package pgtest gives tests a real PostgreSQL: the server named by $SAFAR_TEST_POSTGRES, or a cluster of their own in a
// temporary folder that goes away with the test process, however that process ends.
//
// The temporary cluster keeps fsync on, so that crash tests mean something, and sorts text by language rules, so that
// code which forgets that servers sort differently fails here and not at a user's.
package pgtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Variable is the environment variable with the URL of a server on which tests may create databases.
const Variable = "SAFAR_TEST_POSTGRES"

// shared is the one cluster of this test process.
var shared = sync.OnceValues(func() (*Cluster, error) { return start() })

// URL gives the connection URL of a fresh, empty database. It is dropped when the test ends.
// A machine without PostgreSQL fails the test and names the package to install.
func URL(t testing.TB) string {
	t.Helper()
	if server := os.Getenv(Variable); server != "" {
		return database(t, server)
	}
	cluster, err := shared()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	return database(t, cluster.url("postgres"))
}

// New starts a cluster for this test alone, for tests that kill or stop their server. It always starts one, also when
// $SAFAR_TEST_POSTGRES is set.
func New(t testing.TB) *Cluster {
	t.Helper()
	cluster, err := start()
	if err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(cluster.remove)
	return cluster
}

// URL gives the connection URL of a fresh database in this cluster. The database goes away with the cluster.
func (c *Cluster) URL(t testing.TB) string {
	t.Helper()
	name := newName()
	if err := run(c.url("postgres"), `CREATE DATABASE `+name); err != nil {
		t.Fatalf("pgtest: create database: %v", err)
	}
	return c.url(name)
}

// database creates a database on the server and drops it when the test ends.
func database(t testing.TB, server string) string {
	t.Helper()
	name := newName()
	if err := run(server, `CREATE DATABASE `+name); err != nil {
		t.Fatalf("pgtest: create database: %v", err)
	}
	t.Cleanup(func() {
		if err := run(server, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`); err != nil {
			t.Logf("pgtest: drop database: %v", err)
		}
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("pgtest: $%s is not a URL: %v", Variable, err)
	}
	u.Path = "/" + name
	return u.String()
}

func newName() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return "safar_test_" + hex.EncodeToString(b[:])
}

func run(server, sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}

// Exec runs one statement, for tests that prepare or damage a database behind the program's back.
func Exec(t testing.TB, url, sql string) {
	t.Helper()
	if err := run(url, sql); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
}
