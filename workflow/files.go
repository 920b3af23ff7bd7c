package workflow

import (
	"strconv"
	"strings"

	"safar/form"
	"safar/form/xpath"
	"safar/place"
	"safar/round"
)

// serverFiles answers on the server what a form asks of its generated files, from the same data they are made of, and
// with the round that the record belongs to rather than the one that is open today.
type serverFiles struct {
	source mediaSource
	round  round.Round
}

func (env surroundings) files(number int) serverFiles {
	return serverFiles{source: mediaSource{country: env.tool.operation.Country, rounds: env.rounds, register: env.register}, round: env.round(number)}
}

// instances are the files that expressions walk through. Only the round is small enough to lay out as a tree for every
// record; places are looked up.
func (f serverFiles) instances() map[string]*xpath.Node {
	top := xpath.NewRoot()
	item := top.Append(xpath.NewElement("root")).Append(xpath.NewElement("item"))
	for _, column := range []string{"key", "number", "label", "start", "end", "reference_start", "reference_date", "country"} {
		value, _ := f.roundCell(column)
		item.Add(column, value)
	}
	return map[string]*xpath.Node{"round": top}
}

// lookup is pulldata on the server.
func (f serverFiles) lookup(instance, column, keyColumn, key string) (string, bool) {
	switch instance {
	case "round":
		if keyColumn == "key" && key == "current" {
			return f.roundCell(column)
		}
	case "points":
		if p, ok := f.source.register.Point(key); ok && keyColumn == "id" {
			return f.pointCell(p, column)
		}
	case "locations":
		if s, ok := f.source.register.Site(key); ok && keyColumn == "ssid" && column == "name" {
			return s.Names.In("en"), true
		}
	case "areas":
		if a, ok := f.source.register.Area(f.source.country, place.Code(key)); ok && keyColumn == "code" && column == "name" {
			return a.Names.In("en"), true
		}
	}
	return "", false
}

func (f serverFiles) roundCell(column string) (string, bool) {
	r := f.round
	label := r.Label
	if label == "" && r.Number > 0 {
		label = "R" + strconv.Itoa(r.Number)
	}
	cells := map[string]string{
		"key": "current", "number": strconv.Itoa(r.Number), "label": label, "start": r.Start, "end": r.End,
		"reference_start": r.ReferenceStart, "reference_date": r.Reference(), "country": f.source.country,
	}
	value, ok := cells[column]
	return value, ok
}

func (f serverFiles) pointCell(p place.FlowPoint, column string) (string, bool) {
	path := f.source.register.Path(f.source.country, p.Area)
	lat, lon := position(p.At)
	cells := map[string]string{
		"id": p.ID, "name": p.Names.In("en"), "adm1": string(path[1]), "adm2": string(path[2]), "lat": lat, "lon": lon,
		"obs_start_hour": hour(p.OpensAt), "obs_end_hour": hour(p.ClosesAt), "shifts_per_day": "1",
	}
	value, ok := cells[column]
	return value, ok
}

// repeatable leaves out what only the phone could see: differences in calculations from what a location's list said on
// the day it was downloaded, and required identities, which are kept apart before a record is checked. A workbook has a
// cell for every question: its zero where a form would not have asked contradicts nothing.
func repeatable(f *form.Form, imported bool, identity func(string) bool, problems []form.Problem) []form.Problem {
	var kept []form.Problem
	for _, p := range problems {
		if p.Kind == form.ProblemRequired && identity(p.Element) {
			continue
		}
		if imported && p.Kind == form.ProblemRelevance && p.Value == "0" {
			continue
		}
		if p.Kind == form.ProblemCalculation {
			if e := f.Element(p.Element); e != nil && strings.Contains(e.Calculation, "pulldata('locations'") {
				continue
			}
		}
		kept = append(kept, p)
	}
	return kept
}
