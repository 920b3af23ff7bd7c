package xpath

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"safar/fault"
)

// Limits bounds the XML that ParseXML reads. A zero field takes the value of DefaultLimits.
type Limits struct {
	Bytes      int64 // size of the document
	Depth      int   // elements within elements
	Nodes      int   // elements, texts, comments and instructions together
	Attributes int   // attributes of one element, declarations of namespaces included
	KeepBlank  bool  // keep white space between elements as text nodes, as XPath 1.0 has it; answers do not need it
}

// DefaultLimits fits forms with lists of 100,000 items. A node takes about 200 bytes of memory, so whoever reads
// submissions from strangers should ask for less.
func DefaultLimits() Limits {
	return Limits{Bytes: 64 << 20, Depth: 100, Nodes: 1_000_000, Attributes: 64}
}

func (l Limits) orDefaults() Limits {
	d := DefaultLimits()
	if l.Bytes > 0 {
		d.Bytes = l.Bytes
	}
	if l.Depth > 0 {
		d.Depth = l.Depth
	}
	if l.Nodes > 0 {
		d.Nodes = l.Nodes
	}
	if l.Attributes > 0 {
		d.Attributes = l.Attributes
	}
	d.KeepBlank = l.KeepBlank
	return d
}

// The namespaces every document knows.
const (
	xmlAddress   = "http://www.w3.org/XML/1998/namespace"
	xmlnsAddress = "http://www.w3.org/2000/xmlns/"
)

// ParseXML reads one XML document in UTF-8 and gives the root above its first element. Namespaces and prefixes are
// kept, CDATA is text. A document type, an entity beyond the five of XML, another encoding, broken XML and anything
// over the limits is a fault that names the line.
func ParseXML(r io.Reader, lim Limits) (*Node, error) {
	lim = lim.orDefaults()
	bounded := &boundedReader{r: r, left: lim.Bytes}
	p := &xmlReader{dec: xml.NewDecoder(bounded), lim: lim, root: NewRoot()}
	p.at = p.root
	if err := p.read(); err != nil {
		if errors.Is(err, errTooManyBytes) {
			return nil, tooLarge("bytes", int(lim.Bytes))
		}
		return nil, err
	}
	return p.root, nil
}

var errTooManyBytes = errors.New("xpath: more bytes than the limit")

type boundedReader struct {
	r    io.Reader
	left int64
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooManyBytes
	}
	return n, err
}

// xmlReader builds the tree from raw tokens; it resolves prefixes itself so that they can be kept.
type xmlReader struct {
	dec   *xml.Decoder
	lim   Limits
	root  *Node
	at    *Node // open element
	depth int
	nodes int
	text  strings.Builder // text seen since the last tag
	names map[string]string
}

func (p *xmlReader) read() error {
	for {
		token, err := p.dec.RawToken()
		if err == io.EOF {
			return p.finish()
		}
		if err != nil {
			return p.translate(err)
		}
		if err := p.take(token); err != nil {
			return err
		}
	}
}

func (p *xmlReader) take(token xml.Token) error {
	switch t := token.(type) {
	case xml.StartElement:
		return p.open(t)
	case xml.EndElement:
		return p.close(t)
	case xml.CharData:
		return p.chars(t)
	case xml.Comment:
		return p.aside(&Node{Kind: Comment, Text: string(t)})
	case xml.ProcInst:
		if t.Target == "xml" {
			return p.declaration()
		}
		return p.aside(&Node{Kind: Instruction, Name: p.intern(t.Target), Text: string(t.Inst)})
	case xml.Directive:
		return fault.New(fault.XMLEntity, "line", p.line(), "entity", "DOCTYPE")
	}
	return nil
}

// declaration accepts <?xml?> only as the very first thing.
func (p *xmlReader) declaration() error {
	if p.nodes > 0 || p.text.Len() > 0 {
		return p.broken("the XML declaration does not stand at the beginning")
	}
	return nil
}

func (p *xmlReader) chars(t xml.CharData) error {
	if p.at.Kind == Root {
		if blank(string(t)) || (p.nodes == 0 && string(t) == "\ufeff") {
			return nil
		}
		return p.broken("text outside of the first element")
	}
	p.text.Write(t)
	return nil
}

func (p *xmlReader) aside(n *Node) error {
	p.flush(false)
	return p.add(n)
}

func (p *xmlReader) open(t xml.StartElement) error {
	if p.at.Kind == Root && len(p.root.Elements()) > 0 {
		return p.broken("a second element after the first one has ended")
	}
	if p.depth++; p.depth > p.lim.Depth {
		return tooLarge("levels of elements", p.lim.Depth)
	}
	if len(t.Attr) > p.lim.Attributes {
		return tooLarge("attributes on one element", p.lim.Attributes)
	}
	p.flush(false)
	n := &Node{Kind: Element, Name: p.intern(t.Name.Local), Prefix: p.intern(t.Name.Space)}
	if err := p.add(n); err != nil {
		return err
	}
	p.at = n
	p.declare(n, t.Attr)
	if err := p.resolve(n); err != nil {
		return err
	}
	return p.attributes(n, t.Attr)
}

