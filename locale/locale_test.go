package locale_test

import (
	"testing"

	"safar/locale"
)

func TestTextFallsBackToEnglishThenToAny(t *testing.T) {
	t.Parallel()
	text := locale.Text{"en": "district", "ru": "район"}
	for _, c := range []struct {
		wanted []string
		want   string
	}{{[]string{"ru"}, "район"}, {[]string{"tg", "ru"}, "район"}, {[]string{"kk"}, "district"}, {nil, "district"}} {
		if got := text.In(c.wanted...); got != c.want {
			t.Errorf("In(%v) = %q, want %q", c.wanted, got, c.want)
		}
	}
	if got := (locale.Text{"ru": "район"}).In("tg"); got != "район" {
		t.Errorf("a text in one language serves all readers, got %q", got)
	}
	if got := text.Missing("en", "tg"); len(got) != 1 || got[0] != "tg" {
		t.Errorf("Missing = %v", got)
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for value, want := range map[float64]string{2017236: "2,017,236", 0: "0", 999: "999", 1000: "1,000", -1234.5: "-1,234.5"} {
		if got := locale.Number(value); got != want {
			t.Errorf("Number(%v) = %q, want %q", value, got, want)
		}
	}
}
