package workflow

import (
	"cmp"
	"context"
	"slices"
	"time"

	"safar/access"
	"safar/locale"
	"safar/measure"
	"safar/place"
	"safar/quality"
	"safar/record"
	"safar/round"
	"safar/store"
)

// Overview is where a round stands, for the page that a working day begins with.
type Overview struct {
	Round    RoundInfo             `json:"round"`
	Headline []Headline            `json:"headline"`
	Records  map[record.State]int  `json:"records"`
	Counting int                   `json:"counting"`
	Findings map[quality.Level]int `json:"findings"` // open ones of records that count
	Coverage []AreaCoverage        `json:"coverage"` // the whole first (area ""), then by adm1
	Arrivals []RecordRow           `json:"arrivals"` // newest first; empty for who may not read records
	Todo     []Todo                `json:"todo"`
}

// RoundInfo is a round with the number of its records that count.
type RoundInfo struct {
	round.Round
	Counting int `json:"counting"`
}

// Headline is one of the tool's key figures with the round before beside it.
type Headline struct {
	Measure  string         `json:"measure"`
	Title    locale.Text    `json:"title"`
	Unit     string         `json:"unit"`
	Kind     string         `json:"kind"`
	Value    *float64       `json:"value"` // null when nothing is known
	N        int            `json:"n"`
	Missing  int            `json:"missing"`
	Carried  int            `json:"carried"`
	Previous *PreviousValue `json:"previous,omitempty"`
	Common   *CommonUnits   `json:"common,omitempty"`
}

// PreviousValue is the same figure a round before.
type PreviousValue struct {
	Round int      `json:"round"`
	Value *float64 `json:"value"`
}

// CommonUnits compares the two rounds over the units that have a value in both, because a location that is new changes
// the sum without any change in mobility.
type CommonUnits struct {
	Units  int     `json:"units"`
	Before float64 `json:"before"`
	Now    float64 `json:"now"`
}

// AreaCoverage is the coverage of an area with its name.
type AreaCoverage struct {
	round.Coverage
	Name  string      `json:"name"`
	Names locale.Text `json:"names,omitempty"`
}

// Todo is one kind of thing that waits for a person.
type Todo struct {
	Kind  string        `json:"kind"` // findings, conflicting, waiting, unreadable, unknown_form, no_round, not_visited, release
	Count int           `json:"count"`
	Level quality.Level `json:"level"` // how urgent: B stops the round, W asks, F is for review
}

// overviewCache is an overview with what it was made of; what a reader may see is taken out of a copy.
type overviewCache struct {
	stamp string
	page  Overview
}

// newestRows is how many arrivals an overview shows.
const newestRows = 12

// Overview tells where a round stands; number 0 is the newest round. Lang is the language of names.
func (w *Workflow) Overview(ctx context.Context, actor access.Actor, operation, activity string, number int, lang string) (Overview, error) {
	if err := allow(actor, access.ReadFigures, operation); err != nil {
		return Overview{}, err
	}
	t, err := w.toolOf(ctx, operation, activity)
	if err != nil {
		return Overview{}, err
	}
	if number == 0 {
		if number, err = w.newestRound(ctx, operation, activity); err != nil {
			return Overview{}, err
		}
	}
	page, err := w.overviewAt(ctx, t, number, lang)
	if err != nil {
		return page, err
	}
	if !access.May(actor, access.ReadRecords, operation) {
		page.Arrivals, page.Todo = []RecordRow{}, []Todo{}
	}
	return page, nil
}

