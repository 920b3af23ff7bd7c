package report

import (
	"slices"
	"strconv"
	"unicode"
	"unicode/utf8"
)

// openFlow says what was counted at the points. Nothing on such a page speaks of people: one may pass twice.
func (m *maker) openFlow(total cell) {
	p, v := m.page, m.v
	points := len(m.e.cells("by_point", "movements.per_day"))
	days := len(m.e.cells("by_date", "movements"))
	p.Number = v.Number(total.value, 0)
	p.Counts = v.Count("head.movement", int(total.value), "points", v.Count("at.points", points), "days", v.Count("on.days", days))
	if list, _ := m.parts("by_direction", "movements.direction_share", "direction", nil); len(list) > 0 {
		p.Finding = v.Say("find.direction", "direction", m.label("direction", list[0].code), "share", v.Percent(list[0].value))
	}
	p.Beside = append(p.Beside, v.Say("doubt.flow"))
	if pace := m.e.pace(); pace > 0 {
		p.Beside = append(p.Beside, v.Say("per.day", "n", v.Number(pace, 0)))
	}
}

// pace is the movements of an average day of observation, all points together: the sum of the points' averages.
func (e *Edition) pace() float64 {
	sum := 0.0
	for _, c := range e.cells("by_point", "movements.per_day") {
		if c.known {
			sum += c.value
		}
	}
	return sum
}

// flowSections are the parts of a page about movements.
func (m *maker) flowSections() {
	m.row(m.daysPanel())
	m.row(m.pointsPanel(), m.pacePanel())
	m.row(m.directionPanel(),
		m.rankPanel("to", "by_origin_adm0_dest_adm0", "movements", "dest_adm0", "to.title", "to.kick", m.countryName),
		m.rankPanel("why", "by_reason", "movements", "reason", "why.title", "why.kick.flow", nil))
	m.row(m.travellersPanel(), m.rankPanel("transport", "by_d1", "movements", "d1", "transport.title", "transport.kick", nil))
}

func (m *maker) countryName(code string) string {
	if code == "" {
		return m.v.Say("unknown")
	}
	return m.names.country(code)
}

// daysPanel shows each day of the period.
func (m *maker) daysPanel() *Panel {
	v, best := m.v, -1
	var points []Point
	for _, c := range m.e.cells("by_date", "movements") {
		date := c.row["date"]
		if !c.known || len(date) != len("2006-01-02") {
			continue
		}
		day, _ := strconv.Atoi(date[8:])
		points = append(points, Point{Label: strconv.Itoa(day) + " " + v.ShortMonth(date), Name: v.Date(date), Value: c.value})
		if best < 0 || c.value > points[best].Value {
			best = len(points) - 1
		}
	}
	if len(points) < 2 {
		return nil
	}
	points[best].Strong = true
	p := &Panel{ID: "days", Title: v.Say("day.title", "date", points[best].Name, "n", v.Number(points[best].Value, 0)), Kick: v.Say("day.kick")}
	p.Wide, p.Narrow = columns(v, points, 1080, 240, 0, "", p.Title), columns(v, points, narrow, 220, 0, "", p.Title)
	p.Table = m.pointTable(points, m.title("movements"), 0)
	return p
}

// pointsPanel ranks the points by their average day, the only figure by which they can be compared.
func (m *maker) pointsPanel() *Panel {
	cells := slices.DeleteFunc(m.e.cells("by_point", "movements.per_day"), func(c cell) bool { return !c.known })
	if len(cells) == 0 {
		return nil
	}
	slices.SortStableFunc(cells, descending)
	p := &Panel{ID: "points", Title: m.v.Say("point.title", "point", m.names.point(cells[0].row["point"]), "n", m.v.Number(cells[0].value, 0)), Kick: m.v.Say("point.kick")}
	for i, c := range cells[:min(len(cells), 12)] {
		p.Bars = append(p.Bars, Bar{Label: m.names.point(c.row["point"]), Value: m.v.Number(c.value, 0), Graphic: bar(c.value/max(cells[0].value, 1e-9), i == 0), Strong: i == 0})
	}
	return p
}

