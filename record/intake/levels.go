package intake

import (
	"slices"
	"strings"
	"sync"

	"safar/dictionary"
)

// levelTerm is what people call the units of one level. rank orders terms from large to small; level is where the term
// usually stands, 0 where it differs from country to country.
type levelTerm struct {
	words string
	rank  int
	level int
}

// foldedTerm is one name of a term as headers are compared.
type foldedTerm struct {
	name, compound string // compound has no spaces
	term           levelTerm
}

var foldedTerms = sync.OnceValue(func() []foldedTerm {
	var out []foldedTerm
	for _, t := range levelTerms {
		for _, name := range strings.Fields(t.words) {
			plain := dictionary.Fold(name)
			out = append(out, foldedTerm{plain, strings.ReplaceAll(plain, " ", ""), t})
		}
	}
	return out
})

// levelTerms holds the local names of administrative units in the languages of workbooks seen so far.
var levelTerms = []levelTerm{
	{"region région регион gobolka منطقة", 10, 1},
	{"state oblast область viloyat вилоят veloyat облыс oblys wilaya ولاية estado", 20, 1},
	{"province провинция provincia ولایت governorate محافظة governate guvernorate", 22, 1},
	{"department departement département departamento", 25, 0},
	{"prefecture préfecture префектура zone cercle", 30, 2},
	{"county lga woreda", 35, 2},
	{"district район rayon raion nohiya nohia ноҳия аудан audan tuman туман ولسوالی قضاء moughataa deg degmo", 40, 2},
	{"subdistrict sub-district ناحية subprefecture sous-préfecture commune municipality municipalité arrondissement locality محلية", 50, 0},
	{"payam jamoat ҷамоат джамоат okrug округ ward traditionalauthority ta aiyl aimak айыл section sectioncommunale акимат", 60, 3},
	{"boma kebele mahalla маҳалла махалля mahallah quartier barangay", 70, 4},
}

// fixedLevels are the names that say the level themselves.
func fixedLevel(word string) (int, bool) {
	for i, key := range levelKeys() {
		n := string(rune('0' + i))
		if word == key || word == "admin"+n || word == "admin"+n+"name" || word == "adm"+n+"name" || word == "admlevel"+n {
			return i, true
		}
	}
	switch word {
	case "country", "pays", "страна", "кишвар", "ел", "país", "pais", "دولة", "بلد", "adm0":
		return 0, true
	}
	return 0, false
}

// levelOf recognises a header that names an administrative level: the fixed level, or -1 and the term.
func levelOf(header string) (fixed int, term levelTerm, ok bool) {
	words := headerWords(header)
	for i, w := range words {
		if (w == "admin" || w == "adm" || w == "level") && i+1 < len(words) && len(words[i+1]) == 1 && words[i+1] >= "0" && words[i+1] <= "4" {
			return int(words[i+1][0] - '0'), levelTerm{}, true
		}
		if n, found := fixedLevel(w); found {
			return n, levelTerm{}, true
		}
	}
	joined := strings.Join(words, "")
	best := levelTerm{}
	for _, t := range foldedTerms() {
		if (slices.Contains(words, t.name) || len(t.compound) > 9 && strings.Contains(joined, t.compound)) && t.term.rank > best.rank {
			best = t.term // of "sub district" the smaller unit is meant
		}
	}
	return -1, best, best.rank > 0
}

// headerWords splits a header into folded words, camel case and digits apart: "ADM1_EN" -> adm1 en, "localitycode" stays.
func headerWords(header string) []string {
	words := strings.Fields(dictionary.Fold(header))
	var out []string
	for _, w := range words {
		stem := strings.TrimRight(w, "0123456789")
		plural := strings.TrimSuffix(stem, "s")
		switch {
		case stem != w && (stem == "pcode" || stem == "code" || stem == "name"):
			out = append(out, stem, w[len(stem):])
		case stem == w && len(plural) > 4 && plural != stem && isLevelWord(plural):
			out = append(out, plural)
		default:
			out = append(out, w)
		}
	}
	return out
}

func isLevelWord(word string) bool {
	return word == "country" || slices.ContainsFunc(foldedTerms(), func(t foldedTerm) bool { return t.name == word })
}

// areaColumn is a column that names or codes the units of one term.
type areaColumn struct {
	at       int // index among the columns
	code     bool
	fixed    int // -1 = by term
	term     levelTerm
	distinct int
}

// assignLevels gives every area column its level. Usual levels hold as long as they grow with the rank; else the terms
// are numbered from 1, large to small.
func assignLevels(cols []areaColumn) map[int]int {
	levels := map[int]int{}
	var ranks []int
	usual := map[int]int{}
	for _, c := range cols {
		if c.fixed >= 0 {
			levels[c.at] = c.fixed
			continue
		}
		if !slices.Contains(ranks, c.term.rank) {
			ranks = append(ranks, c.term.rank)
		}
		usual[c.term.rank] = c.term.level
	}
	slices.Sort(ranks)
	byRank := numberRanks(ranks, usual)
	for _, c := range cols {
		if c.fixed < 0 {
			levels[c.at] = byRank[c.term.rank]
		}
	}
	return levels
}

// numberRanks uses the usual levels when they are all known and rise, else counts; a term without a usual level takes
// the one after the term above it.
func numberRanks(ranks []int, usual map[int]int) map[int]int {
	out := map[int]int{}
	last := 0
	for _, r := range ranks {
		level := usual[r]
		if level == 0 {
			level = last + 1
		}
		if level <= last {
			return countRanks(ranks)
		}
		out[r], last = level, level
	}
	return out
}

func countRanks(ranks []int) map[int]int {
	out := map[int]int{}
	for i, r := range ranks {
		out[r] = min(i+1, 4)
	}
	return out
}
