package intake_test

import (
	"bytes"
	"strings"
	"testing"

	"safar/fault"
	"safar/form"
	"safar/record/intake"
	"safar/sheet"
)

const small = `source: {sheet: Data, header_row: 2, first_row: 3}
tool: baseline-sub-area
round: {number: 4}
places:
  country: tjk
  levels: {adm1: {code: P-code}}
  site: {ssid: SSID, aliases: [Other name], create: true}
  create: true
columns:
  - {header: People, to: m0310_loc_num_idp_ind, values: {none: 0, Yes: yes}, missing: [x]}
ignored:
  - {header: deviceid}
`

func TestReadYAMLTakesWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	m, err := intake.ReadYAML(strings.NewReader(small))
	if err != nil {
		t.Fatal(err)
	}
	if m.Places.Country != "TJK" || m.Columns[0].Values["Yes"] != "yes" || m.Columns[0].Values["none"] != "0" || m.Places.Levels["adm1"].Code != "P-code" {
		t.Errorf("read %+v", m)
	}
}

func TestReadYAMLNamesLineAndKey(t *testing.T) {
	t.Parallel()
	cases := []struct{ from, to, where string }{
		{"number: 4", "number: four", "row 3, round.number"},
		{"number: 4", "numbr: 4", "row 3, round.numbr"},
		{"create: true\ncolumns", "create: perhaps\ncolumns", "row 8, places.create"},
		{"country: tjk", "country: Tajikistan", "row 5, places.country"},
		{"country: tjk", "country: [a]", "row 5, places.country"},
		{"adm1:", "adm7:", "row 6, places.levels.adm7"},
		{"header: People, to", "header: People, too", "row 10, columns[1].too"},
		{"header: People, ", "", "row 10, columns[1]"},
		{"tool: baseline-sub-area", "tool:", "The mapping does not say tool"},
		{"first_row: 3", "first_row: 2", "source.first_row"},
		{"round: {number: 4}", "round: {number: 4, end: 31.12.2025}", "row 3, round.end"},
		{"round: {number: 4}", "round: {number: 4, start: 2025-02-01, end: 2025-01-01}", "round.end"},
		{"round: {number: 4}", "round: {number: 4, number: 5}", "each key once"},
		{"  - {header: deviceid}", "  - {header: &a deviceid}\n  - *a", "ignored[2]"},
		{"columns:\n", "columns:\n  - {header: Two, to: m0310_loc_num_idp_ind}\n", "Two columns are mapped to m0310_loc_num_idp_ind"},
		{"source: {sheet", "source: [{sheet", "line"},
		{"source:", "---\n- a\n---\nsource:", "more than one document"},
	}
	for _, c := range cases {
		broken := strings.Replace(small, c.from, c.to, 1)
		if broken == small {
			t.Fatalf("%q is not in the text", c.from)
		}
		_, err := intake.ReadYAML(strings.NewReader(broken))
		if err == nil || !strings.Contains(err.Error(), c.where) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %v, want %q in it", c.to, err, c.where)
		}
	}
}

func TestReadYAMLIsBounded(t *testing.T) {
	t.Parallel()
	_, err := intake.ReadYAML(strings.NewReader(strings.Repeat("#", 5<<20)))
	if fault.CodeOf(err) != fault.IntakeMappingTooLarge {
		t.Errorf("got %v", err)
	}
	_, err = intake.ReadYAML(strings.NewReader(""))
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("an empty mapping gives %v", err)
	}
}

// nested is a form whose questions stand in groups and a repeat.
func nested() *form.Form {
	q := func(typ, name, list string) *form.Element {
		return &form.Element{Kind: form.Question, Type: typ, Name: name, List: list}
	}
	return &form.Form{ID: "safar_baseline_sub_area", Version: "1", Root: &form.Element{Kind: form.Group, Name: "data", Children: []*form.Element{
		q("calculate", "m0302_meta_adm0_pcode", ""),
		{Kind: form.Group, Name: "assessment", Children: []*form.Element{
			{Kind: form.Group, Name: "location", Children: []*form.Element{
				q("select_one", "m0304_meta_adm2_pcode", ""), q("select_one", "m0445_loc_site_id_ssid", ""), q("geopoint", "m1650_loc_gps_coords", ""),
			}},
			{Kind: form.Group, Name: "present", Children: []*form.Element{q("integer", "m0310_loc_num_idp_ind", ""), q("select_one", "sf0103_loc_idp_present", "only_yes")}},
			{Kind: form.Repeat, Name: "ki", Children: []*form.Element{q("select_one", "sf0031_meta_ki_sex", "sex")}},
		}},
	}}, Lists: []form.List{{Name: "only_yes", Choices: []form.Choice{{Name: "yes"}}}}}
}

