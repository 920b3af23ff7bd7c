package xform

import (
	"slices"
	"strings"

	"safar/form"
	"safar/locale"
)

// Media lists the files that clients need beside the XForm, sorted: pictures, sounds, films, lists of choices and files
// that expressions read.
func Media(f *form.Form) []string {
	w := &writer{form: f, index: f.Index()}
	var names []string
	for _, file := range w.files() {
		names = append(names, file.Source)
	}
	for _, e := range w.index.All() {
		names = append(names, mediaNames(e.Media)...)
		if e.UsesSearch() {
			for _, name := range form.CallsWith(e.Appearance, "search") {
				names = append(names, form.Stem(name)+".csv")
			}
		}
		if e.Type == "image" && e.Default != "" && !e.HasDynamicDefault() {
			names = append(names, fileName(e.Default))
		}
	}
	for _, list := range f.Lists {
		for _, choice := range list.Choices {
			names = append(names, mediaNames(choice.Media)...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func mediaNames(media map[string]locale.Text) []string {
	var names []string
	for _, text := range media {
		for _, name := range text {
			if name != "" && name != "-" {
				names = append(names, fileName(name))
			}
		}
	}
	return names
}

// fileName takes the name out of an address such as jr://images/a.jpg.
func fileName(address string) string {
	if rest, ok := strings.CutPrefix(address, "jr://"); ok {
		return rest[strings.LastIndexByte(rest, '/')+1:]
	}
	return address
}
