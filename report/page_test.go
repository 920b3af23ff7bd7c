package report_test

import (
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"safar/disclose"
	"safar/locale"
	"safar/measure"
	"safar/place"
	"safar/release"
	"safar/report"
	"safar/round"
)

var update = flag.Bool("update", false, "write the golden files anew")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs; got\n%s", path, got)
	}
}

// square is an area of one degree with its lower left corner at a position.
func square(lat, lon float64) *place.Geometry {
	at := func(y, x float64) place.LatLon { return place.LatLon{Lat: lat + y, Lon: lon + x} }
	return &place.Geometry{Polygons: []place.Polygon{{{at(0, 0), at(0, 1), at(1, 1), at(1, 0), at(0, 0)}}}}
}

// sample is a round in an invented country of one region with three districts, of which one was not assessed.
func sample(number int, version string, people ...float64) release.Input {
	add := []string{"place"}
	in := release.Input{
		ID: fmt.Sprintf("demo.baseline.r%d.v1", number), CreatedAt: time.Date(2026, time.Month(2*number), 20, 9, 0, 0, 0, time.UTC),
		Operation: round.Operation{Slug: "demo", Title: "Demo <operation>", Country: "XSF", Status: "active"}, Activity: round.Activity{Operation: "demo", ID: "baseline"},
		Round: round.Round{Number: number, Start: fmt.Sprintf("2026-%02d-01", 2*number), End: fmt.Sprintf("2026-%02d-15", 2*number)},
		Title: "Demo, a round", Terms: release.Terms{Licence: "CC BY 4.0", Attribution: "Demo & Sons", Source: "https://example.org"}, Pack: release.PackRef{Tool: "baseline", Version: version},
		Measures: []measure.Measure{
			{ID: "idp.ind", Title: locale.Text{"en": "Displaced people present", "ru": "Присутствующие ВПЛ"}, Fact: "idp", Agg: measure.Sum, Unit: "ind", Kind: "stock", AddOver: add, Definition: locale.Text{"en": "People."}},
			{ID: "locations.assessed", Title: locale.Text{"en": "Places"}, Fact: "visit", Agg: measure.Sum, Unit: "location", Kind: "stock", AddOver: add},
			{ID: "arrivals.ind", Title: locale.Text{"en": "Arrivals"}, Fact: "arrival", Agg: measure.Sum, Unit: "ind", Kind: "flow", AddOver: add},
		},
		Tables: []release.Table{{ID: "figures_adm0", By: []string{"adm0"}}, {ID: "figures_adm1", By: []string{"adm1"}}, {ID: "figures_adm2", By: []string{"adm2"}},
			{ID: "by_reason", Measures: []string{"arrivals.ind"}, By: []string{"reason"}}, {ID: "by_month", Measures: []string{"arrivals.ind"}, By: []string{"month"}}},
		Areas: []release.Area{{Code: "XSF", Name: "Safaria", Level: 0}, {Code: "A", Name: "Upper", Level: 1, Parent: "XSF"}, {Code: "A1", Name: "North <b>", Level: 2, Parent: "A"}, {Code: "A2", Name: "South", Level: 2, Parent: "A"}},
		Places: &release.Places{Areas: []release.PlaceArea{{Code: "XSF", Names: locale.Text{"en": "Safaria"}}, {Code: "A", Level: 1, Parent: "XSF", Names: locale.Text{"en": "Upper"}},
			{Code: "A1", Level: 2, Parent: "A", Names: locale.Text{"en": "North <b>", "ru": "Север"}, Geometry: square(1, 10)},
			{Code: "A2", Level: 2, Parent: "A", Names: locale.Text{"en": "South", "ru": "Юг"}, Geometry: square(0, 10)},
			{Code: "A3", Level: 2, Parent: "A", Names: locale.Text{"en": "East"}, Geometry: square(0, 11)}}},
		Words:  release.Words{Tool: locale.Text{"en": "Baseline"}, Limitations: locale.Text{"en": "Best estimates."}, Labels: release.Labels{"reason": {"flood": {"en": "Floods", "ru": "Наводнение"}}}},
		Policy: disclose.Default(), Records: len(people), Coverage: []round.Coverage{{Targeted: 4, Assessed: len(people), NotVisited: 4 - len(people)}},
	}
	for i, value := range people {
		area := []string{"A1", "A2"}[i%2]
		fact := func(item, unit string, v float64) measure.Fact {
			return measure.Fact{Op: "demo", Activity: "baseline", Round: number, Record: fmt.Sprint(i), Version: 1, Item: item, Adm: [5]string{"XSF", "A", area}, Value: v, Unit: unit, Weight: 1,
				Reason: []string{"flood", ""}[i%2], Date: fmt.Sprintf("2026-%02d-10", 2*number-i%2)}
		}
		in.Facts = append(in.Facts, fact("idp", "ind", value), fact("visit", "location", 1), fact("arrival", "ind", value/2))
	}
	return in
}

func edition(t *testing.T, in release.Input) *report.Edition {
	t.Helper()
	files, err := release.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	e, err := report.Read(release.NewFolder(files, in.CreatedAt), "0123", nil)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func voice(t *testing.T, tag string) locale.Voice {
	t.Helper()
	c, err := report.Messages()
	if err != nil {
		t.Fatal(err)
	}
	return c.In(tag)
}

// outline is what a page says, without its graphics.
func outline(p *report.Page) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	say("# %s\n%s %s\n%s %s", p.Finding, p.Dek, p.Collected, p.Number, p.Counts)
	for _, text := range p.Beside {
		say("- %s", text)
	}
	for _, section := range p.Sections {
		for _, panel := range section {
			say("\n## %s\n%s", panel.Title, panel.Kick)
			for _, x := range panel.Bars {
				say("| %s | %s", x.Label, x.Value)
			}
			for _, x := range panel.Keys {
				say("key %s: %s", x.Class, x.Label)
			}
			for _, table := range []*report.Table{panel.Top, panel.Table} {
				if table != nil {
					say("%s: %v %v", table.Title, table.Head, table.Rows)
				}
			}
		}
	}
	say("\nsure: %q\nnot said: %q", p.Sure, p.NotSaid)
	for _, s := range p.Steps {
		say("step %s %s", s.Number, s.Text)
	}
	for _, f := range p.Files {
		say("file %s: %s", f.Path, f.Label)
	}
	say("%s", p.Cite)
	return b.String()
}

