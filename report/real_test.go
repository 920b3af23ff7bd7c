package report_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"safar/place"
	"safar/release"
	"safar/report"
)

// TestRealBordersStaySmall draws real borders where they are at hand: a page with maps must stay light for a phone.
func TestRealBordersStaySmall(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"kaz_adm2", "mwi_adm2"} {
		shapes := realShapes(t, filepath.Join("..", "..", "shared", "data", "admin", name+".geojson"))
		box := (&place.Geometry{Polygons: polygons(shapes)}).Bounds()
		thin := release.Simplify(shapes, max(box.MaxLat-box.MinLat, box.MaxLon-box.MinLon)/1600)
		in := sample(1, "1")
		in.Records, in.Places = 1, &release.Places{Areas: []release.PlaceArea{{Code: "XSF"}}}
		for i, shape := range thin {
			code := fmt.Sprint("B", i)
			in.Places.Areas = append(in.Places.Areas, release.PlaceArea{Code: code, Level: 2, Parent: "A", Geometry: shape})
			in.Areas = append(in.Areas, release.Area{Code: code, Name: code, Level: 2, Parent: "A"})
			fact := sample(1, "1", float64(100+i*37%900)).Facts[:2]
			for _, f := range fact {
				f.Adm[2], f.Record = code, code
				in.Facts = append(in.Facts, f)
			}
		}
		page := report.Make(edition(t, in), nil, voice(t, "en"))
		before, after := 0, 0
		for i := range shapes {
			before += shapes[i].Vertices()
			if thin[i] != nil {
				after += thin[i].Vertices()
			}
		}
		size := len(page.Defs) + len(page.Sections[0][0].Wide)
		t.Logf("%s: %d areas, %d positions thinned to %d, %d kB", name, len(shapes), before, after, size/1000)
		if size > 250_000 || !strings.Contains(string(page.Sections[0][0].Wide), "bubble") {
			t.Errorf("%s: the map takes %d bytes", name, size)
		}
		if *update {
			_ = os.WriteFile(filepath.Join(os.TempDir(), "safar-"+name+".html"), []byte(string(page.Defs)+string(page.Sections[0][0].Wide)+string(page.Sections[1][0].Minis[0].Graphic)), 0o644)
		}
	}
}

func polygons(shapes []*place.Geometry) (all []place.Polygon) {
	for _, g := range shapes {
		all = append(all, g.Polygons...)
	}
	return all
}

func realShapes(t *testing.T, path string) (shapes []*place.Geometry) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Skip("the real borders are not here")
	}
	var file struct {
		Features []struct {
			Geometry *place.Geometry `json:"geometry"`
		} `json:"features"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	for _, f := range file.Features {
		shapes = append(shapes, f.Geometry)
	}
	return shapes
}
