package form

import (
	"path"
	"strings"

	"safar/fault"
)

// DataFiles lists the files of data that the form needs as instances, each once: csv-external and xml-external rows,
// files of selects, files of pulldata. Fault: form.instance_twice when one name stands for two sources.
func (f *Form) DataFiles() ([]File, error) {
	var files []File
	known := map[string]string{}
	for _, list := range f.Lists {
		known[list.Name] = "choices"
	}
	var err error
	add := func(name, source string, row int) {
		other, taken := known[name]
		switch {
		case !taken:
			known[name] = source
			files = append(files, File{Name: name, Source: source, Row: row})
		case other != source && err == nil:
			err = fault.New(fault.FormInstanceTwice, "name", name, "first", other, "second", source).In(fault.Where{Row: row})
		}
	}
	for _, file := range f.Files {
		add(file.Name, file.Source, file.Row)
	}
	for e := range f.Walk() {
		if e.File != "" {
			add(Stem(e.File), e.File, e.Row)
		}
		for _, expr := range e.Expressions() {
			for _, name := range CallsWith(expr, "pulldata") {
				add(name, Stem(name)+".csv", e.Row)
			}
		}
	}
	return files, err
}

// Stem is a file name without its ending: the id of the instance that holds the file's data.
func Stem(file string) string { return strings.TrimSuffix(file, path.Ext(file)) }

// CallsWith lists the texts that stand first in calls of a function: CallsWith("pulldata('round', ...)", "pulldata").
func CallsWith(expr, function string) []string {
	var found []string
	for {
		at := strings.Index(expr, function)
		if at < 0 {
			return found
		}
		expr = expr[at+len(function):]
		rest, ok := strings.CutPrefix(strings.TrimLeft(expr, " "), "(")
		rest = strings.TrimLeft(rest, " ")
		if !ok || rest == "" || rest[0] != '\'' && rest[0] != '"' {
			continue
		}
		if end := strings.IndexByte(rest[1:], rest[0]); end > 0 {
			found = append(found, rest[1:1+end])
		}
	}
}

// UsesSearch holds for selects that look their choices up in a file with search(); their list names columns of it.
func (e *Element) UsesSearch() bool {
	return e.IsSelect() && (strings.HasPrefix(e.Appearance, "search(") || strings.Contains(e.Appearance, " search("))
}
