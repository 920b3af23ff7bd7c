package store

import (
	"bufio"
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"

	"golang.org/x/crypto/argon2"

	"safar/fault"
)

// A backup is one line that names the format, one line of JSON that says how the key is made, and encrypted frames;
// docs/storage.md describes it for other programs.

const (
	backupMagic = "SAFAR-BACKUP-1\n"
	frameSize   = 64 << 10 // plaintext of every frame but the last
	leastPass   = 8        // characters of a passphrase
	longestLine = 1 << 20  // bytes of a line of JSON in a backup
)

// keyMaking is the second line of a backup: how the key is made from the passphrase with argon2id.
type keyMaking struct {
	Salt    string `json:"salt"`       // 16 bytes, hex
	Time    uint32 `json:"time"`       // passes
	Memory  uint32 `json:"memory_kib"` // KiB
	Threads uint8  `json:"threads"`
}

// aead makes the cipher; parameters beyond reason are refused, because a foreign file must not take all memory.
func (k keyMaking) aead(passphrase string) (cipher.AEAD, error) {
	salt, err := hex.DecodeString(k.Salt)
	if err != nil || len(salt) != 16 || k.Time < 1 || k.Time > 16 || k.Memory < 8 || k.Memory > 1<<20 || k.Threads < 1 || k.Threads > 64 {
		return nil, fault.New(fault.StoreNotABackup)
	}
	block, err := aes.NewCipher(argon2.IDKey([]byte(passphrase), salt, k.Time, k.Memory, k.Threads, keySize))
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// frameNonce numbers the frames, so that none can be moved, doubled or left out, and marks the last, so that none can
// be cut off. The key is of one backup, so a nonce never serves twice.
func frameNonce(number uint64, last bool) []byte {
	nonce := make([]byte, 12)
	binary.BigEndian.PutUint64(nonce[3:], number)
	if last {
		nonce[11] = 1
	}
	return nonce
}

// frameWriter encrypts what is written to it.
type frameWriter struct {
	w      io.Writer
	aead   cipher.AEAD
	header []byte // SHA-256 of the first two lines, authenticated with every frame
	number uint64
	buffer []byte
	sealed []byte
}

func newFrameWriter(w io.Writer, passphrase string) (*frameWriter, error) {
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return nil, err
	}
	making := keyMaking{Salt: hex.EncodeToString(salt), Time: 3, Memory: 32 << 10, Threads: 2}
	line, err := json.Marshal(making)
	if err != nil {
		return nil, err
	}
	header := append([]byte(backupMagic), append(line, '\n')...)
	if _, err := w.Write(header); err != nil {
		return nil, err
	}
	aead, err := making.aead(passphrase)
	sum := sha256.Sum256(header)
	return &frameWriter{w: w, aead: aead, header: sum[:], buffer: make([]byte, 0, frameSize)}, err
}

func (f *frameWriter) Write(p []byte) (int, error) {
	written := len(p)
	for len(p) > 0 {
		if len(f.buffer) == frameSize { // a full frame waits, because it may be the last
			if err := f.flush(false); err != nil {
				return 0, err
			}
		}
		n := min(len(p), frameSize-len(f.buffer))
		f.buffer = append(f.buffer, p[:n]...)
		p = p[n:]
	}
	return written, nil
}

func (f *frameWriter) flush(last bool) error {
	f.sealed = f.aead.Seal(f.sealed[:0], frameNonce(f.number, last), f.buffer, f.header)
	f.number++
	f.buffer = f.buffer[:0]
	_, err := f.w.Write(f.sealed)
	return err
}

// Close writes the last frame.
func (f *frameWriter) Close() error { return f.flush(true) }

// frameReader decrypts what frameWriter wrote.
type frameReader struct {
	r      *bufio.Reader
	aead   cipher.AEAD
	header []byte
	number uint64
	sealed []byte
	rest   []byte
	err    error
}

func newFrameReader(r io.Reader, passphrase string) (*frameReader, error) {
	b := bufio.NewReaderSize(r, frameSize+64)
	magic := make([]byte, len(backupMagic))
	if _, err := io.ReadFull(b, magic); err != nil || string(magic) != backupMagic {
		return nil, fault.New(fault.StoreNotABackup)
	}
	line, err := b.ReadSlice('\n')
	var making keyMaking
	if err != nil || json.Unmarshal(line, &making) != nil {
		return nil, fault.New(fault.StoreNotABackup)
	}
	sum := sha256.Sum256(append(magic, bytes.Clone(line)...))
	aead, err := making.aead(passphrase)
	if err != nil {
		return nil, err
	}
	return &frameReader{r: b, aead: aead, header: sum[:], sealed: make([]byte, frameSize+aead.Overhead())}, nil
}

func (f *frameReader) Read(p []byte) (int, error) {
	for len(f.rest) == 0 && f.err == nil {
		f.err = f.load()
	}
	if len(f.rest) == 0 {
		return 0, f.err
	}
	n := copy(p, f.rest)
	f.rest = f.rest[n:]
	return n, nil
}

// load decrypts the next frame; a wrong passphrase shows at the first one.
func (f *frameReader) load() error {
	if f.number > 0 && f.sealed == nil {
		return io.EOF
	}
	n, err := io.ReadFull(f.r, f.sealed)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return backupDamaged("it ends too early")
	}
	_, peek := f.r.Peek(1)
	last := peek != nil
	f.rest, err = f.aead.Open(f.sealed[:0], frameNonce(f.number, last), f.sealed[:n], f.header)
	if err != nil && f.number == 0 {
		return fault.New(fault.StorePassphrase)
	}
	if err != nil {
		return backupDamaged("a part does not decrypt, or the end is missing")
	}
	f.number++
	if last {
		f.sealed = nil
	}
	return nil
}

func backupDamaged(reason string) error { return fault.New(fault.StoreBackupDamaged, "reason", reason) }
