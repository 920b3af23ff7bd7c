package fault

// Codes of form: questionnaires, their workbooks, their XForms and the instances that come back.
const (
	FormNoSurvey           Code = "form.no_survey"
	FormNoQuestions        Code = "form.no_questions"
	FormMissingColumn      Code = "form.missing_column"
	FormUnknownColumn      Code = "form.unknown_column"
	FormDuplicateColumn    Code = "form.duplicate_column"
	FormUnknownSheet       Code = "form.unknown_sheet"
	FormMissingType        Code = "form.missing_type"
	FormCommentRow         Code = "form.comment_row"
	FormUnknownType        Code = "form.unknown_type"
	FormMissingName        Code = "form.missing_name"
	FormBadName            Code = "form.bad_name"
	FormDuplicateName      Code = "form.duplicate_name"
	FormMissingLabel       Code = "form.missing_label"
	FormMissingTranslation Code = "form.missing_translation"
	FormMissingList        Code = "form.missing_list"
	FormUnknownList        Code = "form.unknown_list"
	FormUnusedList         Code = "form.unused_list"
	FormInstanceTwice      Code = "form.instance_twice"
	FormBadFile            Code = "form.bad_file"
	FormMissingChoiceName  Code = "form.missing_choice_name"
	FormMissingListName    Code = "form.missing_list_name"
	FormDuplicateChoice    Code = "form.duplicate_choice"
	FormChoiceWithSpace    Code = "form.choice_with_space"
	FormOrOtherFilter      Code = "form.or_other_filter"
	FormUnclosedGroup      Code = "form.unclosed_group"
	FormUnexpectedEnd      Code = "form.unexpected_end"
	FormBadParameter       Code = "form.bad_parameter"
	FormBadExpression      Code = "form.bad_expression"
	FormUnknownReference   Code = "form.unknown_reference"
	FormAmbiguousReference Code = "form.ambiguous_reference"
	FormQuotedReference    Code = "form.quoted_reference"
	FormLostPath           Code = "form.lost_path"
	FormUnclosedReference  Code = "form.unclosed_reference"
	FormCircular           Code = "form.circular"
	FormMissingCalculation Code = "form.missing_calculation"
	FormHiddenTrigger      Code = "form.hidden_trigger"
	FormBadTrigger         Code = "form.bad_trigger"
	FormUnsupported        Code = "form.unsupported"
	FormMissingID          Code = "form.missing_id"
	FormBadSetting         Code = "form.bad_setting"
	FormTooLarge           Code = "form.too_large"
	FormTooDeep            Code = "form.too_deep"
	FormNotAnInstance      Code = "form.not_an_instance"
	FormErrorCell          Code = "form.error_cell"
	FormIgnoredCell        Code = "form.ignored_cell"
	FormUnknownLanguage    Code = "form.unknown_language"
)

func formFaults() []Entry {
	return append(formWorkbookFaults(), append(formExpressionFaults(), formInstanceFaults()...)...)
}

func formWorkbookFaults() []Entry {
	return append(formRowFaults(), []Entry{
		{FormNoSurvey, Invalid, "the workbook has no sheet called survey; its sheets are {sheets}", "Name the sheet with the questions survey."},
		{FormNoQuestions, Invalid, "the survey sheet holds no question", "Write one question per row, with type, name and label."},
		{FormMissingColumn, Invalid, "the sheet has no column {column}", "Add a column with the header {column}{suggestion}."},
		{FormUnknownColumn, Invalid, "the column {column} is not known and is left out", "Rename or remove it{suggestion}."},
		{FormDuplicateColumn, Invalid, "the column {column} stands twice", "Keep one of the two columns, the other is at {other}."},
		{FormUnknownSheet, Invalid, "the sheet {sheet} is not part of a form and is left out", "Rename it{suggestion}, or put an underscore before its name."},
		{FormMissingListName, Invalid, "the choice {name} belongs to no list", "Write the name of its list into the column list_name."},
		{FormMissingChoiceName, Invalid, "a choice of the list {list} has no name", "Write the value that is stored into the column name."},
		{FormDuplicateChoice, Invalid, "the choice {name} stands twice in the list {list}, first in row {other}", "Rename one, or write yes into the setting allow_choice_duplicates."},
		{FormChoiceWithSpace, Invalid, "the choice {name} of the list {list} holds a space, and select_multiple keeps answers with spaces between them", "Write an underscore for the space."},
		{FormUnusedList, Invalid, "no question uses the choice list {list}", "Remove the list, or check the list's name in the type column."},
		{FormMissingID, Invalid, "the form has no form_id", "Write a form_id into the settings sheet."},
		{FormBadSetting, Invalid, "the setting {setting} cannot be {value}", "{mend}."},
		{FormUnknownLanguage, Invalid, "the default language {value} is none of the form's languages: {languages}", "Write the language into default_language as in the headers{suggestion}."},
		{FormTooLarge, TooLarge, "the form has more than {limit} {what}", "Split the form."},
		{FormTooDeep, TooLarge, "groups stand more than {limit} deep in each other", "Take groups out of groups."},
		{FormErrorCell, Invalid, "the cell holds the error {value}", "Mend the formula or write the value."},
		{FormIgnoredCell, Invalid, "{column} means nothing for {what} and is left out", "Empty the cell."},
	}...)
}

