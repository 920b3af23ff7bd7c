package release

import (
	"bytes"
	"encoding/csv"
	"slices"
	"sort"
	"strconv"
	"strings"

	"safar/disclose"
	"safar/fault"
	"safar/measure"
)

// press holds what the pages of one release share: areas by code, measures by id, and what is withheld.
type press struct {
	in       Input
	areas    map[string]Area
	measures map[string]measure.Measure
	hidden   map[string]map[string]disclose.Reason // measure -> area code -> reason
}

func newPress(in Input) *press {
	p := &press{in: in, areas: map[string]Area{}, measures: map[string]measure.Measure{}}
	for _, a := range in.Areas {
		p.areas[a.Code] = a
	}
	for _, m := range in.Measures {
		p.measures[m.ID] = m
	}
	p.hidden = disclose.Protect(p.areaCells(), in.Policy)
	return p
}

// ready refuses an input that could not be defended in print.
func ready(in Input) error {
	switch {
	case in.Round.Reference() == "":
		return fault.New(fault.ReleaseNoDate, "operation", in.Operation.Slug, "activity", in.Activity.ID, "round", strconv.Itoa(in.Round.Number))
	case in.Terms.Licence == "":
		return fault.New(fault.ReleaseNoTerms, "what", "the licence")
	case in.Terms.Attribution == "":
		return fault.New(fault.ReleaseNoTerms, "what", "the attribution")
	case in.Terms.Source == "":
		return fault.New(fault.ReleaseNoTerms, "what", "the source")
	case in.Records == 0:
		return fault.New(fault.ReleaseNoRecords)
	}
	return nil
}

// level gives the administrative level of a table that is grouped by areas alone: 2 for By {"adm2"}.
func level(by []string) (int, bool) {
	if len(by) == 1 && len(by[0]) == 4 && strings.HasPrefix(by[0], "adm") {
		return int(by[0][3] - '0'), true
	}
	return 0, false
}

// areaCells are all cells of all tables by area: the family that protection works on.
func (p *press) areaCells() []disclose.Cell {
	var cells []disclose.Cell
	for _, table := range p.in.Tables {
		lvl, ok := level(table.By)
		if !ok {
			continue
		}
		for _, m := range p.measuresOf(table) {
			observations, err := p.evaluate(m, table)
			if err != nil || m.Agg != measure.Sum {
				continue // table() reports the error in its place; only sums add up
			}
			group, _, _ := strings.Cut(m.ID, ".")
			for _, o := range observations {
				cells = append(cells, disclose.Cell{
					Measure: m.ID, Area: o.By[0], Parent: p.areas[o.By[0]].Parent, Level: lvl, Unit: m.Unit, Group: group, Value: o.Value,
				})
			}
		}
	}
	return cells
}

func (p *press) evaluate(m measure.Measure, t Table) ([]measure.Observation, error) {
	q := measure.Query{Operation: p.in.Operation.Slug, Activity: p.in.Activity.ID, Round: p.in.Round.Number, Measure: m, By: t.By}
	for _, dim := range sortedKeys(t.Where) {
		q.Where = append(q.Where, measure.Filter{Dim: dim, In: []string{t.Where[dim]}})
	}
	return measure.Evaluate(p.in.Facts, p.in.Missing, q)
}

// measuresOf lists the measures of a table in the order of the pack; a table that names none takes all that add up.
func (p *press) measuresOf(t Table) []measure.Measure {
	var list []measure.Measure
	for _, m := range p.in.Measures {
		if slices.Contains(t.Measures, m.ID) || (len(t.Measures) == 0 && additiveMeasure(m)) {
			list = append(list, m)
		}
	}
	return list
}

// additiveMeasure says whether a measure's cells add up over areas: sums and counts that name what they add over.
func additiveMeasure(m measure.Measure) bool {
	return (m.Agg == measure.Sum || m.Agg == measure.Count) && m.Kind != measure.Share && len(m.AddOver) > 0
}

// table makes one data file: a row per cell, with everything one must know to judge the number.
func (p *press) table(t Table) (File, error) {
	dims := dimColumns(t.By)
	header := append(append([]string{"cell", "measure"}, dims.header...), "value", "unit", "n", "missing", "carried", "status")
	hxl := append(append([]string{"", "#indicator+code"}, dims.hxl...), "#indicator+value+num", "#meta+unit", "#meta+n", "#meta+missing", "#meta+carried", "#status")
	var rows [][]string
	for _, m := range p.measuresOf(t) {
		observations, err := p.evaluate(m, t)
		if err != nil {
			return File{}, fault.Wrap(err, fault.ReleaseTable, "table", t.ID, "reason", err.Error())
		}
		if !telling(t, observations) {
			continue
		}
		for _, o := range observations {
			rows = append(rows, p.row(m, t.By, o))
		}
	}
	return csvFile("data/"+t.ID+".csv", header, hxl, rows), nil
}

