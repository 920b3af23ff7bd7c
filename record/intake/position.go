package intake

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"safar/place"
	"safar/sheet"
)

var sexagesimal = regexp.MustCompile(`^(\d{1,3})\s*[°º:\s]\s*(\d{1,2}(?:\.\d+)?)(?:\s*['′:\s]\s*(\d{1,2}(?:\.\d+)?)?\s*(?:["″]|'')?)?\s*['′]?$`)

// parseDegrees reads a coordinate: decimal degrees with point or comma, or degrees, minutes and seconds; with or
// without a letter for the half of the globe.
func parseDegrees(c sheet.Cell) (float64, bool) {
	if c.Kind == sheet.Number {
		f, err := strconv.ParseFloat(c.Raw, 64)
		return f, err == nil && math.Abs(f) <= 180
	}
	if c.Kind != sheet.Text || len(c.Raw) > 64 {
		return 0, false
	}
	s := strings.TrimSpace(strings.Map(plainRune, strings.ReplaceAll(c.Raw, "’", "'")))
	sign := 1.0
	if trimmed := strings.Trim(strings.ToUpper(s), "NSEWСШЮВДЗ "); len(trimmed) < len(s) {
		if strings.ContainsAny(strings.ToUpper(s), "SWЮЗ") {
			sign = -1
		}
		s = trimmed
	}
	if rest, ok := strings.CutPrefix(s, "-"); ok {
		sign, s = -sign, rest
	}
	s = strings.TrimSpace(strings.TrimSuffix(s, "°"))
	if f, err := strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64); err == nil {
		return sign * f, f <= 180
	}
	m := sexagesimal.FindStringSubmatch(s)
	if m == nil {
		return 0, false
	}
	f := toFloat(m[1]) + toFloat(m[2])/60 + toFloat(m[3])/3600
	return sign * f, f <= 180 && toFloat(m[2]) < 60 && toFloat(m[3]) < 60
}

func toFloat(s string) float64 { f, _ := strconv.ParseFloat(s, 64); return f }

// parsePair reads one cell that holds both: "4.69, 31.22", or a point as ODK writes it.
func parsePair(c sheet.Cell) (lat, lon float64, ok bool) {
	s := strings.TrimSpace(strings.Trim(strings.TrimSpace(c.Raw), "()[]"))
	parts := strings.FieldsFunc(s, func(r rune) bool { return r == ',' || r == ';' })
	if len(parts) != 2 {
		parts = strings.Fields(s)
	}
	if len(parts) != 2 && len(parts) != 4 {
		return 0, 0, false
	}
	lat, okLat := parseDegrees(sheet.TextCell(parts[0]))
	lon, okLon := parseDegrees(sheet.TextCell(parts[1]))
	return lat, lon, okLat && okLon
}

// middle is where the positions of a sheet lie: the medians and how far most stray from them, in degrees.
type middle struct {
	lat, lon, spread float64
	known            bool
}

// middleOf finds the middle of at least five positions. The spread is twice the distance that nine of ten keep, 1 degree
// at least, so that a border province does not look lost.
func middleOf(points []place.LatLon) middle {
	if len(points) < 5 {
		return middle{}
	}
	lats, lons := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		lats[i], lons[i] = p.Lat, p.Lon
	}
	slices.Sort(lats)
	slices.Sort(lons)
	m := middle{lat: lats[len(lats)/2], lon: lons[len(lons)/2], known: true}
	away := make([]float64, len(points))
	for i, p := range points {
		away[i] = m.away(p)
	}
	slices.Sort(away)
	m.spread = max(1, 2*away[len(away)*8/10])
	return m
}

func (m middle) away(p place.LatLon) float64 {
	return max(math.Abs(p.Lat-m.lat), math.Abs(p.Lon-m.lon))
}

// swapped says that a position makes sense only with its two numbers changed.
func (m middle) swapped(p place.LatLon) bool {
	turned := place.LatLon{Lat: p.Lon, Lon: p.Lat}
	if math.Abs(p.Lat) > 90 {
		return math.Abs(turned.Lat) <= 90
	}
	return m.known && m.away(p) > m.spread && math.Abs(turned.Lat) <= 90 && m.away(turned) <= m.spread
}
