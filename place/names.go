package place

import (
	"slices"
	"strings"
	"unicode"
)

// Query asks for places by name.
type Query struct {
	Name    string  // in any language, script and spelling; "Isfara, Sughd" names the unit above as well
	Country string  // ISO 3166-1 alpha-3; "" means all
	Levels  []Level // for areas: only these levels; none means all
	Kinds   []Kind  // none means all
	Within  Code    // only places inside this unit; needs Country
	Parent  string  // name of a unit above, if known; places elsewhere count less
	Limit   int     // 0 means 10
}

// The scale of scores for names. A likeness, see likeness, counts in full only when nothing better is there.
const (
	scoreName   = 1.0
	scoreAlias  = 0.98
	scoreBare   = 0.97 // equal without the generic words
	scoreLike   = 0.94 // times the likeness
	scoreLowest = 0.6
	elsewhere   = 0.8 // factor where the named parent does not fit
)

// nameIndex finds the places of one country by name.
type nameIndex struct {
	owners   []owner
	forms    []form
	byKey    map[string][]int32
	byBare   map[string][]int32
	byBones  map[string][]int32
	byPieces map[trigram][]int32
}

// owner is the place that a form names.
type owner struct {
	kind Kind
	at   int32 // in areas, sites or points of the register
	area int32 // the unit itself, or the one the site or point lies in; none if unknown
}

// form is one name or alias of a place, once for each key.
type form struct {
	owner  int32
	alias  bool
	pieces int32 // how many different trigrams bare has
	text   string
	key    string
	bare   string
}

func newNameIndex(r *Register, country string) *nameIndex {
	x := &nameIndex{byKey: map[string][]int32{}, byBare: map[string][]int32{}, byBones: map[string][]int32{}, byPieces: map[trigram][]int32{}}
	from, _ := r.span(country, 0)
	_, to := r.span(country, MaxLevel)
	for i := from; i < to; i++ {
		x.add(owner{KindArea, int32(i), int32(i)}, r.areas[i].Names, r.areas[i].Aliases)
	}
	for i := range r.sites {
		if s := &r.sites[i]; s.Country == country {
			x.add(owner{KindSite, int32(i), r.indexOf(country, s.Area)}, s.Names, s.Aliases)
		}
	}
	for i := range r.points {
		if p := &r.points[i]; p.Country == country {
			x.add(owner{KindPoint, int32(i), r.indexOf(country, p.Area)}, p.Names, nil)
		}
	}
	return x
}

func (r *Register) indexOf(country string, code Code) int32 {
	if i, ok := r.byCode[key{country, code}]; ok {
		return i
	}
	return none
}

func (x *nameIndex) add(o owner, names map[string]string, aliases []string) {
	x.owners = append(x.owners, o)
	first := len(x.forms)
	tags := make([]string, 0, len(names))
	for tag := range names {
		tags = append(tags, tag)
	}
	slices.Sort(tags)
	for _, tag := range tags {
		x.addForm(first, names[tag], false)
	}
	for _, alias := range aliases {
		x.addForm(first, alias, true)
	}
}

// addForm enters a name unless the same place already has its key; first is where the place's forms begin.
func (x *nameIndex) addForm(first int, text string, alias bool) {
	folded := Fold(text)
	if folded == "" {
		return
	}
	for _, f := range x.forms[first:] {
		if f.key == folded {
			return
		}
	}
	id := int32(len(x.forms))
	f := form{owner: int32(len(x.owners) - 1), alias: alias, text: text, key: folded, bare: bareOf(folded)}
	for g := range trigrams(f.bare) {
		x.byPieces[g] = append(x.byPieces[g], id)
		f.pieces++
	}
	x.forms = append(x.forms, f)
	x.byKey[f.key] = append(x.byKey[f.key], id)
	x.byBare[f.bare] = append(x.byBare[f.bare], id)
	bones := skeletonOf(f.bare)
	x.byBones[bones] = append(x.byBones[bones], id)
}

// FindByName finds places by name: best first, those below 0.6 left out. Two places of one name both come with the same
// score, so a caller that needs one must look at the second match as well.
func (r *Register) FindByName(q Query) []Match {
	countries := r.countries
	if q.Country != "" {
		countries = []string{q.Country}
	}
	var out []Match
	for _, country := range countries {
		if build := r.names[country]; build != nil {
			out = append(out, r.findIn(build(), country, q)...)
		}
	}
	slices.SortStableFunc(out, compareMatches)
	limit := q.Limit
	if limit <= 0 {
		limit = 10
	}
	return out[:min(limit, len(out))]
}

