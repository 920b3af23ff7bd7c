package intake_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"safar/fault"
	"safar/record/intake"
)

// baselineBook has what published workbooks have: a sheet of notes with broken formulas, a summary with tags, and the
// locations under titles and group titles, with tags, totals and a source below. All of it is invented.
func baselineBook(t testing.TB) (pages []page) {
	t.Helper()
	note := text(`
		||BASELINE ASSESSMENT|Round 7
		||Data collection: 3 February – 28 March 2025
		||Published: June 2025
		Number of districts|#REF!
		Republic of Tajikistan, invented figures`)
	summary := text(`
		Province|Number of locations covered|IDP households|IDP individuals
		#adm1+name|#meta+num|#affected+idps+hh|#affected+idps+ind
		Sughd|2|14|70
		Khatlon|2|26|121
		Total|4|40|191`)
	data := text(`
		Mobility tracking, locations
		Province|P-code1|District|P-code2|Jamoat|Village  code|Village|Lat|Lon|IDP  households|IDP individuals|Date|Remarks|deviceid
		#adm1+name|#adm1+code|#adm2+name|#adm2+code|#adm3+name|#loc+code|#loc+name|#geo+lat|#geo+lon||||#meta+remarks|
		Sughd|'3505000|Aini|'3505203|Rarz|V1|Kishlak A|39.1|68.1|4|20|25/02/2025||356938035643809
		Sughd|'3505000|Aini|'3505203|Rarz|V2|Kishlak B|39.2|68.2|10|50|03/03/2025|N/A|356938035643809
		Khatlon|'3507000|Vakhsh|'3507212|Rudaki|V3|Kishlak C|37.7|68.8|6|21|04/03/2025||490154203237518
		Khatlon|'3507000|Vakhsh|'3507212|Rudaki|V4|Kishlak D|37.8|68.9|20|100|05/03/2025|good access|490154203237518
		Grand Total||||||||| 40|191
		Source: invented for a test`)
	return []page{{"Note", note}, {"Summary", summary}, {"Locations", data}}
}

func TestSuggestReadsAWholeWorkbook(t *testing.T) {
	t.Parallel()
	book := xlsxBook(t, "baseline.xlsx", baselineBook(t)...)
	m, notes := suggest(t, book, "baseline.xlsx", nil)
	golden(t, "baseline.yaml", m, notes)
	plan, rows, errs := apply(t, throughYAML(t, m), book, nil, nil)
	if len(errs) != 0 || plan.Len() != 4 {
		t.Errorf("%d rows, errors %v", plan.Len(), errs)
	}
	if value(rows[7], "m0310_loc_num_idp_ind") != "100" || rows[7].Date != "2025-03-05" || rows[7].Unit != "V4" {
		t.Errorf("row 7 is %+v", rows[7])
	}
}

// golden compares a mapping as written, and the notes, with a readable file.
func golden(t testing.TB, name string, m intake.Mapping, notes []*fault.Error) {
	t.Helper()
	var b bytes.Buffer
	if err := intake.WriteYAML(&b, m); err != nil {
		t.Fatal(err)
	}
	for _, n := range notes {
		b.WriteString("# note: " + n.Error() + "\n")
	}
	file := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(b.Bytes(), want) {
		t.Errorf("the mapping differs from %s; it is now\n%s", file, b.String())
	}
}

func TestSuggestReadsFlows(t *testing.T) {
	t.Parallel()
	book := xlsxBook(t, "fmr_may.xlsx", page{"FMR", text(`
		FMP ID|Point name|Observation date|Direction|Total|Men|Women|Boys|Girls|Country of departure|Country of destination|Transport
		F1|North Bridge|2026-05-02|Incoming|5|2|1|1|1|Uzbekistan|Tajikistan|bus
		F1|North Bridge|2026-05-02|Outgoing|3|2|1|0|0|Tajikistan|Russian Federation|bus
		F1|North Bridge|2026-05-02|Outgoing|3|2|1|0|0|Tajikistan|Russian Federation|bus
		F2|South Gate|2026-05-03|Transit|1|1|0|0|0|Kyrgyzstan|Kazakhstan|on a camel`)})
	m, notes := suggest(t, book, "FMR Tajikistan May 2026.xlsx", nil)
	golden(t, "flows.yaml", m, notes)
	m.Round.Number = 5
	plan, rows, errs := apply(t, m, book, nil, nil)
	if plan.Len() != 4 || len(errs) != 1 || errs[0].Fault.Code != fault.IntakeNotChoice {
		t.Errorf("%d rows, %v", plan.Len(), errs)
	}
	if rows[3].Unit == rows[4].Unit || rows[3].Place.Point != "F1" || rows[3].Date != "2026-05-02" {
		t.Errorf("two equal groups are two units: %+v and %+v", rows[3], rows[4])
	}
	_, again, _ := apply(t, m, book, nil, nil)
	if again[4].Unit != rows[4].Unit {
		t.Error("the same file gives the same units")
	}
}

