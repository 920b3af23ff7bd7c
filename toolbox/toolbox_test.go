package toolbox_test

import (
	"errors"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"safar/dictionary"
	"safar/fault"
	"safar/form"
	"safar/form/xform"
	"safar/toolbox"
)

func load(t testing.TB) (*toolbox.Toolbox, *dictionary.Dictionary) {
	t.Helper()
	box, err := toolbox.Default()
	if err != nil {
		t.Fatal(err)
	}
	dict, err := dictionary.Default()
	if err != nil {
		t.Fatal(err)
	}
	return box, dict
}

func TestFormsOfThePacksConvert(t *testing.T) {
	t.Parallel()
	box, dict := load(t)
	for _, p := range box.Packs() {
		for _, id := range p.FormIDs() {
			f, warnings, err := toolbox.Form(p, id, dict)
			if err != nil {
				t.Errorf("%s: %v", id, err)
				continue
			}
			for _, w := range warnings {
				t.Errorf("%s: warning: %v", id, w)
			}
			if _, err := xform.Write(f); err != nil {
				t.Errorf("%s: %v", id, err)
			}
			if len(f.Languages) != 4 || f.Title.In("kk") == f.Title.In("en") {
				t.Errorf("%s: four languages are wanted, got %v", id, f.Languages)
			}
		}
	}
}

func TestPacksAreWhole(t *testing.T) {
	t.Parallel()
	box, dict := load(t)
	for _, p := range box.Packs() {
		for _, issue := range toolbox.Lint(p, dict) {
			t.Error(issue)
		}
	}
}

func TestPacksAreFoundAndNamed(t *testing.T) {
	t.Parallel()
	box, _ := load(t)
	var ids []string
	for _, p := range box.Packs() {
		ids = append(ids, p.ID)
	}
	if want := []string{"baseline-sub-area", "flow-registry"}; !slices.Equal(ids, want) {
		t.Errorf("packs %v, want %v", ids, want)
	}
	if _, err := box.Pack("weather"); fault.CodeOf(err) != fault.ToolboxNoTool {
		t.Errorf("an unknown tool: %v", err)
	}
	p, _ := box.Pack("flow-registry")
	if p.MainForm() != "safar_flow_registry" {
		t.Errorf("main form %s", p.MainForm())
	}
	shift := p.Keys("safar_flow_registry_shift")
	if len(shift.Unit) != 3 || shift.Point == "" {
		t.Errorf("a shift is named by point, date and shift: %+v", shift)
	}
	if len(p.Keys("safar_flow_registry").Unit) != 0 {
		t.Error("every group is a unit of its own")
	}
	if _, err := p.FormInfo("none"); fault.CodeOf(err) != fault.ToolboxNoForm {
		t.Errorf("an unknown form: %v", err)
	}
}

func TestBundleKeepsAPackForEver(t *testing.T) {
	t.Parallel()
	box, _ := load(t)
	for _, p := range box.Packs() {
		bundle, err := p.Bundle()
		if err != nil {
			t.Fatal(err)
		}
		again, err := toolbox.Unbundle(bundle)
		if err != nil {
			t.Fatal(err)
		}
		if again.Hash() != p.Hash() || again.ID != p.ID || len(again.Files()) != len(p.Files()) {
			t.Errorf("%s came back as %s %s", p.ID, again.ID, again.Hash())
		}
	}
	if _, err := toolbox.Unbundle([]byte("{")); fault.CodeOf(err) != fault.ToolboxUnreadable {
		t.Errorf("a broken bundle: %v", err)
	}
}

// The clean practice cases break no rule of their own forms: no constraint, nothing required left out, nothing answered
// that does not apply. Calculations that read files of the device are not compared.
func TestPracticeCasesObeyTheirForms(t *testing.T) {
	t.Parallel()
	box, dict := load(t)
	now := time.Date(2026, 12, 31, 12, 0, 0, 0, time.UTC)
	for _, p := range box.Packs() {
		for _, c := range p.Practice.Cases {
			if len(c.Fails) > 0 {
				continue
			}
			f, _, err := toolbox.Form(p, c.Form, dict)
			if err != nil {
				t.Fatal(err)
			}
			answers, err := c.Tree(f)
			if err != nil {
				t.Fatal(err)
			}
			program, err := form.Compile(f)
			if err != nil {
				t.Fatal(err)
			}
			context := form.EvalContext{Now: now, Zone: time.FixedZone("practice", 5*60*60), Lookup: func(_, _, _, _ string) (string, bool) { return "", false }}
			for _, problem := range form.Evaluate(program, answers, context) {
				if problem.Kind != form.ProblemCalculation {
					t.Errorf("%s: %s %s %q: %s", c.ID, problem.Kind, problem.Path, problem.Value, problem.Message.In("en"))
				}
			}
		}
	}
}

