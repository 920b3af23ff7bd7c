package fault

// Codes of command.
const ()

func commandFaults() []Entry {
	return []Entry{}
}
