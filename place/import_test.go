package place_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"safar/fault"
	"safar/place"
	"safar/sheet"
)

const longHeader = "iso3,level,pcode,parent_pcode,name_en,name_ru,lat,lon,valid_from,valid_to,successors,succession\n"

// described lists defects as "code outcome place".
func described(defects []place.Defect) []string {
	var out []string
	for _, d := range defects {
		out = append(out, fmt.Sprintf("%s %s %s", d.Code(), d.Outcome, d.Fault.At))
	}
	return out
}

func read(t *testing.T, name, text string, o place.Options) (place.Batch, []place.Defect) {
	t.Helper()
	batch, defects, err := place.ImportBytes(name, []byte(text), o)
	if err != nil {
		t.Fatal(err)
	}
	return batch, defects
}

// Each row breaks one thing; the defect names its cell and the rest is imported.
func TestEveryDefectHasItsPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, rows string
		areas      int // the country and the sound first row included
		want       []string
	}{
		{"unknown parent", "XSF,2,201,999,Aster,,,,,,,", 3, []string{"place.unknown_parent kept x.csv, D3, parent_pcode"}},
		{"no parent", "XSF,2,201,,Aster,,,,,,,", 3, []string{"place.no_parent kept x.csv, C3, pcode"}},
		{"cycle", "XSF,2,201,202,Aster,,,,,,,\nXSF,2,202,201,Birch,,,,,,,", 4, []string{"place.cycle kept x.csv, C3, pcode", "place.cycle kept x.csv, C4, pcode"}},
		{"parent on a lower level", "XSF,3,301,101,Aster,,,,,,,\nXSF,2,202,301,Birch,,,,,,,", 4, []string{"place.parent_level kept x.csv, C4, pcode"}},
		{"duplicate code", "XSF,1,101,,Again,,,,,,,", 2, []string{"place.duplicate_code left_out x.csv, C3, pcode"}},
		{"number with tail", "XSF,2,201.0,101,Aster,,,,,,,", 3, []string{"place.code_repaired mended x.csv, C3, pcode"}},
		{"parent turned into a number", "XSF,2,201,1.01e+02,Aster,,,,,,,", 3, []string{"place.code_repaired mended x.csv, D3, parent_pcode"}},
		{"digits lost", "XSF,2,3.505e+06,101,Aster,,,,,,,", 2, []string{"place.code_is_number left_out x.csv, C3, pcode"}},
		{"parent without its zero", "XSF,1,007,,Zero,,,,,,,\nXSF,2,201,7,Aster,,,,,,,", 4, []string{"place.code_repaired mended x.csv, D4, parent_pcode"}},
		{"no name", "XSF,2,201,101,,,,,,,,", 3, []string{"place.no_name kept x.csv, row 3"}},
		{"no code", "XSF,2,,101,Aster,,,,,,,", 2, []string{"place.no_code left_out x.csv, row 3"}},
		{"level in words", "XSF,two,201,101,Aster,,,,,,,", 2, []string{"place.bad_level left_out x.csv, B3, level"}},
		{"no country", "Narnia,2,201,101,Aster,,,,,,,", 2, []string{"place.unknown_country left_out x.csv, A3, iso3"}},
		{"zero position", "XSF,2,201,101,Aster,,0,0.0,,,,", 3, []string{"place.zero_position left_out x.csv, G3, lat"}},
		{"off the earth", "XSF,2,201,101,Aster,,95,181,,,,", 3, []string{"place.position_off_earth left_out x.csv, G3, lat"}},
		{"half a position", "XSF,2,201,101,Aster,,38.5,,,,,", 3, []string{"place.half_position left_out x.csv, G3, lat"}},
		{"no number", "XSF,2,201,101,Aster,,north,68,,,,", 3, []string{"place.bad_number left_out x.csv, G3, lat"}},
		{"bad date", "XSF,2,201,101,Aster,,,,2020-13-40,,,", 3, []string{"place.bad_date left_out x.csv, I3, valid_from"}},
		{"date of two readings", "XSF,2,201,101,Aster,,,,03/04/2020,,,", 3, []string{"place.bad_date left_out x.csv, I3, valid_from"}},
		{"ends before it begins", "XSF,2,201,101,Aster,,,,2020-01-02,2019-01-01,,", 3, []string{"place.dates_reversed kept x.csv, J3, valid_to"}},
		{"unknown successor", "XSF,2,201,101,Aster,,,,,,888,merged", 3, []string{"place.unknown_successor kept x.csv, C3, pcode"}},
		{"bad share", "XSF,2,201,101,Aster,,,,,,101:7,split", 3, []string{"place.bad_succession left_out x.csv, K3, successors"}},
		{"swapped among others", "XSF,2,201,101,A,,38.5,68.7,,,,\nXSF,2,202,101,B,,38.6,68.8,,,,\nXSF,2,203,101,C,,38.7,68.9,,,,\nXSF,2,204,101,D,,38.2,68.1,,,,\nXSF,2,205,101,E,,68.5,38.4,,,,",
			7, []string{"place.position_far kept x.csv, C7, pcode"}},
		{"normal: levels skipped, names twice, blank line, other date forms", "XSF,3,301,101,Twin,,\"38,5\",68.7,14.03.2020,2021/05/06,,\n,,,,,,,,,,,\nXSF,3,302,101,Twin,,,,20200314,,301:0.4;101:0.6,split", 4, nil},
	} {
		batch, defects := read(t, "x.csv", longHeader+"XSF,1,101,,Upper,,,,,,,\n"+c.rows, place.Options{})
		if got := described(defects); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: defects %q, want %q", c.name, got, c.want)
		}
		if len(batch.Areas) != c.areas {
			t.Errorf("%s: %d areas, want %d", c.name, len(batch.Areas), c.areas)
		}
		for _, d := range defects {
			if strings.Contains(d.Error(), "{") {
				t.Errorf("%s: a placeholder is left in %q", c.name, d.Error())
			}
		}
	}
}

