package dictionary

import (
	"sort"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold makes headers and answers comparable: lower case, accents and punctuation gone, one space between words.
// Letters of every script stay, so Cyrillic headers fold as well.
func Fold(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && b.Len() > 0 {
				b.WriteByte(' ')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return b.String()
}

// foldToken keeps punctuation, since tokens such as "#REF!" and "-" are made of it.
func foldToken(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// Words turns a header into the words of the dictionary (words.yaml): variants become one word ("hhs", "households",
// "домохозяйств" -> "household"), and words without meaning in a header ("estimated", "number", "of") fall away.
// "Estimated # of IDP households  (total)" gives [idp household total].
func (d *Dictionary) Words(header string) []string {
	var words []string
	for _, w := range strings.Fields(Fold(header)) {
		if known, ok := d.words[w]; ok {
			w = known
		}
		if w != "" {
			words = append(words, w)
		}
	}
	return words
}

// Match is an item that a header may mean.
type Match struct {
	Item       Item
	Confidence float64 // 1 = the header is the item's name, code or alias; less for words
	Reason     string  // name, alias, words
}

// Match lists the items a workbook header may mean, best first. country is the name of the country, for headers such
// as "returnees from South Sudan"; it may be empty.
func (d *Dictionary) Match(header, country string) []Match {
	if item, ok := d.Item(strings.TrimSpace(header)); ok && !item.Retired() {
		return []Match{{item, 1, "name"}}
	}
	folded := Fold(header)
	words := d.standIn(d.Words(header), country)
	var found []Match
	for _, item := range d.items {
		if item.Retired() {
			continue
		}
		if m, ok := matchItem(item, folded, words); ok {
			found = append(found, m)
		}
	}
	sort.SliceStable(found, func(i, j int) bool { return found[i].Confidence > found[j].Confidence })
	return found
}

func matchItem(item Item, folded string, words []string) (Match, bool) {
	if folded != "" && (folded == Fold(item.Name) || has(item.Aliases, folded)) {
		return Match{item, 0.98, "alias"}, true
	}
	best := 0.0
	for _, set := range item.Synonyms {
		best = max(best, likeness(set, words))
	}
	return Match{item, best, "words"}, best > 0
}

// likeness is 0.95 when the header says exactly the set's words; every further word of the header takes some away, and
// a set with a word that the header lacks does not fit at all. Word order does not count.
func likeness(set, words []string) float64 {
	if len(set) == 0 || len(words) == 0 {
		return 0
	}
	for _, w := range set {
		if !has(words, w) {
			return 0
		}
	}
	extra := 0
	for _, w := range words {
		if !has(set, w) {
			extra++
		}
	}
	return max(0, 0.95-0.2*float64(extra))
}

// standIn replaces the country's own name by {country}.
func (d *Dictionary) standIn(words []string, country string) []string {
	name := strings.Fields(Fold(country))
	if len(name) == 0 {
		return words
	}
	for at := 0; at+len(name) <= len(words); at++ {
		if strings.Join(words[at:at+len(name)], " ") == strings.Join(name, " ") {
			return append(append(append([]string{}, words[:at]...), "{country}"), words[at+len(name):]...)
		}
	}
	return words
}
