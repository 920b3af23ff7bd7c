package toolbox

import (
	"maps"
	"slices"
	"strings"

	"safar/dictionary"
	"safar/fault"
	"safar/form"
	"safar/form/xlsform"
	"safar/locale"
	"safar/sheet"
)

// translated are the columns whose texts stand in every language.
func translated() []string {
	return []string{"label", "hint", "constraint_message", "required_message"}
}

// Form builds a questionnaire of the pack: its own survey sheet, with labels, hints and choice lists from the
// dictionary where the pack does not give its own. The warnings and the error are those of the conversion and name the
// pack's rows.
func Form(p *Pack, formID string, dict *dictionary.Dictionary) (*form.Form, []*fault.Error, error) {
	info, err := p.FormInfo(formID)
	if err != nil {
		return nil, nil, err
	}
	b := &builder{pack: p, dict: dict, id: formID, sheets: p.Sheets[formID]}
	survey, err := b.survey()
	if err != nil {
		return nil, nil, err
	}
	f, warnings, err := xlsform.ConvertGrids(survey, b.choices(), b.settings(), xlsform.Options{File: p.ID + "/" + formFolder(formID), FormID: formID})
	if err != nil {
		return nil, warnings, err
	}
	if f.ID != formID {
		return nil, warnings, fault.New(fault.ToolboxFormID, "form", formID, "id", f.ID)
	}
	f.Title = info.Title
	for e := range f.Walk() {
		if item, ok := dict.Item(e.Name); ok && item.Name == e.Name && e.Kind == form.Question {
			e.Item = item.Code
		}
	}
	return f, warnings, nil
}

// builder makes the grids of one form.
type builder struct {
	pack   *Pack
	dict   *dictionary.Dictionary
	id     string
	sheets Sheets
}

// survey gives the survey sheet with one column per text and language. Rows keep their numbers.
func (b *builder) survey() (*sheet.Grid, error) {
	header := b.sheets.Survey[0]
	var plain []int
	for i, name := range header {
		if base, _, _ := strings.Cut(name, "::"); !slices.Contains(translated(), base) {
			plain = append(plain, i)
		}
	}
	out := [][]string{b.surveyHeader(plain)}
	for at, row := range b.sheets.Survey[1:] {
		line := make([]string, 0, len(out[0]))
		for _, i := range plain {
			line = append(line, cell(row, i))
		}
		for _, column := range translated() {
			text, err := b.text(row, column)
			if err != nil {
				return nil, err.In(fault.Where{File: b.pack.ID + "/" + formFolder(b.id) + "/survey.csv", Row: at + 2})
			}
			for _, tag := range b.pack.Languages {
				line = append(line, text[tag])
			}
		}
		out = append(out, line)
	}
	return sheet.NewGrid("survey", out), nil
}

func (b *builder) surveyHeader(plain []int) []string {
	var header []string
	for _, i := range plain {
		header = append(header, b.sheets.Survey[0][i])
	}
	for _, column := range translated() {
		for _, tag := range b.pack.Languages {
			header = append(header, column+"::"+languageColumn(tag))
		}
	}
	return header
}

// languageColumn writes a language as XLSForm headers do: "Тоҷикӣ (tg)".
func languageColumn(tag string) string {
	for _, l := range locale.Languages() {
		if l.Tag == tag {
			return l.Native + " (" + tag + ")"
		}
	}
	return tag
}

// text settles one translatable cell: the sheet's own text (in one language where the column says so, else in all), a
// shared text, or the dictionary's.
func (b *builder) text(row []string, column string) (locale.Text, *fault.Error) {
	text, err := b.common(row, column)
	if err != nil {
		return nil, err
	}
	for _, tag := range b.pack.Languages {
		if own := b.at(row, column+"::"+languageColumn(tag)); own != "" {
			text = maps.Clone(text)
			if text == nil {
				text = locale.Text{}
			}
			text[tag] = own
		}
	}
	return text, nil
}

// common is the text before single languages override it.
func (b *builder) common(row []string, column string) (locale.Text, *fault.Error) {
	own := b.at(row, column)
	if key, shared := strings.CutPrefix(own, "@"); shared {
		text, ok := b.dict.Text(key)
		if !ok {
			return nil, fault.New(fault.ToolboxText, "cell", column, "key", key)
		}
		return text, nil
	}
	if own != "" {
		text := locale.Text{}
		for _, tag := range b.pack.Languages {
			text[tag] = own
		}
		return text, nil
	}
	name := b.at(row, "name")
	item, ok := b.dict.Item(name)
	if kind := b.at(row, "type"); !ok || item.Name != name || strings.HasPrefix(kind, "begin") || unseen(kind) {
		return nil, nil
	}
	switch column {
	case "label":
		return item.Label, nil
	case "hint":
		return item.Hint, nil
	}
	return nil, nil
}

// unseen says whether nobody sees a question of the type.
func unseen(kind string) bool {
	t, ok := form.TypeOf(strings.Fields(kind + " ?")[0])
	return ok && t.Control == ""
}

func (b *builder) at(row []string, column string) string {
	return cell(row, slices.Index(b.sheets.Survey[0], column))
}

func cell(row []string, i int) string {
	if i < 0 || i >= len(row) {
		return ""
	}
	return strings.TrimSpace(row[i])
}

// choices gives the pack's own choice lists and, after them, those of the dictionary that the survey uses.
func (b *builder) choices() *sheet.Grid {
	own := b.sheets.Choices
	out := [][]string{{"list_name", "name"}}
	for _, tag := range b.pack.Languages {
		out[0] = append(out[0], "label::"+languageColumn(tag))
	}
	listed := map[string]bool{}
	for _, row := range own[1:] {
		list, name, label := ownChoice(own[0], row)
		listed[list] = true
		line := []string{list, name}
		for _, tag := range b.pack.Languages {
			line = append(line, label(tag))
		}
		out = append(out, line)
	}
	for _, row := range b.sheets.Survey[1:] {
		name := listOf(b.at(row, "type"))
		list, ok := b.dict.List(name)
		if !ok || listed[name] {
			continue
		}
		listed[name] = true
		out = append(out, b.listRows(list)...)
	}
	return sheet.NewGrid("choices", out)
}

// ownChoice reads a row of choices.csv; the column label without language serves all languages.
func ownChoice(header, row []string) (list, name string, label func(tag string) string) {
	get := func(column string) string { return cell(row, slices.Index(header, column)) }
	return get("list_name"), get("name"), func(tag string) string {
		if own := get("label::" + languageColumn(tag)); own != "" {
			return own
		}
		return get("label")
	}
}

func (b *builder) listRows(list dictionary.List) [][]string {
	var rows [][]string
	for _, c := range list.Choices {
		if c.Retired {
			continue
		}
		line := []string{list.Name, c.Name}
		for _, tag := range b.pack.Languages {
			line = append(line, c.Label[tag])
		}
		rows = append(rows, line)
	}
	return rows
}

// listOf is the choice list of a survey type: "site_type" of "select_one site_type"; "" for other types.
func listOf(kind string) string {
	words := strings.Fields(kind)
	if len(words) >= 2 && (words[0] == "select_one" || words[0] == "select_multiple" || words[0] == "rank") {
		return words[1]
	}
	return ""
}

func (b *builder) settings() *sheet.Grid { return sheet.NewGrid("settings", b.sheets.Settings) }
