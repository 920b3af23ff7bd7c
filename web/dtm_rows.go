package web

import "math"

// countryRow is a row of country-list.
type countryRow struct {
	Name string `json:"admin0Name"`
	Code string `json:"admin0Pcode"`
}

// operationRow is a row of operation-list. One name may stand for several countries.
type operationRow struct {
	Operation string `json:"operation"`
	Status    string `json:"operationStatus"` // Active or Inactive
	Name      string `json:"admin0Name"`
	Code      string `json:"admin0Pcode"`
}

// placeFields begin a row of figures at any level; the fields of levels below the row's own are left out, and so is the
// id where the API has none. The order of fields is that of the API.
type placeFields struct {
	ID         *int    `json:"id,omitempty"` // place in the whole answer without filters; changes with each publication
	Operation  string  `json:"operation"`
	Admin0Name string  `json:"admin0Name"`
	Admin0Code string  `json:"admin0Pcode"`
	Admin1Name *string `json:"admin1Name,omitempty"`
	Admin1Code *string `json:"admin1Pcode,omitempty"`
	Admin2Name *string `json:"admin2Name,omitempty"`
	Admin2Code *string `json:"admin2Pcode,omitempty"`
}

// timeFields are the count and its date.
type timeFields struct {
	Persons int64  `json:"numPresentIdpInd"`
	Date    string `json:"reportingDate"`
	Year    int    `json:"yearReportingDate"`
	Month   int    `json:"monthReportingDate"`
	Round   int    `json:"roundNumber"`
}

// rowV3 is a row of /v3/displacement/admin0 to admin2: one per unit, round, reason and province of origin.
type rowV3 struct {
	placeFields
	timeFields
	Reason     string `json:"displacementReason"`
	Males      *int64 `json:"numberMales"`
	Females    *int64 `json:"numberFemales"`
	OriginName string `json:"idpOriginAdmin1Name"`
	OriginCode string `json:"idpOriginAdmin1Pcode"`
	Assessment string `json:"assessmentType"`
}

// rowV2 is a row of the older paths: one per unit and round, without reason, sex and origin, always with an id.
type rowV2 struct {
	placeFields
	timeFields
	Assessment string `json:"assessmentType"`
}

// place fills the fields of the place; id counts from 1.
func (f *figure) place(lvl, id int) placeFields {
	p := placeFields{ID: &id, Operation: f.operation, Admin0Name: f.names[0], Admin0Code: f.codes[0]}
	if lvl >= 1 {
		p.Admin1Name, p.Admin1Code = &f.names[1], &f.codes[1]
	}
	if lvl >= 2 {
		p.Admin2Name, p.Admin2Code = &f.names[2], &f.codes[2]
	}
	return p
}

func (f *figure) time() timeFields {
	return timeFields{Persons: f.persons, Date: f.date, Year: f.year, Month: f.month, Round: f.round}
}

// rowsV3 gives the chosen figures; the country's own rows carry no id.
func rowsV3(all []*figure, lvl int, chosen func(*figure) bool) []rowV3 {
	rows := []rowV3{}
	for i, f := range all {
		if !chosen(f) {
			continue
		}
		row := rowV3{placeFields: f.place(lvl, i+1), timeFields: f.time(), Reason: f.reason, Males: f.males, Females: f.females,
			OriginName: f.originName, OriginCode: f.originCode, Assessment: f.assessment}
		if lvl == 0 {
			row.ID = nil
		}
		rows = append(rows, row)
	}
	return rows
}

// rowsV2 adds the reasons and origins of a unit in a release up to one row, as the older paths have it. A release has one
// operation, date, round and kind of assessment, so a unit's rows are chosen together or not at all.
func rowsV2(all []*figure, lvl int, chosen func(*figure) bool) []rowV2 {
	type unit struct{ release, country, area string }
	at := map[unit]int{}
	var rows []rowV2
	var kept []bool
	for _, f := range all {
		key := unit{f.release, f.codes[0], f.codes[lvl]}
		if i, known := at[key]; known {
			rows[i].Persons += f.persons
			continue
		}
		at[key] = len(rows)
		rows = append(rows, rowV2{placeFields: f.place(lvl, len(rows)+1), timeFields: f.time(), Assessment: f.assessment})
		kept = append(kept, chosen(f))
	}
	result := []rowV2{}
	for i, row := range rows {
		if kept[i] {
			result = append(result, row)
		}
	}
	return result
}

// whole makes a whole number of persons.
func whole(v float64) int64 { return int64(math.Round(v)) }
