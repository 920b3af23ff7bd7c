package intake

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"safar/fault"
)

// maxMapping bounds the text of a mapping: a sheet of 1,024 columns with twenty values each stays far below it.
const maxMapping = 4 << 20

// maxRound is the highest round number that is believed.
const maxRound = 9999

// ReadYAML reads a mapping and checks it: unknown keys, wrong kinds of values and what a mapping cannot do without are
// faults that name the line and the key. All of them come at once, joined.
func ReadYAML(r io.Reader) (Mapping, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxMapping+1))
	if err != nil {
		return Mapping{}, fmt.Errorf("reading mapping: %w", err)
	}
	if len(data) > maxMapping {
		return Mapping{}, fault.New(fault.IntakeMappingTooLarge, "limit", strconv.Itoa(maxMapping))
	}
	var doc yaml.Node
	dec := yaml.NewDecoder(bytes.NewReader(data))
	if err := dec.Decode(&doc); err != nil {
		return Mapping{}, fault.Wrap(err, fault.IntakeMappingSyntax, "detail", strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return Mapping{}, fault.New(fault.IntakeMappingSyntax, "detail", "it holds more than one document")
	}
	var m Mapping
	in := &yamlReader{}
	in.mapping(doc.Content[0], "", mappingFields(in, &m))
	if len(in.faults) == 0 {
		in.check(m)
	}
	return m, errors.Join(in.faults...)
}

// yamlReader walks the nodes and collects what is wrong, so that one run of the command shows everything.
type yamlReader struct {
	faults []error
}

type fields map[string]func(node *yaml.Node, at string)

func mappingFields(in *yamlReader, m *Mapping) fields {
	return fields{
		"source": in.inside(fields{
			"file": in.text(&m.Source.File), "sheet": in.text(&m.Source.Sheet), "sha256": in.text(&m.Source.SHA256),
			"header_row": in.number(&m.Source.HeaderRow), "first_row": in.number(&m.Source.FirstRow),
		}),
		"operation": in.text(&m.Operation),
		"tool":      in.text(&m.Tool),
		"form":      in.text(&m.Form),
		"round": in.inside(fields{
			"number": in.number(&m.Round.Number), "start": in.date(&m.Round.Start), "end": in.date(&m.Round.End),
			"reference_date": in.date(&m.Round.ReferenceDate), "source": in.text(&m.Round.Source),
		}),
		"places": in.inside(fields{
			"country": in.country(&m.Places.Country), "levels": in.levels(&m.Places.Levels),
			"site": in.site(&m.Places.Site), "point": in.site(&m.Places.Point), "create": in.truth(&m.Places.Create),
		}),
		"unit":    in.text(&m.Unit),
		"columns": in.columns(&m.Columns),
		"ignored": in.ignored(&m.Ignored),
	}
}

// mapping reads a node with keys; an empty value counts as one without keys.
func (in *yamlReader) mapping(node *yaml.Node, at string, known fields) {
	if isNull(node) {
		return
	}
	if node.Kind != yaml.MappingNode {
		in.wrong(node, at, "keys with values")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		path := strings.TrimPrefix(at+"."+key.Value, ".")
		read, ok := known[key.Value]
		switch {
		case !ok:
			in.add(key, path, fault.New(fault.IntakeMappingKey, "key", shortQuote(key.Value), "keys", strings.Join(sortedKeys(known), ", ")))
		case seen[key.Value]:
			in.add(key, path, fault.New(fault.IntakeMappingValue, "value", "a second value", "key", key.Value, "wanted", "each key once"))
		case value.Kind == yaml.AliasNode:
			in.wrong(value, path, "the value itself, not a reference to another")
		default:
			read(value, path)
		}
		seen[key.Value] = true
	}
}

func (in *yamlReader) inside(known fields) func(*yaml.Node, string) {
	return func(node *yaml.Node, at string) { in.mapping(node, at, known) }
}

func (in *yamlReader) text(to *string) func(*yaml.Node, string) {
	return func(node *yaml.Node, at string) {
		switch {
		case node.Kind != yaml.ScalarNode:
			in.wrong(node, at, "a text")
		case !isNull(node):
			*to = node.Value
		}
	}
}

func (in *yamlReader) number(to *int) func(*yaml.Node, string) {
	return func(node *yaml.Node, at string) {
		n, err := strconv.Atoi(node.Value)
		if node.Kind != yaml.ScalarNode || err != nil || n < 0 {
			in.wrong(node, at, "a whole number, 0 or more")
			return
		}
		*to = n
	}
}

