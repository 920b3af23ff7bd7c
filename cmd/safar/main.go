// Command safar is the whole system in one program: it serves, collects, imports, computes, releases and verifies.
// Every subcommand is one entry of the table in commands.go; run `safar` alone for the list.
package main

import (
	"context"
	"os"
	"os/signal"
	"os/user"
	"syscall"
	_ "time/tzdata" // the day of a flow is local, also on machines without a table of time zones
)

// Set at build time (-ldflags -X).
var (
	version = "dev"
	commit  = "unknown"
	date    = "unknown"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	dir, err := os.Getwd()
	if err != nil {
		dir = "."
	}
	call := &call{
		ctx: ctx, args: os.Args[1:], dir: dir, user: osUser(), pass: os.Getenv("SAFAR_PASSPHRASE"),
		in: os.Stdin, out: os.Stdout, err: os.Stderr,
	}
	os.Exit(dispatch(call))
}

// osUser names who runs the command; it becomes the journal's actor local:<name>.
func osUser() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return "unknown"
}
