package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"safar/fault"
	"safar/form/xpath"
	"safar/record"
	"safar/store"
	"safar/workflow"
)

func recordCommands() []command {
	return []command{
		{name: "record list", usage: "[--operation NAME] [--tool T] [--round N] [--state S] [--area CODE] [--search WORDS] [--limit N] [--after ID]", summary: "list records", data: true, flags: recordList},
		{name: "record show", args: "ID", usage: "[--operation NAME] [--original]", summary: "show one record: answers, corrections, findings, history", data: true, flags: recordShow},
		{name: "record correct", args: "ID", usage: "[--operation NAME] --set QUESTION=VALUE [--set ...] --reason CODE [--comment TEXT] [--finding ID]", must: "set reason", summary: "correct values; the original stays", data: true, flags: recordCorrect},
		{name: "record exclude", args: "ID", usage: "[--operation NAME] --reason TEXT", must: "reason", summary: "take a record out of the figures", data: true, flags: recordDecide(record.Excluded)},
		{name: "record accept", args: "ID", usage: "[--operation NAME] --reason TEXT", must: "reason", summary: "take a record in: one of two versions that contradict, or one that was excluded", data: true, flags: recordDecide(record.Received)},
		{name: "record export", usage: "[--operation NAME] [--tool T] [--form F] [--round N] [--repeat PATH] [--all] [--format csv|xlsx] [-o FILE]", summary: "write records as a table, without identities", data: true, flags: recordExport},
	}
}

// recordFilter adds the flags that choose records.
func (c *call) recordFilter() func() (string, workflow.RecordFilter, error) {
	operation := c.operation()
	var f workflow.RecordFilter
	c.flags.StringVar(&f.Activity, "tool", "", "only records of this tool")
	number := c.flags.Int("round", -1, "only records of this round; 0 = of none")
	state := c.flags.String("state", "", "received, waiting, conflicting, unknown_form, unreadable, superseded, excluded or undone")
	area := c.flags.String("area", "", "only records in this area or below it")
	counts := c.flags.Bool("counting", false, "only records that count towards figures")
	c.flags.StringVar(&f.Search, "search", "", "words in unit, date, place or instance, in any script")
	return func() (string, workflow.RecordFilter, error) {
		op, err := operation()
		if *number >= 0 {
			f.Round = number
		}
		f.State = record.State(*state)
		f.Area = areaCode(*area)
		if *counts {
			f.Counts = counts
		}
		return op.Slug, f, err
	}
}

func recordList(c *call) func() error {
	filter := c.recordFilter()
	limit := c.flags.Int("limit", 50, "how many")
	after := c.flags.String("after", "", "id of the last one of the page before")
	return func() error {
		op, f, err := filter()
		if err != nil {
			return err
		}
		f.Limit, f.After, f.Newest = *limit, record.ID(*after), true
		if err := c.flow.Drain(c.ctx); err != nil {
			return err
		}
		records, err := c.flow.Records(c.ctx, c.actor(), op, f)
		if err != nil {
			return err
		}
		if c.json {
			out := []recordLine{}
			for _, r := range records {
				out = append(out, lineOf(r))
			}
			return c.printJSON(out)
		}
		t := c.table("ID", "RECEIVED", "TOOL", "ROUND", "STATE", "COUNTS", "DATE", "UNIT", "AREA", "CORRECTIONS")
		for _, r := range records {
			t.row(r.ID, when(r.ReceivedAt), r.Activity, r.Round, string(r.State), r.Counts, r.Date, r.Unit, r.Place.Areas.Deepest(), len(r.Corrections))
		}
		return t.flush()
	}
}

// recordLine is a record in a listing for programs.
type recordLine struct {
	ID          record.ID    `json:"id"`
	Instance    string       `json:"instance"`
	Form        string       `json:"form"`
	FormVersion string       `json:"form_version"`
	Activity    string       `json:"activity"`
	Round       int          `json:"round"`
	State       record.State `json:"state"`
	StateReason string       `json:"state_reason,omitempty"`
	Counts      bool         `json:"counts"`
	Source      string       `json:"source"`
	Device      string       `json:"device"`
	ReceivedAt  string       `json:"received_at"`
	Date        string       `json:"date"`
	Unit        string       `json:"unit"`
	Place       record.Place `json:"place"`
	Original    string       `json:"original_sha256"`
	CarriedFrom int          `json:"carried_from,omitempty"`
	Corrections int          `json:"corrections"`
}