func (in *yamlReader) truth(to *bool) func(*yaml.Node, string) {
	return func(node *yaml.Node, at string) {
		switch {
		case node.Kind == yaml.ScalarNode && node.Value == "true":
			*to = true
		case node.Kind == yaml.ScalarNode && node.Value == "false":
			*to = false
		default:
			in.wrong(node, at, "true or false")
		}
	}
}

func (in *yamlReader) date(to *string) func(*yaml.Node, string) {
	return func(node *yaml.Node, at string) {
		if isNull(node) || node.Kind == yaml.ScalarNode && node.Value == "" {
			return
		}
		if _, err := time.Parse(time.DateOnly, node.Value); node.Kind != yaml.ScalarNode || err != nil {
			in.wrong(node, at, "a date as 2021-09-30")
			return
		}
		*to = node.Value
	}
}

func (in *yamlReader) country(to *string) func(*yaml.Node, string) {
	return func(node *yaml.Node, at string) {
		if isNull(node) || node.Kind == yaml.ScalarNode && node.Value == "" {
			return
		}
		code := strings.ToUpper(node.Value)
		if node.Kind != yaml.ScalarNode || !isAlpha3(code) {
			in.wrong(node, at, "an ISO 3166-1 alpha-3 code, such as TJK")
			return
		}
		*to = code
	}
}

