package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	_ "github.com/ncruces/go-sqlite3/driver"
	"github.com/rogpeppe/go-internal/testscript"
	"github.com/xuri/excelize/v2"
)

// TestMain runs the tests, or, when a script runs the program under the name safar, the program itself.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"safar": main})
}

// TestScripts runs the scripts in testdata/script. Each is a session of a person at a terminal, in a folder of its own.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		ContinueOnError:     true,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		UpdateScripts:       os.Getenv("SAFAR_UPDATE") != "",
		Setup: func(env *testscript.Env) error {
			env.Setenv("SAFAR_DATA", "data")
			env.Setenv("SAFAR_PASSPHRASE", "a long enough passphrase")
			env.Setenv("LONG", filepath.Join(env.WorkDir, strings.Repeat("deep/", 25)+"data"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exit": scriptExit, "keep": scriptKeep, "xlsx": scriptXLSX, "wide": scriptWide, "sql": scriptSQL, "ready": scriptReady,
			"samefigures": scriptSame,
		},
	})
}

// scriptExit runs a command and wants its exit status: exit 2 safar figures --nonsense.
func scriptExit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exit STATUS command...")
	}
	got := "0"
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		status := regexp.MustCompile(`exit status (\d+)`).FindStringSubmatch(err.Error())
		if status == nil {
			ts.Fatalf("%v", err)
		}
		got = status[1]
	}
	if got != args[0] {
		ts.Fatalf("exit status %s, want %s", got, args[0])
	}
}

// scriptKeep puts what a pattern finds in the last standard output into a variable: keep ID 'import (\S+):'.
func scriptKeep(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: keep NAME PATTERN")
	}
	found := regexp.MustCompile(`(?m)` + args[1]).FindStringSubmatch(ts.ReadFile("stdout"))
	if len(found) != 2 {
		ts.Fatalf("%q finds nothing in:\n%s", args[1], ts.ReadFile("stdout"))
	}
	ts.Setenv(args[0], found[1])
}

// scriptXLSX makes a workbook of CSV files, one sheet each, named as the files: xlsx round.xlsx Data.csv Note.csv.
// Numbers become number cells; an apostrophe before a number keeps it text.
func scriptXLSX(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: xlsx OUT.xlsx SHEET.csv...")
	}
	book := excelize.NewFile()
	for i, name := range args[1:] {
		sheet := strings.TrimSuffix(filepath.Base(name), ".csv")
		if i == 0 {
			ts.Check(book.SetSheetName("Sheet1", sheet))
		} else {
			_, err := book.NewSheet(sheet)
			ts.Check(err)
		}
		for r, line := range strings.Split(strings.TrimRight(ts.ReadFile(name), "\n"), "\n") {
			for c, text := range strings.Split(line, ",") {
				at, err := excelize.CoordinatesToCellName(c+1, r+1)
				ts.Check(err)
				ts.Check(book.SetCellValue(sheet, at, cellValue(text)))
			}
		}
	}
	ts.Check(book.SaveAs(ts.MkAbs(args[0])))
}

func cellValue(text string) any {
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		return n
	}
	return strings.ReplaceAll(strings.TrimPrefix(text, "'"), `\n`, "\n")
}

// scriptWide makes a CSV file wider than any table: the columns of the first file, then empty-headed ones up to a number.
func scriptWide(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: wide OUT.csv IN.csv COLUMNS")
	}
	columns, err := strconv.Atoi(args[2])
	ts.Check(err)
	var out bytes.Buffer
	for i, line := range strings.Split(strings.TrimRight(ts.ReadFile(args[1]), "\n"), "\n") {
		out.WriteString(line)
		for c := strings.Count(line, ",") + 1; c < columns; c++ {
			fmt.Fprintf(&out, ",extra %d.%d", i, c)
		}
		out.WriteByte('\n')
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), out.Bytes(), 0o600))
}

// scriptSQL changes a data folder's database behind Safar's back: sql data/safar.db 'UPDATE ...'.
func scriptSQL(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: sql FILE STATEMENT")
	}
	db, err := sql.Open("sqlite3", "file:"+filepath.ToSlash(ts.MkAbs(args[0])))
	ts.Check(err)
	defer db.Close()
	_, err = db.Exec(args[1])
	ts.Check(err)
}

// scriptReady waits until the server of a data folder takes commands: ready data.
func scriptReady(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: ready FOLDER")
	}
	dir := ts.MkAbs(args[0])
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		var conn net.Conn
		if conn, _ = dialSocket(dir); conn != nil {
			conn.Close()
			return
		}
	}
	ts.Fatalf("no server took commands for %s", dir)
}

// scriptSame wants the figures of two data folders to be equal: samefigures one two.
func scriptSame(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: samefigures FOLDER FOLDER")
	}
	var answers [2]string
	for i, dir := range args {
		ts.Check(ts.Exec("safar", "figures", "--by", "adm2", "--format", "csv", "--data", dir))
		answers[i] = ts.ReadFile("stdout")
	}
	if answers[0] != answers[1] || answers[0] == "" {
		ts.Fatalf("figures differ:\n%s\n%s", answers[0], answers[1])
	}
}
