package fault

// Codes of release.
const ()

func releaseFaults() []Entry {
	return []Entry{}
}
