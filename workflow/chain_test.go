package workflow_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"testing"

	"safar/access"
	"safar/fault"
	"safar/form"
	"safar/record"
	"safar/release"
	"safar/store"
	"safar/toolbox"
	"safar/workflow"
)

const workbook = `country_code,province_code,province,district_code,district,jamoat_code,jamoat,SSID,village,date,IDP households,IDP individuals,Returnee households,Returnee individuals
XSF,XS01,Upper,XS0101,North,XS010101,One,XS010101-0001,Obshoron,2026-02-10,10,52,2,9
XSF,XS01,Upper,XS0101,North,XS010101,One,XS010101-0002,Navobod,2026-02-11,4,20,0,0
XSF,XS01,Upper,XS0102,South,XS010201,Two,XS010201-0001,Sangtuda,2026-02-11,0,0,7,33
XSF,XS02,Lower,XS0201,East,XS020101,Three,XS020101-0001,Guliston,2026-02-12,30,161,0,0
`

func (d *desk) importBook(text string) workflow.ImportResult {
	d.t.Helper()
	result, err := d.Import(d.ctx, d.actor, workflow.ImportOrder{Operation: "Demo", Tool: "baseline-sub-area", Round: 1, File: book("villages.csv", text)})
	d.must(err)
	return result
}

func (d *desk) total(measure string) float64 {
	d.t.Helper()
	figures, err := d.Figures(d.ctx, d.actor, workflow.FigureQuery{Measure: measure})
	d.must(err)
	if len(figures.Rows) != 1 || figures.Rows[0].Value == nil {
		return 0
	}
	return *figures.Rows[0].Value
}

func TestAnImportRepeatedChangesNothingAndAnUndoneOneIsGone(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, d *desk) {
		first := d.importBook(workbook)
		if first.Inserted != 4 || first.Failed != 0 {
			t.Fatalf("inserted %d, failed %d: %v; made %v", first.Inserted, first.Failed, first.Errors, first.Made)
		}
		if got := d.total("idp.ind"); got != 233 {
			t.Errorf("idp.ind = %v, want 233", got)
		}
		if again := d.importBook(workbook); again.Import.Skipped != 4 || again.Inserted+again.Changed != 0 {
			t.Errorf("again: %+v", again.Import)
		}
		changed := d.importBook(strings.Replace(workbook, ",10,52,", ",11,57,", 1))
		if changed.Changed != 1 || changed.Import.Skipped != 3 {
			t.Errorf("changed: %+v", changed.Import)
		}
		if got := d.total("idp.ind"); got != 238 {
			t.Errorf("after the change idp.ind = %v, want 238", got)
		}
		if n, err := d.UndoImport(d.ctx, d.actor, "demo", changed.ID, "wrong file"); err != nil || n != 1 {
			t.Errorf("undo: %d, %v", n, err)
		}
		if got := d.total("idp.ind"); got != 233 {
			t.Errorf("after the undo idp.ind = %v, want 233", got)
		}
		if _, err := d.UndoImport(d.ctx, d.actor, "demo", changed.ID, ""); fault.CodeOf(err) != fault.WorkflowImportUndone {
			t.Errorf("a second undo: %v", err)
		}
	})
}

