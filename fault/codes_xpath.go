package fault

// Codes of xpath.
const ()

func xpathFaults() []Entry {
	return []Entry{}
}
