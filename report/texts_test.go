package report_test

import (
	"os"
	"testing"

	"go.yaml.in/yaml/v3"

	"safar/locale"
	"safar/report"
)

// TestEveryLanguageIsComplete fails the build when a message, a plural form or a placeholder is missing anywhere.
func TestEveryLanguageIsComplete(t *testing.T) {
	t.Parallel()
	c, err := report.Messages()
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range c.Check() {
		t.Error(wrong)
	}
}

// TestWordsOfTheFieldAreComplete: what the tools lack in one language they lack in all three.
func TestWordsOfTheFieldAreComplete(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("texts/field.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var groups map[string]map[string]locale.Text
	if err := yaml.Unmarshal(data, &groups); err != nil {
		t.Fatal(err)
	}
	for group, texts := range groups {
		for key, text := range texts {
			for _, tag := range text.Missing("fr", "es", "ar") {
				t.Errorf("%s %s has no %s", group, key, tag)
			}
		}
	}
}
