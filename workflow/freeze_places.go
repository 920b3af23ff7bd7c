package workflow

import (
	"regexp"
	"strings"

	"safar/locale"
	"safar/place"
	"safar/release"
	"safar/toolbox"
)

// The lowest level whose borders a release carries, and how many parts of the country's size a border may be moved by
// when it is thinned: less than a pixel on a page that is 1,200 pixels wide.
const (
	drawnLevel = 2
	thinning   = 1600
)

// placesOf freezes names and shapes: all areas that can be drawn, so that a map shows what was not assessed too, and the
// names of those that figures name.
func placesOf(reg *place.Register, country string, areas []release.Area) *release.Places {
	p := &release.Places{Areas: []release.PlaceArea{}}
	var shapes []*place.Geometry
	add := func(a place.Area) {
		p.Areas = append(p.Areas, release.PlaceArea{Code: string(a.Code), Level: int(a.Level), Parent: string(a.Parent), Names: a.Names})
		var shape *place.Geometry
		if a.Level > 0 && a.Level <= drawnLevel {
			shape = a.Geometry
		}
		shapes = append(shapes, shape)
	}
	for level := place.Level(0); level <= drawnLevel; level++ {
		for _, a := range reg.Areas(country, level) {
			if a.ValidTo == "" {
				add(a)
			}
		}
	}
	for _, known := range areas {
		if a, ok := reg.Area(country, place.Code(known.Code)); ok && (known.Level > drawnLevel || a.ValidTo != "") {
			add(a)
		}
	}
	for i, shape := range release.Simplify(shapes, tolerance(shapes)) {
		p.Areas[i].Geometry = shape
	}
	for _, point := range reg.Points(country, "") {
		p.Points = append(p.Points, release.PlacePoint{ID: point.ID, Area: string(point.Area), Names: point.Names})
	}
	return p
}

// tolerance of thinning in degrees, by the extent of all that is drawn.
func tolerance(shapes []*place.Geometry) float64 {
	lat, lon := 0.0, 0.0
	var all place.Geometry
	for _, g := range shapes {
		if g != nil {
			all.Polygons = append(all.Polygons, g.Polygons...)
		}
	}
	if len(all.Polygons) > 0 {
		box := all.Bounds()
		lat, lon = box.MaxLat-box.MinLat, box.MaxLon-box.MinLon
	}
	return max(lat, lon) / thinning
}

var question = regexp.MustCompile(`\$\{([^}]+)\}`)

// labelsOf are the words for the codes that the dimensions of a tool's facts can hold: all answers of the question that a
// dimension is filled from, and for a fixed code the answer of that name to the question that the fact depends on.
func (w *Workflow) labelsOf(pack *toolbox.Pack) release.Labels {
	labels := release.Labels{}
	for _, fact := range pack.Measures.Facts {
		for dim, expr := range fact.Dims {
			from, only := expr, ""
			if !strings.Contains(expr, "${") {
				from, only = fact.When, expr
			}
			for _, found := range question.FindAllStringSubmatch(from, -1) {
				w.addLabels(labels, dim, found[1], only)
			}
		}
	}
	return labels
}

// addLabels takes the answers of a question in; only "" means all of them. Dimensions are read in no fixed order, so
// what a code is called must not depend on which fact came first: the least text stays.
func (w *Workflow) addLabels(labels release.Labels, dim, question, only string) {
	item, known := w.Dictionary.Item(question)
	if !known || item.Identity || item.List == "" {
		return
	}
	list, _ := w.Dictionary.List(item.List)
	for _, choice := range list.Choices {
		if only != "" && only != choice.Name {
			continue
		}
		if labels[dim] == nil {
			labels[dim] = map[string]locale.Text{}
		}
		if old, there := labels[dim][choice.Name]; !there || choice.Label.In("en") < old.In("en") {
			labels[dim][choice.Name] = choice.Label
		}
	}
}
