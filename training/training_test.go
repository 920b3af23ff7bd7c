package training_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"

	"safar/dictionary"
	"safar/fault"
	"safar/form"
	"safar/place"
	"safar/toolbox"
	"safar/training"
)

var tools = sync.OnceValues(func() (*toolbox.Toolbox, *dictionary.Dictionary) {
	box, err := toolbox.Default()
	if err != nil {
		panic(err)
	}
	dict, err := dictionary.Default()
	if err != nil {
		panic(err)
	}
	return box, dict
})

func generate(t testing.TB, o training.Options) training.Country {
	t.Helper()
	box, dict := tools()
	c, err := training.Generate(o, box, dict)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var small = sync.OnceValues(func() (training.Country, error) {
	box, dict := tools()
	return training.Generate(training.Small(), box, dict)
})

func smallCountry(t testing.TB) training.Country {
	t.Helper()
	c, err := small()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// hash is one hash over all that a country gives away.
func hash(c training.Country) string {
	h := sha256.New()
	fmt.Fprintln(h, c.Operation, c.Rounds)
	for _, a := range c.Places.Areas {
		shape, _ := a.Geometry.MarshalJSON()
		fmt.Fprintln(h, a.Code, a.Parent, a.Level, a.Names, string(shape))
	}
	for _, s := range c.Places.Sites {
		fmt.Fprintln(h, s.SSID, s.Names, *s.At)
	}
	for _, p := range c.Places.Points {
		fmt.Fprintln(h, p.ID, p.Names, *p.At)
	}
	for _, s := range c.Submissions {
		fmt.Fprintln(h, s.Instance, s.At, s.Careless)
		h.Write(s.XML)
		for _, a := range s.Attachments {
			h.Write(a.Bytes)
		}
	}
	fmt.Fprintln(h, c.Truth)
	return hex.EncodeToString(h.Sum(nil))
}

func TestTheSameOptionsGiveTheSameBytes(t *testing.T) {
	t.Parallel()
	first := smallCountry(t)
	if again := generate(t, training.Small()); hash(first) != hash(again) {
		t.Error("two runs with the same options differ")
	}
	o := training.Small()
	o.Seed = 2
	if hash(first) == hash(generate(t, o)) {
		t.Error("another seed gives the same country")
	}
}

// TestSummary holds the size and the truth of the small country in a file that people read. Run with SAFAR_GOLDEN=write
// after a change that is meant.
func TestSummary(t *testing.T) {
	t.Parallel()
	c := smallCountry(t)
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: %d areas, %d sites, %d points, %d submissions\n\n", c.Operation.Title, len(c.Places.Areas), len(c.Places.Sites), len(c.Places.Points), len(c.Submissions))
	fmt.Fprintln(&b, "round adm1   idp_hh idp_ind returnee_hh returnee_ind arrivals departures returns locations")
	for _, s := range c.Truth.Stocks {
		fmt.Fprintf(&b, "%5d %s %8d %7d %11d %12d %8d %10d %7d %9d\n", s.Round, s.Adm1, s.IDP.HH, s.IDP.Ind, s.Returnee.HH, s.Returnee.Ind, s.Arrivals.Ind, s.Departures.Ind, s.Returns.Ind, s.Locations)
	}
	movements := map[string][2]int{}
	for _, m := range c.Truth.Movements {
		key := fmt.Sprintf("%5d %s", m.Round, m.Point)
		movements[key] = [2]int{movements[key][0] + m.Movements, movements[key][1] + m.Groups}
	}
	fmt.Fprintln(&b, "\nround point   movements groups")
	for _, p := range c.Places.Points {
		for r := 1; r <= 2; r++ {
			key := fmt.Sprintf("%5d %s", r, p.ID)
			fmt.Fprintf(&b, "%s %9d %6d\n", key, movements[key][0], movements[key][1])
		}
	}
	fmt.Fprintln(&b, "\ndefects")
	for _, d := range c.Truth.Defects {
		fmt.Fprintf(&b, "%d %-27s %-15s %-13s %s: %q is %q, %s\n", d.Round, d.Kind, d.Check, d.Unit, d.Question, d.Sent, d.True, d.Mend)
	}
	fmt.Fprintf(&b, "\nhash %s\n", hash(c))
	golden := filepath.Join("testdata", "small.txt")
	if os.Getenv("SAFAR_GOLDEN") == "write" {
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the small country changed (a changed pack does that too); after a look run with SAFAR_GOLDEN=write. Got\n%s", b.String())
	}
}

func TestPolygonsTileTheirParents(t *testing.T) {
	t.Parallel()
	c := smallCountry(t)
	reg, defects := place.NewRegister(c.Places.Areas, c.Places.Sites, c.Places.Points)
	for _, d := range append(defects, reg.Check()...) {
		t.Errorf("defect: %v", d)
	}
	country, _ := reg.Area(training.CountryCode, training.CountryCode)
	box, inside := country.Geometry.Bounds(), 0
	for i := range 4000 {
		p := place.LatLon{
			Lat: box.MinLat + (box.MaxLat-box.MinLat)*(float64(i%63)+0.31)/63,
			Lon: box.MinLon + (box.MaxLon-box.MinLon)*(float64(i/63)+0.17)/63.5,
		}
		land := country.Geometry.Contains(p)
		if land {
			inside++
		}
		parent := place.Code(training.CountryCode)
		for level := place.Level(1); level <= 3; level++ {
			var holders []place.Area
			for _, a := range reg.Areas(training.CountryCode, level) {
				if a.Geometry.Contains(p) {
					holders = append(holders, a)
				}
			}
			if land != (len(holders) == 1) || len(holders) > 1 {
				t.Fatalf("%v lies in the country: %v, and in %d units of level %d", p, land, len(holders), level)
			}
			if land && holders[0].Parent != parent {
				t.Fatalf("%v: %s is not in %s", p, holders[0].Code, parent)
			}
			if land {
				parent = holders[0].Code
			}
		}
	}
	if inside < 1000 {
		t.Errorf("only %d of 4000 positions lie in the country", inside)
	}
}

func TestEveryBorderIsOneLine(t *testing.T) {
	t.Parallel()
	c := generate(t, training.Options{Seed: 7, Settlements: 200, Points: 2, Rounds: 1, Days: 1, Groups: 1})
	for _, a := range c.Places.Areas {
		for _, polygon := range a.Geometry.Polygons {
			for _, ring := range polygon {
				seen := map[place.LatLon]bool{}
				for _, p := range ring[1:] {
					if seen[p] {
						t.Errorf("%s: the border meets itself at %v", a.Code, p)
					}
					seen[p] = true
				}
				if ring[0] != ring[len(ring)-1] {
					t.Errorf("%s: a border is not closed", a.Code)
				}
			}
		}
	}
}

func TestNamesStandInTwoScripts(t *testing.T) {
	t.Parallel()
	c := smallCountry(t)
	check := func(id string, names map[string]string) {
		if !in(names["en"], unicode.Latin) || !in(names["ru"], unicode.Cyrillic) || !in(names["tg"], unicode.Cyrillic) || !in(names["kk"], unicode.Cyrillic) {
			t.Errorf("%s: names %v", id, names)
		}
	}
	for _, a := range c.Places.Areas {
		check(string(a.Code), a.Names)
	}
	for _, s := range c.Places.Sites {
		check(s.SSID, s.Names)
	}
	for _, p := range c.Places.Points {
		check(p.ID, p.Names)
	}
}

// in says whether all letters of a text belong to one script.
func in(text string, script *unicode.RangeTable) bool {
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			if !unicode.Is(script, r) {
				return false
			}
			letters++
		}
	}
	return letters > 0
}

