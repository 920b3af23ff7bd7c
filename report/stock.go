package report

import (
	"cmp"
	"slices"
	"strconv"
)

// stockSections are the parts of a page about people who are somewhere at a date.
func (m *maker) stockSections() {
	m.mapSection()
	m.rateSection()
	m.row(m.roundsPanel(), m.monthsPanel())
	m.row(m.whoPanel(), m.rankPanel("why", "by_reason", "arrivals.ind", "reason", "why.title", "why.kick", nil), m.originPanel())
	m.row(m.needsPanel("needs.arrivals"), m.needsPanel("needs.returnees"))
}

// row adds the panels that have something to show, at most three beside each other.
func (m *maker) row(panels ...*Panel) {
	var list []Panel
	for _, p := range panels {
		if p != nil {
			list = append(list, *p)
		}
	}
	if len(list) > 0 {
		m.page.Sections = append(m.page.Sections, list)
	}
}

// mapSection shows where, as circles on the borders with a table beside them; without borders the table stands alone.
func (m *maker) mapSection() {
	v := m.v
	table, list := m.ranked(m.head)
	if table == "" || !list[0].known {
		return
	}
	total, _ := m.e.total(m.head)
	p := Panel{ID: "map", Title: v.Say("map.title", "area", m.names.area(list[0].code, list[0].name), "n", v.Number(list[0].value, 0)),
		Kick: v.Say("map.kick", "measure", m.title(m.head), "date", v.Date(m.e.Round.ReferenceDate)), Top: m.topTable(list, total.value, 8)}
	if m.atlas == nil {
		m.page.NoMap = v.Say("map.none")
		p.Kick, p.Note, p.Top = m.title(m.head)+", "+v.Date(m.e.Round.ReferenceDate), m.page.NoMap, m.topTable(list, total.value, 12)
		p.ID, p.Bars = "table", m.regions(table, total.value)
		if first := m.rankedAt(1, m.head); len(p.Bars) > 0 {
			p.Title = v.Say("map.title", "area", m.names.area(first[0].code, first[0].name), "n", v.Number(first[0].value, 0))
		}
		m.page.Sections = append(m.page.Sections, []Panel{p})
		return
	}
	shades := m.shades(list)
	alt := v.Say("map.alt", "n", strconv.Itoa(len(m.atlas.areas)))
	name := func(code string) string { return m.names.area(code, "") }
	m.page.Defs, m.page.Boundary = m.atlas.defs(), v.Say("boundaries")
	p.Wide, p.Narrow = m.atlas.circles(v, m.atlas.within(wide, 520), shades, name, alt), m.atlas.circles(v, m.atlas.within(narrow, 420), shades, name, alt)
	p.Keys = m.stateKeys(shades, true)
	p.Note = v.Say("source", "source", m.e.Attribution, "date", v.Date(m.e.Round.ReferenceDate))
	m.page.Sections = append(m.page.Sections, []Panel{p})
}

// regions ranks the areas of the first level, where the table beside them shows the second.
func (m *maker) regions(table string, total float64) (bars []Bar) {
	list := m.rankedAt(1, m.head)
	if table == "figures_adm1" || len(list) < 2 || total <= 0 {
		return nil
	}
	for i, r := range list[:min(len(list), 16)] {
		if r.known {
			bars = append(bars, Bar{Label: m.names.area(r.code, r.name), Value: m.v.Number(r.value, 0), Graphic: bar(r.value/max(list[0].value, 1), i == 0), Strong: i == 0})
		}
	}
	return bars
}

// shades says for each area what the map shows of it. An area with an assessed place and no number is assessed.
func (m *maker) shades(list []rankedArea) map[string]shade {
	shades := map[string]shade{}
	_, visited := m.ranked("locations.assessed")
	for _, r := range visited {
		if r.known && r.value > 0 {
			shades[r.code] = shade{state: assessed}
		}
	}
	for _, r := range list {
		switch {
		case r.withheld:
			shades[r.code] = shade{state: withheld}
		case r.known:
			shades[r.code] = shade{state: assessed, value: r.value}
		}
	}
	return shades
}

