package dictionary

import (
	"strings"

	"safar/locale"
)

// OtherText is the shared text that asks for the words behind the answer "other".
const OtherText = "other_specify"

// derived finds columns that exist beside an item without being listed: the free text of "other", and the four parts of
// a point (domain 2).
func (d *Dictionary) derived(name string) (Item, bool) {
	cut := strings.LastIndexByte(name, '_')
	if cut < 0 {
		return Item{}, false
	}
	at, ok := d.byName[name[:cut]]
	if !ok {
		return Item{}, false
	}
	base, suffix := d.items[at], name[cut+1:]
	switch {
	case suffix == "other" && d.offersOther(base):
		return d.otherOf(base, name), true
	case strings.HasSuffix(base.Type, "geopoint"):
		return pointPart(base, name, suffix)
	}
	return Item{}, false
}

func (d *Dictionary) offersOther(base Item) bool {
	list, ok := d.List(base.List)
	if !ok {
		return false
	}
	_, ok = list.Choice("other")
	return ok
}

func (d *Dictionary) otherOf(base Item, name string) Item {
	other := base
	other.Name, other.Code, other.DerivedFrom = name, base.Code+"_other", base.Name
	other.Type, other.List, other.HXL, other.Unit = "text", "", "", ""
	other.Label, other.Hint, other.Meaning = d.texts[OtherText], nil, nil
	other.Aliases, other.Synonyms, other.Indicator = nil, nil, "optional"
	return other
}

func pointPart(base Item, name, suffix string) (Item, bool) {
	tag, ok := map[string]string{"latitude": "#geo+lat", "longitude": "#geo+lon", "altitude": "#geo+elevation", "precision": "#geo+precision"}[suffix]
	if !ok {
		return Item{}, false
	}
	part := base
	part.Name, part.Code, part.DerivedFrom = name, base.Code+"_"+suffix, base.Name
	part.Type, part.HXL = "decimal", tag
	part.Label = locale.Text{}
	for language, text := range base.Label {
		part.Label[language] = text + " (" + suffix + ")"
	}
	part.Aliases, part.Synonyms = nil, nil
	return part, true
}
