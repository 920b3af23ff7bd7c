package fault

// Codes of warehouse.
const ()

func warehouseFaults() []Entry {
	return []Entry{}
}
