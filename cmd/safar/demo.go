package main

import (
	"context"
	"os"
	"path/filepath"
	"time"

	"safar/access"
	"safar/dictionary"
	"safar/fault"
	"safar/record"
	"safar/release"
	"safar/round"
	"safar/store"
	"safar/toolbox"
	"safar/training"
	"safar/workflow"
)

// demo serves a small practice operation. Its data folder is made anew unless one is named.
func demo(c *call) func() error {
	addr := c.flags.String("addr", defaultAddr, "address to listen on; another free port is taken when it is in use")
	c.flags.StringVar(&c.data, "data", "", "folder to keep the practice data in; a temporary one when left out")
	return func() error {
		dir := c.path(c.data)
		if dir == "" {
			temp, err := os.MkdirTemp("", "safar-demo-")
			if err != nil {
				return fault.Internalf(err, "making a temporary folder")
			}
			defer os.RemoveAll(temp)
			dir = temp
		}
		c.data = dir
		if err := c.open(); err != nil {
			return err
		}
		defer c.shut()
		start := time.Now()
		guest, err := c.furnish()
		if err != nil {
			return err
		}
		return c.serve(freeAddr(*addr), func(base string) error {
			go c.publishPractice(c.ctx, guest.operation)
			return c.welcome(base, guest, start)
		})
	}
}

// guest is what a visitor of the demo needs to come in.
type guest struct {
	operation round.Operation
	link      string
	devices   []workflow.NewDevice
	roles     []access.Role
	records   int
}

// furnish loads the practice operation, once: a folder that has it already is served as it is.
func (c *call) furnish() (g guest, err error) {
	box, err := toolbox.Default()
	if err != nil {
		return g, err
	}
	dict, err := dictionary.Default()
	if err != nil {
		return g, err
	}
	country, err := training.Generate(training.Small(), box, dict)
	if err != nil {
		return g, err
	}
	g.operation = country.Operation
	known, err := c.flow.Operations(c.ctx, c.actor())
	if err != nil {
		return g, err
	}
	if len(known) == 0 {
		if err := c.loadPractice(country); err != nil {
			return g, err
		}
	}
	for _, name := range []string{"practice-phone-1", "practice-phone-2"} {
		device, err := c.flow.AddDevice(c.ctx, c.actor(), store.Device{Operation: g.operation.Slug, Name: name + "-" + time.Now().Format("150405")})
		if err != nil {
			return g, err
		}
		g.devices = append(g.devices, device)
	}
	g.records = len(country.Submissions)
	g.roles = workflow.Roles()
	if len(known) == 0 {
		if err := c.addPractitioners(g.roles); err != nil {
			return g, err
		}
	}
	g.link, err = c.flow.AdministratorLink(c.ctx, c.actor())
	return g, err
}

// practicePassword is the password of every account of the demo: it guards nothing.
const practicePassword = "practice-safar"

// addPractitioners makes one account for each role, named as the role is.
func (c *call) addPractitioners(roles []access.Role) error {
	return each(c.ctx, 2, roles, func(ctx context.Context, role access.Role) error {
		_, err := c.flow.AddPerson(ctx, c.actor(), string(role), practicePassword, role)
		return err
	})
}

// publishPractice makes releases of the first round while the server already answers, so that a visitor finds published
// figures to open. A folder that has them keeps them.
func (c *call) publishPractice(ctx context.Context, op round.Operation) {
	have, err := c.flow.Releases(ctx, c.actor(), op.Slug)
	if err != nil || len(have) > 0 {
		return
	}
	terms := release.Terms{Licence: "Invented data for practice: do not use", Attribution: op.Title, Source: "Made by Safar's generator of practice data"}
	for _, tool := range []string{"baseline-sub-area", "flow-registry"} {
		built, _, err := c.flow.BuildRelease(ctx, c.actor(), op.Slug, tool, 1, workflow.ReleaseOrder{Terms: terms, Note: "Every place, person and number in this release is invented."})
		if err == nil {
			_, err = c.flow.SetReleaseState(ctx, c.actor(), built.ID, store.ReleasePublished, "")
		}
		if err != nil && ctx.Err() == nil {
			c.note("The practice release of %s could not be made: %s", tool, message(err))
		}
	}
}

// loadPractice sets the operation up as a person would, and sends its records as phones would.
func (c *call) loadPractice(country training.Country) error {
	actor := c.actor()
	if _, err := c.flow.CreateOperation(c.ctx, actor, country.Operation); err != nil {
		return err
	}
	if _, err := c.flow.AddPlaces(c.ctx, actor, "practice country", country.Places); err != nil {
		return err
	}
	for _, tool := range []string{"baseline-sub-area", "flow-registry"} {
		if _, err := c.flow.PublishTool(c.ctx, actor, country.Operation.Slug, tool); err != nil {
			return err
		}
	}
	for _, r := range country.Rounds {
		if _, err := c.flow.OpenRound(c.ctx, actor, r); err != nil {
			return err
		}
		if r.Activity != "baseline-sub-area" { // whoever passes a flow point was not on a list before
			continue
		}
		if _, err := c.flow.SetTargets(c.ctx, actor, r.Operation, r.Activity, r.Number, ""); err != nil {
			return err
		}
	}
	device, err := c.flow.AddDevice(c.ctx, actor, store.Device{Operation: country.Operation.Slug, Name: "practice-team"})
	if err != nil {
		return err
	}
	phone := access.Actor{Kind: access.Device, ID: device.ID, Name: "device:" + device.ID, Operation: country.Operation.Slug}
	return c.sendAll(phone, country)
}

// sendAll hands all submissions in, several at a time, so that they share disk syncs as those of phones do.
func (c *call) sendAll(phone access.Actor, country training.Country) error {
	return each(c.ctx, 32, country.Submissions, func(ctx context.Context, s training.Submission) error {
		_, err := c.flow.Receive(ctx, phone, workflow.Submission{Operation: country.Operation.Slug, Source: record.FromDevice, XML: s.XML, Parts: parts(s)})
		return err
	})
}

func (c *call) welcome(base string, g guest, start time.Time) error {
	c.printf("PRACTICE DATA: %s. Nothing here is real.\n\n", g.operation.Title)
	c.printf("Safar:          %s\n", base)
	c.printf("Administrator:  %s/signin/%s (works once)\n", base, g.link)
	c.printf("Accounts:       ")
	for _, role := range g.roles {
		c.printf("%s ", role)
	}
	c.printf("(password of all: %s)\n", practicePassword)
	c.printf("Releases:       %s/releases (two are being made now)\n", base)
	c.printf("DTM interface:  %s/v3/displacement/operation-list\n", base)
	for _, d := range g.devices {
		c.printf("Phone:          %s/openrosa/key/%s\n", base, d.Secret)
	}
	c.printf("\n%d practice records sent; ready in %s. In a second terminal try:\n", g.records, time.Since(start).Round(10*time.Millisecond))
	program, err := os.Executable()
	if err != nil {
		program = "safar"
	}
	if dir, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(dir, program); err == nil && filepath.IsLocal(rel) {
			program = "./" + rel
		}
	}
	c.printf("  %s round status --tool baseline-sub-area --data %s\n", program, c.data)
	c.printf("  %s figures --tool baseline-sub-area --by adm1 --data %s\n", program, c.data)
	c.printf("\nStop with Ctrl-C.\n")
	return nil
}
