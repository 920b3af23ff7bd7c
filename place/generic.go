package place

import (
	"strings"
	"sync"
)

// genericText lists the words that say what kind of unit a name is of, in the languages of the first countries and of
// humanitarian lists. They are left out when names are compared: "Исфара район", "ноҳияи Исфара" and "Isfara District"
// are one name.
const genericText = `
	district districts city town municipality municipal province provinces region regional county governorate state
	department departement commune arrondissement prefecture subprefecture ville village settlement rural urban locality
	area of the republic division subdivision ward zone woreda payam boma ta stad traditional authority sub
	область обл области облыс облысы ауданы аудан қаласы қала қ қалалық әкімдігі әкімшілігі ауылдық округ округі ауылы ауыл
	кенті кент район района районы р-н рн город города г гор городской посёлок поселок пос село с сельский аульный айыл
	айылы аймагы облусу району шаары дехот деҳот деҳоти джамоат ҷамоат ҷамоати вилоят вилояти ноҳия ноҳияи шаҳр шаҳри
	шаҳрак шаҳраки деҳа деҳаи маҳалла маҳаллаи нохия нохияи шахр шахри вилоят шаҳристон
	viloyat viloyati oblast oblasti oblasty oblysy oblus obl rayon raion rayoni raioni audany audan qalasy kalasy gorod
	shahri shahr shahrak nohiya nohiyai nohia nohiai jamoat jamoati tuman tumani shahar shahri kishlak aul auyl okrug
	ولايت ولایت ولسوالی ولسوالي شهر ناحیه محافظة مديرية مدينة قضاء منطقة استان شهرستان روستای قریه`

var genericWords = sync.OnceValue(func() map[string]bool {
	words := map[string]bool{}
	for _, word := range strings.Fields(genericText) {
		for _, folded := range strings.Fields(Fold(word)) {
			words[folded] = true
		}
	}
	return words
})

// Bare is the folded name without the words that only say what kind of unit it is, and without the endings of Russian
// adjectives made from names (Абайская область is Abay). A name of nothing but such words stays whole.
func Bare(name string) string { return bareOf(Fold(name)) }

func bareOf(folded string) string {
	generic := genericWords()
	var out []string
	for _, word := range strings.Fields(folded) {
		if !generic[word] {
			out = append(out, plainAdjective(word))
		}
	}
	if len(out) == 0 {
		return folded
	}
	return strings.Join(out, " ")
}

// plainAdjective cuts -ская, -ский, -ское and their cases from a folded word of some length.
func plainAdjective(word string) string {
	for _, ending := range [...]string{"skaia", "skoi", "skogo", "skoe", "skii", "ski"} {
		if stem, ok := strings.CutSuffix(word, ending); ok && len(stem) >= 4 {
			return stem
		}
	}
	return word
}
