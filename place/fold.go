package place

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// letters maps the Cyrillic (Russian, Tajik, Kazakh, Uzbek), Arabic and Persian letters, and those Latin letters that
// do not decompose, to a plain Latin spelling. It is a function so that nobody can change it.
func letters(r rune) (string, bool) {
	switch {
	case r >= 'а' && r <= 'я':
		return russian[r-'а'], true
	case r >= 'ا' && r <= 'ي' && r-'ا' < rune(len(arabic)):
		return arabic[r-'ا'], true
	}
	switch r {
	case 'ё', 'э':
		return "e", true
	case 'ғ', 'غ', 'گ':
		return "g", true
	case 'ӣ', 'і', 'ی', 'إ', 'ı':
		return "i", true
	case 'қ', 'ک', 'ك', 'ق':
		return "k", true
	case 'ӯ', 'ұ', 'ү', 'ў', 'ؤ', 'و':
		return "u", true
	case 'ҳ', 'һ':
		return "h", true
	case 'ҷ':
		return "j", true
	case 'ә', 'ə', 'أ', 'آ':
		return "a", true
	case 'ң':
		return "n", true
	case 'ө', 'ø':
		return "o", true
	case 'پ':
		return "p", true
	case 'چ':
		return "ch", true
	case 'ژ':
		return "zh", true
	case 'ł':
		return "l", true
	case 'ئ', 'ء':
		return "", true
	}
	return "", false
}

// russian holds а to я in the order of the alphabet; й counts as и, and the signs are dropped.
const russianCount = 'я' - 'а' + 1

var russian = [russianCount]string{
	"a", "b", "v", "g", "d", "e", "zh", "z", "i", "i", "k", "l", "m", "n", "o", "p", "r", "s", "t", "u", "f", "h", "ts", "ch", "sh", "sh",
	"", "i", "", "e", "iu", "ia",
}

// arabic holds alef (U+0627) to yeh (U+064A) in the order of Unicode, with the gap U+063B to U+063F and the tatweel.
var arabic = [...]string{
	"a", "b", "a", "t", "s", "j", "h", "h", "d", "z", "r", "z", "s", "sh", "s", "z", "t", "z", "", "g",
	"", "", "", "", "", "", "f", "k", "k", "l", "m", "n", "h", "u", "a", "i",
}

// Fold makes the key under which spellings of one name meet: lower case, no marks, Cyrillic and Arabic script written
// in plain Latin, common spellings of one sound made equal, doubled letters single. It is for matching only; what
// people see is always the name as written.
func Fold(s string) string {
	s = transliterate(s)
	for _, d := range digraphs {
		if strings.Contains(s, d.from) {
			s = strings.ReplaceAll(s, d.from, d.to)
		}
	}
	s = hardC(s)
	s = strings.ReplaceAll(s, "y", "i")
	return single(s)
}

// digraphs are replaced one after the other over the whole word; the order matters.
var digraphs = [...]struct{ from, to string }{
	{"dzh", "j"}, {"dj", "j"}, {"kh", "h"}, {"gh", "g"}, {"tch", "ch"}, {"sch", "sh"}, {"yu", "iu"}, {"ya", "ia"},
	{"yo", "e"}, {"ye", "e"}, {"iy", "i"}, {"yi", "i"}, {"q", "k"}, {"w", "v"}, {"x", "h"},
}

// transliterate lowers, drops what is not sounded, maps foreign scripts and turns everything else into spaces.
func transliterate(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFC.String(s) {
		r = unicode.ToLower(r)
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteByte(byte(r))
		case unsounded(r):
		default:
			foldRune(&b, r)
		}
	}
	return b.String()
}

// unsounded marks apostrophes of all kinds, joiners, tatweel and the Arabic vowel signs.
func unsounded(r rune) bool {
	switch r {
	case '\'', '`', '´', '‘', '’', '‛', 'ʻ', 'ʼ', 'ʽ', 'ʹ', 'ʾ', 'ʿ', '\u200c', '\u200d', '\u0640', '\u0670':
		return true
	}
	return r >= '\u064b' && r <= '\u0652'
}

func foldRune(b *strings.Builder, r rune) {
	if latin, ok := letters(r); ok {
		b.WriteString(latin)
		return
	}
	wrote := false
	for _, d := range norm.NFD.String(string(r)) {
		switch latin, ok := letters(d); {
		case unicode.Is(unicode.Mn, d):
			wrote = true
		case ok:
			b.WriteString(latin)
			wrote = true
		case unicode.IsLetter(d) || unicode.IsDigit(d):
			b.WriteRune(unicode.ToLower(d))
			wrote = true
		}
	}
	if !wrote {
		b.WriteByte(' ')
	}
}

// hardC writes k for every c that no h follows.
func hardC(s string) string {
	if !strings.Contains(s, "c") {
		return s
	}
	out := []byte(s)
	for i, c := range out {
		if c == 'c' && (i+1 == len(out) || out[i+1] != 'h') {
			out[i] = 'k'
		}
	}
	return string(out)
}

// single makes doubled letters and spaces single and trims the ends; digits stay as they are.
func single(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	last := ' '
	for _, r := range s {
		if r == last && !unicode.IsDigit(r) {
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return strings.TrimRight(b.String(), " ")
}

// Skeleton is the coarse key of a name for finding candidates: of each folded word the first letter and the consonants
// after it, with feminine endings and -zoda, -zade, -zadeh made one. Different names may share it.
func Skeleton(s string) string { return skeletonOf(Fold(s)) }

func skeletonOf(folded string) string {
	words := strings.Fields(folded)
	for i, word := range words {
		words[i] = bones(ending(word))
	}
	return strings.Join(words, " ")
}

func ending(word string) string {
	for _, e := range [...]struct{ from, to string }{{"ova", "ov"}, {"eva", "ev"}, {"zadeh", "zd"}, {"zade", "zd"}, {"zoda", "zd"}} {
		if stem, ok := strings.CutSuffix(word, e.from); ok && stem != "" {
			return stem + e.to
		}
	}
	return word
}

func bones(word string) string {
	first := true
	return strings.Map(func(r rune) rune {
		if !first && strings.ContainsRune("aeiou", r) {
			return -1
		}
		first = false
		return r
	}, word)
}
