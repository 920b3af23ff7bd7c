package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"safar/place"
	"safar/workflow"
)

func placeCommands() []command {
	return []command{
		{name: "place import", args: "FILE", usage: "[--country TJK] [--language tg] [--preset P] [--sheet S]", summary: "read areas, sites or flow points from CSV, XLSX or GeoJSON", data: true, makes: true, flags: placeRead(true)},
		{name: "place check", args: "FILE", usage: "[--country TJK] [--preset P]", summary: "say what an import of the file would do, and every defect in it", data: true, reads: true, flags: placeRead(false)},
		{name: "place find", args: "NAME|CODE|LAT,LON...", usage: "[--country TJK] [--within CODE] [--level N]", summary: "find a place by name in any spelling, by code or by coordinates", data: true, flags: placeFind},
		{name: "place list", usage: "[--country TJK] [--level N] [--within CODE]", summary: "list areas", data: true, flags: placeList},
		{name: "place presets", usage: "", summary: "list the layouts of files that place import recognises", flags: placePresets},
	}
}

func placeRead(keep bool) func(*call) func() error {
	return func(c *call) func() error {
		var opts place.Options
		c.flags.StringVar(&opts.Country, "country", "", "ISO 3166-1 alpha-3 code, for rows that do not say theirs")
		c.flags.StringVar(&opts.Language, "language", "", "language of names whose column does not say it, such as tg")
		c.flags.StringVar(&opts.Sheet, "sheet", "", "the one sheet to read")
		preset := c.flags.String("preset", "", "layout of the columns; recognised when left out")
		return func() error {
			if *preset != "" {
				p, ok := place.PresetNamed(*preset)
				if !ok {
					return usagef("there is no preset %q; place presets lists them", *preset)
				}
				opts.Preset = &p
			}
			file, err := c.openFile(c.arg(0))
			if err != nil {
				return err
			}
			defer file.Close()
			return c.readPlaces(file, opts, keep)
		}
	}
}

func (c *call) readPlaces(file *os.File, opts place.Options, keep bool) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	read := c.flow.CheckPlaces
	if keep {
		read = c.flow.ImportPlaces
	}
	result, err := read(c.ctx, c.actor(), filepath.Base(file.Name()), file, info.Size(), opts)
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(placeJSON(result))
	}
	added, changed := 0, 0
	for _, change := range result.Changes {
		if change.What == "added" {
			added++
		} else {
			changed++
		}
	}
	verb := "would be"
	if keep {
		verb = "were"
	}
	c.printf("%d areas, %d sites and %d flow points read; %d places %s added, %d properties of known ones %s changed\n", result.Areas, result.Sites, result.Points, added, verb, changed, verb)
	left := 0
	for _, d := range result.Defects {
		c.note("%s: %s", strings.ReplaceAll(string(d.Outcome), "_", " "), d.Error())
		if d.Outcome == place.LeftOut {
			left++
		}
	}
	if len(result.Defects) > 0 {
		c.note("%d defects, %d of them left something out", len(result.Defects), left)
	}
	if left > 0 {
		return errFindings
	}
	return nil
}

func placeJSON(r workflow.PlaceImport) map[string]any {
	type defect struct {
		Outcome string `json:"outcome"`
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	defects := []defect{}
	for _, d := range r.Defects {
		defects = append(defects, defect{string(d.Outcome), string(d.Code()), d.Error()})
	}
	return map[string]any{"areas": r.Areas, "sites": r.Sites, "points": r.Points, "changes": nonNil(r.Changes), "defects": defects}
}

func placeFind(c *call) func() error {
	country := c.flags.String("country", "", "ISO 3166-1 alpha-3 code")
	within := c.flags.String("within", "", "only places inside this unit")
	level := c.flags.Int("level", -1, "administrative level for coordinates; the lowest when left out")
	return func() error {
		what := strings.Join(c.flags.Args(), " ")
		reg, err := c.flow.Places(c.ctx, c.actor(), "")
		if err != nil {
			return err
		}
		matches := findPlace(reg, what, strings.ToUpper(*country), place.Code(*within), place.Level(*level))
		if c.json {
			return c.printJSON(nonNil(matches))
		}
		t := c.table("KIND", "CODE", "COUNTRY", "LEVEL", "NAME", "WITHIN", "SCORE", "FOUND BY")
		for _, m := range matches {
			by := string(m.Reason)
			if m.DistanceM > 0 {
				by += fmt.Sprintf(" (%.0f m)", m.DistanceM)
			}
			t.row(m.Kind, m.ID, m.Country, m.Level, m.Name, parentName(reg, m), fmt.Sprintf("%.2f", m.Score), by)
		}
		if err := t.flush(); err != nil {
			return err
		}
		if len(matches) == 0 {
			c.note("nothing found")
			return errFindings
		}
		return nil
	}
}

func parentName(reg *place.Register, m place.Match) string {
	if m.Kind != place.KindArea {
		return ""
	}
	a, ok := reg.Area(m.Country, m.Code())
	if !ok {
		return ""
	}
	parent, _ := reg.Area(m.Country, a.Parent)
	return parent.Names.In("en")
}

func findPlace(reg *place.Register, what, country string, within place.Code, level place.Level) []place.Match {
	if at, ok := coordinates(what); ok {
		return reg.Locate(at, country, level)
	}
	if found := reg.FindByCode(country, what); len(found) > 0 {
		return found
	}
	return reg.FindByName(place.Query{Name: what, Country: country, Within: within})
}

func coordinates(s string) (place.LatLon, bool) {
	lat, lon, ok := strings.Cut(s, ",")
	y, err1 := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	x, err2 := strconv.ParseFloat(strings.TrimSpace(lon), 64)
	return place.LatLon{Lat: y, Lon: x}, ok && err1 == nil && err2 == nil
}

func placeList(c *call) func() error {
	country := c.flags.String("country", "", "ISO 3166-1 alpha-3 code; all when left out")
	level := c.flags.Int("level", -1, "administrative level; all when left out")
	within := c.flags.String("within", "", "only units inside this one")
	return func() error {
		reg, err := c.flow.Places(c.ctx, c.actor(), "")
		if err != nil {
			return err
		}
		var areas []place.Area
		for _, a := range reg.All().Areas {
			if (*country == "" || strings.EqualFold(a.Country, *country)) && (*level < 0 || int(a.Level) == *level) &&
				(*within == "" || reg.IsWithin(a.Country, a.Code, place.Code(*within))) {
				a.Geometry = nil
				areas = append(areas, a)
			}
		}
		if c.json {
			return c.printJSON(nonNil(areas))
		}
		t := c.table("COUNTRY", "LEVEL", "CODE", "PARENT", "NAME")
		for _, a := range areas {
			t.row(a.Country, a.Level, a.Code, a.Parent, a.Names.In("en"))
		}
		return t.flush()
	}
}

func placePresets(c *call) func() error {
	return func() error {
		presets := place.Presets()
		if c.json {
			return c.printJSON(presets)
		}
		for _, p := range presets {
			var headers []string
			for _, column := range p.Columns {
				headers = append(headers, column.Header)
			}
			c.printf("%-18s %-6s %s\n", p.Name, p.Of, strings.Join(headers, ", "))
		}
		return nil
	}
}
