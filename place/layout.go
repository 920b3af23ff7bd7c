package place

import (
	"strings"

	"safar/sheet"
)

// role says what a column holds: a field of the row's own place, or of a unit above it.
type role struct {
	field string
	arg   string // language, code system
	level Level  // of the unit, own for the row's own place
}

const own Level = -1

func parseRole(s string) role {
	r := role{level: own}
	if rest, ok := strings.CutPrefix(s, "adm"); ok && len(rest) > 2 && rest[0] >= '0' && rest[0] <= '4' && rest[1] == '.' {
		r.level = Level(rest[0] - '0')
		s = rest[2:]
	}
	r.field, r.arg, _ = strings.Cut(s, ":")
	return r
}

// layout is a preset put to use: it gives the role of any header and remembers it.
type layout struct {
	preset Preset
	known  map[string]role
}

func newLayout(p Preset) *layout { return &layout{preset: p, known: map[string]role{}} }

// roleOf gives the role of a header; the field is "" for a column that means nothing here and "-" for one left aside.
func (l *layout) roleOf(header string) role {
	if r, ok := l.known[header]; ok {
		return r
	}
	folded := sheet.FoldHeader(header)
	var found role
	for _, c := range l.preset.Columns {
		if level, tag, ok := fitsHeader(c.Header, folded); ok {
			found = parseRole(strings.NewReplacer("#", level, "@", tag).Replace(c.Role))
			break
		}
	}
	if len(l.known) < 10_000 {
		l.known[header] = found
	}
	return found
}

// fitsHeader compares a pattern with a folded header; # takes one digit from 0 to 4, @ takes the rest as a tag.
func fitsHeader(pattern, header string) (level, tag string, ok bool) {
	before, _, tagged := strings.Cut(pattern, "@")
	if !tagged && len(before) != len(header) || len(header) < len(before) {
		return "", "", false
	}
	for i := range len(before) {
		switch {
		case before[i] == '#' && header[i] >= '0' && header[i] <= '4':
			level = header[i : i+1]
		case before[i] != header[i]:
			return "", "", false
		}
	}
	tag = header[len(before):]
	return level, tag, !tagged || isTag(tag)
}

// isTag accepts what stands for a language or a code system behind a header.
func isTag(s string) bool {
	if len(s) < 2 || len(s) > 20 {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_-") == "" && s[0] >= 'a'
}

// score counts the headers that mean something, and says whether the layout can serve at all: without the key of its
// places it cannot. A feature collection may hold a country, which needs no code.
func (l *layout) score(headers []string, features bool) (matched int, usable bool) {
	for _, h := range headers {
		r := l.roleOf(h)
		if r.field == "" {
			continue
		}
		matched++
		switch l.preset.Of {
		case KindSite:
			usable = usable || r.field == "ssid" || r.field == "ssid_part"
		case KindPoint:
			usable = usable || r.field == "point"
		default:
			usable = usable || r.field == "code" || features && r.field == "country"
		}
	}
	return matched, usable
}

// bestLayout picks the preset that understands the most headers; nil when none can serve.
func bestLayout(presets []Preset, headers []string, features bool) (*layout, int) {
	var best *layout
	most := 0
	for _, p := range presets {
		l := newLayout(p)
		if matched, usable := l.score(headers, features); usable && matched > most {
			best, most = l, matched
		}
	}
	return best, most
}
