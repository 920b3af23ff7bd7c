package intake

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"safar/dictionary"
	"safar/fault"
	"safar/form"
	"safar/place"
	"safar/sheet"
)

// Tool is one form of a tool that a workbook may be for; a tool with several forms stands several times.
type Tool struct {
	ID   string     // baseline-sub-area
	Form *form.Form // whose questions the columns answer; nil = the dictionary alone decides
}

// Input is what Suggest looks at.
type Input struct {
	Book       *sheet.Book
	FileName   string
	SHA256     string
	Dictionary *dictionary.Dictionary
	Register   *place.Register // may be nil: no places known
	Tools      []Tool          // those that may be meant; empty = Safar's own guess by the columns alone
	Sheet      string          // look only at this sheet; "" = all
}

// The tools that Suggest can tell from the columns alone.
const (
	toolSubArea  = "baseline-sub-area"
	toolRegistry = "flow-registry"
)

// suggester carries one suggestion along.
type suggester struct {
	in      Input
	words   lexicon
	names   countryNames
	table   *table
	texts   []snippet
	country string
	tool    Tool
	flow    bool
	m       Mapping
	notes   []*fault.Error
}

// Suggest proposes how the rows of a workbook become records, and says what a person should look at. It fails when the
// workbook cannot be read or holds no table; everything else is a note beside a mapping.
func Suggest(in Input) (Mapping, []*fault.Error, error) {
	s := &suggester{in: in, words: newLexicon(in.Dictionary), names: namesOfCountries(), m: Mapping{Reasons: map[string]string{}}}
	grids, err := s.chooseTable()
	if err != nil {
		return Mapping{}, nil, err
	}
	s.texts = snippets(in, s.table, grids)
	var why string
	s.country, why = countryOf(s.table, in.Register, s.names, s.texts)
	if s.country == "" {
		s.note(fault.New(fault.IntakeCountryUnknown))
		why = "nothing in the workbook tells the country; write its ISO 3166-1 alpha-3 code here"
	}
	s.m.Places.Country = s.country
	s.reason("places.country", why)
	s.notes = append(s.notes, s.matcher().items(s.table)...)
	s.chooseTool()
	s.round()
	s.places()
	s.columns()
	return s.m, s.notes, nil
}

// chooseTable finds the sheet of the data. The items are matched once without the country to rate the sheets.
func (s *suggester) chooseTable() ([]*sheet.Grid, error) {
	tables, grids, err := tablesOf(s.in)
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		t.placeRoles(s.words)
		m := matcher{dict: s.words, flow: t.isFlow(s.words)}
		m.items(t)
	}
	tables = slices.DeleteFunc(tables, func(t *table) bool { return !t.has(roleItem) && !t.placed() })
	if len(tables) == 0 {
		return nil, fault.New(fault.IntakeNoTable).In(fault.Where{File: s.in.FileName})
	}
	best, second := choose(tables)
	if second != nil && second.score > 0.8*best.score && !second.hidden {
		s.note(fault.New(fault.IntakeSheetChosen, "sheet", strconv.Quote(second.name), "chosen", strconv.Quote(best.name)))
	}
	s.table, s.flow = best, best.isFlow(s.words)
	s.reason("source.sheet", best.why())
	s.table.forgetItems()
	s.m.Source = Source{File: s.in.FileName, Sheet: best.name, HeaderRow: best.header.Row, FirstRow: best.header.First, SHA256: s.in.SHA256}
	return grids, nil
}

func (t *table) placed() bool {
	return t.has(roleArea) || t.has(roleAreaName) || t.has(roleSiteID) || t.has(roleSiteName) || t.has(rolePointID) || t.has(rolePointName)
}

func (t *table) forgetItems() {
	for i := range t.cols {
		if c := &t.cols[i]; c.role == roleItem {
			c.role, c.item, c.sure, c.reason = roleNone, dictionary.Item{}, 0, ""
		}
	}
}

// isFlow says whether the rows are movements past a point.
func (t *table) isFlow(d lexicon) bool {
	if t.has(rolePointID) || t.has(rolePointName) {
		return true
	}
	for _, c := range t.cols {
		for _, m := range d.match(c.header, "") {
			if m.Confidence >= surely && m.Item.Name == "sf0204_flow_direction" {
				return true
			}
		}
	}
	return false
}

