package web

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"safar/fault"
	"safar/locale"
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

// releaseView is what the page of a release shows.
type releaseView struct {
	*frozen
	Published  string
	Figures    []headline
	Unasked    []string // titles of measures that no record has a value for
	Method     []block
	Newer      string // id of the release that replaces this one, ""
	Hidden     int    // cells that are withheld in all tables
	SourceLink bool   // whether the source is an address that can be opened
}

// headline is one figure for the whole country with all that stands behind it.
type headline struct {
	Cell, Label, Value, Unit, N, Missing, Carried, Definition string
}

// releasePage shows a release: figures, how they were made, terms, files and hashes.
func (s *server) releasePage(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	f, err := s.open(r.Context(), id, func(name string) bool { return path.Ext(name) == ".csv" || name == "methodology.md" })
	if err != nil {
		s.fail(w, r, err)
		return
	}
	view := releaseView{frozen: f, Published: day(f.createdAt), SourceLink: isLink(f.Source)}
	if view.Newer, err = s.newerThan(r.Context(), f); err == nil {
		err = view.read()
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if text, err := fs.ReadFile(f.fsys, "methodology.md"); err == nil {
		view.Method = blocks(string(text))
	} else if !errors.Is(err, fs.ErrNotExist) {
		s.fail(w, r, err)
		return
	}
	s.page(w, http.StatusOK, "release.html", f.Title, view)
}

func isLink(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
}

// newerThan gives the id of the newest published release of the same round when it is another one.
func (s *server) newerThan(ctx context.Context, f *frozen) (string, error) {
	list, err := s.Flow.Releases(ctx, public, f.Operation.Slug)
	if err != nil {
		return "", err
	}
	for _, r := range list {
		if r.Activity == f.Activity && r.Round == f.Round.Number {
			if r.ID == f.Release {
				return "", nil
			}
			return r.ID, nil
		}
	}
	return "", nil
}

// read takes the figures by country out of the tables and counts what is withheld anywhere.
func (v *releaseView) read() error {
	measures, err := v.codebook()
	if err != nil {
		return err
	}
	for _, entry := range v.Files {
		if !strings.HasPrefix(entry.Path, "data/figures") {
			continue
		}
		rows, err := release.ReadTable(v.fsys, entry.Path)
		if err != nil {
			return err
		}
		for _, row := range rows {
			v.add(row, measures[row["measure"]])
		}
	}
	return nil
}

// add shows a row of a table if it speaks of the whole country.
func (v *releaseView) add(row, measure release.Row) {
	why, withheld := strings.CutPrefix(row["status"], "withheld: ")
	if withheld {
		v.Hidden++
	}
	_, by, _, ok := release.ParseCell(row["cell"])
	if !ok || !slices.Equal(by, []string{"adm0"}) {
		return
	}
	line := headline{Cell: row["cell"], Label: cmp.Or(measure["label"], row["measure"]), Definition: measure["definition"], Value: thousands(row["value"]),
		Unit: row["unit"], N: thousands(row["n"]), Missing: thousands(row["missing"]), Carried: thousands(row["carried"])}
	switch {
	case withheld:
		line.Value = "withheld (" + why + ")"
	case line.Value == "":
		v.Unasked = append(v.Unasked, line.Label)
		return
	}
	v.Figures = append(v.Figures, line)
}

// codebook gives the lines of the measures by id.
func (f *frozen) codebook() (map[string]release.Row, error) {
	rows, err := release.ReadTable(f.fsys, "codebook.csv")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	lines := map[string]release.Row{}
	for _, row := range rows {
		if row["kind"] == "measure" {
			lines[row["name"]] = row
		}
	}
	return lines, nil
}

// thousands writes a number of a table for people, and leaves what is no number as it is.
func thousands(text string) string {
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text
	}
	return locale.Number(v)
}
