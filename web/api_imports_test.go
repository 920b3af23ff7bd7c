package web_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"safar/access"
	"safar/workflow"
)

// foreignSheet is a workbook of another invented country, with a column that names people and that nothing maps.
func foreignSheet() []byte {
	lines := strings.Split(strings.ReplaceAll(firstRound, "XS", "XT"), "\n")
	for i := range lines {
		switch {
		case i == 0:
			lines[i] += ",Contact of the leader"
		case lines[i] != "":
			lines[i] += ",Farida 555-0100"
		}
	}
	return []byte(strings.Join(lines, "\n"))
}

type uploaded struct {
	Token, YAML string
	Preview     struct {
		Header []string
		Rows   [][]string
	}
}

func (o *office) uploadSheet(content []byte) (up uploaded) {
	o.t.Helper()
	w := o.send(upload("/w/imports", `C:\Users\me\villages.csv`, content, nil), o.as(access.Officer))
	if w.Code != 200 {
		o.t.Fatalf("uploading: %d %s", w.Code, w.Body)
	}
	o.must(json.Unmarshal(w.Body.Bytes(), &up))
	return up
}

// importSheet drops a workbook in, as a person would, and waits for its end.
func (o *office) importSheet(operation string, content []byte) string {
	o.t.Helper()
	up := o.uploadSheet(content)
	var started struct{ Job string }
	o.ask("POST", "/w/imports/"+up.Token, `{"operation":"`+operation+`","tool":"baseline-sub-area","round":1}`, &started)
	for range 1000 {
		var job struct {
			State, Import string
			Done, Total   int
			Error         any
		}
		o.get("/w/imports/"+started.Job, &job)
		switch job.State {
		case "done":
			return job.Import
		case "failed":
			o.t.Fatalf("the import failed: %v", job.Error)
		}
		time.Sleep(5 * time.Millisecond)
	}
	o.t.Fatal("the import does not end")
	return ""
}

func TestAWorkbookDroppedInTheBrowser(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	news, done := o.Listen()
	defer done()
	id := o.importSheet("sheets", foreignSheet())
	var last workflow.News
	for last.Kind != "import.done" {
		last = <-news
	}
	if last.Detail != id || last.Operation != "sheets" {
		t.Errorf("the news are %+v, the import is %s", last, id)
	}
	var list struct{ Rows []struct{ ID, Name string } }
	o.get("/w/sheets/records", &list)
	if len(list.Rows) != 4 {
		t.Fatalf("there are %d records", len(list.Rows))
	}
	w := o.do("GET", "/w/sheets/records/"+list.Rows[0].ID, "", o.as(access.Officer))
	if strings.Contains(w.Body.String(), "Farida") {
		t.Errorf("the page of a record shows a column that nothing maps: %s", w.Body)
	}
	if !strings.Contains(w.Body.String(), `"masked":true`) || !strings.Contains(w.Body.String(), "villages.csv") {
		t.Errorf("the row of the workbook is missing: %s", w.Body)
	}
	if left, _ := filepath.Glob(filepath.Join(o.Dir, "spool", "uploads", "*")); len(left) != 0 {
		t.Errorf("files are left: %v", left)
	}
}

func TestAnUploadBelongsToWhoSentIt(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	up := o.uploadSheet(foreignSheet())
	if len(up.Preview.Rows) != 4 || len(up.Preview.Header) == 0 || !strings.Contains(up.YAML, "columns:") {
		t.Errorf("the proposal is %+v", up)
	}
	_, err := o.AddPerson(o.ctx, o.actor, "other", testPassword, access.Officer)
	o.must(err)
	other := o.signIn("other", testPassword)
	if w := o.do("POST", "/w/imports/"+up.Token, `{"operation":"x"}`, other); w.Code != 404 {
		t.Errorf("somebody else takes it: %d %s", w.Code, w.Body)
	}
	if w := o.do("POST", "/w/imports/"+up.Token, `{"operation":"x","yaml":"columns: 7"}`, o.as(access.Officer)); w.Code != 400 {
		t.Errorf("a mapping that cannot be read: %d %s", w.Code, w.Body)
	}
	o.tick(2 * time.Hour)
	if w := o.do("POST", "/w/imports/"+up.Token, `{"operation":"x"}`, o.as(access.Officer)); w.Code != 404 {
		t.Errorf("after two hours: %d %s", w.Code, w.Body)
	}
	for range 8 { // the oldest make room
		o.uploadSheet(foreignSheet())
	}
	if left, _ := filepath.Glob(filepath.Join(o.Dir, "spool", "uploads", "*")); len(left) > 5 {
		t.Errorf("%d files wait", len(left))
	}
}

