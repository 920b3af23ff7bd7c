package web

import (
	"encoding/json"

	"safar/release"
)

// RowJSON reads a row of a DTM table and writes it as version 3 of the API does, for cases that no pack makes yet.
func RowJSON(row release.Row, lvl int) (string, error) {
	f, err := parseFigure(row, lvl, edition{id: "r"})
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(rowsV3([]*figure{&f}, lvl, func(*figure) bool { return true })[0])
	return string(text), err
}

// ParseQuery reads the parameters of a question, for fuzzing without a store.
func ParseQuery(query string, lvl int) []error {
	_, problems := parseSelection(query, lvl)
	return problems
}

// Shelf gives how many releases and figures are kept after n releases of size figures each were put on it.
func Shelf(n, size int) (releases, figures int) {
	s := newShelf(nil)
	for i := range n {
		s.keep(string(rune('a'+i)), &tables{make([]figure, size)})
	}
	return len(s.kept), s.figures
}
