package xpath

import (
	"math"
	"strconv"
)

func numberFunctions() []function {
	list := []function{
		{doc: FunctionDoc{Group: "numbers", Signature: "number(value any?) number",
			Text:      "the value as number, NaN when it is none",
			Deviation: "A text or node that holds an ISO date counts as the days since 1970-01-01 (ODK).",
			Examples: []Example{{"number(' 12.50 ')", "12.5"}, {"number('twelve')", "NaN"}, {"number('1970-01-03')", "2"},
				{"number('1970-01-01T06:00:00Z')", "0.25"}, {"number(/data/note)", "NaN"}, {"number(true())", "1"}}},
			apply: toNumber},
		{doc: FunctionDoc{Group: "numbers", Signature: "int(value number) number",
			Text:     "the whole number that is left when the fraction is cut off",
			Examples: []Example{{"int(3.9)", "3"}, {"int(-3.9)", "-3"}, {"int('7.2')", "7"}}},
			apply: mathematics(math.Trunc)},
		{doc: FunctionDoc{Group: "numbers", Signature: "round(value number, decimals number?) number",
			Text: "the value rounded to a whole number or to decimals; halves go towards positive infinity; negative decimals round to tens, hundreds",
			Deviation: "The second argument is ODK's. Rounding works on the number as it is written, so round(2.15, 1) is 2.2. " +
				"Enketo and web forms round negative halves away from zero; XPath, ODK Collect and Safar do not.",
			Examples: []Example{{"round(2.5)", "3"}, {"round(-2.5)", "-2"}, {"round(2.15, 1)", "2.2"}, {"round(626.3, -3)", "1000"}}},
			apply: round},
		{doc: FunctionDoc{Group: "numbers", Signature: "floor(value number) number", Text: "the greatest whole number not above the value",
			Examples: []Example{{"floor(-1.5)", "-2"}}}, apply: mathematics(math.Floor)},
		{doc: FunctionDoc{Group: "numbers", Signature: "ceiling(value number) number", Text: "the least whole number not below the value",
			Examples: []Example{{"ceiling(1.2)", "2"}}}, apply: mathematics(math.Ceil)},
		{doc: FunctionDoc{Group: "numbers", Signature: "abs(value number) number", Text: "the value without its sign",
			Examples: []Example{{"abs(-4)", "4"}}}, apply: mathematics(math.Abs)},
		{doc: FunctionDoc{Group: "numbers", Signature: "pow(base number, exponent number) number", Text: "the base to the power of the exponent",
			Examples: []Example{{"pow(2, 10)", "1024"}, {"pow(4, 0.5)", "2"}}}, apply: mathematics2(math.Pow)},
		{doc: FunctionDoc{Group: "numbers", Signature: "sqrt(value number) number", Text: "the square root",
			Examples: []Example{{"sqrt(9)", "3"}, {"sqrt(-1)", "NaN"}}}, apply: mathematics(math.Sqrt)},
		{doc: FunctionDoc{Group: "numbers", Signature: "exp(value number) number", Text: "e to the power of the value",
			Examples: []Example{{"exp(0)", "1"}}}, apply: mathematics(math.Exp)},
		{doc: FunctionDoc{Group: "numbers", Signature: "exp10(value number) number", Text: "10 to the power of the value",
			Examples: []Example{{"exp10(3)", "1000"}}}, apply: mathematics(func(x float64) float64 { return math.Pow(10, x) })},
		{doc: FunctionDoc{Group: "numbers", Signature: "log(value number) number", Text: "the natural logarithm",
			Examples: []Example{{"log(1)", "0"}}}, apply: mathematics(math.Log)},
		{doc: FunctionDoc{Group: "numbers", Signature: "log10(value number) number", Text: "the logarithm to base 10",
			Examples: []Example{{"log10(1000)", "3"}}}, apply: mathematics(math.Log10)},
	}
	return append(append(list, angleFunctions()...), aggregateFunctions()...)
}