// files copies a pack's folder so that a test can damage it.
func files(t testing.TB, pack string) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	root := os.DirFS("packs")
	err := fs.WalkDir(root, pack, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := fs.ReadFile(root, name)
		out[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func replace(t *testing.T, folder fstest.MapFS, file, pattern, with string) {
	t.Helper()
	before := folder[file].Data
	after := regexp.MustCompile(pattern).ReplaceAll(before, []byte(with))
	if string(after) == string(before) {
		t.Fatalf("%s: %q is not there", file, pattern)
	}
	folder[file] = &fstest.MapFile{Data: after}
}

// Each damage to a whole pack is found, by the rule that is there for it.
func TestLintFindsEveryDamage(t *testing.T) {
	t.Parallel()
	const (
		tool     = "flow-registry/tool.yaml"
		survey   = "flow-registry/forms/safar_flow_registry/survey.csv"
		checks   = "flow-registry/checks.yaml"
		measures = "flow-registry/measures.yaml"
		report   = "flow-registry/report.yaml"
		practice = "flow-registry/practice.yaml"
	)
	for name, c := range map[string]struct {
		file, pattern, with string
		want                fault.Code
	}{
		"limitations in three languages": {tool, `(?m)^  tg: "Рақамҳо танҳо.*\n`, "", fault.LintText},
		"a language left out":            {tool, `languages: \[en, ru, tg, kk\]`, "languages: [en, ru, kk]", fault.LintText},
		"core item listed as optional":   {tool, `optional:\n`, "optional:\n    - sf0205_flow_n_total\n", fault.LintIndicator},
		"unknown class":                  {tool, `row: moderate`, "row: secret", fault.LintField},
		"key that no form asks":          {tool, `date: sf0201_flow_obs_date`, "date: m0310_loc_num_idp_ind", fault.LintReference},
		"file not named":                 {tool, `file: points.csv`, "file: spots.csv", fault.LintMedia},
		"dimension not explained":        {tool, `(?m)^  d3: .*\n`, "", fault.LintDimension},
		"variable outside dictionary":    {survey, `text,sf0230_flow_remarks`, "text,my_remarks", fault.LintVariable},
		"another type":                   {survey, `text,sf0230_flow_remarks`, "integer,sf0230_flow_remarks", fault.LintType},
		"unknown shared text":            {survey, `@group_size`, "@no_such_text", fault.ToolboxText},
		"constraint without message":     {survey, `@group_size`, "", fault.LintMessage},
		"reference to nothing":           {survey, `\$\{sf0209_flow_n_girls\}|\$\{sf0208_flow_n_boys\}`, "$${sf0999_flow_none}", fault.FormUnknownReference},
		"broken expression":              {survey, `\. >= 1 and \. <= 500`, ". >= 1 and", fault.FormBadExpression},
		"check about nothing":            {checks, `items: \[sf0200_flow_fmp_id, sf0201`, "items: [sf0001_meta_consent_ki, sf0201", fault.LintReference},
		"check without a language":       {checks, `, kk: "[^"]*"\}`, "}", fault.LintText},
		"identity in a fact":             {measures, `value: "\$\{sf0223_flow_under5\}"`, `value: "$${sf0224_flow_unaccompanied_child}"`, fault.LintIdentity},
		"unknown dimension":              {measures, `d4: "\$\{sf0203`, `colour: "$${sf0203`, fault.MeasureDimension},
		"unknown category":               {measures, `category: "movement"`, `category: "walkers"`, fault.LintField},
		"reason that is none":            {measures, `measure\.never_operation`, "measure.because", fault.LintNever},
		"measure without fact":           {measures, `fact: groups\n`, "fact: crowds\n", fault.MeasureUnknownFact},
		"measure without HXL":            {measures, `    hxl: "#affected\+groups"\n`, "", fault.LintMeasure},
		"report of no measure":           {report, `measure: movements.per_hour`, "measure: movements.per_year", fault.LintReference},
		"report that adds what never":    {report, `by: \[sex, age_lo, age_hi\]`, "by: [planet]", fault.MeasureDimension},
		"practice with another sum":      {practice, `\{fact: movements, value: 6\}`, "{fact: movements, value: 7}", fault.LintPractice},
		"practice with another finding":  {practice, `fails: \[q24.closed\]`, "fails: [q24.zero]", fault.LintChecks},
		"measure never shown":            {practice, `sf0245_shift_result: closed`, "sf0245_shift_result: worked", fault.LintNotShown},
		"a guide of one line":            {"flow-registry/guide.md", `(?s).+`, "Count.", fault.LintGuide},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := files(t, "flow-registry")
			replace(t, folder, c.file, c.pattern, c.with)
			box, err := toolbox.Load(folder)
			if err != nil {
				t.Fatal(err)
			}
			dict, err := dictionary.Default()
			if err != nil {
				t.Fatal(err)
			}
			var found []string
			for _, issue := range toolbox.Lint(box.Packs()[0], dict) {
				if errors.Is(issue.Error, fault.New(c.want)) {
					return
				}
				found = append(found, issue.String())
			}
			t.Errorf("want %s, got:\n%s", c.want, strings.Join(found, "\n"))
		})
	}
}

