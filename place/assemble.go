package place

import (
	"slices"
	"strconv"
	"strings"

	"safar/fault"
	"safar/locale"
)

// unitDraft is an area on its way into a batch, with the places in the file that its defects point to.
type unitDraft struct {
	Area
	at         fault.Where
	parentAt   fault.Where
	parentName string // the unit above, where only its name is given
	parents    []cell // the unit above, in other code systems
	implied    bool   // known only from a row of a lower unit
	lost       *cell  // a code that lost digits, to be found among the known ones
}

type siteDraft struct {
	Site
	at   fault.Where
	area unitRef
}

type pointDraft struct {
	FlowPoint
	at   fault.Where
	area unitRef
}

// unitRef is how a site or point names its unit: by code, by the name of the lowest unit that is named, or not at all.
type unitRef struct {
	code, name string
	at         fault.Where
}

// assembler gathers what the lines say.
type assembler struct {
	reader
	units    []*unitDraft
	byCode   map[key]*unitDraft
	lost     []*unitDraft
	sites    []*siteDraft
	points   []*pointDraft
	seen     map[string]bool     // SSIDs and point ids of this file
	zeroLed  map[layer]int       // length of codes that begin with 0, where the file has such
	numbers  []*unitDraft        // units whose code the file holds as a number
	byDigits map[key][]digitCode // see couldBe
	inSystem map[key]*unitDraft  // by system and code
	pairs    int                 // of edges compared, see crossingBudget
	sheets   map[string]int      // order of the sheets, for the order of defects
}

func newAssembler(o Options) *assembler {
	return &assembler{reader: reader{opts: o}, byCode: map[key]*unitDraft{}, seen: map[string]bool{}, zeroLed: map[layer]int{}, sheets: map[string]int{}}
}

// take understands one line. Lines without any value are passed over.
func (as *assembler) take(l *line) {
	if len(l.cells) == 0 && l.shape == nil {
		return
	}
	d := as.draft(l)
	country, ok := as.country(&d)
	if !ok {
		return
	}
	switch as.preset.Of {
	case KindSite:
		as.takeSite(&d, country)
	case KindPoint:
		as.takePoint(&d, country)
	default:
		as.takeArea(&d, country)
	}
}

func (as *assembler) takeArea(d *draft, country string) {
	level, ok := as.levelOf(d)
	if !ok {
		return
	}
	u := &unitDraft{Area: Area{Country: country, Level: level, Names: d.own.names, Aliases: d.own.aliases, Codes: d.own.codes}, at: d.line.at, parentAt: d.line.at}
	if !as.code(u, d) {
		return
	}
	code := string(u.Code)
	if len(u.Names) == 0 && len(u.Aliases) > 0 {
		u.Names, u.Aliases = locale.Text{as.opts.language(): u.Aliases[0]}, u.Aliases[1:]
	}
	if len(u.Names) == 0 && !as.knows(country, u.Code) && level > 0 {
		as.report(kept(fault.New(fault.PlaceNoName, "code", code).In(d.line.at)))
	}
	u.ValidFrom, u.ValidTo = as.validity(d, code)
	u.Successors = as.succession(d)
	u.Point = as.position(d)
	u.Geometry = as.geometry(d, code)
	as.above(u, d)
	as.add(u)
}

// knows says whether the unit is in the register that the import adds to.
func (as *assembler) knows(country string, code Code) bool {
	if as.opts.Known == nil {
		return false
	}
	_, ok := as.opts.Known.byCode[key{country, code}]
	return ok
}

// levelOf finds the level of the row's own unit. A table with one column for each level gives the lowest that is filled;
// that unit then becomes the row's own. A feature with neither code nor level is the country.
func (as *assembler) levelOf(d *draft) (Level, bool) {
	if c, ok := d.fields["level"]; ok {
		v, ok := readNumber(strings.TrimPrefix(strings.ToLower(c.text), "adm"))
		if !ok || v != float64(Level(v)) || v < 0 || v > float64(MaxLevel) {
			as.report(leftOut(fault.New(fault.PlaceBadLevel, "value", c.text).In(d.line.where(c))))
			return 0, false
		}
		return Level(v), true
	}
	lowest := own
	for i := range d.above {
		if !d.above[i].empty() {
			lowest = Level(i)
		}
	}
	switch {
	case as.preset.Level > 0:
		return as.preset.Level, true
	case d.own.code == nil && lowest != own:
		codes, names := d.own.codes, d.own.names
		d.own, d.above[lowest] = d.above[lowest], unitText{}
		d.own.codes, d.own.names = united(d.own.codes, codes), united(d.own.names, names)
		return lowest, true
	case d.own.code == nil && d.line.shape != nil:
		return 0, true
	}
	as.report(leftOut(fault.New(fault.PlaceNoLevel).In(d.line.at)))
	return 0, false
}

