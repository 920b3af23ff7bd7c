package xform_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"safar/form"
	"safar/form/xform"
	"safar/form/xlsform"
	"safar/sheet"
)

var update = flag.Bool("update", false, "write the golden files anew")

// convert reads a workbook in Markdown notation and fails the test on any error.
func convert(t *testing.T, name, text string) *form.Form {
	t.Helper()
	book, err := sheet.OpenBytes(name, []byte(text), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	f, warnings, err := xlsform.Convert(book, xlsform.Options{File: name})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range warnings {
		t.Log(w)
	}
	return f
}

func TestGoldens(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/*.md")
	if len(files) == 0 {
		t.Fatal("no workbooks")
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got, err := xform.Write(convert(t, filepath.Base(file), string(source)))
			if err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(file, ".md") + ".xml"
			if *update {
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s differs; look at the difference and run with -update\n%s", golden, got)
			}
		})
	}
}