// stateKeys are the legend of the states that occur on the map.
func (m *maker) stateKeys(shades map[string]shade, withAssessed bool) (keys []Key) {
	seen := map[state]bool{}
	for _, p := range m.atlas.areas {
		seen[shades[p.code].state] = true
	}
	for _, s := range []state{assessed, unassessed, withheld} {
		if seen[s] && (s != assessed || withAssessed) {
			keys = append(keys, Key{stateClass(s), m.v.Say("key." + stateClass(s))})
		}
	}
	return keys
}

func (m *maker) topTable(list []rankedArea, total float64, most int) *Table {
	v := m.v
	t := &Table{Title: v.Say("top.title"), Head: []string{v.Say("col.area"), v.Say("col.number"), v.Say("col.share"), v.Say("col.records")}}
	for _, r := range list[:min(len(list), most)] {
		if r.known && r.value > 0 {
			t.Rows = append(t.Rows, []string{m.names.area(r.code, r.name), v.Number(r.value, 0), v.Percent(r.value / max(total, 1)), v.Number(float64(r.n), 0)})
		}
	}
	return t
}

// rateSection shows people per assessed place as two small maps on one scale: rates may be shaded, counts may not.
func (m *maker) rateSection() {
	if m.atlas == nil {
		return
	}
	idp, returnee := m.rates("idp.ind"), m.rates("returnee.ind")
	if len(idp) < 3 {
		return
	}
	var values []float64
	for _, shades := range []map[string]shade{idp, returnee} {
		for _, s := range shades {
			if s.state == assessed {
				values = append(values, s.value)
			}
		}
	}
	bounds := breaks(values, 5)
	p := Panel{ID: "rates", Title: m.v.Say("rate.title"), Kick: m.v.Say("rate.kick")}
	for i := range len(bounds) + 1 {
		p.Keys = append(p.Keys, Key{"s" + strconv.Itoa(i+1), m.between(bounds, i)})
	}
	p.Keys = append(p.Keys, m.stateKeys(idp, false)...)
	for _, one := range []struct {
		measure, key string
		shades       map[string]shade
	}{{"idp.ind", "rate.idp", idp}, {"returnee.ind", "rate.returnee", returnee}} {
		total, ok := m.e.total(one.measure)
		if !ok || len(one.shades) == 0 {
			continue
		}
		p.Minis = append(p.Minis, Mini{Title: m.v.Say(one.key), Value: m.v.Number(total.value/float64(max(m.e.places(), 1)), 0),
			Graphic: m.atlas.choropleth(m.atlas.within(mini, 290), one.shades, bounds, m.v.Say(one.key)+". "+p.Kick)})
	}
	m.page.Sections = append(m.page.Sections, []Panel{p})
}

// between writes the class i of a legend: below, from-to, or above. It runs from left to right in every language.
func (m *maker) between(bounds []float64, i int) string {
	n := func(v float64) string { return m.v.Number(v, 1) }
	switch {
	case len(bounds) == 0:
		return m.v.Say("key.assessed")
	case i == 0:
		return "\u2066< " + n(bounds[0]) + "\u2069"
	case i == len(bounds):
		return "\u2066≥ " + n(bounds[i-1]) + "\u2069"
	}
	return "\u2066" + n(bounds[i-1]) + "–" + n(bounds[i]) + "\u2069"
}

func (m *maker) rates(measure string) map[string]shade {
	_, people := m.ranked(measure)
	_, visited := m.ranked("locations.assessed")
	places := map[string]float64{}
	for _, r := range visited {
		places[r.code] = r.value
	}
	shades := map[string]shade{}
	for _, r := range people {
		switch {
		case r.withheld:
			shades[r.code] = shade{state: withheld}
		case r.known && places[r.code] > 0:
			shades[r.code] = shade{state: assessed, value: r.value / places[r.code]}
		}
	}
	return shades
}

