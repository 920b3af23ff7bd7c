package main

import (
	"flag"
	"fmt"
	"io"
	"sort"
	"strings"
)

// command is one subcommand. Its words, usage line and summary are the help text; docs/commands.md is checked against
// this table.
type command struct {
	name    string // "place import"
	usage   string // what follows the name
	summary string // one line, no full stop
	data    bool   // works on a data folder: takes --data and --database, is relayed when a server holds the folder
	makes   bool   // with data: makes the folder when it is not there
	reads   bool   // with data: keeps nothing, and works without a folder when there is none
	alone   bool   // with data: must not run beside a server
	flags   func(c *call) func() error
}

// A command's flags function declares flags on c.flags and returns what to run after they are parsed; so every flag is
// a local variable of its command.

// commands is the whole command line, by name.
func commands() []command {
	var all []command
	for _, group := range [][]command{
		systemCommands(), operationCommands(), peopleCommands(), placeCommands(), formCommands(), toolCommands(),
		importCommands(), recordCommands(), roundCommands(), figureCommands(), releaseCommands(), jobCommands(),
	} {
		all = append(all, group...)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].name < all[j].name })
	return all
}

// dispatch finds the command, parses its flags and runs it, here or in the server that holds the data folder.
func dispatch(c *call) int {
	if len(c.args) == 0 || c.args[0] == "help" || c.args[0] == "-h" || c.args[0] == "--help" {
		printHelp(c.out)
		return exitOK
	}
	cmd, rest := find(c.args)
	if cmd == nil {
		fmt.Fprintf(c.err, "safar: there is no command %q; run safar for the list\n", strings.Join(firstWords(c.args), " "))
		return exitUsage
	}
	c.cmd = cmd
	c.flags = flag.NewFlagSet(cmd.name, flag.ContinueOnError)
	c.flags.SetOutput(c.err)
	c.flags.Usage = func() { printUsage(c) }
	c.flags.BoolVar(&c.json, "json", false, "print JSON for a program to read")
	if cmd.data {
		c.flags.StringVar(&c.data, "data", defaultData(), "data folder")
		c.flags.StringVar(&c.dbURL, "database", "", "PostgreSQL server, postgres://...; without it SQLite in the data folder")
	}
	run := cmd.flags(c)
	if err := parseAnywhere(c.flags, rest); err != nil {
		if err == flag.ErrHelp {
			return exitOK
		}
		return exitUsage
	}
	if cmd.data {
		return c.report(c.runOnData(run))
	}
	return c.report(run())
}

// parseAnywhere lets flags stand before, between and after the arguments, as people type them.
func parseAnywhere(fs *flag.FlagSet, args []string) error {
	var positional []string
	for {
		if err := fs.Parse(args); err != nil {
			return err
		}
		args = fs.Args()
		if len(args) == 0 {
			break
		}
		if consumed := len(args); consumed > 0 {
			positional = append(positional, args[0])
			args = args[1:]
		}
	}
	return fs.Parse(append([]string{"--"}, positional...))
}

// find takes the longest run of leading words that names a command.
func find(args []string) (*command, []string) {
	all := commands()
	for n := min(2, len(args)); n > 0; n-- {
		name := strings.Join(args[:n], " ")
		for i := range all {
			if all[i].name == name {
				return &all[i], args[n:]
			}
		}
	}
	return nil, nil
}

func firstWords(args []string) []string {
	for i, a := range args {
		if strings.HasPrefix(a, "-") {
			return args[:i]
		}
	}
	return args[:min(2, len(args))]
}

func printHelp(w io.Writer) {
	fmt.Fprintln(w, "Safar tracks displacement and population mobility: from a questionnaire to a published figure.")
	fmt.Fprintln(w, "\nusage: safar COMMAND [flags]")
	fmt.Fprintln(w)
	for _, cmd := range commands() {
		fmt.Fprintf(w, "  %-18s %s\n", cmd.name, cmd.summary)
	}
	fmt.Fprintln(w, "\nsafar COMMAND --help tells the flags of a command. Exit status: 0 fine, 1 a finding or unusable input, 2 wrong usage.")
}

func printUsage(c *call) {
	fmt.Fprintf(c.err, "usage: safar %s %s\n\n%s.\n\n", c.cmd.name, c.cmd.usage, strings.ToUpper(c.cmd.summary[:1])+c.cmd.summary[1:])
	c.flags.PrintDefaults()
}

// words are the command line again as it was given, for the relay; the data folder is made absolute because the server
// need not stand where the caller does.
func (c *call) words() []string { return c.args }
