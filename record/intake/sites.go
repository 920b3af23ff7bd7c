package intake

import (
	"cmp"
	"slices"
	"strconv"

	"safar/fault"
	"safar/locale"
	"safar/place"
)

func itoa(n int) string { return strconv.Itoa(n) }

// findSite finds the site of the row, or makes it.
func (f *finder) findSite() {
	c := f.l.site
	id, name := f.code(c.id), f.text(c.name)
	f.at.siteName = name
	if id == "" && name == "" {
		if c.id+c.name > 0 && f.l.unit == 0 {
			f.report(max(c.id, 0), true, fault.New(fault.IntakeUnitMissing))
		}
		return
	}
	if damagedCode(id) {
		f.report(c.id, true, fault.New(fault.IntakeCodeDamaged, "value", shortQuote(id)))
		return
	}
	if id == "" {
		id = f.siteByName(name)
		f.report(max(c.id, 0), false, fault.New(fault.IntakeSiteNamed, "site", shortQuote(id)))
	}
	if known, ok := f.l.reg.Site(id); ok && (known.Country == f.l.country || known.Country == "") {
		f.atKnownSite(known)
		return
	}
	if !c.create {
		f.report(max(c.id, c.name), true, fault.New(fault.IntakeSiteUnknown, "site", shortQuote(id)))
		return
	}
	if !f.hasArea() {
		f.report(0, true, fault.New(fault.IntakePlaceMissing))
		return
	}
	f.at.place.Site = id
	f.l.sites.addSite(place.Site{
		SSID: id, Country: f.l.country, Area: f.at.place.Areas.Deepest(), Names: named(name), Aliases: f.aliases(name),
		Kind: f.kind(c.kind), At: f.at.place.At,
	})
}

// kind is the type of a site, as an answer where a column of answers says it.
func (f *finder) kind(col int) string {
	for i := range f.p.specs {
		if s := &f.p.specs[i]; s.col == col && col > 0 {
			value, _, _ := s.read(f.row.Cell(col))
			return value
		}
	}
	return f.text(col)
}

// siteByName finds a site without id by its name inside its area; a new one gets an id made of both, the same in every
// round.
func (f *finder) siteByName(name string) string {
	within := f.at.place.Areas.Deepest()
	found := f.l.reg.FindByName(place.Query{Name: name, Country: f.l.country, Kinds: []place.Kind{place.KindSite}, Within: within, Limit: 2})
	if len(found) > 0 && found[0].Score >= 0.98 && (len(found) == 1 || found[1].Score < found[0].Score) {
		return found[0].ID
	}
	return string(within) + "-" + nameSlug(name)
}

// atKnownSite follows the list where row and list differ.
func (f *finder) atKnownSite(known place.Site) {
	f.at.place.Site = known.SSID
	if f.at.siteName == "" {
		f.at.siteName = known.Names.In("en")
	}
	if f.at.place.At == nil {
		f.at.place.At = known.At
	}
	stated := f.at.place.Areas.Deepest()
	if known.Area == "" {
		return
	}
	agrees := stated == place.Code(f.l.country) || f.l.reg.IsWithin(f.l.country, known.Area, stated)
	if !agrees && f.l.reg.IsWithin(f.l.country, stated, known.Area) {
		return // the row says it more exactly than the list
	}
	if !agrees {
		f.report(f.l.site.id, false, fault.New(fault.IntakeSiteMoved, "site", shortQuote(known.SSID), "known", string(known.Area), "stated", string(stated)))
	}
	if path := f.l.reg.Path(f.l.country, known.Area); path.Deepest() != "" {
		f.at.place.Areas, f.at.place.How = path, "code"
	}
}

// hasArea says whether the row lies in a unit below the country; a position alone can tell.
func (f *finder) hasArea() bool {
	if f.at.place.Areas.Deepest() != place.Code(f.l.country) {
		return true
	}
	if f.at.place.At == nil {
		return len(f.l.levels) == 0
	}
	for _, m := range f.l.reg.Locate(*f.at.place.At, f.l.country, place.Lowest) {
		if m.Reason == place.Inside {
			f.at.place.Areas, f.at.place.How = f.l.reg.Path(f.l.country, m.Code()), "gps"
			return true
		}
	}
	return len(f.l.levels) == 0
}

func (f *finder) aliases(name string) []string {
	var aliases []string
	for _, col := range f.l.site.aliases {
		if alias := f.text(col); alias != "" && alias != name && !slices.Contains(aliases, alias) {
			aliases = append(aliases, alias)
		}
	}
	return aliases
}

func named(name string) locale.Text {
	if name == "" {
		return nil
	}
	return locale.Text{scriptOf(name): name}
}

// findPoint finds the flow monitoring point of the row, or makes it. Without a point nothing can be said of a flow.
func (f *finder) findPoint() {
	c := f.l.point
	id, name := f.code(c.id), f.text(c.name)
	f.at.siteName = name
	if damagedCode(id) {
		f.report(c.id, true, fault.New(fault.IntakeCodeDamaged, "value", shortQuote(id)))
		return
	}
	if id == "" && name != "" {
		id = f.pointByName(name)
	}
	if id == "" {
		if c.id+c.name > 0 {
			f.report(max(c.id, c.name), true, fault.New(fault.IntakePlaceMissing))
		}
		return
	}
	if known, ok := f.l.reg.Point(id); ok {
		f.at.place.Point = known.ID
		if path := f.l.reg.Path(f.l.country, known.Area); known.Area != "" && path.Deepest() != "" {
			f.at.place.Areas, f.at.place.How = path, "code"
		}
		return
	}
	if !c.create {
		f.report(max(c.id, c.name), true, fault.New(fault.IntakePointUnknown, "point", shortQuote(id)))
		return
	}
	f.at.place.Point = id
	f.l.sites.addPoint(place.FlowPoint{
		ID: id, Country: f.l.country, Area: f.at.place.Areas.Deepest(), Names: named(name), Kind: f.kind(c.kind), At: f.at.place.At,
	})
}

func (f *finder) pointByName(name string) string {
	found := f.l.reg.FindByName(place.Query{Name: name, Country: f.l.country, Kinds: []place.Kind{place.KindPoint}, Limit: 2})
	if len(found) > 0 && found[0].Score >= 0.98 && (len(found) == 1 || found[1].Score < found[0].Score) {
		return found[0].ID
	}
	return f.l.country + "-" + nameSlug(name)
}

// siteMaker collects the sites and points that rows bring and no list knows.
type siteMaker struct {
	country string
	sites   map[string]place.Site
	points  map[string]place.FlowPoint
}

func newSiteMaker(country string) siteMaker {
	return siteMaker{country: country, sites: map[string]place.Site{}, points: map[string]place.FlowPoint{}}
}

func (m *siteMaker) addSite(s place.Site) {
	if _, ok := m.sites[s.SSID]; !ok {
		m.sites[s.SSID] = s
	}
}

func (m *siteMaker) addPoint(p place.FlowPoint) {
	if _, ok := m.points[p.ID]; !ok {
		m.points[p.ID] = p
	}
}

func (m *siteMaker) madeSites() []place.Site {
	return sortedValues(m.sites, func(a, b place.Site) int { return cmp.Compare(a.SSID, b.SSID) })
}

func (m *siteMaker) madePoints() []place.FlowPoint {
	return sortedValues(m.points, func(a, b place.FlowPoint) int { return cmp.Compare(a.ID, b.ID) })
}

func sortedValues[V any](m map[string]V, compare func(a, b V) int) []V {
	var values []V
	for _, v := range m {
		values = append(values, v)
	}
	slices.SortFunc(values, compare)
	return values
}
