package fault

// Codes of place.
const ()

func placeFaults() []Entry {
	return []Entry{}
}
