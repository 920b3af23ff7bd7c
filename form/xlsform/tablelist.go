package xlsform

import (
	"strconv"
	"strings"

	"safar/form"
)

// A group with the appearance table-list shows selects of one list as a table: one line of choice labels above, and the
// selects without labels below. Clients know no table-list; it is written out as they need it, with the names that
// pyxform gives.

// tableList turns a group's table-list into field-list and puts the group's label into a note.
func (b *builder) tableList(e *form.Element) {
	if !strings.Contains(e.Appearance, "table-list") {
		return
	}
	e.Appearance = strings.Replace(e.Appearance, "table-list", "field-list", 1)
	b.tables[e] = true
	if len(e.Label) == 0 && len(e.Hint) == 0 {
		return
	}
	heading := &form.Element{Kind: form.Question, Type: "note", Name: "generated_table_list_label_" + strconv.Itoa(e.Row), Row: e.Row,
		Label: e.Label, Hint: e.Hint}
	b.cells[heading] = b.cells[e]
	e.Label, e.Hint = nil, nil
	e.Children = append(e.Children, heading)
}

// inTable gives a select inside such a group its appearance, and puts the line of labels before the first.
func (b *builder) inTable(e *form.Element) {
	first, isTable := b.tables[b.parent()]
	if !isTable || e.Type != "select_one" && e.Type != "select_multiple" {
		return
	}
	if first {
		b.tables[b.parent()] = false
		line := &form.Element{Kind: form.Question, Type: e.Type, List: e.List, File: e.File, ChoiceFilter: e.ChoiceFilter, Row: e.Row,
			Name: "reserved_name_for_field_list_labels_" + strconv.Itoa(e.Row), Appearance: "label"}
		b.cells[line] = b.cells[e]
		b.parent().Children = append(b.parent().Children, line)
	}
	e.Appearance = strings.TrimSpace(e.Appearance + " list-nolabel")
}
