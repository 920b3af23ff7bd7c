package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"time"

	"safar/fault"
	"safar/form"
	"safar/form/xform"
	"safar/form/xpath"
	"safar/sheet"
	"safar/store"
	"safar/workflow"
)

func formCommands() []command {
	return []command{
		{name: "form convert", args: "IN.xlsx|.xls|.csv|.md", usage: "[-o OUT.xml]", summary: "turn an XLSForm into an XForm; errors name sheet, row and column", flags: formConvert},
		{name: "form check", args: "FILE", usage: "", summary: "say everything that is wrong with an XLSForm", flags: formCheck},
		{name: "form publish", args: "TOOL|FILE.xlsx", usage: "[--operation NAME] [--tool TOOL]", summary: "hand a tool's forms, or a team's own XLSForm, out to the devices", data: true, flags: formPublish},
		{name: "form retire", args: "FORM VERSION", usage: "[--operation NAME]", summary: "stop handing a form version out", data: true, flags: formRetire},
		{name: "form list", usage: "[--operation NAME]", summary: "list the versions of an operation's forms", data: true, flags: formList},
		{name: "form export", args: "FORM [VERSION]", usage: "[--operation NAME] [-o OUT.xml]", summary: "write a form version as the XForm that phones get", data: true, flags: formExport},
		{name: "xpath", args: "EXPR", usage: "[--xml FILE] [--context PATH] [--ns P=URI]", summary: "evaluate one ODK XPath expression and print its string value", flags: evaluate},
	}
}