func isAlpha3(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func (in *yamlReader) levels(to *map[string]Naming) func(*yaml.Node, string) {
	return func(node *yaml.Node, at string) {
		read := map[string]*Naming{}
		known := fields{}
		for _, key := range levelKeys() {
			n := &Naming{}
			known[key] = func(node *yaml.Node, at string) {
				read[key] = n
				in.mapping(node, at, fields{"code": in.text(&n.Code), "name": in.text(&n.Name)})
			}
		}
		in.mapping(node, at, known)
		*to = map[string]Naming{}
		for key, n := range read {
			(*to)[key] = *n
		}
	}
}

func (in *yamlReader) site(to **Site) func(*yaml.Node, string) {
	return func(node *yaml.Node, at string) {
		s := &Site{}
		in.mapping(node, at, fields{
			"ssid": in.text(&s.SSID), "name": in.text(&s.Name), "aliases": in.texts(&s.Aliases), "kind": in.text(&s.Kind),
			"lat": in.text(&s.Lat), "lon": in.text(&s.Lon), "create": in.truth(&s.Create),
		})
		*to = s
	}
}

func (in *yamlReader) texts(to *[]string) func(*yaml.Node, string) {
	return func(node *yaml.Node, at string) {
		in.each(node, at, func(child *yaml.Node, at string) {
			var s string
			in.text(&s)(child, at)
			*to = append(*to, s)
		})
	}
}

func (in *yamlReader) each(node *yaml.Node, at string, read func(*yaml.Node, string)) {
	if isNull(node) {
		return
	}
	if node.Kind != yaml.SequenceNode {
		in.wrong(node, at, "a list")
		return
	}
	for i, child := range node.Content {
		path := at + "[" + strconv.Itoa(i+1) + "]"
		if child.Kind == yaml.AliasNode {
			in.wrong(child, path, "the value itself, not a reference to another")
			continue
		}
		read(child, path)
	}
}

func (in *yamlReader) columns(to *[]Column) func(*yaml.Node, string) {
	return func(node *yaml.Node, at string) {
		in.each(node, at, func(child *yaml.Node, at string) {
			var c Column
			in.mapping(child, at, fields{
				"header": in.text(&c.Header), "to": in.text(&c.To), "breakdown": in.text(&c.Breakdown), "values": in.values(&c.Values),
				"missing": in.texts(&c.Missing), "dates": in.oneOf(&c.Dates, "dmy", "mdy"), "reason": in.text(&c.Reason),
				"confidence": in.oneOf((*string)(&c.Confidence), string(High), string(Medium), string(Low)),
			})
			if c.Header == "" || c.To == "" {
				in.add(child, at, fault.New(fault.IntakeMappingIncomplete, "key", "header and to", "wanted", "the column's header and the item it answers"))
			}
			*to = append(*to, c)
		})
	}
}

func (in *yamlReader) ignored(to *[]Ignored) func(*yaml.Node, string) {
	return func(node *yaml.Node, at string) {
		in.each(node, at, func(child *yaml.Node, at string) {
			var c Ignored
			in.mapping(child, at, fields{"header": in.text(&c.Header), "reason": in.text(&c.Reason)})
			*to = append(*to, c)
		})
	}
}

func (in *yamlReader) values(to *map[string]string) func(*yaml.Node, string) {
	return func(node *yaml.Node, at string) {
		if isNull(node) {
			return
		}
		if node.Kind != yaml.MappingNode {
			in.wrong(node, at, "a list of `as written: choice`")
			return
		}
		*to = map[string]string{}
		for i := 0; i+1 < len(node.Content); i += 2 {
			var s string
			in.text(&s)(node.Content[i+1], at+"."+node.Content[i].Value)
			(*to)[node.Content[i].Value] = s
		}
	}
}

func (in *yamlReader) oneOf(to *string, allowed ...string) func(*yaml.Node, string) {
	return func(node *yaml.Node, at string) {
		if isNull(node) || node.Kind == yaml.ScalarNode && node.Value == "" {
			return
		}
		for _, a := range allowed {
			if node.Kind == yaml.ScalarNode && node.Value == a {
				*to = a
				return
			}
		}
		in.wrong(node, at, strings.Join(allowed, " or "))
	}
}

// check looks at what the walk cannot see: what is missing, and what contradicts itself.
func (in *yamlReader) check(m Mapping) {
	in.need(m.Source.Sheet != "" || m.Source.HeaderRow > 0, "source.sheet", "the name of the sheet")
	in.need(m.Tool != "", "tool", "a tool id, such as baseline-sub-area")
	if m.Source.FirstRow <= m.Source.HeaderRow {
		in.faults = append(in.faults, fault.New(fault.IntakeMappingValue, "value", strconv.Itoa(m.Source.FirstRow), "key", "source.first_row",
			"wanted", "the row where the data begins, below the header").In(fault.Where{Field: "source.first_row"}))
	}
	if m.Round.Number > maxRound {
		in.faults = append(in.faults, fault.New(fault.IntakeMappingValue, "value", strconv.Itoa(m.Round.Number), "key", "round.number",
			"wanted", "a number up to "+strconv.Itoa(maxRound)).In(fault.Where{Field: "round.number"}))
	}
	if m.Round.Start != "" && m.Round.End != "" && m.Round.End < m.Round.Start {
		in.faults = append(in.faults, fault.New(fault.IntakeMappingValue, "value", m.Round.End, "key", "round.end",
			"wanted", "a date not before round.start").In(fault.Where{Field: "round.end"}))
	}
	if err := m.twice(); err != nil {
		in.faults = append(in.faults, err)
	}
}

func (in *yamlReader) need(ok bool, key, wanted string) {
	if !ok {
		in.faults = append(in.faults, fault.New(fault.IntakeMappingIncomplete, "key", key, "wanted", wanted))
	}
}

// twice finds two columns that answer the same item.
func (m Mapping) twice() error {
	first := map[[2]string]string{}
	for _, c := range m.Columns {
		key := [2]string{c.To, c.Breakdown}
		if header, ok := first[key]; ok {
			return fault.New(fault.IntakeItemTwice, "item", c.To, "first", strconv.Quote(header), "second", strconv.Quote(c.Header)).
				In(fault.Where{Field: "columns"})
		}
		first[key] = c.Header
	}
	return nil
}

func (in *yamlReader) wrong(node *yaml.Node, at, wanted string) {
	value := "a list or keys"
	if node.Kind == yaml.ScalarNode {
		value = shortQuote(node.Value)
	}
	in.add(node, at, fault.New(fault.IntakeMappingValue, "value", value, "key", at, "wanted", wanted))
}

// maxFaults bounds what one broken mapping is told; more would only repeat.
const maxFaults = 50

func (in *yamlReader) add(node *yaml.Node, at string, e *fault.Error) {
	if len(in.faults) < maxFaults {
		in.faults = append(in.faults, e.In(fault.Where{Row: node.Line, Field: at}))
	}
}

func isNull(node *yaml.Node) bool { return node.Kind == yaml.ScalarNode && node.Tag == "!!null" }

var control = regexp.MustCompile(`[[:cntrl:]]+`)

// shortQuote writes a foreign value into a message: on one line, and never long.
func shortQuote(s string) string {
	s = control.ReplaceAllString(s, " ")
	if runes := []rune(s); len(runes) > 60 {
		s = string(runes[:60]) + "…"
	}
	return strconv.Quote(s)
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}
