package main

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"safar/fault"
	"safar/locale"
	"safar/place"
	"safar/release"
	"safar/round"
	"safar/store"
	"safar/workflow"
)

func areaCode(s string) place.Code { return place.Code(s) }

func releaseCommands() []command {
	return []command{
		{name: "release build", usage: "[--operation NAME] [--tool T] --round N --licence L --attribution A --source URL [--title T] [--note N] [-o DIR]", must: "round", summary: "freeze a round and make its publication", data: true, flags: releaseBuild},
		{name: "release list", usage: "[--operation NAME]", summary: "list the releases", data: true, flags: releaseList},
		{name: "release verify", args: "DIR|RELEASE", usage: "[--data DIR]", summary: "check a release's hashes and sums; with --data make it again from the records and compare", flags: releaseVerify},
		{name: "release rebuild", args: "RELEASE", usage: "[-o DIR]", summary: "make a release again from the records and compare it byte for byte", data: true, flags: releaseRebuild},
		{name: "release publish", args: "RELEASE", usage: "", summary: "let everybody read a release, and the interfaces answer from it", data: true, flags: releaseState(store.ReleasePublished)},
		{name: "release withdraw", args: "RELEASE", usage: "--reason TEXT", must: "reason", summary: "take a published release back", data: true, flags: releaseState(store.ReleaseWithdrawn)},
		{name: "trace", args: "RELEASE CELL", usage: "", summary: "walk from a published number back to the answers behind it", data: true, flags: trace},
	}
}

func releaseBuild(c *call) func() error {
	key := c.roundKey()
	var order workflow.ReleaseOrder
	c.flags.StringVar(&order.Title, "title", "", "title of the publication")
	c.flags.StringVar(&order.Note, "note", "", "what readers should know of this round")
	c.flags.StringVar(&order.Terms.Licence, "licence", "", "licence or terms of use")
	c.flags.StringVar(&order.Terms.Attribution, "attribution", "", "whom to credit")
	c.flags.StringVar(&order.Terms.Source, "source", "", "where it comes from, an address")
	dir := c.flags.String("o", "", "folder to write the release into as well")
	return func() error {
		r, err := key()
		if err != nil {
			return err
		}
		if *dir != "" {
			if err := c.emptyFolder(*dir); err != nil { // before a release is frozen
				return err
			}
		}
		built, files, err := c.flow.BuildRelease(c.ctx, c.actor(), r.Operation, r.Activity, r.Number, order)
		if err != nil {
			return err
		}
		if *dir != "" {
			if err := c.writeFolder(*dir, files); err != nil {
				return err
			}
		}
		if c.json {
			return c.printJSON(map[string]any{"release": built.ID, "manifest_sha256": built.ManifestHash, "files": len(files)})
		}
		c.printf("release %s: %d files, manifest sha256 %s\n", built.ID, len(files), built.ManifestHash)
		if provisional(files) {
			c.note("It is provisional, and says so: the round is still open and its numbers may change.")
		}
		c.note("It is not public yet: release publish %s", built.ID)
		return nil
	}
}

// emptyFolder refuses a folder that holds something.
func (c *call) emptyFolder(name string) error {
	if entries, err := os.ReadDir(c.path(name)); err == nil && len(entries) > 0 {
		return fault.New(fault.CommandFileThere, "file", name)
	}
	return nil
}

// writeFolder lays the files of a release out in a folder that must not hold anything yet.
func (c *call) writeFolder(name string, files []release.File) error {
	if err := c.emptyFolder(name); err != nil {
		return err
	}
	dir := c.path(name)
	for _, f := range files {
		path := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return fault.Wrap(err, fault.CommandNoFolder, "dir", name, "reason", err.Error())
		}
		if err := os.WriteFile(path, f.Bytes, 0o644); err != nil {
			return fault.Wrap(err, fault.CommandNoFolder, "dir", name, "reason", err.Error())
		}
	}
	return nil
}

