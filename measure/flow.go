package measure

import (
	"cmp"
	"slices"
	"strings"

	"safar/fault"
)

// Rate is an average of movements per unit of observation: per day, or per hour.
type Rate struct {
	Movements float64
	Units     float64 // observation days or hours
	Value     float64 // Movements / Units
}

// PerDay is the daily average: movements over observation days. A day counts when it was observed, with flows or with
// an explicit zero; for a point that works every day these are the calendar days of the period.
func PerDay(movements, days float64) (Rate, error) { return rate(movements, days, "day") }

// PerHour is the hourly average: movements over the sum of the hours observed.
func PerHour(movements, hours float64) (Rate, error) { return rate(movements, hours, "hour") }

func rate(movements, units float64, what string) (Rate, error) {
	if units <= 0 {
		return Rate{}, fault.New(fault.MeasureNoDays, "what", what)
	}
	return Rate{movements, units, movements / units}, nil
}

// Change is a value against an earlier one.
type Change struct {
	Before, Now float64
	Absolute    float64
	Relative    float64 // share of Before: -0.042 is minus 4.2 percent; NaN when Before is 0
}

// ChangeOf compares two figures of the same points.
func ChangeOf(before, now float64) Change {
	return Change{before, now, now - before, quotientOf(now-before, before)}
}

// Passage is what was observed at one flow point in one period.
type Passage struct {
	Point     string
	Incoming  float64
	Outgoing  float64
	Movements float64 // all directions
	Days      float64 // observation days
	Hours     float64 // hours observed; where the directions were watched apart, see HoursIn and HoursOut
	HoursIn   float64 // 0 = the same as Hours
	HoursOut  float64
}

// Net is incoming minus outgoing over the points. It is refused where a point watched its directions for different
// hours: the difference would then speak of the hours.
func Net(passages []Passage) (float64, error) {
	var odd []string
	net := 0.0
	for _, p := range passages {
		if cmp.Or(p.HoursIn, p.Hours) != cmp.Or(p.HoursOut, p.Hours) {
			odd = append(odd, p.Point)
		}
		net += p.Incoming - p.Outgoing
	}
	if len(odd) > 0 {
		return 0, fault.New(fault.MeasureNetPoints, "points", strings.Join(odd, ", "))
	}
	return net, nil
}

// Comparison sets two periods side by side: all points, and the panel of points open in both, because a point that
// opens or closes changes the sum without any change in mobility. Values are daily averages, summed over points.
type Comparison struct {
	All    Change
	Panel  Change
	Both   []string // points observed in both periods
	Opened []string // only in the later
	Closed []string // only in the earlier
}

// Compare compares the daily averages of two periods. Points without an observation day do not count as open.
func Compare(before, now []Passage) Comparison {
	a, b := daily(before), daily(now)
	var c Comparison
	var all, panel [2]float64
	for _, point := range points(a, b) {
		x, was := a[point]
		y, is := b[point]
		all[0], all[1] = all[0]+x, all[1]+y
		switch {
		case was && is:
			c.Both = append(c.Both, point)
			panel[0], panel[1] = panel[0]+x, panel[1]+y
		case is:
			c.Opened = append(c.Opened, point)
		default:
			c.Closed = append(c.Closed, point)
		}
	}
	c.All, c.Panel = ChangeOf(all[0], all[1]), ChangeOf(panel[0], panel[1])
	return c
}

func daily(passages []Passage) map[string]float64 {
	out := map[string]float64{}
	for _, p := range passages {
		if p.Days > 0 {
			out[p.Point] += p.Movements / p.Days
		}
	}
	return out
}

func points(a, b map[string]float64) []string {
	var out []string
	for _, m := range []map[string]float64{a, b} {
		for point := range m {
			out = append(out, point)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
