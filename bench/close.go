package main

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"safar/access"
	"safar/form"
	"safar/form/xpath"
	"safar/record"
	"safar/round"
	"safar/store"
	"safar/toolbox"
	"safar/workflow"
)

// villagesMost bounds the country; more records than villages are spread over as many rounds as it takes.
const villagesMost = 20_000

// baseline is the tool whose round is closed.
const baseline = "baseline-sub-area"

// closeRound measures the way of a round from received records to figures.
func closeRound(ctx context.Context, b *bench) (t table, err error) {
	t = table{
		Title:   fmt.Sprintf("%d records of the sub-area assessment, one a location, from received to closed", b.records),
		Columns: []string{"s", "records/s", "ms a record", "CPU ms a record"},
	}
	d, err := openDesk(ctx, filepath.Join(b.dir, "data"), "")
	if err != nil {
		return t, err
	}
	defer func() {
		if end := d.close(); err == nil {
			err = end
		}
	}()
	c := &closing{desk: d, t: &t, records: b.records}
	if err := c.prepare(ctx, b); err != nil {
		return t, err
	}
	if err := c.steps(ctx); err != nil {
		return t, err
	}
	t.add(target, "design section 9: 1,000,000 records in 60 s", nil, nil, "<= 0.06")
	t.note("a million records at this pace: %.0f s", c.total.Seconds()/float64(b.records)*1e6)
	return t, nil
}

// closing is one round on its way.
type closing struct {
	*desk
	t        *table
	records  int
	rounds   int
	villages int
	total    time.Duration
}

// prepare makes places, rounds and the records, which come in as phones send them, with their checks held back.
func (c *closing) prepare(ctx context.Context, b *bench) error {
	c.villages = min(c.records, villagesMost)
	c.rounds = (c.records + c.villages - 1) / c.villages
	if err := c.furnish(ctx, baseline); err != nil {
		return err
	}
	if _, err := c.AddPlaces(ctx, local(), "bench", land(c.villages)); err != nil {
		return err
	}
	if _, err := c.PublishTool(ctx, local(), operation, baseline); err != nil {
		return err
	}
	for n := 1; n <= c.rounds; n++ {
		if _, err := c.OpenRound(ctx, local(), benchRound(n)); err != nil {
			return err
		}
		if _, err := c.SetTargets(ctx, local(), operation, baseline, n, ""); err != nil {
			return err
		}
	}
	device, err := c.AddDevice(ctx, local(), store.Device{Operation: operation, Name: "phone"})
	if err != nil {
		return err
	}
	maker, err := newMaker(c.desk)
	if err != nil {
		return err
	}
	watch := startWatch()
	if err := c.receiveAll(ctx, access.Actor{Kind: access.Device, ID: device.ID, Name: "device:" + device.ID, Operation: operation}, maker); err != nil {
		return err
	}
	wall, _ := watch.lap()
	b.note("  %d records received in %.1f s, 64 at once, without HTTP", c.records, wall.Seconds())
	return nil
}

// benchRound is a month, the first January 2020.
func benchRound(n int) round.Round {
	start := time.Date(2020, time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	end := start.AddDate(0, 1, -1)
	return round.Round{
		Operation: operation, Activity: baseline, Number: n, Start: start.Format(time.DateOnly), End: end.Format(time.DateOnly),
		ReferenceDate: end.Format(time.DateOnly), ReferenceStart: start.AddDate(0, -3, 0).Format(time.DateOnly),
	}
}

func (c *closing) receiveAll(ctx context.Context, phone access.Actor, maker *maker) error {
	var next atomic.Int64
	var group sync.WaitGroup
	failed := make(chan error, 64)
	for range cap(failed) {
		group.Go(func() {
			for n := int(next.Add(1)) - 1; n < c.records && ctx.Err() == nil; n = int(next.Add(1)) - 1 {
				receipt, err := c.Receive(ctx, phone, workflow.Submission{Operation: operation, Source: record.FromDevice, XML: maker.write(n%c.villages, 1+n/c.villages)})
				if err == nil && receipt.Outcome != workflow.Accepted {
					err = fmt.Errorf("record %d was %s: %v", n, receipt.Outcome, receipt.Notice)
				}
				if err != nil {
					failed <- err
					return
				}
			}
		})
	}
	group.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return ctx.Err()
	}
}

