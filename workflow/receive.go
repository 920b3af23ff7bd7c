package workflow

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"

	"safar/access"
	"safar/fault"
	"safar/form"
	"safar/form/xpath"
	"safar/record"
	"safar/store"
)

// MaxXML bounds the answers of one submission; MaxAttachment bounds one file beside them.
const (
	MaxXML        = 10 << 20
	MaxAttachment = 100 << 20
)

// Submission is what a client sent in one request: the answers and as many attachments as it chose to send now.
type Submission struct {
	Operation string
	Source    record.Source
	XML       []byte
	Parts     []Part
}

// Part is one attachment, already bounded, hashed and spooled by the surface.
type Part struct {
	Name   string
	Size   int64
	SHA256 string
	Open   func() (io.ReadCloser, error)
	Over   bool // larger than MaxAttachment: not kept
}

// Outcome says what became of a submission, in the words of contracts section 3.
type Outcome string

// The outcomes. All but Refused mean that the answers are kept.
const (
	Accepted   Outcome = "accepted"   // new
	Repeated   Outcome = "repeated"   // the same answers were here already
	Conflicted Outcome = "conflicted" // same instance, other answers: both kept
	Kept       Outcome = "kept"       // unreadable, or of an unknown form: kept for a person
)

// Receipt is the answer to a submission that was kept.
type Receipt struct {
	Record  record.ID
	Outcome Outcome
	Missing []string     // attachments named in the answers and not here yet
	Refused []string     // attachments over the bound
	Notice  *fault.Error // what to tell the sender, nil when all is well
}

// Receive keeps a submission: verbatim bytes, record, attachments, journal entry and the job that checks it, in one
// transaction. When it returns without error everything it reports is on disk.
func (w *Workflow) Receive(ctx context.Context, actor access.Actor, sub Submission) (Receipt, error) {
	if err := allow(actor, access.Submit, sub.Operation); err != nil {
		return Receipt{}, err
	}
	if len(sub.XML) > MaxXML {
		return Receipt{}, fault.New(fault.WorkflowSubmissionLarge, "limit", "10 MB")
	}
	for _, part := range sub.Parts {
		if err := w.keepPart(ctx, sub.Operation, part); err != nil {
			return Receipt{}, err
		}
	}
	in, err := w.open(ctx, sub)
	if err != nil {
		return Receipt{}, err
	}
	var receipt Receipt
	err = w.change(ctx, actor, access.Submit, sub.Operation, func(s *Step) (err error) {
		receipt, err = w.receive(s, sub, in)
		return err
	})
	if err == nil && receipt.Outcome != Repeated {
		w.news.tell(News{Operation: sub.Operation, Kind: "record.received", Subject: string(receipt.Record)})
	}
	return receipt, err
}

// keepPart stores an attachment's bytes before the transaction that refers to them; one that is never referred to is
// collected later.
func (w *Workflow) keepPart(ctx context.Context, operation string, part Part) error {
	if part.Over {
		return nil
	}
	r, err := part.Open()
	if err != nil {
		return fault.Internalf(err, "opening the spool file of %s", part.Name)
	}
	defer r.Close()
	return w.Store.PutBlob(ctx, operation, part.SHA256, part.Size, r)
}

// incoming is a submission as far as it could be read.
type incoming struct {
	sha        string
	identity   form.Identity
	answers    *xpath.Node
	kept       []byte // the answers without identities, as they are stored
	identities []byte // and those
	tool       *tool
	expected   []string     // attachments named in the answers
	state      record.State // Unreadable, UnknownForm, or "" when it was read
	notice     *fault.Error
}

// open reads the answers, and writes them as they are stored, outside the transaction: this costs more than all the
// rest, and the transaction is everybody's.
func (w *Workflow) open(ctx context.Context, sub Submission) (in incoming, err error) {
	sum := sha256.Sum256(sub.XML)
	in.sha = hex.EncodeToString(sum[:])
	root, err := xpath.ParseXML(bytes.NewReader(sub.XML), xpath.DefaultLimits())
	if err == nil {
		in.identity, err = form.Identify(root)
	}
	if err != nil {
		in.state = record.Unreadable
		in.notice = fault.Wrap(err, fault.WorkflowUnreadable, "reason", plainReason(err))
		in.identity.InstanceID = "sha256:" + in.sha
		return in, nil
	}
	if in.identity.InstanceID == "" {
		in.identity.InstanceID = "sha256:" + in.sha // some clients send none: equal bytes are still one record
	}
	in.tool, err = w.toolOfForm(ctx, sub.Operation, in.identity.FormID, in.identity.Version)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		w.Log.Error("a form cannot be worked with", "operation", sub.Operation, "form", in.identity.FormID, "version", in.identity.Version, "error", err)
	}
	if err != nil {
		in.state = record.UnknownForm
		in.notice = fault.Wrap(err, fault.WorkflowUnknownForm, "form", in.identity.FormID, "version", in.identity.Version)
		return in, nil
	}
	questionnaire := in.tool.form(in.identity.FormID, in.identity.Version)
	in.answers, _ = questionnaire.program.Read(root) // what is wrong with the answers is the check's business
	in.expected = questionnaire.attachments(in.answers)
	in.kept, in.identities, err = w.split(in.answers)
	return in, err
}

