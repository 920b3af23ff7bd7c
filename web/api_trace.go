package web

import (
	"safar/fault"
	"safar/locale"
	"safar/measure"
	"safar/place"
	"safar/release"
	"safar/workflow"
)

// traceView is workflow.Trace with names for people beside the codes.
type traceView struct {
	Release string          `json:"release"`
	Cell    string          `json:"cell"`
	File    string          `json:"file"`
	Row     release.Row     `json:"row"`
	Value   float64         `json:"value"`
	Agrees  bool            `json:"agrees"`
	Measure measure.Measure `json:"measure"`
	Facts   []tracedFact    `json:"facts"`
}

type tracedFact struct {
	Item   string       `json:"item"`
	Value  float64      `json:"value"`
	Unit   string       `json:"unit"`
	Repeat string       `json:"repeat,omitempty"`
	Record tracedRecord `json:"record"`
}

type tracedRecord struct {
	workflow.TracedRecord
	Name        locale.Text        `json:"name"`
	DeviceName  string             `json:"device_name"` // of the phone, "" for a row of a workbook
	Areas       []tracedArea       `json:"areas"`       // country first
	Corrections []tracedCorrection `json:"corrections"`
}

type tracedArea struct {
	Code string      `json:"code"`
	Name locale.Text `json:"name"`
}

type tracedCorrection struct {
	ID      string `json:"id"`
	Path    string `json:"path"`
	Old     string `json:"old"`
	New     string `json:"new"`
	Reason  string `json:"reason"`
	Comment string `json:"comment"`
	Finding string `json:"finding"`
	By      string `json:"by"`
	At      string `json:"at"`
}

func (c *apiCall) trace() (any, error) {
	cell := c.query("cell")
	if cell == "" || len(cell) > 1000 {
		return nil, fault.New(fault.WorkspaceParameter, "name", "cell", "value", "empty or so long", "wanted", "the id of a cell of the release")
	}
	ctx, actor := c.r.Context(), c.visitor.Actor
	found, err := c.Flow.Trace(ctx, actor, c.path["ID"], cell)
	if err != nil {
		return nil, err
	}
	r, err := c.Flow.Release(ctx, actor, c.path["ID"])
	if err != nil {
		return nil, err
	}
	op, err := c.Flow.FindOperation(ctx, actor, r.Operation)
	if err != nil {
		return nil, err
	}
	register, err := c.Flow.Places(ctx, actor, op.Country)
	if err != nil {
		return nil, err
	}
	names := c.Flow.ActorNames(ctx, op.Slug)
	view := traceView{found.Release, found.Cell, found.File, found.Row, found.Value, found.Agrees, found.Measure, []tracedFact{}}
	for _, f := range found.Facts {
		fact := tracedFact{f.Item, f.Value, f.Unit, f.FactPath, tracedRecord{TracedRecord: f.Record, Name: factName(register, f.Place), DeviceName: phoneName(names, f.Record.Device), Areas: []tracedArea{}, Corrections: []tracedCorrection{}}}
		for _, code := range f.Place.Adm {
			if a, ok := register.Area(op.Country, place.Code(code)); ok {
				fact.Record.Areas = append(fact.Record.Areas, tracedArea{code, a.Names})
			}
		}
		for _, x := range f.Record.Corrections {
			fact.Record.Corrections = append(fact.Record.Corrections, tracedCorrection{x.ID, x.Path, x.Old, x.New, x.Reason, x.Comment, x.Finding, names(x.By), clockText(x.At)})
		}
		view.Facts = append(view.Facts, fact)
	}
	return view, nil
}

// factName is the name of the site or flow point that a fact speaks of.
func factName(register *place.Register, f measure.Fact) locale.Text {
	if s, ok := register.Site(f.Site); ok {
		return s.Names
	}
	if p, ok := register.Point(f.Point); ok {
		return p.Names
	}
	return locale.Text{}
}

// phoneName is the name of a phone, "" when the id is none of a phone.
func phoneName(names func(string) string, id string) string {
	if name := names("device:" + id); name != "device:"+id {
		return name
	}
	return ""
}
