package locale

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Catalogue holds the messages of one surface in all languages.
type Catalogue struct {
	languages map[string]sheet
}

// sheet is the messages of one language: key -> form -> text. A message that counts nothing has the one form "".
type sheet struct {
	review string
	texts  map[string]map[string]string
}

// message reads from YAML as a text, or as a map from plural form to text.
type message map[string]string

// UnmarshalYAML takes both forms.
func (m *message) UnmarshalYAML(node *yaml.Node) error {
	var text string
	if node.Kind == yaml.ScalarNode {
		err := node.Decode(&text)
		*m = message{"": text}
		return err
	}
	var forms map[string]string
	err := node.Decode(&forms)
	*m = forms
	return err
}

// ReadCatalogue reads one YAML file per language, named <tag>.yaml, from a folder: `review` says reviewed or
// awaiting_native, `texts` holds the messages. All languages of Safar must be there.
func ReadCatalogue(fsys fs.FS, dir string) (*Catalogue, error) {
	c := &Catalogue{languages: map[string]sheet{}}
	for _, l := range Languages() {
		data, err := fs.ReadFile(fsys, path.Join(dir, l.Tag+".yaml"))
		if err != nil {
			return nil, fmt.Errorf("locale: messages in %s: %w", l.Name, err)
		}
		var file struct {
			Review string             `yaml:"review"`
			Texts  map[string]message `yaml:"texts"`
		}
		if err := yaml.Unmarshal(data, &file); err != nil {
			return nil, fmt.Errorf("locale: messages in %s: %w", l.Name, err)
		}
		s := sheet{review: file.Review, texts: make(map[string]map[string]string, len(file.Texts))}
		for key, m := range file.Texts {
			s.texts[key] = m
		}
		c.languages[l.Tag] = s
	}
	return c, nil
}

// Check compares every language with English: the same keys, the same placeholders, and for counted texts all forms of
// the language. It lists what is wrong, sorted.
func (c *Catalogue) Check() []string {
	var wrong []string
	english := c.languages["en"].texts
	for _, l := range Languages() {
		texts := c.languages[l.Tag].texts
		for key, model := range english {
			wrong = append(wrong, checkMessage(Spoken(l.Tag), key, model, texts[key])...)
		}
		for key := range texts {
			if _, known := english[key]; !known {
				wrong = append(wrong, l.Tag+" "+key+": not in English")
			}
		}
	}
	slices.Sort(wrong)
	return wrong
}

func checkMessage(s Speaker, key string, model, got map[string]string) []string {
	want := []string{""}
	if _, plain := model[""]; !plain {
		want = s.Plurals()
	}
	sample := model[""]
	if sample == "" {
		sample = model["other"]
	}
	var wrong []string
	for _, form := range want {
		text := got[form]
		switch {
		case strings.TrimSpace(text) == "":
			wrong = append(wrong, fmt.Sprintf("%s %s: form %q is missing", s.Tag, key, form))
		case form == "" || form == "other" || form == "many":
			if !slices.Equal(placeholders(text), placeholders(sample)) {
				wrong = append(wrong, fmt.Sprintf("%s %s: has %v, English has %v", s.Tag, key, placeholders(text), placeholders(sample)))
			}
		}
	}
	return wrong
}

// placeholders lists the names in braces, sorted, each once.
func placeholders(text string) []string {
	var names []string
	for _, part := range strings.Split(text, "{")[1:] {
		name, _, _ := strings.Cut(part, "}")
		names = append(names, name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Voice speaks one language with the messages of a catalogue.
type Voice struct {
	Speaker
	texts, english map[string]map[string]string
	review         string
}

// In gives the voice of a language.
func (c *Catalogue) In(tag string) Voice {
	s := Spoken(tag)
	return Voice{Speaker: s, texts: c.languages[s.Tag].texts, english: c.languages["en"].texts, review: c.languages[s.Tag].review}
}

// AwaitsReview says that no native reader has checked the messages of this language yet.
func (v Voice) AwaitsReview() bool { return v.review != "reviewed" }

// Has says whether there is a message of that key.
func (v Voice) Has(key string) bool { return v.english[key] != nil }

// Say gives a message with its placeholders filled: pairs of name and value. A key that does not exist shows itself.
func (v Voice) Say(key string, pairs ...string) string { return v.fill(key, "", pairs) }

// Count gives a message in the form that n takes; {n} is the number written out in figures.
func (v Voice) Count(key string, n int, pairs ...string) string {
	return v.fill(key, v.Plural(n), append([]string{"n", v.Number(float64(n), 0)}, pairs...))
}

func (v Voice) fill(key, form string, pairs []string) string {
	text := v.texts[key][form]
	if text == "" {
		text = v.texts[key]["other"]
	}
	if text == "" {
		return "[" + key + "]"
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		text = strings.ReplaceAll(text, "{"+pairs[i]+"}", v.isolated(pairs[i+1]))
	}
	return text
}

// The characters between which a text keeps its own direction.
const (
	isolate = "\u2068"
	release = "\u2069"
)

// isolated keeps what is filled in apart from a text that runs from right to left: a name in Latin letters or a range of
// numbers would else carry the brackets and stops beside it along.
func (v Voice) isolated(value string) string {
	if !v.RightToLeft {
		return value
	}
	return isolate + value + release
}
