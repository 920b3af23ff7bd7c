// Package enginetest holds every engine of the warehouse to the same behaviour: generated facts and random queries on
// which an engine must equal the plain evaluator bit for bit, and the promises of warehouse.Engine one by one.
package enginetest

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"safar/measure"
)

// Op is the operation of the generated facts; there are some of another one beside them.
const Op = "practice"

// Data makes facts and missing values of some hundreds of invented records: all dimensions, splits of totals, repeats,
// carried values, weights, decimals, negative and very large values, names in several scripts.
func Data(seed uint64, records int) (facts []measure.Fact, missing []measure.Missing) {
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range records {
		base := person(r, i)
		switch {
		case r.IntN(12) == 0:
			missing = append(missing, gap(r, base, "stock"))
			continue
		case r.IntN(15) == 0:
			missing = append(missing, gap(r, base, "hours"), gap(r, base, "hours"))
		}
		facts = append(facts, stock(r, base)...)
		facts = append(facts, flow(r, base)...)
	}
	return facts, missing
}

func pick(r *rand.Rand, values ...string) string { return values[r.IntN(len(values))] }

// person makes what all facts of a record share.
func person(r *rand.Rand, i int) measure.Fact {
	adm1 := pick(r, "", "XSF01", "XSF02", "3505000", "xsf01")
	f := measure.Fact{Op: Op, Activity: pick(r, "baseline", "registry"), Round: r.IntN(4),
		Record: fmt.Sprintf("019%05x-%04x-7000-8000-%012x", r.IntN(1<<20), i&0xffff, i), Version: 1 + r.IntN(2), Weight: 1,
		Adm: [5]string{"XSF", adm1, adm1 + pick(r, "01", "02", "10"), "", pick(r, "", "Деҳа", "деҳа", "Dëha")}}
	if r.IntN(20) == 0 {
		f.Op = "other"
	}
	if r.IntN(10) > 0 {
		f.Date = time.Date(2023, 12, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, r.IntN(90)).Format(time.DateOnly)
	}
	if r.IntN(8) == 0 {
		f.CarriedFrom = 1 + r.IntN(3)
	}
	f.Site, f.Point = pick(r, "", "s-1", "S-1", "s 1", "s_1"), pick(r, "", "p1", "p2", "p10")
	f.Confidence, f.Definition = pick(r, "", "high", "low"), "0123456789abcdef"
	return f
}

// stock makes the total of a record and, for some, its parts by sex and age.
func stock(r *rand.Rand, base measure.Fact) []measure.Fact {
	total := base
	total.Item, total.Unit, total.Category = "stock", "ind", pick(r, "idp", "returnee", "relocated")
	total.Value, total.Weight = amount(r), pickWeight(r)
	total.OriginAdm0, total.OriginAdm1 = pick(r, "", "XSF"), pick(r, "", "XSF01", "XSF02")
	total.Reason, total.D1, total.D4 = pick(r, "conflict", "disaster", ""), pick(r, "a", "b", "é"), pick(r, "", "'", `"`, "\\", "%")
	facts := []measure.Fact{total}
	if r.IntN(3) > 0 {
		return facts
	}
	for _, sex := range []string{"f", "m"} {
		for _, age := range [][2]string{{"0", "17"}, {"18", "59"}, {"60", ""}} {
			part := total
			part.Breakdown, part.Sex, part.AgeLo, part.AgeHi, part.Value = "sex_age", sex, age[0], age[1], float64(r.IntN(50))
			facts = append(facts, part)
		}
	}
	return facts
}

// flow makes groups on the move in one shift, and the hours of the shift.
func flow(r *rand.Rand, base measure.Fact) []measure.Fact {
	var facts []measure.Fact
	for n := range r.IntN(4) {
		f := base
		f.Item, f.Unit, f.RepeatPath = "moves", "movement", "/data/group["+strconv.Itoa(n+1)+"]"
		f.Value, f.Direction = amount(r), pick(r, "incoming", "outgoing", "transit")
		f.DestAdm0, f.DestAdm1 = pick(r, "XSF", "XSN", ""), pick(r, "", "XSN9")
		f.D2, f.D3 = pick(r, "car", "bus"), pick(r, "", "x")
		facts = append(facts, f)
	}
	if r.IntN(4) > 0 {
		f := base
		f.Item, f.Unit, f.Value = "hours", "hour", float64(r.IntN(25))/2
		facts = append(facts, f)
	}
	return facts
}

// amount is mostly a small whole number, sometimes zero, a decimal, a debt or something absurdly large.
func amount(r *rand.Rand) float64 {
	switch r.IntN(12) {
	case 0, 1:
		return 0
	case 2:
		return r.Float64() * 100
	case 3:
		return -float64(r.IntN(40))
	case 4:
		return 999_999_999_999 - float64(r.IntN(3))/3
	}
	return float64(r.IntN(500))
}

func pickWeight(r *rand.Rand) float64 {
	switch r.IntN(5) {
	case 0:
		return 0
	case 1:
		return r.Float64()
	}
	return 1
}

func gap(r *rand.Rand, base measure.Fact, item string) measure.Missing {
	return measure.Missing{Op: base.Op, Activity: base.Activity, Round: base.Round, Record: base.Record, Version: base.Version,
		Item: item, Date: base.Date, Adm: base.Adm, Site: base.Site, Point: base.Point,
		Breakdown: pick(r, "", "", "sex_age"), Reason: pick(r, measure.Blank, measure.DoNotKnow, measure.NotAsked)}
}
