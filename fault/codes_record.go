package fault

// Codes of records.
const (
	RecordNoAnswer    Code = "record.no_answer"
	RecordManyAnswers Code = "record.many_answers"
	RecordUnknown     Code = "record.unknown"
	RecordReason      Code = "record.reason"
	RecordMisfit      Code = "record.misfit"
	RecordNegative    Code = "record.negative"
	RecordUnchanged   Code = "record.unchanged"
	RecordNotCounted  Code = "record.not_correctable"
)

func recordFaults() []Entry {
	return []Entry{
		{RecordNoAnswer, NotFound, "the record has no answer called {question}", "Give the question's name as record show prints it, or its full path."},
		{RecordManyAnswers, Invalid, "{question} stands several times in this record", "Give the full path of the one you mean: {paths}."},
		{RecordUnknown, NotFound, "there is no record {record} in operation {operation}", "Copy the id from record list."},
		{RecordReason, Invalid, "{reason} is not a reason code", "Use one of {codes}."},
		{RecordMisfit, Invalid, "{question} cannot be {value}: {why}", "Nothing was written; tool show and the form tell what the question takes."},
		{RecordNegative, Invalid, "{question} cannot be {value}: nobody counts below zero", "Nothing was written; give a number of 0 or more, or leave the value empty when it is not known."},
		{RecordUnchanged, Conflict, "{question} already has the value {value}", "Nothing was written; give another value."},
		{RecordNotCounted, Conflict, "record {record} is {state} and cannot be corrected", "Choose the record that counts in its place; record show names it."},
	}
}
