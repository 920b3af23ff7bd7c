package main

import "safar/store"

func jobCommands() []command {
	return []command{
		{name: "job list", usage: "[--operation NAME] [--state queued|leased|dead]", summary: "list the work that waits, and what failed too often", data: true, flags: jobList},
		{name: "job retry", args: "ID", usage: "[--operation NAME]", summary: "try a dead job again", data: true, flags: jobRetry},
	}
}

func jobList(c *call) func() error {
	operation := c.flags.String("operation", "", "slug; all operations when left out")
	state := c.oneOf("state", "", "queued, leased or dead; all when left out", "queued", "leased", "dead")
	return func() error {
		jobs, err := c.flow.JobList(c.ctx, c.actor(), store.JobFilter{Operation: *operation, State: store.JobState(*state)})
		if err != nil {
			return err
		}
		if c.json {
			type row struct {
				Operation string `json:"operation"`
				ID        string `json:"id"`
				Kind      string `json:"kind"`
				Subject   string `json:"subject"`
				State     string `json:"state"`
				Attempts  int    `json:"attempts"`
				Due       string `json:"due_at"`
				Failure   string `json:"failure,omitempty"`
			}
			rows := []row{}
			for _, j := range jobs {
				rows = append(rows, row{j.Operation, j.ID, j.Kind, j.Subject, string(j.State), j.Attempts, when(j.DueAt), j.Failure})
			}
			return c.printJSON(rows)
		}
		t := c.table("OPERATION", "JOB", "KIND", "SUBJECT", "STATE", "TRIES", "DUE", "FAILURE")
		for _, j := range jobs {
			t.row(j.Operation, j.ID, j.Kind, j.Subject, string(j.State), j.Attempts, when(j.DueAt), j.Failure)
		}
		return t.flush()
	}
}

func jobRetry(c *call) func() error {
	operation := c.operation()
	return func() error {
		op, err := operation()
		if err != nil {
			return err
		}
		if err := c.flow.RetryJob(c.ctx, c.actor(), op.Slug, c.arg(0)); err != nil {
			return err
		}
		c.printf("job %s will be tried again\n", c.arg(0))
		return nil
	}
}