func area(t *testing.T, b place.Batch, code place.Code) place.Area {
	t.Helper()
	for _, a := range b.Areas {
		if a.Code == code {
			return a
		}
	}
	t.Fatalf("no unit %s in %+v", code, b.Areas)
	return place.Area{}
}

func TestLayoutsOfBoundarySets(t *testing.T) {
	t.Parallel()
	old := "ADM2_EN,ADM2_RU,ADM2_PCODE,ADM2_REF,ADM2ALT1EN,ADM1_EN,ADM1_PCODE,ADM0_EN,ADM0_PCODE,date,validOn,validTo\n" +
		"Aster,Астер,XT0101,,Astra,Upper,XT01,Testland,XT,2019-01-01,2020-03-04,\nBirch,,XT0102,,,Upper,XT01,Testland,XT,2019-01-01,2020-03-04,\n"
	b, defects := read(t, "old.csv", old, place.Options{Country: "XSF"})
	if len(defects) > 0 || len(b.Areas) != 4 {
		t.Errorf("old field names: %d areas, %q", len(b.Areas), described(defects))
	}
	aster := area(t, b, "XT0101")
	if aster.Parent != "XT01" || aster.Level != 2 || aster.Names["ru"] != "Астер" || !reflect.DeepEqual(aster.Aliases, []string{"Astra"}) || aster.ValidFrom != "2020-03-04" {
		t.Errorf("old field names: %+v", aster)
	}
	if top := area(t, b, "XSF"); top.Codes["pcode"] != "XT" || top.Names["en"] == "" {
		t.Errorf("the country keeps its p-code: %+v", top)
	}
	recent := "adm1_name,adm1_name1,adm1_pcode,adm0_name,adm0_name1,adm0_pcode,valid_on,valid_to,area_sqkm,lang,lang1,iso2,iso3,center_lat,center_lon\n" +
		"Upper,Боло,XT01,Testland,Тестистон,XT,2024-05-06,,12.5,en,tg,,XSF,38.5,68.5\n"
	b, defects = read(t, "new.csv", recent, place.Options{})
	if upper := area(t, b, "XT01"); len(defects) > 0 || upper.Names["tg"] != "Боло" || upper.ValidFrom != "2024-05-06" || upper.Point == nil || upper.Parent != "XSF" {
		t.Errorf("new field names: %+v %q", upper, described(defects))
	}
}

