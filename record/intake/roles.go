package intake

import (
	"slices"
	"strings"

	"safar/dictionary"
)

// role is what a column is for.
type role uint8

const (
	roleNone     role = iota
	roleArea          // codes of an administrative level
	roleAreaName      // names of one
	roleSiteID
	roleSiteName
	roleSiteAlias
	rolePointID
	rolePointName
	roleLat
	roleLon
	roleCoordinates // both in one cell
	roleSourceRound
	roleItem
	roleIdentity // personal data
	roleBookkeeping
)

// roleOfItem gives the items of the dictionary that say where a row lies their role; a level where it is an area.
func roleOfItem(name string) (role, int, bool) {
	switch name {
	case "m0445_loc_site_id_ssid":
		return roleSiteID, 0, true
	case "m0448_loc_site_name", "sf0012_loc_new_name":
		return roleSiteName, 0, true
	case "sf0013_loc_alt_name", "sf0014_loc_alt_name_2":
		return roleSiteAlias, 0, true
	case "sf0015_loc_latitude":
		return roleLat, 0, true
	case "sf0016_loc_longitude":
		return roleLon, 0, true
	case "m1650_loc_gps_coords":
		return roleCoordinates, 0, true
	case "sf0018_meta_source_round":
		return roleSourceRound, 0, true
	case "sf0200_flow_fmp_id":
		return rolePointID, 0, true
	case "sf0231_flow_fmp_name":
		return rolePointName, 0, true
	}
	for i, key := range levelKeys() {
		if strings.HasSuffix(name, "_meta_"+key+"_pcode") {
			return roleArea, i, true
		}
		if strings.HasSuffix(name, "_meta_"+key+"_name") {
			return roleAreaName, i, true
		}
	}
	return roleNone, 0, false
}

// elsewhere are words that make an area column speak of another place than the row's own.
var elsewhere = []string{"origin", "origine", "departure", "destination", "dest", "from", "to", "provenance", "previous", "birth", "home", "nationality",
	"return", "intended", "next", "transit", "habitual", "происхождения", "назначения", "откуда", "куда", "прежнее"}

// placeRoles finds the columns that say where a row lies, by header, tag and shape.
func (t *table) placeRoles(d lexicon) {
	var areas []areaColumn
	for i := range t.cols {
		c := &t.cols[i]
		switch {
		case bookkeeping(c.header):
			c.role, c.reason = roleBookkeeping, "bookkeeping of the collection tool"
			continue
		}
		if what := identityOf(c.header, c.profile); what != "" {
			c.role, c.reason = roleIdentity, what
			continue
		}
		if t.byTag(c, d) {
			continue
		}
		if a, ok := t.asArea(i, d); ok {
			areas = append(areas, a)
			continue
		}
		t.bySite(c, d)
	}
	for at, level := range assignLevels(areas) {
		t.cols[at].level = level
	}
	t.oneOfEach()
	t.siteByShape()
}

// byTag trusts HXL tags that name an item of the dictionary exactly.
func (t *table) byTag(c *column, d lexicon) bool {
	if c.tag == "" {
		return false
	}
	want := plainTag(c.tag)
	for _, item := range d.Items() {
		if item.HXL == "" || item.Retired() || plainTag(item.HXL) != want {
			continue
		}
		r, level, isPlace := roleOfItem(item.Name)
		if !isPlace {
			return false // an item by its tag is weaker than one by its header
		}
		c.role, c.level, c.sure, c.reason = r, level, 0.97, "HXL tag "+c.tag
		if r == roleArea && c.profile.share(c.profile.codes) < 0.5 {
			c.role = roleAreaName
		}
		return true
	}
	return false
}

