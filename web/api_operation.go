package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"safar/access"
	"safar/fault"
	"safar/locale"
	"safar/measure"
	"safar/place"
	"safar/round"
	"safar/toolbox"
	"safar/workflow"
)

func (c *apiCall) operation() (any, error) {
	ctx, actor := c.r.Context(), c.visitor.Actor
	op, err := c.Flow.FindOperation(ctx, actor, c.path["OP"])
	if err != nil {
		return nil, err
	}
	list, err := c.Flow.ActivityInfos(ctx, actor, op.Slug)
	return struct {
		Operation  operationView           `json:"operation"`
		Activities []workflow.ActivityInfo `json:"activities"`
		Reasons    []string                `json:"reasons"`
	}{viewOperation(op), list, workflow.Reasons()}, err
}

func (c *apiCall) createOperation() (any, error) {
	var in struct {
		Title, Slug, Country string
		TimeZone             string `json:"time_zone"`
	}
	if err := c.body(&in); err != nil {
		return nil, err
	}
	slug := cmp.Or(in.Slug, workflow.Slug(in.Title))
	for _, route := range c.routes { // a slug that is a word of the interface could not be reached
		if word, _, _ := strings.Cut(route.pattern, "/"); word == slug {
			return nil, fault.New(fault.WorkflowSlug, "slug", slug)
		}
	}
	op, err := c.Flow.CreateOperation(c.r.Context(), c.visitor.Actor, round.Operation{Title: in.Title, Slug: slug, Country: in.Country, TimeZone: in.TimeZone})
	if err != nil {
		return nil, err
	}
	return viewOperation(op), nil
}

// toolView is a tool of the toolbox, for choosing one.
type toolView struct {
	ID          string      `json:"id"`
	Version     string      `json:"version"`
	Component   string      `json:"component"`
	Title       locale.Text `json:"title"`
	Purpose     locale.Text `json:"purpose"`
	Unit        locale.Text `json:"unit"`
	Respondent  locale.Text `json:"respondent"`
	Frequency   locale.Text `json:"frequency"`
	Method      locale.Text `json:"method"`
	Limitations locale.Text `json:"limitations"`
	Forms       []string    `json:"forms"`
	Languages   []string    `json:"languages"`
}

func (c *apiCall) tools() (any, error) {
	if err := c.Flow.Permit(c.visitor.Actor, access.ReadReleases, ""); err != nil {
		return nil, err
	}
	out := []toolView{}
	for _, p := range c.Flow.Tools.Packs() {
		out = append(out, toolView{p.ID, p.Version, p.Component, p.Title, p.Purpose, p.Unit.Label, p.Respondent, p.Frequency, p.Method, p.Limitations, p.FormIDs(), p.Languages})
	}
	return out, nil
}

func (c *apiCall) adoptTool() (any, error) {
	var in struct{ Tool string }
	if err := c.body(&in); err != nil {
		return nil, err
	}
	return only(c.Flow.AdoptTool(c.r.Context(), c.visitor.Actor, c.path["OP"], in.Tool))
}

// only gives the value without errors, and none with one.
func only[T any](value T, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return value, nil
}

func (c *apiCall) overview() (any, error) {
	n, err := c.round()
	if err != nil {
		return nil, err
	}
	return only(c.Flow.Overview(c.r.Context(), c.visitor.Actor, c.path["OP"], c.path["ACT"], n, c.lang()))
}

// areas answers with a map's level. The tag changes with the places only, so a browser keeps what it has.
func (c *apiCall) areas() (any, error) {
	level, err := c.number("level", c.query("level"))
	if err != nil {
		return nil, err
	}
	data, tag, err := c.Flow.AreaMapJSON(c.r.Context(), c.visitor.Actor, c.path["OP"], level)
	if err != nil {
		return nil, err
	}
	h := c.w.Header()
	h.Set("ETag", tag)
	h.Set("Cache-Control", "private, no-cache")
	if strings.Contains(c.r.Header.Get("If-None-Match"), tag) {
		c.w.WriteHeader(http.StatusNotModified)
		return answered{}, nil
	}
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(data)))
	_, _ = c.w.Write(data) // the client is gone; there is nobody to tell
	return answered{}, nil
}

type dimensionView struct {
	ID     string          `json:"id"`
	Label  locale.Text     `json:"label"`
	Values []dimensionCode `json:"values"`
}

