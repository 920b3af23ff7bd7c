package store

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"io"
	"strconv"
	"sync"

	"safar/fault"
)

const (
	keySize     = 32 // AES-256
	sealVersion = 1  // first byte of everything sealed
)

// key is one AES-256-GCM key. Sealed bytes are: version (1 byte), number of the key (4, big endian), nonce (12),
// ciphertext with tag. What the bytes are for is authenticated with them, so that they cannot be moved elsewhere.
type key struct {
	number uint32
	aead   cipher.AEAD
}

const sealHead = 1 + 4 + 12

var errSealed = errors.New("sealed bytes do not open: damaged, moved, or of another key")

func newKey(number uint32, secret []byte) (*key, error) {
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	return &key{number, aead}, err
}

// seal encrypts text for the purpose.
func (k *key) seal(random io.Reader, text []byte, purpose string) ([]byte, error) {
	out := make([]byte, sealHead, sealHead+len(text)+k.aead.Overhead())
	out[0] = sealVersion
	binary.BigEndian.PutUint32(out[1:], k.number)
	if _, err := io.ReadFull(random, out[5:sealHead]); err != nil {
		return nil, err
	}
	return k.aead.Seal(out, out[5:sealHead], text, []byte(purpose)), nil
}

// open decrypts what seal made for the same purpose.
func (k *key) open(sealed []byte, purpose string) ([]byte, error) {
	if len(sealed) < sealHead || sealed[0] != sealVersion {
		return nil, errSealed
	}
	text, err := k.aead.Open(nil, sealed[5:sealHead], sealed[sealHead:], []byte(purpose))
	if err != nil {
		return nil, errSealed
	}
	return text, nil
}

// keyName names a data key: number 0 stands for the newest.
type keyName struct {
	operation string
	number    uint32
}

// keyring holds the master key and those data keys that are known to be stored.
type keyring struct {
	master *key
	mutex  sync.RWMutex
	known  map[keyName]*key
}

func newKeyring(master []byte) (*keyring, error) {
	k, err := newKey(0, master)
	return &keyring{master: k, known: map[keyName]*key{}}, err
}

// learn takes over keys that are in committed rows.
func (r *keyring) learn(keys map[keyName]*key) {
	if len(keys) == 0 {
		return
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	for name, k := range keys {
		r.known[name] = k
	}
}

func (r *keyring) get(name keyName) *key {
	r.mutex.RLock()
	defer r.mutex.RUnlock()
	return r.known[name]
}

// key gives a data key of the operation, the newest for number 0. Inside Write the first key is made when there is none.
func (tx *Tx) key(op string, number uint32) (*key, error) {
	name := keyName{op, number}
	if tx.group != nil {
		if k := tx.group.keys[name]; k != nil {
			return k, nil
		}
	}
	if k := tx.s.keys.get(name); k != nil {
		return k, nil
	}
	k, err := tx.loadKey(op, number)
	if errors.Is(err, errNone) && number == 0 && tx.group != nil {
		k, err = tx.makeKey(op, 1)
	}
	if err != nil {
		return nil, err
	}
	tx.keepKey(op, k, number == 0)
	return k, nil
}

// keepKey remembers a key: in Write only for this transaction, until the commit.
func (tx *Tx) keepKey(op string, k *key, newest bool) {
	keys := map[keyName]*key{{op, k.number}: k}
	if newest {
		keys[keyName{op, 0}] = k
	}
	if tx.group == nil {
		tx.s.keys.learn(keys)
		return
	}
	for name, k := range keys {
		tx.group.keys[name] = k
	}
}

func (tx *Tx) loadKey(op string, number uint32) (*key, error) {
	type stored struct {
		number  uint32
		wrapped []byte
	}
	text := "SELECT number, wrapped FROM data_key WHERE operation = $1 AND number = $2"
	if number == 0 {
		text = "SELECT number, wrapped FROM data_key WHERE operation = $1 AND number > $2 ORDER BY number DESC LIMIT 1"
	}
	found, err := first(tx, func(r row) (s stored, err error) {
		err = r.Scan(&s.number, &s.wrapped)
		return s, err
	}, text, op, int64(number))
	if err != nil {
		return nil, err
	}
	secret, err := tx.s.keys.master.open(found.wrapped, keyPurpose(op, found.number))
	if err != nil {
		return nil, fault.Wrap(err, fault.StoreKeyWrong, "where", tx.s.where())
	}
	return newKey(found.number, secret)
}

// loadKeys makes all keys of an operation known.
func (tx *Tx) loadKeys(op string) error {
	numbers, err := list(tx, value[uint32], "SELECT number FROM data_key WHERE operation = $1", op)
	for _, number := range numbers {
		if err == nil {
			_, err = tx.key(op, number)
		}
	}
	return err
}

func (tx *Tx) makeKey(op string, number uint32) (*key, error) {
	secret := make([]byte, keySize)
	if _, err := rand.Read(secret); err != nil {
		return nil, err
	}
	wrapped, err := tx.s.keys.master.seal(rand.Reader, secret, keyPurpose(op, number))
	if err != nil {
		return nil, err
	}
	err = tx.put("INSERT INTO data_key (operation, number, wrapped, created_at) VALUES ($1, $2, $3, $4)",
		op, int64(number), wrapped, micros(tx.now))
	if err != nil {
		return nil, err
	}
	return newKey(number, secret)
}

func keyPurpose(op string, number uint32) string {
	return "key|" + op + "|" + strconv.FormatUint(uint64(number), 10)
}

// seal encrypts text with the operation's newest key, for the purpose.
func (tx *Tx) seal(op, purpose string, text []byte) ([]byte, error) {
	k, err := tx.key(op, 0)
	if err != nil {
		return nil, err
	}
	return k.seal(rand.Reader, text, purpose)
}

// unseal decrypts what seal made, whichever key of the operation was the newest then.
func (tx *Tx) unseal(op, purpose string, sealed []byte) ([]byte, error) {
	if len(sealed) < sealHead {
		return nil, errSealed
	}
	number := binary.BigEndian.Uint32(sealed[1:])
	if number == 0 {
		return nil, errSealed
	}
	k, err := tx.key(op, number)
	if errors.Is(err, errNone) {
		return nil, errSealed
	}
	if err != nil {
		return nil, err
	}
	return k.open(sealed, purpose)
}

// RotateKey makes a new data key for the operation ("" = the installation's own). What is stored from now on is
// encrypted with it; what was stored before stays readable with the old one.
func (s *Store) RotateKey(ctx context.Context, op string) error {
	return s.Write(ctx, func(tx *Tx) error { return tx.RotateKey(op) })
}

// RotateKey is Store.RotateKey inside a larger write.
func (tx *Tx) RotateKey(op string) error {
	old, err := tx.loadKey(op, 0)
	number := uint32(1)
	switch {
	case err == nil:
		number = old.number + 1
	case !errors.Is(err, errNone):
		return err
	}
	k, err := tx.makeKey(op, number)
	if err != nil {
		return err
	}
	tx.keepKey(op, k, true)
	return nil
}