// plainTag writes a tag without spaces and with its attributes in order; what only says a language or code system goes.
func plainTag(tag string) string {
	parts := strings.Split(strings.ToLower(strings.Join(strings.Fields(tag), "")), "+")
	attributes := slices.DeleteFunc(parts[1:], func(a string) bool { return a == "" || strings.HasPrefix(a, "v_") || strings.HasPrefix(a, "i_") })
	for i, a := range attributes {
		if a == "pcode" {
			attributes[i] = "code"
		}
	}
	slices.Sort(attributes)
	return parts[0] + "+" + strings.Join(attributes, "+")
}

// asArea recognises a column of codes or names of an administrative level.
func (t *table) asArea(i int, d lexicon) (areaColumn, bool) {
	c := &t.cols[i]
	words := headerWords(c.header)
	fixed, term, ok := levelOf(c.header)
	if !ok || len(words) > 5 {
		return areaColumn{}, false
	}
	for _, w := range append(words, d.Words(c.header)...) {
		if slices.Contains(elsewhere, w) || counts(w) {
			return areaColumn{}, false
		}
	}
	code := saysCode(words)
	if !code && !saysName(words) {
		code = c.profile.share(c.profile.codes) > 0.8
	}
	if c.profile.filled == 0 || !code && c.profile.numeric() > 0.5 {
		return areaColumn{}, false
	}
	c.role, c.sure, c.reason = roleAreaName, 0.9, "names of "+strings.Join(words, " ")
	if code {
		c.role, c.reason = roleArea, "codes of "+strings.Join(words, " ")
	}
	return areaColumn{at: i, code: code, fixed: fixed, term: term, distinct: len(c.profile.distinct)}, true
}

// counts holds for words that make a header count things in areas instead of naming an area.
func counts(word string) bool {
	switch word {
	case "idp", "returnee", "household", "individual", "total", "covered", "arrival", "status", "type", "number", "population", "round", "date", "site", "camp", "village", "settlement", "ssid":
		return true
	}
	return false
}

func saysCode(words []string) bool {
	for _, w := range words {
		switch w {
		case "code", "pcode", "p", "id", "код", "рамз", "коды", "коду", "codigo", "código", "cod", "uid", "رمز":
			return true
		}
	}
	return false
}

func saysName(words []string) bool {
	for _, w := range words {
		switch w {
		case "name", "nom", "название", "наименование", "номи", "ном", "атауы", "nombre", "en", "fr", "ru", "tg", "kk", "ar", "اسم":
			return true
		}
	}
	return false
}

// bySite recognises the columns of sites, points, positions and source rounds through the dictionary.
func (t *table) bySite(c *column, d lexicon) {
	for _, m := range d.match(c.header, "") {
		if m.Confidence < 0.9 {
			return
		}
		r, level, ok := roleOfItem(m.Item.Name)
		if !ok || !plausible(r, c.profile) {
			continue
		}
		c.role, c.level, c.sure, c.reason = r, level, m.Confidence, "header, by "+m.Reason
		return
	}
}

// plausible keeps a header from deciding against what the column holds.
func plausible(r role, p profile) bool {
	switch r {
	case roleLat:
		return p.filled > 0 && (p.numeric() < 0.5 || p.min >= -90 && p.max <= 90 || p.max <= 180)
	case roleLon:
		return p.filled > 0 && (p.numeric() < 0.5 || p.min >= -180 && p.max <= 180)
	case roleSiteName, roleSiteAlias, rolePointName:
		return p.numeric() < 0.5
	case roleSourceRound:
		return p.filled > 0 && len(p.distinct) <= 100
	}
	return true
}

// oneOfEach leaves every role to one column: of two code systems the one that looks like p-codes, else the first.
func (t *table) oneOfEach() {
	best := map[[2]int]int{}
	for i := range t.cols {
		c := &t.cols[i]
		if c.role == roleNone || c.role == roleSiteAlias || c.role >= roleItem {
			continue
		}
		key := [2]int{int(c.role), c.level}
		j, taken := best[key]
		if !taken {
			best[key] = i
			continue
		}
		keep, drop := &t.cols[j], c
		if c.profile.share(c.profile.pcodes) > keep.profile.share(keep.profile.pcodes)+0.3 || c.sure > keep.sure+0.05 {
			keep, drop = drop, keep
			best[key] = i
		}
		drop.role, drop.reason = roleBookkeeping, "another column for the same as "+keep.header
		if keep.role == roleSiteName {
			drop.role, drop.reason = roleSiteAlias, "a further name of the site"
		}
	}
}