// overviewAt gives the overview from the cache while nothing was journalled since it was made.
func (w *Workflow) overviewAt(ctx context.Context, t *tool, number int, lang string) (Overview, error) {
	key := t.operation.Slug + "/" + roundText(t.activity.ID, number) + "/" + lang
	w.viewing.Lock() // one is made at a time: many pages that ask at once after a piece of news share it
	defer w.viewing.Unlock()
	stamp, err := w.stampOf(ctx, t.operation.Slug)
	if err != nil {
		return Overview{}, err
	}
	if cached := w.seenAll[key]; cached.stamp == stamp {
		return cached.page, nil
	}
	page, err := w.makeOverview(ctx, t, number, lang)
	if err != nil {
		return page, err
	}
	if len(w.seenAll) > 200 { // some megabytes
		clear(w.seenAll)
	}
	w.seenAll[key] = overviewCache{stamp, page}
	return page, nil
}

// stampOf changes whenever something of an operation or of the places does.
func (w *Workflow) stampOf(ctx context.Context, operation string) (stamp string, err error) {
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		seq, hash, err := tx.JournalHead(operation)
		if err != nil {
			return err
		}
		places, err := tx.PlacesVersion()
		stamp = itoa(seq) + " " + hash + " " + itoa(places)
		return err
	})
	return stamp, err
}

func (w *Workflow) makeOverview(ctx context.Context, t *tool, number int, lang string) (Overview, error) {
	page := Overview{Records: map[record.State]int{}, Findings: map[quality.Level]int{}, Coverage: []AreaCoverage{}, Arrivals: []RecordRow{}, Todo: []Todo{}, Headline: []Headline{}}
	previous := 0
	err := w.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if page.Round.Round, err = roundIn(tx, t.operation.Slug, t.activity.ID, number); err != nil {
			return err
		}
		tally, err := tx.TallyRounds(t.operation.Slug)
		if err != nil {
			return err
		}
		previous = page.count(tally, t.activity.ID, number)
		if err := page.countFindings(tx, t, number); err != nil {
			return err
		}
		if err := w.overviewPlaces(tx, t, number, lang, &page); err != nil {
			return err
		}
		releases, err := tx.Releases(t.operation.Slug)
		page.todo(tally, t.activity.ID, releases)
		return err
	})
	if err != nil {
		return page, err
	}
	page.Headline, err = w.headlines(ctx, t, number, previous)
	return page, err
}

// count fills the numbers of records in and finds the round before that has any.
func (o *Overview) count(tally []store.RoundTally, activity string, number int) (previous int) {
	for _, row := range tally {
		if row.Activity != activity {
			continue
		}
		if row.Round == number {
			o.Records[row.State] += row.Records
			o.Counting += row.Counting
		}
		if row.Round < number && row.Counting > 0 {
			previous = max(previous, row.Round)
		}
	}
	o.Round.Counting = o.Counting
	return previous
}

func (o *Overview) countFindings(tx *store.Tx, t *tool, number int) error {
	open, err := tx.CountFindings(t.operation.Slug, store.FindingFilter{Activity: t.activity.ID, Round: &number, State: store.FindingOpen, Counts: true})
	for level, n := range open {
		o.Findings[level] = int(n)
	}
	return err
}

func (w *Workflow) overviewPlaces(tx *store.Tx, t *tool, number int, lang string, page *Overview) error {
	register, err := w.registerIn(tx, t.operation.Country)
	if err != nil {
		return err
	}
	coverage, err := w.coverageIn(tx, t, number)
	if err != nil {
		return err
	}
	for _, c := range coverage {
		named := AreaCoverage{Coverage: c}
		if a, ok := register.Area(t.operation.Country, place.Code(c.Area)); ok {
			named.Names, named.Name = a.Names, a.Names.In(lang, "en")
		}
		page.Coverage = append(page.Coverage, named)
	}
	newest, err := tx.Records(t.operation.Slug, store.RecordFilter{Activity: t.activity.ID, Round: &number, Newest: true, Limit: newestRows})
	if err != nil {
		return err
	}
	page.Arrivals, err = rowsOf(tx, register, t.operation, newest, lang)
	return err
}

