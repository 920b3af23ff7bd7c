package store

import (
	"errors"
	"os"

	"golang.org/x/sys/windows"
)

// lockedByte is far behind the process id, because Windows lets nobody else read what is locked.
const lockedByte = 1 << 20

func lockNow(f *os.File) error {
	at := windows.Overlapped{Offset: lockedByte}
	const mode = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err := windows.LockFileEx(windows.Handle(f.Fd()), mode, 0, 1, 0, &at)
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return errHeld
	}
	return err
}

// unlock leaves it to closing: children inherit no handles.
func unlock(*os.File) error { return nil }
