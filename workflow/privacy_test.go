package workflow_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"safar/release"
	"safar/store"
	"safar/workflow"
)

func (d *desk) build() (store.Release, []release.File) {
	d.t.Helper()
	_, err := d.OpenRound(d.ctx, d.actor, roundWithDate())
	d.must(err)
	built, files, err := d.BuildRelease(d.ctx, d.actor, "demo", "baseline-sub-area", 1, workflow.ReleaseOrder{Terms: release.Terms{Licence: "L", Attribution: "A", Source: "S"}})
	d.must(err)
	return built, files
}

// silent fails when a text holds a name or number of a person.
func (d *desk) silent(where, text string, secrets ...string) {
	d.t.Helper()
	for _, s := range secrets {
		if i := strings.Index(text, s); i >= 0 {
			d.t.Errorf("%s holds %q: ...%s...", where, s, text[max(0, i-80):min(len(text), i+80)])
		}
	}
}

// TestInformantsAreNowhereButInTheOriginal sends names and telephones of informants and looks for them everywhere.
func TestInformantsAreNowhereButInTheOriginal(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.importBook(workbook) // makes the places
	_, err := d.PublishTool(d.ctx, d.actor, "demo", "baseline-sub-area")
	d.must(err)
	_, err = d.OpenRound(d.ctx, d.actor, roundWithDate())
	d.must(err)
	p := d.phone("one")
	secrets := []string{"Zulfiya", "992901234567", "Gulnora"}
	informant := "<ki><sf0030_meta_ki_type>leader</sf0030_meta_ki_type><sf0033_meta_ki_name>Zulfiya K.</sf0033_meta_ki_name><sf0034_meta_ki_phone>no-992901234567</sf0034_meta_ki_phone></ki>"
	xml := string(p.fill("uuid:1", visit("XS020101-0001", "2026-02-20", "40")))
	i := strings.Index(xml, "<people>")
	if i < 0 {
		t.Fatal(xml)
	}
	i += len("<people>")
	r := p.send([]byte(xml[:i] + informant + xml[i:]))
	d.wantTotal(112, "the phone's record takes the place of the row's")
	d.fix(r.Record, "sf0033_meta_ki_name", "Gulnora S.")
	v := d.view(r.Record)
	view := fmt.Sprintf("%+v", v.StoredRecord) + string(v.AnswersJSON)
	for _, f := range v.Findings {
		view += fmt.Sprintf("%+v", f)
	}
	d.silent("the record", view, secrets...)
	if len(v.Corrections) != 1 || v.Corrections[0].New != "(withheld)" {
		t.Errorf("corrections: %+v", v.Corrections)
	}
	list, err := d.Records(d.ctx, d.actor, "demo", workflow.RecordFilter{})
	d.must(err)
	d.silent("the list", fmt.Sprintf("%+v", list), secrets...)
	d.silentOutputs(v.Original.Name, secrets)
	original, err := d.OriginalBytes(d.ctx, d.actor, "demo", r.Record)
	d.must(err)
	if !bytes.Contains(original, []byte("Zulfiya")) {
		t.Error("the original is not whole")
	}
}

// silentOutputs looks into exports, release, trace and journal.
func (d *desk) silentOutputs(root string, secrets []string) {
	d.t.Helper()
	var out bytes.Buffer
	for _, repeat := range []string{"", "/" + root + "/assessment/people/ki"} {
		_, err := d.Export(d.ctx, d.actor, workflow.ExportOrder{Operation: "demo", Filter: workflow.RecordFilter{Activity: "baseline-sub-area"}, Repeat: repeat, Format: "csv"}, &out)
		d.must(err)
	}
	built, files := d.build()
	for _, f := range files {
		out.Write(f.Bytes)
	}
	trace, err := d.Trace(d.ctx, d.actor, built.ID, "idp.ind;adm2=XS0201")
	d.must(err)
	fmt.Fprintf(&out, "%+v", trace)
	d.must(d.Store.Read(d.ctx, func(tx *store.Tx) error {
		entries, err := tx.Journal("demo", 0, 10_000)
		for _, e := range entries {
			body, err := tx.JournalBody("demo", e.ID)
			d.must(err)
			out.Write(body)
		}
		return err
	}))
	d.silent("an output", out.String(), secrets...)
}

func TestATraceShowsOnlyTheCellsThatBecameAnswers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	lines := strings.Split(strings.TrimSpace(workbook), "\n")
	for i := range lines {
		if i == 0 {
			lines[i] += ",Key informant name,Key informant phone"
		} else {
			lines[i] += fmt.Sprintf(",Karim Rahmonov %d,+99290123456%d", i, i)
		}
	}
	d.importBook(strings.Join(lines, "\n") + "\n")
	built, _ := d.build()
	trace, err := d.Trace(d.ctx, d.actor, built.ID, "idp.ind;adm2=XS0101")
	d.must(err)
	row := fmt.Sprintf("%+v", trace.Facts[0].Record.Row)
	d.silent("the trace", row, "Rahmonov", "9929012")
	for _, want := range []string{"IDP individuals", "52", "XS010101-0001", "Obshoron", "2026-02-10"} {
		if !strings.Contains(row, want) {
			t.Errorf("%q is not in the row %s", want, row)
		}
	}
}

const laterForm = `| survey | | | |
| | type | name | label |
| | text | m0445_loc_site_id_ssid | Site |
| | date | sf0201_flow_obs_date | A question that the tool does not ask |
| settings | | | |
| | form_title | form_id | version |
| | Later | safar_baseline_sub_area | 2099010102 |
`

func TestAReleaseRebuildsAfterTheFormHasChanged(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.importBook(workbook)
	first, _ := d.build()
	_, _, err := d.PublishWorkbook(d.ctx, d.actor, "demo", "baseline-sub-area", "later.md", mustBook(t, laterForm))
	d.must(err)
	_, err = d.UndoImport(d.ctx, d.actor, "demo", mustImport(d), "wrong file")
	d.must(err)
	d.importBook(strings.Replace(workbook, ",10,52,", ",11,57,", 1))
	if _, problems, err := d.RebuildRelease(d.ctx, d.actor, first.ID); err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
	second, _ := d.build()
	third, _ := d.build()
	for before, r := range map[string]store.Release{"": first, first.ManifestHash: second, second.ManifestHash: third} {
		if r.Previous != before {
			t.Errorf("%s follows %q, want %q", r.ID, r.Previous, before)
		}
	}
}

func mustImport(d *desk) string {
	d.t.Helper()
	list, err := d.Imports(d.ctx, d.actor, "demo")
	d.must(err)
	return list[0].ID
}

func TestReleasesBuiltAtOnceAreAllKept(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, d *desk) {
		d.importBook(workbook)
		_, err := d.OpenRound(d.ctx, d.actor, roundWithDate())
		d.must(err)
		ids := make(chan string, 4)
		for range cap(ids) {
			go func() {
				built, _, err := d.BuildRelease(d.ctx, d.actor, "demo", "baseline-sub-area", 1, workflow.ReleaseOrder{Terms: release.Terms{Licence: "L", Attribution: "A", Source: "S"}})
				ids <- fmt.Sprint(built.ID, err)
			}()
		}
		seen := map[string]bool{}
		for range cap(ids) {
			seen[<-ids] = true
		}
		list, err := d.Releases(d.ctx, d.actor, "demo")
		d.must(err)
		if len(seen) != cap(ids) || len(list) != cap(ids) {
			t.Errorf("%d releases kept of %v", len(list), seen)
		}
	})
}