// convert reads a workbook and prints its warnings.
func (c *call) convert(name string) (*form.Form, error) {
	file, err := c.openFile(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	f, warnings, err := workflow.ConvertForm(filepath.Base(name), file, info.Size())
	for _, w := range warnings {
		c.note("warning: %s", inFile(name, w))
	}
	return f, inFile(name, err)
}

func formConvert(c *call) func() error {
	out := c.flags.String("o", "-", "file to write; - is standard output")
	return func() error {
		f, err := c.convert(c.arg(0))
		if err != nil {
			return err
		}
		xml, err := xform.Write(f)
		if err != nil {
			return err
		}
		w, done, err := c.create(*out)
		if err != nil {
			return err
		}
		_, err = w.Write(xml)
		return done(err)
	}
}

func formCheck(c *call) func() error {
	return func() error {
		f, err := c.convert(c.arg(0))
		if c.json {
			var problems []map[string]any
			for _, one := range flatten(err) {
				var p *fault.Error
				if !errors.As(one, &p) {
					return err
				}
				problems = append(problems, map[string]any{"code": p.Code, "message": p.Message(), "mend": p.Mend(), "at": p.At})
			}
			if err := c.printJSON(nonNil(problems)); err != nil {
				return err
			}
			if len(problems) > 0 {
				return errFindings
			}
			return nil
		}
		if err != nil {
			return err
		}
		questions := 0
		for e := range f.Walk() {
			if e.Kind == form.Question {
				questions++
			}
		}
		c.printf("form %s, version %s: %d questions, no errors\n", f.ID, f.Version, questions)
		return nil
	}
}

func formPublish(c *call) func() error {
	operation := c.operation()
	tool := c.flags.String("tool", "", "tool that the team's own form belongs to")
	return func() error {
		op, err := operation()
		if err != nil {
			return err
		}
		if filepath.Ext(c.arg(0)) == "" {
			published, err := c.flow.PublishTool(c.ctx, c.actor(), op.Slug, c.arg(0))
			if err != nil {
				return err
			}
			for _, row := range published {
				c.printf("published %s, version %s\n", row.FormID, row.Version)
			}
			return nil
		}
		return c.publishWorkbook(op.Slug, *tool, c.arg(0))
	}
}

func (c *call) publishWorkbook(operation, tool, name string) error {
	if err := need("--tool", tool); err != nil {
		return err
	}
	file, done, err := c.workbook(name)
	if err != nil {
		return err
	}
	defer done()
	book, err := sheet.Open(file.Name, file.Data, file.Size, sheet.DefaultLimits())
	if err != nil {
		return err
	}
	defer book.Close()
	row, warnings, err := c.flow.PublishWorkbook(c.ctx, c.actor(), operation, tool, file.Name, book)
	c.notes(warnings)
	if err != nil {
		return err
	}
	c.printf("published %s, version %s\n", row.FormID, orDash(row.Version))
	return nil
}

func formRetire(c *call) func() error {
	operation := c.operation()
	return func() error {
		op, err := operation()
		if err != nil {
			return err
		}
		if err := c.flow.RetireForm(c.ctx, c.actor(), op.Slug, c.arg(0), c.arg(1)); err != nil {
			return err
		}
		c.printf("%s %s is retired; records made with it are still received\n", c.arg(0), c.arg(1))
		return nil
	}
}

func formList(c *call) func() error {
	operation := c.operation()
	return func() error {
		op, err := operation()
		if err != nil {
			return err
		}
		forms, err := c.flow.Forms(c.ctx, c.actor(), op.Slug)
		if err != nil {
			return err
		}
		if c.json {
			type row struct {
				Form      string `json:"form"`
				Version   string `json:"version"`
				Tool      string `json:"tool"`
				State     string `json:"state"`
				Title     string `json:"title"`
				MD5       string `json:"md5"`
				Published string `json:"published_at"`
			}
			out := []row{}
			for _, f := range forms {
				out = append(out, row{f.FormID, f.Version, f.Activity, string(f.State), f.Title, f.Hash, when(f.PublishedAt)})
			}
			return c.printJSON(out)
		}
		t := c.table("FORM", "VERSION", "TOOL", "STATE", "TITLE")
		for _, f := range forms {
			t.row(f.FormID, f.Version, f.Activity, string(f.State), f.Title)
		}
		return t.flush()
	}
}

func formExport(c *call) func() error {
	operation := c.operation()
	out := c.flags.String("o", "-", "file to write; - is standard output")
	return func() error {
		op, err := operation()
		if err != nil {
			return err
		}
		forms, err := c.flow.Forms(c.ctx, c.actor(), op.Slug)
		if err != nil {
			return err
		}
		var found *store.FormVersion
		for i, f := range forms {
			if f.FormID == c.arg(0) && (c.arg(1) == "" || f.Version == c.arg(1)) {
				found = &forms[i]
			}
		}
		if found == nil {
			return fault.New(fault.WorkflowNoForm, "operation", op.Slug, "form", strings.TrimSpace(c.arg(0)+" "+c.arg(1)))
		}
		w, done, err := c.create(*out)
		if err != nil {
			return err
		}
		_, err = w.Write(found.XForm)
		return done(err)
	}
}

// evaluate is `safar xpath`. With a whole XForm as --xml, paths and context are relative to its primary instance.
func evaluate(c *call) func() error {
	file := c.flags.String("xml", "", "document the expression reads")
	at := c.flags.String("context", "", "absolute positional path of the context node, such as /*[1]/*[2]")
	names := namespaces{}
	c.flags.Var(&names, "ns", "P=URI: a prefix the expression uses; may be given again")
	return func() error {
		expr, err := xpath.Parse(c.arg(0))
		if err != nil {
			return err
		}
		now := time.Now()
		ctx := &xpath.Context{Now: now, Today: now, Zone: time.Local, Namespaces: names, Random: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64()))}
		if err := c.document(ctx, *file, *at); err != nil {
			return err
		}
		value, err := expr.Eval(ctx)
		if err != nil {
			return err
		}
		if c.json {
			return json.NewEncoder(c.out).Encode(map[string]string{"value": value.String(), "type": value.Type().String()})
		}
		c.printf("%s\n", value.String())
		return nil
	}
}

func (c *call) document(ctx *xpath.Context, name, at string) error {
	root := xpath.NewRoot()
	if name != "" {
		file, err := c.openFile(name)
		if err != nil {
			return err
		}
		defer file.Close()
		limits := xpath.DefaultLimits()
		limits.KeepBlank = true
		if root, err = xpath.ParseXML(io.Reader(file), limits); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if primary, secondary, ok := xpath.PrimaryInstance(root); ok {
			root, ctx.Instances = primary.Top(), secondary
		}
	}
	ctx.Root, ctx.Node = root, root
	if at == "" {
		return nil
	}
	path, err := xpath.Parse(at)
	if err != nil {
		return err
	}
	value, err := path.Eval(ctx)
	if err != nil {
		return err
	}
	if len(value.Nodes()) != 1 {
		return usagef("--context %s finds %d nodes; it must find one", at, len(value.Nodes()))
	}
	ctx.Node, ctx.Current = value.Nodes()[0], value.Nodes()[0]
	return nil
}

// namespaces collects --ns flags.
type namespaces map[string]string

func (n namespaces) String() string { return "" }

// Set takes one P=URI.
func (n namespaces) Set(text string) error {
	prefix, uri, ok := strings.Cut(text, "=")
	if !ok {
		return usagef("write a namespace as PREFIX=URI")
	}
	n[prefix] = uri
	return nil
}
