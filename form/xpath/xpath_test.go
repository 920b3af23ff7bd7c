package xpath_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"safar/fault"
	"safar/form/xpath"
)

func mustParse(t testing.TB, expr string) *xpath.Expr {
	t.Helper()
	e, err := xpath.Parse(expr)
	if err != nil {
		t.Fatalf("%s: %v", expr, err)
	}
	return e
}

func TestCanonicalForm(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]string{
		"1+2*3":                          "1 + 2 * 3",
		"(1+2)*3":                        "(1 + 2) * 3",
		"1-(2-3)":                        "1 - (2 - 3)",
		"(1-2)-3":                        "1 - 2 - 3",
		"- -1":                           "--1",
		"-(a|b)":                         "-a | b",
		"child::a/attribute::b":          "a/@b",
		"self::node()/parent::node()":    "./..",
		"/descendant-or-self::node()/a":  "//a",
		"a/descendant-or-self::node()/b": "a//b",
		"descendant-or-self::node()/b":   "descendant-or-self::node()/b",
		"(a)[1]":                         "(a)[1]",
		"(a[1])[2]":                      "(a[1])[2]",
		"(a/b)/c":                        "(a/b)/c",
		"current( )/../x":                "current()/../x",
		`"it's"`:                         `"it's"`,
		`"its"`:                          "'its'",
		"a=b and(c or d)":                "a = b and (c or d)",
		"a or b and c":                   "a or b and c",
		"ancestor::x:*[ 1 ]":             "ancestor::x:*[1]",
		"text()|comment()":               "text() | comment()",
		"1 < (2 = 3)":                    "1 < (2 = 3)",
		"/":                              "/",
		"processing-instruction('a')":    "processing-instruction('a')",
		"1.50":                           "1.5",
	} {
		if got := mustParse(t, expr).String(); got != want {
			t.Errorf("%s is written %s, want %s", expr, got, want)
		}
	}
}

func TestReferences(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]string{
		"/data/a + ../b * .": "/data/a ../b .",
		"selected(/data/needs, 'x') and /data/needs != ''":                   "selected() /data/needs",
		"sum(/data/rep[age > 5]/n)":                                          "sum() /data/rep/age /data/rep/n",
		"../rep[n = current()/../limit]/x":                                   "../rep/n current() ../limit ../rep/x",
		"instance('p')/root/item[name = /data/p][adm1 = current()/../a]/lab": "instance() p:/root/item/name /data/p p:/root/item/adm1 current() ../a p:/root/item/lab",
		"instance('p')/root/item[position() = 2]":                            "instance() position() p:/root/item",
		"//name | /data//x":                                                  "//name /data//x",
		"count(../*) + count(@id)":                                           "count() ../* @id",
		"pulldata('places', 'name', 'code', /data/code)":                     "pulldata() places: /data/code",
		"jr:choice-name(/data/sex, ' /data/sex ')":                           "jr:choice-name() /data/sex",
		"if(a, b, c)/d":                                                      "if() a b c b/d c/d",
		"(a | b)[c]/d":                                                       "a b a/c b/c a/d b/d",
		"indexed-repeat(/data/r/x, /data/r, ../i)":                           "indexed-repeat() /data/r/x /data/r ../i",
		"current() = 1":                                                      "current() .",
		"a/text()":                                                           "a",
		"a/../b":                                                             "b",
		"../..":                                                              "../..",
		"/data/a = /data/a":                                                  "/data/a",
		"position(..)":                                                       "position() ..",
		"ancestor::hh/n":                                                     "ancestor::hh/n",
		"weighted-checklist(1, 2, a = 1, 2, b = 1, 3) or once(current()/../z)": "weighted-checklist() a b once() current() ../z",
	} {
		var got []string
		for _, r := range mustParse(t, expr).References() {
			switch {
			case r.Function != "":
				got = append(got, r.Function+"()")
			case r.Instance != "":
				got = append(got, r.Instance+":"+r.Path)
			default:
				got = append(got, r.Path)
			}
		}
		wanted := strings.Fields(want)
		slices.Sort(got)
		slices.Sort(wanted)
		if !slices.Equal(got, wanted) {
			t.Errorf("%s reads\n     %v\nwant %v", expr, got, wanted)
		}
	}
}

func TestReferencesAreFoundFromAQuestion(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"../b", "/data/g/a", "/data/g/b"}, {".", "/data/g/a", "/data/g/a"}, {"../../c/@id", "/data/g/a", "/data/c/@id"},
		{"/data/x", "/data/g/a", "/data/x"}, {"b", "/data/g", "/data/g/b"}, {"../../../..", "/data/g", ""},
	} {
		refs := mustParse(t, c[0]).References()
		if got, _ := refs[0].From(c[1]); got != c[2] {
			t.Errorf("%s from %s is %q, want %q", c[0], c[1], got, c[2])
		}
	}
	if refs := mustParse(t, "1 + /data/x * today()").References(); refs[0].Column != 5 || refs[1].Column != 15 {
		t.Errorf("columns of %+v", refs)
	}
}

func TestTypes(t *testing.T) {
	t.Parallel()
	for expr, want := range map[string]xpath.Type{
		"/data/a": xpath.NodeSet, "1": xpath.Number, "'a'": xpath.String, "a = b": xpath.Boolean, "a + 1": xpath.Number,
		"today()": xpath.Date, "now()": xpath.DateTime, "if(a, 1, 2)": xpath.Number, "if(a, 1, '')": xpath.Unknown,
		"concat(a)": xpath.String, "a | b": xpath.NodeSet, "-a": xpath.Number, "(a)[1]": xpath.NodeSet, "once(1)": xpath.Unknown,
	} {
		if got := mustParse(t, expr).Type(); got != want {
			t.Errorf("%s is a %v, want %v", expr, got, want)
		}
	}
}

