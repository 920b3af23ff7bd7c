package quality_test

import (
	"testing"

	"safar/form"
	"safar/locale"
	"safar/place"
	"safar/quality"
	"safar/record"
	"safar/round"
)

// cases has one worked case for each kind of check; its findings are a golden file.
func cases() map[string]func(*testing.T) []quality.Finding {
	return map[string]func(*testing.T) []quality.Finding{
		"expr": exprCase, "form": formCase, "place": placeCase, "duplicate": duplicateCase, "change": changeCase, "recode": recodeCase,
		"outlier": outlierCase, "heaping": heapingCase, "enumerator": enumeratorCase, "alike": alikeCase, "coverage": coverageCase,
	}
}

func TestEveryKindHasACase(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, kind := range quality.Kinds() {
		known[kind] = true
		run := cases()[kind]
		if run == nil {
			t.Errorf("the kind %s has no case", kind)
			continue
		}
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			found := run(t)
			golden(t, kind, text(found))
			ids := map[string]bool{}
			for _, f := range found {
				if ids[f.ID] || len(f.ID) != 32 {
					t.Errorf("the id %q of %s is not one of its own", f.ID, f.Check)
				}
				ids[f.ID] = true
			}
			for i, again := range run(t) {
				if again.ID != found[i].ID {
					t.Errorf("a second run gives %s another id", again.Check)
				}
			}
		})
	}
	for kind := range cases() {
		if !known[kind] {
			t.Errorf("there is a case for %s, which is no kind", kind)
		}
	}
}

func exprCase(t *testing.T) []quality.Finding {
	p := compile(t,
		quality.Check{ID: "q01.sum", Kind: "expr", Level: quality.Block, Form: "village", When: "${men} != '' and ${women} != ''",
			FailIf: "${men} + ${women} != ${ind}", Items: []string{"ind"}, Params: map[string]string{"sum": "${men} + ${women}"},
			Message: locale.Text{"en": "Men and women are {sum}, but {ind} people in {unit}, reason: {reason}", "ru": "Мужчин и женщин {sum}, а людей {ind}; причина: {reason}"}},
		quality.Check{ID: "q22.age", Kind: "expr", Level: quality.Warn, Form: "village", Scope: "repeat", Each: "ki", FailIf: "${ki_age} < 18 and ${ind} > 0",
			Message: locale.Text{"en": "The informant {ki_name} is {ki_age} years old"}},
		quality.Check{ID: "broken", Kind: "expr", Level: quality.Warn, Form: "village", FailIf: "instance('nowhere')/root/x = ${hh}", Message: locale.Text{"en": "never"}},
		quality.Check{ID: "sound", Kind: "expr", Level: quality.Block, Form: "village", FailIf: "${ind} < ${hh}", Message: locale.Text{"en": "never"}},
	)
	return p.Check(subject(t, map[string]string{"hh": "4", "ind": "20", "men": "8", "women": "11", "reason": "flood",
		"ki/ki_name": "Ali|Bibi|Davron", "ki/ki_age": "40|17|12"}))
}

func formCase(t *testing.T) []quality.Finding {
	p := compile(t,
		quality.Check{ID: "core.all", Kind: "form", Level: quality.Warn, Form: "village", Params: map[string]string{"rule": "constraint, type"}, Message: locale.Text{"en": "Look again at {question}: {value}"}},
		quality.Check{ID: "core.ind", Kind: "form", Level: quality.Block, Form: "village", Params: map[string]string{"rule": "required,constraint"}, Items: []string{"ind"}},
	)
	s := subject(t, map[string]string{"ind": "x"})
	for i, kind := range []form.ProblemKind{form.ProblemRelevance, form.ProblemConstraint, form.ProblemRequired, form.ProblemType, form.ProblemChoice, form.ProblemCalculation, form.ProblemUnknown} {
		s.Problems = append(s.Problems, form.Problem{Path: "/data/people/hh", Element: "hh", Kind: kind, Message: locale.Text{"en": "the form's own words"}, Value: []string{"7", ""}[i%2]})
	}
	s.Problems = append(s.Problems, form.Problem{Path: "/data/people/ind", Element: "ind", Kind: form.ProblemConstraint, Message: locale.Text{"en": "the form's own words"}, Value: "x"},
		form.Problem{Path: "/data/people/ind", Element: "ind", Kind: form.ProblemConstraint, Message: locale.Text{"en": "a second one of the same kind"}, Value: "x"})
	return p.Check(s)
}