func TestWorkbookOfSeveralSheets(t *testing.T) {
	t.Parallel()
	md := "| Notes |\n| | Anything at all |\n| Admin1 |\n| | Table 1: first level | |\n| | ADM1_PCODE | ADM1_EN | ADM0_PCODE |\n| | #adm1+code | #adm1+name | #country+code |\n| | N1 | Upper | XT |\n| Admin2 |\n| | ADM2_PCODE | ADM2_EN | ADM1_PCODE | ADM0_PCODE |\n| | N101 | Aster | N1 | XT |\n| | N201 | Birch | N2 | XT |\n"
	book, err := sheet.OpenBytes("x.md", []byte(md), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	b, defects, err := place.ImportBook("x.md", book, place.Options{Country: "XSF"})
	if err != nil || len(defects) > 0 {
		t.Fatal(err, described(defects))
	}
	if len(b.Areas) != 5 || area(t, b, "N101").Parent != "N1" || area(t, b, "N2").Level != 1 {
		t.Errorf("areas: %+v", b.Areas)
	}
}

func feature(geometry, properties string) string {
	return `{"type":"Feature","geometry":` + geometry + `,"properties":{` + properties + `}}`
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","name":"x","features":[` + strings.Join(features, ",") + `]}`
}

const box = `{"type":"Polygon","coordinates":[[[68,38],[69,38],[69,39],[68,39],[68,38]]]}`

func TestGeoJSONDefects(t *testing.T) {
	t.Parallel()
	base := `"iso3":"XSF","level":1,"name_en":"Upper","pcode":`
	for _, c := range []struct {
		name, geometry string
		polygons       int
		want           []string
	}{
		{"sound", box, 1, nil},
		{"open ring", `{"type":"Polygon","coordinates":[[[68,38],[69,38],[69,39],[68,39]]]}`, 1, []string{"place.ring_open mended x.geojson, features[0].geometry"}},
		{"no area", `{"type":"Polygon","coordinates":[[[68,38],[69,38],[68,38]]]}`, 0, []string{"place.ring_short left_out x.geojson, features[0].geometry", "place.no_geometry left_out x.geojson, features[0].geometry"}},
		{"empty", `{"type":"MultiPolygon","coordinates":[]}`, 0, []string{"place.no_geometry left_out x.geojson, features[0].geometry"}},
		{"bow tie", `{"type":"Polygon","coordinates":[[[68,38],[69,39],[69,38],[68,38.9],[68,38]]]}`, 1, []string{"place.ring_touches kept x.geojson, features[0].geometry"}},
		{"touching itself", `{"type":"Polygon","coordinates":[[[0,0],[2,0],[1,1],[2,2],[0,2],[1,1],[0,0]]]}`, 1, []string{"place.ring_touches kept x.geojson, features[0].geometry"}},
		{"in metres", `{"type":"Polygon","coordinates":[[[500000,4200000],[500100,4200000],[500100,4200100],[500000,4200000]]]}`, 0, []string{"place.position_off_earth left_out x.geojson, features[0].geometry", "place.no_geometry left_out x.geojson, features[0].geometry"}},
		{"a line", `{"type":"LineString","coordinates":[[68,38],[69,38]]}`, 0, []string{"place.bad_geometry left_out x.geojson, features[0].geometry"}},
		{"wrong nesting", `{"type":"Polygon","coordinates":[[68,38],[69,38]]}`, 0, []string{"place.bad_geometry left_out x.geojson, features[0].geometry"}},
		{"none", `null`, 0, nil},
	} {
		b, defects := read(t, "x.geojson", collection(feature(c.geometry, base+`"77"`)), place.Options{})
		if got := described(defects); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: defects %q, want %q", c.name, got, c.want)
		}
		polygons := 0
		if g := area(t, b, "77").Geometry; g != nil {
			polygons = len(g.Polygons)
		}
		if polygons != c.polygons {
			t.Errorf("%s: %d polygons, want %d", c.name, polygons, c.polygons)
		}
	}
}

func TestGeoJSONKeepsWhatCameBeforeABreak(t *testing.T) {
	t.Parallel()
	whole := collection(feature(box, `"iso3":"XSF","level":1,"name_en":"A","pcode":"1"`), `{"type":"Feature","properties":[1]}`, feature(`null`, `"iso3":"XSF","level":1,"name_en":"B","pcode":"2"`))
	b, defects := read(t, "x.geojson", whole, place.Options{})
	if got := described(defects); len(b.Areas) != 3 || !reflect.DeepEqual(got, []string{"place.bad_feature left_out x.geojson, features[1]"}) {
		t.Errorf("%d areas, %q", len(b.Areas), got)
	}
	b, defects = read(t, "x.geojson", whole[:len(whole)-20], place.Options{})
	if got := described(defects); len(b.Areas) != 2 || len(got) != 2 {
		t.Errorf("truncated: %d areas, %q", len(b.Areas), got)
	}
}

