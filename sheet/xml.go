package sheet

import (
	"bytes"
	"io"
	"strconv"
	"unicode/utf8"
)

// xmlReader is a small streaming reader for the XML inside workbooks. It reads elements, attributes and text, refuses
// document types (there are no entities here to declare), and holds never more than one tag or one piece of text. It is
// several times faster than encoding/xml, which is what makes sheets of tens of megabytes pleasant.
type xmlReader struct {
	src      io.Reader
	buf      []byte
	pos, end int
	eof      bool
	depth    int
	selfEnd  bool // the element just opened closes itself
	text     []byte

	name  []byte // local name of the element opened or closed last; valid until the next call of next
	attrs []byte // its attributes, unread
}

type xmlToken uint8

const (
	xmlEnd   xmlToken = iota // of the document
	xmlOpen                  // an element begins
	xmlClose                 // an element ends
	xmlText                  // a piece of text; one text may come in several pieces
)

const (
	xmlBuffer   = 64 << 10
	xmlTagLimit = 1 << 20
	xmlDepth    = 256
)

// xmlError is what can be wrong with XML itself.
type xmlError string

func (e xmlError) Error() string { return string(e) }

const (
	errXMLCut     xmlError = "the XML stops in the middle"
	errXMLTag     xmlError = "a tag of the XML is too long"
	errXMLDeep    xmlError = "the XML is nested too deep"
	errXMLDoctype xmlError = "the XML declares a document type"
	errXMLSyntax  xmlError = "the XML is not well formed"
)

func newXMLReader(src io.Reader) *xmlReader {
	return &xmlReader{src: src, buf: make([]byte, xmlBuffer)}
}

// next moves to the next token.
func (x *xmlReader) next() (xmlToken, error) {
	if x.selfEnd {
		x.selfEnd = false
		x.depth--
		return xmlClose, nil
	}
	for {
		if x.pos == x.end && !x.fill() {
			return x.atEnd()
		}
		if x.buf[x.pos] != '<' {
			return x.readText()
		}
		tok, found, err := x.markup()
		if err != nil || found {
			return tok, err
		}
	}
}

func (x *xmlReader) atEnd() (xmlToken, error) {
	if x.depth > 0 {
		return xmlEnd, errXMLCut
	}
	return xmlEnd, nil
}

// fill reads more behind what is not yet used; it fails at the end of the source or when the buffer is at its bound.
func (x *xmlReader) fill() bool {
	if x.eof {
		return false
	}
	if x.pos > 0 {
		x.end = copy(x.buf, x.buf[x.pos:x.end])
		x.pos = 0
	}
	if x.end == len(x.buf) {
		if len(x.buf) >= xmlTagLimit {
			return false
		}
		x.buf = append(x.buf, make([]byte, len(x.buf))...)
	}
	for range 100 { // io.Reader may give nothing without an error, but not for ever
		n, err := x.src.Read(x.buf[x.end:])
		x.end += n
		if err != nil {
			x.eof = true
			if err != io.EOF {
				x.src = failedReader{err}
			}
		}
		if n > 0 || err != nil {
			return n > 0
		}
	}
	return false
}

// failedReader keeps the error that stopped the source.
type failedReader struct{ err error }

func (f failedReader) Read([]byte) (int, error) { return 0, f.err }

// cut says why no more came: the source's own error, an over-long tag, or the end of the file.
func (x *xmlReader) cut() error {
	if f, ok := x.src.(failedReader); ok {
		return f.err
	}
	if !x.eof {
		return errXMLTag
	}
	return errXMLCut
}

// find makes sure that what is in the buffer from pos and gives the offset from pos at which it begins.
func (x *xmlReader) find(what string, from int) (int, error) {
	for {
		if i := bytes.Index(x.buf[min(x.pos+from, x.end):x.end], []byte(what)); i >= 0 {
			return from + i, nil
		}
		from = max(from, x.end-x.pos-len(what)+1)
		if !x.fill() {
			return 0, x.cut()
		}
	}
}

// skip passes over everything up to and with what, however long it is.
func (x *xmlReader) skip(what string) error {
	for {
		if i := bytes.Index(x.buf[x.pos:x.end], []byte(what)); i >= 0 {
			x.pos += i + len(what)
			return nil
		}
		x.pos = max(x.pos, x.end-len(what)+1)
		if !x.fill() {
			return x.cut()
		}
	}
}

// markup reads what begins with "<"; found is false for comments, instructions and empty CDATA.
func (x *xmlReader) markup() (tok xmlToken, found bool, err error) {
	for x.end-x.pos < 9 && x.fill() {
	}
	b := x.buf[x.pos:x.end]
	switch {
	case bytes.HasPrefix(b, []byte("<!--")):
		x.pos += 4
		return 0, false, x.skip("-->")
	case bytes.HasPrefix(b, []byte("<?")):
		x.pos += 2
		return 0, false, x.skip("?>")
	case bytes.HasPrefix(b, []byte("<![CDATA[")):
		return x.cdata()
	case bytes.HasPrefix(b, []byte("<!")):
		return 0, false, errXMLDoctype
	case bytes.HasPrefix(b, []byte("</")):
		return x.closeTag()
	}
	return x.openTag()
}