func placeCase(t *testing.T) []quality.Finding {
	p := compile(t,
		quality.Check{ID: "q05.swapped", Kind: "place", Level: quality.Block, Form: "village", Params: map[string]string{"rule": "swapped"}, Message: locale.Text{"en": "Latitude and longitude seem to be swapped", "tg": "Арз ва тӯл иваз шудаанд"}},
		quality.Check{ID: "q05.outside", Kind: "place", Level: quality.Flag, Form: "village", Params: map[string]string{"rule": "outside", "metres": "4000"}},
	)
	s := subject(t, map[string]string{"gps": "68.8 38.5", "ssid": "XS999"})
	s.Derived.Problems = []record.PlaceProblem{
		{Kind: "unknown_code", Question: "name", Value: "XS77"}, {Kind: "parent", Question: "name", Value: "XS02", Other: "XS01"},
		{Kind: "unknown_site", Question: "ssid", Value: "XS999"}, {Kind: "unknown_point", Question: "ssid", Value: "P9"},
		{Kind: "outside", Question: "gps", Value: "38.5 68.8", Other: "XS01", Metres: 5230.4}, {Kind: "outside", Question: "gps", Value: "38.5 68.8", Other: "XS01", Metres: 2100},
		{Kind: "swapped", Question: "gps", Value: "68.8 38.5", Other: "XS01", Metres: 3809102}, {Kind: "zero", Question: "gps", Value: "0 0"},
		{Kind: "far_from_site", Question: "gps", Value: "38.5 68.8", Metres: 1400}, {Kind: "not_located"},
	}
	return p.Check(s)
}

func duplicateCase(t *testing.T) []quality.Finding {
	unit := quality.Check{ID: "q13.ssid", Kind: "duplicate", Level: quality.Block, Form: "village", Params: map[string]string{"by": "ssid"}, Message: locale.Text{"en": "The location was assessed twice"}}
	name := quality.Check{ID: "q13.name", Kind: "duplicate", Level: quality.Warn, Form: "village", Params: map[string]string{"by": "name", "fold": "true"}, Message: locale.Text{"en": "{name} stands in {count} more records: {others}"}}
	near := quality.Check{ID: "q13.near", Kind: "duplicate", Level: quality.Warn, Form: "village", Params: map[string]string{"by": "gps", "metres": "10"}, Message: locale.Text{"en": "{others} lies {metres} m away"}}
	phone := quality.Check{ID: "q22.phone", Kind: "duplicate", Level: quality.Flag, Form: "village", Each: "ki", Params: map[string]string{"by": "ki_phone", "more_than": "2"}, Message: locale.Text{"en": "{value} stands in {count} more"}}
	clock := quality.Check{ID: "q13.time", Kind: "duplicate", Level: quality.Flag, Form: "village", Params: map[string]string{"by": "ind", "time": "clock", "minutes": "5"}, Message: locale.Text{"en": "again within five minutes: {others}"}}
	p := compile(t, unit, name, near, phone, clock)
	s := subject(t, map[string]string{"ssid": "XS001"})
	s.Others = []string{"0190-0009", "0190-0003"}
	found := p.Check(s)
	all := rows("name", "Navobod", "navobod ", "Guliston", "", "", "Sharora", "Sharora")
	all[6].Unit = "XS005" // the same village twice under its own name too
	for i, v := range []string{"38.50000 68.80000", "38.50005 68.80000", "38.51 68.80", "0 0", "0 0", "38.60 68.80", "38.60 68.80"} {
		all[i].Values["gps"] = []string{v}
	}
	for i, v := range [][]string{{"901", "902"}, {"901"}, {"901", "901"}, {"902"}, {""}, {""}, {""}} {
		all[i].Values["ki_phone"] = v
	}
	for i, v := range []string{"10:00:00", "10:04:00.000+05:00", "10:30:00", "", "", "10:33", "12:00"} {
		all[i].Values["clock"], all[i].Values["ind"] = []string{v}, []string{"5"}
	}
	for i := range all {
		all[i].Values["ssid"] = []string{all[i].Unit}
	}
	return append(found, p.CheckRound(overRound(all))...)
}

