package workflow

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"time"

	"safar/fault"
	"safar/form"
	"safar/form/xform"
	"safar/form/xpath"
	"safar/measure"
	"safar/quality"
	"safar/record"
	"safar/round"
	"safar/store"
	"safar/toolbox"
)

// tool is an activity ready to work: its pack as adopted, every version of its forms, its checks and its measures. It is
// immutable; a change of forms makes a new one.
type tool struct {
	operation round.Operation
	zone      *time.Location
	activity  round.Activity
	pack      *toolbox.Pack
	forms     []*questionnaire // oldest first
	checks    *quality.Program
	measures  *measure.Program
}

// questionnaire is one version of one form, compiled.
type questionnaire struct {
	store.FormVersion
	form    *form.Form
	program *form.Program
	keys    record.Keys
	consent string   // question whose "no" ends the interview
	files   []string // names of the questions that take a file
}

// form finds a version; nil when it is not known here.
func (t *tool) form(id, version string) *questionnaire {
	for _, q := range t.forms {
		if q.FormID == id && q.Version == version {
			return q
		}
	}
	return nil
}

// keysOf names the questions that say what a form's records are about; a team's own form uses the main form's names.
func (t *tool) keysOf(formID string) record.Keys {
	if _, err := t.pack.FormInfo(formID); err != nil {
		formID = t.pack.MainForm()
	}
	return t.pack.Keys(formID)
}

// newest finds the newest version of a form, drafts included.
func (t *tool) newest(id string) *questionnaire {
	var found *questionnaire
	for _, q := range t.forms {
		if q.FormID == id {
			found = q
		}
	}
	return found
}

// main is the form that a workbook's rows are read as: the pack's first.
func (t *tool) main() *questionnaire { return t.newest(t.pack.MainForm()) }

// attachments lists the file names that the answers say come with them.
func (q *questionnaire) attachments(answers *xpath.Node) []string {
	var names []string
	record.Walk(answers, func(_ string, n *xpath.Node) {
		for _, file := range q.files {
			if n.Name == file && n.StringValue() != "" {
				names = append(names, n.StringValue())
			}
		}
	})
	return names
}

// toolOf gives the tool of an activity, from the cache when its forms have not changed.
func (w *Workflow) toolOf(ctx context.Context, operation, activity string) (*tool, error) {
	key := operation + "/" + activity
	w.mu.Lock()
	cached := w.tools[key]
	w.mu.Unlock()
	if cached != nil {
		return cached, nil
	}
	fresh, err := w.loadTool(ctx, operation, activity)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.tools[key] = fresh
	w.mu.Unlock()
	return fresh, nil
}

// forgetTools makes the next use load the tools again: a form or an activity changed.
func (w *Workflow) forgetTools() {
	w.mu.Lock()
	clear(w.tools)
	w.mu.Unlock()
}

// toolOfForm finds the tool that knows a version of a form. A version that is not in the cache may have been published
// by another process, so the cache is dropped once before it counts as unknown.
func (w *Workflow) toolOfForm(ctx context.Context, operation, formID, version string) (*tool, error) {
	for try := 0; ; try++ {
		row, err := w.formRow(ctx, operation, formID, version)
		if err != nil {
			return nil, err
		}
		t, err := w.toolOf(ctx, operation, row.Activity)
		if err != nil {
			return nil, err
		}
		if t.form(formID, version) != nil {
			return t, nil
		}
		if try == 1 {
			return nil, fault.New(fault.WorkflowNoForm, "operation", operation, "form", formID)
		}
		w.forgetTools()
	}
}

// toolAtHand is toolOfForm from the cache alone, nil when it is not there.
func (w *Workflow) toolAtHand(operation, formID, version string) *tool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for key, t := range w.tools {
		if strings.HasPrefix(key, operation+"/") && t.form(formID, version) != nil {
			return t
		}
	}
	return nil
}

