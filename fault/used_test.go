package fault_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestEveryCodeIsRaised finds codes that nothing raises any more: the catalogue promises only what can happen.
func TestEveryCodeIsRaised(t *testing.T) {
	t.Parallel()
	declared := map[string]string{} // constant -> file
	constant := regexp.MustCompile(`(?m)^\t([A-Z][A-Za-z0-9]+) +Code = "`)
	files, err := filepath.Glob("codes_*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range constant.FindAllStringSubmatch(string(source), -1) {
			declared[match[1]] = name
		}
	}
	if len(declared) == 0 {
		t.Fatal("no codes found: has the form of the catalogue changed?")
	}
	use := regexp.MustCompile(`fault\.([A-Z][A-Za-z0-9]+)`)
	err = filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, match := range use.FindAllStringSubmatch(string(source), -1) {
			delete(declared, match[1])
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range declared {
		t.Errorf("%s: nothing raises %s; take it out", file, name)
	}
}