func TestChoicesAndLookupsComeFromTheContext(t *testing.T) {
	t.Parallel()
	root := mustXML(t, `<data><hh><sex>f</sex></hh><hh><sex>m</sex></hh><code>TJ01</code></data>`)
	var asked []string
	ctx := &xpath.Context{Root: root, Node: root.Find("/data/hh/sex")[1], Language: "tg",
		Choices: func(question, value, language string) (string, bool) {
			asked = append(asked, question+" "+value+" "+language)
			return "label of " + value, value == "m"
		},
		Lookup: func(instance, column, keyColumn, key string) (string, bool) {
			return instance + "." + column + "/" + keyColumn + "=" + key, key == "TJ01"
		}}
	for expr, want := range map[string]string{
		"jr:choice-name(., '.')":                          "label of m",
		"jr:choice-name(., ' ../sex ')":                   "label of m",
		"jr:choice-name(/data/hh[1]/sex, '/data/hh/sex')": "label of f",
		"jr:choice-name('', '/data/hh/sex')":              "",
		"jr:choice-name('m', /data/hh/sex)":               "label of m",
		"pulldata('places', 'name', 'code', /data/code)":  "places.name/code=TJ01",
		"pulldata('places', 'name', 'code', 'TJ99')":      "",
	} {
		v, err := mustParse(t, expr).Eval(ctx)
		if err != nil || v.String() != want {
			t.Errorf("%s gives %q (%v), want %q", expr, v, err, want)
		}
	}
	for _, a := range asked {
		if !strings.HasPrefix(a, "/data/hh/sex ") || !strings.HasSuffix(a, " tg") {
			t.Errorf("asked for %q", a)
		}
	}
}

func TestCostIsBounded(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("<data>")
	for i := range 2000 {
		fmt.Fprintf(&b, "<r><n>%d</n></r>", i)
	}
	root := mustXML(t, b.String()+"</data>")
	ctx := &xpath.Context{Root: root, Budget: 100_000}
	for _, expr := range []string{
		"count(//*[//*])", "//r[//n = 1999 and ../r/n = 1]", "/data/r/n != /data/r/n[. = ../../r/n]",
		"count(//r/following::*/preceding::*)", "//n[string(/) = 'x']", "join(',', //*, //*, //*) = join(string(/), //*, //*)",
		"count(indexed-repeat(//n, //r, 1)[count(//n) = 1]) + count(//r[count(//n) > position(.)])",
	} {
		start := time.Now()
		_, err := mustParse(t, expr).Eval(ctx)
		if fault.CodeOf(err) != fault.XPathTooCostly || !strings.Contains(err.Error(), "100000 steps") {
			t.Errorf("%s: %v", expr, err)
		}
		if d := time.Since(start); d > 2*time.Second {
			t.Errorf("%s went on for %v", expr, d)
		}
	}
	if v, err := mustParse(t, "sum(/data/r/n)").Eval(ctx); err != nil || v.Number() != 1999000 {
		t.Errorf("a plain sum must fit: %v %v", v, err)
	}
}

func TestParserIsBounded(t *testing.T) {
	t.Parallel()
	for name, expr := range map[string]string{
		"brackets":   strings.Repeat("(", 2900) + "1" + strings.Repeat(")", 1900),
		"predicates": strings.Repeat("a[", 1900) + "1" + strings.Repeat("]", 1900),
		"functions":  strings.Repeat("not(", 1900) + "1" + strings.Repeat(")", 1900),
	} {
		if _, err := xpath.Parse(expr); fault.CodeOf(err) != fault.XPathTooDeep {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := xpath.Parse(strings.Repeat("1+", 5000) + "1"); fault.CodeOf(err) != fault.XPathTooLong {
		t.Errorf("many signs: %v", err)
	}
	if _, err := xpath.Parse("'" + strings.Repeat("x", 40000) + "'"); fault.CodeOf(err) != fault.XPathTooLong {
		t.Errorf("many characters: %v", err)
	}
	if v, err := mustParse(t, strings.Repeat("1+", 2900)+"1").Eval(nil); err != nil || v.Number() != 2901 {
		t.Errorf("a long sum: %v %v", v, err)
	}
	if v, err := mustParse(t, strings.Repeat("-", 3000)+"1").Eval(nil); err != nil || v.Number() != 1 {
		t.Errorf("many minus signs: %v %v", v, err)
	}
}

func TestOneExpressionAndTreeServeManyGoroutines(t *testing.T) {
	t.Parallel()
	root := mustXML(t, xpath.ExampleXML)
	e := mustParse(t, "join(' ', /data/member[years > 5]/first | //member[2]/first) = 'Ali Zarina' and regex(/data/name, 'A.*')")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 200 {
				if v, err := e.Eval(&xpath.Context{Root: root}); err != nil || !v.Bool() {
					t.Errorf("%v %v", v, err)
					return
				}
			}
		})
	}
	group.Wait()
}

func TestElementWithoutRootMayBeTheRoot(t *testing.T) {
	t.Parallel()
	data := xpath.NewElement("data")
	age := data.Add("age", "7")
	v, err := mustParse(t, "/data/age + ../age + count(//age)").Eval(&xpath.Context{Root: data, Node: age})
	if err != nil || v.Number() != 15 {
		t.Errorf("%v %v", v, err)
	}
}
