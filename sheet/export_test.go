package sheet

import "io"

// ShowNumber writes a number under a number format, for the table of formats in the tests.
func ShowNumber(code string, v float64, since04 bool) Cell {
	return formattedCell(v, compileFormat(code), since04)
}

// XMLTexts runs the XML reader over a document and gives its tokens in one line.
func XMLTexts(document []byte) (string, error) {
	x := newXMLReader(&oneByOne{document})
	out := ""
	for {
		tok, err := x.next()
		if err != nil {
			return out, err
		}
		switch tok {
		case xmlEnd:
			return out, nil
		case xmlOpen:
			out += "<" + string(x.name) + ">"
		case xmlClose:
			out += "</" + string(x.name) + ">"
		case xmlText:
			out += string(x.text)
		}
	}
}

// oneByOne gives a byte at a time, the hardest case for a streaming reader.
type oneByOne struct{ rest []byte }

func (o *oneByOne) Read(p []byte) (int, error) {
	if len(o.rest) == 0 {
		return 0, io.EOF
	}
	n := copy(p[:1], o.rest)
	o.rest = o.rest[n:]
	return n, nil
}
