package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"safar/dictionary"
	"safar/fault"
	"safar/place"
	"safar/sheet"
)

// locator finds unit and place of rows by the headers of a mapping.
type locator struct {
	mapping Mapping
	country string
	reg     *place.Register
	levels  []levelColumns
	site    siteColumns
	point   siteColumns
	unit    int // column of the sheet's own id
	source  int // column of the source round
	areas   areaMaker
	sites   siteMaker
	middle  middle
	seen    map[string]int            // unit -> row
	twins   map[string]int            // content of a flow row -> how often so far
	tuples  map[string]areaResolution // of rows that say the same
}

type levelColumns struct {
	level      place.Level
	code, name int // columns, 0 = none
}

type siteColumns struct {
	given          bool
	id, name, kind int
	aliases        []int
	lat, lon       int
	create         bool
}

// newLocator binds the mapping's place references to columns.
func newLocator(m Mapping, heads headers, reg *place.Register) (*locator, []error) {
	if reg == nil {
		reg, _ = place.NewRegister(nil, nil, nil)
	}
	l := &locator{mapping: m, country: m.Places.Country, reg: reg, seen: map[string]int{}, twins: map[string]int{}, tuples: map[string]areaResolution{}}
	var faults []error
	find := func(reference string) int {
		col, err := heads.find(reference)
		if err != nil {
			faults = append(faults, err)
		}
		return col
	}
	for i, key := range levelKeys() {
		if naming, ok := m.Places.Levels[key]; ok {
			l.levels = append(l.levels, levelColumns{place.Level(i), find(naming.Code), find(naming.Name)})
		}
	}
	l.site, l.point = bindSite(m.Places.Site, find), bindSite(m.Places.Point, find)
	l.unit, l.source = find(m.Unit), find(m.Round.Source)
	if l.country == "" {
		faults = append(faults, fault.New(fault.IntakeMappingIncomplete, "key", "places.country", "wanted", "the ISO 3166-1 alpha-3 code of the country, such as TJK"))
	}
	if len(l.levels) == 0 && l.site.id+l.site.name+l.point.id+l.point.name == 0 {
		faults = append(faults, fault.New(fault.IntakeMappingIncomplete, "key", "places.levels or places.site", "wanted", "the headers that say where a row lies"))
	}
	l.areas = newAreaMaker(l.country)
	l.sites = newSiteMaker(l.country)
	return l, faults
}

func bindSite(s *Site, find func(string) int) siteColumns {
	if s == nil {
		return siteColumns{}
	}
	c := siteColumns{given: true, id: find(s.SSID), name: find(s.Name), kind: find(s.Kind), lat: find(s.Lat), lon: find(s.Lon), create: s.Create}
	for _, alias := range s.Aliases {
		c.aliases = append(c.aliases, find(alias))
	}
	return c
}

// locate is the first pass: it sorts the rows into data and others and finds unit and place of the data.
func (p *Plan) locate(l *locator, d *dictionary.Dictionary) {
	l.middle = l.middlePosition(p.grid, p.mapping.Source.FirstRow)
	date := p.dateSpec()
	for i, row := range p.grid.Rows {
		if row.Number < p.mapping.Source.FirstRow {
			continue
		}
		if reason := l.skip(row, p.grid, p.mapping.Source.HeaderRow, d); reason != "" {
			p.Skipped = append(p.Skipped, Skipped{row.Number, reason})
			continue
		}
		at := located{at: i}
		if date != nil {
			at.date, _, _ = date.read(row.Cell(date.col))
			at.date = at.date[:min(len(at.date), len("2021-09-30"))]
		}
		f := finder{l: l, p: p, row: row, at: &at, dict: d}
		f.find()
		p.rows = append(p.rows, at)
	}
}

// dateSpec is the column with the date of assessment or observation; nil when no column has one.
func (p *Plan) dateSpec() *spec {
	var found *spec
	for i := range p.specs {
		s := &p.specs[i]
		dated := s.typ == "date" || s.typ == "dateTime" || s.typ == "today"
		switch {
		case !dated:
		case strings.Contains(s.name, "assessment_date") || strings.HasSuffix(s.name, "obs_date") || strings.HasSuffix(s.name, "_meta_date"):
			return s
		case found == nil && strings.Contains(s.name, "date") && strings.Contains(s.name, "meta"):
			found = s
		}
	}
	return found
}

// finder works on one row.
type finder struct {
	l    *locator
	p    *Plan
	row  sheet.Row
	at   *located
	dict *dictionary.Dictionary
}

func (f *finder) find() {
	f.position()
	f.area()
	if f.l.point.given {
		f.findPoint()
	}
	if f.l.site.given && !f.at.rejected {
		f.findSite()
	}
	f.sourceRound()
	if !f.at.rejected {
		f.nameUnit()
	}
}

// report notes what is wrong with a cell of the row; col 0 is the whole row.
func (f *finder) report(col int, rejected bool, e *fault.Error) {
	f.at.errors = append(f.at.errors, f.p.cellError(f.row.Number, col, e, rejected))
	f.at.rejected = f.at.rejected || rejected
}

// text is what a cell says, "" where it says that there is nothing.
func (f *finder) text(col int) string {
	c := f.row.Cell(col)
	if col == 0 || c.Kind == sheet.Empty || c.Kind == sheet.Error {
		return ""
	}
	s := oneLine(cellText(c))
	if _, missing := f.dict.Missing(s); missing {
		return ""
	}
	return s
}

