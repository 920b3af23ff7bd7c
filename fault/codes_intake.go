package fault

// Codes of intake.
const (
	IntakeMappingSyntax     Code = "intake.mapping_syntax"
	IntakeMappingTooLarge   Code = "intake.mapping_too_large"
	IntakeMappingKey        Code = "intake.mapping_key"
	IntakeMappingValue      Code = "intake.mapping_value"
	IntakeMappingIncomplete Code = "intake.mapping_incomplete"
	IntakeItemTwice         Code = "intake.item_twice"
	IntakeItemUnknown       Code = "intake.item_unknown"
	IntakeItemElsewhere     Code = "intake.item_in_repeat"
	IntakeHeaderMissing     Code = "intake.header_missing"
	IntakeHeaderTwice       Code = "intake.header_twice"
	IntakeNoTable           Code = "intake.no_table"
	IntakeNoRows            Code = "intake.no_rows"

	IntakeSheetChosen     Code = "intake.sheet_chosen"
	IntakeCountryUnknown  Code = "intake.country_unknown"
	IntakeRoundUnknown    Code = "intake.round_unknown"
	IntakeRoundUnclear    Code = "intake.round_unclear"
	IntakePeriodUnknown   Code = "intake.period_unknown"
	IntakePeriodUnclear   Code = "intake.period_unclear"
	IntakeToolUnsure      Code = "intake.tool_unsure"
	IntakeIdentity        Code = "intake.identity_column"
	IntakeValuesUnmatched Code = "intake.values_unmatched"
	IntakeNothingMatched  Code = "intake.nothing_matched"
	IntakeNoUnit          Code = "intake.no_unit"
	IntakeTwoColumns      Code = "intake.two_columns_one_item"
	IntakeColumnsOfTotal  Code = "intake.breakdown_without_total"

	IntakeCellError     Code = "intake.cell_error"
	IntakeNotCalculated Code = "intake.not_calculated"
	IntakeNotNumber     Code = "intake.not_a_number"
	IntakeNotWhole      Code = "intake.not_whole"
	IntakeNegative      Code = "intake.negative"
	IntakePercentage    Code = "intake.percentage"
	IntakeNotDate       Code = "intake.not_a_date"
	IntakeDateUnclear   Code = "intake.date_unclear"
	IntakeNotChoice     Code = "intake.not_a_choice"
	IntakeTextTooLong   Code = "intake.text_too_long"
	IntakeNotPosition   Code = "intake.not_a_position"
	IntakeNullPosition  Code = "intake.position_zero"
	IntakeHalfPosition  Code = "intake.position_half"
	IntakeSwapped       Code = "intake.position_swapped"
	IntakeCodeDamaged   Code = "intake.code_damaged"
	IntakeCodeMended    Code = "intake.code_mended"
	IntakeCodeUnknown   Code = "intake.code_unknown"
	IntakeCodeParent    Code = "intake.code_parent"
	IntakeCodeParents   Code = "intake.code_two_parents"
	IntakeNameUnknown   Code = "intake.name_unknown"
	IntakeNameUnclear   Code = "intake.name_unclear"
	IntakeNameOther     Code = "intake.name_other"
	IntakeSiteUnknown   Code = "intake.site_unknown"
	IntakeSiteMoved     Code = "intake.site_moved"
	IntakeSiteNamed     Code = "intake.site_without_id"
	IntakeUnitMissing   Code = "intake.unit_missing"
	IntakeUnitTwice     Code = "intake.unit_twice"
	IntakePlaceMissing  Code = "intake.place_missing"
	IntakePointUnknown  Code = "intake.point_unknown"
	IntakeSourceRound   Code = "intake.source_round"
)

func intakeFaults() []Entry {
	return append(append(mappingFaults(), suggestionFaults()...), rowFaults()...)
}

