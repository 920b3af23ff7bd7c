package place

import (
	"strings"
)

// Preset is the layout of a kind of list: which column holds what. It is plain data, so a person can save one of their
// own for a list that no other fits.
//
// A header is written folded (lower case, single spaces). In it # stands for a level from 0 to 4 and @ for a language
// tag, which the role may repeat. A role is one of
//
//	country level code parent name:LANG alias code:SYSTEM parent:SYSTEM lat lon valid_from valid_to successors succession
//	admN.code admN.name:LANG admN.alias admN.code:SYSTEM lang lang1 lang2
//	ssid ssid_part area kind accuracy gps_source status opened closed merged_into sensitivity
//	point directions opens closes paired
//
// and "-" for a column that is known and left aside. A name without language takes Options.Language; name:$lang takes
// the language that the row's column lang holds. A site or point may name its unit by area or by admN columns.
type Preset struct {
	Name     string         `json:"name"`
	Of       Kind           `json:"of"` // what a row is
	Columns  []PresetColumn `json:"columns"`
	Level    Level          `json:"level,omitempty"`    // of a row's unit where no column says it; 0: the lowest admN that is filled
	Fallback []string       `json:"fallback,omitempty"` // code systems, in order, that give the code of a row without one
	Prefix   string         `json:"prefix,omitempty"`   // put before the parts of an SSID
}

// PresetColumn gives the role of the columns whose folded header fits.
type PresetColumn struct {
	Header string `json:"header"`
	Role   string `json:"role"`
}

// columns reads "header = role" lines, so that the presets below can be read at a glance.
func columns(lines string) []PresetColumn {
	var out []PresetColumn
	for line := range strings.Lines(lines) {
		headers, role, ok := strings.Cut(line, "=")
		if !ok {
			continue
		}
		for header := range strings.SplitSeq(headers, "|") {
			out = append(out, PresetColumn{strings.TrimSpace(header), strings.TrimSpace(role)})
		}
	}
	return out
}

// Presets lists the layouts known to Safar, in the order in which ties are decided.
func Presets() []Preset {
	return []Preset{
		{Name: "safar-areas", Of: KindArea, Columns: columns(areaColumns), Fallback: []string{"kato_pcode", "kato"}},
		{Name: "global-pcodes", Of: KindArea, Columns: columns(globalColumns)},
		{Name: "cod-ab", Of: KindArea, Columns: columns(codColumns)},
		{Name: "cod-ab-2024", Of: KindArea, Columns: columns(cod2024Columns)},
		{Name: "afg-regions", Of: KindArea, Columns: columns(afgColumns)},
		{Name: "kato-crosswalk", Of: KindArea, Level: 2, Columns: columns(katoColumns), Fallback: []string{"kato_pcode"}},
		{Name: "polygon-crosswalk", Of: KindArea, Level: 2, Columns: columns(polygonColumns)},
		{Name: "safar-sites", Of: KindSite, Columns: columns(siteColumns)},
		{Name: "osm-places", Of: KindSite, Columns: columns(osmColumns), Prefix: "osm-"},
		{Name: "safar-points", Of: KindPoint, Columns: columns(pointColumns)},
	}
}

// PresetNamed finds one of Presets.
func PresetNamed(name string) (Preset, bool) {
	for _, p := range Presets() {
		if p.Name == name {
			return p, true
		}
	}
	return Preset{}, false
}