func TestFilesOfWhichNothingCanBeUsed(t *testing.T) {
	t.Parallel()
	many := place.Options{Features: place.FeatureLimits{Features: 1}}
	for _, c := range []struct {
		name, text string
		options    place.Options
		want       fault.Code
	}{
		{"x.geojson", `{"type":"Topology","arcs":[]}`, place.Options{}, fault.PlaceNotGeoJSON},
		{"x.geojson", `{"type":`, place.Options{}, fault.PlaceNotGeoJSON},
		{"x.geojson", `{"features":{}}`, place.Options{}, fault.PlaceNotGeoJSON},
		{"x.geojson", collection(feature(box, `"colour":"red"`)), place.Options{}, fault.PlaceUnknownLayout},
		{"x.geojson", collection(feature(box, `"pcode":"1"`), feature(box, `"pcode":"2"`)), many, fault.PlaceTooLarge},
		{"x.geojson", collection(feature(box, `"pcode":"1"`)), place.Options{Features: place.FeatureLimits{Bytes: 40}}, fault.PlaceTooLarge},
		{"x.csv", "a,b\n1,2\n", place.Options{}, fault.PlaceUnknownLayout},
		{"x.csv", "pcode,level,name_en\n", place.Options{}, fault.PlaceNothing},
		{"x.csv", "pcode,level,name_en\n1,1,A\n", place.Options{}, fault.PlaceNoCountry},
	} {
		_, _, err := place.ImportBytes(c.name, []byte(c.text), c.options)
		if fault.CodeOf(err) != c.want {
			t.Errorf("%.60s: %v, want %s", c.text, err, c.want)
		}
	}
}

func TestSitesAndPoints(t *testing.T) {
	t.Parallel()
	known, _ := place.NewRegister(practice(), nil, nil)
	o := place.Options{Country: "XSF", Known: known}
	text := "ssid,name_en,alias,area,lat,lon,accuracy_m,kind,opened_round,status\n" +
		"s1,Old Mill,Mill | Asiob,12301,10.1,20.1,5,village,3,open\n" + // sound
		"s2,New Mill,,,8.5,20.5,,camp,,\n" + // placed by its position
		"s3,Far Camp,,12301,30,40,,camp,,\n" + // outside its unit
		"s4,Turned,,12301,20.2,10.2,,camp,,\n" + // swapped
		"s5,Lost,,nowhere,,,,camp,,\n" + // unknown unit
		"s6,Beside,,12301,10.10001,20.1,,camp,x,\n" + // one metre from s1
		"s1,Again,,,,,,,,\n"
	b, defects := read(t, "s.csv", text, o)
	want := []string{
		"place.outside_area kept s.csv, A4, ssid", "place.position_swapped mended s.csv, A5, ssid", "place.unknown_area kept s.csv, D6, area",
		"place.bad_number left_out s.csv, I7, opened_round", "place.sites_together kept s.csv, A7, ssid", "place.duplicate_site left_out s.csv, row 8",
	}
	if got := described(defects); !reflect.DeepEqual(got, want) {
		t.Errorf("defects\n%q, want\n%q", got, want)
	}
	if len(b.Sites) != 6 || b.Sites[1].Area != "00450" || b.Sites[3].At.Lat != 10.2 || b.Sites[4].Area != "XSF" || len(b.Sites[0].Aliases) != 2 || b.Sites[0].OpenedRound != 3 {
		t.Errorf("sites %+v", b.Sites)
	}
	text = "fmp_id,name_en,pcode,directions,opens_at,closes_at,lat,lon\np1,South Gate,78000,in; out,06:00,18:00:00,8.1,20.1\np2,West Gate,78000,,6 am,,8.1,20.2\n"
	b, defects = read(t, "p.csv", text, o)
	if got := described(defects); !reflect.DeepEqual(got, []string{"place.bad_time left_out p.csv, E3, opens_at"}) {
		t.Errorf("defects %q", got)
	}
	if p := b.Points[0]; p.Area != "78000" || len(p.Directions) != 2 || p.ClosesAt != "18:00" {
		t.Errorf("points %+v", b.Points)
	}
}

