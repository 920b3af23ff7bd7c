package locale_test

import (
	"testing"
	"testing/fstest"

	"safar/locale"
)

func TestNumbersAndDatesByLanguage(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string][5]string{
		"en": {"1,284,310.5", "1,234", "34%", "1 May 2026", "May 2026"},
		"ru": {"1\u00a0284\u00a0310,5", "1\u00a0234", "34\u00a0%", "1 мая 2026 г.", "май 2026 г."},
		"tg": {"1\u00a0284\u00a0310,5", "1\u00a0234", "34%", "1 майи 2026", "майи 2026"},
		"kk": {"1\u00a0284\u00a0310,5", "1\u00a0234", "34%", "2026 ж. 1 мамыр", "2026 ж. мамыр"},
		"fr": {"1\u202f284\u202f310,5", "1\u202f234", "34\u202f%", "1er mai 2026", "mai 2026"},
		"es": {"1.284.310,5", "1234", "34\u00a0%", "1 de mayo de 2026", "mayo de 2026"},
		"ar": {"1,284,310.5", "1,234", "34%", "1 مايو 2026", "مايو 2026"},
	} {
		s := locale.Spoken(tag)
		got := [5]string{s.Number(1284310.5, 1), s.Number(1234, 0), s.Percent(0.3449), s.Date("2026-05-01"), s.Month("2026-05")}
		if got != want {
			t.Errorf("%s: %q, want %q", tag, got, want)
		}
	}
	s := locale.Spoken("xx")
	if s.Tag != "en" || s.Signed(-0.2, 0) != "0" || s.Signed(5, 0) != "+5" || s.Signed(-5, 0) != "\u22125" || s.Percent(0.001) != "<1%" || s.Date("soon") != "soon" {
		t.Errorf("English: %q %q %q %q", s.Signed(-0.2, 0), s.Signed(5, 0), s.Signed(-5, 0), s.Percent(0.001))
	}
}

func TestPlurals(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]string{
		"en": "other one other other other other other", "ru": "many one few many many one many", "tg": "other one other other other other other", "fr": "one one other other other other many",
		"es": "other one other other other other many", "ar": "zero one two few many many other",
	} {
		got := ""
		for i, n := range []int{0, 1, 2, 5, 11, 21, 1_000_000} {
			if i > 0 {
				got += " "
			}
			got += locale.Spoken(tag).Plural(n)
		}
		if got != want {
			t.Errorf("%s: %s, want %s", tag, got, want)
		}
	}
}

func TestCatalogue(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{}
	for _, l := range locale.Languages() {
		files["t/"+l.Tag+".yaml"] = &fstest.MapFile{Data: []byte("review: reviewed\ntexts: {hello: 'Hi {who}', n: {zero: z, one: '{n} thing', two: t, few: f, many: '{n} m', other: '{n} things'}}")}
	}
	c, err := locale.ReadCatalogue(files, "t")
	if err != nil {
		t.Fatal(err)
	}
	if wrong := c.Check(); len(wrong) > 0 {
		t.Errorf("a whole catalogue: %v", wrong)
	}
	v := c.In("en")
	if got := v.Say("hello", "who", "Ann") + "; " + v.Count("n", 1) + "; " + v.Count("n", 1200) + "; " + v.Say("none"); got != "Hi Ann; 1 thing; 1,200 things; [none]" || v.AwaitsReview() {
		t.Error(got)
	}
	files["t/ru.yaml"] = &fstest.MapFile{Data: []byte("texts: {hello: 'Привет', extra: x, n: {one: '{n} вещь', few: ' '}}")}
	c, err = locale.ReadCatalogue(files, "t")
	if err != nil {
		t.Fatal(err)
	}
	if wrong := c.Check(); len(wrong) != 4 || !c.In("ru").AwaitsReview() {
		t.Errorf("found %q", wrong)
	}
	delete(files, "t/kk.yaml")
	if _, err := locale.ReadCatalogue(files, "t"); err == nil {
		t.Error("a language without messages must be an error")
	}
}
