package xform_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"safar/form/xform"
	"safar/form/xpath"
)

// inspector proves that an XForm is whole: what the ODK validator would refuse is refused here.
type inspector struct {
	t     *testing.T
	model *xpath.Node
	root  *xpath.Node // of the primary instance
	ids   map[string]bool
	texts map[string]bool
	lost  int // paths of expressions that lead nowhere, which authors write and clients accept
}

func inspect(t *testing.T, raw []byte) (lostPaths int) {
	t.Helper()
	doc, err := xpath.ParseXML(bytes.NewReader(raw), xpath.Limits{})
	if err != nil {
		t.Fatalf("not well formed: %v", err)
	}
	primary, _, ok := xpath.PrimaryInstance(doc)
	if !ok {
		t.Fatal("no primary instance")
	}
	model := doc.Find("/html/head/model")[0]
	in := &inspector{t: t, model: model, root: primary, ids: map[string]bool{}, texts: map[string]bool{}}
	in.instances()
	in.translations()
	for _, bind := range model.ChildrenNamed("bind") {
		in.bind(bind)
	}
	for _, name := range []string{"setvalue", "setgeopoint", "recordaudio"} {
		for _, action := range model.ChildrenNamed(name) {
			in.node(action, "ref")
			in.expression(action, "value")
		}
	}
	in.body(doc.Find("/html/body")[0])
	return in.lost
}

func (in *inspector) instances() {
	for i, instance := range in.model.ChildrenNamed("instance") {
		id, ok := instance.Attr("id")
		if i == 0 {
			continue
		}
		if !ok || in.ids[id] {
			in.t.Errorf("instance %q has no id of its own", id)
		}
		in.ids[id] = true
	}
	top := in.root.Elements()[0]
	if id, ok := top.Attr("id"); !ok || id == "" {
		in.t.Error("the primary instance has no id")
	}
	if meta := top.Child("meta"); meta == nil || meta.Child("instanceID") == nil {
		in.t.Error("the primary instance has no meta/instanceID")
	}
}

// translations proves that every language has the same texts.
func (in *inspector) translations() {
	itext := in.model.Child("itext")
	if itext == nil {
		return
	}
	for i, translation := range itext.ChildrenNamed("translation") {
		seen := map[string]bool{}
		for _, text := range translation.ChildrenNamed("text") {
			id, _ := text.Attr("id")
			if seen[id] {
				in.t.Errorf("the text %s stands twice", id)
			}
			seen[id] = true
			if i == 0 {
				in.texts[id] = true
			}
			in.outputs(text)
		}
		if len(seen) != len(in.texts) {
			in.t.Errorf("translation %d has %d texts, the first %d", i, len(seen), len(in.texts))
		}
	}
	for _, id := range in.model.Find("/html/head/model/instance/root/item/itextId") {
		if !in.texts[id.StringValue()] {
			in.t.Errorf("a choice refers to the text %s, which is not there", id.StringValue())
		}
	}
}

func (in *inspector) outputs(n *xpath.Node) {
	for _, c := range n.Children {
		if c.Name == "output" {
			in.expression(c, "value")
		}
		in.outputs(c)
	}
}

func (in *inspector) node(n *xpath.Node, attribute string) {
	path, ok := n.Attr(attribute)
	if !ok || len(in.root.Find(path)) == 0 {
		in.t.Errorf("%s %s=%q leads to no node", n.Name, attribute, path)
	}
}

// expression proves that an attribute parses and that its absolute paths lead somewhere.
func (in *inspector) expression(n *xpath.Node, attribute string) {
	source, ok := n.Attr(attribute)
	if !ok || strings.HasPrefix(source, "jr:itext(") {
		return
	}
	parsed, err := xpath.Parse(source)
	if err != nil {
		in.t.Errorf("%s %s=%q: %v", n.Name, attribute, source, err)
		return
	}
	context, ok := n.Attr("nodeset")
	if !ok || !strings.HasPrefix(context, "/") {
		context, ok = n.Attr("ref")
	}
	for _, ref := range parsed.References() {
		switch {
		case ref.Instance != "":
			if !in.ids[ref.Instance] {
				in.t.Errorf("%s: there is no instance %s", source, ref.Instance)
			}
		case ref.Function != "" || !ref.Absolute && !ok:
		default:
			path, good := ref.From(context)
			if !good || len(in.root.Find(path)) == 0 {
				in.t.Logf("%s: %s leads to no node", source, path)
				in.lost++
			}
		}
	}
}

func (in *inspector) bind(n *xpath.Node) {
	in.node(n, "nodeset")
	for _, attribute := range []string{"relevant", "required", "readonly", "constraint", "calculate"} {
		in.expression(n, attribute)
	}
	for _, attribute := range []string{"constraintMsg", "requiredMsg", "noAppErrorString"} {
		in.text(n, attribute)
	}
}

// text proves that jr:itext('id') names a text.
func (in *inspector) text(n *xpath.Node, attribute string) {
	value, _ := n.Attr(attribute)
	if id, ok := strings.CutPrefix(value, "jr:itext('"); ok && !in.texts[strings.TrimSuffix(id, "')")] {
		in.t.Errorf("%s refers to the text %s, which is not there", n.Name, value)
	}
}

func (in *inspector) body(n *xpath.Node) {
	for _, c := range n.Elements() {
		switch c.Name {
		case "label", "hint":
			in.text(c, "ref")
			in.outputs(c)
			continue
		case "value", "item":
			continue
		case "repeat":
			in.node(c, "nodeset")
			in.expression(c, "count")
		case "itemset":
			source, _ := c.Attr("nodeset")
			if _, err := xpath.Parse(source); err != nil {
				in.t.Errorf("itemset %s: %v", source, err)
			}
		default:
			in.node(c, "ref")
			in.expression(c, "value")
		}
		in.body(c)
	}
}

func TestStructure(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob("testdata/*.md")
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			raw, err := xform.Write(convert(t, filepath.Base(file), string(source)))
			if err != nil {
				t.Fatal(err)
			}
			if lost := inspect(t, raw); lost > 0 {
				t.Errorf("%d paths lead nowhere", lost)
			}
		})
	}
}

func TestMedia(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"files":     "current.csv districts.csv old.xml points.xml provinces.csv rounds.csv sites.geojson villages.csv",
		"languages": "name.mp3 name.png x.png",
		"types":     "map.png sample.jpg",
	} {
		source, err := os.ReadFile(filepath.Join("testdata", file+".md"))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(xform.Media(convert(t, file+".md", string(source))), " "); got != want {
			t.Errorf("%s: got %s", file, got)
		}
	}
}
