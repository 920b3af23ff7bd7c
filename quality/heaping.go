package quality

import (
	"math"
	"strings"
)

// heapingKind finds enumerators whose numbers end in 0 or 5 too often (Q15): a sign of guessing. Params:
//
//	item     the question; the items of the check when it is not given
//	by       question with the enumerator; all records together when it is not given
//	share    of numbers that end in 0 or 5, above which it is a finding: 0.6, as informants round by nature
//	v        instead of share: limit for Cramér's V of the last digits against an even spread; 0.15 is usual from 100 numbers on
//	minimum  fewer numbers say nothing: 20
//	from     smaller numbers are not looked at: 20, where the last digit is free of the size
func heapingKind() *kind {
	return &kind{name: "heaping", scopes: []string{"enumerator", "round"}, items: itemsOptional,
		asks: func(Check) []string { return []string{"item"} },
		params: []parameter{{name: "item", takes: questionNames}, {name: "by", takes: questionNames}, {name: "share"}, {name: "v"},
			{name: "minimum"}, {name: "from"}},
		finds: []string{"enumerator", "share", "percent", "chi2", "v", "n"}, many: manyHeaps}
}

func manyHeaps(rr *roundRun, b *bound) {
	for _, question := range questionsOf(b.Check) {
		people, own := groups(rr.rows(b), func(row *RowValue) (string, bool) {
			if b.Params["by"] == "" {
				return "", true
			}
			return row.key([]string{b.Params["by"]}, strings.TrimSpace)
		})
		for _, person := range people {
			rr.heap(b, question, person, own[person])
		}
	}
}

func (rr *roundRun) heap(b *bound, question, person string, rows []*RowValue) {
	var d lastDigits
	from := numberOr(b.Check, "from", 20)
	for _, row := range rows {
		if v, ok := row.number(question); ok && v >= from && v == math.Trunc(v) {
			d[int64(v)%10]++
		}
	}
	n := d.total()
	if n < numberOr(b.Check, "minimum", 20) {
		return
	}
	found := d.share() > numberOr(b.Check, "share", 0.6)
	if b.Params["v"] != "" {
		found = d.v() > number(b.Check, "v")
	}
	if found {
		rr.add(b, rows[0], question, question+"/"+person, map[string]string{"enumerator": person, "share": decimals(d.share(), 4),
			"percent": decimals(100*d.share(), 1), "chi2": decimals(d.chi2(), 2), "v": decimals(d.v(), 4), "n": decimals(n, 0)})
	}
}

// lastDigits counts numbers by their last digit.
type lastDigits [10]float64

func (d lastDigits) total() (n float64) {
	for _, count := range d {
		n += count
	}
	return n
}

// share of numbers that end in 0 or 5.
func (d lastDigits) share() float64 { return (d[0] + d[5]) / d.total() }

// chi2 against an even spread, 9 degrees of freedom.
func (d lastDigits) chi2() (t float64) {
	even := d.total() / 10
	for _, count := range d {
		t += (count - even) * (count - even) / even
	}
	return t
}

// v is Cramér's V: 0 for an even spread, 1 when all end alike.
func (d lastDigits) v() float64 { return math.Sqrt(d.chi2() / (9 * d.total())) }
