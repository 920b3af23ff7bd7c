package xlsform

import (
	"strings"

	"safar/form"
)

// rowType is the understood type cell of a survey row.
type rowType struct {
	action   string // "" for a question, "begin" or "end"
	kind     form.Kind
	name     string // XLSForm type of a question
	list     string
	file     string // of a select from file
	repeat   string // question in a repeat whose answers are the choices: select_one ${name}
	orOther  bool
	external string // "csv" or "xml" for csv-external and xml-external
	later    string // a part of the standard that is not supported yet
	known    bool
}

// parseType understands a type cell.
func parseType(cell string) rowType {
	cell = strings.Join(strings.Fields(cell), " ")
	folded := strings.ToLower(cell)
	for _, parse := range []func(folded, cell string) rowType{parseControl, parseSelect, parsePlain} {
		if t := parse(folded, cell); t.known {
			return t
		}
	}
	return rowType{}
}

func parseControl(folded, _ string) rowType {
	words := strings.FieldsFunc(folded, func(r rune) bool { return r == ' ' || r == '_' || r == '-' })
	if len(words) != 2 || words[0] != "begin" && words[0] != "end" {
		return rowType{}
	}
	t := rowType{action: words[0], known: true}
	switch words[1] {
	case "group":
		t.kind = form.Group
	case "repeat":
		t.kind = form.Repeat
	case "loop":
		t.kind, t.later = form.Group, "a loop over a choice list"
	default:
		return rowType{}
	}
	return t
}

// selectWords are the beginnings of select types, the longer before the shorter.
func selectWords() [][2]string {
	return [][2]string{
		{"select_one_from_file", "select_one"}, {"select one from file", "select_one"},
		{"select_multiple_from_file", "select_multiple"}, {"select multiple from file", "select_multiple"},
		{"select_one_external", "external"}, {"select one external", "external"},
		{"add select one prompt using", "select_one"}, {"add select multiple prompt using", "select_multiple"},
		{"select all that apply from", "select_multiple"}, {"select all that apply", "select_multiple"},
		{"select multiple from", "select_multiple"}, {"select_multiple", "select_multiple"}, {"select multiple", "select_multiple"},
		{"select one from", "select_one"}, {"select_one", "select_one"}, {"select one", "select_one"}, {"select1", "select_one"},
		{"select-one", "select_one"}, {"select-multiple", "select_multiple"},
		{"rank", "rank"},
	}
}

func parseSelect(folded, cell string) rowType {
	for _, word := range selectWords() {
		rest, ok := strings.CutPrefix(folded, word[0])
		if !ok || rest != "" && rest[0] != ' ' {
			continue
		}
		t := rowType{name: word[1], known: true}
		if t.name == "external" {
			t.later, t.name = "select_one_external", "select_one"
		}
		rest = strings.TrimSpace(cell[len(word[0]):])
		rest, t.orOther = cutOrOther(rest)
		switch {
		case strings.Contains(word[0], "file"):
			t.file = rest
		case strings.HasPrefix(rest, "${"):
			t.repeat = rest
		default:
			t.list = rest
		}
		return t
	}
	return rowType{}
}

func cutOrOther(rest string) (string, bool) {
	for _, suffix := range []string{"or_other", "or other", "or specify other", "or_specify_other"} {
		if len(rest) > len(suffix) && strings.EqualFold(rest[len(rest)-len(suffix)-1:], " "+suffix) {
			return strings.TrimSpace(rest[:len(rest)-len(suffix)]), true
		}
	}
	return rest, false
}

func parsePlain(folded, cell string) rowType {
	switch strings.ReplaceAll(folded, "_", "-") {
	case "csv-external":
		return rowType{external: "csv", known: true}
	case "xml-external":
		return rowType{external: "xml", known: true}
	}
	if later := laterTypes()[folded]; later != "" {
		return rowType{name: "text", later: later, known: true}
	}
	if alias := typeAliases()[folded]; alias != "" {
		folded = alias
	}
	if _, ok := form.TypeOf(folded); ok {
		return rowType{name: folded, known: true}
	}
	if _, ok := form.TypeOf(cell); ok {
		return rowType{name: cell, known: true}
	}
	return rowType{}
}

// laterTypes are types of the standard that Safar does not convert yet.
func laterTypes() map[string]string {
	return map[string]string{"osm": "the type osm", "cascading_select": "the type cascading_select", "cascading select": "the type cascading_select"}
}

func typeAliases() map[string]string {
	return map[string]string{
		"int": "integer", "string": "text", "datetime": "dateTime", "date time": "dateTime", "date_time": "dateTime", "photo": "image",
		"gps": "geopoint", "location": "geopoint", "trigger": "acknowledge", "imei": "deviceid", "device id": "deviceid", "device_id": "deviceid",
		"start time": "start", "end time": "end", "start_geopoint": "start-geopoint", "background_geopoint": "background-geopoint",
		"background_audio": "background-audio", "phone number": "phonenumber", "phone_number": "phonenumber", "sim id": "simserial",
		"subscriber id": "subscriberid", "add note prompt": "note", "q string": "text", "add text prompt": "text",
	}
}

// typeSuggestions are the names that a misspelt type is compared with.
func typeSuggestions() []string {
	return append(form.TypeNames(), "select_one_from_file", "select_multiple_from_file", "begin_group", "end_group", "begin_repeat", "end_repeat",
		"csv-external", "xml-external")
}