func releaseList(c *call) func() error {
	operation := c.flags.String("operation", "", "slug or title; all operations when left out")
	return func() error {
		ops, err := c.flow.Operations(c.ctx, c.actor())
		if err != nil {
			return err
		}
		type row struct {
			ID       string `json:"release"`
			Title    string `json:"title"`
			State    string `json:"state"`
			Manifest string `json:"manifest_sha256"`
			Created  string `json:"created_at"`
			By       string `json:"created_by"`
		}
		rows := []row{}
		for _, op := range ops {
			if *operation != "" && *operation != op.Slug && !strings.EqualFold(*operation, op.Title) {
				continue
			}
			releases, err := c.flow.Releases(c.ctx, c.actor(), op.Slug)
			if err != nil {
				return err
			}
			for _, r := range releases {
				rows = append(rows, row{r.ID, r.Title, string(r.State), r.ManifestHash, when(r.CreatedAt), r.CreatedBy})
			}
		}
		if c.json {
			return c.printJSON(rows)
		}
		t := c.table("RELEASE", "STATE", "MADE", "TITLE", "MANIFEST SHA256")
		for _, r := range rows {
			t.row(r.ID, r.State, r.Created, r.Title, r.Manifest)
		}
		return t.flush()
	}
}

func releaseRebuild(c *call) func() error {
	dir := c.flags.String("o", "", "folder to write the files into")
	return func() error {
		files, problems, err := c.flow.RebuildRelease(c.ctx, c.actor(), c.arg(0))
		if err != nil {
			return err
		}
		if *dir != "" {
			if err := c.writeFolder(*dir, files); err != nil {
				return err
			}
		}
		return c.verdict(problems, strconv.Itoa(len(files))+" files made again from the records, each equal to the byte")
	}
}

// verdict prints problems and ends with exit 1, or says that all is well.
func (c *call) verdict(problems []error, well string) error {
	for _, p := range problems {
		c.note("%s", message(p))
	}
	if len(problems) > 0 {
		c.printf("%d problems\n", len(problems))
		return errFindings
	}
	c.printf("%s\n", well)
	return nil
}

// releaseVerify needs no data folder: anyone who has a release can check it. With --data it also rebuilds.
func releaseVerify(c *call) func() error {
	c.flags.StringVar(&c.data, "data", "", "data folder of the installation that made it, to make it again and compare")
	c.flags.StringVar(&c.dbURL, "database", "", "PostgreSQL server of that installation")
	return func() error {
		dir := c.path(c.arg(0))
		if !exists(filepath.Join(dir, release.ManifestPath)) {
			if c.data != "" || c.dbURL != "" || !exists(dir) && exists(c.path(defaultData())) {
				c.data = cmp.Or(c.data, defaultData())
				return c.runOnData(func() error { return c.rebuildAndCompare(c.arg(0), "") })
			}
			return fault.New(fault.ReleaseNotFolder, "dir", c.arg(0), "reason", "there is no manifest.json in it")
		}
		m, problems, err := release.Verify(os.DirFS(dir))
		if err != nil {
			return err
		}
		if err := c.verdict(problems, strconv.Itoa(len(m.Files))+" files, every hash and every sum is right"); err != nil {
			return err
		}
		manifest, err := os.ReadFile(filepath.Join(dir, release.ManifestPath))
		if err != nil {
			return fault.Wrap(err, fault.ReleaseNotFolder, "dir", c.arg(0), "reason", err.Error())
		}
		c.printf("manifest sha256 %s: compare it with the one on the public page\n", release.Hash(manifest))
		if c.data == "" && c.dbURL == "" {
			return nil
		}
		c.data = cmp.Or(c.data, defaultData()) // a server's database still needs the folder with the keys
		return c.runOnData(func() error { return c.rebuildAndCompare(m.Release, dir) })
	}
}

