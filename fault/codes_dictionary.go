package fault

// Codes of dictionary.
const ()

func dictionaryFaults() []Entry {
	return []Entry{}
}
