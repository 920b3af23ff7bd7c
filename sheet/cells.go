package sheet

import (
	"math"
	"strconv"
)

// TextCell makes a cell of text; empty text makes an empty cell.
func TextCell(s string) Cell {
	if s == "" {
		return Cell{}
	}
	return Cell{Kind: Text, Raw: s, Shown: s}
}

// NumberCell makes a cell of a number; NaN and infinities make an empty cell.
func NumberCell(f float64) Cell {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return Cell{}
	}
	raw := decimal(f)
	shown := raw
	if len(raw) > 16 { // people are shown fifteen digits, not the last bits of a double
		if rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'g', 15, 64), 64); err == nil {
			shown = decimal(rounded)
		}
	}
	return Cell{Kind: Number, Raw: raw, Shown: shown}
}

// IntCell makes a cell of a whole number.
func IntCell(n int64) Cell {
	s := strconv.FormatInt(n, 10)
	return Cell{Kind: Number, Raw: s, Shown: s}
}

// BoolCell makes a cell of a truth value.
func BoolCell(b bool) Cell {
	if b {
		return Cell{Kind: Bool, Raw: "true", Shown: "TRUE"}
	}
	return Cell{Kind: Bool, Raw: "false", Shown: "FALSE"}
}

// DateCell makes a cell of a date, date and time or time of day in ISO 8601, without zone. Other text makes a cell of text.
func DateCell(iso string) Cell {
	if _, _, ok := serialOf(iso); !ok {
		return TextCell(iso)
	}
	return Cell{Kind: Date, Raw: iso, Shown: iso}
}

func errorCell(text string) Cell { return Cell{Kind: Error, Raw: text, Shown: text} }

// decimal writes the shortest decimal text that is f again, without an exponent where people would not write one.
func decimal(f float64) string {
	if f == 0 {
		return "0"
	}
	if a := math.Abs(f); a < 1e-7 || a >= 1e21 {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}