// roundsPanel compares the round with those published before it, and marks where the way of counting changed.
func (m *maker) roundsPanel() *Panel {
	v := m.v
	now, _ := m.e.total(m.head)
	before := newestBefore(m.e, m.earlier)
	p := &Panel{ID: "rounds", Kick: m.title(m.head)}
	var points []Point
	var last *Edition
	for _, e := range append(before, m.e) {
		c, ok := e.total(m.head)
		if !ok {
			continue
		}
		points = append(points, Point{Label: roundLabel(v.ShortMonth(e.Round.ReferenceDate), e), Name: v.Say("round", "n", strconv.Itoa(e.Round.Number)) + ", " + v.Date(e.Round.ReferenceDate),
			Value: c.value, Strong: e == m.e, Broken: last != nil && !sameCount(last.Pack, e.Pack)})
		if e != m.e {
			last = e
		}
	}
	if last == nil {
		p.Title, p.Kick = v.Say("time.first"), ""
		return p
	}
	then, _ := last.total(m.head)
	m.sayChange(p, last, then.value, now.value)
	p.Wide = series(v, points, column, 250, 0, v.Say("time.mark"), p.Title)
	p.Narrow = series(v, points, narrow, 230, 0, v.Say("time.mark"), p.Title)
	p.Table = m.pointTable(points, m.title(m.head), 0)
	return p
}

func roundLabel(month string, e *Edition) string {
	return month + " " + e.Round.ReferenceDate[:min(4, len(e.Round.ReferenceDate))]
}

func (m *maker) sayChange(p *Panel, last *Edition, then, now float64) {
	v, number := m.v, strconv.Itoa(last.Round.Number)
	if !sameCount(last.Pack, m.e.Pack) {
		p.Title, p.Kick = v.Say("time.break"), v.Say("time.kick.break", "measure", m.title(m.head))
		return
	}
	change := v.Number(max(now-then, then-now), 0)
	if then > 0 {
		change += " (" + v.SignedPercent((now-then)/then) + ")"
	}
	switch {
	case now > then:
		p.Title = v.Say("time.up", "change", change, "round", number)
	case now < then:
		p.Title = v.Say("time.down", "change", change, "round", number)
	default:
		p.Title = v.Say("time.same", "round", number)
	}
	p.Kick = v.Say("time.kick", "measure", m.title(m.head), "before", v.Number(float64(last.places()), 0), "now", v.Number(float64(m.e.places()), 0))
}

// pointTable is a chart over time as a table.
func (m *maker) pointTable(points []Point, head string, decimals int) *Table {
	t := &Table{Title: m.v.Say("numbers.table"), Head: []string{"", head}}
	for _, p := range points {
		t.Rows = append(t.Rows, []string{p.Name, m.v.Number(p.Value, decimals)})
	}
	return t
}

// monthsPanel shows arrivals by month. A month that the round cuts is in part.
func (m *maker) monthsPanel() *Panel {
	v, sum, best := m.v, 0.0, -1
	var points []Point
	var keys []string
	for _, c := range m.e.cells("by_month", "arrivals.ind") {
		month := c.row["month"]
		if !c.known || month == "" {
			continue
		}
		if sum += c.value; best < 0 || c.value > points[best].Value {
			best = len(points)
		}
		keys = append(keys, month)
		points = append(points, Point{Label: v.ShortMonth(month), Name: v.Month(month), Value: c.value, Part: cut(month, m.e.Round.End)})
	}
	if len(points) < 2 {
		return nil
	}
	points[best].Strong = !points[best].Part
	p := &Panel{ID: "months", Title: v.Say("month.title", "month", v.Month(keys[best]), "share", v.Percent(points[best].Value/max(sum, 1))), Kick: v.Say("month.kick")}
	shown := points[max(0, len(points)-14):]
	p.Wide = columns(v, shown, column, 250, 0, v.Say("part"), p.Title)
	p.Narrow = columns(v, shown, narrow, 230, 0, v.Say("part"), p.Title)
	p.Table = m.pointTable(points, m.title("arrivals.ind"), 0)
	return p
}

// cut says whether a month is the one in which the round ended, unless it ended with its last days.
func cut(month, end string) bool {
	return len(end) == len("2006-01-02") && end[:7] == month && end[8:] < "28"
}

// counted is a part of a total with its code.
type counted struct {
	code  string
	value float64
	n     int
}

