//go:build unix

package pgtest

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// CPU is the processor time, user and system, of the server and its connections so far; 0 where the system has no /proc.
func (c *Cluster) CPU() time.Duration {
	pid, err := c.pid()
	if err != nil {
		return 0
	}
	const tick = 10 * time.Millisecond // USER_HZ is 100 on every Linux
	var ticks int64
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range stats {
		text, _ := os.ReadFile(file) // a process that ended meanwhile is counted by its parent
		id, rest, ok := strings.Cut(string(text), " ")
		end := strings.LastIndexByte(rest, ')')
		if !ok || end < 0 {
			continue
		}
		fields := strings.Fields(rest[end+1:]) // from the third field of the file on
		if len(fields) < 15 {
			continue
		}
		switch strconv.Itoa(pid) {
		case id:
			ticks += sum(fields[11:15]) // own, and of children that ended
		case fields[1]:
			ticks += sum(fields[11:13])
		}
	}
	return time.Duration(ticks) * tick
}

func sum(fields []string) (total int64) {
	for _, f := range fields {
		n, _ := strconv.ParseInt(f, 10, 64)
		total += n
	}
	return total
}
