package web

import (
	"bytes"
	"context"
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"safar/fault"
	"safar/locale"
	"safar/release"
	"safar/report"
	"safar/workflow"
)

//go:embed pages/public
var publicFiles embed.FS

// publicStyle is the one stylesheet of the public page.
func (s *server) publicStyle(w http.ResponseWriter, r *http.Request) {
	serveEmbedded(w, r, publicFiles, "pages/public/public.css")
}

// publicView is what the template of the public page is filled with.
type publicView struct {
	Page       *report.Page
	Lang       locale.Language
	Dir        string
	Languages  []locale.Language
	Newer      string // id of the release that replaces this one, ""
	Hash       string
	Release    string
	Version    string
	Source     string
	SourceLink bool // whether the source is an address that can be opened
}

// releasePage shows a release in the reader's language. What was made once is kept: a release never changes, and what
// stands around it (earlier and newer releases, the version) is part of the key.
func (s *server) releasePage(w http.ResponseWriter, r *http.Request) {
	id, tag := r.PathValue("id"), readersLanguage(r)
	context, err := s.surroundings(r.Context(), id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	key := strings.Join(append([]string{tag, s.Version, context.hash, context.newer}, context.hashes()...), "\n")
	html, err := s.prints.get(key, func() ([]byte, error) { return s.printPage(r.Context(), context, tag) })
	if err != nil {
		s.fail(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", tag)
	h.Set("Cache-Control", "no-cache") // a withdrawal shows at once
	h.Set("ETag", `"`+release.Hash(html)+`"`)
	h.Add("Vary", "Accept-Language")
	http.ServeContent(w, r, "", context.at, bytes.NewReader(html))
}

// readersLanguage is the language of ?lang=, else the first of the browser's that Safar speaks, else English.
func readersLanguage(r *http.Request) string {
	known := locale.Languages()
	speaks := func(tag string) bool {
		return slices.ContainsFunc(known, func(l locale.Language) bool { return l.Tag == tag })
	}
	if tag := r.URL.Query().Get("lang"); speaks(tag) {
		return tag
	}
	header := r.Header.Get("Accept-Language")
	wanted, _, err := language.ParseAcceptLanguage(header[:min(len(header), 200)])
	if err != nil {
		return "en"
	}
	for _, t := range wanted {
		if base, _ := t.Base(); speaks(base.String()) {
			return base.String()
		}
	}
	return "en"
}

// surrounding is a release with those that stand beside it.
type surrounding struct {
	edition
	newer   string    // id of the newest release of the same round when it is another one
	earlier []edition // the newest of each earlier round of the same activity, oldest first
}

func (s surrounding) hashes() (list []string) {
	for _, e := range s.earlier {
		list = append(list, e.hash)
	}
	return list
}

// maxEarlier bounds how many rounds a page looks back.
const maxEarlier = 8

func (s *server) surroundings(ctx context.Context, id string) (around surrounding, err error) {
	r, err := s.Flow.Release(ctx, public, id)
	if err != nil {
		return around, err
	}
	around.edition = edition{id: r.ID, operation: r.Operation, activity: r.Activity, round: r.Round, title: r.Title, hash: r.ManifestHash, at: r.CreatedAt, manifest: r.Manifest}
	list, err := s.Flow.Releases(ctx, public, r.Operation)
	if err != nil {
		return around, err
	}
	for i, one := range list { // newest first, so the first of a round is the one that counts
		if one.Activity != r.Activity || slices.ContainsFunc(list[:i], func(x workflow.StoredRelease) bool { return x.Activity == one.Activity && x.Round == one.Round }) {
			continue
		}
		switch {
		case one.Round == r.Round && one.ID != r.ID:
			around.newer = one.ID
		case one.Round < r.Round:
			around.earlier = append(around.earlier, edition{id: one.ID, round: one.Round, hash: one.ManifestHash})
		}
	}
	slices.SortFunc(around.earlier, func(a, b edition) int { return a.round - b.round })
	around.earlier = around.earlier[max(0, len(around.earlier)-maxEarlier):]
	return around, nil
}

// printPage reads the release and those before it and writes the page.
func (s *server) printPage(ctx context.Context, around surrounding, tag string) ([]byte, error) {
	messages, err := report.Messages()
	if err != nil {
		return nil, fault.Internalf(err, "reading the words of the page")
	}
	now, err := s.readEdition(ctx, around.id, nil)
	if err != nil {
		return nil, err
	}
	var earlier []*report.Edition
	for _, e := range around.earlier {
		one, err := s.readEdition(ctx, e.id, ofCountry)
		if err != nil {
			return nil, err
		}
		earlier = append(earlier, one)
	}
	voice := messages.In(tag)
	view := publicView{Page: report.Make(now, earlier, voice), Lang: voice.Language, Dir: "ltr", Languages: locale.Languages(), Newer: around.newer,
		Hash: now.Hash, Release: now.Release, Version: s.Version, Source: now.Source, SourceLink: isLink(now.Source)}
	if voice.RightToLeft {
		view.Dir = "rtl"
	}
	var b bytes.Buffer
	if err := publicTemplate(voice).Execute(&b, view); err != nil {
		return nil, fault.Internalf(err, "writing the page of %s", around.id)
	}
	return b.Bytes(), nil
}

// ofCountry chooses the tables that a page needs of earlier rounds.
func ofCountry(id string) bool { return id == "figures_adm0" || id == "by_point" }

func (s *server) readEdition(ctx context.Context, id string, want func(string) bool) (*report.Edition, error) {
	f, err := s.open(ctx, id, func(name string) bool {
		table := strings.TrimSuffix(path.Base(name), ".csv")
		return path.Ext(name) == ".json" || name == "codebook.csv" || path.Dir(name) == "data" && !strings.HasPrefix(table, "dtm_") && (want == nil || want(table))
	})
	if err != nil {
		return nil, err
	}
	return report.Read(f.fsys, f.Hash, want)
}

// publicTemplate is the page's template with the words of one language. It is parsed each time a page is made, which is
// once for each release and language.
func publicTemplate(v locale.Voice) *template.Template {
	text, err := fs.ReadFile(publicFiles, "pages/public/page.html")
	if err != nil {
		panic(err) // the file is embedded
	}
	return template.Must(template.New("public").Funcs(template.FuncMap{
		"say":  func(key string) string { return v.Say(key) },
		"svg":  func(s report.SVG) template.HTML { return template.HTML(s) }, // report escapes every text in it
		"inc":  func(i int) int { return i + 1 },
		"dict": func(p report.Panel) map[string]report.Panel { return map[string]report.Panel{"P": p} },
		"size": size,
		"rows": func(n int) string { return v.Count("rows", n) },
	}).Parse(string(text)))
}

// prints keeps pages that were made, the oldest leaves first.
type prints struct {
	mu    sync.Mutex
	order []string
	kept  map[string][]byte
	make  sync.Mutex // one page is made at a time, which bounds memory
}

// maxPrints pages of about 100 kB are kept.
const maxPrints = 128

func (p *prints) find(key string) ([]byte, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	html, ok := p.kept[key]
	return html, ok
}

func (p *prints) get(key string, print func() ([]byte, error)) ([]byte, error) {
	if html, ok := p.find(key); ok {
		return html, nil
	}
	p.make.Lock()
	defer p.make.Unlock()
	if html, ok := p.find(key); ok {
		return html, nil
	}
	html, err := print()
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.kept == nil {
		p.kept = map[string][]byte{}
	}
	p.kept[key], p.order = html, append(p.order, key)
	if len(p.order) > maxPrints {
		delete(p.kept, p.order[0])
		p.order = p.order[1:]
	}
	return html, nil
}
