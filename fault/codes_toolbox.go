package fault

// Codes of toolbox.
const (
	ToolboxNoTool     Code = "toolbox.no_tool"
	ToolboxNoForm     Code = "toolbox.no_form"
	ToolboxUnreadable Code = "toolbox.unreadable"
	ToolboxMissing    Code = "toolbox.file_missing"
	ToolboxTooLarge   Code = "toolbox.too_large"
	ToolboxFolder     Code = "toolbox.folder_name"
	ToolboxText       Code = "toolbox.unknown_text"
	ToolboxFormID     Code = "toolbox.form_id"

	// What lint finds.
	LintText       Code = "toolbox.lint_text"
	LintField      Code = "toolbox.lint_field"
	LintVariable   Code = "toolbox.lint_variable"
	LintIndicator  Code = "toolbox.lint_indicator"
	LintType       Code = "toolbox.lint_type"
	LintList       Code = "toolbox.lint_list"
	LintReference  Code = "toolbox.lint_reference"
	LintMedia      Code = "toolbox.lint_media"
	LintMessage    Code = "toolbox.lint_constraint_message"
	LintIdentity   Code = "toolbox.lint_identity"
	LintDimension  Code = "toolbox.lint_dimension"
	LintNever      Code = "toolbox.lint_never_over"
	LintMeasure    Code = "toolbox.lint_measure"
	LintNotShown   Code = "toolbox.lint_not_computable"
	LintPractice   Code = "toolbox.lint_practice"
	LintChecks     Code = "toolbox.lint_practice_checks"
	LintGuide      Code = "toolbox.lint_guide"
	LintDefinition Code = "toolbox.lint_definition"
)

func toolboxFaults() []Entry {
	return append(lintFaults(), []Entry{
		{ToolboxNoTool, NotFound, "there is no tool \"{tool}\"", "Use one of: {known}."},
		{ToolboxNoForm, NotFound, "the tool {tool} has no form \"{form}\"", "Use one of: {known}."},
		{ToolboxUnreadable, Invalid, "this file of a tool cannot be read: {why}", "Mend the file; the tools that come with Safar show the form."},
		{ToolboxMissing, Invalid, "the tool {tool} lacks the file {file}", "Add the file; a tool is only whole with it."},
		{ToolboxTooLarge, TooLarge, "the tool {tool} is larger than {limit}", "Take out what does not belong to a tool; media do not."},
		{ToolboxFolder, Invalid, "the folder {folder} holds the tool {tool}", "Give the folder the name of the tool."},
		{ToolboxText, Invalid, "{cell} refers to the text \"{key}\", which the dictionary does not have", "Correct the key, or write the text in the sheet."},
		{ToolboxFormID, Invalid, "the settings of the form {form} give the id {id}", "Write the form's id into its settings."},
	}...)
}

func lintFaults() []Entry {
	return []Entry{
		{LintText, Invalid, "{what} has no text in: {languages}", "Write the text in each of these languages."},
		{LintField, Invalid, "{what} cannot be \"{value}\"", "Use one of: {known}."},
		{LintVariable, Invalid, "the question {name} is not in the dictionary", "Use the name of a dictionary item, or add the item to the dictionary."},
		{LintIndicator, Invalid, "the item {name} is of the type {indicator} but stands under {list}", "List it where its indicator type belongs, once, and only when a form asks it."},
		{LintType, Invalid, "the question {name} has the type {type}, the dictionary says {item}", "Ask it as the dictionary says; another type is another item."},
		{LintList, Invalid, "the question {name} takes its answers from {list}, the dictionary says {item}", "Use the dictionary's list; core items keep their answers."},
		{LintReference, Invalid, "{what} names {name}, which no form of the tool asks", "Correct the name."},
		{LintMedia, Invalid, "the form {form} reads the file {file}, which tool.yaml does not name", "Add the file with its columns under media."},
		{LintMessage, Invalid, "the question {name} has a constraint and no message", "Say in constraint_message what is allowed, or refer to a shared text."},
		{LintIdentity, Invalid, "the fact {fact} reads {name}, which is of the class severe", "Take it out: identities and severe answers never become facts."},
		{LintDimension, Invalid, "{what} uses the dimension {dimension}, which tool.yaml does not explain", "Say under dimensions what it holds."},
		{LintNever, Invalid, "the measure {measure} gives {code} as reason for {dimension}", "Use a fault code that says why it is never added: measure.never_round."},
		{LintMeasure, Invalid, "the measure {measure} is not whole: {why}", "Complete it in measures.yaml."},
		{LintNotShown, Invalid, "the measure {measure} has no value in the practice cases", "Add a case to practice.yaml whose answers yield its facts."},
		{LintPractice, Invalid, "the practice case {case} gives {got} for {fact}, not {want}", "Correct the case or the fact definition."},
		{LintChecks, Invalid, "in the practice case {case} the checks found: {got}; they should find: {want}", "Correct the case, the list under fails, or the check."},
		{LintGuide, Invalid, "the guide has {words} words", "Write 300 to 1,400 words: two pages for a team."},
		{LintDefinition, Invalid, "{part} is not sound: {why}", "Mend it as the message says."},
	}
}
