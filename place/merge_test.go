package place_test

import (
	"reflect"
	"testing"

	"safar/locale"
	"safar/place"
)

func TestMergeAddsAndNeverDeletes(t *testing.T) {
	t.Parallel()
	old := place.Batch{
		Areas: []place.Area{
			{Country: "XSF", Code: "XSF", Names: locale.Text{"en": "Testland"}},
			{Country: "XSF", Code: "1", Level: 1, Parent: "XSF", Names: locale.Text{"en": "Upper"}, Codes: map[string]string{"kato": "10"}},
			{Country: "XSF", Code: "K11", Level: 2, Parent: "1", Names: locale.Text{"en": "Taran"}, Codes: map[string]string{"kato_pcode": "K11"}},
		},
		Sites: []place.Site{{SSID: "s1", Country: "XSF", Area: "K11", Names: locale.Text{"en": "Mill"}, Status: "open"}},
	}
	more := place.Batch{
		Areas: []place.Area{
			{Country: "XSF", Code: "1", Level: 1, Parent: "XSF", Names: locale.Text{"ru": "Верхний"}, Codes: map[string]string{"stat": "S1"}, Geometry: shape(square(1, 1, 1))},
			{Country: "XSF", Code: "101", Level: 2, Parent: "1", Names: locale.Text{"en": "Beimbet"}, Codes: map[string]string{"kato_pcode": "K11"}},
			{Country: "XSF", Code: "301", Level: 3, Parent: "101", Names: locale.Text{"en": "Aster"}},
		},
		Sites: []place.Site{{SSID: "s1", Country: "XSF", Area: "XSF", Names: locale.Text{"en": "Old Mill"}, Status: "closed", ClosedRound: 4}},
	}
	merged, changes := place.Merge(old, more)
	want := []place.Change{
		{Kind: place.KindArea, Country: "XSF", ID: "1", What: "name:ru", Now: "Верхний"},
		{Kind: place.KindArea, Country: "XSF", ID: "1", What: "code:stat", Now: "S1"},
		{Kind: place.KindArea, Country: "XSF", ID: "1", What: "polygon", Now: "5"},
		{Kind: place.KindArea, Country: "XSF", ID: "K11", What: "name:en", Was: "Taran", Now: "Beimbet"},
		{Kind: place.KindArea, Country: "XSF", ID: "K11", What: "alias", Now: "Taran"},
		{Kind: place.KindArea, Country: "XSF", ID: "K11", What: "code:pcode", Now: "101"},
		{Kind: place.KindArea, Country: "XSF", ID: "301", What: "added", Now: "Aster"},
		{Kind: place.KindSite, Country: "XSF", ID: "s1", What: "name:en", Was: "Mill", Now: "Old Mill"},
		{Kind: place.KindSite, Country: "XSF", ID: "s1", What: "alias", Now: "Mill"},
		{Kind: place.KindSite, Country: "XSF", ID: "s1", What: "status", Was: "open", Now: "closed"},
		{Kind: place.KindSite, Country: "XSF", ID: "s1", What: "closed_round", Was: "0", Now: "4"},
	}
	if !reflect.DeepEqual(changes, want) {
		t.Errorf("changes\n%+v, want\n%+v", changes, want)
	}
	r, defects := place.NewRegister(merged.Areas, merged.Sites, merged.Points)
	if len(defects) > 0 {
		t.Errorf("%v", defects)
	}
	if p := r.Path("XSF", "301"); p != (place.Path{"XSF", "1", "K11", "301"}) {
		t.Errorf("a new unit hangs under the code that the known parent keeps: %v", p)
	}
	if found := r.FindByCode("XSF", "101"); len(found) != 1 || found[0].ID != "K11" {
		t.Errorf("the unit is found by its newer code: %+v", found)
	}
	if upper, _ := r.Area("XSF", "1"); upper.Codes["kato"] != "10" || upper.Codes["stat"] != "S1" || upper.Names["en"] != "Upper" {
		t.Errorf("nothing is deleted: %+v", upper)
	}
	if old.Areas[1].Geometry != nil || len(old.Areas[2].Aliases) > 0 || len(old.Areas[1].Codes) != 1 {
		t.Error("the old batch is not touched")
	}
	if _, again := place.Merge(merged, more); len(again) > 0 {
		t.Errorf("a second merge of the same changes nothing: %+v", again)
	}
}