// united is a with what only b has.
func united(a, b map[string]string) map[string]string {
	if len(b) == 0 {
		return a
	}
	out := make(map[string]string, len(a)+len(b))
	for k, v := range b {
		out[k] = v
	}
	for k, v := range a {
		out[k] = v
	}
	return out
}

// code settles the code of the row's own unit; false means that the row is lost.
func (as *assembler) code(u *unitDraft, d *draft) bool {
	c := d.own.code
	if u.Level == 0 {
		u.Code = Code(u.Country)
		if c != nil && c.text != u.Country {
			u.Codes = united(u.Codes, map[string]string{"pcode": c.text})
		}
		return true
	}
	if c == nil {
		return as.borrowCode(u, d)
	}
	u.at = d.line.where(*c)
	switch damaged := damageOf(c.text); {
	case damaged.changed && !damaged.exact:
		u.lost = c
		return true
	case damaged.changed:
		as.report(mended(fault.New(fault.PlaceCodeRepaired, "value", c.text, "code", damaged.digits).In(u.at)))
		u.Code = Code(damaged.digits)
	default:
		u.Code = Code(c.text)
	}
	l := layer{u.Country, u.Level}
	if onlyDigits(c.text) && c.text[0] == '0' {
		as.zeroLed[l] = max(as.zeroLed[l], len(c.text))
	} else if c.number || damageOf(c.text).changed {
		as.numbers = append(as.numbers, u)
	}
	return true
}

// borrowCode takes the code of another system for a unit that has none of its own yet.
func (as *assembler) borrowCode(u *unitDraft, d *draft) bool {
	for _, system := range as.preset.Fallback {
		if code := u.Codes[system]; code != "" {
			u.Code = Code(code)
			if !as.knows(u.Country, u.Code) {
				as.report(mended(fault.New(fault.PlaceCodeBorrowed, "code", code, "system", system).In(d.line.at)))
			}
			return true
		}
	}
	as.report(leftOut(fault.New(fault.PlaceNoCode).In(d.line.at)))
	return false
}

// above enters the units that the row names above its own and settles how its own names its parent.
func (as *assembler) above(u *unitDraft, d *draft) {
	u.parents = d.parents
	parent := Code("")
	for level := Level(0); level < u.Level; level++ {
		text := &d.above[level]
		if text.empty() {
			continue
		}
		if text.code == nil && level > 0 {
			if name := text.names.In(); name != "" {
				u.parentName = name
			}
			continue
		}
		up := &unitDraft{Area: Area{Country: u.Country, Level: level, Parent: parent, Names: text.names, Aliases: text.aliases, Codes: text.codes}, at: d.line.at, parentAt: d.line.at, implied: true}
		up.Code = Code(u.Country)
		if level > 0 {
			up.Code = Code(wholeDigits(text.code.text))
			up.at = d.line.where(*text.code)
			u.parentAt = up.at
		} else if text.code != nil && text.code.text != u.Country {
			up.Codes = united(up.Codes, map[string]string{"pcode": text.code.text})
		}
		as.add(up)
		parent = up.Code
	}
	u.Parent = parent
	if c, ok := d.fields["parent"]; ok {
		u.Parent, u.parentAt = Code(c.text), d.line.where(c)
	}
}

// wholeDigits undoes 3505000.0 and leaves everything else.
func wholeDigits(text string) string {
	if d := damageOf(text); d.changed && d.exact {
		return d.digits
	}
	return text
}

// add enters a unit. A row of its own takes over what rows of lower units said before; a second row of its own is a defect.
func (as *assembler) add(u *unitDraft) {
	if u.lost != nil {
		as.lost = append(as.lost, u)
		return
	}
	k := key{u.Country, u.Code}
	old, twice := as.byCode[k]
	switch {
	case !twice:
		as.byCode[k] = u
		as.units = append(as.units, u)
	case !old.implied && !u.implied:
		as.report(leftOut(fault.New(fault.PlaceDuplicateCode, "code", string(u.Code), "country", u.Country).In(u.at)))
	case u.implied:
		if old.implied && old.Parent != u.Parent {
			as.report(leftOut(fault.New(fault.PlaceParentDiffers, "code", string(u.Code), "parent", string(old.Parent), "other", string(u.Parent)).In(u.at)))
		}
		old.lend(u)
	default:
		implied := *old
		*old = *u
		old.lend(&implied)
	}
}

