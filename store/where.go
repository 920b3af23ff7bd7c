package store

import (
	"strconv"
	"strings"
)

// where builds the condition of a listing from the fields that its filter sets.
type where struct {
	terms []string
	args  []any
}

// add adds a condition with one argument, whose place is written as ?.
func (w *where) add(condition string, arg any) {
	w.args = append(w.args, arg)
	w.terms = append(w.terms, strings.ReplaceAll(condition, "?", "$"+strconv.Itoa(len(w.args))))
}

// text adds column = value unless the value is empty.
func (w *where) text(column, value string) {
	if value != "" {
		w.add(column+" = ?", value)
	}
}

// after adds the key from which a page goes on.
func (w *where) after(column, last string, newest bool) {
	switch {
	case last == "":
	case newest:
		w.add(column+" < ?", last)
	default:
		w.add(column+" > ?", last)
	}
}

func (w *where) clause() string {
	if len(w.terms) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(w.terms, " AND ")
}

// page is the size of a page for which none is asked.
const page = 100

// limit adds the size of the page.
func (w *where) limit(n int) string {
	if n <= 0 {
		n = page
	}
	w.args = append(w.args, n)
	return " LIMIT $" + strconv.Itoa(len(w.args))
}

// order is the direction of a listing by column.
func order(column string, newest bool) string {
	if newest {
		return " ORDER BY " + column + " DESC"
	}
	return " ORDER BY " + column
}
