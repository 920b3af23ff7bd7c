package release_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"safar/disclose"
	"safar/fault"
	"safar/locale"
	"safar/measure"
	"safar/release"
	"safar/round"
)

// sample is a round of two districts and three villages in an invented country.
func sample() release.Input {
	fact := func(rec, item, unit, adm1, adm2, adm3, reason string, value float64) measure.Fact {
		return measure.Fact{Op: "demo", Activity: "baseline-sub-area", Round: 1, Record: rec, Version: 1, Item: item, Adm: [5]string{"XSF", adm1, adm2, adm3}, Category: "idp", Reason: reason, Value: value, Unit: unit, Weight: 1}
	}
	return release.Input{
		ID: "demo.baseline-sub-area.r1.v1", CreatedAt: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC),
		Operation: round.Operation{Slug: "demo", Title: "Demo", Country: "XSF", Status: "active"},
		Activity:  round.Activity{Operation: "demo", ID: "baseline-sub-area", Tool: "baseline-sub-area", ToolVersion: "1"},
		Round:     round.Round{Number: 1, Start: "2026-01-05", End: "2026-02-15"},
		Title:     "Demo: sub-area assessment, round 1", Terms: release.Terms{Licence: "CC BY 4.0", Attribution: "Demo bureau", Source: "https://example.org"},
		Pack: release.PackRef{Tool: "baseline-sub-area", Version: "1", Hash: "h"}, API: "BA", Purpose: "Counts.", Method: "Key informants.", Limits: "Estimates.",
		Reasons:  locale.Text{"conflict_displacement": "Conflict"},
		Measures: []measure.Measure{{ID: "idp.ind", Title: locale.Text{"en": "IDPs"}, Fact: "idp_ind", Agg: "sum", Unit: "ind", Kind: "stock", AddOver: []string{"place"}, API: release.DTMField, Definition: locale.Text{"en": "People."}}},
		Tables:   []release.Table{{ID: "figures_adm0", By: []string{"adm0"}}, {ID: "figures_adm1", By: []string{"adm1"}}, {ID: "figures_adm2", By: []string{"adm2"}}, {ID: "figures_adm3", By: []string{"adm3"}}},
		Areas: []release.Area{{Code: "XSF", Name: "Safaria", Level: 0}, {Code: "A", Name: "Upper", Level: 1, Parent: "XSF"}, {Code: "A1", Name: "North", Level: 2, Parent: "A"}, {Code: "A2", Name: "=South", Level: 2, Parent: "A"},
			{Code: "A11", Name: "One", Level: 3, Parent: "A1"}, {Code: "A12", Name: "Two", Level: 3, Parent: "A1"}, {Code: "A21", Name: "Three", Level: 3, Parent: "A2"}},
		Facts: []measure.Fact{
			fact("1", "idp_ind", "ind", "A", "A1", "A11", "conflict_displacement", 3), fact("2", "idp_ind", "ind", "A", "A1", "A12", "", 40),
			fact("3", "idp_ind", "ind", "A", "A2", "A21", "", 0),
		},
		Policy: disclose.Default(), Records: 3,
	}
}

func build(t *testing.T, in release.Input) map[string]string {
	t.Helper()
	files, err := release.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, f := range files {
		out[f.Path] = string(f.Bytes)
	}
	return out
}

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	first, second := build(t, sample()), build(t, sample())
	for path, text := range first {
		if second[path] != text {
			t.Errorf("%s differs between two builds", path)
		}
	}
}

func TestSmallCellsAreWithheldAndZerosStand(t *testing.T) {
	t.Parallel()
	adm3 := build(t, sample())["data/figures_adm3.csv"]
	for _, want := range []string{"idp.ind;adm3=A11,idp.ind,XSF,Safaria,A,Upper,A1,North,A11,One,,ind,,0,0,withheld: small", "withheld: secondary", "idp.ind;adm3=A21,idp.ind,XSF,Safaria,A,Upper,A2,'=South,A21,Three,0,ind,1,0,0,published"} {
		if !strings.Contains(adm3, want) {
			t.Errorf("%q is not in\n%s", want, adm3)
		}
	}
}

