package dictionary_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"safar/dictionary"
	"safar/fault"
)

func load(t *testing.T) *dictionary.Dictionary {
	t.Helper()
	d, err := dictionary.Default()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A code that was published once stands for ever. New codes are added to testdata/codes.txt; none is taken away.
func TestNoCodeIsEverDeleted(t *testing.T) {
	t.Parallel()
	published, err := os.ReadFile(filepath.Join("testdata", "codes.txt"))
	if err != nil {
		t.Fatal(err)
	}
	have := load(t).Codes()
	once := strings.Split(strings.TrimSpace(string(published)), "\n")
	for _, code := range once {
		if !slices.Contains(have, code) {
			t.Errorf("%s was published and is gone; retire it with replaced_by instead", code)
		}
	}
	for _, code := range have {
		if !slices.Contains(once, code) {
			t.Errorf("%s is new: add the line to testdata/codes.txt", code)
		}
	}
}

func TestItemIsFoundByNameCodeSlugAndAsDerivedColumn(t *testing.T) {
	t.Parallel()
	d := load(t)
	for asked, name := range map[string]string{
		"m0310":                           "m0310_loc_num_idp_ind",
		"m0310_loc_num_idp_ind":           "m0310_loc_num_idp_ind",
		"num_idp_ind":                     "m0310_loc_num_idp_ind",
		"num_idp_hh":                      "sf0100_loc_num_idp_hh",
		"num_returnee_hh":                 "sf0101_loc_num_returnee_hh",
		"num_returnee_ind":                "sf0102_loc_num_returnee_ind",
		"m0329_loc_reason_disp_idp_other": "m0329_loc_reason_disp_idp_other",
		"m1650_loc_gps_coords_latitude":   "m1650_loc_gps_coords_latitude",
	} {
		item, ok := d.Item(asked)
		if !ok || item.Name != name {
			t.Errorf("Item(%q) = %q, %v; want %q", asked, item.Name, ok, name)
		}
	}
	if item, _ := d.Item("m0329_loc_reason_disp_idp_other"); item.Type != "text" || item.DerivedFrom != "m0329_loc_reason_disp_idp" {
		t.Errorf("the free text of other is derived from its question, got %+v", item)
	}
	for _, none := range []string{"", "m9999", "m1855_meta_assessment_date_other", "m1650_loc_gps_coords_colour"} {
		if item, ok := d.Item(none); ok {
			t.Errorf("Item(%q) found %s", none, item.Name)
		}
	}
}

func TestHeadersOfWorkbooksAreRecognised(t *testing.T) {
	t.Parallel()
	d := load(t)
	const country = "South Sudan"
	for header, name := range map[string]string{
		"Estimated # of IDP households  (total)":               "sf0100_loc_num_idp_hh",
		"Estimated # of IDP individuals  (total)":              "m0310_loc_num_idp_ind",
		"Estimated # of  IDP households not previously abroad": "sf0110_loc_idp_hh_not_prev_abroad",
		"Estimated # of IDP individuals not previously abroad": "sf0111_loc_idp_ind_not_prev_abroad",
		"Estimated # of IDP households previously abroad ":     "sf0112_loc_idp_hh_prev_abroad",
		"Estimated # of IDP individuals previously abroad":     "sf0113_loc_idp_ind_prev_abroad",
		"Estimated # of returnee households  (total)":          "sf0101_loc_num_returnee_hh",
		"Estimated  # of returnee individuals  (total)":        "sf0102_loc_num_returnee_ind",
		"Estimated # of returnee households from South Sudan":  "sf0114_loc_returnee_hh_inside",
		"Estimated # of returnee individuals from South Sudan": "sf0115_loc_returnee_ind_inside",
		"Estimated # of returnee households from abroad":       "sf0116_loc_returnee_hh_abroad",
		"Estimated  # of returnee individuals from abroad":     "sf0117_loc_returnee_ind_abroad",
		"Estimated  # of relocated households":                 "sf0118_loc_relocated_hh",
		"Estimated  # of relocated individuals":                "sf0119_loc_relocated_ind",
		"Estimated  # of not yet returned households":          "sf0120_loc_not_yet_returned_hh",
		"Estimated  # of not yet returned individuals":         "sf0121_loc_not_yet_returned_ind",
		"IDP Present (Yes/No)":                                 "sf0103_loc_idp_present",
		"Returnee Present (Yes/No)":                            "sf0104_loc_returnee_present",
		"Source_Round":                                         "sf0018_meta_source_round",
		"location_ssid":                                        "m0445_loc_site_id_ssid",
		"village_idp_settlement_name":                          "m0448_loc_site_name",
		"alternate_name1":                                      "sf0013_loc_alt_name",
		"alternate_name2":                                      "sf0014_loc_alt_name_2",
		"location_type":                                        "m0337_loc_location_type",
		"location_status_name":                                 "sf0017_loc_status",
		"latitude":                                             "sf0015_loc_latitude",
		"longitude":                                            "sf0016_loc_longitude",
		"state_pcode":                                          "m0303_meta_adm1_pcode",
		"county_name":                                          "m3695_meta_adm2_name",
		"payam_pcode":                                          "m0305_meta_adm3_pcode",
		"Remarks ":                                             "sf0020_meta_remarks",
		"Remarks 2":                                            "sf0026_meta_remarks_2",
		"# ВПЛ домохозяйств (всего)":                           "sf0100_loc_num_idp_hh",
		"IDP HHs":               "sf0100_loc_num_idp_hh",
		"Total IDPs":            "m0310_loc_num_idp_ind",
		"Returnees (ind.)":      "sf0102_loc_num_returnee_ind",
		"m0310_loc_num_idp_ind": "m0310_loc_num_idp_ind",
	} {
		found := d.Match(header, country)
		if len(found) == 0 || found[0].Item.Name != name {
			t.Errorf("%q: got %v, want %s", header, found, name)
			continue
		}
		if len(found) > 1 && found[1].Confidence == found[0].Confidence {
			t.Errorf("%q: %s and %s fit equally well", header, found[0].Item.Name, found[1].Item.Name)
		}
	}
	if found := d.Match("Colour of the roof", country); len(found) > 0 {
		t.Errorf("a header about something else matched %s", found[0].Item.Name)
	}
}

// The real header of the South Sudan round, when the shared data is there: every column but none by mistake.
func TestHeaderOfARealRound(t *testing.T) {
	t.Parallel()
	file, err := os.Open(filepath.Join("..", "..", "shared", "data", "mobility", "ssd_r11", "locations.csv"))
	if err != nil {
		t.Skip("shared data is not here")
	}
	defer file.Close()
	header, err := csv.NewReader(file).Read()
	if err != nil {
		t.Fatal(err)
	}
	d, seen := load(t), map[string]string{}
	for _, column := range header {
		found := d.Match(column, "South Sudan")
		if len(found) == 0 || found[0].Confidence < 0.9 {
			t.Errorf("%q: no good match: %v", column, found)
			continue
		}
		if before, twice := seen[found[0].Item.Name]; twice {
			t.Errorf("%q and %q both mean %s", column, before, found[0].Item.Name)
		}
		seen[found[0].Item.Name] = column
	}
}

func TestAnswersOfWorkbooksAreRecognised(t *testing.T) {
	t.Parallel()
	d := load(t)
	for text, want := range map[string]string{
		"location_type:Host Community": "host_community", "location_type:Displacement Site": "displacement_site",
		"loc_status:open": "open", "yes_no:Yes": "yes", "yes_no:Ҳа": "yes", "yes_no:no": "no",
		"update_status:Re-using previous round": "carried", "site_type:Дигар": "other",
	} {
		list, answer, _ := strings.Cut(text, ":")
		l, _ := d.List(list)
		if c, ok := l.Recognise(answer); !ok || c.Name != want {
			t.Errorf("%s = %q, %v; want %q", text, c.Name, ok, want)
		}
	}
	needs, _ := d.List("needs")
	if got := needs.Exclusive(); !slices.Equal(got, []string{"none", "dnk", "pnta"}) {
		t.Errorf("exclusive needs: %v", got)
	}
	reasons, _ := d.List("displacement_reason")
	for _, c := range reasons.Choices {
		if c.API == "" {
			t.Errorf("displacement_reason/%s has no word of the DTM API", c.Name)
		}
	}
}

func TestMissingTokens(t *testing.T) {
	t.Parallel()
	d := load(t)
	for token, reason := range map[string]string{
		"NULL": "not_recorded", "NaT": "not_recorded", "nan": "not_recorded", "": "empty", "  ": "empty",
		"NA": "not_available", "N/A": "not_available", "n/a": "not_available", "Not available": "not_available",
		"#REF!": "formula_error", "#N/A": "formula_error",
	} {
		if got, ok := d.Missing(token); !ok || got != reason {
			t.Errorf("Missing(%q) = %q, %v; want %q", token, got, ok, reason)
		}
	}
	if r, _ := d.Reason("formula_error"); !r.Error {
		t.Error("a formula error is an error, not only a gap")
	}
	for _, value := range []string{"0", "none", "no", "12"} {
		if reason, ok := d.Missing(value); ok {
			t.Errorf("%q is a value, not missing (%s)", value, reason)
		}
	}
}

func TestIndicatorTypesAndClasses(t *testing.T) {
	t.Parallel()
	d := load(t)
	if n := len(d.Indicators()); n != 5 {
		t.Errorf("%d indicator types, want the five of the DTM dictionary", n)
	}
	for _, i := range d.Indicators() {
		adjustable := i.Code == "optional" || i.Code == "recommended"
		if i.Wording != adjustable || i.Answers != adjustable {
			t.Errorf("%s: only optional and recommended items may be adjusted", i.Code)
		}
	}
	for rank, class := range d.Classes() {
		if class.Class.Rank() != rank {
			t.Errorf("class %s stands at %d", class.Class, rank)
		}
	}
	if got := dictionary.Highest(dictionary.Low, dictionary.Severe, dictionary.Moderate); got != dictionary.Severe {
		t.Errorf("the class of a whole is its highest, got %s", got)
	}
}

func TestCategoriesThatAreNeverAdded(t *testing.T) {
	t.Parallel()
	d := load(t)
	for _, c := range d.Categories() {
		if c.API != (c.Code == "idp") {
			t.Errorf("%s: only IDPs are published by the DTM API today", c.Code)
		}
	}
	for _, code := range []string{"relocated", "not_yet_returned", "movement", "arrival", "fled_idp"} {
		if c, ok := d.Category(code); !ok || c.Additive {
			t.Errorf("%s must never join a total", code)
		}
	}
}

func TestPartsOfATotalShareItsUnitAndCategory(t *testing.T) {
	t.Parallel()
	d := load(t)
	for _, part := range d.Items() {
		if part.Total == "" {
			continue
		}
		total, _ := d.Item(part.Total)
		if part.Unit != total.Unit || part.Breakdown == "" {
			t.Errorf("%s is a part of %s: same unit and a breakdown are needed", part.Name, total.Name)
		}
	}
}

func TestLanguagesAwaitReview(t *testing.T) {
	t.Parallel()
	if got := load(t).AwaitingReview(); !slices.Equal(got, []string{"kk", "ru", "tg"}) {
		t.Errorf("awaiting review: %v", got)
	}
}

func TestBadFilesAreRefusedWithTheirPlace(t *testing.T) {
	t.Parallel()
	text := `{en: a, ru: b, tg: c, kk: d}`
	for name, c := range map[string]struct {
		data string
		want fault.Code
	}{
		"not yaml":          {"items: [", fault.DictionaryUnreadable},
		"unknown key":       {"colours: [red]", fault.DictionaryUnreadable},
		"odd review":        {"review: {ru: perhaps}", fault.DictionaryUnreadable},
		"bad name":          {"items: [{name: Population}]", fault.DictionaryName},
		"unknown class":     {"items: [{name: sf0001_loc_a, label: " + text + "}]", fault.DictionaryReference},
		"label missing":     {"units: [{code: ind, label: {en: people}}]", fault.DictionaryLabel},
		"choice twice":      {"lists: [{name: a, choices: [{name: x, label: " + text + "}, {name: x, label: " + text + "}]}]", fault.DictionaryTwice},
		"list unknown":      {"items: [{name: sf0001_loc_a, type: select_one, list: none, sensitivity: low, label: " + text + "}]", fault.DictionaryReference},
		"identity not kept": {"items: [{name: sf0001_loc_a, type: text, identity: true, sensitivity: low, label: " + text + "}]", fault.DictionaryIdentity},
	} {
		_, err := dictionary.Load(fstest.MapFS{"a.yaml": {Data: []byte(c.data)}})
		if fault.CodeOf(err) != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
	if _, err := dictionary.Load(fstest.MapFS{}); fault.CodeOf(err) != fault.DictionaryEmpty {
		t.Errorf("an empty folder: %v", err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("units: [{code: ind, label: {en: people}}]")
	f.Add("items: [{name: sf0001_loc_a}]")
	f.Add("words: {idp: [idps]}\nignored: [of]")
	f.Fuzz(func(t *testing.T, data string) {
		d, err := dictionary.Load(fstest.MapFS{"a.yaml": {Data: []byte(data)}})
		if err == nil {
			d.Match(data, "")
			d.Item(data)
		}
	})
}
