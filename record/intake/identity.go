package intake

import (
	"regexp"
	"slices"
	"strings"

	"safar/dictionary"
	"safar/sheet"
)

var (
	uuidText  = regexp.MustCompile(`(?i)^(uuid:)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	imeiText  = regexp.MustCompile(`^\d{15}$`)
	phoneText = regexp.MustCompile(`^\+?\(?\d[\d ()./-]{7,17}\d$`)
	emailText = regexp.MustCompile(`^[^\s@]+@[^\s@]+\.[^\s@]{2,}$`)
)

// identityHeaders are words in headers of columns that identify persons or devices, folded.
var identityHeaders = []struct{ words, what string }{
	{"deviceid device_id imei simserial simid subscriberid serial", "device numbers"},
	{"phonenumber phone telephone tel mobile cellphone whatsapp телефон телефони", "telephone numbers"},
	{"email mail", "e-mail addresses"},
	{"username submitter submittedby submitted_by enumeratorname enumerator_name surveyor", "names of staff"},
	{"respondent informant headofhousehold beneficiary firstname lastname surname fullname patronymic фио", "names of persons"},
	{"passport nationalid idcard taxid inn iin jshshir", "numbers of documents"},
	{"fingerprint biometric photo signature", "biometric data"},
}

// identityOf says what personal data a column seems to hold, "" for none: by its header, else by the shape of its values.
func identityOf(header string, p profile) string {
	words := strings.Fields(dictionary.Fold(strings.ReplaceAll(header, "_", " ")))
	joined := strings.Join(words, "")
	for _, h := range identityHeaders {
		for _, w := range strings.Fields(h.words) {
			plain := strings.ReplaceAll(w, "_", "")
			if slices.Contains(words, plain) || len(plain) > 6 && strings.Contains(joined, plain) {
				if !counting(p) {
					return h.what
				}
			}
		}
	}
	switch {
	case p.share(p.imei) > 0.3:
		return "15-digit device numbers"
	case p.share(p.uuids) > 0.3:
		return "ids of submissions"
	case p.share(p.emails) > 0.3:
		return "e-mail addresses"
	case p.share(p.phones) > 0.5:
		return "telephone numbers"
	}
	return ""
}

// counting holds for a column of small whole numbers: "phones owned" is no list of telephone numbers.
// A column of ticks is none either.
func counting(p profile) bool { return p.share(p.whole) > 0.8 && p.max < 1e6 || ticks(p) }

func ticks(p profile) bool {
	for text := range p.distinct {
		switch strings.ToLower(text) {
		case "yes", "no", "true", "false", "0", "1", "x", "oui", "non", "да", "нет":
		default:
			return false
		}
	}
	return p.filled > 0
}

// bookkeeping recognises the columns that collection tools add.
func bookkeeping(header string) bool {
	h := strings.ToLower(strings.TrimSpace(header))
	h = strings.TrimPrefix(h, "x")
	for _, prefix := range []string{"_", "meta/", "formhub/", "__", ".u.feff"} {
		if strings.HasPrefix(h, prefix) && !strings.HasPrefix(h, "_name") {
			return true
		}
	}
	switch h {
	case "start", "end", "today", "instanceid", "instancename", "uuid", "key", "submissiondate", "formdef_version", "parent_index", "audit", "rownum", "row number", "objectid", "fid", "sn", "s/n", "no", "no.", "#", "№":
		return true
	}
	return false
}

// profile counts what the cells of a column look like.
type profile struct {
	filled, text, whole, decimal, dates, errors int
	imei, uuids, phones, emails                 int
	pcodes, codes                               int
	min, max                                    float64
	distinct                                    map[string]int // value -> how often; bounded
	unique                                      bool           // every filled cell differs
}

// maxDistinct bounds what a profile remembers of a column.
const maxDistinct = 20000

func (p profile) share(n int) float64 {
	if p.filled == 0 {
		return 0
	}
	return float64(n) / float64(p.filled)
}

// numeric is the share of cells that are numbers.
func (p profile) numeric() float64 { return p.share(p.whole + p.decimal) }

var (
	pcodeText = regexp.MustCompile(`^[A-Z]{2,3}[-_]?\d{2,}[A-Z0-9]*$`)
	codeText  = regexp.MustCompile(`^[\pL\d_.\-/]*\d[\pL\d_.\-/]*$`)
)

// profileOf looks at the cells of one column.
func profileOf(rows []sheet.Row, col int, d *dictionary.Dictionary) profile {
	p := profile{distinct: map[string]int{}}
	for _, row := range rows {
		c := row.Cell(col)
		text := cellText(c)
		if c.Kind == sheet.Empty || text == "" {
			continue
		}
		if _, missing := d.Missing(text); missing && c.Kind != sheet.Error {
			continue
		}
		p.add(c, text)
	}
	p.unique = p.filled > 1 && len(p.distinct) == p.filled
	for text, n := range p.distinct {
		p.shapes(text, n)
	}
	return p
}

func (p *profile) add(c sheet.Cell, text string) {
	p.filled++
	if len(p.distinct) < maxDistinct {
		p.distinct[text]++
	}
	switch c.Kind {
	case sheet.Error:
		p.errors++
		return
	case sheet.Date:
		return // counted by its shape
	case sheet.Bool:
		p.text++
		return
	}
	if c.Kind == sheet.Number {
		p.number(text)
	} else if n, ok := parseNumber(text, separators{}, false); ok && !n.percent {
		p.number(n.text)
	} else {
		p.text++
	}
}

func (p *profile) number(text string) {
	if strings.Contains(text, ".") {
		p.decimal++
	} else {
		p.whole++
	}
	f := toFloat(text)
	if p.whole+p.decimal == 1 {
		p.min, p.max = f, f
	}
	p.min, p.max = min(p.min, f), max(p.max, f)
}

// shapes counts what a text that stands in n cells looks like.
func (p *profile) shapes(text string, n int) {
	if len(text) > 64 || !strings.ContainsAny(text, "0123456789@") {
		return
	}
	switch {
	case imeiText.MatchString(text):
		p.imei += n
	case uuidText.MatchString(text):
		p.uuids += n
	case strings.Contains(text, "@") && emailText.MatchString(text):
		p.emails += n
	case isPhone(text):
		p.phones += n
	case pcodeText.MatchString(text):
		p.pcodes += n
	}
	if codeText.MatchString(text) {
		p.codes += n
	}
	if allDigits(text) || !strings.ContainsAny(text, " -/.") {
		return
	}
	if _, kind := dateOfText(text, dayFirst); kind == aDate {
		p.dates += n
	}
}

// isPhone wants a plus or a leading zero with nine digits or more, so that p-codes and counts are not taken for phones.
func isPhone(text string) bool {
	if !strings.HasPrefix(text, "+") && !strings.HasPrefix(text, "0") && !strings.HasPrefix(text, "(") {
		return false
	}
	return phoneText.MatchString(text) && digitCount(text) >= 9 && digitCount(text) <= 15
}

func digitCount(s string) int {
	n := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			n++
		}
	}
	return n
}
