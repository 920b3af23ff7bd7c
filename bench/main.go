// Command bench measures Safar on the machine it runs on and prints each figure beside its yardstick, with the
// conditions that one must know to compare. It stands alone: it makes what it needs in a temporary folder, listens on
// loopback only, is bounded in count and time, and leaves nothing behind.
//
//	make bench                        everything, some minutes
//	go run ./bench -quick             the same with small counts, half a minute
//	go run ./bench -only receive      one of them; -only names what there is when it knows no such
//	go run ./bench -json              for machines
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/pprof"
	"slices"
	"strings"
	"syscall"
	"time"
)

// options is how much is measured.
type options struct {
	quick    bool
	json     bool
	only     string
	postgres bool
	profile  string // CPU profile of this process, which is the server in most measurements
	limit    time.Duration

	submissions int // of the receiving runs
	rows        int // of the workbook
	records     int // of the round that is closed
	facts       int // in the warehouse
	exported    int // records in the export
	codes       int // in the place list
	positions   int // located
	starts      int // of the program; the median counts
}

// full and small are the counts of the two versions.
func full() options {
	return options{limit: 20 * time.Minute, submissions: 2000, rows: 3335, records: 20_000, facts: 1_000_000, exported: 21_000, codes: 33_363, positions: 100_000, starts: 5}
}

func small() options {
	return options{limit: 2 * time.Minute, submissions: 200, rows: 400, records: 500, facts: 100_000, exported: 1000, codes: 4000, positions: 20_000, starts: 2}
}

// benchmark is one group of measurements: a table of its own.
type benchmark struct {
	name  string
	about string
	run   func(context.Context, *bench) (table, error)
}

// bench is what a benchmark works with.
type bench struct {
	options
	dir      string    // its own temporary folder
	progress io.Writer // what a person waiting may like to know
}

func (b *bench) note(format string, args ...any) { fmt.Fprintf(b.progress, format+"\n", args...) }

func benchmarks() []benchmark {
	return []benchmark{
		{"receive", "submissions of 250 questions over HTTP", receive},
		{"intake", "a workbook becomes records", takeIn},
		{"close", "a round is rechecked, measured and closed", closeRound},
		{"figures", "facts are added up in the warehouse", figures},
		{"export", "records are written as a table", export},
		{"place", "codes and positions", places},
		{"start", "the program as it is shipped", start},
	}
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == phoneCommand { // this program calls itself as the phones
		os.Exit(phoneMain(os.Args[2:]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures what the arguments ask for and prints it.
func run(ctx context.Context, args []string, out, progress io.Writer) error {
	o, err := parse(args, progress)
	if err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	stop, err := startProfile(o.profile)
	if err != nil {
		return err
	}
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, o.limit)
	defer cancel()
	return measureAll(ctx, o, out, progress)
}

func measureAll(ctx context.Context, o options, out, progress io.Writer) error {
	report := report{Conditions: conditionsNow(o)}
	var failed []string
	for _, one := range benchmarks() {
		if o.only != "" && one.name != o.only {
			continue
		}
		fmt.Fprintf(progress, "%s: %s ...\n", one.name, one.about)
		t, err := measureOne(ctx, one, o, progress)
		if err != nil {
			t.Notes = append(t.Notes, "failed: "+err.Error())
			failed = append(failed, one.name)
		}
		t.Name = one.name
		report.Tables = append(report.Tables, t)
	}
	report.Conditions.LoadAfter = load()
	if err := report.write(out, o.json); err != nil {
		return err
	}
	if len(failed) > 0 {
		return fmt.Errorf("not measured: %s", strings.Join(failed, ", "))
	}
	return nil
}

// measureOne runs one benchmark in a folder that is gone afterwards.
func measureOne(ctx context.Context, one benchmark, o options, progress io.Writer) (t table, err error) {
	if err := ctx.Err(); err != nil {
		return table{}, fmt.Errorf("no time is left: %w", err)
	}
	dir, err := os.MkdirTemp("", "safar-bench-")
	if err != nil {
		return table{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	return one.run(ctx, &bench{options: o, dir: dir, progress: progress})
}

func parse(args []string, out io.Writer) (options, error) {
	o := full()
	if slices.ContainsFunc(args, func(a string) bool { return a == "-quick" || a == "--quick" }) {
		o = small()
	}
	var names []string
	for _, one := range benchmarks() {
		names = append(names, one.name)
	}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.BoolVar(&o.quick, "quick", false, "small counts: half a minute")
	flags.BoolVar(&o.json, "json", false, "print JSON")
	flags.StringVar(&o.only, "only", "", "one of "+strings.Join(names, ", "))
	flags.BoolVar(&o.postgres, "postgres", false, "receive into PostgreSQL as well; a cluster is started in a temporary folder")
	flags.StringVar(&o.profile, "cpuprofile", "", "write a CPU profile to this `file`")
	flags.DurationVar(&o.limit, "limit", o.limit, "stop after this time")
	flags.IntVar(&o.submissions, "submissions", o.submissions, "submissions of each receiving run")
	flags.IntVar(&o.rows, "rows", o.rows, "rows of the workbook")
	flags.IntVar(&o.records, "records", o.records, "records of the round that is closed, up to 1000000")
	flags.IntVar(&o.facts, "facts", o.facts, "flow facts in the warehouse; the design speaks of 50000000")
	flags.IntVar(&o.exported, "exported", o.exported, "records of the export")
	flags.IntVar(&o.codes, "codes", o.codes, "codes in the place list")
	flags.IntVar(&o.positions, "positions", o.positions, "positions to locate")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.only != "" && !slices.Contains(names, o.only) {
		return o, fmt.Errorf("there is no benchmark %q; there are %s", o.only, strings.Join(names, ", "))
	}
	if o.records > 1_000_000 || min(o.submissions, o.rows, o.records, o.facts, o.exported, o.codes, o.positions) < 1 {
		return o, errors.New("a count lies outside of what is measured: at least 1, and at most 1000000 records")
	}
	return o, nil
}

// startProfile writes a CPU profile until the function it gives is called; no file, no profile.
func startProfile(file string) (stop func(), err error) {
	if file == "" {
		return func() {}, nil
	}
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close()
	}, nil
}