// dimensionCode is one value of a dimension; name and label are the same.
type dimensionCode struct {
	Code  string      `json:"code"`
	Label locale.Text `json:"label"`
	Name  locale.Text `json:"name"`
}

func (c *apiCall) measures() (any, error) {
	pack, err := c.Flow.Pack(c.r.Context(), c.visitor.Actor, c.path["OP"], c.path["ACT"])
	if err != nil {
		return nil, err
	}
	view := struct {
		Measures   []measure.Measure `json:"measures"`
		Dimensions []dimensionView   `json:"dimensions"`
	}{pack.Measures.Measures, []dimensionView{}}
	for _, id := range measure.Dimensions() {
		view.Dimensions = append(view.Dimensions, c.dimension(pack, id))
	}
	return view, nil
}

// dimension gives a dimension its words: those of the tool where it says what the dimension holds, and the choices of
// the dictionary's list behind it.
func (c *apiCall) dimension(pack *toolbox.Pack, id string) dimensionView {
	view := dimensionView{ID: id, Label: locale.Text{}, Values: []dimensionCode{}}
	item := dimensionItem(pack, id)
	if d, ok := pack.Dimensions[id]; ok && d.Label != nil {
		view.Label = d.Label
	}
	found, ok := c.Flow.Dictionary.Item(item)
	if item == "" || !ok {
		return view
	}
	list, ok := c.Flow.Dictionary.List(found.List)
	if !ok {
		return view
	}
	for _, choice := range list.Choices {
		view.Values = append(view.Values, dimensionCode{choice.Name, choice.Label, choice.Label})
	}
	return view
}

// dimensionItem is the dictionary's item whose answers a dimension holds: as the tool says, or as a definition of facts
// reads it.
func dimensionItem(pack *toolbox.Pack, id string) string {
	if d, ok := pack.Dimensions[id]; ok && d.Item != "" {
		return d.Item
	}
	for _, fact := range pack.Measures.Facts {
		expr := fact.Dims[id]
		if strings.HasPrefix(expr, "${") && strings.HasSuffix(expr, "}") && strings.Count(expr, "${") == 1 {
			return expr[2 : len(expr)-1]
		}
	}
	return ""
}

// figuresView is workflow.Figures with the measures that could not be asked this way.
type figuresView struct {
	workflow.Figures
	Skipped []apiProblem `json:"skipped"`
}

func (c *apiCall) figures() (any, error) {
	n, err := c.number("round", c.query("round"))
	if err != nil {
		return nil, err
	}
	ask := workflow.FigureQuery{Operation: c.path["OP"], Activity: c.path["ACT"], Round: n, Measure: c.query("measure"), By: split(c.query("by"), ","), Language: c.lang()}
	for _, text := range c.r.URL.Query()["where"] {
		for _, one := range split(text, ";") {
			dim, values, ok := strings.Cut(one, ":")
			if !ok {
				return nil, fault.New(fault.WorkspaceParameter, "name", "where", "value", one, "wanted", "a dimension, a colon and values, such as adm1:XS01,XS02")
			}
			ask.Where = append(ask.Where, measure.Filter{Dim: dim, In: split(values, ",")})
		}
	}
	found, err := c.Flow.Figures(c.r.Context(), c.visitor.Actor, ask)
	if err != nil {
		return nil, err
	}
	if found.Rows == nil {
		found.Rows = []workflow.Figure{}
	}
	if found.By == nil {
		found.By = []string{}
	}
	return figuresView{found, problemsOf(found.Skipped)}, nil
}

// split takes a list apart; empty parts are left out.
func split(text, by string) []string {
	return slices.DeleteFunc(strings.Split(text, by), func(s string) bool { return strings.TrimSpace(s) == "" })
}

func (c *apiCall) search() (any, error) {
	text := c.query("q")
	if len(text) > 200 {
		return nil, fault.New(fault.WebLongParameter, "name", "q", "max", "200")
	}
	return only(c.Flow.Search(c.r.Context(), c.visitor.Actor, c.path["OP"], text, c.lang()))
}

func (c *apiCall) places() (any, error) {
	text := c.query("q")
	if len(text) > 200 {
		return nil, fault.New(fault.WebLongParameter, "name", "q", "max", "200")
	}
	q := workflow.PlaceQuery{Parent: place.Code(c.query("parent")), Text: text}
	return only(c.Flow.PlaceList(c.r.Context(), c.visitor.Actor, c.path["OP"], q, c.lang()))
}
