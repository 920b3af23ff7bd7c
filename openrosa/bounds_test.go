package openrosa_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"safar/internal/collect"
	"safar/openrosa"
	"safar/record"
	"safar/store"
)

// endless makes an attachment of any size out of nothing.
func endless(name string, size int64) collect.Attachment {
	return collect.Attachment{Name: name, Size: size, Open: func() (io.Reader, error) { return zeros{}, nil }}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// TestHugeAttachmentTakesNoMemory is not parallel: it measures the memory of the whole process.
func TestHugeAttachmentTakesNoMemory(t *testing.T) {
	f := newField(t)
	f.phone.Chunked = true
	stop, peak := make(chan struct{}), make(chan uint64)
	go func() {
		var highest uint64
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			highest = max(highest, m.HeapAlloc)
			select {
			case <-stop:
				peak <- highest
				return
			case <-time.After(5 * time.Millisecond):
			}
		}
	}()
	both := answers(instanceA, "Aral", "p.jpg", "s.m4a")
	got, err := f.phone.Post(context.Background(), both, endless("p.jpg", 200<<20), collect.Bytes("s.m4a", []byte("sound")))
	close(stop)
	var status *collect.StatusError
	if !errors.As(err, &status) || got.Status != 413 || !strings.Contains(got.Message, "p.jpg is larger than 100 MB") {
		t.Fatalf("%+v, %v", got, err)
	}
	if highest := <-peak; highest > 64<<20 {
		t.Errorf("the heap grew to %d MB", highest>>20)
	}
	f.wantStates(record.Received)
	if states := f.attachments(f.records()[0].ID); states["p.jpg"] != store.AttachmentRefused || states["s.m4a"] != store.AttachmentPresent {
		t.Errorf("attachments: %v", states)
	}
	if n := f.spooled(); n != 0 {
		t.Errorf("%d spool files are left", n)
	}
}

func TestRequestOverItsBounds(t *testing.T) {
	t.Parallel()
	f := newField(t)
	f.restart(openrosa.Other{Request: 1 << 20, Parts: 3})
	small := part{"p.jpg", "p.jpg", "picture"}
	both := answers(instanceA, "Aral", "p.jpg", "s.m4a")
	many := []part{xmlPart(both), small}
	for i := range 5 {
		many = append(many, part{"x", fmt.Sprint(i), fmt.Sprint(i)})
	}
	long := part{"s.m4a", "s.m4a", strings.Repeat("s", 2<<20)}
	for _, c := range []struct {
		name  string
		parts []part
		kept  []record.State
	}{
		{"too long before the answers", []part{long, xmlPart(both)}, nil},
		{"too long behind the answers", []part{xmlPart(both), small, long}, []record.State{record.Waiting}},
		{"too many files", many, []record.State{record.Waiting}},
	} {
		answer, body := f.post(c.parts...)
		if answer.StatusCode != 413 || !strings.Contains(body, "larger than 1 MB") {
			t.Errorf("%s: status %d: %s", c.name, answer.StatusCode, body)
		}
		f.wantStates(c.kept...)
	}
	if states := f.attachments(f.records()[0].ID); states["p.jpg"] != store.AttachmentPresent || states["s.m4a"] != store.AttachmentMissing {
		t.Errorf("attachments: %v", states)
	}
	kind := "text/xml"
	answer, body := f.do("POST", f.door()+"/submission", zip(strings.Repeat(" ", 3<<20)), "Content-Type", kind, "Content-Encoding", "gzip")
	if answer.StatusCode != 413 {
		t.Errorf("a bomb: status %d: %s", answer.StatusCode, body)
	}
}

// open begins a submission by hand and sends the first part of its body.
func (f *field) open(length int, body, kind string) net.Conn {
	f.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(f.server.URL, "http://"))
	f.must(err)
	_, err = fmt.Fprintf(conn, "POST %s/submission HTTP/1.1\r\nHost: x\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s", f.door(), kind, length, body)
	f.must(err)
	return conn
}

func TestClientThatHangsUp(t *testing.T) {
	t.Parallel()
	f := newField(t)
	body, kind := encode(t, xmlPart(answers(instanceA, "Aral", "p.jpg", "")), part{"p.jpg", "p.jpg", strings.Repeat("p", 1<<20)})
	conn := f.open(len(body), body[:len(body)-1000], kind)
	f.wait("the attachment is being spooled", func() bool { return f.spooled() == 1 })
	f.must(conn.Close())
	f.wait("the spool file is gone", func() bool { return f.spooled() == 0 })
	f.wantStates()
}

