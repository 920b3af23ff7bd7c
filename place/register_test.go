package place_test

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"

	"safar/fault"
	"safar/locale"
	"safar/place"
)

// square is a closed ring with its lower left corner at lat, lon.
func square(lat, lon, side float64) place.Ring {
	return place.Ring{{Lat: lat, Lon: lon}, {Lat: lat, Lon: lon + side}, {Lat: lat + side, Lon: lon + side}, {Lat: lat + side, Lon: lon}, {Lat: lat, Lon: lon}}
}

func shape(rings ...place.Ring) *place.Geometry {
	return &place.Geometry{Polygons: []place.Polygon{rings}}
}

// practice is an invented country: codes that do not nest, a district and a town of one name, a level that is skipped.
func practice() []place.Area {
	return []place.Area{
		{Country: "XSF", Code: "77000", Level: 1, Names: locale.Text{"en": "Northvale", "ru": "Нортвейлская область"}, Geometry: shape(square(10, 20, 2)), Codes: map[string]string{"stat": "N-1"}},
		{Country: "XSF", Code: "78000", Level: 1, Names: locale.Text{"en": "Southvale"}, Geometry: shape(square(8, 20, 2))},
		{Country: "XSF", Code: "12301", Level: 2, Parent: "77000", Names: locale.Text{"en": "Isfa", "tg": "ноҳияи Исфа"}, Aliases: []string{"Chorrud"}, Geometry: shape(square(10, 20, 1), square(10.375, 20.375, 0.25))},
		{Country: "XSF", Code: "12302", Level: 2, Parent: "77000", Names: locale.Text{"en": "Isfa"}, Point: &place.LatLon{Lat: 10.5, Lon: 20.5}},
		{Country: "XSF", Code: "00450", Level: 2, Parent: "78000", Names: locale.Text{"en": "Qurghonrud", "ru": "Курганруд"}, Geometry: shape(square(8, 20, 1))},
		{Country: "XSF", Code: "9", Level: 4, Parent: "78000", Names: locale.Text{"en": "Lone Hamlet"}},
	}
}

func register(t *testing.T) *place.Register {
	t.Helper()
	r, defects := place.NewRegister(practice(),
		[]place.Site{{SSID: "s1", Country: "XSF", Area: "12301", Names: locale.Text{"en": "Old Mill"}}, {SSID: "s2", Country: "XSF", Area: "00450", Names: locale.Text{"en": "Old Mill"}}},
		[]place.FlowPoint{{ID: "p1", Country: "XSF", Area: "78000", Names: locale.Text{"en": "South Gate"}}})
	for _, d := range defects {
		t.Errorf("a sound list has a defect: %v", d)
	}
	return r
}

func TestRegisterKnowsTheTree(t *testing.T) {
	t.Parallel()
	r := register(t)
	if got, want := r.Path("XSF", "12301"), (place.Path{"XSF", "77000", "12301"}); got != want {
		t.Errorf("Path = %v, want %v", got, want)
	}
	if got, want := r.Path("XSF", "9"), (place.Path{"XSF", "78000", "", "", "9"}); got != want || got.Deepest() != "9" {
		t.Errorf("Path over skipped levels = %v, want %v", got, want)
	}
	if up := r.Ancestors("XSF", "12301"); len(up) != 2 || up[0].Level != 0 || up[1].Code != "77000" {
		t.Errorf("Ancestors = %v", up)
	}
	if down := r.Children("XSF", "77000"); len(down) != 2 || down[0].Code != "12301" {
		t.Errorf("Children = %v", down)
	}
	if !r.IsWithin("XSF", "9", "78000") || r.IsWithin("XSF", "9", "77000") {
		t.Error("IsWithin follows the parents")
	}
	if len(r.Sites("XSF", "77000")) != 1 || len(r.Sites("XSF", "")) != 2 || len(r.Points("XSF", "78000")) != 1 {
		t.Error("sites and points are listed by unit")
	}
	if n := len(r.Closure()); n != 1+2*2+4*3 {
		t.Errorf("Closure has %d pairs", n)
	}
	if top, ok := r.Area("XSF", "XSF"); !ok || top.Level != 0 {
		t.Error("a country without a unit of its own gets one")
	}
}

func TestRegisterMendsBrokenTrees(t *testing.T) {
	t.Parallel()
	areas := []place.Area{
		{Country: "XSF", Code: "a", Level: 1},
		{Country: "XSF", Code: "b", Level: 2, Parent: "nowhere"},
		{Country: "XSF", Code: "c", Level: 2, Parent: "d"},
		{Country: "XSF", Code: "d", Level: 2, Parent: "c"},
		{Country: "XSF", Code: "e", Level: 1, Parent: "b", Successors: []place.Succession{{Code: "gone", Kind: place.Merged}}},
		{Country: "XSF", Code: "a", Level: 1},
	}
	r, defects := place.NewRegister(areas, []place.Site{{SSID: "s", Country: "XSF", Area: "zz"}, {SSID: "s", Country: "XSF"}}, nil)
	got := map[fault.Code]int{}
	for _, d := range defects {
		got[d.Code()]++
	}
	want := map[fault.Code]int{fault.PlaceUnknownParent: 1, fault.PlaceCycle: 2, fault.PlaceParentLevel: 1, fault.PlaceDuplicateCode: 1, fault.PlaceUnknownSuccessor: 1, fault.PlaceUnknownArea: 1, fault.PlaceDuplicateSite: 1}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("defects %v, want %v", got, want)
	}
	for _, code := range []place.Code{"b", "c", "d", "e"} {
		if p := r.Path("XSF", code); p[0] != "XSF" {
			t.Errorf("%s hangs in the air: %v", code, p)
		}
	}
}