// code is the text of a cell with codes. A number that a spreadsheet shows with leading zeros is taken as shown; the
// point and zero that a program put behind a whole number go.
func (f *finder) code(col int) string {
	c := f.row.Cell(col)
	s := f.text(col)
	if c.Kind == sheet.Number && strings.HasPrefix(c.Shown, "0") && allDigits(c.Shown) {
		return c.Shown
	}
	if whole, ok := strings.CutSuffix(s, ".0"); ok && allDigits(whole) {
		return whole
	}
	return s
}

// position reads the coordinates of the row.
func (f *finder) position() {
	c := f.l.site
	if c.lat == 0 {
		c = f.l.point
	}
	if c.lat == 0 || c.lon == 0 {
		return
	}
	lat, lon, col, problem := f.degrees(c)
	switch {
	case problem != nil:
		f.report(col, false, problem)
	case col == 0:
	case lat == 0 && lon == 0:
		f.report(c.lat, false, fault.New(fault.IntakeNullPosition))
	case f.l.middle.swapped(place.LatLon{Lat: lat, Lon: lon}):
		f.report(c.lat, false, fault.New(fault.IntakeSwapped, "lat", geoNumber(lat), "lon", geoNumber(lon)))
	case lat < -90 || lat > 90:
		f.report(c.lat, false, fault.New(fault.IntakeNotPosition, "value", shortQuote(f.text(c.lat))))
	default:
		f.at.place.At = &place.LatLon{Lat: lat, Lon: lon}
	}
}

// degrees reads both numbers; col is 0 when there are none, else the column that a problem is about.
func (f *finder) degrees(c siteColumns) (lat, lon float64, col int, problem *fault.Error) {
	a, b := f.text(c.lat), f.text(c.lon)
	if c.lat == c.lon {
		if a == "" {
			return 0, 0, 0, nil
		}
		lat, lon, ok := parsePair(f.row.Cell(c.lat))
		if !ok {
			problem = fault.New(fault.IntakeNotPosition, "value", shortQuote(a))
		}
		return lat, lon, c.lat, problem
	}
	switch {
	case a == "" && b == "":
		return 0, 0, 0, nil
	case a == "":
		return 0, 0, c.lat, fault.New(fault.IntakeHalfPosition)
	case b == "":
		return 0, 0, c.lon, fault.New(fault.IntakeHalfPosition)
	}
	lat, okLat := parseDegrees(f.row.Cell(c.lat))
	lon, okLon := parseDegrees(f.row.Cell(c.lon))
	switch {
	case !okLat:
		return 0, 0, c.lat, fault.New(fault.IntakeNotPosition, "value", shortQuote(a))
	case !okLon:
		return 0, 0, c.lon, fault.New(fault.IntakeNotPosition, "value", shortQuote(b))
	}
	return lat, lon, c.lat, nil
}

func geoNumber(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// middlePosition is where most rows lie.
func (l *locator) middlePosition(g *sheet.Grid, firstRow int) middle {
	c := l.site
	if c.lat == 0 {
		c = l.point
	}
	if c.lat == 0 || c.lon == 0 || c.lat == c.lon {
		return middle{}
	}
	var points []place.LatLon
	for _, row := range g.Rows {
		lat, okLat := parseDegrees(row.Cell(c.lat))
		lon, okLon := parseDegrees(row.Cell(c.lon))
		if row.Number >= firstRow && okLat && okLon && (lat != 0 || lon != 0) {
			points = append(points, place.LatLon{Lat: lat, Lon: lon})
		}
	}
	return middleOf(points)
}

// sourceRound reads the round that the row was assessed in.
func (f *finder) sourceRound() {
	text, now := f.text(f.l.source), f.l.mapping.Round.Number
	if text == "" {
		return
	}
	n := roundNumber(text)
	switch {
	case n <= 0 || n > maxRound || now > 0 && n > now:
		f.report(f.l.source, false, fault.New(fault.IntakeSourceRound, "value", shortQuote(text), "round", strconv.Itoa(now)))
	case n < now:
		f.at.carriedFrom = n
	}
}

// nameUnit gives the row its unit key and finds rows of the same unit.
func (f *finder) nameUnit() {
	switch {
	case f.l.unit > 0:
		f.at.unit = f.text(f.l.unit)
	case f.l.point.given:
		f.at.unit = f.flowUnit()
	case f.l.site.given:
		f.at.unit = f.at.place.Site
	default:
		f.at.unit = string(f.at.place.Areas.Deepest())
	}
	if f.at.unit == "" {
		f.report(f.l.unit, true, fault.New(fault.IntakeUnitMissing))
		return
	}
	if first, twice := f.l.seen[f.at.unit]; twice {
		f.report(max(f.l.unit, f.l.site.id), true, fault.New(fault.IntakeUnitTwice, "unit", shortQuote(f.at.unit), "row", strconv.Itoa(first)))
		return
	}
	f.l.seen[f.at.unit] = f.row.Number
}

// flowUnit tells one group of travellers from another without an id: point, date, what the row says, and the how-manieth
// row that says so. The same file gives the same units again.
func (f *finder) flowUnit() string {
	h := sha256.New()
	for i, c := range f.row.Cells {
		if c.Kind != sheet.Empty {
			fmt.Fprintf(h, "%d:%d:%s", i, len(c.Raw), c.Raw)
		}
	}
	unit := strings.Join([]string{f.at.place.Point, f.at.date, hex.EncodeToString(h.Sum(nil))[:16]}, "|")
	f.l.twins[unit]++
	if n := f.l.twins[unit]; n > 1 {
		unit += "#" + strconv.Itoa(n)
	}
	return unit
}

// batch is what the rows brought that no list knew.
func (l *locator) batch() (place.Batch, []*fault.Error) {
	batch := place.Batch{Areas: l.areas.made(l.reg), Sites: l.sites.madeSites(), Points: l.sites.madePoints()}
	return batch, nil
}