func TestSuggestKeepsPersonalDataOut(t *testing.T) {
	t.Parallel()
	book := csvBook(t, `SSID|County|IDP individuals|contact|respondent_name|code2|_uuid|phones owned
		A1|Upper|5|+992 93 123 4567|Someone Invented|356938035643809|3f2504e0-4f89-11d3-9a0c-0305e82c3301|2
		A2|Upper|6|+992 93 123 4568|Somebody Else|490154203237518|3f2504e0-4f89-11d3-9a0c-0305e82c3302|0`)
	m, notes := suggest(t, book, "x.csv", nil)
	var flagged, ignored []string
	for _, n := range notes {
		if n.Code == fault.IntakeIdentity {
			flagged = append(flagged, n.Details["header"])
		}
	}
	for _, i := range m.Ignored {
		ignored = append(ignored, i.Header)
	}
	if got := strings.Join(flagged, " "); got != `"contact" "respondent_name" "code2"` {
		t.Errorf("flagged %s", got)
	}
	if got := strings.Join(ignored, " "); got != "contact respondent_name code2 _uuid phones owned" {
		t.Errorf("ignored %s", got)
	}
}

func TestSuggestNeverTakesAPartForTheWhole(t *testing.T) {
	t.Parallel()
	book := csvBook(t, `SSID|District|IDP individuals in camps|IDP individuals under five|Returnees (Sept 2025)
		A1|Upper|5|1|7
		A2|Lower|6|2|8`)
	m, _ := suggest(t, book, "x.csv", nil)
	if len(m.Columns) != 1 || m.Columns[0].To != "sf0102_loc_num_returnee_ind" {
		t.Errorf("columns %+v", m.Columns)
	}
	if len(m.Ignored) != 2 || !strings.Contains(m.Ignored[0].Reason, "m0310_loc_num_idp_ind") {
		t.Errorf("ignored %+v", m.Ignored)
	}
}

func TestSuggestKnowsLocalNamesOfLevels(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"State|County|Payam":                      "adm1=State adm2=County adm3=Payam",
		"Province|District|Jamoat":                "adm1=Province adm2=District adm3=Jamoat",
		"Область|Район|Джамоат":                   "adm1=Область adm2=Район adm3=Джамоат",
		"Вилоят|Ноҳия|Ҷамоат":                     "adm1=Вилоят adm2=Ноҳия adm3=Ҷамоат",
		"Облыс|Аудан|Округ":                       "adm1=Облыс adm2=Аудан adm3=Округ",
		"Département|Commune|Section communale":   "adm1=Département adm2=Commune adm3=Section communale",
		"Région|Cercle|Commune":                   "adm1=Région adm2=Cercle adm3=Commune",
		"Region|Zone|Woreda":                      "adm1=Region adm2=Zone adm3=Woreda",
		"Region|District|Traditional Authority":   "adm1=Region adm2=District adm3=Traditional Authority",
		"Governorate|District|Sub-district":       "adm1=Governorate adm2=District adm3=Sub-district",
		"ADM1_NAME|ADM2_NAME|ADM3_NAME":           "adm1=ADM1_NAME adm2=ADM2_NAME adm3=ADM3_NAME",
		"Admin 1|Admin 2|Admin 3":                 "adm1=Admin 1 adm2=Admin 2 adm3=Admin 3",
		"Country|Oblast|State of origin":          "adm0=Country adm1=Oblast",
		"State|LGA|Ward":                          "adm1=State adm2=LGA adm3=Ward",
		"District|Jamoat|Status of the household": "adm2=District adm3=Jamoat",
	}
	for headers, want := range cases {
		t.Run(headers, func(t *testing.T) {
			t.Parallel()
			book := csvBook(t, "SSID|"+headers+"|IDP individuals\nA1|Tajikistan|Up|Mid|5\nA2|Tajikistan|Up|Low|6\nA3|Tajikistan|Down|Far|7")
			m, _ := suggest(t, book, "x.csv", nil)
			var got []string
			for _, level := range []string{"adm0", "adm1", "adm2", "adm3", "adm4"} {
				if n, ok := m.Places.Levels[level]; ok {
					got = append(got, level+"="+n.Name)
				}
			}
			if strings.Join(got, " ") != want {
				t.Errorf("levels %v, want %s", got, want)
			}
		})
	}
}