func TestEverythingSaysThatItIsInvented(t *testing.T) {
	t.Parallel()
	c := smallCountry(t)
	if !strings.Contains(c.Operation.Title, "invented") || !strings.Contains(c.Operation.Slug, "practice") {
		t.Errorf("operation %+v", c.Operation)
	}
	for _, a := range c.Places.Areas {
		if a.Level == 0 && (!strings.Contains(a.Names["en"], "practice") || a.Code != "XSF") {
			t.Errorf("country %v", a.Names)
		}
	}
	for _, s := range c.Submissions {
		if !bytes.Contains(s.XML, []byte(training.Remark)) || !bytes.Contains(s.XML, []byte("PRACTICE-")) || !bytes.Contains(s.XML, []byte("Practice R")) {
			t.Fatalf("a submission does not say that it is practice:\n%s", s.XML)
		}
	}
	for _, r := range c.Rounds {
		if !strings.Contains(r.Label, "Practice") {
			t.Errorf("round %+v", r)
		}
	}
}

func TestSubmissionsAreInOrderAndWhole(t *testing.T) {
	t.Parallel()
	c := smallCountry(t)
	seen, careless := map[string]string{}, map[string]bool{}
	var before time.Time
	for _, s := range c.Submissions {
		id, err := form.IdentifyXML(s.XML)
		if err != nil || id.FormID != s.Form || id.Version != s.FormVersion || id.InstanceID != s.Instance {
			t.Fatalf("identity %+v, %v of %+v", id, err, s.Instance)
		}
		if s.At.Before(before) {
			t.Errorf("%s is sent before the one in front of it", s.Instance)
		}
		if first, twice := seen[s.Instance]; twice && s.Careless != training.Conflict {
			t.Errorf("instance %s twice: %q, %q", s.Instance, first, s.Careless)
		}
		before, seen[s.Instance] = s.At, s.Careless
		careless[s.Instance+s.Careless] = true
		for _, a := range s.Attachments {
			if !bytes.Contains(s.XML, []byte(">"+a.Name+"<")) {
				t.Errorf("%s is not named in the submission", a.Name)
			}
		}
	}
	kinds := map[string]int{}
	for _, d := range c.Truth.Defects {
		kinds[d.Kind]++
		if !careless[d.Instance+d.Kind] {
			t.Errorf("the defect %+v has no submission", d)
		}
	}
	for _, kind := range training.Kinds() {
		if kinds[kind] == 0 {
			t.Errorf("no defect of kind %s", kind)
		}
	}
}

func TestOptionsAreBounded(t *testing.T) {
	t.Parallel()
	box, dict := tools()
	for _, o := range []training.Options{{Settlements: 3}, {Settlements: 20_001}, {Points: -1}, {Rounds: 13}, {Days: 46}, {Groups: 501}, {Start: "2 March"}} {
		if _, err := training.Generate(o, box, dict); fault.CodeOf(err) != fault.TrainingOption {
			t.Errorf("%+v: %v", o, err)
		}
	}
	for _, o := range []training.Options{{Seed: 3, Settlements: 4, Points: 1, Rounds: 1, Days: 1, Groups: 1}, {Seed: 4, Settlements: 5, Points: 9, Rounds: 3, Days: 2, Groups: 1, Start: "2025-10-31"}} {
		if c := generate(t, o); len(c.Submissions) == 0 {
			t.Errorf("%+v: nothing was sent", o)
		}
	}
}

func BenchmarkGenerate(b *testing.B) {
	box, dict := tools()
	sent := 0
	for b.Loop() {
		c, err := training.Generate(training.Small(), box, dict)
		if err != nil {
			b.Fatal(err)
		}
		sent += len(c.Submissions)
	}
	b.ReportMetric(float64(sent)/b.Elapsed().Seconds(), "submissions/s")
}
