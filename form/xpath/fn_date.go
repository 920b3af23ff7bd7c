package xpath

import (
	"math"
	"strconv"
	"strings"
	"time"

	"safar/fault"
)

func dateFunctions() []function {
	return []function{
		{doc: FunctionDoc{Group: "dates", Signature: "today() date", Text: "the day on which the answers count as asked",
			Examples: []Example{{"today()", "2024-05-17"}, {"today() - /data/visit", "7"}, {"/data/visit <= today()", "true"}}},
			apply: today},
		{doc: FunctionDoc{Group: "dates", Signature: "now() datetime", Text: "the time at which the answers count as asked, in the zone of the operation",
			Examples: []Example{{"now()", "2024-05-17T10:20:30.000Z"}, {"now() > today()", "true"}}},
			apply: now},
		{doc: FunctionDoc{Group: "dates", Signature: "date(value any) date",
			Text: "the day of a date, a date-time or a number of days since 1970-01-01; Invalid Date when the text is no date, nothing when it is empty",
			Examples: []Example{{"date('2024-5-7')", "2024-05-07"}, {"date(14127)", "2008-09-05"}, {"date(today() + 30)", "2024-06-16"},
				{"date('2024-05-17T23:30:00-05:00')", "2024-05-18"}, {"date('soon')", "Invalid Date"}}},
			apply: func(r *run, c *call) Value { return r.toDate(r.atom(c.args[0])) }},
		{doc: FunctionDoc{Group: "dates", Signature: "date-time(value any) datetime",
			Text:     "the date-time of a date (its midnight), a date-time, or a number of days of universal time since 1970-01-01",
			Examples: []Example{{"date-time('2024-05-17')", "2024-05-17T00:00:00.000Z"}, {"date-time(0.5)", "1970-01-01T12:00:00.000Z"}}},
			apply: func(r *run, c *call) Value { return r.toInstant(r.atom(c.args[0])) }},
		{doc: FunctionDoc{Group: "dates", Signature: "decimal-date-time(value any) number",
			Text:     "the days of universal time since 1970-01-01T00:00Z; a date alone counts from its midnight in the zone of the operation",
			Examples: []Example{{"decimal-date-time('1970-01-02T12:00:00Z')", "1.5"}, {"decimal-date-time('soon')", "NaN"}}},
			apply: func(r *run, c *call) Value {
				v := r.toInstant(r.atom(c.args[0]))
				if v.typ != DateTime {
					return NumberValue(math.NaN())
				}
				return Value{typ: Number, num: v.num, counts: instant}
			}},
		{doc: FunctionDoc{Group: "dates", Signature: "decimal-time(value any) number",
			Text:     "the time of day as part of the day, on the clock of the operation",
			Examples: []Example{{"decimal-time('18:00')", "0.75"}, {"decimal-time('2024-05-17T06:00:00Z')", "0.25"}, {"decimal-time('25:00')", "NaN"}}},
			apply: decimalTime},
		{doc: FunctionDoc{Group: "dates", Signature: "format-date(value any, format string) string",
			Text:      "the date as the format says: %Y year, %y its last two digits, %m month 01, %n month 1, %b month Jan, %d day 01, %e day 1, %a day Sun, %W ISO week, %% a percent sign",
			Deviation: "Names of months and days are English whatever the language.",
			Examples:  []Example{{"format-date(/data/visit, '%e %b %Y')", "10 May 2024"}, {"format-date('2024-05-17', '%d.%m.%y (%a)')", "17.05.24 (Fri)"}, {"format-date('', '%Y')", ""}}},
			apply: formatDate},
		{doc: FunctionDoc{Group: "dates", Signature: "format-date-time(value any, format string) string",
			Text:     "as format-date, and also %H hour 00 to 23, %h hour 0 to 23, %M minute, %S second, %3 thousandths of a second",
			Examples: []Example{{"format-date-time('2024-05-17T09:05:07.250Z', '%Y-%m-%d %H:%M:%S.%3')", "2024-05-17 09:05:07.250"}}},
			apply: formatDate},
	}
}

func (r *run) clock(c *call) (time.Time, bool) {
	if r.ctx.Now.IsZero() {
		r.fail(fault.New(fault.XPathNoClock, "function", c.fn.doc.Name))
	}
	return r.ctx.Now.In(r.zone), r.err == nil
}

func today(r *run, c *call) Value {
	if !r.ctx.Today.IsZero() {
		return dateValue(float64(dayOf(r.ctx.Today)))
	}
	t, ok := r.clock(c)
	if !ok {
		return Value{}
	}
	return dateValue(float64(dayOf(t)))
}

func now(r *run, c *call) Value {
	t, ok := r.clock(c)
	if !ok {
		return Value{}
	}
	return instantValue(t)
}