func (r *Register) findIn(x *nameIndex, country string, q Query) []Match {
	name, parent := x.split(q)
	folded := Fold(name)
	if folded == "" {
		return nil
	}
	w := wanted{key: folded, bare: bareOf(folded)}
	best := map[int32]Match{}
	for id := range x.candidates(w) {
		f := &x.forms[id]
		o := x.owners[f.owner]
		if !r.eligible(o, country, q) {
			continue
		}
		score, reason := f.score(w)
		score *= r.fits(o, parent)
		if score < scoreLowest {
			continue
		}
		if old, seen := best[f.owner]; !seen || score > old.Score || score == old.Score && f.text < old.Name {
			m := r.ownerMatch(o, score, reason)
			m.Name = f.text
			best[f.owner] = m
		}
	}
	out := make([]Match, 0, len(best))
	for _, m := range best {
		out = append(out, m)
	}
	return out
}

// split takes the text after a comma as the name of the unit above, unless a place is really called so.
func (x *nameIndex) split(q Query) (name, parent string) {
	before, after, cut := strings.Cut(q.Name, ",")
	if q.Parent != "" || !cut || len(x.byKey[Fold(q.Name)]) > 0 {
		return q.Name, q.Parent
	}
	return before, after
}

type wanted struct{ key, bare string }

// candidates are the forms with the same key, bare key or skeleton, and those with enough trigrams in common.
func (x *nameIndex) candidates(w wanted) map[int32]struct{} {
	out := map[int32]struct{}{}
	for _, ids := range [...][]int32{x.byKey[w.key], x.byBare[w.bare], x.byBones[skeletonOf(w.bare)]} {
		for _, id := range ids {
			out[id] = struct{}{}
		}
	}
	shared := make([]uint16, len(x.forms))
	pieces := trigrams(w.bare)
	var touched []int32
	for g := range pieces {
		for _, id := range x.byPieces[g] {
			if shared[id] == 0 {
				touched = append(touched, id)
			}
			shared[id]++
		}
	}
	for _, id := range touched {
		common := float64(shared[id])
		if common/(float64(len(pieces))+float64(x.forms[id].pieces)-common) >= 0.25 {
			out[id] = struct{}{}
		}
	}
	return out
}

// score compares a form with what is wanted.
func (f *form) score(w wanted) (float64, Reason) {
	reason, full := ByName, scoreName
	if f.alias {
		reason, full = ByAlias, scoreAlias
	}
	switch {
	case f.key == w.key:
		return full, reason
	case f.bare == w.bare:
		return full * scoreBare, reason
	}
	likeness, reason := likeness(f.bare, w.bare)
	return full * scoreLike * likeness, reason
}

// likeness is the better of Jaro-Winkler and trigram similarity; an equal skeleton lifts it to at least 0.8, because
// scripts that leave vowels out score low otherwise. Numbers must agree: Block 2 is not Block 3.
func likeness(a, b string) (float64, Reason) {
	if digits(a) != digits(b) {
		return 0, ByResembling
	}
	winkler, pieces := JaroWinkler(a, b), Trigram(a, b)
	if bones := skeletonOf(a); len(bones) >= 3 && bones == skeletonOf(b) {
		return max(winkler, pieces, 0.8), BySpelling
	}
	switch {
	case winkler >= 0.86 && winkler >= pieces:
		return winkler, BySpelling
	case pieces >= 0.4 || winkler >= 0.8:
		return max(pieces, 0.9*winkler), ByResembling
	}
	return 0, ByResembling
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}

func (r *Register) eligible(o owner, country string, q Query) bool {
	if len(q.Kinds) > 0 && !slices.Contains(q.Kinds, o.kind) {
		return false
	}
	if len(q.Levels) > 0 && (o.kind != KindArea || !slices.Contains(q.Levels, r.areas[o.area].Level)) {
		return false
	}
	return q.Within == "" || o.area != none && r.IsWithin(country, r.areas[o.area].Code, q.Within)
}

// fits gives 1 where a unit above the place bears the parent's name, somewhat less where it is spelled alike, and
// the factor elsewhere where none does.
func (r *Register) fits(o owner, parent string) float64 {
	want := Bare(parent)
	if want == "" {
		return 1
	}
	best := elsewhere
	up := o.area
	if o.kind == KindArea && up != none {
		up = r.parents[up]
	}
	for ; up != none; up = r.parents[up] {
		for _, name := range r.areas[up].allNames() {
			switch bare := Bare(name); {
			case bare == want:
				return 1
			case JaroWinkler(bare, want) >= 0.88:
				best = 0.97
			}
		}
	}
	return best
}

// allNames lists the names, by language, and the aliases.
func (a *Area) allNames() []string {
	out := make([]string, 0, len(a.Names)+len(a.Aliases))
	for _, tag := range a.Names.Tags() {
		out = append(out, a.Names[tag])
	}
	return append(out, a.Aliases...)
}

func (r *Register) ownerMatch(o owner, score float64, reason Reason) Match {
	switch o.kind {
	case KindSite:
		return r.siteMatch(&r.sites[o.at], score, reason)
	case KindPoint:
		return r.pointMatch(&r.points[o.at], score, reason)
	}
	return r.areaMatch(o.at, score, reason)
}