// formRow finds a form version, without its definition when the cache knows it.
func (w *Workflow) formRow(ctx context.Context, operation, formID, version string) (row store.FormVersion, err error) {
	if t := w.toolAtHand(operation, formID, version); t != nil {
		return t.form(formID, version).FormVersion, nil
	}
	err = w.Store.Read(ctx, func(tx *store.Tx) error {
		row, err = tx.Form(operation, formID, version)
		return err
	})
	return row, err
}

func (w *Workflow) loadTool(ctx context.Context, operation, activity string) (*tool, error) {
	t := &tool{}
	var rows []store.FormVersion
	err := w.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if t.operation, err = tx.Operation(operation); err != nil {
			return err
		}
		if t.activity, err = w.activity(tx, operation, activity); err != nil {
			return err
		}
		rows, err = tx.Forms(operation)
		return err
	})
	if err != nil {
		return nil, err
	}
	if t.zone, err = time.LoadLocation(t.operation.TimeZone); err != nil {
		return nil, fault.Wrap(err, fault.WorkflowTimeZone, "zone", t.operation.TimeZone)
	}
	if t.pack, err = w.packOf(ctx, t.activity); err != nil {
		return nil, err
	}
	return t, t.compile(activity, rows)
}

func (t *tool) compile(activity string, rows []store.FormVersion) error {
	var forms []*form.Form
	own := map[string]string{}
	for _, row := range rows {
		if row.Activity != activity {
			continue
		}
		q := &questionnaire{FormVersion: row, form: &form.Form{}, keys: t.keysOf(row.FormID)}
		info, err := t.pack.FormInfo(row.FormID)
		if err != nil { // a team's own form under its own id: read like the main form, by the names of its questions
			own[row.FormID] = t.pack.MainForm()
		}
		q.consent = info.Consent
		if err := json.Unmarshal(row.Definition, q.form); err != nil {
			return fault.Internalf(err, "reading the definition of %s %s", row.FormID, row.Version)
		}
		if q.program, err = form.Compile(q.form); err != nil {
			return err
		}
		for e := range q.form.Walk() {
			if e.Data() == "binary" {
				q.files = append(q.files, e.Name)
			}
		}
		t.forms = append(t.forms, q)
		forms = append(forms, q.form)
	}
	var err error
	if t.checks, err = quality.Compile(t.pack.Checks, forms); err != nil {
		return err
	}
	t.measures, err = measure.Compile(t.pack.Measures, measure.Options{Forms: forms, As: own})
	return err
}

// packOf gives the pack as it was adopted: the one built in when it is still the same, else the bytes kept then.
func (w *Workflow) packOf(ctx context.Context, a round.Activity) (*toolbox.Pack, error) {
	if pack, err := w.Tools.Pack(a.Tool); err == nil && pack.Hash() == a.ToolHash {
		return pack, nil
	}
	r, err := w.Store.OpenBlob(ctx, a.Operation, a.ToolHash)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	bundle, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return toolbox.Unbundle(bundle)
}

// draftForms builds a pack's questionnaires and keeps them as drafts; a version that is there already stays.
func (w *Workflow) draftForms(s *Step, pack *toolbox.Pack, a round.Activity) error {
	for _, id := range pack.FormIDs() {
		built, _, err := toolbox.Form(pack, id, w.Dictionary)
		if err != nil {
			return err
		}
		row, err := formVersion(built)
		if err != nil {
			return err
		}
		row.Operation, row.Activity, row.Tool, row.ToolHash, row.State = a.Operation, a.ID, a.Tool, a.ToolHash, store.FormDraft
		if err := s.PutForm(row); err != nil {
			return err
		}
	}
	return nil
}

// formVersion makes what the store keeps of a form: its definition and the XForm that phones get.
func formVersion(f *form.Form) (store.FormVersion, error) {
	definition, err := json.Marshal(f)
	if err != nil {
		return store.FormVersion{}, fault.Internalf(err, "writing the form %s", f.ID)
	}
	xml, err := xform.Write(f)
	if err != nil {
		return store.FormVersion{}, err
	}
	return store.FormVersion{
		FormID: f.ID, Version: f.Version, Title: f.Title.In("en"), Definition: definition, XForm: xml,
		Hash: md5Hex(xml), Media: xform.Media(f),
	}, nil
}
