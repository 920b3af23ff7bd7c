package web

import (
	"bytes"
	"encoding/csv"
	"io/fs"
	"strings"

	"safar/fault"
	"safar/release"
	"safar/workflow"
)

// publication is a release in a list.
type publication struct {
	ID           string `json:"id"`
	Operation    string `json:"operation"`
	Activity     string `json:"activity"`
	Round        int    `json:"round"`
	Title        string `json:"title"`
	State        string `json:"state"`
	CreatedAt    string `json:"created_at"`
	CreatedBy    string `json:"created_by"`
	ManifestHash string `json:"manifest_hash"`
	Previous     string `json:"previous"`
	Page         string `json:"page"` // address of its public page, "" until it is published
}

func lineOf(r workflow.StoredRelease, names func(string) string) publication {
	view := publication{r.ID, r.Operation, r.Activity, r.Round, r.Title, string(r.State), clockText(r.CreatedAt), names(r.CreatedBy), r.ManifestHash, r.Previous, ""}
	if view.State == "published" {
		view.Page = "/releases/" + r.ID + "/"
	}
	return view
}

func (c *apiCall) releases() (any, error) {
	list, err := c.Flow.Releases(c.r.Context(), c.visitor.Actor, c.path["OP"])
	if err != nil {
		return nil, err
	}
	names := c.Flow.ActorNames(c.r.Context(), c.path["OP"])
	out := []publication{}
	for _, r := range list {
		if (c.query("activity") == "" || c.query("activity") == r.Activity) && len(out) < maxReleases {
			out = append(out, lineOf(r, names))
		}
	}
	return out, nil
}

// maxReleases bounds the list of releases.
const maxReleases = 1000

func (c *apiCall) buildRelease() (any, error) {
	n, err := c.round()
	if err != nil {
		return nil, err
	}
	var in workflow.ReleaseOrder
	if err := c.body(&in); err != nil {
		return nil, err
	}
	built, _, err := c.Flow.BuildRelease(c.r.Context(), c.visitor.Actor, c.path["OP"], c.path["ACT"], n, in)
	if err != nil {
		return nil, err
	}
	return lineOf(built, c.Flow.ActorNames(c.r.Context(), c.path["OP"])), nil
}

// tableView is a data file of a release as a table.
type tableView struct {
	Path    string     `json:"path"`
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows"`  // the first of them
	Total   int        `json:"total"` // how many there are
	Cells   []string   `json:"cells"` // id of the number in each row, for the trace; "" where a row has none
}

// tableRows bounds the rows of a table that is shown.
const tableRows = 200

func (c *apiCall) release() (any, error) {
	r, err := c.Flow.Release(c.r.Context(), c.visitor.Actor, c.path["ID"])
	if err != nil {
		return nil, err
	}
	fsys, err := c.Flow.ReleaseFS(c.r.Context(), c.visitor.Actor, r)
	if err != nil {
		return nil, err
	}
	manifest, err := release.Open(fsys)
	if err != nil {
		return nil, err
	}
	view := struct {
		Release     publication         `json:"release"`
		Manifest    release.Manifest    `json:"manifest"`
		Files       []release.FileEntry `json:"files"`
		Tables      []tableView         `json:"tables"`
		Methodology string              `json:"methodology"`
	}{lineOf(r, c.Flow.ActorNames(c.r.Context(), r.Operation)), manifest, manifest.Files, []tableView{}, ""}
	for _, f := range manifest.Files {
		data, err := fs.ReadFile(fsys, f.Path)
		if err != nil {
			return nil, fault.Internalf(err, "reading %s of release %s", f.Path, r.ID)
		}
		switch {
		case strings.HasSuffix(f.Path, ".csv"):
			table, err := readTable(f.Path, data)
			if err != nil {
				return nil, err
			}
			view.Tables = append(view.Tables, table)
		case strings.HasSuffix(f.Path, "methodology.md"):
			view.Methodology = string(data)
		}
	}
	return view, nil
}

// readTable reads a csv of a release; the row of HXL tags is left out.
func readTable(path string, data []byte) (tableView, error) {
	table := tableView{Path: path, Columns: []string{}, Rows: [][]string{}, Cells: []string{}}
	lines, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(data, []byte("\ufeff")))).ReadAll()
	if err != nil {
		return table, fault.Internalf(err, "reading %s", path)
	}
	for i, line := range lines {
		switch {
		case i == 0:
			table.Columns = line
		case i == 1 && isHXL(line):
		default:
			table.Total++
			if len(table.Rows) < tableRows {
				table.Rows = append(table.Rows, line)
				table.Cells = append(table.Cells, cellOf(table.Columns, line))
			}
		}
	}
	return table, nil
}

func isHXL(line []string) bool {
	for _, cell := range line {
		if cell != "" && !strings.HasPrefix(cell, "#") {
			return false
		}
	}
	return true
}

// cellOf gives the id of a row's number, where the table carries one.
func cellOf(columns, line []string) string {
	for i, name := range columns {
		if (name == "cell" || name == "cell_id") && i < len(line) {
			return line[i]
		}
	}
	return ""
}

func (c *apiCall) releaseState() (any, error) {
	var in struct {
		State  workflow.ReleaseState
		Reason string
	}
	if err := c.body(&in); err != nil {
		return nil, err
	}
	if in.State != "published" && in.State != "withdrawn" {
		return nil, fault.New(fault.WorkspaceParameter, "name", "state", "value", string(in.State), "wanted", "published or withdrawn")
	}
	_, err := c.Flow.SetReleaseState(c.r.Context(), c.visitor.Actor, c.path["ID"], in.State, in.Reason)
	return nil, err
}

func (c *apiCall) verifyRelease() (any, error) {
	files, problems, err := c.Flow.VerifyRelease(c.r.Context(), c.visitor.Actor, c.path["ID"])
	if err != nil {
		return nil, err
	}
	return map[string]any{"files": files, "problems": problemsOf(problems)}, nil
}
