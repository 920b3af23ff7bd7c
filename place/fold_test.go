package place_test

import (
	"math"
	"testing"
	"unicode/utf8"

	"safar/place"
)

// The groups come from the methods reference: spellings of one name in several scripts that must meet in one key.
func TestFoldJoinsSpellings(t *testing.T) {
	t.Parallel()
	for _, group := range [][]string{
		{"rahimov", "Раҳимов", "Rahimov", "Рахимов", "Rakhimov"},
		{"juraev", "Ҷӯраев", "Джураев", "Juraev", "Dzhuraev"},
		{"gafurov", "Ғафуров", "Гафуров", "Ghafurov"},
		{"nursultan", "Нұрсұлтан", "Нурсултан", "Nursultan"},
		{"aigerim", "Әйгерім", "Aigerim", "Айгерим"},
		{"kuanish", "Қуаныш", "Куаныш"},
		{"omirbek", "Өмірбек", "Омирбек"},
		{"muhamad", "Муҳаммад", "Muhammad"},
		{"hurshed", "Хуршед", "Xurshed"},
		{"alieva", "Алиева", "Aliyeva"},
		{"zainidin", "Зайниддин", "Зайнидин"},
		{"saidov", "Саидов", "Сайдов"},
		{"frhad", "فرهاد", "فَرْهاد"},
		{"mhmd", "محمد", "مُحَمَّد"},
		{"zoh kuti", "Zōḩ  Kūtī", " zoh-kuti "},
		{"shokai", "Шоқай", "Schokay"},
		{"chorku", "Чоркӯ", "Tchorku", "Chorkuʼ"},
	} {
		for _, name := range group[1:] {
			if got := place.Fold(name); got != group[0] {
				t.Errorf("Fold(%q) = %q, want %q", name, got, group[0])
			}
		}
	}
}

func TestSpellingsThatOnlyResemble(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b     string
		jw       float64
		skeleton bool
	}{
		{"Қурбонова", "Курбанова", .9306, true},
		{"Фарҳод", "فرهاد", .89, true},
		{"Мухаммад", "محمد", .7536, true},
		{"Юлдашев", "Yoʻldoshev", .8056, false},
		{"Хуршед", "Хуршида", .9214, true},
		{"Шарипов", "Шарифов", .95, false},
	} {
		a, b := place.Fold(c.a), place.Fold(c.b)
		if got := place.JaroWinkler(a, b); math.Abs(got-c.jw) > 0.001 {
			t.Errorf("JaroWinkler(%s, %s) = %.4f, want %.4f", a, b, got, c.jw)
		}
		if equal := place.Skeleton(c.a) == place.Skeleton(c.b); equal != c.skeleton {
			t.Errorf("skeletons %q and %q of %s, %s: equal %v", place.Skeleton(c.a), place.Skeleton(c.b), c.a, c.b, equal)
		}
	}
}

func TestSkeletonEndings(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Каримова": "krmv", "Раҳимзода": "rhmzd", "Rahimzadeh": "rhmzd", "Rahimzade": "rhmzd", "Иброҳим Олимов": "ibrhm olmv"} {
		if got := place.Skeleton(name); got != want {
			t.Errorf("Skeleton(%q) = %q, want %q", name, got, want)
		}
	}
}

// Anchors of the methods reference, computed there with two independent implementations.
func TestJaroWinkler(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want float64
	}{
		{"MARTHA", "MARHTA", .961111}, {"DIXON", "DICKSONX", .813333}, {"DWAYNE", "DUANE", .84}, {"abroms", "abrams", .922222},
		{"jellyfish", "smellyfish", .896296}, {"", "a", 0}, {"a", "a", 1},
	} {
		if got := place.JaroWinkler(c.a, c.b); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("JaroWinkler(%q, %q) = %f, want %f", c.a, c.b, got, c.want)
		}
	}
}

func TestTrigram(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		want float64
	}{{"word", "word", 1}, {"word", "two words", 4.0 / 11}, {"", "a", 0}} {
		if got := place.Trigram(c.a, c.b); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("Trigram(%q, %q) = %f, want %f", c.a, c.b, got, c.want)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, seed := range []string{"", "Ҷӯраев", "Yoʻldoshev", "محمد", "a\u0301\u0301", "\xff\xfe", "İstanbul ß", "ЩЪЫЬ", "cch c ch"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := place.Fold(s)
		if utf8.ValidString(s) && !utf8.ValidString(folded) {
			t.Fatalf("Fold(%q) = %q is not UTF-8", s, folded)
		}
		if place.Fold(s+" ") != folded {
			t.Fatalf("a trailing space changes the key of %q", s)
		}
		if place.Skeleton(s) != place.Skeleton(folded) && place.Fold(folded) == folded {
			t.Fatalf("Skeleton(%q) differs from the skeleton of its key", s)
		}
	})
}
