package main

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"safar/sheet"
	"safar/store"
)

// questions is the length of the questionnaire, as long as the one that ODK Central is measured with.
const (
	questions   = 250
	formID      = "bench_250"
	formVersion = "1"
	perGroup    = 25
)

// questionnaire is an XLSForm in Markdown: ten groups with numbers, choices, texts, dates, skip logic, constraints and
// calculations in the mix that assessments have.
func questionnaire() []byte {
	var s strings.Builder
	s.WriteString("| survey |\n| | type | name | label | relevant | constraint | required | calculation |\n")
	for i := range questions {
		if i%perGroup == 0 {
			fmt.Fprintf(&s, "| | begin_group | g%d | Section %d | | | | |\n", i/perGroup, i/perGroup)
		}
		s.WriteString(question(i))
		if i%perGroup == perGroup-1 {
			s.WriteString("| | end_group | | | | | | |\n")
		}
	}
	s.WriteString("| choices |\n| | list_name | name | label |\n")
	for i := range 12 {
		fmt.Fprintf(&s, "| | list | c%d | Choice %d |\n", i, i)
	}
	fmt.Fprintf(&s, "| settings |\n| | form_title | form_id | version |\n| | Bench of 250 questions | %s | %s |\n", formID, formVersion)
	return []byte(s.String())
}

func name(i int) string { return fmt.Sprintf("q%03d", i) }

func question(i int) string {
	line := func(kind, relevant, constraint, required, calculation string) string {
		return fmt.Sprintf("| | %s | %s | Question %d | %s | %s | %s | %s |\n", kind, name(i), i, relevant, constraint, required, calculation)
	}
	switch i % 10 {
	case 4:
		return line("select_one list", "", "", "yes", "")
	case 5:
		return line("text", "${"+name(i-1)+"} = 'c1'", "string-length(.) < 80", "", "")
	case 6:
		return line("decimal", "", ". >= 0", "", "")
	case 7:
		return line("date", "", ". <= today()", "", "")
	case 8:
		return line("calculate", "", "", "", "${"+name(i-8)+"} + ${"+name(i-7)+"}")
	case 9:
		return line("text", "", "", "", "")
	}
	return line("integer", "", ". >= 0 and . < 1000000", "yes", "")
}

// submission is the n-th answer to the questionnaire, about 5 KB, without a mistake in it.
func submission(n int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<?xml version="1.0"?><data xmlns:orx="http://openrosa.org/xforms" id="%s" version="%s">`, formID, formVersion)
	for i := range questions {
		if i%perGroup == 0 {
			fmt.Fprintf(&b, "<g%d>", i/perGroup)
		}
		fmt.Fprintf(&b, "<%[1]s>%[2]s</%[1]s>", name(i), answer(i, n))
		if i%perGroup == perGroup-1 {
			fmt.Fprintf(&b, "</g%d>", i/perGroup)
		}
	}
	fmt.Fprintf(&b, "<orx:meta><orx:instanceID>uuid:00000000-0000-4000-8000-%012d</orx:instanceID></orx:meta></data>", n)
	return b.Bytes()
}

func answer(i, n int) string {
	number := func(i int) int { return 10_000 + (i*7919+n*104_729)%80_000 }
	switch i % 10 {
	case 4:
		return "c1"
	case 5:
		return "river bank"
	case 6:
		return fmt.Sprintf("%d.5", number(i))
	case 7:
		return "2026-01-15"
	case 8:
		return fmt.Sprint(number(i-8) + number(i-7))
	case 9:
		return "Shirinob"
	}
	return fmt.Sprint(number(i))
}

// publish hands the questionnaire out under a tool and registers one phone.
func (d *desk) publish(ctx context.Context, tool string) (secret string, err error) {
	book, err := sheet.OpenBytes("bench.md", questionnaire(), sheet.DefaultLimits())
	if err != nil {
		return "", err
	}
	defer book.Close()
	if _, _, err := d.PublishWorkbook(ctx, local(), operation, tool, "bench.md", book); err != nil {
		return "", err
	}
	device, err := d.AddDevice(ctx, local(), store.Device{Operation: operation, Name: "phone"})
	return device.Secret, err
}
