package quality

import (
	"slices"
	"strings"
)

// coverageKind finds what a round lacks (Q18, Q24). The parameter rule says which:
//
//	targets       units of the target list without a record; limit: the share that may lack, 0
//	missing_rate  questions left empty in more than limit (0.05) of the records that should answer them, parted by the
//	              question in by or by form_version, from minimum (20) records on
//	dnk_rate      more than limit (0.2) of the answers to items are "does not know", parted by the question in by
//	shift_gap     a shift that was due has neither a record nor movements; by names point, date and shift, groups the form
//	              of the movements. Due are the shifts the point ever reported, on the weekdays it ever worked, from its
//	              first to its last day in the round
//	weekday_gap   a weekday is never observed at a point (by) over two weeks and more of dates (date)
//	no_shift      movements without the shift (form in shifts) they belong to; by names point, date and shift
//	tally         the shift's own count (item) differs from the sum of groups_item in the form groups by more than limit (0.05)
func coverageKind() *kind {
	return &kind{name: "coverage", scopes: []string{"round", "enumerator"}, items: itemsOptional, asks: coverageAsks,
		params: []parameter{{name: "rule", takes: words, words: []string{"targets", "missing_rate", "dnk_rate", "shift_gap", "weekday_gap", "no_shift", "tally"}},
			{name: "limit"}, {name: "minimum"}, {name: "by", takes: questionNames, words: []string{"form_version"}}, {name: "item", takes: questionNames},
			{name: "date", takes: questionNames}, {name: "groups", takes: formID}, {name: "shifts", takes: formID},
			{name: "groups_item", takes: questionNames, other: true}},
		finds: []string{"question", "percent", "n", "count", "group", "list", "value", "sum", "targeted"}, many: manyCoverage}
}

// coverageAsks lists the params that each rule reads.
func coverageAsks(c Check) []string {
	switch c.Params["rule"] {
	case "targets":
		return nil
	case "missing_rate", "dnk_rate":
		return []string{"item"}
	case "weekday_gap":
		return []string{"by", "date"}
	case "shift_gap":
		if len(wordsOf(c.Params["by"])) < 3 {
			return []string{"by with point, date and shift", "groups"}
		}
		return []string{"by", "groups"}
	case "no_shift":
		return []string{"by", "shifts"}
	case "tally":
		return []string{"by", "item", "groups", "groups_item"}
	}
	return []string{"rule"}
}

func manyCoverage(rr *roundRun, b *bound) {
	switch b.Params["rule"] {
	case "targets":
		rr.targets(b)
	case "missing_rate":
		rr.missing(b)
	case "dnk_rate":
		rr.unknown(b)
	case "shift_gap":
		rr.shiftGaps(b)
	case "weekday_gap":
		rr.weekdayGaps(b)
	case "no_shift":
		rr.withoutShift(b)
	case "tally":
		rr.tallies(b)
	}
}

// targets finds the units that nobody assessed. Units known not to be reachable are not looked for.
func (rr *roundRun) targets(b *bound) {
	seen := map[string]bool{}
	for _, row := range rr.rows(b) {
		seen[row.Unit] = true
	}
	var lacking []string
	due := 0
	for _, t := range rr.Targets {
		if t.Inaccessible {
			continue
		}
		if due++; !seen[t.Unit] {
			lacking = append(lacking, t.Unit)
		}
	}
	slices.Sort(lacking)
	if share := float64(len(lacking)) / float64(max(due, 1)); share > number(b.Check, "limit") {
		rr.add(b, nil, "", "targets", map[string]string{"count": itoa(len(lacking)), "targeted": itoa(due), "percent": decimals(100*share, 1), "list": list(lacking)})
	}
}

// part gives the part of the round that rates are counted in.
func (b *bound) part(row *RowValue) (string, bool) {
	switch by := b.Params["by"]; by {
	case "":
		return "", true
	case "form_version":
		return row.Version, true
	default:
		return row.key([]string{by}, strings.TrimSpace)
	}
}

func (rr *roundRun) missing(b *bound) {
	parts, rows := groups(rr.rows(b), b.part)
	for _, part := range parts {
		for _, question := range questionsOf(b.Check) {
			asked, empty := 0, 0
			var first *RowValue
			for _, row := range rows[part] {
				values, ok := row.Values[question]
				if !ok {
					continue
				}
				if asked++; !slices.ContainsFunc(values, func(v string) bool { return v != "" }) {
					if empty++; first == nil {
						first = row
					}
				}
			}
			share := float64(empty) / float64(max(asked, 1))
			if asked >= int(numberOr(b.Check, "minimum", 20)) && share > numberOr(b.Check, "limit", 0.05) {
				rr.add(b, first, question, question+"/"+part, map[string]string{"question": question, "percent": decimals(100*share, 1),
					"count": itoa(empty), "n": itoa(asked), "group": part})
			}
		}
	}
}

// unknown counts the answers "dnk" among all answers to the items.
func (rr *roundRun) unknown(b *bound) {
	parts, rows := groups(rr.rows(b), b.part)
	for _, part := range parts {
		answers, dnk := 0, 0
		for _, row := range rows[part] {
			for _, question := range questionsOf(b.Check) {
				for _, v := range row.Values[question] {
					if v != "" {
						answers++
					}
					if v == "dnk" {
						dnk++
					}
				}
			}
		}
		share := float64(dnk) / float64(max(answers, 1))
		if answers >= int(numberOr(b.Check, "minimum", 20)) && share > numberOr(b.Check, "limit", 0.2) {
			rr.add(b, rows[part][0], "", part, map[string]string{"percent": decimals(100*share, 1), "count": itoa(dnk), "n": itoa(answers), "group": part})
		}
	}
}
