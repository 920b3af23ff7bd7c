package xpath_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"safar/form/xpath"
)

// exampleContext is the context that the documented examples promise.
func exampleContext(t testing.TB) *xpath.Context {
	t.Helper()
	root := mustXML(t, xpath.ExampleXML)
	now, err := time.Parse(time.RFC3339, xpath.ExampleTime)
	if err != nil {
		t.Fatal(err)
	}
	list := mustXML(t, xpath.ExampleList)
	return &xpath.Context{Root: root, Node: root.Find("/data/age")[0], Now: now, Random: rand.New(rand.NewPCG(1, 2)),
		Instances: map[string]*xpath.Node{"regions": list},
		Choices: func(question, value, _ string) (string, bool) {
			for _, item := range list.Find("/root/item") {
				if question == "/data/region" && item.Child("name").Text == value {
					return item.Child("label").Text, true
				}
			}
			return "", false
		}}
}

func mustXML(t testing.TB, text string) *xpath.Node {
	t.Helper()
	root, err := xpath.ParseXML(strings.NewReader(text), xpath.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return root
}

func TestEveryDocumentedExampleIsTrue(t *testing.T) {
	t.Parallel()
	ctx := exampleContext(t)
	for _, doc := range xpath.Functions() {
		if doc.Text == "" || doc.Group == "" || doc.Signature == "" {
			t.Errorf("%s is not documented", doc.Name)
		}
		if len(doc.Examples) == 0 {
			t.Errorf("%s has no example", doc.Name)
		}
		for _, example := range doc.Examples {
			e, err := xpath.Parse(example.Expr)
			if err != nil {
				t.Errorf("%s: %s: %v", doc.Name, example.Expr, err)
				continue
			}
			v, err := e.Eval(ctx)
			if err != nil {
				t.Errorf("%s: %s: %v", doc.Name, example.Expr, err)
			} else if got := v.String(); got != example.Result {
				t.Errorf("%s: %s gives %q, documented is %q", doc.Name, example.Expr, got, example.Result)
			}
			if typ := e.Type(); typ != xpath.Unknown && typ != v.Type() && v.String() != "" {
				t.Errorf("%s: %s is said to be a %v, but is a %v", doc.Name, example.Expr, typ, v.Type())
			}
		}
	}
}
