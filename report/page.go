package report

import (
	"slices"
	"strconv"
	"strings"

	"safar/locale"
	"safar/release"
)

// Widths of graphics in pixels. A phone gets graphics of its own, so that no text is scaled down.
const (
	wide   = 700.0
	narrow = 358.0
	column = 500.0
	mini   = 330.0
)

// Page is what a reader of a release sees, in one language.
type Page struct {
	Voice     locale.Voice
	Practice  bool   // the practice country
	Finding   string // the title: what was found
	Dek       string // what is measured, of whom, when
	Collected string
	Who       string // whom to credit
	Made      string
	Number    string // the one strong number
	Counts    string // the words that say what it counts
	Beside    []string
	Trust     *Panel // how well the records are founded
	Defs      SVG    // borders that the maps share
	Sections  [][]Panel
	Sure      []string
	NotSaid   []string
	Steps     []Step
	Cell      string // id of the cell that the strong number is
	Words     []Definition
	Method    []string
	Files     []Download
	Further   []Download
	Cite      string
	Licence   string
	Boundary  string // "" where the page has no map
	NoMap     string
}

// Panel is one finding: a title that says it, a grey line that says what is shown, and the graphic.
type Panel struct {
	ID, Title, Kick string
	Wide, Narrow    SVG // a graphic that is drawn twice, for the desk and for the phone
	Keys            []Key
	Bars            []Bar
	Slices          []Slice
	Minis           []Mini
	Top             *Table // beside the graphic
	Table           *Table // below it, folded: the same numbers
	Note            string
}

// Bar is one line of a ranked list.
type Bar struct {
	Label, Value string
	Graphic      SVG
	Strong       bool
}

// Mini is one of several small maps on one scale.
type Mini struct {
	Title, Value string
	Graphic      SVG
}

// Table is rows of texts; the first cell of a row is its head.
type Table struct {
	Title string
	Head  []string
	Rows  [][]string
}

// Step is one stop on the way from the records to the number.
type Step struct {
	Number, Text string
	Strong       bool
}

// Definition says what a measure means.
type Definition struct{ Term, Text string }

// Download is a file of the release as it is offered.
type Download struct {
	Path, Label string
	Rows, Bytes int
}

// practiceCountry is the code of the invented country.
const practiceCountry = "XSF"

// maker holds what the parts of one page share.
type maker struct {
	e       *Edition
	v       locale.Voice
	names   names
	earlier []*Edition // of the same activity, oldest first
	atlas   *atlas
	head    string // measure of the strong number
	page    *Page
}

// Make writes the page of a release in one language. Earlier are the newest editions of earlier rounds of the same
// activity, oldest first; only their country tables are used.
func Make(e *Edition, earlier []*Edition, v locale.Voice) *Page {
	m := &maker{e: e, v: v, names: e.names(v.Tag), earlier: earlier, page: &Page{Voice: v}}
	m.atlas, _ = newAtlas(e.Places)
	m.opening()
	if m.flow() {
		m.flowSections()
	} else {
		m.stockSections()
	}
	m.doubts()
	m.made()
	m.downloads()
	return m.page
}

// flow says whether the release counts movements instead of people.
func (m *maker) flow() bool { return m.head == "movements" }

// headMeasures are the measures that make a headline, the first that was measured wins.
var headMeasures = []string{"idp.ind", "movements"}

func (m *maker) opening() {
	e, p, v := m.e, m.page, m.v
	for _, id := range headMeasures {
		if _, ok := e.total(id); ok && m.head == "" {
			m.head = id
		}
	}
	if m.head == "" {
		m.head = m.anyMeasure()
	}
	p.Practice = e.Operation.Country == practiceCountry
	p.Who = e.Attribution
	p.Made = v.Say("made", "date", v.Date(e.CreatedAt[:min(10, len(e.CreatedAt))]))
	p.Dek = v.Say("dek", "tool", m.tool(), "operation", e.Operation.Title, "round", strconv.Itoa(e.Round.Number), "date", v.Date(e.Round.ReferenceDate))
	if e.Round.Start != "" && e.Round.End != "" {
		p.Collected = v.Say("collected", "from", v.Date(e.Round.Start), "to", v.Date(e.Round.End))
	}
	total, ok := e.total(m.head)
	p.Cell = total.row["cell"]
	p.Finding = e.Title
	switch {
	case !ok:
		return
	case m.head == "idp.ind":
		m.openStock(total)
	case m.head == "movements":
		m.openFlow(total)
	default:
		p.Number, p.Counts = v.Number(total.value, 1), m.title(m.head)
	}
}

