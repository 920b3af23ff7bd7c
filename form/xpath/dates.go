package xpath

import (
	"math"
	"strings"
	"time"
)

const (
	dayMillis  = 24 * 60 * 60 * 1000
	badDate    = "Invalid Date" // what the clients of ODK store for a date that cannot be read
	isoDate    = "2006-01-02"
	isoInstant = "2006-01-02T15:04:05.000Z07:00"
)

// moment is a date or date-time read from a text.
type moment struct {
	days  int       // the calendar day as written, since 1970-01-01
	at    time.Time // set when there is a time of day
	timed bool
}

// parseMoment reads an ISO date (2024-05-17) or date-time (2024-05-17T10:20, with seconds, fraction and offset if
// wanted). A date-time without offset is in zone. loose allows months and days of one digit.
func parseMoment(s string, zone *time.Location, loose bool) (moment, bool) {
	date, clock, timed := strings.Cut(s, "T")
	y, m, d, ok := parseDay(date, loose)
	if !ok {
		return moment{}, false
	}
	if !timed {
		return moment{days: dayNumber(y, m, d)}, true
	}
	rest, loc, ok := cutOffset(clock, zone)
	if !ok {
		return moment{}, false
	}
	since, ok := parseClock(rest)
	if !ok {
		return moment{}, false
	}
	at := time.Date(y, time.Month(m), d, 0, 0, 0, 0, loc).Add(since)
	if loc == zone { // add on the clock of the wall, not across a change to summer time
		at = time.Date(y, time.Month(m), d, 0, 0, int(since/time.Second), int(since%time.Second), loc)
	}
	return moment{days: dayNumber(y, m, d), at: at, timed: true}, true
}

// parseDay reads YYYY-MM-DD.
func parseDay(s string, loose bool) (y, m, d int, ok bool) {
	if len(s) < 8 || s[4] != '-' || (!loose && len(s) != len(isoDate)) {
		return 0, 0, 0, false
	}
	year, rest := s[:4], s[5:]
	month, day, found := strings.Cut(rest, "-")
	if !found || (!loose && len(month) != 2) {
		return 0, 0, 0, false
	}
	y, okY := smallNumber(year, 4)
	m, okM := smallNumber(month, 2)
	d, okD := smallNumber(day, 2)
	if !okY || !okM || !okD || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return 0, 0, 0, false
	}
	return y, m, d, true
}

// parseClock reads HH:MM, HH:MM:SS or HH:MM:SS.fff as time since midnight.
func parseClock(s string) (time.Duration, bool) {
	if len(s) < 5 || s[2] != ':' {
		return 0, false
	}
	h, okH := smallNumber(s[:2], 2)
	m, okM := smallNumber(s[3:5], 2)
	if !okH || !okM || h > 23 || m > 59 || len(s[:2]) != 2 {
		return 0, false
	}
	total := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
	if len(s) == 5 {
		return total, true
	}
	if s[5] != ':' || len(s) < 8 {
		return 0, false
	}
	sec, okS := smallNumber(s[6:8], 2)
	if !okS || sec > 59 {
		return 0, false
	}
	fraction, ok := parseFraction(s[8:])
	return total + time.Duration(sec)*time.Second + fraction, ok
}

func parseFraction(s string) (time.Duration, bool) {
	if s == "" {
		return 0, true
	}
	if s[0] != '.' || len(s) == 1 || len(s) > 10 {
		return 0, false
	}
	n, ok := smallNumber(s[1:], 9)
	for i := len(s) - 1; i < 9; i++ {
		n *= 10
	}
	return time.Duration(n), ok
}

// cutOffset takes Z, +hh:mm or +hh from the end of a time of day.
func cutOffset(s string, zone *time.Location) (rest string, loc *time.Location, ok bool) {
	if rest, found := strings.CutSuffix(s, "Z"); found {
		return rest, time.UTC, true
	}
	at := strings.LastIndexAny(s, "+-")
	if at < 0 {
		return s, zone, true
	}
	hours, minutes, colon := strings.Cut(s[at+1:], ":")
	h, okH := smallNumber(hours, 2)
	m := 0
	okM := true
	if colon {
		m, okM = smallNumber(minutes, 2)
	}
	if !okH || !okM || len(hours) != 2 || h > 23 || m > 59 {
		return "", nil, false
	}
	seconds := h*3600 + m*60
	if s[at] == '-' {
		seconds = -seconds
	}
	return s[:at], time.FixedZone("", seconds), true
}

// smallNumber reads 1 to most digits.
func smallNumber(s string, most int) (int, bool) {
	if s == "" || len(s) > most {
		return 0, false
	}
	n := 0
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// dayNumber counts the days from 1970-01-01 to a day of the Gregorian calendar. The year is taken to begin in March,
// so that the leap day is its last.
func dayNumber(y, m, d int) int {
	if m <= 2 {
		y, m = y-1, m+12
	}
	return 365*y + floorDiv(y, 4) - floorDiv(y, 100) + floorDiv(y, 400) + (153*(m-3)+2)/5 + d - 719469
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

func dayOf(t time.Time) int {
	y, m, d := t.Date()
	return dayNumber(y, int(m), d)
}

// dateNumber gives the days since 1970-01-01 of a text that may be a date.
func dateNumber(s string, zone *time.Location) (float64, calendar) {
	m, ok := parseMoment(s, zone, false)
	switch {
	case !ok:
		return math.NaN(), plain
	case m.timed:
		return instantDays(m.at), instant
	}
	return float64(m.days), wholeDay
}

func instantDays(t time.Time) float64 { return float64(t.UnixMilli()) / dayMillis }

// fromInstant is the reverse of instantDays; ok is false outside of the years that ISO can write.
func fromInstant(days float64, zone *time.Location) (time.Time, bool) {
	if !(math.Abs(days) < 2_900_000) {
		return time.Time{}, false
	}
	t := time.UnixMilli(int64(math.Round(days * dayMillis))).In(zone)
	return t, t.Year() >= 0 && t.Year() <= 9999
}

// wallDays turns days of universal time into days on the clock of the zone.
func wallDays(days float64, zone *time.Location) float64 {
	t, ok := fromInstant(days, zone)
	if !ok {
		return days
	}
	_, offset := t.Zone()
	return days + float64(offset)/86400
}

// sameClock brings two numbers that count days to one way of counting, where they differ.
func sameClock(a float64, countsA calendar, b float64, countsB calendar, zone *time.Location) (float64, float64) {
	switch {
	case countsA == wholeDay && countsB == instant:
		return a, wallDays(b, zone)
	case countsA == instant && countsB == wholeDay:
		return wallDays(a, zone), b
	}
	return a, b
}

// dateValue makes a Date of whole days since 1970-01-01.
func dateValue(days float64) Value {
	t, ok := fromInstant(days, time.UTC)
	if !ok {
		return invalidDate(Date)
	}
	return Value{typ: Date, num: days, counts: wholeDay, text: t.Format(isoDate)}
}

// instantValue makes a DateTime, written in the zone.
func instantValue(t time.Time) Value {
	return Value{typ: DateTime, num: instantDays(t), counts: instant, text: t.Format(isoInstant)}
}

func invalidDate(typ Type) Value { return Value{typ: typ, num: math.NaN(), text: badDate} }
