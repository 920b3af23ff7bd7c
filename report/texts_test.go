package report_test

import (
	"testing"

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
