package report

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
)

// SVG is markup made by this package: every text in it is escaped. Colours and type are given by classes of the page's
// stylesheet, so that a strict policy of what a page may load holds.
type SVG string

// canvas writes one graphic.
type canvas struct {
	b             strings.Builder
	width, height float64
}

// newCanvas begins a graphic of a size in pixels. Alt is what a screen reader says instead.
func newCanvas(class string, width, height float64, alt string) *canvas {
	c := &canvas{width: width, height: height}
	stretch := ""
	if class == "divided" {
		stretch = ` preserveAspectRatio="none"`
	}
	fmt.Fprintf(&c.b, `<svg class="%s" viewBox="0 0 %s %s" width="%s" height="%s"%s role="img" aria-label="%s" direction="ltr">`,
		class, num(width), num(height), num(width), num(height), stretch, html.EscapeString(alt))
	return c
}

func (c *canvas) done() SVG {
	c.b.WriteString("</svg>")
	return SVG(c.b.String())
}

func (c *canvas) line(class string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(&c.b, `<line class="%s" x1="%s" y1="%s" x2="%s" y2="%s"/>`, class, num(x1), num(y1), num(x2), num(y2))
}

func (c *canvas) rect(class string, x, y, w, h float64) {
	fmt.Fprintf(&c.b, `<rect class="%s" x="%s" y="%s" width="%s" height="%s"/>`, class, num(x), num(y), num(max(w, 0)), num(max(h, 0)))
}

func (c *canvas) circle(class string, x, y, r float64) {
	fmt.Fprintf(&c.b, `<circle class="%s" cx="%s" cy="%s" r="%s"/>`, class, num(x), num(y), num(r))
}

// text writes a label; anchor is start, middle or end.
func (c *canvas) text(class, anchor string, x, y float64, text string) {
	fmt.Fprintf(&c.b, `<text class="%s" text-anchor="%s" x="%s" y="%s">%s</text>`, class, anchor, num(x), num(y), html.EscapeString(text))
}

// polyline joins points; fewer than two make nothing.
func (c *canvas) polyline(class string, points [][2]float64) {
	if len(points) < 2 {
		return
	}
	fmt.Fprintf(&c.b, `<polyline class="%s" points="`, class)
	for i, p := range points {
		if i > 0 {
			c.b.WriteByte(' ')
		}
		c.b.WriteString(num(p[0]) + "," + num(p[1]))
	}
	c.b.WriteString(`"/>`)
}

// num writes a coordinate with at most one decimal.
func num(v float64) string {
	return strconv.FormatFloat(math.Round(v*10)/10+0, 'f', -1, 64) // + 0 turns -0 into 0
}

// textWidth guesses how wide a label is at a type size, which is enough to keep labels apart.
func textWidth(text string, size float64) float64 {
	return 0.56 * size * float64(len([]rune(text)))
}

// ticks gives round values from 0 to at least top, about n of them.
func ticks(top float64, n int) []float64 {
	if top <= 0 {
		return []float64{0, 1}
	}
	step := math.Pow(10, math.Floor(math.Log10(top/float64(n))))
	for _, factor := range []float64{1, 2, 2.5, 5, 10} {
		if top/(step*factor) <= float64(n) {
			step *= factor
			break
		}
	}
	var list []float64
	for v := 0.0; ; v += step {
		list = append(list, v)
		if v >= top-step*1e-9 {
			return list
		}
	}
}