// rebuildAndCompare makes a release again and compares it with what the installation froze, and with a folder.
func (c *call) rebuildAndCompare(id, dir string) error {
	files, problems, err := c.flow.RebuildRelease(c.ctx, c.actor(), id)
	if err != nil {
		return err
	}
	for _, f := range files {
		if dir == "" {
			break
		}
		have, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.Path)))
		if err != nil || release.Hash(have) != release.Hash(f.Bytes) {
			problems = append(problems, fault.New(fault.ReleaseRebuild, "file", f.Path))
		}
	}
	return c.verdict(problems, strconv.Itoa(len(files))+" files made again from the records, each equal to the byte")
}

func releaseState(state store.ReleaseState) func(*call) func() error {
	return func(c *call) func() error {
		reason := c.flags.String("reason", "", "why; needed to withdraw")
		return func() error {
			r, err := c.flow.SetReleaseState(c.ctx, c.actor(), c.arg(0), state, *reason)
			if err != nil {
				return err
			}
			c.printf("release %s is %s\n", r.ID, r.State)
			return nil
		}
	}
}

func trace(c *call) func() error {
	limit := c.flags.Int("limit", 20, "how many facts to print; 0 = all")
	return func() error {
		t, err := c.flow.Trace(c.ctx, c.actor(), c.arg(0), c.arg(1))
		if err != nil {
			return err
		}
		if c.json {
			return c.printJSON(t)
		}
		c.traceText(t, *limit)
		if !t.Agrees {
			return errFindings
		}
		return nil
	}
}

func (c *call) traceText(t workflow.Trace, limit int) {
	c.printf("%s in %s of release %s\n", t.Cell, t.File, t.Release)
	shown := t.Row["value"]
	if shown == "" {
		shown = t.Row[release.DTMField]
	}
	c.printf("published: %s %s (%s)\n", orDash(shown), t.Measure.Unit, t.Row["status"])
	c.printf("made again now from %d facts: %s\n", len(t.Facts), locale.Number(t.Value))
	if !t.Agrees {
		c.printf("THEY DIFFER\n")
	}
	c.printf("%s: %s\n", t.Measure.ID, t.Measure.Definition.In("en"))
	largest := slices.Clone(t.Facts) // the rows that make the number come before the zeros
	slices.SortStableFunc(largest, func(a, b workflow.TracedFact) int { return cmp.Compare(b.Value, a.Value) })
	for i, f := range largest {
		if limit > 0 && i == limit {
			c.printf("... and %d more facts (--limit 0 prints all)\n", len(t.Facts)-limit)
			break
		}
		c.traceFact(f)
	}
}

func (c *call) traceFact(f workflow.TracedFact) {
	r := f.Record
	c.printf("\n%s = %s  unit %s, date %s, record %s", strings.TrimSpace(f.Item+" "+f.FactPath), release.Number(f.Value), orDash(r.Unit), orDash(r.Date), r.ID)
	if r.CarriedFrom > 0 {
		c.printf(", carried over from round %d", r.CarriedFrom)
	}
	c.printf("\n")
	for _, fix := range r.Corrections {
		c.printf("  corrected %s: %s was %q, became %q (%s %s) by %s\n", when(fix.At), fix.Path, fix.Old, fix.New, fix.Reason, fix.Comment, fix.By)
	}
	if r.Later > 0 {
		c.printf("  %d corrections were made after this release and are not in it\n", r.Later)
	}
	c.printf("  original sha256 %s from %s %s\n", r.Original, r.Source, r.Device)
	if r.Row == nil {
		return
	}
	c.printf("  %s, sheet %q, row %d:\n", r.Row.File, r.Row.Sheet, r.Row.Row)
	for _, cell := range r.Row.Cells {
		c.printf("    %s%d %s = %s\n", cell.Col, r.Row.Row, strings.TrimSpace(cell.Header), cell.Shown)
	}
}

// provisional says whether a release was made of a round that is not closed.
func provisional(files []release.File) bool {
	for _, f := range files {
		if f.Path == release.ManifestPath {
			var m release.Manifest
			return json.Unmarshal(f.Bytes, &m) == nil && m.Round.Status != string(round.Closed)
		}
	}
	return false
}
