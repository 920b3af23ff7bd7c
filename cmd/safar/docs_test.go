package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// writeCommands writes docs/commands.md: one section for each command of the table.
func writeCommands(w io.Writer) {
	fmt.Fprint(w, `# Commands

`+"<!-- Made from the table of commands: SAFAR_UPDATE=1 go test ./cmd/safar -run Commands -->"+`

Flags may stand before, between and after the arguments. Those in brackets may be left out.
`+"`--operation` and `--tool`"+` may be left out when there is only one.

With `+"`--json`"+` every listing, and every result that a program may want, is printed as JSON. Results go to standard output, progress and
remarks to standard error. Exit status: 0 fine, 1 a finding or input that cannot be used, 2 wrong usage.

Commands on data take `+"`--data`"+` (a folder; `+"`$SAFAR_DATA`"+` or `+"`safar-data`"+` when left out) or `+"`--database`"+` (a PostgreSQL server).
While `+"`safar serve`"+` holds the folder they run inside the server, with the same results.
`)
	for _, cmd := range commands() {
		writeCommand(w, &cmd)
	}
}

func writeCommand(w io.Writer, cmd *command) {
	e := exampleOf(cmd.name)
	fmt.Fprintf(w, "\n## %s\n\n%s.\n\n```sh\n%s\n```\n", cmd.name, capital(cmd.summary), cmd.synopsis())
	if flags := flagLines(cmd); flags != "" {
		fmt.Fprintf(w, "\n%s", flags)
	}
	fmt.Fprintf(w, "\nExample:\n\n```sh\n%s\n```\n", e.line)
	if e.reads != "" {
		fmt.Fprintf(w, "\n%s\n", e.reads)
	}
}

// flagLines lists the flags of a command that are its own.
func flagLines(cmd *command) string {
	c := &call{cmd: cmd, flags: flag.NewFlagSet(cmd.name, flag.ContinueOnError)}
	cmd.flags(c)
	var b strings.Builder
	c.flags.VisitAll(func(f *flag.Flag) {
		fmt.Fprintf(&b, "- `%s` %s\n", flagName(f), flagText(f))
	})
	return b.String()
}

// TestCommandsAreDocumented holds docs/commands.md against the table. SAFAR_UPDATE=1 writes it.
func TestCommandsAreDocumented(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "docs", "commands.md")
	var want bytes.Buffer
	writeCommands(&want)
	if os.Getenv("SAFAR_UPDATE") != "" {
		if err := os.WriteFile(path, want.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(have, want.Bytes()) {
		t.Errorf("docs/commands.md is not what the table of commands says (%v); SAFAR_UPDATE=1 go test ./cmd/safar -run Commands writes it", err)
	}
}

// TestEveryCommandIsTried wants each command in a script, and in the list of examples.
func TestEveryCommandIsTried(t *testing.T) {
	t.Parallel()
	scripts, err := filepath.Glob(filepath.Join("testdata", "script", "*.txtar"))
	if err != nil || len(scripts) == 0 {
		t.Fatal("no scripts", err)
	}
	var all bytes.Buffer
	for _, name := range scripts {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for _, cmd := range commands() {
		if !regexp.MustCompile(`(?m)^!? ?(exec|exit \d) safar ` + cmd.name + `\b`).Match(all.Bytes()) {
			t.Errorf("no script tries %s", cmd.name)
		}
		if e := exampleOf(cmd.name); !strings.HasPrefix(e.line, "safar "+cmd.name) {
			t.Errorf("the example of %s is %q", cmd.name, e.line)
		}
	}
	if len(examples()) != len(commands()) {
		t.Errorf("%d examples for %d commands", len(examples()), len(commands()))
	}
}

// desk is a folder in which lines of documents are typed into a shell.
type desk struct {
	t    *testing.T
	dir  string
	said map[string]string // what a word in capitals stands for
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the documents speak to a Unix shell")
	}
	d := &desk{t: t, dir: t.TempDir(), said: map[string]string{}}
	d.file("areas.csv", "pcode,level,parent_pcode,name_en,name_tg\nTJ01,1,TJK,Sughd,Суғд\nTJ0101,2,TJ01,Khujand,Хуҷанд\nTJ010101,3,TJ0101,One,Як\n")
	d.file("settlements.csv", "pcode,level,parent_pcode,name_en\nTJ01,1,TJK,Sughd\nTJ0101,2,TJ01,Khujand\n")
	d.file("visit.md", "| survey |\n| | type | name | label |\n| | text | who | Who? |\n| settings |\n| | form_id | form_title |\n| | visit | Visit |\n")
	d.file("answers.xml", "<data><person><age>30</age></person><person><age>40</age></person></data>")
	d.file("words.txt", "a long enough passphrase\n")
	d.workbook("villages.xlsx", "TJ", "TJK", "Monitoring in Tajikistan, round 1", "February 2026")
	d.workbook("round11.xlsx", "SS", "SSD", "Mobility tracking in South Sudan, round 11", "July - September 2021")
	return d
}

func (d *desk) file(name, text string) {
	d.t.Helper()
	if err := os.WriteFile(filepath.Join(d.dir, name), []byte(text), 0o600); err != nil {
		d.t.Fatal(err)
	}
}

// workbook makes an invented round of two villages.
func (d *desk) workbook(name, prefix, country string, notes ...string) {
	d.t.Helper()
	rows := [][]any{
		{"Country code", "Province code", "Province", "District code", "District", "Jamoat code", "Jamoat", "SSID", "Village", "Date", "IDP households", "IDP individuals"},
		{country, prefix + "01", "Sughd", prefix + "0101", "Khujand", prefix + "010101", "One", prefix + "010101-0001", "Obshoron", "2026-02-10", 10, 52},
		{country, prefix + "01", "Sughd", prefix + "0101", "Khujand", prefix + "010101", "One", prefix + "010101-0002", "Navobod", "2026-02-11", 4, 20},
	}
	book := excelize.NewFile()
	for i, row := range rows {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			d.t.Fatal(err)
		}
	}
	if _, err := book.NewSheet("Note"); err != nil {
		d.t.Fatal(err)
	}
	for i, note := range notes {
		if err := book.SetCellValue("Note", fmt.Sprintf("A%d", i+1), note); err != nil {
			d.t.Fatal(err)
		}
	}
	if err := book.SaveAs(filepath.Join(d.dir, name)); err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) command(line string) *exec.Cmd {
	cmd := exec.CommandContext(d.t.Context(), "sh", "-ec", line)
	cmd.Dir = d.dir
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "SAFAR_") }), "TMPDIR="+d.dir)
	return cmd
}

