package openrosa

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"safar/fault"
	"safar/workflow"
)

const spoolPattern = "openrosa-*.spool"

// createSpool makes an empty file that only the user of the program can read.
func createSpool(dir string) (*os.File, error) {
	return os.CreateTemp(dir, spoolPattern) // mode 0600
}

// cleanSpool makes the folder and removes what an earlier process left there when it was killed.
func cleanSpool(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	left, err := filepath.Glob(filepath.Join(dir, spoolPattern))
	if err != nil {
		return err
	}
	for _, name := range left {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}

// spool keeps the attachments of one request one after the other in one file, which is made when the first comes.
type spool struct {
	create func() (*os.File, error)
	file   *os.File
	end    int64
}

// close gives the space back.
func (s *spool) close() {
	if s.file == nil {
		return
	}
	_ = s.file.Close()
	_ = os.Remove(s.file.Name()) // what cannot be removed now is removed at the next start
}

// take keeps one attachment and hashes it on the way. One that is larger than workflow.MaxAttachment is read past.
func (s *spool) take(name string, r io.Reader) (workflow.Part, error) {
	if err := s.ready(); err != nil {
		return workflow.Part{}, err
	}
	hash, start := sha256.New(), s.end
	n, err := io.Copy(io.MultiWriter(hash, (*spoolWriter)(s)), io.LimitReader(r, workflow.MaxAttachment+1))
	if err != nil {
		return workflow.Part{}, s.back(start, err)
	}
	if n > workflow.MaxAttachment {
		rest, err := drain(r)
		return workflow.Part{Name: name, Size: n + rest, Over: true}, s.back(start, err)
	}
	file := s.file
	open := func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(file, start, n)), nil }
	return workflow.Part{Name: name, Size: n, SHA256: hex.EncodeToString(hash.Sum(nil)), Open: open}, nil
}

func (s *spool) ready() (err error) {
	if s.file == nil {
		if s.file, err = s.create(); err != nil {
			s.file = nil
			return spoolFault(err)
		}
	}
	return nil
}

// back forgets what was written after start and passes err on.
func (s *spool) back(start int64, err error) error {
	s.end = start
	if truncated := s.file.Truncate(start); err == nil && truncated != nil {
		return spoolFault(truncated)
	}
	return err
}

// spoolWriter appends to the spool. Its errors are faults, which tells them from those of the reader that is copied.
type spoolWriter spool

func (w *spoolWriter) Write(p []byte) (int, error) {
	n, err := w.file.WriteAt(p, w.end)
	w.end += int64(n)
	if err != nil {
		return n, spoolFault(err)
	}
	return n, nil
}

func spoolFault(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fault.Wrap(err, fault.StoreNoSpace)
	}
	return fault.Wrap(err, fault.OpenrosaSpool)
}
