package main

import (
	"os"
	"strings"

	"safar/dictionary"
	"safar/fault"
	"safar/toolbox"
)

func toolCommands() []command {
	return []command{
		{name: "tool list", usage: "", summary: "list the tools: what each answers, who is asked, how often", flags: toolList},
		{name: "tool show", args: "TOOL", usage: "[--guide] [--language ru]", summary: "show a tool: purpose, forms, measures, checks, limitations", flags: toolShow},
		{name: "tool lint", args: "[TOOL|DIR]", usage: "", summary: "prove a tool whole: dictionary, expressions, languages, measures", flags: toolLint},
		{name: "tool adopt", args: "TOOL", usage: "[--operation NAME]", summary: "take a tool into an operation, pinned to its version", data: true, flags: toolAdopt},
	}
}

func toolList(c *call) func() error {
	return func() error {
		box, err := toolbox.Default()
		if err != nil {
			return err
		}
		if c.json {
			type row struct {
				ID        string   `json:"id"`
				Version   string   `json:"version"`
				Hash      string   `json:"hash"`
				Title     string   `json:"title"`
				Component string   `json:"component"`
				Forms     []string `json:"forms"`
			}
			rows := []row{}
			for _, p := range box.Packs() {
				rows = append(rows, row{p.ID, p.Version, p.Hash(), p.Title.In("en"), p.Component, p.FormIDs()})
			}
			return c.printJSON(rows)
		}
		for _, p := range box.Packs() {
			c.printf("%s %s: %s\n  %s\n  asks: %s\n  how often: %s\n", p.ID, p.Version, p.Title.In("en"), p.Purpose.In("en"), p.Respondent.In("en"), p.Frequency.In("en"))
		}
		return nil
	}
}

func toolShow(c *call) func() error {
	guide := c.flags.Bool("guide", false, "print the guide for the team")
	language := c.flags.String("language", "en", "language of the texts: en, ru, tg or kk")
	return func() error {
		box, err := toolbox.Default()
		if err != nil {
			return err
		}
		p, err := box.Pack(c.arg(0))
		if err != nil {
			return err
		}
		switch {
		case *guide:
			c.printf("%s", p.Guide)
		case c.json:
			return c.printJSON(map[string]any{"tool": p.Tool, "hash": p.Hash(), "checks": p.Checks, "measures": p.Measures, "report": p.Report})
		default:
			c.showTool(p, *language)
		}
		return nil
	}
}

func (c *call) showTool(p *toolbox.Pack, language string) {
	c.printf("%s\n%s %s, hash %s\n\n%s\n\nMethod: %s\nAsked: %s\nHow often: %s\n", p.Title.In(language), p.ID, p.Version, p.Hash(), p.Purpose.In(language), p.Method.In(language), p.Respondent.In(language), p.Frequency.In(language))
	c.printf("\nForms\n")
	for _, f := range p.Forms {
		c.printf("  %-30s %s\n", f.ID, f.Purpose.In(language))
	}
	c.printf("\nMeasures\n")
	for _, m := range p.Measures.Measures {
		c.printf("  %-26s %s (%s)\n", m.ID, m.Title.In(language), m.Unit)
	}
	c.printf("\nChecks\n")
	for _, check := range p.Checks {
		c.printf("  %-26s %s  %s\n", check.ID, check.Level, check.Message.In(language))
	}
	c.printf("\nLimitations\n%s\n", p.Limitations.In(language))
}

func toolLint(c *call) func() error {
	return func() error {
		dict, err := dictionary.Default()
		if err != nil {
			return err
		}
		packs, err := c.packsToLint()
		if err != nil {
			return err
		}
		found, results := 0, []lintResult{}
		for _, p := range packs {
			r := lintResult{p.ID, p.Version, []string{}}
			for _, issue := range toolbox.Lint(p, dict) {
				r.Issues = append(r.Issues, issue.String())
			}
			found += len(r.Issues)
			results = append(results, r)
		}
		if err := c.printLint(results); err != nil {
			return err
		}
		if found > 0 {
			return errFindings
		}
		return nil
	}
}

// lintResult is what was found in one tool.
type lintResult struct {
	Tool    string   `json:"tool"`
	Version string   `json:"version"`
	Issues  []string `json:"issues"`
}

func (c *call) printLint(results []lintResult) error {
	if c.json {
		return c.printJSON(results)
	}
	for _, r := range results {
		for _, issue := range r.Issues {
			c.printf("%s\n", issue)
		}
		if len(r.Issues) == 0 {
			c.printf("%s %s: whole\n", r.Tool, r.Version)
		}
	}
	return nil
}

// packsToLint takes a tool that comes with Safar, a folder with a pack of one's own, or all tools.
func (c *call) packsToLint() ([]*toolbox.Pack, error) {
	name := c.arg(0)
	if strings.ContainsAny(name, `/\.`) {
		if !exists(c.path(name)) {
			return nil, fault.New(fault.CommandNoFile, "file", name, "reason", "there is no such folder")
		}
		p, err := toolbox.LoadPack(os.DirFS(c.path(name)))
		return []*toolbox.Pack{p}, err
	}
	box, err := toolbox.Default()
	if err != nil || name == "" {
		return box.Packs(), err
	}
	p, err := box.Pack(name)
	return []*toolbox.Pack{p}, err
}

func toolAdopt(c *call) func() error {
	operation := c.operation()
	return func() error {
		op, err := operation()
		if err != nil {
			return err
		}
		a, err := c.flow.AdoptTool(c.ctx, c.actor(), op.Slug, c.arg(0))
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(a)
		}
		c.printf("%s has adopted %s, version %s\n", op.Slug, a.Tool, a.ToolVersion)
		return nil
	}
}
