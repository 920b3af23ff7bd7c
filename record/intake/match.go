package intake

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"safar/dictionary"
	"safar/fault"
	"safar/form"
	"safar/sheet"
)

// The confidences from which a match counts.
const (
	surely   = 0.9
	possibly = 0.7
)

func confidence(sure float64) Confidence {
	switch {
	case sure >= surely:
		return High
	case sure >= possibly:
		return Medium
	}
	return Low
}

// lexicon is the dictionary with a memory: headers are looked up several times, and come again from sheet to sheet.
type lexicon struct {
	*dictionary.Dictionary
	seen map[[2]string][]dictionary.Match
}

func newLexicon(d *dictionary.Dictionary) lexicon {
	return lexicon{d, map[[2]string][]dictionary.Match{}}
}

// elision is a French article or preposition before a vowel: d'individus.
var elision = regexp.MustCompile(`(?i)\b[dl]['’]`)

// match lists the items that a header may mean, best first; underscores count as spaces.
func (l lexicon) match(header, country string) []dictionary.Match {
	whole := header
	header = strings.ReplaceAll(header, "_", " ")
	if strings.ContainsAny(header, "'’") {
		header = elision.ReplaceAllString(header, "")
	}
	if _, name, grouped := strings.Cut(whole, "/"); grouped { // group/question, as ODK, Kobo and Safar export it
		name = name[strings.LastIndex(name, "/")+1:]
		if item, known := l.Item(name); known && item.Name == name {
			return []dictionary.Match{{Item: item, Confidence: 1, Reason: "name"}}
		}
	}
	key := [2]string{undated(header), country}
	found, ok := l.seen[key]
	if !ok {
		found = l.Dictionary.Match(key[0], country)
		l.seen[key] = found
	}
	return found
}

// matcher finds the items that columns answer.
type matcher struct {
	dict    lexicon
	country string // English name, for "returnees from South Sudan"
	flow    bool   // the rows are groups of travellers, not sites
	index   *form.Index
}

// allowed holds for items that a row of this kind of table can answer.
func (m matcher) allowed(item dictionary.Item) bool {
	if item.Retired() {
		return false
	}
	switch item.Level {
	case "flow", "shift":
		if !m.flow {
			return false
		}
	case "loc":
		if m.flow {
			return false
		}
	}
	if m.index != nil {
		if el := m.index.Element(item.Name); el != nil && m.index.RepeatOf(el) != nil {
			return false
		}
	}
	return !item.Identity
}

var (
	datedWord   = regexp.MustCompile(`(?i)\b(19|20)\d{2}\b|\br(ound)?[-_ ]?\d{1,3}\b`)
	emptyMarks  = regexp.MustCompile(`\(\s*\)|\[\s*\]`)
	nameOfMonth = regexp.MustCompile(`\pL{3,}`)
)

// undated takes years, months and round numbers out of a header: they say of when the value is, not what it is.
func undated(header string) string {
	if !datedWord.MatchString(header) {
		return header
	}
	header = datedWord.ReplaceAllString(header, " ")
	header = nameOfMonth.ReplaceAllStringFunc(header, func(w string) string {
		if monthOf(w) > 0 && !strings.EqualFold(w, "may") {
			return " "
		}
		return w
	})
	return strings.TrimSpace(emptyMarks.ReplaceAllString(header, " "))
}

// item finds the best item for a column: by header with its group's title, by header alone, then by HXL tag.
func (m matcher) item(c *column) (best dictionary.Match, weaker *dictionary.Match) {
	texts := []string{c.header}
	if c.group != "" {
		texts = []string{c.group + " " + c.header, c.header}
	}
	for _, text := range texts {
		for _, found := range m.dict.match(text, m.country) {
			if found.Confidence > 0 && weaker == nil && m.allowed(found.Item) {
				weaker = &found
			}
			if m.fits(found, c) {
				return found, nil
			}
		}
	}
	if found, ok := m.bySlug(c); ok {
		return found, nil
	}
	if found, ok := m.byTag(c); ok {
		return found, nil
	}
	if found, ok := m.dateItem(c); ok {
		return found, nil
	}
	return dictionary.Match{}, weaker
}

// fits holds for a match that can be believed: counts need the exact words, since one more ("in camps") may make a part
// of the whole; other items may have one word more. What the column holds must be of the item's kind.
func (m matcher) fits(found dictionary.Match, c *column) bool {
	if !m.allowed(found.Item) || found.Confidence < possibly || found.Item.Unit != "" && found.Confidence < surely {
		return false
	}
	return m.holds(found.Item, c.profile)
}

