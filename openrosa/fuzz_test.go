package openrosa_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"safar/openrosa"
)

// FuzzSubmission sends arbitrary bodies: nothing may panic, nothing may be left in the spool, and what is answered with
// success is kept.
func FuzzSubmission(f *testing.F) {
	good := string(answers(instanceA, "Aral", "p.jpg", ""))
	body, kind := encode(f, xmlPart([]byte(good)), part{"p.jpg", "p.jpg", "picture"})
	boundary := kind[strings.Index(kind, "boundary=")+len("boundary="):]
	body = strings.ReplaceAll(body, boundary, "b")
	for _, seed := range []string{
		body, body[:len(body)/2], strings.Replace(body, "xml_submission_file", "xml_submission", 1), strings.ReplaceAll(body, "\r\n", "\n"),
		strings.Replace(body, "p.jpg", "../p\x00.jpg", 2), "--b--\r\n", "--b\r\n\r\n\r\n--b--", "", "--b\r\nContent-Disposition: form-data; name*=utf-8''%00\r\n\r\nx\r\n--b--",
		strings.Replace(body, "Content-Disposition", "Content-Transfer-Encoding: quoted-printable\r\nContent-Disposition", 1),
	} {
		f.Add(seed, "multipart/form-data; boundary=b", "")
	}
	f.Add(good, "text/xml", "")
	f.Add(zip(good), "text/xml; charset=utf-8", "gzip")
	f.Add(good, "multipart/form-data; boundary", "x-gzip")
	world := newField(f)
	empty := world.journalled()
	world.cfg.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	handler := openrosa.HandlerWith(world.cfg, openrosa.Other{Request: 1 << 20, Parts: 20})
	f.Fuzz(func(t *testing.T, body, kind, encoding string) {
		world.t = t // which has taken the place of f
		request := httptest.NewRequest(http.MethodPost, world.door()+"/submission", strings.NewReader(body))
		request.Header.Set("Content-Type", kind)
		request.Header.Set("Content-Encoding", encoding)
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		switch answer.Code {
		case 201, 202:
			if world.journalled() == empty {
				t.Errorf("status %d and nothing is kept", answer.Code)
			}
		case 400, 413:
		default:
			t.Errorf("status %d: %s", answer.Code, answer.Body)
		}
		if world.spooled() != 0 {
			t.Error("a spool file is left")
		}
	})
}
