// Package intake turns the rows of a workbook into records: it suggests a mapping of columns to the dictionary and to
// places, and applies a mapping that a person has read.
//
// Suggest never hides a guess: each choice carries a confidence and a reason, and what it leaves out is listed with why.
// Apply never loses a row in silence: each cell that cannot be read is reported by sheet, row and column, the rest of the
// row goes in, and a row is turned away only when its unit or its place cannot be known. Both are pure; storing is the
// workflow's work.
//
// A mapping names a column by its header, compared folded (sheet.FoldHeader). Where two headers fold alike or a column
// has none, the letters in brackets tell them apart: `Total [P]`, or `[P]` alone.
package intake

// Mapping says how the rows of one sheet become records; WriteYAML and ReadYAML give and take it as people edit it.
type Mapping struct {
	Source    Source    `yaml:"source" json:"source"`
	Operation string    `yaml:"operation,omitempty" json:"operation,omitempty"` // slug or title; only where the caller does not say
	Tool      string    `yaml:"tool" json:"tool"`                               // tool id: baseline-sub-area
	Form      string    `yaml:"form,omitempty" json:"form,omitempty"`           // form id, where the tool has several
	Round     Round     `yaml:"round" json:"round"`
	Places    Places    `yaml:"places" json:"places"`
	Unit      string    `yaml:"unit,omitempty" json:"unit,omitempty"` // header of the sheet's own id of a row, where the unit is not a place
	Columns   []Column  `yaml:"columns" json:"columns"`
	Ignored   []Ignored `yaml:"ignored,omitempty" json:"ignored,omitempty"`

	// Reasons say why the keys outside the columns are as they are ("source.sheet", "round.number"); comments in YAML.
	Reasons map[string]string `yaml:"-" json:"reasons,omitempty"`
}

// Source is the table that was read.
type Source struct {
	File      string `yaml:"file,omitempty" json:"file,omitempty"`
	Sheet     string `yaml:"sheet" json:"sheet"`
	HeaderRow int    `yaml:"header_row" json:"header_row"` // 1-based; 0 = the sheet has none, columns go by letters
	FirstRow  int    `yaml:"first_row" json:"first_row"`   // of the data
	SHA256    string `yaml:"sha256,omitempty" json:"sha256,omitempty"`
}

// Round is the round that the rows belong to. Dates are YYYY-MM-DD, "" where not known.
type Round struct {
	Number        int    `yaml:"number" json:"number"` // 0 = not known; the caller must say it
	Start         string `yaml:"start,omitempty" json:"start,omitempty"`
	End           string `yaml:"end,omitempty" json:"end,omitempty"`
	ReferenceDate string `yaml:"reference_date,omitempty" json:"reference_date,omitempty"`
	Source        string `yaml:"source,omitempty" json:"source,omitempty"` // header of the column that says which round a row was assessed in
}

// Places says where a row lies.
type Places struct {
	Country string            `yaml:"country,omitempty" json:"country,omitempty"` // ISO 3166-1 alpha-3; "" = not known
	Levels  map[string]Naming `yaml:"levels,omitempty" json:"levels,omitempty"`   // adm0 to adm4
	Site    *Site             `yaml:"site,omitempty" json:"site,omitempty"`
	Point   *Site             `yaml:"point,omitempty" json:"point,omitempty"` // the flow monitoring point, for flow tools
	Create  bool              `yaml:"create" json:"create"`                   // make areas that no list knows
}

// Naming holds the headers under which one level's code and name stand.
type Naming struct {
	Code string `yaml:"code,omitempty" json:"code,omitempty"`
	Name string `yaml:"name,omitempty" json:"name,omitempty"`
}

// Site holds the headers that identify a site, or a flow monitoring point.
type Site struct {
	SSID    string   `yaml:"ssid,omitempty" json:"ssid,omitempty"` // the site's or the point's id
	Name    string   `yaml:"name,omitempty" json:"name,omitempty"`
	Aliases []string `yaml:"aliases,omitempty" json:"aliases,omitempty"`
	Kind    string   `yaml:"kind,omitempty" json:"kind,omitempty"`
	Lat     string   `yaml:"lat,omitempty" json:"lat,omitempty"`
	Lon     string   `yaml:"lon,omitempty" json:"lon,omitempty"` // the same header as lat where one column holds both
	Create  bool     `yaml:"create" json:"create"`               // make sites that no list knows
}

// Confidence says how sure Suggest is.
type Confidence string

// The grades, as for records.
const (
	High   Confidence = "high"
	Medium Confidence = "medium"
	Low    Confidence = "low"
)

// Column says what one column's values answer.
type Column struct {
	Header     string            `yaml:"header" json:"header"`
	To         string            `yaml:"to" json:"to"`                                   // name of a dictionary item
	Breakdown  string            `yaml:"breakdown,omitempty" json:"breakdown,omitempty"` // the part of a total it counts; never added to the total
	Values     map[string]string `yaml:"values,omitempty" json:"values,omitempty"`       // as written -> choice
	Missing    []string          `yaml:"missing,omitempty" json:"missing,omitempty"`     // further words that mean "no answer" here
	Dates      string            `yaml:"dates,omitempty" json:"dates,omitempty"`         // dmy or mdy, for dates written in digits
	Confidence Confidence        `yaml:"confidence,omitempty" json:"confidence,omitempty"`
	Reason     string            `yaml:"reason,omitempty" json:"reason,omitempty"`
}

// Ignored is a column that becomes no answer; it stays in the row's original.
type Ignored struct {
	Header string `yaml:"header" json:"header"`
	Reason string `yaml:"reason,omitempty" json:"reason,omitempty"`
}
