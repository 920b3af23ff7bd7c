package measure_test

import (
	"math"
	"slices"
	"testing"

	"safar/fault"
	"safar/measure"
)

// The published example: 36,277 movements in the 29 days of February 2024 are 1,251 a day, against 1,305 in January.
func TestDailyAverage(t *testing.T) {
	t.Parallel()
	rate, err := measure.PerDay(36_277, 29)
	if err != nil || math.Round(rate.Value) != 1251 {
		t.Fatal(rate, err)
	}
	if c := measure.ChangeOf(1305, math.Round(rate.Value)); math.Abs(c.Relative*100 - -4.1) > 0.1 {
		t.Errorf("change %+v", c)
	}
	if _, err := measure.PerHour(10, 0); fault.CodeOf(err) != fault.MeasureNoDays {
		t.Error(err)
	}
}

func TestNetNeedsEqualHours(t *testing.T) {
	t.Parallel()
	net, err := measure.Net([]measure.Passage{{Point: "a", Incoming: 10, Outgoing: 4, Hours: 8}, {Point: "b", Outgoing: 3, HoursIn: 6, HoursOut: 6}})
	if err != nil || net != 3 {
		t.Error(net, err)
	}
	if _, err := measure.Net([]measure.Passage{{Point: "a", HoursIn: 6, HoursOut: 8}}); fault.CodeOf(err) != fault.MeasureNetPoints {
		t.Error(err)
	}
}

func TestComparePanel(t *testing.T) {
	t.Parallel()
	before := []measure.Passage{{Point: "a", Movements: 300, Days: 30}, {Point: "b", Movements: 600, Days: 30}, {Point: "shut", Days: 0}}
	now := []measure.Passage{{Point: "a", Movements: 310, Days: 31}, {Point: "c", Movements: 62, Days: 31}}
	c := measure.Compare(before, now)
	if c.All.Before != 30 || c.All.Now != 12 || c.Panel.Before != 10 || c.Panel.Now != 10 || c.Panel.Relative != 0 {
		t.Errorf("%+v", c)
	}
	if !slices.Equal(c.Both, []string{"a"}) || !slices.Equal(c.Opened, []string{"c"}) || !slices.Equal(c.Closed, []string{"b"}) {
		t.Errorf("%+v", c)
	}
}
