package web

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"rsc.io/qr"

	"safar/fault"
	"safar/place"
	"safar/quality"
	"safar/round"
	"safar/workflow"
)

func (c *apiCall) putRound() (any, error) {
	n, err := c.round()
	if err != nil {
		return nil, err
	}
	var in struct {
		Label, Start, End string
		ReferenceDate     string `json:"reference_date"`
		ReferenceStart    string `json:"reference_start"`
	}
	if err := c.body(&in); err != nil {
		return nil, err
	}
	return only(c.Flow.OpenRound(c.r.Context(), c.visitor.Actor, round.Round{
		Operation: c.path["OP"], Activity: c.path["ACT"], Number: n, Label: in.Label, Start: in.Start, End: in.End, ReferenceDate: in.ReferenceDate, ReferenceStart: in.ReferenceStart,
	}))
}

func (c *apiCall) checkRound() (any, error) {
	n, err := c.round()
	if err != nil {
		return nil, err
	}
	result, err := c.Flow.CheckRound(c.r.Context(), c.visitor.Actor, c.path["OP"], c.path["ACT"], n)
	if err != nil {
		return nil, err
	}
	return map[string]any{"records": result.Records, "count": len(result.Findings), "findings": append([]quality.Finding{}, result.Findings[:min(len(result.Findings), shownLines)]...)}, nil
}

func (c *apiCall) closeRound() (any, error) {
	n, err := c.round()
	if err != nil {
		return nil, err
	}
	return only(c.Flow.CloseRound(c.r.Context(), c.visitor.Actor, c.path["OP"], c.path["ACT"], n))
}

func (c *apiCall) reopenRound() (any, error) {
	n, err := c.round()
	if err != nil {
		return nil, err
	}
	var in struct{ Reason string }
	if err := c.body(&in); err != nil {
		return nil, err
	}
	return only(c.Flow.ReopenRound(c.r.Context(), c.visitor.Actor, c.path["OP"], c.path["ACT"], n, in.Reason))
}

func (c *apiCall) setTargets() (any, error) {
	n, err := c.round()
	if err != nil {
		return nil, err
	}
	var in struct{ Within place.Code }
	if err := c.body(&in); err != nil {
		return nil, err
	}
	count, err := c.Flow.SetTargets(c.r.Context(), c.visitor.Actor, c.path["OP"], c.path["ACT"], n, in.Within)
	return map[string]int{"targets": count}, err
}

// formView is one version of a questionnaire.
type formView struct {
	Form        string   `json:"form"`
	Version     string   `json:"version"`
	Title       string   `json:"title"`
	State       string   `json:"state"`
	Activity    string   `json:"activity"`
	Tool        string   `json:"tool"`
	Hash        string   `json:"hash"`
	Media       []string `json:"media"`
	PublishedAt string   `json:"published_at"`
}

func viewForms(list []workflow.FormVersion) []formView {
	out := []formView{}
	for _, f := range list {
		media := f.Media
		if media == nil {
			media = []string{}
		}
		out = append(out, formView{f.FormID, f.Version, f.Title, string(f.State), f.Activity, f.Tool, f.Hash, media, clockText(f.PublishedAt)})
	}
	return out
}

func (c *apiCall) forms() (any, error) {
	list, err := c.Flow.Forms(c.r.Context(), c.visitor.Actor, c.path["OP"])
	return viewForms(list), err
}

func (c *apiCall) publishForms() (any, error) {
	var in struct{ Tool string }
	if err := c.body(&in); err != nil {
		return nil, err
	}
	list, err := c.Flow.PublishTool(c.r.Context(), c.visitor.Actor, c.path["OP"], in.Tool)
	return viewForms(list), err
}

func (c *apiCall) retireForm() (any, error) {
	var in struct{ Form, Version string }
	if err := c.body(&in); err != nil {
		return nil, err
	}
	return nil, c.Flow.RetireForm(c.r.Context(), c.visitor.Actor, c.path["OP"], in.Form, in.Version)
}

// deviceView is a phone.
type deviceView struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	State     string   `json:"state"`
	Areas     []string `json:"areas"`
	Points    []string `json:"points"`
	CreatedAt string   `json:"created_at"`
	LastSeen  string   `json:"last_seen"`
	Sends     int64    `json:"sends"`
	Failures  int64    `json:"failures"`
}