func TestAnswersStandWhereTheFormHasThem(t *testing.T) {
	t.Parallel()
	book := csvBook(t, `SSID|District code|Lat|Lon|IDPs|Present|Sex
		A1|D1|38.5|68.5|12|Yes|male
		A2|D1|||13|No|male`)
	m := baseline(intake.Column{Header: "IDPs", To: "m0310_loc_num_idp_ind"}, intake.Column{Header: "Present", To: "sf0103"})
	m.Places.Site = &intake.Site{SSID: "SSID", Lat: "Lat", Lon: "Lon", Create: true}
	_, rows, errs := apply(t, m, book, nested(), nil)
	for path, want := range map[string]string{
		"/data/assessment/present/m0310_loc_num_idp_ind": "12", "/data/assessment/location/m0445_loc_site_id_ssid": "A1",
		"/data/assessment/location/m0304_meta_adm2_pcode": "D1", "/data/assessment/location/m1650_loc_gps_coords": "38.5 68.5 0 0",
		"/data/m0302_meta_adm0_pcode": "XSF",
	} {
		if found := rows[2].Answers.Find(path); len(found) != 1 || found[0].Text != want {
			t.Errorf("%s holds %v, want %s", path, found, want)
		}
	}
	if got := strings.Join(rows[2].Items, " "); got != "m0310_loc_num_idp_ind sf0103_loc_idp_present m0302_meta_adm0_pcode m0304_meta_adm2_pcode m0445_loc_site_id_ssid m1650_loc_gps_coords" {
		t.Errorf("items are %s", got)
	}
	if len(errs) != 1 || errs[0].Fault.Code != fault.IntakeNotChoice || errs[0].Row != 3 {
		t.Errorf("the form does not offer no: %v", errs)
	}
	_, err := intake.Apply(baseline(intake.Column{Header: "Sex", To: "sf0031_meta_ki_sex"}), book, nested(), theDictionary(t), nil)
	if fault.CodeOf(err) != fault.IntakeItemElsewhere {
		t.Errorf("a question in a repeat gives %v", err)
	}
}

func TestSuggestPrefersTheToolThatAsks(t *testing.T) {
	t.Parallel()
	book := csvBook(t, "SSID|District|IDP individuals|IDP Present (Yes/No)|Sex of ki\nA1|Up|5|Yes|male\nA2|Low|6|Yes|male")
	m, _, err := intake.Suggest(intake.Input{Book: book, FileName: "x.csv", Dictionary: theDictionary(t), Tools: []intake.Tool{
		{ID: "empty", Form: &form.Form{ID: "e", Root: &form.Element{Kind: form.Group, Name: "data"}}}, {ID: "nested", Form: nested()},
	}})
	if err != nil || m.Tool != "nested" || len(m.Columns) != 2 {
		t.Errorf("tool %s, columns %+v, %v", m.Tool, m.Columns, err)
	}
}

func FuzzReadYAML(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("a: &a [*a]"))
	f.Add([]byte("columns: [{header: x, to: y}, 1, {}]"))
	f.Add([]byte("? {a: b}\n: - c"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := intake.ReadYAML(bytes.NewReader(data))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := intake.WriteYAML(&b, m); err != nil {
			t.Fatal(err)
		}
		if _, err := intake.ReadYAML(&b); err != nil {
			t.Fatalf("what was written cannot be read: %v\n%s", err, b.String())
		}
	})
}

// Whatever a table holds: suggesting and applying end, every row comes once, and nothing reads differently the second time.
func FuzzApply(f *testing.F) {
	f.Add([]byte("SSID,State,IDP individuals,Lat,Lon\nA1,SS01,5,4.1,31.2\nA1,SS02,x,31.2,4.1\nTotal,,5,,\n"))
	f.Add([]byte("#loc+code,#adm1+code,#affected+idps+ind\nA,B,1\n"))
	f.Add([]byte("FMP ID,Direction,Total,Date\nF1,in,3,03/04/2026\nF1,in,3,03/04/2026\n"))
	f.Add([]byte("Round 3;Data\nSSID;District;Returnees\n1;2;3\n;;\n"))
	d := theDictionary(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		book, err := sheet.OpenBytes("x.csv", data, sheet.Limits{Rows: 200, Columns: 50})
		if err != nil {
			return
		}
		m, _, err := intake.Suggest(intake.Input{Book: book, FileName: "x.csv", Dictionary: d})
		if err != nil {
			return
		}
		if m.Places.Country == "" {
			m.Places.Country = "XSF"
		}
		plan, err := intake.Apply(m, book, nil, d, nil)
		if err != nil {
			if fault.KindOf(err) == fault.Internal {
				t.Fatal(err)
			}
			return
		}
		seen := map[string]bool{}
		n := 0
		for row := range plan.Rows() {
			n++
			if !row.Rejected && seen[row.Unit] {
				t.Fatalf("two rows are the unit %q", row.Unit)
			}
			seen[row.Unit] = true
		}
		if n != plan.Len() {
			t.Fatalf("%d rows, said %d", n, plan.Len())
		}
	})
}
