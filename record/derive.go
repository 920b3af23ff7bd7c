package record

import (
	"strconv"
	"strings"
	"time"

	"safar/form/xpath"
	"safar/place"
)

// Keys names the answers of a form that say what a record is about, when and where. Each is the name of a question
// outside repeats; "" where the form does not ask. The dictionary's questions have the same names in every tool.
type Keys struct {
	Unit     []string  `yaml:"unit" json:"unit"` // joined by "/"; none means that every record is a unit of its own
	Date     string    `yaml:"date" json:"date"`
	Adm      [5]string `yaml:"adm" json:"adm"` // codes of adm0 to adm4
	Site     string    `yaml:"site" json:"site"`
	SiteName string    `yaml:"site_name" json:"site_name"`
	Point    string    `yaml:"point" json:"point"`
	GPS      string    `yaml:"gps" json:"gps"`
	Access   string    `yaml:"access" json:"access"`   // whether the location could be reached; "no" = inaccessible
	Carried  string    `yaml:"carried" json:"carried"` // round the values were assessed in, where it is not this one
}

// Derived is what Derive reads from the answers.
type Derived struct {
	Unit         string
	Date         string // YYYY-MM-DD
	Place        Place
	Inaccessible bool
	CarriedFrom  int
	Problems     []PlaceProblem
}

// PlaceProblem is a contradiction between the places a record names.
type PlaceProblem struct {
	Kind     string // unknown_code, outside, swapped, zero, far_from_site, not_located, unknown_site, unknown_point, parent
	Question string
	Value    string
	Other    string // what it contradicts
	Metres   float64
}

// Tolerances of position checks, in metres: domain section 9 and check Q06.
const (
	outsideM = 2000 // beyond the unit's border
	siteFarM = 1000 // from the site's known position
)

// Derive reads unit, date and place. Codes are believed first, then a known site or point, then the position, then the
// name; what contradicts is reported, never changed.
// Zone is the operation's: it decides to which day a moment belongs.
func Derive(answers *xpath.Node, k Keys, reg *place.Register, country string, zone *time.Location) Derived {
	d := deriver{answers: answers, keys: k, reg: reg, country: country}
	d.out.Unit = d.unit()
	d.out.Date = dateOf(d.value(k.Date), zone)
	d.out.Inaccessible = d.value(k.Access) == "no"
	d.out.CarriedFrom, _ = strconv.Atoi(d.value(k.Carried))
	d.codes()
	d.known()
	d.position()
	d.byName()
	if d.out.Place.Areas.Deepest() == "" {
		d.problem(PlaceProblem{Kind: "not_located"})
	} else if d.out.Place.Areas[0] == "" {
		d.out.Place.Areas[0] = place.Code(country)
	}
	return d.out
}

type deriver struct {
	answers *xpath.Node
	keys    Keys
	reg     *place.Register
	country string
	out     Derived
}

func (d *deriver) value(question string) string { return Answer(d.answers, question) }

func (d *deriver) problem(p PlaceProblem) { d.out.Problems = append(d.out.Problems, p) }

// Answer gives the first answer of a question outside repeats, "" when it is not there.
func Answer(root *xpath.Node, question string) string {
	if root == nil || question == "" {
		return ""
	}
	if n := findQuestion(root, question); n != nil {
		return strings.TrimSpace(n.StringValue())
	}
	return ""
}

func findQuestion(n *xpath.Node, question string) *xpath.Node {
	for _, child := range n.Children {
		if child.Kind != xpath.Element {
			continue
		}
		if child.Name == question {
			return child
		}
		if found := findQuestion(child, question); found != nil {
			return found
		}
	}
	return nil
}

func (d *deriver) unit() string {
	if len(d.keys.Unit) == 0 {
		return ""
	}
	parts := make([]string, len(d.keys.Unit))
	for i, question := range d.keys.Unit {
		parts[i] = d.value(question)
		if parts[i] == "" {
			return ""
		}
	}
	return strings.Join(parts, "/")
}

// dateOf takes the day of a date, or of a date-time on the clock of the zone (nil = as written); "" when no calendar has
// such a day.
func dateOf(s string, zone *time.Location) string {
	if at, err := time.Parse(time.RFC3339, s); err == nil && zone != nil {
		return at.In(zone).Format(time.DateOnly)
	}
	day := s[:min(len(s), len(time.DateOnly))]
	if _, err := time.Parse(time.DateOnly, day); err != nil {
		return ""
	}
	return day
}

