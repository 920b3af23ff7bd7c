//go:build unix

package store_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"safar/internal/pgtest"
	"safar/store"
)

// BenchmarkReceive measures durable submissions as the workflow stores them (record, 5 KB original, journal entry with
// body, job) with 8 and 64 callers at once: rows/s and milliseconds of CPU of this process per row.
func BenchmarkReceive(b *testing.B) {
	for _, callers := range []int{8, 64} {
		b.Run(fmt.Sprintf("sqlite/callers=%d", callers), func(b *testing.B) {
			benchReceive(b, open(b, store.Config{Dir: b.TempDir()}), callers)
		})
		b.Run(fmt.Sprintf("postgresql/callers=%d", callers), func(b *testing.B) {
			benchReceive(b, open(b, store.Config{Dir: b.TempDir(), Database: pgtest.URL(b)}), callers)
		})
	}
}

func benchReceive(b *testing.B, s *store.Store, callers int) {
	xml := make([]byte, 5000)
	_, _ = rand.Read(xml)
	var next atomic.Int64
	var group sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	began, cpu := time.Now(), cpuTime()
	for range callers {
		group.Go(func() {
			for {
				n := next.Add(1)
				if n > int64(b.N) {
					return
				}
				own := fmt.Appendf(nil, "%012d%s", n, xml)
				if err := s.Write(context.Background(), func(tx *store.Tx) error { return receive(tx, sample(n), own) }); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	b.ReportMetric(float64(b.N)/time.Since(began).Seconds(), "rows/s")
	b.ReportMetric((cpuTime()-cpu).Seconds()*1000/float64(b.N), "cpu-ms/row")
}

// cpuTime is the CPU time of this process so far, user and system.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
