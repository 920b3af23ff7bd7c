package web

import (
	"compress/gzip"
	"net/http"
	"strconv"
	"strings"
)

// minCompressed is the size below which compression costs more than it saves.
const minCompressed = 1024

// compressed writes through gzip when the answer turns out to be text of some size and the client takes it.
type compressed struct {
	*answer
	server  *server
	takes   bool
	decided bool
	gzip    *gzip.Writer
}

// compress wraps an answer. A request for a range or without body gets the bytes as they are.
func (s *server) compress(a *answer, r *http.Request) *compressed {
	takes := r.Method == http.MethodGet && r.Header.Get("Range") == "" && takesGzip(r.Header.Get("Accept-Encoding"))
	return &compressed{answer: a, server: s, takes: takes}
}

// takesGzip reads Accept-Encoding: "gzip, deflate;q=0.5", where q=0 is a refusal.
func takesGzip(header string) bool {
	for one := range strings.SplitSeq(header, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(one), ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		q, found := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		value, err := strconv.ParseFloat(q, 64)
		return !found || (err == nil && value > 0)
	}
	return false
}

// WriteHeader decides: status, type and length are known now.
func (c *compressed) WriteHeader(status int) {
	if !c.decided && status >= 200 {
		c.decided = true
		c.begin(status)
	}
	c.answer.WriteHeader(status)
}

func (c *compressed) begin(status int) {
	h := c.Header()
	if !isText(h.Get("Content-Type")) {
		return
	}
	h.Add("Vary", "Accept-Encoding")
	length, err := strconv.Atoi(h.Get("Content-Length"))
	small := err == nil && length < minCompressed
	if !c.takes || small || h.Get("Content-Encoding") != "" || status == http.StatusPartialContent || status == http.StatusNoContent || status == http.StatusNotModified {
		return
	}
	h.Set("Content-Encoding", "gzip")
	h.Del("Content-Length")
	h.Del("Accept-Ranges")
	if tag := h.Get("ETag"); strings.HasPrefix(tag, `"`) {
		h.Set("ETag", "W/"+tag) // the same content in other bytes
	}
	c.gzip, _ = c.server.gzips.Get().(*gzip.Writer)
	if c.gzip == nil {
		c.gzip = gzip.NewWriter(c.answer)
		return
	}
	c.gzip.Reset(c.answer)
}

func isText(contentType string) bool {
	for _, prefix := range []string{"text/", "application/json", "application/javascript", "image/svg+xml"} {
		if strings.HasPrefix(contentType, prefix) {
			return true
		}
	}
	return false
}

// Write goes through gzip or not.
func (c *compressed) Write(p []byte) (int, error) {
	if !c.decided {
		c.WriteHeader(http.StatusOK)
	}
	if c.gzip != nil {
		return c.gzip.Write(p)
	}
	return c.answer.Write(p)
}

// close ends the stream of an answer that came to its end. After a panic it is not called, so that the client sees a
// broken stream.
func (c *compressed) close() {
	if c.gzip == nil {
		return
	}
	_ = c.gzip.Close() // the client is gone; there is nobody to tell
	c.server.gzips.Put(c.gzip)
	c.gzip = nil
}
