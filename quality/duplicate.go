package quality

import (
	"slices"
	"strconv"
	"strings"

	"safar/dictionary"
	"safar/place"
	"safar/record"
)

// duplicateKind finds records that seem to be one (Q13). Params:
//
//	by         questions whose answers are the same
//	fold       true: small differences of writing do not count
//	metres     by is one position; records nearer than this are alike
//	time       a question with a time of day; with minutes: only records so close in time are alike
//	more_than  only groups of more records than this are found; 1 when it is not given
//
// With each, by names questions of that repeat. Where the answers of by make the unit of the record, the finding comes at
// once, from Subject.Others, and not over the round. Scope unit says the same without by.
func duplicateKind() *kind {
	return &kind{name: "duplicate", scopes: []string{"round", "unit"}, items: itemsOptional, each: true, asks: duplicateAsks,
		params: []parameter{{name: "by", takes: questionNames}, {name: "fold", takes: yesNo}, {name: "metres"},
			{name: "time", takes: questionNames}, {name: "minutes"}, {name: "more_than"}},
		finds: []string{"others", "count", "value", "metres"},
		bind: func(b *binding) func(*run, *bound) {
			b.set.units = append(b.set.units, &bound{Check: b.Check, kind: b.kind})
			return nil
		},
		many: manyDuplicates}
}

func duplicateAsks(c Check) []string {
	var asks []string
	if c.Scope == "round" && len(c.Items) == 0 {
		asks = append(asks, "by")
	}
	if c.Params["time"] != "" {
		asks = append(asks, "minutes")
	}
	return asks
}

// plainDuplicate says whether only the answers of by decide, so that they may be the unit's key.
func plainDuplicate(c Check) bool {
	for name := range c.Params {
		if name != "by" {
			return false
		}
	}
	return c.Each == ""
}

// duplicates finds other records of the same unit in the round, under the id of the tool's own check where it has one.
func (r *run) duplicates() {
	if len(r.Others) == 0 {
		return
	}
	others := slices.Sorted(slices.Values(r.Others))
	details := map[string]string{"others": list(others), "count": itoa(len(others)), "value": r.Derived.Unit, "unit": r.Derived.Unit}
	for _, b := range r.set.units {
		questions := wordsOf(wordOr(b.Check, "by", ""))
		if len(questions) == 0 || r.joined(questions) == r.Derived.Unit {
			r.add(b.ID, b.Level, r.answerPath(strings.Join(questions[:min(1, len(questions))], "")),
				before(r.fill(b.Message, r.top, details), fillDetails(duplicateText(), details)), details)
			return
		}
	}
	r.built("record.duplicate", Warn, duplicateText(), details)
}

func (r *run) joined(questions []string) string {
	parts := make([]string, len(questions))
	for i, q := range questions {
		parts[i] = record.Answer(r.top, q)
	}
	return strings.Join(parts, "/")
}

func manyDuplicates(rr *roundRun, b *bound) {
	by := wordsOf(wordOr(b.Check, "by", strings.Join(b.Items, ",")))
	if number(b.Check, "metres") > 0 {
		rr.near(b, by[0], number(b.Check, "metres"))
		return
	}
	fold := strings.TrimSpace
	if b.Params["fold"] == "true" {
		fold = dictionary.Fold
	}
	keys, groups := rr.alike(b, by, fold)
	for _, key := range keys {
		for _, same := range closeInTime(groups[key], b) {
			if len(same) > int(numberOr(b.Check, "more_than", 1)) && !oneUnit(same) {
				rr.sameGroup(b, by, key, same)
			}
		}
	}
}

// alike groups rows by their answers; with each, a row stands in the group of every row of its repeat.
func (rr *roundRun) alike(b *bound, by []string, fold func(string) string) ([]string, map[string][]*RowValue) {
	rows := rr.rows(b)
	if b.Each == "" {
		return groups(rows, func(row *RowValue) (string, bool) {
			key, ok := row.key(by, fold)
			return key, ok && (!plainDuplicate(b.Check) || key != row.Unit)
		})
	}
	return groups(eachRow(rows, by, fold), func(row *RowValue) (string, bool) { return row.key(by, fold) })
}

// eachRow makes a record of each row of a repeat; rows of one record that are alike count once.
func eachRow(rows []*RowValue, by []string, fold func(string) string) []*RowValue {
	var single []*RowValue
	for _, row := range rows {
		seen := map[string]bool{}
		for i := range row.Values[by[0]] {
			one := *row
			one.Values = map[string][]string{}
			for _, q := range by {
				if i < len(row.Values[q]) {
					one.Values[q] = row.Values[q][i : i+1]
				}
			}
			if key, ok := one.key(by, fold); ok && !seen[key] {
				seen[key] = true
				single = append(single, &one)
			}
		}
	}
	return single
}

