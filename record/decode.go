package record

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"safar/form/xpath"
)

// maxDepth bounds how deep answers nest; forms end at a tenth of it.
const maxDepth = 1000

// DecodeAnswers reads what EncodeAnswers wrote: the root element, without parent. Every check, export and figure reads
// every answer of every record through it, so it reads by itself the little of JSON that answers need.
func DecodeAnswers(data []byte) (*xpath.Node, error) {
	d := &decoder{text: string(data)} // texts without escapes are parts of this one
	root, err := d.root()
	if err != nil {
		return nil, fmt.Errorf("answers, at byte %d: %w", d.at, err)
	}
	return root, nil
}

type decoder struct {
	text  string
	at    int
	depth int
}

func (d *decoder) root() (*xpath.Node, error) {
	if err := d.expect('{'); err != nil {
		return nil, err
	}
	name, err := d.key()
	if err != nil {
		return nil, err
	}
	holder := xpath.NewRoot()
	if err := d.named(holder, name); err != nil {
		return nil, err
	}
	if len(holder.Children) != 1 {
		return nil, fmt.Errorf("want one root element, have %d", len(holder.Children))
	}
	if err := d.expect('}'); err != nil {
		return nil, err
	}
	if d.peek() != 0 {
		return nil, fmt.Errorf("something follows the root element")
	}
	root := holder.Children[0]
	holder.Remove(root) // an element without parent is the top of its own tree
	return root, nil
}

// peek gives the next character that is no space, 0 at the end.
func (d *decoder) peek() byte {
	for ; d.at < len(d.text); d.at++ {
		switch c := d.text[d.at]; c {
		case ' ', '\t', '\n', '\r':
		case 0:
			return 1 // stands nowhere in JSON
		default:
			return c
		}
	}
	return 0
}

func (d *decoder) expect(want byte) error {
	if have := d.peek(); have != want {
		return fmt.Errorf("want %q, have %q", want, have)
	}
	d.at++
	return nil
}

// key reads a string and the colon behind it.
func (d *decoder) key() (string, error) {
	key, err := d.string()
	if err != nil {
		return "", err
	}
	return key, d.expect(':')
}

// named reads the value of a key: one element, or an array of elements of that name.
func (d *decoder) named(parent *xpath.Node, name string) error {
	if d.depth++; d.depth > maxDepth {
		return fmt.Errorf("more than %d levels", maxDepth)
	}
	defer func() { d.depth-- }()
	switch d.peek() {
	case '"':
		text, err := d.string()
		if err == nil {
			parent.Add(name, text)
		}
		return err
	case '[':
		return d.list(']', func() error { return d.named(parent, name) })
	case '{':
		element := parent.Append(xpath.NewElement(name))
		return d.list('}', func() error { return d.member(element) })
	}
	return fmt.Errorf("this cannot be the answer of %s", name)
}

// list reads what stands between brackets, with commas between.
func (d *decoder) list(end byte, item func() error) error {
	d.at++ // the bracket that named saw
	if d.peek() == end {
		d.at++
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		if d.peek() == end {
			d.at++
			return nil
		}
		if err := d.expect(','); err != nil {
			return err
		}
	}
}

// member reads one key of an object: a child, an attribute, or the text of an element with attributes.
func (d *decoder) member(n *xpath.Node) error {
	key, err := d.key()
	if err != nil {
		return err
	}
	attribute, isAttribute := strings.CutPrefix(key, "@")
	if !isAttribute && key != "#" {
		return d.named(n, key)
	}
	text, err := d.string()
	if err != nil {
		return err
	}
	if isAttribute {
		n.SetAttr(attribute, text)
	} else {
		n.SetText(text)
	}
	return nil
}

// string reads a string. One with escapes, or that is no UTF-8, goes to the standard library.
func (d *decoder) string() (string, error) {
	if err := d.expect('"'); err != nil {
		return "", err
	}
	plain, ascii := true, true
	for i := d.at; i < len(d.text); i++ {
		switch c := d.text[i]; {
		case c == '"':
			return d.cut(i, plain && (ascii || utf8.ValidString(d.text[d.at:i])))
		case c == '\\':
			plain = false
			i++
		case c < 0x20:
			plain = false
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	return "", fmt.Errorf("a text has no end")
}

// cut ends a string before end, which is a quotation mark.
func (d *decoder) cut(end int, plain bool) (string, error) {
	begin := d.at
	d.at = end + 1
	if plain {
		return d.text[begin:end], nil
	}
	var text string
	err := json.Unmarshal([]byte(d.text[begin-1:end+1]), &text)
	return text, err
}
