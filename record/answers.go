package record

import (
	"bytes"
	"encoding/json"

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
	count := make(map[string]int, len(children)) // of a name; 0 once it is written
	for _, child := range children {
		count[child.Name]++
	}
	for _, child := range children {
		switch count[child.Name] {
		case 0:
			continue
		case 1:
			comma()
			writeKey(b, child.Name)
			writeElement(b, child)
		default:
			comma()
			writeKey(b, child.Name)
			writeNamed(b, n.ChildrenNamed(child.Name))
			count[child.Name] = 0
		}
	}
	b.WriteByte('}')
}

func writeNamed(b *bytes.Buffer, same []*xpath.Node) {
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