func (s *suggester) matcher() matcher {
	m := matcher{dict: s.words, flow: s.flow}
	if s.country != "" {
		m.country = place.CountryArea(s.country).Names.In("en")
	}
	return m
}

// chooseTool takes the tool whose form asks most of the found items.
func (s *suggester) chooseTool() {
	usual := toolSubArea
	if s.flow {
		usual = toolRegistry
	}
	s.tool = Tool{ID: usual}
	most := -1
	for _, tool := range s.in.Tools {
		if tool.Form == nil {
			continue
		}
		hits := s.asked(tool.Form)
		if hits > most || hits == most && tool.ID == usual {
			s.tool, most = tool, hits
		}
	}
	items := s.count(roleItem)
	switch {
	case items == 0:
		s.note(fault.New(fault.IntakeNothingMatched, "sheet", strconv.Quote(s.table.name)))
	case most >= 0 && 2*most < items:
		s.note(fault.New(fault.IntakeToolUnsure, "tool", s.tool.ID))
	}
	why := "the rows are places with people present"
	if s.flow {
		why = "the rows are movements past a point"
	}
	if most >= 0 {
		why += fmt.Sprintf("; its form asks %d of %d columns", most, items)
	}
	s.m.Tool = s.tool.ID
	for _, other := range s.in.Tools {
		if other.ID == s.tool.ID && other.Form != s.tool.Form && s.tool.Form != nil {
			s.m.Form = s.tool.Form.ID
		}
	}
	s.reason("tool", why)
}

func (s *suggester) asked(f *form.Form) int {
	index, hits := f.Index(), 0
	for i := range s.table.cols {
		if c := &s.table.cols[i]; c.role == roleItem && index.Element(c.item.Name) != nil {
			hits++
		}
	}
	return hits
}

func (s *suggester) count(r role) int {
	n := 0
	for _, c := range s.table.cols {
		if c.role == r {
			n++
		}
	}
	return n
}

// round finds number and period in titles, notes, names of sheets and file, and in the column of source rounds.
func (s *suggester) round() {
	found := roundsIn(s.texts)
	if c := s.table.first(roleSourceRound, 0); c != nil {
		s.m.Round.Source = s.ref(c)
		s.reason("round.source", c.reason+"; a row of an earlier round is carried over from it")
		highest := 0
		for text := range c.profile.distinct {
			highest = max(highest, roundNumber(text))
		}
		if highest > 0 && highest <= maxRound {
			found = bestGuesses(append(found, guess{strconv.Itoa(highest), "the highest value of " + c.header, 3}))
		}
	}
	if len(found) == 0 {
		s.note(fault.New(fault.IntakeRoundUnknown))
		s.reason("round.number", "not found; write it here or give --round")
	} else {
		s.m.Round.Number = atoi(found[0].value)
		s.reason("round.number", "named in "+found[0].where)
		if len(found) > 1 && 2*found[1].weight >= found[0].weight {
			s.note(fault.New(fault.IntakeRoundUnclear, "rounds", values(found), "chosen", found[0].value))
		}
	}
	s.period()
}

func (s *suggester) period() {
	found := periodsIn(s.texts)
	if len(found) == 0 {
		s.note(fault.New(fault.IntakePeriodUnknown))
		s.reason("round.start", "not found; write start and end, YYYY-MM-DD")
		return
	}
	r := &s.m.Round
	r.Start, r.End, _ = strings.Cut(found[0].value, " ")
	r.ReferenceDate = r.End
	s.reason("round.start", "named in "+found[0].where)
	s.reason("round.reference_date", "the end of the period, as nothing else is said")
	if len(found) > 1 && 2*found[1].weight >= found[0].weight {
		s.note(fault.New(fault.IntakePeriodUnclear, "periods", values(found), "chosen", found[0].value))
	}
}

func values(found []guess) string {
	var out []string
	for _, g := range found[:min(len(found), 5)] {
		out = append(out, g.value)
	}
	return strings.Join(out, ", ")
}

