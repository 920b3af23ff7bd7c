package workflow

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"safar/access"
	"safar/fault"
	"safar/record/intake"
	"safar/sheet"
)

// MaxWorkbook bounds a workbook or a list of places that somebody uploads.
const MaxWorkbook = 100 << 20

// The bounds of uploads that wait to be imported.
const (
	uploadLife    = time.Hour
	uploadsOfOne  = 5
	uploadsOfAll  = 50
	importsAtOnce = 2
	jobsKnown     = 200
	previewRows   = 12
	previewCells  = 60
)

// Upload is a workbook that waits, with what Safar thinks of it.
type Upload struct {
	Token   string
	File    string
	Sheets  []string
	Mapping intake.Mapping
	YAML    string
	Notes   []*fault.Error
	Header  []string
	Rows    [][]string
}

// uploads keeps files that were sent and not yet imported, and knows the imports that run.
type uploads struct {
	mu      sync.Mutex
	held    map[string]heldFile
	jobs    map[string]*ImportJob
	order   []string      // of jobs, oldest first
	slots   chan struct{} // imports that run
	running sync.WaitGroup
	ctx     context.Context // ends with the workflow
	stop    context.CancelFunc
}

type heldFile struct {
	owner, path, name string
	size              int64
	until             time.Time
}

func newUploads() *uploads {
	u := &uploads{held: map[string]heldFile{}, jobs: map[string]*ImportJob{}, slots: make(chan struct{}, importsAtOnce)}
	u.ctx, u.stop = context.WithCancel(context.Background())
	return u
}

// close ends the imports that run, after the rows that they are writing, and removes the files that wait.
func (u *uploads) close() {
	u.stop()
	u.running.Wait()
	u.mu.Lock()
	defer u.mu.Unlock()
	for token, f := range u.held {
		_ = os.Remove(f.path) // the folder is emptied at the next start too
		delete(u.held, token)
	}
}

// Permit says whether an actor may do a verb, for surfaces that must know before they take a long request in; the verbs
// ask again.
func (w *Workflow) Permit(actor access.Actor, verb access.Verb, operation string) error {
	return allow(actor, verb, operation)
}

// Spool writes what is uploaded to a file of its own in the spool folder and gives its path. The caller removes it.
// Fault: workspace.upload_too_large.
func (w *Workflow) Spool(r io.Reader) (path string, size int64, err error) {
	dir := filepath.Join(w.Dir, "spool", "uploads")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", 0, fault.Internalf(err, "making the spool folder")
	}
	w.sweep(dir)
	file, err := os.CreateTemp(dir, "upload-*")
	if err != nil {
		return "", 0, fault.Internalf(err, "making a spool file")
	}
	size, err = io.Copy(file, io.LimitReader(r, MaxWorkbook+1))
	err = errors.Join(err, file.Close())
	if err == nil && size > MaxWorkbook {
		err = fault.New(fault.WorkspaceUploadLarge, "limit", strconv.Itoa(MaxWorkbook>>20)+" MB")
	}
	if err == nil && size == 0 {
		err = fault.New(fault.WorkspaceNoUpload)
	}
	if err != nil {
		return "", 0, errors.Join(err, os.Remove(file.Name()))
	}
	return file.Name(), size, nil
}

// sweep removes what a process that died has left.
func (w *Workflow) sweep(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && w.Now().Sub(info.ModTime()) > 2*uploadLife {
			_ = os.Remove(filepath.Join(dir, e.Name())) // tried again next time
		}
	}
}

// HoldUpload takes over a spooled workbook for an hour and says how its columns would be read. Only who uploaded it can
// import it.
func (w *Workflow) HoldUpload(ctx context.Context, actor access.Actor, name, path string, size int64, sheetName string) (Upload, error) {
	if err := allow(actor, access.Import, ""); err != nil {
		return Upload{}, errors.Join(err, os.Remove(path))
	}
	out := Upload{File: name}
	err := w.uploads.room(actor.ID, w.Now())
	if err == nil {
		err = w.readUpload(ctx, actor, path, size, sheetName, &out)
	}
	if err != nil {
		return out, errors.Join(err, os.Remove(path))
	}
	out.Token = randomSecret()
	w.uploads.mu.Lock()
	w.uploads.held[out.Token] = heldFile{actor.ID, path, name, size, w.Now().Add(uploadLife)}
	w.uploads.mu.Unlock()
	return out, nil
}

