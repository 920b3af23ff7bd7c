package fault

// Codes of web.
const ()

func webFaults() []Entry {
	return []Entry{}
}
