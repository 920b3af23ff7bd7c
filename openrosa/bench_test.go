package openrosa_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"safar/internal/collect"
)

// BenchmarkSubmission is one post over a real connection into the embedded store in memory: no disk, so that what the
// surface costs shows.
func BenchmarkSubmission(b *testing.B) {
	for _, files := range []int{0, 1} {
		b.Run(fmt.Sprintf("files=%d", files), func(b *testing.B) {
			f := newField(b)
			photo := collect.Bytes("p.jpg", make([]byte, 100_000))
			var n atomic.Int64
			b.SetParallelism(4)
			b.RunParallel(func(pb *testing.PB) {
				phone := f.client(f.device)
				for pb.Next() {
					id := fmt.Sprintf("uuid:%d", n.Add(1))
					if _, err := phone.Post(context.Background(), answers(id, id, "p.jpg", ""), []collect.Attachment{photo}[:files]...); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
