package xlsform

import (
	"strings"

	"safar/fault"
	"safar/form"
	"safar/sheet"
)

// table is one sheet with its headers understood.
type table struct {
	sheet   string
	header  int // row number of the headers
	columns []column
	rows    []sheet.Row
}

// column is one understood header: `media::image::English (en)` has the key "image" and the language "English (en)".
type column struct {
	key      string // canonical name, or "bind::type" and the like
	language string // as written, "" for none
	header   string // as written
	index    int    // 1-based
}

// keyspace says which headers a sheet knows.
type keyspace struct {
	known        map[string]bool
	alias        map[string]string
	translatable map[string]bool
	open         bool // unknown headers are data, as in the choices sheet
}

// table reads the headers of a grid; nil for no grid.
func (c *converter) table(grid *sheet.Grid, name string) *table {
	if grid == nil || len(grid.Rows) == 0 {
		return nil
	}
	t := &table{sheet: name, header: grid.Rows[0].Number, rows: grid.Rows[1:]}
	space := keyspaceOf(name)
	seen := map[string]int{}
	for i, cell := range grid.Rows[0].Cells {
		header := strings.TrimSpace(cell.Raw)
		if cell.Kind == sheet.Empty || header == "" {
			continue
		}
		col := space.parse(header)
		col.index = i + 1
		at := c.where(name, t.header, col.index)
		if col.key == "" {
			c.unknownColumn(at, header, space)
			continue
		}
		if other, twice := seen[col.key+"::"+col.language]; twice {
			c.fail(at, fault.FormDuplicateColumn, "column", header, "other", sheet.Address(t.header, other))
			continue
		}
		seen[col.key+"::"+col.language] = col.index
		t.columns = append(t.columns, col)
		c.langs.add(col.language)
	}
	return t
}

func (c *converter) unknownColumn(at fault.Where, header string, space keyspace) {
	if strings.ContainsAny(header[:1], "_$#") || strings.HasPrefix(header, "kobo--") {
		return // notes of the author and of other programs
	}
	suggestion := form.Perhaps(header, space.names())
	if space.open {
		suggestion = ", names of columns hold no spaces"
	}
	c.warn(at, fault.FormUnknownColumn, "column", header, "suggestion", suggestion)
}

// parse understands one header; the key is empty when the sheet does not know it.
func (k keyspace) parse(header string) column {
	col := column{header: header}
	whole := foldKey(header)
	if name, ok := k.find(whole); ok {
		col.key = name
		return col
	}
	parts := splitHeader(header)
	first := foldKey(parts[0])
	switch first {
	case "bind", "body", "control", "instance":
		return k.parsePrefixed(col, first, parts[1:])
	case "media":
		parts = parts[1:]
	}
	if len(parts) > 0 {
		if name, ok := k.find(foldKey(parts[0])); ok && k.translatable[name] && len(parts) == 2 {
			col.key, col.language = name, cleanLanguage(parts[1])
			return col
		}
		if name, ok := k.find(foldKey(parts[0])); ok && len(parts) == 1 {
			col.key = name
			return col
		}
	}
	if k.open && isName(header) {
		col.key = "extra::" + strings.TrimSpace(header)
	}
	return col
}

// parsePrefixed understands bind::, body:: and instance:: headers; those with a column of their own become it.
func (k keyspace) parsePrefixed(col column, prefix string, rest []string) column {
	if len(rest) == 0 || k.open {
		return col
	}
	if prefix == "control" {
		prefix = "body"
	}
	name := strings.TrimSpace(rest[0])
	if own := attributeColumns()[prefix+"::"+name]; own != "" {
		col.key = own
		if len(rest) > 1 && k.translatable[own] {
			col.language = cleanLanguage(rest[1])
		}
		return col
	}
	col.key = prefix + "::" + name
	return col
}

// attributeColumns lists the attributes that are columns in their own right.
func attributeColumns() map[string]string {
	return map[string]string{
		"bind::relevant": "relevant", "bind::required": "required", "bind::constraint": "constraint", "bind::readonly": "read_only",
		"bind::calculate": "calculation", "bind::jr:constraintMsg": "constraint_message", "bind::jr:requiredMsg": "required_message",
		"bind::jr:noAppErrorString": "no_app_error_string", "body::appearance": "appearance", "body::jr:count": "repeat_count",
	}
}

func (k keyspace) find(folded string) (string, bool) {
	if k.known[folded] {
		return folded, true
	}
	name, ok := k.alias[folded]
	return name, ok
}

func (k keyspace) names() []string {
	names := make([]string, 0, len(k.known))
	for name := range k.known {
		names = append(names, name)
	}
	// Sorted, so that of two equally near names always the same is proposed.
	return sorted(names)
}

// splitHeader cuts a header at "::", or at ":" as older workbooks write it.
func splitHeader(header string) []string {
	separator := "::"
	if !strings.Contains(header, separator) && !strings.Contains(header, "jr:") {
		separator = ":"
	}
	parts := strings.Split(header, separator)
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

func foldKey(s string) string { return strings.ReplaceAll(sheet.FoldHeader(s), " ", "_") }

func cleanLanguage(s string) string { return strings.Join(strings.Fields(s), " ") }

func keyspaceOf(name string) keyspace {
	switch name {
	case "choices":
		return choiceKeys()
	case "settings":
		return settingKeys()
	}
	return surveyKeys()
}

func surveyKeys() keyspace {
	return keyspace{
		known: set("type", "name", "label", "hint", "guidance_hint", "required", "required_message", "relevant", "constraint",
			"constraint_message", "calculation", "default", "appearance", "parameters", "choice_filter", "repeat_count", "read_only",
			"trigger", "image", "audio", "video", "big-image", "no_app_error_string", "autoplay", "rows", "intent", "query", "disabled",
			"item", "save_to", "list_name", "file"),
		alias: map[string]string{
			"relevance": "relevant", "readonly": "read_only", "calculate": "calculation", "count": "repeat_count", "jr:count": "repeat_count",
			"caption": "label", "constraining_message": "constraint_message", "requiredmsg": "required_message", "command": "type",
			"constraint_msg": "constraint_message", "noapperrorstring": "no_app_error_string", "value": "name", "tag": "name",
			"big_image": "big-image", "params": "parameters",
		},
		translatable: set("label", "hint", "guidance_hint", "constraint_message", "required_message", "no_app_error_string", "image", "audio",
			"video", "big-image"),
	}
}

func choiceKeys() keyspace {
	return keyspace{
		known:        set("list_name", "name", "label", "image", "audio", "video", "big-image"),
		alias:        map[string]string{"value": "name", "caption": "label", "big_image": "big-image", "listname": "list_name"},
		translatable: set("label", "image", "audio", "video", "big-image"),
		open:         true,
	}
}

func settingKeys() keyspace {
	return keyspace{
		known: set("form_title", "form_id", "version", "default_language", "instance_name", "public_key", "submission_url", "style",
			"auto_send", "auto_delete", "allow_choice_duplicates", "name", "instance_xmlns", "namespaces", "clean_text_values",
			"sms_keyword", "sms_separator", "sms_allow_media", "sms_date_format", "sms_datetime_format", "prefix", "delimiter", "client_editable"),
		alias: map[string]string{"set_form_title": "form_title", "set_form_id": "form_id", "id_string": "form_id", "title": "form_title"},
	}
}

func set(names ...string) map[string]bool {
	out := make(map[string]bool, len(names))
	for _, name := range names {
		out[name] = true
	}
	return out
}