// run types one line and keeps what later lines refer to.
func (d *desk) run(line string) {
	d.t.Helper()
	for word, value := range d.said {
		line = regexp.MustCompile(`\b`+word+`\b`).ReplaceAllLiteralString(line, value)
	}
	if strings.Contains(line, "safar serve") {
		d.serve(line)
		return
	}
	out, err := d.command(line).CombinedOutput()
	if err != nil {
		d.t.Fatalf("%s: %v\n%s", line, err, out)
	}
	for word, pattern := range map[string]string{"IMPORT": `^import (\S+):`, "DEVICE": `^device \S+ \((\S+)\)`, "RECORD": `(?m)^([0-9a-f-]{36}) .* received `, "VERSION": `safar_baseline_sub_area +(\d+)`} {
		if found := regexp.MustCompile(`(?m)` + pattern).FindSubmatch(out); found != nil {
			d.said[word] = string(found[1])
		}
	}
}

// serve starts a server on a free port, waits until it takes commands, and stops it.
func (d *desk) serve(line string) {
	d.t.Helper()
	line = regexp.MustCompile(` --addr \S+`).ReplaceAllString(line, "") + " --addr 127.0.0.1:0"
	data := filepath.Join(d.dir, "safar-data")
	cmd := d.command("exec " + line)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if conn, err := dialSocket(data); err == nil {
			conn.Close()
			break
		}
	}
	_ = cmd.Process.Signal(os.Interrupt)
	if err := cmd.Wait(); err != nil {
		d.t.Fatalf("%s: %v\n%s", line, err, out.String())
	}
}

// TestExamplesRun types the example of every command, in order.
func TestExamplesRun(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	for _, e := range examples() {
		if e.command == "job retry" || e.command == "demo" { // one needs a job that failed too often, the other has a script
			continue
		}
		d.run(e.line)
	}
}

// TestReadmeRuns types what the README tells to type.
func TestReadmeRuns(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	d := newDesk(t)
	lines := 0
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllSubmatch(text, -1) {
		for _, line := range strings.Split(strings.TrimSpace(string(block[1])), "\n") {
			line, _, _ = strings.Cut(line, " #")
			if strings.HasPrefix(line, "make ") {
				continue
			}
			d.run(readmeLine(d, line))
			lines++
		}
	}
	if lines < 10 {
		t.Errorf("only %d lines of the README were run", lines)
	}
}

// readmeLine lets a line of the README run here: the program by its name, and the id of a record where it says ID.
func readmeLine(d *desk, line string) string {
	line = strings.ReplaceAll(line, "bin/safar", "safar")
	if !regexp.MustCompile(`\bID\b`).MatchString(line) {
		return line
	}
	d.run("safar record list --operation south-sudan --search Obshoron")
	return regexp.MustCompile(`\bID\b`).ReplaceAllLiteralString(line, d.said["RECORD"])
}
