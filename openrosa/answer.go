package openrosa

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"safar/fault"
)

const (
	xmlType = "text/xml; charset=utf-8"

	// acceptLength is the bytes a client should put into one request; a longer record comes in several.
	acceptLength = "100000000"

	// answerTime is how long a client may take to read an answer: a form of 1 MB on a 2G network.
	answerTime = 5 * time.Minute

	// retryAfter is when a client should come back after a passing failure, in seconds.
	retryAfter = "60"
)

// setHeaders writes what every answer carries; net/http adds Date.
func setHeaders(h http.Header) {
	h.Set("X-OpenRosa-Version", "1.0")
	h.Set("Content-Language", "en")
	h.Set("Cache-Control", "private, no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
}

// envelope is the OpenRosaResponse that clients show to the person who sends.
type envelope struct {
	XMLName xml.Name `xml:"http://openrosa.org/http/response OpenRosaResponse"`
	Message message  `xml:"message"`
}

type message struct {
	Nature string `xml:"nature,attr"`
	Text   string `xml:",chardata"`
}

// marshal writes one of the fixed documents of this package; the same value gives the same bytes.
func marshal(document any) []byte {
	body, err := xml.MarshalIndent(document, "", "  ")
	if err != nil {
		panic("openrosa: a document of fixed shape does not marshal: " + err.Error())
	}
	return append([]byte(xml.Header), append(body, '\n')...)
}

// tell answers with an envelope.
func (s *server) tell(w http.ResponseWriter, r *http.Request, status int, nature, text string) {
	s.send(w, r, status, content{kind: xmlType, body: marshal(envelope{Message: message{nature, text}})})
}

// fail answers with an error: the one place where kinds of faults become HTTP statuses.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	f := asFault(err)
	status, text := statusOf(f), f.Error()
	switch status {
	case http.StatusUnauthorized:
		if !strings.HasPrefix(r.URL.Path, "/openrosa/key/") {
			w.Header().Set("WWW-Authenticate", `Basic realm="Safar", charset="UTF-8"`)
		}
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", f.Details["allowed"])
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		w.Header().Set("Retry-After", retryAfter)
	case http.StatusInternalServerError:
		reference := newReference()
		text = "Safar could not finish this (reference " + reference + "). Try again; if it lasts, tell your supervisor this reference."
		s.Log.Error("openrosa: a request failed", "reference", reference, "code", string(f.Code), "error", f.Err)
	}
	s.tell(w, r, status, "error", sentence(text))
}

// sentence begins with a capital letter, as people expect on a screen; faults are made to stand behind a place.
func sentence(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// asFault finds the fault in err, and makes one of a wait that took too long.
func asFault(err error) *fault.Error {
	var f *fault.Error
	if errors.As(err, &f) && f.Kind() != fault.Internal {
		return f
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return fault.Wrap(err, fault.OpenrosaTimeout)
	}
	if f != nil {
		return f
	}
	return fault.Wrap(err, fault.InternalError)
}

func statusOf(f *fault.Error) int {
	switch f.Code {
	case fault.OpenrosaMethod:
		return http.StatusMethodNotAllowed
	case fault.OpenrosaThrottled:
		return http.StatusTooManyRequests
	}
	switch f.Kind() {
	case fault.Invalid:
		return http.StatusBadRequest
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// newReference joins what a person saw with the line in the log.
func newReference() string {
	random := make([]byte, 4)
	_, _ = rand.Read(random) // crypto/rand never fails: it ends the program instead
	return hex.EncodeToString(random)
}

// content is the body of an answer. Hash is of the body (hex); "" when clients should not keep it.
type content struct {
	kind string
	body []byte
	hash string
}

// smallest body that is worth compressing.
const worthGzip = 1 << 10

// send writes an answer: 304 when the client has these bytes already, compressed when it wants that.
func (s *server) send(w http.ResponseWriter, r *http.Request, status int, c content) {
	h := w.Header()
	if c.hash != "" {
		h.Set("ETag", `W/"`+c.hash+`"`) // weak: compressed or not, it is the same
		h.Set("Vary", "Accept-Encoding")
		if known := r.Header.Get("If-None-Match"); known == "*" || strings.Contains(known, `"`+c.hash+`"`) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	h.Set("Content-Type", c.kind)
	body := c.body
	if len(body) >= worthGzip && wantsGzip(r) {
		body = compress(body)
		h.Set("Content-Encoding", "gzip")
		h.Set("Vary", "Accept-Encoding")
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	write(w, body)
}

// write waits for slow networks, and takes its deadline back: a proxy may use the connection for something else next.
func write(w http.ResponseWriter, body []byte) {
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Now().Add(answerTime)) // not every writer has deadlines
	_, _ = w.Write(body)                                     // a client that went away asks again
	_ = control.Flush()
	_ = control.SetWriteDeadline(time.Time{})
}

func wantsGzip(r *http.Request) bool {
	for item := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, parameters, _ := strings.Cut(item, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			quality, found := strings.CutPrefix(strings.TrimSpace(parameters), "q=")
			weight, err := strconv.ParseFloat(quality, 64)
			return !found || err != nil || weight > 0
		}
	}
	return false
}

func compress(body []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	return b.Bytes()
}
