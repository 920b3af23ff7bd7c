package xform_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"safar/form"
	"safar/form/xform"
)

// TestBytesAreStable writes each form again after conversion anew and after a way through JSON, as the store keeps it:
// clients fetch a form again when one byte changes.
func TestBytesAreStable(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/*.md")
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			first, err := xform.Write(convert(t, "x.md", string(source)))
			if err != nil {
				t.Fatal(err)
			}
			kept, err := json.Marshal(convert(t, "x.md", string(source)))
			if err != nil {
				t.Fatal(err)
			}
			var f form.Form
			if err := json.Unmarshal(kept, &f); err != nil {
				t.Fatal(err)
			}
			if second, err := xform.Write(&f); err != nil || !bytes.Equal(first, second) {
				t.Errorf("the bytes differ after JSON: %v", err)
			}
		})
	}
}
