package quality_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"safar/fault"
	"safar/form"
	"safar/locale"
	"safar/quality"
	"safar/record"
	"safar/round"
)

func itoa(n int) string { return strconv.Itoa(n) }

func checksOf(findings []quality.Finding) string {
	names := make([]string, len(findings))
	for i, f := range findings {
		names[i] = string(f.Level) + " " + f.Check
	}
	return strings.Join(names, ", ")
}

func TestASoundRecordHasNoFindings(t *testing.T) {
	t.Parallel()
	if found := compile(t).Check(subject(t, nil)); len(found) > 0 {
		t.Errorf("have %s", text(found))
	}
}

func TestRoundAndDate(t *testing.T) {
	t.Parallel()
	dushanbe := time.FixedZone("+05", 5*3600)
	for name, c := range map[string]struct {
		change func(*quality.Subject)
		want   string
	}{
		"no round":        {func(s *quality.Subject) { s.Round = round.Round{} }, "B round.none"},
		"no date":         {func(s *quality.Subject) { s.Round, s.Derived.Date = round.Round{}, "" }, "B round.none"},
		"three days late": {func(s *quality.Subject) { s.Round.End = "2024-05-14" }, ""},
		"four days late":  {func(s *quality.Subject) { s.Round.End = "2024-05-13" }, "B date.outside_round"},
		"tomorrow":        {func(s *quality.Subject) { s.Derived.Date = "2024-05-21" }, "W date.future"},
		"today in the east": {func(s *quality.Subject) {
			s.Derived.Date, s.Zone = "2024-05-21", dushanbe
			s.Record.ReceivedAt = s.Record.ReceivedAt.Add(13 * time.Hour)
		}, ""},
		"no clock": {func(s *quality.Subject) {
			s.Derived.Date, s.Now, s.Record.ReceivedAt = "2024-05-30", time.Time{}, time.Time{}
		}, ""},
		"carried long":        {func(s *quality.Subject) { s.Round.Number, s.Derived.CarriedFrom = 6, 3 }, "F record.carried"},
		"carried two rounds":  {func(s *quality.Subject) { s.Round.Number, s.Record.CarriedFrom = 5, 3 }, ""},
		"carried from itself": {func(s *quality.Subject) { s.Derived.CarriedFrom = 3 }, ""},
		"duplicate":           {func(s *quality.Subject) { s.Others = []string{"b", "a"} }, "W record.duplicate"},
		"no answers":          {func(s *quality.Subject) { s.Answers = nil; s.Round = round.Round{} }, ""},
		"unknown version":     {func(s *quality.Subject) { s.Form = &form.Form{ID: "village", Version: "9"}; s.Others = []string{"a"} }, "W record.duplicate"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := subject(t, nil)
			c.change(&s)
			if got := checksOf(compile(t).Check(s)); got != c.want {
				t.Errorf("have %q, want %q", got, c.want)
			}
		})
	}
}

func TestBuiltInTextsAreWholeInEveryLanguage(t *testing.T) {
	t.Parallel()
	s := subject(t, nil)
	s.Round, s.Others, s.Derived.Date = round.Round{}, []string{"a"}, "2024-06-30"
	s.Derived.Problems = []record.PlaceProblem{{Kind: "not_located"}, {Kind: "zero", Value: "0 0"}, {Kind: "outside", Value: "1 1", Other: "XS01", Metres: 9000}}
	for _, f := range compile(t).Check(s) {
		for _, language := range locale.Languages() {
			if words := f.Message[language.Tag]; words == "" || strings.ContainsAny(words, "{}—") {
				t.Errorf("%s in %s: %q", f.Check, language.Tag, words)
			}
		}
	}
}

func TestImportedRecordsAreCheckedForWhatTheyCarry(t *testing.T) {
	t.Parallel()
	p := compile(t,
		quality.Check{ID: "both", Kind: "expr", Level: quality.Block, FailIf: "${ind} < ${hh}", Message: locale.Text{"en": "x"}},
		quality.Check{ID: "rows", Kind: "expr", Level: quality.Block, FailIf: "count(${ki}) = 0", Message: locale.Text{"en": "x"}},
		quality.Check{ID: "blind", Kind: "expr", Level: quality.Block, FailIf: "count(//ind) = 1 and ${ind} < ${hh}", Message: locale.Text{"en": "x"}},
	)
	for _, c := range []struct {
		mapped []string
		want   string
	}{
		{nil, "B both, B rows, B blind"}, {[]string{"ind"}, ""}, {[]string{"ind", "hh"}, "B both"}, {[]string{"ki_age"}, "B rows"}, {[]string{}, ""},
	} {
		s := subject(t, map[string]string{"ind": "3", "hh": "5"})
		s.Record.Mapped = c.mapped
		if got := checksOf(p.Check(s)); got != c.want {
			t.Errorf("mapped %v: have %q, want %q", c.mapped, got, c.want)
		}
	}
}

