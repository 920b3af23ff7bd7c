package workflow

import (
	"context"
	"encoding/json"
	"math"
	"strconv"

	"safar/access"
	"safar/fault"
	"safar/locale"
	"safar/place"
)

// AreaMap is one level of a country's areas, drawn for a screen.
type AreaMap struct {
	Country  string        `json:"country"`
	Level    int           `json:"level"`
	Levels   []string      `json:"levels"` // adm0, adm1, ... as far as there are areas
	Features []AreaFeature `json:"features"`
}

// AreaFeature is one area.
type AreaFeature struct {
	Code     string      `json:"code"`
	Name     locale.Text `json:"name"`
	Parent   string      `json:"parent"`
	Level    int         `json:"level"`
	Point    *[2]float64 `json:"point"` // latitude, longitude; null when nothing is known
	Geometry *Shape      `json:"geometry,omitempty"`
}

// Shape is a GeoJSON MultiPolygon for the screen: longitude first.
type Shape struct {
	Type        string           `json:"type"`
	Coordinates [][][][2]float64 `json:"coordinates"`
}

// AreaMapJSON gives one level of an operation's areas as JSON, with a tag that changes when the places do. Borders are
// drawn as exactly as a screen shows them; neighbours keep the same border.
func (w *Workflow) AreaMapJSON(ctx context.Context, actor access.Actor, operation string, level int) (data []byte, tag string, err error) {
	op, err := w.FindOperation(ctx, actor, operation)
	if err != nil {
		return nil, "", err
	}
	if level < 0 || level > int(place.MaxLevel) {
		return nil, "", fault.New(fault.WorkspaceParameter, "name", "level", "value", strconv.Itoa(level), "wanted", "0 to 4")
	}
	register, err := w.register(ctx, op.Country)
	if err != nil {
		return nil, "", err
	}
	w.drawing.Lock()
	defer w.drawing.Unlock() // a map is drawn once for all who ask at the same time
	known := w.maps[op.Country]
	if known == nil || known.register != register {
		known = &countryMaps{register: register, levels: map[int]drawnMap{}}
		w.maps[op.Country] = known
	}
	if drawn, ok := known.levels[level]; ok {
		return drawn.data, drawn.tag, nil
	}
	drawn, err := drawLevel(register, op.Country, level)
	if err == nil {
		known.levels[level] = drawn
	}
	return drawn.data, drawn.tag, err
}

// countryMaps are the maps of a country, for the places as they stood when the register was made.
type countryMaps struct {
	register *place.Register
	levels   map[int]drawnMap
}

type drawnMap struct {
	data []byte
	tag  string
}

func drawLevel(register *place.Register, country string, level int) (drawnMap, error) {
	m := AreaMap{Country: country, Level: level, Levels: []string{}, Features: []AreaFeature{}}
	for l := place.Level(0); l <= place.MaxLevel; l++ {
		if len(register.Areas(country, l)) > 0 {
			m.Levels = append(m.Levels, "adm"+strconv.Itoa(int(l)))
		}
	}
	areas := register.Areas(country, place.Level(level))
	g := gridOf(areas, level)
	for i := range areas {
		m.Features = append(m.Features, g.feature(&areas[i]))
	}
	data, err := json.Marshal(m)
	if err != nil {
		return drawnMap{}, fault.Internalf(err, "drawing the areas of %s", country)
	}
	return drawnMap{data, `"` + md5Hex(data) + `"`}, nil
}

// grid is the raster that positions are moved to: every border moves the same way for both neighbours.
type grid struct {
	lat, lon float64 // its origin
	step     float64 // degrees
	digits   float64 // positions are written in multiples of 1/digits degree
}

