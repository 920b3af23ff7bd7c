package main

import "time"

// stopwatch takes the time and the processor time of this process.
type stopwatch struct {
	began time.Time
	cpu   time.Duration
}

func startWatch() stopwatch { return stopwatch{time.Now(), cpuTime()} }

// lap is what went by since the start.
func (s stopwatch) lap() (wall, cpu time.Duration) { return time.Since(s.began), cpuTime() - s.cpu }
