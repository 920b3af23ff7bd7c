package report

import (
	"cmp"
	"fmt"
	"html"
	"math"
	"slices"
	"strconv"
	"strings"

	"safar/locale"
	"safar/place"
	"safar/release"
)

// sheetWidth is the width of the coordinates that borders are written in; each map scales them to its own size.
const sheetWidth = 2000.0

// atlas is the borders of one level, projected once and drawn any number of times.
type atlas struct {
	level   int
	areas   []plate // in order of code
	outline []plate // of the level above, where it has borders
	height  float64 // of the sheet
}

// plate is one area on the sheet.
type plate struct {
	code   string
	path   string
	x, y   float64 // a place for a circle or a label
	extent float64 // area of the shape on the sheet
}

// state says how an area is shown where it has no number.
type state int

const (
	unassessed state = iota
	assessed
	withheld
)

// shade is what a map shows of one area.
type shade struct {
	state state
	value float64
}

// newAtlas projects the borders of the lowest level that has them for most of its areas. ok is false without any.
func newAtlas(places release.Places) (*atlas, bool) {
	for level := 2; level >= 1; level-- {
		all, shaped := 0, []release.PlaceArea{}
		for _, a := range places.Areas {
			if a.Level != level {
				continue
			}
			all++
			if a.Geometry != nil {
				shaped = append(shaped, a)
			}
		}
		if len(shaped) > 1 && 10*len(shaped) >= 6*all {
			return project(places, shaped, level), true
		}
	}
	return nil, false
}

// project lays the areas out with true shapes in the middle latitude of the country.
func project(places release.Places, shaped []release.PlaceArea, level int) *atlas {
	var all place.Geometry
	for _, a := range shaped {
		all.Polygons = append(all.Polygons, a.Geometry.Polygons...)
	}
	box := all.Bounds()
	squeeze := math.Cos((box.MinLat + box.MaxLat) / 2 * math.Pi / 180)
	scale := sheetWidth / max((box.MaxLon-box.MinLon)*squeeze, (box.MaxLat-box.MinLat)*0.9, 1e-9)
	onto := func(p place.LatLon) (float64, float64) {
		return (p.Lon - box.MinLon) * squeeze * scale, (box.MaxLat - p.Lat) * scale
	}
	a := &atlas{level: level, height: (box.MaxLat - box.MinLat) * scale}
	for _, area := range shaped {
		a.areas = append(a.areas, plateOf(area, onto))
	}
	for _, area := range places.Areas {
		if area.Level == level-1 && area.Geometry != nil && level > 1 {
			a.outline = append(a.outline, plateOf(area, onto))
		}
	}
	return a
}

func plateOf(area release.PlaceArea, onto func(place.LatLon) (float64, float64)) plate {
	p := plate{code: area.Code}
	var b strings.Builder
	for _, polygon := range area.Geometry.Polygons {
		for i, ring := range polygon {
			points := make([][2]float64, len(ring))
			for j, at := range ring {
				points[j][0], points[j][1] = onto(at)
			}
			writeRing(&b, points)
			if i == 0 {
				p.widen(points)
			}
		}
	}
	p.path = b.String()
	return p
}

// writeRing writes a ring in whole units and relative steps, which is the shortest form.
func writeRing(b *strings.Builder, points [][2]float64) {
	px, py := 0, 0
	for i, point := range points[:len(points)-1] {
		x, y := int(math.Round(point[0])), int(math.Round(point[1]))
		switch {
		case i == 0:
			fmt.Fprintf(b, "M%d %dl", x, y)
		case x == px && y == py:
			continue
		default:
			b.WriteString(step(x-px, true) + step(y-py, false))
		}
		px, py = x, y
	}
	b.WriteByte('z')
}

func step(v int, first bool) string {
	text := strconv.Itoa(v)
	if v >= 0 && !first {
		return " " + text
	}
	if first && v >= 0 {
		return " " + text
	}
	return text
}

// widen moves the label to the middle of the largest ring: its centre of mass, or when that lies outside the middle of
// the widest stretch at half height.
func (p *plate) widen(ring [][2]float64) {
	area, cx, cy := 0.0, 0.0, 0.0
	for i := 1; i < len(ring); i++ {
		cross := ring[i-1][0]*ring[i][1] - ring[i][0]*ring[i-1][1]
		area += cross / 2
		cx += (ring[i-1][0] + ring[i][0]) * cross / 6
		cy += (ring[i-1][1] + ring[i][1]) * cross / 6
	}
	if math.Abs(area) <= p.extent {
		return
	}
	p.extent = math.Abs(area)
	p.x, p.y = cx/area, cy/area
	cuts := crossings(ring, p.y)
	inside, best := false, 0.0
	for i := 0; i+1 < len(cuts); i += 2 {
		inside = inside || p.x >= cuts[i] && p.x <= cuts[i+1]
	}
	if inside {
		return
	}
	for i := 0; i+1 < len(cuts); i += 2 {
		if width := cuts[i+1] - cuts[i]; width > best {
			best, p.x = width, (cuts[i]+cuts[i+1])/2
		}
	}
}

