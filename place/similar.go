package place

// JaroWinkler compares two texts rune by rune: 1 equal, 0 nothing in common. The common beginning (at most four runes)
// counts extra, by 0.1 for each rune, where the plain Jaro similarity is above 0.7 (Winkler 1990).
func JaroWinkler(a, b string) float64 {
	if a == b {
		return 1
	}
	x, y := []rune(a), []rune(b)
	jaro := jaroOf(x, y)
	if jaro <= 0.7 {
		return jaro
	}
	prefix := 0
	for prefix < min(4, len(x), len(y)) && x[prefix] == y[prefix] {
		prefix++
	}
	return jaro + 0.1*float64(prefix)*(1-jaro)
}

func jaroOf(x, y []rune) float64 {
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	window := max(0, max(len(x), len(y))/2-1)
	var small [128]bool
	marks := small[:]
	if len(x)+len(y) > len(small) {
		marks = make([]bool, len(x)+len(y))
	}
	inX, inY := marks[:len(x)], marks[len(x):len(x)+len(y)]
	matches := 0
	for i, r := range x {
		for j := max(0, i-window); j < min(len(y), i+window+1); j++ {
			if !inY[j] && y[j] == r {
				inX[i], inY[j] = true, true
				matches++
				break
			}
		}
	}
	if matches == 0 {
		return 0
	}
	m := float64(matches)
	return (m/float64(len(x)) + m/float64(len(y)) + (m-float64(outOfOrder(x, y, inX, inY)/2))/m) / 3
}

// outOfOrder counts the matched runes that stand in another order. Half of them, rounded down as in Winkler's program,
// are the transpositions.
func outOfOrder(x, y []rune, inX, inY []bool) int {
	n, j := 0, 0
	for i := range x {
		if !inX[i] {
			continue
		}
		for !inY[j] {
			j++
		}
		if x[i] != y[j] {
			n++
		}
		j++
	}
	return n
}

// Trigram is the share of three-rune pieces that two texts have in common, 0 to 1. Two spaces before and one after each
// word count as runes, as in PostgreSQL's pg_trgm.
func Trigram(a, b string) float64 {
	x, y := trigrams(a), trigrams(b)
	if len(x) == 0 || len(y) == 0 {
		return 0
	}
	common := 0
	for g := range x {
		if _, ok := y[g]; ok {
			common++
		}
	}
	return float64(common) / float64(len(x)+len(y)-common)
}

type trigram [3]rune

func trigrams(s string) map[trigram]struct{} {
	set := map[trigram]struct{}{}
	eachTrigram(s, func(g trigram) { set[g] = struct{}{} })
	return set
}

func eachTrigram(s string, each func(trigram)) {
	start := trigram{' ', ' ', ' '}
	g := start
	for _, r := range s {
		if r != ' ' {
			g = trigram{g[1], g[2], r}
			each(g)
			continue
		}
		if g != start {
			each(trigram{g[1], g[2], ' '})
		}
		g = start
	}
	if g != start {
		each(trigram{g[1], g[2], ' '})
	}
}
