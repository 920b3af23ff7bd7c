package intake_test

import (
	"strings"
	"testing"

	"safar/fault"
	"safar/record/intake"
)

// baseline is a mapping for small tables: id, area, and whichever items a test adds.
func baseline(columns ...intake.Column) intake.Mapping {
	return intake.Mapping{
		Source: intake.Source{File: "table.csv", Sheet: "table", HeaderRow: 1, FirstRow: 2, SHA256: "ab"},
		Tool:   "baseline-sub-area", Round: intake.Round{Number: 3, Start: "2026-03-01", End: "2026-03-31"},
		Places: intake.Places{
			Country: "XSF", Create: true, Levels: map[string]intake.Naming{"adm2": {Code: "District code"}},
			Site: &intake.Site{SSID: "SSID", Create: true},
		},
		Columns: columns,
	}
}

func TestCellsAreReadOrReported(t *testing.T) {
	t.Parallel()
	const individuals, share = "m0310_loc_num_idp_ind", "sf0015_loc_latitude"
	cases := []struct {
		item, cell, want string
		problem          fault.Code
	}{
		{individuals, "1234", "1234", ""},
		{individuals, " 12 345 ", "12345", ""},
		{individuals, "12\u00a0345", "12345", ""},
		{individuals, "12\u202f345", "12345", ""},
		{individuals, "1,234,567", "1234567", ""},
		{individuals, "1.234", "1234", ""},
		{individuals, "1.234.567", "1234567", ""},
		{individuals, "1'234", "1234", ""},
		{individuals, "12.0", "12", ""},
		{individuals, "007", "7", ""},
		{individuals, "٣٤٥", "345", ""},
		{individuals, "۱۲۳", "123", ""},
		{individuals, "1.2E+03", "1200", ""},
		{individuals, "0", "0", ""},
		{individuals, "-0", "0", ""},
		{individuals, "N/A", "", ""},
		{individuals, "NULL", "", ""},
		{individuals, "нет данных", "", ""},
		{individuals, "does not know", "", ""},
		{individuals, "", "", ""},
		{individuals, "12 34", "", fault.IntakeNotNumber},
		{individuals, "12 3x", "", fault.IntakeNotNumber},
		{individuals, "1О5", "", fault.IntakeNotNumber}, // a Cyrillic letter, not a zero
		{individuals, "~50", "", fault.IntakeNotNumber},
		{individuals, "50-60", "", fault.IntakeNotNumber},
		{individuals, "12.5", "", fault.IntakeNotWhole},
		{individuals, "12,5", "", fault.IntakeNotWhole},
		{individuals, "-5", "", fault.IntakeNegative},
		{individuals, "−5", "", fault.IntakeNegative},
		{individuals, "(5)", "", fault.IntakeNegative},
		{individuals, "45%", "", fault.IntakePercentage},
		{individuals, "#REF!", "", fault.IntakeCellError},
		{individuals, strings.Repeat("9", 60), "", fault.IntakeNotNumber},
		{share, "1.234,5", "1234.5", ""},
		{share, "1,234.5", "1234.5", ""},
		{share, "0,75", "0.75", ""},
		{share, ".5", "0.5", ""},
		{share, "45%", "0.45", ""},
		{"m1855_meta_assessment_date", "2026-03-05", "2026-03-05", ""},
		{"m1855_meta_assessment_date", "5 March 2026", "2026-03-05", ""},
		{"m1855_meta_assessment_date", "05.03.2026", "2026-03-05", ""},
		{"m1855_meta_assessment_date", "5 марта 2026", "2026-03-05", ""},
		{"m1855_meta_assessment_date", "46086", "2026-03-05", ""},
		{"m1855_meta_assessment_date", "20260305", "2026-03-05", ""},
		{"m1855_meta_assessment_date", "25/03/2026", "2026-03-25", ""},
		{"m1855_meta_assessment_date", "05/03/2026", "2026-03-05", ""}, // the other reading lies outside the round
		{"m1855_meta_assessment_date", "03/04/2025", "", fault.IntakeDateUnclear},
		{"m1855_meta_assessment_date", "31/02/2026", "", fault.IntakeNotDate},
		{"m1855_meta_assessment_date", "soon", "", fault.IntakeNotDate},
		{"sf0103_loc_idp_present", "Yes", "yes", ""},
		{"sf0103_loc_idp_present", "да", "yes", ""},
		{"sf0103_loc_idp_present", "TRUE", "yes", ""},
		{"sf0103_loc_idp_present", "maybe", "", fault.IntakeNotChoice},
		{"m0342_loc_site_type_multiple", "Camp; Informal settlement", "camp informal_settlement", ""},
		{"m0342_loc_site_type_multiple", "camp dispersed", "camp dispersed", ""},
		{"m0342_loc_site_type_multiple", "Camp; Castle", "", fault.IntakeNotChoice},
		{"sf0020_meta_remarks", "  two  words ", "two  words", ""},
	}
	for _, c := range cases {
		t.Run(c.item+" "+c.cell, func(t *testing.T) {
			t.Parallel()
			book := csvBook(t, "SSID|District code|Value|Other\nA1|D1|"+c.cell+"|x")
			_, rows, errs := apply(t, baseline(intake.Column{Header: "Value", To: c.item}), book, nil, nil)
			if got := value(rows[2], c.item); got != c.want || rows[2].Rejected {
				t.Errorf("read %q, want %q", got, c.want)
			}
			var code fault.Code
			if len(errs) > 0 {
				code = errs[0].Fault.Code
				if errs[0].Column != "C" || errs[0].Row != 2 || errs[0].Header != "Value" || errs[0].Rejected {
					t.Errorf("the error is at the wrong place: %+v", errs[0])
				}
			}
			if code != c.problem || len(errs) > 1 {
				t.Errorf("reported %v, want %s", errs, c.problem)
			}
		})
	}
}

