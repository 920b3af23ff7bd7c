//go:build !cgo || noduck

package duck

import (
	"context"

	"safar/warehouse"
)

// Embedded says whether this build holds DuckDB.
const Embedded = false

// Open gives the plain engine in memory, because this build does not hold DuckDB.
func Open(context.Context, Options) (warehouse.Engine, error) { return warehouse.NewMemory(), nil }
