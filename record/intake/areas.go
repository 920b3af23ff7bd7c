package intake

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"safar/fault"
	"safar/locale"
	"safar/place"
)

// areaResolution is what the area columns of a row come to. Rows that say the same share one.
type areaResolution struct {
	path     place.Path
	how      string
	problems []areaProblem
	rejected bool
}

type areaProblem struct {
	col      int
	rejected bool
	fault    *fault.Error
}

// area finds the units that hold the row.
func (f *finder) area() {
	var key strings.Builder
	for _, c := range f.l.levels {
		key.WriteString(f.code(c.code) + "\x00" + f.text(c.name) + "\x00")
	}
	r, ok := f.l.tuples[key.String()]
	if !ok {
		r = f.resolveArea()
		f.l.tuples[key.String()] = r
	}
	for _, p := range r.problems {
		f.report(p.col, p.rejected, p.fault)
	}
	f.at.place.Areas, f.at.place.How = r.path, r.how
}

func (f *finder) resolveArea() areaResolution {
	r := areaResolution{path: place.Path{0: place.Code(f.l.country)}}
	for i, c := range f.l.levels {
		code, name := f.code(c.code), f.text(c.name)
		if code == "" && name == "" {
			continue
		}
		q := areaQuestion{columns: c, code: code, name: name, row: f.row.Number, lowest: f.lowest(i)}
		switch {
		case c.level == 0:
			f.l.checkCountry(q, &r)
		case code != "":
			f.l.byCode(q, &r)
		default:
			f.l.byName(q, &r)
		}
	}
	if r.how == "" && r.path.Deepest() != place.Code(f.l.country) {
		r.how = "code"
	}
	return r
}

// lowest says whether no level below this one is filled in the row.
func (f *finder) lowest(i int) bool {
	for _, c := range f.l.levels[i+1:] {
		if f.code(c.code) != "" || f.text(c.name) != "" {
			return false
		}
	}
	return true
}

// areaQuestion is what a row says of one level.
type areaQuestion struct {
	columns    levelColumns
	code, name string
	row        int
	lowest     bool
}

func (q areaQuestion) col() int {
	if q.code != "" {
		return q.columns.code
	}
	return q.columns.name
}

// problem notes a fault; where it leaves the lowest stated unit unknown the row is left out.
func (r *areaResolution) problem(q areaQuestion, fatal bool, e *fault.Error) {
	r.problems = append(r.problems, areaProblem{q.col(), fatal, e})
	r.rejected = r.rejected || fatal
}

func (l *locator) checkCountry(q areaQuestion, r *areaResolution) {
	if alpha3, ok := place.CountryOf(q.code); q.code != "" && ok && alpha3 == l.country {
		return
	}
	for _, name := range place.CountryArea(l.country).Names {
		if q.code == "" && place.Fold(name) == place.Fold(q.name) {
			return
		}
	}
	r.problem(q, true, fault.New(fault.IntakeCodeUnknown, "code", shortQuote(cmp.Or(q.code, q.name)), "level", "name or code", "country", l.country))
}

// byCode finds a unit by its code and compares it with what the row says above it.
func (l *locator) byCode(q areaQuestion, r *areaResolution) {
	m, ok := l.known(q)
	if !ok {
		if l.mapping.Places.Create && !damagedCode(q.code) {
			l.create(q, place.Code(q.code), r)
			return
		}
		r.problem(q, q.lowest, l.unknownCode(q))
		return
	}
	if m.Reason == place.ByRepaired {
		r.problem(q, false, fault.New(fault.IntakeCodeMended, "value", shortQuote(q.code), "code", m.ID))
	}
	l.accept(q, l.reg.Path(l.country, m.Code()), r)
	if q.name != "" && !l.calledSo(m.Code(), q.name) {
		r.problem(areaQuestion{columns: levelColumns{name: q.columns.name}}, false,
			fault.New(fault.IntakeNameOther, "code", m.ID, "known", shortQuote(l.nameOf(m.Code())), "name", shortQuote(q.name)))
	}
}

