package intake

import (
	"bytes"
	"encoding/json"
	"strconv"

	"safar/sheet"
)

// originals writes the rows of one sheet as they stand there.
type originals struct {
	file, sheet []byte   // as JSON texts
	headers     [][]byte // as JSON texts; index 0 is column A
}

func newOriginals(sha256, sheetName string, headers []string) originals {
	o := originals{file: jsonText(sha256), sheet: jsonText(sheetName), headers: make([][]byte, len(headers))}
	for i, h := range headers {
		o.headers[i] = jsonText(h)
	}
	return o
}

// of writes a row as canonical JSON: {"cells":[{"col","header","raw","shown"}],"file","row","sheet"}. Empty cells are
// left out. Keys stand in the order of the alphabet and there are no spaces, so that equal rows give equal bytes.
func (o originals) of(row sheet.Row) []byte {
	out := make([]byte, 0, 96*len(row.Cells)+len(o.file)+len(o.sheet)+64)
	out = append(out, `{"cells":[`...)
	first := true
	for i, c := range row.Cells {
		if c.Kind == sheet.Empty {
			continue
		}
		if !first {
			out = append(out, ',')
		}
		first = false
		out = append(append(append(out, `{"col":"`...), sheet.Column(i+1)...), `","header":`...)
		out = append(out, o.headers[i]...)
		out = append(append(out, `,"raw":`...), jsonText(c.Raw)...)
		out = append(append(out, `,"shown":`...), jsonText(c.Shown)...)
		out = append(out, '}')
	}
	out = append(append(out, `],"file":`...), o.file...)
	out = strconv.AppendInt(append(out, `,"row":`...), int64(row.Number), 10)
	return append(append(append(out, `,"sheet":`...), o.sheet...), '}')
}

// jsonText quotes a text; the plain ones, which are most, without the encoder.
func jsonText(s string) []byte {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f || s[i] == '"' || s[i] == '\\' {
			return encodeText(s)
		}
	}
	out := make([]byte, 0, len(s)+2)
	return append(append(append(out, '"'), s...), '"')
}

func encodeText(s string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string always encodes
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