// oneUnit holds for records that are known to be of one unit: each of them says so already.
func oneUnit(rows []*RowValue) bool {
	return rows[0].Unit != "" && !slices.ContainsFunc(rows, func(row *RowValue) bool { return row.Unit != rows[0].Unit })
}

func (rr *roundRun) sameGroup(b *bound, by []string, key string, same []*RowValue) {
	ids := make([]string, len(same))
	for i, row := range same {
		ids[i] = row.Record
	}
	for i, row := range same {
		others := slices.Delete(slices.Clone(ids), i, i+1)
		rr.add(b, row, by[0], key, map[string]string{"others": list(others), "count": itoa(len(others)), "value": row.value(by[0])})
	}
}

// closeInTime parts a group into runs in which each record follows the one before within the minutes; all of it without
// such a rule.
func closeInTime(rows []*RowValue, b *bound) [][]*RowValue {
	question := b.Params["time"]
	if question == "" {
		return [][]*RowValue{rows}
	}
	var timed []*RowValue
	for _, row := range rows {
		if _, ok := minutesOf(row.value(question)); ok {
			timed = append(timed, row)
		}
	}
	at := func(row *RowValue) float64 { m, _ := minutesOf(row.value(question)); return m }
	slices.SortStableFunc(timed, func(a, b *RowValue) int { return cmpFloat(at(a), at(b)) })
	var runs [][]*RowValue
	for i, row := range timed {
		if i > 0 && at(row)-at(timed[i-1]) <= number(b.Check, "minutes") {
			runs[len(runs)-1] = append(runs[len(runs)-1], row)
		} else {
			runs = append(runs, []*RowValue{row})
		}
	}
	return runs
}

// minutesOf reads a time of day, or the one in a date-time, as minutes since midnight.
func minutesOf(text string) (float64, bool) {
	if _, clock, ok := strings.Cut(text, "T"); ok {
		text = clock
	}
	if len(text) < 5 || text[2] != ':' {
		return 0, false
	}
	hours, err1 := strconv.Atoi(text[:2])
	minutes, err2 := strconv.Atoi(text[3:5])
	return float64(hours*60 + minutes), err1 == nil && err2 == nil
}

// located is a record with its position.
type located struct {
	row *RowValue
	at  place.LatLon
}

// positions reads where the records are, from south to north; zero is no position.
func positions(rows []*RowValue, question string) []located {
	var found []located
	for _, row := range rows {
		if at, ok := record.ParsePosition(row.value(question)); ok && (at.Lat != 0 || at.Lon != 0) {
			found = append(found, located{row, at})
		}
	}
	slices.SortStableFunc(found, func(a, b located) int { return cmpFloat(a.at.Lat, b.at.Lat) })
	return found
}

// neighboursMost bounds the neighbours noted of one record, so that a thousand records with one position stay cheap.
const neighboursMost = 50

// near finds records of different units whose positions lie within so many metres of each other. Sorted by latitude,
// only neighbours within the distance are compared.
func (rr *roundRun) near(b *bound, question string, metres float64) {
	found := positions(rr.rows(b), question)
	const metresPerDegree = 110_000 // of latitude, rounded down so that none is missed
	neighbours := map[*RowValue][]string{}
	closest := map[*RowValue]float64{}
	note := func(row, other *RowValue, m float64) {
		if _, seen := closest[row]; !seen || m < closest[row] {
			closest[row] = m
		}
		neighbours[row] = append(neighbours[row], other.Record)
	}
	for i, a := range found {
		noted := 0
		for _, c := range found[i+1:] {
			if (c.at.Lat-a.at.Lat)*metresPerDegree > metres || noted == neighboursMost {
				break
			}
			if a.row.Unit != "" && a.row.Unit == c.row.Unit {
				continue
			}
			if m := place.DistanceM(a.at, c.at); m <= metres {
				noted++
				note(a.row, c.row, m)
				note(c.row, a.row, m)
			}
		}
	}
	for _, row := range rr.rows(b) {
		if others := neighbours[row]; len(others) > 0 {
			slices.Sort(others)
			rr.add(b, row, question, "", map[string]string{"others": list(others), "count": itoa(len(others)),
				"value": row.value(question), "metres": decimals(closest[row], 1)})
		}
	}
}

func cmpFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
