package record

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"safar/form/xpath"
)

// EncodeAnswers writes an answer tree as JSON in the order of the form: a question is a string, a group an object,
// elements of one name that stand several times (repeats) an array. Attributes are keys that begin with @, the text of
// an element that has attributes is the key #. The same tree always gives the same bytes.
//
// Root may be the root element or the node above it.
func EncodeAnswers(root *xpath.Node) []byte {
	root = Top(root)
	var b bytes.Buffer
	b.WriteByte('{')
	writeKey(&b, root.Name)
	writeElement(&b, root)
	b.WriteByte('}')
	return b.Bytes()
}

// Top gives the root element of a tree, also when handed the node above it.
func Top(n *xpath.Node) *xpath.Node {
	if n != nil && n.Kind == xpath.Root {
		for _, child := range n.Children {
			if child.Kind == xpath.Element {
				return child
			}
		}
	}
	return n
}

func writeElement(b *bytes.Buffer, n *xpath.Node) {
	children := n.Elements()
	if len(children) == 0 && len(n.Attrs) == 0 {
		writeString(b, n.StringValue())
		return
	}
	b.WriteByte('{')
	first := true
	comma := func() {
		if !first {
			b.WriteByte(',')
		}
		first = false
	}
	for _, a := range n.Attrs {
		comma()
		writeKey(b, "@"+a.Name)
		writeString(b, a.Text)
	}
	if len(children) == 0 {
		comma()
		writeKey(b, "#")
		writeString(b, n.StringValue())
	}
	written := map[string]bool{}
	for _, child := range children {
		if written[child.Name] {
			continue
		}
		written[child.Name] = true
		comma()
		writeKey(b, child.Name)
		writeNamed(b, n.ChildrenNamed(child.Name))
	}
	b.WriteByte('}')
}

func writeNamed(b *bytes.Buffer, same []*xpath.Node) {
	if len(same) == 1 {
		writeElement(b, same[0])
		return
	}
	b.WriteByte('[')
	for i, n := range same {
		if i > 0 {
			b.WriteByte(',')
		}
		writeElement(b, n)
	}
	b.WriteByte(']')
}

func writeKey(b *bytes.Buffer, key string) { writeString(b, key); b.WriteByte(':') }

func writeString(b *bytes.Buffer, s string) {
	plain := true
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] == '"' || s[i] == '\\' || s[i] > 0x7e {
			plain = false
			break
		}
	}
	if plain {
		b.WriteByte('"')
		b.WriteString(s)
		b.WriteByte('"')
		return
	}
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	b.Truncate(b.Len() - 1)
}

// DecodeAnswers reads what EncodeAnswers wrote: the root element, without parent.
func DecodeAnswers(data []byte) (*xpath.Node, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	if err := expect(dec, json.Delim('{')); err != nil {
		return nil, err
	}
	token, err := dec.Token()
	if err != nil {
		return nil, fmt.Errorf("answers: %w", err)
	}
	name, ok := token.(string)
	if !ok {
		return nil, fmt.Errorf("answers: %v is not an element name", token)
	}
	holder := xpath.NewRoot()
	if err := readNamed(dec, holder, name); err != nil {
		return nil, err
	}
	if len(holder.Children) != 1 {
		return nil, fmt.Errorf("answers: want one root element, have %d", len(holder.Children))
	}
	if err := expect(dec, json.Delim('}')); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, fmt.Errorf("answers: something follows the root element")
	}
	root := holder.Children[0]
	holder.Remove(root) // an element without parent is the top of its own tree
	return root, nil
}

func expect(dec *json.Decoder, want json.Token) error {
	token, err := dec.Token()
	if err != nil {
		return fmt.Errorf("answers: %w", err)
	}
	if token != want {
		return fmt.Errorf("answers: want %v, have %v", want, token)
	}
	return nil
}

// readNamed reads the value of a key: one element, or an array of elements of that name.
func readNamed(dec *json.Decoder, parent *xpath.Node, name string) error {
	token, err := dec.Token()
	if err != nil {
		return fmt.Errorf("answers: %w", err)
	}
	switch v := token.(type) {
	case string:
		parent.Add(name, v)
		return nil
	case json.Delim:
		if v == '[' {
			for dec.More() {
				if err := readNamed(dec, parent, name); err != nil {
					return err
				}
			}
			return expect(dec, json.Delim(']'))
		}
		if v == '{' {
			return readObject(dec, parent.Append(xpath.NewElement(name)))
		}
	}
	return fmt.Errorf("answers: %v cannot be the answer of %s", token, name)
}

func readObject(dec *json.Decoder, n *xpath.Node) error {
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return fmt.Errorf("answers: %w", err)
		}
		key, _ := token.(string)
		if attribute, ok := strings.CutPrefix(key, "@"); ok || key == "#" {
			var text string
			if err := dec.Decode(&text); err != nil {
				return fmt.Errorf("answers: %w", err)
			}
			if key == "#" {
				n.SetText(text)
			} else {
				n.SetAttr(attribute, text)
			}
			continue
		}
		if err := readNamed(dec, n, key); err != nil {
			return err
		}
	}
	return expect(dec, json.Delim('}'))
}
