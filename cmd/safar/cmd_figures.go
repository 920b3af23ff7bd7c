package main

import (
	"errors"
	"strings"

	"safar/fault"
	"safar/locale"
	"safar/measure"
	"safar/sheet"
	"safar/workflow"
)

func figureCommands() []command {
	return []command{
		{name: "figures", usage: "[--operation NAME] [--tool T] [--round N] [--measure M] [--by adm1,sex] [--where dim=v,v] [--format csv|json]", summary: "compute figures from the records as they stand", data: true, flags: figures},
	}
}

func figures(c *call) func() error {
	var ask workflow.FigureQuery
	c.flags.StringVar(&ask.Operation, "operation", "", "slug or title; may be left out when there is only one")
	c.flags.StringVar(&ask.Activity, "tool", "", "tool; may be left out when the operation has one")
	c.flags.IntVar(&ask.Round, "round", 0, "round number; the newest with records when left out")
	c.flags.StringVar(&ask.Measure, "measure", "", "measure id; all that add up when left out")
	by := c.flags.String("by", "", "dimensions to group by, separated by commas: "+strings.Join(measure.Dimensions(), ", "))
	var where filters
	c.flags.Var(&where, "where", "keep only rows whose dimension has one of the values, as adm1=SS01,SS02; may be given again")
	format := c.oneOf("format", "", "csv or json; a table for people when left out", "csv", "json")
	return func() error {
		ask.By, ask.Where = list(*by), where
		result, err := c.flow.Figures(c.ctx, c.actor(), ask)
		if err != nil {
			return err
		}
		if skipped := distinct(result.Skipped); len(result.Rows) == 0 && len(skipped) > 0 {
			return errors.Join(skipped...)
		} else {
			for _, why := range skipped {
				c.note("left out: %s", why)
			}
		}
		if len(result.Rows) == 0 {
			c.note("nothing is known that fits; round status says what there is, place find knows the codes")
		}
		switch {
		case c.json || *format == "json":
			result.Rows = nonNil(result.Rows)
			return c.printJSON(result)
		case *format == "csv":
			return c.figuresCSV(result)
		}
		return c.figuresTable(result)
	}
}

// distinct says each reason once, however many measures it holds for.
func distinct(reasons []*fault.Error) (list []error) {
	told := map[string]bool{}
	for _, r := range reasons {
		if text := r.Error(); !told[text] {
			told[text] = true
			list = append(list, r)
		}
	}
	return list
}

// filters collects --where flags.
type filters []measure.Filter

func (f *filters) String() string { return "" }

// Set takes one dim=value,value.
func (f *filters) Set(text string) error {
	dim, values, ok := strings.Cut(text, "=")
	if !ok {
		return usagef("write a filter as dimension=value,value")
	}
	in := list(values)
	if len(in) == 0 {
		in = []string{""}
	}
	*f = append(*f, measure.Filter{Dim: strings.TrimSpace(dim), In: in})
	return nil
}

// named says whether the values of a dimension are codes of places, which have names.
func named(dim string) bool {
	return strings.Contains(dim, "adm") || dim == "site" || dim == "point"
}

func (c *call) figuresCSV(r workflow.Figures) error {
	w := sheet.NewCSVWriter(c.out)
	header := []string{"measure"}
	for _, dim := range r.By {
		header = append(header, dim)
		if named(dim) {
			header = append(header, dim+"_name")
		}
	}
	if err := w.WriteText(append(header, "value", "unit", "n", "missing", "carried")...); err != nil {
		return err
	}
	for _, f := range r.Rows {
		cells := sheet.TextRow(f.Measure)
		for i := range f.By {
			cells = append(cells, sheet.TextCell(f.By[i]))
			if named(r.By[i]) {
				cells = append(cells, sheet.TextCell(f.Names[i]))
			}
		}
		value := sheet.TextCell("")
		if f.Value != nil {
			value = sheet.NumberCell(*f.Value)
		}
		cells = append(cells, value, sheet.TextCell(f.Unit), sheet.IntCell(int64(f.N)), sheet.IntCell(int64(f.Missing)), sheet.IntCell(int64(f.Carried)))
		if err := w.Write(cells); err != nil {
			return err
		}
	}
	return w.Flush()
}

func (c *call) figuresTable(r workflow.Figures) error {
	date := r.Date
	if date == "" {
		date = "a day that is not set yet"
	}
	c.note("%s, %s, round %d, speaks of %s; provisional until released", r.Operation, r.Activity, r.Round, date)
	header := []string{"MEASURE"}
	for _, dim := range r.By {
		header = append(header, strings.ToUpper(dim))
		if named(dim) {
			header = append(header, "NAME")
		}
	}
	t := c.table(append(header, "VALUE", "UNIT", "N", "MISSING", "CARRIED")...)
	for _, f := range r.Rows {
		cells := []any{f.Measure}
		for i := range f.By {
			cells = append(cells, orDash(f.By[i]))
			if named(r.By[i]) {
				cells = append(cells, f.Names[i])
			}
		}
		value := "not known"
		if f.Value != nil {
			value = locale.Number(*f.Value)
		}
		t.row(append(cells, value, f.Unit, f.N, f.Missing, f.Carried)...)
	}
	return t.flush()
}