// The numbers of methods A9: previous, current and whether the change is found.
func TestChangesOfTheMethod(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		previous, current string
		found             bool
		z                 string
	}{{"500", "450", false, ""}, {"10", "40", false, ""}, {"0", "120", true, "10.95"}, {"300", "0", true, "-17.32"}, {"1200", "2600", true, "22.71"}, {"0", "0", false, ""}, {"", "900", false, ""}} {
		for _, limit := range []string{"relative", "symmetric"} {
			p := compile(t, quality.Check{ID: "q14", Kind: "change", Level: quality.Flag, Items: []string{"ind"}, Params: map[string]string{limit: "0.5", "absolute": "50"}, Message: locale.Text{"en": "x"}})
			s := subject(t, map[string]string{"ind": c.current})
			s.Earlier = answers(t, s.Form, map[string]string{"ind": c.previous})
			found := p.Check(s)
			if (len(found) > 0) != c.found || c.found && found[0].Details["z"] != c.z {
				t.Errorf("%s to %s by %s: have %s", c.previous, c.current, limit, text(found))
			}
		}
	}
}

func TestCarriedNumbersMayStandStill(t *testing.T) {
	t.Parallel()
	p := compile(t, quality.Check{ID: "still", Kind: "change", Level: quality.Flag, Items: []string{"ind"}, Params: map[string]string{"unchanged_rounds": "2"}, Message: locale.Text{"en": "x"}})
	s := subject(t, map[string]string{"ind": "400"})
	s.Earlier = answers(t, s.Form, map[string]string{"ind": "400"})
	if got := checksOf(p.Check(s)); got != "F still" {
		t.Errorf("have %q", got)
	}
	s.Derived.CarriedFrom = 2
	if got := checksOf(p.Check(s)); got != "" {
		t.Errorf("carried: have %q", got)
	}
}

func TestMeansAndSpeedOfEnumerators(t *testing.T) {
	t.Parallel()
	p := compile(t,
		quality.Check{ID: "q16", Kind: "outlier", Level: quality.Flag, Scope: "enumerator", Items: []string{"ind"}, Params: map[string]string{"method": "mean_z", "by": "worker", "minimum": "10"}, Message: locale.Text{"en": "{enumerator} {value} {typical}"}},
		quality.Check{ID: "q12", Kind: "outlier", Level: quality.Flag, Scope: "enumerator", Params: map[string]string{"method": "records_per_hour", "by": "worker", "time": "clock", "limit": "9"}, Message: locale.Text{"en": "{enumerator} {value}"}},
	)
	var all []quality.RowValue
	for i := range 40 {
		row := rows("ind", itoa(20+i%7))[0]
		row.Record, row.Values["worker"], row.Values["clock"] = "r"+itoa(100+i), []string{"E" + itoa(i%4)}, []string{"1" + itoa(i/5) + ":00:00"}
		if i%4 == 3 {
			row.Values["ind"], row.Values["clock"] = []string{"200"}, []string{"10:" + itoa(10+i)}
		}
		all = append(all, row)
	}
	var got []string
	for _, f := range p.CheckRound(overRound(all)) {
		got = append(got, f.Check+" "+f.Record+" "+f.Message["en"])
	}
	if want := []string{"q16 r103 E3 200 22.8", "q12 r103 E3 10"}; !slices.Equal(got, want) {
		t.Errorf("have %q, want %q", got, want)
	}
}

func TestRowsCarryWhatTheRoundReads(t *testing.T) {
	t.Parallel()
	p := compile(t,
		quality.Check{ID: "a", Kind: "coverage", Level: quality.Warn, Form: "village", Items: []string{"reason_other", "ind"}, Params: map[string]string{"rule": "missing_rate"}, Message: locale.Text{"en": "x"}},
		quality.Check{ID: "b", Kind: "duplicate", Level: quality.Warn, Form: "village", Each: "ki", Params: map[string]string{"by": "ki_phone"}, Message: locale.Text{"en": "x"}},
	)
	s := subject(t, map[string]string{"reason": "flood", "ki/ki_phone": "901||903"})
	row := p.Row(s)
	if row.Record != "0190-0001" || row.Form != "village" || row.Unit != "XS001" || row.Date != "2024-05-17" {
		t.Errorf("have %+v", row)
	}
	if _, asked := row.Values["reason_other"]; asked || !slices.Equal(row.Values["ind"], []string{""}) || !slices.Equal(row.Values["ki_phone"], []string{"901", "", "903"}) {
		t.Errorf("have %q", row.Values)
	}
	s.Answers = answers(t, s.Form, map[string]string{"reason": "other"})
	if row = p.Row(s); !slices.Equal(row.Values["reason_other"], []string{""}) {
		t.Errorf("asked and empty: have %q", row.Values)
	}
	s.Record.Mapped = []string{"ind"}
	if row = p.Row(s); len(row.Values) != 1 {
		t.Errorf("mapped: have %q", row.Values)
	}
}