// todo lists what waits for a person: of this round, and what no round or tool holds.
func (o *Overview) todo(tally []store.RoundTally, activity string, releases []store.Release) {
	counts := map[string]int{}
	for _, row := range tally {
		switch {
		case row.State == record.Unreadable || row.State == record.UnknownForm:
			counts[string(row.State)] += row.Records // nobody knows of which tool they are
		case row.Activity != activity || row.Round != 0 && row.Round != o.Round.Number:
		case row.State == record.Conflicting || row.State == record.Waiting:
			counts[string(row.State)] += row.Records
		case row.State == record.Received && row.Round == 0:
			counts["no_round"] += row.Records
		}
	}
	for _, r := range releases {
		if r.State == store.ReleaseBuilt && r.Activity == activity && r.Round == o.Round.Number {
			counts["release"]++
		}
	}
	if len(o.Coverage) > 0 {
		counts["not_visited"] = o.Coverage[0].NotVisited
	}
	for _, level := range []quality.Level{quality.Block, quality.Warn, quality.Flag} {
		o.add("findings", o.Findings[level], level)
	}
	o.add(string(record.Conflicting), counts[string(record.Conflicting)], quality.Block)
	for _, kind := range []string{string(record.Unreadable), string(record.UnknownForm), "no_round", string(record.Waiting), "not_visited"} {
		o.add(kind, counts[kind], quality.Warn)
	}
	o.add("release", counts["release"], quality.Flag)
	slices.SortStableFunc(o.Todo, func(a, b Todo) int { return cmp.Compare(urgency(a.Level), urgency(b.Level)) })
}

func urgency(l quality.Level) int {
	return slices.Index([]quality.Level{quality.Block, quality.Warn, quality.Flag}, l)
}

func (o *Overview) add(kind string, count int, level quality.Level) {
	if count > 0 {
		o.Todo = append(o.Todo, Todo{kind, count, level})
	}
}

// headlines computes the key figures that the outline of the tool's report names.
func (w *Workflow) headlines(ctx context.Context, t *tool, number, previous int) ([]Headline, error) {
	engine, err := w.Refresh(ctx, t.operation.Slug)
	if err != nil {
		return nil, err
	}
	list := []Headline{}
	for _, m := range t.keyFigures() {
		ask := func(number int, by ...string) ([]measure.Observation, error) {
			q := measure.Query{Operation: t.operation.Slug, Activity: t.activity.ID, Round: number, Measure: m, By: by}
			if measure.Plan(t.pack.Measures, q, w.Dictionary.Categories()...) != nil {
				return nil, nil // this figure is not split this way
			}
			return engine.Query(ctx, q)
		}
		line, err := headline(m, number, previous, t.unitDimension(), ask)
		if err != nil {
			return nil, err
		}
		list = append(list, line)
	}
	return list, nil
}

// keyFigures are the measures of the report's figures; a tool without such a section shows its first sums.
func (t *tool) keyFigures() []measure.Measure {
	var list []measure.Measure
	for _, section := range t.pack.Report.Sections {
		for _, part := range section.Parts {
			m, ok := t.pack.Measure(part.Measure)
			if part.Kind == "figure" && ok && len(part.Where) == 0 && !slices.ContainsFunc(list, func(other measure.Measure) bool { return other.ID == m.ID }) {
				list = append(list, m)
			}
		}
	}
	if len(list) > 0 {
		return list
	}
	sums, err := t.choose("")
	if err != nil {
		return nil
	}
	return sums[:min(len(sums), 4)]
}

// unitDimension is the dimension that tells the tool's units apart.
func (t *tool) unitDimension() string {
	for _, id := range t.pack.FormIDs() {
		keys := t.pack.Keys(id)
		switch {
		case keys.Point != "":
			return "point"
		case keys.Site != "":
			return "site"
		}
	}
	return "adm2"
}

