package xlsform_test

import (
	"errors"
	"strings"
	"testing"

	"safar/fault"
	"safar/form"
	"safar/form/xform"
	"safar/form/xlsform"
	"safar/sheet"
)

func convert(t testing.TB, text string) (*form.Form, []*fault.Error, error) {
	t.Helper()
	book, err := sheet.OpenBytes("book.md", []byte(text), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return xlsform.Convert(book, xlsform.Options{File: "book.md"})
}

// places writes faults as "cell code", one a line.
func places(faults []*fault.Error) string {
	lines := make([]string, len(faults))
	for i, f := range faults {
		at := f.At
		at.File = ""
		lines[i] = strings.TrimPrefix(at.String(), `sheet `) + " " + string(f.Code)
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// TestMistakesAreReportedTogether holds one small workbook for each mistake and the cell that must be named.
func TestMistakesAreReportedTogether(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, book, errors, warnings string }{
		{"no survey", "| questions |\n| | type | name |\n| | text | a |", "form.no_survey", ""},
		{"no question", "| survey |\n| | type | name |", `"survey" form.no_questions`, ""},
		{"no name column", "| survey |\n| | type | nmae | label |\n| | text | a | A |", `"survey", row 1 form.missing_column`, `"survey", B1 form.unknown_column`},
		{"unknown column", "| survey |\n| | type | name | label | constrant |\n| | text | a | A | . > 1 |", "", `"survey", D1 form.unknown_column`},
		{"a column twice", "| survey |\n| | type | name | label | relevant | relevance |\n| | text | a | A | | |", `"survey", E1 form.duplicate_column`, ""},
		{"unknown type", "| survey |\n| | type | name | label |\n| | interger | a | A |\n| | selct_one yes | b | B |", "\"survey\", A2 form.unknown_type\n\"survey\", A3 form.unknown_type", ""},
		{"no type", "| survey |\n| | type | name | label |\n| | | a | A |\n| | | | a heading |\n| | text | b | B |",
			`"survey", B2 form.missing_type`, `"survey", C3 form.comment_row`},
		{"no name", "| survey |\n| | type | name | label |\n| | text | | A |", `"survey", row 2 form.missing_name`, ""},
		{"bad name", "| survey |\n| | type | name | label |\n| | text | my name | A |\n| | text | 2nd | B |\n| | text | meta | C |",
			"\"survey\", B2 form.bad_name\n\"survey\", B3 form.bad_name\n\"survey\", B4 form.bad_name", ""},
		{"name twice", "| survey |\n| | type | name | label |\n| | text | a | A |\n| | integer | A | B |", `"survey", B3 form.duplicate_name`, ""},
		{"no label", "| survey |\n| | type | name | label |\n| | text | a | |\n| | calculate | b | |",
			`"survey", row 3 form.missing_calculation`, `"survey", B2 form.missing_label`},
		{"no list", "| survey |\n| | type | name | label |\n| | select_one | a | A |\n| | select_one yesno | b | B |\n| choices |\n| | list_name | name | label |\n| | yes_no | y | Y |",
			"\"survey\", A2 form.missing_list\n\"survey\", A3 form.unknown_list", `"choices", row 2 form.unused_list`},
		{"bad choices", "| survey |\n| | type | name | label |\n| | select_multiple l | a | A |\n| choices |\n| | list_name | name | label |\n| | l | a | A |\n| | l | a | B |\n| | l | b c | C |\n| | | d | D |\n| | l | | E |",
			"\"choices\", row 3 form.duplicate_choice\n\"choices\", row 4 form.choice_with_space\n\"choices\", row 5 form.missing_list_name\n\"choices\", row 6 form.missing_choice_name", ""},
		{"bad file", "| survey |\n| | type | name | label |\n| | select_one_from_file places.txt | a | A |", `"survey", A2 form.bad_file`, ""},
		{"open group", "| survey |\n| | type | name | label |\n| | begin_group | g | G |\n| | text | a | A |", `"survey", A2 form.unclosed_group`, ""},
		{"wrong end", "| survey |\n| | type | name | label |\n| | begin_group | g | G |\n| | text | a | A |\n| | end_repeat | | |\n| | end_group | | |",
			"\"survey\", A4 form.unexpected_end\n\"survey\", A5 form.unexpected_end", ""},
		{"bad parameter", "| survey |\n| | type | name | label | parameters |\n| | range | a | A | start=x end |\n| | text | b | B | color=red |",
			"\"survey\", D2 form.bad_parameter\n\"survey\", D2 form.bad_parameter", `"survey", D3 form.bad_parameter`},
		{"bad expression", "| survey |\n| | type | name | label | relevant | constraint |\n| | integer | a | A | | . > |\n| | text | b | B | ${a} = = 1 | |",
			"\"survey\", E2 form.bad_expression\n\"survey\", D3 form.bad_expression", ""},
		{"unknown function", "| survey |\n| | type | name | label | relevant |\n| | integer | a | A | slected(., 1) |", `"survey", D2 form.bad_expression`, ""},
		{"unknown reference", "| survey |\n| | type | name | label | relevant |\n| | integer | age | A | |\n| | text | b | B ${agee} | ${agge} > 1 |",
			"\"survey\", C3 form.unknown_reference\n\"survey\", D3 form.unknown_reference", ""},
		{"ambiguous reference", "| survey |\n| | type | name | label | relevant |\n| | begin_group | g | G | |\n| | text | a | A | |\n| | end_group | | | |\n| | text | a | A | |\n| | text | b | B | ${a} = 1 |",
			`"survey", D6 form.ambiguous_reference`, ""},
		{"quoted reference", "| survey |\n| | type | name | label | relevant |\n| | text | a | A | |\n| | text | b | B | '${a}' = 'x' |", "", `"survey", D3 form.quoted_reference`},
		{"circle", "| survey |\n| | type | name | calculation |\n| | calculate | a | ${b} + 1 |\n| | calculate | b | ${c} |\n| | calculate | c | ${a} |",
			`"survey", C2 form.circular`, ""},
		{"trigger", "| survey |\n| | type | name | label | trigger | calculation |\n| | text | a | A | | |\n| | calculate | b | | a | 1 |\n| | calculate | c | | ${x} | 1 |",
			"\"survey\", D3 form.bad_trigger\n\"survey\", D4 form.unknown_reference", ""},
		{"later parts", "| survey |\n| | type | name | label | default |\n| | text | a | A | ${last-saved#a} |\n| | osm tags | b | B | |\n| | begin_loop over x | c | C | |",
			"\"survey\", D2 form.unsupported\n\"survey\", A3 form.unknown_type\n\"survey\", A4 form.unknown_type", ""},
		{"or_other with filter", "| survey |\n| | type | name | label | choice_filter |\n| | select_one l or_other | a | A | true() |\n| choices |\n| | list_name | name | label |\n| | l | x | X |",
			`"survey", D2 form.or_other_filter`, ""},
		{"settings", "| survey |\n| | type | name | label |\n| | text | a | A |\n| settings |\n| | form_id | auto_send | name | verson |\n| | a<b | maybe | my form | 1 |",
			"\"settings\", A2 form.bad_setting\n\"settings\", B2 form.bad_setting\n\"settings\", C2 form.bad_name", `"settings", D1 form.unknown_column`},
		{"default language", "| survey |\n| | type | name | label::English (en) |\n| | text | a | A |\n| settings |\n| | default_language |\n| | Russian |", "", `"settings" form.unknown_language`},
		{"missing translation", "| survey |\n| | type | name | label::English (en) | label::Русский (ru) |\n| | text | a | A | |\n| | text | b | B | Б |", "", `"survey", C2 form.missing_translation`},
		{"misspelt sheet", "| survey |\n| | type | name | label |\n| | text | a | A |\n| choises |\n| | list_name | name |\n| | a | b |", "", `"choises" form.unknown_sheet`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, warnings, err := convert(t, c.book)
			if got := places(xlsform.Faults(err)); got != c.errors {
				t.Errorf("errors\n%s\nwant\n%s", got, c.errors)
			}
			if got := places(warnings); got != c.warnings {
				t.Errorf("warnings\n%s\nwant\n%s", got, c.warnings)
			}
		})
	}
}

func TestMessagesSayHowToMend(t *testing.T) {
	t.Parallel()
	book := "| survey |\n| | type | name | label | relevant |\n| | interger | age | Age | |\n| | text | b | B | ${agge} > 1 and |\n| | text | c | C | ${bb} > 1 |\n"
	_, _, err := convert(t, book)
	for _, want := range []string{
		`book.md, sheet "survey", A2: interger is not a question type. Use a type of the XLSForm standard, perhaps "integer".`,
		`book.md, sheet "survey", D4: no question is called bb. Refer to a question by its name, perhaps "b".`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("the errors lack\n%s\nin\n%s", want, err)
		}
	}
	if !errors.Is(err, fault.New(fault.FormBadExpression)) {
		t.Error("errors.Is must find each fault")
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	f, _, err := convert(t, `
| survey |
| | type | name | label | label::Русский (ru) | hint | media::image::Русский (ru) |
| | text | a | Name | Имя | Any | a.png |
| choices |
| | list_name | name | label |
| settings |
| | default_language |
| | English (en) |`)
	if err != nil {
		t.Fatal(err)
	}
	a := f.Element("a")
	if len(f.Languages) != 2 || f.Languages[0].Label != "default" || f.Languages[1].Tag != "ru" {
		t.Errorf("languages %v", f.Languages)
	}
	if a.Label["ru"] != "Имя" || a.Label[""] != "Name" || a.Hint[""] != "Any" || a.Media["image"]["ru"] != "a.png" {
		t.Errorf("element %+v", a)
	}
}

func TestTextWithoutLanguageBelongsToTheDefaultLanguage(t *testing.T) {
	t.Parallel()
	f, warnings, err := convert(t, "| survey |\n| | type | name | label | label::Русский (ru) | hint::English (en) |\n| | text | a | Name | Имя | Any |\n| settings |\n| | default_language |\n| | en |")
	if err != nil {
		t.Fatal(err)
	}
	if f.DefaultLanguage != "English (en)" || f.Element("a").Label["en"] != "Name" || f.Element("a").Label[""] != "" {
		t.Errorf("default %q, label %v, warnings %v", f.DefaultLanguage, f.Element("a").Label, warnings)
	}
}

func TestRowsBecomeElements(t *testing.T) {
	t.Parallel()
	f, _, err := convert(t, `
| survey |
| | type | name | label | repeat_count | calculation | trigger | required | read_only | disabled | bind::odk:x | body::accept | instance::tag | parameters |
| | begin repeat | r | R | 2 + 1 | | | | | | | | | |
| | select one from l or_other | s | S | | | | TRUE | | | | | | |
| | Integer | n | N | | | | no | yes | | y | z | w | |
| | end repeat | | | | | | | | | | | | |
| | calculate | k | | | uuid() | ${n}, ${s} | | | | | | | |
| | text | off | Off | | | | | | yes | | | | |
| | csv-external | places | | | | | | | | | | | |
| | range | g | G | | | | | | | | | | start=0; end = 1, step=.25 |
| | audit | audit | | | | | | | | | | | location-priority=balanced location-min-interval=60 location-max-age=120 |
| choices |
| | list_name | name | label |
| | l | x | X |`)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for e := range f.Walk() {
		names = append(names, e.Name+":"+e.Type)
	}
	want := "r_count:calculate r: s:select_one s_other:text n:integer k:calculate g:range audit:audit"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	n, k, g := f.Element("n"), f.Element("k"), f.Element("g")
	if n.Required != "" || n.ReadOnly != "true()" || n.Bind["odk:x"] != "y" || n.Body["accept"] != "z" || n.Instance["tag"] != "w" {
		t.Errorf("n %+v", n)
	}
	if len(k.Trigger) != 2 || f.Element("r").RepeatCount != "${r_count}" || f.Element("s").Required != "true()" || !f.Element("s").OrOther {
		t.Errorf("k %+v", k)
	}
	if g.Data() != "decimal" || g.Parameters["step"] != ".25" || len(f.Files) != 1 || f.Files[0].Source != "places.csv" {
		t.Errorf("g %+v, files %v", g, f.Files)
	}
	if f.ID != "book" {
		t.Errorf("the form id is the file's stem, got %q", f.ID)
	}
}

func TestStackedCSV(t *testing.T) {
	t.Parallel()
	book, err := sheet.OpenBytes("form.csv", []byte("survey,,,\n,type,name,label\n,select_one l,a,A\nchoices,,,\n,list_name,name,label\n,l,x,X\nsettings,,,\n,form_id,,\n,stacked,,\n"), sheet.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	f, _, err := xlsform.Convert(book, xlsform.Options{File: "form.csv"})
	if err != nil || f.ID != "stacked" || len(f.Lists) != 1 {
		t.Fatalf("%v, %v", f, err)
	}
}

func FuzzConvert(f *testing.F) {
	f.Add("| survey |\n| | type | name | label | relevant |\n| | begin_repeat | r | R | ${a} > 1 |\n| | text | a | A ${a} | |\n| | end_repeat | | | |")
	f.Add("| survey |\n| | type | name | label::English (en) | calculation | default |\n| | calculate | a | | ${b}[${a}] | |\n| | date | b | B | | today() |")
	f.Add("| survey |\n| | type | name | label | trigger | parameters |\n| | range | a | A | | start=1 end=5 step=1 |\n| | select_one ${a} | b | B | ${a} | randomize=true |")
	f.Add("| choices |\n| | list name | name | media::image::fr |\n| | l | x | x.png |\n| survey |\n| | type | name | label |\n| | rank l | r | R |")
	f.Add("| survey |\n| | type | name | label | relevant |\n| | text | a | A | |\n| | text | b | B | c00${a} |")
	f.Fuzz(func(t *testing.T, text string) {
		book, err := sheet.OpenBytes("fuzz.md", []byte(text), sheet.Limits{Rows: 200, Columns: 50})
		if err != nil {
			return
		}
		converted, _, err := xlsform.Convert(book, xlsform.Options{File: "fuzz.md"})
		if err != nil {
			return
		}
		if _, err := xform.Write(converted); err != nil {
			t.Errorf("a converted form must be writable: %v", err)
		}
		if _, err := form.Compile(converted); err != nil {
			t.Errorf("a converted form must compile: %v", err)
		}
	})
}
