package intake

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"safar/fault"
	"safar/form"
	"safar/place"
	"safar/sheet"
)

// columns lists what becomes an answer and what does not.
func (s *suggester) columns() {
	var index *form.Index
	if s.tool.Form != nil {
		index = s.tool.Form.Index()
	}
	totals := map[string]bool{}
	for i := range s.table.cols {
		if c := &s.table.cols[i]; c.role == roleItem {
			totals[c.item.Name] = true
		}
	}
	for i := range s.table.cols {
		c := &s.table.cols[i]
		switch {
		case c.role == roleItem && index != nil && inRepeat(index, c.item.Name):
			s.ignore(c, c.item.Name+" stands in a repeat of the form, which one cell cannot answer")
		case c.role == roleItem:
			s.column(c)
			if total := c.item.Total; total != "" && !totals[total] {
				s.note(fault.New(fault.IntakeColumnsOfTotal, "header", shortQuote(c.header), "item", total))
			}
		case c.role == roleIdentity:
			s.note(fault.New(fault.IntakeIdentity, "header", shortQuote(c.header), "what", c.reason))
			s.ignore(c, "personal data: "+c.reason)
		case c.role == roleNone || c.role == roleBookkeeping:
			s.ignore(c, cmp.Or(c.reason, s.whyNot(c)))
		}
	}
}

func inRepeat(index *form.Index, name string) bool {
	el := index.Element(name)
	return el != nil && index.RepeatOf(el) != nil
}

func (s *suggester) whyNot(c *column) string {
	switch {
	case c.profile.filled == 0:
		return "empty"
	case c.header == "":
		return "no header"
	}
	return "no item of the dictionary is called so"
}

func (s *suggester) ignore(c *column, reason string) {
	if c.header == "" && c.profile.filled == 0 {
		return
	}
	s.m.Ignored = append(s.m.Ignored, Ignored{Header: s.ref(c), Reason: reason})
}

func (s *suggester) column(c *column) {
	out := Column{Header: s.ref(c), To: c.item.Name, Breakdown: c.item.Breakdown, Confidence: confidence(c.sure), Reason: c.reason}
	if c.item.Part != "" {
		out.Breakdown += "/" + c.item.Part
	}
	out.Missing = s.missing(c)
	switch {
	case c.item.Type == "date":
		out.Dates = string(columnOrder(s.cells(c), s.m.Round.Start, s.m.Round.End))
	case strings.HasPrefix(c.item.Type, "select") || c.item.Type == "rank":
		out.Values = s.answers(c)
	}
	s.m.Columns = append(s.m.Columns, out)
}

func (s *suggester) cells(c *column) []sheet.Cell {
	var cells []sheet.Cell
	for _, row := range s.table.rows {
		if cell := row.Cell(c.at); cell.Kind != sheet.Empty {
			cells = append(cells, cell)
		}
	}
	return cells
}

// missing lists the words of a column that stand for no value, as written.
func (s *suggester) missing(c *column) []string {
	seen := map[string]bool{}
	for _, cell := range s.cells(c) {
		text := cellText(cell)
		if _, missing := s.in.Dictionary.Missing(text); missing && cell.Kind == sheet.Text && text != "" {
			seen[text] = true
		}
	}
	words := slices.Sorted(maps.Keys(seen))
	return words[:min(len(words), 10)]
}

// maxValues bounds how many values of a column are written into a mapping.
const maxValues = 60

// answers pairs what a select's column holds with the answers it means, and notes what means none.
func (s *suggester) answers(c *column) map[string]string {
	if strings.HasSuffix(c.item.Type, "_from_file") {
		return s.placeAnswers(c)
	}
	sp := s.select_(c)
	out := map[string]string{}
	var unmatched []string
	for _, text := range slices.Sorted(maps.Keys(c.profile.distinct)) {
		name, ok := sp.choices.find(text)
		if !ok && c.item.Type != "select_one" {
			_, ok = sp.several(text)
		}
		switch {
		case !ok:
			unmatched = append(unmatched, shortQuote(text))
		case name != "" && len(out) < maxValues:
			out[text] = name
		}
	}
	s.unmatched(c, unmatched)
	return out
}

// select_ makes a column's choices as Apply will.
func (s *suggester) select_(c *column) spec {
	b := binder{form: s.tool.Form, dict: s.in.Dictionary}
	list := c.item.List
	if b.form != nil {
		if el := b.form.Element(c.item.Name); el != nil && el.List != "" {
			list = el.List
		}
	}
	return spec{typ: c.item.Type, choices: b.choices(list, c.item.List)}
}

// placeAnswers turns names of countries and areas into their codes.
func (s *suggester) placeAnswers(c *column) map[string]string {
	out := map[string]string{}
	var unmatched []string
	for _, text := range slices.Sorted(maps.Keys(c.profile.distinct)) {
		if len(out) >= maxValues {
			break
		}
		code, ok := "", false
		switch {
		case strings.HasSuffix(c.item.Name, "_adm0") || strings.HasSuffix(c.item.Name, "_country"):
			code, ok = s.names.alpha3(text)
		case strings.Contains(c.item.Name, "_adm"):
			code, ok = s.areaCode(c.item.Name, text)
		}
		if ok && code != text {
			out[text] = code
		}
		if !ok && strings.HasSuffix(c.item.Name, "_adm0") {
			unmatched = append(unmatched, shortQuote(text))
		}
	}
	s.unmatched(c, unmatched)
	return out
}

// unmatched notes values that mean no answer.
func (s *suggester) unmatched(c *column, texts []string) {
	if len(texts) > 0 {
		some := strings.Join(texts[:min(len(texts), 8)], ", ")
		s.note(fault.New(fault.IntakeValuesUnmatched, "header", shortQuote(c.header), "item", c.item.Name, "values", some))
	}
}

func (s *suggester) areaCode(item, text string) (string, bool) {
	at := strings.LastIndex(item, "_adm") + len("_adm")
	if s.in.Register == nil || at >= len(item) || s.country == "" {
		return "", false
	}
	level := place.Level(item[at] - '0')
	if _, known := s.in.Register.Area(s.country, place.Code(text)); known {
		return "", false
	}
	found := s.in.Register.FindByName(place.Query{Name: text, Country: s.country, Levels: []place.Level{level}, Kinds: []place.Kind{place.KindArea}, Limit: 2})
	if len(found) == 0 || found[0].Score < 0.97 || len(found) > 1 && found[1].Score == found[0].Score {
		return "", false
	}
	return found[0].ID, true
}
