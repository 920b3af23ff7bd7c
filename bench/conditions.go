package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// conditions are what one must know to compare figures of two runs.
type conditions struct {
	Date       string  `json:"date"`
	Commit     string  `json:"commit"`
	CPU        string  `json:"cpu"`
	Cores      int     `json:"cores"`
	MemoryMB   int     `json:"memory_mb"`
	System     string  `json:"system"`
	Go         string  `json:"go"`
	Disk       string  `json:"disk"`
	SyncMS     float64 `json:"sync_ms"` // median time of one durable write of 4 KB
	Durability string  `json:"durability"`
	LoadBefore string  `json:"load_before"`
	LoadAfter  string  `json:"load_after"`
	Counts     string  `json:"counts"`
}

func conditionsNow(o options) conditions {
	counts := "full"
	if o.quick {
		counts = "quick: too small for figures that one may quote"
	}
	return conditions{
		Date: time.Now().UTC().Format("2006-01-02 15:04 UTC"), Commit: commit(), CPU: procValue("/proc/cpuinfo", "model name"),
		Cores: runtime.NumCPU(), MemoryMB: memoryMB(), System: runtime.GOOS + "/" + runtime.GOARCH, Go: runtime.Version(),
		Disk: disk(os.TempDir()), SyncMS: syncTime(os.TempDir()),
		Durability: "on: every receipt follows a commit that was synced to disk", LoadBefore: load(), Counts: counts,
	}
}

// String writes the conditions for people.
func (c conditions) String() string {
	var b strings.Builder
	line := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "%-11s "+format+"\n", append([]any{name}, args...)...)
	}
	line("Date", "%s, commit %s", c.Date, c.Commit)
	line("Machine", "%s, %d cores, %d MB, %s, %s", c.CPU, c.Cores, c.MemoryMB, c.System, c.Go)
	line("Load", "%s before, %s after (1, 5, 15 minutes); where it is above 1, CPU time says more than the clock", c.LoadBefore, c.LoadAfter)
	line("Disk", "%s; a synced write of 4 KB takes %s ms", c.Disk, show(c.SyncMS))
	line("Durability", "%s", c.Durability)
	line("Counts", "%s", c.Counts)
	return b.String()
}

// syncTime is the median of some durable writes: what a commit costs at least.
func syncTime(dir string) float64 {
	file, err := os.CreateTemp(dir, "safar-bench-sync-")
	if err != nil {
		return 0
	}
	defer os.Remove(file.Name())
	defer file.Close()
	var times latencies
	for range 15 {
		began := time.Now()
		if _, err := file.Write(make([]byte, 4096)); err != nil || file.Sync() != nil {
			return 0
		}
		times = append(times, time.Since(began))
	}
	return times.at(50)
}

func commit() string {
	out, err := exec.Command("git", "describe", "--always", "--dirty", "--abbrev=12").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

// procValue reads "name : value" from a file of the kernel; "unknown" on other systems.
func procValue(file, name string) string {
	text, _ := os.ReadFile(file)
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

func memoryMB() int {
	var kb int
	_, _ = fmt.Sscanf(procValue("/proc/meminfo", "MemTotal"), "%d", &kb) // 0 where the system does not say
	return kb / 1024
}

func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	fields := strings.Fields(string(text))
	if err != nil || len(fields) < 3 {
		return "unknown"
	}
	return strings.Join(fields[:3], " ")
}

// disk names the file system that a folder lies on.
func disk(dir string) string {
	text, _ := os.ReadFile("/proc/self/mounts")
	type mount struct{ at, kind string }
	var holds []mount
	for line := range strings.Lines(string(text)) {
		f := strings.Fields(line)
		if len(f) < 3 {
			continue
		}
		if rel, err := filepath.Rel(f[1], dir); err == nil && !strings.HasPrefix(rel, "..") {
			holds = append(holds, mount{f[1], f[2]})
		}
	}
	if len(holds) == 0 {
		return "unknown file system"
	}
	deepest := slices.MaxFunc(holds, func(a, b mount) int { return len(a.at) - len(b.at) })
	return deepest.kind + " at " + deepest.at
}

// residentMB is the memory of a process as the system counts it, 0 where it does not say.
func residentMB(pid int) float64 {
	var kb int
	_, _ = fmt.Sscanf(procValue(fmt.Sprintf("/proc/%d/status", pid), "VmRSS"), "%d", &kb)
	return float64(kb) / 1024
}