// toDate makes a Date of any value, or an empty text.
func (r *run) toDate(v Value) Value {
	switch v.Type() {
	case Date:
		return v
	case DateTime, Number:
		days := v.num
		if v.counts == instant {
			days = wallDays(days, r.zone)
		}
		return dateValue(math.Floor(days))
	case Boolean:
		return TextValue("")
	}
	text := strings.TrimSpace(v.text)
	if text == "" {
		return TextValue("")
	}
	m, ok := parseMoment(text, r.zone, true)
	switch {
	case !ok:
		return invalidDate(Date)
	case m.timed:
		return dateValue(float64(dayOf(m.at.In(r.zone))))
	}
	return dateValue(float64(m.days))
}

// toInstant makes a DateTime of any value, an empty text, or an invalid date.
func (r *run) toInstant(v Value) Value {
	switch v.Type() {
	case DateTime:
		return v
	case Number, Date:
		if v.counts == wholeDay {
			return r.midnight(v.num)
		}
		t, ok := fromInstant(v.num, r.zone)
		if !ok {
			return invalidDate(DateTime)
		}
		return instantValue(t)
	case Boolean:
		return TextValue("")
	}
	text := strings.TrimSpace(v.text)
	if text == "" {
		return TextValue("")
	}
	m, ok := parseMoment(text, r.zone, true)
	switch {
	case !ok:
		return invalidDate(DateTime)
	case m.timed:
		return instantValue(m.at.In(r.zone))
	}
	return r.midnight(float64(m.days))
}

// midnight is the beginning of a calendar day in the zone; a fraction of the day is kept.
func (r *run) midnight(days float64) Value {
	t, ok := fromInstant(days, time.UTC)
	if !ok {
		return invalidDate(DateTime)
	}
	y, m, d := t.Date()
	return instantValue(time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), r.zone))
}

func decimalTime(r *run, c *call) Value {
	v := r.atom(c.args[0])
	if v.Type() == String && !strings.Contains(v.text, "T") {
		v.text = r.someDay() + "T" + strings.TrimSpace(v.text)
	}
	at := r.toInstant(v)
	t, ok := fromInstant(at.num, r.zone)
	if at.typ != DateTime || !ok {
		return NumberValue(math.NaN())
	}
	since := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute +
		time.Duration(t.Second())*time.Second + time.Duration(t.Nanosecond())
	return NumberValue(float64(since.Milliseconds()) / dayMillis)
}

// someDay is the day on which a time of day is read: the current one, because the clock of a zone was another in the past
// (in 1970 Dushanbe was an hour further from Greenwich than it is now).
func (r *run) someDay() string {
	switch {
	case !r.ctx.Today.IsZero():
		return r.ctx.Today.Format(time.DateOnly)
	case !r.ctx.Now.IsZero():
		return r.ctx.Now.In(r.zone).Format(time.DateOnly)
	}
	return "2020-01-01"
}

func formatDate(r *run, c *call) Value {
	v := r.atom(c.args[0])
	if v.typ == Number && v.counts == plain && v.num == math.Trunc(v.num) {
		v.counts = wholeDay // whole numbers are days of the calendar, so that no zone shifts them
	}
	at := r.toInstant(v)
	format := r.string(c.args[1])
	t, ok := fromInstant(at.num, r.zone)
	if at.typ != DateTime || !ok {
		return TextValue("")
	}
	var b strings.Builder
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			b.WriteByte(format[i])
			continue
		}
		i++
		if i == len(format) || !writePart(&b, t, format[i], c.fn.doc.Name == "format-date-time") {
			return r.refuse(c, format, "a format", "the signs that the documentation of "+c.fn.doc.Name+"() lists, such as %Y-%m-%d")
		}
	}
	return TextValue(b.String())
}

// writePart writes what one sign of a format stands for; false when there is no such sign.
func writePart(b *strings.Builder, t time.Time, sign byte, timed bool) bool {
	switch sign {
	case '%':
		b.WriteByte('%')
	case 'Y':
		b.WriteString(t.Format("2006"))
	case 'y':
		b.WriteString(t.Format("06"))
	case 'm':
		b.WriteString(t.Format("01"))
	case 'n':
		b.WriteString(t.Format("1"))
	case 'b':
		b.WriteString(t.Format("Jan"))
	case 'd':
		b.WriteString(t.Format("02"))
	case 'e':
		b.WriteString(t.Format("2"))
	case 'a':
		b.WriteString(t.Format("Mon"))
	case 'W':
		_, week := t.ISOWeek()
		b.WriteString(strconv.Itoa(week))
	default:
		return timed && writeTimePart(b, t, sign)
	}
	return true
}

func writeTimePart(b *strings.Builder, t time.Time, sign byte) bool {
	switch sign {
	case 'H':
		b.WriteString(t.Format("15"))
	case 'h':
		b.WriteString(strconv.Itoa(t.Hour()))
	case 'M':
		b.WriteString(t.Format("04"))
	case 'S':
		b.WriteString(t.Format("05"))
	case '3':
		b.WriteString(t.Format(".000")[1:])
	default:
		return false
	}
	return true
}
