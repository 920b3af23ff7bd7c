package xpath_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"safar/fault"
	"safar/form/xpath"
)

// seedExpressions are those of the scripts and of the documentation.
func seedExpressions(f *testing.F) []string {
	f.Helper()
	var all []string
	files, _ := filepath.Glob(filepath.Join("testdata", "*.txt"))
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for line := range strings.SplitSeq(string(text), "\n") {
			if expr, _, ok := strings.Cut(line, "=>"); ok {
				all = append(all, strings.TrimSpace(expr))
			}
		}
	}
	for _, doc := range xpath.Functions() {
		for _, example := range doc.Examples {
			all = append(all, example.Expr)
		}
	}
	return all
}

func FuzzParse(f *testing.F) {
	for _, s := range seedExpressions(f) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		e, err := xpath.Parse(source)
		if err != nil {
			var place *fault.Error
			if !errors.As(err, &place) || strings.Contains(err.Error(), "{column}") {
				t.Fatalf("%q: %v", source, err)
			}
			return
		}
		e.References()
		canonical := e.String()
		again, err := xpath.Parse(canonical)
		if err != nil {
			// the canonical form adds spaces and may pass the bound on length
			if len(source) > 8000 && fault.CodeOf(err) == fault.XPathTooLong {
				return
			}
			t.Fatalf("%q is written %q, which cannot be read: %v", source, canonical, err)
		}
		if again.String() != canonical || again.Type() != e.Type() {
			t.Fatalf("%q is written %q and then %q", source, canonical, again)
		}
	})
}

func FuzzEval(f *testing.F) {
	for _, s := range seedExpressions(f) {
		f.Add(s, xpath.ExampleXML)
	}
	f.Add("//c/ancestor::b[2]/following::node()", "<a>x<b><c/>y</b><b><!--z--><c>1</c></b></a>")
	now := time.Date(2024, 5, 17, 10, 20, 30, 0, time.UTC)
	f.Fuzz(func(t *testing.T, source, answers string) {
		e, err := xpath.Parse(source)
		if err != nil {
			return
		}
		root, err := xpath.ParseXML(strings.NewReader(answers), xpath.Limits{Bytes: 4000, Nodes: 300})
		if err != nil {
			return
		}
		ctx := func() *xpath.Context {
			return &xpath.Context{Root: root, Now: now, Zone: time.FixedZone("", 5*3600), Budget: 20000, Random: rand.New(rand.NewPCG(1, 2)),
				Instances: map[string]*xpath.Node{"points": root}}
		}
		v, err := e.Eval(ctx())
		if err != nil {
			var known *fault.Error
			if !errors.As(err, &known) {
				t.Fatalf("%q: %v", source, err)
			}
			return
		}
		_, _, _ = v.Bool(), v.Number(), v.String()
		for i := 1; i < len(v.Nodes()); i++ {
			if xpath.Compare(v.Nodes()[i-1], v.Nodes()[i]) >= 0 && !strings.Contains(source, "randomize") {
				t.Fatalf("%q: nodes out of order or twice", source)
			}
		}
		again, err := xpath.Parse(e.String())
		if err != nil {
			return // FuzzParse looks after this
		}
		w, err := again.Eval(ctx())
		if fault.CodeOf(err) != fault.XPathTooCostly && (err != nil || w.String() != v.String()) {
			t.Fatalf("%q gives %q, its canonical form %q gives %q (%v)", source, v, e, w, err)
		}
	})
}

func FuzzParseXML(f *testing.F) {
	for _, s := range []string{xpath.ExampleXML, "<a xmlns:p='u' p:b='1'>x<p:c/>y<!--z--><?t d?></a>", "<a>&lt;<![CDATA[<]]></a>",
		"<!DOCTYPE a><a/>", "<a>&x;</a>", "<?xml version='1.0' encoding='UTF-8'?><a/>", "\xef\xbb\xbf<a/>", "<a", "<a>\xff</a>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		root, err := xpath.ParseXML(bytes.NewReader(data), xpath.Limits{Bytes: 1 << 16, Depth: 20, Nodes: 1000})
		if err != nil {
			var known *fault.Error
			if !errors.As(err, &known) {
				t.Fatal(err)
			}
			return
		}
		if len(root.Elements()) != 1 {
			t.Fatal("one element was to be read")
		}
		checkTree(t, root, map[*xpath.Node]bool{})
		xpath.PrimaryInstance(root)
	})
}

func checkTree(t *testing.T, n *xpath.Node, seen map[*xpath.Node]bool) {
	if seen[n] || (n.Text != "" && len(n.Children) > 0) {
		t.Fatalf("the tree is not one at %s", n.Path())
	}
	seen[n] = true
	for _, c := range n.Children {
		if c.Parent != n {
			t.Fatalf("%s does not know its parent", c.Path())
		}
		checkTree(t, c, seen)
	}
}