func TestBadRowsAreListedAndTheRestIsIn(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	text := strings.Replace(workbook, ",4,20,", ",4,#REF!,", 1) + "XSF,XS01,Upper,XS0101,North,XS010101,One,XS010101-0001,Obshoron,2026-02-10,1,2,3,4\n"
	result := d.importBook(text)
	if result.Inserted != 4 || result.Failed != 1 || len(result.Errors) < 2 {
		t.Fatalf("inserted %d, failed %d, errors %v", result.Inserted, result.Failed, result.Errors)
	}
	listed, err := d.ImportErrors(d.ctx, d.actor, "demo", result.ID)
	d.must(err)
	text = fmt.Sprint(listed)
	for _, want := range []string{"L3", "#REF!", "XS010101-0001"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
	if got := d.total("idp.ind"); got != 213 {
		t.Errorf("idp.ind = %v, want 213: only the broken cell is missing", got)
	}
}

func (d *desk) recordOfUnit(unit string) record.ID {
	d.t.Helper()
	counting := true
	list, err := d.Records(d.ctx, d.actor, "demo", workflow.RecordFilter{Unit: unit, Counts: &counting})
	d.must(err)
	if len(list) != 1 {
		d.t.Fatalf("%d records count for %s", len(list), unit)
	}
	return list[0].ID
}

// TestAReleaseOpensAndRebuilds walks the whole chain: rows, figures, correction, release, trace, rebuild, and what is
// corrected after the release.
func TestAReleaseOpensAndRebuilds(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, d *desk) {
		d.importBook(workbook)
		id := d.recordOfUnit("XS010101-0001")
		fix := workflow.Correction{Operation: "demo", Record: id, Question: "m0310_loc_num_idp_ind", Value: "50", Reason: "typo", Comment: "asked again"}
		_, err := d.Correct(d.ctx, d.actor, fix)
		d.must(err)
		if got := d.total("idp.ind"); got != 231 {
			t.Fatalf("after the correction idp.ind = %v, want 231", got)
		}
		order := workflow.ReleaseOrder{Terms: release.Terms{Licence: "CC BY 4.0", Attribution: "Bureau", Source: "https://example.org"}}
		if _, _, err := d.BuildRelease(d.ctx, d.actor, "demo", "baseline-sub-area", 1, order); fault.CodeOf(err) != fault.ReleaseNoDate {
			t.Errorf("a round without date: %v", err)
		}
		_, err = d.OpenRound(d.ctx, d.actor, roundWithDate())
		d.must(err)
		built, files, err := d.BuildRelease(d.ctx, d.actor, "demo", "baseline-sub-area", 1, order)
		d.must(err)
		if _, problems, err := release.Verify(release.NewFolder(files, built.CreatedAt)); err != nil || len(problems) > 0 {
			t.Errorf("verify: %v %v", problems, err)
		}
		d.checkTrace(built.ID, "idp.ind;adm2=XS0101", 70, "50")

		fix.Value = "49"
		_, err = d.Correct(d.ctx, d.actor, fix) // after the release: must not be in it
		d.must(err)
		again, problems, err := d.RebuildRelease(d.ctx, d.actor, built.ID)
		d.must(err)
		if len(problems) > 0 || len(again) != len(files) {
			t.Errorf("rebuild: %v", problems)
		}
		for i := range again {
			if !bytes.Equal(again[i].Bytes, files[i].Bytes) {
				t.Errorf("%s differs", again[i].Path)
			}
		}
		d.checkTrace(built.ID, "idp.ind;adm2=XS0101", 70, "50")
		report, err := d.Check(d.ctx, d.actor, nil)
		d.must(err)
		if len(report.Problems) > 0 || report.Releases != 1 {
			t.Errorf("check: %+v %v", report, report.Problems)
		}
	})
}

func (d *desk) checkTrace(id, cell string, value float64, corrected string) {
	d.t.Helper()
	tr, err := d.Trace(d.ctx, d.actor, id, cell)
	d.must(err)
	if !tr.Agrees || tr.Value != value || len(tr.Facts) != 2 {
		d.t.Errorf("trace of %s: value %v, agrees %v, %d facts", cell, tr.Value, tr.Agrees, len(tr.Facts))
	}
	found := false
	for _, f := range tr.Facts {
		if f.Record.Row == nil || f.Record.Row.File != "villages.csv" || f.Record.Row.Row < 2 {
			d.t.Errorf("a fact without its row: %+v", f.Record)
		}
		for _, c := range f.Record.Corrections {
			found = found || (c.Old == "52" && c.New == corrected)
		}
	}
	if !found {
		d.t.Error("the correction is not in the trace")
	}
}

func TestPublishedReleasesAreReadByAllAndBuiltOnesAreNot(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.importBook(workbook)
	_, err := d.OpenRound(d.ctx, d.actor, roundWithDate())
	d.must(err)
	built, _, err := d.BuildRelease(d.ctx, d.actor, "demo", "baseline-sub-area", 1, workflow.ReleaseOrder{Terms: release.Terms{Licence: "L", Attribution: "A", Source: "S"}})
	d.must(err)
	public := access.Actor{Kind: access.Public, Name: "public"}
	if _, err := d.Release(d.ctx, public, built.ID); fault.CodeOf(err) != fault.ReleaseUnknown {
		t.Errorf("a built release is public: %v", err)
	}
	_, err = d.SetReleaseState(d.ctx, d.actor, built.ID, store.ReleasePublished, "")
	d.must(err)
	r, err := d.Release(d.ctx, public, built.ID)
	d.must(err)
	fsys, err := d.ReleaseFS(d.ctx, public, r)
	d.must(err)
	if _, err := fs.ReadFile(fsys, "data/figures_adm1.csv"); err != nil {
		t.Error(err)
	}
	if _, err := d.SetReleaseState(d.ctx, d.actor, built.ID, store.ReleasePublished, ""); fault.CodeOf(err) != fault.ReleaseState {
		t.Errorf("publishing twice: %v", err)
	}
}

