package warehouse_test

import (
	"testing"

	"safar/internal/enginetest"
	"safar/warehouse"
)

func TestMemoryConforms(t *testing.T) {
	t.Parallel()
	enginetest.Conform(t, func(*testing.T) warehouse.Engine { return warehouse.NewMemory() })
}
