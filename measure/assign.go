package measure

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// maxDimension bounds the text of a dimension, in bytes.
const maxDimension = 200

// set gives a fact one of the properties that definitions may set (see Settable).
func (f *Fact) set(name, text string, zone *time.Location) {
	switch name {
	case "date":
		if day := localDay(text, zone); day != "" {
			f.Date = day
		}
	case "carried_from":
		// A text that is no round leaves the value the round's own; the check of carried values tells a person.
		if from, err := strconv.Atoi(text); err == nil && from > 0 {
			f.CarriedFrom = from
		}
	case "weight":
		weight, err := strconv.ParseFloat(text, 64)
		if err != nil {
			weight = 0
		}
		f.Weight = weight
	default:
		if field := f.field(name); field != nil {
			*field = text
		}
	}
}

// field finds the text dimension of a name.
func (f *Fact) field(name string) *string {
	switch name {
	case "adm0", "adm1", "adm2", "adm3", "adm4":
		return &f.Adm[name[3]-'0']
	case "site":
		return &f.Site
	case "point":
		return &f.Point
	case "category":
		return &f.Category
	case "sex":
		return &f.Sex
	case "age_lo":
		return &f.AgeLo
	case "age_hi":
		return &f.AgeHi
	case "reason":
		return &f.Reason
	case "direction":
		return &f.Direction
	case "breakdown":
		return &f.Breakdown
	case "confidence":
		return &f.Confidence
	}
	return f.further(name)
}

func (f *Fact) further(name string) *string {
	switch name {
	case "origin_adm0":
		return &f.OriginAdm0
	case "origin_adm1":
		return &f.OriginAdm1
	case "dest_adm0":
		return &f.DestAdm0
	case "dest_adm1":
		return &f.DestAdm1
	case "d1":
		return &f.D1
	case "d2":
		return &f.D2
	case "d3":
		return &f.D3
	case "d4":
		return &f.D4
	}
	return nil
}

// tidy makes the text of an answer fit for a dimension: one line, no control characters, bounded.
func tidy(text string) string {
	text = strings.TrimSpace(text)
	plain := len(text) <= maxDimension
	for i := 0; i < len(text) && plain; i++ {
		plain = text[i] >= ' ' && text[i] < utf8.RuneSelf
	}
	if plain {
		return text
	}
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text)
	for cut := maxDimension; len(text) > maxDimension; cut-- {
		if utf8.RuneStart(text[cut]) {
			text = text[:cut]
		}
	}
	return text
}

// localDay is the operation's day of a date or date-time, "" of anything else.
func localDay(text string, zone *time.Location) string {
	if _, err := time.Parse(time.DateOnly, text); err == nil {
		return text
	}
	if zone == nil {
		zone = time.UTC
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at.In(zone).Format(time.DateOnly)
	}
	if at, err := time.ParseInLocation("2006-01-02T15:04:05", text, zone); err == nil {
		return at.Format(time.DateOnly)
	}
	return ""
}