// known asks the register for a code of the wanted level. A damaged code counts only where one unit alone fits.
func (l *locator) known(q areaQuestion) (place.Match, bool) {
	var found []place.Match
	for _, m := range l.reg.FindByCode(l.country, q.code) {
		if m.Kind == place.KindArea && m.Level == q.columns.level {
			found = append(found, m)
		}
	}
	if len(found) == 0 || found[0].Reason == place.ByRepaired && len(found) > 1 {
		return place.Match{}, false
	}
	return found[0], true
}

func (l *locator) unknownCode(q areaQuestion) *fault.Error {
	if damagedCode(q.code) {
		return fault.New(fault.IntakeCodeDamaged, "value", shortQuote(q.code))
	}
	return fault.New(fault.IntakeCodeUnknown, "code", shortQuote(q.code), "level", levelName(q.columns.level), "country", l.country)
}

// damagedCode holds for 3.01E+10: a code that a program took for a number, and whose last digits nobody knows any more.
func damagedCode(s string) bool {
	mantissa, exponent, ok := strings.Cut(strings.ToUpper(s), "E+")
	return ok && allDigits(exponent) && allDigits(strings.Replace(mantissa, ".", "", 1))
}

func levelName(level place.Level) string { return "unit of level " + levelKey(int(level)) }

// accept takes a unit whose path is known, unless the row puts it somewhere else.
func (l *locator) accept(q areaQuestion, path place.Path, r *areaResolution) {
	for level := 1; level < int(q.columns.level); level++ {
		if stated := r.path[level]; stated != "" && path[level] != "" && stated != path[level] {
			r.problem(q, true, fault.New(fault.IntakeCodeParent, "code", string(path[q.columns.level]), "parent", string(path[level]), "stated", string(stated)))
			return
		}
	}
	r.path = path
	if q.code == "" {
		r.how = "name"
	}
}

// byName finds a unit by its name inside the unit above it.
func (l *locator) byName(q areaQuestion, r *areaResolution) {
	within := r.path.Deepest()
	query := place.Query{Name: q.name, Country: l.country, Levels: []place.Level{q.columns.level}, Kinds: []place.Kind{place.KindArea}, Limit: 3}
	if within != place.Code(l.country) {
		query.Within = within
	}
	found := l.reg.FindByName(query)
	switch {
	case len(found) > 0 && found[0].Score >= 0.97 && (len(found) == 1 || found[1].Score < found[0].Score):
		l.accept(q, l.reg.Path(l.country, found[0].Code()), r)
	case len(found) > 1 && found[0].Score >= 0.97:
		r.problem(q, q.lowest, fault.New(fault.IntakeNameUnclear, "level", levelName(q.columns.level)+"s", "name", shortQuote(q.name), "within", string(within), "codes", found[0].ID+", "+found[1].ID))
	case l.mapping.Places.Create:
		l.create(q, l.areas.codeFor(q.columns.level, within, q.name), r)
		r.how = "name"
	default:
		r.problem(q, q.lowest, fault.New(fault.IntakeNameUnknown, "level", levelName(q.columns.level), "name", shortQuote(q.name), "within", string(within)))
	}
}

// create makes a unit that no list knows, or takes the one that an earlier row made.
func (l *locator) create(q areaQuestion, code place.Code, r *areaResolution) {
	parent := r.path.Deepest()
	a := l.areas.make(code, q.columns.level, parent, q.name, q.row)
	if a.area.Parent != parent || a.area.Level != q.columns.level {
		r.problem(q, false, fault.New(fault.IntakeCodeParents, "code", string(code), "parent", string(a.area.Parent), "row", itoa(a.row), "stated", string(parent)))
	}
	if int(a.area.Level) == int(q.columns.level) {
		r.path[a.area.Level] = code
	}
}