// A list of sites that names the units above is enough to begin with.
func TestSitesBringTheirUnitsIntoAnEmptyRegister(t *testing.T) {
	t.Parallel()
	text := "location_ssid,location_name,adm1_pcode,adm1_name,adm2_pcode,adm2_name\ns1,Mill,N1,Upper,N101,Aster\ns2,Ford,N1,Upper,N102,Birch\n"
	b, defects := read(t, "s.csv", text, place.Options{Country: "XSF"})
	if len(defects) > 0 || len(b.Areas) != 4 || area(t, b, "N102").Parent != "N1" || b.Sites[1].Area != "N102" {
		t.Errorf("%+v %q", b, described(defects))
	}
}

// Polygons and boxes that overlap as no country does must not cost more than their size allows.
func TestHostileShapesStayCheap(t *testing.T) {
	t.Parallel()
	var zigzag place.Ring
	for i := range 200_000 {
		zigzag = append(zigzag, place.LatLon{Lat: float64(i%2) * 40, Lon: float64(i) / 5000})
	}
	zigzag = append(zigzag, zigzag[0])
	areas := []place.Area{{Country: "XSF", Code: "z", Level: 1, Geometry: shape(zigzag)}}
	for i := range 20_000 {
		areas = append(areas, place.Area{Country: "XSF", Code: place.Code(fmt.Sprint(i)), Level: 2, Parent: "z", Geometry: shape(square(0, 0, 40))})
	}
	r, _ := place.NewRegister(areas, nil, nil)
	p := place.LatLon{Lat: 20, Lon: 20}
	if n := len(r.Locate(p, "XSF", 2)); n != 20_000 {
		t.Errorf("%d overlapping units", n)
	}
	r.Locate(p, "XSF", 1)
}

func TestPointsAreComparedWithPolygons(t *testing.T) {
	t.Parallel()
	known, _ := place.NewRegister(practice(), nil, nil)
	_, defects := read(t, "x.csv", "iso3,level,pcode,parent_pcode,name_en,lat,lon\nXSF,2,1,78000,Outside,15,25\nXSF,2,2,78000,Turned,20.5,8.5\nXSF,3,3,12301,Inside,10.2,20.2\n", place.Options{Known: known})
	if got, want := described(defects), []string{"place.outside_parent kept x.csv, C2, pcode", "place.position_swapped mended x.csv, C3, pcode"}; !reflect.DeepEqual(got, want) {
		t.Errorf("defects %q, want %q", got, want)
	}
	if n := len(known.Check()); n != 0 {
		t.Errorf("a sound register has %d defects", n)
	}
}

func FuzzImport(f *testing.F) {
	f.Add([]byte(collection(feature(box, `"iso3":"XSF","level":1,"pcode":"1","name_en":"A"`))))
	f.Add([]byte(`{"features":[{"geometry":{"type":"MultiPolygon","coordinates":[[[[1,2],[3,4,5],[1e400,2]]]]},"properties":{"pcode":1.5e3,"iso3":"TJK"}}]}`))
	f.Add([]byte(`{"features":[{"geometry":{"type":"Point","coordinates":[68,38]},"properties":{"ssid":"s","lat":"x"}},`))
	f.Add([]byte(longHeader + "XSF,2,3.505e+06,1.0,A,,1,2,,,9:1,split\n"))
	f.Add([]byte("ADM1_PCODE,ADM0_PCODE,ADM2_PCODE\nA,TJ,\n,TJ,B\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		o := place.Options{Features: place.FeatureLimits{Bytes: 1 << 20}}
		batch, defects, err := place.ImportBytes("x", data, o)
		if err != nil {
			return
		}
		for _, d := range defects {
			_ = d.Error()
		}
		r, problems := place.NewRegister(batch.Areas, batch.Sites, batch.Points)
		for _, d := range problems {
			if d.Code() == fault.PlaceCycle || d.Code() == fault.PlaceUnknownParent {
				t.Fatalf("an imported batch is not sound: %v", d)
			}
		}
		for _, a := range batch.Areas {
			if r.Path(a.Country, a.Code)[0] == "" {
				t.Fatalf("%s hangs in the air", a.Code)
			}
		}
		r.FindByName(place.Query{Name: "A"})
		r.Locate(place.LatLon{Lat: 38, Lon: 68}, "", place.Lowest)
		r.Check()
		if merged, changes := place.Merge(batch, batch); len(changes) > 0 || len(merged.Areas) != len(batch.Areas) {
			t.Fatalf("a batch merged with itself changes: %+v", changes)
		}
	})
}
