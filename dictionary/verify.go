package dictionary

import (
	"maps"
	"slices"
	"strings"

	"safar/fault"
	"safar/locale"
)

// verify proves that the parts refer to each other only by codes that exist, and that every label is there in every
// language. It reports the first defect; the order is that of the files.
func (d *Dictionary) verify() error {
	for _, item := range d.items {
		if err := d.verifyItem(item); err != nil {
			return err
		}
	}
	for _, list := range d.lists {
		if err := d.verifyList(list); err != nil {
			return err
		}
	}
	for _, c := range d.categories {
		if err := d.verifyCategory(c); err != nil {
			return err
		}
	}
	for _, owned := range d.labels() {
		if err := whole(owned.owner, owned.text); err != nil {
			return err
		}
	}
	return nil
}

func (d *Dictionary) verifyItem(item Item) error {
	known := []struct{ what, code string }{
		{"list", item.List}, {"unit", item.Unit}, {"category", item.Category},
		{"indicator", item.Indicator}, {"item", item.ReplacedBy}, {"item", item.Total},
	}
	for _, k := range known {
		if k.code != "" && !d.exists(k.what, k.code) {
			return fault.New(fault.DictionaryReference, "owner", item.Name, "what", k.what, "code", k.code)
		}
	}
	if item.Sensitivity.Rank() < 0 {
		return fault.New(fault.DictionaryReference, "owner", item.Name, "what", "sensitivity class", "code", string(item.Sensitivity))
	}
	if strings.HasPrefix(item.Type, "select") && item.List == "" && !strings.HasSuffix(item.Type, "_from_file") {
		return fault.New(fault.DictionaryReference, "owner", item.Name, "what", "list", "code", "")
	}
	if item.Identity && item.Sensitivity != Severe {
		return fault.New(fault.DictionaryIdentity, "owner", item.Name)
	}
	return whole(item.Name, item.Label)
}

func (d *Dictionary) exists(what, code string) bool {
	ok := false
	switch what {
	case "list":
		_, ok = d.List(code)
	case "unit":
		_, ok = d.Unit(code)
	case "category":
		_, ok = d.Category(code)
	case "indicator":
		_, ok = d.Indicator(code)
	case "item":
		_, ok = d.byName[code]
	}
	return ok
}

func (d *Dictionary) verifyList(list List) error {
	for _, c := range list.Choices {
		owner := list.Name + "/" + c.Name
		for _, other := range []string{c.Group, c.ReplacedBy} {
			if _, ok := list.Choice(other); other != "" && !ok {
				return fault.New(fault.DictionaryReference, "owner", owner, "what", "choice", "code", other)
			}
		}
		if err := whole(owner, c.Label); err != nil {
			return err
		}
	}
	return nil
}

func (d *Dictionary) verifyCategory(c Category) error {
	for _, other := range append([]string{c.SubtypeOf, c.ReplacedBy}, c.ExclusiveWith...) {
		if other != "" && !d.exists("category", other) {
			return fault.New(fault.DictionaryReference, "owner", c.Code, "what", "category", "code", other)
		}
	}
	if err := whole(c.Code, c.Label); err != nil {
		return err
	}
	return whole(c.Code+" (definition)", c.Definition)
}

type label struct {
	owner string // as a message names it
	text  locale.Text
}

// labels gathers the remaining labels in a fixed order.
func (d *Dictionary) labels() []label {
	var all []label
	for _, u := range d.units {
		all = append(all, label{"unit " + u.Code, u.Label})
	}
	for _, i := range d.indicators {
		all = append(all, label{"indicator type " + i.Code, i.Label})
	}
	for _, r := range d.reasons {
		all = append(all, label{"missing " + r.Code, r.Label})
	}
	for _, h := range d.classes {
		name := "class " + string(h.Class)
		all = append(all, label{name, h.Label}, label{name + " content", h.Content},
			label{name + " access", h.Access}, label{name + " publication", h.Publication})
	}
	for _, key := range slices.Sorted(maps.Keys(d.texts)) {
		all = append(all, label{"text " + key, d.texts[key]})
	}
	return all
}

func whole(owner string, text locale.Text) error {
	if missing := text.Missing(Languages()...); len(missing) > 0 {
		return fault.New(fault.DictionaryLabel, "owner", owner, "languages", strings.Join(missing, ", "))
	}
	return nil
}
