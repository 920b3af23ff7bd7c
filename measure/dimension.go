package measure

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// dimension says how one dimension reads from a fact and, where missing values carry it, from them.
type dimension struct {
	name    string
	fact    func(*Fact) string
	missing func(*Missing) string // nil: missing values do not carry it
	numeric bool                  // values sort as whole numbers
}

// dimensions is the table of all dimensions in their canonical order.
func dimensions() []dimension {
	table := []dimension{
		{name: "adm0", fact: func(f *Fact) string { return f.Adm[0] }, missing: func(m *Missing) string { return m.Adm[0] }},
		{name: "adm1", fact: func(f *Fact) string { return f.Adm[1] }, missing: func(m *Missing) string { return m.Adm[1] }},
		{name: "adm2", fact: func(f *Fact) string { return f.Adm[2] }, missing: func(m *Missing) string { return m.Adm[2] }},
		{name: "adm3", fact: func(f *Fact) string { return f.Adm[3] }, missing: func(m *Missing) string { return m.Adm[3] }},
		{name: "adm4", fact: func(f *Fact) string { return f.Adm[4] }, missing: func(m *Missing) string { return m.Adm[4] }},
		{name: "site", fact: func(f *Fact) string { return f.Site }, missing: func(m *Missing) string { return m.Site }},
		{name: "point", fact: func(f *Fact) string { return f.Point }, missing: func(m *Missing) string { return m.Point }},
	}
	table = append(table, describing()...)
	return append(table, timing()...)
}

// describing is the part of the table that says who moved, from where, to where and why.
func describing() []dimension {
	return []dimension{
		{name: "category", fact: func(f *Fact) string { return f.Category }},
		{name: "sex", fact: func(f *Fact) string { return f.Sex }},
		{name: "age_lo", fact: func(f *Fact) string { return f.AgeLo }, numeric: true},
		{name: "age_hi", fact: func(f *Fact) string { return f.AgeHi }, numeric: true},
		{name: "origin_adm0", fact: func(f *Fact) string { return f.OriginAdm0 }},
		{name: "origin_adm1", fact: func(f *Fact) string { return f.OriginAdm1 }},
		{name: "dest_adm0", fact: func(f *Fact) string { return f.DestAdm0 }},
		{name: "dest_adm1", fact: func(f *Fact) string { return f.DestAdm1 }},
		{name: "reason", fact: func(f *Fact) string { return f.Reason }},
		{name: "direction", fact: func(f *Fact) string { return f.Direction }},
		{name: "breakdown", fact: func(f *Fact) string { return f.Breakdown }, missing: func(m *Missing) string { return m.Breakdown }},
		{name: "confidence", fact: func(f *Fact) string { return f.Confidence }},
		{name: "d1", fact: func(f *Fact) string { return f.D1 }},
		{name: "d2", fact: func(f *Fact) string { return f.D2 }},
		{name: "d3", fact: func(f *Fact) string { return f.D3 }},
		{name: "d4", fact: func(f *Fact) string { return f.D4 }},
	}
}

// timing is the part of the table that says when, in which round and by which tool.
func timing() []dimension {
	return []dimension{
		{name: "date", fact: func(f *Fact) string { return f.Date }, missing: func(m *Missing) string { return m.Date }},
		{name: "week", fact: func(f *Fact) string { return Week(f.Date) }, missing: func(m *Missing) string { return Week(m.Date) }},
		{name: "month", fact: func(f *Fact) string { return Month(f.Date) }, missing: func(m *Missing) string { return Month(m.Date) }},
		{name: "round", numeric: true,
			fact:    func(f *Fact) string { return strconv.Itoa(f.Round) },
			missing: func(m *Missing) string { return strconv.Itoa(m.Round) }},
		{name: "activity", fact: func(f *Fact) string { return f.Activity }, missing: func(m *Missing) string { return m.Activity }},
		{name: "carried", numeric: true, fact: func(f *Fact) string { return carried(f.CarriedFrom) }},
	}
}

// Dimensions lists the names that Query.By, Filter.Dim and Measure.Where may use, in canonical order. week is an ISO
// week ("2024-W05"), month "2024-02"; carried is "" for a round's own value, else the round it was carried from.
func Dimensions() []string {
	table := dimensions()
	names := make([]string, len(table))
	for i, d := range table {
		names[i] = d.name
	}
	return names
}

// MissingDimensions lists the dimensions that missing values carry too; grouping and filters on others do not split
// the count of missing values.
func MissingDimensions() []string {
	var names []string
	for _, d := range dimensions() {
		if d.missing != nil {
			names = append(names, d.name)
		}
	}
	return names
}

// Expand replaces the group words "place", "time", "age", "origin" and "destination" by their dimensions.
func Expand(names []string) []string {
	var out []string
	for _, name := range names {
		switch name {
		case "place":
			out = append(out, "adm0", "adm1", "adm2", "adm3", "adm4", "site", "point")
		case "time":
			out = append(out, "date", "week", "month", "round")
		case "age":
			out = append(out, "age_lo", "age_hi")
		case "origin":
			out = append(out, "origin_adm0", "origin_adm1")
		case "destination":
			out = append(out, "dest_adm0", "dest_adm1")
		default:
			out = append(out, name)
		}
	}
	return out
}

// Month is the month of a day: "2024-02" of "2024-02-29", "" of "".
func Month(date string) string { return date[:min(len(date), len("2006-01"))] }

// Week is the ISO 8601 week of a day: "2024-W05" of "2024-02-01", "" of what is no day.
func Week(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return ""
	}
	year, week := t.ISOWeek()
	text := strconv.Itoa(10000 + year)[1:] + "-W"
	if week < 10 {
		text += "0"
	}
	return text + strconv.Itoa(week)
}

func carried(from int) string {
	if from == 0 {
		return ""
	}
	return strconv.Itoa(from)
}

// find gives the dimension of a name.
func find(name string) (dimension, bool) {
	table := dimensions()
	i := slices.IndexFunc(table, func(d dimension) bool { return d.name == name })
	if i < 0 {
		return dimension{}, false
	}
	return table[i], true
}

// Sort orders observations by their group values: rounds and ages as numbers, the rest by bytes.
func Sort(by []string, observations []Observation) {
	numeric := make([]bool, len(by))
	for i, name := range by {
		d, _ := find(name)
		numeric[i] = d.numeric
	}
	slices.SortFunc(observations, func(a, b Observation) int {
		for i := range by {
			if c := compare(a.By[i], b.By[i], numeric[i]); c != 0 {
				return c
			}
		}
		return 0
	})
}

func compare(a, b string, numeric bool) int {
	if numeric {
		x, errX := strconv.Atoi(a)
		y, errY := strconv.Atoi(b)
		if errX == nil && errY == nil && x != y {
			return x - y
		}
	}
	return strings.Compare(a, b)
}

// Value reads one dimension of a fact; "" for a name that is none.
func Value(f *Fact, dim string) string {
	d, ok := find(dim)
	if !ok {
		return ""
	}
	return d.fact(f)
}
