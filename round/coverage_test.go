package round_test

import (
	"slices"
	"testing"

	"safar/round"
)

func TestCoverCountsEachUnitOnce(t *testing.T) {
	t.Parallel()
	targets := []round.Target{
		{Unit: "a", Areas: []string{"X", "X1"}}, {Unit: "b", Areas: []string{"X", "X1"}},
		{Unit: "c", Areas: []string{"X", "X2"}}, {Unit: "d", Areas: []string{"X", "X2"}, Inaccessible: true},
		{Unit: "e", Areas: []string{"X", ""}}, {Unit: "a", Areas: []string{"X", "X1"}},
	}
	visits := []round.Visit{
		{Unit: "a", Inaccessible: true}, {Unit: "a"}, // reached at the second attempt
		{Unit: "b", Carried: true},
		{Unit: "n", Areas: []string{"X", "X2"}}, // not on the list
		{Unit: "m", Areas: []string{"X", "X2"}, Carried: true},
	}
	want := []round.Coverage{
		{Area: "", Targeted: 5, Assessed: 2, Inaccessible: 1, New: 1, Carried: 1, NotVisited: 2},
		{Area: "X1", Targeted: 2, Assessed: 1, Carried: 1},
		{Area: "X2", Targeted: 2, Assessed: 1, Inaccessible: 1, New: 1, NotVisited: 1},
	}
	got := round.Cover(targets, visits, 1)
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if share, ok := got[0].Completeness(); !ok || share != 0.2 {
		t.Errorf("completeness %v, %v", share, ok)
	}
}