// zeros is an endless file.
type zeros struct{ left int64 }

func (z *zeros) Read(p []byte) (int, error) {
	n := min(int64(len(p)), z.left)
	z.left -= n
	if n == 0 {
		return 0, os.ErrClosed
	}
	clear(p[:n])
	return int(n), nil
}

func TestUploadsAreBounded(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	cookie := o.as(access.Officer)
	head := "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n"
	r := httptest.NewRequest("POST", "/w/imports", strings.NewReader(""))
	r.Body = io.NopCloser(io.MultiReader(strings.NewReader(head), &zeros{workflow.MaxWorkbook + 10}))
	r.ContentLength = -1
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	r.Header.Set("X-Safar", "1")
	if w := o.send(r, cookie); w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a file without end: %d %s", w.Code, w.Body)
	}
	for name, one := range map[string]struct {
		content []byte
		code    int
	}{"empty": {nil, 400}, "no workbook": {bytes.Repeat([]byte{0, 1, 2}, 1000), 400}} {
		if w := o.send(upload("/w/imports", "a.xlsx", one.content, nil), cookie); w.Code != one.code {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	if w := o.send(upload("/w/imports", "a.csv", []byte("a,b\n1,2\n"), map[string]string{"sheet": strings.Repeat("x", 9000)}), cookie); w.Code != 400 {
		t.Errorf("a long field: %d %s", w.Code, w.Body)
	}
	if left, _ := filepath.Glob(filepath.Join(o.Dir, "spool", "uploads", "*")); len(left) != 0 {
		t.Errorf("files are left: %v", left)
	}
}

func TestPlacesAreCheckedBeforeTheyAreKept(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	list := []byte("pcode,level,parent_pcode,name_en\nXT01,1,XTF,First\nXT02,1,XTF,Second\n")
	var said struct{ Areas, Changes int }
	for _, check := range []string{"1", "1", "", ""} {
		w := o.send(upload("/w/places", "areas.csv", list, map[string]string{"country": "XTF", "check": check}), o.as(access.Officer))
		if w.Code != 200 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		before := said.Changes
		o.must(json.Unmarshal(w.Body.Bytes(), &said))
		if check == "1" && before > 0 && said.Changes != before {
			t.Errorf("a check kept something: %s", w.Body)
		}
	}
	if said.Changes != 0 {
		t.Errorf("the second import changes %d", said.Changes)
	}
}

func TestMapsKeepTheirTag(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	path := opPath + "/areas?level=2"
	first := o.do("GET", path, "", o.as(access.Viewer))
	r := httptest.NewRequest("GET", path, nil)
	r.Header.Set("If-None-Match", first.Header().Get("ETag"))
	if again := o.send(r, o.as(access.Viewer)); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
		t.Errorf("the same map again: %d", again.Code)
	}
	var m workflow.AreaMap
	o.must(json.Unmarshal(first.Body.Bytes(), &m))
	edges := map[[2][2]float64]int{} // of all areas: neighbours share theirs, the other way round
	for _, f := range m.Features {
		if f.Geometry == nil || f.Point == nil {
			t.Fatalf("%s has no shape", f.Code)
		}
		for _, polygon := range f.Geometry.Coordinates {
			for _, ring := range polygon {
				if ring[0] != ring[len(ring)-1] {
					t.Errorf("%s: a ring is open", f.Code)
				}
				for i := range len(ring) - 1 {
					edges[[2][2]float64{ring[i], ring[i+1]}]++
				}
			}
		}
	}
	shared := 0
	for edge := range edges {
		shared += min(edges[[2][2]float64{edge[1], edge[0]}], 1)
	}
	if shared < len(edges)/4 {
		t.Errorf("%d of %d edges are shared", shared, len(edges))
	}
	if w := o.do("GET", opPath+"/areas?level=2", "", o.as(access.Viewer)); w.Header().Get("ETag") != first.Header().Get("ETag") {
		t.Error("the tag changed without a change")
	}
}
