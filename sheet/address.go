package sheet

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Column gives the letters of a 1-based column: 1 is A, 28 is AB. Below 1 it is empty.
func Column(col int) string {
	var letters [8]byte
	i := len(letters)
	for col > 0 && i > 0 {
		i--
		letters[i] = byte('A' + (col-1)%26)
		col = (col - 1) / 26
	}
	return string(letters[i:])
}

// Address gives the address of a 1-based row and column: Address(14, 8) is H14.
func Address(row, col int) string { return Column(col) + strconv.Itoa(row) }

// ParseAddress is the inverse of Address; dollar signs are allowed. It fails on anything else.
func ParseAddress(s string) (row, col int, ok bool) {
	return parseAddress([]byte(strings.ReplaceAll(s, "$", "")))
}

func parseAddress(s []byte) (row, col int, ok bool) {
	i := 0
	for ; i < len(s) && i < 4; i++ {
		c := s[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			break
		}
		col = col*26 + int(c-'A') + 1
	}
	letters := i
	for ; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' || row > 1<<28 {
			return 0, 0, false
		}
		row = row*10 + int(s[i]-'0')
	}
	return row, col, letters > 0 && row > 0
}

// FoldHeader gives the form under which headers and sheet names are compared: lower case, composed, without byte-order
// marks and zero-width characters, with every run of spaces, no-break spaces, tabs and line breaks as one space.
func FoldHeader(s string) string {
	if isFolded(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range norm.NFC.String(s) {
		switch {
		case unicode.IsSpace(r):
			space = true
		case isInvisible(r):
		default:
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// isInvisible holds for marks that people cannot see and programs leave in headers. The joiners U+200C and U+200D stay:
// they are letters' business in Persian and Kurdish.
func isInvisible(r rune) bool {
	switch r {
	case '\uFEFF', '\u200B', '\u2060', '\u200E', '\u200F', '\u00AD':
		return true
	}
	return r < 0x20 || r == 0x7F
}

func isFolded(s string) bool {
	for i := range len(s) {
		c := s[i]
		plain := c > ' ' && c < 0x7F && (c < 'A' || c > 'Z')
		if !plain && (c != ' ' || i == 0 || i == len(s)-1 || s[i-1] == ' ') {
			return false
		}
	}
	return true
}
