// Package report turns a frozen release into what a reader sees: findings in words, maps and charts as SVG, the doubt
// beside the number, and how it was made, in every language Safar speaks.
//
// It reads nothing but the release, so a page shows what was published and can be made again at any time. It is pure:
// files come in as fs.FS, pages go out as values, and the surface that serves them writes the HTML around.
package report

import (
	"io/fs"
	"path"
	"strconv"
	"strings"

	"safar/place"
	"safar/release"
)

// Edition is a release as read: the manifest, its hash, the tables and the words.
type Edition struct {
	release.Manifest
	Hash   string // SHA-256 of the manifest
	Places release.Places
	Words  release.Words
	tables map[string][]release.Row // by id: figures_adm1
	books  map[string]release.Row   // lines of the codebook on measures, by id
}

// Read takes a release in. Only the tables that want chooses are read, by id; nil means all.
func Read(fsys fs.FS, hash string, want func(id string) bool) (*Edition, error) {
	m, err := release.Open(fsys)
	if err != nil {
		return nil, err
	}
	e := &Edition{Manifest: m, Hash: hash, tables: map[string][]release.Row{}, books: map[string]release.Row{}}
	if e.Places, err = release.ReadPlaces(fsys); err != nil {
		return nil, err
	}
	if e.Words, err = release.ReadWords(fsys); err != nil {
		return nil, err
	}
	for _, file := range m.Files {
		id := strings.TrimSuffix(path.Base(file.Path), ".csv")
		if path.Dir(file.Path) != "data" || strings.HasPrefix(id, "dtm_") || want != nil && !want(id) {
			continue
		}
		if e.tables[id], err = release.ReadTable(fsys, file.Path); err != nil {
			return nil, err
		}
	}
	return e, e.readBook(fsys)
}

// readBook reads titles and definitions of measures for releases that carry no words.
func (e *Edition) readBook(fsys fs.FS) error {
	if _, err := fs.Stat(fsys, "codebook.csv"); err != nil {
		return nil
	}
	rows, err := release.ReadTable(fsys, "codebook.csv")
	for _, row := range rows {
		if row["kind"] == "measure" {
			e.books[row["name"]] = row
		}
	}
	return err
}

// cell is one number of a table.
type cell struct {
	row      release.Row
	measure  string
	value    float64
	known    bool
	withheld bool
	n        int // records behind it
	missing  int
	carried  int
}

func cellOf(row release.Row) cell {
	c := cell{row: row, measure: row["measure"], withheld: strings.HasPrefix(row["status"], "withheld")}
	value, err := strconv.ParseFloat(row["value"], 64)
	c.value, c.known = value, err == nil && !c.withheld
	c.n, _ = strconv.Atoi(row["n"]) // a withheld cell names no records
	c.missing, _ = strconv.Atoi(row["missing"])
	c.carried, _ = strconv.Atoi(row["carried"])
	return c
}

// cells gives the numbers of a measure in a table, in the order of the file.
func (e *Edition) cells(table, measure string) []cell {
	var list []cell
	for _, row := range e.tables[table] {
		if row["measure"] == measure {
			list = append(list, cellOf(row))
		}
	}
	return list
}

// total gives the number of a measure for the whole country.
func (e *Edition) total(measure string) (cell, bool) {
	for _, c := range e.cells("figures_adm0", measure) {
		if c.known && c.row["adm0_code"] != "" {
			return c, true
		}
	}
	return cell{}, false
}

// withheld counts the numbers that the files keep back.
func (e *Edition) withheld() int {
	n := 0
	for _, rows := range e.tables {
		for _, row := range rows {
			if strings.HasPrefix(row["status"], "withheld") {
				n++
			}
		}
	}
	return n
}

// names finds the names of areas, points and countries in a reader's language.
type names struct {
	lang   string
	areas  map[string]release.PlaceArea
	points map[string]release.PlacePoint
}

func (e *Edition) names(lang string) names {
	n := names{lang: lang, areas: map[string]release.PlaceArea{}, points: map[string]release.PlacePoint{}}
	for _, a := range e.Places.Areas {
		n.areas[a.Code] = a
	}
	for _, p := range e.Places.Points {
		n.points[p.ID] = p
	}
	return n
}

// area names an area by its code; otherwise is the name that the table prints.
func (n names) area(code, otherwise string) string {
	if name := n.areas[code].Names.In(n.lang); name != "" {
		return name
	}
	if otherwise != "" {
		return otherwise
	}
	return n.country(code)
}

// country names a country by its ISO code; the practice country is known by its areas only.
func (n names) country(code string) string {
	if name := n.areas[code].Names.In(n.lang); name != "" {
		return name
	}
	return place.CountryArea(code).Names.In(n.lang)
}

func (n names) point(id string) string {
	if name := n.points[id].Names.In(n.lang); name != "" {
		return name
	}
	return id
}
