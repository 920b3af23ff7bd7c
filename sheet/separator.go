package sheet

import (
	"bytes"
	"io"
	"path"
	"strings"
)

// separators are tried in this order; the first of equals wins.
const separators = ",;\t|"

const (
	separatorSample  = 256 << 10 // bytes looked at
	separatorRecords = 200       // records looked at
)

// detectSeparator chooses the separator that cuts the first records most evenly, looking only outside quotation marks.
func detectSeparator(r io.Reader, name string, lim Limits) (byte, error) {
	sample, err := io.ReadAll(io.LimitReader(r, separatorSample))
	if err != nil {
		return 0, err
	}
	if sep, ok := separatorLine(sample); ok {
		return sep, nil
	}
	order := separators
	if ext := strings.ToLower(path.Ext(name)); ext == ".tsv" || ext == ".tab" {
		order = "\t,;|"
	}
	best, bestScore := order[0], evenness{}
	for i := range len(order) {
		if score := measureEvenness(sample, order[i], lim); score.better(bestScore) {
			best, bestScore = order[i], score
		}
	}
	return best, nil
}

// separatorLine reads the first line "sep=;" that Excel honours.
func separatorLine(sample []byte) (byte, bool) {
	line, _, _ := bytes.Cut(sample, []byte("\n"))
	line = bytes.ToLower(bytes.Trim(line, "\r\""))
	if len(line) == 5 && bytes.HasPrefix(line, []byte("sep=")) && strings.IndexByte(separators, line[4]) >= 0 {
		return line[4], true
	}
	return 0, false
}

// evenness says how well a separator fits: the share of records that have the commonest number of fields, and that number.
type evenness struct {
	share  float64
	fields int
}

// better prefers the larger share, then more fields.
func (e evenness) better(than evenness) bool {
	if e.fields < 2 {
		return false
	}
	if e.share != than.share {
		return e.share > than.share
	}
	return e.fields > than.fields
}

func measureEvenness(sample []byte, sep byte, lim Limits) evenness {
	c := newCSVReader(bytes.NewReader(sample), sep, lim)
	counts := map[int]int{}
	records := 0
	for records < separatorRecords {
		if c.record() != nil {
			break
		}
		// A sample that stops inside a record tells nothing about it.
		if _, err := c.r.Peek(1); err != nil && len(sample) == separatorSample {
			break
		}
		if len(c.text) > 0 {
			counts[len(c.ends)]++
			records++
		}
	}
	best := evenness{}
	for fields, n := range counts {
		e := evenness{share: float64(n) / float64(records), fields: fields}
		if fields > 1 && (e.share > best.share || e.share == best.share && e.fields > best.fields) {
			best = e
		}
	}
	if sep == ',' && mostlyDecimal(sample) {
		best.share /= 2
	}
	return best
}

// mostlyDecimal holds when nearly every comma stands between digits, as in a table of decimal commas whose separator is
// another. It only lowers the comma's chance: a table of whole numbers has no other separator to lose against.
func mostlyDecimal(sample []byte) bool {
	commas, decimal := 0, 0
	for i, c := range sample {
		if c != ',' {
			continue
		}
		commas++
		if i > 0 && i+1 < len(sample) && isDigit(sample[i-1]) && isDigit(sample[i+1]) {
			decimal++
		}
	}
	return commas > 0 && decimal*10 >= commas*9
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
