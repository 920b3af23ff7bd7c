package fault

// Codes of training.
const (
	TrainingOption Code = "training.option"
	TrainingPack   Code = "training.pack"
)

func trainingFaults() []Entry {
	return []Entry{
		{TrainingOption, Invalid, "the practice country cannot be made with {option} {value}", "Use {wanted}."},
		{TrainingPack, Invalid, "the practice country cannot be made: the tool {tool} has no {what} \"{name}\"", "Keep it in the tool, or make the practice country with the tools that come with Safar."},
	}
}
