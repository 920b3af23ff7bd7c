package main

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

// textTable prints aligned columns for people.
type textTable struct{ w *tabwriter.Writer }

func (c *call) table(header ...string) textTable {
	t := textTable{tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)}
	fmt.Fprintln(t.w, strings.Join(header, "\t"))
	return t
}

func (t textTable) row(cells ...any) {
	for i, cell := range cells {
		if i > 0 {
			fmt.Fprint(t.w, "\t")
		}
		fmt.Fprint(t.w, cell)
	}
	fmt.Fprintln(t.w)
}

func (t textTable) flush() error { return t.w.Flush() }

// list takes a flag of values separated by commas.
func list(s string) []string {
	var out []string
	for _, part := range strings.Split(s, ",") {
		if part = strings.TrimSpace(part); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// nonNil makes an empty list print as [] and not as null.
func nonNil[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

// when writes a time for people and programs, "" for none.
func when(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
