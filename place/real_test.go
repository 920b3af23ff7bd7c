package place_test

import (
	"os"
	"path/filepath"
	"testing"

	"safar/place"
)

// shared gives the bytes of a file of the openly licensed data set that stands beside the repository, and skips the
// test where it does not.
func shared(t testing.TB, path ...string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(append([]string{"..", "..", "shared", "data"}, path...)...))
	if err != nil {
		t.Skip("the shared data is not here")
	}
	return data
}

func importInto(t testing.TB, old place.Batch, country string, path ...string) (place.Batch, []place.Defect) {
	t.Helper()
	known, _ := place.NewRegister(old.Areas, old.Sites, old.Points)
	batch, defects, err := place.ImportBytes(path[len(path)-1], shared(t, path...), place.Options{Country: country, Known: known})
	if err != nil {
		t.Fatal(err)
	}
	merged, _ := place.Merge(old, batch)
	return merged, defects
}

func TestReal(t *testing.T) {
	for _, c := range [][]string{{"TJK", "tjk_locations.csv", "tjk_adm0.geojson", "tjk_adm1.geojson", "tjk_adm2.geojson", "tjk_polygon_to_pcode.csv"},
		{"KAZ", "kaz_locations.csv", "kaz_adm1.geojson", "kaz_adm2.geojson", "kaz_kato_to_cod_pcode.csv"},
		{"MWI", "mwi_locations.csv", "mwi_adm2.geojson"}, {"", "hti_adm1.geojson", "tcd_adm1.geojson", "afg_adm1.geojson"}, {"", "global_pcodes_adm1_adm2.csv"}} {
		var b place.Batch
		for _, f := range c[1:] {
			var d []place.Defect
			b, d = importInto(t, b, c[0], "admin", f)
			t.Logf("%s: %d areas, %d defects", f, len(b.Areas), len(d))
			for i, x := range d {
				if i < 8 {
					t.Log("   ", x.Outcome, x)
				}
			}
		}
	}
}
