package place

import (
	"slices"
	"strings"

	"safar/fault"
)

// finish resolves what lines say about each other: lost codes, parents, the country above all, the units of sites and
// points. It gives the batch and leaves the defects in the order of the file.
func (as *assembler) finish() Batch {
	as.findLostCodes()
	as.reportShortCodes()
	for _, country := range as.countries() {
		top := CountryArea(country)
		as.add(&unitDraft{Area: top, implied: true})
	}
	names := as.nameTable()
	for _, u := range as.units {
		as.resolveParent(u, names)
	}
	r := as.combined()
	as.checkPositions(r)
	as.placeSites(r)
	as.placePoints(r)
	return as.batch()
}

func (as *assembler) countries() []string {
	seen := map[string]bool{}
	var out []string
	add := func(c string) {
		if !seen[c] {
			seen[c] = true
			out = append(out, c)
		}
	}
	for _, u := range as.units {
		add(u.Country)
	}
	for _, s := range as.sites {
		add(s.Country)
	}
	for _, p := range as.points {
		add(p.Country)
	}
	return out
}

// findLostCodes looks for the one code that a number with lost digits may have been: among the known units of its level
// and among the parents that rows name and no row describes.
func (as *assembler) findLostCodes() {
	for _, u := range as.lost {
		fits := as.couldBe(u.Country, damageOf(u.lost.text), func(level Level, described bool) bool {
			return level == u.Level && !described
		})
		if len(fits) != 1 {
			as.report(leftOut(fault.New(fault.PlaceCodeIsNumber, "value", u.lost.text).In(u.at)))
			continue
		}
		as.report(mended(fault.New(fault.PlaceCodeRepaired, "value", u.lost.text, "code", string(fits[0])).In(u.at)))
		u.Code, u.lost = fits[0], nil
		as.add(u)
	}
}

// couldBe lists the codes of a country that a damaged one may have been, of the levels wanted. Codes that rows only
// mention as a parent count as one level above the row.
func (as *assembler) couldBe(country string, d damage, wanted func(level Level, described bool) bool) []Code {
	if as.byDigits == nil {
		as.indexDigits()
	}
	var fits []Code
	add := func(c digitCode) {
		described := as.byCode[key{country, c.code}] != nil
		if wanted(c.level, described) && d.couldBe(string(c.code)) && !slices.Contains(fits, c.code) {
			fits = append(fits, c.code)
		}
	}
	if d.exact {
		for _, c := range as.byDigits[key{country, Code(d.digits)}] {
			add(c)
		}
		return fits
	}
	for k, codes := range as.byDigits {
		if k.country == country && len(k.code) == len(d.digits) {
			for _, c := range codes {
				add(c)
			}
		}
	}
	return fits
}

// digitCode is a code of nothing but digits, with its level.
type digitCode struct {
	code  Code
	level Level
}

// indexDigits lists the codes that a program could take for numbers, by their digits without leading zeros.
func (as *assembler) indexDigits() {
	as.byDigits = map[key][]digitCode{}
	add := func(country string, code Code, level Level) {
		if !onlyDigits(string(code)) {
			return
		}
		k := key{country, Code(strings.TrimLeft(string(code), "0"))}
		if c := (digitCode{code, level}); !slices.Contains(as.byDigits[k], c) {
			as.byDigits[k] = append(as.byDigits[k], c)
		}
	}
	for _, u := range as.units {
		add(u.Country, u.Code, u.Level)
		if as.byCode[key{u.Country, u.Parent}] == nil {
			add(u.Country, u.Parent, u.Level-1)
		}
	}
	if as.opts.Known != nil {
		for i := range as.opts.Known.areas {
			a := &as.opts.Known.areas[i]
			add(a.Country, a.Code, a.Level)
		}
	}
}

