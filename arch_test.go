// Package safar_test holds the rules of the house: which package may know which.
package safar_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
)

// layers is the direction of imports (ARCHITECTURE.md, "Four rings"): a package may import those named beside it, its
// own children and parents where they are named, and nothing else of Safar. A package that is not listed fails the test.
var layers = map[string][]string{
	// ring 0: words everyone shares
	"fault":      {},
	"locale":     {},
	"sheet":      {"fault", "locale"},
	"place":      {"fault", "locale", "sheet"},
	"dictionary": {"fault", "locale"},
	// ring 1: the data cycle as pure functions
	"form/xpath":    {"fault"},
	"form":          {ring0, "form/xpath"},
	"form/xlsform":  {ring0, "form", "form/xpath"},
	"form/xform":    {ring0, "form", "form/xpath"},
	"round":         {ring0, "form"},
	"record":        {ring0, "form", "form/xpath", "round"},
	"record/intake": {ring0, "form", "form/xpath", "round", "record"},
	"quality":       {ring0, "form", "form/xpath", "round", "record"},
	"measure":       {ring0, "form", "form/xpath", "round", "record"},
	"disclose":      {ring0, "round", "record", "measure"},
	"release":       {ring0, "form", "form/xpath", "round", "record", "quality", "measure", "disclose"},
	"report":        {ring0, "round", "measure", "disclose", "release"},
	"toolbox":       {ring0, "form", "form/xpath", "form/xlsform", "form/xform", "round", "record", "quality", "measure"},
	"training":      {ring0, "form", "form/xpath", "round", "record", "quality", "measure", "toolbox"},
	// ring 2: doing it
	"access":         {"fault"},
	"store":          {ring0, "form", "form/xpath", "round", "record", "quality", "measure", "access"},
	"warehouse":      {ring0, "round", "record", "measure"},
	"warehouse/duck": {ring0, "round", "record", "measure", "warehouse"},
	"warehouse/pg":   {ring0, "round", "record", "measure", "warehouse"},
	"workflow":       {ring0, ring1, "access", "store", "warehouse"},
	// ring 3: surfaces
	"openrosa": {ring0, ring1, "access", "workflow"},
	"web":      {ring0, ring1, "access", "workflow"},
	// the program and what serves the tests
	"cmd/safar":       {ring0, ring1, "access", "store", "warehouse", "warehouse/duck", "warehouse/pg", "workflow", "openrosa", "web"},
	"bench":           {anything},
	"internal/pgtest": {},
	// a phone: the other side of openrosa, for tests and benchmarks
	"internal/collect": {},
	// one behaviour for every engine of the warehouse
	"internal/enginetest": {"measure", "warehouse"},
}

const (
	ring0    = "<ring 0>"
	ring1    = "<ring 1>"
	anything = "<anything>"
)

var rings = map[string][]string{
	ring0: {"fault", "locale", "sheet", "place", "dictionary"},
	ring1: {"form", "form/xpath", "form/xlsform", "form/xform", "round", "record", "record/intake", "quality", "measure", "disclose", "release", "report", "toolbox", "training"},
}

// outside names what of the standard library and of others only some packages may know, with the reason in words.
var outside = []struct {
	prefix string
	only   []string
	why    string
}{
	{"net/http", []string{"openrosa", "web", "cmd/safar", "internal/collect", "bench"}, "only surfaces know HTTP"},
	{"database/sql", []string{"store", "warehouse", "warehouse/duck", "warehouse/pg", "bench"}, "only store and warehouse contain SQL"},
	{"github.com/jackc/pgx", []string{"store", "warehouse/pg", "internal/pgtest", "bench"}, "only store and warehouse talk to PostgreSQL"},
	{"github.com/ncruces/go-sqlite3", []string{"store"}, "only store talks to SQLite"},
	{"github.com/duckdb", []string{"warehouse/duck", "bench"}, "only warehouse/duck links DuckDB, so that other tests link fast"},
	{"github.com/xuri/excelize", []string{"sheet"}, "workbooks are read and written in sheet"},
}

// pure packages (rings 0 and 1) do no I/O and read no clock.
var impure = []string{"os", "net", "os/exec", "log/slog", "database/sql", "net/http"}

func TestImportsPointInward(t *testing.T) {
	t.Parallel()
	for file, imports := range productionImports(t) {
		from := filepath.ToSlash(filepath.Dir(file))
		allowed, known := layers[from]
		if !known {
			t.Errorf("%s: package %s has no place in the rings; add it to layers here and to ARCHITECTURE.md", file, from)
			continue
		}
		for _, path := range imports {
			if to, ours := strings.CutPrefix(path, "safar/"); ours && !permits(allowed, from, to) {
				t.Errorf("%s imports %s: arrows point inward only, %s may know %s", file, to, from, strings.Join(allowed, ", "))
			}
			checkOutside(t, file, from, path)
		}
	}
}

func checkOutside(t *testing.T, file, from, path string) {
	t.Helper()
	for _, rule := range outside {
		if (path == rule.prefix || strings.HasPrefix(path, rule.prefix+"/")) && !contains(rule.only, from) {
			t.Errorf("%s imports %s: %s", file, path, rule.why)
		}
	}
	if (contains(rings[ring0], from) || contains(rings[ring1], from)) && contains(impure, path) {
		t.Errorf("%s imports %s: rings 0 and 1 do no I/O; take a reader, a file system or a value instead", file, path)
	}
}

func permits(allowed []string, from, to string) bool {
	if to == from {
		return true
	}
	for _, a := range allowed {
		if a == anything || a == to || contains(rings[a], to) {
			return true
		}
	}
	return false
}

// TestPureCodeReadsNoClock keeps rings 0 and 1 deterministic: time and randomness come in as values.
func TestPureCodeReadsNoClock(t *testing.T) {
	t.Parallel()
	banned := []string{"time.Now(", "time.Since(", "rand.Int(", "rand.Float64(", "uuid.New", "\ngo ", "\tgo func", "\nfunc init()"}
	for file := range productionImports(t) {
		from := filepath.ToSlash(filepath.Dir(file))
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range banned {
			if strings.Contains(word, "init") || contains(rings[ring0], from) || contains(rings[ring1], from) {
				if strings.Contains(string(source), word) && !(word == "uuid.New" && strings.Contains(string(source), "uuid.NewSHA1") && !strings.Contains(string(source), "uuid.New(")) {
					t.Errorf("%s holds %q: clock, randomness and identifiers come in as values, goroutines belong to ring 2, and nothing registers itself", file, strings.TrimSpace(word))
				}
			}
		}
	}
}

// TestEveryPackageSaysWhatItIs wants a package comment on every package.
func TestEveryPackageSaysWhatItIs(t *testing.T) {
	t.Parallel()
	documented := map[string]bool{}
	for file := range productionImports(t) {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		dir := filepath.Dir(file)
		documented[dir] = documented[dir] || parsed.Doc != nil
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no package comment: say in two sentences what it is for", dir)
		}
	}
}

func productionImports(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == "testdata" || name == "node_modules" || name == "docs" || name == "ui" || (strings.HasPrefix(name, ".") && name != ".")) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		found[path] = []string{}
		for _, spec := range parsed.Imports {
			value, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			found[path] = append(found[path], value)
		}
		sort.Strings(found[path])
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
