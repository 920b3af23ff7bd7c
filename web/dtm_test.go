package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"safar/release"
	"safar/store"
	"safar/web"
	"safar/workflow"
)

// reply is the envelope as a client reads it.
type reply struct {
	Result    []map[string]any `json:"result"`
	Status    int              `json:"statusCode"`
	IsSuccess bool             `json:"isSuccess"`
	Errors    []string         `json:"errorMessages"`
	Total     int              `json:"totalRecordsCount"`
}

func (d *desk) reply(path string) reply {
	d.t.Helper()
	w := d.get(path)
	var got reply
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		d.t.Fatalf("%s: %v in %s", path, err, w.Body)
	}
	if w.Code != got.Status || got.Result == nil || got.Total != len(got.Result) || got.IsSuccess != (len(got.Errors) == 0) {
		d.t.Errorf("%s: HTTP %d with %s", path, w.Code, w.Body)
	}
	return got
}

// rows writes a row to a line, so that a golden file can be read.
func rows(body string) string {
	return strings.NewReplacer(`[{`, "[\n{", `},{`, "},\n{", `}],`, "}\n],").Replace(body)
}

func TestAnswersOfTheDTMAPI(t *testing.T) {
	t.Parallel()
	d := furnished(t)
	for name, path := range map[string]string{
		"country-list":      "/v3/displacement/country-list",
		"operation-list":    "/v3/displacement/operation-list",
		"admin0":            "/v3/displacement/admin0?CountryName=Safaria",
		"admin1":            "/v3/displacement/admin1?Admin0Pcode=XSF",
		"admin2":            "/v3/displacement/admin2?Operation=Practice",
		"GetAllCountryList": "/api/Common/GetAllCountryList",
		"GetAllOperations":  "/api/Common/GetAllOperationList",
		"GetAdmin0Datav2":   "/api/idpAdmin0Data/GetAdmin0Datav2?CountryName=Safaria",
		"GetAdmin1Datav2":   "/api/IdpAdmin1Data/GetAdmin1Datav2?CountryName=Safaria",
		"GetAdmin2Datav2":   "/api/IDPADMIN2DATA/getadmin2datav2?CountryName=Safaria",
		"no-selection":      "/v3/displacement/admin0",
	} {
		w := d.ask("GET", path, "Ocp-Apim-Subscription-Key", "any")
		if w.Code != 200 || w.Header().Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("%s: %d %s", path, w.Code, w.Header())
		}
		golden(t, name+".json", rows(w.Body.String()))
	}
}

// TestRowsHaveTheFieldsOfTheAPI pins names, order and types (domain section 16; the older paths as their public
// answers have them: an id everywhere, neither reason nor sex nor origin).
func TestRowsHaveTheFieldsOfTheAPI(t *testing.T) {
	t.Parallel()
	d := furnished(t)
	const head, tail = "operation:s admin0Name:s admin0Pcode:s", "numPresentIdpInd:n reportingDate:s yearReportingDate:n monthReportingDate:n roundNumber:n"
	const adm1, adm2 = " admin1Name:s admin1Pcode:s", " admin2Name:s admin2Pcode:s"
	const v3 = " displacementReason:s numberMales:null numberFemales:null idpOriginAdmin1Name:s idpOriginAdmin1Pcode:s assessmentType:s"
	for path, want := range map[string]string{
		"/v3/displacement/admin0":            head + " " + tail + v3,
		"/v3/displacement/admin1":            "id:n " + head + adm1 + " " + tail + v3,
		"/v3/displacement/admin2":            "id:n " + head + adm1 + adm2 + " " + tail + v3,
		"/api/idpAdmin0Data/GetAdmin0Datav2": "id:n " + head + " " + tail + " assessmentType:s",
		"/api/idpAdmin1Data/GetAdmin1Datav2": "id:n " + head + adm1 + " " + tail + " assessmentType:s",
		"/api/idpAdmin2Data/GetAdmin2Datav2": "id:n " + head + adm1 + adm2 + " " + tail + " assessmentType:s",
		"/v3/displacement/country-list":      "admin0Name:s admin0Pcode:s",
		"/v3/displacement/operation-list":    "operation:s operationStatus:s admin0Name:s admin0Pcode:s",
	} {
		w := d.get(path + "?CountryName=safaria")
		if got := schema(t, w.Body.Bytes()); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", path, got, want)
		}
	}
}

