package fault

// Codes of toolbox.
const ()

func toolboxFaults() []Entry {
	return []Entry{}
}
