// Package record is one answered form from the field or one row of a workbook: its verbatim original, its typed
// answers, what was corrected and by whom, and whether it counts. Nothing is ever overwritten: an answer as it stands
// today is the original with the corrections laid over it.
package record

import (
	"time"

	"safar/form/xpath"
	"safar/place"
)

// ID is a UUIDv7 given at receipt, in canonical text form; it sorts by time of receipt.
type ID string

// State says what can be done with a record.
type State string

// The states. Only Received records can count towards a figure.
const (
	Waiting     State = "waiting"      // the answers are here, attachments named in them are not yet
	Received    State = "received"     // complete and readable
	Unreadable  State = "unreadable"   // broken XML: kept verbatim, a person must look
	UnknownForm State = "unknown_form" // no such form or version here: kept, read again when the form is published
	Conflicting State = "conflicting"  // same instance, other bytes: kept beside the first, a person decides
	Superseded  State = "superseded"   // a later version of the same instance or an edit took its place
	Excluded    State = "excluded"     // a person took it out, with a reason
	Undone      State = "undone"       // its whole import was taken back
)

// Source says by which door a record came.
type Source string

// The doors.
const (
	FromDevice Source = "device"
	FromImport Source = "import"
	FromWeb    Source = "web"
)

// Record is one record as the domain sees it.
type Record struct {
	ID          ID
	Operation   string // slug
	Activity    string // the tool's activity in the operation
	Round       int    // 0 when no round of the activity holds its date
	Form        string
	FormVersion string
	InstanceID  string // "uuid:..." from a form; UUIDv5 of (operation, activity, round, unit) for a workbook row
	Replaces    string // instance id of the record that this one is an edit of, "" for none
	Version     int    // 1 for the first content of an instance, 2 for the next, ...
	Source      Source
	Device      string // device id, or import id for rows
	ReceivedAt  time.Time
	Original    string // SHA-256 (hex) of the verbatim bytes, which are a blob
	State       State
	StateReason string // why it is not Received, as a fault code or a person's words
	Unit        string // unit key as tool.yaml names it: SSID, point and shift ...; "" when it has none
	Date        string // assessment or observation date, YYYY-MM-DD in the operation's zone; "" when unknown
	Place       Place
	Mapped      []string    // item names a workbook row carries; nil means all of the form
	CarriedFrom int         // round an imported value was carried over from; 0 when it is this round's own
	Sensitivity string      // sensitivity class of the record, "" = the tool's class for rows
	Answers     *xpath.Node // the original answers; root element named as in the form
	Corrections []Correction
}

// Place is where a record lies, as far as it could be located.
type Place struct {
	Areas place.Path    `json:"areas"`           // codes adm0 to adm4, "" where unknown
	Site  string        `json:"site,omitempty"`  // SSID
	Point string        `json:"point,omitempty"` // flow point id
	At    *place.LatLon `json:"at,omitempty"`
	How   string        `json:"how,omitempty"` // code, gps, name: how it was located
}

// Correction replaces one value, for a stated reason. Old is what stood there when the correction was made.
type Correction struct {
	ID      string // UUIDv7
	Record  ID
	Path    string // absolute path of the answer: /data/arrivals/m1536_loc_num_arrival_ind_period, with [n] inside repeats
	Old     string
	New     string
	Reason  string // reason code of the cleaning log: typo, recode_other, translation, unit, duplicate, outlier_confirmed, outlier_changed, gps, deleted, other
	Comment string
	Finding string // id of the finding it answers, or ""
	By      string // actor
	At      time.Time
}
