package fault

// Codes of training.
const ()

func trainingFaults() []Entry {
	return []Entry{}
}