// schema lists the fields of the first row in the order they are written, each with its type; all rows must be alike.
func schema(t *testing.T, body []byte) string {
	t.Helper()
	var raw struct {
		Result []json.RawMessage `json:"result"`
	}
	if err := json.Unmarshal(body, &raw); err != nil || len(raw.Result) == 0 {
		t.Fatalf("%v in %s", err, body)
	}
	first := ""
	for _, row := range raw.Result {
		var fields []string
		dec := json.NewDecoder(bytes.NewReader(row))
		dec.UseNumber()
		_, _ = dec.Token()
		for dec.More() {
			name, _ := dec.Token()
			value, _ := dec.Token()
			kind := "null"
			switch value := value.(type) {
			case string:
				kind = "s"
			case json.Number:
				if kind = "n"; strings.ContainsAny(value.String(), ".eE") {
					kind = "fraction"
				}
			}
			fields = append(fields, fmt.Sprint(name)+":"+kind)
		}
		line := strings.Join(fields, " ")
		if first == "" {
			first = line
		}
		if line != first {
			t.Errorf("rows differ: %s and %s", first, line)
		}
	}
	return first
}

func TestFilters(t *testing.T) {
	t.Parallel()
	d := furnished(t)
	for query, want := range map[string][2]int{ // rows, people
		"admin0?CountryName=SAFARIA":                                                     {5, 421},
		"admin0?countryname=safaria&FromRoundNumber=0&ToRoundNumber=0":                   {5, 421}, // as the R client asks
		"admin0?CountryName=Safaria&Operation=&FromRoundNumber=&ToRoundNumber=":          {5, 421}, // as scripts ask
		"admin0?Admin0Name=safaria":                                                      {5, 421},
		"admin0?Admin0Pcode=xsf&subscription-key=x":                                      {5, 421},
		"admin0?Operation=practice&FromRoundNumber=2":                                    {2, 188},
		"admin0?Operation=practice&ToRoundNumber=1":                                      {3, 233},
		"admin0?Operation=practice&FromRoundNumber=3":                                    {0, 0},
		"admin0?Admin0Pcode=XSF&FromReportingDate=2026-02-28&ToReportingDate=2026-05-30": {3, 233},
		"admin0?Admin0Pcode=XSF&FromReportingDate=2026-03-01T00:00:00":                   {2, 188},
		"admin1?Admin0Pcode=XSF&Admin1Name=БОЛО":                                         {3, 120},
		"admin1?Admin0Pcode=XSF&Admin1Pcode=xs02":                                        {2, 301},
		"admin2?Admin0Pcode=XSF&Admin1Pcode=XS01":                                        {4, 120},
		"admin2?Admin0Pcode=XSF&Admin2Name=%3Dsouth":                                     {1, 0},
		"admin2?Admin0Pcode=XSF&Admin2Pcode=XS0201&ToRoundNumber=1":                      {1, 161},
	} {
		got := d.reply("/v3/displacement/" + query)
		people := 0.0
		for _, row := range got.Result {
			people += row["numPresentIdpInd"].(float64)
		}
		if !got.IsSuccess || got.Total != want[0] || int(people) != want[1] {
			t.Errorf("%s: %d rows with %v people, want %v; %v", query, got.Total, people, want, got.Errors)
		}
	}
}

func TestWhatCannotBeAnsweredSaysWhy(t *testing.T) {
	t.Parallel()
	d := furnished(t)
	for query, want := range map[string]string{
		"admin0":                                                                         "Please provide either the Country Name, Admin0 Pcode or Operation",
		"admin0?FromRoundNumber=1":                                                       "Please provide either",
		"admin0?CountryName=Atlantis":                                                    "No Country found matching your query",
		"admin1?Admin0Pcode=TJK":                                                         "No Country found matching your query",
		"admin0?CountryName=Safaria&Admin0Pcode=TJK":                                     "No Country found matching your query",
		"admin0?Operation=Other":                                                         "No Operation found matching your query",
		"admin1?Admin0Pcode=XSF&Admin1Name=Nowhere":                                      "No admin 1 area found matching your query: Nowhere",
		"admin2?Admin0Pcode=XSF&Admin1Pcode=XS02&Admin2Pcode=XS0101":                     "No admin 2 area found",
		"admin0?Admin0Pcode=XSF&Admin1Name=Lower":                                        "Admin1Name says nothing about figures at admin 0",
		"admin0?Admin0Pcode=XSF&FromReportingDate=31.1.2026":                             "FromReportingDate is not a date: 31.1.2026",
		"admin0?Admin0Pcode=XSF&ToReportingDate=2026-02-30":                              "ToReportingDate is not a date",
		"admin0?Admin0Pcode=XSF&FromReportingDate=2026-03-01&ToReportingDate=2026-02-01": "is after ToReportingDate",
		"admin0?Admin0Pcode=XSF&FromRoundNumber=-1":                                      "FromRoundNumber is not a round number",
		"admin0?Admin0Pcode=XSF&FromRoundNumber=1.5":                                     "FromRoundNumber is not a round number",
		"admin0?Admin0Pcode=XSF&FromRoundNumber=3&ToRoundNumber=2":                       "is above ToRoundNumber",
		"admin0?Admin0Pcode=%zz":                                                         "cannot be read",
		"admin0?Admin0Pcode=XSF;Operation=x":                                             "cannot be read",
		"admin0?Operation=" + strings.Repeat("x", 301):                                   "is longer than 300 bytes",
	} {
		got := d.reply("/v3/displacement/" + query)
		if got.Status != 200 || got.IsSuccess || len(got.Errors) != 1 || !strings.Contains(got.Errors[0], want) {
			t.Errorf("%s: %+v, want %q", query, got, want)
		}
	}
	if got := d.reply("/v3/displacement/admin0?FromRoundNumber=x&ToReportingDate=y"); len(got.Errors) != 2 {
		t.Errorf("all that is wrong is told at once: %v", got.Errors)
	}
}