func plainReason(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Message()
	}
	return "it is not complete XML"
}

func (w *Workflow) receive(s *Step, sub Submission, in incoming) (Receipt, error) {
	if s.Actor.Kind == access.Device {
		if err := s.TouchDevice(s.Operation, s.Actor.ID, true); err != nil {
			return Receipt{}, err
		}
	}
	earlier, err := s.RecordsByInstance(s.Operation, in.identity.FormID, in.identity.InstanceID)
	if err != nil {
		return Receipt{}, err
	}
	for _, old := range earlier {
		if old.Original == in.sha {
			return w.again(s, sub, old.Record, in)
		}
	}
	rec := w.newRecord(s, sub, in, len(earlier)+1)
	if len(earlier) > 0 {
		rec.State, in.notice = record.Conflicting, fault.New(fault.WorkflowConflict)
		rec.StateReason = string(fault.WorkflowConflict)
	}
	if err := w.insert(s, rec, sub.XML, in); err != nil {
		return Receipt{}, err
	}
	receipt := Receipt{Record: rec.ID, Outcome: Accepted, Notice: in.notice}
	switch {
	case len(earlier) > 0:
		receipt.Outcome = Conflicted
	case in.state != "":
		receipt.Outcome = Kept
	}
	if err := w.attach(s, sub, rec, in, &receipt); err != nil {
		return receipt, err
	}
	if receipt.Outcome == Accepted && len(receipt.Missing) == 0 {
		err = w.supersede(s, rec, in.identity.DeprecatedID)
	}
	if err == nil && receipt.Outcome == Accepted {
		err = w.yieldToEdit(s, rec)
	}
	return receipt, err
}

// yieldToEdit sets a record aside whose edit came before it: phones that were offline send in any order.
func (w *Workflow) yieldToEdit(s *Step, rec record.Record) error {
	edits, err := s.RecordsReplacing(s.Operation, rec.Form, rec.InstanceID)
	if err != nil {
		return err
	}
	for _, edit := range edits {
		if edit.State != record.Received {
			continue
		}
		own, err := s.Tx.Record(s.Operation, rec.ID)
		if err != nil {
			return err
		}
		return w.setAside(s, own, edit.ID)
	}
	return nil
}

func (w *Workflow) newRecord(s *Step, sub Submission, in incoming, version int) record.Record {
	rec := record.Record{
		ID: record.ID(s.NewID()), Operation: s.Operation, Form: in.identity.FormID, FormVersion: in.identity.Version,
		InstanceID: in.identity.InstanceID, Version: version, Source: sub.Source, Device: s.Actor.ID,
		ReceivedAt: s.Now(), Original: in.sha, State: in.state, Answers: in.answers,
	}
	if rec.State == "" {
		rec.State = record.Received
	}
	if in.notice != nil {
		rec.StateReason = string(in.notice.Code)
	}
	if in.tool != nil {
		rec.Activity = in.tool.activity.ID
	}
	if in.identity.DeprecatedID != rec.InstanceID {
		rec.Replaces = in.identity.DeprecatedID
	}
	return rec
}

// insert keeps the verbatim bytes and the record, journals the receipt and queues the check.
func (w *Workflow) insert(s *Step, rec record.Record, original []byte, in incoming) error {
	if _, err := s.PutBlobBytes(s.Operation, original); err != nil {
		return err
	}
	if err := s.InsertRecord(rec, in.kept, in.identities); err != nil {
		return err
	}
	if err := s.Journal("record.received", string(rec.ID), receivedBody{
		Form: rec.Form, Version: rec.FormVersion, Instance: rec.InstanceID, Original: rec.Original, State: rec.State,
		Device: rec.Device, Replaces: in.identity.DeprecatedID,
	}); err != nil {
		return err
	}
	return s.enqueueCheck(rec.ID)
}

// receivedBody is the journal's entry of a receipt; it names the original by hash and holds no answer.
type receivedBody struct {
	Form     string       `json:"form"`
	Version  string       `json:"version"`
	Instance string       `json:"instance"`
	Original string       `json:"original"`
	State    record.State `json:"state"`
	Device   string       `json:"device,omitempty"`
	Import   string       `json:"import,omitempty"`
	Replaces string       `json:"replaces,omitempty"`
}

