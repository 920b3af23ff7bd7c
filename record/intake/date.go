package intake

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"safar/sheet"
)

// dateOrder says how a column writes dates in digits: "dmy", "mdy" or "" where it does not show.
type dateOrder string

const (
	dayFirst   dateOrder = "dmy"
	monthFirst dateOrder = "mdy"
)

// The serials of spreadsheets that are believed to be dates: 1954 to 2119. Day 1 is 1900-01-01, with the leap day of
// 1900 that never was.
const (
	firstSerial = 20000
	lastSerial  = 80000
)

// dateReading is the outcome of reading a date.
type dateReading uint8

const (
	noDate dateReading = iota
	aDate
	openDate // day and month cannot be told apart
)

// parseDate reads a cell as a date, YYYY-MM-DD; a month alone becomes its first day.
func parseDate(c sheet.Cell, order dateOrder) (string, dateReading) {
	switch c.Kind {
	case sheet.Date:
		if len(c.Raw) >= 10 {
			return c.Raw[:10], aDate
		}
		return "", noDate
	case sheet.Number:
		return dateOfNumber(c.Raw)
	case sheet.Text:
		return dateOfText(c.Raw, order)
	}
	return "", noDate
}

func dateOfNumber(raw string) (string, dateReading) {
	f, err := strconv.ParseFloat(raw, 64)
	switch {
	case err != nil:
		return "", noDate
	case f >= firstSerial && f <= lastSerial:
		return time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(f)).Format(time.DateOnly), aDate
	case f == float64(int(f)) && f >= 19000101 && f <= 21001231:
		n := int(f)
		return checkDate(n/10000, n/100%100, n%100)
	}
	return "", noDate
}

