package xlsform_test

import (
	"fmt"
	"strings"
	"testing"

	"safar/form/xform"
	"safar/form/xlsform"
	"safar/sheet"
)

// BenchmarkConvert500 converts a workbook of 500 questions in two languages, with choices, skip logic, constraints and
// calculations, and writes its XForm.
func BenchmarkConvert500(b *testing.B) {
	survey, choices := bigForm(500)
	for b.Loop() {
		f, _, err := xlsform.ConvertGrids(survey, choices, nil, xlsform.Options{FormID: "big"})
		if err != nil {
			b.Fatal(err)
		}
		if _, err := xform.Write(f); err != nil {
			b.Fatal(err)
		}
	}
}

func bigForm(questions int) (survey, choices *sheet.Grid) {
	rows := [][]string{{"type", "name", "label::English (en)", "label::Русский (ru)", "relevant", "constraint", "required", "calculation"}}
	for i := range questions {
		name := fmt.Sprintf("q%d", i)
		row := []string{"integer", name, "Question " + name, "Вопрос " + name, "", ". >= 0 and . < 1000", "yes", ""}
		switch {
		case i%10 == 3:
			row = []string{"calculate", name, "", "", "", "", "", fmt.Sprintf("${q%d} + ${q%d}", i-1, i-2)}
		case i%10 == 5:
			row[0], row[5] = "select_one list"+fmt.Sprint(i%7), ""
		case i%10 == 7:
			row[0], row[5] = "text", "string-length(.) < 80"
			row[4] = fmt.Sprintf("${q%d} = 'c1' or ${q%d} > 5", i-2, i-3)
		}
		rows = append(rows, row)
	}
	lists := [][]string{{"list_name", "name", "label::English (en)", "label::Русский (ru)"}}
	for l := range 7 {
		for c := range 30 {
			lists = append(lists, []string{fmt.Sprintf("list%d", l), fmt.Sprintf("c%d", c), fmt.Sprintf("Choice %d", c), strings.Repeat("Вариант ", 2)})
		}
	}
	return sheet.NewGrid("survey", rows), sheet.NewGrid("choices", lists)
}