// reportShortCodes mends numbers that lost leading zeros where a known unit proves it, and points at the others.
func (as *assembler) reportShortCodes() {
	for _, u := range as.units {
		if u.implied || !onlyDigits(string(u.Code)) || as.opts.Known == nil || as.knows(u.Country, u.Code) {
			continue
		}
		fits := as.couldBe(u.Country, damageOf(string(u.Code)), func(level Level, described bool) bool { return level == u.Level && !described })
		if len(fits) == 1 && fits[0] != u.Code {
			as.report(mended(fault.New(fault.PlaceCodeRepaired, "value", string(u.Code), "code", string(fits[0])).In(u.at)))
			delete(as.byCode, key{u.Country, u.Code})
			u.Code = fits[0]
			as.byCode[key{u.Country, u.Code}] = u
		}
	}
	for _, u := range as.numbers {
		if u.Code[0] != '0' && len(u.Code) < as.zeroLed[layer{u.Country, u.Level}] {
			as.report(kept(fault.New(fault.PlaceCodeShort, "value", string(u.Code)).In(u.at)))
		}
	}
}

// nameTable holds the units of the file by bare name, for parents that are only named.
func (as *assembler) nameTable() map[key][]*unitDraft {
	table := map[key][]*unitDraft{}
	if !slices.ContainsFunc(as.units, func(u *unitDraft) bool { return u.parentName != "" }) {
		return table
	}
	for _, u := range as.units {
		for _, name := range u.allNames() {
			k := key{u.Country, Code(Bare(name))}
			if !slices.Contains(table[k], u) {
				table[k] = append(table[k], u)
			}
		}
	}
	return table
}

func (as *assembler) resolveParent(u *unitDraft, names map[key][]*unitDraft) {
	top := Code(u.Country)
	if u.Level == 0 {
		u.Parent = ""
		return
	}
	if u.Parent != "" && as.isKnown(u.Country, u.Parent) {
		return
	}
	if found := as.parentElsewhere(u, names); found != "" {
		u.Parent = found
		return
	}
	stated := u.Parent
	u.Parent = top
	switch {
	case stated == "" && u.parentName != "":
		as.report(kept(fault.New(fault.PlaceParentByName, "code", string(u.Code), "name", u.parentName).In(u.at)))
	case stated == "" && u.Level > 1:
		as.report(kept(fault.New(fault.PlaceNoParent, "code", string(u.Code)).In(u.at)))
	case stated != "" && !as.isCountry(u.Country, stated):
		as.report(kept(fault.New(fault.PlaceUnknownParent, "code", string(u.Code), "parent", string(stated)).In(u.parentAt)))
	}
}

// isCountry says whether a parent code stands for the country itself: its alpha-2 or alpha-3 code or the p-code that
// the file gives its country.
func (as *assembler) isCountry(country string, code Code) bool {
	if c, ok := CountryOf(string(code)); ok && c == country {
		return true
	}
	top := as.byCode[key{country, Code(country)}]
	return top != nil && top.Codes["pcode"] == string(code)
}

func (as *assembler) isKnown(country string, code Code) bool {
	return as.byCode[key{country, code}] != nil || as.knows(country, code)
}

// parentElsewhere finds the parent of a unit by what is left: a code turned into a number, a code of another system, what
// is already known about the unit, or the name of the unit above.
func (as *assembler) parentElsewhere(u *unitDraft, names map[key][]*unitDraft) Code {
	if d := damageOf(string(u.Parent)); d.numeric {
		fits := as.couldBe(u.Country, d, func(level Level, _ bool) bool { return level < u.Level })
		fits = slices.DeleteFunc(fits, func(c Code) bool { return !as.isKnown(u.Country, c) })
		if len(fits) == 1 {
			as.report(mended(fault.New(fault.PlaceCodeRepaired, "value", string(u.Parent), "code", string(fits[0])).In(u.parentAt)))
			return fits[0]
		}
	}
	for _, c := range u.parents {
		if code := as.bySystem(u, c.role.arg, c.text); code != "" {
			return code
		}
	}
	if u.Parent != "" {
		return ""
	}
	if as.knows(u.Country, u.Code) {
		known, _ := as.opts.Known.Area(u.Country, u.Code)
		return known.Parent
	}
	if u.parentName == "" {
		return ""
	}
	return as.parentNamed(u, names)
}

