package workflow_test

import (
	"bytes"
	"strings"
	"testing"

	"safar/record"
	"safar/workflow"
)

const household = `
| survey |             |          |        |
|        | type        | name     | label  |
|        | text        | village  | V      |
|        | begin_group | home     | Home   |
|        | integer     | rooms    | Rooms  |
|        | begin_group | water    | Water  |
|        | text        | source   | Source |
|        | end_group   |          |        |
|        | text        | walls    | Walls  |
|        | end_group   |          |        |
|        | begin_repeat | member  | M      |
|        | integer     | age      | Age    |
|        | begin_group | work     | Work   |
|        | text        | job      | Job    |
|        | end_group   |          |        |
|        | end_repeat  |          |        |
|        | text        | remarks  | R      |
| settings |           |          |        |
|          | form_title | form_id | version |
|          | Household  | home    | 1       |
`

// TestExportFindsEveryAnswer: groups in groups, repeats, and records of an older version that lacks a question.
func TestExportFindsEveryAnswer(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.operation()
	older := strings.Replace(household, "|        | text        | walls    | Walls  |\n", "", 1)
	newer := strings.Replace(household, "| home    | 1       |", "| home    | 2       |", 1)
	for _, text := range []string{older, newer} {
		_, _, err := d.PublishWorkbook(d.ctx, d.actor, "demo", "baseline-sub-area", "home.md", mustBook(t, text))
		d.must(err)
	}
	for _, xml := range []string{
		`<data id="home" version="1"><village>A</village><home><rooms>2</rooms><water><source>well</source></water></home><member><age>5</age><work><job>pupil</job></work></member><remarks>one</remarks><meta><instanceID>uuid:1</instanceID></meta></data>`,
		`<data id="home" version="2"><village>B</village><home><rooms>3</rooms><water><source>river</source></water><walls>clay</walls></home><member><age>40</age><work><job>driver</job></work></member><member><age>8</age><work><job/></work></member><remarks>two</remarks><meta><instanceID>uuid:2</instanceID></meta></data>`,
	} {
		_, err := d.Receive(d.ctx, d.actor, workflow.Submission{Operation: "demo", Source: record.FromDevice, XML: []byte(xml)})
		d.must(err)
	}
	for repeat, want := range map[string][]string{
		"":             {",village,home/rooms,home/water/source,home/walls,remarks", ",A,2,well,,one", ",B,3,river,clay,two"},
		"/data/member": {",age,work/job", ",5,pupil", ",40,driver", ",8,"},
	} {
		var out bytes.Buffer
		rows, err := d.Export(d.ctx, d.actor, workflow.ExportOrder{Operation: "demo", Filter: workflow.RecordFilter{Activity: "baseline-sub-area"}, Form: "home", Repeat: repeat, Format: "csv"}, &out)
		d.must(err)
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		if rows != len(want)-1 || len(lines) != len(want) {
			t.Fatalf("%q: %d rows:\n%s", repeat, rows, out.String())
		}
		for i, end := range want {
			if !strings.HasSuffix(lines[i], end) {
				t.Errorf("%q: line %d is %q, should end with %q", repeat, i, lines[i], end)
			}
		}
	}
}
