package release_test

import (
	"encoding/json"
	"testing"
	"testing/fstest"

	"safar/locale"
	"safar/place"
	"safar/release"
)

// TestNeighboursKeepTouching thins two squares that share a crooked border.
func TestNeighboursKeepTouching(t *testing.T) {
	t.Parallel()
	at := func(lon, lat float64) place.LatLon { return place.LatLon{Lat: lat, Lon: lon} }
	left := &place.Geometry{Polygons: []place.Polygon{{{at(0, 0), at(1, 0), at(1.01, 0.3), at(1.2, 0.5), at(1, 1), at(0, 1), at(0, 0.5), at(0, 0)}}}}
	right := &place.Geometry{Polygons: []place.Polygon{{{at(1, 1), at(1.2, 0.5), at(1.01, 0.3), at(1, 0), at(2, 0), at(2, 1), at(1, 1)}}}}
	thin := release.Simplify([]*place.Geometry{left, nil, right}, 0.12)
	if thin[1] != nil {
		t.Error("what has no shape gets none")
	}
	shared := map[place.LatLon]bool{}
	for _, p := range thin[0].Polygons[0][0] {
		shared[p] = true
	}
	if shared[at(1.01, 0.3)] || shared[at(0, 0.5)] {
		t.Errorf("positions within the tolerance stay: %v", thin[0].Polygons)
	}
	for _, p := range []place.LatLon{at(1, 0), at(1.2, 0.5), at(1, 1)} {
		if !shared[p] {
			t.Errorf("%v is lost on the left", p)
		}
	}
	for _, p := range thin[2].Polygons[0][0] {
		if p.Lon < 1.5 && !shared[p] {
			t.Errorf("%v stands on one side of the shared border only", p)
		}
	}
}

func TestPlacesAndWordsAreReadBack(t *testing.T) {
	t.Parallel()
	in := sample()
	if _, there := build(t, in)[release.PlacesPath]; there {
		t.Error("a snapshot without places makes no file of places")
	}
	in.Places = &release.Places{Areas: []release.PlaceArea{{Code: "A", Level: 1, Parent: "XSF", Names: locale.Text{"en": "Upper", "ru": "Верхний"}}}}
	in.Words = release.Words{Labels: release.Labels{"reason": {"flood": {"en": "Floods", "ru": "Наводнение"}}}}
	files := build(t, in)
	folder := fstest.MapFS{}
	for path, text := range files {
		folder[path] = &fstest.MapFile{Data: []byte(text)}
	}
	places, err := release.ReadPlaces(folder)
	if err != nil || len(places.Areas) != 1 || places.Areas[0].Names["ru"] != "Верхний" {
		t.Errorf("places: %v %v", places, err)
	}
	words, err := release.ReadWords(folder)
	if err != nil || words.Measures["idp.ind"].Title.In("en") != "IDPs" || words.Labels["reason"]["flood"].In("ru") != "Наводнение" || words.Records != 3 {
		t.Errorf("words: %v %v", words, err)
	}
	var m release.Manifest
	if err := json.Unmarshal([]byte(files[release.ManifestPath]), &m); err != nil {
		t.Fatal(err)
	}
	if _, problems, err := release.Verify(folder); err != nil || len(problems) > 0 {
		t.Errorf("verify: %v %v", problems, err)
	}
}