func mappingFaults() []Entry {
	return []Entry{
		{IntakeMappingSyntax, Invalid, "The mapping is not YAML that Safar can read: {detail}", "Mend the line, or make a new mapping with `safar import suggest`."},
		{IntakeMappingTooLarge, TooLarge, "The mapping is larger than {limit} bytes", "Give the mapping file, not the workbook; a mapping is a short text."},
		{IntakeMappingKey, Invalid, "{key} is not a key that a mapping knows here", "Use one of: {keys}."},
		{IntakeMappingValue, Invalid, "{value} cannot stand under {key}", "Write {wanted}."},
		{IntakeMappingIncomplete, Invalid, "The mapping does not say {key}", "Add the key {key}: {wanted}."},
		{IntakeItemTwice, Invalid, "Two columns are mapped to {item}: {first} and {second}", "Take one of them out of columns, or give it another item."},
		{IntakeItemUnknown, Invalid, "{item} is no item of the form {form} and no item of the dictionary", "Write the name of an item; `safar tool show` lists them."},
		{IntakeItemElsewhere, Invalid, "{item} stands in the repeat {repeat} of the form, so one cell cannot answer it", "Take the column out of columns, or map it to an item outside repeats."},
		{IntakeHeaderMissing, Invalid, "The sheet has no column called {header}", "Correct the header in the mapping; the sheet has: {headers}."},
		{IntakeHeaderTwice, Invalid, "Several columns are called {header}: {columns}", "Add the letters of the column in brackets, such as {example}."},
		{IntakeNoTable, Invalid, "No sheet of the workbook holds a table that Safar can recognise", "Write the mapping by hand: the sheet, the header row, and one line for each column."},
		{IntakeNoRows, Invalid, "The sheet has no rows of data at or below row {row}", "Correct source.sheet and source.first_row in the mapping."},
	}
}

func suggestionFaults() []Entry {
	return []Entry{
		{IntakeSheetChosen, Invalid, "Sheet {sheet} looks almost as much like the data as {chosen}", "If it is the right one, suggest again with --sheet {sheet}."},
		{IntakeCountryUnknown, Invalid, "The workbook does not say which country it is about", "Set places.country to the ISO 3166-1 alpha-3 code, such as TJK."},
		{IntakeRoundUnknown, Invalid, "The workbook does not say which round it holds", "Set round.number, or give --round."},
		{IntakeRoundUnclear, Invalid, "The workbook names several rounds: {rounds}; the mapping takes {chosen}", "Check round.number."},
		{IntakePeriodUnknown, Invalid, "The workbook does not say when the data was collected", "Set round.start and round.end; a release needs them."},
		{IntakePeriodUnclear, Invalid, "The workbook names several periods: {periods}; the mapping takes {chosen}", "Check round.start and round.end."},
		{IntakeToolUnsure, Invalid, "The columns fit no tool well; the mapping takes {tool}", "Check tool; `safar tool list` names them."},
		{IntakeIdentity, Invalid, "Column {header} looks like personal data ({what}); it becomes no answer", "Delete the column from the file before sharing it; the file itself is kept encrypted."},
		{IntakeValuesUnmatched, Invalid, "Column {header} holds values that are no answers of {item}: {values}", "Add them under values with the answer they mean, or they are reported row by row."},
		{IntakeNothingMatched, Invalid, "No column of sheet {sheet} matches the dictionary", "Add the columns by hand: header and the item it answers."},
		{IntakeNoUnit, Invalid, "Sheet {sheet} has no column with a site's id or name", "Set places.site.ssid to the column that tells locations apart."},
		{IntakeTwoColumns, Invalid, "Columns {first} and {second} both look like {item}; the mapping takes the first", "Check the two, and give each its own item or none."},
		{IntakeColumnsOfTotal, Invalid, "Column {header} counts a part of {item}, and no column gives the whole", "Check whether the total stands in another column; parts are not added up by themselves."},
	}
}

