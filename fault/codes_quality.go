package fault

// Codes of quality.
const ()

func qualityFaults() []Entry {
	return []Entry{}
}
