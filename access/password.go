package access

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The cost of a person's password: RFC 9106's second recommended option (64 MiB, 3 passes), with one lane because an
// office laptop has few cores.
const (
	passwordMemoryKiB = 64 * 1024
	passwordPasses    = 3
	passwordLanes     = 1
	passwordBytes     = 32
)

// MinPassword is the least number of characters of a person's password.
const MinPassword = 10

// HashPassword makes the stored form of a person's password, argon2id with the given 16 random bytes of salt.
func HashPassword(password string, salt []byte) string {
	sum := argon2.IDKey([]byte(password), salt, passwordPasses, passwordMemoryKiB, passwordLanes, passwordBytes)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, passwordMemoryKiB, passwordPasses, passwordLanes, b64(salt), b64(sum))
}

// CheckPassword compares a password with its stored form, in time that does not tell how near it is.
func CheckPassword(stored, password string) bool {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false
	}
	var memory, passes uint32
	var lanes uint8
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes); err != nil || memory > 1<<20 || passes > 64 || lanes == 0 {
		return false
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	want, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(want) == 0 {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, passes, memory, lanes, uint32(len(want)))
	return subtle.ConstantTimeCompare(got, want) == 1
}

// HashSecret is the stored form of a device's or link's random secret. It needs no salt and no cost: 128 random bits
// cannot be guessed.
func HashSecret(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Secret writes 16 random bytes as a text that fits into a web address.
func Secret(random []byte) string { return base64.RawURLEncoding.EncodeToString(random) }
