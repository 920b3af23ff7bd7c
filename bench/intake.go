package main

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"

	"safar/record/intake"
	"safar/sheet"
	"safar/workflow"
)

// takingIn is one workbook and what was done with it so far.
type takingIn struct {
	*desk
	t    *table
	data []byte
	rows int
	last intake.Mapping
}

// takeIn measures an import into an empty data folder and the same import again.
func takeIn(ctx context.Context, b *bench) (t table, err error) {
	data, err := workbook(b.rows)
	if err != nil {
		return t, err
	}
	t = table{
		Title:   fmt.Sprintf("an xlsx workbook of %d rows and %d columns, %.1f MB, into an empty data folder", b.rows, len(columns()), float64(len(data))/1e6),
		Columns: []string{"s", "rows/s", "CPU ms a row"},
	}
	d, err := openDesk(ctx, filepath.Join(b.dir, "data"), "")
	if err != nil {
		return t, err
	}
	defer func() {
		if end := d.close(); err == nil {
			err = end
		}
	}()
	job := &takingIn{desk: d, t: &t, data: data, rows: b.rows}
	return t, job.run(ctx)
}

func (j *takingIn) run(ctx context.Context) error {
	if err := j.timed(yardstick, "read the cells and nothing else", j.readCells); err != nil {
		return err
	}
	if err := j.timed(measured, "suggest a mapping", func() (err error) {
		j.last, _, err = j.SuggestMapping(ctx, local(), j.file(), "")
		return err
	}); err != nil {
		return err
	}
	if err := j.timed(measured, "import: records, places, checks, journal", func() error { return j.take(ctx, j.rows) }); err != nil {
		return err
	}
	return j.timed(measured, "import again: nothing has changed", func() error { return j.take(ctx, 0) })
}

// timed adds a row with the time of one step.
func (j *takingIn) timed(k kind, label string, step func() error) error {
	watch := startWatch()
	if err := step(); err != nil {
		return fmt.Errorf("%s: %w", label, err)
	}
	wall, cpu := watch.lap()
	j.t.add(k, label, wall.Seconds(), per(j.rows, wall), each(cpu, j.rows))
	return nil
}

func (j *takingIn) file() workflow.Workbook {
	return workflow.Workbook{Name: "bench.xlsx", Data: bytes.NewReader(j.data), Size: int64(len(j.data))}
}

func (j *takingIn) readCells() error {
	book, err := sheet.OpenBytes("bench.xlsx", j.data, sheet.DefaultLimits())
	if err != nil {
		return err
	}
	defer book.Close()
	for _, s := range book.Sheets() {
		if _, err := book.Grid(s); err != nil {
			return err
		}
	}
	return nil
}

func (j *takingIn) take(ctx context.Context, want int) error {
	m := j.last
	result, err := j.Import(ctx, local(), workflow.ImportOrder{Operation: "Bench", Tool: "baseline-sub-area", Round: 1, File: j.file(), Mapping: &m})
	if err != nil {
		return err
	}
	if result.Inserted != want || result.Failed > 0 {
		return fmt.Errorf("%d rows came in and %d failed; expected %d and none: %v", result.Inserted, result.Failed, want, result.Errors[:min(3, len(result.Errors))])
	}
	return nil
}

// column is one of the workbook's.
type column struct {
	header string
	cell   func(n int) sheet.Cell
}

// columns are what published baselines have: codes and names on three levels, site, position, date, stocks, their parts.
func columns() []column {
	text := func(s func(int) string) func(int) sheet.Cell {
		return func(n int) sheet.Cell { return sheet.TextCell(s(n)) }
	}
	area := func(level int) func(int) sheet.Cell {
		return text(func(n int) string { return string(villageArea(n)[level]) })
	}
	number := func(v func(int) int) func(int) sheet.Cell {
		return func(n int) sheet.Cell { return sheet.IntCell(int64(v(n))) }
	}
	list := []column{
		{"country_code", area(0)}, {"province_code", area(1)}, {"province", text(func(n int) string { return "Province " + string(villageArea(n)[1]) })},
		{"district_code", area(2)}, {"district", text(func(n int) string { return "District " + string(villageArea(n)[2]) })},
		{"jamoat_code", area(3)}, {"jamoat", text(func(n int) string { return "Jamoat " + string(villageArea(n)[3]) })},
		{"SSID", text(ssid)}, {"village", text(func(n int) string { return fmt.Sprintf("Village %d", n) })},
		{"lat", func(n int) sheet.Cell { return sheet.NumberCell(position(n).Lat) }}, {"lon", func(n int) sheet.Cell { return sheet.NumberCell(position(n).Lon) }},
		{"date", text(func(n int) string { return fmt.Sprintf("2026-02-%02d", 1+n%28) })},
		{"IDP households", number(households)}, {"IDP individuals", number(people)},
		{"Returnee households", number(households)}, {"Returnee individuals", number(people)},
		{"s1534_loc_loc_access", text(func(int) string { return "yes" })}, {"Remarks", text(func(n int) string { return fmt.Sprintf("row %d", n) })},
	}
	for _, who := range []struct{ men, women, children string }{
		{"sf0130_loc_idp_men", "sf0131_loc_idp_women", "sf0132_loc_idp_children"},
		{"sf0133_loc_returnee_men", "sf0134_loc_returnee_women", "sf0135_loc_returnee_children"},
	} {
		list = append(list, column{who.men, number(households)}, column{who.women, number(households)}, column{who.children, number(func(n int) int { return people(n) - 2*households(n) })})
	}
	for _, part := range []string{
		"sf0110_loc_idp_hh_not_prev_abroad", "sf0111_loc_idp_ind_not_prev_abroad", "sf0112_loc_idp_hh_prev_abroad", "sf0113_loc_idp_ind_prev_abroad",
		"sf0114_loc_returnee_hh_inside", "sf0115_loc_returnee_ind_inside", "sf0116_loc_returnee_hh_abroad", "sf0117_loc_returnee_ind_abroad",
		"sf0118_loc_relocated_hh", "sf0119_loc_relocated_ind", "sf0120_loc_not_yet_returned_hh",
	} {
		list = append(list, column{part, number(func(n int) int { return n % 3 })})
	}
	return list
}

func households(n int) int { return 3 + n*7919%200 }

func people(n int) int { return 5*households(n) + n%4 }

func workbook(rows int) ([]byte, error) {
	list := columns()
	names := make([]string, len(list))
	for i, c := range list {
		names[i] = c.header
	}
	lines := func(yield func([]sheet.Cell, error) bool) {
		if !yield(sheet.TextRow(names...), nil) {
			return
		}
		for n := range rows {
			line := make([]sheet.Cell, len(list))
			for i, c := range list {
				line[i] = c.cell(n)
			}
			if !yield(line, nil) {
				return
			}
		}
	}
	var out bytes.Buffer
	err := sheet.WriteXLSX(&out, []sheet.OutSheet{{Name: "Locations", Rows: lines}})
	return out.Bytes(), err
}
