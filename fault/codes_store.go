package fault

// Codes of store.
const ()

func storeFaults() []Entry {
	return []Entry{}
}
