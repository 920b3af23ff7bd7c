package fault

// Codes of toolbox.
const (
	ToolboxNoTool     Code = "toolbox.no_tool"
	ToolboxNoForm     Code = "toolbox.no_form"
	ToolboxUnreadable Code = "toolbox.unreadable"
	ToolboxMissing    Code = "toolbox.file_missing"
	ToolboxTooLarge   Code = "toolbox.too_large"
	ToolboxTwice      Code = "toolbox.tool_twice"
	ToolboxFolder     Code = "toolbox.folder_name"
	ToolboxText       Code = "toolbox.unknown_text"
	ToolboxFormID     Code = "toolbox.form_id"
)

func toolboxFaults() []Entry {
	return []Entry{
		{ToolboxNoTool, NotFound, "there is no tool \"{tool}\"", "Use one of: {known}."},
		{ToolboxNoForm, NotFound, "the tool {tool} has no form \"{form}\"", "Use one of: {known}."},
		{ToolboxUnreadable, Invalid, "this file of a tool cannot be read: {why}", "Mend the file; the tools that come with Safar show the form."},
		{ToolboxMissing, Invalid, "the tool {tool} lacks the file {file}", "Add the file; a tool is only whole with it."},
		{ToolboxTooLarge, TooLarge, "the tool {tool} is larger than {limit}", "Take out what does not belong to a tool; media do not."},
		{ToolboxTwice, Conflict, "the tool {tool} stands twice in the folder", "Keep one of the two."},
		{ToolboxFolder, Invalid, "the folder {folder} holds the tool {tool}", "Give the folder the name of the tool."},
		{ToolboxText, Invalid, "{cell} refers to the text \"{key}\", which the dictionary does not have", "Correct the key, or write the text in the sheet."},
		{ToolboxFormID, Invalid, "the settings of the form {form} give the id {id}", "Write the form's id into its settings."},
	}
}
