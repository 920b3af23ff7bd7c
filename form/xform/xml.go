package xform

import (
	"bytes"
	"strings"
)

// attr is one attribute; an empty value leaves the attribute out.
type attr struct{ name, value string }

// xmlWriter writes indented XML whose bytes depend on nothing but the calls.
type xmlWriter struct {
	bytes.Buffer
	depth int
}

func (w *xmlWriter) indent() {
	for range w.depth {
		w.WriteString("  ")
	}
}

func (w *xmlWriter) tag(name string, attrs []attr) {
	w.indent()
	w.WriteString("<" + name)
	for _, a := range attrs {
		if a.value != "" {
			w.WriteString(" " + a.name + `="`)
			escape(&w.Buffer, a.value, true)
			w.WriteByte('"')
		}
	}
}

// open begins an element that holds others, close ends it.
func (w *xmlWriter) open(name string, attrs ...attr) {
	w.tag(name, attrs)
	w.WriteString(">\n")
	w.depth++
}

func (w *xmlWriter) close(name string) {
	w.depth--
	w.indent()
	w.WriteString("</" + name + ">\n")
}

// empty writes an element without content.
func (w *xmlWriter) empty(name string, attrs ...attr) {
	w.tag(name, attrs)
	w.WriteString("/>\n")
}

// text writes an element that holds only text; without text it is empty.
func (w *xmlWriter) text(name, text string, attrs ...attr) {
	if text == "" {
		w.empty(name, attrs...)
		return
	}
	w.tag(name, attrs)
	w.WriteByte('>')
	escape(&w.Buffer, text, false)
	w.WriteString("</" + name + ">\n")
}

// inline writes an element that holds text and outputs.
func (w *xmlWriter) inline(name string, content []piece, attrs ...attr) {
	if len(content) == 0 {
		w.empty(name, attrs...)
		return
	}
	w.tag(name, attrs)
	w.WriteByte('>')
	for _, p := range content {
		if p.output {
			w.WriteString(`<output value="`)
			escape(&w.Buffer, p.text, true)
			w.WriteString(`"/>`)
			continue
		}
		escape(&w.Buffer, p.text, false)
	}
	w.WriteString("</" + name + ">\n")
}

func escape(b *bytes.Buffer, s string, attribute bool) {
	if !strings.ContainsAny(s, "&<>\"\n\t\r") {
		b.WriteString(s)
		return
	}
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case attribute && r == '"':
			b.WriteString("&quot;")
		case attribute && r == '\n':
			b.WriteString("&#10;")
		case attribute && r == '\t':
			b.WriteString("&#9;")
		case r == '\r':
			b.WriteString("&#13;")
		default:
			b.WriteRune(r)
		}
	}
}
