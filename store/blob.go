package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strconv"
	"sync"
	"time"

	"safar/fault"
)

// A blob is content named by the SHA-256 (hex) of its plaintext, inside an operation. It is stored in parts of one
// mebibyte, each encrypted for its operation, name and place. Part 0 is written last: where it is, the blob is whole.

// partSize is the plaintext size of every part but the last.
const partSize = 1 << 20

// maxParts bounds a blob at 64 GiB.
const maxParts = 1 << 16

// uploads lets one goroutine at a time write a given blob.
type uploads struct {
	mutex *sync.Mutex
	free  *sync.Cond
	busy  map[string]bool
}

func newUploads() uploads {
	m := &sync.Mutex{}
	return uploads{m, sync.NewCond(m), map[string]bool{}}
}

func (u uploads) take(name string) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	for u.busy[name] {
		u.free.Wait()
	}
	u.busy[name] = true
}

func (u uploads) leave(name string) {
	u.mutex.Lock()
	defer u.mutex.Unlock()
	delete(u.busy, name)
	u.free.Broadcast()
}

// parts is how many parts a blob of so many bytes has; an empty blob has one, which is empty.
func parts(size int64) int64 { return max(1, (size+partSize-1)/partSize) }

func partPurpose(op, sha string, part int64) string {
	return "blob|" + op + "|" + sha + "|" + strconv.FormatInt(part, 10)
}

// PutBlob stores size bytes read from r, whose SHA-256 (hex) the caller knows from spooling them; content that is
// there already is not read. It holds two parts in memory at most. Each part is its own Write, before the write that refers
// to the blob; what a broken upload leaves is overwritten by the next or removed by CollectBlobs. Fault
// store.blob_mismatch when r gives other bytes than stated.
func (s *Store) PutBlob(ctx context.Context, op, sha string, size int64, r io.Reader) error {
	if size < 0 || parts(size) > maxParts || !isSHA(sha) {
		return fault.New(fault.StoreBlobMismatch, "reason", "its stated size or hash cannot be")
	}
	s.uploads.take(op + "|" + sha)
	defer s.uploads.leave(op + "|" + sha)
	var there bool
	err := s.Read(ctx, func(tx *Tx) (err error) {
		there, err = tx.HasBlob(op, sha)
		return err
	})
	if err != nil {
		return err
	}
	if there {
		return s.freshen(ctx, op, sha)
	}
	up := upload{s: s, op: op, sha: sha, size: size}
	if err := up.clear(ctx); err != nil {
		return err
	}
	if err := up.write(ctx, r); err != nil {
		return errors.Join(err, up.clear(context.WithoutCancel(ctx)))
	}
	return nil
}

// freshen keeps CollectBlobs away from a blob that was there already and is about to be referred to.
func (s *Store) freshen(ctx context.Context, op, sha string) error {
	return s.Write(ctx, func(tx *Tx) error {
		return tx.put("UPDATE blob SET stored_at = $1 WHERE operation = $2 AND sha256 = $3 AND part = 0 AND stored_at < $4",
			micros(tx.now), op, sha, micros(tx.now.Add(-time.Hour)))
	})
}

// upload is one blob on its way in.
type upload struct {
	s       *Store
	op, sha string
	size    int64
}

// clear removes parts that an earlier, broken upload left.
func (u upload) clear(ctx context.Context) error {
	return u.s.Write(ctx, func(tx *Tx) error { return tx.clearParts(u.op, u.sha) })
}

func (tx *Tx) clearParts(op, sha string) error {
	there, err := tx.HasBlob(op, sha)
	if err != nil || there {
		return err
	}
	return tx.put("DELETE FROM blob WHERE operation = $1 AND sha256 = $2", op, sha)
}

