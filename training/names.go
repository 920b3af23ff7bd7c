package training

import (
	"math/rand/v2"
	"strings"
)

// name is an invented name in both scripts.
type name struct{ latin, cyrillic string }

// namer invents names and never gives one twice.
type namer struct {
	rng  *rand.Rand
	used map[string]bool
}

func newNamer(rng *rand.Rand) *namer { return &namer{rng: rng, used: map[string]bool{}} }

// The syllables are made to sound like no language of a real place.
func heads() []string {
	return []string{"Vel", "Lum", "Zor", "Nim", "Tav", "Ori", "Sel", "Dru", "Fen", "Kel", "Ruv", "Yal", "Bor", "Hal", "Gly", "Plu", "Osk", "Umb", "Ivo", "Wex"}
}

func middles() []string {
	return []string{"", "i", "a", "o", "u", "ale", "ino", "oru", "epi", "umo", "aza", "iki", "obe", "ely"}
}

func tails() []string {
	return []string{"ndor", "mere", "wick", "lund", "sko", "vash", "ront", "ppel", "gund", "tzar", "phim", "brook", "zell", "drin", "quay", "moor"}
}

func (n *namer) next() name {
	for {
		latin := one(n.rng, heads()) + one(n.rng, middles()) + one(n.rng, tails())
		if len(n.used) > 2000 { // the short ones run out
			latin = one(n.rng, heads()) + one(n.rng, middles()[1:]) + strings.ToLower(latin)
		}
		if !n.used[latin] {
			n.used[latin] = true
			return name{latin, cyrillic(latin)}
		}
	}
}

// cyrillic writes an invented name in the other script, letter by letter.
func cyrillic(latin string) string {
	lower := digraphs().Replace(strings.ToLower(latin))
	var b strings.Builder
	for _, r := range lower {
		if to, ok := letters()[r]; ok {
			b.WriteString(to)
		} else {
			b.WriteRune(r)
		}
	}
	text := []rune(b.String())
	return strings.ToUpper(string(text[:1])) + string(text[1:])
}

func digraphs() *strings.Replacer {
	return strings.NewReplacer("sh", "ш", "ph", "ф", "qu", "кв", "tz", "ц", "ck", "к", "oo", "у", "ya", "я")
}

func letters() map[rune]string {
	return map[rune]string{
		'a': "а", 'b': "б", 'd': "д", 'e': "е", 'f': "ф", 'g': "г", 'h': "х", 'i': "и", 'k': "к", 'l': "л", 'm': "м", 'n': "н", 'o': "о",
		'p': "п", 'r': "р", 's': "с", 't': "т", 'u': "у", 'v': "в", 'w': "в", 'x': "кс", 'y': "и", 'z': "з",
	}
}

// one draws one of a list.
func one[T any](rng *rand.Rand, list []T) T { return list[rng.IntN(len(list))] }
