package quality

import (
	"math"
	"slices"
	"strings"
)

// outlierKind finds numbers far from those of comparable records (Q16, Q17). Params:
//
//	item     the question; the items of the check when it is not given
//	method   modified_z or mad: distance from the median in units of 1.4826·MAD (the same thing under two names; the usual one);
//	         iqr: beyond the quartiles by so many times their distance; mean_z: the mean of one enumerator against all others;
//	         records_per_hour: records of one enumerator within 60 minutes, by the question in time
//	limit    3.5 for modified_z and mad, 1.5 for iqr, 2.5 for mean_z, 60 for records_per_hour
//	within   compare inside adm1, adm2, adm3, adm4 or point only
//	by       question with the enumerator, for mean_z and records_per_hour
//	minimum  fewer numbers in a group say nothing: 20
//	scale    log (usual): numbers are compared as ln(x+1), as counts of people are skewed; raw: as they are
//	side     above, below or both (usual)
//
// Zeros are left out: where most locations have nobody, each that has somebody would be far off.
func outlierKind() *kind {
	return &kind{name: "outlier", scopes: []string{"round", "enumerator"}, items: itemsOptional, asks: outlierAsks,
		params: []parameter{{name: "item", takes: questionNames},
			{name: "method", takes: words, words: []string{"modified_z", "mad", "iqr", "mean_z", "records_per_hour"}}, {name: "limit"},
			{name: "within", takes: words, words: []string{"adm1", "adm2", "adm3", "adm4", "point"}}, {name: "by", takes: questionNames},
			{name: "minimum"}, {name: "scale", takes: words, words: []string{"log", "raw"}},
			{name: "side", takes: words, words: []string{"above", "below", "both"}}, {name: "time", takes: questionNames}},
		finds: []string{"value", "typical", "z", "n", "enumerator", "group", "limit"}, many: manyOutliers}
}

func outlierAsks(c Check) []string {
	switch c.Params["method"] {
	case "mean_z":
		return []string{"item", "by"}
	case "records_per_hour":
		return []string{"by", "time"}
	}
	return []string{"item"}
}

func manyOutliers(rr *roundRun, b *bound) {
	if b.Params["method"] == "records_per_hour" {
		rr.speed(b)
		return
	}
	for _, question := range questionsOf(b.Check) {
		keys, parts := groups(rr.rows(b), func(row *RowValue) (string, bool) {
			v, ok := row.number(question)
			return row.within(b.Params["within"]), ok && v > 0
		})
		for _, key := range keys {
			if b.Params["method"] == "mean_z" {
				rr.means(b, question, key, parts[key])
			} else {
				rr.outliers(b, question, key, parts[key])
			}
		}
	}
}

// scaled gives the numbers of the rows on the scale of the check.
func scaled(b *bound, question string, rows []*RowValue) []float64 {
	x := make([]float64, len(rows))
	for i, row := range rows {
		x[i], _ = row.number(question)
		if b.Params["scale"] != "raw" {
			x[i] = math.Log1p(x[i])
		}
	}
	return x
}

func unscaled(b *bound, v float64) string {
	if b.Params["scale"] != "raw" {
		v = math.Expm1(v)
	}
	return decimals(v, 1)
}

// beyond says whether a distance passes the limit on the side that the check looks at.
func beyond(b *bound, distance, limit float64) bool {
	switch b.Params["side"] {
	case "above":
		return distance > limit
	case "below":
		return distance < -limit
	}
	return math.Abs(distance) > limit
}

func (rr *roundRun) outliers(b *bound, question, key string, rows []*RowValue) {
	if len(rows) < int(numberOr(b.Check, "minimum", 20)) {
		return
	}
	x := scaled(b, question, rows)
	limit := numberOr(b.Check, "limit", 3.5)
	median, mad := spread(x)
	distance := func(v float64) float64 { return (v - median) / mad }
	if b.Params["method"] == "iqr" {
		limit = numberOr(b.Check, "limit", 1.5)
		low, high := quantile(x, 0.25), quantile(x, 0.75)
		mad = high - low
		distance = func(v float64) float64 { return (max(v-high, 0) - max(low-v, 0)) / mad }
	}
	if mad == 0 {
		return // all the same
	}
	for i, row := range rows {
		if z := distance(x[i]); beyond(b, z, limit) {
			rr.add(b, row, question, question, map[string]string{"value": row.value(question), "typical": unscaled(b, median),
				"z": decimals(z, 2), "n": itoa(len(rows)), "group": key, "limit": decimals(limit, 2)})
		}
	}
}

// means compares the mean of each enumerator with that of all others together.
func (rr *roundRun) means(b *bound, question, key string, rows []*RowValue) {
	limit, least := numberOr(b.Check, "limit", 2.5), int(numberOr(b.Check, "minimum", 20))
	people, own := groups(rows, func(row *RowValue) (string, bool) { return row.key([]string{b.Params["by"]}, strings.TrimSpace) })
	for _, person := range people {
		rest := slices.DeleteFunc(slices.Clone(rows), func(row *RowValue) bool { return row.value(b.Params["by"]) == person })
		if len(own[person]) < least || len(rest) < max(least, 2) {
			continue
		}
		x, y := scaled(b, question, own[person]), scaled(b, question, rest)
		sd := deviation(y)
		if sd == 0 {
			continue
		}
		z := (mean(x) - mean(y)) / (sd * math.Sqrt(1/float64(len(x))+1/float64(len(y))))
		if beyond(b, z, limit) {
			rr.add(b, own[person][0], question, question+"/"+person, map[string]string{"enumerator": person, "value": unscaled(b, mean(x)),
				"typical": unscaled(b, mean(y)), "z": decimals(z, 2), "n": itoa(len(x)), "group": key, "limit": decimals(limit, 2)})
		}
	}
}

// speed finds enumerators with more records within 60 minutes than one person can make.
func (rr *roundRun) speed(b *bound) {
	limit := int(numberOr(b.Check, "limit", 60))
	days, records := groups(rr.rows(b), func(row *RowValue) (string, bool) {
		person, ok := row.key([]string{b.Params["by"]}, strings.TrimSpace)
		_, timed := minutesOf(row.value(b.Params["time"]))
		return row.Date + "/" + person, ok && timed
	})
	at := func(row *RowValue) float64 { m, _ := minutesOf(row.value(b.Params["time"])); return m }
	for _, day := range days {
		rows := records[day]
		slices.SortStableFunc(rows, func(a, b *RowValue) int { return cmpFloat(at(a), at(b)) })
		first, most, from := 0, 0, 0
		for i, row := range rows {
			for at(row)-at(rows[first]) >= 60 {
				first++
			}
			if n := i - first + 1; n > most {
				most, from = n, first
			}
		}
		if most > limit {
			rr.add(b, rows[from], b.Params["time"], day, map[string]string{"enumerator": rows[from].value(b.Params["by"]), "value": itoa(most),
				"n": itoa(len(rows)), "limit": itoa(limit)})
		}
	}
}
