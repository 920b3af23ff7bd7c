package intake

import (
	"maps"
	"slices"
	"strings"

	"safar/dictionary"
	"safar/place"
)

// countryNames finds countries by their names, folded, in every language that the table of countries has.
type countryNames map[string]string // folded name -> alpha-3

// namesOfCountries is built anew for each suggestion: some milliseconds, and no state.
func namesOfCountries() countryNames {
	names := countryNames{
		"russian federation": "RUS", "syrian arab republic": "SYR", "viet nam": "VNM", "iran islamic republic of": "IRN", "lao pdr": "LAO",
		"republic of moldova": "MDA", "united republic of tanzania": "TZA", "democratic republic of the congo": "COD", "drc": "COD", "rdc": "COD",
		"republic of korea": "KOR", "kyrgyz republic": "KGZ", "central african republic": "CAF", "united states of america": "USA", "turkiye": "TUR",
		"türkiye": "TUR", "czechia": "CZE", "россия": "RUS", "российская федерация": "RUS", "рф": "RUS", "киргизия": "KGZ", "uae": "ARE", "uk": "GBR", "usa": "USA",
	}
	for a := 'A'; a <= 'Z'; a++ {
		for b := 'A'; b <= 'Z'; b++ {
			alpha3, ok := place.CountryOf(string([]rune{a, b}))
			if !ok {
				continue
			}
			for _, name := range place.CountryArea(alpha3).Names {
				if folded := dictionary.Fold(name); len([]rune(folded)) >= 4 {
					names[folded] = alpha3
				}
			}
		}
	}
	return names
}

// in lists the countries that a text names, each once. The longest name wins: South Sudan is not Sudan.
func (n countryNames) in(text string) []string {
	words := strings.Fields(dictionary.Fold(text))
	var found []string
	for i := 0; i < len(words); {
		alpha3, length := n.at(words[i:])
		if length == 0 {
			i++
			continue
		}
		found = append(found, alpha3)
		i += length
	}
	return found
}

func (n countryNames) at(words []string) (alpha3 string, length int) {
	for length = min(6, len(words)); length > 0; length-- {
		if alpha3, ok := n[strings.Join(words[:length], " ")]; ok {
			return alpha3, length
		}
	}
	return "", 0
}

// alpha3 reads a cell that should say a country: by code or by name.
func (n countryNames) alpha3(text string) (string, bool) {
	if len(text) == 2 || len(text) == 3 {
		if code, ok := place.CountryOf(text); ok {
			return code, true
		}
	}
	code, ok := n[dictionary.Fold(text)]
	return code, ok
}

// countryOf says which country a table is about, "" when nothing tells, with the reason.
func countryOf(t *table, reg *place.Register, names countryNames, texts []snippet) (alpha3, reason string) {
	if t != nil {
		for _, find := range []func() (string, string){
			func() (string, string) { return countryByColumn(t, names) },
			func() (string, string) { return countryByRegister(t, reg) },
			func() (string, string) { return countryByPrefix(t) },
			func() (string, string) { return countryByPlaces(t, reg) },
		} {
			if alpha3, reason = find(); alpha3 != "" {
				return alpha3, reason + confirmed(alpha3, names, texts)
			}
		}
	}
	return countryByText(names, texts)
}

// countryByColumn reads a column of level 0 when all rows say the same.
func countryByColumn(t *table, names countryNames) (string, string) {
	for _, c := range t.cols {
		if c.role != roleArea && c.role != roleAreaName || c.level != 0 || len(c.profile.distinct) != 1 {
			continue
		}
		for text := range c.profile.distinct {
			if alpha3, ok := names.alpha3(text); ok {
				return alpha3, "column " + c.header + " says " + text
			}
		}
	}
	return "", ""
}

// countryByRegister asks which country's list knows the codes; most of them must be known.
func countryByRegister(t *table, reg *place.Register) (string, string) {
	if reg == nil {
		return "", ""
	}
	best, most, asked := "", 0, 0
	for _, country := range reg.Countries() {
		hits, n := 0, 0
		for _, c := range t.cols {
			if c.role != roleArea && c.role != roleSiteID {
				continue
			}
			for code := range c.profile.distinct {
				if n++; n > 500 {
					break
				}
				if _, ok := reg.Area(country, place.Code(code)); ok {
					hits++
				} else if s, ok := reg.Site(code); ok && s.Country == country {
					hits++
				}
			}
		}
		if hits > most {
			best, most, asked = country, hits, n
		}
	}
	if asked > 0 && 10*most >= 3*asked {
		return best, "the list of places of " + best + " knows the codes"
	}
	return "", ""
}

// countryByPrefix reads the letters before p-codes: two or three of ISO 3166-1.
func countryByPrefix(t *table) (string, string) {
	for _, c := range t.cols {
		if c.role != roleArea || c.profile.share(c.profile.pcodes) < 0.8 {
			continue
		}
		prefixes := map[string]int{}
		for code := range c.profile.distinct {
			prefixes[code[:len(code)-len(strings.TrimLeft(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"))]]++
		}
		for prefix, n := range prefixes {
			if alpha3, ok := place.CountryOf(prefix); ok && 10*n >= 9*len(c.profile.distinct) {
				return alpha3, "the codes of column " + c.header + " begin with " + prefix
			}
		}
	}
	return "", ""
}

// countryByPlaces asks which country's list knows the names of the highest level, when there are no codes to ask for.
func countryByPlaces(t *table, reg *place.Register) (string, string) {
	if reg == nil {
		return "", ""
	}
	for _, c := range t.cols {
		if c.role != roleAreaName || c.level == 0 {
			continue
		}
		hits, asked := map[string]int{}, 0
		for _, name := range slices.Sorted(maps.Keys(c.profile.distinct)) {
			if asked++; asked > 20 {
				break
			}
			seen := map[string]bool{}
			for _, m := range reg.FindByName(place.Query{Name: name, Kinds: []place.Kind{place.KindArea}, Levels: []place.Level{place.Level(c.level)}}) {
				if m.Score >= 0.97 && !seen[m.Country] {
					seen[m.Country] = true
					hits[m.Country]++
				}
			}
		}
		for country, n := range hits {
			if 10*n >= 7*asked && alone(hits, country) {
				return country, "the list of places of " + country + " knows the names of column " + c.header
			}
		}
	}
	return "", ""
}

// alone holds when no other country comes near.
func alone(hits map[string]int, country string) bool {
	for other, n := range hits {
		if other != country && 2*n > hits[country] {
			return false
		}
	}
	return true
}

func countryByText(names countryNames, texts []snippet) (string, string) {
	var found []guess
	for _, s := range texts {
		for _, alpha3 := range names.in(s.text) {
			found = append(found, guess{alpha3, s.where, s.weight})
		}
	}
	if best := bestGuesses(found); len(best) > 0 && (len(best) == 1 || best[0].weight > best[1].weight) {
		return best[0].value, best[0].where + " names it"
	}
	return "", ""
}

// confirmed adds to a reason what the texts say.
func confirmed(alpha3 string, names countryNames, texts []snippet) string {
	other, where := countryByText(names, texts)
	switch {
	case other == alpha3:
		return "; " + where
	case other != "":
		return "; but " + where + " as " + other + ", so check it"
	}
	return ""
}