func TestSuggestFindsRoundAndPeriod(t *testing.T) {
	t.Parallel()
	cases := []struct {
		file, title string
		want        intake.Round
	}{
		{"x_r11.csv", "Data collection: July - September 2021", intake.Round{Number: 11, Start: "2021-07-01", End: "2021-09-30", ReferenceDate: "2021-09-30"}},
		{"x.csv", "Round 4, 27 February – 26 April 2024", intake.Round{Number: 4, Start: "2024-02-27", End: "2024-04-26", ReferenceDate: "2024-04-26"}},
		{"x.csv", "Раунд 3: июнь - август 2024", intake.Round{Number: 3, Start: "2024-06-01", End: "2024-08-31", ReferenceDate: "2024-08-31"}},
		{"x.csv", "Ronde 2, du 5 au 20 mars 2023", intake.Round{Number: 2, Start: "2023-03-05", End: "2023-03-20", ReferenceDate: "2023-03-20"}},
		{"x.csv", "Collected 2024-01-05 to 2024-02-10", intake.Round{Start: "2024-01-05", End: "2024-02-10", ReferenceDate: "2024-02-10"}},
		{"x.csv", "Collected 05/01/2024 - 10/02/2024, round no. 9", intake.Round{Number: 9, Start: "2024-01-05", End: "2024-02-10", ReferenceDate: "2024-02-10"}},
		{"x.csv", "December - February 2025", intake.Round{Start: "2024-12-01", End: "2025-02-28", ReferenceDate: "2025-02-28"}},
		{"x.csv", "Published: November 2021", intake.Round{}},
		{"report.csv", "Nothing here", intake.Round{}},
	}
	for _, c := range cases {
		t.Run(c.title, func(t *testing.T) {
			t.Parallel()
			book := xlsxBook(t, c.file, page{"Data", text(c.title + "\n\nSSID|District|IDP individuals\nA1|Up|5\nA2|Low|6")})
			if m, _ := suggest(t, book, c.file, nil); m.Round != c.want {
				t.Errorf("%+v, want %+v", m.Round, c.want)
			}
		})
	}
}

func TestSuggestWithALoadedList(t *testing.T) {
	t.Parallel()
	book := csvBook(t, `SSID|adm1_pcode|adm2_pcode|IDP individuals
		S1|01|0101|5
		S2|02|0201|6
		S9|01|0102|7`)
	m, _ := suggest(t, book, "x.csv", practice(t))
	if m.Places.Country != "XSF" || m.Places.Create || !m.Places.Site.Create || !strings.Contains(m.Reasons["places.site"], "1 of 3") {
		t.Errorf("places %+v, reasons %v", m.Places, m.Reasons)
	}
}

func TestSuggestOnSheetsWithoutATable(t *testing.T) {
	t.Parallel()
	book := csvBook(t, "only one line of prose")
	_, _, err := intake.Suggest(intake.Input{Book: book, FileName: "x.csv", Dictionary: theDictionary(t)})
	if fault.CodeOf(err) != fault.IntakeNoTable {
		t.Errorf("got %v", err)
	}
}

