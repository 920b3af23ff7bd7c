package place_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"safar/locale"
	"safar/place"
)

// worldList invents a list of the size of the global p-code list: 156 countries, 33,363 units on two levels.
func worldList() []byte {
	var b strings.Builder
	b.WriteString("\ufeffLocation,Admin Level,P-Code,Name,Parent P-Code,Valid from date\n#country+code,#geo+admin_level,#adm+code,#adm+name,#adm+code+parent,#date+start\n")
	syllables := []string{"ba", "dor", "esh", "fil", "gan", "hur", "kul", "mir", "nau", "ost", "par", "rud", "shah", "tem", "vah", "zar"}
	name := func(n int) string {
		return "N" + syllables[n%16] + syllables[n/16%16] + syllables[n/256%16]
	}
	for n := range 33363 {
		c := n % 156
		country := fmt.Sprintf("X%c%c", 'A'+c/26, 'A'+c%26)
		first := n / 156
		if first < 15 {
			fmt.Fprintf(&b, "%s,1,%s%02d,%s,%s,2020-01-31\n", country, country, first, name(n), country)
			continue
		}
		fmt.Fprintf(&b, "%s,2,%s%02d%03d,%s,%s%02d,2020-01-31\n", country, country, first%15, first, name(n), country, first%15)
	}
	return []byte(b.String())
}

func BenchmarkImportWorldList(b *testing.B) {
	data := worldList()
	b.ResetTimer()
	for b.Loop() {
		batch, defects, err := place.ImportBytes("world.csv", data, place.Options{})
		if err != nil || len(defects) > 0 {
			b.Fatal(err, defects)
		}
		r, _ := place.NewRegister(batch.Areas, batch.Sites, batch.Points)
		if n := len(r.Countries()); n != 156 {
			b.Fatal(n, "countries")
		}
	}
}

// blobs invents a grid of 20 x 20 round districts with wavy borders of 100 corners, each overlapping none.
func blobs() []place.Area {
	var out []place.Area
	for n := range 400 {
		lat, lon := float64(n/20), float64(n%20)
		var ring place.Ring
		for i := range 100 {
			angle := float64(i) / 100 * 2 * math.Pi
			radius := 0.45 + 0.04*math.Sin(9*angle)
			ring = append(ring, place.LatLon{Lat: lat + radius*math.Sin(angle), Lon: lon + radius*math.Cos(angle)})
		}
		ring = append(ring, ring[0])
		out = append(out, place.Area{Country: "XSF", Code: place.Code(fmt.Sprintf("D%03d", n)), Level: 1, Names: locale.Text{"en": "District"}, Geometry: shape(ring)})
	}
	return out
}

func scattered(n int) []place.LatLon {
	random := rand.New(rand.NewPCG(1, 2))
	out := make([]place.LatLon, n)
	for i := range out {
		out[i] = place.LatLon{Lat: random.Float64()*20 - 0.5, Lon: random.Float64()*20 - 0.5}
	}
	return out
}

// BenchmarkLocate is 100,000 positions against 400 polygons of 100 corners.
func BenchmarkLocate(b *testing.B) {
	r, _ := place.NewRegister(blobs(), nil, nil)
	points := scattered(100_000)
	b.ResetTimer()
	for b.Loop() {
		found := 0
		for _, p := range points {
			found += len(r.Locate(p, "XSF", 1))
		}
		if found < 50_000 {
			b.Fatal(found)
		}
	}
}

// The index must give what the plain rule gives.
func TestLocateAgreesWithThePlainRule(t *testing.T) {
	t.Parallel()
	areas := blobs()
	r, _ := place.NewRegister(areas, nil, nil)
	for _, p := range scattered(3_000) {
		var want string
		for i := range areas {
			if areas[i].Geometry.Contains(p) {
				want = string(areas[i].Code)
			}
		}
		got := ""
		found := r.Locate(p, "XSF", 1)
		if len(found) > 0 && found[0].Reason == place.Inside {
			got = found[0].ID
		}
		if got != want {
			t.Fatalf("%v lies in %q, want %q", p, got, want)
		}
		for _, m := range found {
			if m.Reason != place.Near {
				continue
			}
			if exact, _ := r.DistanceM("XSF", m.Code(), p); math.Abs(exact-m.DistanceM) > 0.005*exact+1 {
				t.Fatalf("%v is %.1f m from %s, want %.1f", p, m.DistanceM, m.ID, exact)
			}
		}
	}
}

func BenchmarkFindByName(b *testing.B) {
	batch, _, err := place.ImportBytes("world.csv", worldList(), place.Options{})
	if err != nil {
		b.Fatal(err)
	}
	r, _ := place.NewRegister(batch.Areas, nil, nil)
	b.ResetTimer()
	for b.Loop() {
		r.FindByName(place.Query{Name: "Ndoreshfill district", Country: "XAA"})
	}
}
