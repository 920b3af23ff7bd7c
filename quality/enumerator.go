package quality

import (
	"math"
	"slices"
	"strings"
)

// enumeratorKind finds enumerators who get one answer far more or less often than all of them together: of a question
// that shortens the interview, of "does not know". Each is compared inside the same part of the country where within
// says so, since enumerators work in different places. Params:
//
//	by          question with the enumerator
//	answer      the answer whose share is compared
//	within      adm1, adm2, adm3, adm4 or point
//	difference  smaller differences of shares do not count: 0.15
//	p           limit of the chance that all are alike, adjusted by Holm for the number of enumerators: 0.01
//	minimum     enumerators with fewer answers are not compared: 15
func enumeratorKind() *kind {
	return &kind{name: "enumerator", scopes: []string{"enumerator"}, items: itemsNeeded,
		asks: func(Check) []string { return []string{"by", "answer"} },
		params: []parameter{{name: "by", takes: questionNames}, {name: "answer", takes: anyText},
			{name: "within", takes: words, words: []string{"adm1", "adm2", "adm3", "adm4", "point"}}, {name: "difference"}, {name: "p"}, {name: "minimum"}},
		finds: []string{"enumerator", "percent", "typical", "z", "p", "n", "group"}, many: manyEnumerators}
}

// tally is how often one enumerator got the answer.
type tally struct {
	person string
	yes, n float64
	first  *RowValue
}

func manyEnumerators(rr *roundRun, b *bound) {
	for _, question := range b.Items {
		parts, rows := groups(rr.rows(b), func(row *RowValue) (string, bool) { return row.within(b.Params["within"]), row.value(question) != "" })
		for _, part := range parts {
			rr.enumerators(b, question, part, rows[part])
		}
	}
}

func (rr *roundRun) enumerators(b *bound, question, part string, rows []*RowValue) {
	people, own := groups(rows, func(row *RowValue) (string, bool) { return row.key([]string{b.Params["by"]}, strings.TrimSpace) })
	var tallies []tally
	for _, person := range people {
		t := tally{person: person, n: float64(len(own[person])), first: own[person][0]}
		for _, row := range own[person] {
			if slices.Contains(strings.Fields(row.value(question)), b.Params["answer"]) {
				t.yes++
			}
		}
		if t.n >= numberOr(b.Check, "minimum", 15) {
			tallies = append(tallies, t)
		}
	}
	share, z, p := compare(tallies)
	for i, t := range tallies {
		if p[i] < numberOr(b.Check, "p", 0.01) && math.Abs(t.yes/t.n-share) > numberOr(b.Check, "difference", 0.15) {
			rr.add(b, t.first, question, question+"/"+t.person, map[string]string{"enumerator": t.person, "percent": decimals(100*t.yes/t.n, 1),
				"typical": decimals(100*share, 1), "z": decimals(z[i], 2), "p": decimals(p[i], 6), "n": decimals(t.n, 0), "group": part})
		}
	}
}

// compare tests each share against that of all together: z and its p-value adjusted by Holm.
func compare(tallies []tally) (share float64, z, p []float64) {
	var yes, n float64
	for _, t := range tallies {
		yes, n = yes+t.yes, n+t.n
	}
	share = yes / n
	for _, t := range tallies {
		one := 0.0
		if share > 0 && share < 1 {
			one = (t.yes/t.n - share) / math.Sqrt(share*(1-share)/t.n)
		}
		z, p = append(z, one), append(p, twoSided(one))
	}
	return share, z, holm(p)
}
