package release

import (
	"sort"
	"strconv"

	"safar/measure"
)

// DTMField is the field of the DTM API that a measure must feed to be served there; only IDPs are published by it.
const DTMField = "numPresentIdpInd"

// The words of the DTM API for what is not known.
const (
	NoReason  = "No reason for displacement reported"
	NoOrigin  = "Not available"
	dtmPrefix = "data/dtm_admin"
)

// dtmColumns are the columns of the API's dataset at a level, in its order, each with its HXL tag (domain section 17).
func dtmColumns(lvl int) (header, hxl []string) {
	add := func(name, tag string) { header, hxl = append(header, name), append(hxl, tag) }
	add("cell", "")
	add("operation", "#operation+name")
	add("admin0Name", "#country+name")
	add("admin0Pcode", "#country+code")
	for i := 1; i <= lvl; i++ {
		n := strconv.Itoa(i)
		add("admin"+n+"Name", "#adm"+n+"+name")
		add("admin"+n+"Pcode", "#adm"+n+"+code")
	}
	add(DTMField, "#affected+idps")
	add("reportingDate", "#date+reported")
	add("yearReportingDate", "#date+year+reported")
	add("monthReportingDate", "#date+month+reported")
	add("roundNumber", "#round+code")
	add("displacementReason", "#cause+type")
	add("numberMales", "#affected+idps+m")
	add("numberFemales", "#affected+idps+f")
	add("idpOriginAdmin1Name", "#adm1+name+origin")
	add("idpOriginAdmin1Pcode", "#adm1+code+origin")
	add("assessmentType", "#assessment+type")
	return header, hxl
}

// dtmFiles are the three tables that the DTM API answers from: one row per unit, reason and province of origin. The sum
// of a unit's rows is its total.
func (p *press) dtmFiles() ([]File, error) {
	var files []File
	for _, m := range p.in.Measures {
		if m.API != DTMField {
			continue
		}
		for lvl := 0; lvl <= 2; lvl++ {
			file, err := p.dtmFile(m, lvl)
			if err != nil {
				return nil, err
			}
			files = append(files, file)
		}
	}
	return files, nil
}

func (p *press) dtmFile(m measure.Measure, lvl int) (File, error) {
	by := []string{"adm" + strconv.Itoa(lvl), "reason", "origin_adm1"}
	totals, err := p.evaluate(m, Table{By: by})
	if err != nil {
		return File{}, err
	}
	males, err := p.bySex(m, by, "male")
	if err != nil {
		return File{}, err
	}
	females, err := p.bySex(m, by, "female")
	if err != nil {
		return File{}, err
	}
	header, hxl := dtmColumns(lvl)
	var rows [][]string
	for _, o := range totals {
		if _, hidden := p.hidden[m.ID][o.By[0]]; hidden {
			continue // withheld to protect people; the level above counts them
		}
		if o.By[0] == "" {
			continue // a record that lies in no known unit has no row in an API by unit; figures show it
		}
		rows = append(rows, p.dtmRow(m, by, o, males, females))
	}
	return csvFile(dtmPrefix+strconv.Itoa(lvl)+".csv", header, hxl, rows), nil
}

// bySex gives the sums of one sex by cell; nil when the round holds no value by sex, which the API writes as null.
func (p *press) bySex(m measure.Measure, by []string, sex string) (map[string]string, error) {
	q := measure.Query{Operation: p.in.Operation.Slug, Activity: p.in.Activity.ID, Round: p.in.Round.Number, Measure: m, By: by,
		Where: []measure.Filter{{Dim: "breakdown", In: []string{"sex"}}, {Dim: "sex", In: []string{sex}}}}
	observations, err := measure.Evaluate(p.in.Facts, p.in.Missing, q)
	if err != nil || len(observations) == 0 {
		return nil, err
	}
	sums := map[string]string{}
	for _, o := range observations {
		sums[CellID(m.ID, by, o.By)] = Number(o.Value)
	}
	return sums, nil
}

func (p *press) dtmRow(m measure.Measure, by []string, o measure.Observation, males, females map[string]string) []string {
	cell := CellID(m.ID, by, o.By)
	date := p.in.Round.Reference()
	month := date[5:7]
	if month[0] == '0' {
		month = month[1:]
	}
	row := []string{cell, p.in.Operation.Title}
	line := p.dimValues(by[0], o.By[0]) // code, name pairs from adm0 on; the API writes name first
	for i := 0; i < len(line); i += 2 {
		row = append(row, line[i+1], line[i])
	}
	originName, originCode := NoOrigin, NoOrigin
	if a, known := p.areas[o.By[2]]; known {
		originName, originCode = a.Name, a.Code
	}
	reason := p.in.Reasons[o.By[1]]
	if reason == "" {
		reason = NoReason
	}
	return append(row, Number(o.Value), date+"T00:00:00", date[:4], month, strconv.Itoa(p.in.Round.Number), reason,
		males[cell], females[cell], originName, originCode, p.in.API)
}

// sortedKeys lists the keys of a map in order, for texts that must not vary.
func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
