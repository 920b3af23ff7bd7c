package openrosa

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"safar/fault"
	"safar/record"
	"safar/workflow"
)

// storeTime bounds the storing of a submission that was read whole.
const storeTime = time.Minute

// submission receives a record. The answer is 201 or 202 only when the workflow has committed it.
func (s *server) submission(w http.ResponseWriter, v *visit) error {
	w.Header().Set("X-OpenRosa-Accept-Content-Length", acceptLength)
	if v.Method == http.MethodHead {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	p, receipt, err := s.receive(w, v)
	if err != nil {
		return err
	}
	switch {
	case p.cut:
		return s.tooLarge()
	case len(receipt.Refused) > 0 && receipt.Notice != nil:
		return receipt.Notice
	case receipt.Outcome == workflow.Conflicted || receipt.Outcome == workflow.Kept:
		s.tell(w, v.Request, http.StatusAccepted, "", keptText(receipt))
	default:
		s.tell(w, v.Request, http.StatusCreated, "", receivedText(receipt, len(p.parts)))
	}
	return nil
}

// receive reads a parcel and hands it to the workflow. When it returns, the spool and the place among the readers are
// free again, however slowly the client reads its answer.
func (s *server) receive(w http.ResponseWriter, v *visit) (p parcel, receipt workflow.Receipt, err error) {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	default:
		return p, receipt, fault.New(fault.OpenrosaBusy)
	}
	keep := &spool{create: s.create}
	defer keep.close()
	body, err := s.body(w, v.Request)
	if err != nil {
		return p, receipt, err
	}
	if p, err = s.unpack(v.Request, body, keep); err != nil {
		return p, receipt, err
	}
	receipt, err = s.store(v, p)
	return p, receipt, err
}

// store commits what is here whole. A client that hangs up now does not stop it: the next try then finds it received
// and need not send everything again.
func (s *server) store(v *visit, p parcel) (workflow.Receipt, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(v.Context()), storeTime)
	defer cancel()
	receipt, err := s.Flow.Receive(ctx, v.actor, workflow.Submission{
		Operation: v.actor.Operation, Source: record.FromDevice, XML: p.xml, Parts: p.parts,
	})
	if err == nil {
		s.Log.Info("openrosa: received", "operation", v.actor.Operation, "outcome", string(receipt.Outcome),
			"bytes", len(p.xml), "files", len(p.parts), "missing", len(receipt.Missing), "refused", len(receipt.Refused))
	}
	return receipt, err
}

// keptText says why a person must look at the record.
func keptText(receipt workflow.Receipt) string {
	if receipt.Notice == nil {
		return "Received and kept; your supervisor will look at it."
	}
	return "Received and kept, but " + receipt.Notice.Error()
}

// receivedText says that all is well, or what is still to come.
func receivedText(receipt workflow.Receipt, files int) string {
	text := "Received."
	if receipt.Outcome == workflow.Repeated && files == 0 {
		text = "Received already; nothing is lost and nothing is counted twice."
	}
	if len(receipt.Missing) > 0 {
		text += " Still to come: " + shortList(receipt.Missing) + "."
	}
	return text
}

// shortList names what fits on the screen of a phone.
func shortList(names []string) string {
	const shown = 10
	if len(names) <= shown {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:shown], ", ") + " and " + strconv.Itoa(len(names)-shown) + " more"
}