// crossings gives where a level line cuts a ring, sorted.
func crossings(ring [][2]float64, y float64) []float64 {
	var cuts []float64
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		if (a[1] > y) != (b[1] > y) {
			cuts = append(cuts, a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]))
		}
	}
	slices.Sort(cuts)
	return cuts
}

// Defs are the borders and fills that all maps of a page share: they are sent once.
func (a *atlas) defs() SVG {
	var b strings.Builder
	b.WriteString(`<svg class="defs" width="0" height="0" aria-hidden="true"><defs>`)
	// Fills lie in the coordinates of what they fill: maps are written large and scaled down, keys are not.
	for _, size := range []struct {
		id                string
		tile, stroke, dot float64
	}{{"", 6, 1.6, 1.1}, {"m", 22, 6, 4}} {
		fmt.Fprintf(&b, `<pattern id="hatch%s" width="%[2]s" height="%[2]s" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="paper" width="%[2]s" height="%[2]s"/><line class="hatchline" stroke-width="%[3]s" x1="0" y1="0" x2="0" y2="%[2]s"/></pattern>`,
			size.id, num(size.tile), num(size.stroke))
		fmt.Fprintf(&b, `<pattern id="dots%s" width="%[2]s" height="%[2]s" patternUnits="userSpaceOnUse"><rect class="paper" width="%[2]s" height="%[2]s"/><circle class="dotmark" cx="%[3]s" cy="%[3]s" r="%[4]s"/></pattern>`,
			size.id, num(size.tile), num(size.tile/2), num(size.dot))
	}
	for i, p := range a.areas {
		fmt.Fprintf(&b, `<path id="a%d" d="%s"/>`, i, p.path)
	}
	for i, p := range a.outline {
		fmt.Fprintf(&b, `<path id="o%d" d="%s"/>`, i, p.path)
	}
	b.WriteString("</defs></svg>")
	return SVG(b.String())
}

// height of a map that is as wide as given, with a margin for lines at the border.
func (a *atlas) fit(width float64) (scale, height float64) {
	scale = (width - 2*mapMargin) / sheetWidth
	return scale, a.height*scale + 2*mapMargin
}

const mapMargin = 3.0

// within gives the width at which a map is at most as high as given, so that a tall country fits the page too.
func (a *atlas) within(width, height float64) float64 {
	if _, h := a.fit(width); h > height {
		return (height-2*mapMargin)/a.height*sheetWidth + 2*mapMargin
	}
	return width
}

// ground draws all areas, each in the class that it is given.
func (a *atlas) ground(c *canvas, scale float64, class func(code string) string) {
	fmt.Fprintf(&c.b, `<g class="land" transform="translate(%s %s) scale(%s)">`, num(mapMargin), num(mapMargin), strconv.FormatFloat(scale, 'f', 5, 64))
	for i := range a.areas { // below everything: what of these lines is not covered is the outer border
		fmt.Fprintf(&c.b, `<use href="#a%d" class="shore"/>`, i)
	}
	for i, p := range a.areas {
		name := class(p.code)
		fmt.Fprintf(&c.b, `<use href="#a%d" class="%s"%s/>`, i, name, filling(name, "m"))
	}
	for i := range a.outline {
		fmt.Fprintf(&c.b, `<use href="#o%d" class="outline"/>`, i)
	}
	c.b.WriteString("</g>")
}

// filling names the pattern of a class that has one, by attribute: a stylesheet of its own cannot refer to patterns of the
// page in every browser.
func filling(class, size string) string {
	pattern := map[string]string{"unassessed": "hatch", "withheld": "dots"}[class]
	if pattern == "" {
		return ""
	}
	return ` fill="url(#` + pattern + size + `)"`
}

