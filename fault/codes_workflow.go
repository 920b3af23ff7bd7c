package fault

// Codes of workflow.
const ()

func workflowFaults() []Entry {
	return []Entry{}
}