// room drops what waited too long and says whether one more may wait.
func (u *uploads) room(owner string, now time.Time) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	own := 0
	for token, f := range u.held {
		if now.After(f.until) {
			_ = os.Remove(f.path) // swept later if it cannot be removed now
			delete(u.held, token)
		} else if f.owner == owner {
			own++
		}
	}
	if own >= uploadsOfOne {
		u.dropOldest(owner)
	}
	if len(u.held) >= uploadsOfAll {
		return fault.New(fault.WorkspaceUploadCount)
	}
	return nil
}

// dropOldest makes room for one more file of the same person, who has left the others.
func (u *uploads) dropOldest(owner string) {
	oldest := ""
	for token, f := range u.held {
		if f.owner == owner && (oldest == "" || f.until.Before(u.held[oldest].until)) {
			oldest = token
		}
	}
	_ = os.Remove(u.held[oldest].path)
	delete(u.held, oldest)
}

func (w *Workflow) readUpload(ctx context.Context, actor access.Actor, path string, size int64, sheetName string, out *Upload) error {
	file, err := os.Open(path)
	if err != nil {
		return fault.Internalf(err, "opening a spool file")
	}
	defer file.Close()
	workbook := Workbook{Name: out.File, Data: file, Size: size}
	if out.Mapping, out.Notes, err = w.SuggestMapping(ctx, actor, workbook, sheetName); err != nil {
		return err
	}
	var text strings.Builder
	if err := intake.WriteYAML(&text, out.Mapping); err != nil {
		return err
	}
	out.YAML = text.String()
	book, _, err := workbook.open()
	if err != nil {
		return err
	}
	defer book.Close()
	out.Sheets = book.Sheets()
	return out.preview(book)
}

// preview takes the header and the first rows as the workbook shows them.
func (u *Upload) preview(book *sheet.Book) error {
	u.Header, u.Rows = []string{}, [][]string{}
	for row, err := range book.Rows(u.Mapping.Source.Sheet) {
		if err != nil {
			return err
		}
		cells := make([]string, 0, len(row.Cells))
		for _, c := range row.Cells[:min(len(row.Cells), previewCells)] {
			cells = append(cells, c.Shown)
		}
		switch {
		case row.Number == u.Mapping.Source.HeaderRow:
			u.Header = cells
		case row.Number >= u.Mapping.Source.FirstRow:
			u.Rows = append(u.Rows, cells)
		}
		if len(u.Rows) == previewRows {
			break
		}
	}
	return nil
}

// take gives a waiting file to the one who uploaded it. Fault: workspace.upload_gone.
func (u *uploads) take(token, owner string, now time.Time) (heldFile, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	f, ok := u.held[token]
	if !ok || f.owner != owner || now.After(f.until) {
		return heldFile{}, fault.New(fault.WorkspaceToken)
	}
	delete(u.held, token)
	return f, nil
}

// ImportJob is an import that runs in the background.
type ImportJob struct {
	Job       string
	Owner     string
	Operation string
	State     string // waiting, running, done, failed
	Done      int
	Total     int
	Import    string // id, once it is done
	Made      []string
	Failed    error
}

// UploadOrder says into what a waiting file goes.
type UploadOrder struct {
	Operation string
	Tool      string
	Round     int
	YAML      string // the mapping; "" = the suggested one
}