func lineOf(r store.StoredRecord) recordLine {
	return recordLine{r.ID, r.InstanceID, r.Form, r.FormVersion, r.Activity, r.Round, r.State, r.StateReason, r.Counts, string(r.Source), r.Device,
		when(r.ReceivedAt), r.Date, r.Unit, r.Place, r.Original, r.CarriedFrom, len(r.Corrections)}
}

func recordShow(c *call) func() error {
	operation := c.operation()
	original := c.flags.Bool("original", false, "print what was received, to the byte; may hold identities, the reading is journalled")
	return func() error {
		op, err := operation()
		if err != nil {
			return err
		}
		id := record.ID(c.arg(0))
		if *original {
			data, err := c.flow.OriginalBytes(c.ctx, c.actor(), op.Slug, id)
			if err != nil {
				return err
			}
			_, err = c.out.Write(append(data, '\n'))
			return err
		}
		v, err := c.flow.Record(c.ctx, c.actor(), op.Slug, id)
		if err != nil {
			return err
		}
		if c.json {
			return c.recordJSON(v)
		}
		c.recordText(v)
		return nil
	}
}

func (c *call) recordJSON(v workflow.RecordView) error {
	answers := map[string]string{}
	if v.Current != nil {
		record.Walk(v.Current, func(path string, n *xpath.Node) { answers[path] = n.StringValue() })
	}
	return c.printJSON(map[string]any{
		"record": lineOf(v.StoredRecord), "answers": answers, "corrections": nonNil(v.Corrections), "findings": nonNil(v.Findings), "attachments": nonNil(v.Attachments),
	})
}

func (c *call) recordText(v workflow.RecordView) {
	c.printf("record %s\n  %s %s, %s round %d, instance %s, version %d\n", v.ID, v.StoredRecord.Form, v.FormVersion, v.Activity, v.Round, v.InstanceID, v.Version)
	counts := "counts towards figures"
	if !v.Counts {
		counts = "does not count"
	}
	c.printf("  %s, %s; %s %s\n", strings.TrimSpace(string(v.State)+" "+v.StateReason), counts, when(v.ReceivedAt), strings.TrimSpace("from "+string(v.Source)+" "+v.Device))
	if v.SupersededBy != "" {
		c.printf("  replaced by %s\n", v.SupersededBy)
	}
	c.printf("  unit %s, date %s, place %s (found by %s)\n  original sha256 %s\n", orDash(v.Unit), orDash(v.Date), strings.Join(placeCodes(v), " > "), orDash(v.Place.How), v.StoredRecord.Original)
	c.printf("answers\n")
	if v.Current != nil {
		record.Walk(v.Current, func(path string, n *xpath.Node) {
			if text := n.StringValue(); text != "" {
				c.printf("  %s = %s\n", path, text)
			}
		})
	}
	for _, fix := range v.Corrections {
		c.printf("correction %s: %s was %q, is %q (%s %s) by %s at %s\n", fix.ID, fix.Path, fix.Old, fix.New, fix.Reason, fix.Comment, fix.By, when(fix.At))
	}
	for _, f := range v.Findings {
		c.printf("finding %s [%s %s] %s: %s\n", f.ID, f.Level, f.State, f.Check, f.Message.In("en"))
	}
	for _, a := range v.Attachments {
		c.printf("attachment %s: %s, %d bytes\n", a.Name, a.State, a.Bytes)
	}
	for _, e := range v.Journal {
		c.printf("journal %d %s %s by %s\n", e.Seq, when(e.At), e.Kind, e.Actor)
	}
}

func placeCodes(v workflow.RecordView) []string {
	var codes []string
	for _, code := range v.Place.Areas {
		if code != "" {
			codes = append(codes, string(code))
		}
	}
	if v.Place.Site != "" {
		codes = append(codes, "site "+v.Place.Site)
	}
	if v.Place.Point != "" {
		codes = append(codes, "point "+v.Place.Point)
	}
	return codes
}