func changeCase(t *testing.T) []quality.Finding {
	p := compile(t,
		quality.Check{ID: "q14.ind", Kind: "change", Level: quality.Flag, Form: "village", Params: map[string]string{"item": "ind", "relative": "0.5", "absolute": "50", "comment": "why_changed"}, Message: locale.Text{"en": "From {previous} to {current} ({percent} %), {ind} now. {comment}"}},
		quality.Check{ID: "q14.still", Kind: "change", Level: quality.Flag, Form: "village", Items: []string{"hh"}, Params: map[string]string{"unchanged_rounds": "3"}, Message: locale.Text{"en": "{current} households for {rounds} rounds"}},
	)
	s := subject(t, map[string]string{"hh": "300", "ind": "2600", "why_changed": "the road opened"})
	s.Earlier = answers(t, s.Form, map[string]string{"hh": "300", "ind": "1200"})
	s.History = append(s.History, answers(t, s.Form, map[string]string{"hh": "300"}))
	return p.Check(s)
}

func recodeCase(t *testing.T) []quality.Finding {
	p := compile(t, quality.Check{ID: "q21.reason", Kind: "recode", Level: quality.Warn, Form: "village", Items: []string{"reason_other"},
		Message: locale.Text{"en": "“{value}” is the choice {choice}", "ru": "«{value}» — это вариант «{choice}»"}})
	found := p.Check(subject(t, map[string]string{"reason": "other", "reason_other": "ВООРУЖЁННЫЙ  конфликт!"}))
	return append(found, p.Check(subject(t, map[string]string{"reason": "other", "reason_other": "an earthquake"}))...)
}

func outlierCase(t *testing.T) []quality.Finding {
	p := compile(t,
		quality.Check{ID: "q17.raw", Kind: "outlier", Level: quality.Flag, Form: "village", Items: []string{"ind"}, Params: map[string]string{"scale": "raw", "within": "adm1"}, Message: locale.Text{"en": "{ind} people, where {typical} is usual (z {z}, n {n})"}},
		quality.Check{ID: "q17.iqr", Kind: "outlier", Level: quality.Flag, Form: "village", Items: []string{"ind"}, Params: map[string]string{"scale": "raw", "method": "iqr", "side": "above"}, Message: locale.Text{"en": "{ind}"}},
		quality.Check{ID: "q17.below", Kind: "outlier", Level: quality.Flag, Form: "village", Items: []string{"ind"}, Params: map[string]string{"side": "below"}, Message: locale.Text{"en": "never"}},
	)
	return p.CheckRound(overRound(rows("ind", "12", "9", "14", "11", "10", "13", "12", "8", "11", "15", "12", "10", "9", "30", "34", "12", "11", "10", "13", "9", "0", "")))
}

func heapingCase(t *testing.T) []quality.Finding {
	p := compile(t, quality.Check{ID: "q15.ind", Kind: "heaping", Level: quality.Flag, Form: "village", Items: []string{"ind"},
		Params: map[string]string{"by": "worker", "share": "0.5", "minimum": "100"}, Message: locale.Text{"en": "{percent} % of the {n} numbers of {enumerator} end in 0 or 5"}})
	all := rows("ind")
	for digit, count := range []int{58, 9, 11, 8, 12, 41, 10, 13, 9, 9} { // methods, A8
		for range count {
			more := rows("ind", itoa(100+digit))
			more[0].Record, more[0].Values["worker"] = "r"+itoa(1000+len(all)), []string{"E1"}
			all = append(all, more...)
		}
	}
	return p.CheckRound(overRound(all))
}

func enumeratorCase(t *testing.T) []quality.Finding {
	p := compile(t, quality.Check{ID: "q16.reason", Kind: "enumerator", Level: quality.Flag, Form: "village", Items: []string{"reason"},
		Params: map[string]string{"by": "worker", "answer": "flood"}, Message: locale.Text{"en": "{enumerator}: {percent} % against {typical} % of all (z {z}, p {p})"}})
	var all []quality.RowValue
	totals := []int{60, 62, 58, 61, 60, 59} // methods, A7
	for e, yes := range []int{12, 30, 14, 16, 13, 15} {
		for i := range totals[e] {
			answer := "conflict"
			if i < yes {
				answer = "flood"
			}
			more := rows("reason", answer)
			more[0].Record, more[0].Values["worker"] = "r"+itoa(1000+len(all)), []string{"E" + itoa(e+1)}
			all = append(all, more...)
		}
	}
	return p.CheckRound(overRound(all))
}

