package web

import (
	"cmp"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path"
	"strings"
	"time"

	"safar/access"
	"safar/fault"
	"safar/place"
	"safar/record/intake"
	"safar/workflow"
)

// received is a file of a request with the short fields beside it. The file lies in the spool folder and is the
// handler's to remove or hand over.
type received struct {
	name, path string
	size       int64
	fields     map[string]string
}

// maxField bounds a field beside a file.
const maxField = 4 << 10

// receive takes a request with one file in; its parts are read one after the other and never held in memory.
func (c *apiCall) receive() (in received, err error) {
	if !isUpload(c.r) {
		return in, fault.New(fault.WorkspaceNoUpload)
	}
	if c.r.ContentLength > workflow.MaxWorkbook+maxAPIBody {
		return in, fault.New(fault.WorkspaceUploadLarge, "limit", "100 MB")
	}
	c.r.Body = http.MaxBytesReader(c.w, c.r.Body, workflow.MaxWorkbook+maxAPIBody)
	parts, err := c.r.MultipartReader()
	if err != nil {
		return in, fault.Wrap(err, fault.WorkspaceBody, "reason", "its parts cannot be told apart")
	}
	in.fields = map[string]string{}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = c.receivePart(&in, part)
		}
		if err != nil {
			return in, errors.Join(brokenOff(err), in.remove())
		}
	}
	if in.path == "" {
		return in, fault.New(fault.WorkspaceNoUpload)
	}
	return in, nil
}