// StartImport imports a waiting file in the background and gives the job's id. Progress and end come as news
// (import.progress, import.done, import.failed) with the job as subject. A mapping that cannot be read leaves the file
// waiting.
func (w *Workflow) StartImport(actor access.Actor, token string, order UploadOrder) (string, error) {
	if err := allow(actor, access.Import, order.Operation); err != nil {
		return "", err
	}
	var mapping *intake.Mapping
	if strings.TrimSpace(order.YAML) != "" {
		m, err := intake.ReadYAML(strings.NewReader(order.YAML))
		if err != nil {
			return "", err
		}
		mapping = &m
	}
	held, err := w.uploads.take(token, actor.ID, w.Now())
	if err != nil {
		return "", err
	}
	job := w.uploads.begin(actor.ID, order.Operation)
	w.uploads.running.Go(func() { w.runImport(actor, job, held, order, mapping) })
	return job, nil
}

// begin notes a new job; the oldest is forgotten when there are too many.
func (u *uploads) begin(owner, operation string) string {
	u.mu.Lock()
	defer u.mu.Unlock()
	job := randomSecret()
	u.jobs[job] = &ImportJob{Job: job, Owner: owner, Operation: operation, State: "waiting"}
	if u.order = append(u.order, job); len(u.order) > jobsKnown {
		delete(u.jobs, u.order[0])
		u.order = u.order[1:]
	}
	return job
}

// change changes a job under the lock.
func (u *uploads) change(job string, fn func(*ImportJob)) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if j := u.jobs[job]; j != nil {
		fn(j)
	}
}

func (w *Workflow) runImport(actor access.Actor, job string, held heldFile, order UploadOrder, mapping *intake.Mapping) {
	defer os.Remove(held.path)
	select {
	case w.uploads.slots <- struct{}{}:
		defer func() { <-w.uploads.slots }()
	case <-w.uploads.ctx.Done():
		return
	}
	result, err := w.importHeld(actor, job, held, order, mapping)
	news := News{Operation: order.Operation, Kind: "import.done", Subject: job, Detail: result.ID}
	if result.Operation != "" {
		news.Operation = result.Operation
	}
	w.uploads.change(job, func(j *ImportJob) {
		j.State, j.Operation, j.Import, j.Made, j.Failed = "done", news.Operation, result.ID, result.Made, err
		if err != nil {
			j.State = "failed"
		}
	})
	if err != nil {
		news.Kind, news.Detail = "import.failed", string(fault.InternalError)
		if code := fault.CodeOf(err); code != "" {
			news.Detail = string(code)
		}
		if fault.KindOf(err) == fault.Internal {
			w.Log.Error("an import failed", "job", job, "error", err)
		}
	}
	w.news.tell(news)
}

func (w *Workflow) importHeld(actor access.Actor, job string, held heldFile, order UploadOrder, mapping *intake.Mapping) (result ImportResult, err error) {
	defer func() {
		if p := recover(); p != nil { // one workbook must not end the program; the text of a panic may hold its content
			err = fault.Internalf(errors.New("a panic"), "importing a workbook at %s", debug.Stack())
		}
	}()
	file, err := os.Open(held.path)
	if err != nil {
		return ImportResult{}, fault.Internalf(err, "opening a spool file")
	}
	defer file.Close()
	w.uploads.change(job, func(j *ImportJob) { j.State = "running" })
	return w.Import(w.uploads.ctx, actor, ImportOrder{
		Operation: order.Operation, Tool: order.Tool, Round: order.Round, Mapping: mapping, File: Workbook{Name: held.name, Data: file, Size: held.size},
		Progress: func(done, total int) {
			w.uploads.change(job, func(j *ImportJob) { j.Done, j.Total = done, total })
			w.news.tell(News{Operation: order.Operation, Kind: "import.progress", Subject: job, Detail: strconv.Itoa(done) + "/" + strconv.Itoa(total)})
		},
	})
}

// ImportJob says how far an import is, to the one who started it.
func (w *Workflow) ImportJob(actor access.Actor, job string) (ImportJob, error) {
	if err := allow(actor, access.Import, ""); err != nil {
		return ImportJob{}, err
	}
	w.uploads.mu.Lock()
	defer w.uploads.mu.Unlock()
	j := w.uploads.jobs[job]
	if j == nil || j.Owner != actor.ID {
		return ImportJob{}, fault.New(fault.WorkspaceToken)
	}
	return *j, nil
}
