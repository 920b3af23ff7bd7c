package dictionary

import "safar/locale"

// IsIdentity says whether the answers of a question identify a person. A question outside the dictionary is taken for
// none: a form's own questions are marked when they are added to the dictionary.
func (d *Dictionary) IsIdentity(question string) bool {
	item, ok := d.Item(question)
	return ok && item.Identity
}

// APIWords gives the words of the DTM API for the choices of a list, by choice name; choices without one are left out.
func (d *Dictionary) APIWords(list string) locale.Text {
	words := locale.Text{}
	if l, ok := d.List(list); ok {
		for _, c := range l.Choices {
			if c.API != "" {
				words[c.Name] = c.API
			}
		}
	}
	return words
}
