// Package locale knows the languages Safar speaks and the texts that exist in several of them.
package locale

import (
	"sort"
	"strconv"
	"strings"
)

// Language is one language of the surface or of content.
type Language struct {
	Tag         string // BCP 47: "tg"
	Name        string // in English, as XLSForm headers write it: "Tajik"
	Native      string // as its speakers write it: "Тоҷикӣ"
	RightToLeft bool
}

// Languages lists the languages of Safar's own texts, in the order they are offered.
func Languages() []Language {
	return []Language{
		{"en", "English", "English", false},
		{"ru", "Russian", "Русский", false},
		{"tg", "Tajik", "Тоҷикӣ", false},
		{"kk", "Kazakh", "Қазақша", false},
		{"fr", "French", "Français", false},
		{"es", "Spanish", "Español", false},
		{"ar", "Arabic", "العربية", true},
	}
}

// Text is one text in several languages, by BCP 47 tag.
type Text map[string]string

// In gives the text in the first of the wanted languages that has it, then in English, then in whichever tag sorts
// first; "" only when there is no text at all.
func (t Text) In(wanted ...string) string {
	for _, tag := range append(wanted, "en") {
		if s := t[tag]; s != "" {
			return s
		}
	}
	for _, tag := range t.Tags() {
		if t[tag] != "" {
			return t[tag]
		}
	}
	return ""
}

// Tags lists the languages that have a text, sorted.
func (t Text) Tags() []string {
	tags := make([]string, 0, len(t))
	for tag := range t {
		tags = append(tags, tag)
	}
	sort.Strings(tags)
	return tags
}

// Missing lists those of the wanted languages that have no text.
func (t Text) Missing(wanted ...string) []string {
	var missing []string
	for _, tag := range wanted {
		if strings.TrimSpace(t[tag]) == "" {
			missing = append(missing, tag)
		}
	}
	return missing
}

// Number writes a figure for people in English form: thousands separated by commas, no needless decimals.
func Number(value float64) string {
	s := strconv.FormatFloat(value, 'f', -1, 64)
	whole, fraction, hasFraction := strings.Cut(s, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if hasFraction {
		whole += "." + fraction
	}
	return sign + whole
}
