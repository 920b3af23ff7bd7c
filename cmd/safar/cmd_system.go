package main

import (
	"bufio"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"safar/fault"
	"safar/store"
)

func systemCommands() []command {
	return []command{
		{name: "version", usage: "", summary: "say which Safar this is", flags: printVersion},
		{name: "serve", usage: "[--addr HOST:PORT] [--data DIR | --database postgres://...]", summary: "serve phones, interfaces and releases", data: true, makes: true, alone: true, flags: serve},
		{name: "demo", usage: "[--addr HOST:PORT] [--data DIR]", summary: "serve a small practice operation; nothing in it is real", flags: demo},
		{name: "check", usage: "[--rebuild]", summary: "verify every hash, link and published number; --rebuild makes the facts anew first", data: true, flags: checkAll},
		{name: "backup", args: "FILE", usage: "[--passphrase-file F]", summary: "write an encrypted copy of everything while work goes on", data: true, flags: backup},
		{name: "restore", args: "FILE", usage: "--data NEWDIR [--passphrase-file F]", summary: "bring a backup back into an empty place and prove it", flags: restore},
		{name: "admin link", usage: "[--server URL]", summary: "print a one-time link that signs an administrator in", data: true, flags: adminLink},
	}
}

func printVersion(c *call) func() error {
	return func() error {
		info := map[string]string{"version": version, "commit": commit, "date": date, "go": runtime.Version(), "platform": runtime.GOOS + "/" + runtime.GOARCH}
		if c.json {
			return c.printJSON(info)
		}
		c.printf("safar %s (commit %s, %s, %s, %s/%s)\n", version, commit, date, runtime.Version(), runtime.GOOS, runtime.GOARCH)
		return nil
	}
}

func checkAll(c *call) func() error {
	rebuild := c.flags.Bool("rebuild", false, "throw the facts away and make them again from the records first")
	return func() error {
		if *rebuild {
			start := time.Now()
			if err := c.flow.RebuildWarehouse(c.ctx, c.actor()); err != nil {
				return err
			}
			c.note("facts made anew in %s", time.Since(start).Round(time.Millisecond))
		}
		report, err := c.flow.Check(c.ctx, c.actor(), func(what string) { c.note("%s", what) })
		if err != nil {
			return err
		}
		if c.json {
			problems := []string{}
			for _, p := range report.Problems {
				problems = append(problems, p.Error())
			}
			if err := c.printJSON(map[string]any{"chains": nonNil(report.Chains), "blobs": report.Blobs, "releases": report.Releases, "problems": problems}); err != nil {
				return err
			}
			if len(problems) > 0 {
				return errFindings
			}
			return nil
		}
		var entries int64
		for _, chain := range report.Chains {
			entries += chain.Entries
		}
		c.printf("%d journal entries in %d chains, %d stored files, %d releases\n", entries, len(report.Chains), report.Blobs, report.Releases)
		return c.verdict(report.Problems, "all is whole")
	}
}

// passphrase reads the words that lock a backup: from a file, or from the environment for scripts.
func (c *call) passphrase(file string) (string, error) {
	words := c.pass
	if file != "" {
		f, err := c.openFile(file)
		if err != nil {
			return "", err
		}
		defer f.Close()
		line, err := bufio.NewReader(io.LimitReader(f, 4096)).ReadString('\n')
		if err != nil && err != io.EOF {
			return "", err
		}
		words = strings.TrimRight(line, "\r\n")
	}
	if words == "" {
		return "", fault.New(fault.CommandNoPass)
	}
	return words, nil
}

func backup(c *call) func() error {
	file := c.flags.String("passphrase-file", "", "file whose first line is the passphrase")
	return func() error {
		words, err := c.passphrase(*file)
		if err != nil {
			return err
		}
		out, done, err := c.create(c.arg(0))
		if err != nil {
			return err
		}
		if err := done(c.flow.Backup(c.ctx, c.actor(), out, words)); err != nil {
			return err
		}
		c.printf("backup written to %s; without the passphrase nobody can read it, you neither\n", c.arg(0))
		return nil
	}
}

func restore(c *call) func() error {
	c.flags.StringVar(&c.data, "data", defaultData(), "empty folder to restore into")
	c.flags.StringVar(&c.dbURL, "database", "", "empty PostgreSQL database to restore into")
	file := c.flags.String("passphrase-file", "", "file whose first line is the passphrase")
	return func() error {
		words, err := c.passphrase(*file)
		if err != nil {
			return err
		}
		in, err := c.openFile(c.arg(0))
		if err != nil {
			return err
		}
		defer in.Close()
		dir := c.path(c.data)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fault.Wrap(err, fault.CommandNoFolder, "dir", c.data, "reason", err.Error())
		}
		report, err := store.Restore(c.ctx, in, words, store.Config{Dir: dir, Database: c.dbURL})
		if err != nil {
			return err
		}
		var rows int64
		for _, n := range report.Rows {
			rows += n
		}
		c.printf("restored the backup of %s: %d rows, %d stored files, %d journal chains, every hash right\n", when(report.CreatedAt), rows, report.Blobs, len(report.Chains))
		return nil
	}
}

func adminLink(c *call) func() error {
	server := c.flags.String("server", "http://127.0.0.1:8411", "address of the server")
	return func() error {
		secret, err := c.flow.AdministratorLink(c.ctx, c.actor())
		if err != nil {
			return err
		}
		link := *server + "/signin/" + secret
		if c.json {
			return c.printJSON(map[string]string{"link": link})
		}
		c.printf("%s\n", link)
		c.note("It works once, within a day.")
		return nil
	}
}
