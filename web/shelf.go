package web

import (
	"context"
	"errors"
	"io/fs"
	"strconv"
	"sync"
	"time"

	"safar/fault"
	"safar/release"
	"safar/workflow"
)

// edition is one published release as this surface knows it.
type edition struct {
	id        string
	operation string // slug
	activity  string
	round     int
	title     string
	hash      string // of the manifest
	at        time.Time
	manifest  []byte
	status    string // of the operation, today, in the words of the DTM API: Active or Inactive
	programme string // the operation's title, today
}

// editions lists what is published, newest first within each operation.
func (s *server) editions(ctx context.Context) ([]edition, error) {
	ops, err := s.Flow.Operations(ctx, public)
	if err != nil {
		return nil, err
	}
	var all []edition
	for _, op := range ops {
		list, err := s.Flow.Releases(ctx, public, op.Slug)
		if err != nil {
			return nil, err
		}
		for _, r := range list {
			all = append(all, edition{
				id: r.ID, operation: op.Slug, activity: r.Activity, round: r.Round, title: r.Title, hash: r.ManifestHash, at: r.CreatedAt,
				manifest: r.Manifest, status: statusWord(op.Status), programme: op.Title,
			})
		}
	}
	return all, nil
}

func statusWord(status string) string {
	if status == "active" {
		return "Active"
	}
	return "Inactive"
}

// roundKey names a round of one tool.
type roundKey struct {
	operation, activity string
	round               int
}

func (e edition) key() roundKey { return roundKey{e.operation, e.activity, e.round} }

// newest keeps the newest edition of each round: the list is newest first.
func newest(list []edition) []edition {
	seen := map[roundKey]bool{}
	var kept []edition
	for _, e := range list {
		if !seen[e.key()] {
			seen[e.key()] = true
			kept = append(kept, e)
		}
	}
	return kept
}

// figure is one row of the DTM tables of a release. Persons are whole; a sex that was not asked is nil.
type figure struct {
	release            string // id
	operation          string
	names, codes       [3]string // admin 0 to 2
	persons            int64
	date               string // YYYY-MM-DDT00:00:00
	year, month, round int
	reason             string
	males, females     *int64
	originName         string
	originCode         string
	assessment         string
}

// tables are the DTM figures of a release by admin level.
type tables [3][]figure

// Bounds of the shelf: what is kept of releases that were read. A figure takes about 300 bytes.
const (
	maxKept        = 256
	maxKeptFigures = 400_000
)

// shelf keeps the parsed tables of releases by manifest hash: a release never changes, so neither does what was read.
type shelf struct {
	flow *workflow.Workflow
	load sync.Mutex // one release is read at a time, which bounds memory

	mu      sync.Mutex // guards what follows
	kept    map[string]*tables
	order   []string // oldest first
	figures int
}

func newShelf(flow *workflow.Workflow) *shelf { return &shelf{flow: flow, kept: map[string]*tables{}} }

// tables gives the figures of an edition; those of a tool that the DTM API does not serve are empty.
func (s *shelf) tables(ctx context.Context, e edition) (*tables, error) {
	if t := s.find(e.hash); t != nil {
		return t, nil
	}
	s.load.Lock()
	defer s.load.Unlock()
	if t := s.find(e.hash); t != nil {
		return t, nil
	}
	t, err := s.read(ctx, e)
	if err == nil {
		s.keep(e.hash, t)
	}
	return t, err
}

func (s *shelf) find(hash string) *tables {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[hash]
}

// keep puts a release on the shelf and takes the oldest ones off when it is full.
func (s *shelf) keep(hash string, t *tables) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[hash] = t
	s.order = append(s.order, hash)
	s.figures += t.len()
	for len(s.order) > 1 && (len(s.order) > maxKept || s.figures > maxKeptFigures) {
		oldest := s.order[0]
		s.figures -= s.kept[oldest].len()
		delete(s.kept, oldest)
		s.order = s.order[1:]
	}
}

func (t *tables) len() int { return len(t[0]) + len(t[1]) + len(t[2]) }

// read opens the three tables of a release and nothing else of it.
func (s *shelf) read(ctx context.Context, e edition) (*tables, error) {
	r, err := s.flow.Release(ctx, public, e.id)
	if err != nil {
		return nil, err
	}
	wanted := r.Files[:0:0]
	for _, f := range r.Files {
		for lvl := range 3 {
			if f.Path == tablePath(lvl) {
				wanted = append(wanted, f)
			}
		}
	}
	r.Files = wanted
	fsys, err := s.flow.ReleaseFS(ctx, public, r)
	if err != nil {
		return nil, err
	}
	var t tables
	for lvl := range t {
		rows, err := release.ReadTable(fsys, tablePath(lvl))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			f, err := parseFigure(row, lvl, e)
			if err != nil {
				return nil, err
			}
			t[lvl] = append(t[lvl], f)
		}
	}
	return &t, nil
}

func tablePath(lvl int) string { return "data/dtm_admin" + strconv.Itoa(lvl) + ".csv" }

// parseFigure reads a row of data/dtm_admin<lvl>.csv.
func parseFigure(row release.Row, lvl int, e edition) (figure, error) {
	p := rowParser{row: row}
	f := figure{
		release: e.id, operation: row["operation"], persons: p.whole(release.DTMField), date: row["reportingDate"],
		year: int(p.whole("yearReportingDate")), month: int(p.whole("monthReportingDate")), round: int(p.whole("roundNumber")),
		reason: row["displacementReason"], males: p.wholeOrNil("numberMales"), females: p.wholeOrNil("numberFemales"),
		originName: row["idpOriginAdmin1Name"], originCode: row["idpOriginAdmin1Pcode"], assessment: row["assessmentType"],
	}
	for i := 0; i <= lvl; i++ {
		n := strconv.Itoa(i)
		f.names[i], f.codes[i] = row["admin"+n+"Name"], row["admin"+n+"Pcode"]
	}
	if p.bad != "" {
		return f, fault.New(fault.WebFigure, "file", tablePath(lvl), "release", e.id, "value", strconv.Quote(p.bad))
	}
	return f, nil
}

// rowParser reads numbers and remembers the first cell that holds none.
type rowParser struct {
	row release.Row
	bad string
}

func (p *rowParser) whole(column string) int64 {
	v, err := strconv.ParseFloat(p.row[column], 64)
	if err != nil && p.bad == "" {
		p.bad = column + "=" + p.row[column]
	}
	return whole(v)
}

func (p *rowParser) wholeOrNil(column string) *int64 {
	if p.row[column] == "" {
		return nil
	}
	v := p.whole(column)
	return &v
}
