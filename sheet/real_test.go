package sheet_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"safar/sheet"
)

// realFile opens a file of the shared data folder, or skips when the folder is not there.
func realFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", filepath.FromSlash(name)))
	if os.IsNotExist(err) {
		t.Skip("the shared data folder is not here")
	}
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestEveryRealFileOpens(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..", "shared", "data")
	if _, err := os.Stat(root); err != nil {
		t.Skip("the shared data folder is not here")
	}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		ext := strings.ToLower(filepath.Ext(path))
		if err != nil || d.IsDir() || ext != ".csv" && ext != ".xlsx" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		start := time.Now()
		book, err := sheet.OpenBytes(filepath.Base(path), data, sheet.DefaultLimits())
		if err != nil {
			t.Errorf("%s: %v", path, err)
			return nil
		}
		for _, name := range book.Sheets() {
			g, err := book.Grid(name)
			if err != nil {
				t.Errorf("%s: %v", path, err)
				continue
			}
			t.Logf("%s [%s] %d rows x %d, %s %q, %v", path, name, len(g.Rows), g.Width, book.Encoding(), book.Separator(), time.Since(start))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