// anyMeasure is the first measure with a number for the country, where none of the known headlines was measured.
func (m *maker) anyMeasure() string {
	for _, row := range m.e.tables["figures_adm0"] {
		if c := cellOf(row); c.known && (row["unit"] == "ind" || row["unit"] == "hh") {
			return c.measure
		}
	}
	return ""
}

func (m *maker) tool() string {
	if title := m.spoken(m.e.Words.Tool, field().Tools[m.e.Pack.Tool]); title != "" {
		return title
	}
	return m.e.Pack.Tool
}

// title of a measure in the reader's language.
func (m *maker) title(measure string) string {
	if t := m.spoken(m.e.Words.Measures[measure].Title, field().Measures[measure]); t != "" {
		return t
	}
	if t := m.e.books[measure]["label"]; t != "" {
		return t
	}
	return measure
}

// places is how many places were assessed, from the measure that counts them or from the records of the headline.
func (e *Edition) places() int {
	if c, ok := e.total("locations.assessed"); ok {
		return int(c.value)
	}
	c, _ := e.total("idp.ind")
	return c.n
}

func (m *maker) openStock(total cell) {
	p, v := m.page, m.v
	p.Number = v.Number(total.value, 0)
	places := v.Count("in.places", m.e.places())
	p.Counts = v.Count("head.idp", int(total.value), "places", places)
	p.Finding = m.whereabouts(total.value)
	p.Beside = append(p.Beside, v.Say("doubt.stock"))
	if c, ok := m.e.total("returnee.ind"); ok {
		p.Beside = append(p.Beside, v.Count("beside.returnee", int(c.value)))
	}
	p.Beside = append(p.Beside, m.coverage()...)
	p.Beside = append(p.Beside, m.carried(total))
	p.Trust = m.trust()
}

// whereabouts says in which few areas more than half of the people are: of the level of the map if three are enough,
// else of the level above, else over how many areas they are spread.
func (m *maker) whereabouts(total float64) string {
	table, list := m.ranked(m.head)
	for _, areas := range [][]rankedArea{list, m.rankedAt(1, m.head)} {
		if said := m.few(areas, total); said != "" {
			return said
		}
	}
	if table == "" {
		return m.e.Title
	}
	in := 0
	for _, r := range list {
		if r.value > 0 {
			in++
		}
	}
	return m.v.Count("find.many", in)
}

// few names the areas that hold more than half, at most three; "" when more are needed.
func (m *maker) few(list []rankedArea, total float64) string {
	sum, top := 0.0, []string{}
	for _, r := range list[:min(len(list), 3)] {
		sum += r.value
		top = append(top, m.names.area(r.code, r.name))
		if sum > total/2 {
			return m.v.Say("find."+[]string{"one", "two", "three"}[len(top)-1], pairs(top)...)
		}
	}
	return ""
}

func pairs(list []string) []string {
	var out []string
	for i, text := range list {
		out = append(out, string(rune('a'+i)), text)
	}
	return out
}

// rankedArea is an area with its number.
type rankedArea struct {
	code, name string
	cell
}

// ranked lists the areas of the level that the map shows, else of the lowest public level, largest number first.
func (m *maker) ranked(measure string) (table string, list []rankedArea) {
	levels := []int{2, 1}
	if m.atlas != nil {
		levels = []int{m.atlas.level}
	}
	for _, level := range levels {
		if list = m.rankedAt(level, measure); len(list) > 0 {
			return "figures_adm" + strconv.Itoa(level), list
		}
	}
	return "", nil
}

