package web

import (
	"safar/fault"
	"safar/place"
	"safar/quality"
	"safar/record"
	"safar/workflow"
)

func (c *apiCall) records() (any, error) {
	f, err := c.recordFilter()
	if err != nil {
		return nil, err
	}
	return only(c.Flow.RecordRows(c.r.Context(), c.visitor.Actor, c.path["OP"], f, split(c.query("columns"), ","), c.lang()))
}

func (c *apiCall) recordFilter() (f workflow.RecordFilter, err error) {
	f = workflow.RecordFilter{
		Activity: c.query("activity"), Form: c.query("form"), State: record.State(c.query("state")), Area: place.Code(c.query("area")), Unit: c.query("unit"),
		Import: c.query("import"), Device: c.query("device"), Check: c.query("check"), Search: c.query("search"), After: record.ID(c.query("after")),
	}
	if len(f.Search) > 200 {
		return f, fault.New(fault.WebLongParameter, "name", "search", "max", "200")
	}
	if f.Round, err = c.roundFilter(); err != nil {
		return f, err
	}
	if f.Limit, err = c.number("limit", c.query("limit")); err != nil {
		return f, err
	}
	switch text := c.query("counting"); text {
	case "":
	case "1", "true", "0", "false":
		counts := text == "1" || text == "true"
		f.Counts = &counts
	default:
		return f, fault.New(fault.WorkspaceParameter, "name", "counting", "value", text, "wanted", "1 or 0")
	}
	return f, nil
}

// roundFilter reads the round of a list; without one all rounds are meant, 0 is what no round holds.
func (c *apiCall) roundFilter() (*int, error) {
	text := c.query("round")
	if text == "" {
		return nil, nil
	}
	n, err := c.number("round", text)
	return &n, err
}

func (c *apiCall) record() (any, error) {
	return only(c.Flow.RecordPage(c.r.Context(), c.visitor.Actor, c.path["OP"], record.ID(c.path["ID"]), c.lang()))
}

// correctionMade is a correction as it was made.
type correctionMade struct {
	ID     string `json:"id"`
	Path   string `json:"path"`
	Old    string `json:"old"`
	New    string `json:"new"`
	Reason string `json:"reason"`
}

func (c *apiCall) correct() (any, error) {
	var in struct{ Question, Value, Reason, Comment, Finding string }
	if err := c.body(&in); err != nil {
		return nil, err
	}
	done, err := c.Flow.Correct(c.r.Context(), c.visitor.Actor, workflow.Correction{
		Operation: c.path["OP"], Record: record.ID(c.path["ID"]), Question: in.Question, Value: in.Value, Reason: in.Reason, Comment: in.Comment, Finding: in.Finding,
	})
	return correctionMade{done.ID, done.Path, done.Old, done.New, done.Reason}, err
}

func (c *apiCall) decide() (any, error) {
	var in struct {
		State  record.State
		Reason string
	}
	if err := c.body(&in); err != nil {
		return nil, err
	}
	if in.State != record.Excluded && in.State != record.Received {
		return nil, fault.New(fault.WorkspaceParameter, "name", "state", "value", string(in.State), "wanted", "excluded or received")
	}
	return nil, c.Flow.Decide(c.r.Context(), c.visitor.Actor, c.path["OP"], record.ID(c.path["ID"]), in.State, in.Reason)
}

func (c *apiCall) findings() (any, error) {
	n, err := c.roundFilter()
	if err != nil {
		return nil, err
	}
	limit, err := c.number("limit", c.query("limit"))
	if err != nil {
		return nil, err
	}
	f := workflow.FindingFilter{
		Activity: c.query("activity"), Round: n, Record: record.ID(c.query("record")), Level: quality.Level(c.query("level")), Check: c.query("check"), After: c.query("after"), Limit: limit, Counts: c.query("counting") == "1",
	}
	return only(c.Flow.FindingRows(c.r.Context(), c.visitor.Actor, c.path["OP"], f, c.query("state"), c.lang()))
}

func (c *apiCall) acceptFinding() (any, error) {
	var in struct{ State, Comment string }
	if err := c.body(&in); err != nil {
		return nil, err
	}
	if in.State != "" && in.State != "accepted" {
		return nil, fault.New(fault.WorkspaceParameter, "name", "state", "value", in.State, "wanted", "accepted")
	}
	return nil, c.Flow.AcceptFinding(c.r.Context(), c.visitor.Actor, c.path["OP"], c.path["ID"], in.Comment)
}
