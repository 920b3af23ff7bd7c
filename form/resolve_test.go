package form_test

import (
	"slices"
	"testing"

	"safar/fault"
	"safar/form"
)

// tree is a form with groups and repeats inside each other: data / a, out{ b, in{ c, g{ d } }, h{ e } }, other{ f }.
func tree() *form.Form {
	q := func(name string) *form.Element {
		return &form.Element{Kind: form.Question, Type: "integer", Name: name}
	}
	in := &form.Element{Kind: form.Repeat, Name: "in", Children: []*form.Element{q("c"), {Kind: form.Group, Name: "g", Children: []*form.Element{q("d")}}}}
	h := &form.Element{Kind: form.Group, Name: "h", Children: []*form.Element{q("e")}}
	out := &form.Element{Kind: form.Repeat, Name: "out", Children: []*form.Element{q("b"), in, h}}
	other := &form.Element{Kind: form.Repeat, Name: "other", Children: []*form.Element{q("f")}}
	twice := &form.Element{Kind: form.Group, Name: "twice", Children: []*form.Element{q("z")}}
	again := &form.Element{Kind: form.Group, Name: "again", Children: []*form.Element{q("z")}}
	return &form.Form{ID: "tree", Root: &form.Element{Kind: form.Group, Name: "data", Children: []*form.Element{q("a"), out, other, twice, again}}}
}

func TestResolve(t *testing.T) {
	t.Parallel()
	f := tree()
	for _, c := range []struct{ from, expr, want string }{
		{"a", "${b} > 1", " /data/out/b  > 1"},
		{"b", "${a}", " /data/a "},
		{"b", "${e}", " ../h/e "},
		{"e", "${b}", " ../../b "},
		{"c", "${d}", " ../g/d "},
		{"d", "${c} + ${b}", " ../../c  +  ../../../b "},
		{"e", "sum(${c})", "sum( ../../in/c )"},
		{"f", "${c}", " /data/out/in/c "},
		{"c", "count(${in})", "count( ../../in )"},
		{"c", "count(${out})", "count( /data/out )"},
		{"b", "position(..)", "position(..)"},
		{"out", "${b} = 1", " ./b  = 1"},
		{"a", "indexed-repeat(${c}, ${out}, ${a}, ${in}, 2)", "indexed-repeat( /data/out/in/c ,  /data/out ,  /data/a ,  /data/out/in , 2)"},
		{"e", "indexed-repeat(${b}, ${out}, position(..) - ${b})", "indexed-repeat( /data/out/b ,  /data/out , position(..) -  ../../b )"},
		{"b", "instance('x')/root/item[name = ${e}]/label", "instance('x')/root/item[name =  current()/../h/e ]/label"},
		{"b", "jr:choice-name(${e}, '${e}')", "jr:choice-name( ../h/e , ' ../h/e ')"},
		{"b", "concat('(', ${e}, \"[\", ${a})", "concat('(',  ../h/e , \"[\",  /data/a )"},
		{"b", "${ e }-${b}", " ../h/e - ../b "},
	} {
		got, err := f.Resolve(f.Element(c.from), c.expr)
		if err != nil || got != c.want {
			t.Errorf("%s from %s: got %q, %v; want %q", c.expr, c.from, got, err, c.want)
		}
	}
	got, err := f.Index().ResolveFilter(f.Element("b"), "name = ${e} or name = ${a}")
	if want := "name =  current()/../h/e  or name =  /data/a "; err != nil || got != want {
		t.Errorf("filter: got %q, %v", got, err)
	}
}

func TestResolveFaults(t *testing.T) {
	t.Parallel()
	f := tree()
	for expr, want := range map[string]fault.Code{
		"${bb}": fault.FormUnknownReference, "${z}": fault.FormAmbiguousReference, "${b": fault.FormUnclosedReference, "${}": fault.FormUnknownReference,
	} {
		if _, err := f.Resolve(f.Element("a"), expr); fault.CodeOf(err) != want {
			t.Errorf("%s: got %v", expr, err)
		}
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	known := []string{"constraint", "constraint_message", "relevant", "calculation", "label"}
	for name, want := range map[string]string{
		"constrant": "constraint", "Relevent": "relevant", "calcualtion": "calculation", "lable": "label", "constraint message": "constraint_message",
		"sector": "", "x": "",
	} {
		if got := form.Nearest(name, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestReferences(t *testing.T) {
	t.Parallel()
	if got := form.References("${a} + ${b} - ${ a } ${"); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("got %v", got)
	}
	if got := form.QuotedReferences(`concat('${a}', ${b}, "${c}")`); !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("got %v", got)
	}
}

func TestDynamicDefaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		typ, text string
		want      bool
	}{
		{"date", "today()", true}, {"date", "2024-05-17", false}, {"text", "${a}", true}, {"text", "hello (world)", false}, {"text", "call(me", false},
		{"integer", "2 + 3", true}, {"integer", "-5", false}, {"integer", "12", false}, {"text", "a - b", false}, {"select_one", "yes", false},
		{"text", "if(1 = 1, 'a', 'b')", true}, {"geopoint", "1.5 2.5 0 0", false}, {"text", "'quoted(text)'", false}, {"decimal", "1e-3", false},
	} {
		e := &form.Element{Kind: form.Question, Type: c.typ, Default: c.text}
		if got := e.HasDynamicDefault(); got != c.want {
			t.Errorf("%s %q: dynamic %v", c.typ, c.text, got)
		}
	}
}

func TestIsValue(t *testing.T) {
	t.Parallel()
	good := map[string][]string{
		"int": {"0", "-3", "+3", "9007199254740993"}, "decimal": {"1", "1.5", "-.5", "1e3"}, "date": {"2024-02-29"},
		"time":     {"14:05", "14:05:00", "14:05:00.000+05:00", "14:05:00.000Z", "14:05:00+05"},
		"dateTime": {"2024-05-17T14:05:00.000+05:00", "2024-05-17T14:05:00Z"}, "geopoint": {"38.5 68.8", "38.5 68.8 0 0", "-90 180 -5.5 1e2"},
		"geotrace": {"1 2 0 0;3 4 0 0;", "1 2; 3 4"}, "string": {"anything"},
	}
	bad := map[string][]string{
		"int": {"1.0", "1 000", "x", "0x10", "1e3", ""}, "decimal": {"1,5", "NaN", "Inf", "0x1p2", ""}, "date": {"2024-02-30", "17.05.2024", "2024-5-7"},
		"time": {"25:00", "2pm", "14:05+99:99"}, "dateTime": {"2024-05-17", "2024-05-17 14:05:00"}, "geopoint": {"91 0", "0 181", "1", "1 2 3 4 5", "NaN 1"},
		"geoshape": {"1 2;x y"},
	}
	for data, texts := range good {
		for _, s := range texts {
			if !form.IsValue(data, s) {
				t.Errorf("%q is a %s", s, data)
			}
		}
	}
	for data, texts := range bad {
		for _, s := range texts {
			if form.IsValue(data, s) {
				t.Errorf("%q is no %s", s, data)
			}
		}
	}
}
