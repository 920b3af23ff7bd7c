package fault

// Codes of sheet.
const ()

func sheetFaults() []Entry {
	return []Entry{}
}
