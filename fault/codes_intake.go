package fault

// Codes of intake.
const ()

func intakeFaults() []Entry {
	return []Entry{}
}