func (l *locator) calledSo(code place.Code, name string) bool {
	a, ok := l.reg.Area(l.country, code)
	if !ok {
		return true
	}
	want := place.Bare(name)
	known := slices.Collect(maps.Values(a.Names))
	for _, k := range append(known, a.Aliases...) {
		if bare := place.Bare(k); bare == want || place.JaroWinkler(bare, want) >= 0.88 || place.Skeleton(k) == place.Skeleton(name) {
			return true
		}
	}
	return len(known)+len(a.Aliases) == 0
}

func (l *locator) nameOf(code place.Code) string {
	a, _ := l.reg.Area(l.country, code)
	return a.Names.In("en")
}

// areaMaker collects the units that rows bring and no list knows.
type areaMaker struct {
	country string
	byCode  map[place.Code]*madeArea
	byName  map[string]place.Code // level, parent and folded name -> code
}

type madeArea struct {
	area place.Area
	row  int // that brought it
}

func newAreaMaker(country string) areaMaker {
	return areaMaker{country: country, byCode: map[place.Code]*madeArea{}, byName: map[string]place.Code{}}
}

// make gives the unit of a code, made now if it is new. A further name of a known code becomes an alias.
func (m *areaMaker) make(code place.Code, level place.Level, parent place.Code, name string, row int) *madeArea {
	a, ok := m.byCode[code]
	if !ok {
		a = &madeArea{area: place.Area{Country: m.country, Code: code, Level: level, Parent: parent}, row: row}
		m.byCode[code] = a
	}
	if name == "" {
		return a
	}
	if len(a.area.Names) == 0 {
		a.area.Names = locale.Text{scriptOf(name): name}
		m.byName[nameKey(level, parent, name)] = code
	} else if known := a.area.Names.In(); place.Fold(known) != place.Fold(name) && !slices.Contains(a.area.Aliases, name) {
		a.area.Aliases = append(a.area.Aliases, name)
	}
	return a
}

// codeFor gives a unit without a code one made of its parent's and its name, the same in every round.
func (m *areaMaker) codeFor(level place.Level, parent place.Code, name string) place.Code {
	if code, ok := m.byName[nameKey(level, parent, name)]; ok {
		return code
	}
	return place.Code(string(parent) + "-" + nameSlug(name))
}

func nameKey(level place.Level, parent place.Code, name string) string {
	return levelKey(int(level)) + "\x00" + string(parent) + "\x00" + place.Fold(name)
}

// nameSlug writes a name as part of a code; a name without a letter or digit stays as it is.
func nameSlug(name string) string {
	if folded := strings.ReplaceAll(place.Fold(name), " ", "_"); folded != "" {
		return folded
	}
	return name
}

// made lists the new units, the country too where the register does not have it.
func (m *areaMaker) made(reg *place.Register) []place.Area {
	var areas []place.Area
	if _, ok := reg.Area(m.country, place.Code(m.country)); !ok {
		areas = append(areas, place.CountryArea(m.country))
	}
	for _, a := range m.byCode {
		areas = append(areas, a.area)
	}
	slices.SortFunc(areas, func(a, b place.Area) int { return cmp.Or(cmp.Compare(a.Level, b.Level), cmp.Compare(a.Code, b.Code)) })
	return areas
}

// scriptOf guesses the language tag under which a name without one is kept: by its letters only.
func scriptOf(name string) string {
	tag := "en"
	for _, r := range name {
		switch {
		case strings.ContainsRune("ҳӯқғҷӣҲӮҚҒҶӢ", r) && tag != "kk":
			tag = "tg"
		case strings.ContainsRune("әіңүұөһӘІҢҮҰӨҺ", r):
			return "kk"
		case r >= 'Ѐ' && r <= 'ӿ' && tag == "en":
			tag = "ru"
		case r >= '؀' && r <= 'ۿ':
			return "ar"
		}
	}
	return tag
}