func TestClientThatFallsSilent(t *testing.T) {
	t.Parallel()
	f := newField(t)
	f.restart(openrosa.Other{Idle: 900 * time.Millisecond})
	body, kind := encode(t, xmlPart(answers(instanceA, "Aral", "p.jpg", "")), part{"p.jpg", "p.jpg", strings.Repeat("p", 1<<20)})
	conn := f.open(len(body), body[:100], kind)
	defer conn.Close()
	rest := body[100:]
	for i := range 5 { // slower than the patience for silence, but never silent
		time.Sleep(250 * time.Millisecond)
		_, err := io.WriteString(conn, rest[i*100:i*100+100])
		f.must(err)
	}
	_, err := io.WriteString(conn, rest[500:len(rest)-1000])
	f.must(err)
	f.wait("the attachment is being spooled", func() bool { return f.spooled() == 1 })
	f.wait("the spool file is gone", func() bool { return f.spooled() == 0 })
	f.wantStates()
}

func (f *field) wait(what string, done func() bool) {
	f.t.Helper()
	for range 500 {
		if done() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	f.t.Fatalf("never: %s", what)
}

func TestTooManyAtOnce(t *testing.T) {
	t.Parallel()
	f := newField(t)
	f.restart(openrosa.Other{Reading: 1})
	body, kind := encode(t, xmlPart(answers(instanceA, "Aral", "p.jpg", "")), part{"p.jpg", "p.jpg", strings.Repeat("p", 1<<20)})
	conn := f.open(len(body), body[:len(body)-1000], kind)
	defer conn.Close()
	f.wait("the first is being read", func() bool { return f.spooled() == 1 })
	answer, text := f.post(xmlPart(answers(instanceB, "Aral", "", "")))
	if answer.StatusCode != 503 || answer.Header.Get("Retry-After") == "" {
		t.Errorf("status %d: %s", answer.StatusCode, text)
	}
	_, err := io.WriteString(conn, body[len(body)-1000:])
	f.must(err)
	line, err := bufio.NewReader(conn).ReadString('\n')
	if err != nil || !strings.Contains(line, "201") {
		t.Errorf("the slow one: %q, %v", line, err)
	}
	if answer, text := f.post(xmlPart(answers(instanceB, "Aral", "", ""))); answer.StatusCode != 201 {
		t.Errorf("after it: status %d: %s", answer.StatusCode, text)
	}
}

func TestSpoolIsCleanedAtTheStart(t *testing.T) {
	t.Parallel()
	f := newField(t)
	left, other := filepath.Join(f.cfg.SpoolDir, "openrosa-123.spool"), filepath.Join(f.cfg.SpoolDir, "notes.txt")
	for _, name := range []string{left, other} {
		f.must(os.WriteFile(name, []byte("x"), 0o600))
	}
	openrosa.Handler(f.cfg)
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what was left is still there: %v", err)
	}
	if _, err := os.Stat(other); err != nil {
		t.Errorf("another's file is gone: %v", err)
	}
}

func TestManyPhonesAtOnce(t *testing.T) {
	t.Parallel()
	f := newField(t)
	const phones, each = 8, 100
	devices := make([]*collect.Client, phones)
	for i := range devices {
		devices[i] = f.client(f.addDevice(fmt.Sprintf("phone-%d", i)))
		devices[i].Attempts = 3
	}
	var group sync.WaitGroup
	for p, phone := range devices {
		group.Go(func() {
			for n := range each {
				id := fmt.Sprintf("uuid:%d-%d", p, n)
				record, photo := answers(id, "Aral", id+".jpg", ""), collect.Bytes(id+".jpg", []byte(id))
				for range 1 + n%2 { // every second is sent twice, as after an answer that got lost
					if got, err := phone.Submit(context.Background(), record, photo); err != nil || got.Status != 201 {
						t.Errorf("%s: %+v, %v", id, got, err)
					}
				}
			}
		})
	}
	group.Wait()
	counts := map[record.State]int64{}
	f.must(f.store.Read(context.Background(), func(tx *store.Tx) (err error) {
		counts, err = tx.CountRecords(operation, "flow-registry")
		return err
	}))
	if counts[record.Received] != phones*each || len(counts) != 1 {
		t.Errorf("kept %v, want %d", counts, phones*each)
	}
}
