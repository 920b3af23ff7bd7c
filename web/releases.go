package web

import (
	"bytes"
	"context"
	"encoding/json"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"time"

	"safar/fault"
	"safar/release"
)

// releaseLine is a release in the list.
type releaseLine struct {
	ID, Title, Date, Published string
	Round                      int
	Superseded                 bool // a newer release of the same round is published
}

// programme is the releases of one operation.
type programme struct {
	Title    string
	Releases []releaseLine
}

// releaseList is the page of all that is published.
func (s *server) releaseList(w http.ResponseWriter, r *http.Request) {
	list, err := s.editions(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	current := map[string]bool{}
	for _, e := range newest(list) {
		current[e.id] = true
	}
	var all []programme
	for _, e := range list {
		var m release.Manifest
		if err := json.Unmarshal(e.manifest, &m); err != nil {
			s.fail(w, r, fault.Internalf(err, "reading the manifest of %s", e.id))
			return
		}
		if len(all) == 0 || all[len(all)-1].Title != e.programme {
			all = append(all, programme{Title: e.programme})
		}
		last := &all[len(all)-1]
		last.Releases = append(last.Releases, releaseLine{ID: e.id, Title: e.title, Date: m.Round.ReferenceDate, Published: day(e.at), Round: e.round, Superseded: !current[e.id]})
	}
	s.page(w, http.StatusOK, "releases.html", "Releases", all)
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// releaseSlash leads from the address of a release to its page, so that the files lie below the page.
func (s *server) releaseSlash(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, "/releases/"+url.PathEscape(r.PathValue("id"))+"/", http.StatusMovedPermanently)
}

// frozen is a published release with the files that were asked for.
type frozen struct {
	release.Manifest
	Hash      string // of the manifest
	fsys      fs.FS
	createdAt time.Time
	hashes    map[string]string // of all its files, by path
}

// open finds a published release and reads those of its files that the caller wants.
func (s *server) open(ctx context.Context, id string, wants func(path string) bool) (*frozen, error) {
	r, err := s.Flow.Release(ctx, public, id)
	if err != nil {
		return nil, err
	}
	f := &frozen{Hash: r.ManifestHash, createdAt: r.CreatedAt, hashes: map[string]string{}}
	if err := json.Unmarshal(r.Manifest, &f.Manifest); err != nil {
		return nil, fault.Internalf(err, "reading the manifest of %s", id)
	}
	wanted := r.Files[:0:0]
	for _, file := range r.Files {
		f.hashes[file.Path] = file.SHA
		if wants(file.Path) {
			wanted = append(wanted, file)
		}
	}
	r.Files = wanted
	f.fsys, err = s.Flow.ReleaseFS(ctx, public, r)
	return f, err
}

// releaseFile answers with the frozen bytes of one file.
func (s *server) releaseFile(w http.ResponseWriter, r *http.Request) {
	id, name := r.PathValue("id"), r.PathValue("file")
	f, err := s.open(r.Context(), id, func(path string) bool { return path == name })
	if err != nil {
		s.fail(w, r, err)
		return
	}
	hash, known := f.hashes[name]
	if !known {
		s.fail(w, r, fault.New(fault.WebNoFile, "release", id, "file", name))
		return
	}
	data, err := fs.ReadFile(f.fsys, name)
	if err != nil {
		s.fail(w, r, fault.Internalf(err, "reading %s of %s", name, id))
		return
	}
	h := w.Header()
	h.Set("Content-Type", contentType(name))
	h.Set("ETag", `"`+hash+`"`)
	h.Set("Cache-Control", "no-cache") // a withdrawal shows at once
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	if path.Ext(name) == ".csv" {
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": id + "." + path.Base(name)}))
	}
	http.ServeContent(w, r, "", f.createdAt, bytes.NewReader(data))
}

func isLink(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}