func headline(m measure.Measure, number, previous int, unit string, ask func(int, ...string) ([]measure.Observation, error)) (Headline, error) {
	line := Headline{Measure: m.ID, Title: m.Title, Unit: m.Unit, Kind: m.Kind}
	now, err := ask(number)
	if err != nil {
		return line, err
	}
	if len(now) > 0 {
		line.Value, line.N, line.Missing, line.Carried = known(now[0]), now[0].N, now[0].Missing, now[0].Carried
	}
	if previous == 0 {
		return line, nil
	}
	before, err := ask(previous)
	if err != nil {
		return line, err
	}
	line.Previous = &PreviousValue{Round: previous}
	if len(before) > 0 {
		line.Previous.Value = known(before[0])
	}
	if m.Agg == measure.Sum || m.Agg == measure.Count {
		line.Common, err = common(number, previous, unit, ask)
	}
	return line, err
}

func known(o measure.Observation) *float64 {
	if !o.Known() {
		return nil
	}
	return &o.Value
}

// common adds up the units that have a value in both rounds; nil when no unit has.
func common(number, previous int, unit string, ask func(int, ...string) ([]measure.Observation, error)) (*CommonUnits, error) {
	before, err := ask(previous, unit)
	if err != nil {
		return nil, err
	}
	now, err := ask(number, unit)
	if err != nil {
		return nil, err
	}
	values := map[string]float64{}
	for _, o := range before {
		if o.Known() && o.By[0] != "" {
			values[o.By[0]] = o.Value
		}
	}
	panel := CommonUnits{}
	for _, o := range now {
		if was, both := values[o.By[0]]; both && o.Known() {
			panel.Units++
			panel.Before += was
			panel.Now += o.Value
		}
	}
	if panel.Units == 0 {
		return nil, nil
	}
	return &panel, nil
}

// ActivityInfo is a tool at work in an operation, with its rounds.
type ActivityInfo struct {
	ID      string      `json:"id"`
	Tool    string      `json:"tool"`
	Version string      `json:"version"`
	Title   locale.Text `json:"title"`
	Unit    string      `json:"unit"` // what one record speaks of
	Label   locale.Text `json:"unit_label"`
	Purpose locale.Text `json:"purpose"`
	API     string      `json:"api"` // assessment type of the DTM API, "" when it is not served there
	Forms   []string    `json:"forms"`
	Rounds  []RoundInfo `json:"rounds"`
}

// ActivityInfos lists the tools of an operation with their rounds, oldest first, without reading records.
func (w *Workflow) ActivityInfos(ctx context.Context, actor access.Actor, operation string) ([]ActivityInfo, error) {
	if err := allow(actor, access.ReadFigures, operation); err != nil {
		return nil, err
	}
	tools, _, err := w.toolsOf(ctx, operation)
	if err != nil {
		return nil, err
	}
	list := []ActivityInfo{}
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		tally, err := tx.TallyRounds(operation)
		if err != nil {
			return err
		}
		for _, t := range tools {
			rounds, err := tx.Rounds(operation, t.activity.ID)
			if err != nil {
				return err
			}
			list = append(list, activityInfo(t, rounds, tally))
		}
		return nil
	})
	slices.SortFunc(list, func(a, b ActivityInfo) int { return cmp.Compare(a.ID, b.ID) })
	return list, err
}

func activityInfo(t *tool, rounds []round.Round, tally []store.RoundTally) ActivityInfo {
	info := ActivityInfo{
		ID: t.activity.ID, Tool: t.activity.Tool, Version: t.activity.ToolVersion, Title: t.pack.Title, Unit: t.pack.Unit.Name, Label: t.pack.Unit.Label,
		Purpose: t.pack.Purpose, API: t.pack.API.DTM, Forms: t.pack.FormIDs(), Rounds: []RoundInfo{},
	}
	for _, r := range rounds {
		one := RoundInfo{Round: r}
		for _, row := range tally {
			if row.Activity == t.activity.ID && row.Round == r.Number {
				one.Counting += row.Counting
			}
		}
		info.Rounds = append(info.Rounds, one)
	}
	return info
}

// unixText is a time in a form that sorts, for pages.
func unixText(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}
