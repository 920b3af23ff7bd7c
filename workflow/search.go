package workflow

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"safar/access"
	"safar/locale"
	"safar/place"
	"safar/record"
)

// Hit is one thing that a search found.
type Hit struct {
	Kind   string `json:"kind"` // place, record, release, measure
	ID     string `json:"id"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Link   string `json:"link"` // address in the workspace
}

// hitsOfAKind bounds the answers of each kind, so that a list of ten fits below the field.
const hitsOfAKind = 6

// Search finds places, records, releases and measures by a few letters. What the reader may not see is not found.
func (w *Workflow) Search(ctx context.Context, actor access.Actor, operation, text, lang string) ([]Hit, error) {
	op, err := w.FindOperation(ctx, actor, operation)
	if err != nil {
		return nil, err
	}
	hits := []Hit{}
	if text = strings.TrimSpace(text); text == "" {
		return hits, nil
	}
	base := "/o/" + op.Slug
	found, err := w.PlaceList(ctx, actor, operation, PlaceQuery{Text: text, Limit: hitsOfAKind}, lang)
	if err != nil {
		return nil, err
	}
	hits = append(hits, found.hits(base)...)
	if access.May(actor, access.ReadRecords, op.Slug) {
		page, err := w.RecordRows(ctx, actor, op.Slug, RecordFilter{Search: text, Limit: hitsOfAKind}, nil, lang)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Rows {
			hits = append(hits, Hit{"record", string(r.ID), cmp.Or(r.Name, r.Unit, string(r.ID)), strings.Trim(r.Date+" · "+r.Unit, " ·"), base + "/records/" + string(r.ID)})
		}
	}
	more, err := w.searchFigures(ctx, actor, op.Slug, text, lang)
	return append(hits, more...), err
}

// searchFigures finds releases and measures.
func (w *Workflow) searchFigures(ctx context.Context, actor access.Actor, operation, text, lang string) ([]Hit, error) {
	var hits []Hit
	key := place.Fold(text)
	releases, err := w.Releases(ctx, actor, operation)
	if err != nil {
		return nil, err
	}
	for _, r := range releases {
		if len(hits) < hitsOfAKind && strings.Contains(place.Fold(r.Title+" "+r.ID), key) {
			hits = append(hits, Hit{"release", r.ID, r.Title, string(r.State), "/o/" + operation + "/releases/" + r.ID})
		}
	}
	if !access.May(actor, access.ReadFigures, operation) {
		return hits, nil
	}
	tools, _, err := w.toolsOf(ctx, operation)
	if err != nil {
		return nil, err
	}
	var measures []Hit
	for _, t := range tools {
		for _, m := range t.pack.Measures.Measures {
			if strings.Contains(m.ID, text) || anyContains(m.Title, key) {
				measures = append(measures, Hit{"measure", m.ID, m.Title.In(lang, "en"), t.pack.Title.In(lang, "en"), "/o/" + operation + "/figures?activity=" + t.activity.ID + "&measure=" + m.ID})
			}
		}
	}
	slices.SortFunc(measures, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(len(a.Title), len(b.Title)), cmp.Compare(a.Link, b.Link))
	})
	return append(hits, measures[:min(len(measures), hitsOfAKind)]...), nil
}

func anyContains(text locale.Text, key string) bool {
	for _, words := range text {
		if strings.Contains(place.Fold(words), key) {
			return true
		}
	}
	return false
}

// PlaceQuery asks for the places below a unit, or by name.
type PlaceQuery struct {
	Parent place.Code // "" = the country
	Text   string     // a code or a name in any script; then Parent bounds the search
	Limit  int        // of a search; 0 = 50
}

// PlaceList is the places that a query found.
type PlaceList struct {
	Parents []AreaRef   `json:"parents"` // from the country down to the unit asked for
	Areas   []AreaEntry `json:"areas"`
	Sites   []SiteEntry `json:"sites"`
	Points  []SiteEntry `json:"points"`
	More    bool        `json:"more"` // there are more sites than are listed
}

// AreaEntry is an area in a list.
type AreaEntry struct {
	Code       string            `json:"code"`
	Name       string            `json:"name"`
	Names      locale.Text       `json:"names"`
	Level      int               `json:"level"`
	Parent     string            `json:"parent"`
	Path       []AreaRef         `json:"path"`
	Children   int               `json:"children"`
	Sites      int               `json:"sites"`
	HasPolygon bool              `json:"has_polygon"`
	Codes      map[string]string `json:"codes"`
	Aliases    []string          `json:"aliases"`
}

// SiteEntry is a site or a flow point in a list.
type SiteEntry struct {
	ID     string      `json:"id"`
	Name   string      `json:"name"`
	Names  locale.Text `json:"names"`
	Area   string      `json:"area"`
	Kind   string      `json:"kind"`
	Status string      `json:"status"`
	At     *[2]float64 `json:"at"` // latitude, longitude
	Path   []AreaRef   `json:"path"`
}

// maxSites bounds a list of sites.
const maxSites = 500

// PlaceList lists the areas directly below a unit with the sites and points in it, or what a search finds.
func (w *Workflow) PlaceList(ctx context.Context, actor access.Actor, operation string, q PlaceQuery, lang string) (PlaceList, error) {
	list := PlaceList{Parents: []AreaRef{}, Areas: []AreaEntry{}, Sites: []SiteEntry{}, Points: []SiteEntry{}}
	op, err := w.FindOperation(ctx, actor, operation)
	if err != nil {
		return list, err
	}
	register, err := w.register(ctx, op.Country)
	if err != nil {
		return list, err
	}
	shelf := placeShelf{register, op.Country, lang}
	if q.Text != "" {
		shelf.search(&list, q)
		return list, nil
	}
	parent := q.Parent
	if parent == "" {
		parent = place.Code(op.Country)
	}
	list.Parents = shelf.path(parent)
	for _, a := range register.Children(op.Country, parent) {
		list.Areas = append(list.Areas, shelf.area(a))
	}
	if q.Parent == "" {
		return list, nil // the country's sites are too many to mean anything
	}
	sites := register.Sites(op.Country, parent)
	list.More = len(sites) > maxSites
	for _, s := range sites[:min(len(sites), maxSites)] {
		list.Sites = append(list.Sites, shelf.site(s))
	}
	for _, p := range register.Points(op.Country, parent) {
		list.Points = append(list.Points, shelf.point(p))
	}
	return list, nil
}

// placeShelf makes entries of places.
type placeShelf struct {
	register      *place.Register
	country, lang string
}

func (s placeShelf) path(code place.Code) []AreaRef {
	return placeView(s.register, s.country, record.Place{Areas: s.register.Path(s.country, code)}, s.lang).Areas
}

func (s placeShelf) search(list *PlaceList, q PlaceQuery) {
	if q.Limit == 0 {
		q.Limit = 50
	}
	seen := map[string]bool{}
	matches := s.register.FindByCode(s.country, strings.TrimSpace(q.Text))
	if site, ok := s.register.Site(q.Text); ok {
		matches = append(matches, place.Match{Kind: place.KindSite, ID: site.SSID})
	}
	matches = append(matches, s.register.FindByName(place.Query{Name: q.Text, Country: s.country, Within: q.Parent, Limit: q.Limit})...)
	for _, m := range matches {
		key := string(m.Kind) + m.ID
		if seen[key] || len(seen) >= q.Limit {
			continue
		}
		seen[key] = true
		switch m.Kind {
		case place.KindArea:
			if a, ok := s.register.Area(s.country, m.Code()); ok {
				list.Areas = append(list.Areas, s.area(a))
			}
		case place.KindSite:
			if site, ok := s.register.Site(m.ID); ok {
				list.Sites = append(list.Sites, s.site(site))
			}
		case place.KindPoint:
			if p, ok := s.register.Point(m.ID); ok {
				list.Points = append(list.Points, s.point(p))
			}
		}
	}
}

func (s placeShelf) area(a place.Area) AreaEntry {
	entry := AreaEntry{
		Code: string(a.Code), Name: a.Names.In(s.lang, "en"), Names: a.Names, Level: int(a.Level), Parent: string(a.Parent), Path: s.path(a.Code), Codes: a.Codes, Aliases: a.Aliases,
		Children: len(s.register.Children(s.country, a.Code)), Sites: len(s.register.Sites(s.country, a.Code)), HasPolygon: a.Geometry != nil,
	}
	if entry.Codes == nil {
		entry.Codes = map[string]string{}
	}
	if entry.Aliases == nil {
		entry.Aliases = []string{}
	}
	return entry
}

func (s placeShelf) site(x place.Site) SiteEntry {
	return SiteEntry{x.SSID, x.Names.In(s.lang, "en"), x.Names, string(x.Area), x.Kind, x.Status, pair(x.At), s.path(x.Area)}
}

func (s placeShelf) point(x place.FlowPoint) SiteEntry {
	return SiteEntry{x.ID, x.Names.In(s.lang, "en"), x.Names, string(x.Area), x.Kind, x.Status, pair(x.At), s.path(x.Area)}
}

func pair(at *place.LatLon) *[2]float64 {
	if at == nil {
		return nil
	}
	return &[2]float64{at.Lat, at.Lon}
}

func (l PlaceList) hits(base string) []Hit {
	var hits []Hit
	detail := func(path []AreaRef) string {
		var names []string
		for _, a := range path[min(len(path), 1):] {
			names = append(names, cmp.Or(a.Name, a.Code))
		}
		return strings.Join(names, " · ")
	}
	for _, a := range l.Areas {
		hits = append(hits, Hit{"place", a.Code, cmp.Or(a.Name, a.Code), detail(a.Path[:max(len(a.Path)-1, 0)]), base + "/places?parent=" + a.Code})
	}
	for _, s := range append(slices.Clone(l.Sites), l.Points...) {
		hits = append(hits, Hit{"place", s.ID, cmp.Or(s.Name, s.ID), detail(s.Path), base + "/places?parent=" + s.Area + "&place=" + s.ID})
	}
	return hits
}