func angleFunctions() []function {
	pi := func(*run, *call) Value { return NumberValue(math.Pi) }
	random := func(r *run, c *call) Value {
		if source := r.chance(c); source != nil {
			return NumberValue(source.Float64())
		}
		return Value{}
	}
	return []function{
		{doc: FunctionDoc{Group: "numbers", Signature: "pi() number", Text: "the number pi",
			Examples: []Example{{"round(pi(), 4)", "3.1416"}}}, apply: pi},
		{doc: FunctionDoc{Group: "numbers", Signature: "sin(angle number) number", Text: "the sine of an angle in radians",
			Examples: []Example{{"sin(0)", "0"}}}, apply: mathematics(math.Sin)},
		{doc: FunctionDoc{Group: "numbers", Signature: "cos(angle number) number", Text: "the cosine of an angle in radians",
			Examples: []Example{{"cos(0)", "1"}}}, apply: mathematics(math.Cos)},
		{doc: FunctionDoc{Group: "numbers", Signature: "tan(angle number) number", Text: "the tangent of an angle in radians",
			Examples: []Example{{"tan(0)", "0"}}}, apply: mathematics(math.Tan)},
		{doc: FunctionDoc{Group: "numbers", Signature: "asin(value number) number", Text: "the angle in radians whose sine is the value",
			Examples: []Example{{"asin(0)", "0"}, {"asin(2)", "NaN"}}}, apply: mathematics(math.Asin)},
		{doc: FunctionDoc{Group: "numbers", Signature: "acos(value number) number", Text: "the angle in radians whose cosine is the value",
			Examples: []Example{{"acos(1)", "0"}}}, apply: mathematics(math.Acos)},
		{doc: FunctionDoc{Group: "numbers", Signature: "atan(value number) number", Text: "the angle in radians whose tangent is the value",
			Examples: []Example{{"atan(0)", "0"}}}, apply: mathematics(math.Atan)},
		{doc: FunctionDoc{Group: "numbers", Signature: "atan2(y number, x number) number", Text: "the angle in radians of the point (x, y)",
			Examples: []Example{{"atan2(0, 1)", "0"}}}, apply: mathematics2(math.Atan2)},
		{doc: FunctionDoc{Group: "numbers", Signature: "random() number", Text: "a random number from 0 up to but without 1",
			Examples: []Example{{"random() < 1", "true"}}}, apply: random},
	}
}

const blanksIgnored = "Empty answers are ignored, as in ODK; any other text that is not a number makes the result NaN " +
	"(ODK Collect leaves it out silently)."

func aggregateFunctions() []function {
	return []function{
		{doc: FunctionDoc{Group: "numbers", Signature: "sum(nodes nodes) number", Text: "the sum of the numbers in the nodes, 0 for none",
			Deviation: blanksIgnored, Examples: []Example{{"sum(/data/member/years)", "19"}, {"sum(/data/nobody)", "0"}}},
			apply: func(r *run, c *call) Value {
				return r.fold(c.args, 0, func(a, b float64) float64 { return a + b })
			}},
		{doc: FunctionDoc{Group: "numbers", Signature: "max(values any*) number", Text: "the greatest of the numbers; NaN when there is none",
			Deviation: blanksIgnored, Examples: []Example{{"max(/data/member/years)", "12"}, {"max(3, /data/age, '5')", "34"}, {"max(/data/note)", "NaN"}}},
			apply: func(r *run, c *call) Value { return r.fold(c.args, math.NaN(), math.Max) }},
		{doc: FunctionDoc{Group: "numbers", Signature: "min(values any*) number", Text: "the least of the numbers; NaN when there is none",
			Deviation: blanksIgnored, Examples: []Example{{"min(/data/member/years)", "7"}, {"min(3, /data/age, '5')", "3"}}},
			apply: func(r *run, c *call) Value { return r.fold(c.args, math.NaN(), math.Min) }},
	}
}

// fold joins the numbers of all values; empty texts are left out. none is the result without values.
func (r *run) fold(args []expr, none float64, join func(a, b float64) float64) Value {
	total, some := none, false
	r.each(args, func(v Value) {
		if v.Type() == String && blank(v.text) {
			return
		}
		f, _ := v.number(r.zone)
		if some {
			f = join(total, f)
		}
		total, some = f, true
	})
	return NumberValue(total)
}

func toNumber(r *run, c *call) Value {
	var f float64
	var counts calendar
	if len(c.args) == 0 {
		f, counts = textNumber(r.text(r.node), r.zone)
	} else {
		f, counts = r.counted(c.args[0])
	}
	return Value{typ: Number, num: f, counts: counts}
}

func mathematics(f func(float64) float64) func(*run, *call) Value {
	return func(r *run, c *call) Value { return NumberValue(f(r.number(c.args[0]))) }
}

func mathematics2(f func(a, b float64) float64) func(*run, *call) Value {
	return func(r *run, c *call) Value { return NumberValue(f(r.number(c.args[0]), r.number(c.args[1]))) }
}

// roundHalfUp rounds as XPath does: halves towards positive infinity.
func roundHalfUp(f float64) float64 {
	floor := math.Floor(f)
	if f-floor >= 0.5 {
		return floor + 1
	}
	return floor
}

func round(r *run, c *call) Value {
	value := r.number(c.args[0])
	if len(c.args) == 1 {
		return NumberValue(roundHalfUp(value))
	}
	decimals := math.Trunc(r.number(c.args[1]))
	switch {
	case math.IsNaN(decimals) || math.Abs(decimals) > 30:
		return NumberValue(math.NaN())
	case math.IsNaN(value) || math.IsInf(value, 0):
		return NumberValue(value)
	}
	return NumberValue(shift(roundHalfUp(shift(value, int(decimals))), -int(decimals)))
}

// shift moves the decimal point of the number as it is written, so that 2.15 becomes exactly 21.5.
func shift(f float64, places int) float64 {
	shifted, err := strconv.ParseFloat(strconv.FormatFloat(f, 'f', -1, 64)+"e"+strconv.Itoa(places), 64)
	if err != nil {
		return f * math.Pow10(places)
	}
	return shifted
}