func TestSuggestOnWideAndDoubledSheets(t *testing.T) {
	t.Parallel()
	headers, values := []string{"SSID", "District", "IDP individuals", "IDP individuals", "\ufeffIDP\nhouseholds"}, []string{"A1", "Up", "5", "5", "1"}
	for len(headers) < 1024 {
		headers, values = append(headers, fmt.Sprintf("needs/option %d", len(headers))), append(values, "0")
	}
	table := strings.ReplaceAll(strings.Join(headers, "|"), "\n", " ") + "\n" + strings.Join(values, "|") + "\n" + strings.Replace(strings.Join(values, "|"), "A1", "A2", 1)
	m, notes := suggest(t, csvBook(t, table), "wide.csv", nil)
	if len(m.Columns) != 2 || m.Columns[0].Header != "IDP individuals [C]" || !slices.ContainsFunc(notes, func(e *fault.Error) bool { return e.Code == fault.IntakeTwoColumns }) {
		t.Errorf("columns %+v", m.Columns)
	}
	if back := throughYAML(t, m); len(back.Ignored) != 1020 {
		t.Errorf("%d columns are listed as ignored", len(back.Ignored))
	}
	m.Places.Country, m.Round.Number = "XSF", 1
	if _, rows, errs := apply(t, m, csvBook(t, table), nil, nil); len(errs) != 0 || value(rows[2], "sf0100_loc_num_idp_hh") != "1" {
		t.Errorf("errors %v", errs)
	}
}

func TestSuggestKnowsTheCountryByItsPlaces(t *testing.T) {
	t.Parallel()
	book := csvBook(t, `Village|Province|District|IDP individuals
		Mill Village|Northern Valley|Upper District|5
		Ferry Landing|Southern Plain|River District|6`)
	m, _ := suggest(t, book, "x.csv", practice(t))
	if m.Places.Country != "XSF" || m.Places.Create {
		t.Errorf("places %+v, because %v", m.Places, m.Reasons)
	}
	_, rows, errs := apply(t, m, book, nil, practice(t))
	if len(errs) != 2 || errs[0].Fault.Code != fault.IntakeSiteNamed || rows[3].Place.Site != "S2" {
		t.Errorf("%v, %+v", errs, rows[3].Place)
	}
}

func TestSuggestReadsGroupTitles(t *testing.T) {
	t.Parallel()
	book := xlsxBook(t, "x.xlsx", page{"Data", text(`
		||IDPs||Returnees|
		SSID|District|HH|Individuals|HH|Individuals
		A1|Up|2|11|4|23
		A2|Low|3|12|5|24`)})
	m, _ := suggest(t, book, "x.xlsx", nil)
	var got []string
	for _, c := range m.Columns {
		got = append(got, c.Header+">"+c.To)
	}
	want := "HH [C]>sf0100_loc_num_idp_hh Individuals [D]>m0310_loc_num_idp_ind HH [E]>sf0101_loc_num_returnee_hh Individuals [F]>sf0102_loc_num_returnee_ind"
	if strings.Join(got, " ") != want {
		t.Errorf("columns %v", got)
	}
	m.Places.Country = "XSF"
	if _, rows, errs := apply(t, m, book, nil, nil); len(errs) != 0 || value(rows[4], "sf0102_loc_num_returnee_ind") != "24" {
		t.Errorf("errors %v", errs)
	}
}

func TestSuggestReadsFrench(t *testing.T) {
	t.Parallel()
	book := csvBook(t, `Département|Commune|Code du site|Nom du site|Nombre de ménages PDI|Nombre d'individus PDI|Total ménages retournés
		Ouest|Carrefour|S01|Site un|1 204|6 020|12
		Ouest|Delmas|S02|Site deux|30|151|0`)
	m, _ := suggest(t, book, "haiti_ronde_5.csv", nil)
	var got []string
	for _, c := range m.Columns {
		got = append(got, c.To)
	}
	if strings.Join(got, " ") != "sf0100_loc_num_idp_hh m0310_loc_num_idp_ind sf0101_loc_num_returnee_hh" || m.Places.Country != "HTI" || m.Round.Number != 5 || m.Places.Site.SSID != "Code du site" {
		t.Errorf("columns %v, %+v, %+v", got, m.Places.Site, m.Round)
	}
}