// again answers a repeated submission: the same receipt, and whatever attachments are new.
func (w *Workflow) again(s *Step, sub Submission, old record.Record, in incoming) (Receipt, error) {
	receipt := Receipt{Record: old.ID, Outcome: Repeated, Notice: in.notice}
	if old.State == record.Conflicting {
		receipt.Outcome, receipt.Notice = Conflicted, fault.New(fault.WorkflowConflict)
	} else if in.state != "" {
		receipt.Outcome = Kept
	}
	if err := w.attach(s, sub, old, in, &receipt); err != nil {
		return receipt, err
	}
	if old.State == record.UnknownForm && in.state == "" {
		return receipt, s.enqueueCheck(old.ID) // its form is known by now
	}
	if old.State == record.Waiting && len(receipt.Missing) == 0 {
		return receipt, w.supersede(s, old, in.identity.DeprecatedID)
	}
	return receipt, nil
}

// attach notes which of the attachments are here, and lets a record wait for those that are not.
func (w *Workflow) attach(s *Step, sub Submission, rec record.Record, in incoming, receipt *Receipt) error {
	if len(in.expected) == 0 && len(sub.Parts) == 0 {
		return nil
	}
	have, err := s.Attachments(s.Operation, rec.ID)
	if err != nil {
		return err
	}
	present := map[string]store.AttachmentState{}
	for _, a := range have {
		present[a.Name] = a.State
	}
	for _, part := range sub.Parts {
		state, sha := store.AttachmentPresent, part.SHA256
		if part.Over {
			state, sha = store.AttachmentRefused, ""
			receipt.Refused = append(receipt.Refused, part.Name)
			receipt.Notice = fault.New(fault.WorkflowAttachmentLarge, "name", part.Name, "limit", "100 MB")
		}
		if present[part.Name] == store.AttachmentPresent {
			continue
		}
		if err := s.PutAttachment(s.Operation, rec.ID, store.Attachment{Name: part.Name, SHA: sha, Bytes: part.Size, State: state}); err != nil {
			return err
		}
		present[part.Name] = state
	}
	for _, name := range in.expected {
		if _, known := present[name]; !known {
			receipt.Missing = append(receipt.Missing, name)
			if err := s.PutAttachment(s.Operation, rec.ID, store.Attachment{Name: name, State: store.AttachmentMissing}); err != nil {
				return err
			}
			continue
		}
		if present[name] == store.AttachmentMissing {
			receipt.Missing = append(receipt.Missing, name)
		}
	}
	return w.waitOrGo(s, rec, receipt)
}

// waitOrGo moves a record between Waiting and Received as its attachments come in.
func (w *Workflow) waitOrGo(s *Step, rec record.Record, receipt *Receipt) error {
	want := rec.State
	switch {
	case rec.State == record.Received && len(receipt.Missing) > 0 && receipt.Outcome == Accepted:
		want = record.Waiting
	case rec.State == record.Waiting && len(receipt.Missing) == 0:
		want = record.Received
	}
	if want == rec.State {
		return nil
	}
	reason := ""
	if want == record.Waiting {
		reason = "waiting for " + strings.Join(receipt.Missing, ", ")
	}
	if err := s.UpdateRecord(s.Operation, rec.ID, store.RecordUpdate{State: &want, StateReason: &reason}); err != nil {
		return err
	}
	if err := s.Journal("record."+string(want), string(rec.ID), map[string]any{"missing": receipt.Missing}); err != nil {
		return err
	}
	return s.enqueueCheck(rec.ID)
}

// supersede takes the instance that an edit replaces out of the count; it stays readable. An edit that still waits for
// its attachments replaces nothing yet.
func (w *Workflow) supersede(s *Step, edit record.Record, deprecated string) error {
	if deprecated == "" || deprecated == edit.InstanceID {
		return nil
	}
	old, err := s.RecordsByInstance(s.Operation, edit.Form, deprecated)
	if err != nil {
		return err
	}
	for _, r := range old {
		if r.State != record.Received && r.State != record.Waiting {
			continue
		}
		if err := w.setAside(s, r, edit.ID); err != nil {
			return err
		}
	}
	return nil
}

// setAside supersedes a record by another, and lets the unit that it spoke of count another record, if it has one.
func (w *Workflow) setAside(s *Step, old store.StoredRecord, by record.ID) error {
	state, counts := record.Superseded, false
	if err := s.UpdateRecord(s.Operation, old.ID, store.RecordUpdate{State: &state, Counts: &counts, SupersededBy: &by}); err != nil {
		return err
	}
	if err := s.Journal("record.superseded", string(old.ID), map[string]any{"by": by}); err != nil {
		return err
	}
	return w.recount(s, old.Activity, old.Round, old.Unit, old.ID)
}
