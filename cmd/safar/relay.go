package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"

	"safar/fault"
)

// The relay lets a command work while a server holds the data folder: the command sends its words to the server over a
// local socket in the folder (only its owner may open it), the server runs the very same command with its own workflow,
// and streams back what it prints. There is no second protocol to keep in step.

// request is the one line a client sends.
type request struct {
	Args []string `json:"args"`
	Dir  string   `json:"dir"`
	User string   `json:"user"`
	Pass string   `json:"pass,omitempty"`
}

// reply is one line of many that come back; the last carries Exit.
type reply struct {
	Out  []byte `json:"out,omitempty"`
	Err  []byte `json:"err,omitempty"`
	Exit *int   `json:"exit,omitempty"`
}

// socketPath is where the server of a data folder listens. Unix socket addresses are short (108 bytes), so a deep folder
// gets a pointer file instead.
func socketPath(data string) string { return filepath.Join(data, "safar.sock") }

// relay runs the call in the server that holds the data folder.
func relay(c *call) (int, error) {
	conn, err := dialSocket(c.data)
	if err != nil {
		return 0, fault.Wrap(err, fault.CommandNoServer, "dir", c.data)
	}
	defer conn.Close()
	stop := context.AfterFunc(c.ctx, func() { conn.Close() })
	defer stop()
	if err := json.NewEncoder(conn).Encode(request{Args: c.words(), Dir: c.dir, User: c.user, Pass: c.pass}); err != nil {
		return 0, fault.Wrap(err, fault.CommandNoServer, "dir", c.data)
	}
	dec := json.NewDecoder(conn)
	for {
		var r reply
		if err := dec.Decode(&r); err != nil {
			return 0, fault.Wrap(err, fault.CommandNoServer, "dir", c.data)
		}
		if _, err := c.out.Write(r.Out); err != nil {
			return 0, err
		}
		if _, err := c.err.Write(r.Err); err != nil {
			return 0, err
		}
		if r.Exit != nil {
			return *r.Exit, nil
		}
	}
}

// serveRelay answers relayed commands until the context ends. It owns the listener.
func serveRelay(ctx context.Context, data string, run func(*call) int) (io.Closer, error) {
	listener, err := listenSocket(data)
	if err != nil {
		return nil, err
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go answer(ctx, conn, run)
		}
	}()
	return listener, nil
}

func answer(ctx context.Context, conn net.Conn, run func(*call) int) {
	defer conn.Close()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	reader := bufio.NewReader(conn)
	line, err := reader.ReadBytes('\n')
	if err != nil {
		return
	}
	var req request
	if err := json.Unmarshal(line, &req); err != nil {
		return
	}
	go func() { // the client sends nothing more: an end of the stream means it went away
		_, _ = reader.ReadByte()
		cancel()
	}()
	send := &sender{enc: json.NewEncoder(conn)}
	exit := run(&call{
		ctx: ctx, args: req.Args, dir: req.Dir, user: req.User, pass: req.Pass, in: eof{},
		out: stream{send, false}, err: stream{send, true},
	})
	_ = send.send(reply{Exit: &exit})
}

type sender struct {
	mu  sync.Mutex
	enc *json.Encoder
}

func (s *sender) send(r reply) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.enc.Encode(r)
}

type stream struct {
	to  *sender
	err bool
}

func (s stream) Write(p []byte) (int, error) {
	r := reply{Out: p}
	if s.err {
		r = reply{Err: p}
	}
	if err := s.to.send(r); err != nil {
		return 0, err
	}
	return len(p), nil
}

type eof struct{}

func (eof) Read([]byte) (int, error) { return 0, io.EOF }

// A socket address longer than the system allows is replaced by a short one in the temporary folder, named in a pointer
// file inside the data folder.
const longestSocketPath = 100

func listenSocket(data string) (net.Listener, error) {
	path := socketPath(data)
	pointer := path + ".path"
	_ = os.Remove(path)
	_ = os.Remove(pointer)
	if len(path) > longestSocketPath {
		dir, err := os.MkdirTemp("", "safar-")
		if err != nil {
			return nil, err
		}
		path = filepath.Join(dir, "s")
		if err := os.WriteFile(pointer, []byte(path), 0o600); err != nil {
			return nil, err
		}
	}
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	return listener, nil
}

func dialSocket(data string) (net.Conn, error) {
	path := socketPath(data)
	if short, err := os.ReadFile(path + ".path"); err == nil {
		path = string(short)
	}
	return net.Dial("unix", path)
}