func (c *apiCall) receivePart(in *received, part *multipart.Part) (err error) {
	defer part.Close()
	if part.FormName() == "file" && in.path == "" {
		in.name = path.Base(strings.ReplaceAll(part.FileName(), `\`, "/"))
		in.path, in.size, err = c.Flow.Spool(part)
		return err
	}
	if len(in.fields) >= 20 {
		return fault.New(fault.WorkspaceBody, "reason", "it has too many fields")
	}
	text, err := io.ReadAll(io.LimitReader(part, maxField+1))
	if err == nil && len(text) > maxField {
		err = fault.New(fault.WorkspaceBody, "reason", "a field is too long")
	}
	in.fields[part.FormName()] = strings.TrimSpace(string(text))
	return err
}

// brokenOff says what is wrong with a request whose parts cannot be read to the end.
func brokenOff(err error) error {
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return fault.New(fault.WorkspaceUploadLarge, "limit", "100 MB")
	case fault.CodeOf(err) != "":
		return err
	}
	return fault.Wrap(err, fault.WorkspaceBody, "reason", "it broke off")
}

func (in received) remove() error {
	if in.path == "" {
		return nil
	}
	return os.Remove(in.path)
}

// uploadView is a workbook that waits, with the proposal of how to read it.
type uploadView struct {
	Token   string         `json:"token"`
	File    string         `json:"file"`
	Sheets  []string       `json:"sheets"`
	Mapping intake.Mapping `json:"mapping"`
	YAML    string         `json:"yaml"`
	Notes   []apiProblem   `json:"notes"`
	Preview struct {
		Header []string   `json:"header"`
		Rows   [][]string `json:"rows"`
	} `json:"preview"`
}

func (c *apiCall) upload() (any, error) {
	if err := c.Flow.Permit(c.visitor.Actor, access.Import, ""); err != nil { // before a long body is read
		return nil, err
	}
	in, err := c.receive()
	if err != nil {
		return nil, err
	}
	held, err := c.Flow.HoldUpload(c.r.Context(), c.visitor.Actor, in.name, in.path, in.size, in.fields["sheet"])
	if err != nil {
		return nil, err
	}
	view := uploadView{Token: held.Token, File: held.File, Sheets: held.Sheets, Mapping: held.Mapping, YAML: held.YAML, Notes: problemsOf(held.Notes)}
	view.Preview.Header, view.Preview.Rows = held.Header, held.Rows
	return view, nil
}

func (c *apiCall) startImport() (any, error) {
	var in struct {
		Operation, Tool, YAML string
		Round                 int
	}
	if err := c.body(&in); err != nil {
		return nil, err
	}
	job, err := c.Flow.StartImport(c.visitor.Actor, c.path["TOKEN"], workflow.UploadOrder{Operation: in.Operation, Tool: in.Tool, Round: in.Round, YAML: in.YAML})
	if err != nil {
		return nil, err
	}
	return map[string]string{"job": job}, nil
}

// jobView says how far an import is, for a page that missed the news.
type jobView struct {
	Job       string      `json:"job"`
	Operation string      `json:"operation"`
	State     string      `json:"state"` // waiting, running, done, failed
	Done      int         `json:"done"`
	Total     int         `json:"total"`
	Import    string      `json:"import"`
	Made      []string    `json:"made"`
	Error     *apiProblem `json:"error,omitempty"`
}

func (c *apiCall) importJob() (any, error) {
	job, err := c.Flow.ImportJob(c.visitor.Actor, c.path["TOKEN"])
	if err != nil {
		return nil, err
	}
	view := jobView{job.Job, job.Operation, job.State, job.Done, job.Total, job.Import, job.Made, nil}
	if view.Made == nil {
		view.Made = []string{}
	}
	if job.Failed != nil {
		p := problemOf(job.Failed)
		view.Error = &p
	}
	return view, nil
}

// importView is an import of an operation.
type importView struct {
	ID       string `json:"id"`
	Activity string `json:"activity"`
	Round    int    `json:"round"`
	File     string `json:"file"`
	SHA256   string `json:"sha256"`
	Sheet    string `json:"sheet"`
	By       string `json:"by"`
	At       string `json:"at"`
	State    string `json:"state"`
	Rows     int    `json:"rows"`
	Inserted int    `json:"inserted"`
	Changed  int    `json:"changed"`
	Skipped  int    `json:"skipped"`
	Failed   int    `json:"failed"`
	YAML     string `json:"yaml"`
}

func (c *apiCall) imports() (any, error) {
	list, err := c.Flow.Imports(c.r.Context(), c.visitor.Actor, c.path["OP"])
	if err != nil {
		return nil, err
	}
	names := c.Flow.ActorNames(c.r.Context(), c.path["OP"])
	out := []importView{}
	for _, i := range list {
		out = append(out, importView{
			i.ID, i.Activity, i.Round, i.File, i.FileSHA, i.Sheet, names(i.Actor), clockText(i.At), string(i.State), i.Rows, i.Inserted, i.Changed, i.Skipped, i.Failed, string(i.Mapping),
		})
	}
	return out, nil
}

// clockText writes a time as pages read it; "" for none.
func clockText(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

func (c *apiCall) importErrors() (any, error) {
	list, err := c.Flow.ImportErrors(c.r.Context(), c.visitor.Actor, c.path["OP"], c.path["ID"])
	if err != nil {
		return nil, err
	}
	if list == nil {
		return []struct{}{}, nil
	}
	return list, nil
}

func (c *apiCall) undoImport() (any, error) {
	var in struct{ Reason string }
	if err := c.body(&in); err != nil {
		return nil, err
	}
	n, err := c.Flow.UndoImport(c.r.Context(), c.visitor.Actor, c.path["OP"], c.path["ID"], in.Reason)
	return map[string]int{"records": n}, err
}

// defectView is one thing wrong with a list of places.
type defectView struct {
	Outcome place.Outcome `json:"outcome"`
	apiProblem
}

// placesView is what an import of places did, or would do.
type placesView struct {
	Areas   int            `json:"areas"`
	Sites   int            `json:"sites"`
	Points  int            `json:"points"`
	Changes int            `json:"changes"`
	Changed []place.Change `json:"changed"` // the first of them
	Defects []defectView   `json:"defects"` // the first of them
	All     int            `json:"defects_total"`
	Checked bool           `json:"checked"` // nothing was kept
}

// shownLines bounds the changes and defects of an answer.
const shownLines = 500

func (c *apiCall) importPlaces() (any, error) {
	if err := c.Flow.Permit(c.visitor.Actor, access.ManagePlaces, ""); err != nil { // before a long body is read
		return nil, err
	}
	in, err := c.receive()
	if err != nil {
		return nil, err
	}
	defer in.remove()
	file, err := os.Open(in.path)
	if err != nil {
		return nil, fault.Internalf(err, "opening a spool file")
	}
	defer file.Close()
	run := c.Flow.ImportPlaces
	check := cmp.Or(in.fields["check"], c.query("check"))
	checked := check != "" && check != "0"
	if checked {
		run = c.Flow.CheckPlaces
	}
	opts := place.Options{Country: strings.ToUpper(in.fields["country"]), Language: in.fields["language"]}
	result, err := run(c.r.Context(), c.visitor.Actor, in.name, file, in.size, opts)
	if err != nil {
		return nil, err
	}
	return viewPlaces(result, checked), nil
}

func viewPlaces(r workflow.PlaceImport, checked bool) placesView {
	view := placesView{Areas: r.Areas, Sites: r.Sites, Points: r.Points, Changes: len(r.Changes), Changed: []place.Change{}, Defects: []defectView{}, All: len(r.Defects), Checked: checked}
	view.Changed = append(view.Changed, r.Changes[:min(len(r.Changes), shownLines)]...)
	for _, d := range r.Defects[:min(len(r.Defects), shownLines)] {
		view.Defects = append(view.Defects, defectView{d.Outcome, problemOf(d.Fault)})
	}
	return view
}
