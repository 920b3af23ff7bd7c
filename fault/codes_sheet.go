package fault

// Codes of sheet: what can be wrong with a workbook as a file.
const (
	SheetEmptyFile      Code = "sheet.empty_file"
	SheetNotAWorkbook   Code = "sheet.not_a_workbook"
	SheetOtherWorkbook  Code = "sheet.other_workbook"
	SheetEncrypted      Code = "sheet.encrypted"
	SheetDamaged        Code = "sheet.damaged"
	SheetTooLarge       Code = "sheet.too_large"
	SheetUnpacksLarge   Code = "sheet.unpacks_too_large"
	SheetTooManySheets  Code = "sheet.too_many_sheets"
	SheetTooManyRows    Code = "sheet.too_many_rows"
	SheetTooManyColumns Code = "sheet.too_many_columns"
	SheetTooManyCells   Code = "sheet.too_many_cells"
	SheetCellTooLong    Code = "sheet.cell_too_long"
	SheetNoSuchSheet    Code = "sheet.no_such_sheet"
	SheetNoSheets       Code = "sheet.no_sheets"
	SheetNameTwice      Code = "sheet.name_twice"
	SheetOpenQuote      Code = "sheet.open_quote"
	SheetNotText        Code = "sheet.not_text"
	SheetXLSXText       Code = "sheet.xlsx_text_too_long"
	SheetXLSXRows       Code = "sheet.xlsx_too_many_rows"
	SheetXLSXColumns    Code = "sheet.xlsx_too_many_columns"
)

func sheetFaults() []Entry {
	return []Entry{
		{SheetEmptyFile, Invalid, "the file is empty", "Send the file again from where it was saved."},
		{SheetNotAWorkbook, Invalid, "this is not a workbook: it is {found}", "Open it in a spreadsheet program and save it as .xlsx or .csv; if it is a table of plain text, let its name end in .csv."},
		{SheetOtherWorkbook, Invalid, "this is a workbook of a kind that Safar does not read: {found}", "Open it in a spreadsheet program and save it as .xlsx."},
		{SheetEncrypted, Invalid, "the workbook is protected with a password", "Open it with the password, take the password away and save it again."},
		{SheetDamaged, Invalid, "the workbook is damaged: {part}", "Open it in a spreadsheet program, let it repair the file, and save it again as .xlsx."},
		{SheetTooLarge, TooLarge, "the file has {bytes} bytes, more than the {limit} allowed", "Split it into several files, or have the limit raised."},
		{SheetUnpacksLarge, TooLarge, "the workbook unpacks to more than the {limit} bytes allowed", "Split it into several workbooks, or have the limit raised."},
		{SheetTooManySheets, TooLarge, "the workbook has {count} sheets, more than the {limit} allowed", "Delete the sheets that are not needed."},
		{SheetTooManyRows, TooLarge, "the sheet has more than the {limit} rows allowed", "Split it into several files, or have the limit raised."},
		{SheetTooManyColumns, TooLarge, "the row has more than the {limit} columns allowed", "Delete what stands in the columns to the right of the table."},
		{SheetTooManyCells, TooLarge, "the sheet has more than the {limit} cells that can be loaded at once", "Split it into several files, or delete the columns that are not needed."},
		{SheetCellTooLong, TooLarge, "the cell holds more than the {limit} bytes allowed", "Shorten the text of the cell."},
		{SheetNoSuchSheet, NotFound, "there is no sheet {name}", "Choose one of: {sheets}."},
		{SheetNoSheets, Invalid, "the workbook has no sheet with cells", "Save the table on an ordinary worksheet; charts and macro sheets are not read."},
		{SheetNameTwice, Invalid, "two sheets are called {name}", "Give each sheet its own name."},
		{SheetOpenQuote, Invalid, "a quotation mark opens in this row and is never closed", "Close it, or double a quotation mark that belongs to the text."},
		{SheetNotText, Invalid, "the file is not text: it holds binary bytes", "Save it again as .xlsx, or as .csv in UTF-8."},
		{SheetXLSXText, TooLarge, "a text of {length} characters does not fit into a cell of an .xlsx file, which holds {limit}", "Export as .csv instead."},
		{SheetXLSXRows, TooLarge, "the table has more than the {limit} rows that an .xlsx sheet holds", "Export as .csv instead."},
		{SheetXLSXColumns, TooLarge, "the table has more than the {limit} columns that an .xlsx sheet holds", "Export as .csv instead."},
	}
}