// declare keeps the namespace declarations of an element.
func (p *xmlReader) declare(n *Node, attrs []xml.Attr) {
	for _, a := range attrs {
		switch {
		case a.Name.Space == "xmlns":
			n.declared = append(n.declared, binding{p.intern(a.Name.Local), p.intern(a.Value)})
		case a.Name.Space == "" && a.Name.Local == "xmlns":
			n.declared = append(n.declared, binding{"", p.intern(a.Value)})
		}
	}
}

func (p *xmlReader) attributes(n *Node, attrs []xml.Attr) error {
	for _, a := range attrs {
		if a.Name.Space == "xmlns" || (a.Name.Space == "" && a.Name.Local == "xmlns") {
			continue
		}
		attr := &Node{Kind: Attribute, Name: p.intern(a.Name.Local), Prefix: p.intern(a.Name.Space), Text: a.Value,
			Parent: n, place: len(n.Attrs)}
		if attr.Prefix != "" {
			if err := p.resolve(attr); err != nil {
				return err
			}
		}
		for _, other := range n.Attrs {
			if other.Name == attr.Name && other.Space == attr.Space {
				return p.broken("the attribute " + attr.QName() + " stands twice")
			}
		}
		n.Attrs = append(n.Attrs, attr)
	}
	return nil
}

// resolve finds the namespace of the node's prefix in the declarations around it.
func (p *xmlReader) resolve(n *Node) error {
	address, ok := n.lookup(n.Prefix)
	if !ok && n.Prefix != "" {
		return p.broken("the prefix of " + n.QName() + " is not declared")
	}
	n.Space = address
	return nil
}

// lookup finds what a prefix means at this node; the empty prefix is the default namespace.
func (n *Node) lookup(prefix string) (string, bool) {
	if prefix == "xml" {
		return xmlAddress, true
	}
	for ; n != nil; n = n.Parent {
		for _, b := range n.declared {
			if b.prefix == prefix {
				return b.address, true
			}
		}
	}
	return "", false
}

func (p *xmlReader) close(t xml.EndElement) error {
	if p.at.Kind == Root {
		return p.broken("</" + rawName(t.Name) + "> closes nothing")
	}
	if p.at.Name != t.Name.Local || p.at.Prefix != t.Name.Space {
		return p.broken("<" + p.at.QName() + "> is closed by </" + rawName(t.Name) + ">")
	}
	p.flush(true)
	p.at = p.at.Parent
	p.depth--
	return nil
}

// flush puts the collected text into the open element; closing tells that the element ends here.
func (p *xmlReader) flush(closing bool) {
	if p.text.Len() == 0 {
		return
	}
	text := p.text.String()
	p.text.Reset()
	if closing && len(p.at.Children) == 0 {
		p.at.Text = text
		return
	}
	if !p.lim.KeepBlank && blank(text) {
		return
	}
	p.nodes++
	p.at.Append(&Node{Kind: Text, Text: text})
}

func (p *xmlReader) add(n *Node) error {
	if p.nodes++; p.nodes > p.lim.Nodes {
		return tooLarge("nodes", p.lim.Nodes)
	}
	p.at.Append(n)
	return nil
}

func (p *xmlReader) finish() error {
	if p.at.Kind != Root {
		return p.broken("<" + p.at.QName() + "> is not closed")
	}
	if len(p.root.Elements()) == 0 {
		return p.broken("there is no element")
	}
	return nil
}

// intern lets equal names share one string: forms repeat the same few thousands of times.
func (p *xmlReader) intern(s string) string {
	if s == "" {
		return ""
	}
	if p.names == nil {
		p.names = map[string]string{}
	}
	if known, ok := p.names[s]; ok {
		return known
	}
	s = strings.Clone(s)
	p.names[s] = s
	return s
}

// translate turns the decoder's error into a fault.
func (p *xmlReader) translate(err error) error {
	var syntax *xml.SyntaxError
	switch {
	case errors.Is(err, errTooManyBytes):
		return err
	case errors.As(err, &syntax):
		if entity, ok := strings.CutPrefix(syntax.Msg, "invalid character entity "); ok {
			return fault.Wrap(err, fault.XMLEntity, "line", strconv.Itoa(syntax.Line), "entity", clip(entity))
		}
		if strings.Contains(syntax.Msg, "UTF-8") {
			return fault.Wrap(err, fault.XMLEncoding, "line", strconv.Itoa(syntax.Line))
		}
		return fault.Wrap(err, fault.XMLBroken, "line", strconv.Itoa(syntax.Line), "problem", clip(syntax.Msg))
	case strings.Contains(err.Error(), "encoding"):
		return fault.Wrap(err, fault.XMLEncoding, "line", p.line())
	}
	return fault.Wrap(err, fault.XMLBroken, "line", p.line(), "problem", clip(err.Error()))
}

func (p *xmlReader) broken(problem string) error {
	return fault.New(fault.XMLBroken, "line", p.line(), "problem", clip(problem))
}

func (p *xmlReader) line() string {
	line, _ := p.dec.InputPos()
	return strconv.Itoa(line)
}

func tooLarge(what string, limit int) error {
	return fault.New(fault.XMLTooLarge, "what", what, "limit", strconv.Itoa(limit))
}

func rawName(n xml.Name) string {
	if n.Space == "" {
		return n.Local
	}
	return n.Space + ":" + n.Local
}

func blank(s string) bool { return strings.Trim(s, " \t\r\n") == "" }

// clip keeps what goes into a message short.
func clip(s string) string {
	const most = 80
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