func TestOneBadCellLeavesTheRestOfTheRow(t *testing.T) {
	t.Parallel()
	book := csvBook(t, `SSID|District code|HH|Ind
		A1|D1|#REF!|50
		A2|D1|10|many`)
	m := baseline(intake.Column{Header: "HH", To: "sf0100_loc_num_idp_hh"}, intake.Column{Header: "Ind", To: "m0310_loc_num_idp_ind"})
	_, rows, errs := apply(t, m, book, nil, nil)
	if value(rows[2], "m0310_loc_num_idp_ind") != "50" || value(rows[3], "sf0100_loc_num_idp_hh") != "10" || len(errs) != 2 {
		t.Fatalf("rows %v, errors %v", rows, errs)
	}
	if got, want := errs[0].Error(), `table.csv, sheet "table", C2, HH: The cell holds the error "#REF!"; the value is taken as missing. Mend the formula in the workbook and import it again.`; got != want {
		t.Errorf("the message is\n%s, want\n%s", got, want)
	}
	missing, _ := below(rows[2].Answers, "sf0100_loc_num_idp_hh").Attr("missing")
	if missing != "formula_error" {
		t.Errorf("the reason of the missing value is %q", missing)
	}
}

func TestRowsWithoutUnitOrPlaceAreLeftOut(t *testing.T) {
	t.Parallel()
	book := csvBook(t, `SSID|District code|Ind|Remark
		A1|D1|5|first
		|D1|6|no id here
		A1|D1|7|the same id again
		A4||8|no area
		Total||26|
		||26|
		Source: invented|||`)
	m := baseline(intake.Column{Header: "Ind", To: "m0310_loc_num_idp_ind"})
	plan, rows, errs := apply(t, m, book, nil, nil)
	want := map[int]fault.Code{3: fault.IntakeUnitMissing, 4: fault.IntakeUnitTwice, 5: fault.IntakePlaceMissing}
	for _, e := range errs {
		if !e.Rejected || want[e.Row] != e.Fault.Code || !rows[e.Row].Rejected {
			t.Errorf("unexpected: %v", e)
		}
		delete(want, e.Row)
	}
	if len(want) > 0 {
		t.Errorf("not reported: %v", want)
	}
	if len(plan.Skipped) != 3 {
		t.Errorf("skipped %v", plan.Skipped)
	}
	if len(rows[3].Original) == 0 {
		t.Error("a row left out keeps its original")
	}
}

func TestListOfPlacesRules(t *testing.T) {
	t.Parallel()
	book := csvBook(t, `SSID|Province|District code|District
		S1|01|0101|Upper District
		S2|2|201|River District
		S3|01|0199|Nowhere
		S4|02|0101|Upper District
		S5|01|0102|Lower District
		S6|01|0102|Quite another name`)
	m := baseline()
	m.Places.Create = false
	m.Places.Levels = map[string]intake.Naming{"adm1": {Code: "Province"}, "adm2": {Code: "District code", Name: "District"}}
	m.Places.Site = &intake.Site{SSID: "SSID", Create: false}
	_, rows, errs := apply(t, m, book, nil, practice(t))
	if p := rows[2].Place; p.Areas.Deepest() != "0101" || p.Areas[1] != "01" || p.Site != "S1" || p.How != "code" {
		t.Errorf("row 2 lies in %+v", p)
	}
	if p := rows[3].Place; p.Areas.Deepest() != "0201" {
		t.Errorf("codes that lost their zeros are mended: row 3 lies in %+v", p)
	}
	found := map[int][]string{}
	for _, e := range errs {
		found[e.Row] = append(found[e.Row], string(e.Fault.Code))
	}
	for row, want := range map[int]string{
		3: "intake.code_mended intake.code_mended", 4: "intake.code_unknown", 5: "intake.code_parent",
		6: "intake.site_unknown", 7: "intake.name_other intake.site_unknown",
	} {
		if got := strings.Join(found[row], " "); got != want {
			t.Errorf("row %d: %s, want %s", row, got, want)
		}
	}
	if !rows[4].Rejected || !rows[5].Rejected || rows[3].Rejected {
		t.Error("an unknown code and a contradiction leave the row out; a mended code does not")
	}
}