func viewDevice(d workflow.Device) deviceView {
	view := deviceView{d.ID, d.Name, string(d.State), d.Areas, d.Points, clockText(d.CreatedAt), clockText(d.LastSeen), d.Sends, d.Failures}
	if view.Areas == nil {
		view.Areas = []string{}
	}
	if view.Points == nil {
		view.Points = []string{}
	}
	return view
}

func (c *apiCall) devices() (any, error) {
	list, err := c.Flow.Devices(c.r.Context(), c.visitor.Actor, c.path["OP"])
	out := []deviceView{}
	for _, d := range list {
		out = append(out, viewDevice(d))
	}
	return out, err
}

// newDeviceView is a phone with what is shown once: the secret, and the sheet that the phone scans.
type newDeviceView struct {
	deviceView
	Secret    string `json:"secret"`
	ServerURL string `json:"server_url"`
	Settings  string `json:"settings"`
	QR        string `json:"qr"` // SVG
}

func (c *apiCall) addDevice() (any, error) {
	var in struct {
		Name          string
		Areas, Points []string
	}
	if err := c.body(&in); err != nil {
		return nil, err
	}
	op, err := c.Flow.FindOperation(c.r.Context(), c.visitor.Actor, c.path["OP"])
	if err != nil {
		return nil, err
	}
	made, err := c.Flow.AddDevice(c.r.Context(), c.visitor.Actor, workflow.Device{Operation: op.Slug, Name: strings.TrimSpace(in.Name), Areas: in.Areas, Points: in.Points})
	if err != nil {
		return nil, err
	}
	view := newDeviceView{deviceView: viewDevice(made.Device), Secret: made.Secret, ServerURL: c.base() + "/openrosa/key/" + made.Secret}
	if view.Settings, err = collectSettings(view.ServerURL, op.Title); err != nil {
		return nil, err
	}
	view.QR, err = qrSVG(view.Settings)
	return view, err
}

// base is the public address of this server: the configured one, or the one that the browser used.
func (c *apiCall) base() string {
	if c.Base != "" {
		return c.Base
	}
	scheme := "http"
	if c.r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + c.r.Host
}

// collectSettings writes the settings of a project as ODK Collect reads them from a QR code: JSON, compressed with
// zlib, in base64.
func collectSettings(server, project string) (string, error) {
	settings := map[string]any{
		"general": map[string]any{
			"protocol": "odk_default", "server_url": server, "username": "", "password": "",
			"form_update_mode": "match_exactly", "periodic_form_updates_check": "every_one_hour", "autosend": "wifi_and_cellular",
		},
		"admin":   map[string]any{},
		"project": map[string]any{"name": project, "icon": "S", "color": "#0b5d6b"},
	}
	data, err := json.Marshal(settings)
	if err != nil {
		return "", fault.Internalf(err, "writing the settings of a phone")
	}
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	_, _ = z.Write(data) // into memory
	_ = z.Close()
	return base64.StdEncoding.EncodeToString(packed.Bytes()), nil
}

// qrSVG draws a QR code: one path, runs of dark modules as rectangles, four modules of quiet zone.
func qrSVG(text string) (string, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return "", fault.Internalf(err, "drawing a QR code")
	}
	const quiet = 4
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			run := 0
			for code.Black(x+run, y) {
				run++
			}
			if run > 0 {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x+quiet, y+quiet, run, run)
				x += run
			}
		}
	}
	side := code.Size + 2*quiet
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges" role="img"><rect width="%d" height="%d" fill="#fff"/><path d="%s" fill="#000"/></svg>`,
		side, side, side, side, path.String()), nil
}

func (c *apiCall) deviceState() (any, error) {
	var in struct{ State workflow.DeviceState }
	if err := c.body(&in); err != nil {
		return nil, err
	}
	switch in.State {
	case "active", "paused", "revoked":
	default:
		return nil, fault.New(fault.WorkspaceParameter, "name", "state", "value", string(in.State), "wanted", "active, paused or revoked")
	}
	_, err := c.Flow.SetDeviceState(c.r.Context(), c.visitor.Actor, c.path["OP"], c.path["ID"], in.State)
	return nil, err
}
