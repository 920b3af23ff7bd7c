package fault_test

import (
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"

	"safar/fault"
)

func TestCatalogueIsWhole(t *testing.T) {
	t.Parallel()
	name := regexp.MustCompile(`^[a-z]+(\.[a-z0-9_]+)+$`)
	for _, entry := range fault.Listing() {
		if !name.MatchString(string(entry.Code)) {
			t.Errorf("%s: a code is written area.what in lower case", entry.Code)
		}
		if entry.Text == "" || strings.HasSuffix(entry.Text, ".") {
			t.Errorf("%s: the message %q needs words and no full stop", entry.Code, entry.Text)
		}
		if entry.Kind != fault.Internal && !strings.HasSuffix(entry.Mend, ".") {
			t.Errorf("%s: the mend %q must be a sentence that says what to do", entry.Code, entry.Mend)
		}
	}
}

func TestErrorSaysWhereWhatAndHow(t *testing.T) {
	t.Parallel()
	err := fault.Wrap(io.EOF, fault.InternalError).In(fault.Where{File: "r11.xlsx", Sheet: "Data", Row: 14, Cell: "H"})
	if got, want := err.Error(), `r11.xlsx, sheet "Data", H14: Safar could not finish this`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	wrapped := fmt.Errorf("importing: %w", err)
	if !errors.Is(wrapped, io.EOF) || fault.CodeOf(wrapped) != fault.InternalError || fault.KindOf(wrapped) != fault.Internal {
		t.Error("code, kind and cause must survive wrapping")
	}
	if fault.KindOf(io.EOF) != fault.Internal || fault.CodeOf(io.EOF) != "" {
		t.Error("a foreign error is internal and has no code")
	}
}
