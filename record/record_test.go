package record_test

import (
	"strings"
	"testing"

	"safar/fault"
	"safar/form/xpath"
	"safar/record"
)

func tree(t *testing.T, xml string) *xpath.Node {
	t.Helper()
	root, err := xpath.ParseXML(strings.NewReader(xml), xpath.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return root.Elements()[0]
}

const sample = `<data id="f" version="1"><place>Дех "A"</place><g><n>12</n><note/></g><ki><name>Karim</name></ki><ki><name>Zulfiya</name></ki><meta><instanceID>uuid:1</instanceID></meta></data>`

func TestAnswersSurviveJSON(t *testing.T) {
	t.Parallel()
	encoded := record.EncodeAnswers(tree(t, sample))
	want := `{"data":{"@id":"f","@version":"1","place":"Дех \"A\"","g":{"n":"12","note":""},"ki":[{"name":"Karim"},{"name":"Zulfiya"}],"meta":{"instanceID":"uuid:1"}}}`
	if string(encoded) != want {
		t.Errorf("got  %s\nwant %s", encoded, want)
	}
	decoded, err := record.DecodeAnswers(encoded)
	if err != nil {
		t.Fatal(err)
	}
	if again := record.EncodeAnswers(decoded); string(again) != want {
		t.Errorf("a second turn gives %s", again)
	}
}

func TestCurrentLaysCorrectionsOverTheOriginal(t *testing.T) {
	t.Parallel()
	r := record.Record{Answers: tree(t, sample), Corrections: []record.Correction{
		{ID: "2", Path: "/data/g/n", Old: "13", New: "14"},
		{ID: "1", Path: "/data/g/n", Old: "12", New: "13"},
		{ID: "3", Path: "/data/ki[2]/name", New: "Z."},
		{ID: "4", Path: "/data/g/added", New: "x"},
		{ID: "5", Path: "/data/gone/away", New: "x"},
	}}
	got := string(record.EncodeAnswers(r.Current()))
	for _, want := range []string{`"n":"14"`, `{"name":"Z."}`, `"added":"x"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not in %s", want, got)
		}
	}
	if original := string(record.EncodeAnswers(r.Answers)); !strings.Contains(original, `"n":"12"`) {
		t.Errorf("the original was touched: %s", original)
	}
}

func TestLocate(t *testing.T) {
	t.Parallel()
	root := tree(t, sample)
	if path, err := record.Locate(root, "n"); err != nil || path != "/data/g/n" {
		t.Errorf("n: %s, %v", path, err)
	}
	if _, err := record.Locate(root, "name"); fault.CodeOf(err) != fault.RecordManyAnswers || !strings.Contains(err.Error(), "/data/ki[2]/name") {
		t.Errorf("a question in a repeat: %v", err)
	}
	if _, err := record.Locate(root, "nothing"); fault.CodeOf(err) != fault.RecordNoAnswer {
		t.Errorf("an unknown question: %v", err)
	}
}

func TestSplitTakesIdentitiesOut(t *testing.T) {
	t.Parallel()
	kept, taken := record.Split(tree(t, sample), func(name string) bool { return name == "name" })
	if got := string(record.EncodeAnswers(kept)); strings.Contains(got, "Karim") || strings.Contains(got, "Zulfiya") {
		t.Errorf("a name is left in %s", got)
	}
	if len(taken) != 2 || taken["/data/ki[2]/name"] != "Zulfiya" {
		t.Errorf("taken: %v", taken)
	}
}

func FuzzDecodeAnswers(f *testing.F) {
	f.Add([]byte(`{"data":{"a":"1","b":[{"c":"2"},"x"]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		root, err := record.DecodeAnswers(data)
		if err != nil {
			return
		}
		once := record.EncodeAnswers(root)
		again, err := record.DecodeAnswers(once)
		if err != nil || string(record.EncodeAnswers(again)) != string(once) {
			t.Errorf("%q does not survive: %q (%v)", data, once, err)
		}
	})
}