func (as *assembler) bySystem(u *unitDraft, system, code string) Code {
	if as.inSystem == nil {
		as.inSystem = map[key]*unitDraft{}
		for _, other := range as.units {
			for system, code := range other.Codes {
				as.inSystem[key{other.Country, Code(system + ":" + code)}] = other
			}
		}
	}
	if other := as.inSystem[key{u.Country, Code(system + ":" + code)}]; other != nil && other.Level < u.Level {
		return other.Code
	}
	if as.opts.Known != nil {
		for _, m := range as.opts.Known.FindByCode(u.Country, code) {
			if m.Kind == KindArea && m.Level < u.Level && m.Reason != ByRepaired {
				return m.Code()
			}
		}
	}
	return ""
}

// parentNamed gives the one unit above that bears the name; two of one name leave the question open.
func (as *assembler) parentNamed(u *unitDraft, names map[key][]*unitDraft) Code {
	var fits []Code
	for _, other := range names[key{u.Country, Code(Bare(u.parentName))}] {
		if other.Level < u.Level && !slices.Contains(fits, other.Code) {
			fits = append(fits, other.Code)
		}
	}
	if as.opts.Known != nil && len(fits) == 0 {
		for _, m := range as.opts.Known.FindByName(Query{Name: u.parentName, Country: u.Country, Kinds: []Kind{KindArea}}) {
			if m.Level < u.Level && m.Level > 0 && m.Score >= scoreAlias*scoreBare {
				fits = append(fits, m.Code())
			}
		}
	}
	if len(fits) != 1 {
		return ""
	}
	return fits[0]
}

// combined is the register as it will be with the batch. What it finds wrong with a unit of the batch is reported at
// that unit's row.
func (as *assembler) combined() *Register {
	areas := as.areas()
	known := Batch{}
	if as.opts.Known != nil {
		known = as.opts.Known.All()
		merged, _ := Merge(known, Batch{Areas: areas})
		areas = merged.Areas
	}
	r, defects := NewRegister(areas, known.Sites, known.Points)
	as.reportAtRows(defects)
	for _, u := range as.units {
		if i, ok := r.byCode[key{u.Country, u.Code}]; ok && u.Level > 0 {
			u.Parent = r.areas[i].Parent
		}
	}
	return r
}

// reportAtRows places defects of a register, which name a unit by its code, at the rows of this file. Those of units that
// were known before are not about this file.
func (as *assembler) reportAtRows(defects []Defect) {
	if len(defects) == 0 {
		return
	}
	rows := make(map[string]fault.Where, len(as.units))
	for _, u := range as.units {
		rows[string(u.Code)] = u.at
	}
	for _, d := range defects {
		if at, ok := rows[d.Fault.At.Field]; ok && d.Fault.Code != fault.PlaceUnknownArea {
			as.report(Defect{d.Fault.In(at), d.Outcome})
		}
	}
}

func (as *assembler) areas() []Area {
	sorted := slices.Clone(as.units)
	slices.SortFunc(sorted, func(a, b *unitDraft) int { return order(&a.Area, &b.Area) })
	out := make([]Area, len(sorted))
	for i, u := range sorted {
		u.Aliases = tidyAliases(u.Aliases, u.Names)
		out[i] = u.Area
	}
	return out
}

// tidyAliases drops repetitions and those equal to a name.
func tidyAliases(aliases []string, names map[string]string) []string {
	var out []string
	for _, alias := range aliases {
		named := slices.Contains(out, alias)
		for _, name := range names {
			named = named || name == alias
		}
		if !named {
			out = append(out, alias)
		}
	}
	return out
}

func (as *assembler) batch() Batch {
	b := Batch{Areas: as.areas()}
	for _, s := range as.sites {
		s.Aliases = tidyAliases(s.Aliases, s.Names)
		b.Sites = append(b.Sites, s.Site)
	}
	for _, p := range as.points {
		b.Points = append(b.Points, p.FlowPoint)
	}
	slices.SortFunc(b.Sites, compareSites)
	slices.SortFunc(b.Points, comparePoints)
	return b
}
