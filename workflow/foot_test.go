package workflow_test

import (
	"bytes"
	"testing"

	"safar/release"
)

// TestARecordOfADistrictAloneFoots releases a round with a record that no jamoat is known of.
func TestARecordOfADistrictAloneFoots(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.importBook(workbook)
	_, err := d.PublishTool(d.ctx, d.actor, "demo", "baseline-sub-area")
	d.must(err)
	_, err = d.OpenRound(d.ctx, d.actor, roundWithDate())
	d.must(err)
	answers := visit("S-1", "2026-02-10", "40")
	answers["m0303_meta_adm1_pcode"], answers["m0304_meta_adm2_pcode"] = "XS01", "XS0101"
	p := d.phone("one")
	p.send(p.fill("uuid:1", answers))
	built, files := d.build()
	if _, problems, err := release.Verify(release.NewFolder(files, built.CreatedAt)); err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
	for i, f := range files {
		if f.Path == "data/figures_adm3.csv" { // a number that is wrong is still found
			files[i].Bytes = bytes.Replace(f.Bytes, []byte(",72,ind,"), []byte(",71,ind,"), 1)
		}
	}
	if _, problems, _ := release.Verify(release.NewFolder(files, built.CreatedAt)); len(problems) < 2 {
		t.Errorf("a wrong sum was not found: %v", problems)
	}
}
