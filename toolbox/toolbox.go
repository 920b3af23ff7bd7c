// Package toolbox holds the tools of mobility tracking as packs of readable files: questionnaires, checks, measures,
// limitations, an outline of the report, worked examples and a guide for the team.
//
// A pack is data; this package loads it (Load, Default), builds its questionnaires with labels from the dictionary
// (Form), and proves it whole (Lint). A pack is named by its id and known by its Hash: what an activity adopted stays
// readable for ever through Bundle and Unbundle.
package toolbox

import (
	"embed"
	"io/fs"
	"path"
	"slices"
	"strings"

	"safar/dictionary"
	"safar/fault"
	"safar/locale"
	"safar/measure"
	"safar/quality"
	"safar/record"
)

//go:embed all:packs
var embedded embed.FS

// Toolbox is a set of packs, sorted by id. It is immutable.
type Toolbox struct{ packs []*Pack }

// Pack is one tool. It is immutable; what its methods give must not be changed.
type Pack struct {
	Tool
	Sheets   map[string]Sheets // form id -> the sheets of its questionnaire
	Checks   []quality.Check
	Measures measure.Set
	Report   Report
	Practice Practice
	Guide    string // Markdown, two pages for a team
	files    map[string][]byte
	hash     string
}

// Tool is the content of tool.yaml: what the tool is for and how its forms are read.
type Tool struct {
	ID          string               `yaml:"id" json:"id"` // kebab-case, fixed: baseline-sub-area
	Version     string               `yaml:"version" json:"version"`
	Component   string               `yaml:"component" json:"component"` // mobility_tracking, flow_monitoring, registration, surveys
	Title       locale.Text          `yaml:"title" json:"title"`
	Purpose     locale.Text          `yaml:"purpose" json:"purpose"`
	Unit        Unit                 `yaml:"unit" json:"unit"`
	Respondent  locale.Text          `yaml:"respondent" json:"respondent"`
	Frequency   locale.Text          `yaml:"frequency" json:"frequency"`
	Method      locale.Text          `yaml:"method" json:"method"`
	Sensitivity Sensitivity          `yaml:"sensitivity" json:"sensitivity"`
	Languages   []string             `yaml:"languages" json:"languages"` // at least en, ru, tg, kk
	Review      map[string]string    `yaml:"review" json:"review"`       // language -> awaiting_native or reviewed
	Items       Items                `yaml:"items" json:"items"`
	Limitations locale.Text          `yaml:"limitations" json:"limitations"` // printed with every product
	Forms       []FormInfo           `yaml:"forms" json:"forms"`
	Media       []Media              `yaml:"media" json:"media,omitempty"`
	Dimensions  map[string]Dimension `yaml:"dimensions" json:"dimensions,omitempty"` // what d1 to d4 and breakdowns mean in this tool
	API         API                  `yaml:"api" json:"api"`
}

// Unit is what one record speaks of.
type Unit struct {
	Name  string      `yaml:"name" json:"name"`
	Label locale.Text `yaml:"label" json:"label"`
	Key   []string    `yaml:"key" json:"key"` // questions that name it; none means that every record is a unit
}

// Sensitivity gives the default classes.
type Sensitivity struct {
	Row       dictionary.Class `yaml:"row" json:"row"`
	Aggregate dictionary.Class `yaml:"aggregate" json:"aggregate"`
}

// Items names the dictionary items of the tool by what an adaptation may do with them.
type Items struct {
	Core        []string `yaml:"core" json:"core"` // cannot be dropped or change meaning
	Optional    []string `yaml:"optional" json:"optional"`
	Recommended []string `yaml:"recommended" json:"recommended"`
}

// FormInfo is one questionnaire of the tool and the questions that say what its records are about.
type FormInfo struct {
	ID      string      `yaml:"id" json:"id"`
	Title   locale.Text `yaml:"title" json:"title"`
	Purpose locale.Text `yaml:"purpose" json:"purpose"`
	Keys    record.Keys `yaml:"keys" json:"keys"`
	Consent string      `yaml:"consent" json:"consent,omitempty"`       // question; "no" ends the interview
	Worker  string      `yaml:"enumerator" json:"enumerator,omitempty"` // question with the code of the enumerator
}

// Media is a file that is made for each device when the form is downloaded: lists of places, points, the open round.
type Media struct {
	File    string      `yaml:"file" json:"file"`
	Columns []string    `yaml:"columns" json:"columns"`
	Content locale.Text `yaml:"content" json:"content"`
}

// Dimension says what a free dimension or a breakdown holds in the tool.
type Dimension struct {
	Item  string      `yaml:"item" json:"item,omitempty"` // dictionary item whose answers it holds
	Label locale.Text `yaml:"label" json:"label"`
}

// API says under which type the DTM API publishes the tool; empty when it does not.
type API struct {
	DTM string `yaml:"dtm" json:"dtm,omitempty"` // BA, SA, ETT
}

// Report is the outline of the tool's report.
type Report struct {
	Title    locale.Text `yaml:"title" json:"title"`
	Sections []Section   `yaml:"sections" json:"sections"`
}

// Section is one part of a report.
type Section struct {
	ID    string      `yaml:"id" json:"id"`
	Title locale.Text `yaml:"title" json:"title"`
	Text  locale.Text `yaml:"text" json:"text,omitempty"`
	Parts []Part      `yaml:"parts" json:"parts,omitempty"`
}

