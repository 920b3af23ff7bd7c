package sheet

import (
	"fmt"
	"strconv"
	"strings"

	"safar/fault"
)

// textSlab is how many bytes of shared texts stand in one piece of memory.
const textSlab = 1 << 20

// sharedStrings reads the table of texts. They may take a quarter of what the workbook may unpack to.
func (x *xlsxBook) sharedStrings() ([]string, error) {
	name := x.related("/sharedStrings")
	if name == "" {
		return nil, nil
	}
	xr, done, err := x.open(name)
	if err != nil {
		return nil, err
	}
	defer done()
	texts := textTable{left: x.lim.Unzipped / 4}
	var rich richText
	for {
		tok, err := xr.next()
		if err != nil {
			return nil, damaged(err, "part "+name)
		}
		switch {
		case tok == xmlEnd:
			texts.seal()
			return texts.all, nil
		case tok == xmlClose && string(xr.name) == "si":
			texts.end()
		case tok == xmlText && rich.wanted:
			texts.slab = append(texts.slab, xr.text...)
		default:
			rich.step(tok, xr.name)
		}
		if texts.left < int64(len(texts.slab)) {
			return nil, fault.New(fault.SheetUnpacksLarge, "limit", fmt.Sprint(x.lim.Unzipped/4))
		}
	}
}

// textTable collects texts in slabs, many to a piece of memory.
type textTable struct {
	all  []string
	slab []byte
	ends []int
	left int64 // bytes still allowed; each text counts a little more than its bytes
}

func (t *textTable) end() {
	t.ends = append(t.ends, len(t.slab))
	t.left -= 24
	if len(t.slab) >= textSlab {
		t.seal()
	}
}

// seal turns the slab into strings that share its memory.
func (t *textTable) seal() {
	text, start := string(t.slab), 0
	for _, end := range t.ends {
		t.all = append(t.all, unescapeXLSX(text[start:end]))
		start = end
	}
	t.left -= int64(len(t.slab))
	t.slab, t.ends = t.slab[:0], t.ends[:0]
}

// richText follows where the text of a string stands: inside t, but not in the reading aid (rPh) of East Asian scripts.
type richText struct {
	wanted   bool
	phonetic int
}

func (r *richText) step(tok xmlToken, name []byte) {
	switch {
	case tok == xmlOpen && string(name) == "rPh":
		r.phonetic++
	case tok == xmlClose && string(name) == "rPh":
		r.phonetic--
	case tok == xmlOpen && string(name) == "t":
		r.wanted = r.phonetic == 0
	case tok == xmlClose:
		r.wanted = false
	}
}

// unescapeXLSX resolves _x000D_, by which the format writes characters that XML cannot hold.
func unescapeXLSX(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.Index(s, "_x")
		if i < 0 || i+7 > len(s) {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		n, err := strconv.ParseUint(s[i+2:i+6], 16, 16)
		if err != nil || s[i+6] != '_' {
			b.WriteString(s[i : i+2])
			s = s[i+2:]
			continue
		}
		b.WriteRune(rune(n))
		s = s[i+7:]
	}
}