// parts sums a measure by one column of a table, largest first. What keep refuses is left out.
func (m *maker) parts(table, measure, column string, keep func(cell) bool) (list []counted, sum float64) {
	at := map[string]int{}
	for _, c := range m.e.cells(table, measure) {
		if !c.known || keep != nil && !keep(c) {
			continue
		}
		code := c.row[column]
		i, seen := at[code]
		if !seen {
			i = len(list)
			at[code] = i
			list = append(list, counted{code: code})
		}
		list[i].value += c.value
		list[i].n = max(list[i].n, c.n)
		sum += c.value
	}
	slices.SortStableFunc(list, func(a, b counted) int {
		return cmp.Or(cmp.Compare(b.value, a.value), cmp.Compare(a.code, b.code))
	})
	return list, sum
}

// bars turns parts into a ranked list of shares; what comes after the most is one bar of its own.
func (m *maker) bars(list []counted, sum float64, most int, name func(string) string) []Bar {
	var bars []Bar
	rest, top := 0.0, 0.0
	for _, c := range list {
		top = max(top, c.value)
	}
	for i, c := range list {
		if i >= most {
			rest += c.value
			continue
		}
		bars = append(bars, Bar{Label: name(c.code), Value: m.v.Percent(c.value / sum), Graphic: bar(c.value/top, i == 0), Strong: i == 0})
	}
	if rest > 0 {
		bars = append(bars, Bar{Label: m.v.Say("other"), Value: m.v.Percent(rest / sum), Graphic: bar(rest/max(top, rest), false)})
	}
	return bars
}

// rankPanel shows the parts of a total by one dimension, the largest in the title.
func (m *maker) rankPanel(id, table, measure, dim, title, kick string, name func(string) string) *Panel {
	list, sum := m.parts(table, measure, dim, nil)
	first := slices.IndexFunc(list, func(c counted) bool { return c.code != "" })
	if sum == 0 || first < 0 {
		return nil
	}
	if name == nil {
		name = func(code string) string { return m.label(dim, code) }
	}
	label := name(list[first].code)
	share := m.v.Percent(list[first].value / sum)
	return &Panel{ID: id, Title: m.v.Say(title, "label", label, "area", label, "direction", label, "share", share), Kick: m.v.Say(kick), Bars: m.bars(list, sum, 6, name)}
}

// whoPanel divides the people by sex and age.
func (m *maker) whoPanel() *Panel {
	list, sum := m.parts("by_sex_age_d1", m.head, "d1", nil)
	if sum == 0 || !m.v.Has("who."+list[0].code) {
		return nil
	}
	return &Panel{ID: "who", Title: m.v.Say("who."+list[0].code, "share", m.v.Percent(list[0].value/sum)), Kick: m.v.Count("who.kick", list[0].n),
		Bars: m.bars(list, sum, 6, func(code string) string { return m.label("d1", code) })}
}

// originPanel shows the regions that people came from.
func (m *maker) originPanel() *Panel {
	table := ""
	for id := range m.e.tables {
		if len(id) > 15 && id[:15] == "by_origin_adm1_" {
			table = max(table, id)
		}
	}
	return m.rankPanel("from", table, "arrivals.ind", "origin_adm1", "from.title", "from.kick", func(code string) string {
		if code == "" {
			return m.v.Say("unknown")
		}
		return m.names.area(code, m.areaName(code))
	})
}

// areaName finds an area's name in the tables, for releases that carry no places.
func (m *maker) areaName(code string) string {
	for _, row := range m.e.tables["figures_adm1"] {
		if row["adm1_code"] == code {
			return row["adm1_name"]
		}
	}
	return ""
}

// needsPanel shows shares of places; they add up to more than the whole, so each stands for itself.
func (m *maker) needsPanel(measure string) *Panel {
	list, _ := m.parts("by_d1", measure, "d1", nil)
	if len(list) == 0 {
		return nil
	}
	p := &Panel{ID: measure, Title: m.v.Say(measure, "label", m.label("d1", list[0].code)), Kick: m.v.Count("needs.kick", asked(list[0]))}
	for i, c := range list[:min(len(list), 6)] {
		p.Bars = append(p.Bars, Bar{Label: m.label("d1", c.code), Value: m.v.Percent(c.value), Graphic: bar(c.value/max(list[0].value, 1e-9), i == 0), Strong: i == 0})
	}
	return p
}

// asked is the number of places behind a share: those that named it divided by the share.
func asked(c counted) int {
	if c.value <= 0 {
		return 0
	}
	return int(float64(c.n)/c.value + 0.5)
}