func TestCodesThatLostDigitsAreReported(t *testing.T) {
	t.Parallel()
	book := csvBook(t, `SSID|District code
		3.0108E+10|D1
		A2|3.505E+06
		A3|3505000.0`)
	plan, rows, errs := apply(t, baseline(), book, nil, nil)
	if len(errs) != 2 || errs[0].Fault.Code != fault.IntakeCodeDamaged || errs[1].Column != "B" || !rows[2].Rejected || !rows[3].Rejected {
		t.Errorf("errors %v", errs)
	}
	if rows[4].Place.Areas.Deepest() != "3505000" || len(plan.Places.Sites) != 1 {
		t.Errorf("row 4 lies in %v; sites %v", rows[4].Place, plan.Places.Sites)
	}
}

func TestPlacesByNameOnly(t *testing.T) {
	t.Parallel()
	book := csvBook(t, `Village|Province|District
		Mill Village|Northern Valley|Upper District
		New Hamlet|Southern Plain|UPPER district
		Lost|Northern Valley|Desert`)
	m := baseline()
	m.Places.Create = false
	m.Places.Levels = map[string]intake.Naming{"adm1": {Name: "Province"}, "adm2": {Name: "District"}}
	m.Places.Site = &intake.Site{Name: "Village", Create: true}
	plan, rows, errs := apply(t, m, book, nil, practice(t))
	if p := rows[2].Place; p.Site != "S1" || p.Areas.Deepest() != "0101" {
		t.Errorf("row 2: %+v", p)
	}
	if p := rows[3].Place; p.Areas.Deepest() != "0202" || p.Site != "0202-nev_hamlet" || p.How != "name" {
		t.Errorf("row 3: %+v", p)
	}
	if !rows[4].Rejected || errs[len(errs)-1].Row != 4 {
		t.Errorf("row 4 has no place: %v", errs)
	}
	if len(plan.Places.Sites) != 1 || plan.Places.Sites[0].Names["en"] != "New Hamlet" || len(plan.Places.Areas) != 0 {
		t.Errorf("made %+v", plan.Places)
	}
}

func TestAreasAreMadeWhereNoListIs(t *testing.T) {
	t.Parallel()
	book := csvBook(t, `SSID|Province code|Province|District code|District|Village
		A1|P1|North|D1|Upper|Мирзо
		A2|P1|North|D1|Upper Town|Ҷангал
		A3|P2|South|D1|Upper|Third
		A4|P2|South|||Fourth`)
	m := baseline()
	m.Places.Levels = map[string]intake.Naming{"adm1": {Code: "Province code", Name: "Province"}, "adm2": {Code: "District code", Name: "District"}}
	m.Places.Site = &intake.Site{SSID: "SSID", Name: "Village", Create: true}
	plan, rows, errs := apply(t, m, book, nil, nil)
	if len(errs) != 1 || errs[0].Fault.Code != fault.IntakeCodeParents || errs[0].Row != 4 || errs[0].Rejected {
		t.Errorf("a code under two parents is reported once: %v", errs)
	}
	var codes []string
	for _, a := range plan.Places.Areas {
		codes = append(codes, string(a.Code)+"<"+string(a.Parent))
	}
	if got := strings.Join(codes, " "); got != "XSF< P1<XSF P2<XSF D1<P1" {
		t.Errorf("areas %s", got)
	}
	if a := plan.Places.Areas[3]; a.Names["en"] != "Upper" || strings.Join(a.Aliases, ",") != "Upper Town" {
		t.Errorf("names %v, aliases %v", a.Names, a.Aliases)
	}
	if rows[5].Place.Areas.Deepest() != "P2" || plan.Places.Sites[0].Names["ru"] != "Мирзо" || plan.Places.Sites[1].Names["tg"] != "Ҷангал" {
		t.Errorf("sites %+v", plan.Places.Sites)
	}
}