// holds says whether a column's values are of the kind that an item asks for.
func (m matcher) holds(item dictionary.Item, p profile) bool {
	if p.filled == 0 {
		return true
	}
	switch item.Type {
	case "integer", "decimal", "range":
		return p.numeric() >= 0.6
	case "date", "today":
		return m.dated(p)
	case "select_one", "select_multiple":
		if item.List == "" {
			return true
		}
		list, ok := m.dict.List(item.List)
		return !ok || recognised(list, p, item.Type == "select_multiple") >= 0.5
	case "geopoint":
		return pairs(p)
	case "calculate":
		return item.Unit == "" || p.numeric() >= 0.6
	}
	return true
}

func (m matcher) dated(p profile) bool {
	serials := p.numeric() > 0.8 && p.min >= firstSerial && p.max <= lastSerial
	return p.share(p.dates) >= 0.5 || serials
}

// recognised is the share of cells whose text is an answer of the list.
func recognised(list dictionary.List, p profile, several bool) float64 {
	hits := 0
	for text, n := range p.distinct {
		if _, ok := list.Recognise(text); ok {
			hits += n
		} else if several {
			s := spec{typ: "select_multiple", choices: choices{list: list, known: true}}
			if _, ok := s.several(text); ok {
				hits += n
			}
		}
	}
	return p.share(hits)
}

// bySlug finds an item whose slug the header is, in other letters: "Transport", "Reason main".
func (m matcher) bySlug(c *column) (dictionary.Match, bool) {
	slug := strings.ReplaceAll(dictionary.Fold(c.header), " ", "_")
	item, ok := m.dict.Item(slug)
	if !ok || !m.allowed(item) || !m.holds(item, c.profile) {
		return dictionary.Match{}, false
	}
	return dictionary.Match{Item: item, Confidence: 0.9, Reason: "the header is the short name of the item"}, true
}

func (m matcher) byTag(c *column) (dictionary.Match, bool) {
	if c.tag == "" {
		return dictionary.Match{}, false
	}
	want := plainTag(c.tag)
	for _, item := range m.dict.Items() {
		if item.HXL != "" && plainTag(item.HXL) == want && m.allowed(item) && m.holds(item, c.profile) {
			return dictionary.Match{Item: item, Confidence: 0.9, Reason: "HXL tag " + c.tag}, true
		}
	}
	return dictionary.Match{}, false
}

// dateItem takes a column of dates whose header says little else for the date of the assessment or observation.
func (m matcher) dateItem(c *column) (dictionary.Match, bool) {
	if !m.dated(c.profile) {
		return dictionary.Match{}, false
	}
	words := m.dict.Words(c.header)
	if !slices.Contains(words, "date") && !slices.Contains(words, "day") {
		return dictionary.Match{}, false
	}
	for _, w := range words {
		if !slices.Contains([]string{"date", "day", "assessment", "survey", "data", "collection", "visit", "update", "updated", "observation", "interview", "reporting", "monitoring"}, w) {
			return dictionary.Match{}, false
		}
	}
	name := "m1855_meta_assessment_date"
	if m.flow {
		name = "sf0201_flow_obs_date"
	}
	item, ok := m.dict.Item(name)
	return dictionary.Match{Item: item, Confidence: 0.8, Reason: "a column of dates"}, ok
}

// items gives the columns without a role their items; each item goes to the column that fits best, the first of equals.
func (m matcher) items(t *table) (notes []*fault.Error) {
	type claim struct {
		col   int
		match dictionary.Match
	}
	var claims []claim
	for i := range t.cols {
		c := &t.cols[i]
		if c.role != roleNone || c.header == "" || c.profile.filled == 0 {
			continue
		}
		best, weaker := m.item(c)
		switch {
		case best.Confidence > 0:
			claims = append(claims, claim{i, best})
		case weaker != nil && weaker.Confidence > 0.3:
			c.reason = fmt.Sprintf("resembles %s, but says more or other; add it to columns if it is that", weaker.Item.Name)
		}
	}
	slices.SortStableFunc(claims, func(a, b claim) int { return cmp.Compare(b.match.Confidence, a.match.Confidence) })
	owner := map[string]int{}
	for _, k := range claims {
		c := &t.cols[k.col]
		if first, taken := owner[k.match.Item.Name]; taken {
			c.reason = "a second column for " + k.match.Item.Name + ", after " + t.cols[first].header
			notes = append(notes, fault.New(fault.IntakeTwoColumns, "first", shortQuote(t.cols[first].header), "second", shortQuote(c.header), "item", k.match.Item.Name))
			continue
		}
		owner[k.match.Item.Name] = k.col
		c.role, c.item, c.sure, c.reason = roleItem, k.match.Item, k.match.Confidence, reasonOf(k.match)
	}
	return notes
}

func reasonOf(m dictionary.Match) string {
	switch m.Reason {
	case "name":
		return "the header is the item's name or code"
	case "alias":
		return "the header is a known name of the item"
	case "words":
		return "the words of the header mean the item"
	}
	return m.Reason
}

func textCell(s string) sheet.Cell { return sheet.TextCell(s) }
