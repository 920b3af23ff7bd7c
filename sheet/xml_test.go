package sheet_test

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"

	"safar/sheet"
)

func TestXMLReader(t *testing.T) {
	t.Parallel()
	got, err := sheet.XMLTexts([]byte("<?xml version='1.0'?>\n<a x='>'><b:c/>1 &lt;&#x41;&#66;&amp;\r\n2<!-- - --><![CDATA[<&>]]></a>"))
	if want := "\n<a><c></c>1 <AB&\n2<&></a>"; got != want || err != nil {
		t.Errorf("got %q %v, want %q", got, err, want)
	}
	for _, bad := range []string{"<a>", "<a", "<a></a></a>", "<!DOCTYPE a><a/>", "<a>&nope;</a>", "<a>&", "<a><", "<!--", "<a>&#x110000;</a>", "< a>"} {
		if got, err := sheet.XMLTexts([]byte(bad)); err == nil {
			t.Errorf("%q was read as %q", bad, got)
		}
	}
}

// FuzzXML compares with encoding/xml wherever that accepts the document.
func FuzzXML(f *testing.F) {
	for _, s := range []string{"<a>x</a>", "<a b='c'>&lt;\r\n</a>", "<a><![CDATA[x]]>]]</a>", "<?x ?><!-- c --><a/>", "<p:a xmlns:p='q'>&#65;</p:a>"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, document []byte) {
		got, err := sheet.XMLTexts(document)
		want, ok := referenceTexts(string(document))
		if ok && (err != nil || got != want) {
			t.Errorf("%q: got %q %v, want %q", document, got, err, want)
		}
	})
}

// referenceTexts gives the tokens by encoding/xml; documents with what our reader refuses or passes over are not compared.
func referenceTexts(document string) (string, bool) {
	if strings.Contains(document, "<!D") || strings.Contains(document, "<![") || strings.Contains(document, "encoding") {
		return "", false
	}
	d := xml.NewDecoder(strings.NewReader(document))
	out := ""
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return out, true
		}
		if err != nil {
			return "", false
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			out += "<" + tok.Name.Local + ">"
		case xml.EndElement:
			out += "</" + tok.Name.Local + ">"
		case xml.CharData:
			out += string(tok)
		case xml.Directive:
			return "", false
		}
	}
}
