package fault

// Codes of web.
const (
	WebNoPage         Code = "web.no_page"
	WebNoFile         Code = "web.no_file"
	WebTooLarge       Code = "web.too_large"
	WebMethod         Code = "web.method"
	WebQuery          Code = "web.query"
	WebLongParameter  Code = "web.parameter_too_long"
	WebWrongLevel     Code = "web.parameter_level"
	WebNoSelection    Code = "web.no_selection"
	WebNoCountry      Code = "web.no_country"
	WebNoOperation    Code = "web.no_operation"
	WebNoArea         Code = "web.no_area"
	WebDate           Code = "web.date"
	WebDateOrder      Code = "web.date_order"
	WebRound          Code = "web.round"
	WebRoundOrder     Code = "web.round_order"
	WebFigure         Code = "web.figure"
	WebForm           Code = "web.form"
	WebName           Code = "web.name"
	WebPasswordsApart Code = "web.passwords_differ"
)

// The first words of WebNoCountry and WebNoSelection are those of the DTM API itself: its clients look for them.
func webFaults() []Entry {
	return []Entry{
		{WebNoPage, NotFound, "there is nothing at this address", "The start page of this server lists the addresses that it answers."},
		{WebNoFile, NotFound, "release {release} has no file {file}", "The page of the release lists its files."},
		{WebTooLarge, TooLarge, "the request is larger than {bytes} bytes", "Records are sent below /openrosa/; nothing else takes so much."},
		{WebMethod, Invalid, "this address answers GET and nothing else", "Put the parameters into the address, after a question mark."},
		{WebQuery, Invalid, "the part of the address after the question mark cannot be read", "Write name=value, joined by &, and special characters in percent form."},
		{WebLongParameter, Invalid, "{name} is longer than {max} bytes", "No name or code of a place or an operation is so long; check the value."},
		{WebWrongLevel, Invalid, "{name} says nothing about figures at admin {level}", "Ask admin1 for provinces and admin2 for districts, or leave {name} out."},
		{WebNoSelection, Invalid, "Please provide either the Country Name, Admin0 Pcode or Operation", "Add CountryName, Admin0Pcode (ISO 3166-1 alpha-3) or Operation to the address."},
		{WebNoCountry, Invalid, "No Country found matching your query", "country-list gives the names and codes of the countries with published figures."},
		{WebNoOperation, Invalid, "No Operation found matching your query", "operation-list gives the names of the operations with published figures, each with its country."},
		{WebNoArea, Invalid, "No admin {level} area found matching your query: {value}", "Write its name or p-code as the figures carry it, or leave the parameter out to see all areas."},
		{WebDate, Invalid, "{name} is not a date: {value}", "Write YYYY-MM-DD, for example 2026-01-31."},
		{WebDateOrder, Invalid, "FromReportingDate {from} is after ToReportingDate {to}", "Give the earlier date first."},
		{WebRound, Invalid, "{name} is not a round number: {value}", "Write a whole number; 0 or nothing means no bound."},
		{WebRoundOrder, Invalid, "FromRoundNumber {from} is above ToRoundNumber {to}", "Give the smaller number first."},
		{WebFigure, Internal, "{file} of release {release} holds {value} where a number is wanted", ""},
		{WebForm, Invalid, "the form cannot be read", "Open the page again and fill the form in once more."},
		{WebName, Invalid, "a name of 1 to 100 letters is wanted", "Write your name as colleagues know it."},
		{WebPasswordsApart, Invalid, "the two passwords differ", "Type the same password twice."},
	}
}
