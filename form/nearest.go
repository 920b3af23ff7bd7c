package form

import (
	"strconv"
	"strings"
)

// Perhaps ends a sentence with the nearest of the known names: `, perhaps "district"`. It is empty when none is near.
func Perhaps(name string, known []string) string {
	if best := Nearest(name, known); best != "" {
		return ", perhaps " + strconv.Quote(best)
	}
	return ""
}

// Nearest gives the known name that differs least from name, regardless of case, or "" when each differs in more than
// about a third of its letters.
func Nearest(name string, known []string) string {
	folded := []rune(fold(name))
	limit := len(folded)/3 + 1
	best := ""
	for _, candidate := range known {
		if candidate == name {
			continue
		}
		if d := distance(folded, []rune(fold(candidate)), limit); d <= limit {
			if d == 0 {
				return candidate
			}
			best, limit = candidate, d-1
		}
	}
	return best
}

func fold(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(strings.ToLower(strings.TrimSpace(s)), " ", "_"), "-", "_")
}

// distance counts insertions, deletions, substitutions and swaps of neighbours (optimal string alignment); above limit
// it stops early and gives limit+1.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	before, row, next := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		least := i
		for j := 1; j <= len(b); j++ {
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+differs(a[i-1], b[j-1]))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
			least = min(least, next[j])
		}
		if least > limit {
			return limit + 1
		}
		before, row, next = row, next, before
	}
	return row[len(b)]
}

func differs(a, b rune) int {
	if a == b {
		return 0
	}
	return 1
}