func rowFaults() []Entry {
	return []Entry{
		{IntakeCellError, Invalid, "The cell holds the error {value}; the value is taken as missing", "Mend the formula in the workbook and import it again."},
		{IntakeNotCalculated, Invalid, "The file holds a formula without its result; the value is taken as missing", "Open the workbook in a spreadsheet program, let it calculate, save it and import it again."},
		{IntakeNotNumber, Invalid, "{value} is not a number; the value is taken as missing", "Write digits only, or list the word under missing in the mapping."},
		{IntakeNotWhole, Invalid, "{value} is not a whole number; the value is taken as missing", "Write a whole number of {unit}."},
		{IntakeNegative, Invalid, "{value} is below zero; the value is taken as missing", "Write the number of {unit}, 0 or more."},
		{IntakePercentage, Invalid, "{value} is a percentage where a number of {unit} belongs; the value is taken as missing", "Write the number itself, or take the column out of the mapping."},
		{IntakeNotDate, Invalid, "{value} is not a date; the value is taken as missing", "Write dates as 2021-09-30."},
		{IntakeDateUnclear, Invalid, "{value} can be read as day/month and as month/day, and the column does not decide it; the value is taken as missing", "Add dates: dmy or dates: mdy to the column in the mapping."},
		{IntakeNotChoice, Invalid, "{value} is no answer of {item}; the value is taken as missing", "Add it under values in the mapping with one of: {choices}."},
		{IntakeTextTooLong, TooLarge, "The text is longer than {limit} characters; the value is taken as missing", "Shorten it in the workbook."},
		{IntakeNotPosition, Invalid, "{value} is not a coordinate in decimal degrees; the row goes in without a position", "Write degrees with a decimal point, such as 4.695619."},
		{IntakeNullPosition, Invalid, "The position 0, 0 lies in the sea and stands for none; the row goes in without a position", "Write the position, or leave both cells empty."},
		{IntakeHalfPosition, Invalid, "Only one of latitude and longitude is there; the row goes in without a position", "Write both, or neither."},
		{IntakeSwapped, Invalid, "Latitude and longitude look swapped: {lat}, {lon}; the row goes in without a position", "Put them into the right columns."},
		{IntakeCodeDamaged, Invalid, "The code {value} has lost digits, because a spreadsheet turned it into a number", "Format the column as text and write the code again."},
		{IntakeCodeMended, Invalid, "The code {value} was turned into a number; it is read as {code}", "Format the column as text, so that codes keep their form."},
		{IntakeCodeUnknown, Invalid, "The code {code} is no {level} of {country}", "Correct the code, or import the list of places that knows it with `safar place import`."},
		{IntakeCodeParent, Invalid, "{code} lies in {parent}, but the row says {stated}", "Correct one of the two codes."},
		{IntakeCodeParents, Invalid, "{code} lies in {parent} in row {row}, and in {stated} here", "Correct one of the two rows; the first is taken."},
		{IntakeNameUnknown, Invalid, "No {level} called {name} is known in {within}", "Correct the name, add it as an alias, or add a column with codes."},
		{IntakeNameUnclear, Invalid, "Several {level} are called {name} in {within}: {codes}", "Add a column with codes."},
		{IntakeNameOther, Invalid, "{code} is called {known} elsewhere, and {name} here; both names are kept", "Check whether the code is right."},
		{IntakeSiteUnknown, NotFound, "The list of locations does not know the site {site}", "Correct the id; if the location is new, set places.site.create to true."},
		{IntakeSiteMoved, Conflict, "The site {site} lies in {known} on the list, and in {stated} here; the list is followed", "Correct the area of the row, or the list."},
		{IntakeSiteNamed, Invalid, "The row has no site id; its name and area stand in for it as {site}", "Give the location an id, so that later rounds find it again."},
		{IntakeUnitMissing, Invalid, "The row says neither which site it is about nor its name; it is left out", "Write the id of the location."},
		{IntakeUnitTwice, Conflict, "{unit} stands in row {row} already; this row is left out", "Keep one of the two rows, or correct the id."},
		{IntakePlaceMissing, Invalid, "The row does not say where it lies; it is left out", "Write the code or the name of its area."},
		{IntakePointUnknown, NotFound, "The list of flow monitoring points does not know {point}", "Correct the id; if the point is new, set places.point.create to true."},
		{IntakeSourceRound, Invalid, "{value} cannot be the round that the row was assessed in; it is taken as this round's own", "Write a round number up to {round}."},
	}
}
