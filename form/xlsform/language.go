package xlsform

import (
	"sort"
	"strconv"
	"strings"

	"safar/fault"
	"safar/form"
	"safar/locale"
)

// languages collects the languages of the columns in their order, and which of them have a text.
type languages struct {
	labels []string
	used   map[string]bool
}

// add notes a language column.
func (l *languages) add(label string) {
	if _, seen := l.used[label]; seen || label == "" {
		return
	}
	if l.used == nil {
		l.used = map[string]bool{}
	}
	l.used[label] = false
	l.labels = append(l.labels, label)
}

// tagOf takes the language code out of "Тоҷикӣ (tg)"; a label without code is its own tag.
func tagOf(label string) string {
	open, end := strings.LastIndexByte(label, '('), strings.LastIndexByte(label, ')')
	if open >= 0 && end > open+1 {
		return strings.TrimSpace(label[open+1 : end])
	}
	return label
}

// settleLanguages turns the labels of languages into tags everywhere and finds the default language.
func (c *converter) settleLanguages() {
	tags := map[string]string{}
	taken := map[string]bool{}
	for _, label := range c.langs.labels {
		if !c.langs.used[label] {
			continue // a column of which every cell is empty
		}
		tag := tagOf(label)
		if taken[tag] {
			tag = label // two columns of one code stay apart
		}
		taken[tag], tags[label] = true, tag
		c.form.Languages = append(c.form.Languages, form.Language{Label: label, Tag: tag})
	}
	c.findDefault()
	mixed := false
	c.eachText(func(text locale.Text) { mixed = c.retag(text, tags) || mixed })
	if mixed {
		c.form.Languages = append([]form.Language{{Label: "default", Tag: ""}}, c.form.Languages...)
	}
	c.missingTranslations()
}

// findDefault accepts the default language as in the headers, by code or by name alone.
func (c *converter) findDefault() {
	want := c.form.DefaultLanguage
	if want == "" || want == "default" || len(c.form.Languages) == 0 {
		return
	}
	labels := make([]string, len(c.form.Languages))
	for i, l := range c.form.Languages {
		name, _, _ := strings.Cut(l.Label, " (")
		if l.Label == want || strings.EqualFold(l.Tag, want) || strings.EqualFold(name, want) {
			c.form.DefaultLanguage = l.Label
			return
		}
		labels[i] = l.Label
	}
	c.warn(fault.Where{File: c.opt.File, Sheet: "settings"}, fault.FormUnknownLanguage, "value", want,
		"languages", strings.Join(labels, ", "), "suggestion", form.Perhaps(want, labels))
	c.form.DefaultLanguage = ""
}

// retag gives the texts their tags. A text without language beside translated ones belongs to the default language; when
// none is named it stays under "", and retag says so. A text in no language at all stays under "" too.
func (c *converter) retag(text locale.Text, tags map[string]string) (mixed bool) {
	plain, translated := text[""], len(text) > 1 || len(text) == 1 && text[""] == ""
	moved := make(locale.Text, len(text))
	for label, s := range text {
		if label != "" {
			moved[tags[label]] = s
		}
	}
	clear(text)
	for tag, s := range moved {
		text[tag] = s
	}
	if plain == "" {
		return false
	}
	if tag := tags[c.form.DefaultLanguage]; translated && tag != "" {
		if text[tag] == "" {
			text[tag] = plain
		}
		return false
	}
	text[""] = plain
	return translated
}

// eachText visits every translatable text of the form once.
func (c *converter) eachText(visit func(locale.Text)) {
	some := func(text locale.Text) {
		if len(text) > 0 {
			visit(text)
		}
	}
	for e := range c.form.Walk() {
		for _, text := range []locale.Text{e.Label, e.Hint, e.Guidance, e.ConstraintMessage, e.RequiredMessage, e.NoAppMessage} {
			some(text)
		}
		eachMedia(e.Media, some)
	}
	for _, list := range c.form.Lists {
		for _, choice := range list.Choices {
			some(choice.Label)
			eachMedia(choice.Media, some)
		}
	}
}

func eachMedia(media map[string]locale.Text, visit func(locale.Text)) {
	for _, text := range media {
		visit(text)
	}
}

// gap counts the texts that a language lacks.
type gap struct {
	count int
	what  string
	name  string
	at    fault.Where
}

// missingTranslations warns once per language.
func (c *converter) missingTranslations() {
	gaps := map[string]*gap{}
	for e := range c.form.Walk() {
		c.lacks(gaps, e.Label, "label", e.Name, c.at(e, "label"))
		c.lacks(gaps, e.Hint, "hint", e.Name, c.at(e, "hint"))
		c.lacks(gaps, e.ConstraintMessage, "constraint_message", e.Name, c.at(e, "constraint_message"))
		c.lacks(gaps, e.RequiredMessage, "required_message", e.Name, c.at(e, "required_message"))
	}
	for _, list := range c.form.Lists {
		for _, choice := range list.Choices {
			c.lacks(gaps, choice.Label, "label", list.Name+" "+choice.Name, c.where("choices", choice.Row, 0))
		}
	}
	tags := make([]string, 0, len(gaps))
	for tag := range gaps {
		tags = append(tags, tag)
	}
	sort.Strings(tags)
	for _, tag := range tags {
		g := gaps[tag]
		c.warn(g.at, fault.FormMissingTranslation, "count", strconv.Itoa(g.count), "language", firstOf(tag, "the default language"),
			"what", g.what, "name", g.name)
	}
}

func (c *converter) lacks(gaps map[string]*gap, text locale.Text, what, name string, at fault.Where) {
	if len(text) == 0 || len(text) == 1 && text[""] != "" {
		return
	}
	for _, l := range c.form.Languages {
		if text[l.Tag] != "" {
			continue
		}
		if gaps[l.Tag] == nil {
			gaps[l.Tag] = &gap{what: what, name: name, at: at}
		}
		gaps[l.Tag].count++
	}
}