// write stores parts 1, 2, ... as they come and part 0 when the whole was read and its hash is right.
func (u upload) write(ctx context.Context, r io.Reader) error {
	sum := sha256.New()
	r = io.TeeReader(r, sum)
	head := make([]byte, min(u.size, partSize))
	if _, err := io.ReadFull(r, head); err != nil {
		return shorter(err)
	}
	buffer := make([]byte, min(max(u.size-partSize, 0), partSize))
	for part := int64(1); part < parts(u.size); part++ {
		b := buffer[:min(u.size-part*partSize, partSize)]
		if _, err := io.ReadFull(r, b); err != nil {
			return shorter(err)
		}
		if err := u.part(ctx, part, b); err != nil {
			return err
		}
	}
	if n, err := r.Read(make([]byte, 1)); n > 0 || err != nil && !errors.Is(err, io.EOF) {
		return mismatch("there is more than " + strconv.FormatInt(u.size, 10) + " bytes")
	}
	if hex.EncodeToString(sum.Sum(nil)) != u.sha {
		return mismatch("its SHA-256 is another")
	}
	return u.part(ctx, 0, head)
}

func (u upload) part(ctx context.Context, part int64, text []byte) error {
	return u.s.Write(ctx, func(tx *Tx) error { return tx.putPart(u.op, u.sha, u.size, part, text) })
}

func (tx *Tx) putPart(op, sha string, size, part int64, text []byte) error {
	sealed, err := tx.seal(op, partPurpose(op, sha, part), text)
	if err != nil {
		return err
	}
	return tx.put("INSERT INTO blob (operation, sha256, part, parts, bytes, stored_at, sealed) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
		op, sha, part, parts(size), size, micros(tx.now), sealed)
}

func mismatch(reason string) error { return fault.New(fault.StoreBlobMismatch, "reason", reason) }

func shorter(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return mismatch("it is shorter than stated")
	}
	return err
}

func isSHA(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == sha256.Size && s == hex.EncodeToString(b)
}

// PutBlobBytes stores small content, such as a submission's XML, in the same transaction and gives its SHA-256 (hex).
func (tx *Tx) PutBlobBytes(op string, content []byte) (sha string, err error) {
	sum := sha256.Sum256(content)
	sha = hex.EncodeToString(sum[:])
	size := int64(len(content))
	if parts(size) > 1 {
		if err := tx.clearParts(op, sha); err != nil {
			return "", err
		}
	}
	for part := range parts(size) {
		b := content[part*partSize : min(size, (part+1)*partSize)]
		if err := tx.putPart(op, sha, size, part, b); err != nil {
			return "", err
		}
	}
	return sha, nil
}

// HasBlob says whether the blob is there, whole.
func (tx *Tx) HasBlob(op, sha string) (bool, error) {
	_, err := first(tx, value[int64], "SELECT part FROM blob WHERE operation = $1 AND sha256 = $2 AND part = 0", op, sha)
	if errors.Is(err, errNone) {
		return false, nil
	}
	return err == nil, err
}

// blobInfo is what part 0 says of the whole.
type blobInfo struct{ parts, bytes int64 }

func (tx *Tx) blobInfo(op, sha string) (blobInfo, error) {
	return named(tx, "content", sha, func(r row) (b blobInfo, err error) {
		err = r.Scan(&b.parts, &b.bytes)
		return b, err
	}, "SELECT parts, bytes FROM blob WHERE operation = $1 AND sha256 = $2 AND part = 0", op, sha)
}

// part reads and decrypts one part.
func (tx *Tx) part(op, sha string, part int64) ([]byte, error) {
	sealed, err := first(tx, value[[]byte], "SELECT sealed FROM blob WHERE operation = $1 AND sha256 = $2 AND part = $3", op, sha, part)
	if errors.Is(err, errNone) {
		return nil, damaged(sha, "part %d is missing", part)
	}
	if err != nil {
		return nil, err
	}
	text, err := tx.unseal(op, partPurpose(op, sha, part), sealed)
	if errors.Is(err, errSealed) {
		return nil, damaged(sha, "part %d does not decrypt", part)
	}
	return text, err
}

func damaged(sha, format string, args ...any) error {
	return fault.New(fault.StoreBlobDamaged, "sha", sha, "reason", fmt.Sprintf(format, args...))
}

