package place

import (
	"safar/fault"
)

// Outcome says what happened to the value or row that a defect speaks of.
type Outcome string

// The outcomes, from harmless to lost.
const (
	Kept    Outcome = "kept"     // taken over as it is; a person should look at it
	Mended  Outcome = "mended"   // taken over after a repair that is certain
	LeftOut Outcome = "left_out" // not taken over; the rest of the row or file was
)

// Defect is one thing wrong with a list of places: the fault with its row and column, and what was done about it.
type Defect struct {
	Fault   *fault.Error
	Outcome Outcome
}

// Error writes the defect for people: place, what is wrong, how to mend it.
func (d Defect) Error() string { return d.Fault.Error() }

// Code is the stable code of the defect's fault.
func (d Defect) Code() fault.Code { return d.Fault.Code }

func kept(e *fault.Error) Defect    { return Defect{e, Kept} }
func mended(e *fault.Error) Defect  { return Defect{e, Mended} }
func leftOut(e *fault.Error) Defect { return Defect{e, LeftOut} }
