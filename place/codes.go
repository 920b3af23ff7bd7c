package place

import (
	"slices"
	"strconv"
	"strings"
)

// matchable is a code as codes are compared across systems: upper case, no outer spaces. The code itself is never
// changed.
func matchable(code string) Code { return Code(strings.ToUpper(strings.TrimSpace(code))) }

// FindByCode finds places by a code of any system, by SSID or by point id; an empty country means all. Where nothing has
// exactly that code, codes that a spreadsheet would turn into the given number are offered with a lower score.
func (r *Register) FindByCode(country, anySystemCode string) []Match {
	countries := r.countries
	if country != "" {
		countries = []string{country}
	}
	var out []Match
	for _, c := range countries {
		out = append(out, r.codeIn(c, anySystemCode)...)
	}
	if i, ok := r.bySSID[strings.TrimSpace(anySystemCode)]; ok && (country == "" || r.sites[i].Country == country) {
		out = append(out, r.siteMatch(&r.sites[i], 1, ByCode))
	}
	if i, ok := r.byPoint[strings.TrimSpace(anySystemCode)]; ok && (country == "" || r.points[i].Country == country) {
		out = append(out, r.pointMatch(&r.points[i], 1, ByCode))
	}
	if len(out) == 0 {
		for _, c := range countries {
			out = append(out, r.mendedCodeIn(c, anySystemCode)...)
		}
	}
	slices.SortStableFunc(out, compareMatches)
	return out
}

func (r *Register) codeIn(country, code string) []Match {
	var out []Match
	if i, ok := r.byCode[key{country, Code(strings.TrimSpace(code))}]; ok {
		out = append(out, r.areaMatch(i, 1, ByCode))
	}
	if i, ok := r.byCode[key{country, matchable(code)}]; ok && len(out) == 0 {
		out = append(out, r.areaMatch(i, 0.99, ByCode))
	}
	for _, i := range r.bySystem[key{country, matchable(code)}] {
		if has(out, r.areas[i].Code) {
			continue
		}
		m := r.areaMatch(i, 0.98, BySystem)
		for _, system := range sortedKeys(r.areas[i].Codes) {
			if matchable(r.areas[i].Codes[system]) == matchable(code) {
				m.System = system
			}
		}
		if m.System == "" {
			m.Score, m.Reason = 0.99, ByCode
		}
		out = append(out, m)
	}
	return out
}

func (r *Register) mendedCodeIn(country, text string) []Match {
	d := damageOf(text)
	if !d.numeric {
		return nil
	}
	var out []Match
	from, _ := r.span(country, 0)
	_, to := r.span(country, MaxLevel)
	for i := from; i < to; i++ {
		if d.couldBe(string(r.areas[i].Code)) {
			out = append(out, r.areaMatch(int32(i), 0.9, ByRepaired))
		}
	}
	for i := range out {
		out[i].Score /= float64(len(out))
	}
	return out
}

func sortedKeys(m map[string]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// damage is what is left of a code that a program took for a number.
type damage struct {
	numeric bool   // the text is a number at all
	changed bool   // it is written in a way in which nobody writes codes: 3505000.0, 3.505E+06
	exact   bool   // no digit was lost, leading zeros apart
	digits  string // the whole number without leading zeros
	known   int    // how many of the leading digits are known when not exact
}

// damageOf reads "3505000", "3505000.0", "3,505,000" and "3.505e+06". The digits after the known ones are zeros. Codes
// such as 1E02 or 4.1 are codes: only an exponent with its sign and a tail of .0 behind three digits betray a number.
func damageOf(text string) damage {
	s := strings.TrimSpace(text)
	if s == "" || s[0] < '0' || s[0] > '9' {
		return damage{}
	}
	mantissa, exponent, scientific := strings.Cut(strings.ToLower(s), "e")
	whole, fraction, point := strings.Cut(mantissa, ".")
	grouped := whole
	if !onlyDigits(whole) {
		grouped = ungrouped(whole)
	}
	if !onlyDigits(grouped) || point && fraction != "" && !onlyDigits(fraction) || scientific && !strings.HasPrefix(exponent, "+") {
		return damage{}
	}
	if !scientific {
		if strings.Trim(fraction, "0") != "" || point && len(grouped) < 3 {
			return damage{}
		}
		return damage{numeric: true, changed: point || grouped != whole, exact: true, digits: strings.TrimLeft(grouped, "0")}
	}
	power, err := strconv.Atoi(exponent[1:])
	if err != nil || power < 0 || power > 40 {
		return damage{}
	}
	all := grouped + fraction
	length := len(grouped) + power
	d := damage{numeric: true, changed: true, exact: len(all) >= length, digits: all, known: len(all)}
	if d.exact {
		if strings.Trim(all[length:], "0") != "" {
			return damage{}
		}
		d.digits = all[:length]
	} else {
		d.digits += strings.Repeat("0", length-len(all))
	}
	return d
}

// ungrouped takes out what separates thousands.
func ungrouped(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(",\u00a0 \u202f", r) {
			return -1
		}
		return r
	}, s)
}

func onlyDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// couldBe says whether a program that takes codes for numbers may have written the given code as this one.
func (d damage) couldBe(code string) bool {
	if !d.numeric || !onlyDigits(code) {
		return false
	}
	code = strings.TrimLeft(code, "0")
	if d.exact {
		return code == d.digits
	}
	return len(code) == len(d.digits) && roundDigits(code, d.known) == d.digits
}

// roundDigits rounds a whole number, half up, to so many leading digits.
func roundDigits(code string, known int) string {
	if known >= len(code) {
		return code
	}
	out := []byte(code)
	up := out[known] >= '5'
	for i := known; i < len(out); i++ {
		out[i] = '0'
	}
	for i := known - 1; up && i >= 0; i-- {
		if out[i] < '9' {
			out[i]++
			up = false
		} else {
			out[i] = '0'
		}
	}
	if up {
		return "1" + string(out)
	}
	return string(out)
}