var (
	isoDate    = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$`)
	isoMonth   = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})$`)
	digitDate  = regexp.MustCompile(`^(\d{1,2})([-/. ])(\d{1,2})[-/. ](\d{4}|\d{2})(?:\s+\d{1,2}:\d{2}.*)?$`)
	dayOfMonth = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th|er)?[-\s./]*(\pL+)\.?[-\s,./]*(\d{4}|\d{2})?$`)
	monthOfDay = regexp.MustCompile(`^(\pL+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$`)
	monthOnly  = regexp.MustCompile(`^(\pL+)\.?[-\s,./]*(\d{4}|\d{2})$`)
)

func dateOfText(s string, order dateOrder) (string, dateReading) {
	s = strings.Join(strings.Fields(strings.Map(plainRune, s)), " ")
	if len(s) > 64 {
		return "", noDate
	}
	if allDigits(s) && (len(s) == 5 || len(s) == 8) {
		return dateOfNumber(s)
	}
	if m := isoDate.FindStringSubmatch(s); m != nil {
		return checkDate(atoi(m[1]), atoi(m[2]), atoi(m[3]))
	}
	if m := isoMonth.FindStringSubmatch(s); m != nil {
		return checkDate(atoi(m[1]), atoi(m[2]), 1)
	}
	if m := digitDate.FindStringSubmatch(s); m != nil {
		return digitsInOrder(atoi(m[1]), atoi(m[3]), fullYear(m[4]), m[2] == ".", order)
	}
	return dateOfWords(s)
}

func dateOfWords(s string) (string, dateReading) {
	if m := dayOfMonth.FindStringSubmatch(s); m != nil && m[3] != "" {
		return checkDate(fullYear(m[3]), monthOf(m[2]), atoi(m[1]))
	}
	if m := monthOfDay.FindStringSubmatch(s); m != nil {
		return checkDate(atoi(m[3]), monthOf(m[1]), atoi(m[2]))
	}
	if m := monthOnly.FindStringSubmatch(s); m != nil {
		return checkDate(fullYear(m[2]), monthOf(m[1]), 1)
	}
	return "", noDate
}

// digitsInOrder settles 03/04/2021. Points between the parts are written only where the day comes first.
func digitsInOrder(a, b, year int, points bool, order dateOrder) (string, dateReading) {
	switch {
	case a > 12 || points && a <= 31 && b <= 12:
		return checkDate(year, b, a)
	case b > 12:
		return checkDate(year, a, b)
	case a == b, order == dayFirst:
		return checkDate(year, b, a)
	case order == monthFirst:
		return checkDate(year, a, b)
	}
	return "", openDate
}

func checkDate(year, month, day int) (string, dateReading) {
	d := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if year < 1900 || year > 2150 || month < 1 || d.Month() != time.Month(month) || d.Day() != day {
		return "", noDate
	}
	return d.Format(time.DateOnly), aDate
}

func fullYear(s string) int {
	n := atoi(s)
	switch {
	case len(s) == 4:
		return n
	case n < 70:
		return 2000 + n
	}
	return 1900 + n
}

func atoi(s string) int { n, _ := strconv.Atoi(s); return n }

// columnOrder decides day first or month first by a whole column: one date whose day is above 12 is enough. A column
// that shows both is left open, and so is one that shows neither unless only one reading falls into the given period.
func columnOrder(cells []sheet.Cell, start, end string) dateOrder {
	day, month := false, false
	var open [][2]string
	for _, c := range cells {
		m := digitDate.FindStringSubmatch(strings.TrimSpace(c.Raw))
		if c.Kind != sheet.Text || m == nil || m[2] == "." {
			continue
		}
		day, month = day || atoi(m[1]) > 12, month || atoi(m[3]) > 12
		if atoi(m[1]) <= 12 && atoi(m[3]) <= 12 && m[1] != m[3] {
			d, _ := checkDate(fullYear(m[4]), atoi(m[3]), atoi(m[1]))
			u, _ := checkDate(fullYear(m[4]), atoi(m[1]), atoi(m[3]))
			open = append(open, [2]string{d, u})
		}
	}
	switch {
	case day && month:
		return ""
	case day:
		return dayFirst
	case month:
		return monthFirst
	}
	return orderByPeriod(open, start, end)
}

func orderByPeriod(open [][2]string, start, end string) dateOrder {
	if start == "" || end == "" || len(open) == 0 {
		return ""
	}
	day, month := true, true
	for _, pair := range open {
		day = day && pair[0] >= start && pair[0] <= end
		month = month && pair[1] >= start && pair[1] <= end
	}
	switch {
	case day && !month:
		return dayFirst
	case month && !day:
		return monthFirst
	}
	return ""
}

// monthOf reads a month's name, whole or shortened to three letters or more, in the languages of Safar; 0 for none.
func monthOf(word string) int {
	word = strings.ToLower(word)
	if len([]rune(word)) < 3 {
		return 0
	}
	for i, names := range monthNames {
		for _, name := range strings.Fields(names) {
			if strings.HasPrefix(name, word) || shortenedMonth(name, word) {
				return i + 1
			}
		}
	}
	return 0
}

// shortenedMonth covers endings (Russian and Kazakh cases) and "sept".
func shortenedMonth(name, word string) bool {
	stem := []rune(name)
	if len(stem) > 4 {
		stem = stem[:len(stem)-1]
	}
	return len(stem) >= 3 && strings.HasPrefix(word, string(stem)) && len([]rune(word)) <= len([]rune(name))+2
}

// monthNames holds each month in English, French, Spanish, Russian, Tajik, Kazakh and two Arabic traditions. A name
// whose beginning another month shares comes after the other language's; prefixes of three letters are unique per language.
var monthNames = [12]string{
	"january janvier enero январь январ қаңтар يناير كانون",
	"february février fevrier febrero февраль феврал ақпан فبراير شباط",
	"march mars marzo март наурыз مارس آذار",
	"april avril abril апрель апрел сәуір أبريل نيسان",
	"may mai mayo май мая мамыр مايو أيار",
	"june juin junio июнь июн маусым يونيو حزيران",
	"july juillet julio июль июл шілде يوليو تموز",
	"august août aout agosto август тамыз أغسطس آب",
	"september septembre septiembre сентябрь сентябр қыркүйек سبتمبر أيلول",
	"october octobre octubre октябрь октябр қазан أكتوبر",
	"november novembre noviembre ноябрь ноябр қараша نوفمبر",
	"december décembre decembre diciembre декабрь декабр желтоқсан ديسمبر",
}
