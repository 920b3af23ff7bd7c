package main

import (
	"fmt"

	"safar/place"
	"safar/quality"
	"safar/record"
	"safar/round"
	"safar/store"
)

func roundCommands() []command {
	return []command{
		{name: "round open", usage: "[--operation NAME] [--tool T] --round N [--start D] [--end D] [--reference-date D] [--reference-start D] [--label L] [--reopen REASON]", must: "round", summary: "open a round, or set its dates", data: true, flags: roundOpen},
		{name: "round targets", usage: "[--operation NAME] [--tool T] --round N [--within CODE]", must: "round", summary: "make the known sites the target list of a round", data: true, flags: roundTargets},
		{name: "round status", usage: "[--operation NAME] [--tool T]", summary: "say where the rounds stand: records, coverage, open findings", data: true, flags: roundStatus},
		{name: "round check", usage: "[--operation NAME] [--tool T] --round N", must: "round", summary: "run the checks that compare the records of a round with each other", data: true, flags: roundCheck},
		{name: "round close", usage: "[--operation NAME] [--tool T] --round N", must: "round", summary: "end the collection of a round", data: true, flags: roundClose},
		{name: "round findings", usage: "[--operation NAME] [--tool T] --round N [--level B]", summary: "list open findings", data: true, flags: roundFindings},
	}
}

// roundKey adds the flags that name a round and gives the function that finds operation and activity.
func (c *call) roundKey() func() (round.Round, error) {
	operation := c.operation()
	tool := c.flags.String("tool", "", "tool; may be left out when the operation has one")
	number := c.flags.Int("round", 0, "round number")
	return func() (round.Round, error) {
		op, err := operation()
		if err != nil {
			return round.Round{}, err
		}
		activity, err := c.flow.OneActivity(c.ctx, c.actor(), op.Slug, *tool)
		return round.Round{Operation: op.Slug, Activity: activity, Number: *number}, err
	}
}

func roundOpen(c *call) func() error {
	key := c.roundKey()
	var set round.Round
	c.flags.StringVar(&set.Start, "start", "", "first day of collection, YYYY-MM-DD")
	c.flags.StringVar(&set.End, "end", "", "last day of collection")
	c.flags.StringVar(&set.ReferenceDate, "reference-date", "", "the day that stocks speak of; the last day when left out")
	c.flags.StringVar(&set.ReferenceStart, "reference-start", "", "movements are counted since this day")
	c.flags.StringVar(&set.Label, "label", "", "name of the round for people")
	reopen := c.flags.String("reopen", "", "let records into a closed round again; the reason")
	return func() error {
		r, err := key()
		if err != nil {
			return err
		}
		if *reopen != "" {
			if r, err = c.flow.ReopenRound(c.ctx, c.actor(), r.Operation, r.Activity, r.Number, *reopen); err != nil {
				return err
			}
		}
		set.Operation, set.Activity, set.Number = r.Operation, r.Activity, r.Number
		if r, err = c.flow.OpenRound(c.ctx, c.actor(), set); err != nil {
			return err
		}
		if c.json {
			return c.printJSON(r)
		}
		c.printf("%s: %s to %s, figures speak of %s, %s\n", r, orDash(r.Start), orDash(r.End), orDash(r.Reference()), r.Status)
		return nil
	}
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func roundTargets(c *call) func() error {
	key := c.roundKey()
	within := c.flags.String("within", "", "only sites inside this area")
	return func() error {
		r, err := key()
		if err != nil {
			return err
		}
		n, err := c.flow.SetTargets(c.ctx, c.actor(), r.Operation, r.Activity, r.Number, place.Code(*within))
		if err != nil {
			return err
		}
		c.printf("%s: %d targets\n", r, n)
		return nil
	}
}

func roundStatus(c *call) func() error {
	key := c.roundKey()
	return func() error {
		r, err := key()
		if err != nil {
			return err
		}
		all, err := c.flow.Rounds(c.ctx, c.actor(), r.Operation, r.Activity)
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(nonNil(all))
		}
		for _, s := range all {
			c.printf("%s: %s, %s to %s, figures speak of %s\n", s.Round, s.Round.Status, orDash(s.Round.Start), orDash(s.Round.End), orDash(s.Round.Reference()))
			c.printf("  %d records count, %d of them carried over from an earlier round", s.Counting, s.Carried)
			for _, state := range []record.State{record.Waiting, record.Conflicting, record.UnknownForm, record.Unreadable, record.Excluded, record.Superseded, record.Undone} {
				if n := s.Records[state]; n > 0 {
					c.printf(", %d %s", n, state)
				}
			}
			c.printf("\n  open findings: %d that block closing, %d warnings, %d to look at\n", s.Findings[quality.Block], s.Findings[quality.Warn], s.Findings[quality.Flag])
			if s.Unchecked > 0 {
				c.printf("  %d records of the operation could not be checked and are in no figure: job list tells why\n", s.Unchecked)
			}
			for _, cover := range s.Coverage {
				if cover.Area == "" {
					c.printf("  coverage: %s\n", coverageText(cover))
				}
			}
		}
		if len(all) > 0 && all[0].Homeless > 0 {
			c.printf("%d records are in no round and in no figure: record list --round 0 shows them\n", all[0].Homeless)
		}
		return nil
	}
}