// phone is a device of the demo operation, with its form.
type phone struct {
	d     *desk
	actor access.Actor
	form  *form.Form
}

func (d *desk) phone(name string) phone {
	d.t.Helper()
	device, err := d.AddDevice(d.ctx, d.actor, store.Device{Operation: "demo", Name: name})
	d.must(err)
	actor, err := d.Authenticate(d.ctx, "", device.Secret)
	d.must(err)
	pack, err := d.Tools.Pack("baseline-sub-area")
	d.must(err)
	f, _, err := toolbox.Form(pack, pack.MainForm(), d.Dictionary)
	d.must(err)
	return phone{d, actor, f}
}

// fill makes a submission as a phone writes it.
func (p phone) fill(instance string, answers map[string]string) []byte {
	p.d.t.Helper()
	tree := form.NewAnswers(p.form)
	for question, value := range answers {
		path, err := record.Locate(tree, question)
		p.d.must(err)
		record.At(tree, path).SetText(value)
	}
	return form.WriteInstance(p.form, tree, form.Identity{InstanceID: instance})
}

func visit(ssid, date, idps string) map[string]string {
	return map[string]string{
		"m0302_meta_adm0_pcode": "XSF", "m1855_meta_assessment_date": date, "sf0001_meta_consent_ki": "yes", "m0445_loc_site_id_ssid": ssid,
		"s1534_loc_loc_access": "yes", "sf0100_loc_num_idp_hh": "10", "m0310_loc_num_idp_ind": idps, "sf0101_loc_num_returnee_hh": "0", "sf0102_loc_num_returnee_ind": "0",
	}
}

func (p phone) send(xml []byte, parts ...workflow.Part) workflow.Receipt {
	p.d.t.Helper()
	r, err := p.d.Receive(p.d.ctx, p.actor, workflow.Submission{Operation: "demo", Source: record.FromDevice, XML: xml, Parts: parts})
	p.d.must(err)
	return r
}

// TestReceiving is contracts section 3 as a table of what becomes of a submission.
func TestReceiving(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, d *desk) {
		d.operation()
		p, q := d.phone("one"), d.phone("two")
		xml := p.fill("uuid:1", visit("S-1", "2026-02-10", "40"))
		first := p.send(xml)
		if first.Outcome != workflow.Accepted || first.Notice != nil {
			t.Errorf("new: %+v", first)
		}
		if again := p.send(xml); again.Outcome != workflow.Repeated || again.Record != first.Record {
			t.Errorf("identical: %+v", again)
		}
		if other := q.send(xml); other.Outcome != workflow.Repeated || other.Record != first.Record {
			t.Errorf("identical from another device: %+v", other)
		}
		conflict := q.send(p.fill("uuid:1", visit("S-1", "2026-02-10", "41")))
		if conflict.Outcome != workflow.Conflicted || conflict.Record == first.Record {
			t.Errorf("same instance, other answers: %+v", conflict)
		}
		broken := p.send([]byte("<data><a></data>"))
		if broken.Outcome != workflow.Kept || broken.Notice == nil {
			t.Errorf("broken XML: %+v", broken)
		}
		unknown := p.send(bytes.Replace(p.fill("uuid:2", visit("S-2", "2026-02-10", "7")), []byte(`id="safar_baseline_sub_area"`), []byte(`id="another_form"`), 1))
		if unknown.Outcome != workflow.Kept || unknown.Notice.Code != fault.WorkflowUnknownForm {
			t.Errorf("unknown form: %+v", unknown)
		}
		original, err := d.OriginalBytes(d.ctx, d.actor, "demo", broken.Record)
		if err != nil || string(original) != "<data><a></data>" {
			t.Errorf("the broken original: %q, %v", original, err)
		}
		if got := d.total("idp.ind"); got != 40 {
			t.Errorf("idp.ind = %v, want 40: only what was accepted counts", got)
		}
		d.must(d.Decide(d.ctx, d.actor, "demo", conflict.Record, record.Received, "the second is right"))
		if got := d.total("idp.ind"); got != 41 {
			t.Errorf("after the decision idp.ind = %v, want 41", got)
		}
	})
}

