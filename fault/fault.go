// Package fault is the one error type of Safar: a stable code from a catalogue, the details that fill its message,
// and the place in the input it speaks of.
//
// A fault tells a person three things: what is wrong, where, and how to mend it. The wording lives in the catalogue
// (one file per area, codes_*.go), never at the call, so that it can be translated and tested. Programs compare codes;
// people read Error().
package fault

import (
	"errors"
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// Code names one kind of fault for ever, as area.what: "sheet.not_a_workbook". Codes are never reused or renamed.
type Code string

// Kind says what a surface should do with a fault; each surface maps it once (HTTP status, exit code, envelope).
type Kind uint8

// The kinds, from "your input" to "our doing".
const (
	Invalid         Kind = iota // the input is wrong; mend it and try again
	NotFound                    // the named thing does not exist
	Conflict                    // it contradicts what is stored
	Unauthenticated             // who are you?
	Forbidden                   // you may not
	TooLarge                    // over a bound on size, depth or cost
	Unavailable                 // not now: busy, locked, disk full
	Internal                    // our mistake
)

// Entry is one line of the catalogue: the English message and its mend, both with {detail} placeholders.
type Entry struct {
	Code Code
	Kind Kind
	Text string // what is wrong, without full stop: `{value} is not a whole number`
	Mend string // what to do, a sentence with full stop; empty only for Internal
}

// Where points into the input. Zero fields are left out of the message.
type Where struct {
	File  string // file name as the user knows it
	Sheet string
	Row   int    // 1-based, as a spreadsheet shows it
	Cell  string // column letters or a whole address: "H", "H14"
	Field string // header, question or JSON path
}

// Error is a fault as it occurred.
type Error struct {
	Code    Code
	At      Where
	Details map[string]string // fills the placeholders
	Err     error             // the cause, for logs; its text is not shown to people
}

// New makes a fault; details are name, value pairs. It panics on an odd number or a code outside the catalogue,
// both of which are programming errors that any test of the call finds.
func New(code Code, details ...string) *Error {
	if len(details)%2 != 0 {
		panic("fault.New: details come in pairs: " + string(code))
	}
	if _, ok := Lookup(code); !ok {
		panic("fault.New: code is not in the catalogue: " + string(code))
	}
	e := &Error{Code: code}
	if len(details) > 0 {
		e.Details = make(map[string]string, len(details)/2)
		for i := 0; i < len(details); i += 2 {
			e.Details[details[i]] = details[i+1]
		}
	}
	return e
}

// Wrap is New with a cause that errors.Is and errors.As see and people do not.
func Wrap(err error, code Code, details ...string) *Error {
	e := New(code, details...)
	e.Err = err
	return e
}

// In returns the fault placed at w.
func (e *Error) In(w Where) *Error { c := *e; c.At = w; return &c }

// Kind is the catalogue's kind of the fault.
func (e *Error) Kind() Kind { entry, _ := Lookup(e.Code); return entry.Kind }

// Message is the English message without place and mend.
func (e *Error) Message() string { entry, _ := Lookup(e.Code); return fill(entry.Text, e.Details) }

// Mend says in English what to do.
func (e *Error) Mend() string { entry, _ := Lookup(e.Code); return fill(entry.Mend, e.Details) }

// Error is place, message and mend in one line: `r11.xlsx, sheet "Data", H14: "12 3x" is not a whole number. Write digits only.`
func (e *Error) Error() string {
	var b strings.Builder
	if at := e.At.String(); at != "" {
		b.WriteString(at + ": ")
	}
	b.WriteString(e.Message())
	if mend := e.Mend(); mend != "" {
		b.WriteString(". " + mend)
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is makes errors.Is(err, fault.New(code)) hold for any fault of the same code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// String writes the place for people, empty when there is none.
func (w Where) String() string {
	var parts []string
	if w.File != "" {
		parts = append(parts, w.File)
	}
	if w.Sheet != "" {
		parts = append(parts, "sheet "+strconv.Quote(w.Sheet))
	}
	switch {
	case w.Cell != "" && w.Row > 0 && !strings.ContainsAny(w.Cell, "0123456789"):
		parts = append(parts, w.Cell+strconv.Itoa(w.Row))
	case w.Cell != "":
		parts = append(parts, w.Cell)
	case w.Row > 0:
		parts = append(parts, "row "+strconv.Itoa(w.Row))
	}
	if w.Field != "" {
		parts = append(parts, w.Field)
	}
	return strings.Join(parts, ", ")
}

// CodeOf gives the code of the first fault in err's chain, or "" for other errors.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// KindOf gives the kind of the first fault in err's chain; any other error is Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind()
	}
	return Internal
}

// Listing is every entry of the catalogue, sorted by code; the documentation and its test are made from it.
func Listing() []Entry {
	out := make([]Entry, 0, len(catalogue()))
	for _, entry := range catalogue() {
		out = append(out, entry)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Code < out[j].Code })
	return out
}

// Lookup finds a code in the catalogue.
func Lookup(code Code) (Entry, bool) { entry, ok := catalogue()[code]; return entry, ok }

func fill(text string, details map[string]string) string {
	for name, value := range details {
		text = strings.ReplaceAll(text, "{"+name+"}", value)
	}
	return text
}

// Internalf is an unexpected failure of ours with its context; surfaces show a reference, logs show the cause.
func Internalf(err error, format string, args ...any) *Error {
	return Wrap(fmt.Errorf(format+": %w", append(args, err)...), InternalError)
}
