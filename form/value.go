package form

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// IsValue says whether a text, not empty, is a value of an XForm data type. Types without a form of their own (string,
// barcode, binary) take every text.
func IsValue(data, text string) bool {
	switch data {
	case "int":
		_, err := strconv.ParseInt(strings.TrimPrefix(text, "+"), 10, 64)
		return err == nil
	case "decimal":
		return isDecimal(text)
	case "date":
		return isDate(text)
	case "time":
		return isTime(text)
	case "dateTime":
		day, clock, ok := strings.Cut(text, "T")
		return ok && isDate(day) && isTime(clock)
	case "geopoint":
		return isPoint(text)
	case "geotrace", "geoshape":
		return arePoints(text)
	}
	return true
}

func isDecimal(s string) bool {
	if strings.ContainsAny(s, "xXpPnNiI_") { // hexadecimal numbers, NaN and infinities are numbers to Go alone
		return false
	}
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

func isDate(s string) bool {
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// isTime reads 14:05, 14:05:00, 14:05:00.000 with an optional offset Z, +05, +0500 or +05:00.
func isTime(s string) bool {
	clock := s
	if at := strings.LastIndexAny(s, "Z+-"); at >= 0 {
		if !isOffset(s[at:]) {
			return false
		}
		clock = s[:at]
	}
	for _, layout := range []string{"15:04:05", "15:04"} {
		if _, err := time.Parse(layout, clock); err == nil {
			return true
		}
	}
	return false
}

func isOffset(s string) bool {
	if s == "Z" {
		return true
	}
	for _, layout := range []string{"-07:00", "-0700", "-07"} {
		if _, err := time.Parse(layout, s); err == nil {
			return true
		}
	}
	return false
}

// isPoint reads latitude and longitude in degrees, then altitude and accuracy in metres, the last two optional.
func isPoint(s string) bool {
	parts := strings.Fields(s)
	if len(parts) < 2 || len(parts) > 4 {
		return false
	}
	for i, limit := range []float64{90, 180, math.MaxFloat64, math.MaxFloat64} {
		if i == len(parts) {
			return true
		}
		v, err := strconv.ParseFloat(parts[i], 64)
		if err != nil || !(math.Abs(v) <= limit) {
			return false
		}
	}
	return true
}

func arePoints(s string) bool {
	for point := range strings.SplitSeq(strings.TrimSuffix(strings.TrimSpace(s), ";"), ";") {
		if !isPoint(point) {
			return false
		}
	}
	return true
}
