package web_test

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"safar/locale"
)

const publicPage = "/releases/practice.baseline-sub-area.r1.v1/"

// TestThePublicPageSpeaksTheReadersLanguage asks by address, by header, and for a language nobody knows.
func TestThePublicPageSpeaksTheReadersLanguage(t *testing.T) {
	t.Parallel()
	d := furnished(t)
	for _, l := range locale.Languages() {
		page := d.get(publicPage + "?lang=" + l.Tag).Body.String()
		direction := "ltr"
		if l.RightToLeft {
			direction = "rtl"
		}
		if !strings.Contains(page, `<html lang="`+l.Tag+`" dir="`+direction+`">`) {
			t.Errorf("%s: the page begins %q", l.Tag, page[:min(200, len(page))])
		}
		if missing := regexp.MustCompile(`\[[a-z]+\.[a-z.]+\]`).FindString(page); missing != "" {
			t.Errorf("%s: a message has no text: %s", l.Tag, missing)
		}
		wellFormed(t, l.Tag, page)
	}
	for header, want := range map[string]string{"ru-RU,ru;q=0.9,en;q=0.8": "ru", "de-DE, ar;q=0.5": "ar", "de": "en", ";;;": "en", "": "en", "tg-Cyrl": "tg"} {
		w := d.ask("GET", publicPage, "Accept-Language", header)
		if got := w.Header().Get("Content-Language"); got != want {
			t.Errorf("%q is answered in %s, want %s", header, got, want)
		}
		if !strings.Contains(strings.Join(w.Header().Values("Vary"), ","), "Accept-Language") {
			t.Errorf("%q: caches are not told that the answer depends on it", header)
		}
	}
}

// wellFormed reads a page as a browser would not forgive, and refuses whatever could run or load from elsewhere.
func wellFormed(t *testing.T, tag, page string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader(page))
	decoder.Entity = xml.HTMLEntity
	ids := map[string]bool{}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("%s: %v", tag, err)
			return
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		name := start.Name.Local
		if name == "script" || name == "style" || name == "img" || name == "iframe" {
			t.Errorf("%s: a <%s> on the page", tag, name)
		}
		for _, a := range start.Attr {
			remote := strings.Contains(a.Value, "//") && !(name == "a" && a.Name.Local == "href") && name != "meta"
			if a.Name.Local == "style" || strings.HasPrefix(a.Name.Local, "on") || remote {
				t.Errorf("%s: <%s %s=%q>", tag, name, a.Name.Local, a.Value)
			}
			if a.Name.Local == "id" && ids[a.Value] {
				t.Errorf("%s: id %s stands twice", tag, a.Value)
			}
			ids[a.Value] = ids[a.Value] || a.Name.Local == "id"
		}
	}
}

func TestThePublicPageIsSmallAndAnswersUnchanged(t *testing.T) {
	t.Parallel()
	d := furnished(t)
	w := d.get(publicPage)
	if w.Body.Len() > 100_000 {
		t.Errorf("%d bytes", w.Body.Len())
	}
	if again := d.ask("GET", publicPage, "If-None-Match", w.Header().Get("ETag")); again.Code != 304 {
		t.Errorf("the same page again answers %d", again.Code)
	}
	if css := d.get("/public.css"); css.Code != 200 || !strings.HasPrefix(css.Header().Get("Content-Type"), "text/css") {
		t.Errorf("stylesheet: %d %s", css.Code, css.Header().Get("Content-Type"))
	}
}

// TestColoursCanBeRead computes the contrast of texts and marks with what lies behind them.
func TestColoursCanBeRead(t *testing.T) {
	t.Parallel()
	css := newDesk(t).get("/public.css").Body.String()
	colours := map[string]string{}
	for _, found := range regexp.MustCompile(`--([a-z0-9-]+):(#[0-9a-f]{3,6})`).FindAllStringSubmatch(css, -1) {
		colours[found[1]] = found[2]
	}
	for _, pair := range []struct {
		front, behind string
		least         float64
	}{
		{"ink", "paper", 4.5}, {"ink-2", "paper", 4.5}, {"ink-3", "paper", 4.5}, {"accent-deep", "accent-wash", 4.5}, {"accent-deep", "paper", 4.5}, {"accent", "paper", 4.5},
		{"ink", "nodata", 4.5}, {"ink", "accent-wash", 4.5}, {"cat-1", "paper", 3}, {"cat-1", "nodata", 3}, {"accent", "nodata", 3}, {"control", "paper", 3}, {"seq-4", "paper", 3},
	} {
		if colours[pair.front] == "" || colours[pair.behind] == "" {
			t.Errorf("the stylesheet lacks %s or %s", pair.front, pair.behind)
			continue
		}
		if got := contrast(colours[pair.front], colours[pair.behind]); got < pair.least {
			t.Errorf("%s on %s: %.2f, wanted %.1f", pair.front, pair.behind, got, pair.least)
		}
	}
}

// contrast is the ratio of WCAG 2.2.
func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(hex string) float64 {
	digits := strings.TrimPrefix(hex, "#")
	if len(digits) == 3 {
		digits = strings.Repeat(digits[:1], 2) + strings.Repeat(digits[1:2], 2) + strings.Repeat(digits[2:], 2)
	}
	sum := 0.0
	for i, weight := range []float64{0.2126, 0.7152, 0.0722} {
		v, _ := strconv.ParseUint(digits[2*i:2*i+2], 16, 8) // the pattern lets only digits through
		c := float64(v) / 255
		if c <= 0.04045 {
			c /= 12.92
		} else {
			c = math.Pow((c+0.055)/1.055, 2.4)
		}
		sum += weight * c
	}
	return sum
}
