package fault

// Codes of openrosa.
const ()

func openrosaFaults() []Entry {
	return []Entry{}
}
