package place

import (
	"math"
	"strconv"
	"strings"
	"time"

	"safar/fault"
)

// readDate reads a day in the forms that lists use. Day and month are told apart only where that is certain.
func readDate(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if i := strings.IndexAny(s, "T "); i >= 8 {
		s = s[:i]
	}
	forms := []string{"2006-01-02", "2006/01/02", "2006/1/2", "20060102", "02.01.2006", "2.1.2006", "01/02/2006", "02/01/2006"}
	read := ""
	for _, form := range forms {
		t, err := time.Parse(form, s)
		if err != nil || t.Year() < 1800 || t.Year() > 2200 {
			continue
		}
		day := t.Format("2006-01-02")
		if read != "" && read != day {
			return "", false
		}
		read = day
	}
	return read, read != ""
}

// dateField reads a date field; an unreadable one is a defect and stays empty.
func (rd *reader) dateField(d *draft, field string) string {
	c, ok := d.fields[field]
	if !ok {
		return ""
	}
	day, ok := readDate(c.text)
	if !ok {
		rd.report(leftOut(fault.New(fault.PlaceBadDate, "value", c.text).In(d.line.where(c))))
	}
	return day
}

// validity reads both dates; an end before the beginning is reported and kept.
func (rd *reader) validity(d *draft, code string) (from, to string) {
	from, to = rd.dateField(d, "valid_from"), rd.dateField(d, "valid_to")
	if from != "" && to != "" && to < from {
		rd.report(kept(fault.New(fault.PlaceDatesReversed, "code", code, "from", from, "to", to).In(d.line.where(d.fields["valid_to"]))))
	}
	return from, to
}

// readNumber reads a decimal number with a point or a comma.
func readNumber(s string) (float64, bool) {
	s = strings.TrimSpace(s)
	if strings.Count(s, ",") == 1 && !strings.Contains(s, ".") {
		s = strings.Replace(s, ",", ".", 1)
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

// numberField reads a number field; an unreadable one is a defect and counts as absent.
func (rd *reader) numberField(d *draft, field string) (float64, bool) {
	c, ok := d.fields[field]
	if !ok {
		return 0, false
	}
	v, ok := readNumber(c.text)
	if !ok {
		rd.report(leftOut(fault.New(fault.PlaceBadNumber, "value", c.text).In(d.line.where(c))))
	}
	return v, ok
}

// position reads latitude and longitude, or the point of a feature, and refuses what cannot be one.
func (rd *reader) position(d *draft) *LatLon {
	lat, hasLat := rd.numberField(d, "lat")
	lon, hasLon := rd.numberField(d, "lon")
	_, wroteLat := d.fields["lat"]
	_, wroteLon := d.fields["lon"]
	at := d.line.at
	switch {
	case hasLat && hasLon:
		at = d.line.where(d.fields["lat"])
	case d.line.shape != nil && len(d.line.shape.points) == 1:
		lat, lon = d.line.shape.points[0].Lat, d.line.shape.points[0].Lon
		at.Field += ".geometry"
	case wroteLat && !wroteLon:
		rd.report(leftOut(fault.New(fault.PlaceHalfPosition).In(d.line.where(d.fields["lat"]))))
		return nil
	case wroteLon && !wroteLat:
		rd.report(leftOut(fault.New(fault.PlaceHalfPosition).In(d.line.where(d.fields["lon"]))))
		return nil
	default:
		return nil
	}
	p := LatLon{round7(lat), round7(lon)}
	if p.Lat == 0 && p.Lon == 0 {
		rd.report(leftOut(fault.New(fault.PlaceZeroPosition).In(at)))
		return nil
	}
	if !onEarth(p) {
		rd.report(leftOut(fault.New(fault.PlacePositionOffEarth, "lat", degrees(lat), "lon", degrees(lon)).In(at)))
		return nil
	}
	return &p
}

func onEarth(p LatLon) bool { return math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180 }

func degrees(v float64) string { return strconv.FormatFloat(round7(v), 'f', -1, 64) }

// succession reads "CODE:share; CODE:share" with the kind in a column of its own.
func (rd *reader) succession(d *draft) []Succession {
	c, ok := d.fields["successors"]
	if !ok {
		return nil
	}
	parts := listed(c.text)
	kind, known := successionKind(d.fields["succession"].text, len(parts))
	if !known {
		rd.report(leftOut(fault.New(fault.PlaceBadSuccession, "value", d.fields["succession"].text).In(d.line.where(d.fields["succession"]))))
		return nil
	}
	var out []Succession
	for _, part := range parts {
		code, share, shared := strings.Cut(part, ":")
		s := Succession{Code: Code(strings.TrimSpace(code)), Kind: kind}
		if shared {
			v, ok := readNumber(share)
			if !ok || v < 0 || v > 1 {
				rd.report(leftOut(fault.New(fault.PlaceBadSuccession, "value", part).In(d.line.where(c))))
				continue
			}
			s.Share = v
		}
		out = append(out, s)
	}
	return out
}

// successionKind reads the kind; without one, several successors mean a split and a single one a new name.
func successionKind(s string, successors int) (kind string, ok bool) {
	switch s = strings.ToLower(strings.TrimSpace(s)); {
	case s == Split || s == Merged || s == Renamed:
		return s, true
	case s == "" && successors > 1:
		return Split, true
	case s == "":
		return Renamed, true
	}
	return "", false
}

// timeOfDay reads HH:MM or HH:MM:SS as HH:MM.
func (rd *reader) timeOfDay(d *draft, field string) string {
	c, ok := d.fields[field]
	if !ok {
		return ""
	}
	for _, form := range []string{"15:04", "15:04:05"} {
		if t, err := time.Parse(form, c.text); err == nil {
			return t.Format("15:04")
		}
	}
	rd.report(leftOut(fault.New(fault.PlaceBadTime, "value", c.text).In(d.line.where(c))))
	return ""
}

// whole reads a whole number that is not negative, such as a round.
func (rd *reader) whole(d *draft, field string) int {
	v, ok := rd.numberField(d, field)
	if !ok {
		return 0
	}
	if v != math.Trunc(v) || v < 0 || v > 1e6 {
		c := d.fields[field]
		rd.report(leftOut(fault.New(fault.PlaceBadNumber, "value", c.text).In(d.line.where(c))))
		return 0
	}
	return int(v)
}
