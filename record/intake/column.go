package intake

import (
	"strings"

	"safar/dictionary"
	"safar/fault"
	"safar/form"
	"safar/sheet"
)

// spec is a column of the mapping bound to the sheet, the form and the dictionary: it reads cells.
type spec struct {
	name    string   // of the question, or of the item where the form does not ask it
	col     int      // 1-based
	path    []string // names below the root of the answers
	typ     string   // XLSForm type that rules how cells are read
	unit    string   // what is counted, for messages
	counted bool     // below zero makes no sense
	values  map[string]string
	missing map[string]bool
	choices choices
	seen    map[string]answer // of a select, by text
	sep     separators
	order   dateOrder
	dict    *dictionary.Dictionary
}

// binder binds the columns of one mapping.
type binder struct {
	heads headers
	grid  *sheet.Grid
	form  *form.Form
	index *form.Index
	dict  *dictionary.Dictionary
	m     Mapping
}

func bindColumns(m Mapping, heads headers, g *sheet.Grid, f *form.Form, d *dictionary.Dictionary) ([]spec, []error) {
	b := binder{heads: heads, grid: g, form: f, dict: d, m: m}
	if f != nil {
		b.index = f.Index()
	}
	var specs []spec
	var faults []error
	if err := m.twice(); err != nil {
		faults = append(faults, err)
	}
	for _, c := range m.Columns {
		s, err := b.bind(c)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		specs = append(specs, s)
	}
	return specs, faults
}

func (b binder) bind(c Column) (spec, *fault.Error) {
	col, err := b.heads.find(c.Header)
	if err != nil {
		return spec{}, err
	}
	item, known := b.item(c)
	el := b.element(c, item, known)
	if el == nil && !known {
		return spec{}, fault.New(fault.IntakeItemUnknown, "item", shortQuote(c.To), "form", b.formID())
	}
	s := spec{name: item.Name, col: col, path: []string{item.Name}, typ: item.Type, unit: item.Unit, dict: b.dict}
	list := item.List
	if el != nil {
		if repeat := b.index.RepeatOf(el); repeat != nil {
			return spec{}, fault.New(fault.IntakeItemElsewhere, "item", el.Name, "repeat", repeat.Name)
		}
		s.name, s.path = el.Name, strings.Split(b.index.Path(el), "/")[2:]
		if answered(el.Type) || !known {
			s.typ = el.Type
		}
		if el.List != "" {
			list = el.List
		}
	}
	s.counted = item.Unit != ""
	if u, ok := b.dict.Unit(item.Unit); ok {
		s.unit = u.Label.In("en")
	}
	if s.unit == "" {
		s.unit = "units"
	}
	s.values, s.missing = foldKeys(c.Values), foldSet(c.Missing)
	s.choices = b.choices(list, item.List)
	b.column(&s, c)
	return s, nil
}

// item finds what a column answers; a total with a breakdown means that total's part.
func (b binder) item(c Column) (dictionary.Item, bool) {
	item, ok := b.dict.Item(c.To)
	if !ok || c.Breakdown == "" || item.Breakdown != "" {
		return item, ok
	}
	for _, part := range b.dict.Items() {
		if part.Total == item.Name && (part.Breakdown+"/"+part.Part == c.Breakdown || part.Part == "" && part.Breakdown == c.Breakdown) {
			return part, true
		}
	}
	return dictionary.Item{}, false
}

// element finds the question that asks an item: by its name, else by the item's code.
func (b binder) element(c Column, item dictionary.Item, known bool) *form.Element {
	if b.form == nil {
		return nil
	}
	if !known {
		return question(b.index.Element(c.To))
	}
	if el := question(b.index.Element(item.Name)); el != nil {
		return el
	}
	for _, el := range b.index.All() {
		if el.Kind == form.Question && el.Item != "" && (el.Item == item.Code || el.Item == item.Name) {
			return el
		}
	}
	return nil
}

func question(el *form.Element) *form.Element {
	if el == nil || el.Kind != form.Question {
		return nil
	}
	return el
}

// answered holds for types whose values people give; the others say nothing of how a cell is to be read.
func answered(typ string) bool {
	return typ != "calculate" && typ != "hidden" && typ != "note" && typ != ""
}

func (b binder) formID() string {
	if b.form == nil {
		return "(none)"
	}
	return b.form.ID
}

func (b binder) choices(list, itemList string) choices {
	var c choices
	if b.form != nil {
		if l := b.form.List(list); l != nil {
			c.form = l.Choices
		}
	}
	for _, name := range []string{list, itemList} {
		if l, ok := b.dict.List(name); ok && name != "" {
			c.list, c.known = l, true
			return c
		}
	}
	return c
}

// column looks at the whole column for what single cells leave open.
func (b binder) column(s *spec, c Column) {
	switch s.typ {
	case "integer", "decimal", "range":
		s.sep = columnSeparators(b.texts(s.col))
	case "select_one", "select_multiple", "rank":
		s.remember(b.cells(s.col))
	case "date", "dateTime", "today", "start", "end":
		s.order = dateOrder(c.Dates)
		if s.order == "" {
			s.order = columnOrder(b.cells(s.col), b.m.Round.Start, b.m.Round.End)
		}
	}
}

func (b binder) cells(col int) []sheet.Cell {
	var cells []sheet.Cell
	for _, row := range b.grid.Rows {
		if c := row.Cell(col); row.Number >= b.m.Source.FirstRow && c.Kind != sheet.Empty {
			cells = append(cells, c)
		}
	}
	return cells
}

func (b binder) texts(col int) []string {
	var texts []string
	for _, c := range b.cells(col) {
		if c.Kind == sheet.Text {
			texts = append(texts, c.Raw)
		}
	}
	return texts
}

func foldKeys(values map[string]string) map[string]string {
	out := make(map[string]string, len(values))
	for from, to := range values {
		out[valueKey(from)] = to
	}
	return out
}

func foldSet(tokens []string) map[string]bool {
	out := make(map[string]bool, len(tokens))
	for _, t := range tokens {
		out[sheet.FoldHeader(t)] = true
	}
	return out
}
