package report

import (
	"cmp"
	"path"
	"slices"
	"strconv"
	"strings"
)

// doubts say how sure the figures are and what they do not say.
func (m *maker) doubts() {
	v, p := m.v, m.page
	limits := m.spoken(m.e.Words.Limitations, field().Limitations[m.e.Pack.Tool])
	p.Sure = append(p.Sure, v.Say("sure.missing"), v.Say("sure.shares"))
	if m.atlas != nil && !m.flow() {
		shades := m.rates(m.head)
		p.Sure = append([]string{v.Say("cover.areas", "n", strconv.Itoa(len(shades)), "all", strconv.Itoa(len(m.atlas.areas)))}, p.Sure...)
	}
	if limits != "" {
		p.NotSaid = append(p.NotSaid, limits)
	} else {
		p.NotSaid = append(p.NotSaid, v.Say("not.outside"))
	}
	p.NotSaid = append(p.NotSaid, v.Say("not.add"))
	if n := m.e.withheld(); n > 0 {
		p.NotSaid = append(p.NotSaid, v.Count("not.withheld", n))
	}
	if m.e.Words.Note != "" {
		p.Sure = append(p.Sure, m.e.Words.Note)
	}
	for _, text := range []string{m.e.Words.Purpose.In(v.Tag), m.e.Words.Method.In(v.Tag)} {
		if text != "" {
			p.Method = append(p.Method, text)
		}
	}
	m.definitions()
}

// definitions are those of the measures of which the page shows a number for the country.
func (m *maker) definitions() {
	seen := map[string]bool{}
	for _, row := range m.e.tables["figures_adm0"] {
		id := row["measure"]
		words := m.e.Words.Measures[id]
		text := words.Definition.In(m.v.Tag)
		if text == "" {
			text = m.e.books[id]["definition"]
		}
		if seen[id] || text == "" || !cellOf(row).known {
			continue
		}
		seen[id] = true
		m.page.Words = append(m.page.Words, Definition{m.title(id), text})
	}
}

// made walks from the records to the number.
func (m *maker) made() {
	v, p := m.v, m.page
	step := func(n int, key string) {
		p.Steps = append(p.Steps, Step{Number: v.Number(float64(n), 0), Text: v.Count(key, n)})
	}
	if m.e.Words.Records > 0 {
		step(m.e.Words.Records, "how.records")
		step(m.e.Words.Corrected, "how.corrected")
	} else if c, ok := m.e.total(m.head); ok {
		step(c.n, "how.records")
	}
	step(m.e.withheld(), "how.withheld")
	if p.Number != "" {
		p.Steps = append(p.Steps, Step{Number: p.Number, Text: v.Say("how.result"), Strong: true})
	}
}

// downloads offers the files, those that most readers want first.
func (m *maker) downloads() {
	v, p, e := m.v, m.page, m.e
	for _, f := range e.Files {
		d := Download{Path: f.Path, Label: m.fileLabel(f.Path), Rows: f.Rows, Bytes: f.Bytes}
		id := path.Base(f.Path)
		switch {
		case strings.HasPrefix(id, "figures_"), id == "coverage.csv", id == "codebook.csv", id == "cleaning_log.csv", id == "methodology.md":
			p.Files = append(p.Files, d)
		default:
			p.Further = append(p.Further, d)
		}
	}
	slices.SortStableFunc(p.Files, func(a, b Download) int { return cmp.Compare(rank(a.Path), rank(b.Path)) })
	p.Files = append(p.Files, Download{Path: "manifest.json", Label: v.Say("data.manifest")})
	p.Licence = v.Say("cite.licence", "licence", e.Licence)
	p.Cite = v.Say("cite.text", "who", e.Attribution, "year", e.CreatedAt[:min(4, len(e.CreatedAt))], "title", e.Title, "id", e.Release,
		"date", v.Date(e.CreatedAt[:min(10, len(e.CreatedAt))]), "licence", e.Licence)
}

// rank puts figures before the texts on them, and the files of corrections last.
func rank(file string) int {
	if strings.HasPrefix(path.Base(file), "figures_") {
		return 0
	}
	return 1 + slices.Index([]string{"coverage.csv", "methodology.md", "codebook.csv", "cleaning_log.csv"}, path.Base(file))
}

func (m *maker) fileLabel(file string) string {
	v, id := m.v, strings.TrimSuffix(path.Base(file), path.Ext(file))
	level := id[max(0, len(id)-1):]
	switch {
	case strings.HasPrefix(id, "figures_adm"):
		return v.Say("data.level", "n", level)
	case strings.HasPrefix(id, "dtm_admin"):
		return v.Say("data.dtm", "n", level)
	case strings.HasPrefix(id, "by_"):
		return v.Say("data.table", "what", strings.ReplaceAll(strings.TrimPrefix(id, "by_"), "_", " "))
	}
	for name, key := range map[string]string{"coverage": "data.coverage", "codebook": "data.codebook", "cleaning_log": "data.log", "methodology": "data.method", "places": "data.places", "words": "data.words"} {
		if id == name {
			return v.Say(key)
		}
	}
	return id
}