func TestFindByCode(t *testing.T) {
	t.Parallel()
	r := register(t)
	for _, c := range []struct {
		text, id string
		reason   place.Reason
	}{{"12301", "12301", place.ByCode}, {" 12301 ", "12301", place.ByCode}, {"n-1", "77000", place.BySystem}, {"12301.0", "12301", place.ByRepaired}, {"450", "00450", place.ByRepaired},
		{"7.7E+04", "77000", place.ByRepaired}, {"s2", "s2", place.ByCode}, {"p1", "p1", place.ByCode}} {
		got := r.FindByCode("XSF", c.text)
		if len(got) != 1 || got[0].ID != c.id || got[0].Reason != c.reason {
			t.Errorf("FindByCode(%q) = %+v, want %s by %s", c.text, got, c.id, c.reason)
		}
	}
	if got := r.FindByCode("XSF", "1.23e+04"); len(got) != 2 || got[0].Score > 0.5 {
		t.Errorf("a number that two codes round to is not certain: %+v", got)
	}
}

func TestFindByName(t *testing.T) {
	t.Parallel()
	r := register(t)
	for _, c := range []struct {
		query place.Query
		ids   []string // all with the best score
	}{
		{place.Query{Name: "Isfa"}, []string{"12301", "12302"}},
		{place.Query{Name: "Исфа ноҳия"}, []string{"12301", "12302"}},
		{place.Query{Name: "Northvale oblast"}, []string{"77000"}},
		{place.Query{Name: "chorrud"}, []string{"12301"}},
		{place.Query{Name: "Қурғонруд"}, []string{"00450"}},
		{place.Query{Name: "Kurganrood district", Levels: []place.Level{2}}, []string{"00450"}},
		{place.Query{Name: "Old Mill"}, []string{"s1", "s2"}},
		{place.Query{Name: "Old Mill", Within: "77000"}, []string{"s1"}},
		{place.Query{Name: "Old Mill", Parent: "Southvale"}, []string{"s2"}},
		{place.Query{Name: "Old Mill, Southvale"}, []string{"s2"}},
		{place.Query{Name: "South Gate", Kinds: []place.Kind{place.KindPoint}}, []string{"p1"}},
		{place.Query{Name: "Zzyzx"}, nil},
		{place.Query{Name: " - "}, nil},
	} {
		c.query.Country = "XSF"
		var ids []string
		found := r.FindByName(c.query)
		for _, m := range found {
			if m.Score == found[0].Score {
				ids = append(ids, m.ID)
			}
		}
		if !reflect.DeepEqual(ids, c.ids) {
			t.Errorf("FindByName(%+v) = %+v, want %v first", c.query, found, c.ids)
		}
	}
}

func TestLocate(t *testing.T) {
	t.Parallel()
	r := register(t)
	ids := func(lat, lon float64, level place.Level) (out []string) {
		for _, m := range r.Locate(place.LatLon{Lat: lat, Lon: lon}, "XSF", level) {
			out = append(out, m.ID+" "+string(m.Reason))
		}
		return out
	}
	for _, c := range []struct {
		lat, lon float64
		level    place.Level
		want     []string
	}{
		{10.1, 20.1, 2, []string{"12301 inside"}},
		{10.5, 20.5, 2, []string{"12302 near"}},    // in the hole of the district stands the town
		{10.995, 21.01, 2, []string{"12301 near"}}, // about 1.1 km east of the border
		{10.5, 21.5, 2, nil},                       // far from every district
		{10.5, 21.5, place.Lowest, []string{"77000 inside"}},
		{10, 21, 1, []string{"77000 inside"}}, // the shared border belongs to one side only
		{40, 100, 1, nil},
	} {
		if got := ids(c.lat, c.lon, c.level); !reflect.DeepEqual(got, c.want) {
			t.Errorf("Locate(%v, %v, %d) = %v, want %v", c.lat, c.lon, c.level, got, c.want)
		}
	}
}

// Anchors of the methods reference: distances to a polygon computed with s2 and in UTM zone 42N.
func TestDistanceToPolygon(t *testing.T) {
	t.Parallel()
	g := shape(place.Ring{{Lat: 38.50, Lon: 68.70}, {Lat: 38.50, Lon: 68.90}, {Lat: 38.65, Lon: 68.90}, {Lat: 38.65, Lon: 68.70}, {Lat: 38.50, Lon: 68.70}})
	for _, c := range []struct{ lat, lon, want float64 }{
		{38.56, 68.80, 0}, {38.56, 68.905, 434.75}, {38.56, 68.95, 4347.48}, {38.655, 68.69, 1031.11}, {68.80, 38.56, 3809102}, {0, 0, 8171059},
	} {
		if got := g.DistanceM(place.LatLon{Lat: c.lat, Lon: c.lon}); math.Abs(got-c.want) > 0.005*c.want {
			t.Errorf("distance of %v, %v = %.2f m, want %.2f", c.lat, c.lon, got, c.want)
		}
	}
}

func TestAreasAndGeometryRoundTripAsJSON(t *testing.T) {
	t.Parallel()
	for _, a := range practice() {
		text, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var back place.Area
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if !reflect.DeepEqual(a, back) {
			t.Errorf("%s came back as %+v", text, back)
		}
	}
	two := place.Geometry{Polygons: []place.Polygon{{square(1, 2, 0.5)}, {square(3, 4, 0.5)}}}
	text, _ := json.Marshal(two)
	var back place.Geometry
	if err := json.Unmarshal(text, &back); err != nil || len(back.Polygons) != 2 || back.Vertices() != 10 {
		t.Errorf("%s came back as %+v (%v)", text, back, err)
	}
}
