package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"safar/access"
	"safar/fault"
	"safar/workflow"
)

// Exit codes of the command line contract.
const (
	exitOK      = 0
	exitFinding = 1 // a finding, or input that cannot be used
	exitUsage   = 2
)

// call is one run of one command: by a person in this process, or relayed to the running server (relay.go), which then
// works with the caller's directory and name.
type call struct {
	ctx  context.Context
	args []string // after the command's words
	dir  string   // the caller's working directory; relative paths are read from it
	user string
	pass string // $SAFAR_PASSPHRASE of the caller
	in   io.Reader
	out  io.Writer
	err  io.Writer

	cmd   *command
	flags *flag.FlagSet
	json  bool
	data  string // data folder
	dbURL string // PostgreSQL, "" for SQLite in the data folder

	flow *workflow.Workflow // set in the server; opened on demand elsewhere
	shut func()             // closes what open() opened
}

// usageError is a wrong call: the message and the command's usage go to standard error, exit 2.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func usagef(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// errFindings ends a command with exit 1 after it has said what it found.
var errFindings = errors.New("findings")

// path makes a path of the caller absolute.
func (c *call) path(p string) string {
	if p == "" || p == "-" || filepath.IsAbs(p) {
		return p
	}
	return filepath.Join(c.dir, p)
}

// actor is who the journal says did it.
func (c *call) actor() access.Actor {
	return access.Actor{Kind: access.Local, ID: c.user, Name: "local:" + c.user}
}

// printf writes to standard output.
func (c *call) printf(format string, args ...any) { fmt.Fprintf(c.out, format, args...) }

// note writes to standard error: progress and remarks that are not the result.
func (c *call) note(format string, args ...any) { fmt.Fprintf(c.err, format+"\n", args...) }

// printJSON writes v as indented JSON, for --json.
func (c *call) printJSON(v any) error {
	enc := json.NewEncoder(c.out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// arg gives the i-th argument left after flags.
func (c *call) arg(i int) string { return c.flags.Arg(i) }

// oneOf declares a flag that takes one of a few words.
func (c *call) oneOf(name, value, text string, words ...string) *string {
	c.flags.Func(name, text, func(given string) error {
		if !slices.Contains(words, given) {
			return fmt.Errorf("use %s", strings.Join(words, " or "))
		}
		value = given
		return nil
	})
	return &value
}

// need fails with a usage error when a flag that the command cannot do without is empty.
func need(pairs ...string) error {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == "" {
			return usagef("%s is missing", pairs[i])
		}
	}
	return nil
}

// report writes an error for people and gives the exit code.
func (c *call) report(err error) int {
	var usage usageError
	var elsewhere exitWith
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &elsewhere):
		return int(elsewhere)
	case errors.Is(err, errFindings):
		return exitFinding
	case errors.As(err, &usage):
		fmt.Fprintf(c.err, "safar: %s\n", usage.text)
		if c.cmd != nil {
			fmt.Fprintf(c.err, "usage: %s\n", c.cmd.synopsis())
		}
		return exitUsage
	}
	for _, one := range flatten(err) {
		fmt.Fprintf(c.err, "safar: %s\n", message(one))
	}
	return exitFinding
}

// message is a fault's own words; for an internal error the cause is added, since the command line's reader is the one
// who can look into it.
func message(err error) string {
	if fault.KindOf(err) != fault.Internal {
		return err.Error()
	}
	var f *fault.Error
	if errors.As(err, &f) && f.Err != nil {
		return f.Error() + " (" + f.Err.Error() + ")"
	}
	return err.Error()
}

// flatten lists the errors that were joined into one.
func flatten(err error) []error {
	if err == nil {
		return nil
	}
	var many interface{ Unwrap() []error }
	if errors.As(err, &many) {
		return many.Unwrap()
	}
	return []error{err}
}

// openFile reads a file of the caller.
func (c *call) openFile(name string) (*os.File, error) {
	f, err := os.Open(c.path(name))
	if err != nil {
		return nil, fault.Wrap(err, fault.CommandNoFile, "file", name, "reason", reason(err))
	}
	return f, nil
}
