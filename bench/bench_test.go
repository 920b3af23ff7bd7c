package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"safar/form"
	"safar/form/xlsform"
	"safar/form/xpath"
	"safar/sheet"
)

// TestTheSubmissionIsRight: a mistake in what is sent would measure the keeping of mistakes.
func TestTheSubmissionIsRight(t *testing.T) {
	t.Parallel()
	book, err := sheet.OpenBytes("bench.md", questionnaire(), sheet.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	f, warnings, err := xlsform.Convert(book, xlsform.Options{})
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	if n := len(f.Columns()); n < questions || n > questions+5 {
		t.Errorf("%d columns", n)
	}
	p, err := form.Compile(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 1, 999} {
		raw := submission(n)
		if len(raw) < 4500 || len(raw) > 5500 {
			t.Errorf("submission %d has %d bytes", n, len(raw))
		}
		root, err := xpath.ParseXML(bytes.NewReader(raw), xpath.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		answers, problems := p.Read(root)
		problems = append(problems, p.CheckValues(answers)...)
		problems = append(problems, form.Evaluate(p, answers, form.EvalContext{Now: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)})...)
		if len(problems) > 0 {
			t.Errorf("submission %d: %d problems, first %v", n, len(problems), problems[0])
		}
	}
}

// TestARoundCloses runs the shortest of rounds, whose figures are compared with its records.
func TestARoundCloses(t *testing.T) {
	t.Parallel()
	b := &bench{options: small(), dir: t.TempDir(), progress: io.Discard}
	b.records = 12
	table, err := closeRound(t.Context(), b)
	if err != nil || len(table.Rows) == 0 {
		t.Fatal(err, table)
	}
}

func TestAWorkbookComesIn(t *testing.T) {
	t.Parallel()
	b := &bench{options: small(), dir: t.TempDir(), progress: io.Discard}
	b.rows = 20
	table, err := takeIn(t.Context(), b)
	if err != nil || len(table.Rows) != 4 {
		t.Fatal(err, table)
	}
	if n := len(columns()); n != 35 {
		t.Errorf("%d columns", n)
	}
}

func TestThePhonesAreAnswered(t *testing.T) {
	t.Parallel()
	d, err := openDesk(t.Context(), filepath.Join(t.TempDir(), "data"), "")
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	if err := d.furnish(t.Context(), baseline); err != nil {
		t.Fatal(err)
	}
	secret, err := d.publish(t.Context(), baseline)
	if err != nil {
		t.Fatal(err)
	}
	root, stop, err := d.serve()
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	if seen := send(t.Context(), root, secret, 0, 5, 2); seen.Statuses[201] != 5 || seen.Failure != "" {
		t.Errorf("%+v", seen)
	}
	if n, err := d.jobsLeft(t.Context()); n != 5 || err != nil {
		t.Errorf("%d checks wait, %v", n, err)
	}
}

func TestReportIsReadByPeopleAndMachines(t *testing.T) {
	t.Parallel()
	var text, machine bytes.Buffer
	args := []string{"-quick", "-only", "place", "-codes", "300", "-positions", "500"}
	if err := run(context.Background(), args, &text, io.Discard); err != nil {
		t.Fatal(err)
	}
	if err := run(context.Background(), append(args, "-json"), &machine, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Durability", "place: a list of 300 codes", "target: issue: 33,363 codes"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in\n%s", want, text.String())
		}
	}
	var r report
	if err := json.Unmarshal(machine.Bytes(), &r); err != nil || len(r.Tables) != 1 {
		t.Errorf("%v in %s", err, machine.String())
	}
	if err := run(context.Background(), []string{"-only", "tea"}, io.Discard, io.Discard); err == nil {
		t.Error("there is no benchmark of tea")
	}
}

func TestPercentilesAreRequestsThatWere(t *testing.T) {
	t.Parallel()
	var l latencies
	for i := range 100 {
		l = append(l, time.Duration(100-i)*time.Millisecond)
	}
	if l.at(50) != 50 || l.at(99) != 99 || l.at(100) != 100 {
		t.Error(l.at(50), l.at(99), l.at(100))
	}
}