const (
	// Safar's own long list: one row for each unit. The country lists in common use differ only in spelling.
	areaColumns = `
		iso3 | country | country_code | adm0_iso3 = country
		level | admin_level | admin level | adm_level = level
		pcode | code | p-code | p_code | area_code = code
		parent_pcode | parent | parent_code | parent p-code = parent
		parent_kato = parent:kato_pcode
		name_@ | name:@ = name:@
		name = name
		cod_name | source_name | alias | aliases | alternate_name | alternate_name1 | alternate_name2 | old_name = alias
		pcode_kato | kato_pcode = code:kato_pcode
		kato = code:kato
		iso_3166_2 = code:iso_3166_2
		openadmin_id = code:openadmin
		shapeid = code:geoboundaries
		code_@ | code:@ = code:@
		lat | latitude | center_lat = lat
		lon | lng | longitude | center_lon = lon
		valid_from | valid from date | valid_on = valid_from
		valid_to = valid_to
		successors = successors
		succession = succession
		coord_source | score | match | region_en = -`

	// The global p-code list of OCHA: adm1 and adm2 of all countries, with an HXL row.
	globalColumns = `
		location = country
		admin level = level
		p-code = code
		name = name:en
		parent p-code = parent
		valid from date = valid_from`

	// COD-AB as published until 2023: upper-case attribute names of shapefiles.
	codColumns = `
		adm#_pcode = adm#.code
		adm#_ref = adm#.alias
		adm#_type = -
		adm#alt1@ | adm#alt2@ | adm#alt1_@ | adm#alt2_@ = adm#.alias
		adm#_@ = adm#.name:@
		adm#_name = adm#.name
		adm#_code = adm#.code
		validon = valid_from
		validto = valid_to
		date | shape_leng | shape_area | area_sqkm = -
		latitude | lat | y_coord = lat
		longitude | lon | x_coord = lon`

	// COD-AB as published from 2024: lower case, the languages in columns of their own.
	cod2024Columns = `
		iso3 = country
		iso2 | version | valid_from | area_sqkm | cod_version = -
		lang = lang
		lang1 = lang1
		lang2 = lang2
		lang3 = -
		adm#_pcode = adm#.code
		adm#_name = adm#.name:$lang
		adm#_name1 = adm#.name:$lang1
		adm#_name2 = adm#.name:$lang2
		adm#_name3 | adm#_ref_name | adm#_ref_name1 = adm#.alias
		valid_on = valid_from
		valid_to = valid_to
		center_lat = lat
		center_lon = lon`

	// Provinces of Afghanistan: "da" stands for Dari there, which BCP 47 calls prs.
	afgColumns = `
		iso3 = country
		level = level
		pcode = code
		parent_pcode = parent
		name_en = name:en
		name_da = name:prs
		region_en = -`

	// The national code list of Kazakhstan beside the codes of COD-AB.
	katoColumns = `
		pcode_kato = code:kato_pcode
		kato = code:kato
		name_@ = name:@
		adm1_en = adm1.name:en
		cod_pcode = code
		cod_name = alias
		cod_adm1_pcode = adm1.code
		score = -`

	// Names in a set of polygons beside the p-codes they were matched to.
	polygonColumns = `
		geoboundaries_name = alias
		pcode = code
		cod_name = name:en
		cod_adm1 = adm1.name:en
		match | score | candidates = -`

	siteColumns = `
		ssid | location_ssid | site_id = ssid
		iso3 | country = country
		area | pcode | area_code = area
		adm#_pcode = adm#.code
		adm#_name | adm#_en = adm#.name:en
		name_@ | name:@ = name:@
		name | site_name | location_name = name
		alias | aliases | alternate_name | alternate_name1 | alternate_name2 = alias
		kind | type | location_type = kind
		lat | latitude = lat
		lon | lng | longitude = lon
		accuracy_m | accuracy = accuracy
		gps_source = gps_source
		status = status
		opened_round = opened
		closed_round = closed
		merged_into = merged_into
		sensitivity = sensitivity`

	// Named places exported from OpenStreetMap.
	osmColumns = `
		osm_type | osm_id = ssid_part
		place = kind
		name = name
		name_@ = name:@
		population = -
		lat = lat
		lon = lon`

	pointColumns = `
		point_id | fmp_id | poe_id = point
		iso3 | country = country
		area | pcode | adm2_pcode | area_code = area
		name_@ | name:@ = name:@
		name | point_name = name
		kind | type = kind
		lat | latitude = lat
		lon | lng | longitude = lon
		directions | direction = directions
		opens_at | opens = opens
		closes_at | closes = closes
		status = status
		paired_point | paired_with = paired
		sensitivity = sensitivity`
)