// pacePanel compares periods by their average day: totals depend on how long was observed.
func (m *maker) pacePanel() *Panel {
	v := m.v
	p := &Panel{ID: "rounds"}
	var points []Point
	var last *Edition
	for _, e := range append(newestBefore(m.e, m.earlier), m.e) {
		pace := e.pace()
		if pace == 0 {
			continue
		}
		points = append(points, Point{Label: roundLabel(v.ShortMonth(e.Round.ReferenceDate), e), Name: v.Say("round", "n", strconv.Itoa(e.Round.Number)) + ", " + v.Date(e.Round.ReferenceDate),
			Value: pace, Strong: e == m.e, Broken: last != nil && !sameCount(last.Pack, e.Pack)})
		if e != m.e {
			last = e
		}
	}
	switch {
	case last == nil:
		p.Title = v.Say("time.first")
		return p
	case sameCount(last.Pack, m.e.Pack):
		p.Title = v.Say("time.pace", "before", v.Number(last.pace(), 0), "round", strconv.Itoa(last.Round.Number), "now", v.Number(m.e.pace(), 0))
	default:
		p.Title = v.Say("time.break")
	}
	count := func(e *Edition) string { return strconv.Itoa(len(e.cells("by_point", "movements.per_day"))) }
	p.Kick = v.Say("time.pace.kick", "pointsbefore", count(last), "pointsnow", count(m.e))
	p.Wide, p.Narrow = series(v, points, column, 250, 0, v.Say("time.mark"), p.Title), series(v, points, narrow, 230, 0, v.Say("time.mark"), p.Title)
	p.Table = m.pointTable(points, m.title("movements.per_day"), 0)
	return p
}

func (m *maker) directionPanel() *Panel {
	list, sum := m.parts("by_direction", "movements.direction_share", "direction", nil)
	if sum == 0 {
		return nil
	}
	name := func(code string) string { return m.label("direction", code) }
	return &Panel{ID: "direction", Title: capital(name(list[0].code)) + ": " + m.v.Percent(list[0].value/sum), Kick: m.v.Say("direction.kick"), Bars: m.bars(list, sum, 6, name)}
}

// travellersPanel divides the movements by sex and by the two ages that observers tell apart.
func (m *maker) travellersPanel() *Panel {
	groups := map[string]counted{}
	sum, n := 0.0, 0
	for _, c := range m.e.cells("by_sex_age_sex_age_lo_age_hi", "movements") {
		group := groupOf(c.row["sex"], c.row["age_lo"])
		if !c.known || group == "" {
			continue
		}
		groups[group] = counted{code: group, value: groups[group].value + c.value}
		sum, n = sum+c.value, max(n, c.n)
	}
	if sum == 0 {
		return nil
	}
	var list []counted
	for _, group := range []string{"men", "women", "boys", "girls"} {
		if groups[group].value > 0 {
			list = append(list, groups[group])
		}
	}
	slices.SortStableFunc(list, func(a, b counted) int { return int(b.value - a.value) })
	return &Panel{ID: "who", Title: capital(m.v.Say("group."+list[0].code)) + ": " + m.v.Percent(list[0].value/sum), Kick: m.v.Count("who.kick.flow", n),
		Bars: m.bars(list, sum, 6, func(code string) string { return m.v.Say("group." + code) })}
}

func groupOf(sex, ageFrom string) string {
	age, err := strconv.Atoi(ageFrom)
	switch {
	case err != nil:
		return ""
	case sex == "male" && age >= 18:
		return "men"
	case sex == "female" && age >= 18:
		return "women"
	case sex == "male":
		return "boys"
	case sex == "female":
		return "girls"
	}
	return ""
}

// capital writes the first letter large, for a label that begins a title.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}
