// Package round holds what a survey operation is organised by: the operation, the tool it adopts as an activity, the
// numbered rounds of that activity, the target list of a round and its coverage.
package round

import (
	"fmt"
	"regexp"
	"time"
)

// Operation is a named programme of tracking in one country.
type Operation struct {
	Slug     string `json:"slug"` // permanent key: "south-sudan"
	Title    string `json:"title"`
	Country  string `json:"country"`   // ISO 3166-1 alpha-3; XSF for the invented practice country
	TimeZone string `json:"time_zone"` // IANA name; decides which day an observation belongs to
	Status   string `json:"status"`    // active or inactive
}

// Activity is a tool adopted in an operation, pinned to a version of its pack.
type Activity struct {
	Operation   string `json:"operation"`
	ID          string `json:"id"` // the tool id unless the same tool is adopted twice
	Tool        string `json:"tool"`
	ToolVersion string `json:"tool_version"`
	ToolHash    string `json:"tool_hash"` // SHA-256 of the pack's files as adopted
}

// Status of a round, in the order it goes through them.
type Status string

// The statuses.
const (
	Planned    Status = "planned"
	Collecting Status = "collecting"
	Closed     Status = "closed"
	Published  Status = "published"
)

// Round is one numbered round; for flow tools it is a reporting period. Dates are YYYY-MM-DD, "" where not known yet.
type Round struct {
	Operation      string `json:"operation"`
	Activity       string `json:"activity"`
	Number         int    `json:"number"`
	Label          string `json:"label,omitempty"`
	Start          string `json:"start,omitempty"`
	End            string `json:"end,omitempty"`
	ReferenceDate  string `json:"reference_date,omitempty"`  // the date a stock speaks of; the period's end by default
	ReferenceStart string `json:"reference_start,omitempty"` // movements are counted since this date
	Status         Status `json:"status"`
}

// Reference gives the date that the round's stocks speak of, "" when it has none yet.
func (r Round) Reference() string {
	if r.ReferenceDate != "" {
		return r.ReferenceDate
	}
	return r.End
}

// Holds says whether a date (YYYY-MM-DD) lies in the round's period, grace days around it included; a round without
// dates holds every date.
func (r Round) Holds(date string, grace int) bool {
	d, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return false
	}
	if s, err := time.Parse(time.DateOnly, r.Start); err == nil && d.Before(s.AddDate(0, 0, -grace)) {
		return false
	}
	if e, err := time.Parse(time.DateOnly, r.End); err == nil && d.After(e.AddDate(0, 0, grace)) {
		return false
	}
	return true
}

var slug = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// ValidSlug says whether s can be the permanent key of an operation or activity: lower-case words joined by hyphens, and
// not "key", which stands in the addresses that phones use.
func ValidSlug(s string) bool { return len(s) <= 64 && s != "key" && slug.MatchString(s) }

// String names the round for people and logs.
func (r Round) String() string {
	return fmt.Sprintf("%s/%s round %d", r.Operation, r.Activity, r.Number)
}

// Coverage counts the locations of a round: completeness = Assessed / Targeted.
type Coverage struct {
	Area         string `json:"area"` // code of the area counted, "" for the whole operation
	Targeted     int    `json:"targeted"`
	Assessed     int    `json:"assessed"`
	Inaccessible int    `json:"inaccessible"`
	New          int    `json:"new"`     // assessed, not on the target list
	Carried      int    `json:"carried"` // assessed in an earlier round, value carried over
	NotVisited   int    `json:"not_visited"`
}