func TestPagesSayWhatTheReleaseHolds(t *testing.T) {
	t.Parallel()
	now, before := edition(t, sample(2, "1", 1200, 340)), edition(t, sample(1, "1", 900))
	for _, tag := range []string{"en", "ru", "ar"} {
		golden(t, "page."+tag+".txt", outline(report.Make(now, []*report.Edition{before}, voice(t, tag))))
	}
}

// TestNoChangeIsComputedAcrossABreak holds for a tool in a new version.
func TestNoChangeIsComputedAcrossABreak(t *testing.T) {
	t.Parallel()
	page := report.Make(edition(t, sample(2, "2", 1200, 340)), []*report.Edition{edition(t, sample(1, "1", 900))}, voice(t, "en"))
	text := outline(page)
	if !strings.Contains(text, "do not compare across the break") || strings.Contains(text, "more than in round") {
		t.Errorf("the break is not named:\n%s", text)
	}
	for _, section := range page.Sections {
		for _, p := range section {
			if p.ID == "rounds" && (!strings.Contains(string(p.Wide), `class="break"`) || strings.Contains(string(p.Wide), "polyline")) {
				t.Errorf("a line crosses the break: %s", p.Wide)
			}
		}
	}
}

// TestReleasesWithoutPlacesHaveAPage: those that were made before names and shapes were kept.
func TestReleasesWithoutPlacesHaveAPage(t *testing.T) {
	t.Parallel()
	in := sample(1, "1", 900, 800)
	in.Places = nil
	page := report.Make(edition(t, in), nil, voice(t, "kk"))
	if page.NoMap == "" || page.Defs != "" || !strings.Contains(outline(page), "North <b>") {
		t.Errorf("page without map:\n%s", outline(page))
	}
}

// TestGraphicsAreWellFormed reads every graphic as XML: names with signs of their own must not break out.
func TestGraphicsAreWellFormed(t *testing.T) {
	t.Parallel()
	page := report.Make(edition(t, sample(2, "1", 1200, 340)), []*report.Edition{edition(t, sample(1, "1", 900))}, voice(t, "en"))
	graphics := []report.SVG{page.Defs}
	for _, section := range page.Sections {
		for _, p := range section {
			graphics = append(graphics, p.Wide, p.Narrow)
			for _, m := range p.Minis {
				graphics = append(graphics, m.Graphic)
			}
			for _, b := range p.Bars {
				graphics = append(graphics, b.Graphic)
			}
		}
	}
	for _, g := range graphics {
		decoder := xml.NewDecoder(strings.NewReader(string(g)))
		for {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%v in %s", err, g)
			}
			if start, ok := token.(xml.StartElement); ok {
				for _, a := range start.Attr {
					if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") || start.Name.Local == "script" || start.Name.Local == "b" {
						t.Errorf("%s has %s", start.Name.Local, a.Name.Local)
					}
				}
			}
		}
	}
	golden(t, "map.svg", string(page.Defs)+"\n"+string(page.Sections[0][0].Wide)+"\n")
}

// TestMovementsAreNotPeople: a page of a flow tool counts movements and compares average days.
func TestMovementsAreNotPeople(t *testing.T) {
	t.Parallel()
	in := sample(1, "1")
	in.Records, in.Words.Limitations, in.Coverage = 4, nil, nil
	in.Measures = []measure.Measure{
		{ID: "movements", Title: locale.Text{"en": "Movements observed"}, Fact: "move", Agg: measure.Sum, Unit: "movement", Kind: "flow", AddOver: []string{"place", "time"}},
		{ID: "movements.per_day", Title: locale.Text{"en": "Movements per day"}, Fact: "move", Agg: "ratio", Denominator: "day", Unit: "movement_per_day", Kind: "flow"},
	}
	in.Tables = []release.Table{{ID: "figures_adm0", By: []string{"adm0"}}, {ID: "by_date", Measures: []string{"movements"}, By: []string{"date"}}, {ID: "by_point", Measures: []string{"movements.per_day"}, By: []string{"point"}}}
	in.Places.Points = []release.PlacePoint{{ID: "P1", Names: locale.Text{"en": "North bridge"}}}
	for i, n := range []float64{30, 50, 10, 20} {
		fact := measure.Fact{Op: "demo", Activity: "baseline", Round: 1, Record: fmt.Sprint(i), Version: 1, Item: "move", Adm: [5]string{"XSF", "A", "A1"}, Point: []string{"P1", "P2"}[i/2],
			Date: fmt.Sprintf("2026-02-%02d", 1+i%2), Value: n, Unit: "movement", Weight: 1}
		day := fact
		day.Item, day.Unit, day.Value = "day", "day", 1
		in.Facts = append(in.Facts, fact, day)
	}
	text := outline(report.Make(edition(t, in), nil, voice(t, "en")))
	golden(t, "page.flow.txt", text)
	if strings.Contains(text, "isplaced") {
		t.Errorf("a page of movements speaks of the displaced:\n%s", text)
	}
}
