package xpath

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"safar/fault"
)

// tokenKind sorts the words of an expression.
type tokenKind uint8

const (
	endToken tokenKind = iota
	numberToken
	literalToken
	nameToken // a, p:a, p:*
	signToken // operators and brackets
)

type token struct {
	kind   tokenKind
	text   string // the sign, the name with prefix, the number, or the literal without its quotes
	column int    // 1-based, in characters
}

// The bounds of an expression.
const (
	maxLength = 32 << 10 // bytes
	maxTokens = 6000
	maxDepth  = 100
)

// lexer cuts an expression into tokens.
type lexer struct {
	src    string
	at     int // byte offset
	column int
	tokens []token
}

func tokenize(src string) ([]token, error) {
	if strings.TrimSpace(src) == "" {
		return nil, fault.New(fault.XPathEmpty)
	}
	if len(src) > maxLength {
		return nil, fault.New(fault.XPathTooLong, "limit", FormatNumber(maxLength), "what", "characters")
	}
	l := &lexer{src: src, column: 1, tokens: make([]token, 0, len(src)/3+2)}
	for {
		l.skipSpace()
		if l.at == len(l.src) {
			l.tokens = append(l.tokens, token{kind: endToken, column: l.column})
			return l.tokens, nil
		}
		if len(l.tokens) >= maxTokens {
			return nil, fault.New(fault.XPathTooLong, "limit", FormatNumber(maxTokens), "what", "words and signs")
		}
		if err := l.next(); err != nil {
			return nil, err
		}
	}
}

func (l *lexer) skipSpace() {
	for l.at < len(l.src) && strings.IndexByte(" \t\r\n", l.src[l.at]) >= 0 {
		l.at++
		l.column++
	}
}

func (l *lexer) next() error {
	c := l.src[l.at]
	switch {
	case c >= '0' && c <= '9', c == '.' && l.at+1 < len(l.src) && isDigit(l.src[l.at+1]):
		l.number()
		return nil
	case c == '\'' || c == '"':
		return l.literal(c)
	}
	if n := nameLength(l.src[l.at:]); n > 0 {
		l.name(n)
		return nil
	}
	if err := l.mistake(); err != nil {
		return err
	}
	for _, sign := range [...]string{"::", "//", "..", "!=", "<=", ">="} {
		if strings.HasPrefix(l.src[l.at:], sign) {
			l.emit(signToken, sign, len(sign))
			return nil
		}
	}
	if strings.IndexByte("()[]@,/|+-=<>*.", c) >= 0 {
		l.emit(signToken, l.src[l.at:l.at+1], 1)
		return nil
	}
	return l.odd()
}

// emit adds a token of size bytes, none of which is a line break.
func (l *lexer) emit(kind tokenKind, text string, size int) {
	l.tokens = append(l.tokens, token{kind: kind, text: text, column: l.column})
	l.column += utf8.RuneCountInString(l.src[l.at : l.at+size])
	l.at += size
}

func (l *lexer) number() {
	end := l.at
	for end < len(l.src) && isDigit(l.src[end]) {
		end++
	}
	if end < len(l.src) && l.src[end] == '.' {
		for end++; end < len(l.src) && isDigit(l.src[end]); {
			end++
		}
	}
	l.emit(numberToken, l.src[l.at:end], end-l.at)
}

func (l *lexer) literal(quote byte) error {
	length := strings.IndexByte(l.src[l.at+1:], quote)
	if length < 0 {
		return fault.New(fault.XPathOpenQuote, "column", l.here(), "found", clip(l.src[l.at:]), "quote", string(quote))
	}
	l.emit(literalToken, l.src[l.at+1:l.at+1+length], length+2)
	return nil
}

// name takes a name with its prefix, if the colon stands directly between the two.
func (l *lexer) name(n int) {
	rest := l.src[l.at+n:]
	if strings.HasPrefix(rest, ":") && !strings.HasPrefix(rest, "::") {
		if strings.HasPrefix(rest, ":*") {
			n += 2
		} else if local := nameLength(rest[1:]); local > 0 {
			n += 1 + local
		}
	}
	l.emit(nameToken, l.src[l.at:l.at+n], n)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// nameLength gives the bytes of the XML name without colon at the start of s, 0 when there is none.
func nameLength(s string) int {
	for i, c := range s {
		if c == '_' || unicode.IsLetter(c) {
			continue
		}
		if i > 0 && (c == '-' || c == '.' || c == '\u00b7' || unicode.IsDigit(c) || unicode.Is(unicode.M, c)) {
			continue
		}
		return i
	}
	return len(s)
}