// siteByShape finds ids and names of sites where the header alone did not tell.
func (t *table) siteByShape() {
	t.pointByShape()
	if !t.has(roleSiteID) && !t.has(rolePointID) {
		t.find(roleSiteID, func(c *column) bool {
			return c.profile.unique && c.profile.share(c.profile.codes) > 0.9 && siteWords(c.header, true)
		}, "an id of its own in every row")
	}
	if !t.has(roleSiteName) && !t.has(rolePointName) {
		t.find(roleSiteName, func(c *column) bool {
			return c.profile.numeric() < 0.2 && 2*len(c.profile.distinct) > c.profile.filled && siteWords(c.header, false)
		}, "names that differ from row to row")
	}
	if !t.has(roleLat) && !t.has(roleCoordinates) {
		t.find(roleCoordinates, func(c *column) bool {
			words := headerWords(c.header)
			return slices.ContainsFunc(words, func(w string) bool { return w == "gps" || strings.HasPrefix(w, "coord") || w == "geopoint" }) && pairs(c.profile)
		}, "two coordinates in each cell")
	}
}

// pointByShape finds id and name of flow monitoring points.
func (t *table) pointByShape() {
	says := func(c *column) bool {
		words := headerWords(c.header)
		return len(words) <= 5 && slices.ContainsFunc(words, func(w string) bool {
			return slices.Contains([]string{"fmp", "point", "poe", "checkpoint", "crossing", "пункт", "кпп", "нуқта", "бекет"}, w)
		})
	}
	if !t.has(rolePointID) {
		t.find(rolePointID, func(c *column) bool {
			return says(c) && (saysCode(headerWords(c.header)) || c.profile.share(c.profile.codes) > 0.9) && c.profile.numeric() < 1
		}, "ids of monitoring points")
	}
	if !t.has(rolePointName) {
		t.find(rolePointName, func(c *column) bool {
			return says(c) && !saysCode(headerWords(c.header)) && c.profile.numeric() < 0.2 && c.profile.share(c.profile.dates) < 0.5
		}, "names of monitoring points")
	}
}

func pairs(p profile) bool {
	ok := 0
	for text := range p.distinct {
		if _, _, pair := parsePair(textCell(text)); pair {
			ok++
		}
	}
	return ok > 0 && 10*ok >= 7*len(p.distinct)
}

func siteWords(header string, id bool) bool {
	words := headerWords(header)
	joined := strings.Join(words, "")
	for _, w := range []string{"site", "location", "village", "settlement", "locality", "camp", "localite", "localité", "место", "село", "кишлак", "деҳа", "ауыл", "موقع", "loc", "community"} {
		if strings.Contains(joined, dictionary.Fold(w)) {
			return !id || saysCode(words) || strings.Contains(joined, "code") || strings.HasSuffix(joined, "id")
		}
	}
	return id && joined == "id"
}

func (t *table) has(r role) bool {
	return slices.ContainsFunc(t.cols, func(c column) bool { return c.role == r })
}

func (t *table) find(r role, fits func(*column) bool, reason string) {
	for i := range t.cols {
		if c := &t.cols[i]; c.role == roleNone && c.profile.filled > 0 && fits(c) {
			c.role, c.sure, c.reason = r, 0.75, reason
			return
		}
	}
}

// first gives the first column of a role and level, nil when there is none.
func (t *table) first(r role, level int) *column {
	for i := range t.cols {
		if c := &t.cols[i]; c.role == r && c.level == level {
			return c
		}
	}
	return nil
}