func TestTheNewestRecordOfAUnitCounts(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.operation()
	p := d.phone("one")
	later := p.send(p.fill("uuid:b", visit("S-1", "2026-02-12", "60")))
	p.send(p.fill("uuid:a", visit("S-1", "2026-02-10", "40")))
	p.send(p.fill("uuid:c", visit("S-2", "2026-02-11", "5")))
	p.send(p.fill("uuid:d", visit("S-3", "2026-05-11", "9")))
	if got := d.total("idp.ind"); got != 65 {
		t.Errorf("idp.ind = %v, want 65: the newest of S-1, S-2, and S-3 lies in no round", got)
	}
	d.must(d.Decide(d.ctx, d.actor, "demo", later.Record, record.Excluded, "invented by the enumerator"))
	if got := d.total("idp.ind"); got != 45 {
		t.Errorf("idp.ind = %v, want 45: the earlier record takes its place", got)
	}
}

func part(name, text string) workflow.Part {
	sum := sha256.Sum256([]byte(text))
	return workflow.Part{Name: name, Size: int64(len(text)), SHA256: hex.EncodeToString(sum[:]), Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

const photoForm = `| survey | | | |
| | type | name | label |
| | text | m0445_loc_site_id_ssid | Site |
| | date | m1855_meta_assessment_date | Date |
| | integer | m0310_loc_num_idp_ind | IDPs |
| | image | photo | Photo |
| settings | | | |
| | form_title | form_id | version |
| | Photo | safar_baseline_sub_area | 2099010101 |
`

func TestARecordWaitsForItsAttachments(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, d *desk) {
		d.operation()
		f, _, err := workflow.ConvertForm("photo.md", strings.NewReader(photoForm), int64(len(photoForm)))
		d.must(err)
		_, _, err = d.PublishWorkbook(d.ctx, d.actor, "demo", "baseline-sub-area", "photo.md", mustBook(t, photoForm))
		d.must(err)
		p := d.phone("one")
		p.form = f
		xml := p.fill("uuid:p", map[string]string{"m0445_loc_site_id_ssid": "S-9", "m1855_meta_assessment_date": "2026-02-03", "m0310_loc_num_idp_ind": "12", "photo": "a.jpg"})
		first := p.send(xml)
		if first.Outcome != workflow.Accepted || len(first.Missing) != 1 {
			t.Fatalf("without the photo: %+v", first)
		}
		if got := d.total("idp.ind"); got != 0 {
			t.Errorf("a waiting record counts %v", got)
		}
		over := p.send(xml, workflow.Part{Name: "b.jpg", Over: true})
		if len(over.Refused) != 1 || over.Notice.Code != fault.WorkflowAttachmentLarge {
			t.Errorf("an attachment over the limit: %+v", over)
		}
		second := p.send(xml, part("a.jpg", "pixels"))
		if second.Outcome != workflow.Repeated || len(second.Missing) != 0 || second.Record != first.Record {
			t.Errorf("with the photo: %+v", second)
		}
		if got := d.total("idp.ind"); got != 12 {
			t.Errorf("idp.ind = %v, want 12", got)
		}
	})
}

func TestForbiddenIsForbidden(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.operation()
	viewer := access.Actor{Kind: access.Person, Role: access.Viewer, Name: "person:v"}
	tries := map[string]func() error{
		"correct": func() error {
			_, err := d.Correct(d.ctx, viewer, workflow.Correction{Operation: "demo", Record: "x", Question: "q", Reason: "typo"})
			return err
		},
		"import": func() error {
			_, err := d.Import(d.ctx, viewer, workflow.ImportOrder{Operation: "demo", Tool: "baseline-sub-area", Round: 1, File: book("v.csv", workbook)})
			return err
		},
		"records": func() error { _, err := d.Records(d.ctx, viewer, "demo", workflow.RecordFilter{}); return err },
		"release": func() error {
			_, _, err := d.BuildRelease(d.ctx, viewer, "demo", "baseline-sub-area", 1, workflow.ReleaseOrder{})
			return err
		},
		"people": func() error { _, err := d.People(d.ctx, viewer); return err },
		"backup": func() error { return d.Backup(d.ctx, viewer, io.Discard, "long passphrase") },
	}
	for name, try := range tries {
		if err := try(); fault.CodeOf(err) != fault.WorkflowForbidden {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := d.Authenticate(d.ctx, "", "no such secret")
	if fault.CodeOf(err) != fault.WorkflowNoCredentials {
		t.Errorf("an unknown secret: %v", err)
	}
}
