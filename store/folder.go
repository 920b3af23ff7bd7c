package store

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"safar/fault"
)

// What a data folder holds.
const (
	databaseFile = "safar.db"
	markerFile   = "safar.json"
	lockFile     = "safar.lock"
	keyFile      = "master.key"
)

// layout is the version of the data folder's layout, as the marker states it.
const layout = 1

// marker is the content of safar.json, by which a folder is known to be a data folder.
type marker struct {
	Layout int `json:"layout"`
}

// takeFolder makes the data folder or checks that it is one, and locks it.
func (s *Store) takeFolder(cfg Config) error {
	if s.dir == "" && cfg.Database == ":memory:" {
		return nil
	}
	if s.dir == "" {
		return fault.New(fault.StoreFolderUnusable, "dir", `""`, "reason", "it has no name")
	}
	fresh, err := checkFolder(s.dir)
	if err != nil {
		return err
	}
	if cfg.Lock == nil {
		if s.lock, err = TakeLock(s.dir); err != nil {
			return err
		}
	}
	if fresh {
		return makeFolder(s.dir)
	}
	return nil
}

// checkFolder says whether the folder is still to be made; a folder with other things in it is refused untouched.
func checkFolder(dir string) (fresh bool, err error) {
	text, err := os.ReadFile(filepath.Join(dir, markerFile))
	if err == nil {
		var m marker
		if json.Unmarshal(text, &m) != nil || m.Layout < 1 {
			return false, fault.New(fault.StoreNotADataFolder, "dir", dir, "found", "a "+markerFile+" that Safar cannot read")
		}
		if m.Layout > layout {
			return false, newer(dir, m.Layout, layout)
		}
		return false, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return false, unusable(dir, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, unusable(dir, err)
	}
	for _, e := range entries {
		if !ours(e.Name()) {
			return false, fault.New(fault.StoreNotADataFolder, "dir", dir, "found", e.Name())
		}
	}
	return true, nil
}

// ours says whether a name may stand in a folder whose marker is not written yet: after a lock, a key put there by
// hand, or a first Open that was cut short.
func ours(name string) bool {
	switch name {
	case keyFile, "spool", "warehouse", "releases", "lost+found":
		return true
	}
	return strings.HasPrefix(name, "safar.") || strings.HasPrefix(name, ".")
}

func makeFolder(dir string) error {
	for _, sub := range []string{"", "spool", "warehouse", "releases"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return unusable(dir, err)
		}
	}
	text, err := json.Marshal(marker{layout})
	if err != nil {
		return err
	}
	return writeNew(dir, markerFile, append(text, '\n'))
}

// writeNew writes a small file so that it is there whole or not at all.
func writeNew(dir, name string, content []byte) error {
	f, err := os.CreateTemp(dir, ".new-*") // CreateTemp makes files of mode 0600
	if err != nil {
		return unusable(dir, err)
	}
	_, err = f.Write(content)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(dir, name))
	}
	if err != nil {
		return unusable(dir, errors.Join(err, os.Remove(f.Name())))
	}
	return syncFolder(dir)
}

// syncFolder makes a new name in a folder last; Windows does so by itself and cannot sync folders.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return unusable(dir, err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return unusable(dir, err)
	}
	return nil
}

// masterKey gives the key of the installation; used says that data encrypted under it exists already.
func (s *Store) masterKey(given []byte, used bool) ([]byte, error) {
	if given != nil {
		if len(given) != keySize {
			return nil, fault.New(fault.StoreKeyWrong, "where", s.where())
		}
		return given, nil
	}
	if s.dir == "" {
		key := make([]byte, keySize)
		_, err := rand.Read(key)
		return key, err
	}
	text, err := os.ReadFile(filepath.Join(s.dir, keyFile))
	switch {
	case err == nil:
		return s.parseKey(text)
	case !errors.Is(err, fs.ErrNotExist):
		return nil, unusable(s.dir, err)
	case used:
		return nil, fault.New(fault.StoreKeyMissing, "where", s.where(), "file", filepath.Join(s.dir, keyFile))
	}
	return makeKey(s.dir)
}

func (s *Store) parseKey(text []byte) ([]byte, error) {
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) != keySize {
		return nil, fault.New(fault.StoreKeyWrong, "where", s.where())
	}
	return key, nil
}

func makeKey(dir string) ([]byte, error) {
	key := make([]byte, keySize)
	if _, err := rand.Read(key); err != nil {
		return nil, err
	}
	return key, writeNew(dir, keyFile, []byte(hex.EncodeToString(key)+"\n"))
}

// unusable tells a full disk from a folder that cannot be used.
func unusable(dir string, err error) error {
	if errors.Is(err, syscall.ENOSPC) {
		return fault.Wrap(err, fault.StoreNoSpace)
	}
	reason := err.Error()
	var path *fs.PathError
	if errors.As(err, &path) {
		reason = path.Err.Error()
	}
	return fault.Wrap(err, fault.StoreFolderUnusable, "dir", dir, "reason", reason)
}

func newer(where string, found, known int) error {
	return fault.New(fault.StoreNewerVersion, "where", where, "found", strconv.Itoa(found), "known", strconv.Itoa(known))
}
