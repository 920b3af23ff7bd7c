package quality

import (
	"time"

	"safar/locale"
)

// graceDays is how many days before and after a round's period an assessment may lie and still belong to it (check Q07).
const graceDays = 3

// dates finds records that no round holds (round.none), whose date lies outside their round (date.outside_round), and
// whose date had not come yet when they were received (date.future).
func (r *run) dates() {
	date, details := r.Derived.Date, map[string]string{}
	if date != "" {
		details["value"] = date
	}
	switch {
	case r.Round.Number == 0 && date == "":
		r.built("round.none", Block, noDateText(), details)
	case r.Round.Number == 0:
		r.built("round.none", Block, noRoundText(), details)
	case date != "" && !r.Round.Holds(date, graceDays):
		details["start"], details["end"] = r.Round.Start, r.Round.End
		r.built("date.outside_round", Block, outsideRoundText(), details)
	}
	if today := r.received(); date != "" && !today.IsZero() && date > today.Format(time.DateOnly) {
		r.built("date.future", Warn, futureText(), map[string]string{"value": date, "today": today.Format(time.DateOnly)})
	}
	r.carried()
}

// carriedRounds is how many rounds a value may be carried without a finding (domain reference, section 10).
const carriedRounds = 2

// carried finds values that were carried over from a round too long ago.
func (r *run) carried() {
	from := max(r.Derived.CarriedFrom, r.Record.CarriedFrom)
	if age := r.Round.Number - from; from > 0 && r.Round.Number > 0 && age > carriedRounds {
		r.built("record.carried", Flag, carriedText(), map[string]string{"from": itoa(from), "rounds": itoa(age)})
	}
}

// received is the day the record came in, in the operation's zone: a check run later must not forgive the clock.
func (r *run) received() time.Time {
	if at := r.Record.ReceivedAt; !at.IsZero() {
		return at.In(r.Zone)
	}
	if r.Now.IsZero() {
		return r.Now
	}
	return r.Now.In(r.Zone)
}

// built adds a finding that every tool has, about the record as a whole.
func (r *run) built(check string, level Level, message locale.Text, details map[string]string) {
	r.add(check, level, r.top.Path(), fillDetails(message, details), details)
}
