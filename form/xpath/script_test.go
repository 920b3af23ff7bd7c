package xpath_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"safar/form/xpath"
)

// The files testdata/*.txt are read by people first. A line that begins with < belongs to the XML fixture; "context:",
// "now:", "zone:", "ns:", "nearest:", "random:" set what the lines below them see; # is a remark; all others are
//
//	expression => text value
//	expression => {/path/of/a, /path/of/b}
//	expression => ! the message of the fault
func TestScripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatal("no scripts", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			s := &script{t: t, ctx: xpath.Context{Random: rand.New(rand.NewPCG(1, 2))}}
			for i, line := range strings.Split(string(text), "\n") {
				s.line(fmt.Sprintf("%s:%d", file, i+1), strings.TrimSpace(line))
			}
		})
	}
}

type script struct {
	t       *testing.T
	ctx     xpath.Context
	xml     string
	context string
	inXML   bool
}

func (s *script) line(at, line string) {
	s.t.Helper()
	if strings.HasPrefix(line, "<") {
		if !s.inXML {
			s.xml, s.context = "", ""
		}
		s.inXML = true
		s.xml += line
		return
	}
	if s.inXML {
		s.load(at)
	}
	name, value, _ := strings.Cut(line, ": ")
	switch {
	case line == "" || line[0] == '#':
	case s.setting(at, name, value):
	default:
		s.check(at, line)
	}
}

func (s *script) load(at string) {
	s.t.Helper()
	doc, err := xpath.ParseXML(strings.NewReader(s.xml), xpath.Limits{})
	if err != nil {
		s.t.Fatalf("%s: %v", at, err)
	}
	s.inXML = false
	s.ctx.Root, s.ctx.Node, s.ctx.Instances = doc, nil, nil
	if primary, others, ok := xpath.PrimaryInstance(doc); ok {
		s.ctx.Root, s.ctx.Instances = primary, others
	}
}

func (s *script) setting(at, name, value string) bool {
	s.t.Helper()
	var err error
	switch name {
	case "context":
		s.ctx.Node = nil
		v, evalErr := s.eval(value)
		if evalErr != nil || len(v.Nodes()) != 1 {
			s.t.Fatalf("%s: the context %q is not one node (%v)", at, value, evalErr)
		}
		s.ctx.Node = v.Nodes()[0]
	case "now":
		s.ctx.Now, err = time.Parse(time.RFC3339, value)
	case "zone":
		s.ctx.Zone, err = time.LoadLocation(value)
	case "random":
		s.ctx.Random = nil
	case "nearest":
		s.ctx.NearestRepeat = value == "yes"
	case "ns":
		s.ctx.Namespaces = map[string]string{}
		for pair := range strings.FieldsSeq(value) {
			prefix, address, _ := strings.Cut(pair, "=")
			s.ctx.Namespaces[prefix] = address
		}
	default:
		return false
	}
	if err != nil {
		s.t.Fatalf("%s: %v", at, err)
	}
	return true
}

func (s *script) eval(expr string) (xpath.Value, error) {
	e, err := xpath.Parse(expr)
	if err != nil {
		return xpath.Value{}, err
	}
	return e.Eval(&s.ctx)
}

func (s *script) check(at, line string) {
	s.t.Helper()
	cut := strings.LastIndex(line, "=>")
	if cut < 0 {
		s.t.Fatalf("%s: no => in %q", at, line)
	}
	expr, want := strings.TrimSpace(line[:cut]), strings.TrimSpace(line[cut+2:])
	got := s.show(expr, want)
	if got != want {
		s.t.Errorf("%s: %s\n got %s\nwant %s", at, expr, got, want)
	}
}

func (s *script) show(expr, want string) string {
	e, err := xpath.Parse(expr)
	if err != nil {
		return "! " + err.Error()
	}
	v, err := e.Eval(&s.ctx)
	if err != nil {
		return "! " + err.Error()
	}
	again, err := xpath.Parse(e.String())
	if err != nil || again.String() != e.String() {
		s.t.Errorf("the canonical form %q of %q reads as %v (%v)", e, expr, again, err)
	} else if w, err := again.Eval(&s.ctx); err == nil && w.String() != v.String() && !strings.Contains(expr, "random") {
		s.t.Errorf("the canonical form %q of %q gives %q, not %q", e, expr, w, v)
	}
	if typ := e.Type(); typ != xpath.Unknown && typ != v.Type() && v.String() != "" {
		s.t.Errorf("%s is said to be a %v, but is a %v", expr, typ, v.Type())
	}
	if strings.HasPrefix(want, "{") {
		paths := make([]string, len(v.Nodes()))
		for i, n := range v.Nodes() {
			paths[i] = n.Path()
		}
		return "{" + strings.Join(paths, ", ") + "}"
	}
	return v.String()
}