func formRowFaults() []Entry {
	return []Entry{
		{FormMissingType, Invalid, "the row has no type", "Write a question type, such as text or integer, into the column type."},
		{FormCommentRow, Invalid, "the row has a label, but neither type nor name, and is left out", "Give it a type and a name if it is a question."},
		{FormUnknownType, Invalid, "{type} is not a question type", "Use a type of the XLSForm standard{suggestion}."},
		{FormMissingName, Invalid, "the row has no name", "Write a short name without spaces into the column name."},
		{FormBadName, Invalid, "{name} cannot be a name", "Begin with a letter or an underscore and use letters, digits, hyphens, points and underscores only{suggestion}."},
		{FormDuplicateName, Invalid, "the name {name} is taken by row {other} of the same group", "Give each question of a group its own name."},
		{FormMissingLabel, Invalid, "{name} has no label", "Write what is asked into the column label."},
		{FormMissingTranslation, Invalid, "{count} texts are missing in {language}, first the {what} of {name}", "Translate them, a hyphen is shown for each."},
		{FormMissingList, Invalid, "{type} names no choice list", "Write the list's name after the type: {type} yes_no."},
		{FormUnknownList, Invalid, "the choices sheet has no list {list}", "Add the list or correct its name{suggestion}."},
		{FormInstanceTwice, Invalid, "{name} stands for two lists, {first} and {second}", "Rename the choice list or the file."},
		{FormBadFile, Invalid, "{file} is not a file of choices", "Name a file that ends with .csv, .xml or .geojson."},
		{FormOrOtherFilter, Invalid, "or_other cannot stand together with a choice_filter", "Add a choice other and a text question by hand."},
		{FormUnclosedGroup, Invalid, "the {kind} {name} is not closed", "Add a row with the type end_{kind}."},
		{FormUnexpectedEnd, Invalid, "{type} closes nothing that is open{open}", "Remove the row, or add the row that opens it."},
		{FormBadParameter, Invalid, "the parameter {parameter} cannot be {value}", "{mend}."},
		{FormMissingCalculation, Invalid, "the calculate {name} has no calculation", "Write its expression into the column calculation."},
		{FormHiddenTrigger, Invalid, "nobody answers {name}, so it cannot trigger anything", "Name a question that people answer."},
		{FormBadTrigger, Invalid, "the trigger {value} is not a reference to questions", "Write ${name} of the question that triggers, several with commas between."},
		{FormUnsupported, Invalid, "{what} is not supported yet", "{mend}."},
	}
}

func formExpressionFaults() []Entry {
	return []Entry{
		{FormBadExpression, Invalid, "the expression {expression} cannot be read: {reason}", "{mend}."},
		{FormUnknownReference, Invalid, "no question is called {name}", "Refer to a question by its name{suggestion}."},
		{FormAmbiguousReference, Invalid, "several questions are called {name}, in rows {rows}", "Give each its own name, so that the reference is clear."},
		{FormQuotedReference, Invalid, "the reference {name} stands inside quotation marks, where it is a path and not the answer", "Take it out of the quotation marks."},
		{FormLostPath, Invalid, "{path} leads to no question", "Write ${name} for a question and quotation marks around a text."},
		{FormUnclosedReference, Invalid, "a reference is opened and not closed: {text}", "Write a closing brace after the name."},
		{FormCircular, Invalid, "the {column} of {name} depends on itself: {path}", "Break the circle."},
	}
}

func formInstanceFaults() []Entry {
	return []Entry{
		{FormNotAnInstance, Invalid, "this is not a submission: {reason}", "Send the XML that a form client makes."},
	}
}
