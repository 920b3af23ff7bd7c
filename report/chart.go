package report

import (
	"safar/locale"
)

// Point is one value of a chart over time.
type Point struct {
	Label  string // on the axis
	Name   string // in full, for the table
	Value  float64
	Part   bool // the period is not whole: drawn pale with a dashed edge
	Strong bool // the one to look at
	Broken bool // counted in another way than the point before: no line joins the two
}

const (
	baseline = 24.0 // below the zero line, for labels
	headroom = 26.0 // above the highest value, for its number
)

// columns draws upright bars from zero. Values are written on the bars while there is room, else on the highest only.
func columns(v locale.Voice, points []Point, width, height float64, decimals int, part, alt string) SVG {
	c := newCanvas("chart", width, height, alt)
	top, n := 0.0, float64(max(len(points), 1))
	for _, p := range points {
		top = max(top, p.Value)
	}
	step := width / n
	bar := min(step*0.64, 62)
	scale := (height - baseline - headroom) / max(top, 1e-9)
	room := 0.0
	for _, p := range points {
		room = max(room, textWidth(v.Number(p.Value, decimals), 12), textWidth(p.Label, 12))
	}
	every := 1
	for room+10 > step*float64(every) {
		every++
	}
	for i, p := range points {
		x, h := (float64(i)+0.5)*step, p.Value*scale
		y := height - baseline - h
		class := "col"
		if p.Strong {
			class = "col strong"
		}
		if p.Part {
			class = "col part"
		}
		c.rect(class, x-bar/2, y, bar, h)
		if every == 1 || p.Strong {
			c.text("val", anchorAt(x, width, room), x, y-6, v.Number(p.Value, decimals))
		}
		if p.Part && bar > 40 && h > 22 {
			c.text("small", "middle", x, y+15, part)
		}
		if i%every == 0 {
			c.text("axis", anchorAt(x, width, room), x, height-6, p.Label)
		}
	}
	c.line("zero", 0, height-baseline, width, height-baseline)
	return c.done()
}

// anchorAt keeps a label at the edge of a graphic inside of it.
func anchorAt(x, width, label float64) string {
	switch {
	case x-label/2 < 0:
		return "start"
	case x+label/2 > width:
		return "end"
	}
	return "middle"
}

// series draws values of rounds as dots joined by a line. The line stops at a break, which is marked and named.
func series(v locale.Voice, points []Point, width, height float64, decimals int, mark, alt string) SVG {
	c := newCanvas("chart", width, height, alt)
	top := 0.0
	for _, p := range points {
		top = max(top, p.Value)
	}
	marks := ticks(top*1.12, 4)
	top = marks[len(marks)-1]
	left := 0.0
	for _, t := range marks {
		left = max(left, textWidth(v.Number(t, decimals), 11)+10)
	}
	y := func(value float64) float64 { return height - baseline - value/top*(height-baseline-headroom) }
	for i, t := range marks {
		class := "grid"
		if i == 0 {
			class = "zero"
		}
		c.line(class, left, y(t), width, y(t))
		c.text("axis", "end", left-6, y(t)+4, v.Number(t, decimals))
	}
	step := (width - left) / float64(len(points))
	x := func(i int) float64 { return left + (float64(i)+0.5)*step }
	var run [][2]float64
	for i, p := range points {
		if p.Broken && i > 0 {
			c.polyline("trend", run)
			run = nil
			at := (x(i-1) + x(i)) / 2
			c.line("break", at, 14, at, height-baseline)
			c.text("small", anchorAt(at, width, textWidth(mark, 11)), at, 10, mark)
		}
		run = append(run, [2]float64{x(i), y(p.Value)})
	}
	c.polyline("trend", run)
	for i, p := range points {
		class, label := "dot", "val"
		if p.Strong {
			class, label = "dot strong", "val strong"
		}
		c.circle(class, x(i), y(p.Value), 4.5)
		c.text(label, "middle", x(i), y(p.Value)-11, v.Number(p.Value, decimals))
		c.text("axis", "middle", x(i), height-6, p.Label)
	}
	return c.done()
}

// Slice is one part of a divided bar.
type Slice struct {
	Label, Value string
	Share        float64
}

// divided draws a whole as one lying bar cut into parts, light to dark; the words stand beside it as a list.
func divided(slices []Slice, width float64, alt string) SVG {
	c := newCanvas("divided", width, 14, alt)
	x := 0.0
	for i, s := range slices {
		w := s.Share * width
		c.rect("part"+string(rune('1'+i%5)), x, 0, w-1, 14)
		x += w
	}
	return c.done()
}

// bar draws one lying bar, its length a share of the widest.
func bar(share float64, strong bool) SVG {
	class := "bar"
	if strong {
		class = "bar strong"
	}
	return SVG(`<svg class="` + class + `" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width="` + num(max(100*share, 0.6)) + `" height="10"/></svg>`)
}