func recordCorrect(c *call) func() error {
	operation := c.operation()
	var set texts
	c.flags.Var(&set, "set", "QUESTION=VALUE; the question's name, or the path that record show prints; may be given several times")
	var fix workflow.Correction
	c.flags.StringVar(&fix.Reason, "reason", "", strings.Join(workflow.Reasons(), ", "))
	c.flags.StringVar(&fix.Comment, "comment", "", "in words")
	c.flags.StringVar(&fix.Finding, "finding", "", "id of the finding it answers")
	return func() error {
		for _, text := range set { // all are read before the first is written
			if !strings.Contains(text, "=") {
				return usagef("write --set QUESTION=VALUE")
			}
		}
		op, err := operation()
		if err != nil {
			return err
		}
		fix.Operation, fix.Record = op.Slug, record.ID(c.arg(0))
		var all []record.Correction
		for _, text := range set {
			fix.Question, fix.Value, _ = strings.Cut(text, "=")
			done, err := c.flow.Correct(c.ctx, c.actor(), fix)
			if err != nil {
				return err
			}
			all = append(all, done)
			if !c.json {
				c.printf("%s was %q, is %q now; the original stays\n", done.Path, done.Old, done.New)
			}
		}
		if c.json {
			return c.printJSON(all)
		}
		return c.openFindings(op.Slug, fix.Record)
	}
}

// texts is a flag that may be given several times.
type texts []string

func (t *texts) String() string { return strings.Join(*t, ", ") }

func (t *texts) Set(text string) error {
	*t = append(*t, text)
	return nil
}

// openFindings tells what is still to be looked at in a record.
func (c *call) openFindings(operation string, id record.ID) error {
	view, err := c.flow.Record(c.ctx, c.actor(), operation, id)
	if err != nil {
		return err
	}
	for _, f := range view.Findings {
		if f.State == store.FindingOpen {
			c.printf("open finding, %s: %s\n", f.Level, f.Message.In("en"))
		}
	}
	return nil
}

func recordDecide(state record.State) func(*call) func() error {
	return func(c *call) func() error {
		operation := c.operation()
		reason := c.flags.String("reason", "", "why, in words")
		return func() error {
			op, err := operation()
			if err != nil {
				return err
			}
			if err := c.flow.Decide(c.ctx, c.actor(), op.Slug, record.ID(c.arg(0)), state, *reason); err != nil {
				return err
			}
			c.printf("record %s is %s\n", c.arg(0), state)
			return nil
		}
	}
}

func recordExport(c *call) func() error {
	filter := c.recordFilter()
	var order workflow.ExportOrder
	c.flags.StringVar(&order.Form, "form", "", "form id; the tool's main form when left out")
	c.flags.StringVar(&order.Repeat, "repeat", "", "path of a repeat, to write its rows")
	format := c.oneOf("format", "csv", "csv or xlsx; csv when left out", "csv", "xlsx")
	every := c.flags.Bool("all", false, "also records that do not count: superseded, excluded, undone; only those that count when left out")
	file := c.flags.String("o", "-", "file to write; - is standard output")
	return func() error {
		op, f, err := filter()
		if err != nil {
			return err
		}
		if !*every && f.State == "" && f.Counts == nil {
			counting := true // a sum over the file must be the figure
			f.Counts = &counting
		}
		if f.Activity, err = c.flow.OneActivity(c.ctx, c.actor(), op, f.Activity); err != nil {
			return err
		}
		order.Operation, order.Filter, order.Format = op, f, *format
		out, done, err := c.create(*file)
		if err != nil {
			return err
		}
		rows, err := c.flow.Export(c.ctx, c.actor(), order, out)
		if err := done(err); err != nil {
			return err
		}
		c.note("%d rows", rows)
		return nil
	}
}

// create opens a file to write: a new one that takes its name only when all is written, so that a failure leaves no
// half file behind. "-" is standard output.
func (c *call) create(name string) (io.Writer, func(error) error, error) {
	if name == "-" || name == "" {
		return c.out, func(err error) error { return err }, nil
	}
	path := c.path(name)
	if exists(path) {
		return nil, nil, fault.New(fault.CommandFileThere, "file", name)
	}
	part := path + ".part"
	f, err := os.Create(part)
	if err != nil {
		return nil, nil, fault.Wrap(err, fault.CommandNoFile, "file", name, "reason", err.Error())
	}
	return f, func(failed error) error {
		if err := f.Sync(); failed == nil {
			failed = err
		}
		if err := f.Close(); failed == nil {
			failed = err
		}
		if failed != nil {
			os.Remove(part)
			return failed
		}
		if err := os.Rename(part, path); err != nil {
			return fmt.Errorf("naming %s: %w", name, err)
		}
		return nil
	}, nil
}
