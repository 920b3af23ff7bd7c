package web

import (
	"bytes"
	"embed"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"time"

	"safar/release"
)

//go:embed all:dist
var dist embed.FS

// embeddedUI is the workspace that Vite wrote before this program was built; without a build it is empty.
func embeddedUI() fs.FS {
	sub, err := fs.Sub(dist, "dist/ui")
	if err != nil {
		panic(err) // the path is valid
	}
	return sub
}

// indexFile is the page that loads the workspace.
const indexFile = "index.html"

// workspace answers everything that nobody else does: the files of the workspace, and its one page for all of the
// workspace's own addresses. Without a build there is a plain page that says what is running.
func (s *server) workspace(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name == "" {
		s.home(w, r)
		return
	}
	if info, err := fs.Stat(s.UI, name); err == nil && !info.IsDir() {
		w.Header().Set("Content-Security-Policy", workspacePolicy)
		if strings.HasPrefix(name, "assets/") { // Vite writes the hash of the content into these names
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		serveEmbedded(w, r, s.UI, name)
		return
	}
	if (path.Ext(name) == "" || strings.HasPrefix(name, "o/")) && strings.Contains(r.Header.Get("Accept"), "text/html") && s.hasUI() {
		s.home(w, r)
		return
	}
	s.fail(w, r, errNoPage())
}

func (s *server) hasUI() bool {
	_, err := fs.Stat(s.UI, indexFile)
	return err == nil
}

func (s *server) home(w http.ResponseWriter, r *http.Request) {
	if s.hasUI() {
		w.Header().Set("Content-Security-Policy", workspacePolicy)
		serveEmbedded(w, r, s.UI, indexFile)
		return
	}
	s.page(w, http.StatusOK, "home.html", "Safar", struct{ Phones bool }{s.OpenRosa != nil})
}

// serveEmbedded answers with a file of the program. Its tag is the hash of the content, so a browser asks and is told
// that nothing changed.
func serveEmbedded(w http.ResponseWriter, r *http.Request, fsys fs.FS, name string) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		panic(err) // the caller has seen the file
	}
	h := w.Header()
	h.Set("Content-Type", contentType(name))
	h.Set("ETag", `"`+release.Hash(data)+`"`)
	if h.Get("Cache-Control") == "" {
		h.Set("Cache-Control", "no-cache")
	}
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}

// contentType names the type by the file's ending, in the same words on every machine.
func contentType(name string) string {
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".csv":
		return "text/csv; charset=utf-8; header=present"
	case ".json", ".webmanifest":
		return "application/json; charset=utf-8"
	case ".md":
		return "text/markdown; charset=utf-8"
	case ".html":
		return "text/html; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".txt":
		return "text/plain; charset=utf-8"
	case ".woff2":
		return "font/woff2"
	case ".wasm":
		return "application/wasm"
	case ".xlsx":
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	case ".parquet":
		return "application/vnd.apache.parquet"
	default:
		if known := mime.TypeByExtension(ext); known != "" {
			return known
		}
		return "application/octet-stream"
	}
}
