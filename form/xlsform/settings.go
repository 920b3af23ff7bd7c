package xlsform

import (
	"strconv"
	"strings"

	"safar/fault"
	"safar/form"
	"safar/locale"
)

// readSettings takes the first filled row of the settings sheet.
func (c *converter) readSettings(t *table) {
	c.flags = map[string]bool{}
	c.form.Root = &form.Element{Kind: form.Group, Name: "data"}
	if t == nil {
		return
	}
	var r row
	for _, raw := range t.rows {
		if r = c.read(t, raw); !r.empty() {
			break
		}
	}
	f := c.form
	f.ID, f.Version, f.DefaultLanguage = r.one["form_id"], r.one["version"], cleanLanguage(r.one["default_language"])
	f.InstanceName = cleanExpression(r.one["instance_name"])
	if title := r.one["form_title"]; title != "" {
		f.Title = locale.Text{"": title}
	}
	c.rootName(t, r)
	c.keepSettings(t, r)
}

func (c *converter) rootName(t *table, r row) {
	name := r.one["name"]
	if name == "" {
		return
	}
	if !isName(name) {
		c.fail(c.where(t.sheet, r.number, r.column["name"]), fault.FormBadName, "name", name, "suggestion", "")
		return
	}
	c.form.Root.Name = name
}

// keepSettings checks and keeps the other columns of the settings sheet.
func (c *converter) keepSettings(t *table, r row) {
	for key, value := range r.one {
		at := c.where(t.sheet, r.number, r.column[key])
		switch key {
		case "form_id":
			if strings.ContainsAny(value, "\n<>\"&") {
				c.fail(at, fault.FormBadSetting, "setting", key, "value", value, "mend", "Use letters, digits, points, hyphens and underscores")
			}
		case "form_title", "version", "default_language", "instance_name", "name":
		case "auto_send", "auto_delete", "allow_choice_duplicates", "clean_text_values":
			yes, ok := truth(value)
			if !ok {
				c.fail(at, fault.FormBadSetting, "setting", key, "value", value, "mend", "Write yes or no")
			}
			c.flags[key] = yes
			c.setting(key, strconv.FormatBool(yes))
		case "style":
			c.setting(key, value)
		default:
			c.setting(key, value)
		}
	}
}

func (c *converter) setting(key, value string) {
	if c.form.Settings == nil {
		c.form.Settings = map[string]string{}
	}
	c.form.Settings[key] = value
}

// isName says whether s can name an element of XML without prefix.
func isName(s string) bool {
	for i, r := range s {
		letter := r == '_' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= 0xC0 && r != 0xD7 && r != 0xF7 && isLetter(r)
		other := r == '-' || r == '.' || r >= '0' && r <= '9'
		if !letter && (i == 0 || !other) {
			return false
		}
	}
	return s != ""
}

// isLetter holds for the ranges of letters that XML 1.0 allows at the beginning of a name.
func isLetter(r rune) bool {
	return r <= 0x2FF || r >= 0x370 && r <= 0x1FFF && r != 0x37E || r >= 0x2C00 && r <= 0x2FEF || r >= 0x3001 && r <= 0xD7FF
}

// properName proposes a name for a text that is none: "2nd visit" gives "_2nd_visit".
func properName(s string) string {
	var b strings.Builder
	for _, r := range strings.TrimSpace(s) {
		switch {
		case isName(string(r)) || b.Len() > 0 && isName("_"+string(r)):
			b.WriteRune(r)
		case b.Len() == 0 && isName("_"+string(r)):
			b.WriteString("_" + string(r))
		case !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	return strings.TrimRight(b.String(), "_")
}
