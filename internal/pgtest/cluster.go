//go:build unix

package pgtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Cluster is a PostgreSQL server in a temporary folder, reached over a socket in that folder.
type Cluster struct {
	dir  string
	bin  string
	cred *syscall.Credential // whom the server runs as; nil = ourselves
	hold io.Closer           // as long as it is open, the watchdog leaves the server alone
}

// settings keep the server small and safe: no network, fsync on (the default), room for parallel tests.
const settings = `
listen_addresses = ''
max_connections = 200
shared_buffers = 64MB
autovacuum_naptime = 10s
`

// start makes and starts a cluster and a watchdog that removes it when this process is gone.
func start() (*Cluster, error) {
	c := &Cluster{}
	var err error
	if c.bin, err = binaries(); err != nil {
		return nil, err
	}
	if c.cred, err = credential(); err != nil {
		return nil, err
	}
	if c.dir, err = os.MkdirTemp("", "safarpg"); err != nil {
		return nil, err
	}
	if c.cred != nil {
		if err := os.Chown(c.dir, int(c.cred.Uid), int(c.cred.Gid)); err != nil {
			return nil, err
		}
	}
	if err := c.watch(); err != nil {
		return nil, err
	}
	if err := c.create(); err != nil {
		c.remove()
		return nil, err
	}
	if err := c.Start(); err != nil {
		c.remove()
		return nil, err
	}
	return c, nil
}

// create makes the data folder.
func (c *Cluster) create() error {
	err := c.command("initdb", "-D", c.data(), "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8",
		"--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=en")
	if err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(c.data(), "postgresql.conf"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(f, "%sunix_socket_directories = '%s'\n", settings, c.dir)
	return errors.Join(err, f.Close())
}

// Start starts the server after Kill; a new cluster runs already. It waits until the server answers.
func (c *Cluster) Start() error {
	deadline := time.Now().Add(30 * time.Second)
	for {
		// After a kill the last backend may hold the shared memory for a moment: try again.
		err := c.command("pg_ctl", "-D", c.data(), "-l", filepath.Join(c.dir, "log"), "-w", "-t", "30", "start")
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// Kill ends the server with SIGKILL, as a power cut for its processes: nothing is flushed, recovery runs at Start.
func (c *Cluster) Kill() error {
	pid, err := c.pid()
	if err != nil {
		return err
	}
	return syscall.Kill(pid, syscall.SIGKILL)
}

// pid is the process of the running server.
func (c *Cluster) pid() (int, error) {
	text, err := os.ReadFile(filepath.Join(c.data(), "postmaster.pid"))
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return strconv.Atoi(strings.TrimSpace(first))
}

// remove stops the server and deletes its folder.
func (c *Cluster) remove() { _ = c.hold.Close() }

// watch starts a shell that waits for the end of its input, which comes when this process ends in whatever way, and
// then stops the server and removes the folder.
func (c *Cluster) watch() error {
	script := `cat >/dev/null; "$1/pg_ctl" -D "$2/data" -m immediate -w stop; rm -rf "$2"`
	cmd := exec.Command("/bin/sh", "-c", script, "sh", c.bin, c.dir)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.cred, Setsid: true}
	cmd.Dir = c.dir
	hold, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	c.hold = hold
	return cmd.Start()
}

func (c *Cluster) command(name string, args ...string) error {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.cred, Setsid: true}
	cmd.Dir = c.dir
	// A file, not a pipe: the server inherits it, and waiting for a pipe would wait for the server.
	out, err := os.CreateTemp("", "safarpg-out")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		text, _ := os.ReadFile(out.Name())
		return fmt.Errorf("%s: %w: %s", name, err, bytes.TrimSpace(text))
	}
	return nil
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

func (c *Cluster) url(database string) string {
	return "postgres://postgres@/" + database + "?sslmode=disable&host=" + url.QueryEscape(c.dir)
}

// binaries finds the folder of the newest PostgreSQL: Debian keeps it outside the path.
func binaries() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", errors.New("PostgreSQL is not installed; install the package postgresql or set $" + Variable)
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(filepath.Base(filepath.Dir(filepath.Dir(path))))
		return n
	}
	newest := slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) })
	return filepath.Dir(newest), nil
}

// credential names the user for the server when we are root, as whom PostgreSQL refuses to run.
func credential() (*syscall.Credential, error) {
	if os.Geteuid() != 0 {
		return nil, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("PostgreSQL does not run as root and there is no user postgres: %w", err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}