func (m *maker) rankedAt(level int, measure string) (list []rankedArea) {
	n := strconv.Itoa(level)
	for _, c := range m.e.cells("figures_adm"+n, measure) {
		if code := c.row["adm"+n+"_code"]; code != "" {
			list = append(list, rankedArea{code, c.row["adm"+n+"_name"], c})
		}
	}
	slices.SortStableFunc(list, func(a, b rankedArea) int { return descending(a.cell, b.cell) })
	return list
}

// descending puts the largest known number first and what is not known last.
func descending(a, b cell) int {
	switch {
	case a.known != b.known && a.known, a.known && a.value > b.value:
		return -1
	case a.known != b.known, a.known && a.value < b.value:
		return 1
	}
	return 0
}

// coverage says what was to be assessed and what was.
func (m *maker) coverage() (said []string) {
	v := m.v
	for _, row := range m.e.tables["coverage"] {
		if row["area_code"] != "" {
			continue
		}
		targeted, _ := strconv.Atoi(row["targeted"])
		assessed, _ := strconv.Atoi(row["assessed"])
		fresh, _ := strconv.Atoi(row["new"])
		unreached, _ := strconv.Atoi(row["inaccessible"])
		if targeted == 0 {
			said = append(said, v.Say("cover.none"))
		} else {
			said = append(said, v.Say("cover.list", "assessed", v.Number(float64(assessed-fresh), 0), "targeted", v.Number(float64(targeted), 0),
				"share", v.Percent(float64(assessed-fresh)/float64(targeted))))
		}
		if unreached > 0 {
			said = append(said, v.Count("cover.unreached", unreached))
		}
	}
	return said
}

// carried says how much of the number is older than the round.
func (m *maker) carried(total cell) string {
	if total.carried == 0 || total.n == 0 {
		return m.v.Say("carried.none")
	}
	return m.v.Say("carried.some", "n", m.v.Number(float64(total.carried), 0), "all", m.v.Number(float64(total.n), 0), "share", m.v.Percent(float64(total.carried)/float64(total.n)))
}

// trust divides the people by the confidence of their record, where it was noted.
func (m *maker) trust() *Panel {
	cells := m.e.cells("by_confidence", "idp.ind")
	sum, parts := 0.0, map[string]float64{}
	for _, c := range cells {
		if c.known {
			parts[c.row["confidence"]] += c.value
			sum += c.value
		}
	}
	if sum == 0 || parts[""] == sum {
		return nil
	}
	p := &Panel{ID: "confidence", Kick: m.v.Say("confidence.kick")}
	for _, grade := range []string{"high", "medium", "low", ""} {
		if parts[grade] == 0 {
			continue
		}
		label := m.v.Say("unknown")
		if grade != "" {
			label = m.v.Say("confidence." + grade)
		}
		p.Slices = append(p.Slices, Slice{Label: label, Value: m.v.Percent(parts[grade] / sum), Share: parts[grade] / sum})
	}
	p.Wide = divided(p.Slices, narrow, p.Kick)
	return p
}

// label is the word for a code of a dimension.
func (m *maker) label(dim, code string) string {
	if code == "" {
		return m.v.Say("unknown")
	}
	if dim == "d1" && m.v.Has("group."+code) {
		return m.v.Say("group." + code)
	}
	if dim == "direction" && m.v.Has("direction."+code) {
		return m.v.Say("direction." + code)
	}
	if text := m.spoken(m.e.Words.Labels[dim][code], field().Codes[code]); text != "" {
		return text
	}
	return strings.ReplaceAll(code, "_", " ")
}

// newestBefore drops what cannot stand beside this release.
func newestBefore(e *Edition, list []*Edition) []*Edition {
	return slices.DeleteFunc(slices.Clone(list), func(x *Edition) bool {
		return x.Activity != e.Activity || x.Operation.Slug != e.Operation.Slug || x.Round.Number >= e.Round.Number
	})
}

// sameCount says whether two releases counted in the same way: by the same tool in the same form.
func sameCount(a, b release.PackRef) bool {
	return a.Tool == b.Tool && a.Version == b.Version && a.Adaptation == b.Adaptation
}
