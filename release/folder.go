package release

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"sort"
	"strings"
	"time"
)

// Folder is a release in memory, readable as a file system, so that one code verifies folders, archives and what the
// store keeps.
type Folder struct {
	files map[string][]byte
	at    time.Time
}

// NewFolder lays files out; at is the time that listings show.
func NewFolder(files []File, at time.Time) Folder {
	f := Folder{files: make(map[string][]byte, len(files)), at: at}
	for _, file := range files {
		f.files[file.Path] = file.Bytes
	}
	return f
}

// Open gives a file or a directory.
func (f Folder) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if data, ok := f.files[name]; ok {
		return &openFile{entry{name: path.Base(name), size: int64(len(data)), at: f.at}, bytes.NewReader(data)}, nil
	}
	children := f.children(name)
	if len(children) == 0 && name != "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &openDir{entry: entry{name: path.Base(name), dir: true, at: f.at}, children: children}, nil
}

// children lists what lies directly in a directory, sorted by name.
func (f Folder) children(dir string) []fs.DirEntry {
	found := map[string]entry{}
	for name, data := range f.files {
		rest := name
		if dir != "." {
			var inside bool
			if rest, inside = strings.CutPrefix(name, dir+"/"); !inside {
				continue
			}
		}
		first, _, deeper := strings.Cut(rest, "/")
		e := entry{name: first, dir: deeper, at: f.at}
		if !deeper {
			e.size = int64(len(data))
		}
		found[first] = e
	}
	list := make([]fs.DirEntry, 0, len(found))
	for _, e := range found {
		list = append(list, e)
	}
	sort.Slice(list, func(i, j int) bool { return list[i].Name() < list[j].Name() })
	return list
}

// entry is a file's or directory's name and size; it is its own FileInfo.
type entry struct {
	name string
	size int64
	dir  bool
	at   time.Time
}

func (e entry) Name() string               { return e.name }
func (e entry) Size() int64                { return e.size }
func (e entry) ModTime() time.Time         { return e.at }
func (e entry) IsDir() bool                { return e.dir }
func (e entry) Sys() any                   { return nil }
func (e entry) Type() fs.FileMode          { return e.Mode().Type() }
func (e entry) Info() (fs.FileInfo, error) { return e, nil }
func (e entry) Stat() (fs.FileInfo, error) { return e, nil }
func (e entry) Close() error               { return nil }

// Mode says that nobody writes here.
func (e entry) Mode() fs.FileMode {
	if e.dir {
		return fs.ModeDir | 0o555
	}
	return 0o444
}

type openFile struct {
	entry
	*bytes.Reader
}

// Size settles which of the two embedded sizes is meant.
func (f *openFile) Size() int64 { return f.entry.size }

type openDir struct {
	entry
	children []fs.DirEntry
	at       int
}

// Read fails: a directory has no bytes.
func (d *openDir) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: d.name, Err: fs.ErrInvalid}
}

// ReadDir gives the next n children, all that are left when n is not positive.
func (d *openDir) ReadDir(n int) ([]fs.DirEntry, error) {
	left := d.children[d.at:]
	if n <= 0 {
		d.at = len(d.children)
		return left, nil
	}
	if len(left) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(left))
	d.at += n
	return left[:n], nil
}
