package xpath_test

import (
	"testing"
	"time"

	"safar/form/xpath"
)

// A time of day is read on the clock that the zone has now, not on that of 1970.
func TestTimeOfDayOnTodaysClock(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Asia/Dushanbe")
	if err != nil {
		t.Fatal(err)
	}
	expr, err := xpath.Parse("decimal-time('16:30:00.000+05:00') * 24")
	if err != nil {
		t.Fatal(err)
	}
	for _, ctx := range []*xpath.Context{
		{Root: xpath.NewRoot(), Zone: zone},
		{Root: xpath.NewRoot(), Zone: zone, Now: time.Date(2026, 3, 1, 22, 0, 0, 0, time.UTC)},
	} {
		if v, err := expr.Eval(ctx); err != nil || v.Number() != 16.5 {
			t.Errorf("got %v, %v; want 16.5", v.String(), err)
		}
	}
}
