package place_test

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"testing"

	"safar/fault"
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

// add imports files one after the other, each into what the ones before gave, and collects the defects by code.
func add(t testing.TB, country string, files ...string) (*place.Register, map[fault.Code]int) {
	t.Helper()
	var all place.Batch
	r, _ := place.NewRegister(nil, nil, nil)
	counts := map[fault.Code]int{}
	for _, file := range files {
		batch, defects, err := place.ImportBytes(file, shared(t, file), place.Options{Country: country, Known: r})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range defects {
			counts[d.Code()]++
			t.Log(d.Outcome, d)
		}
		all, _ = place.Merge(all, batch)
		r, _ = place.NewRegister(all.Areas, all.Sites, all.Points)
	}
	return r, counts
}

func counted(r *place.Register, country string) [5]int {
	var n [5]int
	for level := range n {
		n[level] = len(r.Areas(country, place.Level(level)))
	}
	return n
}

// km2 sums the areas of all polygons of a level and counts the units that have one.
func km2(r *place.Register, country string, level place.Level) (total float64, polygons int) {
	for _, a := range r.Areas(country, level) {
		if a.Geometry != nil {
			total += a.Geometry.AreaKM2()
			polygons++
		}
	}
	return total, polygons
}

func TestTajikistan(t *testing.T) {
	t.Parallel()
	r, defects := add(t, "TJK", "admin/tjk_locations.csv", "admin/tjk_adm0.geojson", "admin/tjk_adm1.geojson", "admin/tjk_adm2.geojson", "admin/tjk_polygon_to_pcode.csv")
	if got := counted(r, "TJK"); got != [5]int{1, 5, 76, 0, 0} {
		t.Errorf("units by level: %v", got)
	}
	if len(defects) != 1 || defects[fault.PlaceOutsideParent] != 1 {
		t.Errorf("the one known defect is a point outside its province, got %v", defects)
	}
	for level := range place.Level(3) {
		if area, _ := km2(r, "TJK", level); math.Abs(area-141150) > 300 {
			t.Errorf("level %d covers %.0f km2", level, area)
		}
	}
	inside := 0
	for _, a := range r.Areas("TJK", 2) {
		if a.Geometry == nil {
			continue
		}
		if found := r.Locate(*a.Point, "TJK", 2); len(found) > 0 && found[0].ID == string(a.Code) && found[0].Reason == place.Inside {
			inside++
		}
	}
	if inside != 58 {
		t.Errorf("%d of 58 points lie in their polygons", inside)
	}
	for name, want := range map[string]string{"Айнӣ": "3505203", "Aini district": "3505203", "Ayni": "3505203", "Согдийская область": "3505000", "вилояти Суғд": "3505000", "Sogd": "3505000", "Ghonchi": "3505213", "Рудаки": "3509"} {
		if found := r.FindByName(place.Query{Name: name, Country: "TJK"}); len(found) == 0 || found[0].ID[:len(want)] != want {
			t.Errorf("FindByName(%q) = %+v, want %s first", name, found, want)
		}
	}
	if found := r.FindByName(place.Query{Name: "Исфара", Country: "TJK"}); len(found) < 2 || found[0].Score != found[1].Score {
		t.Errorf("district and town of one name must both come: %+v", found)
	}
}

func TestKazakhstan(t *testing.T) {
	t.Parallel()
	r, defects := add(t, "KAZ", "admin/kaz_locations.csv", "admin/kaz_adm1.geojson", "admin/kaz_adm2.geojson", "admin/kaz_kato_to_cod_pcode.csv", "basemap/kaz_places_osm.csv")
	if got := counted(r, "KAZ"); got != [5]int{1, 20, 224, 0, 0} {
		t.Errorf("units by level: %v", got)
	}
	if defects[fault.PlaceCodeBorrowed] != 6 {
		t.Errorf("six units have no COD code yet: %v", defects)
	}
	for level := place.Level(1); level <= 2; level++ {
		if area, n := km2(r, "KAZ", level); math.Abs(area-2720440) > 3000 {
			t.Errorf("level %d covers %.0f km2 in %d polygons", level, area, n)
		}
	}
	for code, want := range map[string]string{"KZ101000": "KAZ001008", "101000000": "KAZ001008", "kaz001008": "KAZ001008", "KZ101010": "KZ101010", "KZ-ABY": "KAZ001"} {
		if found := r.FindByCode("KAZ", code); len(found) != 1 || found[0].ID != want {
			t.Errorf("FindByCode(%q) = %+v, want %s", code, found, want)
		}
	}
	for name, want := range map[string]string{"Абайская область": "KAZ001", "Абай облысы": "KAZ001", "Ақмола": "KAZ002", "Akmolinskaya oblast": "KAZ002"} {
		if found := r.FindByName(place.Query{Name: name, Country: "KAZ", Levels: []place.Level{1}}); len(found) == 0 || found[0].ID != want {
			t.Errorf("FindByName(%q) = %+v, want %s first", name, found, want)
		}
	}
	if n := len(r.Sites("KAZ", "")); n != 8564 {
		t.Errorf("%d settlements", n)
	}
	if n := len(r.Sites("KAZ", "KAZ001")); n < 100 {
		t.Errorf("only %d settlements were placed in their oblast", n)
	}
}

