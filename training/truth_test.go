package training_test

import (
	"fmt"
	"testing"

	"safar/quality"
	"safar/training"
)

func TestCarefulSubmissionsKeepEveryRule(t *testing.T) {
	t.Parallel()
	p := smallPractice()
	shown := 0
	for _, e := range p.sent {
		if e.Careless != "" {
			continue
		}
		for _, problem := range p.evaluate(e, p.lists[e.Round]) {
			t.Errorf("%s: %+v", e.Instance, problem)
			if shown++; shown > 10 {
				t.FailNow()
			}
		}
	}
}

func TestMendedSubmissionsKeepEveryRule(t *testing.T) {
	t.Parallel()
	p := smallPractice()
	for _, e := range p.mended {
		if e.Careless == "" || e.excluded {
			continue
		}
		for _, problem := range p.evaluate(e, p.lists[e.Round]) {
			t.Errorf("%s %s: %+v", e.Careless, e.Instance, problem)
		}
	}
}

// TestChecksFindWhatWasPlanted runs the checks of the packs: they find every planted defect, and nothing that must be
// answered in careful records.
func TestChecksFindWhatWasPlanted(t *testing.T) {
	t.Parallel()
	p := smallPractice()
	others := map[string][]string{}
	key := func(e *entry) string { return fmt.Sprint(e.Form, e.round.Number, e.derived.Unit) }
	for _, e := range p.sent {
		if e.derived.Unit != "" && !e.excluded {
			others[key(e)] = append(others[key(e)], e.id)
		}
	}
	byInstance := map[string][]quality.Finding{}
	rows := map[string][]quality.RowValue{}
	for _, e := range p.sent {
		if e.excluded {
			continue
		}
		var same []string
		for _, id := range others[key(e)] {
			if id != e.id {
				same = append(same, id)
			}
		}
		subject := p.subject(e, same, p.evaluate(e, p.lists[e.Round]))
		found := p.checks[e.Activity].Check(subject)
		byInstance[e.Instance] = append(byInstance[e.Instance], found...)
		for _, f := range found {
			refused := f.Check == "place.not_located" // a refused interview tells no place
			if e.Careless == "" && len(same) == 0 && f.Level != quality.Flag && !refused {
				t.Errorf("careful record %s: %s %s: %s", e.Instance, f.Level, f.Check, f.Message["en"])
			}
		}
		if e.round.Number > 0 {
			id := fmt.Sprint(e.Activity, " ", e.round.Number)
			rows[id] = append(rows[id], p.checks[e.Activity].Row(subject))
		}
	}
	where := func(e *entry) string {
		return fmt.Sprint(e.Activity, e.Round, e.derived.Place.Point+e.derived.Place.Site)
	}
	byID, planted := map[string]*entry{}, map[string]bool{}
	for _, e := range p.sent {
		byID[e.id] = e
		if e.Careless != "" {
			planted[where(e)] = true
		}
	}
	for _, r := range p.Rounds {
		for _, f := range p.checks[r.Activity].CheckRound(quality.RoundSubject{Round: r, Rows: rows[fmt.Sprint(r.Activity, " ", r.Number)]}) {
			e := byID[f.Record]
			byInstance[e.Instance] = append(byInstance[e.Instance], f)
			if f.Level != quality.Flag && !planted[where(e)] {
				t.Errorf("careful record %s: %s %s: %s", e.Instance, f.Level, f.Check, f.Message["en"])
			}
		}
	}
	for _, d := range p.Truth.Defects {
		found := d.Check == ""
		for _, f := range byInstance[d.Instance] {
			found = found || d.FoundBy(f)
		}
		if !found {
			t.Errorf("nobody finds %+v: %v", d, ids(byInstance[d.Instance]))
		}
	}
}

func ids(findings []quality.Finding) (out []string) {
	for _, f := range findings {
		out = append(out, f.Check)
	}
	return out
}

func TestMendedFactsAreTheTruth(t *testing.T) {
	t.Parallel()
	p := smallPractice()
	checkStocks(t, p.add(t, p.mended), p.Truth.Stocks)
	sums := p.add(t, p.mended)
	for _, m := range p.Truth.Movements {
		where := fmt.Sprint(" ", m.Round, " ", m.Point, " ", m.Date)
		for fact, want := range map[string]float64{
			"movements": float64(m.Movements), "groups": float64(m.Groups), "tally": float64(m.Movements), "hours": m.Hours,
			"shifts": one(!m.Closed), "shifts_closed": one(m.Closed), "shifts_zero_flow": one(m.ZeroFlow), "observation_days": one(!m.Closed),
		} {
			if sums[fact+where] != want {
				t.Errorf("%s%s: %v, truth %v", fact, where, sums[fact+where], want)
			}
		}
	}
}

func TestFactsAsSentAreForetold(t *testing.T) {
	t.Parallel()
	p := smallPractice()
	sums := p.add(t, p.sent)
	checkStocks(t, sums, p.Truth.AsSent)
	for _, m := range p.Truth.Movements {
		if got := sums[fmt.Sprint("movements ", m.Round, " ", m.Point, " ", m.Date)]; got != float64(m.AsSent) {
			t.Errorf("%+v: as sent %v", m, got)
		}
	}
	if p.Truth.Total(1) == p.Truth.TotalAsSent(1) {
		t.Error("the planted defects change no figure")
	}
}

func checkStocks(t *testing.T, sums map[string]float64, stocks []training.Stock) {
	t.Helper()
	for _, s := range stocks {
		where := fmt.Sprint(" ", s.Round, " ", s.Adm1)
		for fact, want := range map[string]int{
			"idp_hh": s.IDP.HH, "idp_ind": s.IDP.Ind, "returnee_hh": s.Returnee.HH, "returnee_ind": s.Returnee.Ind,
			"arrivals_hh": s.Arrivals.HH, "arrivals_ind": s.Arrivals.Ind, "departures_hh": s.Departures.HH, "departures_ind": s.Departures.Ind,
			"returns_hh": s.Returns.HH, "returns_ind": s.Returns.Ind, "location": s.Locations,
		} {
			if sums[fact+where] != float64(want) {
				t.Errorf("%s%s: %v, truth %d", fact, where, sums[fact+where], want)
			}
		}
	}
}

func one(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
