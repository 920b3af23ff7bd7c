package xpath

import (
	"math"
	"strings"
)

// equatorRadius is the radius of the Earth at the equator in metres, as the clients of ODK use it.
const equatorRadius = 6378100.0

func placeFunctions() []function {
	area := func(r *run, c *call) Value { return NumberValue(enclosedArea(r.points(c.args))) }
	const shapes = "NaN when a point cannot be read."
	return []function{
		{doc: FunctionDoc{Group: "places", Signature: "area(points any) number",
			Text:     "the area in square metres inside a geoshape, or inside the points of a node-set; 0 for fewer than three points. " + shapes,
			Examples: []Example{{"area('0 0;0 1;1 1;1 0;0 0')", "12391256135.81"}, {"area('somewhere')", "NaN"}}},
			apply: area},
		{doc: FunctionDoc{Group: "places", Signature: "enclosed-area(points any) number", Text: "the same as area",
			Examples: []Example{{"enclosed-area('0 0;0 1;1 1;0 0') > 0", "true"}}},
			apply: area},
		{doc: FunctionDoc{Group: "places", Signature: "distance(points any, others any*) number",
			Text:     "the length in metres of the way along all points, of a geotrace, a geoshape, or of several arguments. " + shapes,
			Examples: []Example{{"distance('38.5 68.8', '38.5 68.9')", "8711.9"}, {"distance('somewhere')", "NaN"}}},
			apply: func(r *run, c *call) Value { return NumberValue(wayLength(r.points(c.args))) }},
		{doc: FunctionDoc{Group: "places", Signature: "geofence(point any, shape any) boolean",
			Text:     "whether the point lies inside the geoshape or on its border; false when either cannot be read",
			Examples: []Example{{"geofence(/data/spot, '38 68;38 69;39 69;39 68;38 68')", "true"}, {"geofence('40 68', '38 68;38 69;39 69;38 68')", "false"}}},
			apply: geofence},
	}
}

// coordinate is a point in degrees.
type coordinate struct{ lat, lon float64 }

// points reads all points of the arguments; ok is false when one of them is none.
func (r *run) points(args []expr) (list []coordinate, ok bool) {
	ok = true
	r.each(args, func(v Value) {
		for written := range strings.SplitSeq(strings.TrimSuffix(strings.TrimSpace(v.String()), ";"), ";") {
			p, good := parsePoint(written)
			list, ok = append(list, p), ok && good
			r.spend(1)
		}
	})
	return list, ok
}

// parsePoint reads latitude, longitude and, if given, altitude and accuracy.
func parsePoint(s string) (coordinate, bool) {
	parts := strings.Fields(s)
	if len(parts) < 2 || len(parts) > 4 {
		return coordinate{}, false
	}
	lat, okLat := decimal(parts[0])
	lon, okLon := decimal(parts[1])
	return coordinate{lat, lon}, okLat && okLon && math.Abs(lat) <= 90 && math.Abs(lon) <= 180
}

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }

func hundredths(f float64) float64 { return math.Round(f*100) / 100 }

// enclosedArea sums the strips between each side of the polygon and the equator on a sphere.
func enclosedArea(list []coordinate, ok bool) float64 {
	if !ok {
		return math.NaN()
	}
	if len(list) > 1 && list[0] == list[len(list)-1] {
		list = list[1:]
	}
	if len(list) < 3 {
		return 0
	}
	total := 0.0
	from := list[len(list)-1]
	for _, to := range list {
		total += radians(to.lon-from.lon) * (2 + math.Sin(radians(to.lat)) + math.Sin(radians(from.lat)))
		from = to
	}
	return hundredths(math.Abs(total * equatorRadius * equatorRadius / 2))
}

// wayLength adds great-circle distances (haversine, which stays exact for points close together).
func wayLength(list []coordinate, ok bool) float64 {
	if !ok || len(list) < 2 {
		return math.NaN()
	}
	total := 0.0
	for i := 1; i < len(list); i++ {
		a, b := list[i-1], list[i]
		sinLat, sinLon := math.Sin(radians(b.lat-a.lat)/2), math.Sin(radians(b.lon-a.lon)/2)
		h := sinLat*sinLat + math.Cos(radians(a.lat))*math.Cos(radians(b.lat))*sinLon*sinLon
		total += 2 * equatorRadius * math.Asin(math.Min(1, math.Sqrt(h)))
	}
	return hundredths(total)
}

func geofence(r *run, c *call) Value {
	point, ok := r.points(c.args[:1])
	shape, good := r.points(c.args[1:])
	if !ok || !good || len(point) != 1 || len(shape) < 3 {
		return BoolValue(false)
	}
	return BoolValue(insideShape(point[0], shape))
}

// insideShape counts how often a ray from the point to the east crosses the border.
func insideShape(p coordinate, shape []coordinate) bool {
	inside := false
	a := shape[len(shape)-1]
	for _, b := range shape {
		if onSegment(p, a, b) {
			return true
		}
		if (a.lat > p.lat) != (b.lat > p.lat) && p.lon < (b.lon-a.lon)*(p.lat-a.lat)/(b.lat-a.lat)+a.lon {
			inside = !inside
		}
		a = b
	}
	return inside
}

func onSegment(p, a, b coordinate) bool {
	cross := (b.lon-a.lon)*(p.lat-a.lat) - (b.lat-a.lat)*(p.lon-a.lon)
	return cross == 0 && p.lat >= min(a.lat, b.lat) && p.lat <= max(a.lat, b.lat) &&
		p.lon >= min(a.lon, b.lon) && p.lon <= max(a.lon, b.lon)
}