func coverageText(c round.Coverage) string {
	share, ok := c.Completeness()
	if !ok {
		return fmt.Sprintf("%d assessed, %d carried over, %d inaccessible; the round has no target list (round targets makes one)", c.Assessed, c.Carried, c.Inaccessible)
	}
	return fmt.Sprintf("%d assessed, %d carried over, %d inaccessible, %d not visited of %d targets (%.1f %% complete), %d new",
		c.Assessed, c.Carried, c.Inaccessible, c.NotVisited, c.Targeted, 100*share, c.New)
}

func roundCheck(c *call) func() error {
	key := c.roundKey()
	return func() error {
		r, err := key()
		if err != nil {
			return err
		}
		result, err := c.flow.CheckRound(c.ctx, c.actor(), r.Operation, r.Activity, r.Number)
		if err != nil {
			return err
		}
		if c.json {
			result.Findings = nonNil(result.Findings)
			return c.printJSON(result)
		}
		t := c.table("LEVEL", "CHECK", "RECORD", "WHAT")
		for _, f := range result.Findings {
			t.row(f.Level, f.Check, orDash(f.Record), f.Message.In("en"))
		}
		if err := t.flush(); err != nil {
			return err
		}
		c.note("%d records compared, %d findings", result.Records, len(result.Findings))
		return nil
	}
}

func roundClose(c *call) func() error {
	key := c.roundKey()
	return func() error {
		r, err := key()
		if err != nil {
			return err
		}
		if r, err = c.flow.CloseRound(c.ctx, c.actor(), r.Operation, r.Activity, r.Number); err != nil {
			return err
		}
		c.printf("%s is closed\n", r)
		return nil
	}
}

func roundFindings(c *call) func() error {
	key := c.roundKey()
	level := c.oneOf("level", "", "B blocking, W warning, F for review", "B", "W", "F")
	limit := c.flags.Int("limit", 100, "how many")
	return func() error {
		r, err := key()
		if err != nil {
			return err
		}
		filter := store.FindingFilter{Activity: r.Activity, State: store.FindingOpen}
		if r.Number > 0 {
			filter.Round = &r.Number
		}
		var findings []store.StoredFinding
		for _, filter.Level = range []quality.Level{quality.Block, quality.Warn, quality.Flag} { // what blocks comes first
			if filter.Limit = *limit - len(findings); filter.Limit <= 0 || *level != "" && *level != string(filter.Level) {
				continue
			}
			found, err := c.flow.Findings(c.ctx, c.actor(), r.Operation, filter)
			if err != nil {
				return err
			}
			findings = append(findings, found...)
		}
		if c.json {
			return c.printJSON(nonNil(findings))
		}
		t := c.table("LEVEL", "CHECK", "RECORD", "ANSWER", "WHAT")
		for _, f := range findings {
			t.row(f.Level, f.Check, f.Record, f.Path, f.Message.In("en"))
		}
		if len(findings) == *limit {
			c.note("These are the first %d; --limit shows more.", *limit)
		}
		return t.flush()
	}
}
