package xform_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"safar/fault"
	"safar/form"
	"safar/form/xform"
	"safar/form/xlsform"
	"safar/sheet"
)

func dataFolder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "data", "surveys")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the folder with real data is not here")
	}
	return dir
}

func csvGrid(t *testing.T, file, name string) *sheet.Grid {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(raw), "\ufeff")))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return sheet.NewGrid(name, rows)
}

// TestRealForms converts forms that organisations really use.
func TestRealForms(t *testing.T) {
	t.Parallel()
	dir := dataFolder(t)
	for _, prefix := range []string{"reach_xlsform", "msna_template_xlsform"} {
		t.Run(prefix, func(t *testing.T) {
			t.Parallel()
			f, warnings, err := xlsform.ConvertGrids(csvGrid(t, filepath.Join(dir, prefix+"_survey.csv"), "survey"),
				csvGrid(t, filepath.Join(dir, prefix+"_choices.csv"), "choices"), nil, xlsform.Options{File: prefix + ".xlsx"})
			report(t, f, warnings, err)
		})
	}
	t.Run("kobo tool", func(t *testing.T) {
		t.Parallel()
		raw, err := os.ReadFile(filepath.Join(dir, "reach_msna2024_kobo_tool_v11.xlsx"))
		if err != nil {
			t.Fatal(err)
		}
		book, err := sheet.OpenBytes("reach_msna2024_kobo_tool_v11.xlsx", raw, sheet.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		f, warnings, err := xlsform.Convert(book, xlsform.Options{File: "tool.xlsx"})
		report(t, f, warnings, err)
	})
}

func report(t *testing.T, f *form.Form, warnings []*fault.Error, err error) {
	t.Helper()
	for _, w := range warnings {
		t.Log("warning: ", w)
	}
	for _, e := range xlsform.Faults(err) {
		t.Log("error: ", e)
	}
	if err != nil {
		return
	}
	raw, err := xform.Write(f)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := form.Compile(f); err != nil {
		t.Error(err)
	}
	inspect(t, raw)
}