// BlobBytes reads a small blob whole; fault store.blob_damaged when it is not what its name says.
func (tx *Tx) BlobBytes(op, sha string) ([]byte, error) {
	info, err := tx.blobInfo(op, sha)
	if err != nil {
		return nil, err
	}
	var all bytes.Buffer
	for part := range info.parts {
		text, err := tx.part(op, sha, part)
		if err != nil {
			return nil, err
		}
		all.Write(text)
	}
	sum := sha256.Sum256(all.Bytes())
	if hex.EncodeToString(sum[:]) != sha {
		return nil, damaged(sha, "its SHA-256 is another")
	}
	return all.Bytes(), nil
}

// OpenBlob reads a blob part by part. The last Read gives fault store.blob_damaged instead of io.EOF when the content
// is not what its name says; every part is authenticated before any of its bytes are given.
func (s *Store) OpenBlob(ctx context.Context, op, sha string) (io.ReadCloser, error) {
	b := &blobReader{ctx: ctx, s: s, op: op, sha: sha, hasher: sha256.New()}
	err := s.Read(ctx, func(tx *Tx) (err error) {
		b.info, err = tx.blobInfo(op, sha)
		return err
	})
	if err != nil {
		return nil, err
	}
	return b, nil
}

type blobReader struct {
	ctx     context.Context
	s       *Store
	op, sha string
	info    blobInfo
	next    int64 // part to read next
	rest    []byte
	hasher  hash.Hash
	err     error
}

func (b *blobReader) Read(p []byte) (int, error) {
	for len(b.rest) == 0 && b.err == nil {
		b.err = b.load()
	}
	if len(b.rest) == 0 {
		return 0, b.err
	}
	n := copy(p, b.rest)
	b.rest = b.rest[n:]
	return n, nil
}

// load decrypts the next part; after the last one it checks the whole.
func (b *blobReader) load() error {
	if b.next == b.info.parts {
		if hex.EncodeToString(b.hasher.Sum(nil)) != b.sha {
			return damaged(b.sha, "its SHA-256 is another")
		}
		return io.EOF
	}
	err := b.s.Read(b.ctx, func(tx *Tx) (err error) {
		b.rest, err = tx.part(b.op, b.sha, b.next)
		return err
	})
	b.next++
	if err == nil {
		_, err = b.hasher.Write(b.rest)
	}
	return err
}

func (b *blobReader) Close() error {
	b.rest, b.err = nil, io.ErrClosedPipe
	return nil
}

// CollectBlobs removes content that nothing refers to and that was stored before a time, and gives how many blobs went.
// Records, attachments, imports and releases refer to blobs. The time leaves alone what is on its way in.
func (s *Store) CollectBlobs(ctx context.Context, op string, before time.Time) (removed int64, err error) {
	err = s.Write(ctx, func(tx *Tx) error {
		shas, err := list(tx, value[string], unreferenced, op, micros(before))
		for _, sha := range shas {
			if err == nil {
				err = tx.put("DELETE FROM blob WHERE operation = $1 AND sha256 = $2", op, sha)
			}
		}
		removed = int64(len(shas))
		return err
	})
	return removed, err
}

const unreferenced = `SELECT DISTINCT b.sha256 FROM blob b WHERE b.operation = $1 AND b.stored_at < $2
  AND NOT EXISTS (SELECT 1 FROM blob n WHERE n.operation = b.operation AND n.sha256 = b.sha256 AND n.stored_at >= $2)
  AND NOT EXISTS (SELECT 1 FROM record r WHERE r.operation = b.operation AND r.original = b.sha256)
  AND NOT EXISTS (SELECT 1 FROM attachment a WHERE a.operation = b.operation AND a.sha256 = b.sha256)
  AND NOT EXISTS (SELECT 1 FROM import i WHERE i.operation = b.operation AND i.file_sha256 = b.sha256)
  AND NOT EXISTS (SELECT 1 FROM release_file f WHERE f.operation = b.operation AND f.sha256 = b.sha256)`
