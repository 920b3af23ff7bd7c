package intake

import (
	"strings"

	"safar/sheet"
)

// Reads says whether the mapping takes anything from a column: an answer, the unit, the place, or the round that values
// come from. What it does not read, such as names and telephones of people, stays in the row's original alone.
func (m Mapping) Reads(header, col string) bool {
	letters := "[" + strings.ToLower(col) + "]"
	header = sheet.FoldHeader(header)
	for _, ref := range m.references() {
		switch sheet.FoldHeader(ref) {
		case "":
		case header, letters, strings.TrimSpace(header + " " + letters):
			return true
		}
	}
	return false
}

// references are all the columns that the mapping names, as it names them.
func (m Mapping) references() []string {
	refs := []string{m.Unit, m.Round.Source}
	for _, level := range m.Places.Levels {
		refs = append(refs, level.Code, level.Name)
	}
	for _, site := range []*Site{m.Places.Site, m.Places.Point} {
		if site != nil {
			refs = append(append(refs, site.SSID, site.Name, site.Kind, site.Lat, site.Lon), site.Aliases...)
		}
	}
	for _, c := range m.Columns {
		refs = append(refs, c.Header)
	}
	return refs
}
