package pg_test

import (
	"testing"

	"safar/internal/enginetest"
	"safar/internal/pgtest"
	"safar/warehouse"
	"safar/warehouse/pg"
)

func open(t testing.TB, url string) *pg.Engine {
	t.Helper()
	e, err := pg.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

func TestPostgresConforms(t *testing.T) {
	t.Parallel()
	enginetest.Conform(t, func(t *testing.T) warehouse.Engine { return open(t, pgtest.URL(t)) })
}

func TestReopenKeepsAndAnotherVersionEmpties(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	stamp := warehouse.Stamp{Seq: 9, Definition: "d"}
	if err := open(t, url).Apply(t.Context(), "op", warehouse.Batch{Stamp: stamp}); err != nil {
		t.Fatal(err)
	}
	e := open(t, url)
	if got, err := e.Stamp(t.Context(), "op"); err != nil || got != stamp {
		t.Fatalf("stamp %v, %v", got, err)
	}
	pgtest.Exec(t, url, "UPDATE warehouse.schema_version SET version = 0")
	if got, err := open(t, url).Stamp(t.Context(), "op"); err != nil || got != (warehouse.Stamp{}) {
		t.Fatalf("stamp %v, %v", got, err)
	}
}

func TestAddressThatIsNone(t *testing.T) {
	t.Parallel()
	if _, err := pg.Open(t.Context(), "postgres://nobody@127.0.0.1:1/none?connect_timeout=1"); err == nil {
		t.Error("opened")
	}
}
