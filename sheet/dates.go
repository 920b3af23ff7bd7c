package sheet

import (
	"math"
	"strings"
	"time"
)

const (
	day        = 24 * time.Hour
	lastSerial = 2_958_466 // 1 January 10000 in the 1900 system, the first day no spreadsheet shows
	days1904   = 1462      // serial of 1 January 1904 in the 1900 system
)

// fromSerial gives the moment of a serial number. It fails for numbers that are no date, among them 60, the 29 February
// 1900 that never was. Times are kept to the millisecond, the finest that a double and the programs agree on.
func fromSerial(v float64, since04 bool) (time.Time, bool) {
	if since04 {
		v += days1904
	}
	if !(v >= 0 && v < lastSerial) || v >= 60 && v < 61 {
		return time.Time{}, false
	}
	days := math.Floor(v)
	if days < 60 {
		days++ // before the missing day the count is one short
	}
	millis := math.Round((v - math.Floor(v)) * 86_400_000)
	epoch := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)
	return epoch.AddDate(0, 0, int(days)).Add(time.Duration(millis) * time.Millisecond), true
}

// serialOf is the inverse in the 1900 system; timed says that the text has a time of day.
func serialOf(iso string) (serial float64, timed, ok bool) {
	if t, err := time.Parse("15:04:05", iso); err == nil {
		return sinceMidnight(t), true, true
	}
	t, ok := parseISO(iso)
	if !ok || t.Year() < 1900 || t.Year() > 9999 {
		return 0, false, false
	}
	midnight := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	days := math.Round(midnight.Sub(time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24)
	if days <= 60 {
		days--
	}
	return days + sinceMidnight(t), len(iso) > 10, true
}

func sinceMidnight(t time.Time) float64 {
	h, m, s := t.Clock()
	d := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second + time.Duration(t.Nanosecond())
	return d.Seconds() / day.Seconds()
}

func parseISO(s string) (time.Time, bool) {
	for _, layout := range [...]string{"2006-01-02", "2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// isoOf writes a moment in the form that Kind Date promises.
func isoOf(t time.Time, dateToo bool) string {
	if !dateToo {
		return t.Format("15:04:05.999")
	}
	if t.Equal(t.Truncate(day)) {
		return t.Format("2006-01-02")
	}
	return t.Format("2006-01-02T15:04:05.999")
}

// isoCell reads a date that the file itself stores as ISO text. A zone is dropped: the local reading is what was meant.
func isoCell(text string) Cell {
	iso := strings.TrimSpace(text)
	if i := strings.LastIndexAny(iso, "Z+"); i > 10 {
		iso = iso[:i]
	}
	t, ok := parseISO(strings.Replace(iso, " ", "T", 1))
	if !ok {
		return TextCell(text)
	}
	raw := isoOf(t, true)
	return Cell{Kind: Date, Raw: raw, Shown: raw}
}
