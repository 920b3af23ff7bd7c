package fault

// Codes of access.
const ()

func accessFaults() []Entry {
	return []Entry{}
}