func TestOnlyTheNewestPublishedReleaseOfARoundIsServed(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	first := d.reply("/v3/displacement/country-list")
	if !first.IsSuccess || first.Total != 0 {
		t.Errorf("before the first release: %+v", first)
	}
	d.take("Practice", 1, firstRound, "2026-02-28")
	total := func() (sum int) {
		for _, row := range d.reply("/v3/displacement/admin0?Admin0Pcode=XSF").Result {
			sum += int(row["numPresentIdpInd"].(float64))
		}
		return sum
	}
	v1 := d.release("Practice", 1, false)
	if got := total(); got != 0 {
		t.Errorf("a release that is not published is served: %d", got)
	}
	d.set(v1, store.ReleasePublished)
	if got := total(); got != 233 {
		t.Errorf("the first release: %d", got)
	}
	d.take("Practice", 1, strings.Replace(firstRound, ",10,52,", ",11,60,", 1), "2026-02-28")
	v2 := d.release("Practice", 1, true)
	if got := total(); got != 241 {
		t.Errorf("after the second release: %d", got)
	}
	if body := d.get("/releases/" + v1 + "/").Body.String(); !strings.Contains(body, "/releases/"+v2+"/") {
		t.Error("the page of a replaced release does not lead to the newer one")
	}
	d.set(v2, store.ReleaseWithdrawn)
	if got := total(); got != 233 {
		t.Errorf("after the withdrawal: %d", got)
	}
	if w := d.get("/releases/" + v2 + "/manifest.json"); w.Code != 404 || !strings.Contains(w.Body.String(), "was withdrawn") {
		t.Errorf("a withdrawn release is still there, or nobody is told: %d %s", w.Code, w.Body)
	}
}

func TestSexesAreWholeNumbersOrNull(t *testing.T) {
	t.Parallel()
	row := release.Row{"operation": "P", "admin0Name": "Safaria", "admin0Pcode": "XSF", "admin1Name": "", "admin1Pcode": "XS01", "numPresentIdpInd": "10.5", "reportingDate": "2026-02-28T00:00:00",
		"yearReportingDate": "2026", "monthReportingDate": "2", "roundNumber": "1", "displacementReason": "Conflict", "numberMales": "4", "numberFemales": "",
		"idpOriginAdmin1Name": "Not available", "idpOriginAdmin1Pcode": "Not available", "assessmentType": "BA"}
	got, err := web.RowJSON(row, 1)
	const want = `{"id":1,"operation":"P","admin0Name":"Safaria","admin0Pcode":"XSF","admin1Name":"","admin1Pcode":"XS01","numPresentIdpInd":11,"reportingDate":"2026-02-28T00:00:00",` +
		`"yearReportingDate":2026,"monthReportingDate":2,"roundNumber":1,"displacementReason":"Conflict","numberMales":4,"numberFemales":null,` +
		`"idpOriginAdmin1Name":"Not available","idpOriginAdmin1Pcode":"Not available","assessmentType":"BA"}`
	if err != nil || got != want {
		t.Errorf("%v\ngot  %s\nwant %s", err, got, want)
	}
	row["numPresentIdpInd"] = "many"
	if _, err := web.RowJSON(row, 1); err == nil {
		t.Error("a table that holds words for numbers is read")
	}
}

func TestTheShelfIsBounded(t *testing.T) {
	t.Parallel()
	if releases, figures := web.Shelf(600, 1); releases != 256 || figures != 256 {
		t.Errorf("many releases: %d with %d figures", releases, figures)
	}
	if releases, figures := web.Shelf(5, 150_000); releases != 2 || figures != 300_000 {
		t.Errorf("large releases: %d with %d figures", releases, figures)
	}
}

