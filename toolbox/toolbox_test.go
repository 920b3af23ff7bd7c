package toolbox_test

import (
	"testing"

	"safar/dictionary"
	"safar/form/xform"
	"safar/toolbox"
)

func load(t *testing.T) (*toolbox.Toolbox, *dictionary.Dictionary) {
	t.Helper()
	box, err := toolbox.Default()
	if err != nil {
		t.Fatal(err)
	}
	dict, err := dictionary.Default()
	if err != nil {
		t.Fatal(err)
	}
	return box, dict
}

func TestFormsOfThePacksConvert(t *testing.T) {
	t.Parallel()
	box, dict := load(t)
	for _, p := range box.Packs() {
		for _, id := range p.FormIDs() {
			f, warnings, err := toolbox.Form(p, id, dict)
			if err != nil {
				t.Errorf("%s: %v", id, err)
				continue
			}
			for _, w := range warnings {
				t.Errorf("%s: warning: %v", id, w)
			}
			if _, err := xform.Write(f); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
	}
}
