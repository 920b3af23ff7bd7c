//go:build unix && !solaris && !aix

package store

import (
	"errors"
	"os"
	"syscall"
)

func lockNow(f *os.File) error {
	err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errHeld
	}
	return err
}

// unlock gives the lock back at once. Closing alone would not: a child process that is just being started holds a copy of
// every open file until it becomes its own program.
func unlock(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_UN)
}
