//go:build !linux && !darwin && !windows

package web

// diskFree is not known on this system.
func diskFree(string) (uint64, bool) { return 0, false }
