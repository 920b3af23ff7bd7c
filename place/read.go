package place

import (
	"strings"

	"safar/fault"
	"safar/locale"
)

// cell is one value of a row or feature that has a role.
type cell struct {
	role   role
	text   string
	header string
	col    string // letters of the column; "" for a feature
	number bool   // the file holds a number, not text
}

// line is a row of a table or a feature of a collection, before it is understood.
type line struct {
	at    fault.Where
	cells []cell
	shape *shape // of a feature; nil in tables
}

// where points at a cell of the line.
func (l *line) where(c cell) fault.Where {
	at := l.at
	if c.col == "" {
		at.Field += ".properties." + c.header
		return at
	}
	at.Cell, at.Field = c.col, c.header
	return at
}

// unitText is what a line says about one unit: the row's own, or one above it.
type unitText struct {
	code    *cell
	names   locale.Text
	aliases []string
	codes   map[string]string
}

func (u *unitText) empty() bool {
	return u.code == nil && len(u.names) == 0 && len(u.aliases) == 0 && len(u.codes) == 0
}

// draft is a line as understood: everything said, nothing yet resolved.
type draft struct {
	line    *line
	own     unitText
	above   [MaxLevel + 1]unitText
	fields  map[string]cell // the single-valued fields
	ssid    []string
	parents []cell // parents given in other code systems
}

// reader turns lines into drafts.
type reader struct {
	opts    Options
	preset  Preset
	defects []Defect
}

func (rd *reader) report(d Defect) { rd.defects = append(rd.defects, d) }

// draft sorts the cells of a line by role.
func (rd *reader) draft(l *line) draft {
	d := draft{line: l, fields: map[string]cell{}}
	languages := map[string]string{}
	for _, c := range l.cells {
		if c.role.field == "lang" || c.role.field == "lang1" || c.role.field == "lang2" {
			languages["$"+c.role.field] = strings.ToLower(c.text)
		}
	}
	for _, c := range l.cells {
		unit := &d.own
		if c.role.level != own {
			unit = &d.above[c.role.level]
		}
		switch c.role.field {
		case "code":
			rd.takeCode(unit, c)
		case "name":
			tag := c.role.arg
			if language, ok := languages[tag]; ok {
				tag = language
			}
			rd.takeName(unit, tag, c.text)
		case "alias":
			unit.aliases = append(unit.aliases, listed(c.text)...)
		case "ssid_part":
			d.ssid = append(d.ssid, c.text)
			d.fields["ssid"] = c
		case "parent":
			if c.role.arg != "" {
				d.parents = append(d.parents, c)
				continue
			}
			d.fields["parent"] = c
		default:
			d.fields[c.role.field] = c
		}
	}
	return d
}

func (rd *reader) takeCode(u *unitText, c cell) {
	if c.role.arg == "" {
		u.code = &c
		return
	}
	if u.codes == nil {
		u.codes = map[string]string{}
	}
	text := c.text
	if d := damageOf(text); d.changed && d.exact {
		text = d.digits
	}
	u.codes[c.role.arg] = text
}

// takeName files a name under its language; a second name in one language, and one under something that is no language
// tag, becomes an alias.
func (rd *reader) takeName(u *unitText, tag, name string) {
	name = strings.Join(strings.Fields(name), " ")
	if tag == "" || strings.HasPrefix(tag, "$") {
		tag = rd.opts.language()
	}
	if u.names == nil {
		u.names = locale.Text{}
	}
	switch {
	case !isLanguage(tag), u.names[tag] != "" && u.names[tag] != name:
		u.aliases = append(u.aliases, name)
	default:
		u.names[tag] = name
	}
}

func isLanguage(tag string) bool {
	primary, _, _ := strings.Cut(tag, "-")
	return len(primary) == 2 || len(primary) == 3
}

// listed splits a cell of several names. A comma may belong to a name, so only semicolons and bars separate.
func listed(s string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(s, func(r rune) bool { return r == ';' || r == '|' }) {
		if part = strings.Join(strings.Fields(part), " "); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// blank holds the ways in which lists say that there is nothing. Case matters: Nan is a province of Thailand.
func blank(s string) bool {
	switch s {
	case "", "N/A", "n/a", "NA", "NULL", "null", "None", "NaN", "nan", "-", "--", "<Null>", "<null>", "#N/A":
		return true
	}
	return false
}

// country finds the country of a draft: its own column, the code or the column of level 0, or the one given with the
// import. A draft of another country than the one asked for is passed over without a defect.
func (rd *reader) country(d *draft) (country string, ok bool) {
	c, given := d.fields["country"]
	if !given && d.above[0].code != nil {
		c, given = *d.above[0].code, true
	}
	if !given {
		if rd.opts.Country == "" {
			rd.report(leftOut(fault.New(fault.PlaceNoCountry).In(d.line.at)))
		}
		return rd.opts.Country, rd.opts.Country != ""
	}
	country, ok = CountryOf(c.text)
	if !ok && rd.opts.Country != "" && c.role.field == "code" {
		return rd.opts.Country, true
	}
	if !ok {
		rd.report(leftOut(fault.New(fault.PlaceUnknownCountry, "value", c.text).In(d.line.where(c))))
		return "", false
	}
	return country, rd.opts.Country == "" || rd.opts.Country == country
}