// gridOf takes a thousandth of the country's extent, finer for lower levels, which are looked at closer.
func gridOf(areas []place.Area, level int) grid {
	box := place.Box{MinLat: 90, MinLon: 180, MaxLat: -90, MaxLon: -180}
	for i := range areas {
		if areas[i].Geometry == nil {
			continue
		}
		b := areas[i].Geometry.Bounds()
		box.MinLat, box.MinLon = math.Min(box.MinLat, b.MinLat), math.Min(box.MinLon, b.MinLon)
		box.MaxLat, box.MaxLon = math.Max(box.MaxLat, b.MaxLat), math.Max(box.MaxLon, b.MaxLon)
	}
	extent := math.Max(box.MaxLat-box.MinLat, box.MaxLon-box.MinLon)
	if extent <= 0 {
		extent = 1
	}
	step := extent / []float64{1000, 1500, 2500, 4000, 6000}[level]
	return grid{box.MinLat, box.MinLon, step, math.Pow(10, math.Ceil(-math.Log10(step))+1)}
}

func (g grid) feature(a *place.Area) AreaFeature {
	f := AreaFeature{Code: string(a.Code), Name: a.Names, Parent: string(a.Parent), Level: int(a.Level)}
	if f.Name == nil {
		f.Name = locale.Text{"en": string(a.Code)}
	}
	f.Geometry = g.shape(a.Geometry)
	switch {
	case a.Point != nil:
		f.Point = &[2]float64{a.Point.Lat, a.Point.Lon}
	case a.Geometry != nil:
		f.Point = middle(a.Geometry)
	}
	return f
}

// shape draws a geometry on the grid; nil when nothing of it is left to see.
func (g grid) shape(geometry *place.Geometry) *Shape {
	if geometry == nil {
		return nil
	}
	s := &Shape{Type: "MultiPolygon", Coordinates: [][][][2]float64{}}
	for _, polygon := range geometry.Polygons {
		var rings [][][2]float64
		for i, ring := range polygon {
			drawn := g.ring(ring)
			if drawn == nil && i == 0 {
				break
			}
			if drawn != nil {
				rings = append(rings, drawn)
			}
		}
		if len(rings) > 0 {
			s.Coordinates = append(s.Coordinates, rings)
		}
	}
	if len(s.Coordinates) == 0 {
		return nil
	}
	return s
}

// ring moves a ring to the grid, leaves repeated positions out, and closes it; nil when it has no extent there.
func (g grid) ring(ring place.Ring) [][2]float64 {
	var cells [][2]int64
	for _, p := range ring {
		cell := [2]int64{int64(math.Round((p.Lon - g.lon) / g.step)), int64(math.Round((p.Lat - g.lat) / g.step))}
		n := len(cells)
		if n > 0 && cells[n-1] == cell {
			continue
		}
		if n > 1 && cells[n-2] == cell { // there and back again
			cells = cells[:n-1]
			continue
		}
		cells = append(cells, cell)
	}
	if n := len(cells); n > 1 && cells[0] == cells[n-1] {
		cells = cells[:n-1]
	}
	if len(cells) < 3 {
		return nil
	}
	out := make([][2]float64, 0, len(cells)+1)
	for _, c := range append(cells, cells[0]) {
		out = append(out, [2]float64{g.short(g.lon + float64(c[0])*g.step), g.short(g.lat + float64(c[1])*g.step)})
	}
	return out
}

func (g grid) short(degrees float64) float64 { return math.Round(degrees*g.digits) / g.digits }

// middle is the centre of gravity of the largest polygon, for a label or a circle.
func middle(geometry *place.Geometry) *[2]float64 {
	best, at := 0.0, [2]float64{}
	for _, polygon := range geometry.Polygons {
		if len(polygon) == 0 {
			continue
		}
		area, lat, lon := 0.0, 0.0, 0.0
		ring := polygon[0]
		for i := range ring {
			a, b := ring[i], ring[(i+1)%len(ring)]
			cross := a.Lon*b.Lat - b.Lon*a.Lat
			area += cross
			lat += (a.Lat + b.Lat) * cross
			lon += (a.Lon + b.Lon) * cross
		}
		if math.Abs(area) > best {
			best, at = math.Abs(area), [2]float64{lat / (3 * area), lon / (3 * area)}
		}
	}
	if best == 0 {
		return nil
	}
	at[0], at[1] = math.Round(at[0]*1e5)/1e5, math.Round(at[1]*1e5)/1e5
	return &at
}
