package xlsform

import (
	"strconv"
	"strings"

	"safar/fault"
	"safar/form"
)

// readChoices collects the choice lists in the order in which they first appear.
func (c *converter) readChoices(t *table) {
	c.chosen = map[string]bool{}
	if t == nil {
		return
	}
	if !c.needs(t, "list_name", "name") {
		return
	}
	for _, col := range t.columns {
		if name, extra := strings.CutPrefix(col.key, "extra::"); extra {
			c.extras = append(c.extras, name)
		}
	}
	for _, raw := range t.rows {
		if len(c.form.Lists) > 0 && raw.Number > maxChoices {
			c.fail(c.where(t.sheet, raw.Number, 0), fault.FormTooLarge, "limit", strconv.Itoa(maxChoices), "what", "choices")
			return
		}
		if r := c.read(t, raw); !r.empty() {
			c.addChoice(t, r)
		}
	}
	c.checkChoices(t)
}

// needs reports required columns that a sheet lacks.
func (c *converter) needs(t *table, keys ...string) bool {
	whole := true
	for _, key := range keys {
		found := false
		for _, col := range t.columns {
			found = found || col.key == key
		}
		if !found {
			whole = false
			c.fail(c.where(t.sheet, t.header, 0), fault.FormMissingColumn, "column", key, "suggestion", c.nearHeader(t, key))
		}
	}
	return whole
}

// nearHeader finds the misspelt header that a missing column may be.
func (c *converter) nearHeader(t *table, key string) string {
	for _, w := range c.warnings {
		if w.Code == fault.FormUnknownColumn && w.At.Sheet == t.sheet && form.Nearest(w.Details["column"], []string{key}) == key {
			return ", perhaps instead of " + strconv.Quote(w.Details["column"])
		}
	}
	for _, col := range t.columns {
		if name, extra := strings.CutPrefix(col.key, "extra::"); extra && form.Nearest(name, []string{key}) == key {
			return ", perhaps instead of " + strconv.Quote(name)
		}
	}
	return ""
}

func (c *converter) addChoice(t *table, r row) {
	at := c.where(t.sheet, r.number, 0)
	list, name := r.one["list_name"], r.one["name"]
	switch {
	case list == "" && name == "":
		return // a comment or a heading of the author
	case list == "":
		c.fail(at, fault.FormMissingListName, "name", name)
		return
	case name == "":
		c.fail(at, fault.FormMissingChoiceName, "list", list)
		return
	}
	choice := form.Choice{Name: name, Label: r.text("label"), Media: r.media(), Row: r.number, Extra: r.prefixed("extra")}
	if len(choice.Label) == 0 && len(choice.Media) == 0 {
		c.warn(at, fault.FormMissingLabel, "name", name)
	}
	target := c.list(list)
	target.Choices = append(target.Choices, choice)
}

// list gives the list of that name and begins it when there is none.
func (c *converter) list(name string) *form.List {
	if found := c.form.List(name); found != nil {
		return found
	}
	c.form.Lists = append(c.form.Lists, form.List{Name: name, Columns: c.extras})
	return &c.form.Lists[len(c.form.Lists)-1]
}

func (c *converter) checkChoices(t *table) {
	for _, list := range c.form.Lists {
		first := map[string]int{}
		for _, choice := range list.Choices {
			other, twice := first[choice.Name]
			if twice && !c.flags["allow_choice_duplicates"] {
				c.fail(c.where(t.sheet, choice.Row, 0), fault.FormDuplicateChoice,
					"name", choice.Name, "list", list.Name, "other", strconv.Itoa(other))
			}
			if !twice {
				first[choice.Name] = choice.Row
			}
		}
	}
}
