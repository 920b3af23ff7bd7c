package place

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"safar/fault"
)

// FeatureLimits bounds a GeoJSON file. A zero field means its default.
type FeatureLimits struct {
	Bytes      int64 // of the file; default 256 MiB
	Features   int   // default 200,000
	Properties int   // of one feature; default 500
}

func (l FeatureLimits) orDefault() FeatureLimits {
	if l.Bytes <= 0 {
		l.Bytes = 256 << 20
	}
	if l.Features <= 0 {
		l.Features = 200_000
	}
	if l.Properties <= 0 {
		l.Properties = 500
	}
	return l
}

// ImportGeoJSON reads places from a GeoJSON feature collection, one feature at a time: polygons and points with the
// properties of the same presets as tables. A defect names its feature as features[0], features[1], and so on.
func ImportGeoJSON(file string, r io.Reader, o Options) (Batch, []Defect, error) {
	o.Country = strings.ToUpper(o.Country)
	as := newAssembler(o)
	c := collection{as: as, at: fault.Where{File: file}, limits: o.Features.orDefault()}
	if err := c.read(r); err != nil {
		return Batch{}, nil, err
	}
	if c.layout == nil {
		return Batch{}, as.defects, fault.New(fault.PlaceUnknownLayout).In(c.at)
	}
	return as.result(file)
}

// feature is one element of a collection as far as places need it.
type feature struct {
	Properties map[string]json.RawMessage `json:"properties"`
	Geometry   json.RawMessage            `json:"geometry"`
}

// collection reads the features of a file. It keeps the first ones until their properties show the layout.
type collection struct {
	as     *assembler
	at     fault.Where
	limits FeatureLimits
	first  []*line
	looked bool
	layout *layout
	count  int
}

// errTooLong is what boundedReader gives behind its bound.
var errTooLong = errors.New("place: file is over its bound")

type boundedReader struct {
	r    io.Reader
	left int64
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLong
	}
	n, err := b.r.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

func (c *collection) read(r io.Reader) error {
	buffered := bufio.NewReaderSize(&boundedReader{r, c.limits.Bytes + 1}, 64<<10)
	if bom, err := buffered.Peek(3); err == nil && string(bom) == "\xEF\xBB\xBF" {
		if _, err := buffered.Discard(3); err != nil {
			return fault.Internalf(err, "reading %s", c.at.File)
		}
	}
	d := json.NewDecoder(buffered)
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return c.notGeoJSON(err)
	}
	found := false
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return c.broken(err, found)
		}
		if name != "features" || found {
			if err := d.Decode(&json.RawMessage{}); err != nil {
				return c.broken(err, found)
			}
			continue
		}
		if t, err := d.Token(); err != nil || t != json.Delim('[') {
			return c.notGeoJSON(err)
		}
		found = true
		if err := c.features(d); err != nil {
			return c.broken(err, found)
		}
	}
	if !found {
		return c.notGeoJSON(nil)
	}
	c.begin()
	return nil
}

func (c *collection) notGeoJSON(err error) error {
	if errors.Is(err, errTooLong) {
		return c.tooLarge(strconv.FormatInt(c.limits.Bytes, 10), "bytes")
	}
	return fault.New(fault.PlaceNotGeoJSON).In(c.at)
}

func (c *collection) tooLarge(limit, what string) error {
	return fault.New(fault.PlaceTooLarge, "limit", limit, "what", what).In(c.at)
}

// broken judges an error in the middle of the file. What came before a break is kept; a file over its bound is refused.
func (c *collection) broken(err error, found bool) error {
	var own *fault.Error
	if errors.As(err, &own) {
		return own
	}
	if errors.Is(err, errTooLong) || !found || c.count == 0 {
		return c.notGeoJSON(err)
	}
	c.as.report(leftOut(fault.Wrap(err, fault.PlaceBadFeature).In(c.where(c.count))))
	c.begin()
	return nil
}

func (c *collection) where(i int) fault.Where {
	at := c.at
	at.Field = fmt.Sprintf("features[%d]", i)
	return at
}

func (c *collection) features(d *json.Decoder) error {
	for d.More() {
		if c.count >= c.limits.Features {
			return c.tooLarge(strconv.Itoa(c.limits.Features), "features")
		}
		var f feature
		err := d.Decode(&f)
		var wrongType *json.UnmarshalTypeError
		switch {
		case errors.As(err, &wrongType), err == nil && len(f.Properties) > c.limits.Properties:
			c.as.report(leftOut(fault.Wrap(err, fault.PlaceBadFeature).In(c.where(c.count))))
		case err != nil:
			return err
		default:
			c.feature(&f)
		}
		c.count++
	}
	_, err := d.Token()
	return err
}

// feature makes a line of a feature. Properties come in the order of their names, for one file gives one result.
func (c *collection) feature(f *feature) {
	l := &line{at: c.where(c.count), shape: &shape{}}
	names := make([]string, 0, len(f.Properties))
	for name := range f.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		text, number := propertyText(f.Properties[name])
		l.cells = append(l.cells, cell{text: text, header: name, number: number})
	}
	if len(f.Geometry) > 0 && string(f.Geometry) != "null" {
		s, err := readShape(f.Geometry)
		if err != nil {
			at := l.at
			at.Field += ".geometry"
			c.as.report(leftOut(fault.Wrap(err, fault.PlaceBadGeometry, "code", l.at.Field).In(at)))
			s = shape{}
		}
		l.shape = &s
	}
	if c.looked {
		c.take(l)
		return
	}
	if c.first = append(c.first, l); len(c.first) >= headerDepth {
		c.begin()
	}
}

// propertyText gives a property as text; lists and objects count as absent.
func propertyText(raw json.RawMessage) (text string, number bool) {
	if len(raw) == 0 {
		return "", false
	}
	switch raw[0] {
	case '"':
		if json.Unmarshal(raw, &text) != nil {
			return "", false
		}
		return strings.TrimSpace(text), false
	case '{', '[', 'n':
		return "", false
	case 't', 'f':
		return string(raw), false
	}
	return string(raw), true
}

// begin finds the layout from the properties of the first features together and takes them.
func (c *collection) begin() {
	if c.looked {
		return
	}
	c.looked = true
	seen := map[string]bool{}
	var headers []string
	for _, l := range c.first {
		for _, cell := range l.cells {
			if !seen[cell.header] {
				seen[cell.header] = true
				headers = append(headers, cell.header)
			}
		}
	}
	c.layout, _ = bestLayout(c.as.opts.presets(), headers, true)
	for _, l := range c.first {
		c.take(l)
	}
	c.first = nil
}

func (c *collection) take(l *line) {
	if c.layout == nil {
		return
	}
	meaning := l.cells[:0]
	for _, cell := range l.cells {
		cell.role = c.layout.roleOf(cell.header)
		if cell.role.field != "" && cell.role.field != "-" && !blank(cell.text) {
			meaning = append(meaning, cell)
		}
	}
	l.cells = meaning
	c.as.preset = c.layout.preset
	c.as.take(l)
}