// places fills in where rows lie.
func (s *suggester) places() {
	p := &s.m.Places
	p.Levels = map[string]Naming{}
	for level, key := range levelKeys() {
		code, name := s.table.first(roleArea, level), s.table.first(roleAreaName, level)
		if code == nil && name == nil {
			continue
		}
		p.Levels[key] = Naming{Code: s.ref(code), Name: s.ref(name)}
		if level > 0 && len(s.areas(level)) == 0 {
			p.Create = true
		}
		s.reason("places.levels."+key, join(code, name))
	}
	site := &Site{SSID: s.refOf(roleSiteID), Name: s.refOf(roleSiteName)}
	point := &Site{SSID: s.refOf(rolePointID), Name: s.refOf(rolePointName)}
	for i := range s.table.cols {
		if c := &s.table.cols[i]; c.role == roleSiteAlias {
			site.Aliases = append(site.Aliases, s.ref(c))
		}
		if c := &s.table.cols[i]; c.role == roleItem && c.item.Name == "m0337_loc_location_type" {
			site.Kind = s.ref(c)
		}
	}
	s.position(site, point)
	s.unit(site, point)
	switch {
	case len(p.Levels) == 0:
		s.reason("places.create", "the sheet names no areas")
	case p.Create:
		s.reason("places.create", "no list of "+cmp.Or(s.country, "this country")+" is loaded for all of these levels, so codes and names of the sheet are taken over")
	default:
		s.reason("places.create", "a list of "+s.country+" is loaded, so an unknown code is an error of its row")
	}
}

func (s *suggester) areas(level int) []place.Area {
	if s.in.Register == nil {
		return nil
	}
	return s.in.Register.Areas(s.country, place.Level(level))
}

func join(cols ...*column) string {
	var parts []string
	for _, c := range cols {
		if c != nil {
			parts = append(parts, fmt.Sprintf("%s (%d different)", c.reason, len(c.profile.distinct)))
		}
	}
	return strings.Join(parts, "; ")
}

func (s *suggester) position(site, point *Site) {
	to := site
	if s.flow {
		to = point
	}
	to.Lat, to.Lon = s.refOf(roleLat), s.refOf(roleLon)
	if both := s.refOf(roleCoordinates); to.Lat == "" && both != "" {
		to.Lat, to.Lon = both, both
	}
}

// unit sets the site or the point of the rows and says whether unknown ones are made.
func (s *suggester) unit(site, point *Site) {
	p := &s.m.Places
	if s.flow {
		if point.SSID+point.Name == "" {
			s.note(fault.New(fault.IntakeNoUnit, "sheet", strconv.Quote(s.table.name)))
		}
		point.Create = s.unknown(rolePointID, "places.point", func(id string) bool { _, ok := s.in.Register.Point(id); return ok })
		p.Point = point
		return
	}
	if site.SSID+site.Name == "" {
		s.note(fault.New(fault.IntakeNoUnit, "sheet", strconv.Quote(s.table.name)))
		return
	}
	site.Create = s.unknown(roleSiteID, "places.site", func(id string) bool { _, ok := s.in.Register.Site(id); return ok })
	p.Site = site
}

// unknown says whether the ids that no list knows are to be made: all of them where no list is loaded, else only while
// they are the smaller part, as new locations are.
func (s *suggester) unknown(r role, key string, knows func(string) bool) bool {
	c := s.table.first(r, 0)
	if c == nil || s.in.Register == nil {
		s.reason(key, "no list of them is loaded, so they are taken over from the sheet")
		return true
	}
	known := 0
	for id := range c.profile.distinct {
		if knows(id) {
			known++
		}
	}
	all := len(c.profile.distinct)
	switch {
	case known == 0:
		s.reason(key, "none of the ids is on a loaded list, so they are taken over from the sheet")
		return true
	case known == all:
		s.reason(key, "all ids are on the loaded list")
		return false
	case 2*known > all:
		s.reason(key, fmt.Sprintf("%d of %d ids are not on the loaded list; they are taken for new ones", all-known, all))
		return true
	}
	s.reason(key, fmt.Sprintf("%d of %d ids are not on the loaded list, too many to be new; set create to true if they are", all-known, all))
	return false
}

func (s *suggester) ref(c *column) string {
	if c == nil {
		return ""
	}
	return s.table.heads.reference(c.at)
}

func (s *suggester) refOf(r role) string { return s.ref(s.table.first(r, 0)) }

func (s *suggester) note(e *fault.Error) {
	at := fault.Where{File: s.in.FileName}
	if s.table != nil {
		at.Sheet = s.table.name
	}
	s.notes = append(s.notes, e.In(at))
}

func (s *suggester) reason(key, why string) { s.m.Reasons[key] = why }