func TestOtherMethodsAndAddresses(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, c := range []struct {
		method, path string
		status       int
		body         string
	}{
		{"POST", "/v3/displacement/admin0", 405, `"statusCode":405,"isSuccess":false,"errorMessages":["this address answers GET`},
		{"GET", "/v3/displacement/admin3", 404, `"statusCode":404,"isSuccess":false`},
		{"GET", "/api/Common/Other", 404, `"isSuccess":false`},
		{"OPTIONS", "/v3/displacement/admin0", 204, ""},
		{"HEAD", "/v3/displacement/country-list", 200, ""},
		{"GET", "/V3/Displacement/Country-List/", 200, `"isSuccess":true`},
	} {
		w := d.ask(c.method, c.path)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.body) || w.Header().Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s %s: %d %s", c.method, c.path, w.Code, w.Body)
		}
	}
}

// TestSouthSudanRound11OverTheAPI imports, releases and asks for the published round.
// Data: IOM DTM South Sudan, Mobility Tracking Round 11, CC BY.
func TestSouthSudanRound11OverTheAPI(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "mobility", "ssd_r11", "dtm_ssd_baseline_r11.xlsx"))
	if err != nil {
		t.Skip("the shared data folder is not here")
	}
	d := newDesk(t)
	_, err = d.Import(d.ctx, d.actor, workflow.ImportOrder{Operation: "South Sudan", File: workflow.Workbook{Name: "dtm_ssd_baseline_r11.xlsx", Data: bytes.NewReader(data), Size: int64(len(data))}})
	d.must(err)
	d.dates("South Sudan", 11, "2021-09-30")
	d.release("South Sudan", 11, true)
	for path, units := range map[string]int{
		"/v3/displacement/admin0": 1, "/v3/displacement/admin1": 10, "/v3/displacement/admin2": 78,
		"/api/idpAdmin0Data/GetAdmin0Datav2": 1, "/api/idpAdmin1Data/GetAdmin1Datav2": 10, "/api/idpAdmin2Data/GetAdmin2Datav2": 78,
	} {
		got := d.reply(path + "?" + url.Values{"CountryName": {"South Sudan"}}.Encode())
		sum, seen := 0, map[any]bool{}
		for _, row := range got.Result {
			sum += int(row["numPresentIdpInd"].(float64))
			seen[fmt.Sprint(row["admin1Pcode"], row["admin2Pcode"])] = true
		}
		if sum != 2017236 || len(seen) != units {
			t.Errorf("%s: %d people in %d units, want 2017236 in %d; %v", path, sum, len(seen), units, got.Errors)
		}
	}
}

func FuzzParameters(f *testing.F) {
	for _, seed := range []string{"CountryName=Safaria", "Admin0Pcode=XSF&FromRoundNumber=0&ToRoundNumber=9", "FromReportingDate=2026-01-01&ToReportingDate=2025-01-01&Operation=x",
		"a;b", "%zz", "Operation=%FF%00", "FROMROUNDNUMBER=99999999999999999999", "Admin2Name=x&Admin2Name=y", "&&=&=1"} {
		f.Add(seed, 1)
	}
	d := furnished(f)
	f.Fuzz(func(t *testing.T, query string, lvl int) {
		lvl = ((lvl % 3) + 3) % 3
		for _, problem := range web.ParseQuery(query, lvl) {
			if problem.Error() == "" {
				t.Error("a problem without words")
			}
		}
		r := httptest.NewRequest("GET", fmt.Sprintf("/v3/displacement/admin%d", lvl), nil)
		r.URL.RawQuery = query
		w := httptest.NewRecorder()
		d.log.Reset()
		d.handler.ServeHTTP(w, r)
		var got reply
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 200 || got.Result == nil || got.IsSuccess != (len(got.Errors) == 0) {
			t.Errorf("%q: %d %s", query, w.Code, w.Body)
		}
	})
}

func TestManyAskAtOnce(t *testing.T) {
	t.Parallel()
	d := furnished(t)
	want := d.get("/v3/displacement/admin2?Admin0Pcode=XSF").Body.String()
	var group sync.WaitGroup
	d.handler = web.Handler(d.config(time.Now)) // with an empty shelf
	for range 16 {
		group.Go(func() {
			w := httptest.NewRecorder()
			d.handler.ServeHTTP(w, httptest.NewRequest("GET", "/v3/displacement/admin2?Admin0Pcode=XSF", nil))
			if w.Body.String() != want {
				t.Errorf("another answer: %s", w.Body)
			}
		})
	}
	group.Wait()
}
