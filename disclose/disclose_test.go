package disclose_test

import (
	"testing"

	"safar/disclose"
)

func cell(measure, area, parent string, level int, value float64) disclose.Cell {
	unit := "ind"
	if measure == "idp.hh" {
		unit = "hh"
	}
	return disclose.Cell{Measure: measure, Area: area, Parent: parent, Level: level, Unit: unit, Group: "idp", Value: value}
}

func TestASmallCellTakesItsSmallestSiblingWithIt(t *testing.T) {
	t.Parallel()
	hidden := disclose.Protect([]disclose.Cell{
		cell("idp.ind", "A2", "A", 2, 1000),
		cell("idp.ind", "P1", "A2", 3, 3), cell("idp.ind", "P2", "A2", 3, 900),
		cell("idp.ind", "P3", "A2", 3, 97), cell("idp.ind", "P4", "A2", 3, 0),
	}, disclose.Default())["idp.ind"]
	want := map[string]disclose.Reason{"P1": disclose.Small, "P3": disclose.Secondary}
	for area, why := range want {
		if hidden[area] != why {
			t.Errorf("%s: got %q, want %q", area, hidden[area], why)
		}
	}
	if len(hidden) != len(want) {
		t.Errorf("withheld %v, want only %v: a zero tells of nobody, and large levels are published", hidden, want)
	}
}

func TestTwoSmallCellsNeedNoSibling(t *testing.T) {
	t.Parallel()
	hidden := disclose.Protect([]disclose.Cell{
		cell("idp.ind", "A2", "A", 2, 907), cell("idp.ind", "P1", "A2", 3, 3), cell("idp.ind", "P2", "A2", 3, 900), cell("idp.ind", "P3", "A2", 3, 4),
	}, disclose.Default())["idp.ind"]
	if len(hidden) != 2 || hidden["P2"] != "" {
		t.Errorf("withheld %v, want P1 and P3", hidden)
	}
}

func TestHouseholdsFollowIndividuals(t *testing.T) {
	t.Parallel()
	hidden := disclose.Protect([]disclose.Cell{
		cell("idp.ind", "P1", "", 3, 14), cell("idp.hh", "P1", "", 3, 2),
	}, disclose.Default())
	if hidden["idp.ind"]["P1"] != disclose.Linked || hidden["idp.hh"]["P1"] != disclose.Small {
		t.Errorf("withheld %v: two households are small, and their 14 people would give them away", hidden)
	}
}

func TestAnOnlyChildTakesTheTotalWithIt(t *testing.T) {
	t.Parallel()
	hidden := disclose.Protect([]disclose.Cell{
		cell("idp.ind", "A", "", 1, 503), cell("idp.ind", "A1", "A", 2, 3), cell("idp.ind", "A2", "A", 2, 400), cell("idp.ind", "A3", "A", 2, 100),
		cell("idp.ind", "P1", "A1", 3, 3),
	}, disclose.Default())["idp.ind"]
	want := map[string]disclose.Reason{"P1": disclose.Small, "A1": disclose.Sole, "A3": disclose.Secondary}
	for area, why := range want {
		if hidden[area] != why {
			t.Errorf("%s: got %q, want %q", area, hidden[area], why)
		}
	}
	if len(hidden) != len(want) {
		t.Errorf("withheld %v", hidden)
	}
}

func TestChildrenDoNotGiveAWithheldParentAway(t *testing.T) {
	t.Parallel()
	hidden := disclose.Protect([]disclose.Cell{
		cell("idp.ind", "A2", "A", 2, 103), cell("idp.ind", "P1", "A2", 3, 3), cell("idp.ind", "P2", "A2", 3, 100),
		cell("idp.ind", "V1", "P2", 4, 40), cell("idp.ind", "V2", "P2", 4, 60), cell("idp.ind", "W1", "P1", 4, 3),
	}, disclose.Default())["idp.ind"]
	for area, why := range map[string]disclose.Reason{"P1": disclose.Small, "P2": disclose.Secondary, "V1": disclose.Inherited, "W1": disclose.Small} {
		if hidden[area] != why {
			t.Errorf("%s: got %q, want %q", area, hidden[area], why)
		}
	}
	if hidden["V2"] != "" {
		t.Error("one withheld child is enough when the parent's total is withheld too")
	}
}
