// Package quality runs the checks of a tool over records and yields findings. A check never changes a value: a finding
// asks a person, and a correction answers it.
package quality

import "safar/locale"

// Level says what a finding does: Block stops the round from closing, Warn asks for an answer, Flag is for review.
type Level string

// The levels, as in checks.yaml.
const (
	Block Level = "B"
	Warn  Level = "W"
	Flag  Level = "F"
)

// Check is one rule of checks.yaml.
type Check struct {
	ID      string            `yaml:"id" json:"id"`
	Kind    string            `yaml:"kind" json:"kind"` // one of Kinds; each kind's file says what its params mean
	Level   Level             `yaml:"level" json:"level"`
	Form    string            `yaml:"form" json:"form,omitempty"`
	Scope   string            `yaml:"scope" json:"scope"`         // record, repeat, unit, enumerator, round
	Each    string            `yaml:"each" json:"each,omitempty"` // repeat name for scope repeat
	When    string            `yaml:"when" json:"when,omitempty"`
	FailIf  string            `yaml:"fail_if" json:"fail_if,omitempty"`
	Params  map[string]string `yaml:"params" json:"params,omitempty"`
	Items   []string          `yaml:"items" json:"items,omitempty"` // names of the questions it is about
	Message locale.Text       `yaml:"message" json:"message"`
}

// Finding is what a check found in one record, or by comparing the records of a round.
type Finding struct {
	ID      string            `json:"id"` // stable: made from record, check and path, so a second run finds the same one
	Record  string            `json:"record"`
	Check   string            `json:"check"` // id from checks.yaml, or form.constraint, form.required, form.relevance, form.choice, form.calculation, place.unknown ...
	Level   Level             `json:"level"`
	Over    string            `json:"over,omitempty"` // "round" when it was found by comparing records (CheckRound), "" for one record
	Path    string            `json:"path,omitempty"` // of the answer it is about
	Message locale.Text       `json:"message"`
	Details map[string]string `json:"details,omitempty"`
}
