package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"regexp"
	"slices"
	"sort"
	"strings"
)

// command is one subcommand. Its words, usage line and summary are the help text; docs/commands.md is checked against
// this table.
type command struct {
	name    string // "place import"
	args    string // arguments that follow the name: FILE, FORM [VERSION], WORD...
	usage   string // flags worth naming in one line; those in brackets may be left out
	must    string // flags it cannot do without, separated by spaces
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
	switch {
	case len(c.args) == 0, c.args[0] == "-h", c.args[0] == "--help", len(c.args) == 1 && c.args[0] == "help":
		printHelp(c.out)
		return exitOK
	case c.args[0] == "help": // help figures
		c.args = append(slices.Clone(c.args[1:]), "--help")
	case c.args[0] == "--version", c.args[0] == "-version":
		c.args = []string{"version"}
	}
	cmd, rest := find(c.args)
	if cmd == nil {
		fmt.Fprintf(c.err, "safar: there is no command %q; %s\n", strings.Join(firstWords(c.args), " "), nearest(c.args[0]))
		return exitUsage
	}
	c.cmd = cmd
	c.flags = flag.NewFlagSet(cmd.name, flag.ContinueOnError)
	c.flags.SetOutput(io.Discard)
	c.flags.Usage = func() {}
	c.flags.BoolVar(&c.json, "json", false, "print JSON for a program to read")
	if cmd.data {
		c.flags.StringVar(&c.data, "data", defaultData(), "data folder")
		c.flags.StringVar(&c.dbURL, "database", "", "PostgreSQL server, postgres://...; without it SQLite in the data folder")
	}
	run := cmd.flags(c)
	if err := parseAnywhere(c.flags, rest); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			printUsage(c)
			return exitOK
		}
		return c.report(usagef("%s; %s --help tells the flags", strings.Replace(err.Error(), "provided but not defined: -", "unknown: --", 1), "safar "+cmd.name))
	}
	if err := c.complete(); err != nil {
		return c.report(err)
	}
	if cmd.data {
		return c.report(c.runOnData(run))
	}
	return c.report(run())
}

// negative is an argument that begins with a minus and is no flag: coordinates in the south, an expression.
var negative = regexp.MustCompile(`^-[\d.(\s]`)

// complete says which argument or flag is missing, and which argument is one too many, before anything is opened.
func (c *call) complete() error {
	words := strings.Fields(c.cmd.args)
	given := c.flags.Args()
	for i, word := range words {
		if i >= len(given) && !strings.HasPrefix(word, "[") || i < len(given) && given[i] == "" {
			return usagef("%s is missing", strings.Trim(word, "[]."))
		}
	}
	if len(given) > len(words) && !strings.HasSuffix(c.cmd.args, "...") {
		return usagef("%q is one argument too many; quote a text that holds spaces", given[len(words)])
	}
	for _, name := range strings.Fields(c.cmd.must) {
		if value := c.flags.Lookup(name).Value.String(); value == "" || value == "0" {
			return usagef("--%s is missing", name)
		}
	}
	return nil
}

// synopsis is the whole call in one line.
func (cmd *command) synopsis() string {
	return strings.Join(strings.Fields("safar "+cmd.name+" "+cmd.args+" "+cmd.usage), " ")
}

// parseAnywhere lets flags stand before, between and after the arguments, as people type them.
func parseAnywhere(fs *flag.FlagSet, args []string) error {
	var positional []string
	args = slices.Clone(args)
	for i, arg := range args {
		if negative.MatchString(arg) {
			args[i] = " " + arg
		}
	}
	for {
		if err := fs.Parse(args); err != nil {
			return err
		}
		args = fs.Args()
		if len(args) == 0 {
			break
		}
		positional, args = append(positional, args[0]), args[1:]
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

// nearest names the commands that begin with a word, such as those of "record".
func nearest(word string) string {
	var names []string
	for _, cmd := range commands() {
		if strings.HasPrefix(cmd.name, word+" ") {
			names = append(names, cmd.name)
		}
	}
	if len(names) == 0 {
		return "run safar for the list"
	}
	return "there are " + strings.Join(names, ", ")
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
	fmt.Fprintf(c.out, "usage: %s\n\n%s.\n\n", c.cmd.synopsis(), capital(c.cmd.summary))
	c.flags.VisitAll(func(f *flag.Flag) { fmt.Fprintf(c.out, "  %s\n      %s\n", flagName(f), flagText(f)) })
	fmt.Fprintf(c.out, "\nexample:\n%s", exampleOf(c.cmd.name).text("  "))
}

// words are the command line again as it was given, for the relay; the data folder is made absolute because the server
// need not stand where the caller does.
func (c *call) words() []string { return c.args }

// flagName is a flag with the kind of its value: --round N.
func flagName(f *flag.Flag) string {
	kind, _ := flag.UnquoteUsage(f)
	dashes := "--"
	if len(f.Name) == 1 {
		dashes = "-"
	}
	words := map[string]string{"string": " TEXT", "value": " TEXT", "int": " N"}
	return dashes + f.Name + words[kind]
}

// flagText is what a flag does, with what it is when left out where that says something.
func flagText(f *flag.Flag) string {
	_, text := flag.UnquoteUsage(f)
	switch f.DefValue {
	case "", "0", "-1", "-", "false", defaultData():
		return text
	}
	return text + " (" + f.DefValue + " when left out)"
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
