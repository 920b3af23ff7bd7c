package sheet_test

import (
	"testing"

	"safar/fault"
	"safar/sheet"
)

const markdownForm = `
Some prose before it.
| survey |
|        | type | name | label |
|        | ---- | ---- | ----- |
|        | text | a    | A \| B |
|        |      |      |
|        | note |      | *bold*, ӣ |
| choices | list_name | name |
|         | yn        | yes  |
`

func TestMarkdown(t *testing.T) {
	t.Parallel()
	b := open(t, "form.md", markdownForm)
	if b.Format() != sheet.Markdown || len(b.Sheets()) != 2 {
		t.Fatal(b.Format(), b.Sheets())
	}
	survey, err := b.Grid("Survey ")
	if err != nil {
		t.Fatal(err)
	}
	wantDrawn(t, survey, "\n1|type|name|label\n2|text|a|A | B\n3|note||*bold*, ӣ\n")
	choices, err := b.Grid("choices")
	if err != nil {
		t.Fatal(err)
	}
	wantDrawn(t, choices, "\n1|list_name|name\n2|yn|yes\n")
}

func TestMarkdownIsSniffed(t *testing.T) {
	t.Parallel()
	if b := open(t, "", "| survey |\n| | type |\n| | note |\n"); b.Format() != sheet.Markdown {
		t.Error(b.Format())
	}
	if b := open(t, "a.csv", "|a|\n|b|\n"); b.Format() != sheet.CSV {
		t.Error(b.Format())
	}
}

func TestMarkdownFaults(t *testing.T) {
	t.Parallel()
	_, err := sheet.OpenBytes("f.md", []byte("| a |\n| | x |\n| a |\n"), sheet.Limits{})
	wantFault(t, err, fault.SheetNameTwice, "f.md")
	_, err = sheet.OpenBytes("f.md", []byte("only prose"), sheet.Limits{})
	wantFault(t, err, fault.SheetNoSheets, "f.md")
	_, err = sheet.OpenBytes("f.md", []byte("| a |\n| | x | yy |\n"), sheet.Limits{CellBytes: 1})
	wantFault(t, err, fault.SheetCellTooLong, `f.md, sheet "a", B1`)
}
