package report

import (
	"sync"

	"go.yaml.in/yaml/v3"

	"safar/locale"
)

// fieldWords are words of tools in the languages that the tools themselves lack.
type fieldWords struct {
	Tools       map[string]locale.Text `yaml:"tools"`
	Limitations map[string]locale.Text `yaml:"limitations"`
	Measures    map[string]locale.Text `yaml:"measures"`
	Codes       map[string]locale.Text `yaml:"codes"`
}

var field = sync.OnceValue(func() fieldWords {
	var w fieldWords
	data, err := texts.ReadFile("texts/field.yaml")
	if err == nil {
		err = yaml.Unmarshal(data, &w)
	}
	if err != nil {
		panic(err) // the file is embedded, and a test reads it
	}
	return w
})

// spoken gives a text in the reader's language: from the release, else from the words kept here, else as the release has
// it in English.
func (m *maker) spoken(own, kept locale.Text) string {
	if text := own[m.v.Tag]; text != "" {
		return text
	}
	if text := kept[m.v.Tag]; text != "" {
		return text
	}
	return own.In(m.v.Tag)
}
