package store

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"safar/locale"
	"safar/place"
)

// placeRow is a unit, site or point as it is stored.
type placeRow struct {
	country, id string
	in          string // the parent of a unit, the unit of a site or point
	level       int    // of a unit
	search      string
	data        string
}

// PutAreas adds administrative units or changes them, and keeps the table of who lies in whom. Parents may come in the
// same call, in any order.
func (tx *Tx) PutAreas(areas []place.Area) error {
	rows := make([]placeRow, len(areas))
	for i := range areas {
		a := &areas[i]
		data, err := toJSON(a)
		if err != nil {
			return err
		}
		rows[i] = placeRow{a.Country, string(a.Code), string(a.Parent), int(a.Level), searchable(string(a.Code), a.Names, a.Aliases), storable(data)}
	}
	moved := map[string]bool{} // countries whose tree changed
	err := tx.putPlaces("area", "code", rows, func(r placeRow, old string) error {
		var before place.Area
		if old != "" {
			if err := json.Unmarshal([]byte(old), &before); err != nil {
				return err
			}
		}
		if old == "" || string(before.Parent) != r.in {
			moved[r.country] = true
		}
		return tx.put(`INSERT INTO area (country, code, level, parent, search, data) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (country, code)
			DO UPDATE SET level = excluded.level, parent = excluded.parent, search = excluded.search, data = excluded.data`, r.country, r.id, r.level, r.in, r.search, r.data)
	})
	for country := range moved {
		if err == nil {
			err = tx.rebuildClosure(country)
		}
	}
	return err
}

// placesAtOnce is how many places are looked up together.
const placesAtOnce = 100

// putPlaces calls put for each row that is new or differs from what is stored (old, "" for new), and counts one change
// of the places when there was any.
func (tx *Tx) putPlaces(table, key string, rows []placeRow, put func(r placeRow, old string) error) error {
	changed := false
	for len(rows) > 0 {
		n := 1
		for n < min(len(rows), placesAtOnce) && rows[n].country == rows[0].country {
			n++
		}
		stored, err := tx.storedPlaces(table, key, rows[:n])
		if err != nil {
			return err
		}
		for _, r := range rows[:n] {
			if stored[r.id] == r.data {
				continue
			}
			changed = true
			if err := put(r, stored[r.id]); err != nil {
				return err
			}
			stored[r.id] = r.data
		}
		rows = rows[n:]
	}
	if !changed {
		return nil
	}
	return tx.placesChanged()
}

// storedPlaces reads what is stored of some places of one country, by key.
func (tx *Tx) storedPlaces(table, key string, rows []placeRow) (map[string]string, error) {
	w := where{}
	w.add("country = ?", rows[0].country)
	places := make([]string, len(rows))
	for i, r := range rows {
		w.args = append(w.args, r.id)
		places[i] = "$" + strconv.Itoa(len(w.args))
	}
	stored := make(map[string]string, len(rows))
	return stored, tx.each(func(r row) error {
		var id, data string
		err := r.Scan(&id, &data)
		stored[id] = data
		return err
	}, "SELECT "+key+", data FROM "+table+w.clause()+" AND "+key+" IN ("+strings.Join(places, ", ")+")", w.args...)
}

// rebuildClosure lists every pair of a unit and one of its ancestors, itself included. Six steps are more than the
// levels there are, and end the recursion even if parents form a ring.
func (tx *Tx) rebuildClosure(country string) error {
	if err := tx.put("DELETE FROM area_closure WHERE country = $1", country); err != nil {
		return err
	}
	return tx.put(`INSERT INTO area_closure (country, ancestor, descendant, depth)
		WITH RECURSIVE up (ancestor, descendant, depth) AS (
			SELECT code, code, 0 FROM area WHERE country = $1
			UNION ALL
			SELECT a.parent, up.descendant, up.depth + 1 FROM up JOIN area a ON a.country = $1 AND a.code = up.ancestor
			WHERE a.parent <> '' AND up.depth < 6
		)
		SELECT $1, ancestor, descendant, min(depth) FROM up GROUP BY ancestor, descendant`, country)
}

// PutSites adds sites or changes them.
func (tx *Tx) PutSites(sites []place.Site) error {
	rows := make([]placeRow, len(sites))
	for i := range sites {
		s := &sites[i]
		data, err := toJSON(s)
		if err != nil {
			return err
		}
		rows[i] = placeRow{s.Country, s.SSID, string(s.Area), 0, searchable(s.SSID, s.Names, s.Aliases), storable(data)}
	}
	return tx.putPlaces("site", "ssid", rows, func(r placeRow, _ string) error {
		return tx.put(`INSERT INTO site (country, ssid, area, search, data) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (country, ssid)
			DO UPDATE SET area = excluded.area, search = excluded.search, data = excluded.data`, r.country, r.id, r.in, r.search, r.data)
	})
}

// PutFlowPoints adds flow points or changes them.
func (tx *Tx) PutFlowPoints(points []place.FlowPoint) error {
	rows := make([]placeRow, len(points))
	for i := range points {
		p := &points[i]
		data, err := toJSON(p)
		if err != nil {
			return err
		}
		rows[i] = placeRow{p.Country, p.ID, string(p.Area), 0, searchable(p.ID, p.Names, nil), storable(data)}
	}
	return tx.putPlaces("flow_point", "id", rows, func(r placeRow, _ string) error {
		return tx.put(`INSERT INTO flow_point (country, id, area, search, data) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (country, id)
			DO UPDATE SET area = excluded.area, search = excluded.search, data = excluded.data`, r.country, r.id, r.in, r.search, r.data)
	})
}

// Areas lists the units of a country ("" = all) by level and code.
func (tx *Tx) Areas(country string) ([]place.Area, error) {
	w := where{}
	w.text("country", country)
	return list(tx, fromJSON[place.Area], "SELECT data FROM area"+w.clause()+" ORDER BY country, level, code", w.args...)
}

// Sites lists the sites of a country ("" = all) by SSID.
func (tx *Tx) Sites(country string) ([]place.Site, error) {
	w := where{}
	w.text("country", country)
	return list(tx, fromJSON[place.Site], "SELECT data FROM site"+w.clause()+" ORDER BY country, ssid", w.args...)
}

// FlowPoints lists the flow points of a country ("" = all) by id.
func (tx *Tx) FlowPoints(country string) ([]place.FlowPoint, error) {
	w := where{}
	w.text("country", country)
	return list(tx, fromJSON[place.FlowPoint], "SELECT data FROM flow_point"+w.clause()+" ORDER BY country, id", w.args...)
}

// PlacesVersion is a number that is another after every change to places; 0 when there were none yet.
func (tx *Tx) PlacesVersion() (int64, error) {
	text, err := first(tx, value[string], "SELECT value FROM installation WHERE name = $1", placesNow)
	if errors.Is(err, errNone) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(text, 10, 64)
}

func (tx *Tx) placesChanged() error {
	version, err := tx.PlacesVersion()
	if err != nil {
		return err
	}
	return tx.put("INSERT INTO installation (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
		placesNow, strconv.AppendInt(nil, version+1, 10))
}

// searchable joins what a place is found by, folded, because SQLite folds only ASCII letters.
func searchable(code string, names locale.Text, aliases []string) string {
	words := []string{place.Fold(code)}
	for _, tag := range names.Tags() {
		words = append(words, place.Fold(names[tag]))
	}
	for _, alias := range aliases {
		words = append(words, place.Fold(alias))
	}
	return strings.Join(words, " ")
}
