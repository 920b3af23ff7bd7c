package place

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
)

// Bounds on one GeoJSON geometry.
const (
	maxVertices = 4_000_000 // the most detailed national borders have some hundred thousand
	maxRings    = 200_000
)

var errShape = errors.New("coordinates are not nested as GeoJSON wants them")

// shape is a GeoJSON geometry as read: polygons, or positions for a Point or MultiPoint.
type shape struct {
	kind     string
	polygons []Polygon
	points   []LatLon
}

// readShape reads a GeoJSON geometry object. It returns an error for other kinds than points and polygons.
func readShape(data []byte) (shape, error) {
	var head struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if err := json.Unmarshal(data, &head); err != nil {
		return shape{}, fmt.Errorf("place: reading a geometry: %w", err)
	}
	s := shape{kind: head.Type}
	c := coordinates{text: head.Coordinates}
	switch head.Type {
	case "Polygon":
		s.polygons = []Polygon{c.polygon()}
	case "MultiPolygon":
		c.list(func() { s.polygons = append(s.polygons, c.polygon()) })
	case "Point":
		s.points = []LatLon{c.position()}
	case "MultiPoint":
		s.points = c.ring()
	default:
		return s, fmt.Errorf("place: geometry of kind %q is neither a point nor a polygon", head.Type)
	}
	if c.err == nil && c.skip() != 0 {
		c.err = errShape
	}
	return s, c.err
}

// coordinates reads nested GeoJSON positions. The text is already valid JSON, so only the nesting is checked here;
// encoding/json into slices would cost ten times as much on a national border.
type coordinates struct {
	text     []byte
	at       int
	vertices int
	rings    int
	err      error
}

// skip passes white space and gives the next byte, 0 at the end.
func (c *coordinates) skip() byte {
	for c.at < len(c.text) {
		switch b := c.text[c.at]; b {
		case ' ', '\t', '\n', '\r':
			c.at++
		default:
			return b
		}
	}
	return 0
}

func (c *coordinates) take(b byte) bool {
	if c.err == nil && c.skip() == b {
		c.at++
		return true
	}
	return false
}

func (c *coordinates) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// list reads an array and calls each for every element.
func (c *coordinates) list(each func()) {
	if !c.take('[') {
		c.fail(errShape)
		return
	}
	if c.take(']') {
		return
	}
	for c.err == nil {
		each()
		if c.take(']') {
			return
		}
		if !c.take(',') {
			c.fail(errShape)
		}
	}
}

func (c *coordinates) polygon() Polygon {
	var p Polygon
	c.list(func() { p = append(p, c.ring()) })
	return p
}

func (c *coordinates) ring() Ring {
	if c.rings++; c.rings > maxRings {
		c.fail(fmt.Errorf("place: a geometry has more than %d rings", maxRings))
	}
	var r Ring
	c.list(func() { r = append(r, c.position()) })
	return r
}

// position reads [lon, lat] and passes over a height.
func (c *coordinates) position() LatLon {
	if c.vertices++; c.vertices > maxVertices {
		c.fail(fmt.Errorf("place: a geometry has more than %d positions", maxVertices))
	}
	var p LatLon
	n := 0
	c.list(func() {
		v := c.number()
		switch n {
		case 0:
			p.Lon = round7(v)
		case 1:
			p.Lat = round7(v)
		}
		n++
	})
	if n < 2 {
		c.fail(errShape)
	}
	return p
}

func (c *coordinates) number() float64 {
	c.skip()
	start := c.at
	for c.at < len(c.text) {
		if b := c.text[c.at]; b == ',' || b == ']' || b <= ' ' {
			break
		}
		c.at++
	}
	v, err := strconv.ParseFloat(string(c.text[start:c.at]), 64)
	if err != nil {
		c.fail(errShape)
	}
	return v
}
