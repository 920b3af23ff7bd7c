package web

import "golang.org/x/sys/windows"

// diskFree gives the bytes that may still be written to the disk that holds dir.
func diskFree(dir string) (uint64, bool) {
	path, err := windows.UTF16PtrFromString(dir)
	if dir == "" || err != nil {
		return 0, false
	}
	var free uint64
	if windows.GetDiskFreeSpaceEx(path, &free, nil, nil) != nil {
		return 0, false
	}
	return free, true
}
