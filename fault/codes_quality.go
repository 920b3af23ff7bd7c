package fault

// Codes of quality: what can be wrong with the checks of a tool.
const (
	QualityUnknownKind        Code = "quality.unknown_kind"
	QualityBadLevel           Code = "quality.bad_level"
	QualityBadScope           Code = "quality.bad_scope"
	QualityMissing            Code = "quality.missing"
	QualityNotUsed            Code = "quality.not_used"
	QualityTwice              Code = "quality.check_twice"
	QualityUnknownForm        Code = "quality.unknown_form"
	QualityUnknownQuestion    Code = "quality.unknown_question"
	QualityNotRepeat          Code = "quality.not_repeat"
	QualityBadParameter       Code = "quality.bad_parameter"
	QualityUnknownParameter   Code = "quality.unknown_parameter"
	QualityUnknownPlaceholder Code = "quality.unknown_placeholder"
)

func qualityFaults() []Entry {
	return []Entry{
		{QualityUnknownKind, Invalid, "there is no kind of check \"{kind}\"", "Use one of: {known}."},
		{QualityBadLevel, Invalid, "\"{level}\" is not a level", "Write B (blocks closing the round), W (wants an answer) or F (for review)."},
		{QualityBadScope, Invalid, "a check of kind {kind} cannot have the scope \"{scope}\"", "Use one of: {known}."},
		{QualityMissing, Invalid, "a check of kind {kind} needs {what}", "Add {what} to the check."},
		{QualityNotUsed, Invalid, "a check of kind {kind} makes no use of {what}", "Remove {what} from the check."},
		{QualityTwice, Invalid, "two checks have the id {id}", "Give each check its own id."},
		{QualityUnknownForm, Invalid, "the check is for the form \"{form}\", which the tool does not have", "Use one of: {known}."},
		{QualityUnknownQuestion, Invalid, "no form has the question {question}", "Name a question of the form{suggestion}."},
		{QualityNotRepeat, Invalid, "{name} is not a repeat of the form", "Write the name of the repeat whose rows are checked into each."},
		{QualityBadParameter, Invalid, "the parameter {parameter} cannot be \"{value}\"", "Write {wanted}."},
		{QualityUnknownParameter, Invalid, "a check of kind {kind} has no parameter {parameter}", "Use one of: {known}."},
		{QualityUnknownPlaceholder, Invalid, "the message names {placeholder}, which is neither a question nor something that the check finds", "Use a question of the form or one of: {known}."},
	}
}
