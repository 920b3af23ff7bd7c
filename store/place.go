package store

import (
	"errors"
	"strconv"
	"strings"

	"safar/locale"
	"safar/place"
)

// PutAreas adds administrative units or changes them, and keeps the table of who lies in whom. Parents may come in the
// same call, in any order.
func (tx *Tx) PutAreas(areas []place.Area) error {
	moved := map[string]bool{} // countries whose tree changed
	var changed int64
	for i := range areas {
		a := &areas[i]
		n, structure, err := tx.putArea(a)
		if err != nil {
			return err
		}
		changed += n
		if structure {
			moved[a.Country] = true
		}
	}
	for country := range moved {
		if err := tx.rebuildClosure(country); err != nil {
			return err
		}
	}
	return tx.placesChanged(changed)
}

// putArea stores one unit and says whether its place in the tree is new.
func (tx *Tx) putArea(a *place.Area) (n int64, structure bool, err error) {
	data, err := toJSON(a)
	if err != nil {
		return 0, false, err
	}
	parent, err := first(tx, value[string], "SELECT parent FROM area WHERE country = $1 AND code = $2", a.Country, string(a.Code))
	if err != nil && !errors.Is(err, errNone) {
		return 0, false, err
	}
	structure = err != nil || parent != string(a.Parent)
	n, err = tx.exec(`INSERT INTO area (country, code, level, parent, search, data) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (country, code) DO UPDATE SET level = excluded.level, parent = excluded.parent, search = excluded.search, data = excluded.data
		WHERE area.data <> excluded.data`,
		a.Country, string(a.Code), int(a.Level), string(a.Parent), searchable(string(a.Code), a.Names, a.Aliases), data)
	return n, structure, err
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
	var changed int64
	for i := range sites {
		s := &sites[i]
		n, err := tx.putPlace("site", "ssid", s.Country, s.SSID, string(s.Area), searchable(s.SSID, s.Names, s.Aliases), s)
		if err != nil {
			return err
		}
		changed += n
	}
	return tx.placesChanged(changed)
}

// PutFlowPoints adds flow points or changes them.
func (tx *Tx) PutFlowPoints(points []place.FlowPoint) error {
	var changed int64
	for i := range points {
		p := &points[i]
		n, err := tx.putPlace("flow_point", "id", p.Country, p.ID, string(p.Area), searchable(p.ID, p.Names, nil), p)
		if err != nil {
			return err
		}
		changed += n
	}
	return tx.placesChanged(changed)
}

func (tx *Tx) putPlace(table, key, country, id, area, search string, v any) (int64, error) {
	data, err := toJSON(v)
	if err != nil {
		return 0, err
	}
	return tx.exec("INSERT INTO "+table+" (country, "+key+", area, search, data) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (country, "+key+
		") DO UPDATE SET area = excluded.area, search = excluded.search, data = excluded.data WHERE "+table+".data <> excluded.data",
		country, id, area, search, data)
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

func (tx *Tx) placesChanged(rows int64) error {
	if rows == 0 {
		return nil
	}
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
