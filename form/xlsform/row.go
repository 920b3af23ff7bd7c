package xlsform

import (
	"slices"
	"strings"
	"sync"

	"safar/fault"
	"safar/locale"
	"safar/sheet"
)

// row is one row of a table, its cells as clean text by canonical name.
type row struct {
	number int
	one    map[string]string            // key -> text, of columns without language
	many   map[string]map[string]string // key -> language as written -> text
	column map[string]int               // key -> first column with a text
}

// read cleans the cells of a row. Error cells are faults and count as empty.
func (c *converter) read(t *table, raw sheet.Row) row {
	r := row{number: raw.Number, one: map[string]string{}, many: map[string]map[string]string{}, column: map[string]int{}}
	for _, col := range t.columns {
		cell := raw.Cell(col.index)
		if cell.Kind == sheet.Error {
			c.fail(c.where(t.sheet, raw.Number, col.index), fault.FormErrorCell, "value", cell.Raw)
			continue
		}
		text := cleanText(cell.Raw)
		if text == "" {
			continue
		}
		if _, seen := r.column[col.key]; !seen {
			r.column[col.key] = col.index
		}
		if col.language == "" {
			r.one[col.key] = text
			continue
		}
		if r.many[col.key] == nil {
			r.many[col.key] = map[string]string{}
		}
		r.many[col.key][col.language] = text
		c.langs.used[col.language] = true
	}
	return r
}

// empty holds when no cell has a text.
func (r row) empty() bool { return len(r.column) == 0 }

// text gives a translatable field, keyed by language as written.
func (r row) text(key string) locale.Text {
	text := locale.Text{}
	if plain := r.one[key]; plain != "" {
		text[""] = plain
	}
	for language, s := range r.many[key] {
		text[language] = s
	}
	if len(text) == 0 {
		return nil
	}
	return text
}

// media gives the media columns of a row, nil when there are none.
func (r row) media() map[string]locale.Text {
	var out map[string]locale.Text
	for _, kind := range []string{"image", "big-image", "audio", "video"} {
		if text := r.text(kind); text != nil {
			if out == nil {
				out = map[string]locale.Text{}
			}
			out[kind] = text
		}
	}
	return out
}

// prefixed gives the columns below bind::, body:: or instance::, without the prefix.
func (r row) prefixed(prefix string) map[string]string {
	var out map[string]string
	for key, text := range r.one {
		if name, ok := strings.CutPrefix(key, prefix+"::"); ok {
			if out == nil {
				out = map[string]string{}
			}
			out[name] = text
		}
	}
	return out
}

// cleanText trims a cell, takes line breaks as \n, and makes one space of several and of no-break spaces.
func cleanText(s string) string {
	if strings.ContainsAny(s, "\r\t\u00a0\u200b\ufeff") {
		s = spaces().Replace(s)
	}
	s = strings.TrimSpace(s)
	for strings.Contains(s, "  ") {
		s = strings.ReplaceAll(s, "  ", " ")
	}
	return strings.ToValidUTF8(dropControls(s), "")
}

// spaces and quotes are built once: a replacer costs more to build than to use.
var (
	spaces = sync.OnceValue(func() *strings.Replacer {
		return strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u00a0", " ", "\t", " ", "\u200b", "", "\ufeff", "")
	})
	quotes = sync.OnceValue(func() *strings.Replacer {
		return strings.NewReplacer("\n", " ", "‘", "'", "’", "'", "‚", "'", "“", `"`, "”", `"`, "„", `"`)
	})
)

// dropControls removes characters that XML cannot hold.
func dropControls(s string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
}

// cleanExpression puts an expression on one line and makes the quotation marks of word processors straight.
func cleanExpression(s string) string {
	if !strings.ContainsAny(s, "\n‘’‚“”„") {
		return s
	}
	return quotes().Replace(s)
}

// truth reads yes, no and their variants; ok is false for anything else.
func truth(s string) (value, ok bool) {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "yes", "true", "true()", "1":
		return true, true
	case "no", "false", "false()", "0":
		return false, true
	}
	return false, false
}

// condition reads a column that takes yes, no or an expression. No is an empty condition.
func condition(s string) string {
	if value, ok := truth(s); ok && strings.Trim(s, "01") != "" {
		if value {
			return "true()"
		}
		return ""
	}
	return cleanExpression(s)
}

func sorted(names []string) []string {
	slices.Sort(names)
	return names
}