// circles draws numbers as circles whose surface is the number, the largest below, with names where they do not collide.
func (a *atlas) circles(v locale.Voice, width float64, shades map[string]shade, name func(string) string, alt string) SVG {
	scale, height := a.fit(width)
	c := newCanvas("map", width, height, alt)
	a.ground(c, scale, func(code string) string { return stateClass(shades[code].state) })
	list := slices.Clone(a.areas)
	slices.SortStableFunc(list, func(p, q plate) int {
		return cmp.Or(cmp.Compare(shades[q.code].value, shades[p.code].value), cmp.Compare(p.code, q.code))
	})
	r := radius(shades, width, a.land()*scale*scale)
	for i, p := range list {
		if value := shades[p.code].value; value > 0 {
			class := "bubble"
			if i == 0 {
				class = "bubble strong"
			}
			c.circle(class, p.x*scale+mapMargin, p.y*scale+mapMargin, r(value))
		}
	}
	var taken [][4]float64
	for _, p := range list[:min(len(list), 9)] {
		if value := shades[p.code].value; value > 0 {
			taken = c.label(taken, p.x*scale+mapMargin, p.y*scale+mapMargin, r(value), name(p.code), v.Number(value, 0))
		}
	}
	return c.done()
}

// label writes name and number beside a circle unless they would run over something written before.
func (c *canvas) label(taken [][4]float64, x, y, r float64, name, value string) [][4]float64 {
	w := max(textWidth(name, 12.5), textWidth(value, 12))
	for _, at := range [][2]float64{{x, y + r + 14}, {x, y - r - 20}, {x + r + 5 + w/2, y - 1}, {x - r - 5 - w/2, y - 1}} {
		box := [4]float64{at[0] - w/2, at[1] - 12, at[0] + w/2, at[1] + 18}
		if box[0] < 0 || box[2] > c.width || box[1] < 0 || box[3] > c.height || slices.ContainsFunc(taken, func(t [4]float64) bool {
			return box[0] < t[2] && t[0] < box[2] && box[1] < t[3] && t[1] < box[3]
		}) {
			continue
		}
		c.text("name", "middle", at[0], at[1], name)
		c.text("count", "middle", at[0], at[1]+14, value)
		return append(taken, box)
	}
	return taken
}

// radius makes the surface of a circle proportional to its number. All circles together take at most a sixth of the land,
// so that many areas do not drown in circles, and the largest is at most a fifteenth of the width across half.
func radius(shades map[string]shade, width, land float64) func(float64) float64 {
	top, sum := 1e-9, 1e-9
	for _, s := range shades {
		top, sum = max(top, s.value), sum+s.value
	}
	most := min(width/15, math.Sqrt(land/6/math.Pi*top/sum))
	return func(v float64) float64 { return max(most*math.Sqrt(v/top), 1.5) }
}

// land is the surface of all areas on the sheet.
func (a *atlas) land() (sum float64) {
	for _, p := range a.areas {
		sum += p.extent
	}
	return sum
}

func stateClass(s state) string {
	return [...]string{unassessed: "unassessed", assessed: "assessed", withheld: "withheld"}[s]
}

// choropleth fills each area by the class that its value falls in.
func (a *atlas) choropleth(width float64, shades map[string]shade, bounds []float64, alt string) SVG {
	scale, height := a.fit(width)
	c := newCanvas("map", width, height, alt)
	a.ground(c, scale, func(code string) string {
		s := shades[code]
		if s.state != assessed {
			return stateClass(s.state)
		}
		return "s" + strconv.Itoa(classOf(s.value, bounds))
	})
	return c.done()
}

// classOf numbers the class of a value from 1.
func classOf(value float64, bounds []float64) int {
	i := 0
	for i < len(bounds) && value >= bounds[i] {
		i++
	}
	return i + 1
}

// Key is one line of a legend: a class of the stylesheet and its words.
type Key struct {
	Class, Label string
}

// Swatch draws the key's field.
func (k Key) Swatch() SVG {
	return SVG(`<svg class="key" width="18" height="11" aria-hidden="true"><rect class="` + html.EscapeString(k.Class) + `"` + filling(k.Class, "") + ` x=".5" y=".5" width="17" height="10"/></svg>`)
}

// breaks divides values into at most n classes at round numbers, each with about as many areas.
func breaks(values []float64, n int) []float64 {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	distinct := slices.Compact(slices.Clone(sorted))
	n = min(n, len(distinct))
	var bounds []float64
	for i := 1; i < n; i++ {
		b := roundTo2(sorted[i*len(sorted)/n])
		if (len(bounds) == 0 || b > bounds[len(bounds)-1]) && b > sorted[0] {
			bounds = append(bounds, b)
		}
	}
	return bounds
}

// roundTo2 keeps two figures: 1,237 becomes 1,200.
func roundTo2(v float64) float64 {
	if v == 0 {
		return 0
	}
	unit := math.Pow(10, math.Floor(math.Log10(math.Abs(v)))-1)
	return math.Round(math.Round(v/unit)*unit*1e6) / 1e6
}
