package measure

import (
	"fmt"
	"math"
	"math/big"
)

// MaxValue bounds the size of a fact's value and weight and of their product; greater ones are typing errors, and
// sums must fit.
const MaxValue = 1e12

// unit of the sums: a millionth. Integers and decimals of up to six places add up exactly.
const millionths = 1_000_000

// Total is an exact sum of values in millionths. Sums of floating numbers depend on the order of adding, which engines
// choose freely; whole millionths do not, so that every engine gives the same figure, bit for bit, every time.
type Total struct {
	small int64
	big   *big.Int // nil until small would overflow
}

// Millionths is a value in whole millionths, rounded half up. The expression is the one that the warehouse's SQL uses.
func Millionths(x float64) int64 { return int64(math.Floor(float64(x*millionths) + 0.5)) }

// Sane says whether x can be a fact's value or weight: finite and not beyond MaxValue.
func Sane(x float64) bool { return math.Abs(x) <= MaxValue }

// Add adds one value.
func (t *Total) Add(x float64) {
	const room = math.MaxInt64 / 2
	t.small += Millionths(x)
	if t.small > room || t.small < -room {
		t.big = t.whole()
		t.small = 0
	}
}

// ParseTotal reads a sum of millionths in decimal digits, as SQL gives it.
func ParseTotal(text string) (Total, error) {
	n, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return Total{}, fmt.Errorf("measure: not a sum of millionths: %q", text)
	}
	if n.IsInt64() {
		return Total{small: n.Int64()}, nil
	}
	return Total{big: n}, nil
}

// Float is the nearest floating number to the sum.
func (t Total) Float() float64 { return quotient(t.whole(), big.NewInt(millionths)) }

// Over is the nearest floating number to the quotient of two sums, NaN when the divisor is 0.
func (t Total) Over(by Total) float64 { return quotient(t.whole(), by.whole()) }

func (t Total) whole() *big.Int {
	n := big.NewInt(t.small)
	if t.big != nil {
		n.Add(n, t.big)
	}
	return n
}

func quotient(a, b *big.Int) float64 {
	if b.Sign() == 0 {
		return math.NaN()
	}
	x, _ := new(big.Rat).SetFrac(a, b).Float64()
	return x
}

// quotientOf divides, NaN when the divisor is 0.
func quotientOf(a, b float64) float64 {
	if b == 0 {
		return math.NaN()
	}
	return a / b
}
