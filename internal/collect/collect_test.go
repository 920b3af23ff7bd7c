package collect_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"safar/internal/collect"
)

// server answers posts with the statuses in turn, the last one for ever, and notes the parts of each.
func server(t *testing.T, limit string, statuses ...int) (*collect.Client, *[][]string) {
	t.Helper()
	var posts [][]string
	var n atomic.Int32
	handler := func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			w.Header().Set("X-OpenRosa-Accept-Content-Length", limit)
			w.WriteHeader(http.StatusNoContent)
			return
		}
		posts = append(posts, partsOf(t, r))
		status := statuses[min(int(n.Add(1)), len(statuses))-1]
		w.WriteHeader(status)
		_, _ = io.WriteString(w, `<OpenRosaResponse xmlns="http://openrosa.org/http/response"><message nature="x">hello</message></OpenRosaResponse>`)
	}
	s := httptest.NewServer(http.HandlerFunc(handler))
	t.Cleanup(s.Close)
	client := collect.New(s.URL+"/", collect.Auth{Token: "secret"})
	client.Pause = time.Millisecond
	return client, &posts
}

func partsOf(t *testing.T, r *http.Request) (names []string) {
	t.Helper()
	if r.URL.Path != "/openrosa/key/secret/submission" || r.Header.Get("X-OpenRosa-Version") != "1.0" {
		t.Errorf("path %s, header %v", r.URL.Path, r.Header)
	}
	form, err := r.MultipartReader()
	for err == nil {
		var part *multipart.Part
		if part, err = form.NextPart(); err == nil {
			data, _ := io.ReadAll(part)
			names = append(names, part.FormName()+"="+string(data))
		}
	}
	if !errors.Is(err, io.EOF) {
		t.Error(err)
	}
	return names
}

func TestSubmitSplitsWhatIsLarge(t *testing.T) {
	t.Parallel()
	client, posts := server(t, "10", http.StatusCreated)
	got, err := client.Submit(context.Background(), []byte("<a/>"), collect.Bytes("1.jpg", []byte("123")), collect.Bytes("2.jpg", []byte("456")),
		collect.Bytes("3.jpg", bytes.Repeat([]byte("9"), 20)), collect.Bytes("4.jpg", []byte("0")))
	if err != nil || got != (collect.Response{Status: 201, Nature: "x", Message: "hello"}) {
		t.Errorf("%+v, %v", got, err)
	}
	want := [][]string{
		{"xml_submission_file=<a/>", "1.jpg=123", "2.jpg=456"}, {"xml_submission_file=<a/>", "3.jpg=" + strings.Repeat("9", 20)}, {"xml_submission_file=<a/>", "4.jpg=0"},
	}
	if !slices.EqualFunc(*posts, want, slices.Equal) {
		t.Errorf("posts %q", *posts)
	}
}

func TestSubmitTriesAgainWhatMayPass(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		statuses []int
		posts    int
		ok       bool
	}{
		{[]int{503, 500, 202}, 3, true}, {[]int{429, 201}, 2, true}, {[]int{503}, 5, false}, {[]int{413, 201}, 1, false}, {[]int{401, 201}, 1, false}, {[]int{200}, 1, false},
	} {
		client, posts := server(t, "", c.statuses...)
		client.Chunked = true
		got, err := client.Submit(context.Background(), []byte("<a/>"))
		if (err == nil) != c.ok || len(*posts) != c.posts {
			t.Errorf("%v: %+v after %d posts, %v", c.statuses, got, len(*posts), err)
		}
	}
}
