package fault

// Codes of form.
const ()

func formFaults() []Entry {
	return []Entry{}
}