func TestOtherCountries(t *testing.T) {
	t.Parallel()
	r, _ := add(t, "MWI", "admin/mwi_locations.csv", "admin/mwi_adm2.geojson")
	if got := counted(r, "MWI"); got != [5]int{1, 3, 32, 433, 0} {
		t.Errorf("MWI: units by level: %v", got)
	}
	if _, n := km2(r, "MWI", 2); n != 28 {
		t.Errorf("MWI: %d polygons", n)
	}
	r, defects := add(t, "", "admin/global_pcodes_adm1_adm2.csv", "admin/hti_adm1.geojson", "admin/tcd_adm1.geojson", "admin/afg_adm1.geojson", "admin/tjk_adm1.geojson")
	for country, want := range map[string][5]int{"TJK": {1, 5, 76}, "KAZ": {1, 20, 218}, "UZB": {1, 14, 199}, "KGZ": {1, 9, 53}, "MWI": {1, 3, 32}, "HTI": {1, 10, 140}, "AFG": {1, 34, 401}, "TCD": {1, 23, 70}} {
		if got := counted(r, country); got != want {
			t.Errorf("%s: units by level %v, want %v", country, got, want)
		}
	}
	if len(r.Countries()) != 156 || len(defects) != 1 || defects[fault.PlaceNoCode] != 1 {
		t.Errorf("%d countries, defects %v", len(r.Countries()), defects)
	}
	if found := r.FindByName(place.Query{Name: "بدخشان", Country: "AFG", Levels: []place.Level{1}}); len(found) == 0 || found[0].ID != "AF17" {
		t.Errorf("Badakhshan in Dari: %+v", found)
	}
}

// Names of other sources and scripts must find the unit of the official list without any alias. What is left are units
// with another name altogether.
func TestNamesOfOtherSources(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		country, list, names      string
		name, parent, code, least int
	}{
		{"TJK", "admin/tjk_locations.csv", "admin/tjk_polygon_to_pcode.csv", 0, 3, 1, 50},
		{"KAZ", "admin/global_pcodes_adm1_adm2.csv", "admin/kaz_kato_to_cod_pcode.csv", 3, 5, 6, 208},
		{"KAZ", "admin/global_pcodes_adm1_adm2.csv", "admin/kaz_kato_to_cod_pcode.csv", 4, 5, 6, 203},
	} {
		r, _ := add(t, c.country, c.list)
		rows, err := csv.NewReader(bytes.NewReader(shared(t, c.names))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		found := 0
		for _, row := range rows[1:] {
			matches := r.FindByName(place.Query{Name: row[c.name], Country: c.country, Levels: []place.Level{2}, Parent: row[c.parent]})
			for _, m := range matches {
				if m.Score == matches[0].Score && m.ID == row[c.code] {
					found++
				}
			}
		}
		if found < c.least {
			t.Errorf("%s, column %d: %d names found, want at least %d of %d", c.names, c.name, found, c.least, len(rows)-1)
		}
	}
}

// BenchmarkImportGlobal is the real global list: 33,363 units of 156 countries, read and registered.
func BenchmarkImportGlobal(b *testing.B) {
	data := shared(b, "admin", "global_pcodes_adm1_adm2.csv")
	for b.Loop() {
		batch, _, err := place.ImportBytes("global.csv", data, place.Options{})
		if err != nil {
			b.Fatal(err)
		}
		place.NewRegister(batch.Areas, batch.Sites, batch.Points)
	}
}

// BenchmarkLocateKazakhstan is 100,000 positions against the 224 districts, some 32,000 corners.
func BenchmarkLocateKazakhstan(b *testing.B) {
	batch, _, err := place.ImportBytes("kaz.geojson", shared(b, "admin", "kaz_adm2.geojson"), place.Options{})
	if err != nil {
		b.Fatal(err)
	}
	r, _ := place.NewRegister(batch.Areas, nil, nil)
	points := scattered(100_000)
	for i := range points {
		points[i] = place.LatLon{Lat: 42 + points[i].Lat*0.6, Lon: 50 + points[i].Lon*1.7}
	}
	b.ResetTimer()
	for b.Loop() {
		for _, p := range points {
			r.Locate(p, "KAZ", 2)
		}
	}
}
