package intake

import (
	"strings"

	"safar/form"
	"safar/place"
)

// placeAnswers writes the place of a row into the questions that ask for it, so that checks and measures read an
// imported row as they read a filled form.
type placeAnswers struct {
	questions []placeQuestion
}

type placeQuestion struct {
	name  string
	path  []string
	value func(located) string
}

// placeItems names the questions about the place (dictionary, header of every location form) and what answers them.
func placeItems() map[string]func(located) string {
	area := func(level place.Level) func(located) string {
		return func(at located) string { return string(at.place.Areas[level]) }
	}
	return map[string]func(located) string{
		"m0302_meta_adm0_pcode":  area(0),
		"m0303_meta_adm1_pcode":  area(1),
		"m0304_meta_adm2_pcode":  area(2),
		"m0305_meta_adm3_pcode":  area(3),
		"sf0043_meta_adm4_pcode": area(4),
		"m0445_loc_site_id_ssid": func(at located) string { return at.place.Site },
		"m0448_loc_site_name":    func(at located) string { return at.siteName },
		"sf0200_flow_fmp_id":     func(at located) string { return at.place.Point },
		"m1650_loc_gps_coords": func(at located) string {
			if at.place.At == nil {
				return ""
			}
			return geoText(at.place.At.Lat, at.place.At.Lon)
		},
	}
}

// newPlaceAnswers finds the questions of the form that the mapping's place columns answer and no column answers itself.
func newPlaceAnswers(m Mapping, specs []spec, f *form.Form) placeAnswers {
	var p placeAnswers
	if f == nil {
		return p
	}
	taken := map[string]bool{}
	for _, s := range specs {
		taken[s.name] = true
	}
	index := f.Index()
	answers := placeItems()
	for _, el := range index.All() {
		value, ok := answers[el.Name]
		if !ok || taken[el.Name] || el.Kind != form.Question || index.RepeatOf(el) != nil || !m.says(el.Name) {
			continue
		}
		p.questions = append(p.questions, placeQuestion{el.Name, strings.Split(index.Path(el), "/")[2:], value})
	}
	return p
}

// says holds when the mapping has columns for the place item.
func (m Mapping) says(item string) bool {
	for i, key := range levelKeys() {
		if strings.Contains(item, "_"+key+"_pcode") {
			_, ok := m.Places.Levels[key]
			return ok || i == 0
		}
	}
	site, point := m.Places.Site, m.Places.Point
	switch {
	case strings.HasPrefix(item, "sf0200"):
		return point != nil
	case strings.HasPrefix(item, "m1650"):
		return site != nil && site.Lat != "" || point != nil && point.Lat != ""
	case strings.HasPrefix(item, "m0448"):
		return site != nil && site.Name != ""
	}
	return site != nil && site.SSID+site.Name != ""
}

// into adds the answers to a row's tree and their names to its items.
func (p placeAnswers) into(b builder, items []string, at located) []string {
	for _, q := range p.questions {
		b.add(q.path, q.value(at))
		items = append(items, q.name)
	}
	return items
}
