package place

import "math"

// EarthRadiusM is the mean radius of the earth in metres (IUGG R1). Distances on it are within 0.5 % of the geodesic.
const EarthRadiusM = 6371008.8

const radians = math.Pi / 180

// DistanceM is the great-circle distance between a and b in metres, by the haversine formula.
func DistanceM(a, b LatLon) float64 {
	dLat, dLon := (b.Lat-a.Lat)*radians/2, (b.Lon-a.Lon)*radians/2
	s, t := math.Sin(dLat), math.Sin(dLon)
	h := s*s + math.Cos(a.Lat*radians)*math.Cos(b.Lat*radians)*t*t
	return 2 * EarthRadiusM * math.Asin(math.Sqrt(min(1, h)))
}

// AreaKM2 is the area of the geometry on the sphere in square kilometres: outer rings less holes.
func (g *Geometry) AreaKM2() float64 {
	total := 0.0
	for _, polygon := range g.Polygons {
		for i, ring := range polygon {
			if area := math.Abs(ringArea(ring)); i == 0 {
				total += area
			} else {
				total -= area
			}
		}
	}
	return total / 1e6
}

// ringArea is the signed area of a ring in square metres: the integral of sin(latitude) along it.
func ringArea(ring Ring) float64 {
	sum := 0.0
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		sum += (b.Lon - a.Lon) * radians * (math.Sin(a.Lat*radians) + math.Sin(b.Lat*radians))
	}
	return sum / 2 * EarthRadiusM * EarthRadiusM
}

// DistanceM is 0 for a position inside the geometry, else the distance in metres to its nearest border. It looks at
// every edge; the edges count as great-circle arcs.
func (g *Geometry) DistanceM(p LatLon) float64 {
	if g.Contains(p) {
		return 0
	}
	best := math.Inf(1)
	at := unit(p)
	for ring := range g.rings() {
		for i := 1; i < len(ring); i++ {
			best = min(best, arcDistance(at, unit(ring[i-1]), unit(ring[i])))
		}
	}
	return best * EarthRadiusM
}

type vector struct{ x, y, z float64 }

func unit(p LatLon) vector {
	lat, lon := p.Lat*radians, p.Lon*radians
	c := math.Cos(lat)
	return vector{c * math.Cos(lon), c * math.Sin(lon), math.Sin(lat)}
}

func (a vector) dot(b vector) float64 { return a.x*b.x + a.y*b.y + a.z*b.z }

func (a vector) cross(b vector) vector {
	return vector{a.y*b.z - a.z*b.y, a.z*b.x - a.x*b.z, a.x*b.y - a.y*b.x}
}

func (a vector) length() float64 { return math.Sqrt(a.dot(a)) }

// angle between two unit vectors, exact for small and large angles alike.
func (a vector) angle(b vector) float64 { return math.Atan2(a.cross(b).length(), a.dot(b)) }

// arcDistance is the angle in radians from p to the arc a-b.
func arcDistance(p, a, b vector) float64 {
	n := a.cross(b)
	if l := n.length(); l > 1e-15 && n.cross(a).dot(p) > 0 && b.cross(n).dot(p) > 0 {
		return math.Abs(math.Atan2(n.dot(p)/l, math.Sqrt(max(0, 1-n.dot(p)*n.dot(p)/(l*l)))))
	}
	return min(p.angle(a), p.angle(b))
}