func TestPositions(t *testing.T) {
	t.Parallel()
	book := csvBook(t, `SSID|District code|Lat|Lon
		A1|D1|38.1|68.1
		A2|D1|38.2|68.2
		A3|D1|38,3|68,3
		A4|D1|38°24'00"N|68°24'00"E
		A5|D1|38.5|68.5
		A6|D1|68.6|38.6
		A7|D1|0|0
		A8|D1|38.8|
		A9|D1|here|68.9
		A10|D1||`)
	m := baseline()
	m.Places.Site = &intake.Site{SSID: "SSID", Lat: "Lat", Lon: "Lon", Create: true}
	_, rows, errs := apply(t, m, book, nil, nil)
	if at := rows[4].Place.At; at == nil || at.Lat != 38.3 {
		t.Errorf("row 4 at %v", at)
	}
	if at := rows[5].Place.At; at == nil || at.Lat != 38.4 || at.Lon != 68.4 {
		t.Errorf("row 5 at %v", at)
	}
	want := map[int]fault.Code{7: fault.IntakeSwapped, 8: fault.IntakeNullPosition, 9: fault.IntakeHalfPosition, 10: fault.IntakeNotPosition}
	for _, e := range errs {
		if want[e.Row] != e.Fault.Code || e.Rejected || rows[e.Row].Place.At != nil || rows[e.Row].Answers == nil {
			t.Errorf("unexpected %v", e)
		}
		delete(want, e.Row)
	}
	if len(want) != 0 {
		t.Errorf("not reported %v", want)
	}
}

func TestCarriedRoundsAndOriginals(t *testing.T) {
	t.Parallel()
	book := csvBook(t, `SSID|District code|Round
		A1|D1|3
		A2|D1|Round 2
		A3|D1|9
		A4|D1|B2_01
		A5|D1|`)
	m := baseline()
	m.Round.Source = "Round"
	_, rows, errs := apply(t, m, book, nil, nil)
	for row, want := range map[int]int{2: 0, 3: 2, 4: 0, 5: 1, 6: 0} {
		if rows[row].CarriedFrom != want {
			t.Errorf("row %d is carried from %d, want %d", row, rows[row].CarriedFrom, want)
		}
	}
	if len(errs) != 1 || errs[0].Fault.Code != fault.IntakeSourceRound || errs[0].Row != 4 {
		t.Errorf("a round of the future is reported: %v", errs)
	}
	want := `{"cells":[{"col":"A","header":"SSID","raw":"A1","shown":"A1"},{"col":"B","header":"District code","raw":"D1","shown":"D1"},{"col":"C","header":"Round","raw":"3","shown":"3"}],"file":"ab","row":2,"sheet":"table"}`
	if got := string(rows[2].Original); got != want {
		t.Errorf("original\n%s, want\n%s", got, want)
	}
}

func TestMappingFaultsNameTheHeader(t *testing.T) {
	t.Parallel()
	book := csvBook(t, "SSID|District code|Total|Total\nA1|D1|1|2")
	cases := []struct {
		column intake.Column
		want   fault.Code
	}{
		{intake.Column{Header: "Nothing", To: "m0310_loc_num_idp_ind"}, fault.IntakeHeaderMissing},
		{intake.Column{Header: "Total", To: "m0310_loc_num_idp_ind"}, fault.IntakeHeaderTwice},
		{intake.Column{Header: "Total [C]", To: "no_such_item"}, fault.IntakeItemUnknown},
		{intake.Column{Header: "Total [D]", To: "m0310"}, ""},
		{intake.Column{Header: "[D]", To: "num_idp_ind"}, ""},
		{intake.Column{Header: "Total [A]", To: "m0310"}, fault.IntakeHeaderMissing},
	}
	for _, c := range cases {
		_, err := intake.Apply(baseline(c.column), book, nil, theDictionary(t), nil)
		if fault.CodeOf(err) != c.want {
			t.Errorf("%+v gives %v, want %s", c.column, err, c.want)
		}
	}
}

func TestInstanceIDIsStable(t *testing.T) {
	t.Parallel()
	id := intake.InstanceID("south-sudan", "baseline-sub-area", 11, "ssid_SS0101_0002")
	if id != intake.InstanceID("south-sudan", "baseline-sub-area", 11, "ssid_SS0101_0002") || len(id) != len("uuid:")+36 || id[19] != '5' {
		t.Errorf("id %s", id)
	}
	if id == intake.InstanceID("south-sudan", "baseline-sub-area", 1, "1ssid_SS0101_0002") {
		t.Error("parts must not run into each other")
	}
}
