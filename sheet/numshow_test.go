package sheet_test

import (
	"testing"

	"safar/sheet"
)

// The expected texts were worked out by hand from the rules of ECMA-376 part 1, 18.8.31.
func TestNumberFormats(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		code  string
		v     float64
		kind  sheet.Kind
		raw   string
		shown string
	}{
		{"", 2017236, sheet.Number, "2017236", "2017236"},
		{"General", 0.30000000000000004, sheet.Number, "0.30000000000000004", "0.3"},
		{"0", 2.5, sheet.Number, "2.5", "3"},
		{"0", -0.4, sheet.Number, "-0.4", "0"},
		{"0.00", 1.005, sheet.Number, "1.005", "1.01"},
		{"#,##0", 1234567, sheet.Number, "1234567", "1,234,567"},
		{"#,##0.0#", 1234.5, sheet.Number, "1234.5", "1,234.5"},
		{"#,##0;(#,##0)", -1234, sheet.Number, "-1234", "(1,234)"},
		{"#,##0_);[Red]\\(#,##0\\)", -9, sheet.Number, "-9", "(9)"},
		{"0;-0;\"none\"", 0, sheet.Number, "0", "none"},
		{"0;-0;;@", 0, sheet.Number, "0", ""},
		{"0,", 12345, sheet.Number, "12345", "12"},
		{"0.0%", 0.0345, sheet.Number, "0.0345", "3.5%"},
		{"0000000", 3505213, sheet.Number, "3505213", "3505213"},
		{"0000000", 101, sheet.Number, "101", "0000101"},
		{"\"TJ\"00", 5, sheet.Number, "5", "TJ05"},
		{"#,##0.00\\ [$€-407]", 12.5, sheet.Number, "12.5", "12.50 €"},
		{"0.00E+00", 12345, sheet.Number, "12345", "1.23E+04"},
		{"# ?/?", 0.5, sheet.Number, "0.5", "0.5"},
		{"@", 12, sheet.Number, "12", "12"},
		{"#", 0, sheet.Number, "0", ""},
		{"0", 9.5, sheet.Number, "9.5", "10"},
		{"yyyy-mm-dd", 44350, sheet.Date, "2021-06-03", "2021-06-03"},
		{"d/m/yy", 44350, sheet.Date, "2021-06-03", "3/6/21"},
		{"[$-419]dd mmmm yyyy;@", 44350, sheet.Date, "2021-06-03", "03 June 2021"},
		{"dddd, d. mmm", 44350, sheet.Date, "2021-06-03", "Thursday, 3. Jun"},
		{"h:mm AM/PM", 0.5, sheet.Date, "12:00:00", "12:00 PM"},
		{"h:mm AM/PM", 0.0, sheet.Date, "00:00:00", "12:00 AM"},
		{"mm:ss.000", 0.000011574, sheet.Date, "00:00:01", "00:01.000"},
		{"yyyy-mm-dd hh:mm:ss.000", 44350.00000001157407, sheet.Date, "2021-06-03T00:00:00.001", "2021-06-03 00:00:00.001"},
		{"[h]:mm", 1.5, sheet.Number, "1.5", "36:00"},
		{"yyyy-mm-dd", 60, sheet.Number, "60", "60"},
		{"yyyy-mm-dd", 59, sheet.Date, "1900-02-28", "1900-02-28"},
		{"yyyy-mm-dd", 61, sheet.Date, "1900-03-01", "1900-03-01"},
		{"yyyy-mm-dd", -1, sheet.Number, "-1", "-1"},
		{"yyyy-mm-dd", 3e6, sheet.Number, "3000000", "3000000"},
		{"[$-F800]dddd, mmmm dd, yyyy", 44350, sheet.Date, "2021-06-03", "2021-06-03"},
	} {
		got := sheet.ShowNumber(c.code, c.v, false)
		if got.Kind != c.kind || got.Raw != c.raw || got.Shown != c.shown {
			t.Errorf("%v under %q: got %v %q shown %q, want %q shown %q", c.v, c.code, got.Kind, got.Raw, got.Shown, c.raw, c.shown)
		}
	}
}