func TestFaultsComeAllAtOnce(t *testing.T) {
	t.Parallel()
	text := locale.Text{"en": "x"}
	_, err := quality.Compile([]quality.Check{
		{ID: "kind", Kind: "expression", Level: quality.Warn, Message: text},
		{ID: "level", Kind: "expr", Level: "X", FailIf: "1 = 1", Message: text},
		{ID: "scope", Kind: "expr", Level: quality.Warn, Scope: "round", FailIf: "1 = 1", Message: text},
		{ID: "fail", Kind: "expr", Level: quality.Warn, Message: text},
		{ID: "fail", Kind: "heaping", Level: quality.Warn, FailIf: "1", Message: text},
		{ID: "form", Kind: "expr", Level: quality.Warn, Form: "villages", FailIf: "1 = 1", Message: text},
		{ID: "names", Kind: "expr", Level: quality.Warn, Form: "village", When: "${individuals} > 1", FailIf: "${house} = 1 or ${indi} = 2", Items: []string{"menn"}, Message: text},
		{ID: "syntax", Kind: "expr", Level: quality.Warn, Form: "village", FailIf: "${ind} <> 3", Message: text},
		{ID: "repeat", Kind: "expr", Level: quality.Warn, Form: "village", Scope: "repeat", Each: "people", FailIf: "1 = 1", Message: text},
		{ID: "params", Kind: "outlier", Level: quality.Warn, Form: "village", Items: []string{"ind"}, Params: map[string]string{"limits": "3", "limit": "three", "method": "sd", "by": "wroker"}, Message: text},
		{ID: "words", Kind: "expr", Level: quality.Warn, Form: "village", FailIf: "1 = 1", Message: locale.Text{"en": "{ind} of {total}"}},
		{ID: "rule", Kind: "coverage", Level: quality.Warn, Form: "shift", Params: map[string]string{"by": "point", "groups": "groups"}, Message: text},
	}, forms())
	golden(t, "faults", err.Error()+"\n")
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("have %v", fault.KindOf(err))
	}
}

func TestACheckIsLeftOutForVersionsThatDoNotAsk(t *testing.T) {
	t.Parallel()
	old := village()
	old.Version = "0"
	old.Root.Children = old.Root.Children[:6] // without the people
	check := quality.Check{ID: "q02", Kind: "expr", Level: quality.Block, Form: "village", FailIf: "${ind} < ${hh}", Message: locale.Text{"en": "x"}}
	p, err := quality.Compile([]quality.Check{check}, append(forms(), old))
	if err != nil {
		t.Fatal(err)
	}
	s := subject(t, map[string]string{"ind": "1", "hh": "2"})
	if got := checksOf(p.Check(s)); got != "B q02" {
		t.Errorf("new version: have %q", got)
	}
	s.Form, s.Answers = old, answers(t, old, nil)
	if got := checksOf(p.Check(s)); got != "" {
		t.Errorf("old version: have %q", got)
	}
	if _, err := quality.Compile([]quality.Check{check}, []*form.Form{old}); fault.CodeOf(err) != fault.FormUnknownReference {
		t.Errorf("only the old version: have %v", err)
	}
	if _, err := quality.Compile([]quality.Check{check}, nil); err != nil {
		t.Errorf("before any form is published: %v", err)
	}
}

func TestManyRecordsAtOnePosition(t *testing.T) {
	t.Parallel()
	p := compile(t, quality.Check{ID: "near", Kind: "duplicate", Level: quality.Flag, Params: map[string]string{"by": "gps", "metres": "10"}, Message: locale.Text{"en": "x"}, Form: "village"})
	all := rows("gps", slices.Repeat([]string{"38.5 68.8"}, 5000)...)
	if found := p.CheckRound(overRound(all)); len(found) != len(all) {
		t.Errorf("have %d findings", len(found))
	}
}

func BenchmarkCheck(b *testing.B) {
	var checks []quality.Check
	for i := range 40 {
		checks = append(checks, quality.Check{ID: "q" + itoa(i), Kind: "expr", Level: quality.Block, Form: "village",
			When: "${men} != '' and ${women} != ''", FailIf: "${men} + ${women} != ${ind}", Message: locale.Text{"en": "{men} and {women}"}})
	}
	p := compile(b, checks...)
	s := subject(b, map[string]string{"hh": "4", "ind": "19", "men": "8", "women": "11"})
	b.ReportAllocs()
	for b.Loop() {
		p.Check(s)
	}
}

func BenchmarkCheckRound(b *testing.B) {
	p := compile(b,
		quality.Check{ID: "o", Kind: "outlier", Level: quality.Flag, Form: "village", Items: []string{"ind"}, Message: locale.Text{"en": "x"}},
		quality.Check{ID: "n", Kind: "duplicate", Level: quality.Flag, Form: "village", Params: map[string]string{"by": "gps", "metres": "10"}, Message: locale.Text{"en": "x"}})
	var values []string
	for i := range 20000 {
		values = append(values, itoa(i%977+1))
	}
	s := overRound(rows("ind", values...))
	for i := range s.Rows {
		s.Rows[i].Values["gps"] = []string{"38." + itoa(10000+i) + " 68.8"}
	}
	for b.Loop() {
		p.CheckRound(s)
	}
}
