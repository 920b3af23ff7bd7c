package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// report is everything that was measured.
type report struct {
	Conditions conditions `json:"conditions"`
	Tables     []table    `json:"tables"`
}

// table is the outcome of one benchmark. The last rows are its yardsticks and targets, so that eyes can go down a
// column.
type table struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Columns []string `json:"columns"` // with units
	Rows    []row    `json:"rows"`
	Notes   []string `json:"notes,omitempty"`
}

// row is one line. Cells are text, int or float64; nil is "not measured".
type row struct {
	Kind  kind   `json:"kind"`
	Label string `json:"label"`
	Cells []any  `json:"cells"`
}

// kind says what a row is there for.
type kind string

const (
	measured  kind = "measured"
	yardstick kind = "yardstick"
	target    kind = "target"
)

func (t *table) add(k kind, label string, cells ...any) {
	t.Rows = append(t.Rows, row{k, label, cells})
}

func (t *table) note(format string, args ...any) {
	t.Notes = append(t.Notes, fmt.Sprintf(format, args...))
}

func (r report) write(w io.Writer, asJSON bool) error {
	if asJSON {
		enc := json.NewEncoder(w)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	var b strings.Builder
	b.WriteString(r.Conditions.String())
	for _, t := range r.Tables {
		t.print(&b)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// print writes a table with aligned columns: text to the left, numbers to the right.
func (t table) print(b *strings.Builder) {
	fmt.Fprintf(b, "\n%s: %s\n", t.Name, t.Title)
	lines := [][]string{append([]string{""}, t.Columns...)}
	for _, r := range t.Rows {
		label := r.Label
		if r.Kind != measured {
			label = string(r.Kind) + ": " + label
		}
		line := []string{label}
		for _, cell := range r.Cells {
			line = append(line, show(cell))
		}
		lines = append(lines, line)
	}
	var widths []int
	for _, line := range lines {
		for i, cell := range line {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, line := range lines {
		if len(t.Rows) > 0 {
			b.WriteString(strings.TrimRight(aligned(line, widths), " ") + "\n")
		}
	}
	for _, note := range t.Notes {
		b.WriteString("  " + note + "\n")
	}
}

func aligned(line []string, widths []int) string {
	var b strings.Builder
	for i, cell := range line {
		pad := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
		if i == 0 {
			b.WriteString("  " + cell + pad)
		} else {
			b.WriteString("  " + pad + cell)
		}
	}
	return b.String()
}

// show writes a number with three significant digits at least.
func show(cell any) string {
	switch v := cell.(type) {
	case nil:
		return "-"
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return "-"
		}
		digits := 2
		if size := math.Abs(v); size >= 100 {
			digits = 0
		} else if size >= 10 {
			digits = 1
		}
		return strconv.FormatFloat(v, 'f', digits, 64)
	}
	return fmt.Sprint(cell)
}

// latencies are times of single requests.
type latencies []time.Duration

// at gives a percentile in milliseconds: the smallest time that p percent of the requests did not exceed.
func (l latencies) at(p float64) float64 {
	if len(l) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(l))
	i := int(math.Ceil(p/100*float64(len(sorted)))) - 1
	return milliseconds(sorted[max(i, 0)])
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// per is a rate in items a second.
func per(n int, d time.Duration) float64 { return float64(n) / d.Seconds() }

// each is a time in milliseconds for one item.
func each(d time.Duration, n int) float64 { return milliseconds(d) / float64(n) }