// telling says whether observations say more than the total does: some dimension beside the area and the fixed ones is
// known somewhere, or there is no such dimension.
func telling(t Table, observations []measure.Observation) bool {
	free := 0
	for i, dim := range t.By {
		_, isArea := level([]string{dim})
		_, fixed := t.Where[dim]
		if isArea || fixed {
			continue
		}
		free++
		for _, o := range observations {
			if o.By[i] != "" {
				return true
			}
		}
	}
	return free == 0
}

func (p *press) row(m measure.Measure, by []string, o measure.Observation) []string {
	row := []string{CellID(m.ID, by, o.By), m.ID}
	for i, dim := range by {
		row = append(row, p.dimValues(dim, o.By[i])...)
	}
	value, status := "", "not known"
	if o.Known() {
		value, status = Number(o.Value), "published"
	}
	if _, isArea := level(by); isArea {
		if why, hidden := p.hidden[m.ID][o.By[0]]; hidden {
			value, status = "", "withheld: "+string(why)
		}
	}
	n := strconv.Itoa(o.N)
	if strings.HasPrefix(status, "withheld") {
		n = ""
	}
	return append(row, value, m.Unit, n, strconv.Itoa(o.Missing), strconv.Itoa(o.Carried), status)
}

// columns are the column names and HXL tags that a table's dimensions take.
type columns struct{ header, hxl []string }

func dimColumns(by []string) columns {
	var c columns
	for _, dim := range by {
		lvl, isArea := level([]string{dim})
		if !isArea {
			c.header = append(c.header, dim)
			c.hxl = append(c.hxl, hxlTag(dim))
			continue
		}
		for i := 0; i <= lvl; i++ {
			adm := "adm" + strconv.Itoa(i)
			tag := "#" + adm
			if i == 0 {
				tag = "#country"
			}
			c.header = append(c.header, adm+"_code", adm+"_name")
			c.hxl = append(c.hxl, tag+"+code", tag+"+name")
		}
	}
	return c
}

// dimValues gives what stands in a dimension's columns: for an area its whole line of ancestors, codes and names.
func (p *press) dimValues(dim, value string) []string {
	lvl, isArea := level([]string{dim})
	if !isArea {
		return []string{value}
	}
	line := make([]string, 2*(lvl+1))
	line[2*lvl] = value
	for code := value; code != ""; code = p.areas[code].Parent {
		a, known := p.areas[code]
		if !known {
			break
		}
		line[2*a.Level], line[2*a.Level+1] = a.Code, a.Name
	}
	return line
}

func hxlTag(dim string) string {
	tags := map[string]string{
		"site": "#loc+code", "point": "#loc+code+point", "category": "#population+type", "sex": "#meta+sex", "date": "#date",
		"month": "#date+month", "week": "#date+week", "direction": "#meta+direction", "reason": "#cause+type",
		"origin_adm0": "#country+code+origin", "origin_adm1": "#adm1+code+origin", "dest_adm0": "#country+code+dest",
		"dest_adm1": "#adm1+code+dest", "round": "#round+code", "breakdown": "#meta+breakdown",
	}
	if tag := tags[dim]; tag != "" {
		return tag
	}
	return "#meta+" + dim
}

// csvFile writes a table as the folder carries it: header, HXL row, rows sorted by their first column, LF line ends.
// Text that a spreadsheet would take for a formula is set off by an apostrophe.
func csvFile(path string, header, hxl []string, rows [][]string) File {
	sort.SliceStable(rows, func(i, j int) bool { return rows[i][0] < rows[j][0] })
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write(header) // a bytes.Buffer takes everything
	if hxl != nil {
		_ = w.Write(hxl)
	}
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = neutral(cell)
		}
		_ = w.Write(safe)
	}
	w.Flush()
	return File{Path: path, Bytes: b.Bytes(), Rows: len(rows)}
}

// neutral is undone by ReadTable, so a text that begins with an apostrophe of its own gets a second one.
func neutral(cell string) string {
	if cell == "" || !strings.ContainsRune("=+-@\t\r'", rune(cell[0])) {
		return cell
	}
	if _, err := strconv.ParseFloat(cell, 64); err == nil {
		return cell
	}
	return "'" + cell
}