// codes believes the deepest code that is in the register, and reports those that are not or that contradict it.
func (d *deriver) codes() {
	for level := 4; level >= 1; level-- {
		code := d.value(d.keys.Adm[level])
		if code == "" {
			continue
		}
		if _, ok := d.reg.Area(d.country, place.Code(code)); !ok {
			d.problem(PlaceProblem{Kind: "unknown_code", Question: d.keys.Adm[level], Value: code})
			continue
		}
		if d.out.Place.How == "" {
			d.out.Place.Areas, d.out.Place.How = d.reg.Path(d.country, place.Code(code)), "code"
		} else if have := d.out.Place.Areas[level]; have != place.Code(code) {
			d.problem(PlaceProblem{Kind: "parent", Question: d.keys.Adm[level], Value: code, Other: string(have)})
		}
	}
}

// known looks the site and the point up; either tells the area when no code did.
func (d *deriver) known() {
	if ssid := d.value(d.keys.Site); ssid != "" && ssid != "new" {
		d.out.Place.Site = ssid
		if site, ok := d.reg.Site(ssid); ok {
			d.believe(site.Area, "site")
			d.nearKnown(site.At)
		} else {
			d.problem(PlaceProblem{Kind: "unknown_site", Question: d.keys.Site, Value: ssid})
		}
	}
	if id := d.value(d.keys.Point); id != "" {
		d.out.Place.Point = id
		if point, ok := d.reg.Point(id); ok {
			d.believe(point.Area, "point")
			d.nearKnown(point.At)
		} else {
			d.problem(PlaceProblem{Kind: "unknown_point", Question: d.keys.Point, Value: id})
		}
	}
}

func (d *deriver) believe(area place.Code, how string) {
	if d.out.Place.How == "" && area != "" {
		d.out.Place.Areas, d.out.Place.How = d.reg.Path(d.country, area), how
	}
}

func (d *deriver) nearKnown(at *place.LatLon) {
	here, ok := ParsePosition(d.value(d.keys.GPS))
	if !ok || at == nil {
		return
	}
	if m := place.DistanceM(here, *at); m > siteFarM {
		d.problem(PlaceProblem{Kind: "far_from_site", Question: d.keys.GPS, Value: d.value(d.keys.GPS), Metres: m})
	}
}

// position keeps the measured position, reports what is wrong with it, and locates the record when nothing else did.
func (d *deriver) position() {
	text := d.value(d.keys.GPS)
	at, ok := ParsePosition(text)
	if !ok {
		return
	}
	if at.Lat == 0 && at.Lon == 0 {
		d.problem(PlaceProblem{Kind: "zero", Question: d.keys.GPS, Value: text})
		return
	}
	d.out.Place.At = &at
	if area := d.out.Place.Areas.Deepest(); area != "" {
		d.inside(area, at, text)
		return
	}
	if found := d.reg.Locate(at, d.country, place.Lowest); len(found) > 0 {
		d.believe(found[0].Code(), "gps")
	}
}

// inside checks the position against the deepest unit above the record that has a polygon.
func (d *deriver) inside(area place.Code, at place.LatLon, text string) {
	path := d.reg.Path(d.country, area)
	for level := 4; level >= 1; level-- {
		unit, ok := d.reg.Area(d.country, path[level])
		if !ok || unit.Geometry == nil {
			continue
		}
		m, ok := d.reg.DistanceM(d.country, path[level], at)
		if !ok || m <= outsideM {
			return
		}
		p := PlaceProblem{Kind: "outside", Question: d.keys.GPS, Value: text, Other: string(path[level]), Metres: m}
		turned := place.LatLon{Lat: at.Lon, Lon: at.Lat}
		if m, ok := d.reg.DistanceM(d.country, path[level], turned); ok && m <= outsideM {
			p.Kind = "swapped"
		}
		d.problem(p)
		return
	}
}

func (d *deriver) byName() {
	if d.out.Place.How != "" {
		return
	}
	name := d.value(d.keys.SiteName)
	if name == "" {
		return
	}
	found := d.reg.FindByName(place.Query{Name: name, Country: d.country, Limit: 2})
	if len(found) == 0 || found[0].Score < 0.9 || (len(found) > 1 && found[1].Score > found[0].Score-0.05) {
		return // a doubtful name is left to a person
	}
	switch found[0].Kind {
	case place.KindArea:
		d.believe(found[0].Code(), "name")
	case place.KindSite:
		if site, ok := d.reg.Site(found[0].ID); ok {
			d.out.Place.Site = site.SSID
			d.believe(site.Area, "name")
		}
	}
}

// ParsePosition reads an ODK geopoint: latitude, longitude and, if there, altitude and accuracy in metres, parted by
// blanks.
func ParsePosition(s string) (place.LatLon, bool) {
	fields := strings.Fields(s)
	if len(fields) < 2 {
		return place.LatLon{}, false
	}
	lat, err1 := strconv.ParseFloat(fields[0], 64)
	lon, err2 := strconv.ParseFloat(fields[1], 64)
	ok := err1 == nil && err2 == nil && lat >= -90 && lat <= 90 && lon >= -180 && lon <= 180
	return place.LatLon{Lat: lat, Lon: lon}, ok
}