func (x *xmlReader) cdata() (xmlToken, bool, error) {
	n, err := x.find("]]>", 9)
	if err != nil {
		return 0, false, err
	}
	x.text = append(x.text[:0], x.buf[x.pos+9:x.pos+n]...)
	x.pos += n + 3
	return xmlText, len(x.text) > 0, nil
}

func (x *xmlReader) closeTag() (xmlToken, bool, error) {
	n, err := x.find(">", 2)
	if err != nil {
		return 0, false, err
	}
	x.name = localName(dropSpace(x.buf[x.pos+2 : x.pos+n]))
	x.attrs = nil
	x.pos += n + 1
	x.depth--
	if x.depth < 0 {
		return 0, false, errXMLSyntax
	}
	return xmlClose, true, nil
}

func (x *xmlReader) openTag() (xmlToken, bool, error) {
	n, err := x.tagEnd()
	if err != nil {
		return 0, false, err
	}
	tag := x.buf[x.pos+1 : x.pos+n]
	x.pos += n + 1
	if len(tag) > 0 && tag[len(tag)-1] == '/' {
		x.selfEnd = true
		tag = tag[:len(tag)-1]
	}
	i := bytes.IndexAny(tag, " \t\r\n")
	if i < 0 {
		i = len(tag)
	}
	x.name, x.attrs = localName(tag[:i]), tag[i:]
	if len(x.name) == 0 {
		return 0, false, errXMLSyntax
	}
	if x.depth++; x.depth > xmlDepth {
		return 0, false, errXMLDeep
	}
	return xmlOpen, true, nil
}

// tagEnd finds the ">" that ends the tag, not one inside an attribute's value.
func (x *xmlReader) tagEnd() (int, error) {
	quote := byte(0)
	for i := 1; ; i++ {
		if x.pos+i >= x.end && !x.fill() {
			return 0, x.cut()
		}
		switch c := x.buf[x.pos+i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i, nil
		case c == '<':
			return 0, errXMLSyntax
		}
	}
}

func localName(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}

// readText gives the text up to the next tag or to the end of the buffer, never cutting a character reference.
func (x *xmlReader) readText() (xmlToken, error) {
	b := x.buf[x.pos:x.end]
	i := bytes.IndexByte(b, '<')
	if i < 0 {
		i = len(b)
		// A reference or a line end may go on behind the buffer.
		if amp := bytes.LastIndexByte(b, '&'); amp >= 0 && len(b)-amp < 12 && bytes.IndexByte(b[amp:], ';') < 0 {
			i = amp
		} else if b[len(b)-1] == '\r' {
			i--
		}
		if i == 0 {
			if x.fill() {
				return x.readText()
			}
			i = len(b)
		}
	}
	var err error
	x.text, err = appendXMLText(x.text[:0], b[:i])
	x.pos += i
	return xmlText, err
}

// attr gives the value of an attribute of the element opened last by its local name.
func (x *xmlReader) attr(name string) (string, bool) {
	for rest := x.attrs; ; {
		key, value, after, ok := nextAttr(rest)
		if !ok {
			return "", false
		}
		if string(key) == name {
			resolved, err := appendXMLText(nil, value)
			return string(resolved), err == nil
		}
		rest = after
	}
}

// nextAttr cuts the first attribute off; its value is unresolved.
func nextAttr(b []byte) (key, value, rest []byte, ok bool) {
	b = skipSpace(b)
	eq := bytes.IndexByte(b, '=')
	if eq < 0 {
		return nil, nil, nil, false
	}
	key = localName(dropSpace(b[:eq]))
	b = skipSpace(b[eq+1:])
	if len(b) == 0 || b[0] != '"' && b[0] != '\'' {
		return nil, nil, nil, false
	}
	stop := bytes.IndexByte(b[1:], b[0])
	if stop < 0 {
		return nil, nil, nil, false
	}
	return key, b[1 : stop+1], b[stop+2:], true
}

func isXMLSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

func skipSpace(b []byte) []byte {
	for len(b) > 0 && isXMLSpace(b[0]) {
		b = b[1:]
	}
	return b
}

func dropSpace(b []byte) []byte {
	for len(b) > 0 && isXMLSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

// appendXMLText resolves character references and makes every line end "\n".
func appendXMLText(dst, src []byte) ([]byte, error) {
	if bytes.IndexByte(src, '&') < 0 && bytes.IndexByte(src, '\r') < 0 {
		return append(dst, src...), nil
	}
	for len(src) > 0 {
		i := bytes.IndexAny(src, "&\r")
		if i < 0 {
			return append(dst, src...), nil
		}
		dst = append(dst, src[:i]...)
		if src[i] == '\r' {
			dst = append(dst, '\n')
			src = bytes.TrimPrefix(src[i+1:], []byte("\n"))
			continue
		}
		stop := bytes.IndexByte(src[i:min(len(src), i+12)], ';')
		if stop < 0 {
			return dst, errXMLSyntax
		}
		r, ok := xmlReference(string(src[i+1 : i+stop]))
		if !ok {
			return dst, errXMLSyntax
		}
		dst = utf8.AppendRune(dst, r)
		src = src[i+stop+1:]
	}
	return dst, nil
}

func xmlReference(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	if len(name) < 2 || name[0] != '#' {
		return 0, false
	}
	digits, base := name[1:], 10
	if digits[0] == 'x' || digits[0] == 'X' {
		digits, base = digits[1:], 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if err != nil || n > utf8.MaxRune {
		return 0, false
	}
	return rune(n), true
}