// steps times what closing takes, one after the other as a person would see them.
func (c *closing) steps(ctx context.Context) error {
	figure := workflow.FigureQuery{Operation: operation, Activity: baseline, Round: c.rounds, Measure: "idp.ind", By: []string{"adm1"}}
	for _, step := range []struct {
		label string
		do    func() error
	}{
		{"check every record: skip logic, rules, place, checks", func() error { return c.Drain(ctx) }},
		{"facts into the warehouse", func() error { _, err := c.Refresh(ctx, operation); return err }},
		{"figures by province", func() error { return c.sums(ctx, figure) }},
		{"check the rounds as a whole and close them", func() error { return c.closeAll(ctx) }},
	} {
		watch := startWatch()
		if err := step.do(); err != nil {
			return fmt.Errorf("%s: %w", step.label, err)
		}
		wall, cpu := watch.lap()
		c.total += wall
		c.t.add(measured, step.label, wall.Seconds(), per(c.records, wall), each(wall, c.records), each(cpu, c.records))
	}
	c.t.add(measured, "together", c.total.Seconds(), per(c.records, c.total), each(c.total, c.records))
	return nil
}

// sums asks for figures and proves that they are those of the records.
func (c *closing) sums(ctx context.Context, q workflow.FigureQuery) error {
	figures, err := c.Figures(ctx, local(), q)
	if err != nil {
		return err
	}
	want, got := 0, 0.0
	for n := range c.records - (c.rounds-1)*c.villages {
		want += people(n)
	}
	for _, r := range figures.Rows {
		if r.Value != nil {
			got += *r.Value
		}
	}
	if got != float64(want) {
		return fmt.Errorf("the figures add up to %v, the records to %d", got, want)
	}
	return nil
}

func (c *closing) closeAll(ctx context.Context) error {
	for n := 1; n <= c.rounds; n++ {
		if _, err := c.CloseRound(ctx, local(), operation, baseline, n); err != nil {
			return err
		}
	}
	return nil
}

// maker writes submissions of the sub-area assessment as a phone would: what the form computes is computed by the form.
type maker struct {
	form    *form.Form
	program *form.Program
}

func newMaker(d *desk) (*maker, error) {
	pack, err := d.tools.Pack(baseline)
	if err != nil {
		return nil, err
	}
	f, _, err := toolbox.Form(pack, pack.MainForm(), d.dict)
	if err != nil {
		return nil, err
	}
	p, err := form.Compile(f)
	return &maker{f, p}, err
}

// write is the assessment of a village in a round.
func (m *maker) write(village, number int) []byte {
	answers := m.program.NewAnswers()
	given := given(village, number)
	record.Walk(answers, func(_ string, n *xpath.Node) {
		if text, ok := given[n.Name]; ok {
			n.SetText(text)
		}
	})
	r := benchRound(number)
	form.Compute(m.program, answers, form.EvalContext{
		Now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
		Lookup: func(instance, column, _, _ string) (string, bool) {
			cells := map[string]string{"number": fmt.Sprint(number), "label": fmt.Sprintf("R%d", number), "start": r.Start, "end": r.End, "reference_start": r.ReferenceStart, "country": country}
			text, ok := cells[column]
			if instance == "locations" && column == "name" {
				return fmt.Sprintf("Village %d", village), true
			}
			return text, ok && instance == "round"
		},
	})
	id := fmt.Sprintf("uuid:10000000-0000-4000-8%03d-%012d", number%1000, village)
	return form.WriteInstance(m.form, answers, form.Identity{FormID: m.form.ID, Version: m.form.Version, InstanceID: id})
}

func given(village, number int) map[string]string {
	area := villageArea(village)
	hh, ind := fmt.Sprint(households(village)), fmt.Sprint(people(village))
	return map[string]string{
		"m1855_meta_assessment_date": benchRound(number).Start[:8] + fmt.Sprintf("%02d", 5+village%20), "sf0002_meta_enumerator_id": fmt.Sprintf("team %d", village%40),
		"m1725_meta_interview_type": "inperson_mobile", "sf0001_meta_consent_ki": "yes",
		"m0303_meta_adm1_pcode": string(area[1]), "m0304_meta_adm2_pcode": string(area[2]), "m0305_meta_adm3_pcode": string(area[3]),
		"sf0011_loc_listed": "yes", "m0445_loc_site_id_ssid": ssid(village), "s1534_loc_loc_access": "yes",
		"sf0030_meta_ki_type": "community_leader", "sf0031_meta_ki_sex": "female",
		"sf0100_loc_num_idp_hh": hh, "m0310_loc_num_idp_ind": ind, "sf0101_loc_num_returnee_hh": hh, "sf0102_loc_num_returnee_ind": ind,
		"m0342_loc_site_type_multiple": "camp", "m1535_loc_arrival_time": "no", "m1690_loc_depart_hh": "no", "m1461_loc_return_obs_unit": "no",
	}
}