func alikeCase(t *testing.T) []quality.Finding {
	p := compile(t, quality.Check{ID: "a2", Kind: "alike", Level: quality.Flag, Form: "village", Items: []string{"name", "hh", "ind", "men", "women", "reason"},
		Params: map[string]string{"by": "worker", "minimum": "4", "differing": "1"}, Message: locale.Text{"en": "{differing} of {questions} answers differ from {others}"}})
	all := rows("name", "a", "b", "c", "d")
	for i, v := range []string{"5", "5", "9", "5"} {
		for _, q := range []string{"hh", "ind", "men"} {
			all[i].Values[q] = []string{v}
		}
		all[i].Values["worker"] = []string{[]string{"E1", "E1", "E1", "E2"}[i]}
	}
	return p.CheckRound(overRound(all))
}

func coverageCase(t *testing.T) []quality.Finding {
	by := "point,on,shift"
	p := compile(t,
		quality.Check{ID: "q18.targets", Kind: "coverage", Level: quality.Warn, Form: "village", Params: map[string]string{"rule": "targets"}, Message: locale.Text{"en": "{count} of {targeted} locations are missing: {list}"}},
		quality.Check{ID: "q18.missing", Kind: "coverage", Level: quality.Warn, Form: "village", Items: []string{"ind", "hh"}, Params: map[string]string{"rule": "missing_rate", "by": "form_version", "minimum": "3"}, Message: locale.Text{"en": "{question} is empty in {count} of {n}, version {group}"}},
		quality.Check{ID: "q18.dnk", Kind: "coverage", Level: quality.Warn, Form: "village", Scope: "enumerator", Items: []string{"reason"}, Params: map[string]string{"rule": "dnk_rate", "by": "worker", "minimum": "3"}, Message: locale.Text{"en": "{percent} % of {group}"}},
		quality.Check{ID: "q24.gap", Kind: "coverage", Level: quality.Warn, Form: "shift", Params: map[string]string{"rule": "shift_gap", "by": by, "groups": "group"}, Message: locale.Text{"en": "{value}: {list}"}},
		quality.Check{ID: "q24.weekday", Kind: "coverage", Level: quality.Warn, Form: "shift", Params: map[string]string{"rule": "weekday_gap", "by": "point", "date": "on"}, Message: locale.Text{"en": "{value} never works on {list}"}},
		quality.Check{ID: "q24.no_shift", Kind: "coverage", Level: quality.Warn, Form: "group", Params: map[string]string{"rule": "no_shift", "by": by, "shifts": "shift"}, Message: locale.Text{"en": "{count} groups without shift {value}"}},
		quality.Check{ID: "q24.tally", Kind: "coverage", Level: quality.Warn, Form: "shift", Params: map[string]string{"rule": "tally", "by": by, "item": "tally", "groups": "group", "groups_item": "size"}, Message: locale.Text{"en": "{value} stated, {sum} recorded"}},
	)
	s := overRound(append(villageRows(), pointRows()...))
	s.Targets = []round.Target{{Unit: "XS000"}, {Unit: "XS900"}, {Unit: "XS901", Inaccessible: true}}
	return p.CheckRound(s)
}

func villageRows() []quality.RowValue {
	all := rows("ind", "5", "", "7", "8")
	for i := range all {
		all[i].Values["worker"], all[i].Values["reason"] = []string{"E1"}, []string{[]string{"dnk", "flood", "dnk", ""}[i]}
	}
	all[3].Values = map[string][]string{"hh": {"2"}} // not asked for ind
	return all
}

func pointRows() []quality.RowValue {
	var all []quality.RowValue
	add := func(id, formID, on, shift, question, value string) {
		all = append(all, quality.RowValue{Record: id, Form: formID, Version: "1", Areas: place.Path{"XSF"}, Point: "P1",
			Values: map[string][]string{"point": {"P1"}, "on": {on}, "shift": {shift}, question: {value}}})
	}
	add("s1", "shift", "2024-05-06", "day", "tally", "10") // a Monday
	add("s2", "shift", "2024-05-13", "day", "tally", "0")
	add("s3", "shift", "2024-05-20", "day", "tally", "100")
	add("g1", "group", "2024-05-06", "day", "size", "6")
	add("g2", "group", "2024-05-06", "day", "size", "4")
	add("g3", "group", "2024-05-20", "day", "size", "96")
	add("g4", "group", "2024-05-27", "night", "size", "3")
	return all
}
