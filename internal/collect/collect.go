// Package collect is a client that talks to a server as ODK Collect does: it lists forms, downloads them, and sends
// records with their attachments in several requests when they are large, trying again when the network fails. Tests
// and benchmarks are its users.
package collect

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Auth says how the client is let in: with a token in the address, or with user and secret to an operation's door.
type Auth struct {
	Token string

	Operation, User, Secret string
}

// Client is one phone. Its fields may be changed before the first request.
type Client struct {
	HTTP     *http.Client
	Attempts int           // how often a request is tried before its failure counts; 1 when 0
	Pause    time.Duration // before the second attempt; doubled before each later one
	Chunked  bool          // send without telling the length

	base  string
	auth  Auth
	limit int64 // bytes per request, as the server said; 0 = not asked yet
}

// New makes a client of the server at root ("http://127.0.0.1:8080").
func New(root string, auth Auth) *Client {
	door := "/openrosa/key/" + url.PathEscape(auth.Token)
	if auth.Token == "" {
		door = "/openrosa/" + url.PathEscape(auth.Operation)
	}
	return &Client{HTTP: http.DefaultClient, Attempts: 5, Pause: 50 * time.Millisecond, base: strings.TrimSuffix(root, "/") + door, auth: auth}
}

// Form is an entry of the form list.
type Form struct {
	FormID      string `xml:"formID"`
	Name        string `xml:"name"`
	Version     string `xml:"version"`
	Hash        string `xml:"hash"`
	DownloadURL string `xml:"downloadUrl"`
	ManifestURL string `xml:"manifestUrl"`
}

// File is an entry of a form's manifest.
type File struct {
	Filename    string `xml:"filename"`
	Hash        string `xml:"hash"`
	DownloadURL string `xml:"downloadUrl"`
}

// FormList asks for the forms of this device.
func (c *Client) FormList(ctx context.Context) ([]Form, error) {
	var list struct {
		XMLName xml.Name `xml:"http://openrosa.org/xforms/xformsList xforms"`
		Forms   []Form   `xml:"xform"`
	}
	return list.Forms, c.fetch(ctx, c.base+"/formList?deviceID=collect:test", &list)
}

// Manifest asks for the files of a form; none when the form has no manifest.
func (c *Client) Manifest(ctx context.Context, form Form) ([]File, error) {
	if form.ManifestURL == "" {
		return nil, nil
	}
	var list struct {
		XMLName xml.Name `xml:"http://openrosa.org/xforms/xformsManifest manifest"`
		Files   []File   `xml:"mediaFile"`
	}
	return list.Files, c.fetch(ctx, form.ManifestURL, &list)
}

func (c *Client) fetch(ctx context.Context, address string, into any) error {
	body, err := c.Download(ctx, address)
	if err != nil {
		return err
	}
	if err := xml.Unmarshal(body, into); err != nil {
		return fmt.Errorf("collect: reading %s: %w", path(address), err)
	}
	return nil
}

// path leaves the host, and with it nothing that changes between runs, out of a message.
func path(address string) string {
	if u, err := url.Parse(address); err == nil {
		return u.Path
	}
	return address
}

// Download gets the bytes of an address from a list: a form or one of its files.
func (c *Client) Download(ctx context.Context, address string) (body []byte, err error) {
	err = c.persist(ctx, func() error {
		request, err := c.request(ctx, http.MethodGet, address, nil)
		if err != nil {
			return err
		}
		answer, err := c.HTTP.Do(request)
		if err != nil {
			return err
		}
		defer answer.Body.Close()
		if body, err = io.ReadAll(answer.Body); err != nil {
			return err
		}
		if answer.StatusCode != http.StatusOK {
			return &StatusError{Response: parseResponse(answer.StatusCode, body)}
		}
		return nil
	})
	return body, err
}

func (c *Client) request(ctx context.Context, method, address string, body io.Reader) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("X-OpenRosa-Version", "1.0")
	request.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	request.Header.Set("User-Agent", "org.odk.collect.android/v2025.1 (safar test client)")
	if c.auth.Token == "" && c.auth.User != "" {
		request.SetBasicAuth(c.auth.User, c.auth.Secret)
	}
	return request, nil
}

// persist tries again what another time may succeed: a broken connection, a server that is busy or starting.
func (c *Client) persist(ctx context.Context, do func() error) error {
	pause := c.Pause
	for attempt := 1; ; attempt++ {
		err := do()
		if err == nil || attempt >= c.Attempts || !passing(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w, after %w", ctx.Err(), err)
		case <-time.After(pause):
		}
		pause *= 2
	}
}

// limitOf reads how much one request may hold.
func limitOf(h http.Header) int64 {
	const usual = 10_000_000 // what Collect assumes of servers that say nothing
	limit, err := strconv.ParseInt(h.Get("X-OpenRosa-Accept-Content-Length"), 10, 64)
	if err != nil || limit <= 0 {
		return usual
	}
	return limit
}