// Part is one figure, table, chart or map of a section.
type Part struct {
	Kind    string            `yaml:"kind" json:"kind"` // figure, table, bar, line, pyramid, map, flows, coverage, quality
	Title   locale.Text       `yaml:"title" json:"title"`
	Measure string            `yaml:"measure" json:"measure,omitempty"`
	By      []string          `yaml:"by" json:"by,omitempty"`
	Where   map[string]string `yaml:"where" json:"where,omitempty"`
	Note    locale.Text       `yaml:"note" json:"note,omitempty"` // printed under the part: "based on the main group of each location"
}

// Practice says how the practice country answers the tool: invented places and sizes, and worked examples whose figures
// are known.
type Practice struct {
	World map[string]float64 `yaml:"world" json:"world"` // sizes and shares that the generator of the practice country uses
	Cases []Case             `yaml:"cases" json:"cases"`
}

// Case is one invented record, and what its facts have to add up to.
type Case struct {
	ID      string         `yaml:"id" json:"id"`
	Form    string         `yaml:"form" json:"form"`
	Story   locale.Text    `yaml:"story" json:"story"`
	Answers map[string]any `yaml:"answers" json:"answers"` // question -> value; a repeat is a list of such maps
	Expect  []Expectation  `yaml:"expect" json:"expect"`
	Fails   []string       `yaml:"fails" json:"fails,omitempty"` // ids of checks of kind expr that must find something; all others must not
}

// Expectation is the sum of the values of one fact over the case's rows that fit.
type Expectation struct {
	Fact  string            `yaml:"fact" json:"fact"`
	Where map[string]string `yaml:"where" json:"where,omitempty"` // breakdown is "" unless named
	Value float64           `yaml:"value" json:"value"`
}

// Default loads the packs that come with the program.
func Default() (*Toolbox, error) {
	packs, err := fs.Sub(embedded, "packs")
	if err != nil {
		return nil, fault.Internalf(err, "embedded packs")
	}
	return Load(packs)
}

// Load reads every folder at the top of the file system as one pack.
func Load(folder fs.FS) (*Toolbox, error) {
	entries, err := fs.ReadDir(folder, ".")
	if err != nil {
		return nil, fault.Wrap(err, fault.ToolboxUnreadable, "why", "the folder of tools cannot be opened")
	}
	box := &Toolbox{}
	for _, entry := range entries {
		if !entry.IsDir() || strings.HasPrefix(entry.Name(), ".") {
			continue
		}
		sub, err := fs.Sub(folder, entry.Name())
		if err != nil {
			return nil, fault.Wrap(err, fault.ToolboxUnreadable, "why", "the folder cannot be opened").In(fault.Where{File: entry.Name()})
		}
		pack, err := LoadPack(sub)
		if err != nil {
			return nil, err
		}
		if pack.ID != entry.Name() {
			return nil, fault.New(fault.ToolboxFolder, "folder", entry.Name(), "tool", pack.ID)
		}
		box.packs = append(box.packs, pack)
	}
	slices.SortFunc(box.packs, func(a, b *Pack) int { return strings.Compare(a.ID, b.ID) })
	return box, nil
}

// Packs lists all packs by id.
func (b *Toolbox) Packs() []*Pack { return b.packs }

// Pack finds a pack by its id. Fault: toolbox.no_tool.
func (b *Toolbox) Pack(id string) (*Pack, error) {
	known := make([]string, len(b.packs))
	for i, p := range b.packs {
		if p.ID == id {
			return p, nil
		}
		known[i] = p.ID
	}
	return nil, fault.New(fault.ToolboxNoTool, "tool", id, "known", strings.Join(known, ", "))
}

// FormIDs lists the ids of the forms in the order of tool.yaml.
func (p *Pack) FormIDs() []string {
	ids := make([]string, len(p.Forms))
	for i, f := range p.Forms {
		ids[i] = f.ID
	}
	return ids
}

// MainForm is the form that a workbook's rows are read as: the first.
func (p *Pack) MainForm() string { return p.Forms[0].ID }

// FormInfo finds what tool.yaml says of a form. Fault: toolbox.no_form.
func (p *Pack) FormInfo(id string) (FormInfo, error) {
	for _, f := range p.Forms {
		if f.ID == id {
			return f, nil
		}
	}
	return FormInfo{}, fault.New(fault.ToolboxNoForm, "tool", p.ID, "form", id, "known", strings.Join(p.FormIDs(), ", "))
}

// Keys names the questions that say what, when and where a form's records are; zero for a form that is not the pack's.
func (p *Pack) Keys(formID string) record.Keys {
	info, err := p.FormInfo(formID)
	if err != nil {
		return record.Keys{}
	}
	return info.Keys
}

// Measure finds a measure by its id.
func (p *Pack) Measure(id string) (measure.Measure, bool) {
	for _, m := range p.Measures.Measures {
		if m.ID == id {
			return m, true
		}
	}
	return measure.Measure{}, false
}

// Files lists the paths of the pack's files, sorted.
func (p *Pack) Files() []string {
	var names []string
	for name := range p.files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// formFolder is where the sheets of a form lie.
func formFolder(id string) string { return path.Join("forms", id) }
