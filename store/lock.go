package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"safar/fault"
)

// Lock is the right to be the only process on a data folder. The operating system drops it when the process ends, in
// whatever way.
type Lock struct{ file *os.File }

// errHeld is what lockNow answers when another process holds the lock.
var errHeld = errors.New("held by another process")

// TakeLock locks the data folder, which it makes when there is none. Fault store.locked names the holder's process id.
func TakeLock(dir string) (*Lock, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, unusable(dir, err)
	}
	f, err := os.OpenFile(filepath.Join(dir, lockFile), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, unusable(dir, err)
	}
	if err := lockNow(f); err != nil {
		held := fault.New(fault.StoreLocked, "dir", dir, "pid", holder(f))
		_ = f.Close()
		if errors.Is(err, errHeld) {
			return nil, held
		}
		return nil, unusable(dir, err)
	}
	if err := sign(f); err != nil {
		return nil, errors.Join(unusable(dir, err), f.Close())
	}
	return &Lock{f}, nil
}

// Release gives the lock back; it may be called on nil and more than once.
func (l *Lock) Release() error {
	if l == nil || l.file == nil {
		return nil
	}
	f := l.file
	l.file = nil
	return errors.Join(unlock(f), f.Close())
}

// sign writes our process id into the lock file, for others to read.
func sign(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt(fmt.Appendln(nil, os.Getpid()), 0)
	return err
}

// holder reads the process id of who holds the lock, "unknown" in the moment before it is written.
func holder(f *os.File) string {
	text, err := io.ReadAll(io.LimitReader(f, 32))
	pid := strings.TrimSpace(string(text))
	if _, bad := strconv.Atoi(pid); err != nil || bad != nil {
		return "unknown"
	}
	return pid
}
