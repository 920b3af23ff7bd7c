package quality

import (
	"math"
	"slices"
	"strings"
	"time"
)

// shiftKey names one shift: the answers to the questions of by, which are point, date and shift in this order.
func (b *bound) shiftKey(row *RowValue) (string, bool) {
	return row.key(wordsOf(b.Params["by"]), strings.TrimSpace)
}

// work is what one point did in the round.
type work struct {
	first, last time.Time
	weekdays    [7]bool
	shifts      []string
	done        map[string]bool // date/shift
	row         *RowValue
}

// shiftGaps finds shifts that were due and left no trace, one finding for each point.
func (rr *roundRun) shiftGaps(b *bound) {
	by := wordsOf(b.Params["by"]) // point, date, shift
	if len(by) < 3 {
		return
	}
	points := map[string]*work{}
	var names []string
	for _, row := range append(rr.rows(b), rr.ofForms(b.Params["groups"])...) {
		point, shift := row.value(by[0]), row.value(by[2])
		day, err := time.Parse(time.DateOnly, row.value(by[1]))
		if err != nil || point == "" || shift == "" {
			continue
		}
		if points[point] == nil {
			points[point] = &work{first: day, last: day, done: map[string]bool{}, row: row}
			names = append(names, point)
		}
		points[point].note(day, shift)
	}
	slices.Sort(names)
	for _, name := range names {
		if gaps := points[name].gaps(); len(gaps) > 0 {
			rr.add(b, points[name].row, by[1], name, map[string]string{"value": name, "count": itoa(len(gaps)), "list": list(gaps)})
		}
	}
}

func (w *work) note(day time.Time, shift string) {
	if day.Before(w.first) {
		w.first = day
	}
	if day.After(w.last) {
		w.last = day
	}
	w.weekdays[day.Weekday()] = true
	if !slices.Contains(w.shifts, shift) {
		w.shifts = append(w.shifts, shift)
	}
	w.done[day.Format(time.DateOnly)+"/"+shift] = true
}

// gaps lists the shifts that were due and not done; a point's dates span two years at most.
func (w *work) gaps() []string {
	const most = 732
	slices.Sort(w.shifts)
	var gaps []string
	for day, n := w.first, 0; !day.After(w.last) && n < most; day, n = day.AddDate(0, 0, 1), n+1 {
		if !w.weekdays[day.Weekday()] {
			continue
		}
		for _, shift := range w.shifts {
			if key := day.Format(time.DateOnly) + "/" + shift; !w.done[key] {
				gaps = append(gaps, key)
			}
		}
	}
	return gaps
}

// weekdayGaps finds weekdays on which a point never worked; the list names them by number, 1 for Monday.
func (rr *roundRun) weekdayGaps(b *bound) {
	points, rows := groups(rr.rows(b), func(row *RowValue) (string, bool) { return row.key(wordsOf(b.Params["by"]), strings.TrimSpace) })
	for _, point := range points {
		w := &work{done: map[string]bool{}}
		for _, row := range rows[point] {
			day, err := time.Parse(time.DateOnly, row.value(b.Params["date"]))
			if err != nil {
				continue
			}
			if w.row == nil {
				w.first, w.last, w.row = day, day, row
			}
			w.note(day, "")
		}
		var never []string
		for i := 1; i <= 7; i++ {
			if !w.weekdays[i%7] {
				never = append(never, itoa(i))
			}
		}
		if w.row != nil && len(never) > 0 && w.last.Sub(w.first) >= 13*24*time.Hour {
			rr.add(b, w.row, b.Params["date"], point, map[string]string{"value": point, "count": itoa(len(never)), "list": list(never)})
		}
	}
}

// withoutShift finds movements of a shift that was never reported, one finding for each shift.
func (rr *roundRun) withoutShift(b *bound) {
	reported := map[string]bool{}
	for _, row := range rr.ofForms(b.Params["shifts"]) {
		if key, ok := b.shiftKey(row); ok {
			reported[key] = true
		}
	}
	keys, rows := groups(rr.rows(b), b.shiftKey)
	for _, key := range keys {
		if !reported[key] {
			rr.add(b, rows[key][0], "", key, map[string]string{"value": key, "count": itoa(len(rows[key]))})
		}
	}
}

// tallies compares the count that a shift states with the movements recorded in it.
func (rr *roundRun) tallies(b *bound) {
	sums := map[string]float64{}
	for _, row := range rr.ofForms(b.Params["groups"]) {
		key, ok := b.shiftKey(row)
		if v, counted := row.number(b.Params["groups_item"]); ok && counted {
			sums[key] += v
		}
	}
	for _, row := range rr.rows(b) {
		key, ok := b.shiftKey(row)
		stated, counted := row.number(b.Params["item"])
		if !ok || !counted || max(stated, sums[key]) == 0 {
			continue
		}
		share := math.Abs(stated-sums[key]) / max(stated, sums[key])
		if share > numberOr(b.Check, "limit", 0.05) {
			rr.add(b, row, b.Params["item"], key, map[string]string{"value": decimals(stated, 2), "sum": decimals(sums[key], 2), "percent": decimals(100*share, 1)})
		}
	}
}