func TestBrokenFoldersAreRefusedWithTheirPlace(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		damage func(fstest.MapFS)
		want   fault.Code
	}{
		"file missing": {func(f fstest.MapFS) { delete(f, "flow-registry/guide.md") }, fault.ToolboxMissing},
		"not YAML":     {func(f fstest.MapFS) { f["flow-registry/checks.yaml"] = &fstest.MapFile{Data: []byte("checks: [")} }, fault.ToolboxUnreadable},
		"unknown key":  {func(f fstest.MapFS) { f["flow-registry/report.yaml"] = &fstest.MapFile{Data: []byte("colour: red")} }, fault.ToolboxUnreadable},
		"no forms": {func(f fstest.MapFS) {
			f["flow-registry/tool.yaml"] = &fstest.MapFile{Data: []byte("id: flow-registry")}
		}, fault.ToolboxUnreadable},
		"another folder": {func(f fstest.MapFS) {
			f["flow-registry/tool.yaml"].Data = []byte(strings.Replace(string(f["flow-registry/tool.yaml"].Data), "id: flow-registry", "id: flows", 1))
		}, fault.ToolboxFolder},
		"broken CSV": {func(f fstest.MapFS) {
			f["flow-registry/forms/safar_flow_registry/survey.csv"] = &fstest.MapFile{Data: []byte("a,\"b")}
		}, fault.ToolboxUnreadable},
		"empty CSV": {func(f fstest.MapFS) { f["flow-registry/forms/safar_flow_registry/survey.csv"] = &fstest.MapFile{} }, fault.ToolboxUnreadable},
	} {
		folder := files(t, "flow-registry")
		c.damage(folder)
		if _, err := toolbox.Load(folder); fault.CodeOf(err) != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}

// A survey sheet may give its own texts: in all languages, or in one; and its own answers.
func TestOwnTextsGoBeforeTheDictionary(t *testing.T) {
	t.Parallel()
	folder := files(t, "flow-registry")
	const form = "flow-registry/forms/safar_flow_registry_shift/"
	folder[form+"survey.csv"] = &fstest.MapFile{Data: []byte("type,name,label,label::Тоҷикӣ (tg)\n" +
		"select_one shift,sf0203_flow_shift,,Кадом навбат?\ntext,sf0247_shift_incidents,What happened?,\ntext,sf0230_flow_remarks,,\n")}
	folder[form+"choices.csv"] = &fstest.MapFile{Data: []byte("list_name,name,label,label::Тоҷикӣ (tg)\nshift,day,Day,Рӯз\n")}
	folder[form+"settings.csv"] = &fstest.MapFile{Data: []byte("form_id,version,default_language\nsafar_flow_registry_shift,1,English (en)\n")}
	box, err := toolbox.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	_, dict := load(t)
	f, _, err := toolbox.Form(box.Packs()[0], "safar_flow_registry_shift", dict)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][2]string{
		"sf0203_flow_shift":      {"Shift", "Кадом навбат?"},
		"sf0247_shift_incidents": {"What happened?", "What happened?"},
		"sf0230_flow_remarks":    {"Remarks (no names of people)", "Эзоҳҳо (бе номи одамон)"},
	} {
		label := f.Element(name).Label
		if label["en"] != want[0] || label["tg"] != want[1] {
			t.Errorf("%s: %q and %q, want %q", name, label["en"], label["tg"], want)
		}
	}
	if choices := f.List("shift").Choices; len(choices) != 1 || choices[0].Label["tg"] != "Рӯз" || choices[0].Label["ru"] != "Day" {
		t.Errorf("own answers: %+v", choices)
	}
}

func FuzzUnbundle(f *testing.F) {
	f.Add([]byte("{"))
	f.Add([]byte(`{"tool.yaml":"id: a\nforms: [{id: b}]"}`))
	f.Add([]byte(`{"tool.yaml":"id: a\nlanguages: [en]\nforms: [{id: b}]","checks.yaml":"","measures.yaml":"","report.yaml":"","practice.yaml":"",` +
		`"guide.md":"x","forms/b/survey.csv":"type,name\ntext,q\n","forms/b/choices.csv":"list_name,name\n","forms/b/settings.csv":"form_id\nb\n"}`))
	dict, err := dictionary.Default()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, bundle []byte) {
		p, err := toolbox.Unbundle(bundle)
		if err != nil || len(bundle) > 10_000 {
			return
		}
		toolbox.Lint(p, dict)
	})
}
