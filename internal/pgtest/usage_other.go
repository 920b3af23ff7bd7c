//go:build !unix

package pgtest

import "time"

// CPU is not measured here.
func (c *Cluster) CPU() time.Duration { return 0 }
