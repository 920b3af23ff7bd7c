package workflow

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"safar/form/xpath"
	"safar/place"
	"safar/record"
	"safar/round"
	"safar/sheet"
	"safar/store"
)

// mediaSource is what the generated files of a form are made of.
type mediaSource struct {
	country  string
	rounds   []round.Round
	device   store.Device
	register *place.Register
	last     map[string]lastValues // by SSID
}

// lastValues are the stocks of a location in the newest round that has it, which enumerators see while they ask.
type lastValues struct {
	round                                  int
	idpHH, idpInd, returneeHH, returneeInd string
}

// locationsFile is the generated list of locations.
const locationsFile = "locations.csv"

// readLast takes the stocks of a record by their names in the dictionary.
func readLast(number int, answers *xpath.Node) lastValues {
	return lastValues{
		round: number, idpHH: record.Answer(answers, "sf0100_loc_num_idp_hh"), idpInd: record.Answer(answers, "m0310_loc_num_idp_ind"),
		returneeHH: record.Answer(answers, "sf0101_loc_num_returnee_hh"), returneeInd: record.Answer(answers, "sf0102_loc_num_returnee_ind"),
	}
}

// file makes one file by name, nil when Safar does not generate it. The bytes depend on the data alone.
func (m mediaSource) file(name string) ([]byte, error) {
	switch name {
	case "round.csv":
		return m.roundFile()
	case "areas.csv":
		return m.areasFile()
	case locationsFile:
		return m.locationsFile()
	case "points.csv":
		return m.pointsFile()
	case "countries.csv":
		return m.countriesFile()
	}
	return nil, nil
}

// table writes rows as CSV. Values that a spreadsheet would run as a formula are no danger here: forms read them.
func table(header []string, rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := sheet.NewCSVWriter(&b)
	if err := w.WriteText(header...); err != nil {
		return nil, err
	}
	for _, row := range rows {
		if err := w.WriteText(row...); err != nil {
			return nil, err
		}
	}
	if err := w.Flush(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func (m mediaSource) roundFile() ([]byte, error) {
	var rows [][]string
	if r, open := currentRound(m.rounds); open {
		label := r.Label
		if label == "" {
			label = "R" + strconv.Itoa(r.Number)
		}
		rows = append(rows, []string{"current", strconv.Itoa(r.Number), label, r.Start, r.End, r.ReferenceStart, r.Reference(), m.country})
	}
	return table([]string{"key", "number", "label", "start", "end", "reference_start", "reference_date", "country"}, rows)
}

// mine says whether a device that is bound to areas works in this one; a device without areas works everywhere.
func (m mediaSource) mine(code place.Code) bool {
	if len(m.device.Areas) == 0 {
		return true
	}
	return slices.ContainsFunc(m.device.Areas, func(own string) bool {
		return code == place.Code(own) || m.register.IsWithin(m.country, code, place.Code(own))
	})
}

func (m mediaSource) areasFile() ([]byte, error) {
	var rows [][]string
	for level := place.Level(1); level <= 3; level++ {
		for _, a := range m.register.Areas(m.country, level) {
			if m.ValidNow(a) {
				rows = append(rows, []string{string(a.Code), a.Names.In("en"), strconv.Itoa(int(a.Level)), string(a.Parent)})
			}
		}
	}
	return table([]string{"code", "name", "level", "parent"}, rows)
}

// ValidNow leaves out units that have ended: their successors are in the list.
func (mediaSource) ValidNow(a place.Area) bool { return a.ValidTo == "" }

func (m mediaSource) locationsFile() ([]byte, error) {
	var rows [][]string
	for _, s := range m.register.Sites(m.country, "") {
		if s.Status == "closed" || s.MergedInto != "" || !m.mine(s.Area) {
			continue
		}
		path := m.register.Path(m.country, s.Area)
		lat, lon := position(s.At)
		last := m.last[s.SSID]
		lastRound := ""
		if last.round > 0 {
			lastRound = strconv.Itoa(last.round)
		}
		rows = append(rows, []string{s.SSID, s.Names.In("en"), string(path[1]), string(path[2]), string(path[3]), lat, lon, lastRound, last.idpHH, last.idpInd, last.returneeHH, last.returneeInd})
	}
	return table([]string{"ssid", "name", "adm1", "adm2", "adm3", "lat", "lon", "last_round", "last_idp_hh", "last_idp_ind", "last_returnee_hh", "last_returnee_ind"}, rows)
}

func position(at *place.LatLon) (lat, lon string) {
	if at == nil {
		return "", ""
	}
	return strconv.FormatFloat(at.Lat, 'f', -1, 64), strconv.FormatFloat(at.Lon, 'f', -1, 64)
}

// pointsFile lists the points a device counts at; a device bound to none sees all.
func (m mediaSource) pointsFile() ([]byte, error) {
	var rows [][]string
	for _, p := range m.register.Points(m.country, "") {
		if p.Status == "closed" || (len(m.device.Points) > 0 && !slices.Contains(m.device.Points, p.ID)) {
			continue
		}
		path := m.register.Path(m.country, p.Area)
		lat, lon := position(p.At)
		rows = append(rows, []string{p.ID, p.Names.In("en"), string(path[1]), string(path[2]), lat, lon, hour(p.OpensAt), hour(p.ClosesAt), "1"})
	}
	return table([]string{"id", "name", "adm1", "adm2", "lat", "lon", "obs_start_hour", "obs_end_hour", "shifts_per_day"}, rows)
}

// hour writes "08:30" as "8.5", as the form compares it; "" when the point's hours are not known.
func hour(clock string) string {
	h, m, ok := strings.Cut(clock, ":")
	hours, err1 := strconv.Atoi(h)
	minutes, err2 := strconv.Atoi(m)
	if !ok || err1 != nil || err2 != nil {
		return ""
	}
	return strconv.FormatFloat(float64(hours)+float64(minutes)/60, 'f', -1, 64)
}

// countriesFile lists the countries of ISO 3166-1, and the operation's own where it is none of them: the practice country.
func (m mediaSource) countriesFile() ([]byte, error) {
	var rows [][]string
	own := false
	for _, c := range place.AllCountries() {
		rows = append(rows, []string{string(c.Code), c.Names.In("en")})
		own = own || string(c.Code) == m.country
	}
	if home, ok := m.register.Area(m.country, place.Code(m.country)); ok && !own {
		rows = append(rows, []string{string(home.Code), home.Names.In("en")})
	}
	return table([]string{"code", "name"}, rows)
}
