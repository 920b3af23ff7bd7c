package quality

import (
	"strings"
)

// alikeKind finds interviews of one enumerator with almost the same answers: a sign of copying. items are the questions
// compared; answers that nobody of the group gave do not count. Params:
//
//	by         question with the enumerator
//	differing  at most so many answers differ: 7 (impact-initiatives/cleaningtools, check_soft_duplicates)
//	minimum    fewer compared questions say nothing: 15
func alikeKind() *kind {
	return &kind{name: "alike", scopes: []string{"enumerator"}, items: itemsNeeded,
		asks:   func(Check) []string { return []string{"by"} },
		params: []parameter{{name: "by", takes: questionNames}, {name: "differing"}, {name: "minimum"}},
		finds:  []string{"enumerator", "others", "differing", "questions"}, many: manyAlike}
}

// alikeMost bounds the pairs that are compared: a larger group is parted by day.
const alikeMost = 2000

func manyAlike(rr *roundRun, b *bound) {
	people, own := groups(rr.rows(b), func(row *RowValue) (string, bool) { return row.key([]string{b.Params["by"]}, strings.TrimSpace) })
	for _, person := range people {
		if len(own[person]) <= alikeMost {
			rr.alikeIn(b, person, own[person])
			continue
		}
		days, daily := groups(own[person], func(row *RowValue) (string, bool) { return row.Date, true })
		for _, day := range days {
			rr.alikeIn(b, person, daily[day][:min(alikeMost, len(daily[day]))])
		}
	}
}

func (rr *roundRun) alikeIn(b *bound, person string, rows []*RowValue) {
	codes, questions := encode(rows, b.Items)
	minimum := int(numberOr(b.Check, "minimum", 15))
	if len(rows) < 2 || questions < minimum {
		return
	}
	limit := int(numberOr(b.Check, "differing", 7))
	for i, row := range rows {
		twin, ok := nearest(codes, i, minimum)
		if ok && twin.differing <= limit {
			rr.add(b, row, "", person, map[string]string{"enumerator": person, "others": rows[twin.at].Record, "differing": itoa(twin.differing), "questions": itoa(twin.answered)})
		}
	}
}

// encode gives each row as numbers, one for each question that somebody answered; equal answers have equal numbers.
func encode(rows []*RowValue, items []string) (codes [][]int, questions int) {
	codes = make([][]int, len(rows))
	for _, item := range items {
		known := map[string]int{"": 0}
		column := make([]int, len(rows))
		for i, row := range rows {
			answer := strings.ToLower(strings.Join(row.Values[item], "\n"))
			if _, seen := known[answer]; !seen {
				known[answer] = len(known)
			}
			column[i] = known[answer]
		}
		if len(known) == 1 {
			continue
		}
		questions++
		for i := range rows {
			codes[i] = append(codes[i], column[i])
		}
	}
	return codes, questions
}

// pair is how near another row is.
type pair struct {
	at        int // of the other row
	differing int // answers that differ
	answered  int // questions that at least one of the two answered
}

// nearest finds the other row with the fewest differing answers, the first of equals. Two rows are comparable when at
// least minimum questions are answered by one of them: quiet places are alike because nothing is there to tell.
func nearest(codes [][]int, of, minimum int) (best pair, found bool) {
	for i, other := range codes {
		if i == of {
			continue
		}
		p := pair{at: i}
		for q, code := range other {
			if code != 0 || codes[of][q] != 0 {
				p.answered++
			}
			if code != codes[of][q] {
				p.differing++
			}
		}
		if p.answered >= minimum && (!found || p.differing < best.differing) {
			best, found = p, true
		}
	}
	return best, found
}
