package xform

import (
	"safar/form"
	"safar/locale"
)

// piece is a part of a text: plain, or the path of an output.
type piece struct {
	text   string
	output bool
}

// itext is one entry of the translations. Its forms are written in order: the plain one, guidance, media.
type itext struct {
	id    string
	owner *form.Element // references are seen from here; nil for choices
	forms []textForm
}

type textForm struct {
	form string // "" for the words themselves, "guidance", "image", "audio", "video", "big-image"
	text locale.Text
}

// inItext says whether a text needs the translations: it is translated, or holds references.
func inItext(text locale.Text) bool {
	return len(text) > 1 || len(text) == 1 && text[""] == "" || hasReference(text)
}

func hasReference(text locale.Text) bool {
	for _, s := range text {
		if len(form.References(s)) > 0 {
			return true
		}
	}
	return false
}

// isTranslated says whether a text stands in some language, not only in none.
func isTranslated(text locale.Text) bool {
	return len(text) > 1 || len(text) == 1 && text[""] == ""
}

// collectTexts lists the entries of the translations in form order, choices last.
func (w *writer) collectTexts() {
	for _, e := range w.index.All() {
		path := w.path(e)
		if w.labelInItext(e) {
			w.texts = append(w.texts, itext{path + ":label", e, append([]textForm{{"", e.Label}}, mediaForms(e.Media)...)})
		}
		if w.hintInItext(e) {
			w.texts = append(w.texts, itext{path + ":hint", e, []textForm{{"", e.Hint}, {"guidance", e.Guidance}}})
		}
		for _, message := range messages(e) {
			if inItext(message.text) {
				w.texts = append(w.texts, itext{path + ":" + message.attribute, e, []textForm{{"", message.text}}})
			}
		}
	}
	for i := range w.form.Lists {
		w.collectList(&w.form.Lists[i])
	}
}

func (w *writer) collectList(list *form.List) {
	w.itexts[list.Name] = list.Translated()
	if !w.itexts[list.Name] || !w.listInUse(list.Name) && !w.listInBody(list.Name) {
		return
	}
	for i, choice := range list.Choices {
		w.texts = append(w.texts, itext{choiceText(list.Name, i), nil, append([]textForm{{"", choice.Label}}, mediaForms(choice.Media)...)})
	}
}

func (w *writer) labelInItext(e *form.Element) bool { return isTranslated(e.Label) || len(e.Media) > 0 }

func (w *writer) hintInItext(e *form.Element) bool {
	return isTranslated(e.Hint) || len(e.Guidance) > 0
}

type message struct {
	attribute string
	text      locale.Text
}

func messages(e *form.Element) []message {
	return []message{{"jr:constraintMsg", e.ConstraintMessage}, {"jr:requiredMsg", e.RequiredMessage}, {"jr:noAppErrorString", e.NoAppMessage}}
}

func mediaForms(media map[string]locale.Text) []textForm {
	var forms []textForm
	for _, kind := range []string{"image", "big-image", "audio", "video"} {
		if len(media[kind]) > 0 {
			forms = append(forms, textForm{kind, media[kind]})
		}
	}
	return forms
}

// translations writes the itext block; a form without translated texts has none.
func (w *writer) translations() {
	if len(w.texts) == 0 {
		return
	}
	w.open("itext")
	for _, l := range w.langs {
		attrs := []attr{{"lang", l.Label}}
		if l.Label == w.form.DefaultLanguage || l.Label == "default" {
			attrs = append([]attr{{"default", "true()"}}, attrs...)
		}
		w.open("translation", attrs...)
		for _, t := range w.texts {
			w.translation(t, l.Tag)
		}
		w.close("translation")
	}
	w.close("itext")
}

func (w *writer) translation(t itext, tag string) {
	w.open("text", attr{"id", t.id})
	for _, f := range t.forms {
		text := w.in(f.text, tag)
		switch {
		case len(f.text) == 0:
			continue
		case f.form == "" || f.form == "guidance":
			if text == "" {
				text = "-" // clients show nothing at all for an empty text
			}
			w.inline("value", w.pieces(t.owner, text), attr{"form", f.form})
		case text != "" && text != "-":
			w.text("value", mediaAddress(f.form, text), attr{"form", f.form})
		}
	}
	w.close("text")
}

// in gives the text of a language. A text without language serves all, unless it is a language of its own.
func (w *writer) in(text locale.Text, tag string) string {
	if s := text[tag]; s != "" {
		return s
	}
	if w.langs[0].Tag == "" {
		return ""
	}
	return text[""]
}

// pieces cuts a text at its references.
func (w *writer) pieces(owner *form.Element, text string) []piece {
	if owner == nil {
		owner = w.form.Root
	}
	var out []piece
	err := w.index.ResolveText(owner, text,
		func(s string) {
			if s != "" {
				out = append(out, piece{text: s})
			}
		},
		func(path string) { out = append(out, piece{text: path, output: true}) })
	if err != nil {
		w.errs = append(w.errs, err)
	}
	return out
}

// mediaAddress gives the address under which clients find a media file.
func mediaAddress(kind, file string) string {
	switch {
	case len(file) > 5 && file[:5] == "jr://":
		return file
	case kind == "audio":
		return "jr://audio/" + file
	case kind == "video":
		return "jr://video/" + file
	}
	return "jr://images/" + file
}

// words writes a label or hint: a reference into the translations, or the text in place.
func (w *writer) words(name string, e *form.Element, text locale.Text, translated bool) {
	switch {
	case translated:
		w.empty(name, attr{"ref", "jr:itext('" + w.path(e) + ":" + name + "')"})
	case text[""] != "":
		w.inline(name, w.pieces(e, text[""]))
	}
}
