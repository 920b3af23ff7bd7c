package xlsform

import (
	"sort"
	"strconv"
	"strings"

	"safar/fault"
	"safar/form"
)

// parameters reads the cell `key=value key=value`; commas and semicolons may stand between the pairs.
func (b *builder) parameters(r row, e *form.Element) {
	pairs, bad := splitParameters(r.one["parameters"])
	at := b.cell(r, "parameters")
	if bad != "" {
		b.fail(at, fault.FormBadParameter, "parameter", bad, "value", "without a value", "mend", "Write it as key=value")
	}
	allowed := allowedParameters(e)
	for key, value := range pairs {
		check, known := allowed[key]
		if !known {
			b.unknownParameter(at, e, key, allowed)
			delete(pairs, key)
			continue
		}
		if mend := check(value); mend != "" {
			b.fail(at, fault.FormBadParameter, "parameter", key, "value", value, "mend", mend)
		}
	}
	if e.Type == "range" {
		pairs = b.rangeParameters(at, pairs)
	}
	if len(pairs) > 0 {
		e.Parameters = pairs
	}
}

func (b *builder) unknownParameter(at fault.Where, e *form.Element, key string, allowed map[string]func(string) string) {
	names := make([]string, 0, len(allowed))
	for name := range allowed {
		names = append(names, name)
	}
	sort.Strings(names)
	mend := "It is left out; " + e.Type + " takes " + strings.Join(names, ", ")
	if len(names) == 0 {
		mend = "It is left out; " + e.Type + " takes no parameters"
	}
	b.warn(at, fault.FormBadParameter, "parameter", key, "value", "used here", "mend", mend)
}

// splitParameters gives the pairs with keys in lower case, and the first piece that is no pair.
func splitParameters(cell string) (pairs map[string]string, bad string) {
	pairs = map[string]string{}
	for strings.Contains(cell, " =") || strings.Contains(cell, "= ") {
		cell = strings.ReplaceAll(strings.ReplaceAll(cell, " =", "="), "= ", "=")
	}
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return r == ' ' || r == ',' || r == ';' || r == '\n' }) {
		key, value, ok := strings.Cut(part, "=")
		if !ok || key == "" || value == "" {
			if bad == "" {
				bad = part
			}
			continue
		}
		pairs[strings.ToLower(key)] = value
	}
	return pairs, bad
}

// allowedParameters lists the parameters of a type, each with a check that says how to mend a bad value.
func allowedParameters(e *form.Element) map[string]func(string) string {
	switch e.Type {
	case "range":
		return checks(number, "start", "end", "step")
	case "text":
		return checks(whole, "rows")
	case "image":
		return merge(checks(whole, "max-pixels"), checks(anything, "app"))
	case "audio":
		return checks(oneOf("voice-only", "low", "normal", "external"), "quality")
	case "background-audio":
		return checks(oneOf("voice-only", "low", "normal"), "quality")
	case "geopoint":
		return merge(checks(number, "capture-accuracy", "warning-accuracy"), checks(boolean, "allow-mock-accuracy"))
	case "geotrace", "geoshape":
		return checks(boolean, "allow-mock-accuracy", "incremental")
	case "audit":
		return merge(checks(oneOf("no-power", "low-power", "balanced", "high-accuracy"), "location-priority"),
			checks(whole, "location-min-interval", "location-max-age"), checks(boolean, "track-changes", "identify-user"),
			checks(oneOf("on-form-edit"), "track-changes-reasons"))
	case "select_one", "select_multiple", "rank":
		own := merge(checks(boolean, "randomize"), checks(anything, "seed"))
		if e.File != "" {
			own = merge(own, checks(columnName, "value", "label"))
		}
		return own
	}
	return nil
}

func checks(check func(string) string, names ...string) map[string]func(string) string {
	out := map[string]func(string) string{}
	for _, name := range names {
		out[name] = check
	}
	return out
}

func merge(maps ...map[string]func(string) string) map[string]func(string) string {
	out := map[string]func(string) string{}
	for _, m := range maps {
		for name, check := range m {
			out[name] = check
		}
	}
	return out
}

func anything(string) string { return "" }

func number(s string) string {
	if _, err := strconv.ParseFloat(s, 64); err != nil {
		return "Write a number"
	}
	return ""
}

func whole(s string) string {
	if n, err := strconv.Atoi(s); err != nil || n < 0 {
		return "Write a whole number"
	}
	return ""
}

func boolean(s string) string {
	if s != "true" && s != "false" {
		return "Write true or false"
	}
	return ""
}

func columnName(s string) string {
	if !isName(s) {
		return "Write the name of a column of the file"
	}
	return ""
}

func oneOf(values ...string) func(string) string {
	return func(s string) string {
		for _, v := range values {
			if s == v {
				return ""
			}
		}
		return "Write one of " + strings.Join(values, ", ")
	}
}

// rangeParameters fills the defaults of a range: 0 to 10 by 1.
func (b *builder) rangeParameters(at fault.Where, pairs map[string]string) map[string]string {
	for key, value := range map[string]string{"start": "0", "end": "10", "step": "1"} {
		if pairs[key] == "" {
			pairs[key] = value
		}
	}
	start, _ := strconv.ParseFloat(pairs["start"], 64)
	end, _ := strconv.ParseFloat(pairs["end"], 64)
	step, err := strconv.ParseFloat(pairs["step"], 64)
	if err == nil && (step == 0 || step > max(end-start, start-end)) {
		b.fail(at, fault.FormBadParameter, "parameter", "step", "value", pairs["step"], "mend", "Write a step between 0 and the length of the range")
	}
	return pairs
}
