package access_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"safar/access"
)

// TestMatrix holds the whole of who may do what against one readable file.
func TestMatrix(t *testing.T) {
	t.Parallel()
	verbs := access.Verbs()
	actors := []struct {
		name  string
		actor access.Actor
	}{
		{"local", access.Actor{Kind: access.Local}}, {"system", access.Actor{Kind: access.System}},
		{"administrator", access.Actor{Kind: access.Person, Role: access.Administrator}},
		{"officer", access.Actor{Kind: access.Person, Role: access.Officer}},
		{"steward", access.Actor{Kind: access.Person, Role: access.Steward}},
		{"viewer", access.Actor{Kind: access.Person, Role: access.Viewer}},
		{"collector", access.Actor{Kind: access.Person, Role: access.Collector}},
		{"device, own operation", access.Actor{Kind: access.Device, Operation: "here"}},
		{"device, another operation", access.Actor{Kind: access.Device, Operation: "elsewhere"}},
		{"public", access.Actor{Kind: access.Public}}, {"nobody", access.Actor{}},
	}
	var b strings.Builder
	for _, a := range actors {
		var may []string
		for _, verb := range verbs {
			if access.May(a.actor, verb, "here") {
				may = append(may, string(verb))
			}
		}
		fmt.Fprintf(&b, "%s:\n  %s\n", a.name, strings.Join(may, "\n  "))
	}
	golden := filepath.Join("testdata", "matrix.txt")
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("rights changed; if that is meant, run with UPDATE=1 and read the difference:\n%s", b.String())
	}
}

func TestPasswords(t *testing.T) {
	t.Parallel()
	stored := access.HashPassword("long enough", []byte("0123456789abcdef"))
	if !access.CheckPassword(stored, "long enough") || access.CheckPassword(stored, "long enougH") {
		t.Error("the right password opens, another one does not")
	}
	for _, broken := range []string{"", "$argon2id$v=19$m=65536,t=3,p=0$AA$AA", "plain", "$argon2id$v=19$m=99999999,t=3,p=1$AA$AA", "$argon2id$v=19$m=65536,t=3,p=1$AA$"} {
		if access.CheckPassword(broken, "long enough") {
			t.Errorf("%q opens", broken)
		}
	}
}
