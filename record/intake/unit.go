package intake

import (
	"crypto/sha1"
	"encoding/hex"
	"strconv"
)

// namespace is the UUIDv5 namespace of imported units. It is part of the data format: other bytes would make every
// stored row look new.
var namespace = [16]byte{0x5a, 0xfa, 0x12, 0x9c, 0x3e, 0x41, 0x5b, 0x07, 0x9d, 0x68, 0x1f, 0x0b, 0xc4, 0x27, 0xe3, 0x90}

// InstanceID gives the identity of an imported unit in a round, as "uuid:" and a UUIDv5: the same unit of the same
// round gets the same id whatever file it comes in, so a second import is seen as one.
func InstanceID(operation, activity string, round int, unit string) string {
	h := sha1.New()
	h.Write(namespace[:])
	for _, part := range []string{operation, activity, strconv.Itoa(round), unit} {
		h.Write([]byte(strconv.Itoa(len(part)) + ":" + part)) // with lengths, so that no two lists of parts read alike
	}
	var id [16]byte
	copy(id[:], h.Sum(nil))
	id[6] = id[6]&0x0f | 0x50
	id[8] = id[8]&0x3f | 0x80
	s := hex.EncodeToString(id[:])
	return "uuid:" + s[:8] + "-" + s[8:12] + "-" + s[12:16] + "-" + s[16:20] + "-" + s[20:]
}
