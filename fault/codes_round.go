package fault

// Codes of round.
const ()

func roundFaults() []Entry {
	return []Entry{}
}