func TestTheDTMTablesFollowTheAPI(t *testing.T) {
	t.Parallel()
	adm1 := build(t, sample())["data/dtm_admin1.csv"]
	want := `cell,operation,admin0Name,admin0Pcode,admin1Name,admin1Pcode,numPresentIdpInd,reportingDate,yearReportingDate,monthReportingDate,roundNumber,displacementReason,numberMales,numberFemales,idpOriginAdmin1Name,idpOriginAdmin1Pcode,assessmentType
,#operation+name,#country+name,#country+code,#adm1+name,#adm1+code,#affected+idps,#date+reported,#date+year+reported,#date+month+reported,#round+code,#cause+type,#affected+idps+m,#affected+idps+f,#adm1+name+origin,#adm1+code+origin,#assessment+type
idp.ind;adm1=A;reason=;origin_adm1=,Demo,Safaria,XSF,Upper,A,40,2026-02-15T00:00:00,2026,2,1,No reason for displacement reported,,,Not available,Not available,BA
idp.ind;adm1=A;reason=conflict_displacement;origin_adm1=,Demo,Safaria,XSF,Upper,A,3,2026-02-15T00:00:00,2026,2,1,Conflict,,,Not available,Not available,BA
`
	if adm1 != want {
		t.Errorf("got\n%s\nwant\n%s", adm1, want)
	}
}

func folder(t *testing.T) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	for path, text := range build(t, sample()) {
		out[path] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

func TestVerify(t *testing.T) {
	t.Parallel()
	if _, problems, err := release.Verify(folder(t)); err != nil || len(problems) > 0 {
		t.Fatalf("a fresh release: %v %v", problems, err)
	}
	for name, c := range map[string]struct {
		spoil func(fstest.MapFS)
		want  fault.Code
	}{
		"changed": {func(f fstest.MapFS) { f["codebook.csv"].Data = append(f["codebook.csv"].Data, 'x') }, fault.ReleaseFileChanged},
		"missing": {func(f fstest.MapFS) { delete(f, "methodology.md") }, fault.ReleaseFileMissing},
		"added":   {func(f fstest.MapFS) { f["data/extra.csv"] = &fstest.MapFile{Data: []byte("x\n1\n")} }, fault.ReleaseFileExtra},
		"footing": {func(f fstest.MapFS) {
			f["data/figures_adm2.csv"].Data = []byte(strings.Replace(string(f["data/figures_adm2.csv"].Data), ",43,", ",44,", 1))
		}, fault.ReleaseFooting},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := folder(t)
			c.spoil(f)
			_, problems, err := release.Verify(f)
			if err != nil {
				t.Fatal(err)
			}
			found := false
			for _, p := range problems {
				found = found || fault.CodeOf(p) == c.want
			}
			if !found {
				t.Errorf("want %s among %v", c.want, problems)
			}
		})
	}
}

func TestWhatCannotBeDefendedIsRefused(t *testing.T) {
	t.Parallel()
	for want, spoil := range map[fault.Code]func(*release.Input){
		fault.ReleaseNoDate:    func(in *release.Input) { in.Round.End = "" },
		fault.ReleaseNoTerms:   func(in *release.Input) { in.Terms.Attribution = "" },
		fault.ReleaseNoRecords: func(in *release.Input) { in.Records = 0 },
	} {
		in := sample()
		spoil(&in)
		if _, err := release.Build(in); fault.CodeOf(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestCellIDsComeApartAgain(t *testing.T) {
	t.Parallel()
	cell := release.CellID("idp.ind", []string{"adm1", "reason"}, []string{"A;=%", ""})
	m, by, values, ok := release.ParseCell(cell)
	if !ok || m != "idp.ind" || len(by) != 2 || values[0] != "A;=%" || values[1] != "" {
		t.Errorf("%s: %v %v %v", cell, m, by, values)
	}
}

func TestFolderIsAFileSystem(t *testing.T) {
	t.Parallel()
	files, err := release.Build(sample())
	if err != nil {
		t.Fatal(err)
	}
	if err := fstest.TestFS(release.NewFolder(files, time.Unix(0, 0)), "manifest.json", "data/figures_adm0.csv"); err != nil {
		t.Error(err)
	}
}
