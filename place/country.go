package place

import (
	_ "embed" // for the table of countries
	"encoding/csv"
	"slices"
	"strings"
	"sync"

	"safar/locale"
)

// The table holds ISO 3166-1 codes with names of the Unicode CLDR, some brought up to date by hand.
//
//go:embed countries.csv
var countriesCSV string

type country struct {
	alpha2, alpha3 string
	names          locale.Text
}

var countryTable = sync.OnceValue(func() map[string]country {
	rows, err := csv.NewReader(strings.NewReader(countriesCSV)).ReadAll()
	if err != nil {
		panic("place: the table of countries is broken: " + err.Error())
	}
	table := make(map[string]country, 2*len(rows))
	for _, row := range rows[1:] {
		c := country{alpha3: row[0], alpha2: row[1], names: locale.Text{}}
		for i, name := range row[2:] {
			if name != "" {
				c.names[rows[0][i+2]] = name
			}
		}
		table[c.alpha3], table[c.alpha2] = c, c
	}
	return table
})

// CountryOf turns an ISO 3166-1 code, alpha-2 or alpha-3 in any case, into alpha-3. Codes that ISO leaves to its users
// (XAA to XZZ, QMA to QZZ, AAA, ZZZ) pass: a practice country uses one.
func CountryOf(code string) (alpha3 string, ok bool) {
	code = strings.ToUpper(strings.TrimSpace(code))
	if c, known := countryTable()[code]; known {
		return c.alpha3, true
	}
	return code, userAssigned(code)
}

func userAssigned(code string) bool {
	if len(code) != 3 || strings.Trim(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return false
	}
	return code[0] == 'X' || code[0] == 'Q' && code[1] >= 'M' || code == "AAA" || code == "ZZZ"
}

// CountryArea is the unit of level 0 for a country: its code is the alpha-3 code, its names come from the table of
// countries. A country outside the table is named by its code.
func CountryArea(alpha3 string) Area {
	a := Area{Country: alpha3, Code: Code(alpha3), Names: locale.Text{}}
	c, known := countryTable()[alpha3]
	if !known {
		a.Names["en"] = alpha3
		return a
	}
	for tag, name := range c.names {
		a.Names[tag] = name
	}
	a.Codes = map[string]string{"iso_3166_1": c.alpha2}
	return a
}

// AllCountries lists the countries of ISO 3166-1 as areas of level 0, by code.
func AllCountries() []Area {
	var list []Area
	for code, c := range countryTable() {
		if code == c.alpha3 {
			list = append(list, CountryArea(code))
		}
	}
	slices.SortFunc(list, func(a, b Area) int { return strings.Compare(string(a.Code), string(b.Code)) })
	return list
}
