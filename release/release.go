// Package release is a frozen, numbered, hashed publication: the files that go out, the manifest that names their hashes,
// and the proof that they can be made again from the records behind them, byte for byte.
//
// Everything here is a pure function of Input: no clock, no names looked up, no order that varies.
package release

import (
	"sort"
	"strconv"
	"strings"
	"time"

	"safar/disclose"
	"safar/locale"
	"safar/measure"
	"safar/round"
)

// Format is the version of the folder's layout; a reader refuses a format it does not know.
const Format = "safar-release-1"

// Method is the version of how files are made of records: tables, protection and wording. It changes whenever the same
// records would give other bytes, so that a rebuild can tell a changed program from changed data.
const Method = "1"

// Terms are required of every publication: what may be done with it, whom to credit, and where it comes from.
type Terms struct {
	Licence     string `json:"licence"`
	Attribution string `json:"attribution"`
	Source      string `json:"source"`
}

// SnapshotRef names the frozen set of records a release is made from.
type SnapshotRef struct {
	Seq  int64  `json:"seq"`  // last entry of the operation's journal that it covers
	Hash string `json:"hash"` // SHA-256 of the snapshot's canonical bytes
}

// PackRef names the tool, its version and the hash of its files as adopted.
type PackRef struct {
	Tool       string `json:"tool"`
	Version    string `json:"version"`
	Hash       string `json:"hash"`
	Adaptation string `json:"adaptation"` // hash of the overlay; "" while the tool is used as it ships
}

// Area is what a release prints of an administrative unit.
type Area struct {
	Code   string `json:"code"`
	Name   string `json:"name"`
	Level  int    `json:"level"`
	Parent string `json:"parent,omitempty"`
}

// Table says which measures are published by which dimensions. A table over areas names its level: By {"adm2"}. A
// dimension under Where that is also in By shows the one value it is kept to.
type Table struct {
	ID       string            `json:"id"`
	Measures []string          `json:"measures"` // empty = all that add up
	By       []string          `json:"by"`
	Where    map[string]string `json:"where,omitempty"`
}

// Change is one line of the published cleaning log.
type Change struct {
	Record, Adm1, Adm2, Question, Reason, Day string
}

// Variable is one line of the codebook.
type Variable struct {
	Name, Label, Type, Unit, HXL, Class, Definition string
}

// Input is everything a release is made of.
type Input struct {
	ID         string
	CreatedAt  time.Time
	Operation  round.Operation
	Activity   round.Activity
	Round      round.Round
	Title      string
	Note       string // what the reader should know of this round
	Terms      Terms
	Snapshot   SnapshotRef
	Pack       PackRef
	PackTitle  string
	Purpose    string
	Method     string
	Limits     string      // limitations text of the tool
	API        string      // assessment type of the DTM API: BA, SA or ETT; "" = not served there
	Reasons    locale.Text // displacement reason code -> word of the DTM API
	Measures   []measure.Measure
	Tables     []Table
	Areas      []Area
	Facts      []measure.Fact
	Missing    []measure.Missing
	Policy     disclose.Policy
	Changes    []Change
	Codebook   []Variable
	Coverage   []round.Coverage
	Previous   string  // manifest hash of the release this one follows
	Records    int     // records that count
	Corrected  int     // of these, how many carry a correction
	Blocking   int64   // blocking findings that are open: the figures are provisional while there are any
	LastBySnap string  // newest assessment date among the records, YYYY-MM-DD
	Places     *Places // names and shapes as frozen; nil in releases made before they were kept
	Words      Words   // of the tool; what the Input says itself is filled in
}

// File is one file of the folder. Rows counts data rows of a table, without header and HXL row.
type File struct {
	Path  string
	Bytes []byte
	Rows  int
}

// Build makes the folder: data files, codebook, cleaning log, methodology and, last, the manifest.
func Build(in Input) ([]File, error) {
	if err := ready(in); err != nil {
		return nil, err
	}
	p := newPress(in)
	var files []File
	for _, table := range in.Tables {
		file, err := p.table(table)
		if err != nil {
			return nil, err
		}
		if file.Rows > 0 {
			files = append(files, file)
		}
	}
	if in.API != "" {
		dtm, err := p.dtmFiles()
		if err != nil {
			return nil, err
		}
		files = append(files, dtm...)
	}
	if len(in.Coverage) > 0 {
		files = append(files, p.coverage())
	}
	files = append(files, p.codebook(), p.cleaningLog(), p.methodology())
	beside, err := p.placesFiles()
	if err != nil {
		return nil, err
	}
	files = append(files, beside...)
	sort.Slice(files, func(i, j int) bool { return files[i].Path < files[j].Path })
	manifest, err := p.manifest(files)
	if err != nil {
		return nil, err
	}
	return append(files, manifest), nil
}

// CellID names one number of a release: measure;dim=value;... in the table's order of dimensions.
func CellID(measureID string, by, values []string) string {
	var b strings.Builder
	b.WriteString(measureID)
	for i, dim := range by {
		b.WriteString(";" + dim + "=" + escapeCell(values[i]))
	}
	return b.String()
}

// ParseCell takes a cell id apart.
func ParseCell(cell string) (measureID string, by, values []string, ok bool) {
	parts := strings.Split(cell, ";")
	for _, part := range parts[1:] {
		dim, value, found := strings.Cut(part, "=")
		if !found {
			return "", nil, nil, false
		}
		by, values = append(by, dim), append(values, unescapeCell(value))
	}
	return parts[0], by, values, parts[0] != ""
}

// The three characters that a cell id uses itself are written in percent form inside values.
var (
	cellEscaper   = strings.NewReplacer("%", "%25", ";", "%3B", "=", "%3D")
	cellUnescaper = strings.NewReplacer("%3B", ";", "%3D", "=", "%25", "%")
)

func escapeCell(s string) string   { return cellEscaper.Replace(s) }
func unescapeCell(s string) string { return cellUnescaper.Replace(s) }

// Number writes a figure as data files carry it: no separators, no needless decimals.
func Number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