// lend fills what a unit lacks from what another row says about it. A name that differs is an alias.
func (u *unitDraft) lend(from *unitDraft) {
	if u.Parent == "" {
		u.Parent, u.parentAt = from.Parent, from.parentAt
	}
	for tag, name := range from.Names {
		if old := u.Names[tag]; old == "" {
			u.Names = united(u.Names, map[string]string{tag: name})
		} else if old != name {
			u.Aliases = withAliases(u.Aliases, name)
		}
	}
	u.Aliases = withAliases(u.Aliases, from.Aliases...)
	u.Codes = united(u.Codes, from.Codes)
}

func (as *assembler) takeSite(d *draft, country string) {
	ssid := as.preset.Prefix + strings.Join(d.ssid, "-")
	if len(d.ssid) == 0 {
		ssid = d.fields["ssid"].text
	}
	if !as.fresh(d, ssid, fault.PlaceDuplicateSite, "ssid") {
		return
	}
	s := &siteDraft{at: d.line.where(d.fields["ssid"]), area: as.ref(d, country)}
	accuracy, _ := as.numberField(d, "accuracy")
	s.Site = Site{
		SSID: ssid, Country: country, Names: d.own.names, Aliases: d.own.aliases, Kind: d.fields["kind"].text, At: as.position(d), AccuracyM: accuracy,
		GPSSource: d.fields["gps_source"].text, Status: d.fields["status"].text, OpenedRound: as.whole(d, "opened"), ClosedRound: as.whole(d, "closed"),
		MergedInto: d.fields["merged_into"].text, Sensitivity: d.fields["sensitivity"].text,
	}
	if len(s.Names) == 0 {
		as.report(kept(fault.New(fault.PlaceNoName, "code", ssid).In(s.at)))
	}
	as.sites = append(as.sites, s)
}

func (as *assembler) takePoint(d *draft, country string) {
	id := d.fields["point"].text
	if !as.fresh(d, id, fault.PlaceDuplicatePoint, "id") {
		return
	}
	p := &pointDraft{at: d.line.where(d.fields["point"]), area: as.ref(d, country)}
	p.FlowPoint = FlowPoint{
		ID: id, Country: country, Names: d.own.names, Kind: d.fields["kind"].text, At: as.position(d),
		Directions: strings.FieldsFunc(d.fields["directions"].text, func(r rune) bool { return strings.ContainsRune(" ,;|", r) }),
		OpensAt:    as.timeOfDay(d, "opens"), ClosesAt: as.timeOfDay(d, "closes"), Status: d.fields["status"].text,
		PairedPoint: d.fields["paired"].text, Sensitivity: d.fields["sensitivity"].text,
	}
	if len(p.Names) == 0 {
		as.report(kept(fault.New(fault.PlaceNoName, "code", id).In(p.at)))
	}
	as.points = append(as.points, p)
}

// fresh says whether the id of a site or point is there and new in this file.
func (as *assembler) fresh(d *draft, id string, twice fault.Code, name string) bool {
	switch {
	case id == "":
		as.report(leftOut(fault.New(fault.PlaceNoCode).In(d.line.at)))
	case as.seen[id]:
		as.report(leftOut(fault.New(twice, name, id).In(d.line.at)))
	default:
		as.seen[id] = true
		return true
	}
	return false
}

// ref reads which unit a site or point lies in. Units above it that the list alone knows are entered when nothing is
// known about the country yet.
func (as *assembler) ref(d *draft, country string) unitRef {
	if c, ok := d.fields["area"]; ok {
		return unitRef{code: c.text, at: d.line.where(c)}
	}
	u := &unitDraft{Area: Area{Country: country, Level: MaxLevel + 1}, at: d.line.at}
	if as.opts.Known == nil || as.opts.Known.names[country] == nil {
		as.above(u, d)
	}
	for level := MaxLevel; level > 0; level-- {
		switch above := &d.above[level]; {
		case above.code != nil:
			return unitRef{code: above.code.text, at: d.line.where(*above.code)}
		case len(above.names) > 0:
			return unitRef{name: above.names.In(), at: d.line.at}
		}
	}
	return unitRef{at: d.line.at}
}

// withAliases adds those that are not there yet.
func withAliases(aliases []string, more ...string) []string {
	for _, alias := range more {
		if !slices.Contains(aliases, alias) {
			aliases = append(slices.Clip(aliases), alias)
		}
	}
	return aliases
}

func metres(d float64) string { return strconv.FormatFloat(d, 'f', 0, 64) }
