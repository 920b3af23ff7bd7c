package fault

import "sync"

// InternalError is the code of every failure that is ours and not the user's.
const InternalError Code = "internal.error"

// catalogue joins the areas' tables once. A code that stands twice is a programming error that every test finds.
var catalogue = sync.OnceValue(func() map[Code]Entry {
	all := map[Code]Entry{}
	for _, table := range tables() {
		for _, entry := range table {
			if _, twice := all[entry.Code]; twice {
				panic("fault: code stands twice in the catalogue: " + string(entry.Code))
			}
			all[entry.Code] = entry
		}
	}
	return all
})

func tables() [][]Entry {
	return [][]Entry{
		{{InternalError, Internal, "Safar could not finish this", ""}},
		sheetFaults(),
		placeFaults(),
		dictionaryFaults(),
		xpathFaults(),
		formFaults(),
		recordFaults(),
		intakeFaults(),
		measureFaults(),
		toolboxFaults(),
		releaseFaults(),
		accessFaults(),
		storeFaults(),
		warehouseFaults(),
		workflowFaults(),
		openrosaFaults(),
		webFaults(),
		workspaceFaults(),
		commandFaults(),
		trainingFaults(),
		qualityFaults(),
		roundFaults(),
	}
}
