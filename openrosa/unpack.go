package openrosa

import (
	"compress/gzip"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"safar/fault"
	"safar/workflow"
)

// answersPart is the name that OpenRosa gives to the part with the answers.
const answersPart = "xml_submission_file"

// parcel is what one request brought.
type parcel struct {
	xml   []byte
	found bool
	parts []workflow.Part
	cut   bool // there was more than one request may hold: the rest was not read
}

// errBound says that a request is longer than it may be.
var errBound = errors.New("openrosa: the request is over its bound")

// bounded reads at most so many bytes.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errBound
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// patient waits for slow networks as long as something still comes.
type patient struct {
	r       io.Reader
	control *http.ResponseController
	idle    time.Duration
	set     time.Time // when the deadline was set: that costs, so not at every read
}

func (p *patient) Read(b []byte) (int, error) {
	if now := time.Now(); now.Sub(p.set) >= p.idle/6 {
		_ = p.control.SetReadDeadline(now.Add(p.idle)) // not every connection has deadlines
		p.set = now
	}
	return p.r.Read(b)
}

// body is the request's content: patient, inflated when it is compressed, and bounded before and after that.
func (s *server) body(w http.ResponseWriter, r *http.Request) (io.Reader, error) {
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Time{}) // the time an upload takes is not taken from its answer
	raw := &bounded{&patient{r: r.Body, control: control, idle: s.bounds.idle}, s.bounds.request}
	switch encoding := strings.ToLower(r.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
		return raw, nil
	case "gzip", "x-gzip":
		z, err := gzip.NewReader(raw)
		if err != nil {
			return nil, fault.Wrap(err, fault.OpenrosaBody)
		}
		return &bounded{z, s.bounds.request}, nil
	default:
		return nil, fault.New(fault.OpenrosaEncoding, "encoding", encoding)
	}
}

// unpack takes a request apart: a multipart form, or the answers alone.
func (s *server) unpack(r *http.Request, body io.Reader, keep *spool) (p parcel, err error) {
	kind, parameters, err := contentType(r)
	if err != nil {
		return p, err
	}
	switch {
	case kind == "multipart/form-data" && parameters["boundary"] != "":
		err = s.unpackParts(&p, multipart.NewReader(body, parameters["boundary"]), keep)
	case kind == "text/xml" || kind == "application/xml":
		err = p.takeAnswers(body)
	default:
		return p, fault.New(fault.OpenrosaContentType, "type", kind)
	}
	if errors.Is(err, errBound) {
		p.cut, err = true, nil
	}
	if err != nil {
		return p, readFault(err)
	}
	if !p.found && p.cut {
		return p, s.tooLarge()
	}
	if !p.found {
		return p, fault.New(fault.OpenrosaNoAnswers)
	}
	return p, nil
}

// readFault turns what reading a body can fail with into a fault; one that is a fault already, as of the spool, stays.
func readFault(err error) error {
	if fault.CodeOf(err) != "" {
		return err
	}
	return fault.Wrap(err, fault.OpenrosaBody)
}

func (s *server) tooLarge() *fault.Error {
	return fault.New(fault.OpenrosaTooLarge, "limit", strconv.FormatInt(s.bounds.request>>20, 10)+" MB", "parts", strconv.Itoa(s.bounds.parts))
}

func (s *server) unpackParts(p *parcel, form *multipart.Reader, keep *spool) error {
	for n := 0; ; n++ {
		part, err := form.NextPart()
		if err == io.EOF { // a wrapped EOF is a torn request
			return nil
		}
		if err != nil {
			return err
		}
		if n > s.bounds.parts {
			return errBound
		}
		if part.FormName() == answersPart {
			if err := p.takeAnswers(part); err != nil {
				return err
			}
			continue
		}
		file, err := keep.take(partName(part), part)
		if err != nil {
			return err
		}
		p.add(file)
	}
}

func (p *parcel) takeAnswers(r io.Reader) error {
	if p.found {
		return fault.New(fault.OpenrosaTwoAnswers)
	}
	xml, err := io.ReadAll(io.LimitReader(r, workflow.MaxXML+1))
	if err != nil {
		return err
	}
	if len(xml) > workflow.MaxXML {
		return fault.New(fault.WorkflowSubmissionLarge, "limit", strconv.Itoa(workflow.MaxXML>>20)+" MB")
	}
	p.xml, p.found = xml, len(xml) > 0
	return nil
}

// add keeps a file beside those that came before it. The same file twice is one; another file under the same name gets
// a number, so that neither is lost.
func (p *parcel) add(part workflow.Part) {
	name := part.Name
	for n := 2; ; n++ {
		i := slices.IndexFunc(p.parts, func(old workflow.Part) bool { return old.Name == part.Name })
		switch {
		case i < 0:
			p.parts = append(p.parts, part)
			return
		case p.parts[i].SHA256 == part.SHA256:
			return
		case p.parts[i].Over:
			p.parts[i] = part
			return
		}
		ext := path.Ext(name)
		part.Name = strings.TrimSuffix(name, ext) + " (" + strconv.Itoa(n) + ")" + ext
	}
}

// longestName is that of most file systems, in characters.
const longestName = 255

// partName is the file name as the answers would name it: without folders, whatever the client's system writes them
// with, and without characters that no name should hold.
func partName(part *multipart.Part) string {
	for _, name := range []string{part.FileName(), part.FormName()} {
		name = name[strings.LastIndexAny(name, `/\`)+1:]
		name = strings.Map(func(r rune) rune {
			if unicode.IsControl(r) || r == unicode.ReplacementChar {
				return -1
			}
			return r
		}, name)
		if runes := []rune(name); len(runes) > longestName {
			name = string(runes[:longestName])
		}
		if name = strings.TrimSpace(name); name != "" && name != "." && name != ".." {
			return name
		}
	}
	return "unnamed"
}
