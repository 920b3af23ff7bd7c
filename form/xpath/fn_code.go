package xpath

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"regexp"
	"strings"
	"unicode/utf8"

	"safar/fault"
)

func moreTextFunctions() []function {
	return []function{
		{doc: FunctionDoc{Group: "texts", Signature: "regex(text string, pattern string) boolean",
			Text: "whether the whole text matches the regular expression",
			Deviation: "The whole text must match, as in ODK Collect; web forms look for a match anywhere. " +
				"Look-around and back-references are refused, so that matching is always fast.",
			Examples: []Example{{"regex('TJ0103', '[A-Z]{2}[0-9]{4}')", "true"}, {"regex('x12', '[0-9]+')", "false"}}},
			apply: matches},
		{doc: FunctionDoc{Group: "texts", Signature: "digest(text string, algorithm string, encoding string?) string",
			Text: "the hash of the text in UTF-8; algorithm is MD5, SHA-1, SHA-256, SHA-384 or SHA-512, encoding base64 (default) or hex",
			Examples: []Example{{"digest('abc', 'MD5', 'hex')", "900150983cd24fb0d6963f7d28e17f72"},
				{"digest('abc', 'SHA-1')", "qZk+NkcGgWq6PiVxeFDCbJzQ2J0="}}},
			apply: digest},
		{doc: FunctionDoc{Group: "texts", Signature: "base64-encode(text string) string",
			Text: "the text in UTF-8, written in base64", Examples: []Example{{"base64-encode('Amina')", "QW1pbmE="}}},
			apply: func(r *run, c *call) Value {
				return TextValue(base64.StdEncoding.EncodeToString([]byte(r.string(c.args[0]))))
			}},
		{doc: FunctionDoc{Group: "texts", Signature: "base64-decode(text string) string",
			Text:     "the text that was written in base64; nothing when it is not base64 of UTF-8",
			Examples: []Example{{"base64-decode('QW1pbmE=')", "Amina"}, {"base64-decode('?')", ""}}},
			apply: func(r *run, c *call) Value { return TextValue(decodeBase64(r.string(c.args[0]))) }},
		{doc: FunctionDoc{Group: "texts", Signature: "uuid(length number?) string",
			Text:     "a random identifier (RFC 4122 version 4), or as many random letters and digits as length says",
			Examples: []Example{{"string-length(uuid())", "36"}, {"string-length(uuid(8))", "8"}}},
			apply: uuid},
	}
}

func matches(r *run, c *call) Value {
	text := r.string(c.args[0])
	re := c.pattern
	if re == nil {
		pattern := r.string(c.args[1])
		if !r.spend(50 + len(pattern)) {
			return Value{}
		}
		var err error
		if re, err = compilePattern(pattern); err != nil {
			return r.refuse(c, pattern, "a regular expression", "a pattern without look-ahead, look-behind and back-references")
		}
	}
	r.spend(len(text)/4 + patternCost(re))
	return BoolValue(r.err == nil && re.MatchString(text))
}

// patternCost is a guess at how much a pattern costs beside the text: long ones run slower.
func patternCost(re *regexp.Regexp) int { return len(re.String()) / 16 }

func digest(r *run, c *call) Value {
	text, algorithm, encoding := []byte(r.string(c.args[0])), r.string(c.args[1]), "base64"
	if len(c.args) == 3 {
		encoding = r.string(c.args[2])
	}
	var sum []byte
	switch strings.ToUpper(algorithm) {
	case "MD5":
		s := md5.Sum(text)
		sum = s[:]
	case "SHA-1":
		s := sha1.Sum(text)
		sum = s[:]
	case "SHA-256":
		s := sha256.Sum256(text)
		sum = s[:]
	case "SHA-384":
		s := sha512.Sum384(text)
		sum = s[:]
	case "SHA-512":
		s := sha512.Sum512(text)
		sum = s[:]
	default:
		return r.refuse(c, algorithm, "an algorithm", "MD5, SHA-1, SHA-256, SHA-384 or SHA-512")
	}
	switch strings.ToLower(encoding) {
	case "base64":
		return TextValue(base64.StdEncoding.EncodeToString(sum))
	case "hex":
		return TextValue(hex.EncodeToString(sum))
	}
	return r.refuse(c, encoding, "an encoding", "base64 or hex")
}

func decodeBase64(text string) string {
	text = strings.TrimRight(strings.Join(strings.Fields(text), ""), "=")
	b, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil || !utf8.Valid(b) {
		return ""
	}
	return string(b)
}

// chance gives the source of chance, or fails when the context has none.
func (r *run) chance(c *call) *rand.Rand {
	if r.ctx.Random == nil {
		r.fail(fault.New(fault.XPathNoRandom, "function", c.fn.doc.Name))
	}
	return r.ctx.Random
}

func uuid(r *run, c *call) Value {
	random := r.chance(c)
	if random == nil {
		return Value{}
	}
	if len(c.args) == 0 {
		return TextValue(randomUUID(random))
	}
	length := r.number(c.args[0])
	if !(length >= 0 && length <= 1000) {
		return r.refuse(c, FormatNumber(length), "a length", "a number from 0 to 1000")
	}
	const signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	token := make([]byte, int(length))
	for i := range token {
		token[i] = signs[random.IntN(len(signs))]
	}
	return TextValue(string(token))
}

func randomUUID(random *rand.Rand) string {
	var b [16]byte
	for i := range b {
		b[i] = byte(random.UintN(256))
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
