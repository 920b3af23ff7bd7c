//go:build linux || darwin

package web

import "syscall"

// diskFree gives the bytes that may still be written to the disk that holds dir.
func diskFree(dir string) (uint64, bool) {
	var stat syscall.Statfs_t
	if dir == "" || syscall.Statfs(dir, &stat) != nil {
		return 0, false
	}
	return stat.Bavail * uint64(stat.Bsize), true
}
