package measure

import (
	"slices"
	"strconv"
	"strings"

	"safar/fault"
)

// band is a range of ages in completed years, both ends included; an open end has hi = -1.
type band struct{ lo, hi int }

// bandOf reads the edges of a fact: "" for the lower one means all ages.
func bandOf(lo, hi string) (band, bool) {
	from, err := strconv.Atoi(lo)
	if err != nil {
		return band{}, false
	}
	if hi == "" {
		return band{from, -1}, true
	}
	to, err := strconv.Atoi(hi)
	return band{from, to}, err == nil
}

func (b band) String() string {
	if b.hi < 0 {
		return strconv.Itoa(b.lo) + "+"
	}
	return strconv.Itoa(b.lo) + "-" + strconv.Itoa(b.hi)
}

func (b band) overlaps(c band) bool {
	return (b.hi < 0 || c.lo <= b.hi) && (c.hi < 0 || b.lo <= c.hi)
}

// age refuses to add over age bands that overlap. Bands of different breakdowns are never added anyway.
func (p planner) age() error {
	if p.q.apart("age_lo") && p.q.apart("age_hi") {
		return nil
	}
	asked := p.q.fixed("breakdown")
	bands := map[string][]band{}
	for _, d := range p.defs {
		split := d.Dims["breakdown"]
		if asked != nil && !isExpression(split) && !slices.Contains(asked, split) {
			continue
		}
		if isExpression(d.Dims["age_lo"]) || isExpression(d.Dims["age_hi"]) {
			if !p.q.adds("age_lo") {
				return fault.New(fault.NeverAge, "bands", "of "+d.ID)
			}
			continue
		}
		b, ok := bandOf(d.Dims["age_lo"], d.Dims["age_hi"])
		if !ok || slices.Contains(bands[split], b) {
			continue
		}
		if i := slices.IndexFunc(bands[split], b.overlaps); i >= 0 {
			return fault.New(fault.NeverAge, "bands", strings.Join([]string{bands[split][i].String(), b.String()}, ", "))
		}
		bands[split] = append(bands[split], b)
	}
	return nil
}
