package quality

import (
	"math"
	"slices"
)

// Small statistics of lists of numbers. sd has n−1 below; quantiles are of type 7.

func mean(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v
	}
	return sum / float64(len(x))
}

func deviation(x []float64) float64 {
	m, sum := mean(x), 0.0
	for _, v := range x {
		sum += (v - m) * (v - m)
	}
	return math.Sqrt(sum / float64(len(x)-1))
}

// quantile of x, p from 0 to 1; x is not changed and not empty.
func quantile(x []float64, p float64) float64 {
	sorted := slices.Sorted(slices.Values(x))
	at := p * float64(len(sorted)-1)
	low := int(at)
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}

// spread is the median and 1.4826 times the median absolute deviation from it. Where that is zero, 1.2533 times the mean
// absolute deviation stands in; a spread of zero means that all are the same.
func spread(x []float64) (median, mad float64) {
	median = quantile(x, 0.5)
	away := make([]float64, len(x))
	for i, v := range x {
		away[i] = math.Abs(v - median)
	}
	if mad = 1.4826 * quantile(away, 0.5); mad == 0 {
		mad = 1.2533 * mean(away)
	}
	return median, mad
}

// twoSided is the chance of a normal value at least so far from zero.
func twoSided(z float64) float64 { return math.Erfc(math.Abs(z) / math.Sqrt2) }

// holm adjusts p-values for their number (Holm 1979): the order of the result is that of p.
func holm(p []float64) []float64 {
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmpFloat(p[a], p[b]) })
	adjusted, largest := make([]float64, len(p)), 0.0
	for rank, i := range order {
		largest = max(largest, min(1, p[i]*float64(len(p)-rank)))
		adjusted[i] = largest
	}
	return adjusted
}
