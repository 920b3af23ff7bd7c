package collect

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"path/filepath"
	"strings"
)

// Attachment is a file that goes with a record. Open is called once for each attempt.
type Attachment struct {
	Name string
	Size int64
	Open func() (io.Reader, error)
}

// Bytes makes an attachment of what is in memory.
func Bytes(name string, data []byte) Attachment {
	return Attachment{Name: name, Size: int64(len(data)), Open: func() (io.Reader, error) { return bytes.NewReader(data), nil }}
}

// Response is what the server said to one request.
type Response struct {
	Status  int
	Nature  string
	Message string
}

// StatusError is an answer that Collect does not take for success.
type StatusError struct{ Response }

func (e *StatusError) Error() string {
	return fmt.Sprintf("collect: status %d: %s", e.Status, e.Message)
}

func passing(err error) bool {
	var status *StatusError
	return !errors.As(err, &status) || status.Status >= 500 || status.Status == http.StatusTooManyRequests
}

func parseResponse(status int, body []byte) Response {
	var envelope struct {
		Message struct {
			Nature string `xml:"nature,attr"`
			Text   string `xml:",chardata"`
		} `xml:"message"`
	}
	_ = xml.Unmarshal(body, &envelope) // a captive portal answers otherwise, and its message is empty then
	return Response{Status: status, Nature: envelope.Message.Nature, Message: envelope.Message.Text}
}

// Submit sends a record. It asks first how much one request may hold, then sends as many as the attachments need, each
// with the answers; the last answer of the server is returned. Anything but 201 and 202 is an error.
func (c *Client) Submit(ctx context.Context, answers []byte, attachments ...Attachment) (last Response, err error) {
	if c.limit == 0 {
		if err := c.persist(ctx, func() error { return c.ask(ctx) }); err != nil {
			return last, err
		}
	}
	for first := true; first || len(attachments) > 0; first = false {
		n := c.fitting(answers, attachments)
		now := attachments[:n]
		err := c.persist(ctx, func() (err error) {
			last, err = c.Post(ctx, answers, now...)
			return err
		})
		if err != nil {
			return last, err
		}
		attachments = attachments[n:]
	}
	return last, nil
}

// fitting is how many attachments go with the next request: at least one, however large.
func (c *Client) fitting(answers []byte, attachments []Attachment) int {
	size := int64(len(answers))
	for n, a := range attachments {
		if size += a.Size; n > 0 && size > c.limit {
			return n
		}
	}
	return len(attachments)
}

// ask sends the HEAD request that comes before a submission.
func (c *Client) ask(ctx context.Context) error {
	request, err := c.request(ctx, http.MethodHead, c.base+"/submission", nil)
	if err != nil {
		return err
	}
	answer, err := c.HTTP.Do(request)
	if err != nil {
		return err
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusNoContent {
		return &StatusError{Response{Status: answer.StatusCode}}
	}
	c.limit = limitOf(answer.Header)
	return nil
}

// Post sends one request and does not try again.
func (c *Client) Post(ctx context.Context, answers []byte, attachments ...Attachment) (Response, error) {
	body, length, kind, err := encode(answers, attachments)
	if err != nil {
		return Response{}, err
	}
	request, err := c.request(ctx, http.MethodPost, c.base+"/submission?deviceID=collect:test", body)
	if err != nil {
		return Response{}, err
	}
	request.Header.Set("Content-Type", kind)
	if request.ContentLength = length; c.Chunked {
		request.ContentLength = -1
	}
	answer, err := c.HTTP.Do(request)
	if err != nil {
		return Response{}, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return Response{}, err
	}
	response := parseResponse(answer.StatusCode, text)
	if response.Status != http.StatusCreated && response.Status != http.StatusAccepted {
		return response, &StatusError{response}
	}
	return response, nil
}

// encode writes the multipart body without holding the attachments in memory.
func encode(answers []byte, attachments []Attachment) (body io.Reader, length int64, kind string, err error) {
	var frame bytes.Buffer
	form := multipart.NewWriter(&frame)
	var pieces []io.Reader
	cut := func() {
		pieces = append(pieces, bytes.NewReader(bytes.Clone(frame.Bytes())))
		length += int64(frame.Len())
		frame.Reset()
	}
	all := append([]Attachment{Bytes("xml_submission_file", answers)}, attachments...)
	for i, a := range all {
		header := textproto.MIMEHeader{}
		header.Set("Content-Disposition", multipart.FileContentDisposition(a.Name, a.Name))
		header.Set("Content-Type", fileType(a.Name, i == 0))
		header.Set("Content-Transfer-Encoding", "binary")
		if _, err := form.CreatePart(header); err != nil {
			return nil, 0, "", err
		}
		cut()
		data, err := a.Open()
		if err != nil {
			return nil, 0, "", err
		}
		pieces = append(pieces, io.LimitReader(data, a.Size))
		length += a.Size
	}
	if err := form.Close(); err != nil {
		return nil, 0, "", err
	}
	cut()
	return io.MultiReader(pieces...), length, form.FormDataContentType(), nil
}

func fileType(name string, answers bool) string {
	if answers {
		return "text/xml"
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".jpg", ".jpeg":
		return "image/jpeg"
	case ".m4a":
		return "audio/m4a"
	}
	if kind := mime.TypeByExtension(filepath.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}
