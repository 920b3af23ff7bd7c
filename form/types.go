package form

import (
	"sort"
	"sync"
)

// Type says how one XLSForm type is kept in an XForm and how it is asked.
type Type struct {
	Name     string
	Data     string // data type of the bind: "string", "int", "geopoint"
	Control  string // element of the body: "input", "select1"; empty for what no person answers
	Media    string // kind of file an upload takes: "image/*"
	Preload  string // jr:preload of metadata: "timestamp"
	Params   string // jr:preloadParams: "start"
	ReadOnly bool   // shown, never answered
}

// TypeOf finds a type by its XLSForm name, as Element.Type holds it.
func TypeOf(name string) (Type, bool) { t, ok := types()[name]; return t, ok }

// TypeNames lists the types of questions, sorted.
func TypeNames() []string {
	names := make([]string, 0, len(types()))
	for name := range types() {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// types is the table of XLSForm question types and their XForm form (xlsform.org, ODK XForms specification).
var types = sync.OnceValue(func() map[string]Type {
	all := map[string]Type{}
	for _, t := range []Type{
		{Name: "text", Data: "string", Control: "input"},
		{Name: "integer", Data: "int", Control: "input"},
		{Name: "decimal", Data: "decimal", Control: "input"},
		{Name: "date", Data: "date", Control: "input"},
		{Name: "time", Data: "time", Control: "input"},
		{Name: "dateTime", Data: "dateTime", Control: "input"},
		{Name: "note", Data: "string", Control: "input", ReadOnly: true},
		{Name: "barcode", Data: "barcode", Control: "input"},
		{Name: "geopoint", Data: "geopoint", Control: "input"},
		{Name: "geotrace", Data: "geotrace", Control: "input"},
		{Name: "geoshape", Data: "geoshape", Control: "input"},
		{Name: "select_one", Data: "string", Control: "select1"},
		{Name: "select_multiple", Data: "string", Control: "select"},
		{Name: "rank", Data: "odk:rank", Control: "odk:rank"},
		{Name: "range", Data: "int", Control: "range"},
		{Name: "acknowledge", Data: "string", Control: "trigger"},
		{Name: "image", Data: "binary", Control: "upload", Media: "image/*"},
		{Name: "audio", Data: "binary", Control: "upload", Media: "audio/*"},
		{Name: "video", Data: "binary", Control: "upload", Media: "video/*"},
		{Name: "file", Data: "binary", Control: "upload", Media: "application/*"},
		{Name: "calculate", Data: "string"},
		{Name: "hidden", Data: "string"},
		{Name: "start-geopoint", Data: "geopoint"},
		{Name: "background-geopoint", Data: "geopoint"},
		{Name: "background-audio", Data: "binary"},
		{Name: "audit", Data: "binary"},
		{Name: "start", Data: "dateTime", Preload: "timestamp", Params: "start"},
		{Name: "end", Data: "dateTime", Preload: "timestamp", Params: "end"},
		{Name: "today", Data: "date", Preload: "date", Params: "today"},
		{Name: "deviceid", Data: "string", Preload: "property", Params: "deviceid"},
		{Name: "phonenumber", Data: "string", Preload: "property", Params: "phonenumber"},
		{Name: "username", Data: "string", Preload: "property", Params: "username"},
		{Name: "email", Data: "string", Preload: "property", Params: "email"},
		{Name: "simserial", Data: "string", Preload: "property", Params: "simserial"},
		{Name: "subscriberid", Data: "string", Preload: "property", Params: "subscriberid"},
	} {
		all[t.Name] = t
	}
	return all
})

// Data gives the data type under which the answer of a question is kept: the type's own, "decimal" for a range with
// broken steps, or what a bind::type column says. It is empty for groups and repeats.
func (e *Element) Data() string {
	if e.Kind != Question {
		return ""
	}
	if own := e.Bind["type"]; own != "" {
		return own
	}
	t, _ := TypeOf(e.Type)
	if e.Type == "range" && e.hasBrokenSteps() {
		return "decimal"
	}
	return t.Data
}

func (e *Element) hasBrokenSteps() bool {
	for _, name := range []string{"start", "end", "step"} {
		for _, r := range e.Parameters[name] {
			if r == '.' {
				return true
			}
		}
	}
	return false
}

// IsSelect holds for questions answered from a list: select_one, select_multiple and rank, also from a file.
func (e *Element) IsSelect() bool {
	return e.Type == "select_one" || e.Type == "select_multiple" || e.Type == "rank"
}

// IsAsked holds for questions that a person sees. It does not hold for calculates, hidden values and metadata, nor for
// a question of any type that is computed and has nothing to show.
func (e *Element) IsAsked() bool {
	t, _ := TypeOf(e.Type)
	computed := e.Calculation != "" || len(e.Trigger) > 0
	silent := len(e.Label) == 0 && len(e.Hint) == 0 && len(e.Guidance) == 0 && len(e.Media) == 0
	return e.Kind == Question && t.Control != "" && !(computed && silent)
}
